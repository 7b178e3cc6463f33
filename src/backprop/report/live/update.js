// "One update": the first update of a fit, part by part, with the network drawn.

import { followUpdate } from "./one_step.js";
import {
  NEGATIVE,
  POSITIVE,
  button,
  choice,
  element,
  lecture,
  minus,
  nodePlaces,
  short,
} from "./view.js";
import { words } from "./words.js";

const PARTS = /** @type {const} */ (["given", "forward", "error", "gradient", "update"]);
const MOST_EDGES = 3000; // of a layer that has its edges drawn
const MOST_LINES = 40; // of a part, until the reader asks for all
const SIZE = { width: 560, height: 420 };

/** The section. */
export class OneUpdate {
  /** @param {import("./study.js").Study} study @param {import("./watch.js").Choice} chosen */
  constructor(study, chosen) {
    this.study = study;
    this.part = 0;
    this.isWhole = false;
    /** @type {{layer: number, node: number, from: number | null} | null} */
    this.selected = null;
    const { configuration, split, own } = chosen;
    this.configuration = own ?? study.exported.configurations[configuration];
    this.fit = study.begin(this.configuration, split, own ? { seed: own.seed } : {});
    const order = this.fit.orders.of(1);
    const rows = study.trainingRows(split);
    this.batch = order.slice(0, this.configuration.batch_size);
    // A row of the batch; without batches, any training row.
    this.choices = this.batch.length > 1 ? this.batch : order;
    this.rowOf = (/** @type {number} */ k) => rows[k] + 1;
    this.sample = this.choices[0];
    this.element = element("div", { tabIndex: 0, className: "update" });
    this.element.onkeydown = (event) => this.onKey(event);
    this.draw();
  }

  lines() {
    const { train, trainTargets } = this.fit.samples;
    const batch = this.batch.length > 1 ? this.batch : [this.sample];
    return followUpdate(
      this.fit.layers,
      batch.map((k) => train[k]),
      batch.map((k) => trainTargets[k]),
      this.configuration,
      batch.indexOf(this.sample),
    );
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.target instanceof HTMLSelectElement) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.go(step);
  }

  /** @param {number} step */
  go(step) {
    this.part = Math.min(Math.max(this.part + step, 0), PARTS.length - 1);
    this.draw();
  }

  draw() {
    const text = words();
    const lines = this.lines();
    const part = PARTS[this.part];
    const rows = this.choices.map(
      (k) => /** @type {[string, string]} */ ([String(k), text.sample(this.rowOf(k))]),
    );
    const row = choice(text.row, rows, String(this.sample), (value) => {
      this.sample = Number(value);
      this.draw();
    });
    const back = button(text.back, () => this.go(-1));
    const next = button(text.next, () => this.go(1));
    back.disabled = this.part === 0;
    next.disabled = this.part === PARTS.length - 1;
    const heading = text.partOf(this.part + 1, PARTS.length, text.part[part]);
    this.element.replaceChildren(
      element("p", {}, text.updateIntroduction),
      ...(this.batch.length > 1 ? [element("p", {}, text.ofBatch(this.batch.length))] : []),
      element("p", { className: "controls" }, row, back, next),
      element("h2", { "aria-live": "polite" }, heading),
      element("div", { className: "two" }, this.network(lines, part), this.table(lines, part)),
    );
  }

  /**
   * @param {import("./one_step.js").Line[]} lines
   * @param {string} part
   */
  table(lines, part) {
    const text = words();
    const own = lines.filter((line) => line.part === part);
    const selected = this.selected;
    const chosen = selected
      ? lines.filter(
          ({ layer, node, from }) =>
            layer === selected.layer && node === selected.node && from === selected.from,
        )
      : own;
    const shown = chosen.slice(0, MOST_LINES);
    const body = shown.map((line) =>
      element(
        "tr",
        { className: line.part === part ? "current" : "" },
        element("th", { scope: "row" }, ...lecture(line.symbol)),
        element("td", {}, ...lecture(line.formula)),
        element("td", {}, minus(line.numbers)),
        element("td", { className: "number" }, short(line.value, 7)),
      ),
    );
    const head = text.lineColumns.map((each) => element("th", { scope: "col" }, each));
    const more = chosen.length - shown.length;
    return element(
      "div",
      { className: "scroll", tabIndex: 0 },
      element(
        "table",
        { className: "lines" },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...body),
      ),
      ...(more ? [element("p", {}, text.more(more))] : []),
      ...(selected
        ? [
            button(text.showAll, () => {
              this.selected = null;
              this.draw();
            }),
          ]
        : []),
    );
  }

  /**
   * Draw the network, with the error or else the output of each node.
   * @param {import("./one_step.js").Line[]} lines
   * @param {string} part
   */
  network(lines, part) {
    const { layers } = this.fit;
    const sizes = [layers[0].weights.length, ...layers.map((layer) => layer.thresholds.length)];
    const places = nodePlaces(sizes, SIZE.width, SIZE.height);
    const picture = svg("svg", {
      viewBox: `0 0 ${SIZE.width} ${SIZE.height + 20}`,
      role: "group",
      "aria-label": words().network,
    });
    const values = new Map(lines.map((line) => [line.symbol, line.value]));
    layers.forEach(({ weights }, place) => {
      const edges = weights.flat().length;
      if (edges > MOST_EDGES) return;
      const thin = Math.min(1.5, Math.max(0.5, 100 / edges));
      weights.forEach((row, from) =>
        row.forEach((weight, node) => {
          const [[x1, y1], [x2, y2]] = [places[place][from], places[place + 1][node]];
          const edge = svg("line", {
            x1,
            y1,
            x2,
            y2,
            stroke: weight < 0 ? NEGATIVE : POSITIVE,
            "stroke-width": this.isSelected(place + 1, node, from) ? 5 : thin,
          });
          this.selectable(edge, { layer: place + 1, node, from }, short(weight));
          picture.append(edge);
        }),
      );
    });
    places.forEach((nodes, layer) =>
      nodes.forEach(([x, y], node) => {
        const own = lines.filter(
          (each) => each.layer === layer && each.node === node && each.from === null,
        );
        const line =
          own.find((each) => part === "error" && each.part === part) ??
          own.find(({ symbol }) => /^(x_|b[_(]|yhat)/.test(symbol));
        const symbol = line?.symbol ?? "";
        const circle = svg("circle", {
          cx: x,
          cy: y,
          r: Math.min(14, SIZE.height / (2.4 * nodes.length)),
          class: this.isSelected(layer, node, null) ? "node selected" : "node",
        });
        this.selectable(
          circle,
          { layer, node, from: null },
          `${symbol} = ${short(values.get(symbol) ?? NaN)}`,
        );
        picture.append(circle);
        if (nodes.length > 12) return;
        const anchor = layer === 0 ? "start" : layer === layers.length ? "end" : "middle";
        const left = { start: x - 14, middle: x, end: x + 14 }[anchor];
        const label = svg("text", { x: left, y: y + 26, "text-anchor": anchor });
        label.append(...labelled(symbol, short(values.get(symbol) ?? NaN, 3)));
        picture.append(label);
      }),
    );
    return picture;
  }

  /** @param {number} layer @param {number} node @param {number | null} from */
  isSelected(layer, node, from) {
    const { selected } = this;
    return selected?.layer === layer && selected.node === node && selected.from === from;
  }

  /**
   * Let the reader select a node or an edge, by a click or the keyboard.
   * @param {SVGElement} shape
   * @param {{layer: number, node: number, from: number | null}} place
   * @param {string} label
   */
  selectable(shape, place, label) {
    const select = () => {
      this.selected = place;
      this.draw();
    };
    shape.setAttribute("tabindex", "0");
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", label);
    const title = svg("title", {});
    title.textContent = label;
    shape.append(title);
    shape.onclick = select;
    shape.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") select();
    };
  }
}

/**
 * Return a symbol and its value as texts of a picture.
 * @param {string} symbol
 * @param {string} value
 */
function labelled(symbol, value) {
  const parts = lecture(symbol).map((part) => {
    const isIndex = part instanceof HTMLElement;
    const text = svg("tspan", isIndex ? { dy: 3, "font-size": 8 } : {});
    text.textContent = part.textContent;
    return text;
  });
  const end = svg("tspan", parts.length > 1 ? { dy: -3 } : {});
  end.textContent = ` = ${value}`;
  return [...parts, end];
}

/** Create an element of SVG. @param {string} tag @param {Record<string, any>} attributes */
function svg(tag, attributes) {
  const created = /** @type {SVGElement} */ (
    document.createElementNS("http://www.w3.org/2000/svg", tag)
  );
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, String(value));
  return created;
}

// "One update": the first update of a fit, part by part, with the network drawn.

import { followUpdate } from "./one_step.js";
import { button, choice, element } from "./elements.js";
import { nodePlaces } from "./network_drawing.js";
import { greek, lecture, minus, short } from "./numbers.js";
import { NEGATIVE, POSITIVE } from "./sheet.js";
import { words } from "./words.js";

const PARTS = /** @type {const} */ (["given", "forward", "error", "gradient", "update"]);
const MOST_EDGES = 3000; // of a layer that has its edges drawn
const MOST_LINES = 40; // of a part; a node or an edge shows all of its own
const OUTPUT = /^(b[_(]|yhat)/; // the symbol of the output of a node
const NOTHING = { symbol: "", value: NaN };
const SIZE = { width: 560, height: 420 };

/** A node, or an edge from the node below. @typedef {{layer: number, node: number, from: number | null}} Place */

/** Write a place in an attribute. @param {Place} place */
const keyOf = ({ layer, node, from }) => `${layer},${node},${from ?? ""}`;

/** The section. */
export class OneUpdate {
  /** @param {import("./study.js").Study} study @param {import("./watch.js").Choice} chosen */
  constructor(study, chosen) {
    this.study = study;
    this.part = 0;
    /** @type {Place | null} */
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
    this.element = element("div", { tabIndex: 0, className: "update" }, ...this.content());
    this.element.onkeydown = (event) => this.onKey(event);
    this.draw();
  }

  /** Create what stays from step to step, so that the keyboard's focus stays, too. */
  content() {
    const text = words();
    const rows = this.choices.map(
      (k) => /** @type {[string, string]} */ ([String(k), text.sample(this.rowOf(k))]),
    );
    const row = choice(text.row, rows, String(this.sample), (value) => {
      this.sample = Number(value);
      this.draw();
    });
    this.back = button(text.back, () => this.go(-1));
    this.next = button(text.next, () => this.go(1));
    this.places = choice(text.arithmetic, this.namedPlaces(), "", (value) => {
      const [layer, node, from] = value.split(",");
      const place = { layer: Number(layer), node: Number(node), from: from ? Number(from) : null };
      this.select(value ? place : null);
    });
    this.heading = element("h2", { "aria-live": "polite" });
    this.picture = element("div");
    this.table = element("div", { className: "scroll", tabIndex: 0 });
    return [
      element("p", {}, text.updateIntroduction),
      ...(this.batch.length > 1 ? [element("p", {}, text.ofBatch(this.batch.length))] : []),
      element("p", { className: "controls" }, row, this.back, this.next, this.places),
      this.heading,
      element("div", { className: "two" }, this.picture, this.table),
    ];
  }

  /** Return all nodes and edges, to choose from. @returns {[string, string][]} */
  namedPlaces() {
    const lines = this.lines().filter(
      ({ part, from, symbol }) =>
        (part === "given" && (from !== null || symbol.startsWith("x_"))) ||
        (part === "forward" && OUTPUT.test(symbol)),
    );
    return [
      ["", words().wholeStep],
      ...lines.map((line) => /** @type {[string, string]} */ ([keyOf(line), greek(line.symbol)])),
    ];
  }

  /** @param {Place | null} place */
  select(place) {
    this.selected = place;
    this.draw();
  }

  /** Show the same in another language. */
  translate() {
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
    const { back, next, heading, picture, table, places } = this;
    if (!back || !next || !heading || !picture || !table || !places) return;
    // Not disabled: a button that is loses the focus, and then no arrow key comes here.
    back.setAttribute("aria-disabled", String(this.part === 0));
    next.setAttribute("aria-disabled", String(this.part === PARTS.length - 1));
    heading.textContent = text.partOf(this.part + 1, PARTS.length, text.part[part]);
    const select = /** @type {HTMLSelectElement} */ (places.querySelector("select"));
    select.value = this.selected ? keyOf(this.selected) : "";
    const focused = picture.contains(document.activeElement) && document.activeElement;
    const at = focused ? focused.getAttribute("data-at") : null;
    picture.replaceChildren(this.network(lines, part));
    table.replaceChildren(...this.numbers(lines, part));
    if (at !== null) shapeAt(picture, at)?.focus();
  }

  /**
   * @param {import("./one_step.js").Line[]} lines
   * @param {string} part
   */
  numbers(lines, part) {
    const text = words();
    const key = this.selected && keyOf(this.selected);
    const chosen = lines.filter((line) => (key ? keyOf(line) === key : line.part === part));
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
    const showAll = button(text.showAll, () => {
      this.select(null);
      this.element.focus();
    });
    return [
      element(
        "table",
        { className: "lines" },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...body),
      ),
      ...(more ? [element("p", {}, text.more(more))] : []),
      ...(this.selected ? [showAll] : []),
    ];
  }

  /**
   * Draw the network, with a number of the part at each node; with the new weights at its end.
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
    const shown = shownAt(lines, part);
    layers.forEach(({ weights }, place) => {
      const edges = weights.flat().length;
      if (edges > MOST_EDGES) return;
      const thin = Math.min(1.5, Math.max(0.5, 100 / edges));
      weights.forEach((row, from) =>
        row.forEach((_, node) => {
          const at = { layer: place + 1, node, from };
          const line = shown.get(keyOf(at)) ?? NOTHING;
          const [[x1, y1], [x2, y2]] = [places[place][from], places[place + 1][node]];
          const edge = svg("line", {
            x1,
            y1,
            x2,
            y2,
            stroke: line.value < 0 ? NEGATIVE : POSITIVE,
            "stroke-width": this.isSelected(at) ? 5 : thin,
          });
          this.selectable(edge, at, line);
          picture.append(edge);
        }),
      );
    });
    places.forEach((nodes, layer) =>
      nodes.forEach(([x, y], node) => {
        const at = { layer, node, from: null };
        const line = shown.get(keyOf(at)) ?? NOTHING;
        const circle = svg("circle", {
          cx: x,
          cy: y,
          r: Math.min(14, SIZE.height / (2.4 * nodes.length)),
          class: this.isSelected(at) ? "node selected" : "node",
        });
        this.selectable(circle, at, line);
        picture.append(circle);
        if (nodes.length > 12) return;
        const anchor = layer === 0 ? "start" : layer === layers.length ? "end" : "middle";
        const left = { start: x - 14, middle: x, end: x + 14 }[anchor];
        const label = svg("text", { x: left, y: y + 26, "text-anchor": anchor });
        label.append(...labelled(line.symbol, short(line.value, 3)));
        picture.append(label);
      }),
    );
    return picture;
  }

  /** @param {Place} place */
  isSelected(place) {
    return this.selected !== null && keyOf(this.selected) === keyOf(place);
  }

  /**
   * Let the reader select a node or an edge by a click; a node also by the keyboard. There are too
   * many edges for it: they are in the list.
   * @param {SVGElement} shape
   * @param {Place} place
   * @param {{symbol: string, value: number}} line its number
   */
  selectable(shape, place, { symbol, value }) {
    const label = `${greek(symbol)} = ${short(value)}`;
    shape.setAttribute("tabindex", place.from === null ? "0" : "-1");
    shape.setAttribute("role", "button");
    shape.setAttribute("aria-label", label);
    shape.setAttribute("data-at", keyOf(place));
    const title = svg("title", {});
    title.textContent = label;
    shape.append(title);
    shape.onclick = () => this.select(place);
    shape.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // the page would scroll
      this.select(place);
    };
  }
}

/** @param {HTMLElement} picture @param {string} key @returns {SVGElement | null} */
const shapeAt = (picture, key) => picture.querySelector(`[data-at="${key}"]`);

/**
 * Return the number that is shown at each place in a part: the threshold, output, error or gradient
 * of a node, its input in each part; the weight of an edge.
 * @param {import("./one_step.js").Line[]} lines
 * @param {string} part
 */
function shownAt(lines, part) {
  const shown = new Map();
  const ofWeights = part === "update" ? part : "given";
  for (const line of lines) {
    const isShown =
      line.from !== null
        ? line.part === ofWeights
        : line.layer === 0 ||
          (line.part === part && (part !== "forward" || OUTPUT.test(line.symbol)));
    if (isShown) shown.set(keyOf(line), line);
  }
  return shown;
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

// "One node": the operations of a node as a graph, step by step: values forwards, gradients backwards.

import { productOf } from "./chain_rule.js";
import { button, choice, element, explanation } from "./elements.js";
import { labelled, svg } from "./flow.js";
import { meanCost } from "./gradient_check.js";
import { fractionOf, greek, lecture, minus } from "./numbers.js";
import { Symbols, digitsOf, numbersOf } from "./one_step.js";
import { operationsOf } from "./operations.js";
import { words } from "./words.js";

const NODE_DIGITS = 4;
const BOX = { width: 118, height: 38 };
const GAP = { across: 26, down: 6 };

/** @typedef {import("./operations.js").Operation} Operation */

/** The columns of the graph, forwards; each is a step forwards, and one backwards. */
const ORDER = /** @type {const} */ (["given", "product", "sum", "threshold", "output", "cost"]);

/** The section. */
export class NodeGraph {
  /** @param {import("./study.js").Study} study @param {import("./watch.js").Choice} chosen */
  constructor(study, chosen) {
    const { configuration, split, own } = chosen;
    this.configuration = own ?? study.exported.configurations[configuration];
    this.fit = study.begin(this.configuration, split, own ? { seed: own.seed } : {});
    this.rows = study.trainingRows(split);
    const { train, trainTargets } = this.fit.samples;
    const costs = train.map((x, k) =>
      meanCost(this.fit.layers, [x], [trainTargets[k]], this.configuration),
    );
    this.worst = this.sample = costs.indexOf(Math.max(...costs));
    this.place = { layer: this.fit.layers.length, node: 0 };
    this.at = 0;
    this.element = element("div", { tabIndex: 0, className: "node-graph" });
    this.element.onkeydown = (event) => this.onKey(event);
    this.translate();
  }

  /** Return the operations, and the kinds that they have, in the order of the steps. */
  operations() {
    const { train, trainTargets } = this.fit.samples;
    const [x, y] = [train[this.sample], trainTargets[this.sample]];
    const all = operationsOf(this.fit.layers, x, y, this.configuration, this.place);
    const kinds = ORDER.filter((kind) => all.some((each) => each.kind === kind));
    return { all, kinds };
  }

  /** Write the texts in the reader's language. */
  translate() {
    const text = words();
    const { layers } = this.fit;
    const symbols = new Symbols(layers.length - 1, layers[layers.length - 1].thresholds.length);
    const nodes = layers.flatMap(({ thresholds }, k) =>
      thresholds.map((_, node) => {
        const name = greek(symbols.output(k + 1, node));
        return /** @type {[string, string]} */ ([`${k + 1},${node}`, name]);
      }),
    );
    const rows = this.rows.map((row, k) => {
      const worst = k === this.worst ? text.worstRow : "";
      return /** @type {[string, string]} */ ([String(k), text.sample(row + 1) + worst]);
    });
    this.back = button(text.back, () => this.go(-1));
    this.next = button(text.next, () => this.go(1));
    this.heading = element("h2", { "aria-live": "polite" });
    this.explained = element("p", { className: "explained" });
    this.picture = element("div", { className: "scroll graph", tabIndex: 0 });
    this.list = element("div", { className: "steps" });
    this.element.replaceChildren(
      element(
        "p",
        { className: "controls" },
        choice(
          text.node.node,
          nodes.reverse(),
          `${this.place.layer},${this.place.node}`,
          (value) => {
            const [layer, node] = value.split(",").map(Number);
            this.place = { layer, node };
            this.at = 0;
            this.draw();
          },
        ),
        choice(text.row, rows, String(this.sample), (value) => {
          this.sample = Number(value);
          this.draw();
        }),
        this.back,
        this.next,
      ),
      this.heading,
      this.explained,
      element("div", { className: "two" }, this.picture, this.list),
      element("div", { className: "explained" }, explanation(text.node.note)),
    );
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { target } = event;
    if (target instanceof HTMLSelectElement) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the picture would scroll
    this.go(step);
  }

  /** @param {number} step */
  go(step) {
    const last = 2 * this.operations().kinds.length - 1;
    this.at = Math.min(Math.max(this.at + step, 0), last);
    this.draw();
  }

  draw() {
    const text = words();
    const { all, kinds } = this.operations();
    const count = kinds.length;
    const isBack = this.at >= count;
    const kind = kinds[isBack ? 2 * count - 1 - this.at : this.at];
    const { back, next, heading, explained, picture, list } = this;
    if (!back || !next || !heading || !explained || !picture || !list) return;
    back.setAttribute("aria-disabled", String(this.at === 0));
    next.setAttribute("aria-disabled", String(this.at === 2 * count - 1));
    const texts = isBack ? text.node.backwards : text.node.forwards;
    const isHidden = this.place.layer < this.fit.layers.length;
    const isJoined = !kinds.includes("output");
    heading.textContent = text.stageOf(
      this.at + 1,
      2 * count,
      isBack ? text.node.back : text.node.on,
    );
    explained.textContent = texts[kind](isHidden, isJoined);
    picture.replaceChildren(this.graph(all, kinds));
    const [column, columns] = [kinds.indexOf(kind) + 0.5, count];
    picture.scrollLeft = (column / columns) * picture.scrollWidth - picture.clientWidth / 2;
    const shown = all.filter((each) => each.kind === kind);
    list.replaceChildren(...shown.map((each) => (isBack ? derived(each) : calculated(each))));
  }

  /** Draw the graph, with what is calculated so far. @param {Operation[]} all @param {Operation["kind"][]} kinds */
  graph(all, kinds) {
    const places = placesOfBoxes(all, kinds);
    const width = kinds.length * (BOX.width + GAP.across) - GAP.across;
    const height = Math.max(...[...places.values()].map(({ y }) => y)) + BOX.height;
    const drawing = svg("svg", {
      viewBox: `-4 -4 ${width + 8} ${height + 8}`,
      role: "img",
      "aria-label": words().node.label,
    });
    const forwards = (/** @type {Operation} */ each) => kinds.indexOf(each.kind) <= this.at;
    const backwards = (/** @type {Operation} */ each) =>
      2 * kinds.length - 1 - kinds.indexOf(each.kind) <= this.at;
    const isNow = (/** @type {Operation} */ each) =>
      [kinds.indexOf(each.kind), 2 * kinds.length - 1 - kinds.indexOf(each.kind)].includes(this.at);
    for (const each of all) {
      const [from, to] = [places.get(each), each.to && places.get(each.to)];
      if (!from || !to) continue;
      const [y1, y2] = [from.y, to.y].map((y) => y + BOX.height / 2);
      const flows = backwards(each) ? " back" : each.to && forwards(each.to) ? " on" : "";
      const line = { x1: from.x + BOX.width, y1, x2: to.x, y2, class: `wire${flows}` };
      drawing.append(svg("line", line));
    }
    for (const each of all) {
      const { x, y } = places.get(each) ?? { x: 0, y: 0 };
      const box = svg("rect", { x, y, ...BOX, rx: 5, class: isNow(each) ? "box now" : "box" });
      const value = svg("text", { x: x + BOX.width / 2, y: y + 16, "text-anchor": "middle" });
      value.append(...labelled(each.symbol, forwards(each) ? shortened(each.value) : "…"));
      drawing.append(box, value);
      if (!backwards(each)) continue;
      const gradient = svg("text", {
        x: x + BOX.width / 2,
        y: y + 33,
        "text-anchor": "middle",
        class: "gradient",
      });
      gradient.textContent = `∂E: ${shortened(each.gradient)}`;
      drawing.append(gradient);
    }
    return drawing;
  }
}

/**
 * Place the boxes: each is left of what it leads to, in the middle of what leads to it.
 * @param {Operation[]} all @param {Operation["kind"][]} kinds
 * @returns {Map<Operation, {x: number, y: number}>}
 */
function placesOfBoxes(all, kinds) {
  const places = new Map();
  let rows = 0;
  for (const each of all) {
    const above = all.filter(({ to }) => to === each).map((own) => places.get(own).y);
    const column = each.to ? kinds.indexOf(each.to.kind) - 1 : kinds.length - 1;
    places.set(each, {
      x: column * (BOX.width + GAP.across),
      y: above.length
        ? (Math.min(...above) + Math.max(...above)) / 2
        : rows++ * (BOX.height + GAP.down),
    });
  }
  return places;
}

/** @param {number} value */
const shortened = (value) => minus(digitsOf(value, NODE_DIGITS));

/** Return a value as its formula gives it. @param {Operation} operation */
function calculated(operation) {
  const { symbol, formula, value } = operation;
  return element(
    "p",
    {},
    ...lecture(symbol),
    ...(formula
      ? [" = ", ...lecture(formula), ` = ${minus(numbersOf(operation, NODE_DIGITS))}`]
      : []),
    element("b", {}, ` = ${shortened(value)}`),
  );
}

/** Return a gradient as a product: what arrives, times the local derivative. @param {Operation} operation */
function derived({ symbol, to, local, gradient }) {
  const own = fractionOf("E", symbol);
  if (!to) return element("p", { className: "chain" }, own, element("b", {}, "= 1"));
  const { shown } = productOf([{ value: to.gradient }, local], NODE_DIGITS);
  const localOne = () => fractionOf(to.symbol, symbol);
  return element(
    "p",
    { className: "chain" },
    ...[own, "=", fractionOf("E", to.symbol), "·", localOne()],
    element("span", {}, `= ${minus(shown[0])} · ${minus(shown[1])}`),
    element("b", {}, `= ${shortened(gradient)}`),
    element(
      "span",
      { className: "chain factor-name" },
      localOne(),
      "= ",
      ...lecture(local.formula),
    ),
  );
}

// The network of "One update" in a picture: its weights as in "Watch", then values flow forward, errors
// back, each edge as wide as what flows along it.

import { largestOf, lineOf, nodePlaces } from "./network_drawing.js";
import { digitsOf } from "./one_step.js";
import { greek, lecture, minus, short } from "./numbers.js";
import { words } from "./words.js";

const SIZE = { width: 560, height: 400 };
const MOST_EDGES = 3000; // of a layer that has its edges drawn
const MOST_LABELS = 12; // nodes of a layer that have labels
const THINNEST = 0.6; // pixels, as the next
const WIDEST = 11;
const DOT = 3.5; // pixels; smaller on a thin edge
const NOTHING = { symbol: "", value: NaN };

/** @typedef {import("./one_step.js").Place} Place */

/**
 * A stage of an update: a part of its numbers, and the layer that it is about.
 * @typedef {object} Stage
 * @property {"given" | "forward" | "error" | "gradient" | "update"} part
 * @property {number | null} layer null if it is about all
 */

/** Write a place in an attribute. @param {Place} place */
export const keyOf = ({ layer, node, from }) => `${layer},${node},${from ?? ""}`;

/** @param {string} key @returns {Place} */
export function placeOf(key) {
  const [layer, node, from] = key.split(",");
  return { layer: Number(layer), node: Number(node), from: from ? Number(from) : null };
}

/**
 * Return the stages of an update: forward layer by layer, then back.
 * @param {number} count of layers, without the inputs
 * @returns {Stage[]}
 */
export function stagesOf(count) {
  const layers = Array.from({ length: count }, (_, place) => place + 1);
  return [
    { part: "given", layer: null },
    ...layers.map((layer) => /** @type {Stage} */ ({ part: "forward", layer })),
    ...layers.reverse().map((layer) => /** @type {Stage} */ ({ part: "error", layer })),
    { part: "gradient", layer: null },
    { part: "update", layer: null },
  ];
}

/**
 * What flows along the edges into or out of each layer in a stage: b w forward, error w back.
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./network.js").Step} step
 * @param {Stage} stage
 * @param {import("./network.js").Layer[]} after the update
 * @returns {(number[][] | null)[]} by layer, as the weights; null where nothing flows so far
 */
export function flows(layers, { outputs, layerErrors }, { part, layer }, after) {
  return layers.map(({ weights }, below) => {
    const above = below + 1;
    const each = (/** @type {(i: number, h: number) => number} */ value) =>
      weights.map((row, i) => row.map((_, h) => value(i, h)));
    if (part === "forward" && layer !== null && above <= layer)
      return each((i, h) => outputs[below][i] * weights[i][h]);
    // The errors of a layer came along the edges above it.
    if (part === "error" && layer !== null && above > layer)
      return each((i, h) => layerErrors[below][h] * weights[i][h]);
    if (part === "gradient") return each((i, h) => layerErrors[below][h] * outputs[below][i]);
    if (part === "update") return each((i, h) => after[below].weights[i][h] - weights[i][h]);
    return null;
  });
}

/**
 * Return the number that is shown at each place in a stage: the threshold, output, error or gradient
 * of a node, its input in each part; the weight of an edge.
 * @param {import("./one_step.js").Line[]} lines
 * @param {Stage} stage
 */
export function shownAt(lines, { part, layer }) {
  const shown = new Map();
  const ofWeights = part === "update" || part === "gradient" ? part : "given";
  const isReached = (/** @type {number} */ own) =>
    layer === null || (part === "forward" ? own <= layer : own >= layer);
  for (const line of lines) {
    const isShown =
      line.from !== null
        ? line.part === ofWeights
        : line.layer === 0 ||
          (line.part === part && isReached(line.layer) && (part !== "forward" || isOutput(line)));
    if (isShown) shown.set(keyOf(line), line);
  }
  return shown;
}

/** Return whether a line has the output of a node. @param {import("./one_step.js").Line} line */
export const isOutput = ({ symbol }) => /^(b[_(]|yhat)/.test(symbol);

/**
 * What a picture shows.
 * @typedef {object} Shown
 * @property {import("./network.js").Layer[]} layers
 * @property {Stage} stage
 * @property {(number[][] | null)[]} flows
 * @property {number} largest what the widest edge carries
 * @property {Map<string, import("./one_step.js").Line>} numbers by place
 * @property {Place | null} selected
 * @property {string[]} inputs their names
 * @property {string[]} outputs
 * @property {(place: Place) => void} [select]
 * @property {Set<string>} [wrong] places whose number is wrong
 */

/** Return whether the weights of a layer are drawn: of too many, no edge could be seen. @param {number[][]} weights */
export const hasEdges = (weights) => weights.length * weights[0].length <= MOST_EDGES;

/** Draw a network. @param {Shown} shown */
export function flowPicture(shown) {
  const { layers } = shown;
  const sizes = [layers[0].weights.length, ...layers.map((layer) => layer.thresholds.length)];
  const places = nodePlaces(sizes, SIZE.width, SIZE.height);
  const picture = svg("svg", {
    viewBox: `0 -14 ${SIZE.width} ${SIZE.height + 34}`,
    role: "group",
    "aria-label": words().flow,
    class: `flow ${shown.stage.part}`,
  });
  layers.forEach(({ weights }, below) => {
    if (!hasEdges(weights)) return;
    weights.forEach((row, from) =>
      row.forEach((_, node) => {
        const ends = [places[below][from], places[below + 1][node]];
        picture.append(...edgeOf(shown, { layer: below + 1, node, from }, ends));
      }),
    );
  });
  places.forEach((nodes, layer) =>
    nodes.forEach((at, node) => picture.append(...nodeOf(shown, layer, node, at, nodes.length))),
  );
  return picture;
}

/** @param {Shown} shown @param {Place} place @param {number[][]} ends */
function edgeOf(shown, place, [[x1, y1], [x2, y2]]) {
  const { layer, node, from } = place;
  const flow = shown.flows[layer - 1]?.[from ?? 0][node];
  const { weights } = shown.layers[layer - 1];
  const isGiven = shown.stage.part === "given";
  const drawn = isGiven ? weights[from ?? 0][node] : flow;
  const largest = isGiven ? largestOf(weights) : shown.largest || 1;
  const share = drawn === undefined ? 0 : Math.min(Math.abs(drawn) / largest, 1);
  const isBack = shown.stage.part === "error";
  const [start, end] = isBack
    ? [
        [x2, y2],
        [x1, y1],
      ]
    : [
        [x1, y1],
        [x2, y2],
      ];
  const moves = flow !== undefined && shown.stage.layer === (isBack ? layer - 1 : layer);
  const between = { x1: start[0], y1: start[1], x2: end[0], y2: end[1] };
  const line = isGiven
    ? lineOf(share)
    : { width: THINNEST + (WIDEST - THINNEST) * share, opacity: 1 };
  const width = isSelected(shown, place) ? WIDEST / 2 : line.width;
  const edge = svg("line", {
    ...between,
    class: `edge ${drawn === undefined ? "still" : drawn < 0 ? "negative" : "positive"}${isSelected(shown, place) ? " selected" : ""}`,
    "stroke-width": width,
    opacity: line.opacity,
  });
  const number = shown.numbers.get(keyOf(place)) ?? NOTHING;
  // What flows is dots: dashes say the sign.
  const size = Math.min(1 + width, DOT);
  const dots = moves ? [svg("line", { ...between, class: "dots", "stroke-width": size })] : [];
  return [selectable(edge, shown, place, number, flow), ...dots];
}

/**
 * @param {Shown} shown @param {number} layer @param {number} node
 * @param {[number, number]} at @param {number} count of nodes in the layer
 */
function nodeOf(shown, layer, node, [x, y], count) {
  const place = { layer, node, from: null };
  const number = shown.numbers.get(keyOf(place)) ?? NOTHING;
  const isWrong = shown.wrong?.has(keyOf(place));
  const circle = svg("circle", {
    cx: x,
    cy: y,
    r: Math.min(13, SIZE.height / (2.4 * count)),
    class: `node${isSelected(shown, place) ? " selected" : ""}${isWrong ? " wrong-node" : ""}`,
  });
  const drawn = [selectable(circle, shown, place, number)];
  if (count > MOST_LABELS) return drawn;
  const isOut = layer === shown.layers.length;
  const anchor = layer === 0 ? "start" : isOut ? "end" : "middle";
  const left = { start: x - 14, middle: x, end: x + 14 }[anchor];
  if (number.symbol) {
    const label = svg("text", { x: left, y: y + 25, "text-anchor": anchor });
    // Between many layers there is room for the value alone.
    if (shown.layers.length > 2 && layer > 0 && !isOut) label.append(minus(short(number.value, 3)));
    else label.append(...labelled(number.symbol, written(number.value)));
    drawn.push(label);
  }
  const name = layer === 0 ? shown.inputs[node] : isOut ? shown.outputs[node] : "";
  if (name) {
    const label = svg("text", { x: left, y: y - 18, "text-anchor": anchor, class: "name" });
    label.textContent = name.length > 18 ? `${name.slice(0, 17)}…` : name;
    drawn.push(label);
  }
  return drawn;
}

/** Write a number of a picture. @param {number} value */
const written = (value) => minus(digitsOf(value, 4));

/** @param {Shown} shown @param {Place} place */
const isSelected = ({ selected }, place) =>
  selected !== null && selected !== undefined && keyOf(selected) === keyOf(place);

/**
 * Let the reader select a node or an edge by a click; a node also by the keyboard. There are too
 * many edges for it: they are in the list.
 * @param {SVGElement} shape
 * @param {Shown} shown
 * @param {Place} place
 * @param {{symbol: string, value: number}} number
 * @param {number} [flow]
 */
function selectable(shape, { select }, place, { symbol, value }, flow) {
  const carried = flow === undefined ? "" : `; ${words().carries(short(flow))}`;
  const label = symbol ? `${greek(symbol)} = ${short(value)}${carried}` : words().notYet;
  const title = svg("title", {});
  title.textContent = label;
  shape.append(title);
  if (!select) return shape;
  shape.setAttribute("tabindex", place.from === null ? "0" : "-1");
  shape.setAttribute("role", "button");
  shape.setAttribute("aria-label", label);
  shape.setAttribute("data-at", keyOf(place));
  shape.onclick = () => select(place);
  shape.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault(); // the page would scroll
    select(place);
  };
  return shape;
}

/** @param {Element} picture @param {string} key @returns {SVGElement | null} */
export const shapeAt = (picture, key) => picture.querySelector(`[data-at="${key}"]`);

/**
 * Return a symbol and its value as texts of a picture.
 * @param {string} symbol
 * @param {string} value
 */
export function labelled(symbol, value) {
  let isLow = false;
  const lowered = (/** @type {boolean} */ isIndex) => {
    const dy = Number(isIndex) - Number(isLow);
    isLow = isIndex;
    return dy ? { dy: 3 * dy } : {};
  };
  const parts = lecture(symbol).map((part) => {
    const isIndex = part instanceof HTMLElement;
    const text = svg("tspan", { ...lowered(isIndex), ...(isIndex ? { "font-size": 8 } : {}) });
    text.textContent = part.textContent;
    return text;
  });
  const end = svg("tspan", lowered(false));
  end.textContent = ` = ${value}`;
  return [...parts, end];
}

/** Create an element of SVG. @param {string} tag @param {Record<string, any>} attributes */
export function svg(tag, attributes) {
  const created = /** @type {SVGElement} */ (
    document.createElementNS("http://www.w3.org/2000/svg", tag)
  );
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, String(value));
  return created;
}

// A network in pixels: weights as lines, what each node responds to.

import { costOf, forward } from "./network.js";
import { element } from "./elements.js";
import { screenColours, write } from "./sheet.js";
import { words } from "./words.js";

const RESPONSE_CELLS = 18; // of a node's response
const MOST_RESPONSES = 200; // nodes of a layer that show their response
const MOST_COLUMNS = 20; // of a layer that is too long for one column
const READABLE = 20; // pixels for the response of a node

/** Return the grid of the responses of nodes. @param {import("./plane.js").Frame} frame */
export const responseGrid = (frame) => frame.grid(RESPONSE_CELLS);

/**
 * The nodes of a layer in a drawing.
 * @typedef {{places: [number, number][], half: number}} Column
 *
 * @typedef {{layer: number, node: number}} Node
 */

/**
 * Return the node of a drawing at the pointer, or null.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {MouseEvent} event
 * @returns {Node | null}
 */
export function nodeAt({ nodes }, { offsetX, offsetY }) {
  for (const [layer, { places, half }] of nodes.entries())
    for (const [node, [x, y]] of places.entries())
      if (Math.max(Math.abs(x - offsetX), Math.abs(y - offsetY)) <= Math.max(half, 6))
        return { layer, node };
  return null;
}

/**
 * Return where each node is drawn: by layer, from the inputs to the outputs.
 * @param {number[]} sizes the number of nodes of each layer, inputs first
 * @param {number} width
 * @param {number} height
 */
export const nodePlaces = (sizes, width, height) =>
  arranged(sizes, width, height).map(({ places }) => places);

/**
 * Arrange the nodes of each layer: in a column, or in several if one leaves a node too little room.
 * @param {number[]} sizes @param {number} width @param {number} height
 * @returns {Column[]}
 */
function arranged(sizes, width, height) {
  const margin = 0.06 * width;
  const gap = (width - 2 * margin) / (sizes.length - 1);
  return sizes.map((count, layer) => {
    const room = (/** @type {number} */ columns) =>
      Math.min(height / Math.ceil(count / columns), (0.6 * gap) / columns);
    const isHidden = layer > 0 && layer < sizes.length - 1;
    let columns = 1;
    for (let more = 2; isHidden && more <= MOST_COLUMNS && room(columns) < READABLE; more++)
      if (room(more) > room(columns)) columns = more;
    const rows = Math.ceil(count / columns);
    const places = Array.from({ length: count }, (_, node) => {
      const [column, row] = [node % columns, Math.floor(node / columns)];
      const x = margin + layer * gap + (column - (columns - 1) / 2) * room(columns);
      return /** @type {[number, number]} */ ([x, ((row + 0.5) * height) / rows]);
    });
    return { places, half: Math.min(0.04 * width, 0.44 * room(columns)) };
  });
}

/**
 * Say what the squares of a network show, and which layers are too large for them.
 * @param {import("./network.js").Configuration} configuration
 */
export function responseCaption({ hidden }) {
  const text = words();
  const isTooLarge = hidden.some((nodes) => nodes > MOST_RESPONSES);
  return text.response + (isTooLarge ? text.noResponse(MOST_RESPONSES) : "");
}

/**
 * Draw a network: weights as lines, the responses of hidden nodes in the plane.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./network.js").Configuration} configuration
 * @param {number[][]} grid the inputs of the response's cells
 * @param {{inputs: string[], outputs: string[], seen: Node | null, pointed: number[] | null}} shown
 *   the names of inputs and outputs, the node that the reader looks at, and where in the plane
 */
export function drawNetwork(sheet, layers, configuration, grid, shown) {
  const { inputs, outputs: out, seen, pointed } = shown;
  const sizes = [layers[0].weights.length, ...layers.map((layer) => layer.thresholds.length)];
  const { output } = costOf(configuration.cost, sizes[sizes.length - 1]);
  const outputs = grid.map((x) => forward(layers, x, configuration.activation, output).outputs);
  sheet.show(() => {
    const { context, width, height } = sheet;
    const { ink } = screenColours();
    const drawn = arranged(sizes, width, height);
    sheet.nodes = drawn;
    layers.forEach(({ weights }, layer) =>
      drawWeights(context, weights, drawn[layer].places, drawn[layer + 1].places),
    );
    context.globalAlpha = 1;
    context.setLineDash([]);
    drawn.forEach(({ places, half }, layer) =>
      places.forEach((place, node) => {
        const responds = layer > 0 && places.length <= MOST_RESPONSES;
        const values = outputs.map((each) => each[layer][node]);
        const isSeen = seen?.layer === layer && seen.node === node;
        Object.assign(context, { strokeStyle: ink, lineWidth: isSeen ? 3 : 1 });
        drawNode(context, place, half, responds ? values : null);
        if (responds && pointed && half > 4) drawPointed(context, place, half, pointed);
      }),
    );
    writeNames(sheet, inputs, drawn[0], "left");
    writeNames(sheet, out, drawn[drawn.length - 1], "right");
  });
}

/**
 * Write the names of inputs or outputs above their nodes, if there is room.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {string[]} names
 * @param {Column} column
 * @param {"left" | "right"} side
 */
function writeNames({ context, width, height }, names, { places, half }, side) {
  if (height / places.length < 30) return;
  Object.assign(context, { textAlign: side, textBaseline: "bottom" });
  places.forEach(([, y], node) => {
    const name = names[node].length > 16 ? `${names[node].slice(0, 15)}…` : names[node];
    const left = side === "left" ? 2 : width - 2;
    write(context, name, left, Math.max(y - Math.max(half, 6) - 3, 13));
  });
}

/** Return how a weight is drawn. @param {number} share of the largest weight of its layer */
export const lineOf = (share) => ({ width: 0.3 + 3.2 * share, opacity: 0.25 + 0.65 * share });

/** Return the largest size of a weight; 1 if all are 0. @param {number[][]} weights */
export const largestOf = (weights) =>
  weights.flat().reduce((most, own) => Math.max(most, Math.abs(own)), 0) || 1;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} weights
 * @param {[number, number][]} from @param {[number, number][]} to the places of the nodes
 */
function drawWeights(context, weights, from, to) {
  const { positive, negative } = screenColours();
  const largest = largestOf(weights);
  weights.forEach((row, i) =>
    row.forEach((weight, h) => {
      const share = Math.abs(weight) / largest;
      if (share < 0.02 && weights.length * row.length > 200) return;
      context.strokeStyle = weight < 0 ? negative : positive;
      context.setLineDash(weight < 0 ? [5, 3] : []);
      const { width, opacity } = lineOf(share);
      Object.assign(context, { lineWidth: width, globalAlpha: opacity });
      context.beginPath();
      context.moveTo(...from[i]);
      context.lineTo(...to[h]);
      context.stroke();
    }),
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} place @param {number} half of its size
 * @param {number[] | null} values of the cells of its response; null if it shows none
 */
function drawNode(context, [x, y], half, values) {
  context.fillStyle = screenColours().paper;
  context.beginPath();
  if (values) context.rect(x - half, y - half, 2 * half, 2 * half);
  else context.arc(x, y, Math.min(6, half), 0, 2 * Math.PI);
  context.fill();
  if (values) drawResponse(context, x, y, half, values);
  context.stroke();
}

/**
 * Mark in the response of a node where the reader points.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} place @param {number} half @param {number[]} pointed
 */
function drawPointed(context, [x, y], half, [across, down]) {
  context.beginPath();
  context.arc(x + half * (2 * across - 1), y + half * (2 * down - 1), 2.5, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: "#fff", strokeStyle: "#000", lineWidth: 1.5 });
  context.fill();
  context.stroke();
}

/** @type {CanvasRenderingContext2D | null} a picture of one response, before it is enlarged */
let stamp = null;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} half
 * @param {number[]} values of the cells
 */
function drawResponse(context, x, y, half, values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const image = new ImageData(RESPONSE_CELLS, values.length / RESPONSE_CELLS);
  const pixels = new Uint32Array(image.data.buffer);
  values.forEach((value, cell) => {
    const grey = Math.round(255 - 190 * (high > low ? (value - low) / (high - low) : 0.5));
    pixels[cell] = 0xff000000 | (0x10101 * grey); // opaque, the same for each colour
  });
  stamp ??= /** @type {CanvasRenderingContext2D} */ (
    element("canvas", { width: RESPONSE_CELLS, height: RESPONSE_CELLS }).getContext("2d", {
      willReadFrequently: true, // so it stays in memory, where writing is quick
    })
  );
  stamp.putImageData(image, 0, 0);
  const from = /** @type {const} */ ([0, 0, image.width, image.height]);
  context.drawImage(stamp.canvas, ...from, x - half, y - half, 2 * half, 2 * half);
}

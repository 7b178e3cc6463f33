// What the sections of the page are drawn with: elements, the plane, the network, curves.

import { forward, predict, costOf } from "./network.js";

/** Milliseconds of training between two pictures. */
export const SLICE = 12;

export const POSITIVE = "#0072B2";
export const NEGATIVE = "#D55E00";
const INK = "#222222";
const GREY = "#666666";
const LINES = ["#0072B2", "#D55E00", "#009E73", "#AA4499", "#7A5C3A", "#000000"];
const CELLS = 44; // of the plane, along each axis
const RESPONSE_CELLS = 18; // of a node's response
const MOST_RESPONSES = 12; // nodes of a layer that show their response

/**
 * Create an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] those that begin with "aria-" or are "role" or "for"
 *   are attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^aria-|^role$|^for$/.test(name)) created.setAttribute(name, value);
    else Object.assign(created, { [name]: value });
  }
  created.append(...children);
  return created;
}

/**
 * Create a list to choose from, with its label.
 * @param {string} label
 * @param {[string, string][]} options values and texts
 * @param {string} value
 * @param {(value: string) => void} choose
 */
export function choice(label, options, value, choose) {
  const select = element("select", {});
  for (const [own, text] of options)
    select.append(element("option", { value: own, selected: own === value }, text));
  select.onchange = () => choose(select.value);
  return element("label", {}, `${label} `, select);
}

/** @param {string} text @param {() => void} onclick */
export const button = (text, onclick) => element("button", { type: "button", onclick }, text);

/**
 * Create a table.
 * @param {string[]} heads
 * @param {string[][]} rows
 */
export function table(heads, rows) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const lines = rows.map((cells) =>
    element("tr", {}, ...cells.map((text) => element("td", {}, text))),
  );
  return element(
    "div",
    { className: "scroll", tabIndex: 0 },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)),
  );
}

/** Write minus signs as such. @param {string} text */
export const minus = (text) => text.replaceAll("-", "−");

/** @type {Record<string, string>} */
const MARKS = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  theta: "θ",
  yhat: "ŷ",
  eta: "η",
  "-": "−",
};

/** Write the names of Greek letters as letters, and minus signs. @param {string} symbols */
export const greek = (symbols) =>
  symbols.replace(/alpha|beta|gamma|theta|yhat|eta|-/g, (name) => MARKS[name]);

/** Return symbols of the lecture, with subscripts. @param {string} symbols @returns {Node[]} */
export const lecture = (symbols) =>
  greek(symbols)
    .split(/(_[0-9]+(?:,[0-9]+)*)/)
    .map((part) =>
      part.startsWith("_") ? element("sub", {}, part.slice(1)) : document.createTextNode(part),
    );

/** Write a number with a few digits. @param {number} value @param {number} [digits] */
export function short(value, digits = 4) {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return minus(value.toExponential(digits - 2));
  return minus(String(Number(value.toPrecision(digits))));
}

/** Write a difference. @param {number} value */
export const tiny = (value) =>
  value === 0 || value >= 1e-3 ? String(Number(value.toPrecision(2))) : value.toExponential(0);

/** Write a share in percent. @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(1)}%`;

/**
 * Create a canvas that is as sharp as the screen.
 * @param {number} width in CSS pixels, of the drawing
 * @param {number} height
 * @param {string} label what it shows
 */
export function canvas(width, height, label) {
  const created = element("canvas", { role: "img", "aria-label": label });
  const scale = 2;
  Object.assign(created, { width: width * scale, height: height * scale });
  created.style.aspectRatio = `${width} / ${height}`;
  const context = /** @type {CanvasRenderingContext2D} */ (created.getContext("2d"));
  context.scale(scale, scale);
  return { canvas: created, context, width, height };
}

/** @typedef {ReturnType<typeof canvas>} Sheet */

/** @param {string} colour such as "#009E73" @returns {number[]} */
const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** Mix white and a colour. @param {number[]} colour @param {number} share of the colour */
const tint = (colour, share) => colour.map((part) => 255 + share * (part - 255));

/** Where the rows of a study are in the plane. */
export class Frame {
  /** @param {import("./study.js").Study} study @param {number} split */
  constructor(study, split) {
    this.study = study;
    this.split = split;
    const { points } = study.exported;
    const axes = [0, 1].filter((axis) => axis < points[0].length);
    this.low = axes.map((axis) => Math.min(...points.map((point) => point[axis])));
    this.high = axes.map((axis) => Math.max(...points.map((point) => point[axis])));
    axes.forEach((axis) => {
      const margin = 0.06 * (this.high[axis] - this.low[axis]);
      this.low[axis] -= margin;
      this.high[axis] += margin;
    });
    this.isLine = axes.length === 1;
  }

  /**
   * Return the inputs at the middle of each cell of a grid, row by row from the top.
   * @param {number} cells along each axis
   */
  grid(cells) {
    const rows = this.isLine ? 1 : cells;
    /** @type {number[][]} */
    const places = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < cells; column++) {
        const shares = [(column + 0.5) / cells, 1 - (row + 0.5) / cells];
        const place = this.low.map((low, axis) => low + shares[axis] * (this.high[axis] - low));
        places.push(this.study.inputsAt(this.split, place));
      }
    return places;
  }

  /** Return where a row is, each from 0 to 1, from the top left. @param {number} row */
  place(row) {
    const point = this.study.exported.points[row];
    const [x, y] = point.map(
      (value, axis) => (value - this.low[axis]) / (this.high[axis] - this.low[axis]),
    );
    return this.isLine ? [x, 0.92 - 0.07 * this.study.exported.y[row]] : [x, 1 - y];
  }
}

/**
 * Draw what a network predicts in the plane, and the rows.
 * @param {Sheet} sheet
 * @param {Frame} frame
 * @param {number[][]} grid the inputs of `CELLS` x `CELLS` cells
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./network.js").Configuration} configuration
 * @param {Set<number>} test the test rows
 */
export function drawPlane(sheet, frame, grid, layers, configuration, test) {
  const { context, width, height } = sheet;
  const { colours } = frame.study.exported;
  const p = grid.map((inputs) => predict(layers, inputs, configuration));
  context.clearRect(0, 0, width, height);
  if (frame.isLine) drawProbabilities(sheet, p, colours);
  else drawField(sheet, p, colours.map(rgb));
  frame.study.exported.y.forEach((y, row) => {
    const [x, top] = frame.place(row);
    const size = test.has(row) ? 6 : 4;
    drawMark(context, x * width, top * height, size, y, colours[y % colours.length]);
    if (test.has(row)) {
      context.lineWidth = 1.6;
      context.strokeStyle = INK;
      context.stroke();
    }
  });
}

/**
 * Draw the mark of a row: classes differ in shape, too.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} size @param {number} c @param {string} colour
 */
function drawMark(context, x, y, size, c, colour) {
  context.beginPath();
  if (c % 3 === 1) context.arc(x, y, size, 0, 2 * Math.PI);
  else {
    const corners = c % 3 === 0 ? 4 : 3;
    for (let k = 0; k < corners; k++) {
      const angle = (2 * Math.PI * k) / corners - Math.PI / 2;
      context.lineTo(x + 1.25 * size * Math.cos(angle), y + 1.25 * size * Math.sin(angle));
    }
    context.closePath();
  }
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 0.6;
  context.strokeStyle = "white";
  context.stroke();
}

/** @param {Sheet} sheet @param {number[][]} p of each cell @param {number[][]} colours */
function drawField({ context, width, height }, p, colours) {
  const [cellWidth, cellHeight] = [width / CELLS, height / CELLS];
  p.forEach((each, cell) => {
    const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
    context.fillStyle = `rgb(${fieldColour(each, colours).map(Math.round).join()})`;
    context.fillRect(column * cellWidth, row * cellHeight, cellWidth + 1, cellHeight + 1);
  });
  if (p[0].length > 1) return;
  context.strokeStyle = INK;
  context.lineWidth = 2;
  context.beginPath();
  for (const [from, to] of boundary(
    p.map(([each]) => each - 0.5),
    CELLS,
  )) {
    context.moveTo((from[0] + 0.5) * cellWidth, (from[1] + 0.5) * cellHeight);
    context.lineTo((to[0] + 0.5) * cellWidth, (to[1] + 0.5) * cellHeight);
  }
  context.stroke();
}

/**
 * Return the colour of a cell: that of its class, stronger if surer.
 * @param {number[]} p
 * @param {number[][]} colours
 */
function fieldColour(p, colours) {
  if (p.length === 1) {
    const sure = Math.abs(2 * p[0] - 1);
    return Number.isNaN(sure) ? [255, 255, 255] : tint(colours[p[0] >= 0.5 ? 1 : 0], 0.45 * sure);
  }
  const [first, second] = [...p].sort((one, other) => other - one);
  const c = p.indexOf(first);
  return c < 0 ? [255, 255, 255] : tint(colours[c % colours.length], 0.12 + 0.4 * (first - second));
}

/**
 * Return the lines along which values on a grid are 0, by marching squares.
 * @param {number[]} values row by row
 * @param {number} size of a row
 * @returns {number[][][]} pairs of ends, in cells
 */
export function boundary(values, size) {
  const lines = [];
  for (let row = 0; row + 1 < size; row++)
    for (let column = 0; column + 1 < size; column++) {
      const corners = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ].map(([x, y]) => [column + x, row + y]);
      const at = corners.map(([x, y]) => values[y * size + x]);
      const crossings = [];
      for (let k = 0; k < 4; k++) {
        const [one, other] = [at[k], at[(k + 1) % 4]];
        if (one < 0 === other < 0) continue;
        const share = one / (one - other);
        const [from, to] = [corners[k], corners[(k + 1) % 4]];
        crossings.push(from.map((value, axis) => value + share * (to[axis] - value)));
      }
      for (let k = 0; k + 1 < crossings.length; k += 2)
        lines.push([crossings[k], crossings[k + 1]]);
    }
  return lines;
}

/** @param {Sheet} sheet @param {number[][]} p @param {string[]} colours */
function drawProbabilities({ context, width, height }, p, colours) {
  const lines = p[0].length === 1 ? [1] : p[0].map((_, c) => c);
  lines.forEach((c, place) => {
    context.beginPath();
    context.strokeStyle = colours[c % colours.length];
    context.lineWidth = 2.5;
    p.forEach((each, k) => {
      const value = each[p[0].length === 1 ? 0 : place];
      context.lineTo(((k + 0.5) / p.length) * width, height * (0.98 - 0.8 * value) - 0.16 * height);
    });
    context.stroke();
  });
}

/** Return the grid of a plane. @param {Frame} frame */
export const planeGrid = (frame) => frame.grid(CELLS);

/** Return the grid of the responses of nodes. @param {Frame} frame */
export const responseGrid = (frame) => frame.grid(RESPONSE_CELLS);

/**
 * Return where each node is drawn: by layer, from the inputs to the outputs.
 * @param {number[]} sizes the number of nodes of each layer, inputs first
 * @param {number} width
 * @param {number} height
 * @returns {[number, number][][]}
 */
export const nodePlaces = (sizes, width, height) =>
  sizes.map((count, layer) =>
    Array.from({ length: count }, (_, node) => [
      24 + (layer * (width - 48)) / (sizes.length - 1),
      ((node + 0.5) * height) / count,
    ]),
  );

/**
 * Draw a network: weights as lines, the responses of hidden nodes in the plane.
 * @param {Sheet} sheet
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./network.js").Configuration} configuration
 * @param {number[][]} grid the inputs of the response's cells
 */
export function drawNetwork({ context, width, height }, layers, configuration, grid) {
  const sizes = [layers[0].weights.length, ...layers.map((layer) => layer.thresholds.length)];
  const places = nodePlaces(sizes, width, height);
  context.clearRect(0, 0, width, height);
  layers.forEach(({ weights }, layer) => {
    const largest = Math.max(...weights.flat().map(Math.abs)) || 1;
    weights.forEach((row, i) =>
      row.forEach((weight, h) => {
        const share = Math.abs(weight) / largest;
        if (share < 0.02 && weights.length * row.length > 200) return;
        context.strokeStyle = weight < 0 ? NEGATIVE : POSITIVE;
        context.globalAlpha = 0.25 + 0.65 * share;
        context.lineWidth = 0.3 + 3.2 * share;
        context.beginPath();
        context.moveTo(...places[layer][i]);
        context.lineTo(...places[layer + 1][h]);
        context.stroke();
      }),
    );
  });
  context.globalAlpha = 1;
  const { output } = costOf(configuration.cost, sizes[sizes.length - 1]);
  const outputs = grid.map((x) => forward(layers, x, configuration.activation, output).outputs);
  places.forEach((nodes, layer) =>
    nodes.forEach(([x, y], node) => {
      const size = Math.min(15, height / (2.3 * nodes.length));
      context.lineWidth = 1;
      context.strokeStyle = INK;
      context.fillStyle = "white";
      context.beginPath();
      const hasPicture = layer > 0 && nodes.length <= MOST_RESPONSES;
      if (hasPicture) context.rect(x - size, y - size, 2 * size, 2 * size);
      else context.arc(x, y, Math.min(6, size), 0, 2 * Math.PI);
      context.fill();
      if (hasPicture)
        drawResponse(
          context,
          x,
          y,
          size,
          outputs.map((each) => each[layer][node]),
        );
      context.stroke();
    }),
  );
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x @param {number} y @param {number} size
 * @param {number[]} values of the cells
 */
function drawResponse(context, x, y, size, values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rows = values.length / RESPONSE_CELLS;
  const [cellWidth, cellHeight] = [(2 * size) / RESPONSE_CELLS, (2 * size) / rows];
  values.forEach((value, cell) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    const grey = Math.round(255 - 190 * share);
    context.fillStyle = `rgb(${grey},${grey},${grey})`;
    context.fillRect(
      x - size + (cell % RESPONSE_CELLS) * cellWidth,
      y - size + Math.floor(cell / RESPONSE_CELLS) * cellHeight,
      cellWidth + 0.5,
      cellHeight + 0.5,
    );
  });
}

/**
 * A line of a chart.
 * @typedef {{label: string, values: [number, number][], dashed?: boolean, colour?: string}} Line
 */

const MARGIN = { left: 52, right: 12, top: 22, bottom: 30 };

/**
 * Draw lines over epochs.
 * @param {Sheet} sheet
 * @param {Line[]} lines
 * @param {number} epochs the last epoch of the axis
 * @param {object} options
 * @param {boolean} [options.log]
 * @param {number | null} [options.mark] an epoch that the reader has marked
 * @param {number} [options.at] the epoch that is shown
 */
export function drawChart(sheet, lines, epochs, { log = false, mark = null, at }) {
  const { context, width, height } = sheet;
  context.clearRect(0, 0, width, height);
  const known = lines.flatMap(({ values }) => values.map(([, value]) => value));
  const usable = known.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const scale = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  let [low, high] = [Math.min(...usable.map(scale)), Math.max(...usable.map(scale))];
  if (!usable.length) [low, high] = [0, 1];
  if (!log) low = Math.min(low, 0);
  else [low, high] = [Math.floor(low), Math.ceil(high)];
  if (low === high) high = low + 1;
  const x = (/** @type {number} */ epoch) =>
    MARGIN.left + (epoch / epochs) * (width - MARGIN.left - MARGIN.right);
  const y = (/** @type {number} */ value) =>
    MARGIN.top + ((high - value) / (high - low)) * (height - MARGIN.top - MARGIN.bottom);
  drawAxes(sheet, x, y, low, high, epochs, log);
  lines.forEach(({ values, dashed, colour }, place) => {
    context.strokeStyle = colour ?? LINES[place % LINES.length];
    context.lineWidth = 2;
    context.setLineDash(dashed ? [5, 4] : []);
    context.beginPath();
    for (const [epoch, value] of values)
      if (Number.isFinite(scale(value))) context.lineTo(x(epoch), y(scale(value)));
    context.stroke();
  });
  context.setLineDash([]);
  drawLegend(sheet, lines);
  for (const [epoch, colour] of [
    [mark, NEGATIVE],
    [at, GREY],
  ]) {
    if (typeof epoch !== "number" || typeof colour !== "string") continue;
    context.strokeStyle = colour;
    context.lineWidth = colour === GREY ? 1 : 2;
    context.beginPath();
    context.moveTo(x(epoch), MARGIN.top);
    context.lineTo(x(epoch), height - MARGIN.bottom);
    context.stroke();
  }
}

/**
 * Return the epoch at a place of a chart.
 * @param {MouseEvent} event @param {Sheet} sheet @param {number} epochs
 */
export function epochAt(event, { canvas: drawn, width }, epochs) {
  const share = event.offsetX / drawn.clientWidth;
  const inside = (share * width - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
  return Math.round(Math.min(Math.max(inside, 0), 1) * epochs);
}

/**
 * @param {Sheet} sheet
 * @param {(epoch: number) => number} x @param {(value: number) => number} y
 * @param {number} low @param {number} high @param {number} epochs @param {boolean} log
 */
function drawAxes({ context, width, height }, x, y, low, high, epochs, log) {
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = GREY;
  context.strokeStyle = "#dddddd";
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const steps = log ? Math.max(1, Math.ceil((high - low) / 5)) : (high - low) / 4;
  for (let value = low; value <= high + 1e-12; value += steps) {
    context.beginPath();
    context.moveTo(MARGIN.left, y(value));
    context.lineTo(width - MARGIN.right, y(value));
    context.stroke();
    const text = log ? `1e${Math.round(value)}` : String(Number(value.toPrecision(2)));
    context.fillText(text, MARGIN.left - 6, y(value));
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (let k = 0; k <= 4; k++)
    context.fillText(String(Math.round((k * epochs) / 4)), x((k * epochs) / 4), height - 22);
}

/** @param {Sheet} sheet @param {Line[]} lines */
function drawLegend({ context }, lines) {
  let left = MARGIN.left;
  context.textAlign = "left";
  context.textBaseline = "middle";
  lines.forEach(({ label, dashed, colour }, place) => {
    if (!label) return;
    context.strokeStyle = colour ?? LINES[place % LINES.length];
    context.setLineDash(dashed ? [5, 4] : []);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(left, 10);
    context.lineTo(left + 20, 10);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = INK;
    context.fillText(label, left + 24, 10);
    left += 34 + context.measureText(label).width;
  });
}

/**
 * Return the colours of lines, one for each place.
 * @param {number} place
 */
export const lineColour = (place) => LINES[place % LINES.length];

/** Whether the reader has asked for less motion. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

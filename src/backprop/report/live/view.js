// What the sections of the page are drawn with: elements, the plane, the network, curves.

import { forward, predict, costOf } from "./network.js";
import { words } from "./words.js";

export const POSITIVE = "#0072B2";
export const NEGATIVE = "#D55E00";
const INK = "#222222";
const GREY = "#666666";
const LINES = ["#0072B2", "#D55E00", "#009E73", "#AA4499", "#7A5C3A", "#000000"];
const CELLS = 44; // of the plane, along each axis
const RESPONSE_CELLS = 18; // of a node's response
const MOST_RESPONSES = 200; // nodes of a layer that show their response
const MOST_COLUMNS = 20; // of a layer that is too long for one column
const READABLE = 20; // pixels for the response of a node
const MOST_CLASSES = 20; // in a legend, as in the figures
const FONT = "12px system-ui, sans-serif";

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

/** Write Greek letters and minus signs as such, and words in the language. @param {string} symbols */
export const greek = (symbols) =>
  words()
    .translated(symbols)
    .replace(/alpha|beta|gamma|theta|yhat|eta|-/g, (name) => MARKS[name]);

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

/** A drawing that is as sharp as the screen. Sizes are in CSS pixels; it is drawn again at each. */
export class Sheet {
  /** @param {number} ratio of the width to the height @param {string} label what it shows */
  constructor(ratio, label) {
    this.canvas = element("canvas", { role: "img", "aria-label": label });
    this.canvas.style.aspectRatio = String(ratio);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.width = this.height = 0;
    this.paint = () => {};
    new ResizeObserver(() => this.repaint()).observe(this.canvas);
  }

  /** Draw now, and whenever the size changes. @param {() => void} paint */
  show(paint) {
    this.paint = paint;
    this.repaint();
  }

  repaint() {
    const { canvas, context } = this;
    [this.width, this.height] = [canvas.clientWidth, canvas.clientHeight];
    if (!this.width) return; // Not in the page, so far.
    const [width, height] = [this.width, this.height].map((each) =>
      Math.round(each * devicePixelRatio),
    );
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    context.setTransform(width / this.width, 0, 0, height / this.height, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.font = FONT;
    this.paint();
  }
}

/**
 * Create a drawing.
 * @param {number} width its shape: width to height
 * @param {number} height
 * @param {string} label what it shows
 */
export const canvas = (width, height, label) => new Sheet(width / height, label);

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
      // A constant axis has a range, too.
      const margin = 0.06 * (this.high[axis] - this.low[axis]) || 0.5;
      this.low[axis] -= margin;
      this.high[axis] += margin;
    });
    this.isLine = axes.length === 1;
    // With one axis, the rows of each class have a line of their own below the probabilities.
    this.step = Math.min(0.07, 0.4 / study.exported.classes.length);
    this.lowest = -this.step * (study.exported.classes.length + 0.7);
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
    const c = this.study.exported.y[row];
    return this.isLine ? [x, this.top(-this.step * (c + 1))] : [x, 1 - y];
  }

  /** Return where a probability is, from 0 at the top to 1. @param {number} p */
  top(p) {
    return (1.02 - p) / (1.02 - this.lowest);
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
  const { y, colours, markers, colour } = frame.study.exported;
  const p = grid.map((inputs) => predict(layers, inputs, configuration));
  sheet.show(() => {
    const { context, width, height } = sheet;
    const box = frame.isLine
      ? { left: 38, top: 22, width: width - 60, height: height - 62 }
      : { left: 0, top: 0, width, height };
    if (frame.isLine) drawProbabilities(sheet, frame, box, p);
    else drawField(sheet, p, colours.map(rgb), colour);
    y.forEach((c, row) => {
      const [x, top] = frame.place(row);
      const place = [box.left + x * box.width, box.top + top * box.height];
      drawMark(context, place, markers[c], colours[c], test.has(row));
    });
  });
}

/** Polygons by Matplotlib's names of markers: corners on a circle, turned; stars have two circles. */
const OUTLINES = {
  o: corners(24),
  "^": corners(3),
  v: corners(3, 0.5),
  "<": corners(3, -0.25),
  ">": corners(3, 0.25),
  s: corners(4, 0.125),
  D: corners(4),
  p: corners(5),
  h: corners(6),
  "*": corners(10, 0, 0.4),
  P: plus(0),
  X: plus(0.125),
};

/**
 * Return the corners of a polygon, the first at the top.
 * @param {number} count @param {number} [turn] in turns @param {number} [inner] radius of every other
 */
function corners(count, turn = 0, inner = 1) {
  return Array.from({ length: count }, (_, k) => {
    const [angle, radius] = [2 * Math.PI * (k / count + turn - 0.25), k % 2 ? inner : 1];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Return the corners of a thick plus. @param {number} turn in turns */
function plus(turn) {
  const [cos, sin] = [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)];
  const arm = [
    [-0.4, -0.4],
    [-0.4, -1.1],
    [0.4, -1.1],
  ];
  return [0, 1, 2, 3].flatMap((quarter) =>
    arm.map(([x, y]) => {
      for (let k = 0; k < quarter; k++) [x, y] = [-y, x];
      return [x * cos - y * sin, x * sin + y * cos];
    }),
  );
}

/** @param {string} marker */
const outline = (marker) => OUTLINES[/** @type {keyof OUTLINES} */ (marker)] ?? OUTLINES.o;

/**
 * Draw the mark of a row; that of a test row is larger, with a thick edge.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} place @param {string} marker @param {string} colour @param {boolean} isTest
 */
function drawMark(context, [left, top], marker, colour, isTest) {
  const size = isTest ? 7 : 4.5;
  context.beginPath();
  for (const [x, y] of outline(marker)) context.lineTo(left + size * x, top + size * y);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = isTest ? 2 : 0.7;
  context.strokeStyle = "black";
  context.stroke();
}

/**
 * Return a legend: the label, and the mark and name of each class.
 * @param {import("./study.js").Exported} exported
 */
export function classLegend({ label, classes, markers, colours, points }) {
  const text = words();
  const order = classes.length === 2 ? [1, 0] : [...classes.keys()].slice(0, MOST_CLASSES);
  const entries = order.map((c) => {
    const places = outline(markers[c]).map((point) => point.map((each) => each.toFixed(3)).join());
    const polygon = `<polygon points="${places.join(" ")}" fill="${colours[c]}" />`;
    const mark = element("span", {
      innerHTML: `<svg class="mark" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true">${polygon}</svg>`,
    });
    return element("span", {}, mark, ` ${classes[c]}`);
  });
  if (order.length < classes.length) entries.push(element("span", {}, `… (${classes.length})`));
  if (classes.length === 2 && points[0].length > 1)
    entries.push(element("span", {}, text.boundary(text.probabilityOf(classes[1]))));
  return element("span", { className: "legend" }, element("b", {}, label), ...entries);
}

/**
 * @param {Sheet} sheet
 * @param {number[][]} p of each cell
 * @param {number[][]} colours of the classes
 * @param {string} colour of the boundary
 */
function drawField({ context, width, height }, p, colours, colour) {
  const [cellWidth, cellHeight] = [width / CELLS, height / CELLS];
  p.forEach((each, cell) => {
    const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
    context.fillStyle = `rgb(${fieldColour(each, colours).map(Math.round).join()})`;
    context.fillRect(column * cellWidth, row * cellHeight, cellWidth + 1, cellHeight + 1);
  });
  if (p[0].length > 1) return;
  context.strokeStyle = colour;
  context.lineWidth = 2.6;
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
      const ends = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ].map(([x, y]) => [column + x, row + y]);
      const at = ends.map(([x, y]) => values[y * size + x]);
      const crossings = [];
      for (let k = 0; k < 4; k++) {
        const [one, other] = [at[k], at[(k + 1) % 4]];
        if (one < 0 === other < 0) continue;
        const share = one / (one - other);
        const [from, to] = [ends[k], ends[(k + 1) % 4]];
        crossings.push(from.map((value, axis) => value + share * (to[axis] - value)));
      }
      for (let k = 0; k + 1 < crossings.length; k += 2)
        lines.push([crossings[k], crossings[k + 1]]);
    }
  return lines;
}

/**
 * Draw the probability of class 1, or of every class if there are more, by the one feature.
 * @param {Sheet} sheet @param {Frame} frame
 * @param {{left: number, top: number, width: number, height: number}} box @param {number[][]} p
 */
function drawProbabilities({ context, height }, frame, box, p) {
  const { classes, colours, colour, columns } = frame.study.exported;
  const { left, width } = box;
  const y = (/** @type {number} */ value) => box.top + frame.top(value) * box.height;
  drawGridlines(context, [left, left + width], y, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  const [low, high] = [frame.low[0], frame.high[0]];
  const ticks = [low, (low + high) / 2, high].map((value) => short(value, 3));
  drawTicks(context, left, width, height - 40, ticks);
  context.fillStyle = INK;
  context.fillText(columns[0].name, left + width / 2, height - 20);
  context.textAlign = "left";
  const text = words();
  const title = classes.length === 2 ? text.probabilityOf(classes[1]) : text.probabilities;
  context.fillText(title, 4, 2);
  p[0].forEach((_, c) => {
    context.beginPath();
    context.strokeStyle = p[0].length === 1 ? colour : colours[c];
    context.lineWidth = 2.6;
    p.forEach((each, k) => context.lineTo(left + ((k + 0.5) / p.length) * width, y(each[c])));
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
 */
export const nodePlaces = (sizes, width, height) =>
  arranged(sizes, width, height).map(({ places }) => places);

/**
 * Arrange the nodes of each layer: in a column, or in several if one leaves a node too little room.
 * @param {number[]} sizes @param {number} width @param {number} height
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
 * @param {Sheet} sheet
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./network.js").Configuration} configuration
 * @param {number[][]} grid the inputs of the response's cells
 */
export function drawNetwork(sheet, layers, configuration, grid) {
  const sizes = [layers[0].weights.length, ...layers.map((layer) => layer.thresholds.length)];
  const { output } = costOf(configuration.cost, sizes[sizes.length - 1]);
  const outputs = grid.map((x) => forward(layers, x, configuration.activation, output).outputs);
  sheet.show(() => {
    const { context, width, height } = sheet;
    const drawn = arranged(sizes, width, height);
    layers.forEach(({ weights }, layer) =>
      drawWeights(context, weights, drawn[layer].places, drawn[layer + 1].places),
    );
    context.globalAlpha = 1;
    context.strokeStyle = INK;
    context.lineWidth = 1;
    drawn.forEach(({ places, half }, layer) =>
      places.forEach((place, node) => {
        const responds = layer > 0 && places.length <= MOST_RESPONSES;
        const values = outputs.map((each) => each[layer][node]);
        drawNode(context, place, half, responds ? values : null);
      }),
    );
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} weights
 * @param {[number, number][]} from @param {[number, number][]} to the places of the nodes
 */
function drawWeights(context, weights, from, to) {
  const largest = weights.flat().reduce((most, own) => Math.max(most, Math.abs(own)), 0) || 1;
  weights.forEach((row, i) =>
    row.forEach((weight, h) => {
      const share = Math.abs(weight) / largest;
      if (share < 0.02 && weights.length * row.length > 200) return;
      context.strokeStyle = weight < 0 ? NEGATIVE : POSITIVE;
      context.globalAlpha = 0.25 + 0.65 * share;
      context.lineWidth = 0.3 + 3.2 * share;
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
  context.fillStyle = "white";
  context.beginPath();
  if (values) context.rect(x - half, y - half, 2 * half, 2 * half);
  else context.arc(x, y, Math.min(6, half), 0, 2 * Math.PI);
  context.fill();
  if (values) drawResponse(context, x, y, half, values);
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

/**
 * A line of a chart.
 * @typedef {{label: string, values: [number, number][], dashed?: boolean, colour?: string}} Line
 */

const MARGIN = { left: 52, right: 20, bottom: 30 };

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
export function drawChart(sheet, lines, epochs, options) {
  sheet.show(() => paintChart(sheet, lines, epochs, options));
}

/**
 * @param {Sheet} sheet @param {Line[]} lines @param {number} epochs
 * @param {{log?: boolean, mark?: number | null, at?: number}} options
 */
function paintChart(sheet, lines, epochs, { log = false, mark = null, at }) {
  const { context, width, height } = sheet;
  const top = drawLegend(sheet, lines);
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
    top + ((high - value) / (high - low)) * (height - top - MARGIN.bottom);
  drawAxes(sheet, x, y, low, high, epochs, log);
  lines.forEach(({ values, dashed, colour }, place) => {
    context.strokeStyle = colour ?? lineColour(place);
    context.lineWidth = 2;
    context.setLineDash(dashed ? [5, 4] : []);
    context.beginPath();
    for (const [epoch, value] of values)
      if (Number.isFinite(scale(value))) context.lineTo(x(epoch), y(scale(value)));
    context.stroke();
  });
  context.setLineDash([]);
  for (const [epoch, colour] of [
    [mark, NEGATIVE],
    [at, GREY],
  ]) {
    if (typeof epoch !== "number" || typeof colour !== "string") continue;
    context.strokeStyle = colour;
    context.lineWidth = colour === GREY ? 1 : 2;
    context.beginPath();
    context.moveTo(x(epoch), top);
    context.lineTo(x(epoch), height - MARGIN.bottom);
    context.stroke();
  }
}

/**
 * Return the epoch at a place of a chart.
 * @param {MouseEvent} event @param {Sheet} sheet @param {number} epochs
 */
export function epochAt(event, { width }, epochs) {
  const inside = (event.offsetX - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
  return Math.round(Math.min(Math.max(inside, 0), 1) * epochs);
}

/**
 * @param {Sheet} sheet
 * @param {(epoch: number) => number} x @param {(value: number) => number} y
 * @param {number} low @param {number} high @param {number} epochs @param {boolean} log
 */
function drawAxes({ context, width, height }, x, y, low, high, epochs, log) {
  const step = log ? Math.max(1, Math.ceil((high - low) / 5)) : (high - low) / 4;
  const values = [];
  for (let value = low; value <= high + 1e-12; value += step) values.push(value);
  const written = (/** @type {number} */ value) =>
    log ? `1e${Math.round(value)}` : String(Number(value.toPrecision(2)));
  drawGridlines(context, [MARGIN.left, width - MARGIN.right], y, values, written);
  const ticks = [0, 1, 2, 3, 4].map((k) => String(Math.round((k * epochs) / 4)));
  drawTicks(context, x(0), x(epochs) - x(0), height - 22, ticks);
}

/**
 * Draw lines across, with a number before each.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} ends of each @param {(value: number) => number} y
 * @param {number[]} values @param {(value: number) => string} [text]
 */
function drawGridlines(context, [left, right], y, values, text = String) {
  context.fillStyle = GREY;
  context.strokeStyle = "#dddddd";
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const value of values) {
    context.beginPath();
    context.moveTo(left, y(value));
    context.lineTo(right, y(value));
    context.stroke();
    context.fillText(minus(text(value)), left - 6, y(value));
  }
}

/**
 * Write texts below an axis, at equal distances.
 * @param {CanvasRenderingContext2D} context
 * @param {number} left @param {number} width @param {number} top @param {string[]} texts
 */
function drawTicks(context, left, width, top, texts) {
  context.textAlign = "center";
  context.textBaseline = "top";
  texts.forEach((text, k) => context.fillText(text, left + (k * width) / (texts.length - 1), top));
}

/** Draw the legend of a chart; return where it ends. @param {Sheet} sheet @param {Line[]} lines */
function drawLegend({ context, width }, lines) {
  let [left, top] = [MARGIN.left, 10];
  context.textAlign = "left";
  context.textBaseline = "middle";
  lines.forEach(({ label, dashed, colour }, place) => {
    if (!label) return;
    const room = 34 + context.measureText(label).width;
    if (left > MARGIN.left && left + room > width) [left, top] = [MARGIN.left, top + 16];
    context.strokeStyle = colour ?? lineColour(place);
    context.setLineDash(dashed ? [5, 4] : []);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left + 20, top);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = INK;
    context.fillText(label, left + 24, top);
    left += room;
  });
  return top + 12;
}

/** Return the colour of a line. @param {number} place */
export const lineColour = (place) => LINES[place % LINES.length];

/** Whether the reader has asked for less motion. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

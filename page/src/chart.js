// Lines over epochs, with axes.

import { minus } from "./numbers.js";
import { screenColours, write } from "./sheet.js";
import { words } from "./words.js";

const MARGIN = { left: 46, right: 12, bottom: 34 };
const GAPS = 4; // between ticks, about

/**
 * A line of a chart.
 * @typedef {{label: string, values: [number, number][], dash: number[], colour: string}} Line
 *
 * @typedef {object} Options
 * @property {string} across the title of the axis of the epochs
 * @property {boolean} [log]
 * @property {number | null} [mark] an epoch that the reader has marked
 * @property {number} [at] the epoch that is shown
 * @property {[number, number] | null} [scale] the ends of the upward axis; by default the ends of the lines
 */

/**
 * Draw lines over epochs.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {Line[]} lines
 * @param {number} epochs the last epoch of the axis
 * @param {Options} options
 */
export function drawChart(sheet, lines, epochs, options) {
  sheet.show(() => paintChart(sheet, lines, epochs, options));
}

/**
 * Return the smallest and the largest value of lines that an axis can show.
 * @param {Line[]} lines
 * @param {boolean} log
 * @returns {[number, number] | null}
 */
export function scaleOf(lines, log) {
  let [low, high] = [Infinity, -Infinity];
  for (const { values } of lines)
    for (const [, value] of values)
      if (Number.isFinite(value) && (!log || value > 0))
        [low, high] = [Math.min(low, value), Math.max(high, value)];
  return low <= high ? [low, high] : null;
}

/**
 * Return round numbers that cover a range, such as 0, 0.05, 0.1.
 * @param {number} low
 * @param {number} high
 * @param {number} [gaps] between them, about
 */
export function roundTicks(low, high, gaps = GAPS) {
  const rough = (high - low || 1) / gaps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((each) => each * power >= rough * 0.999) ?? 10) * power;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
}

/**
 * @param {import("./sheet.js").Sheet} sheet @param {Line[]} lines @param {number} epochs
 * @param {Options} options
 */
function paintChart(sheet, lines, epochs, { log = false, mark = null, at, scale, across }) {
  const { context, width, height } = sheet;
  const top = drawLegend(sheet, lines);
  const placed = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const [least, most] = scale ?? scaleOf(lines, log) ?? [log ? 0.1 : 0, 1];
  const ticks = log
    ? decades(Math.floor(placed(least)), Math.ceil(placed(most)))
    : roundTicks(Math.min(least, 0), most);
  const [low, high] = [ticks[0], ticks[ticks.length - 1]];
  const x = (/** @type {number} */ epoch) =>
    MARGIN.left + (epoch / epochs) * (width - MARGIN.left - MARGIN.right);
  const y = (/** @type {number} */ value) =>
    top + ((high - value) / (high - low || 1)) * (height - top - MARGIN.bottom);
  const written = (/** @type {number} */ value) => (log ? powerOf10(value) : String(value));
  drawGridlines(context, [MARGIN.left, width - MARGIN.right], y, ticks, written);
  drawEpochs(sheet, x, epochs, across);
  const { ink, grey } = screenColours();
  for (const { values, dash, colour } of lines) {
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    for (const [epoch, value] of values)
      if (Number.isFinite(placed(value))) context.lineTo(x(epoch), y(placed(value)));
    context.stroke();
  }
  if (lines.every(({ values }) => !values.length)) {
    context.textAlign = "center";
    const parts = words().empty.split(/(?<=[,，]) ?/); // each on a line of its own: a phone is narrow
    const [left, middle] = [(x(0) + x(epochs)) / 2, (y(low) + y(high)) / 2];
    parts.forEach((part, line) => write(context, part, left, middle + 16 * line));
  }
  drawUpright(context, x(at ?? 0), [top, height - MARGIN.bottom], grey, 1);
  if (mark !== null) drawUpright(context, x(mark), [top, height - MARGIN.bottom], ink, 3);
  context.setLineDash([]);
}

/** Write a power of 10, as a number if it is short. @param {number} exponent */
const powerOf10 = (exponent) =>
  Math.abs(exponent) <= 3
    ? String(Number(`1e${Math.round(exponent)}`))
    : `1e${Math.round(exponent)}`;

/** @param {number} low @param {number} high */
function decades(low, high) {
  const step = Math.max(1, Math.ceil((high - low) / (GAPS + 1)));
  const last = low + step * Math.max(1, Math.ceil((high - low) / step));
  return Array.from({ length: (last - low) / step + 1 }, (_, k) => low + k * step);
}

/**
 * @param {CanvasRenderingContext2D} context @param {number} x @param {number[]} ends
 * @param {string} colour @param {number} lineWidth
 */
function drawUpright(context, x, [top, bottom], colour, lineWidth) {
  context.setLineDash(lineWidth > 1 ? [2, 3] : []);
  Object.assign(context, { strokeStyle: colour, lineWidth });
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
}

/**
 * Return the epoch at a place of a chart.
 * @param {MouseEvent} event @param {import("./sheet.js").Sheet} sheet @param {number} epochs
 */
export function epochAt(event, { width }, epochs) {
  const inside = (event.offsetX - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
  return Math.round(Math.min(Math.max(inside, 0), 1) * epochs);
}

/**
 * Draw the axis of the epochs.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {(epoch: number) => number} x @param {number} epochs @param {string} title
 */
function drawEpochs({ context, width, height }, x, epochs, title) {
  const ticks = roundTicks(0, epochs, width > 260 ? 5 : 2).filter((tick) => tick <= epochs);
  const places = ticks.map((tick) => x(tick));
  drawTicks(context, places, height - MARGIN.bottom + 4, ticks.map(String));
  context.textAlign = "center";
  context.fillText(title, (x(0) + x(epochs)) / 2, height - 15);
}

/**
 * Draw lines across, with a number before each.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} ends of each @param {(value: number) => number} y
 * @param {number[]} values @param {(value: number) => string} [text]
 */
export function drawGridlines(context, [left, right], y, values, text = String) {
  const { grey, grid } = screenColours();
  context.fillStyle = grey;
  context.strokeStyle = grid;
  context.lineWidth = 1;
  context.setLineDash([]);
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
 * Write texts below an axis.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} places @param {number} top @param {string[]} texts
 */
export function drawTicks(context, places, top, texts) {
  context.textAlign = "center";
  context.textBaseline = "top";
  texts.forEach((text, k) => context.fillText(text, places[k], top));
}

/** Draw the legend of a chart; return where it ends. @param {import("./sheet.js").Sheet} sheet @param {Line[]} lines */
function drawLegend({ context, width }, lines) {
  const { ink } = screenColours();
  let [left, top] = [MARGIN.left, 8];
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { label, dash, colour } of lines) {
    if (!label) continue;
    const room = 32 + context.measureText(label).width;
    if (left > MARGIN.left && left + room > width) [left, top] = [MARGIN.left, top + 15];
    Object.assign(context, { strokeStyle: colour, lineWidth: 2 });
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left + 18, top);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = ink;
    context.fillText(label, left + 22, top);
    left += room;
  }
  return top + 14;
}

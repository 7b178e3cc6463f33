// Lines over epochs.

import { minus } from "./numbers.js";
import { GREY, INK, NEGATIVE } from "./sheet.js";

const LINES = ["#0072B2", "#D55E00", "#009E73", "#AA4499", "#7A5C3A", "#000000"];

/**
 * A line of a chart.
 * @typedef {{label: string, values: [number, number][], dashed?: boolean, colour?: string}} Line
 */

const MARGIN = { left: 52, right: 20, bottom: 30 };

/**
 * Draw lines over epochs.
 * @param {import("./sheet.js").Sheet} sheet
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
 * @param {import("./sheet.js").Sheet} sheet @param {Line[]} lines @param {number} epochs
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
 * @param {MouseEvent} event @param {import("./sheet.js").Sheet} sheet @param {number} epochs
 */
export function epochAt(event, { width }, epochs) {
  const inside = (event.offsetX - MARGIN.left) / (width - MARGIN.left - MARGIN.right);
  return Math.round(Math.min(Math.max(inside, 0), 1) * epochs);
}

/**
 * @param {import("./sheet.js").Sheet} sheet
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
export function drawGridlines(context, [left, right], y, values, text = String) {
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
export function drawTicks(context, left, width, top, texts) {
  context.textAlign = "center";
  context.textBaseline = "top";
  texts.forEach((text, k) => context.fillText(text, left + (k * width) / (texts.length - 1), top));
}

/** Draw the legend of a chart; return where it ends. @param {import("./sheet.js").Sheet} sheet @param {Line[]} lines */
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

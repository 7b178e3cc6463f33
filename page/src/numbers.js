// How numbers and symbols are written.

import { element } from "./elements.js";
import { words } from "./words.js";

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

/** Whole names, and hyphens that are in no word. */
const MARKED = /(?<!\p{L})(?:alpha|beta|gamma|theta|yhat|eta)(?!\p{L})|(?<!\p{L})-|-(?!\p{L})/gu;

/** Write Greek letters and minus signs as such, and words in the language. @param {string} symbols */
export const greek = (symbols) =>
  words()
    .translated(symbols)
    .replaceAll("dE/d", "∂E/∂") // as the lecture writes derivatives
    .replace(MARKED, (name) => MARKS[name]);

/** Return the learning rate of a slider, whose values are powers of 10. @param {number} power */
export const rateAt = (power) => Number((10 ** power).toPrecision(2));

/** Return a partial derivative. @param {string} of @param {string} by */
export const fractionOf = (of, by) =>
  element(
    "span",
    { className: "fraction" },
    element("span", {}, "∂", ...lecture(of)),
    element("span", {}, "∂", ...lecture(by)),
  );

/** Return symbols of the lecture, with subscripts. @param {string} symbols @returns {Node[]} */
export const lecture = (symbols) =>
  greek(symbols)
    .split(/(_(?:[0-9]+(?:,[0-9]+)*|[hj]{1,2}\b))/)
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

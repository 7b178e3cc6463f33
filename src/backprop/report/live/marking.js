// Marking of an exercise: an answer that follows from an earlier mistake is right, and the first
// wrong step gets a name. The formulas are those that the page shows; a slip is a change of one.

import { evaluate } from "./formula.js";

const DIGITS = 4;
const FOLLOWING = 0.005; // how far rounding may carry an answer from what follows from the others
const ANSWER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * Slips: how each changes a formula of the exercise.
 * @type {Record<string, (line: import("./one_step.js").Line) => string>}
 */
export const SLIPS = {
  no_threshold: ({ formula }) => formula.replace(/ \+ (?:gamma|theta)(?:_\d+)?/g, ""),
  threshold_too_early: ({ symbol, formula }) =>
    /^alpha|^beta/.test(symbol)
      ? `${formula} + ${symbol.replace("alpha", "gamma").replace("beta", "theta")}`
      : formula,
  no_sigma: ({ formula }) => formula.replace(/^1 \/ \(1 \+ exp\(-\((.*)\)\)\)$/, "$1"),
  sign_in_sigma: ({ formula }) => formula.replace("exp(-", "exp("),
  no_half: ({ formula }) => formula.replace(/^1\/2 /, ""),
  no_square: ({ formula }) => formula.replace("^2", ""),
  no_slope: ({ formula }) => formula.replace(/(?:yhat|b_\d+) \(1 - (?:yhat|b_\d+)\)/, "1"),
  half_slope: ({ formula }) => formula.replace(/ \(1 - (?:yhat|b_\d+)\)/, ""),
  indices: ({ formula }) => formula.replace(/v_(\d),(\d)/g, (_, one, other) => `v_${other},${one}`),
  no_input: ({ part, formula }) => (part === "gradient" ? formula.split(" ")[0] : formula),
  new_weights: ({ part, formula }) =>
    part === "error" ? formula.replace(/w_(\d)/g, "(w_$1 - 0.5 error b_$1)") : formula,
  no_rate: ({ part, formula }) =>
    part === "update" ? formula.replace(/ - [\d.]+ /, " - ") : formula,
  plus: ({ part, formula }) => (part === "update" ? formula.replace(" - ", " + ") : formula),
  sign: ({ formula }) => `-(${formula})`,
};

/**
 * Return a number that was typed, or NaN.
 * @param {string} typed
 */
export function answerOf(typed) {
  const text = writtenPlainly(typed);
  return ANSWER.test(text) ? Number(text) : NaN;
}

/** @param {string} typed */
const writtenPlainly = (typed) => typed.trim().replace(",", ".").replaceAll("−", "-");

/** Return how many significant digits a number was typed with. @param {string} typed */
function digitsIn(typed) {
  const [mantissa] = writtenPlainly(typed).toLowerCase().split("e");
  return mantissa.replace(/[-+.]/g, "").replace(/^0+/, "").length;
}

/**
 * Return whether a number is right to `DIGITS` significant digits, or one off in the last.
 * @param {number} answer
 * @param {number} value
 */
export function isAnswer(answer, value) {
  if (value === 0) return answer === 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - DIGITS + 1);
  return Math.abs(answer - value) <= 1.0001 * unit;
}

/**
 * Return whether a number is a value, rounded to the few digits that it was typed with.
 * @param {string} typed
 * @param {number} value
 */
function isRounded(typed, value) {
  const digits = digitsIn(typed);
  if (digits === 0 || digits >= DIGITS) return false;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);
  return Math.abs(answerOf(typed) - value) <= 0.5001 * unit;
}

/**
 * How an answer was marked: `follows` from a mistake before it; `few_digits` if it is right, but
 * rounded too much; `unread` if it is no number.
 * @typedef {object} Mark
 * @property {"empty" | "right" | "follows" | "few_digits" | "wrong" | "unread"} state
 * @property {string | null} slip an entry of `SLIPS`, of the first wrong answer
 */

/** Return whether a number is not one to calculate. @param {import("./one_step.js").Line} line */
export const isGiven = ({ part }) => part === "given" || part === "memory";

/**
 * Mark the answers to an exercise.
 * @param {import("./one_step.js").Line[]} lines all numbers, in the order of the calculation
 * @param {string[]} typed the answers to those that are not given
 * @returns {Mark[]}
 */
export function markAll(lines, typed) {
  const used = new Map(lines.map(({ symbol, value }) => [symbol, value]));
  const valueOf = (/** @type {string} */ symbol) => used.get(symbol) ?? NaN;
  let isFirst = true;
  return lines
    .filter((line) => !isGiven(line))
    .map((line, k) => {
      // What follows from the answers so far; these replace the right numbers.
      const following = evaluate(line.formula, valueOf);
      const state = stateOf(typed[k], line.value, following);
      used.set(line.symbol, ["wrong", "follows"].includes(state) ? answerOf(typed[k]) : following);
      const slip = state === "wrong" && isFirst ? slipOf(line, typed[k], valueOf) : null;
      isFirst &&= state !== "wrong";
      return { state, slip };
    });
}

/**
 * @param {string} typed
 * @param {number} value the right one
 * @param {number} following from the answers before
 * @returns {Mark["state"]}
 */
function stateOf(typed, value, following) {
  if (typed.trim() === "") return "empty";
  const answer = answerOf(typed);
  if (Number.isNaN(answer)) return "unread";
  const isShort = value !== 0 && digitsIn(typed) < DIGITS;
  if (isAnswer(answer, value)) return isShort ? "few_digits" : "right";
  if (isRounded(typed, value)) return "few_digits";
  const differs = Math.abs(following - value) > 1e-9 * Math.abs(value);
  const isNear = Math.abs(answer - following) <= FOLLOWING * Math.abs(following);
  return differs && isNear ? "follows" : "wrong";
}

/**
 * Return which slip gives an answer, or null.
 * @param {import("./one_step.js").Line} line
 * @param {string} typed
 * @param {(symbol: string) => number} valueOf
 */
function slipOf(line, typed, valueOf) {
  const found = Object.entries(SLIPS).find(([, change]) => {
    const formula = change(line);
    if (formula === line.formula) return false;
    const value = evaluate(formula, valueOf);
    return isAnswer(answerOf(typed), value) || isRounded(typed, value);
  });
  return found ? found[0] : null;
}

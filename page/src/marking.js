// Marking of an exercise: an answer that follows from an earlier mistake, or from rounded numbers, is
// right, and the first wrong step gets a name. The formulas are those that the page shows; a slip is a
// change of one.

import { evaluate } from "./formula.js";

const DIGITS = 4;
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
  return Math.abs(answer - value) <= 1.0001 * unitOf(value);
}

/** Return one unit in the last of some significant digits. @param {number} value @param {number} [digits] */
const unitOf = (value, digits = DIGITS) =>
  value === 0 ? 0 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1);

/**
 * Return whether a number is a value, rounded to the few digits that it was typed with.
 * @param {string} typed
 * @param {number} value
 */
function isRounded(typed, value) {
  const digits = digitsIn(typed);
  if (digits === 0 || digits >= DIGITS) return false;
  return Math.abs(answerOf(typed) - value) <= 0.5001 * unitOf(value, digits);
}

/**
 * How an answer was marked: `follows` from what was written before it; `few_digits` if it is right,
 * but rounded too much; `unread` if it is no number.
 * @typedef {object} Mark
 * @property {"empty" | "right" | "follows" | "few_digits" | "wrong" | "unread"} state
 * @property {string | null} slip an entry of `SLIPS`, of the first wrong answer
 */

/**
 * A number that a reader goes on with, and how far rounding may have carried it.
 * @typedef {{value: number, off: number}} Written
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
  /** @type {Map<string, Written>} */
  const written = new Map(
    lines.filter(isGiven).map(({ symbol, value }) => [symbol, { value, off: 0 }]),
  );
  let isFirst = true;
  return lines
    .filter((line) => !isGiven(line))
    .map((line, k) => {
      const following = followingFrom(line.formula, written);
      const state = stateOf(typed[k], line.value, following);
      const value = ["wrong", "follows"].includes(state) ? answerOf(typed[k]) : following.value;
      const slip = state === "wrong" && isFirst ? slipOf(line, typed[k], written) : null;
      const isTyped = state !== "empty" && state !== "unread";
      written.set(line.symbol, { value, off: isTyped ? unitOf(value) : following.off });
      isFirst &&= state !== "wrong";
      return { state, slip };
    });
}

/**
 * Return what a formula gives, and how far off it can be if the numbers in it were rounded.
 * @param {string} formula
 * @param {Map<string, Written>} written
 * @returns {Written}
 */
function followingFrom(formula, written) {
  const worth = (/** @type {string} */ changed, /** @type {number} */ by) =>
    evaluate(formula, (symbol) => {
      const { value = NaN } = written.get(symbol) ?? {};
      return symbol === changed ? value + by : value;
    });
  const value = worth("", 0);
  const shifts = [...written].map(([symbol, { off }]) => Math.abs(worth(symbol, off) - value));
  return { value, off: shifts.reduce((total, each) => total + each, 0) };
}

/** Return whether an answer is what follows, up to rounding. @param {number} answer @param {Written} following */
const isFollowing = (answer, { value, off }) =>
  Math.abs(answer - value) <= off + 1.0001 * unitOf(value);

/**
 * @param {string} typed
 * @param {number} value the right one
 * @param {Written} following from the answers before
 * @returns {Mark["state"]}
 */
function stateOf(typed, value, following) {
  if (typed.trim() === "") return "empty";
  const answer = answerOf(typed);
  if (Number.isNaN(answer)) return "unread";
  const isShort = value !== 0 && digitsIn(typed) < DIGITS;
  if (isAnswer(answer, value)) return isShort ? "few_digits" : "right";
  if (isRounded(typed, value)) return "few_digits";
  return isFollowing(answer, following) ? "follows" : "wrong";
}

/**
 * Return which slip gives an answer, or null.
 * @param {import("./one_step.js").Line} line
 * @param {string} typed
 * @param {Map<string, Written>} written
 */
function slipOf(line, typed, written) {
  const found = Object.entries(SLIPS).find(([, change]) => {
    const formula = change(line);
    if (formula === line.formula) return false;
    const following = followingFrom(formula, written);
    return isFollowing(answerOf(typed), following) || isRounded(typed, following.value);
  });
  return found ? found[0] : null;
}

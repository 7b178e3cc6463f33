// The graph of operations of one node, as automatic differentiation sees it: inputs times weights, sum,
// threshold, activation, cost. Each operation has a value, a gradient, and the local derivative of what
// it leads to; the numbers are from `one_step.js` and `chain_rule.js`.

import { chainOf } from "./chain_rule.js";
import { DESCENT, sumOf } from "./network.js";
import { Symbols, followUpdate, put } from "./one_step.js";

const MOST_TERMS = 4; // inputs of the node that are drawn, those with the largest products

/**
 * A number, with the formula that it follows from; none if it is given.
 * @typedef {{symbol: string, value: number, formula?: string, numbers?: (digits: number) => string}} Term
 *
 * A local derivative.
 * @typedef {{formula: string, value: number}} Local
 *
 * An operation, or a number that is given.
 * @typedef {object} Operation
 * @property {"given" | "product" | "sum" | "threshold" | "output" | "cost"} kind `threshold` is the sum
 *   with the threshold
 * @property {string} symbol in the lecture's symbols
 * @property {string} formula "" if it is given
 * @property {(digits: number) => string} numbers the formula with the numbers put in
 * @property {number} value
 * @property {Operation | null} to what it leads to; null of the cost
 * @property {Local} local the derivative of that by this; 1 of the cost
 * @property {number} gradient the derivative of E by this
 */

/**
 * Return the operations of a node for one sample: each after all that lead to it.
 * @param {import("./network.js").Layer[]} layers
 * @param {number[]} x
 * @param {number[]} y
 * @param {import("./network.js").Configuration} configuration
 * @param {{layer: number, node: number}} place
 * @returns {Operation[]}
 */
export function operationsOf(layers, x, y, configuration, { layer, node }) {
  const symbols = new Symbols(layers.length - 1, y.length);
  const descent = { ...configuration, ...DESCENT, batch_size: 1 };
  const lines = followUpdate(layers, [x], [y], descent);
  const known = new Map(lines.map((line) => [line.symbol, line]));
  const lineOf = (/** @type {string} */ symbol) => /** @type {Term} */ (known.get(symbol));
  /** @type {Operation[]} */
  const all = [];
  /** @type {(kind: Operation["kind"], term: Term, to: Operation | null, local?: Local) => Operation} */
  const add = (kind, term, to, local = ONE) => {
    const { formula = "", numbers = () => "" } = term;
    all.push({
      ...term,
      kind,
      formula,
      numbers,
      to,
      local,
      gradient: (to?.gradient ?? 1) * local.value,
    });
    return all[all.length - 1];
  };
  const errors = chainOf(layers, x, y, configuration, { layer, node, from: null }).filter(
    ({ isError }) => isError,
  );
  let above = add("cost", lineOf("E"), null);
  if (errors.length > 1)
    above = add("output", lineOf(symbols.output(layer, node)), above, errors[0]);
  const [sum, threshold] = [
    lineOf(symbols.sum(layer, node)),
    lineOf(symbols.threshold(layer, node)),
  ];
  const net = { ...adding([sum, threshold]), symbol: `(${sum.symbol} + ${threshold.symbol})` };
  above = add("threshold", net, above, errors[errors.length - 1]);
  const terms = layers[layer - 1].weights.map((_, i) =>
    multiplying(lineOf(symbols.weight(layer, i, node)), lineOf(symbols.output(layer - 1, i))),
  );
  const [drawn, others] = largest(terms);
  const rest = others.length ? [{ ...adding(others), symbol: REST }] : [];
  const total = add("sum", { ...adding([...drawn, ...rest]), symbol: sum.symbol }, above);
  for (const term of drawn) {
    const { factors } = term;
    const product = add("product", term, total);
    factors.forEach(({ symbol, value }, k) =>
      add("given", { symbol, value }, product, {
        formula: factors[1 - k].symbol,
        value: factors[1 - k].value,
      }),
    );
  }
  for (const { symbol, value } of rest) add("given", { symbol, value }, total);
  add("given", { symbol: threshold.symbol, value: threshold.value }, above);
  /** @type {(own: Operation) => Operation[]} */
  const upTo = (own) => [...all.filter(({ to }) => to === own).flatMap(upTo), own];
  return upTo(all[0]);
}

/** The products that are not drawn, together. */
export const REST = "the rest";
const ONE = { formula: "1", value: 1 };

/**
 * Return the sum of terms.
 * @param {Term[]} terms
 * @returns {Term}
 */
const adding = (terms) => ({
  symbol: "",
  formula: terms.map(({ symbol }) => symbol).join(" + "),
  numbers: put((written) => terms.map(({ value }) => written(value)).join(" + ")),
  value: sumOf(terms.map(({ value }) => value)),
});

/**
 * Return the product of a weight and what comes in along it.
 * @param {Term} w @param {Term} b
 */
const multiplying = (w, b) => ({
  symbol: `${w.symbol} ${b.symbol}`,
  formula: `${w.symbol} ${b.symbol}`,
  numbers: put((written) => `${written(w.value)}·${written(b.value)}`),
  value: w.value * b.value,
  factors: [w, b],
});

/**
 * Return the terms that are drawn, in their order, and the others.
 * @template {Term} T
 * @param {T[]} terms
 */
function largest(terms) {
  const sizes = terms.map(({ value }) => Math.abs(value)).sort((one, other) => other - one);
  const least = terms.length > MOST_TERMS ? sizes[MOST_TERMS - 1] : 0;
  const drawn = terms.filter(({ value }) => Math.abs(value) >= least).slice(0, MOST_TERMS);
  return [drawn, terms.filter((term) => !drawn.includes(term))];
}

// The gradient of one weight as the chain rule writes it: a product of factors, each with the name
// that the lecture gives it.

import { ACTIVATIONS, costOf, forward, errors } from "./network.js";
import { Symbols, digitsOf } from "./one_step.js";

/**
 * A factor of a gradient.
 * @typedef {object} Factor
 * @property {[string, string]} derivative of what, by what, in the lecture's symbols
 * @property {"outputError" | "slope" | "together" | "above" | "below" | "one"} name what it is
 * @property {string} formula
 * @property {number} value
 * @property {boolean} isError whether it belongs to the error of the node
 */

/**
 * Return the factors of the gradient of a weight or threshold, for one sample.
 * @param {import("./network.js").Layer[]} layers
 * @param {number[]} x
 * @param {number[]} y
 * @param {import("./network.js").Configuration} configuration
 * @param {import("./one_step.js").Place} place
 * @returns {Factor[]}
 */
export function chainOf(layers, x, y, { activation, cost }, { layer, node, from }) {
  const chosen = costOf(cost, y.length);
  const { sums, outputs } = forward(layers, x, activation, chosen.output);
  const layerErrors = errors(layers, sums, outputs, y, activation, cost);
  const symbols = new Symbols(layers.length - 1, y.length);
  const sum = `(${symbols.sum(layer, node)} + ${symbols.threshold(layer, node)})`;
  const output = symbols.output(layer, node);
  const parameter =
    from === null ? symbols.threshold(layer, node) : symbols.weight(layer, from, node);
  const last = {
    derivative: /** @type {[string, string]} */ ([sum, parameter]),
    name: /** @type {Factor["name"]} */ (from === null ? "one" : "below"),
    formula: from === null ? "1" : symbols.output(layer - 1, from),
    value: from === null ? 1 : outputs[layer - 1][from],
    isError: false,
  };
  const own = outputs[layer][node];
  const factor = (
    /** @type {[string, string]} */ derivative,
    /** @type {Factor["name"]} */ name,
    /** @type {string} */ formula,
    /** @type {number} */ value,
  ) => ({ derivative, name, formula, value, isError: true });
  if (layer < layers.length) {
    const above = layerErrors[layer];
    const weights = layers[layer].weights[node];
    const terms = above.map(
      (_, j) => `${symbols.error(layer + 1, j)} ${symbols.weight(layer + 1, node, j)}`,
    );
    const arriving = above.reduce((total, error, j) => total + error * weights[j], 0);
    const { derivative } = ACTIVATIONS[activation];
    const slope = derivative(sums[layer - 1][node], own);
    return [
      factor(["E", output], "above", terms.join(" + "), arriving),
      factor([output, sum], "slope", slopeFormula(activation, output, sum), slope),
      last,
    ];
  }
  const target = symbols.ofOutput("y", node);
  if (!chosen.slope || !chosen.outputError)
    return [
      factor(["E", sum], "together", `${output} - ${target}`, layerErrors[layer - 1][node]),
      last,
    ];
  const [off, slope] = [chosen.outputError(own, y[node]), chosen.slope(own)];
  return [
    factor(["E", output], "outputError", `${output} - ${target}`, off),
    factor([output, sum], "slope", slopeFormula("sigmoid", output, sum), slope),
    last,
  ];
}

/** @param {string} activation @param {string} b @param {string} sum */
function slopeFormula(activation, b, sum) {
  const by = /** @type {Record<string, string>} */ ({ a: sum, b });
  const formula = ACTIVATIONS[activation].derivativeFormula;
  return formula.replace(/\b[ab]\b/g, (symbol) => by[symbol]);
}

/**
 * Return the product of factors as it is shown: with as many digits as its value needs.
 * @param {Pick<Factor, "value">[]} factors
 * @param {number} digits of the value
 */
export function productOf(factors, digits) {
  const value = factors.reduce((total, each) => total * each.value, 1);
  for (let more = digits; more < 17; more++) {
    const shown = factors.map((factor) => digitsOf(factor.value, more));
    const product = shown.reduce((total, each) => total * Number(each), 1);
    if (product.toPrecision(digits) === value.toPrecision(digits)) return { shown, value };
  }
  return { shown: factors.map((factor) => String(factor.value)), value };
}

// One update, number by number, in the lecture's symbols, as `backprop.statistics.one_step` lists
// it. With several hidden layers, each symbol has its layer in brackets.

import {
  ACTIVATIONS,
  OUTPUTS,
  copyOf,
  costOf,
  costOfSample,
  trainBatch,
  weightedSum,
} from "./network.js";
import { evaluate } from "./formula.js";

/**
 * A number of an update.
 * @typedef {object} Line
 * @property {"given" | "forward" | "error" | "gradient" | "update"} part
 * @property {string} symbol such as ``v_1,2``: the indices of an array follow _, from 1
 * @property {string} formula
 * @property {(digits: number) => string} numbers the formula with the numbers put in
 * @property {number} value
 * @property {number} layer of the node, or above the edge: 0 is that of the inputs
 * @property {number} node from 0
 * @property {number | null} from the node below, of an edge
 *
 * A node, or an edge from the node below.
 * @typedef {{layer: number, node: number, from: number | null}} Place
 */

/** The lecture's symbols of a network. */
export class Symbols {
  /** @param {number} hidden the number of hidden layers @param {number} outputs */
  constructor(hidden, outputs) {
    this.hidden = hidden;
    this.outputs = outputs;
  }

  /** @param {string} symbol @param {number} node */
  ofOutput(symbol, node) {
    return this.outputs > 1 ? `${symbol}_${node + 1}` : symbol;
  }

  /** @param {string} symbol @param {number} layer from 1 */
  bracket(symbol, layer) {
    return this.hidden > 1 ? `${symbol}(${layer})` : symbol;
  }

  /** @param {number} layer above the edge @param {number} i @param {number} node */
  weight(layer, i, node) {
    if (layer > this.hidden) return this.outputs > 1 ? `w_${i + 1},${node + 1}` : `w_${i + 1}`;
    return `${this.bracket("v", layer)}_${i + 1},${node + 1}`;
  }

  /** @param {number} layer @param {number} node */
  threshold(layer, node) {
    if (layer > this.hidden) return this.ofOutput("theta", node);
    return `${this.bracket("gamma", layer)}_${node + 1}`;
  }

  /** @param {number} layer @param {number} node */
  sum(layer, node) {
    if (layer > this.hidden) return this.ofOutput("beta", node);
    return `${this.bracket("alpha", layer)}_${node + 1}`;
  }

  /** @param {number} layer @param {number} node */
  output(layer, node) {
    if (layer === 0) return `x_${node + 1}`;
    if (layer > this.hidden) return this.ofOutput("yhat", node);
    return `${this.bracket("b", layer)}_${node + 1}`;
  }

  /** @param {number} layer @param {number} node */
  error(layer, node) {
    if (layer > this.hidden) return this.outputs > 1 ? `error(out)_${node + 1}` : "error";
    return `${this.bracket("error", layer)}_${node + 1}`;
  }
}

/**
 * Return a function that writes numbers in a formula. Zeros at the end are kept, as they are digits
 * that are known; a number that is shorter is written as it is.
 * @param {number} digits
 */
const writing = (digits) => (/** @type {number} */ value) => {
  const text = digitsOf(value, digits);
  return text.startsWith("-") ? `(${text})` : text;
};

/**
 * Write a number with some significant digits; all of them if it has fewer.
 * @param {number} value
 * @param {number} digits
 */
export function digitsOf(value, digits) {
  const text = String(value);
  if (!Number.isFinite(value) || digits >= 17) return text;
  const rounded = value.toPrecision(digits);
  return Number(rounded) === value ? text : rounded;
}

const MOST_DIGITS = 17; // of a number in a formula: no more are needed to tell two apart

/**
 * Put the numbers into the formula of a line with as many digits as are needed: the value that is
 * shown is what the numbers that are shown give.
 * @param {Line} line
 * @param {number} digits of the value
 */
export function numbersOf(line, digits) {
  const shown = line.value.toPrecision(digits);
  for (let more = digits; more < MOST_DIGITS; more++) {
    const text = line.numbers(more);
    if (evaluate(text).toPrecision(digits) === shown) return text;
  }
  return line.numbers(MOST_DIGITS);
}

/**
 * Return the numbers of a line, to be written with any number of digits.
 * @param {(written: (value: number) => string) => string} texts
 */
const put = (texts) => (/** @type {number} */ digits) => texts(writing(digits));

/**
 * Put texts in the place of symbols. Brackets in brackets, as in exp((z)), are one pair.
 * @param {string} formula
 * @param {Record<string, string>} by
 */
const substituted = (formula, by) =>
  formula
    .replace(/[A-Za-z]+/g, (symbol) => (Object.hasOwn(by, symbol) ? by[symbol] : symbol))
    .replace(/\(\(((?:[^()]|\([^()]*\))*)\)(?=[,)])/g, "($1");

/**
 * Put the sum that enters an output node in the place of z, and write out "sum of" all nodes.
 * @param {string} formula
 * @param {string[]} z of each node
 * @param {number} node
 */
const ofOutputs = (formula, z, node) => {
  const terms = (/** @type {string} */ term) => z.map((each) => substituted(term, { z: each }));
  const written = formula.replace(/sum of (\S+)/, (_, term) => `(${terms(term).join(" + ")})`);
  return substituted(written, { z: z[node] });
};

/**
 * Follow the update of one batch, and list every number of one of its samples.
 * @param {import("./network.js").Layer[]} layers before the update; left as they are
 * @param {number[][]} x the inputs of the batch
 * @param {number[][]} y its targets
 * @param {import("./network.js").Configuration} configuration
 * @param {number} [k] which sample of the batch
 * @param {typeof trainBatch} [batch] how the update is taken: with a mistake, the formulas are the
 *   right ones and the values are not
 * @returns {Line[]} in the order in which they are calculated
 */
export function followUpdate(layers, x, y, configuration, k = 0, batch = trainBatch) {
  const updated = copyOf(layers);
  const steps = batch(updated, x, y, configuration);
  const symbols = new Symbols(layers.length - 1, y[k].length);
  const state = { layers, updated, steps, symbols, configuration, k, x: x[k], y: y[k] };
  return [...given(state), ...forwards(state), ...backwardErrors(state), ...changes(state)];
}

/**
 * @typedef {object} State
 * @property {import("./network.js").Layer[]} layers
 * @property {import("./network.js").Layer[]} updated
 * @property {import("./network.js").Step[]} steps
 * @property {Symbols} symbols
 * @property {import("./network.js").Configuration} configuration
 * @property {number} k
 * @property {number[]} x
 * @property {number[]} y
 */

/** @param {State} state @returns {Line[]} */
function given({ layers, symbols, x, y }) {
  const line = (
    /** @type {string} */ symbol,
    /** @type {number} */ value,
    /** @type {number} */ layer,
    /** @type {number} */ node,
    /** @type {number | null} */ from = null,
  ) => ({
    part: /** @type {const} */ ("given"),
    symbol,
    formula: "",
    numbers: () => "",
    value,
    layer,
    node,
    from,
  });
  return [
    ...x.map((value, i) => line(symbols.output(0, i), value, 0, i)),
    ...y.map((value, j) => line(symbols.ofOutput("y", j), value, layers.length, j)),
    ...layers.flatMap(({ weights, thresholds }, place) => [
      ...weights.flatMap((row, i) =>
        row.map((value, h) => line(symbols.weight(place + 1, i, h), value, place + 1, h, i)),
      ),
      ...thresholds.map((value, h) => line(symbols.threshold(place + 1, h), value, place + 1, h)),
    ]),
  ];
}

/** @param {State} state @returns {Line[]} */
function forwards({ layers, steps, symbols, configuration, k, y }) {
  const { sums, outputs } = steps[k];
  const chosen = costOf(configuration.cost, y.length);
  const part = /** @type {const} */ ("forward");
  const lines = layers.flatMap(({ weights, thresholds }, place) => {
    const layer = place + 1;
    const isLast = layer === layers.length;
    const below = outputs[place];
    const a = thresholds.map(
      (_, node) => `(${symbols.sum(layer, node)} + ${symbols.threshold(layer, node)})`,
    );
    const output = (/** @type {string[]} */ sums, /** @type {number} */ node) =>
      isLast
        ? ofOutputs(OUTPUTS[chosen.output].formula, sums, node)
        : substituted(ACTIVATIONS[configuration.activation].formula, { a: sums[node] });
    return [
      ...thresholds.map((_, node) => ({
        part,
        symbol: symbols.sum(layer, node),
        formula: below
          .map((_, i) => `${symbols.weight(layer, i, node)} ${symbols.output(place, i)}`)
          .join(" + "),
        numbers: put((w) => below.map((b, i) => `${w(weights[i][node])}·${w(b)}`).join(" + ")),
        value: weightedSum(below, weights, node),
        layer,
        node,
        from: null,
      })),
      ...thresholds.map((_, node) => ({
        part,
        symbol: symbols.output(layer, node),
        formula: output(a, node),
        numbers: put((w) => output(sums[place].map(w), node)),
        value: outputs[layer][node],
        layer,
        node,
        from: null,
      })),
    ];
  });
  const z = sums[sums.length - 1];
  const yhat = outputs[outputs.length - 1];
  const costs = y.map((target, j) => ({
    part,
    symbol: symbols.ofOutput("E", j),
    formula: indexed(chosen.formula, symbols, j),
    numbers: put((w) => substituted(chosen.formula, { yhat: w(yhat[j]), y: w(target) })),
    value: chosen.value(z[j], target, z),
    layer: layers.length,
    node: j,
    from: null,
  }));
  const total = {
    ...costs[0],
    symbol: "E",
    formula: costs.map(({ symbol }) => symbol).join(" + "),
    numbers: put((w) => costs.map(({ value }) => w(value)).join(" + ")),
    value: costOfSample(z, y, configuration.cost),
  };
  return [...lines, ...costs, ...(costs.length > 1 ? [total] : [])];
}

/** Write a formula in yhat and y for one output. @param {string} formula @param {Symbols} symbols @param {number} j */
const indexed = (formula, symbols, j) =>
  substituted(formula, { yhat: symbols.ofOutput("yhat", j), y: symbols.ofOutput("y", j) });

/** @param {State} state @returns {Line[]} */
function backwardErrors({ layers, steps, symbols, configuration, k, y }) {
  const { sums, outputs, layerErrors } = steps[k];
  const part = /** @type {const} */ ("error");
  const chosen = costOf(configuration.cost, y.length);
  const { derivativeFormula } = ACTIVATIONS[configuration.activation];
  const lines = [];
  for (let layer = layers.length; layer > 0; layer--)
    for (let node = 0; node < layerErrors[layer - 1].length; node++) {
      const shared = {
        part,
        symbol: symbols.error(layer, node),
        value: layerErrors[layer - 1][node],
        layer,
        node,
        from: null,
      };
      const b = outputs[layer][node];
      if (layer === layers.length) {
        lines.push({
          ...shared,
          formula: indexed(chosen.errorFormula, symbols, node),
          numbers: put((w) => substituted(chosen.errorFormula, { yhat: w(b), y: w(y[node]) })),
        });
        continue;
      }
      const above = layerErrors[layer].map((error, j) => ({
        formula: `${symbols.error(layer + 1, j)} ${symbols.weight(layer + 1, node, j)}`,
        numbers: put((w) => `${w(error)}·${w(layers[layer].weights[node][j])}`),
      }));
      const by = {
        a: `(${symbols.sum(layer, node)} + ${symbols.threshold(layer, node)})`,
        b: symbols.output(layer, node),
      };
      const slope = put((w) =>
        substituted(derivativeFormula, { a: w(sums[layer - 1][node]), b: w(b) }),
      );
      lines.push({
        ...shared,
        formula: `${substituted(derivativeFormula, by)} (${above.map((each) => each.formula).join(" + ")})`,
        numbers: (/** @type {number} */ digits) =>
          `${slope(digits)} (${above.map((each) => each.numbers(digits)).join(" + ")})`,
      });
    }
  return lines;
}

/**
 * The gradients and the update, the output layer first.
 * @param {State} state
 * @returns {Line[]}
 */
function changes({ layers, updated, steps, symbols, configuration, k }) {
  /** @type {Line[]} */
  const gradients = [];
  /** @type {Line[]} */
  const updates = [];
  const { learning_rate: eta, l2 } = configuration;
  for (let layer = layers.length; layer > 0; layer--) {
    const { weights, thresholds } = layers[layer - 1];
    /** @param {number} node @param {number | null} from */
    const add = (node, from) => {
      const symbol =
        from === null ? symbols.threshold(layer, node) : symbols.weight(layer, from, node);
      const of = (/** @type {import("./network.js").Step} */ step) =>
        step.layerErrors[layer - 1][node] * (from === null ? 1 : step.outputs[layer - 1][from]);
      const error = steps[k].layerErrors[layer - 1][node];
      const below = from === null ? null : steps[k].outputs[layer - 1][from];
      const place = { layer, node, from };
      gradients.push({
        part: "gradient",
        symbol: `dE/d${symbol}`,
        formula:
          symbols.error(layer, node) + (from === null ? "" : ` ${symbols.output(layer - 1, from)}`),
        numbers: put((w) => w(error) + (below === null ? "" : `·${w(below)}`)),
        value: of(steps[k]),
        ...place,
      });
      const before = from === null ? thresholds[node] : weights[from][node];
      const mean = steps.reduce((total, step) => total + of(step), 0) / steps.length;
      const decays = l2 && from !== null;
      const gradient = steps.length > 1 ? `mean of dE/d${symbol}` : `dE/d${symbol}`;
      const after = updated[layer - 1];
      updates.push({
        part: "update",
        symbol: `new ${symbol}`,
        formula: `${symbol} - ${eta} ${decays ? `(${gradient} + ${l2} ${symbol})` : gradient}`,
        numbers: put(
          (w) => `${w(before)} - ${eta}·${decays ? `(${w(mean)} + ${l2}·${w(before)})` : w(mean)}`,
        ),
        value: from === null ? after.thresholds[node] : after.weights[from][node],
        ...place,
      });
    };
    weights.forEach((row, i) => row.forEach((_, node) => add(node, i)));
    thresholds.forEach((_, node) => add(node, null));
  }
  return [...gradients, ...updates];
}

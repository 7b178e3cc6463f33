// One update, number by number, in the lecture's symbols, as `backprop.statistics.one_step` lists
// it. With several hidden layers, each symbol has its layer in brackets.

import {
  ACTIVATIONS,
  OPTIMISERS,
  OUTPUTS,
  copyOf,
  costOf,
  costOfSample,
  flatten,
  trainBatch,
  weightedSum,
} from "./network.js";
import { evaluate } from "./formula.js";

/**
 * A number of an update.
 * @typedef {object} Line
 * @property {"given" | "memory" | "forward" | "error" | "gradient" | "update"} part
 * @property {string} symbol such as ``v_1,2``: the indices of an array follow _, from 1; what an
 *   optimiser remembers of it is ``m(v_1,2)``
 * @property {string} formula
 * @property {(digits: number) => string} numbers the formula with the numbers put in
 * @property {number} value
 * @property {number} layer of the node, or above the edge: 0 has the inputs
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
  const isTiny = value !== 0 && Math.abs(value) < TINY;
  const rounded = isTiny ? value.toExponential(digits - 1) : value.toPrecision(digits);
  return Number(rounded) === value ? text : rounded;
}

const TINY = 1e-4; // written with a power of 10
const MOST_DIGITS = 17; // of a number in a formula: no more are needed to tell two apart

/**
 * Put the numbers into the formula of a line with as many digits as are needed: the value that is
 * shown is what the numbers that are shown give.
 * @param {Pick<Line, "value" | "numbers">} line
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
export const put = (texts) => (/** @type {number} */ digits) => texts(writing(digits));

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
 * @param {object} [how]
 * @param {typeof trainBatch} [how.batch] how the update is taken: with a mistake, the formulas are the
 *   right ones and the values are not
 * @param {import("./network.js").Memory | null} [how.memory] of the optimiser; left as it is
 * @returns {Line[]} in the order in which they are calculated
 */
export function followUpdate(
  layers,
  x,
  y,
  configuration,
  k = 0,
  { batch = trainBatch, memory = null } = {},
) {
  const updated = copyOf(layers);
  const after = memory && memory.copy();
  const steps = batch(updated, x, y, configuration, after);
  const symbols = new Symbols(layers.length - 1, y[k].length);
  const memories = memory && after ? [memory, after] : null;
  const state = { layers, updated, memories, steps, symbols, configuration, k, x: x[k], y: y[k] };
  return [
    ...given(state),
    ...remembered(state),
    ...forwards(state),
    ...backwardErrors(state),
    ...changes(state),
  ];
}

/**
 * @typedef {object} State
 * @property {import("./network.js").Layer[]} layers
 * @property {import("./network.js").Layer[]} updated
 * @property {import("./network.js").Memory[] | null} memories of the optimiser, before and after
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
 * A weight or a threshold: its place, its symbol, and which parameter it is.
 * @typedef {Place & {symbol: string, k: number}} Parameter
 */

/**
 * Return all parameters, the output layer first; `k` is their place in `flatten`.
 * @param {Pick<State, "layers" | "symbols">} state
 * @returns {Parameter[]}
 */
export function parametersOf({ layers, symbols }) {
  let k = 0;
  const every = layers.map(({ weights, thresholds }, place) => {
    const layer = place + 1;
    return [
      ...weights.flatMap((row, from) =>
        row.map((_, node) => {
          const symbol = symbols.weight(layer, from, node);
          return { layer, node, from, symbol, k: k++ };
        }),
      ),
      ...thresholds.map((_, node) => {
        const symbol = symbols.threshold(layer, node);
        return { layer, node, from: null, symbol, k: k++ };
      }),
    ];
  });
  return every.reverse().flat();
}

/** What the optimiser remembers before the update. @param {State} state @returns {Line[]} */
function remembered(state) {
  const [memory] = state.memories ?? [];
  if (!memory) return [];
  const { slots } = OPTIMISERS[state.configuration.optimiser];
  return parametersOf(state).flatMap(({ symbol, k, ...place }) =>
    slots.map((slot, own) => ({
      part: /** @type {const} */ ("memory"),
      symbol: `${slot}(${symbol})`,
      formula: "",
      numbers: () => "",
      value: memory.slots[own][k],
      ...place,
    })),
  );
}

/** The gradients and the update. @param {State} state @returns {Line[]} */
function changes(state) {
  const { steps, symbols, k } = state;
  const parameters = parametersOf(state);
  const gradients = parameters.map(({ symbol, layer, node, from }) => {
    const error = steps[k].layerErrors[layer - 1][node];
    const below = from === null ? null : steps[k].outputs[layer - 1][from];
    return {
      part: /** @type {const} */ ("gradient"),
      symbol: `dE/d${symbol}`,
      formula:
        symbols.error(layer, node) + (from === null ? "" : ` ${symbols.output(layer - 1, from)}`),
      numbers: put((w) => w(error) + (below === null ? "" : `·${w(below)}`)),
      value: error * (below ?? 1),
      layer,
      node,
      from,
    };
  });
  return [...gradients, ...rateOf(state), ...parameters.flatMap((each) => updateOf(state, each))];
}

/** Return which update it is, if its learning rate depends on that. @param {State} state */
const correctedAt = ({ configuration, memories }) =>
  configuration.optimiser === "adam" && memories ? memories[0].updates + 1 : null;

/** The learning rate of this update, if it is not the rate of each update. @param {State} state @returns {Line[]} */
function rateOf(state) {
  const { configuration, layers } = state;
  const { learning_rate: eta, beta_1, beta_2 } = configuration;
  const t = correctedAt(state);
  if (t === null) return [];
  const root = `sqrt(1 - ${beta_2}^${t}) / (1 - ${beta_1}^${t})`;
  return [
    {
      part: "update",
      symbol: `eta(${t})`,
      formula: `${eta} ${root}`,
      numbers: () => `${eta}·${root}`,
      value: OPTIMISERS.adam.rate(eta, t, configuration),
      layer: layers.length,
      node: 0,
      from: null,
    },
  ];
}

/**
 * A formula, and the same with numbers put in.
 * @typedef {[string, (written: (value: number) => string) => string]} Written
 */

/**
 * Return the gradient that a step is taken by: the mean of a batch, with the weight decay.
 * @param {State} state @param {Parameter} parameter @returns {Written}
 */
function gradientOf({ layers, steps, configuration: { l2 } }, { symbol, k, layer, node, from }) {
  const of = (/** @type {import("./network.js").Step} */ { layerErrors, outputs }) =>
    layerErrors[layer - 1][node] * (from === null ? 1 : outputs[layer - 1][from]);
  const mean = steps.reduce((total, step) => total + of(step), 0) / steps.length;
  const gradient = steps.length > 1 ? `mean of dE/d${symbol}` : `dE/d${symbol}`;
  if (!l2 || from === null) return [gradient, (w) => w(mean)];
  const before = flatten(layers)[k];
  return [`(${gradient} + ${l2} ${symbol})`, (w) => `(${w(mean)} + ${l2}·${w(before)})`];
}

/**
 * The numbers from which the new value of a parameter follows, and this value.
 * @param {State} state
 * @param {Parameter} parameter
 * @returns {Line[]}
 */
function updateOf(state, parameter) {
  const { configuration, memories } = state;
  const { learning_rate, momentum, beta_1, beta_2, epsilon } = configuration;
  const { symbol, k, ...place } = parameter;
  const [g, ofG] = gradientOf(state, parameter);
  const [before, after] = [state.layers, state.updated].map((layers) => flatten(layers)[k]);
  const [old, now] = (memories ?? []).map(({ slots }) => slots.map((slot) => slot[k]));
  const [u, m, s] = ["u", "m", "s"].map((slot) => `${slot}(${symbol})`);
  const t = correctedAt(state);
  /** @type {Record<string, () => [string, ...Written, number][]>} */
  const lines = {
    sgd: () => [
      [
        symbol,
        `${symbol} - ${learning_rate} ${g}`,
        (w) => `${w(before)} - ${learning_rate}·${ofG(w)}`,
        after,
      ],
    ],
    momentum: () => [
      [u, `${momentum} ${u} + ${g}`, (w) => `${momentum}·${w(old[0])} + ${ofG(w)}`, now[0]],
      [
        symbol,
        `${symbol} - ${learning_rate} new ${u}`,
        (w) => `${w(before)} - ${learning_rate}·${w(now[0])}`,
        after,
      ],
    ],
    adam: () => [
      [
        m,
        `${beta_1} ${m} + (1 - ${beta_1}) ${g}`,
        (w) => `${beta_1}·${w(old[0])} + (1 - ${beta_1})·${ofG(w)}`,
        now[0],
      ],
      [
        s,
        `${beta_2} ${s} + (1 - ${beta_2}) ${g}^2`,
        (w) => `${beta_2}·${w(old[1])} + (1 - ${beta_2})·${ofG(w)}^2`,
        now[1],
      ],
      [
        symbol,
        `${symbol} - eta(${t}) new ${m} / (sqrt(new ${s}) + ${epsilon})`,
        (w) => {
          const eta = OPTIMISERS.adam.rate(learning_rate, t ?? 1, configuration);
          return `${w(before)} - ${w(eta)}·${w(now[0])} / (sqrt(${w(now[1])}) + ${epsilon})`;
        },
        after,
      ],
    ],
  };
  return lines[configuration.optimiser]().map(([name, formula, numbers, value]) => ({
    part: "update",
    symbol: `new ${name}`,
    formula,
    numbers: put(numbers),
    value,
    ...place,
  }));
}

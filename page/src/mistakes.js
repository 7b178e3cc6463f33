// The classic mistakes of back-propagation, one entry each: what a training does in place of what
// `training.js` does. And where the first wrong number is.

import { ACTIVATIONS, copyOf, errors, passes, takeStep } from "./network.js";
import { Symbols } from "./one_step.js";
import { CORRECT } from "./training.js";

/**
 * @typedef {object} Mistake
 * @property {import("./training.js").Rules} rules
 * @property {boolean} [ofBatches] whether it has no effect on batches of one sample
 * @property {string} [optimiser] the only one that it can be made with
 * @property {import("./flow.js").Stage} [stage] of an update, in which it shows
 * @property {boolean} [allRows] whether the inputs are scaled by all rows, not by the training rows
 *
 * @typedef {import("./network.js").Layer[]} Layers
 * @typedef {import("./network.js").Configuration} Configuration
 */

/**
 * Return a batch whose errors, or whose step, are others.
 * @param {{errorsOf?: typeof errors, step?: typeof takeStep}} own
 * @returns {typeof import("./network.js").trainBatch}
 */
const batchWith =
  ({ errorsOf = errors, step = takeStep }) =>
  (layers, x, y, configuration, memory) => {
    const steps = passes(layers, x, y, configuration, errorsOf);
    step(layers, steps, configuration, memory);
    return steps;
  };

/** Errors of hidden nodes without sigma'. @type {typeof errors} */
function errorsWithoutSlope(layers, ...state) {
  const layerErrors = [lastError(layers, ...state)];
  for (const { weights } of layers.slice(1).reverse())
    layerErrors.unshift(backwards(weights, layerErrors[0]));
  return layerErrors;
}

/** A step that leaves the thresholds. @type {typeof takeStep} */
function stepWithoutThresholds(layers, ...state) {
  const kept = layers.map(({ thresholds }) => thresholds.slice());
  takeStep(layers, ...state);
  layers.forEach((layer, place) => (layer.thresholds = kept[place]));
}

/** A step as after many updates, when the corrections of Adam are 1. @type {typeof takeStep} */
function stepWithoutCorrection(layers, steps, configuration, memory) {
  if (memory) memory.updates = Infinity;
  takeStep(layers, steps, configuration, memory);
}

/**
 * A batch in which each layer is updated before the errors of the layer below are calculated.
 * @type {typeof import("./network.js").trainBatch}
 */
function batchWithUpdatedWeights(layers, x, y, configuration, memory) {
  const slope = ACTIVATIONS[configuration.activation].derivative;
  const steps = passes(layers, x, y, configuration);
  for (let place = layers.length - 1; place > 0; place--) {
    const updated = copyOf(layers);
    takeStep(updated, steps, configuration, memory?.copy());
    for (const { sums, outputs, layerErrors } of steps) {
      const below = backwards(updated[place].weights, layerErrors[place]);
      const slopes = sums[place - 1].map((a, h) => slope(a, outputs[place][h]));
      layerErrors[place - 1] = below.map((sum, h) => sum * slopes[h]);
    }
  }
  takeStep(layers, steps, configuration, memory);
  return steps;
}

/** Return error_j of the output layer. @param {Parameters<typeof errors>} state */
const lastError = (...[layers, sums, outputs, y, activation, cost]) =>
  errors(layers.slice(-1), sums.slice(-1), outputs.slice(-2), y, activation, cost)[0];

/** Return sum_j w_hj error_j. @param {number[][]} w @param {number[]} above */
const backwards = (w, above) =>
  w.map((row) => row.reduce((sum, weight, j) => sum + weight * above[j], 0));

/** @type {Record<string, Mistake>} */
export const MISTAKES = {
  none: { rules: CORRECT },
  updated_weights: {
    rules: { ...CORRECT, batch: batchWithUpdatedWeights },
    stage: { part: "error", layer: 1 },
  },
  no_slope: {
    rules: { ...CORRECT, batch: batchWith({ errorsOf: errorsWithoutSlope }) },
    stage: { part: "error", layer: 1 },
  },
  no_thresholds: {
    rules: { ...CORRECT, batch: batchWith({ step: stepWithoutThresholds }) },
    stage: { part: "update", layer: null },
  },
  sum: {
    rules: {
      ...CORRECT,
      batch: batchWith({
        step: (layers, steps, own, memory) => takeStep(layers, steps, own, memory, 1),
      }),
    },
    ofBatches: true,
    stage: { part: "update", layer: null },
  },
  no_correction: {
    rules: { ...CORRECT, batch: batchWith({ step: stepWithoutCorrection }) },
    optimiser: "adam",
    stage: { part: "update", layer: null },
  },
  same_order: { rules: { ...CORRECT, orderOf: () => 1 } },
  all_rows: { rules: CORRECT, allRows: true, stage: { part: "given", layer: null } },
};

/**
 * Return the mistakes that can be made with an optimiser.
 * @param {string} optimiser
 */
export const mistakesOf = (optimiser) =>
  Object.keys(MISTAKES).filter((name) => (MISTAKES[name].optimiser ?? optimiser) === optimiser);

/**
 * Begin a fit of a study with a mistake.
 * @param {string} name of an entry of `MISTAKES`
 * @param {import("./study.js").Study} study
 * @param {number} configuration
 * @param {number} split
 */
export function beginWith(name, study, configuration, split) {
  const { rules, allRows } = MISTAKES[name];
  const encoding = allRows ? encodingOfAllRows(study.exported, split) : undefined;
  return study.begin(study.exported.configurations[configuration], split, { rules, encoding });
}

/**
 * Return the encoding of a split, scaled by all rows.
 * @param {import("./study.js").Exported} exported
 * @param {number} split
 * @returns {import("./study.js").Encoding}
 */
function encodingOfAllRows({ splits, everywhere }, split) {
  const { columns } = splits[split];
  const places = columns.map((column) => everywhere.columns.indexOf(column));
  const of = (/** @type {any[]} */ values) => places.map((place) => values[place]);
  const { mean, scale, missing } = everywhere;
  return { columns, mean: of(mean), scale: of(scale), missing: of(missing) };
}

/**
 * Where two trainings first differ.
 * @typedef {object} Difference
 * @property {number} epoch from 1
 * @property {number} update of that epoch, from 1
 * @property {string} quantity in the lecture's symbols
 * @property {number} right
 * @property {number} wrong
 */

/**
 * Return the first number that differs in two fits that have begun, or null.
 * @param {import("./training.js").Fit} right
 * @param {import("./training.js").Fit} wrong
 * @param {number} epochs to look through
 * @returns {Difference | null}
 */
export function firstDifference(right, wrong, epochs) {
  const size = right.configuration.batch_size;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const rows = right.samples.train.length;
    for (let start = 0; start < rows; start += size) {
      const [one, other] = [right, wrong].map((fit) => nextUpdate(fit, epoch, start));
      for (const [place, { values, symbol }] of one.entries()) {
        const k = values.findIndex((value, k) => differs(value, other[place].values[k]));
        if (k < 0) continue;
        const [update, quantity] = [start / size + 1, symbol(k)];
        return { epoch, update, quantity, right: values[k], wrong: other[place].values[k] };
      }
    }
  }
  return null;
}

/** Return whether two numbers differ by more than a rounding error. @param {number} one @param {number} other */
export const differs = (one, other) => Math.abs(one - other) > 1e-12 * Math.max(1, Math.abs(one));

/**
 * Take the update of a fit that begins at a place of an epoch's order; return its numbers.
 * @param {import("./training.js").Fit} fit
 * @param {number} epoch
 * @param {number} start
 */
function nextUpdate({ configuration, layers, memory, orders, rules, samples }, epoch, start) {
  const order = orders.of(rules.orderOf(epoch));
  const batch = order.slice(start, start + configuration.batch_size);
  const x = batch.map((k) => samples.train[k]);
  const y = batch.map((k) => samples.trainTargets[k]);
  return quantities(rules.batch(layers, x, y, configuration, memory), layers);
}

/**
 * Return the numbers of an update, in the order in which they are calculated. Only a number that is
 * shown is given its symbol: there are many.
 * @param {import("./network.js").Step[]} steps
 * @param {Layers} layers after the update
 */
function quantities(steps, layers) {
  /** @type {{values: number[], symbol: (k: number) => string}[]} */
  const listed = [];
  const last = layers.length;
  const symbols = new Symbols(last - 1, layers[last - 1].thresholds.length);
  for (const { outputs, layerErrors } of steps) {
    outputs.forEach((values, layer) =>
      listed.push({ values, symbol: (k) => symbols.output(layer, k) }),
    );
    for (let layer = last; layer > 0; layer--)
      listed.push({ values: layerErrors[layer - 1], symbol: (k) => symbols.error(layer, k) });
  }
  for (let layer = last; layer > 0; layer--) {
    const { weights, thresholds } = layers[layer - 1];
    weights.forEach((values, i) =>
      listed.push({ values, symbol: (k) => `new ${symbols.weight(layer, i, k)}` }),
    );
    listed.push({ values: thresholds, symbol: (k) => `new ${symbols.threshold(layer, k)}` });
  }
  return listed;
}

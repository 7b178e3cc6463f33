// The classic mistakes of back-propagation, one entry each: what a training does in place of what
// `training.js` does. And where the first wrong number is.

import { ACTIVATIONS, costOf, decay, errors, forward, update } from "./network.js";
import { CORRECT } from "./training.js";

/**
 * @typedef {object} Mistake
 * @property {import("./training.js").Rules} rules
 * @property {boolean} [ofBatches] whether it has no effect on batches of one sample
 * @property {boolean} [allRows] whether the inputs are scaled by all rows, not by those of training
 *
 * @typedef {import("./network.js").Layer[]} Layers
 * @typedef {import("./network.js").Configuration} Configuration
 */

/**
 * Return a batch whose errors and updates are others.
 * @param {{errors?: typeof errors, update?: typeof update, rate?: (eta: number, m: number) => number}} own
 * @returns {typeof import("./network.js").trainBatch}
 */
const batchWith = (own) => (layers, x, y, configuration) => {
  const { activation, cost, learning_rate, l2 } = configuration;
  const rate = own.rate ?? ((eta, m) => eta / m);
  const { output } = costOf(cost, y[0].length);
  const steps = x.map((sample, k) => {
    const { sums, outputs } = forward(layers, sample, activation, output);
    const layerErrors = (own.errors ?? errors)(layers, sums, outputs, y[k], activation, cost);
    return { sums, outputs, layerErrors };
  });
  if (l2) decay(layers, learning_rate, l2);
  const eta = rate(learning_rate, x.length);
  for (const { outputs, layerErrors } of steps)
    (own.update ?? update)(layers, outputs, layerErrors, eta);
  return steps;
};

/** Errors of hidden nodes without sigma'. @type {typeof errors} */
function errorsWithoutSlope(layers, ...state) {
  const layerErrors = [lastError(layers, ...state)];
  for (const { weights } of layers.slice(1).reverse())
    layerErrors.unshift(backwards(weights, layerErrors[0]));
  return layerErrors;
}

/** An update that leaves the thresholds. @type {typeof update} */
function updateWithoutThresholds(layers, outputs, layerErrors, eta) {
  const kept = layers.map(({ thresholds }) => thresholds.slice());
  update(layers, outputs, layerErrors, eta);
  layers.forEach((layer, place) => (layer.thresholds = kept[place]));
}

/**
 * A batch in which each layer is updated before the errors of the layer below are calculated.
 * @type {typeof import("./network.js").trainBatch}
 */
function batchWithUpdatedWeights(layers, x, y, configuration) {
  const { activation, cost, learning_rate, l2 } = configuration;
  const { output } = costOf(cost, y[0].length);
  const slope = ACTIVATIONS[activation].derivative;
  if (l2) decay(layers, learning_rate, l2);
  return x.map((sample, k) => {
    const { sums, outputs } = forward(layers, sample, activation, output);
    const layerErrors = [lastError(layers, sums, outputs, y[k], activation, cost)];
    for (let place = layers.length - 1; place >= 0; place--) {
      const below = outputs.slice(place, place + 2);
      update([layers[place]], below, layerErrors.slice(0, 1), learning_rate / x.length);
      if (place)
        layerErrors.unshift(
          backwards(layers[place].weights, layerErrors[0]).map(
            (sum, h) => sum * slope(sums[place - 1][h], outputs[place][h]),
          ),
        );
    }
    return { sums, outputs, layerErrors };
  });
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
  updated_weights: { rules: { ...CORRECT, batch: batchWithUpdatedWeights } },
  no_slope: { rules: { ...CORRECT, batch: batchWith({ errors: errorsWithoutSlope }) } },
  no_thresholds: { rules: { ...CORRECT, batch: batchWith({ update: updateWithoutThresholds }) } },
  sum: { rules: { ...CORRECT, batch: batchWith({ rate: (eta) => eta }) }, ofBatches: true },
  same_order: { rules: { ...CORRECT, orderOf: () => 1 } },
  all_rows: { rules: CORRECT, allRows: true },
};

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
    const orders = [right, wrong].map((fit) => fit.orders.of(fit.rules.orderOf(epoch)));
    for (let start = 0; start < orders[0].length; start += size) {
      const found = [right, wrong].map((fit, place) => {
        const batch = orders[place].slice(start, start + size);
        const x = batch.map((k) => fit.samples.train[k]);
        const y = batch.map((k) => fit.samples.trainTargets[k]);
        const steps = fit.rules.batch(fit.layers, x, y, fit.configuration);
        return quantities(steps, fit.layers);
      });
      const place = found[0].findIndex(({ value }, k) => differs(value, found[1][k].value));
      if (place >= 0) {
        const [{ quantity, value }, { value: other }] = found.map((each) => each[place]);
        return { epoch, update: start / size + 1, quantity, right: value, wrong: other };
      }
    }
  }
  return null;
}

/** @param {number} one @param {number} other */
const differs = (one, other) => Math.abs(one - other) > 1e-12 * Math.max(1, Math.abs(one));

/**
 * Return the numbers of an update, in the order in which they are calculated.
 * @param {import("./network.js").Step[]} steps
 * @param {Layers} layers after the update
 */
function quantities(steps, layers) {
  /** @type {{quantity: string, value: number}[]} */
  const listed = [];
  const hidden = layers.length - 1;
  const inLayer = (/** @type {number} */ layer) => (hidden > 1 ? `(${layer + 1})` : "");
  const add = (/** @type {string} */ symbol, /** @type {number[]} */ values) =>
    values.forEach((value, k) => listed.push({ quantity: `${symbol}${k + 1}`, value }));
  for (const { outputs, layerErrors } of steps) {
    outputs.forEach((values, layer) =>
      add(layer === 0 ? "x_" : layer > hidden ? "ŷ_" : `b${inLayer(layer - 1)}_`, values),
    );
    for (let layer = hidden; layer >= 0; layer--)
      add(layer === hidden ? "error(out)_" : `error${inLayer(layer)}_`, layerErrors[layer]);
  }
  for (let layer = hidden; layer >= 0; layer--) {
    const [weight, threshold] =
      layer === hidden ? ["w_", "θ_"] : [`v${inLayer(layer)}_`, `γ${inLayer(layer)}_`];
    layers[layer].weights.forEach((row, i) => add(`new ${weight}${i + 1},`, row));
    add(`new ${threshold}`, layers[layer].thresholds);
  }
  return listed;
}

// The gradient of a weight without any formula of back-propagation: change the weight a little, and
// see by how much the cost changes. It is what every implementation should be compared with.

import { copyOf, costOf, costOfSample, forward } from "./network.js";

const STEP = 1e-5; // of a weight: both the remainder and the rounding errors are then near 1e-10
/** The largest difference, relative to the largest gradient, that is an error of the method. */
export const TOLERANCE = 1e-6;

/**
 * Return a number of a network that is learned.
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./one_step.js").Place} place
 */
export const parameterAt = (layers, { layer, node, from }) =>
  from === null ? layers[layer - 1].thresholds[node] : layers[layer - 1].weights[from][node];

/**
 * Return a copy of a network in which one number is another.
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./one_step.js").Place} place
 * @param {number} value
 */
export function withParameter(layers, { layer, node, from }, value) {
  const changed = copyOf(layers);
  if (from === null) changed[layer - 1].thresholds[node] = value;
  else changed[layer - 1].weights[from][node] = value;
  return changed;
}

/**
 * Return all places of weights and thresholds, the output layer first, as gradients are calculated.
 * @param {import("./network.js").Layer[]} layers
 * @returns {import("./one_step.js").Place[]}
 */
export const placesOf = (layers) =>
  [...layers.keys()].reverse().flatMap((below) => {
    const { weights, thresholds } = layers[below];
    const layer = below + 1;
    return [
      ...weights.flatMap((row, from) => row.map((_, node) => ({ layer, node, from }))),
      ...thresholds.map((_, node) => ({ layer, node, from: null })),
    ];
  });

/**
 * Return the mean cost of some samples.
 * @param {import("./network.js").Layer[]} layers
 * @param {number[][]} x
 * @param {number[][]} y
 * @param {Pick<import("./network.js").Configuration, "activation" | "cost">} configuration
 */
export function meanCost(layers, x, y, { activation, cost }) {
  const { output } = costOf(cost, y[0].length);
  const costs = x.map((sample, k) => {
    const { sums } = forward(layers, sample, activation, output);
    return costOfSample(sums[sums.length - 1], y[k], cost);
  });
  return costs.reduce((total, each) => total + each, 0) / costs.length;
}

/**
 * Return the gradient of one weight or threshold by finite differences.
 * @param {import("./network.js").Layer[]} layers
 * @param {number[][]} x
 * @param {number[][]} y
 * @param {Pick<import("./network.js").Configuration, "activation" | "cost">} configuration
 * @param {import("./one_step.js").Place} place
 */
export function byDifferences(layers, x, y, configuration, place) {
  const value = parameterAt(layers, place);
  const step = STEP * Math.max(1, Math.abs(value));
  const [up, down] = [value + step, value - step];
  const costs = [up, down].map((each) =>
    meanCost(withParameter(layers, place, each), x, y, configuration),
  );
  return (costs[0] - costs[1]) / (up - down);
}

/**
 * A weight whose gradient is another than that by finite differences.
 * @typedef {{place: import("./one_step.js").Place, own: number, expected: number}} Suspect
 */

/**
 * Check the update of a batch: the step that it takes by gradient descent, divided by the learning
 * rate, is the gradient of the mean cost, and what weight decay adds.
 * @param {import("./network.js").Layer[]} layers before the update
 * @param {number[][]} x
 * @param {number[][]} y
 * @param {import("./network.js").Configuration} configuration
 * @param {typeof import("./network.js").trainBatch} batch which is checked
 * @returns {Suspect | null} the weight with the largest difference, or null if all agree
 */
export function checkUpdate(layers, x, y, configuration, batch) {
  const after = copyOf(layers);
  batch(after, x, y, configuration, null); // without memory it is gradient descent
  const { learning_rate, l2 } = configuration;
  const checked = placesOf(layers).map((place) => {
    const before = parameterAt(layers, place);
    const decay = place.from === null ? 0 : l2 * before;
    const own = (before - parameterAt(after, place)) / learning_rate;
    return { place, own, expected: byDifferences(layers, x, y, configuration, place) + decay };
  });
  const largest = Math.max(...checked.map(({ expected }) => Math.abs(expected)));
  const off = (/** @type {Suspect} */ { own, expected }) => Math.abs(own - expected);
  const worst = checked.reduce((one, other) => (off(other) > off(one) ? other : one));
  return off(worst) > TOLERANCE * largest ? worst : null;
}

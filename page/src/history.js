// What a fit was like after each of its epochs, and how strongly its layers learned.

import { ACTIVATIONS, copyOf, costOf, flatten } from "./network.js";
import { Fit } from "./training.js";

const MOST_MOMENTS = 400; // that a history keeps, so that memory does not grow
const MOST_NUMBERS = 1_000_000; // in all moments of a history

/**
 * A fit after an epoch.
 * @typedef {object} Moment
 * @property {number} epoch
 * @property {import("./network.js").Layer[]} layers
 * @property {import("./network.js").Memory | null} memory of the optimiser
 * @property {number} trainCost
 * @property {number} testCost
 * @property {number} accuracy of the test rows
 * @property {number[]} strengths the mean |error| of each layer, over the epoch
 * @property {number[]} slopes the mean slope of each hidden layer, and of the output if it has one
 */

/**
 * A fit, and what it was like after many of its epochs. From these, the epochs between them are
 * trained again when they are asked for.
 */
export class History {
  /** @param {Fit} fit */
  constructor(fit) {
    this.fit = fit;
    const numbers = flatten(fit.layers).length * (1 + (fit.memory?.slots.length ?? 0));
    const most = Math.floor(MOST_NUMBERS / numbers);
    this.most = Math.min(Math.max(most, 20), MOST_MOMENTS);
    /** @type {Moment[]} */
    this.moments = [momentOf(fit, [])];
    this.every = 1; // epochs
    /** @type {number[]} */
    this.costs = []; // of training, of each epoch
    /** @type {import("./network.js").Step[]} */
    this.steps = []; // of the last epoch
    this.copy = copyAt(fit, this.moments[0]); // which trains the epochs between moments again
    this.copySteps = this.steps;
  }

  train() {
    const { fit } = this;
    this.steps = fit.trainEpoch();
    this.costs.push(fit.trainCost);
    if (fit.epoch % this.every && !fit.ended) return;
    this.moments.push(momentOf(fit, this.steps));
    if (this.moments.length <= this.most) return;
    this.every *= 2;
    this.moments = this.moments.filter(
      ({ epoch }) => epoch % this.every === 0 || (fit.ended && epoch === fit.epoch),
    );
  }

  /** Return the moment of an epoch, at most of the last one. @param {number} epoch */
  at(epoch) {
    const wanted = Math.min(epoch, this.fit.epoch);
    const nearest = this.before(wanted);
    if (nearest.epoch === wanted) return nearest;
    if (wanted === this.fit.epoch) return momentOf(this.fit, this.steps);
    this.reach(wanted);
    return momentOf(this.copy, this.copySteps);
  }

  /**
   * Train again towards an epoch that is not kept; return whether it is reached in time.
   * @param {number} epoch
   * @param {number} [end] of the time
   */
  reach(epoch, end = Infinity) {
    const wanted = Math.min(epoch, this.fit.epoch);
    const nearest = this.before(wanted);
    if (nearest.epoch === wanted || wanted === this.fit.epoch) return true;
    if (this.copy.epoch < nearest.epoch || this.copy.epoch > wanted)
      this.copy = copyAt(this.fit, nearest);
    while (this.copy.epoch < wanted) {
      this.copySteps = this.copy.trainEpoch();
      if (performance.now() > end) break;
    }
    return this.copy.epoch === wanted;
  }

  /** Return the last kept moment up to an epoch. @param {number} epoch */
  before(epoch) {
    const before = this.moments.filter((moment) => moment.epoch <= epoch);
    return before[before.length - 1];
  }

  /** Return the first epoch whose training cost is at most halfway from the first to the lowest. */
  halfway() {
    const known = this.costs.filter(Number.isFinite);
    const lowest = known.reduce((least, cost) => Math.min(least, cost), Infinity);
    const place = this.costs.findIndex((cost) => cost <= (known[0] + lowest) / 2);
    return place < 0 ? null : place + 1;
  }
}

/**
 * Return what a fit is like now.
 * @param {Fit} fit
 * @param {import("./network.js").Step[]} steps of its last epoch
 * @returns {Moment}
 */
function momentOf(fit, steps) {
  const { test, testTargets } = fit.samples;
  return {
    epoch: fit.epoch,
    layers: copyOf(fit.layers),
    memory: fit.memory && fit.memory.copy(),
    trainCost: fit.trainCost,
    testCost: fit.costOn(test, testTargets),
    accuracy: fit.accuracy(),
    ...strengthsOf(steps, fit.configuration),
  };
}

/** Return a fit as it was at a moment, to train it further. @param {Fit} fit @param {Moment} moment */
function copyAt({ configuration, samples, orders, stop, rules }, { layers, memory, epoch }) {
  const copy = new Fit(configuration, samples, orders, stop, copyOf(layers), rules);
  copy.epoch = epoch;
  copy.memory = memory && memory.copy();
  return copy;
}

/**
 * Return how strongly each layer learns in an epoch.
 * @param {import("./network.js").Step[]} steps
 * @param {Pick<import("./network.js").Configuration, "activation" | "cost">} configuration
 */
export function strengthsOf(steps, { activation, cost }) {
  const slope = ACTIVATIONS[activation].derivative;
  const outputSlope = steps.length ? slopeOf(cost, steps[0]) : undefined;
  const mean = (/** @type {number[]} */ values) =>
    values.reduce((total, value) => total + value, 0) / values.length;
  const layers = steps.length ? steps[0].layerErrors.map((_, layer) => layer) : [];
  return {
    strengths: layers.map((layer) =>
      mean(steps.map(({ layerErrors }) => mean(layerErrors[layer].map(Math.abs)))),
    ),
    slopes: layers.slice(0, outputSlope ? undefined : -1).map((layer) => {
      const of = layer === layers.length - 1 && outputSlope ? outputSlope : slope;
      return mean(
        steps.map(({ sums, outputs }) =>
          mean(sums[layer].map((a, h) => of(a, outputs[layer + 1][h]))),
        ),
      );
    }),
  };
}

/**
 * Return the slope of the output nodes, if the cost has it in its error.
 * @param {string} cost
 * @param {import("./network.js").Step} step
 * @returns {((a: number, b: number) => number) | undefined}
 */
function slopeOf(cost, { outputs }) {
  const { slope } = costOf(cost, outputs[outputs.length - 1].length);
  return slope && ((a, b) => slope(b));
}

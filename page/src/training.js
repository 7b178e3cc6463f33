// The training of one fit, beside `backprop.network.training`: epochs, stop condition, learning
// curves, status. The samples are made as in `backprop.network.samples`.

import { stream } from "./streams.js";
import {
  Memory,
  costOf,
  costOfSample,
  drawLayers,
  flatten,
  forward,
  predict,
  trainBatch,
} from "./network.js";

/**
 * The rows of a split, as a network gets them.
 * @typedef {object} Samples
 * @property {number[][]} train the inputs of the training rows
 * @property {number[][]} trainTargets
 * @property {number[][]} test
 * @property {number[][]} testTargets
 *
 * When training ends: see `StopCondition` in `backprop.network.training`.
 * @typedef {{epochs: number, patience: number | null, tolerance: number}} Stop
 *
 * What can be wrong in a training; see `mistakes.js`.
 * @typedef {object} Rules
 * @property {typeof trainBatch} batch
 * @property {(epoch: number) => number} orderOf which epoch's order an epoch has
 */

const LARGEST = 2 ** 52; // a network with a larger parameter has diverged
const CURVE_POINTS = 100; // the largest number of epochs of a curve that decides the status
const BLOCK = 64; // orders that share one array of numbers

/** Milliseconds of training between two pictures. */
export const SLICE = 12;

/** @type {Rules} */
export const CORRECT = { batch: trainBatch, orderOf: (epoch) => epoch };

/**
 * The orders of the training rows of a split, epoch by epoch; drawn once, for all its fits. They
 * are kept in 2 bytes for each row, so that thousands of epochs take little memory.
 */
export class Orders {
  /** @param {bigint} seed @param {number[]} key @param {number} rows */
  constructor(seed, key, rows) {
    this.generator = stream(seed, "order", ...key);
    this.rows = rows;
    this.drawn = 0;
    /** @type {(Uint16Array | Uint32Array)[]} */
    this.blocks = [];
  }

  /** Return the order of an epoch. @param {number} epoch from 1 */
  of(epoch) {
    while (this.drawn < epoch) this.draw();
    const [block, place] = this.placeOf(epoch);
    return Array.from(this.blocks[block].subarray(place, place + this.rows));
  }

  draw() {
    const [block, place] = this.placeOf(++this.drawn);
    const Numbers = this.rows <= 2 ** 16 ? Uint16Array : Uint32Array;
    this.blocks[block] ??= new Numbers(BLOCK * this.rows);
    this.blocks[block].set(this.generator.permutation(this.rows), place);
  }

  /** Return the block of an epoch, and where in it the order begins. @param {number} epoch */
  placeOf(epoch) {
    return [Math.floor((epoch - 1) / BLOCK), ((epoch - 1) % BLOCK) * this.rows];
  }
}

/** A fit in training. */
export class Fit {
  /**
   * @param {import("./network.js").Configuration} configuration
   * @param {Samples} samples
   * @param {Orders} orders
   * @param {Stop} stop
   * @param {import("./network.js").Layer[]} layers the starting parameters, changed in place
   * @param {Rules} [rules]
   */
  constructor(configuration, samples, orders, stop, layers, rules = CORRECT) {
    this.configuration = configuration;
    this.samples = samples;
    this.orders = orders;
    this.stop = stop;
    this.layers = layers;
    this.rules = rules;
    this.memory = Memory.of(layers, configuration);
    this.epoch = 0;
    this.ended = false;
    this.trainCost = NaN;
    this.testCost = NaN;
    this.lowestCost = Infinity;
    this.lowestEpoch = 0;
    this.curvesAreFinite = true;
    this.recorded = recordedEpochs(stop.epochs);
    /** @type {Map<number, number>} the training costs of these epochs */
    this.curve = new Map();
  }

  /** Train for one epoch; return the steps of its samples, in their order. */
  trainEpoch() {
    const { batch_size, cost } = this.configuration;
    const { train, trainTargets } = this.samples;
    const order = this.orders.of(this.rules.orderOf(++this.epoch));
    const steps = [];
    for (let start = 0; start < order.length; start += batch_size) {
      const batch = order.slice(start, start + batch_size);
      const x = batch.map((k) => train[k]);
      const y = batch.map((k) => trainTargets[k]);
      steps.push(...this.rules.batch(this.layers, x, y, this.configuration, this.memory));
    }
    let total = 0;
    steps.forEach(({ sums }, k) => {
      total += costOfSample(sums[sums.length - 1], trainTargets[order[k]], cost);
    });
    this.trainCost = total / order.length;
    if (this.recorded.has(this.epoch)) this.record();
    this.decideEnd();
    return steps;
  }

  /** Decide whether the training has ended, as `StopCondition.update` does. */
  decideEnd() {
    const { epochs, patience, tolerance } = this.stop;
    if (this.trainCost < this.lowestCost - tolerance) {
      this.lowestCost = this.trainCost;
      this.lowestEpoch = this.epoch;
    }
    const isLast = this.epoch >= epochs;
    this.ended = isLast || (patience !== null && this.epoch - this.lowestEpoch >= patience);
  }

  record() {
    this.curve.set(this.epoch, this.trainCost);
    this.testCost = this.costOn(this.samples.test, this.samples.testTargets);
    this.curvesAreFinite &&= Number.isFinite(this.trainCost) && Number.isFinite(this.testCost);
  }

  /** Return the mean cost of samples now. @param {number[][]} x @param {number[][]} y */
  costOn(x, y) {
    let total = 0;
    x.forEach((sample, k) => {
      total += costOfSample(this.sumsOf(sample), y[k], this.configuration.cost);
    });
    return total / x.length;
  }

  /** Return beta + theta of a sample now. @param {number[]} x */
  sumsOf(x) {
    const { activation, cost } = this.configuration;
    const outputs = this.layers[this.layers.length - 1].thresholds.length;
    const { sums } = forward(this.layers, x, activation, costOf(cost, outputs).output);
    return sums[sums.length - 1];
  }

  /** Return the probabilities of a sample now. @param {number[]} x */
  predict(x) {
    return predict(this.layers, x, this.configuration);
  }

  /** Return the share of test rows that are predicted right now. */
  accuracy() {
    const { test, testTargets } = this.samples;
    const hits = test.filter((x, k) => {
      const [targets, c] = [testTargets[k], predictedClass(this.predict(x))];
      return c === (targets.length === 1 ? targets[0] : targets.indexOf(1));
    });
    return hits.length / test.length;
  }

  /** Return the status of the fit, once it has ended; see `Result` in `training`. */
  status() {
    const isBounded = flatten(this.layers).every((each) => Math.abs(each) <= LARGEST);
    if (!isBounded || !this.curvesAreFinite) return "diverged";
    const classes = new Set(this.samples.train.map((x) => predictedClass(this.predict(x))));
    if (classes.size === 1) return "unlearned";
    return this.epoch < this.stop.epochs ? "no_progress" : "epochs";
  }

  /** Return the numbers of the fit that a file of fits has: all parameters, then probabilities. */
  numbers() {
    const p = this.samples.test.flatMap((x) => this.predict(x));
    const diverged = this.status() === "diverged";
    return [...flatten(this.layers), ...p.map((each) => (diverged ? NaN : each))];
  }
}

/**
 * Begin a fit of a study.
 * @param {import("./network.js").Configuration} configuration
 * @param {Samples} samples
 * @param {Orders} orders
 * @param {Stop} stop
 * @param {bigint} seed
 * @param {number[]} key the repeat and the fold, both from 0
 * @param {Rules} [rules]
 */
export function begin(configuration, samples, orders, stop, seed, key, rules) {
  const [inputs, outputs] = [samples.train[0].length, samples.trainTargets[0].length];
  const layers = drawLayers(stream(seed, "weights", ...key), inputs, configuration, outputs);
  return new Fit(configuration, samples, orders, stop, layers, rules);
}

let sliceEnds = 0; // when the slice of all trainings ends

/** Let the page draw, if a slice of time is over. */
export async function breathe() {
  if (performance.now() < sliceEnds) return;
  await new Promise((resolve) => setTimeout(resolve));
  sliceEnds = performance.now() + SLICE;
}

/**
 * Train a fit to its end, slice by slice; return false if it was given up.
 * @param {Fit} fit
 * @param {() => boolean} [goesOn]
 */
export async function trainToEnd(fit, goesOn = () => true) {
  while (!fit.ended && goesOn()) {
    fit.trainEpoch();
    await breathe();
  }
  return goesOn();
}

/**
 * Return the predicted class: of two equal probabilities the second, of more the first.
 * @param {number[]} p
 */
export const predictedClass = (p) =>
  p.length === 1 ? Number(p[0] > 0.5) : p.indexOf(Math.max(...p));

/** Return the epochs of the stored learning curves. @param {number} epochs */
function recordedEpochs(epochs) {
  const count = Math.min(epochs, CURVE_POINTS);
  const all = Math.max(count - 1, 1) ** 2;
  return new Set(
    Array.from({ length: count }, (_, point) => {
      return 1 + point + Math.floor(((epochs - count) * point ** 2) / all);
    }),
  );
}

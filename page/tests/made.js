// Small studies and networks for the tests.

import { stream } from "../src/streams.js";
import { exclusiveOr, studyOf } from "../src/small_study.js";

export const REFERENCE = {
  name: "reference",
  hidden: [3],
  activation: "sigmoid",
  cost: "squared_error",
  learning_rate: 0.1,
  initialisation: "uniform",
  batch_size: 1,
  l2: 0,
  optimiser: "sgd",
  momentum: 0.9,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-8,
};

const HOME = {
  seed: "1",
  stop: { epochs: 30, patience: null, tolerance: 0 },
  farthest: 100,
  colours: ["#000", "#fff"],
  markers: ["o", "s"],
  colour: "#888",
  size: { rows: 40, inputs: 2, configurations: 1, kept: 1 },
};

/** Return a study of XOR as JSON has it. */
export const exported = (configurations = [REFERENCE], stop = {}) => {
  const home = /** @type {any} */ ({ ...HOME, stop: { ...HOME.stop, ...stop } });
  const names = configurations.map(() => "");
  const study = studyOf(exclusiveOr(1n), home, configurations, names);
  return JSON.parse(JSON.stringify(study.exported));
};

/** Return all combinations of a value of each list. @param {any[][]} lists */
export const combined = (...lists) =>
  lists.reduce((rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])), [[]]);

/** Return a network with three inputs, and a batch of samples. */
export const someUpdate = (/** @type {any} */ configuration, outputs = 1, batch = 1) => {
  const generator = stream(7n, "weights", 0, 0);
  const draw = (/** @type {number} */ n) =>
    Array.from({ length: n }, () => 2 * generator.random() - 1);
  const sizes = [3, ...configuration.hidden, outputs];
  const layers = sizes.slice(1).map((own, k) => ({
    weights: Array.from({ length: sizes[k] }, () => draw(own)),
    thresholds: draw(own),
  }));
  const y = Array.from({ length: outputs }, (_, k) => Number(k === 0));
  return { layers, x: Array.from({ length: batch }, () => draw(3)), y: Array(batch).fill(y) };
};

// Is a fit, trained here, the stored one? And if not, in what does it differ?

import { flatten } from "./network.js";
import { Study } from "./study.js";

/** The largest difference that is a rounding error, as in the parity check. */
export const CLOSE = 1e-10;

/**
 * A comparison of a fit, trained here, with the stored one.
 * @typedef {object} Proof
 * @property {boolean} same
 * @property {number} weights the largest difference of a parameter, relative if it is above 1
 * @property {number} probabilities the largest difference of a probability
 * @property {number} labels how many test rows are predicted to be of another class
 * @property {[number, number]} accuracies here, and of the stored probabilities
 * @property {string} status of the fit that was trained here
 * @property {number} epochs of it
 * @property {Aspect[]} differs in what it is not the same
 * @property {import("./study.js").Stored} stored
 *
 * @typedef {"status" | "epochs" | "weights" | "probabilities" | "labels" | "accuracy" | "beginning"} Aspect
 */

/**
 * Compare a fit that has ended with the stored one.
 * @param {import("./study.js").Study} study
 * @param {import("./training.js").Fit} fit
 * @param {number} c the place of its configuration
 * @param {number} split
 * @returns {Proof}
 */
export function prove(study, fit, c, split) {
  const stored = study.exported.fits[c][split];
  const [own, other] = [fit.numbers(), Study.numbers(stored)];
  const { weights, probabilities } = differences(fit, own, other);
  const count = flatten(fit.layers).length;
  const [p, q] = [own.slice(count), other.slice(count)];
  const [one, two] = [study.labels(p), study.labels(q)];
  const labels = one.filter((label, k) => label !== two[k]).length;
  const accuracies = /** @type {[number, number]} */ ([
    study.storedAccuracy(p, split),
    study.storedAccuracy(q, split),
  ]);
  const status = fit.status();
  // What has diverged is not compared: rounding errors grow without a bound.
  const isCompared = status !== "diverged";
  const differing = {
    status: status !== stored.status,
    epochs: fit.epoch !== stored.epochs,
    weights: own.length !== other.length || (isCompared && !(weights <= CLOSE)),
    probabilities: isCompared && !(probabilities <= CLOSE),
    labels: isCompared && labels > 0,
    accuracy: isCompared && accuracies[0] !== accuracies[1],
  };
  const names = /** @type {(keyof typeof differing)[]} */ (Object.keys(differing));
  const differs = names.filter((name) => differing[name]);
  const same = differs.length === 0;
  const epochs = fit.epoch;
  return { same, weights, probabilities, labels, accuracies, status, epochs, differs, stored };
}

/**
 * A comparison of a fit with the stored one. If they differ, and the training is chaotic and begins as
 * the stored one does, the page cannot tell a mistake from rounding errors: the fit is not judged.
 * `open` says then from which epoch on rounding errors decide, and by how much the training cost of an
 * epoch before that differs: null if none is stored.
 * @typedef {Proof & {open: {until: number, epoch: number, difference: number | null} | null}} Verdict
 */

/**
 * Compare a fit that has ended with the stored one; one of chaotic training also as it began.
 * @param {import("./study.js").Study} study
 * @param {import("./training.js").Fit} fit
 * @param {number} c
 * @param {number} split
 * @returns {Verdict}
 */
export function judge(study, fit, c, split) {
  const proof = prove(study, fit, c, split);
  const chaotic = study.exported.chaotic[c];
  if (proof.same || !chaotic) return { ...proof, open: null };
  const { until, epoch, costs } = chaotic;
  const stored = costs[split];
  const difference =
    stored === null ? null : largestDifference([fit.curve.get(epoch) ?? NaN], [stored]);
  if (difference === null || difference <= CLOSE)
    return { ...proof, open: { until, epoch, difference } };
  return { ...proof, differs: [...proof.differs, "beginning"], open: null };
}

/**
 * Return the largest differences of the numbers of a fit from others.
 * @param {import("./training.js").Fit} fit
 * @param {number[]} own all parameters, then probabilities
 * @param {number[]} other
 */
export function differences(fit, own, other) {
  const count = flatten(fit.layers).length;
  return {
    weights: largestDifference(own.slice(0, count), other.slice(0, count)),
    probabilities: largestDifference(own.slice(count), other.slice(count)),
  };
}

/**
 * Return the largest difference, relative where the other number is above 1; NaN if one of two
 * numbers is NaN alone.
 * @param {number[]} one @param {number[]} other
 */
export function largestDifference(one, other) {
  let largest = 0;
  one.forEach((value, k) => {
    if (Object.is(value, other[k])) return;
    const difference = Math.abs(value - other[k]) / Math.max(1, Math.abs(other[k]));
    largest = Math.max(largest, difference); // NaN if one of them is
  });
  return largest;
}

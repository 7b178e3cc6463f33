// Questions of the guided path on how a network is trained: starting weights, batches, optimisers, weight
// decay, and when to stop.

import { meanCost } from "./gradient_check.js";
import { DESCENT, Memory, copyOf, flatten, trainBatch } from "./network.js";
import { HARDLY, canBeChance, chosen, ended, mean, outcomesOf } from "./scene.js";
import { Study } from "./study.js";

const BATCH = 16; // rows
const LIKE = 0.1; // of two training costs: a smaller difference is none between two ways to train
const PLAIN_RATE = 0.1; // of gradient descent, if the study has none
const ADAM_RATE = 0.01;
const DECAY = 0.01;
const PAIR_NODES = 4; // if the reference has no two hidden nodes that could be equal
const HARDLY_ANY = 0.01; // of a cost: a smaller rise is none

/** @typedef {import("./study.js").Named} Reference */
/** @typedef {import("./scene.js").Question} Question */

/** @param {number} value without rounding errors, as it is shown */
const tidy = (value) => Number(value.toPrecision(12));

/** Return whether two training costs are about the same. @param {number[]} costs */
const isLike = ([one, other]) => Math.abs(one - other) <= LIKE * Math.max(one, other);

/** @type {Question} */
export const symmetryQuestion = {
  name: "symmetry",
  scene(study) {
    const [{ hidden }] = study.exported.configurations;
    const nodes = Math.max(...hidden, 0) > 1 ? hidden : [PAIR_NODES];
    const own = chosen(study, () => false, { initialisation: "equal", hidden: nodes });
    return { section: "watch", chosen: own, beside: "0" };
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const outcomes = outcomesOf(fits);
    const { layers } = fits[0];
    const { hidden } = fits[0].configuration;
    const nodes = hidden.map((_, layer) => distinctNodes(layers[layer]));
    const isEqual = nodes.every((count) => count === 1);
    const isStill = flatten(layers).join() === flatten(histories[0].moments[0].layers).join();
    const isOpen = outcomes.diverged[0];
    const right = isOpen ? [] : isStill ? [2] : [isEqual ? 1 : 0];
    const accuracies = fits.map((fit) => fit.accuracy());
    const reference = fits[1].configuration.hidden;
    const isAlone = Math.max(...reference, 0) < 2;
    const isWorse = !isLike(outcomes.train) && outcomes.train[0] > outcomes.train[1];
    return { right, isOpen, nodes, hidden, isStill, isAlone, isWorse, accuracies, ...outcomes };
  },
};

/** Return how many nodes of a layer differ. @param {import("./network.js").Layer} layer */
export const distinctNodes = ({ weights, thresholds }) =>
  new Set(thresholds.map((own, node) => [own, ...weights.map((row) => row[node])].join())).size;

/** @type {Question} */
export const batchQuestion = {
  name: "batch",
  scene(study) {
    const [{ batch_size, learning_rate, optimiser }] = study.exported.configurations;
    const size = batch_size < BATCH ? BATCH : 1;
    const isScaled = optimiser !== "adam"; // whose steps are about as long for each batch
    const rate = tidy(isScaled ? (learning_rate * size) / batch_size : learning_rate);
    const isWanted = (/** @type {Reference} */ own) =>
      own.batch_size === size && own.learning_rate === rate;
    const choice = chosen(study, isWanted, { batch_size: size, learning_rate: rate });
    return { section: "watch", chosen: choice, beside: "0" };
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const outcomes = outcomesOf(fits);
    const { diverged, train } = outcomes;
    const isSame = isLike(train);
    const isOpen = diverged[1] && !diverged[0];
    const right = diverged[0] ? [3] : isOpen ? [] : isSame ? [1] : [train[0] < train[1] ? 0 : 2];
    const sizes = fits.map(({ configuration }) => configuration.batch_size);
    const rows = fits[0].samples.train.length;
    const updates = sizes.map((size) => Math.ceil(rows / size));
    const isLarger = sizes[0] > sizes[1] ? train[0] < train[1] : train[1] < train[0];
    const isAdam = fits[0].configuration.optimiser === "adam";
    return { right, isOpen, isSame, isLarger, isAdam, sizes, updates, ...outcomes };
  },
};

/**
 * Return gradient descent at a rate that suits it: the reference, or like it.
 * @param {Reference} reference
 * @returns {Reference}
 */
function descentOf(reference) {
  const { optimiser, learning_rate, momentum } = reference;
  if (optimiser === DESCENT.optimiser) return reference;
  const rate = optimiser === "momentum" ? tidy(learning_rate / (1 - momentum)) : PLAIN_RATE;
  return { ...reference, optimiser: DESCENT.optimiser, learning_rate: rate };
}

/**
 * Return a scene with an optimiser beside gradient descent.
 * @param {import("./study.js").Study} study
 * @param {Reference} own with the optimiser
 * @param {Reference} descent
 * @returns {import("./scene.js").Scene}
 */
function besideDescent(study, own, descent) {
  const { optimiser, learning_rate } = own;
  const isWanted = (/** @type {Reference} */ other) =>
    other.optimiser === optimiser && other.learning_rate === learning_rate;
  if (descent === study.exported.configurations[0])
    return {
      section: "watch",
      chosen: chosen(study, isWanted, { optimiser, learning_rate }),
      beside: "0",
    };
  const both = { configurations: [own, descent], names: [optimiser, "gradient descent"] };
  return {
    section: "watch",
    study: new Study({ ...study.exported, ...both, fits: [], chaotic: [] }),
    chosen: { configuration: 0, split: 0, own: null },
    beside: "1",
  };
}

/** @type {Question} */
export const momentumQuestion = {
  name: "momentum",
  scene(study) {
    const [reference] = study.exported.configurations;
    const descent = descentOf(reference);
    const rate = tidy(descent.learning_rate * (1 - reference.momentum));
    return besideDescent(
      study,
      { ...descent, optimiser: "momentum", learning_rate: rate },
      descent,
    );
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const outcomes = outcomesOf(fits);
    const { diverged, train } = outcomes;
    const isSame = isLike(train);
    const isOpen = diverged[0] || diverged[1];
    const right = isOpen ? [] : isSame ? [1] : [train[0] < train[1] ? 2 : 0];
    const { momentum: mu } = fits[0].configuration;
    return { right, isOpen, isSame, mu, sum: tidy(1 / (1 - mu)), ...outcomes };
  },
};

/** @type {Question} */
export const adamQuestion = {
  name: "adam",
  scene(study) {
    const [reference] = study.exported.configurations;
    const rate = reference.optimiser === "adam" ? reference.learning_rate : ADAM_RATE;
    const own = { ...reference, optimiser: "adam", learning_rate: rate };
    return besideDescent(study, own, descentOf(reference));
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const outcomes = outcomesOf(fits);
    const epochs = epochsToHalf(histories);
    const [own, other] = epochs.map((epoch) => epoch ?? Infinity);
    const isOpen = outcomes.diverged.includes(true) || Math.min(own, other) === Infinity;
    const isSame = Math.max(own, other) < HARDLY * Math.min(own, other);
    const right = isOpen ? [] : isSame ? [2] : [own < other ? 0 : 1];
    const steps = histories.map(({ fit, moments }) => firstMove(fit, moments[0].layers));
    const isWhole = steps[0] * HARDLY >= outcomes.rates[0];
    const last = fits.map(({ epoch }) => epoch);
    return { right, isOpen, epochs, steps, isWhole, last, ...outcomes };
  },
};

/**
 * Return the first epoch of each training whose cost is at most halfway from the start of the first to
 * the lowest of all; null if there is none.
 * @param {import("./history.js").History[]} histories
 */
export function epochsToHalf(histories) {
  const [{ fit, moments }] = histories;
  const { train, trainTargets } = fit.samples;
  const start = meanCost(moments[0].layers, train, trainTargets, fit.configuration);
  const known = histories.flatMap(({ costs }) => costs).filter(Number.isFinite);
  const target = (start + Math.min(start, ...known)) / 2;
  return histories.map(({ costs }) => {
    const place = costs.findIndex((cost) => cost <= target);
    return place < 0 ? null : place + 1;
  });
}

/**
 * Return how far the first update of a fit moves a parameter, on average.
 * @param {import("./training.js").Fit} fit
 * @param {import("./network.js").Layer[]} layers before it
 */
function firstMove({ configuration, samples, orders }, layers) {
  const rows = orders.of(1).slice(0, configuration.batch_size);
  const [x, y] = [samples.train, samples.trainTargets].map((all) => rows.map((k) => all[k]));
  const after = copyOf(layers);
  trainBatch(after, x, y, configuration, Memory.of(layers, configuration));
  const before = flatten(layers);
  return mean(flatten(after).map((value, k) => Math.abs(value - before[k])));
}

/** @type {Question} */
export const decayQuestion = {
  name: "decay",
  scene(study) {
    const [reference] = study.exported.configurations;
    const l2 = reference.l2 ? tidy(10 * reference.l2) : DECAY;
    const choice = chosen(study, (own) => own.l2 === l2, { l2 });
    return { section: "watch", chosen: choice, beside: "0" };
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const outcomes = outcomesOf(fits);
    const { diverged, train, test, isChance } = outcomes;
    const sizes = fits.map(({ layers }) => {
      const weights = layers.flatMap((layer) => layer.weights.flat());
      return Math.sqrt(mean(weights.map((w) => w * w)));
    });
    const isOpen = diverged[0] || diverged[1];
    const isSmaller = sizes[0] < sizes[1];
    const ofTest = isChance ? [0, 1] : [test[0] < test[1] ? 0 : 1];
    const right = isOpen ? [] : isSmaller ? ofTest : [2];
    const decays = fits.map(({ configuration }) => configuration.l2);
    const isWorse = train[0] > (1 + HARDLY_ANY) * train[1];
    return { right, isOpen, isSmaller, isWorse, sizes, decays, ...outcomes };
  },
};

/** @type {Question} */
export const stopQuestion = {
  name: "stop",
  scene: () => ({ section: "watch", chosen: { configuration: 0, split: 0, own: null } }),
  find(study, scene, histories) {
    const [{ fit, moments, every }] = histories;
    if (!fit.ended) return null;
    const { test, testTargets } = fit.samples;
    const known = moments.filter(({ testCost }) => Number.isFinite(testCost));
    const least = known.reduce((one, other) => (other.testCost < one.testCost ? other : one));
    const last = moments[moments.length - 1];
    const costs = [least, last].map(({ layers }) =>
      test.map((x, k) => meanCost(layers, [x], [testTargets[k]], fit.configuration)),
    );
    const isOpen = fit.status() === "diverged";
    const isEnd = last.testCost <= (1 + HARDLY_ANY) * least.testCost;
    const isChance = !isEnd && canBeChance(costs[0].map((cost, k) => cost - costs[1][k]));
    const isFirst = least.epoch === 0;
    const right = isOpen ? [] : isEnd ? [0] : [...(isChance ? [0] : []), isFirst ? 2 : 1];
    const { patience } = fit.stop;
    return {
      ...{ right, isOpen, isEnd, isChance, patience, every, tests: test.length },
      epochs: [least.epoch, last.epoch],
      test: [least.testCost, last.testCost],
      accuracies: [least.accuracy, last.accuracy],
    };
  },
};

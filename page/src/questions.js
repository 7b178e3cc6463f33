// The questions of the guided path. Each sets a scene, and finds its answer in what was trained or
// calculated there: no number is written down, so that it is right for each study.

import { checkUpdate, meanCost } from "./gradient_check.js";
import { MISTAKES } from "./mistakes.js";
import { strengthsOf } from "./history.js";
import { DESCENT, copyOf, forward, costOf, trainBatch } from "./network.js";
import { followUpdate } from "./one_step.js";
import { correctedInterval } from "./interval.js";
import { exclusiveOr, studyOf } from "./small_study.js";
import { Study } from "./study.js";
import { predictedClass, trainToEnd } from "./training.js";

/**
 * What is shown with a question.
 * @typedef {object} Scene
 * @property {"watch" | "update" | "gallery"} section
 * @property {import("./study.js").Study} [study] another one than the page's own
 * @property {import("./watch.js").Choice} chosen
 * @property {string} [beside] the place of a configuration
 * @property {string} [part] of an update
 * @property {string} [mistake]
 *
 * What was found out: numbers for the sentences, and which answer is right, from 0; null if that
 * cannot be said.
 * @typedef {{right: number | null} & Record<string, any>} Facts
 *
 * @typedef {object} Question
 * @property {"xor" | "sample" | "flow" | "deep" | "wide" | "rate" | "mistake" | "line"} name
 * @property {(study: import("./study.js").Study) => Scene} scene
 * @property {(study: import("./study.js").Study, scene: Scene, histories: import("./history.js").History[], goesOn: () => boolean, progress: (done: number, all: number) => void) => Promise<Facts | null> | Facts | null} find
 *   null if it is not known so far
 */

const DEEP = [10, 10, 10];
const WIDER = 5; // times the nodes of the reference
const FAST = 1.0;
const HARDLY = 2; // errors that change by a smaller factor keep their size
const NONE = 1e-12; // what a number must change by to have changed

/** @type {import("./study.js").Named[]} */
const OF_XOR = [[], [4]].map((hidden) => ({
  name: `xor ${hidden.join()}`,
  hidden,
  activation: "tanh",
  cost: "cross_entropy",
  learning_rate: 0.1,
  initialisation: "glorot",
  batch_size: 1,
  l2: 0,
  ...DESCENT,
}));

/**
 * Choose a configuration that differs from the reference in one way: one of the study, or else one
 * of one's own.
 * @param {import("./study.js").Study} study
 * @param {(own: import("./study.js").Named, reference: import("./study.js").Named) => boolean} isWanted
 * @param {Partial<import("./network.js").Configuration>} otherwise
 * @returns {import("./watch.js").Choice}
 */
function chosen(study, isWanted, otherwise) {
  const { configurations } = study.exported;
  const [reference] = configurations;
  const place = configurations.findIndex(
    (own, c) => c > 0 && isWanted(own, reference) && isAlike(own, reference, otherwise),
  );
  if (place > 0) return { configuration: place, split: 0, own: null };
  const own = { ...reference, ...otherwise, seed: study.seed };
  return { configuration: 0, split: 0, own };
}

/**
 * Return whether two configurations differ in nothing but some values.
 * @param {Record<string, any>} one @param {Record<string, any>} other @param {Record<string, any>} but
 */
const isAlike = (one, other, but) =>
  Object.keys(one).every(
    (key) => key === "name" || key in but || String(one[key]) === String(other[key]),
  );

/** @param {import("./study.js").Study} study @param {import("./watch.js").Choice} choice */
const configurationOf = (study, { own, configuration }) =>
  own ?? study.exported.configurations[configuration];

/** @param {import("./study.js").Study} study */
const deep = (study) =>
  chosen(study, ({ hidden }) => hidden.length >= DEEP.length, { hidden: DEEP });

/**
 * Return the row of a split that a network at its start gets most wrong, and the update for it.
 * @param {import("./study.js").Study} study
 * @param {Scene} scene
 */
function firstUpdate(study, { chosen: choice }) {
  const configuration = configurationOf(study, choice);
  const fit = study.begin(configuration, choice.split);
  const { train, trainTargets } = fit.samples;
  const single = { ...configuration, batch_size: 1 };
  const costs = train.map((x, k) => meanCost(fit.layers, [x], [trainTargets[k]], configuration));
  const k = costs.indexOf(Math.max(...costs));
  const [x, y] = [[train[k]], [trainTargets[k]]];
  const after = copyOf(fit.layers);
  const lines = followUpdate(fit.layers, x, y, single, 0, { memory: fit.memory });
  const [step] = trainBatch(after, x, y, single, fit.memory);
  const cost = [fit.layers, after].map((layers) => meanCost(layers, x, y, configuration));
  return { row: study.trainingRows(choice.split)[k] + 1, step, lines, cost, fit };
}

/** @param {number[]} values */
const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;

/** Return the mean |error| of each layer. @param {import("./network.js").Step} step */
const sizesOf = ({ layerErrors }) => layerErrors.map((layer) => mean(layer.map(Math.abs)));

/** Return how many rows of a fit are predicted right. @param {import("./training.js").Fit} fit */
function rightRows(fit) {
  const { train, trainTargets, test, testTargets } = fit.samples;
  const targets = [...trainTargets, ...testTargets];
  return [...train, ...test].filter((x, k) => {
    const c = predictedClass(fit.predict(x));
    return c === (targets[k].length === 1 ? targets[k][0] : targets[k].indexOf(1));
  }).length;
}

/**
 * Return how many points one straight line can have right, of two columns and two classes. Some best
 * line goes through two points: turned a little, it has both on the sides that it should.
 * @param {import("./study.js").Exported} exported
 */
export function bestLine({ columns: [{ values: across }, { values: up }], y }) {
  const at = y.map((_, k) => [across[k] ?? 0, up[k] ?? 0]);
  let best = 0;
  for (let one = 0; one < y.length; one++)
    for (let other = 0; other < one; other++) {
      const [dx, dy] = [at[other][0] - at[one][0], at[other][1] - at[one][1]];
      const above = at.filter((point, k) => {
        const side = dx * (point[1] - at[one][1]) - dy * (point[0] - at[one][0]);
        return k !== one && k !== other && side > 0 === (y[k] === 1);
      }).length;
      best = Math.max(best, 2 + above, y.length - above);
    }
  return best;
}

/** Return the fits of histories once all have ended, else null. @param {import("./history.js").History[]} histories */
function ended(histories) {
  const fits = histories.map(({ fit }) => fit);
  return fits.length === 2 && fits.every((fit) => fit.ended) ? fits : null;
}

/** @type {Question} */
const xor = {
  name: "xor",
  scene: (study) => ({
    section: "watch",
    study: studyOf(exclusiveOr(study.seed), study.exported, OF_XOR, [
      "no hidden layer",
      "4 hidden nodes",
    ]),
    chosen: { configuration: 0, split: 0, own: null },
    beside: "1",
  }),
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const [line, hidden] = fits.map(rightRows);
    const all = study.exported.y.length;
    const right = [
      [3, 2],
      [0, 1],
    ][Number(line === all)][Number(hidden === all)];
    const best = bestLine(study.exported);
    return { right, line, best, hidden, all, tests: fits[0].samples.test.length };
  },
};

/** @type {Question} */
const sample = {
  name: "sample",
  scene: () => ({
    section: "update",
    chosen: { configuration: 0, split: 0, own: null },
    part: "update",
  }),
  find(study, scene) {
    const { lines, row, cost } = firstUpdate(study, scene);
    const given = new Map(lines.map((line) => [line.symbol, line.value]));
    const updates = lines.filter(({ part }) => part === "update");
    const changed = updates.filter(({ symbol, value }) => {
      const before = given.get(symbol.replace("new ", "")) ?? 0;
      return Math.abs(value - before) > NONE * Math.abs(before);
    });
    const all = updates.length;
    const right = changed.length === all ? 2 : null;
    const descends = configurationOf(study, scene.chosen).optimiser === DESCENT.optimiser;
    return { right, changed: changed.length, all, row, cost, descends };
  },
};

/**
 * Return whether sizes grow (0), about stay (1) or shrink (2), and the steps against that. They are
 * rounded as they are shown, so that what is said is true of what the reader sees.
 * @param {number[]} exact
 */
export function directionOf(exact) {
  const sizes = exact.map((size) => Number(size.toPrecision(2)));
  const [first, last] = [sizes[0], sizes[sizes.length - 1]];
  const right = last * HARDLY < first ? 2 : last > first * HARDLY ? 0 : 1;
  const whole = [1, 0, -1][right];
  const against = sizes.slice(1).flatMap((to, k) => {
    return whole * (to - sizes[k]) < 0 ? [[sizes[k], to]] : [];
  });
  return { right, sizes, against };
}

/** @type {Question} */
const flow = {
  name: "flow",
  scene: (study) => ({ section: "update", chosen: deep(study), part: "error" }),
  find(study, scene) {
    const { step, row, fit } = firstUpdate(study, scene);
    // The output layer first, as errors flow.
    const slopes = strengthsOf([step], fit.configuration).slopes.reverse();
    const { activation } = fit.configuration;
    return { ...directionOf(sizesOf(step).reverse()), row, slopes, activation };
  },
};

/** @type {Question} */
const inDepth = {
  name: "deep",
  scene: (study) => ({ section: "watch", chosen: deep(study), beside: "0" }),
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const moments = histories[0].moments.slice(1);
    const strengths = moments[0].strengths.map((_, layer) =>
      mean(moments.map((moment) => moment.strengths[layer])),
    );
    const slowest = strengths.indexOf(Math.min(...strengths));
    const right = slowest === 0 ? 0 : slowest === strengths.length - 1 ? 2 : 1;
    const lost = fits.map((fit) => fit.status() === "unlearned");
    const accuracies = fits.map((fit) => fit.accuracy());
    return { right, strengths, lost, accuracies, epochs: fits[0].epoch };
  },
};

/** @type {Question} */
const wide = {
  name: "wide",
  scene(study) {
    const { configurations } = study.exported;
    const single = configurations.filter(({ hidden }) => hidden.length === 1);
    const widest = Math.max(...single.map(({ hidden }) => hidden[0]), 0);
    const [nodes] = configurations[0].hidden;
    const isWidest = (/** @type {import("./study.js").Named} */ { hidden }) =>
      hidden.length === 1 && hidden[0] === widest && widest > nodes;
    return {
      section: "watch",
      chosen: chosen(study, isWidest, { hidden: [WIDER * nodes] }),
      beside: "0",
    };
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const half = histories.map((history) => history.halfway());
    const [at] = half;
    const right = at === null ? 3 : at < 10 ? 0 : at < 100 ? 1 : 2;
    const nodes = fits.map(({ configuration }) => configuration.hidden[0]);
    const starts = histories.map(({ moments }) => startOf(fits[0], moments[0].layers));
    const lost = fits[0].status() === "unlearned";
    const { cost, initialisation } = fits[0].configuration;
    const hasSlope = Boolean(costOf(cost, study.outputs).slope);
    const isUniform = initialisation === "uniform";
    const waits = lost || Number(half[0] ?? Infinity) > Number(half[1] ?? Infinity);
    const isFlatter = starts[0].slope < starts[1].slope;
    const found = { half, nodes, starts, lost, waits, isFlatter, hasSlope, isUniform };
    return { right: lost ? 3 : right, epochs: fits[0].epoch, ...found };
  },
};

/**
 * Return the mean output at the start, and the mean slope of the output nodes.
 * @param {import("./training.js").Fit} fit
 * @param {import("./network.js").Layer[]} layers
 */
function startOf({ samples, configuration }, layers) {
  const outputs = layers[layers.length - 1].thresholds.length;
  const { output } = costOf(configuration.cost, outputs);
  const values = samples.train.flatMap((x) => {
    const all = forward(layers, x, configuration.activation, output).outputs;
    return all[all.length - 1];
  });
  return { output: mean(values), slope: mean(values.map((value) => value * (1 - value))) };
}

/** @type {Question} */
const rate = {
  name: "rate",
  scene: (study) => ({
    section: "watch",
    chosen: chosen(study, (own) => own.learning_rate === FAST, { learning_rate: FAST }),
    beside: "0",
  }),
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const diverged = fits[0].status() === "diverged";
    const train = fits.map((fit) => fit.costOn(fit.samples.train, fit.samples.trainTargets));
    const test = fits.map((fit) => fit.costOn(fit.samples.test, fit.samples.testTargets));
    const rates = fits.map(({ configuration }) => configuration.learning_rate);
    const faster = train[0] < train[1];
    const right = diverged ? 2 : !faster ? 3 : test[0] < test[1] ? 0 : 1;
    const accuracies = fits.map((fit) => fit.accuracy());
    return { right, diverged, faster, train, test, rates, accuracies };
  },
};

/** @type {Question} */
const mistake = {
  name: "mistake",
  scene: () => ({
    section: "gallery",
    chosen: { configuration: 0, split: 0, own: null },
    mistake: "no_thresholds",
  }),
  async find(study, scene, histories, goesOn) {
    const [configuration] = study.exported.configurations;
    const { rules } = MISTAKES.no_thresholds;
    const accuracies = [];
    for (const own of [MISTAKES.none.rules, rules]) {
      const fit = study.begin(configuration, 0, { rules: own });
      if (!(await trainToEnd(fit, goesOn))) return null;
      accuracies.push(fit.accuracy());
    }
    const fit = study.begin(configuration, 0);
    const order = fit.orders.of(1).slice(0, configuration.batch_size);
    const [x, y] = [fit.samples.train, fit.samples.trainTargets].map((all) =>
      order.map((k) => all[k]),
    );
    const suspect = checkUpdate(fit.layers, x, y, configuration, rules.batch);
    const change = accuracies[1] - accuracies[0];
    const right = change < -0.05 ? 0 : change <= 0.05 ? 1 : 2;
    return { right, accuracies, suspect, tests: fit.samples.test.length };
  },
};

/**
 * Return a configuration whose network is a straight line: logistic regression, trained in steps.
 * @param {import("./study.js").Named} reference
 */
const straightened = (reference) => ({ ...reference, hidden: [], cost: "cross_entropy", l2: 0 });

/** @type {Question} */
const line = {
  name: "line",
  scene: (study) => ({
    section: "watch",
    chosen: {
      configuration: 0,
      split: 0,
      own: { ...straightened(study.exported.configurations[0]), seed: study.seed },
    },
    beside: "0",
  }),
  async find(study, scene, histories, goesOn, progress) {
    if (!ended(histories)) return null;
    const { configurations, splits, fits } = study.exported;
    const straight = straightened(configurations[0]);
    const accuracies = [];
    for (let split = 0; split < splits.length; split++) {
      const fit = study.begin(straight, split);
      progress(split, splits.length);
      if (!(await trainToEnd(fit, goesOn))) return null;
      const stored = Study.numbers(fits[0][split]);
      const own = study.storedAccuracy(
        stored.slice(-splits[split].test.length * study.outputs),
        split,
      );
      accuracies.push([own, fit.accuracy()]);
    }
    const differences = accuracies.map(([network, own]) => network - own);
    const folds = new Set(splits.map(({ fold }) => fold)).size;
    const interval = correctedInterval(differences, folds);
    const [low, high] = interval ?? [0, 0];
    return {
      right: low > 0 ? 0 : high < 0 ? 1 : 2,
      interval,
      epochs: study.exported.stop.epochs,
      splits: splits.length,
      network: mean(accuracies.map(([own]) => own)),
      line: mean(accuracies.map(([, own]) => own)),
      better: differences.filter((each) => each > NONE).length,
      worse: differences.filter((each) => each < -NONE).length,
    };
  },
};

export const QUESTIONS = [xor, sample, flow, inDepth, wide, rate, mistake, line];

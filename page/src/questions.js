// The questions of the guided path. Each sets a scene, and finds its answer in what was trained or
// calculated there: no number is written down, so that it is right for each study.

import { checkUpdate, meanCost } from "./gradient_check.js";
import { MISTAKES } from "./mistakes.js";
import { hasEdges } from "./flow.js";
import { strengthsOf } from "./history.js";
import { DESCENT, copyOf, forward, costOf, sumOf, trainBatch } from "./network.js";
import { followUpdate } from "./one_step.js";
import { correctedInterval } from "./interval.js";
import { exclusiveOr, studyOf } from "./small_study.js";
import { HARDLY, chosen, configurationOf, ended, mean, outcomesOf } from "./scene.js";
import { Study } from "./study.js";
import { predictedClass, trainToEnd } from "./training.js";
import {
  adamQuestion,
  batchQuestion,
  decayQuestion,
  momentumQuestion,
  stopQuestion,
  symmetryQuestion,
} from "./training_questions.js";

const DEEP = [10, 10, 10];
const WIDER = 5; // times the nodes of the reference
const FASTER = 10; // times the learning rate of the reference
const SAME = 0.01; // of two training costs: a smaller difference is none
const NONE = 1e-12; // what a number must change by to have changed
const FLAT = 0.1; // of the steepest slope of an output: hardly any error passes
const STEEPEST = { sigmoid: 0.25, tanh: 1, relu: 1 };

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
 * Choose a deep network.
 * @param {import("./study.js").Study} study
 * @param {{batch_size?: number}} [otherwise] what it has besides
 */
const deep = (study, otherwise = {}) =>
  chosen(
    study,
    (own) =>
      own.hidden.length >= DEEP.length &&
      own.batch_size === (otherwise.batch_size ?? own.batch_size),
    { hidden: DEEP, ...otherwise },
  );

/**
 * Return the row of a split that a network at its start gets most wrong, and the update for it: as
 * "One update" shows it, without batches.
 * @param {import("./study.js").Study} study
 * @param {import("./scene.js").Scene} scene
 */
function firstUpdate(study, { chosen: choice }) {
  const configuration = configurationOf(study, choice);
  const fit = study.begin(configuration, choice.split);
  const { train, trainTargets } = fit.samples;
  const order = fit.orders.of(1);
  const costs = order.map((k) =>
    meanCost(fit.layers, [train[k]], [trainTargets[k]], configuration),
  );
  const k = order[costs.indexOf(Math.max(...costs))];
  const [x, y] = [[train[k]], [trainTargets[k]]];
  const after = copyOf(fit.layers);
  const lines = followUpdate(fit.layers, x, y, configuration, 0, { memory: fit.memory });
  const [step] = trainBatch(after, x, y, configuration, fit.memory);
  const cost = [fit.layers, after].map((layers) => meanCost(layers, x, y, configuration));
  return { row: study.trainingRows(choice.split)[k] + 1, step, lines, cost, fit };
}

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

/** @type {import("./scene.js").Question} */
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
    const { epoch: epochs, samples } = fits[1];
    return { right: [right], line, best, hidden, all, epochs, tests: samples.test.length };
  },
};

/** @param {import("./network.js").Configuration} own */
const isSingle = (own) => own.batch_size === 1;

/** @type {import("./scene.js").Question} */
const sample = {
  name: "sample",
  scene: (study) => ({
    section: "update",
    chosen: isSingle(study.exported.configurations[0])
      ? { configuration: 0, split: 0, own: null }
      : chosen(study, isSingle, { batch_size: 1 }),
    part: "update",
  }),
  find(study, scene) {
    const { lines, row, cost, fit } = firstUpdate(study, scene);
    const given = new Map(lines.map((line) => [line.symbol, line.value]));
    const updates = lines.filter(({ part }) => part === "update");
    const changed = updates.filter(({ symbol, value }) => {
      const before = given.get(symbol.replace("new ", "")) ?? 0;
      return Math.abs(value - before) > NONE * Math.abs(before);
    });
    const all = updates.length;
    const right = changed.length === all ? [2] : [];
    const { optimiser, l2 } = fit.configuration;
    return {
      ...{ right, changed: changed.length, all, row, cost },
      descends: optimiser === DESCENT.optimiser && !l2,
      hasEdges: fit.layers.every(({ weights }) => hasEdges(weights)),
      steps: fit.stop.epochs * fit.samples.train.length,
    };
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

/** @type {import("./scene.js").Question} */
const flow = {
  name: "flow",
  scene: (study) => ({ section: "update", chosen: deep(study, { batch_size: 1 }), part: "error" }),
  find(study, scene) {
    const { step, row, fit } = firstUpdate(study, scene);
    const { activation, hidden } = fit.configuration;
    // The output layer first, as errors flow; its own slope multiplies no error on the way back.
    const slopes = strengthsOf([step], fit.configuration).slopes.slice(0, hidden.length).reverse();
    const least = Math.min(...slopes);
    const isFlat = 2 * least < STEEPEST[/** @type {"sigmoid"} */ (activation)];
    const { right, ...sizes } = directionOf(sizesOf(step).reverse());
    return { right: [right], ...sizes, row, slopes, activation, isFlat, isStopped: least === 0 };
  },
};

/** @type {import("./scene.js").Question} */
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
    const ends = fits.map((fit) => fit.status());
    const isAdam = fits[0].configuration.optimiser === "adam";
    const isOpen = isAdam || ends[0] === "diverged";
    const right = isOpen ? [] : slowestOf(strengths);
    const accuracies = fits.map((fit) => fit.accuracy());
    return { right, isOpen, isAdam, strengths, ends, accuracies, epochs: fits[0].epoch };
  },
};

/**
 * Return which layers learn slowest: the first (0), one in the middle (1), the output (2), or several
 * of these that learn about alike.
 * @param {number[]} strengths the mean |error| of each layer
 */
export function slowestOf(strengths) {
  const [least, last] = [Math.min(...strengths), strengths.length - 1];
  const slow = [...strengths.keys()].filter((layer) => strengths[layer] <= HARDLY * least);
  return [...new Set(slow.map((layer) => (layer === 0 ? 0 : layer === last ? 2 : 1)))];
}

/** @type {import("./scene.js").Question} */
const wide = {
  name: "wide",
  scene(study) {
    const { configurations } = study.exported;
    const [{ hidden: nodes }] = configurations;
    const isWide = (/** @type {import("./study.js").Named} */ { hidden }) =>
      hidden.length === nodes.length && sumOf(hidden) > sumOf(nodes);
    const widest = Math.max(...configurations.filter(isWide).map(({ hidden }) => sumOf(hidden)));
    const isWidest = (/** @type {import("./study.js").Named} */ own) =>
      isWide(own) && sumOf(own.hidden) === widest;
    const wider = nodes.map((each) => WIDER * each);
    return { section: "watch", chosen: chosen(study, isWidest, { hidden: wider }), beside: "0" };
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const ends = fits.map((fit) => fit.status());
    const half = histories.map((history, k) =>
      ["diverged", "unlearned"].includes(ends[k]) ? null : history.halfway(),
    );
    const [at, other] = half.map((epoch) => epoch ?? Infinity);
    const right = at < 10 ? 0 : at < 100 ? 1 : at < Infinity ? 2 : 3;
    const starts = histories.map(({ moments }) => startOf(fits[0], moments[0].layers));
    const { cost, initialisation } = fits[0].configuration;
    return {
      right: ends[0] === "diverged" ? [] : [right],
      ...{ half, ends, starts, epochs: fits[0].epoch },
      nodes: fits.map(({ configuration }) => configuration.hidden.join("-")),
      learns: at < Infinity,
      waits: at > other,
      hasSlope: Boolean(costOf(cost, study.outputs).slope),
      isFlatter: starts[0].slope < starts[1].slope,
      isFlat: starts[0].slope < FLAT * STEEPEST.sigmoid,
      grows: initialisation === "uniform" && starts[0].sum > starts[1].sum,
    };
  },
};

/**
 * Return the mean output at the start, the mean |sum| of the output nodes, and their mean slope.
 * @param {import("./training.js").Fit} fit
 * @param {import("./network.js").Layer[]} layers
 */
function startOf({ samples, configuration }, layers) {
  const outputs = layers[layers.length - 1].thresholds.length;
  const { output } = costOf(configuration.cost, outputs);
  const all = samples.train.map((x) => forward(layers, x, configuration.activation, output));
  const last = (/** @type {number[][]} */ values) => values[values.length - 1];
  const values = all.flatMap((each) => last(each.outputs));
  return {
    output: mean(values),
    sum: mean(all.flatMap((each) => last(each.sums)).map(Math.abs)),
    slope: mean(values.map((value) => value * (1 - value))),
  };
}

/** @type {import("./scene.js").Question} */
const rate = {
  name: "rate",
  scene(study) {
    const [{ learning_rate: own }] = study.exported.configurations;
    const fast = Number((FASTER * own).toPrecision(12));
    const isFast = (/** @type {import("./study.js").Named} */ { learning_rate }) =>
      learning_rate === fast;
    return {
      section: "watch",
      chosen: chosen(study, isFast, { learning_rate: fast }),
      beside: "0",
    };
  },
  find(study, scene, histories) {
    const fits = ended(histories);
    if (!fits) return null;
    const outcomes = outcomesOf(fits);
    const { diverged, train, test, isChance } = outcomes;
    const isSame = Math.abs(train[0] - train[1]) <= SAME * Math.max(...train);
    const faster = !isSame && train[0] < train[1];
    const better = isChance ? [0, 1] : test[0] < test[1] ? [0] : [1];
    const right = diverged[0] ? [2] : isSame ? [] : faster ? better : [3];
    return { right, isSame, faster, ...outcomes };
  },
};

/** @type {import("./scene.js").Question} */
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
    const tests = fit.samples.test.length;
    const right = changeOf(accuracies, tests);
    const ofThreshold = suspect?.place.from === null;
    return { right: [right], accuracies, suspect, ofThreshold, tests, oneRow: 1 / tests };
  },
};

/**
 * Return whether an accuracy falls by more than 5 points (0), changes less (1) or rises by more (2).
 * Rows are counted: the difference of two shares can round to more than 5 points.
 * @param {number[]} accuracies before and after
 * @param {number} tests how many rows
 */
export function changeOf([before, after], tests) {
  const rows = Math.round(tests * after) - Math.round(tests * before);
  return 20 * rows < -tests ? 0 : 20 * rows <= tests ? 1 : 2;
}

/**
 * Return a configuration whose network is a straight line: logistic regression, trained in steps.
 * @param {import("./study.js").Named} reference
 */
const straightened = (reference) => ({ ...reference, hidden: [], cost: "cross_entropy", l2: 0 });

/** @type {import("./scene.js").Question} */
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
    const isOrdered = splits.some(({ train }) => train); // which the interval does not allow for
    const interval = isOrdered ? null : correctedInterval(differences, folds);
    const [low, high] = interval ?? [0, 0];
    return {
      right: [low > 0 ? 0 : high < 0 ? 1 : 2],
      ...{ interval, isOrdered, classes: study.exported.classes.length },
      epochs: study.exported.stop.epochs,
      splits: splits.length,
      network: mean(accuracies.map(([own]) => own)),
      line: mean(accuracies.map(([, own]) => own)),
      better: differences.filter((each) => each > NONE).length,
      worse: differences.filter((each) => each < -NONE).length,
    };
  },
};

export const QUESTIONS = [
  ...[xor, sample, flow, inDepth, wide, symmetryQuestion, rate],
  ...[batchQuestion, momentumQuestion, adamQuestion, decayQuestion, stopQuestion],
  ...[mistake, line],
];

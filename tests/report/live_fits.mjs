// Answers the questions of test_live_fits.py: a line of JSON on standard input, one on standard output.
import { createInterface } from "node:readline";

import {
  ACTIVATIONS,
  COSTS,
  INITIALISATIONS,
  Memory,
  OPTIMISERS,
  OUTPUTS,
  flatten,
} from "../../page/src/network.js";
import { turnedOf, turnedStudy } from "../../page/src/first.js";
import {
  WALK_STEPS,
  planeOfTraining,
  planeOfWeights,
  survey,
  walkFrom,
} from "../../page/src/landscape.js";
import { exerciseOf } from "../../page/src/exercise.js";
import { NO_STUDY } from "../../page/src/first.js";
import { correctedInterval } from "../../page/src/interval.js";
import { QUESTIONS, changeOf } from "../../page/src/questions.js";
import { studyOf } from "../../page/src/small_study.js";
import { LANGUAGES } from "../../page/src/words.js";
import { beginWith, firstDifference, mistakesOf } from "../../page/src/mistakes.js";
import { followUpdate } from "../../page/src/one_step.js";
import { operationsOf } from "../../page/src/operations.js";
import { PURPOSES, stream } from "../../page/src/streams.js";
import { tableOf } from "../../page/src/own_table.js";
import { judge, prove } from "../../page/src/proving.js";
import { Study } from "../../page/src/study.js";
import { trainToEnd } from "../../page/src/training.js";
import { History } from "../../page/src/history.js";

const bits = (values) =>
  Buffer.from(Float64Array.from(values.flat(Infinity)).buffer).toString("base64");

const answers = {
  entries: () => ({
    activations: Object.keys(ACTIVATIONS),
    outputs: Object.keys(OUTPUTS),
    costs: Object.keys(COSTS),
    initialisations: Object.keys(INITIALISATIONS),
    optimisers: Object.keys(OPTIMISERS),
    purposes: Object.keys(PURPOSES),
  }),
  looks: () => [NO_STUDY.colours, NO_STUDY.markers, NO_STUDY.colour],
  draws: ({ seed, purpose, key, orders, rows, numbers }) => {
    const generator = stream(BigInt(seed), purpose, ...key);
    return {
      orders: Array.from({ length: orders }, () => generator.permutation(rows)),
      numbers: Array.from({ length: numbers }, () => generator.random()),
    };
  },
  fits: ({ exported }) => {
    const study = new Study(exported);
    return exported.configurations.map((configuration, c) =>
      exported.splits.map((_, s) => {
        const fit = study.begin(configuration, s);
        const { train, test } = fit.samples;
        while (!fit.ended) fit.trainEpoch();
        const { status, ...proof } = prove(study, fit, c, s);
        return { ...proof, status, epochs: fit.epoch, inputs: bits([train, test]) };
      }),
    );
  },
};

Object.assign(answers, {
  formulas: () => ({
    activations: Object.values(ACTIVATIONS).map((each) => [each.formula, each.derivativeFormula]),
    outputs: Object.values(OUTPUTS).map((each) => each.formula),
    slots: Object.values(OPTIMISERS).map(({ slots }) => slots),
    costs: Object.values(COSTS)
      .flatMap((each) => [each, ...(each.several ? [each.several] : [])])
      .map((each) => [each.formula, each.errorFormula]),
  }),
  // The values of each activation at some sums, and its derivatives at these and at given outputs.
  activations: ({ sums, outputs }) =>
    Object.entries(outputs).map(([name, own]) => [
      sums.map((a) => ACTIVATIONS[name].value(a)),
      sums.map((a, k) => ACTIVATIONS[name].derivative(a, own[k])),
    ]),
  update: ({ layers, x, y, configuration, sample }) => {
    const memory = Memory.of(layers, configuration);
    return followUpdate(layers, x, y, configuration, sample, { memory });
  },
  exercise: ({ exported, number, optimiser }) =>
    exerciseOf(new Study(exported), BigInt(number), optimiser),
  ownStudy: ({ exported, text, split }) => {
    const { table } = tableOf(text, "own");
    const { configurations } = exported;
    const study = studyOf(table, exported, configurations, [""]);
    const fit = study.begin(configurations[0], split);
    while (!fit.ended) fit.trainEpoch();
    return { ...study.exported, samples: study.samples(split), accuracy: fit.accuracy() };
  },
  inputsAt: ({ exported, split, places }) =>
    places.map((place) => new Study(exported).inputsAt(split, place)),
  // What is found out for each question of the path, with the sentences of each language.
  path: async ({ exported }) => {
    const home = new Study(exported);
    const found = {};
    for (const question of QUESTIONS) {
      const scene = question.scene(home);
      const study = scene.study ?? home;
      const { configurations } = study.exported;
      const chosen = [scene.chosen.own ?? configurations[scene.chosen.configuration]];
      if (scene.beside) chosen.push(configurations[scene.beside]);
      const histories = chosen.map((each) => new History(study.begin(each, 0)));
      for (const each of histories) while (!each.fit.ended) each.train();
      const progress = [];
      const facts = await question.find(
        study,
        scene,
        histories,
        () => true,
        (done, all) => progress.push([done, all]),
      );
      const written = {
        short: String,
        fine: String,
        percent: String,
        list: (v) => v.join(" and "),
      };
      const sentences = Object.values(LANGUAGES).map((own) =>
        own.path.questions[question.name].found(facts, written),
      );
      found[question.name] = { ...facts, progress, sentences };
    }
    return found;
  },
  // The small network of an address, after some epochs.
  first: ({ exported, address, epochs }) => {
    const study = turnedStudy(turnedOf(address), exported);
    const { configurations, points, y, splits } = study.exported;
    const fit = study.begin(configurations[0], 0);
    while (fit.epoch < epochs) fit.trainEpoch();
    const { train, trainTargets } = fit.samples;
    const cost = fit.costOn(train, trainTargets);
    return { points, y, test: splits[0].test, cost, accuracy: fit.accuracy() };
  },
  mistakeAnswer: ({ accuracies, tests }) => changeOf(accuracies, tests),
  // The operations of each node at the start of the first fit, for its first training row.
  operations: ({ exported }) => {
    const study = new Study(exported);
    const { layers, samples, configuration } = study.begin(exported.configurations[0], 0);
    const [x, y] = [samples.train[0], samples.trainTargets[0]];
    const nodes = layers.flatMap(({ thresholds }, below) =>
      thresholds.map((_, node) => {
        const all = operationsOf(layers, x, y, configuration, { layer: below + 1, node });
        const numbers = all.map(({ symbol, value, gradient }) => [symbol, [value, gradient]]);
        return { layer: below + 1, node, numbers: Object.fromEntries(numbers) };
      }),
    );
    return { parameters: flatten(layers), x, y, nodes };
  },
  // A plane through the first fit of a study, of training or of two weights; walks on it.
  landscape: ({ exported, pair, optimisers }) => {
    const study = new Study(exported);
    const [configuration] = exported.configurations;
    const fit = study.begin(configuration, 0);
    const end = Study.numbers(exported.fits[0][0]).slice(0, flatten(fit.layers).length);
    const landscape = pair
      ? planeOfWeights(fit, end, pair)
      : planeOfTraining(fit, end, study.seed, study.key(0));
    const parts = (asked) => [...survey({ landscape, start: landscape.start, ...asked })];
    const map = parts({ kind: "map" }).flatMap((part) => part?.costs ?? []);
    const lowest = Math.min(...map);
    const gait = { optimiser: "momentum", rate: 0.3, beta: 0.9 };
    return {
      landscape,
      map,
      steps: WALK_STEPS,
      walk: [...walkFrom(landscape, landscape.start, gait)],
      cells: Object.fromEntries(
        optimisers.map((optimiser) => [
          optimiser,
          parts({ kind: "regimes", optimiser, lowest }).filter(Boolean),
        ]),
      ),
    };
  },
  interval: ({ differences, folds }) => correctedInterval(differences, folds),
  mistakes: ({ exported }) => {
    const study = new Study(exported);
    return Object.fromEntries(
      mistakesOf(exported.configurations[0].optimiser).map((name) => {
        const [right, wrong, again] = ["none", name, name].map((each) =>
          beginWith(each, study, 0, 0),
        );
        const first = firstDifference(right, wrong, 3);
        while (!again.ended) again.trainEpoch();
        return [name, { same: prove(study, again, 0, 0).same, first }];
      }),
    );
  },
});

Object.assign(answers, {
  verdicts: async ({ exported }) => {
    const study = new Study(exported);
    const verdicts = [];
    for (const [c, configuration] of exported.configurations.entries()) {
      const fit = study.begin(configuration, 0);
      await trainToEnd(fit);
      verdicts.push(judge(study, fit, c, 0));
    }
    return verdicts;
  },
});

for await (const line of createInterface({ input: process.stdin })) {
  const { question, ...values } = JSON.parse(line);
  const told = await Promise.resolve(values)
    .then(answers[question])
    .then(
      (answer) => ({ answer }),
      ({ stack }) => ({ error: stack }),
    );
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

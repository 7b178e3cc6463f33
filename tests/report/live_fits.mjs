// Answers the questions of test_live_fits.py: a line of JSON on standard input, one on standard output.
import { createInterface } from "node:readline";

import {
  ACTIVATIONS,
  COSTS,
  DESCENT,
  INITIALISATIONS,
  Memory,
  OPTIMISERS,
  OUTPUTS,
  trainBatch,
} from "../../page/src/network.js";
import { chainOf, productOf } from "../../page/src/chain_rule.js";
import { exerciseOf, numberOf } from "../../page/src/exercise.js";
import { evaluate } from "../../page/src/formula.js";
import { byDifferences, checkUpdate, placesOf } from "../../page/src/gradient_check.js";
import { SLIPS, isAnswer, isGiven, markAll } from "../../page/src/marking.js";
import { tableOf } from "../../page/src/own_table.js";
import { correctedInterval } from "../../page/src/interval.js";
import { QUESTIONS, bestLine, directionOf } from "../../page/src/questions.js";
import { exclusiveOr, studyOf } from "../../page/src/small_study.js";
import { ownValues } from "../../page/src/own.js";
import { LANGUAGES } from "../../page/src/words.js";
import { MISTAKES, beginWith, firstDifference, mistakesOf } from "../../page/src/mistakes.js";
import { followUpdate, numbersOf } from "../../page/src/one_step.js";
import { PURPOSES, stream } from "../../page/src/streams.js";
import { Tally } from "../../page/src/proof.js";
import { judge, largestDifference, prove } from "../../page/src/proving.js";
import { Study, leaveOut } from "../../page/src/study.js";
import { trainToEnd } from "../../page/src/training.js";
import { History, strengthsOf } from "../../page/src/history.js";

const bits = (values) =>
  Buffer.from(Float64Array.from(values.flat(Infinity)).buffer).toString("base64");

const written = (line) => ({ ...line, numbers: line.numbers(4) });

const samePlace = (one, other) =>
  ["layer", "node", "from"].every((name) => one[name] === other[name]);

const answers = {
  entries: () => ({
    activations: Object.keys(ACTIVATIONS),
    outputs: Object.keys(OUTPUTS),
    costs: Object.keys(COSTS),
    initialisations: Object.keys(INITIALISATIONS),
    optimisers: Object.keys(OPTIMISERS),
    purposes: Object.keys(PURPOSES),
  }),
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

// What the optimiser remembers after some updates, which also change the layers.
const memoryAfter = (layers, x, y, configuration, updates = 0) => {
  const memory = Memory.of(layers, configuration);
  for (let k = 0; k < updates; k++) trainBatch(layers, x, y, configuration, memory);
  return memory;
};

const keysOf = (texts) =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === "object" && !Array.isArray(text)
      ? keysOf(text).map((own) => `${key}.${own}`)
      : [`${key} ${typeof text} ${text.length && typeof text !== "string" ? text.length : ""}`],
  );

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
  words: () =>
    Object.fromEntries(Object.entries(LANGUAGES).map(([code, own]) => [code, keysOf(own)])),
  update: ({ layers, x, y, configuration, sample, updates }) => {
    const how = { memory: memoryAfter(layers, x, y, configuration, updates) };
    return followUpdate(layers, x, y, configuration, sample, how).map(written);
  },
  exercise: ({ exported, number, optimiser }) =>
    exerciseOf(new Study(exported), BigInt(number), optimiser),
  marks: ({ exported, number, typed }) =>
    markAll(exerciseOf(new Study(exported), BigInt(number)).lines, typed),
  // How single answers are marked: what was typed, and the right value.
  states: ({ pairs }) =>
    pairs.map(([typed, value]) => {
      const line = { part: "forward", symbol: "E", formula: String(value), value };
      return markAll([line], [typed])[0].state;
    }),
  slips: () => Object.keys(SLIPS),
  formula: ({ formulas, values }) => formulas.map((each) => evaluate(each, (name) => values[name])),
  // How many formulas and numbers of an update are worth their values.
  worth: ({ layers, x, y, configuration, sample, updates }) => {
    const memory = memoryAfter(layers, x, y, configuration, updates);
    const lines = followUpdate(layers, x, y, configuration, sample, { memory });
    const known = new Map();
    const wrong = [];
    for (const line of lines) {
      known.set(line.symbol, line.value);
      if (isGiven(line)) continue;
      const shown = evaluate(numbersOf(line, 4)).toPrecision(4);
      if (shown !== line.value.toPrecision(4)) wrong.push([line.symbol, shown, line.value]);
      if (/mean of/.test(line.formula)) continue;
      const value = evaluate(line.formula, (symbol) => known.get(symbol));
      const isWorth = Math.abs(value - line.value) <= 1e-12 * Math.max(1, Math.abs(line.value));
      if (!isWorth) wrong.push([line.symbol, line.formula, value, line.value]);
    }
    return { lines: lines.length, wrong };
  },
  chain: ({ layers, x, y, configuration }) => {
    const lines = followUpdate(layers, [x], [y], configuration);
    return placesOf(layers).map((place) => {
      const factors = chainOf(layers, x, y, configuration, place);
      const { part, value } = lines.find(
        (line) => line.part === "gradient" && samePlace(line, place),
      );
      const { shown } = productOf(factors, 4);
      const ofError = factors.filter((each) => each.isError);
      const error = lines.find(
        (line) => line.part === "error" && samePlace(line, { ...place, from: null }),
      );
      return {
        part,
        gradient: value,
        product: factors.reduce((total, each) => total * each.value, 1),
        shown: shown.reduce((total, each) => total * Number(each), 1),
        error: error.value,
        ofError: ofError.reduce((total, each) => total * each.value, 1),
        found: byDifferences(layers, [x], [y], configuration, place),
      };
    });
  },
  checks: ({ exported }) => {
    const study = new Study(exported);
    const { optimiser } = exported.configurations[0];
    return Object.fromEntries(
      mistakesOf(optimiser).map((name) => {
        const { rules } = MISTAKES[name];
        const fit = beginWith(name, study, 0, 0);
        const order = fit.orders.of(1).slice(0, fit.configuration.batch_size);
        const [x, y] = [fit.samples.train, fit.samples.trainTargets].map((all) =>
          order.map((k) => all[k]),
        );
        return [name, checkUpdate(fit.layers, x, y, fit.configuration, rules.batch)];
      }),
    );
  },
  table: ({ text }) => tableOf(text, "own"),
  ownStudy: ({ exported, text, split }) => {
    const { table } = tableOf(text, "own");
    const { configurations } = exported;
    const study = studyOf(table, exported, configurations, [""]);
    const fit = study.begin(configurations[0], split);
    while (!fit.ended) fit.trainEpoch();
    return { ...study.exported, samples: study.samples(split), accuracy: fit.accuracy() };
  },
  xor: () => exclusiveOr(1n),
  line: () => bestLine(exclusiveOr(1n)),
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
      const written = { short: String, fine: String, percent: String, list: String };
      const sentences = Object.values(LANGUAGES).map((own) =>
        own.path.questions[question.name].found(facts, written),
      );
      found[question.name] = { ...facts, progress, sentences };
    }
    return found;
  },
  directions: ({ sizes }) => sizes.map(directionOf),
  interval: ({ differences, folds }) => correctedInterval(differences, folds),
  numbers: ({ typed }) => typed.map((each) => numberOf(each) !== null),
  answers: ({ pairs }) => pairs.map(([answer, value]) => isAnswer(answer, value)),
  own: ({ typed }) => {
    const { own, wrong } = ownValues(typed, 2, 1, DESCENT);
    return own ? { ...own, seed: String(own.seed) } : { wrong };
  },
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

const history = (exported) => {
  const study = new Study(exported);
  return new History(study.begin(exported.configurations[0], 0));
};

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
  difference: ({ pairs }) =>
    String(largestDifference(...[0, 1].map((k) => pairs.map((pair) => Number(pair[k]))))),
  tally: ({ added }) => {
    const tally = new Tally("");
    for (const verdict of added) tally.add(verdict, 0);
    return tally.cells();
  },
  left: ({ exported }) => ({ lost: leaveOut(exported), exported }),
  halfway: ({ costs }) => {
    const kept = Object.create(History.prototype);
    return Object.assign(kept, { costs: costs.map(Number) }).halfway();
  },
  strengths: ({ steps, activation, cost }) => strengthsOf(steps, { activation, cost }),
  // Each epoch of a history, asked in an order, beside the fit that is trained epoch by epoch.
  moments: ({ exported, epochs }) => {
    const kept = history(exported);
    const { fit: own } = history(exported);
    const expected = [JSON.stringify(kept.at(0).layers)];
    while (!kept.fit.ended) {
      kept.train();
      own.trainEpoch();
      expected.push(JSON.stringify(own.layers));
    }
    const wrong = epochs.filter((epoch) => {
      const { epoch: shown, layers, trainCost, strengths } = kept.at(epoch);
      const isSame = JSON.stringify(layers) === expected[Math.min(epoch, own.epoch)];
      const cost = epoch && kept.costs[Math.min(epoch, own.epoch) - 1];
      const isKnown = epoch === 0 || (trainCost === cost && strengths.every((each) => each > 0));
      return shown !== Math.min(epoch, own.epoch) || !isSame || !isKnown;
    });
    return { wrong, kept: kept.moments.length, last: kept.moments.at(-1).epoch };
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

// Answers the questions of test_live_*.py: a JSON object on standard input, one on standard output.
import { readFileSync } from "node:fs";

import {
  ACTIVATIONS,
  COSTS,
  INITIALISATIONS,
  OUTPUTS,
} from "../../src/backprop/report/live/network.js";
import { exerciseOf, isAnswer, numberOf } from "../../src/backprop/report/live/exercise.js";
import { ownValues } from "../../src/backprop/report/live/own.js";
import { LANGUAGES } from "../../src/backprop/report/live/words.js";
import { MISTAKES, beginWith, firstDifference } from "../../src/backprop/report/live/mistakes.js";
import { followUpdate } from "../../src/backprop/report/live/one_step.js";
import { PURPOSES, stream } from "../../src/backprop/report/live/streams.js";
import { Tally, judge } from "../../src/backprop/report/live/proof.js";
import { Study, largestDifference, leaveOut, prove } from "../../src/backprop/report/live/study.js";
import { trainToEnd } from "../../src/backprop/report/live/training.js";
import { History, strengthsOf } from "../../src/backprop/report/live/history.js";

const bits = (values) =>
  Buffer.from(Float64Array.from(values.flat(Infinity)).buffer).toString("base64");

const answers = {
  entries: () => ({
    activations: Object.keys(ACTIVATIONS),
    outputs: Object.keys(OUTPUTS),
    costs: Object.keys(COSTS),
    initialisations: Object.keys(INITIALISATIONS),
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
        const { status, ...proof } = prove(fit, exported.fits[c][s]);
        return { ...proof, status, epochs: fit.epoch, inputs: bits([train, test]) };
      }),
    );
  },
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
    costs: Object.values(COSTS)
      .flatMap((each) => [each, ...(each.several ? [each.several] : [])])
      .map((each) => [each.formula, each.errorFormula]),
  }),
  words: () =>
    Object.fromEntries(Object.entries(LANGUAGES).map(([code, own]) => [code, keysOf(own)])),
  update: ({ layers, x, y, configuration, sample }) =>
    followUpdate(layers, x, y, configuration, sample),
  exercise: ({ exported, number }) => exerciseOf(new Study(exported), BigInt(number)),
  numbers: ({ typed }) => typed.map((each) => numberOf(each) !== null),
  answers: ({ pairs }) => pairs.map(([answer, value]) => isAnswer(answer, value)),
  own: ({ typed }) => {
    const own = ownValues(typed, 2, 1);
    return own && { ...own, seed: String(own.seed) };
  },
  mistakes: ({ exported }) => {
    const study = new Study(exported);
    return Object.fromEntries(
      Object.keys(MISTAKES).map((name) => {
        const [right, wrong, again] = ["none", name, name].map((each) =>
          beginWith(each, study, 0, 0),
        );
        const first = firstDifference(right, wrong, 3);
        while (!again.ended) again.trainEpoch();
        return [name, { same: prove(again, exported.fits[0][0]).same, first }];
      }),
    );
  },
  batch: ({ name, layers, x, y, configuration }) => {
    const steps = MISTAKES[name].rules.batch(layers, x, y, configuration);
    return { layers, errors: steps.map(({ layerErrors }) => layerErrors) };
  },
  inputs: ({ exported, name, split }) => beginWith(name, new Study(exported), 0, split).samples,
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
    for (const [verdict, accuracy] of added) tally.add(verdict, accuracy);
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
  // In node --expose-gc: the memory after each thousand epochs.
  memory: ({ exported }) => {
    const kept = history(exported);
    const used = [];
    while (!kept.fit.ended) {
      kept.train();
      if (kept.fit.epoch % 1000) continue;
      globalThis.gc();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      used.push([heapUsed, arrayBuffers]);
    }
    return used;
  },
});

const { question, ...values } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(await answers[question](values)));

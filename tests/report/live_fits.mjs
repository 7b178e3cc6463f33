// Answers the questions of test_live_*.py: a JSON object on standard input, one on standard output.
import { readFileSync } from "node:fs";

import {
  ACTIVATIONS,
  COSTS,
  INITIALISATIONS,
  OUTPUTS,
} from "../../src/backprop/report/live/network.js";
import { exerciseOf, isAnswer } from "../../src/backprop/report/live/exercise.js";
import { ownValues } from "../../src/backprop/report/live/own.js";
import { LANGUAGES } from "../../src/backprop/report/live/words.js";
import { MISTAKES, firstDifference } from "../../src/backprop/report/live/mistakes.js";
import { followUpdate } from "../../src/backprop/report/live/one_step.js";
import { PURPOSES, stream } from "../../src/backprop/report/live/streams.js";
import { Study, prove } from "../../src/backprop/report/live/study.js";

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
  answers: ({ pairs }) => pairs.map(([answer, value]) => isAnswer(answer, value)),
  own: ({ typed }) => {
    const own = ownValues(typed);
    return own && { ...own, seed: String(own.seed) };
  },
  mistakes: ({ exported }) => {
    const study = new Study(exported);
    const [configuration] = exported.configurations;
    return Object.fromEntries(
      Object.entries(MISTAKES).map(([name, { rules, allRows }]) => {
        const encoding = allRows ? exported.everywhere : undefined;
        const wrong = study.begin(configuration, 0, { rules, encoding });
        const first = firstDifference(
          study.begin(configuration, 0),
          study.begin(configuration, 0, { rules, encoding }),
          3,
        );
        while (!wrong.ended) wrong.trainEpoch();
        return [name, { same: prove(wrong, exported.fits[0][0]).same, first }];
      }),
    );
  },
});

const { question, ...values } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(answers[question](values)));

// Answers the questions of test_live_*.py: a JSON object on standard input, one on standard output.
import { readFileSync } from "node:fs";

import { ACTIVATIONS, COSTS, INITIALISATIONS, OUTPUTS } from "../../src/backprop/report/live/network.js";
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

const { question, ...values } = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(answers[question](values)));

// The schema declares what the page knows of a study; the library tests what it writes by it, too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";

import { exclusiveOr, studyOf } from "../src/small_study.js";

const schema = JSON.parse(readFileSync(new URL("../study.schema.json", import.meta.url), "utf8"));
const isStudy = new Ajv({ strictTypes: false, strictRequired: false }).compile(schema);
const REFERENCE = {
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
const exported = () => {
  const study = studyOf(exclusiveOr(1n), /** @type {any} */ (HOME), [REFERENCE], [""]);
  return JSON.parse(JSON.stringify(study.exported));
};

test("a study that the page makes is one that it could be given", () => {
  assert.ok(isStudy(exported()), JSON.stringify(isStudy.errors));
});

test("a page without a network to train needs no rows", () => {
  const names = ["dataset", "label", "colours", "markers", "colour", "names", "chaotic", "size"];
  const empty = Object.fromEntries(names.map((name) => [name, exported()[name]]));
  assert.ok(isStudy({ ...empty, splits: [], configurations: [] }), JSON.stringify(isStudy.errors));
});

for (const [what, change] of /** @type {[string, (study: any) => void][]} */ ([
  ["a key that is not declared", (study) => (study.weights = [])],
  ["no rows", (study) => delete study.y],
  ["a seed that is a number", (study) => (study.seed = 1)],
  ["a split without its test rows", (study) => delete study.splits[0].test],
  ["a split with more", (study) => (study.splits[0].inner = [0])],
  ["a configuration without its rate", (study) => delete study.configurations[0].learning_rate],
  ["an epoch that is a fraction", (study) => (study.stop.epochs = 0.5)],
]))
  test(`not a study: ${what}`, () => {
    const study = exported();
    change(study);
    assert.ok(!isStudy(study));
  });

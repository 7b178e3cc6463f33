// The schema declares what the page knows of a study; the library tests what it writes by it, too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";

import { exported } from "./made.js";

const schema = JSON.parse(readFileSync(new URL("../study.schema.json", import.meta.url), "utf8"));
const isStudy = new Ajv({ strictTypes: false, strictRequired: false }).compile(schema);
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

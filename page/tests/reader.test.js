// What readers type: a configuration, a number of an exercise, a table of theirs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { headOf } from "../src/elements.js";
import { numberOf } from "../src/exercise.js";
import { turnedOf } from "../src/first.js";
import { DESCENT } from "../src/network.js";
import { greek } from "../src/numbers.js";
import { ownValues } from "../src/own.js";
import { tableOf } from "../src/own_table.js";
import { walkOf } from "../src/walk.js";
import { LANGUAGES } from "../src/words.js";

const OWN = {
  hidden: "4, 3",
  activation: "tanh",
  cost: "cross_entropy",
  rate: "1e-2",
  batch: "8",
  l2: "0",
  initialisation: "glorot",
  optimiser: "adam",
  seed: String(2n ** 64n),
};
const valuesOf = (typed) => ownValues({ ...OWN, ...typed }, 2, 1, DESCENT);

test("values of the reader are a configuration and a seed", () => {
  const { own } = valuesOf({});
  const { hidden, activation, learning_rate, batch_size, optimiser, momentum, seed } = own;
  const given = [hidden, activation, learning_rate, batch_size, optimiser, momentum, seed];
  assert.deepEqual(given, [[4, 3], "tanh", 0.01, 8, "adam", DESCENT.momentum, 2n ** 64n]);
});

test("a comma is a decimal sign", () => {
  assert.equal(valuesOf({ rate: "0,5" }).own.learning_rate, 0.5);
});

const REFUSED = {
  hidden: ["", "0", "4,", "-3", "999,20", "1,1,1,1,1,1", "500,500"],
  rate: ["0", "-1", "x", "1e400", "1,000,5"],
  l2: ["1e400", "-1"],
  batch: ["0", "1.5"],
  seed: ["-1", "1.0"],
  activation: ["toString"],
  cost: ["none"],
  optimiser: ["Adam"],
};
for (const [name, texts] of Object.entries(REFUSED))
  for (const text of texts)
    test(`a value of the reader that cannot be used is refused: ${name} "${text}"`, () => {
      assert.deepEqual(valuesOf({ [name]: text }).wrong, [name]);
    });

test("layers are typed in many ways", () => {
  for (const hidden of ["3-2", "3x2", "3,2", "3 2", "3, 2", " 3 - 2 ", "3;2"])
    assert.deepEqual(valuesOf({ hidden }).own.hidden, [3, 2], hidden);
});

const AT_FIRST = Object.values(turnedOf("")).join("_");
const TURNED = "spirals_0.15_8-8_relu_0.013_adam_12";

test("an address turns what it names", () => {
  assert.equal(Object.values(turnedOf(TURNED)).join("_"), TURNED);
  assert.equal(turnedOf("xor_0.5").noise, "0.5");
});

for (const [what, address] of Object.entries({
  "an unknown one": "cube",
  "a property of objects": "constructor",
  "noise above 1": "xor_1.5",
  "a rate of 0": "xor_0.3_2_sigmoid_0",
  "a number that is none": "xor_NaN_2_sigmoid_1e3_sgd_-1",
  "more nodes than in the list": "xor_0.3_999",
  markup: "<img src=x>_<b>_<i>",
}))
  test(`an address that cannot be used leaves all as at first: ${what}`, () => {
    assert.equal(Object.values(turnedOf(address)).join("_"), AT_FIRST);
  });

test("a number of an exercise has digits only", () => {
  for (const typed of ["0", "7", "9".repeat(40)]) assert.notEqual(numberOf(typed), null, typed);
  for (const typed of ["9".repeat(41), "", "7a", "-7", "7.5", "7 8"])
    assert.equal(numberOf(typed), null, typed);
});

test("a table of the reader is read as spreadsheets write it", () => {
  const rows = Array.from(
    { length: 12 },
    (_, k) => `"1,${k}";" say ""${k}""";;${k % 3 ? "yes" : "no"}`,
  );
  const { table } = tableOf(`\ufeffsize;note;empty;class\r\n${rows.join("\r\n")}\r\n`, "own");
  assert.deepEqual(table.left, ["note"]);
  assert.deepEqual([table.label, table.classes], ["class", ["no", "yes"]]);
  assert.deepEqual(
    table.columns.map(({ name }) => name),
    ["size", "empty"],
  );
  assert.deepEqual(table.columns[0].values.slice(0, 3), [1, 1.1, 1.2]);
  assert.deepEqual(table.columns[1].values, Array(12).fill(null));
  assert.deepEqual(table.y.slice(0, 4), [0, 1, 1, 0]);
});

for (const [text, problem] of [
  ["a,b", "empty"],
  ["a,b\n1,x\n2", "ragged"],
  [`a,b\n${"1,x\n2,y\n".repeat(4)}`, "rows"],
  [`a,b\n${"1,x\n".repeat(20)}`, "classes"],
  [`a,b\n${"u,x\nv,y\n".repeat(20)}`, "columns"],
  [`${[..."abcdefghijkl"]}\n${`${[..."1".repeat(11)]},x\n`.repeat(20)}`, "classes"],
])
  test(`a table that cannot be used says why: ${JSON.stringify(text.slice(0, 24))}`, () => {
    assert.equal(tableOf(text, "own").problem, problem);
  });

test("symbols become signs, and words stay", () => {
  assert.equal(
    greek("new theta = theta - eta error; beta_2^t, eta(t), dE/dgamma_1"),
    "new θ = θ − η error; β_2^t, η(t), ∂E/∂γ_1",
  );
  assert.equal(
    greek("exp(-a), 1e-5, sum of w_hj b_h + theta_j"),
    "exp(−a), 1e−5, sum of w_hj b_h + θ_j",
  );
  assert.equal(greek("la meta se completa; manque-t-il"), "la meta se completa; manque-t-il");
});

test("a text is cut after as many sentences as have 40 words, and never within one", () => {
  const of = (words) => `${"Word ".repeat(words).trim()}.`;
  assert.deepEqual(headOf(`${of(10)} ${of(30)} ${of(1)}`, "en"), [`${of(10)} ${of(30)}`, of(1)]);
  assert.deepEqual(headOf(`${of(10)} ${of(31)}`, "en"), [of(10), of(31)]);
  assert.deepEqual(headOf(`${of(50)} ${of(1)}`, "en"), [of(50), of(1)]);
  assert.deepEqual(headOf(of(3), "en"), [of(3), ""]);
  const [head, rest] = headOf("点击“播放”，或拖动一个样本。".repeat(9), "zh");
  assert.equal(head + rest, "点击“播放”，或拖动一个样本。".repeat(9));
  assert.ok(head && rest);
});

test("an address leads to a walk", () => {
  const walk = walkOf("weights_4_0_adam_0.03_0.9_-1.5_2", 9);
  const gait = { optimiser: "adam", rate: 0.03, beta: 0.9 };
  assert.deepEqual(walk, { plane: "weights", pair: [4, 0], gait, start: [-1.5, 2] });
});

for (const address of [
  "",
  "plane_0_1_sgd_1_0_0_0",
  "weights_0_9_sgd_1_0_0_0",
  "weights_1_1_sgd_1_0_0_0",
  "weights_0_1_toString_1_0_0_0",
  "training_0_1_sgd_1e9_0_0_0",
  "training_0_1_sgd_1_1_0_0",
  "training_0_1_sgd_1_0_0",
  "training_0_1_sgd_1_0__0",
  "training_0_1_sgd_1_0_0_Infinity",
])
  test(`an address that no walk has is not followed: "${address}"`, () => {
    assert.equal(walkOf(address, 9), null);
  });

/** Return the keys of texts, with what each is. */
const keysOf = (texts) =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === "object" && !Array.isArray(text)
      ? keysOf(text).map((own) => `${key}.${own}`)
      : [`${key} ${typeof text} ${text.length && typeof text !== "string" ? text.length : ""}`],
  );

test("each language has the same texts", () => {
  const [first, ...others] = Object.values(LANGUAGES).map(keysOf);
  assert.ok(others.length);
  for (const other of others) assert.deepEqual(other, first);
});

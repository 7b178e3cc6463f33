// How answers of the exercise are marked: what is right, what follows, and which slip it was.

import assert from "node:assert/strict";
import { test } from "node:test";

import { exerciseOf } from "../src/exercise.js";
import { SLIPS, isAnswer, isGiven, markAll } from "../src/marking.js";
import { Study } from "../src/study.js";
import { exported } from "./made.js";

const valuesOf = (lines) => Object.fromEntries(lines.map(({ symbol, value }) => [symbol, value]));
const { lines: some } = exerciseOf(new Study(exported()), 7n);
const values = valuesOf(some);
const rounded = (/** @type {number} */ value) => Number(value.toPrecision(4));
const sigma = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/** Return the marks of what is typed, by symbol. */
const marksOf = (typed, lines = some) => {
  const blanks = lines.filter((line) => !isGiven(line));
  const marks = markAll(
    lines,
    blanks.map(({ symbol }) => String(typed[symbol] ?? "")),
  );
  return Object.fromEntries(blanks.map(({ symbol }, k) => [symbol, marks[k]]));
};

test("an answer is right to four digits", () => {
  for (const [answer, value, isRight] of [
    [0.1235, 0.12345678, true],
    [0.1234, 0.12345678, true],
    [0.1232, 0.12345678, false],
    [-12.35, -12.3449, true],
    [12.35, -12.3449, false],
    [0, 0, true],
    [1e-9, 0, false],
    [1.234e-7, 1.2341e-7, true],
    [1.3e-7, 1.2341e-7, false],
  ])
    assert.equal(isAnswer(answer, value), isRight, `${answer} for ${value}`);
});

test("what follows from a mistake is right, and the first mistake has a name", () => {
  const b_1 = sigma(values.alpha_1); // without the threshold
  const beta = values.w_1 * b_1 + values.w_2 * values.b_2;
  const yhat = sigma(beta + values.theta);
  const four = (/** @type {number} */ value) => value.toPrecision(4);
  const marks = marksOf({
    alpha_1: four(values.alpha_1),
    b_1: four(b_1),
    beta: four(beta),
    yhat: four(yhat),
    E: "abc",
    error_2: "9",
  });
  assert.equal(marks.alpha_1.state, "right");
  assert.deepEqual(marks.b_1, { state: "wrong", slip: "no_threshold" });
  assert.deepEqual([marks.beta.state, marks.yhat.state], ["follows", "follows"]);
  assert.equal(marks.E.state, "unread");
  assert.equal(marks.error.state, "empty");
  assert.deepEqual(marks.error_2, { state: "wrong", slip: null });
});

test("what follows from rounded numbers is right, each calculated from those before", () => {
  const { lines } = exerciseOf(new Study(exported()), 11n);
  const v = valuesOf(lines);
  for (const h of ["1", "2"]) {
    v[`alpha_${h}`] = rounded(v[`v_1,${h}`] * v.x_1 + v[`v_2,${h}`] * v.x_2);
    v[`b_${h}`] = rounded(sigma(v[`alpha_${h}`] + v[`gamma_${h}`]));
  }
  v.beta = rounded(v.w_1 * v.b_1 + v.w_2 * v.b_2);
  v.yhat = rounded(sigma(v.beta + v.theta));
  const off = v.yhat - v.y;
  v.E = rounded(off ** 2 / 2);
  v.error = rounded(off * v.yhat * (1 - v.yhat));
  const typed = Object.entries(v).map(([symbol, value]) => [symbol, value.toPrecision(4)]);
  const marks = marksOf(Object.fromEntries(typed), lines);
  const states = ["alpha_1", "b_2", "beta", "yhat", "E", "error"].map((name) => marks[name].state);
  assert.ok(states.every((state) => state === "right" || state === "follows"));
  assert.ok(states.includes("follows")); // an exact number differs in its last digit
});

test("rounding excuses no mistake", () => {
  const all = Object.entries(values).map(([symbol, value]) => [symbol, rounded(value)]);
  assert.equal(marksOf({ ...Object.fromEntries(all), E: 1.02 * values.E }).E.state, "wrong");
});

test("too few digits are marked even if the next ones are 0, and a wrong last digit is wrong", () => {
  for (const [typed, value, state] of [
    ["0.8", 0.80004, "few_digits"],
    ["0.8000", 0.80004, "right"],
    ["0", 0, "right"],
    ["0.81", 0.80004, "wrong"],
  ]) {
    const line = { part: "forward", symbol: "E", formula: String(value), value };
    assert.equal(markAll([line], [typed])[0].state, state, typed);
  }
});

/** The symbol of each slip, and what it makes of its number. @type {Record<string, any>} */
const SLIPPED = {
  no_threshold: ["yhat", (v) => sigma(v.beta)],
  threshold_too_early: ["alpha_2", (v) => v.alpha_2 + v.gamma_2],
  no_sigma: ["b_1", (v) => v.alpha_1 + v.gamma_1],
  sign_in_sigma: ["b_1", (v) => sigma(-v.alpha_1 - v.gamma_1)],
  no_half: ["E", (v) => 2 * v.E],
  no_square: ["E", (v) => (v.yhat - v.y) / 2],
  no_slope: ["error_1", (v) => v.error * v.w_1],
  half_slope: ["error", (v) => (v.yhat - v.y) * v.yhat],
  indices: ["alpha_1", (v) => v["v_1,1"] * v.x_1 + v["v_1,2"] * v.x_2],
  no_input: ["dE/dw_1", (v) => v.error],
  new_weights: ["error_2", (v) => v.b_2 * (1 - v.b_2) * v.error * (v.w_2 - 0.5 * v.error * v.b_2)],
  no_rate: ["new w_1", (v) => v.w_1 - v["dE/dw_1"]],
  plus: ["new theta", (v) => v.theta + 0.5 * v["dE/dtheta"]],
  sign: ["error", (v) => -v.error],
};

test("there is a test of each slip", () => {
  assert.deepEqual(Object.keys(SLIPS), Object.keys(SLIPPED));
});

for (const [slip, [symbol, wrong]] of Object.entries(SLIPPED))
  test(`a slip is recognised: ${slip}`, () => {
    const marks = marksOf({ [symbol]: wrong(values).toPrecision(4) });
    assert.deepEqual(marks[symbol], { state: "wrong", slip });
  });

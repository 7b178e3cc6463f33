// What a teacher gets: exercises by number, the marks of a class from a file, and a lesson.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  answersIn,
  countsOf,
  csvOf,
  hardestOf,
  markStudent,
  numbersIn,
  rightOf,
  stepsOf,
} from "../src/class_answers.js";
import { exerciseOf } from "../src/exercise.js";
import { SLIDES, lessonParts, otherParts } from "../src/lesson.js";
import { isGiven } from "../src/marking.js";
import { QUESTIONS } from "../src/questions.js";
import { Study } from "../src/study.js";
import { LANGUAGES } from "../src/words.js";
import { exported } from "./made.js";

const study = new Study(exported());
const STEPS = stepsOf(study, "sgd");

for (const [typed, numbers] of /** @type {[string, bigint[]][]} */ ([
  ["7", [7n]],
  ["1-3, 45", [1n, 2n, 3n, 45n]],
  ["3 – 5;4 0，2、9", [3n, 4n, 5n, 0n, 2n, 9n]],
  ["9".repeat(40), [BigInt("9".repeat(40))]],
  [`${10n ** 39n}-${10n ** 39n + 1n}`, [10n ** 39n, 10n ** 39n + 1n]],
]))
  test(`numbers are read: "${typed}"`, () => assert.deepEqual(numbersIn(typed), { numbers }));

for (const [typed, problem, found] of [
  ["", "none", ""],
  [" , ", "none", ""],
  ["1, x", "part", "x"],
  ["-3", "part", "-3"],
  ["1-2-3", "part", "1-2-3"],
  ["1.5", "part", "1.5"],
  ["1".repeat(41), "part", "1".repeat(41)],
  ["5-3", "order", "5-3"],
  ["1-201", "many", "201"],
  [`1, 5-${10n ** 30n}`, "many", String(10n ** 30n - 3n)],
])
  test(`numbers that cannot be used are refused: "${typed}"`, () => {
    assert.deepEqual(numbersIn(typed), { problem, found });
  });

test("200 numbers are not too many", () => {
  assert.equal(numbersIn("1-200").numbers.length, 200);
});

test("a file of answers is read, whatever the order of its columns", () => {
  const text = 'E;NUMBER;"new v_1,1";Name\r\n0,25;07;;"Li; ""Lu"""\r\n';
  const { answers, columns, faults } = answersIn(text, STEPS);
  assert.deepEqual(faults, []);
  assert.deepEqual(columns, ["E", "new v_1,1"]);
  const typed = STEPS.map((step) => (step === "E" ? "0,25" : ""));
  assert.deepEqual(answers, [{ name: 'Li; "Lu"', number: 7n, typed }]);
});

const HEAD = "name,number,alpha_1";
const MANY = `${HEAD}\n${"A,1,2\n".repeat(501)}`;
for (const [text, ...expected] of /** @type {[string, ...any][]} */ ([
  ["", [1, "missing", "name"], [1, "missing", "number"], [1, "steps", ""]],
  [HEAD, [1, "empty", ""]],
  ["name,alpha_1\nA,1", [1, "missing", "number"]],
  ["name,number\nA,1", [1, "steps", ""]],
  [`${HEAD},alpha_3\nA,1,2,3`, [1, "column", "alpha_3"]],
  [`${HEAD},<b>\nA,1,2,3`, [1, "column", "<b>"]],
  [`${HEAD},alpha_1\nA,1,2,3`, [1, "twice", "alpha_1"]],
  [`${HEAD},Name\nA,1,2,3`, [1, "twice", "name"]],
  [`${HEAD}\nA,1\n\nB,2,3,4`, [2, "cells", "2", "3"], [4, "cells", "4", "3"]],
  [`${HEAD}\n"A\nB",1,2\nC,x,2\nD,-1,2`, [4, "number", "x"], [5, "number", "-1"]],
  [`${HEAD}\nA,,2`, [2, "number", ""]],
  [MANY, [502, "lines", "501", "500"]],
]))
  test(`a fault of a file has its line: ${JSON.stringify(text.slice(0, 40))}`, () => {
    const { answers, faults } = answersIn(text, STEPS);
    const known = faults.map(({ line, problem, found, allowed }, k) =>
      [line, problem, found, allowed].slice(0, expected[k]?.length),
    );
    assert.deepEqual(known, expected);
    if (expected[0][0] === 1) assert.deepEqual(answers, []);
  });

test("a column that is not known is answered by all that are", () => {
  const [{ allowed }] = answersIn("name,number,E,x\nA,1,2,3", STEPS).faults;
  assert.deepEqual(allowed.split("; "), ["name", "number", ...STEPS]);
});

/** Return the answers of a student with some of them changed. */
const studentOf = (number, change = {}) => {
  const lines = exerciseOf(study, number).lines.filter((line) => !isGiven(line));
  const typed = lines.map(({ symbol, value }) => change[symbol]?.(value) ?? value.toPrecision(4));
  return { name: "", number, typed };
};
const doubled = (/** @type {number} */ value) => (2 * value).toPrecision(4);
const CLASS = [
  studentOf(1n),
  studentOf(2n, { E: doubled, beta: () => "" }),
  studentOf(3n, { E: doubled }),
  studentOf(4n, { error_2: doubled, E: () => "x" }),
].map((answers) => markStudent(study, answers, "sgd"));

test("a class is marked, step by step", () => {
  assert.deepEqual(CLASS.map(rightOf), [28, 26, 27, 26]);
  const counts = countsOf(CLASS, STEPS.indexOf("E"));
  assert.deepEqual(counts, { right: 1, wrong: 2, unread: 1, empty: 0 });
  assert.equal(countsOf(CLASS, STEPS.indexOf("beta")).empty, 1);
});

test("what most of a class have wrong is found, and the most frequent slip", () => {
  const { most, steps, slip, count } = hardestOf(CLASS);
  assert.deepEqual([most, steps.map((step) => STEPS[step])], [2, ["E"]]);
  assert.deepEqual([slip, count], ["no_half", 2]);
  assert.deepEqual(hardestOf([CLASS[0]]), { most: 0, steps: [], slip: null, count: 0 });
  const { steps: both } = hardestOf([CLASS[2], CLASS[3]]);
  assert.deepEqual(
    both.map((step) => STEPS[step]),
    ["E", "error_2"],
  );
});

test("what follows from a mistake is right for a class, too", () => {
  const change = { b_1: (/** @type {number} */ value) => (value / 2).toPrecision(4) };
  const { lines } = exerciseOf(study, 5n);
  const of = Object.fromEntries(lines.map(({ symbol, value }) => [symbol, value]));
  const beta = (of.w_1 * of.b_1) / 2 + of.w_2 * of.b_2;
  const answers = studentOf(5n, { ...change, beta: () => beta.toPrecision(4) });
  const { marks } = markStudent(study, answers, "sgd");
  assert.equal(marks[STEPS.indexOf("b_1")].state, "wrong");
  assert.equal(marks[STEPS.indexOf("beta")].state, "follows");
});

test("each optimiser has its steps, and its exercises are marked", () => {
  for (const optimiser of ["momentum", "adam"]) {
    const steps = stepsOf(study, optimiser);
    assert.ok(steps.length > STEPS.length);
    const { lines } = exerciseOf(study, 9n, optimiser);
    const typed = lines.filter((line) => !isGiven(line)).map(({ value }) => value.toPrecision(4));
    const answers = { name: "", number: 9n, typed };
    assert.equal(rightOf(markStudent(study, answers, optimiser)), steps.length);
  }
});

for (const [cell, written] of [
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["＝1", "'＝1"],
  ["'=1", "''=1"],
  ["a;=1", '"a;\'=1"'],
  ['a"=1', '"a""\'=1"'],
  ["a\t-1", '"a\t\'-1"'],
  ["a\n=1", '"a\n\'=1"'],
  ["1-2", "1-2"],
  ["Li, Lu", '"Li, Lu"'],
  ["new v_1,1", '"new v_1,1"'],
])
  test(`a spreadsheet finds no formula in ${JSON.stringify(cell)}`, () => {
    assert.equal(csvOf([[cell, "b"]]), `\uFEFF${written},b\r\n`);
  });

test("the template is a file without answers, which can be read", () => {
  const rows = [
    ["name", "number", ...STEPS],
    ["", "7", ...STEPS.map(() => "")],
  ];
  const { answers, columns, faults } = answersIn(csvOf(rows), STEPS);
  assert.deepEqual([columns, faults], [STEPS, []]);
  assert.deepEqual(answers, [{ name: "", number: 7n, typed: STEPS.map(() => "") }]);
});

test("the lesson takes 45 minutes, and each of its steps has an address", () => {
  const parts = lessonParts();
  assert.deepEqual([parts[0].from, parts[parts.length - 1].to], [0, 45]);
  for (const [k, { from, to, name, address }] of parts.entries()) {
    assert.ok(from < to && (k === 0 || from === parts[k - 1].to));
    const step = Number(/^step=(\d+)$/.exec(address)?.[1]);
    if (name === "exercise") assert.equal(address, "section=exercise");
    else assert.equal(QUESTIONS[step - 1]?.name ?? "summary", name);
  }
});

test("each question is in the lesson or left for later, with slides that have a title", () => {
  const names = QUESTIONS.map(({ name }) => name);
  const all = [...lessonParts(), ...otherParts()].map(({ name }) => name);
  assert.deepEqual([...all].sort(), [...names, "exercise", "summary"].sort());
  assert.deepEqual(Object.keys(SLIDES).sort(), all.sort());
  for (const { teach } of Object.values(LANGUAGES)) {
    for (const slide of Object.values(SLIDES).flat()) assert.ok(teach.slides[slide], slide);
    for (const { name } of lessonParts()) assert.ok(teach.lesson[name].does, name);
  }
});

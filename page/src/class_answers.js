// The answers of a class: numbers of exercises, a CSV file of answers with its faults, their marks, and
// what the class gets wrong.

import { RIGHT, exerciseOf, numberOf } from "./exercise.js";
import { isGiven, markAll } from "./marking.js";
import { rowsOf } from "./own_table.js";

export const MOST_EXERCISES = 200;
export const MOST_STUDENTS = 500;
const NAMING = ["name", "number"]; // the columns that every file has
const RANGE = /^(\d{1,40})(?:-(\d{1,40}))?$/;
/** Where a spreadsheet could take a text for a formula, as `backprop.escaping` has it. */
const BEFORE_FORMULA = /(?<![^;\t\r\n"])(?=[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20])/g;

/**
 * Read numbers and ranges, such as "1-30, 45".
 * @param {string} typed
 * @returns {{numbers: bigint[]} | {problem: "none" | "part" | "order" | "many", found: string}}
 */
export function numbersIn(typed) {
  const parts = typed
    .replace(/\s*[-–—−~～]\s*/g, "-")
    .split(/[\s,;，；、]+/)
    .filter(Boolean);
  /** @type {Set<bigint>} */
  const numbers = new Set();
  for (const part of parts) {
    const [, first, last = first] = RANGE.exec(part) ?? [];
    if (first === undefined) return { problem: "part", found: part };
    const [from, to] = [BigInt(first), BigInt(last)];
    if (to < from) return { problem: "order", found: part };
    const count = BigInt(numbers.size) + to - from + 1n;
    if (count > MOST_EXERCISES) return { problem: "many", found: String(count) };
    for (let number = from; number <= to; number++) numbers.add(number);
  }
  return numbers.size ? { numbers: [...numbers] } : { problem: "none", found: "" };
}

/**
 * Return the symbols of the steps that a student calculates, in their order.
 * @param {import("./study.js").Study} study
 * @param {string} optimiser
 */
export const stepsOf = (study, optimiser) =>
  exerciseOf(study, 0n, optimiser)
    .lines.filter((line) => !isGiven(line))
    .map(({ symbol }) => symbol);

/**
 * The answers of a student: one for each step, "" if there is none.
 * @typedef {{name: string, number: bigint, typed: string[]}} Answers
 *
 * A fault of a file: its line, what was found there, and what is allowed.
 * @typedef {object} Fault
 * @property {number} line from 1
 * @property {"empty" | "column" | "twice" | "missing" | "steps" | "cells" | "number" | "lines"} problem
 * @property {string} found
 * @property {string} allowed
 */

/**
 * Read a file of answers.
 * @param {string} text a CSV file: name, number, and columns of steps
 * @param {string[]} steps all that there are
 * @returns {{answers: Answers[], columns: string[], faults: Fault[]}} `columns`: the steps of the file
 */
export function answersIn(text, steps) {
  const [head = { line: 1, cells: [] }, ...rows] = rowsOf(text);
  const heads = head.cells.map((cell) =>
    NAMING.includes(cell.toLowerCase()) ? cell.toLowerCase() : cell,
  );
  const columns = steps.filter((step) => heads.includes(step));
  /** @type {Fault[]} */
  const faults = faultsOfHead(heads, steps).map((fault) => ({ line: head.line, ...fault }));
  if (!faults.length && !rows.length)
    faults.push({ line: head.line, problem: "empty", found: "", allowed: "" });
  if (!faults.length && rows.length > MOST_STUDENTS) {
    const [found, allowed] = [rows.length, MOST_STUDENTS].map(String);
    faults.push({ line: rows[MOST_STUDENTS].line, problem: "lines", found, allowed });
  }
  if (faults.length) return { answers: [], columns, faults };
  /** @type {Answers[]} */
  const answers = [];
  const place = (/** @type {string} */ column) => heads.indexOf(column);
  for (const { line, cells } of rows) {
    const number = numberOf(cells[place("number")] ?? "");
    if (cells.length !== heads.length) {
      const [found, allowed] = [cells.length, heads.length].map(String);
      faults.push({ line, problem: "cells", found, allowed });
    } else if (number === null)
      faults.push({ line, problem: "number", found: cells[place("number")], allowed: "" });
    else {
      const typed = steps.map((step) => cells[place(step)] ?? "");
      answers.push({ name: cells[place("name")], number, typed });
    }
  }
  return { answers, columns, faults };
}

/**
 * @param {string[]} heads @param {string[]} steps
 * @returns {Omit<Fault, "line">[]}
 */
function faultsOfHead(heads, steps) {
  const allowed = [...NAMING, ...steps].join("; ");
  const fault = (/** @type {Fault["problem"]} */ problem, /** @type {string} */ found = "") => ({
    ...{ problem, found, allowed: problem === "steps" ? steps.join("; ") : allowed },
  });
  const others = heads.filter((head) => ![...NAMING, ...steps].includes(head));
  const twice = heads.filter((head, k) => heads.indexOf(head) < k && !others.includes(head));
  return [
    ...others.map((head) => fault("column", head)),
    ...twice.map((head) => fault("twice", head)),
    ...NAMING.filter((head) => !heads.includes(head)).map((head) => fault("missing", head)),
    ...(steps.some((step) => heads.includes(step)) ? [] : [fault("steps")]),
  ];
}

/**
 * The marks of a student: one for each step.
 * @typedef {{name: string, number: bigint, marks: import("./marking.js").Mark[]}} Marked
 */

/**
 * Mark the answers of a student as "Your exercise" does.
 * @param {import("./study.js").Study} study
 * @param {Answers} answers
 * @param {string} optimiser
 * @returns {Marked}
 */
export const markStudent = (study, { name, number, typed }, optimiser) => ({
  ...{ name, number, marks: markAll(exerciseOf(study, number, optimiser).lines, typed) },
});

/** Return how many steps are right. @param {Marked} marked */
export const rightOf = ({ marks }) => marks.filter(({ state }) => RIGHT.has(state)).length;

/**
 * Return how many students have a step right, wrong, no number there, and no answer.
 * @param {Marked[]} marked
 * @param {number} step
 */
export function countsOf(marked, step) {
  const states = marked.map(({ marks }) => marks[step].state);
  const count = (/** @type {string} */ own) => states.filter((state) => state === own).length;
  const right = states.filter((state) => RIGHT.has(state)).length;
  return { right, wrong: count("wrong"), unread: count("unread"), empty: count("empty") };
}

/**
 * Return the steps that most students have wrong, and the most frequent slip.
 * @param {Marked[]} marked
 */
export function hardestOf(marked) {
  const wrong = marked[0].marks.map((_, step) => countsOf(marked, step).wrong);
  const most = Math.max(...wrong);
  /** @type {Map<string, number>} */
  const slips = new Map();
  for (const { slip } of marked.flatMap(({ marks }) => marks))
    if (slip) slips.set(slip, (slips.get(slip) ?? 0) + 1);
  const [[slip, count] = [null, 0]] = [...slips].sort(([, one], [, other]) => other - one);
  const steps = wrong.flatMap((n, step) => (most && n === most ? step : []));
  return { most, steps, slip, count };
}

/**
 * Write a CSV file that a spreadsheet reads as UTF-8, and in which it finds no formula.
 * @param {string[][]} rows
 */
export const csvOf = (rows) =>
  `\uFEFF${rows.map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("")}`;

/** @param {string} text */
function cellOf(text) {
  const safe = text.replace(BEFORE_FORMULA, "'");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

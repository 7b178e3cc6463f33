// What is shown of the answers of a class: the faults of the files, or the marks.

import {
  answersIn,
  countsOf,
  csvOf,
  hardestOf,
  markStudent,
  rightOf,
  stepsOf,
} from "./class_answers.js";
import { button, element, saveCsv, table } from "./elements.js";
import { lecture } from "./numbers.js";
import { words } from "./words.js";

const MOST_FAULTS = 20; // that are listed
const STEP_COLUMN = 3; // of a student: the symbol of the first wrong step
/** @type {Record<import("./marking.js").Mark["state"], string>} */
const MARK_SIGNS = {
  right: "✓",
  follows: "↳",
  few_digits: "≈",
  wrong: "✗",
  unread: "?",
  empty: "–",
};

/** @typedef {{name: string, text: string}} AnswerFile */

/**
 * Mark the answers in files, or name the faults of the files.
 * @param {import("./study.js").Study} study
 * @param {string} optimiser
 * @param {AnswerFile[]} files
 * @returns {HTMLElement[]}
 */
export function classMarks(study, optimiser, files) {
  const { teach } = words();
  const steps = stepsOf(study, optimiser);
  const read = files.map(({ name, text }) => ({ name, ...answersIn(text, steps) }));
  const faults = read.flatMap(({ name, faults: own }) =>
    own.map(({ line, problem, found, allowed }) =>
      element("li", {}, teach.place(name, line) + teach.faults[problem](found, allowed)),
    ),
  );
  if (faults.length) {
    const more = faults.splice(MOST_FAULTS).length;
    const last = more ? [element("li", {}, teach.moreFaults(more))] : [];
    const list = element("ul", {}, ...faults, ...last);
    return [element("div", { className: "bad", role: "alert" }, list)];
  }
  const answers = read.flatMap((file) => file.answers);
  if (!answers.length) return [];
  const marked = answers.map((each) => markStudent(study, each, optimiser));
  const hasColumn = (/** @type {string} */ step) =>
    read.some(({ columns }) => columns.includes(step));
  const places = steps.flatMap((step, k) => (hasColumn(step) ? k : []));
  return [summaryOfClass(marked, steps, places), ...tablesOfClass(marked, steps, places)];
}

/** Write the symbol of a step. @param {string} step */
const symbolOf = (step) => element("span", {}, ...lecture(step));

/** Return a slip in words. @param {string | null} [slip] */
const slipText = (slip) =>
  slip ? words().slips[/** @type {keyof import("./english.js").Words["slips"]} */ (slip)] : "";

/**
 * Say how much is right, and what is most often wrong.
 * @param {import("./class_answers.js").Marked[]} marked
 * @param {string[]} steps
 * @param {number[]} places of the steps that the files have
 */
function summaryOfClass(marked, steps, places) {
  const { teach, path } = words();
  const mean = marked.reduce((sum, each) => sum + rightOf(each), 0) / marked.length;
  const { most, steps: hardest, slip, count } = hardestOf(marked);
  const named = hardest.flatMap((step, k) => [k ? path.between : "", symbolOf(steps[step])]);
  const said = [
    [teach.marked(marked.length, String(Number(mean.toFixed(1))), places.length)],
    most ? [teach.hardest(most, marked.length), ...named] : [teach.noneWrong],
    slip ? [teach.frequent(slipText(slip), count)] : [],
  ];
  return element("div", { role: "status" }, ...said.map((parts) => element("div", {}, ...parts)));
}

/**
 * Return the marks of each student and the counts of each step.
 * @param {import("./class_answers.js").Marked[]} marked @param {string[]} steps @param {number[]} places
 */
function tablesOfClass(marked, steps, places) {
  const { teach } = words();
  const rows = marked.map((student) => {
    const { name, number, marks } = student;
    const first = marks.findIndex(({ state }) => state === "wrong");
    const wrong = [steps[first] ?? "", slipText(marks[first]?.slip)];
    const texts = [name, String(number), String(rightOf(student)), ...wrong];
    return { texts, states: places.map((step) => marks[step].state) };
  });
  const own = places.map((step) => steps[step]);
  const saved = button(teach.saveMarks, () => {
    const cells = rows.map(({ texts, states }) =>
      texts.concat(states.map((state) => teach.states[state])),
    );
    saveCsv(teach.marksFile, csvOf([[...teach.studentColumns, ...own], ...cells]));
  });
  const shown = rows.map(({ texts, states }) => [
    ...texts.map((text, k) => (k === STEP_COLUMN ? symbolOf(text) : text)),
    ...states.map(signOf),
  ]);
  const legend = Object.entries(MARK_SIGNS)
    .map(([state, sign]) => `${sign} ${teach.states[/** @type {"right"} */ (state)]}`)
    .join("; ");
  const counts = places.map((step) => {
    const { right, wrong, unread, empty } = countsOf(marked, step);
    return [symbolOf(steps[step]), ...[right, wrong, unread, empty].map(String)];
  });
  return [
    element("p", { className: "controls" }, saved),
    table([...teach.studentColumns, ...own.map(symbolOf)], shown),
    element("p", {}, legend),
    table(teach.stepColumns, counts),
  ];
}

/** Return the sign of a mark, with its name to be read out. @param {import("./marking.js").Mark["state"]} state */
function signOf(state) {
  const name = words().teach.states[state];
  const className = state === "wrong" ? "bad" : "";
  const sign = { "aria-hidden": "true", title: name, className };
  return element(
    "span",
    {},
    element("span", sign, MARK_SIGNS[state]),
    element("span", { className: "unseen" }, name),
  );
}

// A lesson of 45 minutes over the guided path, and the slides of the lecture that a step belongs to.

import { QUESTIONS } from "./questions.js";

/** What is shown, and for how many minutes: a question of the path, the exercise, or the summary. */
const LESSON = /** @type {const} */ ([
  ["xor", 6],
  ["sample", 8],
  ["flow", 8],
  ["exercise", 10],
  ["symmetry", 4],
  ["rate", 4],
  ["mistake", 3],
  ["summary", 2],
]);

/** The slides of each question, by their entry in the texts: none if the lecture has none. */
export const SLIDES = {
  xor: ["history"],
  sample: ["layers", "learning"],
  flow: ["outputGradients", "hiddenGradients"],
  deep: ["hiddenGradients", "second"],
  wide: ["second"],
  symmetry: ["algorithm"],
  rate: ["algorithm", "second"],
  batch: [],
  momentum: [],
  adam: [],
  decay: [],
  stop: ["algorithm"],
  mistake: ["first"],
  line: ["first"],
  exercise: ["hiddenGradients", "algorithm"],
  summary: ["first"],
};

/**
 * A part of the lesson.
 * @typedef {object} Part
 * @property {keyof SLIDES} name
 * @property {number} [from] the minute when it begins
 * @property {number} [to]
 * @property {string} address of the page
 */

/** Return the address of a question, the exercise or the summary. @param {keyof SLIDES} name */
function addressOf(name) {
  if (name === "exercise") return "section=exercise";
  const place = QUESTIONS.findIndex((question) => question.name === name);
  return `step=${1 + (name === "summary" ? QUESTIONS.length : place)}`;
}

/** Return the parts of the lesson, in their order. @returns {(Part & {from: number, to: number})[]} */
export function lessonParts() {
  let from = 0;
  return LESSON.map(([name, minutes]) => {
    const part = { name, from, to: from + minutes, address: addressOf(name) };
    from = part.to;
    return part;
  });
}

/** Return the questions that the lesson leaves out. @returns {Part[]} */
export function otherParts() {
  const taken = new Set(LESSON.map(([name]) => String(name)));
  return QUESTIONS.filter(({ name }) => !taken.has(name)).map(({ name }) => ({
    ...{ name, address: addressOf(name) },
  }));
}

// "Your exercise": a number sets one update of a small network, which the reader calculates. The
// solution is printed by `backprop exercise`.

import { BETWEEN } from "./address.js";
import { DESCENT, Memory, OPTIMISERS, drawLayers } from "./network.js";
import { isGiven, markAll } from "./marking.js";
import { followUpdate } from "./one_step.js";
import { stream } from "./streams.js";
import { button, choice, element, say } from "./elements.js";
import { greek, lecture, short } from "./numbers.js";
import { optimiserName, words } from "./words.js";

const NETWORK = {
  hidden: [2],
  activation: "sigmoid",
  cost: "squared_error",
  learning_rate: 0.5,
  initialisation: "uniform",
  batch_size: 1,
  l2: 0,
  ...DESCENT,
};
const EXAMPLE = "1"; // the number until one is typed
const REMEMBERED = 0.1; // the largest number that an optimiser remembers at first
const UPDATES = 1; // that it remembers: so the exercise is the second one
/** States of answers that count. */
export const RIGHT = new Set(["right", "follows", "few_digits"]);
const MOST_INPUTS = 2; // the first ones: the exercise is for a pen

/**
 * Return the row, and the numbers of an exercise.
 * @param {import("./study.js").Study} study
 * @param {bigint} number of the student, from 0
 * @param {string} [optimiser]
 */
export function exerciseOf(study, number, optimiser = DESCENT.optimiser) {
  const { y, everywhere } = study.exported;
  const row = stream(number, "order", 0, 0).permutation(y.length)[0];
  const x = study.inputs(row, everywhere).slice(0, MOST_INPUTS);
  const generator = stream(number, "weights", 0, 0);
  const layers = drawLayers(generator, x.length, NETWORK, 1);
  const configuration = { ...NETWORK, optimiser };
  const memory = Memory.of(layers, configuration);
  if (memory) memory.updates = UPDATES;
  for (const slot of memory?.slots ?? [])
    slot.forEach((_, k) => (slot[k] = REMEMBERED * generator.random()));
  const lines = followUpdate(layers, [x], [[Number(y[row] === 1)]], configuration, 0, { memory });
  return { row, inputs: x.length, lines };
}

/**
 * Return the number that was typed, or null if it is none.
 * @param {string} typed
 */
export const numberOf = (typed) => (/^[0-9]{1,40}$/.test(typed) ? BigInt(typed) : null);

/** The section. */
export class Exercise {
  /**
   * @param {import("./study.js").Study} study
   * @param {URLSearchParams} state of the page: perhaps a number, an optimiser and answers
   * @param {() => void} changed
   */
  constructor(study, state, changed) {
    this.study = study;
    this.changed = changed;
    const text = words();
    /** @type {HTMLInputElement[]} */
    this.fields = [];
    this.number = element("input", {
      inputMode: "numeric",
      pattern: "[0-9]*",
      size: 12,
      placeholder: EXAMPLE,
      value: state.get("number") ?? "",
    });
    this.number.oninput = () => this.draw();
    this.number.onchange = () => this.changed();
    const optimiser = state.get("optimiser") ?? "";
    this.optimiser = Object.hasOwn(OPTIMISERS, optimiser) ? optimiser : DESCENT.optimiser;
    const optimisers = choice(
      text.optimiser,
      Object.keys(OPTIMISERS).map((name) => [name, optimiserName(name)]),
      this.optimiser,
      (value) => {
        this.optimiser = value;
        this.draw();
        this.changed();
      },
    );
    this.message = element("span", { role: "status", className: "bad" });
    this.sheet = element("div");
    this.element = element(
      "div",
      {},
      element("p", { className: "introduction" }, text.exerciseIntroduction),
      element("p", {}, ...lecture(text.exerciseSymbols)),
      element(
        "p",
        { className: "controls" },
        element("label", {}, `${text.number} `, this.number),
        optimisers,
        this.message,
        button(text.print, () => window.print()),
      ),
      this.sheet,
    );
    this.draw((state.get("typed") ?? "").split(BETWEEN));
  }

  /** Return what the reader typed and chose, for the address. */
  address() {
    const typed = this.fields.map(({ value }) => value.trim());
    return {
      number: this.number.value.trim(),
      optimiser: this.optimiser === DESCENT.optimiser ? "" : this.optimiser,
      typed: typed.some(Boolean) ? typed.join(BETWEEN) : "",
    };
  }

  /** @param {string[]} [answers] in the blanks */
  draw(answers = []) {
    const text = words();
    const typed = this.number.value.trim() || EXAMPLE;
    const number = numberOf(typed);
    this.number.setAttribute("aria-invalid", String(number === null));
    this.message.textContent = number === null ? text.notNumber : "";
    if (number === null) return this.sheet.replaceChildren();
    const exercise = exerciseOf(this.study, number, this.optimiser);
    const { lines } = exercise;
    const blanks = lines.filter((line) => !isGiven(line));
    const fields = blanks.map(({ symbol }, k) =>
      element("input", {
        inputMode: "decimal",
        size: 12,
        value: answers[k] ?? "",
        onchange: () => this.changed(),
        "aria-label": greek(symbol),
      }),
    );
    this.fields = fields;
    const state = element("p", { role: "status" });
    const notes = blanks.map((_, k) => element("div", { className: "mark-note", id: `note-${k}` }));
    fields.forEach((field, k) => field.setAttribute("aria-describedby", `note-${k}`));
    const check = button(text.check, () => {
      const typed = fields.map((field) => field.value);
      const marks = markAll(lines, typed);
      marks.forEach((mark, k) => showMark(mark, fields[k], notes[k]));
      const first = marks.findIndex((mark) => mark.state === "wrong");
      const right = marks.filter((mark) => RIGHT.has(mark.state)).length;
      if (marks.every((mark) => mark.state === "empty")) return say(state, text.nothingTyped);
      state.replaceChildren(
        text.right(right, blanks.length),
        ...(first < 0
          ? []
          : [" ", ...lecture(text.firstWrong(blanks[first].symbol, marks[first].slip))]),
      );
    });
    const { optimiser } = this;
    const { dataset } = this.study.exported;
    const chosen = optimiser === DESCENT.optimiser ? "" : ` --optimiser ${optimiser}`;
    const command = `backprop exercise ${typed} --dataset ${dataset}${chosen}`;
    this.sheet.replaceChildren(
      ...taskOf(exercise, typed, optimiser),
      element(
        "div",
        { className: "blanks" },
        ...blanks.map((line, k) => this.blank(line, fields[k], notes[k])),
      ),
      element("p", { className: "controls" }, check, state),
      element("p", { className: "teacher" }, text.teacher(command)),
    );
  }

  /**
   * @param {import("./one_step.js").Line} line
   * @param {HTMLInputElement} field
   * @param {HTMLElement} note
   */
  blank({ symbol, formula }, field, note) {
    const hint = element("details", {}, element("summary", {}, words().hint), ...lecture(formula));
    return element("div", {}, element("label", {}, ...lecture(symbol), " = ", field), note, hint);
  }
}

/**
 * Say what is to be calculated, from which numbers.
 * @param {ReturnType<typeof exerciseOf>} exercise
 * @param {string} number
 * @param {string} optimiser
 */
export function taskOf({ row, inputs, lines }, number, optimiser) {
  const text = words();
  const network = `${inputs}-${NETWORK.hidden[0]}-1, σ = sigmoid, E = ½ (ŷ − y)²`;
  const task = text.exerciseTask(number, row + 1, network, String(NETWORK.learning_rate));
  const isLecture = optimiser === DESCENT.optimiser;
  const remembers = isLecture ? "" : ` ${text.steps[/** @type {"adam"} */ (optimiser)]}`;
  const given = lines
    .filter(isGiven)
    .flatMap(({ symbol, value }) => [
      element("span", {}, ...lecture(symbol), ` = ${short(value, 7)}`),
      " ",
    ]);
  return [element("p", {}, task + remembers), element("p", { className: "given" }, ...given)];
}

/**
 * Show how an answer was marked.
 * @param {import("./marking.js").Mark} mark
 * @param {HTMLInputElement} field
 * @param {HTMLElement} note
 */
function showMark({ state, slip }, field, note) {
  const text = words();
  field.className = state === "empty" ? "" : RIGHT.has(state) ? "right" : state;
  note.textContent = slip
    ? `✗ ${text.slips[/** @type {keyof typeof text.slips} */ (slip)]}`
    : text.marks[state];
  if (state === "empty" || state === "unread") field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", String(state === "wrong"));
}

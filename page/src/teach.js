// "Teach": a lesson, exercises by number with their solutions, and marks for the answers of a class.

import { MOST_EXERCISES, csvOf, numbersIn, stepsOf } from "./class_answers.js";
import { classMarks } from "./class_marks.js";
import { button, choice, element, filesField, saveCsv, table } from "./elements.js";
import { exerciseOf, taskOf } from "./exercise.js";
import { lessonParts, otherParts, SLIDES } from "./lesson.js";
import { isGiven } from "./marking.js";
import { DESCENT, OPTIMISERS } from "./network.js";
import { greek, lecture, minus } from "./numbers.js";
import { digitsOf, numbersOf } from "./one_step.js";
import { currentLanguage, optimiserName, words } from "./words.js";

const EXAMPLE_NUMBERS = "1-3"; // until numbers are typed
const SOLUTION_DIGITS = 4;

/** @typedef {keyof import("./english.js").Words["teach"]["views"]} View */

/** The section. */
export class Teach {
  /**
   * @param {import("./study.js").Study} study
   * @param {URLSearchParams} state of the page: perhaps what is shown, numbers and an optimiser
   * @param {() => void} changed
   * @param {(address: string) => void} go to another place of the page
   */
  constructor(study, state, changed, go) {
    this.study = study;
    this.changed = changed;
    this.go = go;
    const view = state.get("teach") ?? "";
    this.view = /** @type {View} */ (Object.hasOwn(words().teach.views, view) ? view : "lesson");
    this.typed = state.get("numbers") ?? "";
    const optimiser = state.get("by") ?? "";
    this.optimiser = Object.hasOwn(OPTIMISERS, optimiser) ? optimiser : DESCENT.optimiser;
    this.ownPage = true;
    /** @type {import("./class_marks.js").AnswerFile[]} */
    this.files = [];
    this.element = element("div", { className: "teach" });
    this.translate();
  }

  /** Return what is shown, for the address. */
  address() {
    return {
      teach: this.view === "lesson" ? "" : this.view,
      numbers: this.typed,
      by: this.optimiser === DESCENT.optimiser ? "" : this.optimiser,
    };
  }

  /** Write the texts in the reader's language. */
  translate() {
    const { teach, sections, print } = words();
    const views = Object.entries(teach.views).map(([name, title]) => {
      const own = button(title, () => {
        this.view = /** @type {View} */ (name);
        this.changed();
        show();
      });
      return { name, own };
    });
    const show = () => {
      for (const { name, own } of views)
        own.setAttribute("aria-pressed", String(name === this.view));
      this.show();
    };
    this.asked = element("div", {});
    this.shown = element("div", {});
    this.element.replaceChildren(
      element("p", { className: "introduction" }, teach.introduction),
      element(
        "p",
        { className: "controls", role: "group", "aria-label": sections },
        ...views.map(({ own }) => own),
        button(print, () => globalThis.print()),
      ),
      this.asked,
      this.shown,
    );
    show();
  }

  /** Show what the reader has chosen. */
  show() {
    const asked = { lesson: [], exercises: [this.pages()], solutions: [], marks: this.ofFiles() };
    const isLesson = this.view === "lesson";
    this.asked?.replaceChildren(...(isLesson ? [] : [this.numbers(), ...asked[this.view]]));
    this.update();
  }

  /** Show the same of other numbers. */
  update() {
    const read = numbersIn(this.typed || EXAMPLE_NUMBERS);
    const { numbersProblems } = words().teach;
    const problem = "problem" in read ? read : null;
    if (this.message)
      this.message.textContent = problem
        ? numbersProblems[problem.problem](problem.found, MOST_EXERCISES)
        : "";
    const field = this.element.querySelector("input.numbers");
    field?.setAttribute("aria-invalid", String(problem !== null));
    this.known = "numbers" in read ? read.numbers : [];
    const views = {
      lesson: () => this.lesson(),
      exercises: () => this.sheets((number) => this.exercise(number)),
      solutions: () => this.sheets((number) => this.solution(number)),
      marks: () => classMarks(this.study, this.optimiser, this.files),
    };
    if (this.shown) this.shown.className = this.view;
    this.shown?.replaceChildren(...views[this.view]());
  }

  /** @returns {HTMLElement[]} */
  lesson() {
    const { teach, path, tabs } = words();
    const titles = { exercise: tabs.exercise, summary: path.summary };
    const link = (/** @type {import("./lesson.js").Part} */ { name, address }) => {
      const title =
        name in titles
          ? titles[/** @type {"exercise"} */ (name)]
          : path.questions[/** @type {"xor"} */ (name)].title;
      const onclick = (/** @type {Event} */ event) => {
        event.preventDefault();
        this.go(address);
      };
      const own = element("a", { href: `#lang=${currentLanguage()}&${address}`, onclick }, title);
      return element("span", {}, own, ` #${address}`);
    };
    const slides = (/** @type {keyof SLIDES} */ name) =>
      SLIDES[name].map((each) => teach.slides[each]).join(teach.betweenSlides) || teach.noSlide;
    const rows = lessonParts().map((part) => {
      const { does, asks } = teach.lesson[part.name];
      return [`${part.from}\u2060–\u2060${part.to}`, link(part), does, asks, slides(part.name)];
    });
    const others = otherParts().map((part) => [link(part), slides(part.name)]);
    const [, step, , , slide] = teach.lessonColumns;
    return [
      element("h2", {}, teach.lessonTitle),
      table(teach.lessonColumns, rows),
      element("h2", {}, teach.otherQuestions),
      table([step, slide], others),
    ];
  }

  /** Return what says which exercises. */
  numbers() {
    const { teach, optimiser } = words();
    const field = element("input", {
      className: "numbers",
      size: 24,
      placeholder: EXAMPLE_NUMBERS,
      value: this.typed,
      "aria-describedby": "numbers-help",
    });
    field.onchange = () => {
      this.typed = field.value.trim();
      this.changed();
      this.update();
    };
    this.message = element("span", { role: "status", className: "bad" });
    const names = Object.keys(OPTIMISERS).map(
      (name) => /** @type {[string, string]} */ ([name, optimiserName(name)]),
    );
    const optimisers = choice(optimiser, names, this.optimiser, (value) => {
      this.optimiser = value;
      this.changed();
      this.update();
    });
    return element(
      "div",
      { className: "controls" },
      element("label", {}, `${teach.numbers} `, field),
      optimisers,
      this.message,
      element("span", { id: "numbers-help" }, teach.numbersHelp(MOST_EXERCISES)),
    );
  }

  /** Return what says how exercises are printed. */
  pages() {
    const input = element("input", { type: "checkbox", checked: this.ownPage });
    input.onchange = () => {
      this.ownPage = input.checked;
      this.update();
    };
    const label = element("label", {}, input, ` ${words().teach.ownPage}`);
    return element("p", { className: "controls" }, label);
  }

  /** @param {(number: bigint) => HTMLElement[]} write */
  sheets(write) {
    const className = this.view === "exercises" && this.ownPage ? "own-page" : "";
    return (this.known ?? []).map((number) => element("section", { className }, ...write(number)));
  }

  /** Return an exercise, to fill in. @param {bigint} number */
  exercise(number) {
    const { teach, exerciseSymbols } = words();
    const isExplained = this.ownPage || number === this.known?.[0];
    const explained = element("p", {}, ...lecture(exerciseSymbols), ` ${teach.digits}`);
    const exercise = exerciseOf(this.study, number, this.optimiser);
    const steps = exercise.lines.filter((line) => !isGiven(line));
    const blanks = steps.map(({ symbol }) => element("li", {}, ...lecture(symbol), " ="));
    return [
      element("h2", {}, teach.exercise(String(number))),
      element("p", { className: "to-fill" }, `${teach.name}:`),
      ...taskOf(exercise, String(number), this.optimiser),
      ...(isExplained ? [explained] : []),
      element("ol", { className: "to-fill" }, ...blanks),
    ];
  }

  /** Return a solution: each step as a formula, with its numbers. @param {bigint} number */
  solution(number) {
    const exercise = exerciseOf(this.study, number, this.optimiser);
    const steps = exercise.lines.filter((line) => !isGiven(line));
    const worked = steps.map((line) => {
      const value = minus(digitsOf(line.value, SOLUTION_DIGITS));
      const numbers = greek(numbersOf(line, SOLUTION_DIGITS));
      const equal = [value, `(${value})`].includes(numbers) ? "" : ` = ${numbers}`;
      const sum = lecture(`${line.symbol} = ${line.formula}`);
      return element("li", {}, ...sum, `${equal} = `, element("b", {}, value));
    });
    return [
      element("h2", {}, words().teach.solutionOf(String(number))),
      ...taskOf(exercise, String(number), this.optimiser),
      element("ol", { className: "worked" }, ...worked),
    ];
  }

  /** Return what asks for files of answers. */
  ofFiles() {
    const { teach } = words();
    const template = button(teach.template, () => {
      const steps = stepsOf(this.study, this.optimiser);
      const rows = (this.known ?? []).map((number) => [
        ...["", String(number)],
        ...steps.map(() => ""),
      ]);
      saveCsv(teach.templateFile, csvOf([["name", "number", ...steps], ...rows]));
    });
    const files = filesField(teach.chooseFiles, (chosen) => void this.read(chosen), true);
    return [
      element("p", { className: "introduction" }, teach.marksIntroduction),
      element("p", { className: "controls" }, template),
      files,
    ];
  }

  /** @param {File[]} files */
  async read(files) {
    if (!files.length) return;
    this.files = await Promise.all(
      files.map(async (file) => ({ name: file.name, text: await textOf(file) })),
    );
    this.update();
  }
}

/**
 * Read a file: UTF-8, or what spreadsheets write where the language of the page is spoken.
 * @param {File} file
 */
async function textOf(file) {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const other = currentLanguage() === "zh" ? "gb18030" : "windows-1252";
    return new TextDecoder(other).decode(bytes);
  }
}

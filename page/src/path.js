// The guided path: question after question over the sections. The reader predicts, sees it happen,
// and gets it explained with the numbers of this study. It can be left, and taken up again.

import { button, element, say } from "./elements.js";
import { percent, short } from "./numbers.js";
import { QUESTIONS } from "./questions.js";
import { words } from "./words.js";

const WRITTEN = {
  short: (/** @type {number} */ value) => short(value, 3),
  fine: (/** @type {number} */ value) => short(value, 5),
  percent,
  list: (/** @type {number[]} */ values) =>
    values.map((value) => short(value, 3)).join(words().path.between),
};

/**
 * How a prediction was judged when the solution was first shown: right, wrong, as all others; open, as
 * none can be judged; or there was no prediction.
 * @typedef {"r" | "w" | "n" | "o" | "s"} Mark
 *
 * What the path asks of the page.
 * @typedef {object} Stage
 * @property {(scene: import("./scene.js").Scene) => import("./page.js").Section} show
 * @property {() => void} changed the address
 */

/** @typedef {import("./scene.js").Question["name"]} Name */

const BETWEEN_ANSWERS = "."; // in the address

/** The path, above the sections. */
export class Path {
  /**
   * @param {import("./study.js").Study} home
   * @param {Stage} stage
   * @param {string} answers of the reader so far, as `address` gives them
   */
  constructor(home, stage, answers) {
    this.home = home;
    this.stage = stage;
    this.isOpen = false;
    this.at = 0;
    /** @type {Map<string, number>} what the reader has predicted, by question */
    this.predicted = new Map();
    /** @type {Map<string, Mark>} by question whose solution was shown: no later prediction counts */
    this.marks = new Map();
    this.take(answers);
    /** @type {Map<string, import("./scene.js").Facts>} */
    this.facts = new Map();
    /** @type {import("./scene.js").Scene | null} */
    this.scene = null;
    /** @type {import("./page.js").Section | null} */
    this.section = null;
    this.run = 0;
    this.element = element("section", { className: "path", "aria-label": words().path.name });
    this.draw();
  }

  get question() {
    return QUESTIONS[this.at];
  }

  /** Whether all questions are over, and the summary is shown. */
  get isAtEnd() {
    return this.at === QUESTIONS.length;
  }

  /** Return the predictions, for the address: of each question its place and its mark. */
  address() {
    const { marks, predicted } = this;
    const isEmpty = !marks.size && !predicted.size;
    const each = QUESTIONS.map(
      ({ name }) => `${predicted.get(name) ?? ""}${marks.get(name) ?? ""}`,
    );
    return { answers: isEmpty ? "" : each.join(BETWEEN_ANSWERS) };
  }

  /** Take predictions from an address. @param {string} answers */
  take(answers) {
    answers.split(BETWEEN_ANSWERS).forEach((answer, k) => {
      const [, place, mark] = /^([0-3]?)([rwnos]?)$/.exec(answer) ?? [];
      const name = QUESTIONS[k]?.name;
      if (name && place) this.predicted.set(name, Number(place));
      if (name && mark) this.marks.set(name, /** @type {Mark} */ (mark));
    });
  }

  /** Open a question, by its place. @param {number} at */
  open(at) {
    this.run++;
    this.isOpen = true;
    this.at = Math.min(Math.max(at, 0), QUESTIONS.length);
    this.scene = this.isAtEnd ? null : this.question.scene(this.home);
    this.section = this.scene && this.stage.show(this.scene);
    this.stage.changed();
    this.draw();
  }

  leave() {
    this.run++;
    this.isOpen = false;
    this.stage.changed();
    this.draw();
    this.element.querySelector("button")?.focus();
  }

  /** Show what the question asks about: train, or calculate. */
  async play() {
    if (!this.scene) return;
    this.section = this.stage.show(this.scene); // the reader may have gone elsewhere
    this.facts.delete(this.question.name);
    say(this.found, words().path.wait);
    this.section.play?.();
    await this.look(this.section);
  }

  /** See whether a section shows the answer now. @param {import("./page.js").Section} section */
  async look(section) {
    const { scene, question } = this;
    if (!this.isOpen || !scene || section !== this.section) return;
    if (section.isAsSet?.() === false) return; // the reader trains something else
    const run = ++this.run;
    const study = scene.study ?? this.home;
    const histories = section.histories?.() ?? [];
    const goesOn = () => run === this.run;
    const progress = (/** @type {number} */ done, /** @type {number} */ all) =>
      say(this.found, words().path.progress(done, all));
    const facts = await question.find(study, scene, histories, goesOn, progress);
    if (!facts || run !== this.run) return;
    this.facts.set(question.name, facts);
    this.judge(question.name, facts);
    for (const input of this.element.querySelectorAll("input")) input.disabled = true;
    this.answer();
    this.stage.changed();
  }

  /** Judge a prediction, once. @param {string} name @param {import("./scene.js").Facts} facts */
  judge(name, { right, isOpen }) {
    const expected = this.predicted.get(name);
    const none = isOpen ? "o" : "n";
    const judged = !right.length ? none : right.includes(expected ?? -1) ? "r" : "w";
    if (!this.marks.has(name)) this.marks.set(name, expected === undefined ? "s" : judged);
  }

  draw() {
    this.element.setAttribute("aria-label", words().path.name);
    const shown = !this.isOpen ? this.invitation() : this.isAtEnd ? this.summary() : this.asking();
    this.element.replaceChildren(...shown);
  }

  /** @returns {HTMLElement[]} */
  invitation() {
    const { path } = words();
    const isBegun = this.at || this.predicted.size;
    const label = this.isAtEnd ? path.toSummary : isBegun ? path.goOn(this.at + 1) : path.begin;
    const begin = button(label, () => this.goTo(this.at));
    begin.className = "main";
    return [
      element(
        "p",
        { className: "controls" },
        begin,
        element("span", { className: "invitation" }, path.invitation),
      ),
    ];
  }

  /** @returns {HTMLElement[]} */
  asking() {
    const { path } = words();
    const { name } = this.question;
    const { title } = path.questions[name];
    /** @type {string[]} */
    const options = path.questions[name].options;
    const back = button(path.back, () => this.move(-1));
    const isLast = this.at === QUESTIONS.length - 1;
    const next = button(isLast ? path.toSummary : path.next, () => this.move(1));
    back.setAttribute("aria-disabled", String(this.at === 0));
    const play = button(path.play, () => void this.play());
    play.className = "main";
    this.found = element("p", { className: "found", role: "status" });
    const place = element("span", {}, path.place(this.at + 1, QUESTIONS.length));
    const head = element(
      "div",
      { className: "path-head" },
      element("h2", { tabIndex: -1 }, title),
      element(
        "p",
        { className: "controls" },
        place,
        back,
        next,
        button(path.leave, () => this.leave()),
      ),
    );
    const predictions = options.map((option, k) => this.option(option, k));
    const asked = element(
      "fieldset",
      { className: "controls" },
      element("legend", {}, path.predict),
      ...predictions,
      play,
    );
    this.answer();
    return [head, asked, this.found];
  }

  /** @param {string} text @param {number} k */
  option(text, k) {
    const { name } = this.question;
    const checked = this.predicted.get(name) === k;
    const disabled = this.marks.has(name); // the solution was shown
    const input = element("input", { type: "radio", name: "prediction", checked, disabled });
    input.onchange = () => {
      this.predicted.set(name, k);
      this.stage.changed();
    };
    return element("label", {}, input, ` ${text}`);
  }

  /** Say what was found, and whether the reader expected it. */
  answer() {
    const { name } = this.question;
    const facts = this.facts.get(name);
    const told = facts ? this.told(name, facts) : "";
    this.found?.replaceChildren(element("b", {}, this.judged(name)), told);
  }

  /** Return how a prediction was judged. @param {Name} name */
  judged(name) {
    const { path } = words();
    const facts = this.facts.get(name);
    const right = (facts?.right ?? []).map((k) => path.questions[name].options[k]);
    const mark = this.marks.get(name);
    if (!mark || mark === "s") return "";
    if (mark === "r") return `${path.asExpected} `;
    if (mark === "n" || mark === "o") return `${mark === "o" ? path.open : path.none} `;
    return `${facts ? path.unexpected(right.join(path.or)) : path.wrong} `;
  }

  /** Return what was found, in words. @param {Name} name @param {import("./scene.js").Facts} facts */
  told(name, facts) {
    const { found } = words().path.questions[name];
    return /** @type {(facts: any, n: any) => string} */ (found)(facts, WRITTEN);
  }

  /** @returns {HTMLElement[]} */
  summary() {
    const { path, print } = words();
    const judged = [...this.marks.values()];
    const count = (/** @type {Mark} */ mark) => judged.filter((each) => each === mark).length;
    const rows = QUESTIONS.map(({ name }) => this.summarised(name));
    const buttons = [
      button(path.back, () => this.move(-1)),
      button(print, () => globalThis.print()),
      button(path.leave, () => this.leave()),
    ];
    return [
      element(
        "div",
        { className: "path-head" },
        element("h2", { tabIndex: -1 }, path.summary),
        element("p", { className: "controls" }, ...buttons),
      ),
      element("p", {}, path.counts(count("r"), count("r") + count("w"), QUESTIONS.length)),
      element("ol", {}, ...rows),
    ];
  }

  /** Return a question, with what the reader expected and what was found. @param {Name} name */
  summarised(name) {
    const { path } = words();
    const { title, options } = path.questions[name];
    const [place, facts] = [this.predicted.get(name), this.facts.get(name)];
    const expected = place === undefined ? path.noPrediction : path.predicted(options[place]);
    const isShown = this.marks.has(name);
    const judged = isShown ? this.judged(name) : `${path.notShown} `;
    const told = facts ? this.told(name, facts) : "";
    const line = element("p", {}, `${expected} `, element("b", {}, judged), told);
    return element("li", {}, element("b", {}, title), line);
  }

  /** Open a question, and go there. @param {number} at */
  goTo(at) {
    this.open(at);
    this.element.querySelector("h2")?.focus();
  }

  /** @param {number} step */
  move(step) {
    const next = this.at + step;
    if (next < 0 || next > QUESTIONS.length) return;
    this.goTo(next);
  }
}

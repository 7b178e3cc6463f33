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
 * What the path asks of the page.
 * @typedef {object} Stage
 * @property {(scene: import("./questions.js").Scene) => import("./page.js").Section} show
 * @property {() => void} changed the address
 */

/** The path, above the sections. */
export class Path {
  /** @param {import("./study.js").Study} home @param {Stage} stage */
  constructor(home, stage) {
    this.home = home;
    this.stage = stage;
    this.isOpen = false;
    this.at = 0;
    /** @type {Map<string, number>} what the reader has predicted, by question */
    this.predicted = new Map();
    /** @type {Map<string, import("./questions.js").Facts>} */
    this.facts = new Map();
    /** @type {import("./questions.js").Scene | null} */
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

  /** Open a question, by its place. @param {number} at */
  open(at) {
    this.run++;
    this.isOpen = true;
    this.at = Math.min(Math.max(at, 0), QUESTIONS.length - 1);
    this.scene = this.question.scene(this.home);
    this.section = this.stage.show(this.scene);
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
    const run = ++this.run;
    const study = scene.study ?? this.home;
    const histories = section.histories?.() ?? [];
    const goesOn = () => run === this.run;
    const progress = (/** @type {number} */ done, /** @type {number} */ all) =>
      say(this.found, words().path.progress(done, all));
    const facts = await question.find(study, scene, histories, goesOn, progress);
    if (!facts || run !== this.run) return;
    this.facts.set(question.name, facts);
    this.answer();
  }

  draw() {
    this.element.setAttribute("aria-label", words().path.name);
    this.element.replaceChildren(...(this.isOpen ? this.asking() : this.invitation()));
  }

  /** @returns {HTMLElement[]} */
  invitation() {
    const { path } = words();
    const label = this.at || this.predicted.size ? path.goOn(this.at + 1) : path.begin;
    const begin = button(label, () => {
      this.open(this.at);
      this.element.querySelector("h2")?.focus();
    });
    begin.className = "main";
    return [element("p", { className: "controls" }, begin, element("span", {}, path.invitation))];
  }

  /** @returns {HTMLElement[]} */
  asking() {
    const { path } = words();
    const { name } = this.question;
    const { title } = path.questions[name];
    /** @type {string[]} */
    const options = path.questions[name].options;
    const [last, go] = [QUESTIONS.length - 1, (/** @type {number} */ step) => this.move(step)];
    const back = button(path.back, () => go(-1));
    const next = button(path.next, () => go(1));
    back.setAttribute("aria-disabled", String(this.at === 0));
    next.setAttribute("aria-disabled", String(this.at === last));
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
    const input = element("input", { type: "radio", name: "prediction", checked });
    input.onchange = () => {
      this.predicted.set(name, k);
      this.answer();
    };
    return element("label", {}, input, ` ${text}`);
  }

  /** Say what was found, and whether the reader expected it. */
  answer() {
    const { name } = this.question;
    const facts = this.facts.get(name);
    if (!facts || !this.found) return;
    const { path } = words();
    const { options, found } = path.questions[name];
    const expected = this.predicted.get(name);
    const judged =
      expected === undefined
        ? ""
        : !facts.right.length
          ? `${facts.isOpen ? path.open : path.none} `
          : facts.right.includes(expected)
            ? `${path.asExpected} `
            : `${path.unexpected(facts.right.map((k) => options[k]).join(path.or))} `;
    this.found.replaceChildren(
      element("b", {}, judged),
      /** @type {(facts: any, n: any) => string} */ (found)(facts, WRITTEN),
    );
  }

  /** @param {number} step */
  move(step) {
    const next = this.at + step;
    if (next < 0 || next >= QUESTIONS.length) return;
    this.open(next);
    this.element.querySelector("h2")?.focus();
  }
}

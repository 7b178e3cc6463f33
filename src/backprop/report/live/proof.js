// "Prove it": every fit of the study is trained again, and compared with the stored one.

import { prove } from "./study.js";
import { trainToEnd } from "./training.js";
import { button, element, table } from "./elements.js";
import { percent, tiny } from "./numbers.js";
import { configurationName, words } from "./words.js";

const REDRAW = 500; // milliseconds between two tables

/**
 * A comparison of a fit with the stored one. If they differ and the training is chaotic, the page
 * cannot tell a mistake from rounding errors: `chaoticFrom` is the epoch from which these decide.
 * @typedef {import("./study.js").Proof & {chaoticFrom: number | null}} Verdict
 */

/**
 * Compare a fit that has ended with the stored one.
 * @param {import("./study.js").Study} study
 * @param {import("./training.js").Fit} fit
 * @param {number} c
 * @param {number} split
 * @returns {Verdict}
 */
export function judge(study, fit, c, split) {
  const proof = prove(fit, study.exported.fits[c][split]);
  const chaoticFrom = study.exported.chaoticFrom?.[c] ?? null;
  return { ...proof, chaoticFrom: proof.same ? null : chaoticFrom };
}

/** @param {import("./study.js").Proof} proof @param {number} epochs */
const endsAlike = ({ status, stored }, epochs) =>
  status === stored.status && epochs === stored.epochs;

/**
 * Say whether a fit is the stored one, and how it ended.
 * @param {Verdict} verdict
 * @param {number} epochs
 */
export function proofSentence(verdict, epochs) {
  const { same, status, stored, weights, probabilities, chaoticFrom } = verdict;
  const text = words();
  const end = (/** @type {string} */ name, /** @type {number} */ after) =>
    text.status[/** @type {keyof typeof text.status} */ (name)](after);
  const cause = chaoticFrom === null ? "" : ` ${text.chaotic(chaoticFrom)}`;
  if (!endsAlike(verdict, epochs))
    return text.otherEnd(end(status, epochs), end(stored.status, stored.epochs)) + cause;
  if (status === "diverged") return end(status, epochs);
  const own = [tiny(probabilities), tiny(weights)];
  return `${end(status, epochs)} ${(same ? text.same : text.notSame)(own[0], own[1])}${cause}`;
}

/** Write a text that is read out, if it is another one. @param {Element} place @param {string} text */
export function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** What is known of the fits of one configuration. */
export class Tally {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.fits = 0;
    this.same = 0;
    this.chaotic = 0; // and not the same
    this.weights = 0;
    this.probabilities = 0;
    /** @type {number[]} */
    this.accuracies = [];
    /** @type {Map<string, number>} */
    this.remarks = new Map();
  }

  /**
   * @param {Verdict} verdict
   * @param {number} accuracy
   */
  add({ same, chaoticFrom, status, weights, probabilities }, accuracy) {
    this.fits++;
    const chaotic = chaoticFrom !== null;
    this.same += Number(same);
    this.chaotic += Number(chaotic);
    for (const remark of [status, ...(chaotic ? ["chaotic"] : [])])
      this.remarks.set(remark, (this.remarks.get(remark) ?? 0) + 1);
    if (status === "diverged") return;
    this.weights = Math.max(this.weights, weights);
    this.probabilities = Math.max(this.probabilities, probabilities);
    this.accuracies.push(accuracy);
  }

  cells() {
    const text = words();
    const total = this.accuracies.reduce((sum, each) => sum + each, 0);
    const remarks = [...this.remarks].map(([status, count]) =>
      text.remarks[/** @type {keyof typeof text.remarks} */ (status)](count),
    );
    const accuracy = this.accuracies.length ? percent(total / this.accuracies.length) : "";
    const differences = this.accuracies.length
      ? [tiny(this.probabilities), tiny(this.weights)]
      : ["", ""];
    return [
      configurationName(this.name),
      String(this.fits),
      String(this.same),
      ...differences,
      accuracy,
      remarks.join(", "),
    ];
  }
}

/** The section. */
export class AllFits {
  /** @param {import("./study.js").Study} study */
  constructor(study) {
    this.study = study;
    const { configurations, splits, names } = study.exported;
    this.total = configurations.length * splits.length;
    this.newTallies = () => configurations.map((_, c) => new Tally(names[c]));
    this.tallies = this.newTallies();
    this.done = this.seconds = this.shownAt = 0;
    this.run = 0; // its number: another one ends it
    this.running = false;
    this.introduction = element("p");
    this.start = button("", () => this.toggle());
    this.bar = element("progress", { max: this.total, value: 0 });
    this.state = element("p");
    this.result = element("p", { role: "status", className: "proof" });
    this.table = element("div");
    this.element = element(
      "div",
      {},
      this.introduction,
      element("p", { className: "controls" }, this.start, this.bar),
      this.state,
      this.result,
      this.table,
    );
    this.translate();
  }

  /** Write the texts in the reader's language, with what is known. */
  translate() {
    this.introduction.textContent = words().proofIntroduction;
    this.bar.setAttribute("aria-label", words().tabs.proof);
    this.show();
  }

  toggle() {
    this.running = !this.running;
    this.run++;
    if (this.running) void this.trainAll(this.run);
    else this.show();
  }

  /** @param {number} run */
  async trainAll(run) {
    const { configurations, splits } = this.study.exported;
    this.tallies = this.newTallies();
    this.done = this.seconds = 0;
    this.show();
    const began = performance.now();
    // Split by split, so that the orders of a split are drawn once.
    for (let split = 0; split < splits.length; split++)
      for (let c = 0; c < configurations.length; c++) {
        const goesOn = () => run === this.run;
        const fit = this.study.begin(configurations[c], split);
        if (!(await trainToEnd(fit, goesOn))) return;
        this.tallies[c].add(judge(this.study, fit, c, split), fit.accuracy());
        this.done++;
        this.seconds = (performance.now() - began) / 1000;
        if (performance.now() - this.shownAt > REDRAW) this.show();
      }
    this.toggle();
  }

  /** Show what is known now. */
  show() {
    const text = words();
    const { done, total } = this;
    this.shownAt = performance.now();
    say(this.start, this.running ? text.stop : text.retrain(total));
    this.bar.value = done;
    this.state.textContent = done ? text.progress(done, total, this.seconds.toFixed(0)) : "";
    const same = this.tallies.reduce((sum, tally) => sum + tally.same, 0);
    const chaotic = this.tallies.reduce((sum, tally) => sum + tally.chaotic, 0);
    say(this.result, done && !this.running ? text.proved(same, done, chaotic) : "");
    this.result.classList.toggle("bad", same + chaotic < done);
    const rows = this.tallies.map((tally) => tally.cells());
    if (done) this.table.replaceChildren(table(text.proofColumns, rows));
    else this.table.replaceChildren();
  }
}

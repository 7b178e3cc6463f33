// "Prove it": every fit of the study is trained again, and compared with the stored one.

import { CLOSE, differences, prove } from "./study.js";
import { stream } from "./streams.js";
import { trainToEnd } from "./training.js";
import { button, element, percent, table, tiny } from "./view.js";
import { configurationName, words } from "./words.js";

const TWINS = 5; // of a fit
const ALLOWANCE = 1000; // as in the parity check: how far chaos explains a difference
const REDRAW = 500; // milliseconds between two tables

/**
 * @typedef {{weights: number, probabilities: number}} Differences
 *
 * A comparison of a fit with the stored one, and with its twins if they were asked.
 * @typedef {import("./study.js").Proof & {chaotic: boolean, twin: Differences | null}} Verdict
 */

/**
 * Compare a fit that has ended with the stored one. If it differs, ask its twins whether the
 * training is chaotic.
 * @param {import("./study.js").Study} study
 * @param {import("./training.js").Fit} fit
 * @param {number} c
 * @param {number} split
 * @param {object} [options]
 * @param {() => boolean} [options.goesOn] whether the answer is still needed
 * @param {() => void} [options.onTwins] called before twins are trained
 * @returns {Promise<Verdict>}
 */
export async function judge(study, fit, c, split, { goesOn, onTwins } = {}) {
  const proof = prove(fit, study.exported.fits[c][split]);
  if (proof.same || !endsAlike(proof, fit.epoch)) return { ...proof, chaotic: false, twin: null };
  onTwins?.();
  const twin = await twinDifference(study, fit, split, proof, goesOn);
  return { ...proof, chaotic: explains(twin, proof), twin };
}

/** @param {import("./study.js").Proof} proof @param {number} epochs */
const endsAlike = ({ status, stored }, epochs) =>
  status === stored.status && epochs === stored.epochs;

/** Return whether chaos explains differences. @param {Differences} twin @param {Differences} own */
const explains = (twin, own) =>
  own.weights <= Math.max(CLOSE, ALLOWANCE * twin.weights) &&
  own.probabilities <= Math.max(CLOSE, ALLOWANCE * twin.probabilities);

/**
 * Return by how much twins of a fit differ from it at most: networks that start a rounding error
 * away. One after another is trained, until they explain a difference.
 * @param {import("./study.js").Study} study
 * @param {import("./training.js").Fit} fit
 * @param {number} split
 * @param {Differences} difference
 * @param {() => boolean} [goesOn]
 * @returns {Promise<Differences>}
 */
async function twinDifference(study, fit, split, difference, goesOn) {
  const own = fit.numbers();
  const largest = { weights: 0, probabilities: 0 };
  for (let number = 1; number <= TWINS && !explains(largest, difference); number++) {
    const twin = study.begin(fit.configuration, split, { rules: fit.rules });
    twin.samples = fit.samples; // which a mistake has changed
    const generator = stream(study.seed, "weights", ...study.key(split), number);
    moveToNeighbours(twin.layers, () => generator.random() < 0.5);
    if (!(await trainToEnd(twin, goesOn))) break;
    const { weights, probabilities } = differences(twin, twin.numbers(), own);
    largest.weights = Math.max(largest.weights, weights);
    largest.probabilities = Math.max(largest.probabilities, probabilities);
  }
  return largest;
}

/**
 * Move each parameter to the next float above or below, in place. What is 0 stays 0: see
 * `backprop.models.twins`.
 * @param {import("./network.js").Layer[]} layers
 * @param {() => boolean} isAway whether the next is moved away from 0
 */
export function moveToNeighbours(layers, isAway) {
  const value = new Float64Array(1);
  const bits = new BigInt64Array(value.buffer);
  for (const { weights, thresholds } of layers)
    for (const row of [...weights, thresholds])
      row.forEach((own, place) => {
        if (own === 0) return;
        value[0] = own;
        bits[0] += isAway() ? 1n : -1n;
        row[place] = value[0];
      });
}

/**
 * Say whether a fit is the stored one, and how it ended.
 * @param {Verdict} verdict
 * @param {number} epochs
 */
export function proofSentence(verdict, epochs) {
  const { same, status, stored, weights, probabilities, chaotic, twin } = verdict;
  const text = words();
  const end = (/** @type {string} */ name, /** @type {number} */ after) =>
    text.status[/** @type {keyof typeof text.status} */ (name)](after);
  if (!endsAlike(verdict, epochs))
    return text.otherEnd(end(status, epochs), end(stored.status, stored.epochs));
  if (status === "diverged") return end(status, epochs);
  const own = [tiny(probabilities), tiny(weights)];
  const compared =
    chaotic && twin
      ? text.chaotic(own[0], own[1], tiny(twin.probabilities), tiny(twin.weights))
      : (same ? text.same : text.notSame)(own[0], own[1]);
  return `${end(status, epochs)} ${compared}`;
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
  add({ same, chaotic, status, weights, probabilities }, accuracy) {
    this.fits++;
    this.same += Number(same || chaotic);
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
        const verdict = await judge(this.study, fit, c, split, { goesOn });
        if (!goesOn()) return;
        this.tallies[c].add(verdict, fit.accuracy());
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
    say(this.result, done && !this.running ? text.proved(same, done) : "");
    this.result.classList.toggle("bad", same < done);
    const rows = this.tallies.map((tally) => tally.cells());
    if (done) this.table.replaceChildren(table(text.proofColumns, rows));
    else this.table.replaceChildren();
  }
}

// "Prove it": every fit of the study is trained again, and compared with the stored one.

import { CLOSE, prove } from "./study.js";
import { SLICE, button, element, percent, table, tiny } from "./view.js";
import { predictedClass } from "./training.js";
import { words } from "./words.js";

const TWINS = 5; // of a fit
const ALLOWANCE = 1000; // as in the parity check: how far chaos explains a difference

/**
 * Say whether a fit is the stored one, and how it ended.
 * @param {import("./study.js").Proof} proof
 * @param {number} epochs
 */
export function proofSentence({ same, status, stored, weights, probabilities }, epochs) {
  const text = words();
  const end = text.status[/** @type {keyof typeof text.status} */ (status)](epochs);
  if (status !== stored.status || epochs !== stored.epochs)
    return text.otherEnd(`${status}, ${epochs}`, `${stored.status}, ${stored.epochs}`);
  if (status === "diverged") return end;
  const compared = (same ? text.same : text.notSame)(tiny(probabilities), tiny(weights));
  return `${end} ${compared}`;
}

/**
 * Return by how much the probabilities of twins differ at most: networks that start a rounding
 * error away. One after another is trained, until they explain a difference.
 * @param {import("./study.js").Study} study
 * @param {number} c
 * @param {number} split
 * @param {number} difference
 */
export function twinDifference(study, c, split, difference) {
  const configuration = study.exported.configurations[c];
  const train = (/** @type {number} */ number) => {
    const fit = study.begin(configuration, split);
    nudge(fit.layers, number);
    while (!fit.ended) fit.trainEpoch();
    return fit.samples.test.flatMap((x) => fit.predict(x));
  };
  const own = train(0);
  let largest = 0;
  for (let number = 1; number <= TWINS && difference > ALLOWANCE * largest; number++)
    train(number).forEach((p, k) => (largest = Math.max(largest, Math.abs(p - own[k]))));
  return largest;
}

/**
 * Move each weight by its last bit; twin 0 is the network itself. What is 0 stays 0.
 * @param {import("./network.js").Layer[]} layers
 * @param {number} number
 */
function nudge(layers, number) {
  let bits = number;
  for (const { weights } of number ? layers : [])
    for (const row of weights)
      row.forEach((weight, j) => {
        bits = (bits * 1103515245 + 12345) % 2 ** 31;
        row[j] = weight * (1 + (bits & 65536 ? 1 : -1) * Number.EPSILON);
      });
}

/** What is known of the fits of one configuration. */
class Tally {
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
   * @param {import("./study.js").Proof} proof
   * @param {number} accuracy
   * @param {boolean} chaotic
   */
  add(proof, accuracy, chaotic) {
    this.fits++;
    this.same += Number(proof.same || chaotic);
    for (const status of [proof.status, ...(chaotic ? ["chaotic"] : [])])
      this.remarks.set(status, (this.remarks.get(status) ?? 0) + 1);
    if (proof.status === "diverged") return;
    this.weights = Math.max(this.weights, proof.weights);
    this.probabilities = Math.max(this.probabilities, proof.probabilities);
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
      this.name || text.reference,
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
    const { configurations, splits } = study.exported;
    this.total = configurations.length * splits.length;
    this.start = button(words().retrain(this.total), () => this.toggle());
    this.bar = element("progress", { max: this.total, value: 0, "aria-label": words().tabs.proof });
    this.state = element("p", { role: "status" });
    this.table = element("div");
    this.running = false;
    this.element = element(
      "div",
      {},
      element("p", {}, words().proofIntroduction),
      element("p", { className: "controls" }, this.start, this.bar),
      this.state,
      this.table,
    );
  }

  toggle() {
    this.running = !this.running;
    this.start.textContent = this.running ? words().stop : words().retrain(this.total);
    if (this.running) void this.run();
  }

  /** Stop, as the page shows something else. */
  pause() {
    if (this.running) this.toggle();
  }

  async run() {
    const { configurations, splits, names } = this.study.exported;
    const tallies = configurations.map((_, c) => new Tally(names[c]));
    const began = performance.now();
    let done = 0;
    // Split by split, so that the orders of a split are drawn once.
    for (let split = 0; split < splits.length; split++) {
      for (let c = 0; c < configurations.length; c++) {
        await this.trainFit(c, split, tallies[c]);
        if (!this.running) return;
        this.bar.value = ++done;
        const seconds = ((performance.now() - began) / 1000).toFixed(0);
        this.state.textContent = words().progress(done, this.total, seconds);
        this.show(tallies);
      }
      this.study.orders.delete(split);
    }
    const same = tallies.reduce((sum, tally) => sum + tally.same, 0);
    this.state.textContent += `. ${words().proved(same, done)}`;
    this.state.classList.toggle("bad", same < done);
    this.toggle();
  }

  /** @param {Tally[]} tallies */
  show(tallies) {
    this.table.replaceChildren(
      table(
        words().proofColumns,
        tallies.map((tally) => tally.cells()),
      ),
    );
  }

  /** @param {number} c @param {number} split @param {Tally} tally */
  async trainFit(c, split, tally) {
    const { configurations, fits } = this.study.exported;
    const fit = this.study.begin(configurations[c], split);
    let until = performance.now() + SLICE;
    while (!fit.ended && this.running) {
      fit.trainEpoch();
      if (performance.now() < until) continue;
      await new Promise((resolve) => setTimeout(resolve));
      until = performance.now() + SLICE;
    }
    if (!this.running) return;
    const proof = prove(fit, fits[c][split]);
    const differs = proof.status === proof.stored.status && proof.probabilities > CLOSE;
    const chaotic =
      !proof.same &&
      differs &&
      proof.probabilities <= ALLOWANCE * twinDifference(this.study, c, split, proof.probabilities);
    tally.add(proof, accuracyOf(fit), chaotic);
  }
}

/** Return the share of test rows that a fit predicts right. @param {import("./training.js").Fit} fit */
export function accuracyOf(fit) {
  const { test, testTargets } = fit.samples;
  const hits = test.filter((x, k) => {
    const [targets, c] = [testTargets[k], predictedClass(fit.predict(x))];
    return c === (targets.length === 1 ? targets[0] : targets.indexOf(1));
  });
  return hits.length / test.length;
}

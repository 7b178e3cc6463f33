// "Prove it": every fit of the study is trained again, and compared with the stored one.

import { Crew } from "./crew.js";
import { button, element, say, table } from "./elements.js";
import { percent, tiny } from "./numbers.js";
import { configurationName, words } from "./words.js";

const REDRAW = 500; // milliseconds between two tables
const MOST_NAMED = 50; // fits that differ

/** @param {import("./proving.js").Proof} proof @param {number} epochs */
const endsAlike = ({ status, stored }, epochs) =>
  status === stored.status && epochs === stored.epochs;

/**
 * Say whether a fit is the stored one, and how it ended.
 * @param {import("./proving.js").Verdict} verdict
 * @param {number} epochs
 */
export function proofSentence(verdict, epochs) {
  const { same, status, stored, weights, probabilities, open } = verdict;
  const text = words();
  const end = (/** @type {string} */ name, /** @type {number} */ after) =>
    text.status[/** @type {keyof typeof text.status} */ (name)](after);
  if (open) {
    const { until, epoch, difference } = open;
    return text.chaotic(until, epoch, difference === null ? null : tiny(difference));
  }
  if (!endsAlike(verdict, epochs))
    return text.otherEnd(end(status, epochs), end(stored.status, stored.epochs));
  if (status === "diverged") return end(status, epochs);
  const own = [tiny(probabilities), tiny(weights)];
  const judged = (same ? text.same : text.notSame)(own[0], own[1]);
  return status === "epochs" ? judged : `${judged} ${end(status, epochs)}`;
}

/**
 * Return the class of a sentence about a fit: its colour says whether it is the stored one.
 * @param {import("./proving.js").Verdict | null} verdict
 */
export const proofClass = (verdict) =>
  !verdict || verdict.open ? "proof open" : verdict.same ? "proof" : "proof bad";

/** What is known of the fits of one configuration. */
export class Tally {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.fits = 0;
    this.same = 0;
    this.open = 0; // not judged
    this.weights = 0;
    this.probabilities = 0;
    /** @type {number[]} */
    this.accuracies = [];
    /** @type {{split: number, verdict: import("./proving.js").Verdict}[]} */
    this.different = [];
    /** @type {Map<string, number>} */
    this.remarks = new Map();
  }

  /**
   * @param {import("./proving.js").Verdict} verdict
   * @param {number} split
   */
  add(verdict, split) {
    const { same, open, status, weights, probabilities, accuracies } = verdict;
    this.fits++;
    if (!same) this.different.push({ split, verdict });
    this.same += Number(same);
    this.open += Number(open !== null);
    for (const remark of [status, ...(open ? ["chaotic"] : [])])
      this.remarks.set(remark, (this.remarks.get(remark) ?? 0) + 1);
    if (status === "diverged") return;
    this.weights = Math.max(this.weights, weights);
    this.probabilities = Math.max(this.probabilities, probabilities);
    this.accuracies.push(accuracies[0]);
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
      text.listed(remarks),
    ];
  }
}

/** The section. */
export class AllFits {
  /**
   * @param {import("./study.js").Study} study
   * @param {(configuration: number, split: number) => void} watch show a fit
   */
  constructor(study, watch) {
    this.study = study;
    this.watch = watch;
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
    this.different = element("div");
    this.element = element(
      "div",
      {},
      this.introduction,
      element("p", { className: "controls" }, this.start, this.bar),
      this.state,
      this.result,
      this.different,
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
    const goesOn = () => run === this.run;
    const add = (/** @type {import("./crew.js").Result} */ { c, split, verdict }) => {
      this.tallies[c].add(verdict, split);
      this.done++;
      this.seconds = (performance.now() - began) / 1000;
      if (performance.now() - this.shownAt > REDRAW) this.show();
    };
    this.crew = new Crew(this.study);
    const isDone = await this.crew.train(configurations.length, splits.length, add, goesOn);
    if (isDone) this.toggle();
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
    const open = this.tallies.reduce((sum, tally) => sum + tally.open, 0);
    say(this.result, done && !this.running ? text.proved(same, done, open) : "");
    this.result.classList.toggle("bad", same + open < done);
    const rows = this.tallies.map((tally) => tally.cells());
    if (done) this.table.replaceChildren(table(text.proofColumns, rows));
    else this.table.replaceChildren();
    this.different.replaceChildren(...this.differences());
  }

  /** Name each fit that differs, and in what. */
  differences() {
    const text = words();
    const { splits } = this.study.exported;
    const found = this.tallies.flatMap(({ name, different }, c) =>
      different
        .filter(({ verdict }) => verdict.open === null)
        .map(({ split, verdict }) => ({ name, c, split, verdict })),
    );
    const items = found.slice(0, MOST_NAMED).map(({ name, c, split, verdict }) => {
      const { repeat, fold } = splits[split];
      const aspects = verdict.differs.map((aspect) => text.aspects[aspect](verdict));
      const fit = text.fitOf(configurationName(name), repeat + 1, fold + 1);
      const open = button(text.watchIt, () => this.watch(c, split));
      open.setAttribute("aria-label", `${text.watchIt}: ${fit}`);
      return element("li", {}, `${fit}: ${text.listed(aspects)} `, open);
    });
    if (found.length > MOST_NAMED)
      items.push(element("li", {}, text.moreFits(found.length - MOST_NAMED)));
    return items.length ? [element("ul", { className: "different" }, ...items)] : [];
  }
}

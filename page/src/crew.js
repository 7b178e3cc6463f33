// Training of many fits by several workers, if the frame lets the page have them; else here, slice by
// slice. A worker runs the part of this page's script that only calculates.

import { judge } from "./proving.js";
import { Study } from "./study.js";
import { trainToEnd } from "./training.js";

const MOST_WORKERS = 8;
/** The line of the page's script above which nothing draws; see build.js. */
export const BOUNDARY = "// What readers see is below.\n";

// The page replaces its body, and this script with it.
const SCRIPT = globalThis.document?.querySelector("script[type=module]")?.textContent ?? "";

/**
 * A fit that was trained and compared.
 * @typedef {{c: number, split: number, verdict: import("./proving.js").Verdict}} Result
 */

/* What a worker does: it gets the study, then splits, and sends the result of each fit. */
function work() {
  /** @type {Study | undefined} */
  let study;
  globalThis.onmessage = ({ data }) => {
    if (data.exported) study = new Study(data.exported);
    if (!study || data.split === undefined) return;
    study.exported.configurations.forEach((configuration, c) => {
      const fit = /** @type {Study} */ (study).begin(configuration, data.split);
      while (!fit.ended) fit.trainEpoch();
      const verdict = judge(/** @type {Study} */ (study), fit, c, data.split);
      globalThis.postMessage({ c, split: data.split, verdict });
    });
    globalThis.postMessage({ split: data.split, isDone: true });
  };
}

/** Those who train. */
export class Crew {
  /** @param {Study} study */
  constructor(study) {
    this.study = study;
    this.size = 0;
  }

  /**
   * Train all fits of a study; return false if they were given up.
   * @param {number} configurations
   * @param {number} splits
   * @param {(result: Result) => void} add
   * @param {() => boolean} goesOn
   */
  async train(configurations, splits, add, goesOn) {
    const left = Array.from({ length: splits }, (_, split) => split);
    const workers = hire(this.study.exported, splits);
    this.size = workers.length;
    const taken = workers.map((worker) => this.employ(worker, left, add, goesOn));
    const kept = await Promise.all(taken);
    for (const worker of workers) worker.terminate();
    if (!goesOn()) return false;
    left.push(...kept.flat());
    return this.trainHere(configurations, left, add, goesOn);
  }

  /**
   * Give a worker split after split; return those that it did not begin, as it does not work.
   * @param {Worker} worker @param {number[]} left @param {(result: Result) => void} add
   * @param {() => boolean} goesOn
   * @returns {Promise<number[]>}
   */
  employ(worker, left, add, goesOn) {
    return new Promise((resolve) => {
      let [split, hasBegun] = [left.shift(), false];
      const send = () => (split === undefined ? resolve([]) : worker.postMessage({ split }));
      worker.onmessage = ({ data }) => {
        if (!goesOn()) return resolve([]);
        hasBegun = true;
        if (!data.isDone) return add(data);
        split = left.shift();
        send();
      };
      worker.onerror = (event) => {
        event.preventDefault(); // the fits are trained here
        resolve(hasBegun || split === undefined ? [] : [split]);
      };
      send();
    });
  }

  /**
   * Train what is left in this thread, split by split, so that the orders of a split are drawn once.
   * @param {number} configurations @param {number[]} left @param {(result: Result) => void} add
   * @param {() => boolean} goesOn
   */
  async trainHere(configurations, left, add, goesOn) {
    for (const split of left)
      for (let c = 0; c < configurations; c++) {
        const fit = this.study.begin(this.study.exported.configurations[c], split);
        if (!(await trainToEnd(fit, goesOn))) return false;
        add({ c, split, verdict: judge(this.study, fit, c, split) });
      }
    return true;
  }
}

/**
 * Start workers; none if the frame does not let the page.
 * @param {import("./study.js").Exported} exported
 * @param {number} most
 */
function hire(exported, most) {
  const [calculates] = SCRIPT.split(BOUNDARY);
  const url = URL.createObjectURL(
    new Blob([`${calculates}\n(${work})();`], { type: "text/javascript" }),
  );
  const count = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS, most);
  const workers = [];
  try {
    for (let k = 0; k < count && count > 1; k++) {
      const worker = new Worker(url);
      worker.postMessage({ exported });
      workers.push(worker);
    }
  } catch {
    return []; // a frame may forbid it
  } finally {
    URL.revokeObjectURL(url);
  }
  return workers;
}

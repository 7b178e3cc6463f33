// Training of many fits by several workers, if the frame lets the page have them; else here, slice by
// slice. A worker runs the part of this page's script that only calculates.

import { answer } from "./landscape.js";
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

/* What a worker does: it gets the study, then splits, and sends the result of each fit; or it gets
   what is asked about a landscape, and sends the answer. */
function work() {
  /** @type {Study | undefined} */
  let study;
  /** @type {Map<string, number>} the last of each kind that is asked */
  const last = new Map();
  globalThis.onmessage = ({ data }) => {
    if (data.asked) {
      const { id, asked } = data;
      last.set(asked.kind, id);
      const send = (/** @type {any} */ part) => globalThis.postMessage({ id, part });
      void answer(asked, send, () => last.get(asked.kind) === id);
    }
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

/** One worker who answers about landscapes; or if the frame has none, this thread, slice by slice. */
export class Surveyor {
  constructor() {
    this.asked = 0;
    /** @type {Map<number, {asked: import("./landscape.js").Asked, receive: (part: any) => void}>} */
    this.open = new Map();
    this.worker = /** @type {Worker | undefined} */ (workersOf(1)[0]);
    if (!this.worker) return;
    this.worker.onmessage = ({ data: { id, part } }) => this.open.get(id)?.receive(part);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.worker = undefined;
      for (const id of this.open.keys()) this.begin(id);
    };
  }

  /**
   * Ask; what was asked before of the same kind is no longer answered.
   * @param {import("./landscape.js").Asked} asked
   * @param {(part: any) => void} receive each part of the answer, then null
   */
  ask(asked, receive) {
    for (const [id, own] of this.open) if (own.asked.kind === asked.kind) this.open.delete(id);
    const id = ++this.asked;
    this.open.set(id, { asked, receive });
    this.begin(id);
  }

  /** @param {number} id */
  begin(id) {
    const { asked, receive } = this.open.get(id) ?? {};
    if (!asked || !receive) return;
    if (this.worker) this.worker.postMessage({ id, asked });
    else void answer(asked, receive, () => this.open.has(id));
  }

  drop() {
    this.open.clear();
    this.worker?.terminate();
  }
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
 * Start workers that know a study; none if one would be alone, or if the frame does not let the page.
 * @param {import("./study.js").Exported} exported
 * @param {number} most
 */
function hire(exported, most) {
  const count = Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS, most);
  const workers = workersOf(count > 1 ? count : 0);
  for (const worker of workers) worker.postMessage({ exported });
  return workers;
}

/** Start workers; none if the frame does not let the page. @param {number} count */
function workersOf(count) {
  const [calculates] = SCRIPT.split(BOUNDARY);
  const url = URL.createObjectURL(
    new Blob([`${calculates}\n(${work})();`], { type: "text/javascript" }),
  );
  try {
    return Array.from({ length: count }, () => new Worker(url));
  } catch {
    return []; // a frame may forbid it
  } finally {
    URL.revokeObjectURL(url);
  }
}

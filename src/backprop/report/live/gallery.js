// "Mistakes": a fit is trained with a classic mistake, and compared with the stored one.

import { MISTAKES, firstDifference } from "./mistakes.js";
import { accuracyOf, proofSentence } from "./proof.js";
import { prove } from "./study.js";
import { SLICE, button, choice, element, lecture, percent, short } from "./view.js";
import { words } from "./words.js";

/** The section. */
export class Gallery {
  /** @param {import("./study.js").Study} study @param {import("./watch.js").Choice} chosen */
  constructor(study, chosen) {
    this.study = study;
    this.chosen = chosen;
    this.mistake = "no_thresholds";
    this.runs = 0;
    const { mistakes } = words();
    const options = Object.keys(MISTAKES).map(
      (name) =>
        /** @type {[string, string]} */ ([name, mistakes[/** @type {keyof mistakes} */ (name)]]),
    );
    const label = words().tabs.gallery;
    const choose = choice(label, options, this.mistake, (value) => (this.mistake = value));
    this.said = element("div", { "aria-live": "polite" });
    this.element = element(
      "div",
      {},
      element("p", {}, words().galleryIntroduction),
      element(
        "p",
        { className: "controls" },
        choose,
        button(words().train, () => void this.run()),
      ),
      this.said,
    );
  }

  /** Stop, as the page shows something else. */
  pause() {
    this.runs++;
  }

  /** Begin the fit, with the mistake or without it. @param {string} name */
  begin(name) {
    const { configuration, split } = this.chosen;
    const { rules, allRows } = MISTAKES[name];
    const encoding = allRows ? this.encodingOfAllRows(split) : undefined;
    const chosen = this.study.exported.configurations[configuration];
    return this.study.begin(chosen, split, { rules, encoding });
  }

  /**
   * Return the encoding of a split in which the scaling is that of all rows.
   * @param {number} split
   * @returns {import("./study.js").Encoding}
   */
  encodingOfAllRows(split) {
    const { splits, everywhere } = this.study.exported;
    const places = splits[split].columns.map((column) => everywhere.columns.indexOf(column));
    const of = (/** @type {any[]} */ values) => places.map((place) => values[place]);
    const { mean, scale, missing } = everywhere;
    return {
      columns: splits[split].columns,
      mean: of(mean),
      scale: of(scale),
      missing: of(missing),
    };
  }

  async run() {
    const run = ++this.runs;
    const name = this.mistake;
    const text = words();
    const [right, wrong] = [await this.trained("none", run), await this.trained(name, run)];
    if (run !== this.runs || !right || !wrong) return;
    const { configuration, split } = this.chosen;
    const proof = prove(wrong, this.study.exported.fits[configuration][split]);
    const verdict = element("p", { className: proof.same ? "proof" : "proof bad" });
    verdict.textContent = proofSentence(proof, wrong.epoch);
    const accuracies = text.accuracies(percent(accuracyOf(right)), percent(accuracyOf(wrong)));
    this.said.replaceChildren(
      verdict,
      element("p", {}, ...lecture(this.difference(name))),
      element("p", {}, accuracies),
    );
  }

  /** Say where the first number differs. @param {string} name */
  difference(name) {
    const text = words();
    if (name === "none") return "";
    const [right, wrong] = [this.begin("none"), this.begin(name)];
    if (MISTAKES[name].ofBatches && right.configuration.batch_size === 1) return text.onlyBatches;
    const first = firstDifference(right, wrong, 3);
    if (!first) return text.noEffect;
    const { epoch, update, quantity } = first;
    return text.firstDifference(
      epoch,
      update,
      quantity,
      short(first.right, 7),
      short(first.wrong, 7),
    );
  }

  /** Train a fit, slice by slice; return null if another run has begun. @param {string} name @param {number} run */
  async trained(name, run) {
    const fit = this.begin(name);
    this.said.textContent = "…";
    let until = performance.now() + SLICE;
    while (!fit.ended) {
      fit.trainEpoch();
      if (performance.now() < until) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (run !== this.runs) return null;
      until = performance.now() + SLICE;
    }
    return fit;
  }
}

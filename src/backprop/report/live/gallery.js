// "Mistakes": a fit is trained with a classic mistake, and compared with the stored one.

import { MISTAKES, beginWith, firstDifference } from "./mistakes.js";
import { judge, proofSentence } from "./proof.js";
import { trainToEnd } from "./training.js";
import { button, choice, element } from "./elements.js";
import { lecture, percent, short } from "./numbers.js";
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
    const train = button(words().train, () => void this.run());
    const choose = choice(label, options, this.mistake, (value) => {
      this.mistake = value;
      train.textContent = value === "none" ? words().trainRight : words().train;
    });
    this.said = element("div", { "aria-live": "polite" });
    this.element = element(
      "div",
      {},
      element("p", {}, words().galleryIntroduction),
      element("p", { className: "controls" }, choose, train),
      this.said,
    );
  }

  /** Stop, as the page shows something else. */
  pause() {
    this.runs++;
  }

  /** Begin the fit with a mistake, or with none. @param {string} name */
  begin(name) {
    const { configuration, split } = this.chosen;
    return beginWith(name, this.study, configuration, split);
  }

  async run() {
    const run = ++this.runs;
    const name = this.mistake;
    const text = words();
    const [right, wrong] = [await this.trained("none", run), await this.trained(name, run)];
    if (run !== this.runs || !right || !wrong) return;
    const { configuration, split } = this.chosen;
    const verdict = judge(this.study, wrong, configuration, split);
    const sentence = proofSentence(verdict, wrong.epoch);
    const accuracies = text.accuracies(percent(right.accuracy()), percent(wrong.accuracy()));
    this.said.replaceChildren(
      element("p", { className: verdict.same ? "proof" : "proof bad" }, sentence),
      element("p", {}, ...this.difference(name)),
      element("p", {}, accuracies),
    );
  }

  /** Say where the first number differs. @param {string} name @returns {(Node | string)[]} */
  difference(name) {
    const text = words();
    if (name === "none") return [];
    const [right, wrong] = [this.begin("none"), this.begin(name)];
    if (MISTAKES[name].ofBatches && right.configuration.batch_size === 1) return [text.onlyBatches];
    const first = firstDifference(right, wrong, 3);
    if (!first) return [text.noEffect];
    const numbers = [short(first.right, 7), short(first.wrong, 7)];
    const [before, after] = text.firstDifference(first.epoch, first.update, numbers[0], numbers[1]);
    return [before, ...lecture(first.quantity), after];
  }

  /** Train a fit, slice by slice; return null if another run has begun. @param {string} name @param {number} run */
  async trained(name, run) {
    const fit = this.begin(name);
    this.said.textContent = "…";
    return (await trainToEnd(fit, () => run === this.runs)) ? fit : null;
  }
}

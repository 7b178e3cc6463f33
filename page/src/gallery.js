// "Mistakes": a fit is trained with a classic mistake, beside the right one: the formula, the numbers
// of one step, a gradient check, and the accuracy.

import { button, choice, element, table } from "./elements.js";
import { flowPicture, flows, keyOf, shownAt } from "./flow.js";
import { checkUpdate } from "./gradient_check.js";
import { MISTAKES, beginWith, differs, firstDifference, mistakesOf } from "./mistakes.js";
import { copyOf } from "./network.js";
import { lecture, percent, short } from "./numbers.js";
import { Symbols, followUpdate } from "./one_step.js";
import { judge, largestDifference } from "./proving.js";
import { proofClass, proofSentence } from "./proof.js";
import { trainToEnd } from "./training.js";
import { words } from "./words.js";

const LOOKED_THROUGH = 3; // epochs, for the first difference

/** @typedef {import("./training.js").Fit} Fit */

/** The section. */
export class Gallery {
  /**
   * @param {import("./study.js").Study} study
   * @param {import("./watch.js").Choice} chosen
   * @param {string} [mistake]
   */
  constructor(study, chosen, mistake = "no_thresholds") {
    this.study = study;
    this.chosen = chosen;
    this.mistake = mistake;
    this.runs = 0;
    this.said = element("div", { "aria-live": "polite" });
    this.step = element("div");
    this.element = element("div");
    this.translate();
  }

  /** Write the texts in the reader's language. */
  translate() {
    const text = words();
    this.pause();
    const options = this.names().map(
      (name) =>
        /** @type {[string, string]} */ ([
          name,
          text.mistakes[/** @type {keyof typeof text.mistakes} */ (name)],
        ]),
    );
    const train = button("", () => void this.run());
    const label = () =>
      (train.textContent = this.mistake === "none" ? text.trainRight : text.train);
    const choose = choice(text.tabs.gallery, options, this.mistake, (value) => {
      this.mistake = value;
      this.pause();
      this.said.replaceChildren(); // the result is of another mistake
      label();
      this.draw();
    });
    label();
    const all = button(text.trainAllMistakes, () => void this.runAll());
    this.said.replaceChildren();
    this.element.replaceChildren(
      element("p", {}, text.galleryIntroduction),
      element("p", { className: "controls" }, choose, train, all),
      this.said,
      this.step,
    );
    this.draw();
  }

  play() {
    void this.run();
  }

  /** Stop, as the page shows something else. */
  pause() {
    this.runs++;
  }

  /** Return the mistakes that can be made here. */
  names() {
    return mistakesOf(this.study.exported.configurations[this.chosen.configuration].optimiser);
  }

  /** Begin the fit with a mistake, or with none. @param {string} name */
  begin(name) {
    const { configuration, split } = this.chosen;
    return beginWith(name, this.study, configuration, split);
  }

  /** Show the first step, with the mistake and without it. */
  draw() {
    const text = words();
    const [right, wrong] = [this.begin("none"), this.begin(this.mistake)];
    const { stage } = MISTAKES[this.mistake];
    if (!stage || this.mistake === "none") return this.step.replaceChildren();
    const formulas =
      text.mistakeFormulas[/** @type {keyof typeof text.mistakeFormulas} */ (this.mistake)];
    const [one, other] = [right, wrong].map(firstStep);
    const found = new Set(
      one.lines
        .filter((line, k) => differs(line.value, other.lines[k].value))
        .filter(({ part }) => part === stage.part)
        .map(keyOf),
    );
    const pictures = [
      [text.rightStep, formulas[0], one, new Set()],
      [text.wrongStep, formulas[1], other, found],
    ].map(([title, formula, step, wrongs]) =>
      element(
        "figure",
        {},
        element(
          "figcaption",
          {},
          element("b", {}, String(title)),
          " ",
          ...lecture(String(formula)),
        ),
        this.picture(
          /** @type {ReturnType<typeof firstStep>} */ (step),
          stage,
          /** @type {Set<string>} */ (wrongs),
        ),
      ),
    );
    this.step.replaceChildren(
      element("div", { className: "two-pictures" }, ...pictures),
      element("p", {}, ...this.check(right, wrong)),
    );
  }

  /**
   * @param {ReturnType<typeof firstStep>} step
   * @param {import("./flow.js").Stage} stage
   * @param {Set<string>} wrong
   */
  picture({ layers, step, after, lines }, stage, wrong) {
    const { splits, columns } = this.study.exported;
    const flow = flows(layers, step, stage, after);
    return flowPicture({
      layers,
      stage,
      flows: flow,
      largest: Math.max(...flow.flat(2).map((each) => Math.abs(each ?? 0))),
      numbers: shownAt(lines, stage),
      selected: null,
      inputs: splits[this.chosen.split].columns.map((column) => columns[column].name),
      outputs: this.study.outputNames(),
      wrong,
    });
  }

  /** Say what a gradient check finds. @param {Fit} right @param {Fit} wrong @returns {(Node | string)[]} */
  check(right, wrong) {
    const text = words();
    if (this.mistake === "none") return [];
    if (MISTAKES[this.mistake].ofBatches && right.configuration.batch_size === 1)
      return [text.onlyBatches];
    const suspect = suspectOf(wrong);
    if (!suspect) return [text.checkFindsNothing];
    const { place, own, expected } = suspect;
    const count = right.layers.length;
    const symbols = new Symbols(count - 1, right.layers[count - 1].thresholds.length);
    const symbol =
      place.from === null
        ? symbols.threshold(place.layer, place.node)
        : symbols.weight(place.layer, place.from, place.node);
    return lecture(text.checkFinds(`∂E/∂${symbol}`, short(own), short(expected)));
  }

  async run() {
    const run = ++this.runs;
    const name = this.mistake;
    const text = words();
    const [right, wrong] = [await this.trained("none", run), await this.trained(name, run)];
    if (run !== this.runs || !right || !wrong) return;
    const { configuration, split } = this.chosen;
    const accuracies = text.accuracies(percent(right.accuracy()), percent(wrong.accuracy()));
    const judged = [];
    if (this.study.exported.fits.length) {
      const verdict = judge(this.study, wrong, configuration, split);
      const className = proofClass(verdict);
      judged.push(element("p", { className }, proofSentence(verdict, wrong.epoch)));
    }
    this.said.replaceChildren(
      ...judged,
      element("p", {}, ...this.difference(name)),
      element("p", {}, accuracies),
    );
  }

  /** Train with each mistake, and show what gives it away. */
  async runAll() {
    const run = ++this.runs;
    const text = words();
    /** @type {string[][]} */
    const rows = [];
    /** @type {number[][]} */
    const numbers = [];
    for (const name of this.names()) {
      const fit = await this.trained(name, run);
      if (!fit) return;
      numbers.push(fit.numbers());
      const title = text.mistakes[/** @type {keyof typeof text.mistakes} */ (name)];
      const [first, check] = name === "none" ? ["", ""] : this.givenAway(name);
      rows.push([title, first, check, percent(fit.accuracy())]);
    }
    const changing = rows.filter((_, k) => largestDifference(numbers[k], numbers[0]) !== 0);
    const same = changing.filter((row) => row[3] === rows[0][3]).length;
    const counts = /** @type {const} */ ([rows.length - 1, changing.length, same]);
    this.said.replaceChildren(
      table(text.mistakeColumns, rows),
      element("p", {}, text.lesson(...counts, rows[0][3])),
    );
  }

  /** Return where a mistake first shows, and whether a gradient check finds it. @param {string} name */
  givenAway(name) {
    const text = words();
    const [right, wrong] = [this.begin("none"), this.begin(name)];
    if (MISTAKES[name].ofBatches && right.configuration.batch_size === 1)
      return [text.onlyBatches, text.found(false)];
    const isFound = suspectOf(this.begin(name)) !== null;
    const first = firstDifference(right, wrong, LOOKED_THROUGH);
    return [first ? text.place(first.epoch, first.update) : text.never, text.found(isFound)];
  }

  /** Say where the first number differs. @param {string} name @returns {(Node | string)[]} */
  difference(name) {
    const text = words();
    if (name === "none") return [];
    const [right, wrong] = [this.begin("none"), this.begin(name)];
    if (MISTAKES[name].ofBatches && right.configuration.batch_size === 1) return [text.onlyBatches];
    const first = firstDifference(right, wrong, LOOKED_THROUGH);
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

/** Return the first batch of a fit. @param {Fit} fit */
function firstBatch({ samples, orders, rules, configuration }) {
  const order = orders.of(rules.orderOf(1)).slice(0, configuration.batch_size);
  return { x: order.map((k) => samples.train[k]), y: order.map((k) => samples.trainTargets[k]) };
}

/** Return the first update of a fit, by its rules. @param {Fit} fit */
function firstStep(fit) {
  const { layers, rules, configuration } = fit;
  const { x, y } = firstBatch(fit);
  const after = copyOf(layers);
  const [step] = rules.batch(after, x, y, configuration, fit.memory?.copy());
  const how = { batch: rules.batch, memory: fit.memory };
  const lines = followUpdate(layers, x, y, configuration, 0, how);
  return { layers, step, after, lines };
}

/** Return what a gradient check finds in the first update of a fit. @param {Fit} fit */
function suspectOf(fit) {
  const { x, y } = firstBatch(fit);
  return checkUpdate(fit.layers, x, y, fit.configuration, fit.rules.batch);
}

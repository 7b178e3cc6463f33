// "One update": the first update of a fit, stage by stage, with the network drawn. A weight, an
// input or the learning rate can be dragged, and all numbers follow.

import { chainOf, productOf } from "./chain_rule.js";
import { button, choice, element, isCalm } from "./elements.js";
import {
  flowPicture,
  flows,
  isOutput,
  keyOf,
  placeOf,
  shapeAt,
  shownAt,
  stagesOf,
} from "./flow.js";
import { byDifferences, meanCost, parameterAt, withParameter } from "./gradient_check.js";
import { copyOf, trainBatch } from "./network.js";
import { fractionOf, greek, lecture, minus, short } from "./numbers.js";
import { digitsOf, followUpdate, numbersOf } from "./one_step.js";
import { words } from "./words.js";

const MOST_LINES = 40; // of a part, until the reader asks for all
const SHOWN_DIGITS = 4; // of a value, until the reader asks for all
const PAUSE = 1500; // milliseconds from stage to stage
const TRAINED = [0, 1, 10, 100]; // epochs before the update that is shown
const FARTHEST = 5; // that a weight or an input can be dragged from 0

/** @typedef {import("./one_step.js").Place} Place */

/** The section. */
export class OneUpdate {
  /**
   * @param {import("./study.js").Study} study
   * @param {import("./watch.js").Choice} chosen
   * @param {string} [part] to begin with: its last stage
   */
  constructor(study, chosen, part = "given") {
    this.study = study;
    /** @type {Place | null} */
    this.selected = null;
    /** @type {HTMLDetailsElement | undefined} */
    this.why = undefined;
    this.allDigits = this.allLines = false;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    const { configuration, split, own } = chosen;
    this.split = split;
    this.stored = own ?? study.exported.configurations[configuration];
    this.seed = own ? { seed: own.seed } : {};
    const rows = study.trainingRows(split);
    this.rowOf = (/** @type {number} */ k) => rows[k] + 1;
    this.fit = this.begin(0);
    this.layers = this.fit.layers;
    this.configuration = this.stored;
    this.x = this.fit.samples.train;
    this.reset();
    this.stages = stagesOf(this.layers.length);
    this.at = this.stages.findLastIndex((stage) => stage.part === part);
    /** @type {number[]} */
    this.batch = this.choices = [];
    this.sample = 0;
    this.takeBatch();
    this.element = element("div", { tabIndex: 0, className: "update" });
    this.element.onkeydown = (event) => this.onKey(event);
    this.translate();
  }

  /** Begin the fit, and train it. @param {number} epochs */
  begin(epochs) {
    const fit = this.study.begin(this.stored, this.split, this.seed);
    while (fit.epoch < epochs && !fit.ended) fit.trainEpoch();
    return fit;
  }

  /** Take the first batch of the next epoch, and its row that the network gets most wrong. */
  takeBatch() {
    const order = this.fit.orders.of(this.fit.epoch + 1);
    this.batch = order.slice(0, this.stored.batch_size);
    // A row of the batch; without batches, any training row.
    this.choices = this.batch.length > 1 ? this.batch : order;
    this.sample = this.worstOf(this.choices);
  }

  /** Return the sample with the largest cost. @param {number[]} choices */
  worstOf(choices) {
    const { train, trainTargets } = this.fit.samples;
    const costs = choices.map((k) =>
      meanCost(this.fit.layers, [train[k]], [trainTargets[k]], this.stored),
    );
    return choices[costs.indexOf(Math.max(...costs))];
  }

  /** Forget what the reader has dragged. */
  reset() {
    this.layers = copyOf(this.fit.layers);
    this.configuration = this.stored;
    this.x = this.fit.samples.train.map((row) => row.slice());
    this.isChanged = false;
  }

  /** Show the same in another language. Create what stays from step to step, so the focus does. */
  translate() {
    const text = words();
    const worst = this.worstOf(this.choices);
    const rows = this.choices.map(
      (k) =>
        /** @type {[string, string]} */ ([
          String(k),
          text.sample(this.rowOf(k)) + (k === worst ? text.worstRow : ""),
        ]),
    );
    const row = choice(text.row, rows, String(this.sample), (value) => {
      this.sample = Number(value);
      this.draw();
    });
    const epochs = TRAINED.filter((epoch) => epoch < this.study.exported.stop.epochs);
    const after = choice(
      text.afterEpoch,
      epochs.map((epoch) => [String(epoch), String(epoch)]),
      String(this.fit.epoch),
      (value) => {
        this.fit = this.begin(Number(value));
        this.reset();
        this.takeBatch();
        this.translate();
        this.element?.querySelectorAll("select")[1].focus();
      },
    );
    this.back = button(text.back, () => this.go(-1));
    this.next = button(text.next, () => this.go(1));
    this.places = choice(text.arithmetic, this.namedPlaces(), "", (value) =>
      this.select(value ? placeOf(value) : null),
    );
    const digits = element("input", { type: "checkbox", checked: this.allDigits });
    digits.onchange = () => {
      this.allDigits = digits.checked;
      this.draw();
    };
    this.heading = element("h2", { "aria-live": "polite" });
    this.explained = element("p", { className: "explained" });
    this.derivation = element("p");
    const isOpen = this.why?.open ?? false; // it stays as the reader left it
    this.why = element(
      "details",
      { className: "derivation", open: isOpen },
      element("summary", {}, text.why),
      this.derivation,
    );
    this.picture = element("div");
    this.chain = element("div");
    this.table = element("div", { className: "scroll", tabIndex: 0 });
    this.drags = element("div", { className: "controls drags" });
    this.element.replaceChildren(
      ...(this.batch.length > 1 ? [element("p", {}, text.ofBatch(this.batch.length))] : []),
      element(
        "p",
        { className: "controls" },
        row,
        after,
        this.back,
        this.next,
        this.places,
        element("label", {}, digits, ` ${text.allDigits}`),
      ),
      this.heading,
      this.explained,
      this.why,
      element(
        "div",
        { className: "two" },
        element("div", {}, this.picture, this.drags),
        element("div", {}, this.chain, this.table),
      ),
      element("p", {}, text.updateIntroduction),
    );
    this.draw();
  }

  /** Return all nodes and edges, to choose from. @returns {[string, string][]} */
  namedPlaces() {
    const lines = this.lines().filter(
      (line) =>
        (line.part === "given" && (line.from !== null || line.symbol.startsWith("x_"))) ||
        (line.part === "forward" && isOutput(line)),
    );
    return [
      ["", words().wholeStep],
      ...lines.map((line) => /** @type {[string, string]} */ ([keyOf(line), greek(line.symbol)])),
    ];
  }

  /** @param {Place | null} place */
  select(place) {
    this.selected = place;
    this.allLines = false;
    this.draw();
  }

  /** Return the samples of the update, and the place of the one that is shown. */
  samples() {
    const batch = this.batch.length > 1 ? this.batch : [this.sample];
    const { trainTargets } = this.fit.samples;
    return {
      x: batch.map((k) => this.x[k]),
      y: batch.map((k) => trainTargets[k]),
      k: batch.indexOf(this.sample),
    };
  }

  lines() {
    const { x, y, k } = this.samples();
    return followUpdate(this.layers, x, y, this.configuration, k, { memory: this.fit.memory });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { target } = event;
    if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // a table would scroll
    this.go(step);
  }

  /** Step through the stages of the part that is shown, from its first. */
  play() {
    this.pause();
    const { part } = this.stages[this.at];
    const last = this.stages.findLastIndex((stage) => stage.part === part);
    this.at = isCalm() ? last : this.stages.findIndex((stage) => stage.part === part);
    this.draw();
    this.timer = setInterval(() => {
      if (this.at < last) this.go(1, true);
      else this.pause();
    }, PAUSE);
  }

  /** Stop stepping. */
  pause() {
    clearInterval(this.timer);
  }

  /** @param {number} step @param {boolean} [isPlaying] */
  go(step, isPlaying = false) {
    if (!isPlaying) this.pause();
    this.at = Math.min(Math.max(this.at + step, 0), this.stages.length - 1);
    this.allLines = false;
    this.draw();
  }

  draw() {
    const text = words();
    const lines = this.lines();
    const stage = this.stages[this.at];
    const { back, next, heading, explained, picture, table, places, chain, drags } = this;
    if (!back || !next || !heading || !explained || !picture || !table || !places) return;
    if (!chain || !drags) return;
    // Not disabled: a button that is loses the focus, and then no arrow key comes here.
    back.setAttribute("aria-disabled", String(this.at === 0));
    next.setAttribute("aria-disabled", String(this.at === this.stages.length - 1));
    const count = this.layers.length;
    heading.textContent = text.stageOf(
      this.at + 1,
      this.stages.length,
      text.stage[stage.part](stage.layer ?? 0, count),
    );
    const { optimiser } = this.configuration;
    const isStep = stage.part === "update" && optimiser in text.steps;
    explained.textContent = isStep
      ? `${text.steps[/** @type {"adam"} */ (optimiser)]} ${text.widthOfStep}`
      : text.explained[stage.part](stage.layer === count);
    if (this.why) this.why.hidden = isStep; // it is about gradient descent
    this.derivation?.replaceChildren(
      ...lecture(text.derivation[stage.part](stage.layer === count)),
    );
    const select = /** @type {HTMLSelectElement} */ (places.querySelector("select"));
    select.value = this.selected ? keyOf(this.selected) : "";
    const focused = picture.contains(document.activeElement) && document.activeElement;
    const at = focused ? focused.getAttribute("data-at") : null;
    picture.replaceChildren(this.network(lines));
    table.replaceChildren(...this.numbers(lines, stage));
    chain.replaceChildren(...this.factors());
    this.drawDrags(drags);
    if (at !== null) shapeAt(picture, at)?.focus();
  }

  /**
   * @param {import("./one_step.js").Line[]} lines
   * @param {import("./flow.js").Stage} stage
   */
  numbers(lines, { part, layer }) {
    const text = words();
    const key = this.selected && keyOf(this.selected);
    const isOfStage = (/** @type {import("./one_step.js").Line} */ line) =>
      [part, part === "given" ? "memory" : part].includes(line.part) &&
      (layer === null || line.layer === layer);
    const chosen = lines.filter((line) => (key ? keyOf(line) === key : isOfStage(line)));
    const isGiven = chosen.every(({ formula }) => !formula);
    const shown = this.allLines ? chosen : chosen.slice(0, MOST_LINES);
    const isChecked = chosen.some((line) => line.part === "gradient");
    const body = shown.map((line) => this.row(line, isOfStage(line), isChecked, isGiven));
    const [quantity, , , value] = text.lineColumns;
    const lineColumns = isGiven ? [quantity, value] : text.lineColumns;
    const heads = [...lineColumns, ...(isChecked ? text.checkColumns : [])];
    const more = chosen.length - shown.length;
    const showAll = button(text.showAll, () => {
      this.select(null);
      this.element?.focus();
    });
    const showMore = button(text.more(chosen.length), () => {
      this.allLines = true;
      this.draw();
      this.table?.focus();
    });
    return [
      element(
        "table",
        { className: "lines" },
        element(
          "thead",
          {},
          element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head))),
        ),
        element("tbody", {}, ...body),
      ),
      ...(isChecked ? [element("p", {}, text.checkNote)] : []),
      ...(more ? [showMore] : []),
      ...(this.selected ? [showAll] : []),
    ];
  }

  /**
   * @param {import("./one_step.js").Line} line
   * @param {boolean} isCurrent
   * @param {boolean} isChecked whether the table compares gradients
   * @param {boolean} isGiven whether the table has no formula
   */
  row(line, isCurrent, isChecked, isGiven) {
    const digits = this.allDigits ? 17 : SHOWN_DIGITS;
    const numbers = this.allDigits ? line.numbers(17) : numbersOf(line, SHOWN_DIGITS);
    const number = (/** @type {string} */ own) =>
      element("td", { className: "number" }, minus(own));
    return element(
      "tr",
      { className: isCurrent ? "current" : "" },
      element("th", { scope: "row" }, ...lecture(line.symbol)),
      ...(isGiven
        ? []
        : [element("td", {}, ...lecture(line.formula)), element("td", {}, minus(numbers))]),
      number(digitsOf(line.value, digits)),
      ...(isChecked ? this.check(line, digits).map(number) : []),
    );
  }

  /**
   * Return a gradient by finite differences, and how far the formula is from it.
   * @param {import("./one_step.js").Line} line
   * @param {number} digits
   */
  check(line, digits) {
    if (line.part !== "gradient") return ["", ""];
    const { x, y, k } = this.samples();
    const found = byDifferences(this.layers, [x[k]], [y[k]], this.configuration, line);
    return [digitsOf(found, digits), Math.abs(found - line.value).toExponential(0)];
  }

  /** Draw the network in this stage. @param {import("./one_step.js").Line[]} lines */
  network(lines) {
    const { x, y, k } = this.samples();
    const after = copyOf(this.layers);
    const step = trainBatch(after, x, y, this.configuration, this.fit.memory?.copy())[k];
    const stage = this.stages[this.at];
    // The errors of all layers have one scale, so that one sees them shrink.
    const scale = stage.part === "error" ? { ...stage, layer: 0 } : stage;
    const all = flows(this.layers, step, scale, after).flat(2);
    const { columns } = this.study.exported;
    return flowPicture({
      layers: this.layers,
      stage,
      flows: flows(this.layers, step, stage, after),
      largest: all.reduce(
        (/** @type {number} */ most, own) => Math.max(most, Math.abs(own ?? 0)),
        0,
      ),
      numbers: shownAt(lines, stage),
      selected: this.selected,
      inputs: this.study.exported.splits[this.split].columns.map((column) => columns[column].name),
      outputs: this.study.outputNames(),
      select: (place) => this.select(place),
    });
  }

  /** Show the gradient of the selected weight as a product. */
  factors() {
    const { selected } = this;
    if (!selected || selected.layer === 0) return [element("p", {}, words().chooseEdge)];
    const text = words();
    const { x, y, k } = this.samples();
    const factors = chainOf(this.layers, x[k], y[k], this.configuration, selected);
    const { shown, value } = productOf(factors, this.allDigits ? 15 : SHOWN_DIGITS);
    const [, parameter] = factors[factors.length - 1].derivative;
    const cells = factors.map((factor, place) =>
      element(
        "div",
        { className: factor.isError ? "factor of-error" : "factor" },
        element("div", {}, fractionOf(factor.derivative[0], factor.derivative[1])),
        element("div", {}, ...lecture(factor.formula)),
        element("div", { className: "number" }, minus(shown[place])),
        element("div", { className: "factor-name" }, text.factors[factor.name]),
      ),
    );
    const total = digitsOf(value, this.allDigits ? 15 : SHOWN_DIGITS);
    return [
      element("h3", {}, text.chain),
      element(
        "div",
        { className: "chain" },
        element("div", { className: "factor" }, fractionOf("E", parameter)),
        ...cells.flatMap((cell, place) => [element("b", {}, place ? "·" : "="), cell]),
        element("b", {}, `= ${minus(total)}`),
      ),
      element(
        "p",
        {},
        text.errorOfNode[selected.layer === this.layers.length ? "output" : "hidden"],
      ),
    ];
  }

  /** Let the reader drag what is selected, and the learning rate. @param {HTMLElement} place */
  drawDrags(place) {
    const held = place.contains(document.activeElement) && document.activeElement;
    if (held instanceof HTMLInputElement && held.type === "range") return this.sayChange();
    const text = words();
    const { selected } = this;
    const sliders = [];
    if (selected && selected.layer > 0) {
      const name = this.lines().find(
        (line) =>
          line.part === "given" && keyOf(line) === keyOf(selected) && line.symbol[0] !== "y",
      );
      sliders.push(
        this.slider(name?.symbol ?? "", parameterAt(this.layers, selected), (value) => {
          this.layers = withParameter(this.layers, selected, value);
        }),
      );
    } else if (selected) {
      const row = this.x[this.sample];
      sliders.push(
        this.slider(`x_${selected.node + 1}`, row[selected.node], (value) => {
          row[selected.node] = value;
        }),
      );
    }
    sliders.push(
      this.slider(
        "eta",
        this.configuration.learning_rate,
        (value) => (this.configuration = { ...this.configuration, learning_rate: value }),
        [0.01, 2],
      ),
    );
    this.changed = element("span", { role: "status" });
    const reset = button(text.resetDrags, () => {
      this.reset();
      this.element?.focus();
      this.draw();
    });
    place.replaceChildren(...sliders, reset, this.changed);
    this.sayChange();
  }

  sayChange() {
    const { x, y } = this.samples();
    const written = (/** @type {number} */ cost) => minus(digitsOf(cost, SHOWN_DIGITS));
    const cost = written(meanCost(this.layers, x, y, this.configuration));
    const after = copyOf(this.layers);
    trainBatch(after, x, y, this.configuration, this.fit.memory?.copy());
    const next = written(meanCost(after, x, y, this.configuration));
    const said = words().costChange(cost, next) + (this.isChanged ? ` ${words().dragged}` : "");
    if (this.changed && this.changed.textContent !== said) this.changed.textContent = said;
  }

  /**
   * @param {string} symbol
   * @param {number} value
   * @param {(value: number) => void} change
   * @param {[number, number]} [ends]
   */
  slider(symbol, value, change, [min, max] = [-FARTHEST, FARTHEST]) {
    const input = element("input", {
      type: "range",
      min: String(Math.min(min, value)),
      max: String(Math.max(max, value)),
      step: "any",
      value: String(value),
      "aria-label": greek(symbol),
    });
    const shown = element("output", {}, short(value, 3));
    input.oninput = () => {
      change(Number(input.value));
      shown.textContent = short(Number(input.value), 3);
      this.isChanged = true;
      this.draw();
    };
    const name = element("span", {}, ...lecture(symbol));
    return element("label", { className: "drag" }, name, input, shown);
  }
}

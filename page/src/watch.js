// "Watch": one or two fits train before the reader's eyes. The learning rate can be dragged, and rows
// added: the fits are then trained again, to the same epoch, at once.

import { scaleOf } from "./chart.js";
import { button, choice, element, explanation, isCalm, say, slider } from "./elements.js";
import { DESCENT } from "./network.js";
import { responseCaption } from "./network_drawing.js";
import { rateAt, short } from "./numbers.js";
import { optionText, ownTitle } from "./own.js";
import { classLegend } from "./plane.js";
import { SLICE } from "./training.js";
import { Panel } from "./watch_panel.js";
import { configurationName, configurationOptions, words } from "./words.js";

const SPEEDS = ["1", "5", "20", "100"];
const RATES = [-3, 0.5]; // powers of 10, that the learning rate can be dragged to

/** Name the axes of the plane. @param {import("./study.js").Exported} exported */
function axes({ axes, columns }) {
  const [across, up] = axes.map((column) => columns[column].name);
  const text = words();
  return text.axes(across, up) + (columns.length > axes.length ? text.elsewhere : "");
}

/**
 * What the reader has chosen, for all sections.
 * @typedef {object} Choice
 * @property {number} configuration
 * @property {number} split
 * @property {import("./own.js").Own | null} own values of the reader
 * @property {import("./watch_panel.js").Changes} [changes] of the rows, by the reader
 */

/** The section. */
export class Watch {
  /**
   * @param {import("./study.js").Study} study
   * @param {Choice} chosen
   * @param {{beside?: string, speed?: string, look?: (section: Watch) => void, title?: () => string}} [options]
   *   the configuration beside it; the epochs per picture; what happens when the training pauses; the
   *   title of the panel of a small network, which has the controls and texts of its own section
   */
  constructor(study, chosen, { beside = "", speed = "1", look = () => {}, title } = {}) {
    this.study = study;
    this.title = title;
    this.chosen = chosen;
    this.beside = this.besideAtFirst = beside;
    this.speed = speed;
    this.look = look;
    this.timer = this.target = this.shown = this.drawnAt = 0;
    /** @type {number | null} that the reader has dragged to */
    this.rate = null;
    /** @type {import("./watch_panel.js").Changes} of all configurations and folds */
    this.changes = chosen.changes ??= { added: [], moved: new Map() };
    this.isStale = false; // whether a row was moved while the fits were trained
    this.isAtOnce = false; // whether they are trained without showing each epoch
    this.addedClass = 0;
    /** @type {import("./watch_panel.js").Shared} */
    this.shared = { mark: null, costs: null, strengths: null };
    /** @type {Panel[]} */
    this.all = [];
    this.panels = element("div", { className: "panels" });
    this.unlike = element("p", { className: "unlike" });
    this.explained = element("div", { className: "explained" });
    // Read out when the training pauses: the panels' states change with each picture.
    this.said = element("p", { role: "status", className: "unseen" });
    this.playing = button("", () => this.toggle());
    this.playing.className = "main";
    this.slider = element("input", { type: "range", min: "0", max: String(this.last()) });
    this.slider.oninput = () => this.drag(Number(this.slider.value));
    this.element = element("div");
    this.restart();
    this.translate();
  }

  /** Write the texts in the reader's language, with the fits as they are. */
  translate() {
    this.slider.setAttribute("aria-label", words().epoch);
    this.element.replaceChildren(
      ...(this.title ? [] : [this.controls()]),
      this.said,
      this.unlike,
      this.panels,
      this.explained,
    );
    for (const panel of this.all) panel.translate();
    this.explain();
    this.pause();
    this.draw();
  }

  /** Explain the drawings, once for all panels. */
  explain() {
    const text = words();
    const { exported } = this.study;
    const shown = this.all.map(({ about }) => about.configuration);
    const starts = new Set(shown.map(({ initialisation }) => initialisation));
    const network = [
      text.network,
      responseCaption(shown[0]),
      ...[...starts].map((name) => text.starts[/** @type {"glorot"} */ (name)] ?? ""),
      ...(shown.some(({ optimiser }) => optimiser !== DESCENT.optimiser) ? [text.untuned] : []),
    ];
    const parts = [
      [text.planeTitle, `${text.plane} ${axes(exported)} ${text.addNote}`],
      [text.networkTitle, network.join(" ")],
      [text.costsTitle, text.costs],
      [text.strengthsTitle, text.strengths],
    ];
    this.explained.replaceChildren(
      classLegend(exported),
      ...(this.title
        ? []
        : [
            element(
              "div",
              { className: "explanations" },
              ...parts.map(([title, words]) => explanation(words, element("b", {}, `${title}: `))),
            ),
          ]),
    );
  }

  controls() {
    const text = words();
    const options = configurationOptions(this.study.exported.names);
    const beside = choice(text.beside, [["", text.nothing], ...options], this.beside, (value) => {
      this.beside = value;
      this.restart();
    });
    const speeds = SPEEDS.map((each) => /** @type {[string, string]} */ ([each, each]));
    const speed = choice(text.speed, speeds, this.speed, (value) => (this.speed = value));
    const step = button(text.step, () => this.drag(this.shown + 1));
    const restart = button(text.restart, () => this.restart());
    this.undo = button(text.undo, () => this.forget());
    const epoch = element("label", { className: "slider" }, this.slider);
    return element(
      "div",
      { className: "controls watch-controls" },
      ...[this.playing, step, restart, speed, epoch, beside, this.rates(), this.classes()],
    );
  }

  /** Let the reader drag the learning rate. */
  rates() {
    const [min, max] = RATES.map(String);
    const own = () => Math.log10(this.all[0].about.configuration.learning_rate);
    const { label, show } = slider(
      words().rate,
      { min, max, step: "0.05" },
      own(),
      (power) => short(rateAt(power), 2),
      (power) => {
        this.rate = rateAt(power);
        this.retrain();
      },
      words().learningRate,
    );
    this.showRate = () => show(own());
    return label;
  }

  /** Let the reader choose the class of the rows that a click adds. */
  classes() {
    const { classes } = this.study.exported;
    const options = classes.map((name, c) => /** @type {[string, string]} */ ([String(c), name]));
    return choice(words().addedClass, options, String(this.addedClass), (value) => {
      this.addedClass = Number(value);
    });
  }

  /** Begin again, as the study does: without what the reader has dragged or added. */
  forget() {
    this.rate = null;
    this.changes.added.length = 0;
    this.changes.moved.clear();
    this.restart();
    this.showRate?.();
    this.playing.focus(); // as the button that had the focus is gone
  }

  /** Train on another study, from the start. @param {import("./study.js").Study} study */
  use(study) {
    this.study = study;
    this.changes.added.length = 0;
    this.changes.moved.clear();
    this.restart();
  }

  /** Return whether it shows what it was created with. */
  isAsSet() {
    return !this.isChanged() && this.beside === this.besideAtFirst;
  }

  /** Return whether the reader has dragged or added something. */
  isChanged() {
    return this.rate !== null || this.changes.added.length > 0 || this.changes.moved.size > 0;
  }

  /** Return what each panel is about. */
  abouts() {
    const { configuration, own } = this.chosen;
    const beside = this.beside === "" ? [] : [this.about(Number(this.beside))];
    const every = [own ? this.aboutOwn(own) : this.about(configuration), ...beside];
    return every.map((about, k) => this.changed(about, k));
  }

  /** Begin again, with new panels. */
  restart() {
    this.pause();
    /** @type {import("./watch_panel.js").Ask} */
    const ask = {
      redraw: () => this.draw(),
      add: (point) => {
        this.changes.added.push({ point, c: this.addedClass });
        this.retrain();
      },
      move: (row, point) => this.move(row, point),
    };
    this.all = this.abouts().map(
      (about) => new Panel(this.study, about, this.shared, this.changes, ask),
    );
    this.shown = this.target = 0;
    this.panels.replaceChildren(...this.all.map((panel) => panel.element));
    this.panels.classList.toggle("beside", this.all.length > 1);
    this.explain();
    this.draw();
  }

  /**
   * Move a row, and train again; while that goes on, the row is drawn at its new place.
   * @param {number} row @param {number[]} point
   */
  move(row, point) {
    const { added, moved } = this.changes;
    const own = added[row - this.study.exported.y.length];
    if (own) own.point = point;
    else moved.set(row, point);
    this.isStale = this.timer !== 0 && this.isAtOnce;
    if (this.isStale) for (const panel of this.all) panel.draw(this.shown);
    else this.retrain();
  }

  /** Train again from the start to the same epoch; at the start, begin to play. */
  retrain() {
    this.pause();
    this.isStale = false;
    this.abouts().forEach((about, k) => this.all[k].renew(about));
    if (this.shown) return this.drag(this.shown);
    this.draw();
    this.toggle();
  }

  /**
   * Return what a panel is about, with what the reader has changed.
   * @param {import("./watch_panel.js").About} about
   * @param {number} k the first panel has the rate that the reader has dragged
   */
  changed(about, k) {
    const rate = k === 0 ? this.rate : null;
    const { added, moved } = this.changes;
    if (rate === null && !added.length && !moved.size) return about;
    const configuration =
      rate === null ? about.configuration : { ...about.configuration, learning_rate: rate };
    const changes = [
      ...(rate === null ? [] : [`η = ${short(rate, 2)}`]),
      ...(added.length ? [words().rowsAdded(added.length)] : []),
      ...(moved.size ? [words().rowsMoved(moved.size)] : []),
    ];
    const title = () => words().listed([about.title(), ...changes]);
    return { ...about, configuration, title, place: null };
  }

  /** @param {number} place of a configuration @returns {import("./watch_panel.js").About} */
  about(place) {
    const { names, configurations, fits } = this.study.exported;
    return {
      configuration: configurations[place],
      split: this.chosen.split,
      title: this.title ?? (() => configurationName(names[place])),
      place: fits.length ? place : null,
    };
  }

  /** @param {import("./own.js").Own} own @returns {import("./watch_panel.js").About} */
  aboutOwn(own) {
    const title = () => ownTitle(own);
    const { split } = this.chosen;
    return { configuration: own, split, title, place: null, seed: own.seed };
  }

  /** Return what the panels know, for who asks about it. */
  histories() {
    return this.all.map(({ history }) => history);
  }

  /** Train to the end. */
  play() {
    if (!this.timer) this.toggle();
  }

  /** Stop for good: the section is replaced. */
  drop() {
    this.pause();
  }

  /** Show an epoch, and train up to it if that is needed. @param {number} epoch */
  drag(epoch) {
    this.pause();
    this.target = Math.min(epoch, this.last());
    this.run(true);
  }

  toggle() {
    if (this.timer) return this.pause();
    if (this.shown >= this.end()) return;
    this.target = this.last();
    this.run(false);
  }

  pause() {
    cancelAnimationFrame(this.timer);
    const wasPlaying = this.timer !== 0;
    this.timer = 0;
    say(this.playing, words().play);
    say(this.said, this.all.map(({ state }) => state.textContent).join(words().separator));
    if (wasPlaying) this.look(this);
  }

  last() {
    return this.study.exported.stop.epochs;
  }

  /** Return the epoch in which the last fit has ended, or the last epoch of all. */
  end() {
    const fits = this.all.map(({ history }) => history.fit);
    return fits.every(({ ended }) => ended)
      ? Math.max(...fits.map(({ epoch }) => epoch))
      : this.last();
  }

  /**
   * Train and draw, slice by slice, up to the target.
   * @param {boolean} atOnce whether no epoch is shown on the way
   */
  run(atOnce) {
    this.isAtOnce = atOnce;
    const sliceEnds = performance.now() + SLICE;
    const next = atOnce ? this.target : Math.min(this.shown + Number(this.speed), this.target);
    const behind = () => this.all.filter(({ history: { fit } }) => !fit.ended && fit.epoch < next);
    let waiting = behind();
    while (waiting.length && performance.now() < sliceEnds) {
      for (const { history } of waiting) history.train();
      waiting = behind();
    }
    const hasArrived =
      waiting.length === 0 && this.all.every(({ history }) => history.reach(next, sliceEnds));
    if (hasArrived) this.shown = Math.min(next, this.end());
    const isDone = hasArrived && this.shown >= Math.min(this.target, this.end());
    const isTime = !isCalm() || performance.now() - this.drawnAt > 1000;
    if (isDone || (hasArrived && isTime)) this.draw();
    if (isDone && this.isStale) return this.retrain();
    if (isDone) return this.pause();
    say(this.playing, words().pause);
    this.timer = requestAnimationFrame(() => this.run(atOnce));
  }

  draw() {
    this.drawnAt = performance.now();
    // Beside the title that names the changes: elsewhere it would move the data from the pointer.
    if (this.undo && this.isChanged()) this.all[0].title.after(this.undo);
    else this.undo?.remove();
    this.slider.value = String(this.shown);
    this.slider.setAttribute("aria-valuetext", words().epochOf(this.shown, this.last()));
    this.share();
    for (const panel of this.all) panel.draw(this.shown);
  }

  /** Give two panels the same scales; but costs of different kinds have none in common. */
  share() {
    const kinds = new Set(this.all.map(({ about }) => about.configuration.cost));
    say(this.unlike, kinds.size > 1 ? words().unlikeCosts([...kinds].map(optionText)) : "");
    if (this.all.length < 2) return Object.assign(this.shared, { costs: null, strengths: null });
    const lines = this.all.map((panel) => panel.lines());
    const costs = lines.flatMap((each) => each.costs);
    this.shared.costs = kinds.size > 1 ? null : scaleOf(costs, false);
    this.shared.strengths = scaleOf(
      lines.flatMap(({ strengths }) => strengths),
      true,
    );
  }
}

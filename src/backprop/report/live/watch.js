// "Watch": one or two fits train before the reader's eyes.

import { History } from "./history.js";
import { SLICE } from "./training.js";
import { drawChart, epochAt, lineColour } from "./chart.js";
import { button, choice, element, isCalm } from "./elements.js";
import { drawNetwork, responseCaption, responseGrid } from "./network_drawing.js";
import { percent } from "./numbers.js";
import { Frame, classLegend, drawPlane, planeGrid } from "./plane.js";
import { canvas } from "./sheet.js";
import { judge, proofSentence, say } from "./proof.js";
import { configurationName, configurationOptions, words } from "./words.js";

const SPEEDS = ["1", "5", "20", "100"];

/**
 * What a panel is about.
 * @typedef {object} About
 * @property {import("./network.js").Configuration} configuration
 * @property {number} split
 * @property {() => string} title in the reader's language
 * @property {number | null} place of the configuration in the study; null for values of the reader
 * @property {bigint} [seed]
 */

/** The drawings of one fit. */
class Panel {
  /** @param {import("./study.js").Study} study @param {About} about */
  constructor(study, about) {
    const { split, configuration, seed } = about;
    this.study = study;
    this.about = about;
    this.history = new History(study.begin(configuration, split, { seed }));
    this.frame = new Frame(study, split);
    this.grids = [planeGrid(this.frame), responseGrid(this.frame)];
    this.test = new Set(study.exported.splits[split].test);
    this.shown = 0;
    /** @type {number | null} */
    this.mark = null;
    /** @type {import("./proof.js").Verdict | null} */
    this.verdict = null;
    this.plane = canvas(400, this.frame.isLine ? 260 : 400, "");
    this.network = canvas(400, 400, "");
    this.costs = canvas(400, 220, "");
    this.strengths = canvas(400, 220, "");
    this.letMark(this.costs);
    this.state = element("p", { className: "state" });
    this.said = element("p", { className: "proof", "aria-live": "polite" });
    this.element = element("section", { className: "panel" });
    this.translate();
  }

  /** Write the texts in the reader's language. */
  translate() {
    const text = words();
    const { exported } = this.study;
    for (const name of /** @type {const} */ (["plane", "network", "costs", "strengths"]))
      this[name].canvas.setAttribute("aria-label", text[name]);
    const mark = button(text.mark, () => this.setMark(this.shown));
    this.element.replaceChildren(
      element("h2", {}, this.about.title()),
      this.state,
      this.said,
      element(
        "div",
        { className: "drawings" },
        figure(this.plane, classLegend(exported), `${text.plane} ${axes(exported)}`),
        figure(this.network, `${text.network} ${responseCaption(this.about.configuration)}`),
        figure(this.costs, `${text.costs} `, mark),
        figure(this.strengths, text.strengths),
      ),
    );
  }

  /**
   * Let the reader mark an epoch in a chart, by a click or the arrow keys.
   * @param {import("./sheet.js").Sheet} sheet
   */
  letMark(sheet) {
    const { epochs } = this.study.exported.stop;
    const chart = sheet.canvas;
    chart.tabIndex = 0;
    chart.setAttribute("role", "slider");
    chart.setAttribute("aria-valuemin", "0");
    chart.setAttribute("aria-valuemax", String(epochs));
    chart.onclick = (event) => this.setMark(epochAt(event, sheet, epochs));
    chart.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const size = event.shiftKey ? 1 : Math.ceil(epochs / 100);
      this.setMark(Math.min(Math.max((this.mark ?? 0) + step * size, 0), epochs));
    };
  }

  /** @param {number} epoch */
  setMark(epoch) {
    this.mark = epoch;
    this.draw(this.shown);
  }

  /** Draw the fit as it was after an epoch. @param {number} epoch */
  draw(epoch) {
    const text = words();
    this.shown = epoch;
    const { fit, moments } = this.history;
    const moment = this.history.at(epoch);
    const { configuration, stop } = fit;
    drawPlane(this.plane, this.frame, this.grids[0], moment.layers, configuration, this.test);
    drawNetwork(this.network, moment.layers, configuration, this.grids[1]);
    const line = (/** @type {(moment: Moment) => number} */ value) =>
      moments.slice(1).map((each) => /** @type {[number, number]} */ ([each.epoch, value(each)]));
    const costs = [
      { label: text.trainingCost, values: line((each) => each.trainCost) },
      { label: text.testCost, values: line((each) => each.testCost) },
    ];
    const at = { at: moment.epoch };
    drawChart(this.costs, costs, stop.epochs, { ...at, mark: this.mark });
    this.costs.canvas.setAttribute("aria-valuenow", String(this.mark ?? 0));
    const last = fit.layers.length - 1;
    const strengths = fit.layers.map((_, layer) => ({
      label: layer === last ? text.outputLayer : text.layer(layer + 1),
      values: line((each) => each.strengths[layer]),
    }));
    const withSlope = moments.length > 1 ? moments[1].slopes : [];
    const slopes = withSlope.map((_, layer) => ({
      label: "",
      dashed: true,
      colour: lineColour(layer),
      values: line((each) => each.slopes[layer]),
    }));
    drawChart(this.strengths, [...strengths, ...slopes], stop.epochs, { ...at, log: true });
    const accuracy = text.accuracy(percent(moment.accuracy));
    this.state.textContent = `${text.epochOf(moment.epoch, stop.epochs)}, ${accuracy}`;
    this.say();
  }

  say() {
    const { place, split } = this.about;
    if (this.history.fit.ended && place !== null)
      this.verdict ??= judge(this.study, this.history.fit, place, split);
    const { verdict } = this;
    const isWrong = verdict && !verdict.same && verdict.chaoticFrom === null;
    this.said.classList.toggle("bad", Boolean(isWrong));
    say(this.said, [this.proof(), this.guess()].filter(Boolean).join(" "));
  }

  proof() {
    const text = words();
    const { fit } = this.history;
    if (!fit.ended) return "";
    if (this.about.place === null) return text.notOfStudy;
    return this.verdict ? proofSentence(this.verdict, fit.epoch) : "";
  }

  guess() {
    const text = words();
    if (this.mark === null) return "";
    const half = this.history.fit.ended ? this.history.halfway() : null;
    return half === null ? text.guess(this.mark) : text.guessed(this.mark, half);
  }
}

/** @param {import("./sheet.js").Sheet} sheet @param {...(Node | string)} caption */
const figure = (sheet, ...caption) =>
  element("figure", {}, sheet.canvas, element("figcaption", {}, ...caption));

/** Name the axes of the plane. @param {import("./study.js").Exported} exported */
function axes({ shares, columns }) {
  const names = shares
    ? shares.map((share, axis) => words().component(axis + 1, percent(share)))
    : columns.slice(0, 2).map(({ name }) => name);
  return words().axes(names[0], names[1]);
}

/**
 * What the reader has chosen, for all sections.
 * @typedef {object} Choice
 * @property {number} configuration
 * @property {number} split
 * @property {import("./own.js").Own | null} own values of the reader
 */

/** The section. */
export class Watch {
  /** @param {import("./study.js").Study} study @param {Choice} chosen */
  constructor(study, chosen) {
    this.study = study;
    this.chosen = chosen;
    this.beside = "";
    this.speed = "1";
    this.timer = 0;
    this.target = 0;
    this.shown = 0;
    this.drawnAt = 0;
    /** @type {Panel[]} */
    this.all = [];
    this.panels = element("div", { className: "panels" });
    // Read out when the training pauses: the panels' states change with each picture.
    this.said = element("p", { role: "status", className: "unseen" });
    this.playing = button("", () => this.toggle());
    this.slider = element("input", { type: "range", min: "0", max: String(this.last()) });
    this.slider.oninput = () => this.drag(Number(this.slider.value));
    this.element = element("div");
    this.translate();
    this.restart();
  }

  /** Write the texts in the reader's language, with the fits as they are. */
  translate() {
    this.slider.setAttribute("aria-label", words().epoch);
    this.element.replaceChildren(this.controls(), this.said, this.panels);
    for (const panel of this.all) panel.translate();
    this.pause();
    this.draw();
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
    return element(
      "p",
      { className: "controls" },
      this.playing,
      step,
      restart,
      speed,
      beside,
      element("label", { className: "slider" }, `${text.epoch} `, this.slider),
    );
  }

  restart() {
    this.pause();
    const { configuration, own } = this.chosen;
    const beside = this.beside === "" ? [] : [this.about(Number(this.beside))];
    this.all = [own ? this.aboutOwn(own) : this.about(configuration), ...beside].map(
      (about) => new Panel(this.study, about),
    );
    this.shown = this.target = 0;
    this.panels.replaceChildren(...this.all.map((panel) => panel.element));
    this.draw();
  }

  /** @param {number} place of a configuration @returns {About} */
  about(place) {
    const { names, configurations } = this.study.exported;
    const title = () => configurationName(names[place]);
    return { configuration: configurations[place], split: this.chosen.split, title, place };
  }

  /** @param {import("./own.js").Own} own @returns {About} */
  aboutOwn(own) {
    const title = () => words().notOfStudy;
    const { split } = this.chosen;
    return { configuration: own, split, title, place: null, seed: own.seed };
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
    this.timer = 0;
    say(this.playing, words().play);
    say(this.said, this.all.map(({ state }) => state.textContent).join("; "));
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
    if (isDone) return this.pause();
    say(this.playing, words().pause);
    this.timer = requestAnimationFrame(() => this.run(atOnce));
  }

  draw() {
    this.drawnAt = performance.now();
    this.slider.value = String(this.shown);
    this.slider.setAttribute("aria-valuetext", words().epochOf(this.shown, this.last()));
    for (const panel of this.all) panel.draw(this.shown);
  }
}

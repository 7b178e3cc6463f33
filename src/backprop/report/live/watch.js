// "Watch": one or two fits train before the reader's eyes.

import { ACTIVATIONS, copyOf } from "./network.js";
import { prove } from "./study.js";
import {
  Frame,
  SLICE,
  button,
  canvas,
  choice,
  classLegend,
  drawChart,
  drawNetwork,
  drawPlane,
  element,
  epochAt,
  isCalm,
  lineColour,
  percent,
  planeGrid,
  responseCaption,
  responseGrid,
} from "./view.js";
import { accuracyOf, proofSentence } from "./proof.js";
import { words } from "./words.js";

const MOST_MOMENTS = 400; // that a history keeps, so that memory does not grow
const SPEEDS = ["1", "5", "20", "100"];

/**
 * A fit after an epoch.
 * @typedef {object} Moment
 * @property {number} epoch
 * @property {import("./network.js").Layer[]} layers
 * @property {number} trainCost
 * @property {number} testCost
 * @property {number} accuracy of the test rows
 * @property {number[]} strengths the mean |error| of each layer, over the epoch
 * @property {number[]} slopes the mean slope of each hidden layer
 */

/** A fit, and what it was like after many of its epochs. */
export class History {
  /** @param {import("./training.js").Fit} fit */
  constructor(fit) {
    this.fit = fit;
    /** @type {Moment[]} */
    this.moments = [];
    this.every = 1; // epochs
    this.add([]);
  }

  train() {
    const steps = this.fit.trainEpoch();
    if (this.fit.epoch % this.every === 0 || this.fit.ended) this.add(steps);
  }

  /** @param {import("./network.js").Step[]} steps of the last epoch */
  add(steps) {
    const { fit } = this;
    const { test, testTargets } = fit.samples;
    this.moments.push({
      epoch: fit.epoch,
      layers: copyOf(fit.layers),
      trainCost: fit.trainCost,
      testCost: fit.costOn(test, testTargets),
      accuracy: accuracyOf(fit),
      ...strengthsOf(steps, fit.configuration.activation),
    });
    if (this.moments.length <= MOST_MOMENTS) return;
    this.every *= 2;
    this.moments = this.moments.filter(({ epoch }) => epoch % this.every === 0);
  }

  /** Return the last moment up to an epoch. @param {number} epoch */
  at(epoch) {
    const before = this.moments.filter((moment) => moment.epoch <= epoch);
    return before[before.length - 1] ?? this.moments[0];
  }

  /** Return the epoch in which half of the fall of the training cost was done. */
  halfway() {
    const known = this.moments.filter(({ trainCost }) => Number.isFinite(trainCost));
    if (!known.length) return null;
    const lowest = Math.min(...known.map(({ trainCost }) => trainCost));
    const middle = (known[0].trainCost + lowest) / 2;
    return known.find(({ trainCost }) => trainCost <= middle)?.epoch ?? null;
  }
}

/**
 * Return how strongly each layer learns in an epoch.
 * @param {import("./network.js").Step[]} steps
 * @param {string} activation
 */
export function strengthsOf(steps, activation) {
  const slope = ACTIVATIONS[activation].derivative;
  const mean = (/** @type {number[]} */ values) =>
    values.reduce((total, value) => total + value, 0) / values.length;
  const layers = steps.length ? steps[0].layerErrors.map((_, layer) => layer) : [];
  return {
    strengths: layers.map((layer) =>
      mean(steps.map(({ layerErrors }) => mean(layerErrors[layer].map(Math.abs)))),
    ),
    slopes: layers
      .slice(0, -1)
      .map((layer) =>
        mean(
          steps.map(({ sums, outputs }) =>
            mean(sums[layer].map((a, h) => slope(a, outputs[layer + 1][h]))),
          ),
        ),
      ),
  };
}

/** The drawings of one fit. */
class Panel {
  /**
   * @param {import("./study.js").Study} study
   * @param {import("./network.js").Configuration} configuration
   * @param {number} split
   * @param {{title: string, stored: import("./study.js").Stored | null, seed?: bigint}} about
   */
  constructor(study, configuration, split, { title, stored, seed }) {
    const text = words();
    this.stored = stored;
    this.history = new History(study.begin(configuration, split, { seed }));
    this.frame = new Frame(study, split);
    this.grids = [planeGrid(this.frame), responseGrid(this.frame)];
    this.test = new Set(study.exported.splits[split].test);
    /** @type {number | null} */
    this.mark = null;
    this.proof = "";
    this.plane = canvas(400, this.frame.isLine ? 260 : 400, text.plane);
    this.network = canvas(400, 400, text.network);
    this.costs = canvas(400, 220, text.costs);
    this.strengths = canvas(400, 220, text.strengths);
    this.state = element("p", { role: "status" });
    this.said = element("p", { className: "proof", "aria-live": "polite" });
    this.element = element(
      "section",
      { className: "panel" },
      element("h2", {}, title),
      this.state,
      this.said,
      element(
        "div",
        { className: "drawings" },
        figure(this.plane, classLegend(study.exported), `${text.plane} ${axes(study.exported)}`),
        figure(this.network, `${text.network} ${responseCaption(configuration)}`),
        figure(this.costs, text.costs),
        figure(this.strengths, text.strengths),
      ),
    );
  }

  /** Draw the fit as it was after an epoch. @param {number} epoch */
  draw(epoch) {
    const text = words();
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
    const last = fit.layers.length - 1;
    const strengths = fit.layers.map((_, layer) => ({
      label: layer === last ? text.outputLayer : text.layer(layer + 1),
      values: line((each) => each.strengths[layer]),
    }));
    const slopes = fit.layers.slice(0, last).map((_, layer) => ({
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
    const text = words();
    const { fit } = this.history;
    const half = fit.ended ? this.history.halfway() : null;
    const guess =
      this.mark === null
        ? ""
        : half === null
          ? text.guess(this.mark)
          : text.guessed(this.mark, half);
    if (fit.ended && !this.proof) {
      const proof = this.stored && prove(fit, this.stored);
      this.proof = proof ? proofSentence(proof, fit.epoch) : text.notOfStudy;
      this.said.classList.toggle("bad", Boolean(proof && !proof.same));
    }
    this.said.textContent = `${this.proof} ${guess}`;
  }
}

/** @param {import("./view.js").Sheet} sheet @param {...(Node | string)} caption */
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
    this.panels = element("div", { className: "panels" });
    this.playing = button(words().play, () => this.toggle());
    this.slider = element("input", {
      type: "range",
      min: "0",
      value: "0",
      "aria-label": words().epoch,
    });
    this.slider.oninput = () => this.drag(Number(this.slider.value));
    this.element = element("div", {}, this.controls(), this.panels);
    this.restart();
  }

  controls() {
    const text = words();
    const { names, configurations } = this.study.exported;
    const options = configurations.map(
      (_, c) => /** @type {[string, string]} */ ([String(c), names[c] || text.reference]),
    );
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
    const { names, configurations, fits, stop } = this.study.exported;
    const { configuration, split, own } = this.chosen;
    const chosen = [configuration, ...(this.beside === "" ? [] : [Number(this.beside)])];
    const panels = chosen.map(
      (c) =>
        new Panel(this.study, configurations[c], split, {
          title: names[c] || words().reference,
          stored: fits[c][split],
        }),
    );
    if (own) {
      const about = { title: words().notOfStudy, stored: null, seed: own.seed };
      panels[0] = new Panel(this.study, own, split, about);
    }
    this.all = panels;
    this.shown = this.target = 0;
    this.slider.max = String(stop.epochs);
    this.panels.replaceChildren(...panels.map((panel) => panel.element));
    for (const panel of panels) {
      panel.costs.canvas.onclick = (event) => {
        panel.mark = epochAt(event, panel.costs, stop.epochs);
        panel.draw(this.shown);
      };
    }
    this.draw();
  }

  /** Show an epoch, and train up to it if that is needed. @param {number} epoch */
  drag(epoch) {
    this.pause();
    this.target = Math.min(epoch, this.last());
    this.run(this.target);
  }

  toggle() {
    if (this.timer) return this.pause();
    if (this.shown >= this.end()) return;
    this.playing.textContent = words().pause;
    this.target = this.last();
    this.run(this.shown);
  }

  pause() {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
    this.playing.textContent = words().play;
  }

  last() {
    return this.study.exported.stop.epochs;
  }

  /** Return the epoch in which the last fit has ended, or the last epoch of all. */
  end() {
    const fits = (this.all ?? []).map(({ history }) => history.fit);
    return fits.every(({ ended }) => ended)
      ? Math.max(...fits.map(({ epoch }) => epoch))
      : this.last();
  }

  /** Train and draw, slice by slice, up to the target. @param {number} from */
  run(from) {
    const until = performance.now() + SLICE;
    const most =
      from === this.target ? this.target : Math.min(this.shown + Number(this.speed), this.target);
    const behind = () =>
      (this.all ?? []).filter(({ history: { fit } }) => !fit.ended && fit.epoch < most);
    let waiting = behind();
    while (waiting.length && performance.now() < until) {
      for (const { history } of waiting) history.train();
      waiting = behind();
    }
    const arrived = waiting.length === 0;
    if (arrived) this.shown = Math.min(most, this.end());
    if (
      arrived &&
      (this.shown >= Math.min(this.target, this.end()) ||
        !isCalm() ||
        performance.now() - this.drawnAt > 1000)
    ) {
      this.drawnAt = performance.now();
      this.draw();
    }
    if (arrived && this.shown >= Math.min(this.target, this.end())) return this.pause();
    this.timer = requestAnimationFrame(() => this.run(from));
  }

  draw() {
    this.slider.value = String(this.shown);
    this.slider.setAttribute("aria-valuetext", words().epochOf(this.shown, this.last()));
    for (const panel of this.all ?? []) panel.draw(this.shown);
  }
}

// The drawings of one fit in "Watch": the plane, the network, the costs, how strongly layers learn.

import { drawChart, epochAt } from "./chart.js";
import { button, element, say } from "./elements.js";
import { History } from "./history.js";
import { drawNetwork, nodeAt, responseGrid } from "./network_drawing.js";
import { percent } from "./numbers.js";
import { Frame, drawPlane, planeGrid } from "./plane.js";
import { proofSentence } from "./proof.js";
import { judge } from "./proving.js";
import { canvas, screenColours } from "./sheet.js";
import { words } from "./words.js";

const CROSS_STEP = 0.04; // of the plane
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * What a panel is about.
 * @typedef {object} About
 * @property {import("./network.js").Configuration} configuration
 * @property {number} split
 * @property {() => string} title in the reader's language
 * @property {number | null} place of the configuration in the study, if its fits are stored
 * @property {bigint} [seed]
 */

/**
 * What two panels share: one epoch that the reader has marked, and the scales of the charts.
 * @typedef {{mark: number | null, costs: [number, number] | null, strengths: [number, number] | null}} Shared
 */

/** The drawings of one fit. */
export class Panel {
  /**
   * @param {import("./study.js").Study} study
   * @param {About} about
   * @param {Shared} shared
   * @param {import("./study.js").Added[]} added rows of the reader
   * @param {{redraw: () => void, add: (point: number[]) => void}} ask of the section
   */
  constructor(study, about, shared, added, { redraw, add }) {
    const { split, configuration, seed } = about;
    this.study = study;
    this.about = about;
    this.shared = shared;
    this.added = added;
    this.redraw = redraw;
    this.add = add;
    this.history = new History(study.begin(configuration, split, { seed, added }));
    this.frame = new Frame(study, split);
    this.grids = [planeGrid(this.frame), responseGrid(this.frame)];
    this.test = new Set(study.exported.splits[split].test);
    this.shown = 0;
    /** @type {import("./network_drawing.js").Node | null} the node whose output the plane shows */
    this.seen = null;
    /** @type {import("./proving.js").Verdict | null} */
    this.verdict = null;
    this.plane = canvas(1, 1, "");
    this.network = canvas(1, 1, "");
    this.costs = canvas(1, 1, "");
    this.strengths = canvas(1, 1, "");
    this.letMark(this.costs);
    this.letSee(this.network);
    this.letAdd(this.plane);
    /** @type {number[] | null} where the keyboard would add a row: from 0 to 1, from the top left */
    this.cross = null;
    this.title = element("h2");
    this.state = element("span", { className: "state" });
    this.said = element("p", { className: "proof", "aria-live": "polite" });
    this.element = element("section", { className: "panel" });
    this.translate();
  }

  /** Write the texts in the reader's language. */
  translate() {
    const text = words();
    const drawings = /** @type {const} */ (["plane", "network", "costs", "strengths"]);
    for (const name of drawings) this[name].canvas.setAttribute("aria-label", text[name]);
    this.title.textContent = this.about.title();
    const mark = button(text.mark, () => this.setMark(this.shown));
    const titles = [text.planeTitle, text.networkTitle, text.costsTitle, text.strengthsTitle];
    this.element.replaceChildren(
      element("div", { className: "panel-head" }, this.title, this.state, this.said),
      element(
        "div",
        { className: "drawings" },
        ...drawings.map((name, k) =>
          element(
            "figure",
            {},
            element("figcaption", {}, `${titles[k]} `, ...(name === "costs" ? [mark] : [])),
            this[name].canvas,
          ),
        ),
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
      this.setMark(Math.min(Math.max((this.shared.mark ?? 0) + step * size, 0), epochs));
    };
  }

  /** Let the reader see in the plane what one node responds to. @param {import("./sheet.js").Sheet} sheet */
  letSee({ canvas: drawing }) {
    drawing.onpointermove = (event) => this.see(nodeAt(this.network, event));
    drawing.onpointerleave = () => this.see(null);
    drawing.onclick = (event) => this.see(nodeAt(this.network, event));
  }

  /** Let the reader add a row by a click, or by the arrow keys and Enter. @param {import("./sheet.js").Sheet} sheet */
  letAdd({ canvas: drawing }) {
    if (this.frame.isLine) return;
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "application");
    drawing.onclick = ({ offsetX, offsetY }) => {
      const { clientWidth, clientHeight } = drawing;
      this.add(this.frame.pointAt([offsetX / clientWidth, offsetY / clientHeight]));
    };
    drawing.onblur = () => this.moveCross(null);
    drawing.onkeydown = (event) => {
      const [x, y] = this.cross ?? [0.5, 0.5];
      if (event.key === "Enter" && this.cross) return this.add(this.frame.pointAt(this.cross));
      const [dx, dy] = ARROWS[event.key] ?? [0, 0];
      if (!dx && !dy) return;
      event.preventDefault();
      this.moveCross([x + CROSS_STEP * dx, y + CROSS_STEP * dy]);
    };
  }

  /** @param {number[] | null} place */
  moveCross(place) {
    this.cross = place && place.map((each) => Math.min(Math.max(each, 0), 1));
    this.draw(this.shown);
  }

  /** @param {import("./network_drawing.js").Node | null} node */
  see(node) {
    if (this.seen?.layer === node?.layer && this.seen?.node === node?.node) return;
    this.seen = node;
    this.draw(this.shown);
  }

  /** @param {number} epoch */
  setMark(epoch) {
    this.shared.mark = epoch;
    this.redraw();
  }

  /** Return the lines of the charts so far. */
  lines() {
    const text = words();
    const { moments, fit } = this.history;
    const { training, test, layer } = screenColours();
    const line = (/** @type {(moment: import("./history.js").Moment) => number} */ value) =>
      moments.slice(1).map((each) => /** @type {[number, number]} */ ([each.epoch, value(each)]));
    const costs = [
      {
        label: text.trainingCost,
        colour: training,
        dash: [6, 4],
        values: line((m) => m.trainCost),
      },
      { label: text.testCost, colour: test, dash: [], values: line((m) => m.testCost) },
    ];
    const count = fit.layers.length;
    const strengths = fit.layers.map((_, place) => ({
      label: place === count - 1 ? text.outputLayer : text.layer(place + 1),
      colour: layer(place, count),
      dash: [],
      values: line((m) => m.strengths[place]),
    }));
    const slopes = (moments[1]?.slopes ?? []).map((_, place) => ({
      label: "",
      colour: layer(place, count),
      dash: [1, 4],
      values: line((m) => m.slopes[place]),
    }));
    return { costs, strengths: [...strengths, ...slopes] };
  }

  /** Draw the fit as it was after an epoch. @param {number} epoch */
  draw(epoch) {
    const text = words();
    this.shown = epoch;
    const { fit } = this.history;
    const moment = this.history.at(epoch);
    const { configuration, stop } = fit;
    const { exported } = this.study;
    const { test, added, cross, seen } = this;
    const shownToo = { test, added, cross, seen };
    drawPlane(this.plane, this.frame, this.grids[0], moment.layers, configuration, shownToo);
    const { columns } = exported.splits[this.about.split];
    drawNetwork(this.network, moment.layers, configuration, this.grids[1], {
      inputs: columns.map((column) => exported.columns[column].name),
      outputs: this.study.outputNames(),
      seen,
    });
    const { costs, strengths } = this.lines();
    const options = { at: moment.epoch, across: text.epoch };
    drawChart(this.costs, costs, stop.epochs, {
      ...options,
      mark: this.shared.mark,
      scale: this.shared.costs,
    });
    this.costs.canvas.setAttribute("aria-valuenow", String(this.shared.mark ?? 0));
    drawChart(this.strengths, strengths, stop.epochs, {
      ...options,
      log: true,
      scale: this.shared.strengths,
    });
    const accuracy = text.accuracy(percent(moment.accuracy));
    this.state.textContent = text.listed([text.epochOf(moment.epoch, stop.epochs), accuracy]);
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
    const { fit } = this.history;
    if (!fit.ended) return "";
    // A study that was made in the page says so above.
    if (this.about.place === null) return this.study.exported.fits.length ? words().notOfStudy : "";
    return this.verdict ? proofSentence(this.verdict, fit.epoch) : "";
  }

  guess() {
    const text = words();
    const { mark } = this.shared;
    if (mark === null) return "";
    const half = this.history.fit.ended ? this.history.halfway() : null;
    return half === null ? text.guess(mark) : text.guessed(mark, half);
  }
}

// The drawings of one fit in "Watch": the plane, the network, the costs, how strongly layers learn.

import { drawChart, epochAt } from "./chart.js";
import { button, element, say } from "./elements.js";
import { History } from "./history.js";
import { DESCENT } from "./network.js";
import { drawNetwork, nodeAt, responseGrid } from "./network_drawing.js";
import { percent, short } from "./numbers.js";
import { Frame, drawPlane, placesOfRows, planeGrid } from "./plane.js";
import { proofClass, proofSentence } from "./proof.js";
import { judge } from "./proving.js";
import { canvas, screenColours } from "./sheet.js";
import { optimiserName, words } from "./words.js";

const CROSS_STEP = 0.04; // of the plane
const NEAR = 12; // pixels from a row, to take hold of it
const CLICK = 3; // pixels that a click may move
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
 * What the reader has changed in the data, for all panels. A row that was added comes after the rows of
 * the study.
 * @typedef {{added: import("./study.js").Added[], moved: import("./study.js").Moved}} Changes
 *
 * What the reader asks of the section, by touching a panel.
 * @typedef {{redraw: () => void, add: (point: number[]) => void, move: (row: number, point: number[]) => void}} Ask
 *
 * What two panels share: one epoch that the reader has marked, and the scales of the charts.
 * @typedef {{mark: number | null, costs: [number, number] | null, strengths: [number, number] | null}} Shared
 */

/** @param {number} share */
const inside = (share) => Math.min(Math.max(share, 0), 1);

/** @param {number[]} one @param {number[]} other */
const distance = ([x, y], [a, b]) => Math.hypot(x - a, y - b);

/** The drawings of one fit. */
export class Panel {
  /**
   * @param {import("./study.js").Study} study
   * @param {About} about
   * @param {Shared} shared
   * @param {Changes} changes
   * @param {Ask} ask
   */
  constructor(study, about, shared, changes, ask) {
    const { split } = about;
    this.study = study;
    this.about = about;
    this.shared = shared;
    this.changes = changes;
    this.ask = ask;
    this.history = this.begin();
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
    this.letTouch(this.plane);
    /** @type {number[] | null} where the keyboard would add a row: from 0 to 1, from the top left */
    this.cross = null;
    /** @type {number | null} the row that is held */
    this.held = null;
    /** @type {number[] | null} where the reader points, in the same unit */
    this.pointed = null;
    this.title = element("h2");
    this.state = element("span", { className: "state" });
    this.size = element("span", { className: "network-size" });
    this.said = element("p", { className: "proof", "aria-live": "polite" });
    this.element = element("section", { className: "panel" });
    this.translate();
  }

  /** Begin the fit, with what the reader has changed. */
  begin() {
    const { split, configuration, seed } = this.about;
    return new History(this.study.begin(configuration, split, { seed, ...this.changes }));
  }

  /** Begin again: about something else in the same split. @param {About} about */
  renew(about) {
    this.about = about;
    this.history = this.begin();
    this.verdict = null;
    this.title.textContent = about.title();
    this.sayNetwork();
  }

  /** Say which network it is. */
  sayNetwork() {
    const { activation, learning_rate, optimiser } = this.about.configuration;
    const { layers } = this.history.fit;
    const nodes = [layers[0].weights.length, ...layers.map((each) => each.thresholds.length)];
    const rate = `η\u00a0=\u00a0${short(learning_rate, 2)}`; // on one line
    const own = optimiser === DESCENT.optimiser ? [] : [optimiserName(optimiser)];
    const sigma = layers.length > 1 ? [activation] : []; // of hidden nodes
    this.size.textContent = words().listed([nodes.join("-"), ...sigma, ...own, rate]);
  }

  /** Write the texts in the reader's language. */
  translate() {
    const text = words();
    const drawings = /** @type {const} */ (["plane", "network", "costs", "strengths"]);
    for (const name of drawings) this[name].canvas.setAttribute("aria-label", text[name]);
    this.title.textContent = this.about.title();
    this.sayNetwork();
    const mark = button(text.mark, () => this.setMark(this.shown));
    const titles = [text.planeTitle, text.networkTitle, text.costsTitle, text.strengthsTitle];
    /** @type {Record<string, Node[]>} */
    const beside = { costs: [mark], network: [this.size] };
    this.element.replaceChildren(
      element("div", { className: "panel-head" }, this.title, this.state, this.said),
      element(
        "div",
        { className: "drawings" },
        ...drawings.map((name, k) =>
          element(
            "figure",
            {},
            element("figcaption", {}, `${titles[k]} `, ...(beside[name] ?? [])),
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

  /**
   * Let the reader drag a row, add one by a click, and see what the network says at the pointer.
   * @param {import("./sheet.js").Sheet} sheet
   */
  letTouch({ canvas: drawing }) {
    if (this.frame.isLine) return;
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "application");
    drawing.className = "plane";
    const shares = (/** @type {MouseEvent} */ { offsetX, offsetY }) =>
      [offsetX / drawing.clientWidth, offsetY / drawing.clientHeight].map(inside);
    /** @type {PointerEvent | null} */
    let began = null;
    let hasMoved = false;
    drawing.onpointerdown = (event) => {
      [began, hasMoved] = [event, false];
      this.held = this.rowAt(shares(event));
      if (this.held !== null) drawing.setPointerCapture(event.pointerId);
    };
    drawing.onpointermove = (event) => {
      const place = shares(event);
      hasMoved ||= began !== null && distance([event.x, event.y], [began.x, began.y]) > CLICK;
      if (began && hasMoved && this.held !== null) this.moveTo(this.held, place);
      else {
        drawing.classList.toggle("near", this.rowAt(place) !== null);
        this.point(place);
      }
    };
    drawing.onpointerup = drawing.onpointercancel = (event) => {
      if (began && !hasMoved && event.type === "pointerup")
        this.ask.add(this.frame.pointAt(shares(event)));
      this.held = began = null;
    };
    drawing.onpointerleave = () => this.point(null);
    drawing.onblur = () => this.moveCross((this.held = null));
    drawing.onkeydown = (event) => this.onKey(event);
  }

  /** Move the cross, or the row that it holds. @param {KeyboardEvent} event */
  onKey(event) {
    const [x, y] = this.cross ?? [0.5, 0.5];
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (event.key === "Enter" && this.cross) this.ask.add(this.frame.pointAt(this.cross));
    else if (event.key === " ") this.held = this.held === null ? this.rowAt([x, y]) : null;
    else if (dx || dy) {
      const place = [x + CROSS_STEP * dx, y + CROSS_STEP * dy].map(inside);
      if (this.held !== null) this.moveTo(this.held, place);
      this.moveCross(place);
    } else return;
    event.preventDefault(); // the page would scroll
  }

  /** Return the row at a place of the plane, or null. @param {number[]} place */
  rowAt(place) {
    const { clientWidth, clientHeight } = this.plane.canvas;
    const pixels = (/** @type {number[]} */ [x, y]) => [x * clientWidth, y * clientHeight];
    const away = placesOfRows(this.frame, this.changes).map((at) =>
      distance(pixels(at), pixels(place)),
    );
    const nearest = Math.min(...away);
    return nearest <= NEAR ? away.indexOf(nearest) : null;
  }

  /** @param {number} row @param {number[]} place */
  moveTo(row, place) {
    this.pointed = null;
    this.ask.move(row, this.frame.pointAt(place));
  }

  /** @param {number[] | null} place */
  point(place) {
    this.pointed = place;
    this.draw(this.shown);
  }

  /** @param {number[] | null} place */
  moveCross(place) {
    this.cross = place;
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
    this.ask.redraw();
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
    const { test, changes, cross, held, pointed, seen } = this;
    const shownToo = { test, ...changes, cross, held, pointed, seen };
    drawPlane(this.plane, this.frame, this.grids[0], moment.layers, configuration, shownToo);
    const { columns } = exported.splits[this.about.split];
    drawNetwork(this.network, moment.layers, configuration, this.grids[1], {
      inputs: columns.map((column) => exported.columns[column].name),
      outputs: this.study.outputNames(),
      seen,
      pointed,
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
    const accuracy = text.accuracy(percent(moment.accuracy), fit.samples.test.length);
    this.state.textContent = text.listed([text.epochOf(moment.epoch, stop.epochs), accuracy]);
    this.say();
  }

  say() {
    const { place, split } = this.about;
    if (this.history.fit.ended && place !== null)
      this.verdict ??= judge(this.study, this.history.fit, place, split);
    this.said.className = proofClass(this.verdict);
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

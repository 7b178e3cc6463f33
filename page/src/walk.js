// "Walk": the cost of the network on a plane, and training that the reader starts there; beside it, what
// other learning rates and betas lead to.

import { BETWEEN } from "./address.js";
import { Surveyor } from "./crew.js";
import { button, choice, element, explanation, say, slider } from "./elements.js";
import {
  REGIME,
  WALK_STEPS,
  betasOf,
  planeOfTraining,
  planeOfWeights,
  ratesOf,
  regimeOf,
} from "./landscape.js";
import { chartOf, drawMap, drawSurface, placeAt } from "./landscape_drawing.js";
import { DESCENT, OPTIMISERS, flatten } from "./network.js";
import { greek, rateAt, short } from "./numbers.js";
import { Symbols, parametersOf } from "./one_step.js";
import { canvas } from "./sheet.js";
import { Study } from "./study.js";
import { trainToEnd } from "./training.js";
import { optimiserName, words } from "./words.js";

const EXPONENTS = [-3, 4]; // of the learning rate, as powers of 10
const MOST_BETA = 0.99;
const START_STEP = 0.05; // of half the map, by an arrow key
const TRAINING = "training"; // the plane through start and end
/** @type {Record<string, number[]>} */
const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
/** What marks a regime, beside its colour. */
const SIGNS = { creeping: "·", converging: "✓", oscillating: "∼", diverging: "✗" };

/** @typedef {import("./landscape.js").Regime} Regime */

/**
 * Return what an address asks for: the plane, its two weights, the gait and the start; null if a value cannot
 * be used.
 * @param {string} address
 * @param {number} count of the parameters
 */
export function walkOf(address, count) {
  const [plane, first, second, optimiser, ...numbers] = address.split(BETWEEN);
  const [rate, beta, ...start] = numbers.map((text) => (text ? Number(text) : NaN));
  const pair = [first, second].map(Number);
  const power = Math.log10(rate);
  const isUsed =
    [TRAINING, "weights"].includes(plane) &&
    pair.every((k) => Number.isInteger(k) && k >= 0 && k < count) &&
    pair[0] !== pair[1] &&
    Object.hasOwn(OPTIMISERS, optimiser) &&
    power >= EXPONENTS[0] &&
    power <= EXPONENTS[1] &&
    beta >= 0 &&
    beta <= MOST_BETA &&
    start.length === 2 &&
    start.every(Number.isFinite);
  return isUsed ? { plane, pair, gait: { optimiser, rate, beta }, start } : null;
}

/** The section. */
export class Walk {
  /**
   * @param {import("./study.js").Study} study
   * @param {import("./watch.js").Choice} chosen
   * @param {string} [address] what it asks for
   * @param {() => void} [changed] the address
   */
  constructor(study, chosen, address = "", changed = () => {}) {
    this.study = study;
    this.changed = changed;
    this.split = chosen.split;
    this.configuration = chosen.own ?? study.exported.configurations[chosen.configuration];
    this.place = chosen.own ? null : chosen.configuration;
    this.fit = this.begin();
    const { layers } = this.fit;
    this.parameters = parametersOf({
      layers,
      symbols: new Symbols(layers.length - 1, study.outputs),
    });
    this.plane = TRAINING;
    this.pair = [0, 1].map((each) => this.parameters[each].k);
    const { optimiser, learning_rate, momentum, beta_1 } = this.configuration;
    this.gait = {
      optimiser: optimiser === DESCENT.optimiser ? "momentum" : optimiser,
      rate: learning_rate,
      beta: optimiser === "adam" ? beta_1 : momentum,
    };
    /** @type {number[] | null} the start that an address asks for */
    this.asked = null;
    this.isTouched = false;
    const walk = walkOf(address, this.parameters.length);
    if (walk) {
      ({ plane: this.plane, pair: this.pair, gait: this.gait, start: this.asked } = walk);
      this.isTouched = true;
    }
    this.surveyor = new Surveyor();
    this.isDropped = this.isWalking = this.isMoved = false;
    /** @type {number[] | null} all parameters after training */
    this.end = null;
    /** @type {import("./landscape_drawing.js").Chart | null} */
    this.chart = null;
    /** @type {number[]} */
    this.start = [0, 0];
    /** @type {import("./landscape_drawing.js").Steps} */
    this.steps = [];
    /** @type {Map<string, {regime: Regime, cost: number}>} by rate and beta */
    this.regimes = new Map();
    this.map = canvas(1.1, 1, "");
    this.surface = canvas(1.1, 1, "");
    this.letTouch(this.map.canvas);
    this.element = element("div", { className: "walk" });
    this.translate();
    void this.prepare();
  }

  begin() {
    const { configuration, split } = this;
    const seed = "seed" in configuration ? /** @type {any} */ (configuration).seed : undefined;
    return this.study.begin(configuration, split, { seed });
  }

  /** Return what the reader turned, for the address. */
  address() {
    const { plane, pair, gait, start, asked } = this;
    const { optimiser, rate, beta } = gait;
    const numbers = [rate, beta, ...(asked ?? start)].map((value) => Number(value.toPrecision(4)));
    const values = [plane, ...pair, optimiser, ...numbers];
    return { walk: this.isTouched ? values.join(BETWEEN) : "" };
  }

  /** Keep in the address what the reader turned. */
  touch() {
    this.isTouched = true;
    this.changed();
  }

  /** Find the end of training: the stored one, or train to it. Then chart the landscape. */
  async prepare() {
    const stored = this.place === null ? null : this.study.exported.fits[this.place]?.[this.split];
    const count = flatten(this.fit.layers).length;
    if (stored) this.end = Study.numbers(stored).slice(0, count);
    else {
      const fit = this.begin();
      if (!(await trainToEnd(fit, () => !this.isDropped))) return;
      this.end = flatten(fit.layers);
    }
    this.survey();
  }

  /** Chart the landscape of the chosen plane. */
  survey() {
    if (!this.end) return;
    const { fit, end, study, split } = this;
    const landscape =
      this.plane === TRAINING
        ? planeOfTraining(fit, end, study.seed, study.key(split))
        : planeOfWeights(fit, end, this.pair);
    this.chart = null;
    this.start = this.asked ? nearestOn(landscape, this.asked) : landscape.start;
    this.asked = null;
    this.steps = [];
    /** @type {number[]} */
    const costs = [];
    this.surveyor.ask({ kind: "map", landscape }, (part) => {
      if (part) return void costs.push(...part.costs);
      this.chart = chartOf(landscape, costs);
      this.explain();
      this.walk();
      this.compare();
    });
    this.draw();
  }

  /** Walk from the start. While a walk is calculated, the next one waits for it. */
  walk() {
    const { chart, start, gait } = this;
    if (!chart) return;
    this.isMoved = this.isWalking;
    if (this.isWalking) return;
    this.isWalking = true;
    const { landscape } = chart;
    this.surveyor.ask({ kind: "walk", landscape, start, gait: { ...gait } }, (part) => {
      if (part && this.chart === chart) this.steps = part;
      if (part) return this.draw();
      this.isWalking = false;
      if (this.isMoved) this.walk();
    });
  }

  /** Walk at each rate and beta of the table. */
  compare() {
    const { chart, start, gait } = this;
    this.regimes.clear();
    this.drawTable();
    if (!chart) return;
    const { landscape, lowest } = chart;
    const { optimiser } = gait;
    this.surveyor.ask({ kind: "regimes", landscape, start, optimiser, lowest }, (part) => {
      if (!part) return;
      this.regimes.set(keyOfCell(part), part);
      this.drawCell(part);
    });
  }

  /** Write the texts in the reader's language. */
  translate() {
    const { walk } = words();
    this.map.canvas.setAttribute("aria-label", walk.mapLabel);
    this.surface.canvas.setAttribute("aria-label", walk.surfaceLabel);
    this.said = element("p", { role: "status", className: "walk-said" });
    this.axes = element("p", { className: "explained" });
    this.note = element("div", { className: "explained" });
    this.table = element("div", { className: "regimes" });
    this.controls = element("div", { className: "controls watch-controls" });
    this.drawControls();
    const figure = (/** @type {string} */ title, /** @type {(Node | string)[]} */ ...shown) =>
      element("figure", {}, element("figcaption", {}, title), ...shown);
    this.element.replaceChildren(
      this.controls,
      this.said,
      element(
        "div",
        { className: "walk-drawings" },
        figure(walk.map, this.map.canvas, this.axes),
        figure(walk.surface, this.surface.canvas),
        figure(
          walk.table,
          this.table,
          this.legend(),
          element(
            "div",
            { className: "explained" },
            explanation(walk.regime(WALK_STEPS, REGIME.rise, REGIME.fall)),
          ),
        ),
      ),
      this.note,
    );
    this.explain();
    this.drawTable();
    this.draw();
  }

  drawControls() {
    const { walk } = words();
    const planes = [TRAINING, "weights"].map(
      (name) =>
        /** @type {[string, string]} */ ([name, walk.planes[/** @type {"weights"} */ (name)]]),
    );
    const optimisers = Object.keys(OPTIMISERS).map(
      (name) => /** @type {[string, string]} */ ([name, optimiserName(name)]),
    );
    const { gait } = this;
    this.controls?.replaceChildren(
      choice(walk.plane, planes, this.plane, (value) => {
        this.plane = value;
        this.drawControls();
        this.controls?.querySelector("select")?.focus();
        this.survey();
        this.touch();
      }),
      ...(this.plane === TRAINING ? [] : [0, 1].map((axis) => this.weightChoice(axis))),
      choice(words().optimiser, optimisers, gait.optimiser, (value) => {
        gait.optimiser = value;
        this.drawControls();
        this.controls?.querySelectorAll("select")[this.plane === TRAINING ? 1 : 3].focus();
        this.walk();
        this.compare();
        this.touch();
      }),
      this.slider(
        words().rate,
        Math.log10(gait.rate),
        EXPONENTS,
        0.05,
        (power) => short(rateAt(power), 2),
        (power) => (gait.rate = rateAt(power)),
      ),
      ...(betasOf(gait.optimiser).length > 1
        ? [
            this.slider(
              symbolOfBeta(gait.optimiser),
              gait.beta,
              [0, MOST_BETA],
              0.01,
              (beta) => short(beta, 2),
              (beta) => (gait.beta = beta),
            ),
          ]
        : []),
      button(walk.home, () => {
        if (this.chart) this.moveTo(this.chart.landscape.start, true);
      }),
    );
  }

  /** Let the reader choose a weight of the plane. @param {number} axis */
  weightChoice(axis) {
    const { walk } = words();
    const other = this.pair[1 - axis];
    const options = this.parameters
      .filter(({ k }) => k !== other)
      .map(({ symbol, k }) => /** @type {[string, string]} */ ([String(k), greek(symbol)]));
    return choice(walk.weights[axis], options, String(this.pair[axis]), (value) => {
      this.pair[axis] = Number(value);
      this.drawControls();
      this.controls?.querySelectorAll("select")[1 + axis].focus();
      this.survey();
      this.touch();
    });
  }

  /**
   * @param {string} label @param {number} value @param {number[]} ends @param {number} step
   * @param {(value: number) => string} write
   * @param {(value: number) => void} change
   */
  slider(label, value, ends, step, write, change) {
    const [min, max] = ends.map(String);
    const move = (/** @type {number} */ moved) => {
      change(moved);
      this.walk();
      this.markCell();
    };
    const shown = slider(label, { min, max, step: String(step) }, value, write, move);
    shown.input.onchange = () => this.touch();
    return shown.label;
  }

  /** Let the reader drag the start, or move it by the arrow keys. @param {HTMLCanvasElement} drawing */
  letTouch(drawing) {
    drawing.tabIndex = 0;
    drawing.setAttribute("role", "application");
    drawing.className = "plane";
    let isHeld = false;
    const move = (/** @type {PointerEvent} */ event, /** @type {boolean} */ isLast) => {
      if (this.chart) this.moveTo(placeAt(this.map, this.chart.landscape, event), isLast);
    };
    drawing.onpointerdown = (event) => {
      isHeld = true;
      drawing.setPointerCapture(event.pointerId);
      move(event, false);
    };
    drawing.onpointermove = (event) => isHeld && move(event, false);
    drawing.onpointerup = drawing.onpointercancel = (event) => {
      if (isHeld) move(event, true);
      isHeld = false;
    };
    drawing.onkeydown = (event) => {
      const step = DIRECTIONS[event.key];
      if (!step || !this.chart) return;
      event.preventDefault(); // the page would scroll
      const { landscape } = this.chart;
      const moved = this.start.map(
        (value, axis) => value + START_STEP * landscape.half * step[axis],
      );
      this.moveTo(nearestOn(landscape, moved), true);
    };
  }

  /** @param {number[]} place @param {boolean} isLast whether the reader lets go of the start there */
  moveTo(place, isLast) {
    this.start = place;
    this.walk();
    this.draw();
    if (!isLast) return;
    this.compare();
    this.touch();
  }

  /** Say what the plane is. */
  explain() {
    const { walk, axes } = words();
    const { fit, chart, configuration, pair, parameters } = this;
    const name = (/** @type {number} */ own) =>
      greek(parameters.find(({ k }) => k === own)?.symbol ?? "");
    const hasEnd = chart?.landscape.hasEnd ?? true;
    const directions = hasEnd ? walk.directions : walk.randomDirections;
    const [across, up] = this.plane === TRAINING ? directions : pair.map(name);
    const others = hasEnd ? walk.others : walk.othersBefore;
    say(this.axes, [axes(across, up), ...(this.plane === TRAINING ? [] : [others])].join(" "));
    const [rows, all] = [chart?.landscape.x.length ?? 0, fit.samples.train.length];
    const said = [
      walk.note,
      rows && rows < all ? walk.rows(rows, all) : "",
      configuration.l2 ? walk.decay : "",
      hasEnd ? "" : walk.noEnd,
    ];
    const text = said.filter(Boolean).join(" ");
    if (!this.note || this.note.dataset.text === text) return; // what is unfolded stays
    this.note.dataset.text = text;
    this.note.replaceChildren(explanation(text));
  }

  draw() {
    const { walk } = words();
    const { chart, steps, start } = this;
    if (!chart) return say(this.said, walk.wait);
    drawMap(this.map, chart, steps, { start, texts: walk.marks });
    drawSurface(this.surface, chart, steps);
    if (!steps.length) return;
    const costs = steps.map(({ cost }) => cost);
    const regime = walk.regimes[regimeOf(costs, chart.lowest)];
    const [first, last] = [costs[0], costs[costs.length - 1]].map(costText);
    const place = start.map((value) => short(value, 3)).join(", ");
    say(this.said, walk.said(place, first, last, steps.length - 1, regime));
  }

  /** Name the signs of the regimes. */
  legend() {
    const { walk } = words();
    const names = /** @type {Regime[]} */ (Object.keys(SIGNS)).map((regime) =>
      element(
        "span",
        {},
        element("b", { className: `sign ${regime}` }, SIGNS[regime]),
        ` ${walk.regimes[regime]}`,
      ),
    );
    return element("p", { className: "legend" }, ...names);
  }

  /** Draw the table of regimes: a button for each rate and beta. */
  drawTable() {
    const { walk } = words();
    const { optimiser } = this.gait;
    const [rates, betas] = [ratesOf(optimiser), betasOf(optimiser)];
    const cell = (/** @type {number} */ rate, /** @type {number} */ beta) => {
      const own = button("", () => this.take(rate, beta));
      own.dataset.cell = keyOfCell({ rate, beta });
      return element("td", {}, own);
    };
    const corner = betas.length > 1 ? `${symbolOfBeta(optimiser)} \\ η` : "η";
    const head = [corner, ...rates.map(String)].map((text) =>
      element("th", { scope: "col" }, text),
    );
    const rows = betas.map((beta) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, betas.length > 1 ? String(beta) : ""),
        ...rates.map((rate) => cell(rate, beta)),
      ),
    );
    this.table?.replaceChildren(
      element(
        "table",
        { "aria-label": walk.table, onkeydown: this.onKeyOfTable.bind(this) },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...rows),
      ),
    );
    for (const beta of betas) for (const rate of rates) this.drawCell({ rate, beta });
    this.markCell();
  }

  /** @param {{rate: number, beta: number}} cell */
  drawCell(cell) {
    const own = this.buttonOf(keyOfCell(cell));
    if (!own) return;
    const { walk, rate } = words();
    const known = this.regimes.get(keyOfCell(cell));
    own.className = known?.regime ?? "";
    own.textContent = known ? SIGNS[known.regime] : "…";
    const what = known ? walk.cell(walk.regimes[known.regime], costText(known.cost)) : "…";
    const { optimiser } = this.gait;
    const symbol = symbolOfBeta(optimiser);
    const beta = betasOf(optimiser).length > 1 ? `, ${symbol} = ${cell.beta}` : "";
    own.title = `${rate} = ${cell.rate}${beta}: ${what}`;
    own.setAttribute("aria-label", own.title);
  }

  /** @param {string} key @returns {HTMLButtonElement | null | undefined} */
  buttonOf(key) {
    return this.table?.querySelector(`[data-cell="${key}"]`);
  }

  /** Mark the cell of the rate and beta that are set; the arrow keys go from it, or from the first. */
  markCell() {
    const key = keyOfCell(this.gait);
    const all = [...(this.table?.querySelectorAll("button") ?? [])];
    const at = Math.max(
      all.findIndex(({ dataset }) => dataset.cell === key),
      0,
    );
    all.forEach((own, k) => {
      own.setAttribute("aria-pressed", String(own.dataset.cell === key));
      own.tabIndex = k === at ? 0 : -1;
    });
  }

  /** Set the rate and beta of a cell. @param {number} rate @param {number} beta */
  take(rate, beta) {
    Object.assign(this.gait, { rate, beta });
    this.drawControls();
    this.markCell();
    this.walk();
    this.touch();
  }

  /** Go to another cell by an arrow key. @param {KeyboardEvent} event */
  onKeyOfTable(event) {
    const [across, up] = DIRECTIONS[event.key] ?? [0, 0];
    const cells = [...(this.table?.querySelectorAll("button") ?? [])];
    const at = cells.findIndex((own) => own === event.target);
    const width = ratesOf(this.gait.optimiser).length;
    const column = (at % width) + across;
    const next = cells[at + across - width * up];
    if (at < 0 || !(across || up) || column < 0 || column >= width || !next) return;
    event.preventDefault();
    cells[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  drop() {
    this.isDropped = true;
    this.surveyor.drop();
  }
}

/** Return the place on a map that is closest. @param {import("./landscape.js").Landscape} landscape @param {number[]} place */
const nearestOn = ({ middle, half }, place) =>
  place.map((value, axis) => Math.min(Math.max(value, middle[axis] - half), middle[axis] + half));

/** Return how the beta of an optimiser is written. @param {string} optimiser */
const symbolOfBeta = (optimiser) => (optimiser === "adam" ? "β₁" : "μ");

/** @param {{rate: number, beta: number}} cell */
const keyOfCell = ({ rate, beta }) => `${rate} ${beta}`;

/** @param {number} cost */
const costText = (cost) => (Number.isFinite(cost) ? short(cost, 3) : words().walk.noNumber);

// "Try it": a small network that trains as the page opens, with what can be turned. It is trained and
// drawn by what "Watch" uses.

import { BETWEEN } from "./address.js";
import { button, choice, element, isCalm, say, slider } from "./elements.js";
import { ACTIVATIONS, DESCENT, OPTIMISERS } from "./network.js";
import { rateAt } from "./numbers.js";
import { layersOf, optionText } from "./own.js";
import { exclusiveOr, spirals, studyOf } from "./small_study.js";
import { Watch } from "./watch.js";
import { optimiserName, words } from "./words.js";

const SEED = 1n; // of the points
const STOP = { epochs: 500, patience: null, tolerance: 0 };
const POINTS = { xor: exclusiveOr, spirals };

/**
 * What can be turned.
 * @typedef {{data: string, noise: string, nodes: string, activation: string, rate: string, optimiser: string, seed: string}} Turned
 */

/** The values of what is chosen from a list; a number is in a range. */
const LISTS = {
  data: Object.keys(POINTS),
  nodes: ["1", "2", "3", "4", "8", "4-4", "8-8"],
  activation: Object.keys(ACTIVATIONS),
  optimiser: Object.keys(OPTIMISERS),
};
const RANGES = { noise: [0, 1], rate: [0.001, 3], seed: [1, 999] };

/** @type {Turned} */
const AT_FIRST = {
  data: "xor",
  noise: "0.3",
  nodes: "2",
  activation: "sigmoid",
  rate: "0.1",
  optimiser: DESCENT.optimiser,
  seed: "1",
};
/**
 * What a page without a study knows, as it is built: the looks of two classes, as in the report.
 * @type {any}
 */
export const NO_STUDY = {
  ...{ configurations: [], splits: [], names: [], chaotic: [], fits: [] },
  ...{ colours: ["#E69F00", "#009E73"], markers: ["X", "o"], colour: "#0072B2" },
  size: null,
};

/** Rates that suit an optimiser here. @type {Record<string, string>} */
const USUAL_RATES = { sgd: "0.1", momentum: "0.01", adam: "0.01" };

/** Return what an address asks for; a value that cannot be used is as at first. @param {string} address */
export function turnedOf(address) {
  const values = address.split(BETWEEN);
  const entries = Object.entries(AT_FIRST).map(([name, atFirst], k) => {
    const value = values[k] ?? "";
    const list = LISTS[/** @type {"data"} */ (name)];
    const [low, high] = RANGES[/** @type {"rate"} */ (name)] ?? [];
    const isNumber =
      /^[0-9]{1,3}(\.[0-9]{1,4})?$/.test(value) && Number(value) >= low && Number(value) <= high;
    return [name, (list ? list.includes(value) : isNumber) ? value : atFirst];
  });
  return /** @type {Turned} */ (Object.fromEntries(entries));
}

/**
 * Return the study of one network that is turned so.
 * @param {Turned} turned
 * @param {import("./study.js").Exported} home whose look it has
 */
export function turnedStudy({ data, noise, nodes, activation, rate, optimiser, seed }, home) {
  const table = POINTS[/** @type {"xor"} */ (data)](SEED, Number(noise));
  const configuration = {
    ...DESCENT,
    ...{ name: data, hidden: layersOf(nodes), activation, optimiser, l2: 0, batch_size: 1 },
    ...{ cost: "cross_entropy", learning_rate: Number(rate), initialisation: "glorot" },
  };
  const seeded = {
    ...home,
    farthest: home.farthest ?? Infinity,
    seed: String(BigInt(seed)),
    stop: STOP,
  };
  return studyOf(table, seeded, [configuration], [""]);
}

/** The section. */
export class First {
  /**
   * @param {import("./study.js").Exported} home
   * @param {URLSearchParams} state of the page
   * @param {() => void} changed
   */
  constructor(home, state, changed) {
    this.home = home;
    this.changed = changed;
    this.turned = turnedOf(state.get("try") ?? "");
    const title = () => words().first.data[/** @type {"xor"} */ (this.turned.data)];
    const chosen = { configuration: 0, split: 0, own: null };
    this.watch = new Watch(turnedStudy(this.turned, home), chosen, { title });
    this.introduction = element("p", {});
    this.element = element("div", { className: "first" });
    this.translate();
    if (!isCalm()) this.watch.play();
  }

  /** Return what is turned, for the address; "" if it is as at first. */
  address() {
    const values = Object.values(this.turned).join(BETWEEN);
    return { try: values === Object.values(AT_FIRST).join(BETWEEN) ? "" : values };
  }

  pause() {
    this.watch.pause();
  }

  draw() {
    this.watch.draw();
  }

  /** Train again from the start, with something turned. @param {Partial<Turned>} turned */
  turn(turned) {
    Object.assign(this.turned, turned);
    this.watch.use(turnedStudy(this.turned, this.home));
    this.introduce();
    this.watch.play();
  }

  /** Turn something, for the address too. @param {Partial<Turned>} turned */
  choose(turned) {
    this.turn(turned);
    this.changed();
  }

  introduce() {
    const { introduction, link } = words().first;
    const isLink = /^(https?|file):$/.test(location.protocol); // not in the frame of a report
    say(this.introduction, introduction(`2-${this.turned.nodes}-1`) + (isLink ? link : ""));
  }

  /** Write the texts in the reader's language. */
  translate() {
    const { watch } = this;
    const text = words();
    const next = () => String((Number(this.turned.seed) % RANGES.seed[1]) + 1);
    const buttons = [
      watch.playing,
      button(text.step, () => watch.drag(watch.shown + 1)),
      button(text.restart, () => this.turn({})),
      button(text.first.other, () => this.choose({ seed: next() })),
    ];
    watch.translate();
    this.introduce();
    this.element.replaceChildren(
      this.introduction,
      this.turning(),
      element("p", { className: "controls watch-controls" }, ...buttons),
      watch.element,
    );
  }

  /** Return what the reader can turn. */
  turning() {
    const text = words();
    const { turned } = this;
    const list = (
      /** @type {keyof LISTS} */ name,
      /** @type {(value: string) => string} */ named,
    ) => LISTS[name].map((value) => /** @type {[string, string]} */ ([value, named(value)]));
    const noise = slider(
      text.first.noise,
      { min: "0", max: "1", step: "0.05" },
      Number(turned.noise),
      String,
      (value) => this.turn({ noise: String(value) }),
    );
    const rate = slider(
      text.rate,
      { min: "-3", max: "0.5", step: "0.05" },
      logOf(turned.rate),
      (power) => String(rateAt(power)),
      (power) => this.turn({ rate: String(rateAt(power)) }),
    );
    for (const { input } of [noise, rate]) input.onchange = () => this.changed(); // when let go
    const optimisers = choice(
      text.optimiser,
      list("optimiser", optimiserName),
      turned.optimiser,
      (value) => {
        this.choose({ optimiser: value, rate: USUAL_RATES[value] });
        rate.show(logOf(USUAL_RATES[value]));
      },
    );
    return element(
      "p",
      { className: "controls watch-controls" },
      choice(
        text.planeTitle,
        list("data", (value) => text.first.data[/** @type {"xor"} */ (value)]),
        turned.data,
        (data) => this.choose({ data }),
      ),
      noise.label,
      choice(
        text.first.nodes,
        list("nodes", (value) => value),
        turned.nodes,
        (nodes) => this.choose({ nodes }),
      ),
      choice(text.activation, list("activation", optionText), turned.activation, (activation) =>
        this.choose({ activation }),
      ),
      optimisers,
      rate.label,
    );
  }
}

/** @param {string} rate */
const logOf = (rate) => Math.log10(Number(rate));

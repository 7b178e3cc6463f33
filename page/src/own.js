// "Your own values": a configuration that is not part of the study.

import { ACTIVATIONS, COSTS, DESCENT, INITIALISATIONS, OPTIMISERS } from "./network.js";
import { button, element } from "./elements.js";
import { optimiserName, words } from "./words.js";

const MOST_LAYERS = 5;
const MOST_PARAMETERS = 20_000; // more would train for minutes
const DECIMAL = /^[0-9]*\.?[0-9]+(e-?[0-9]+)?$/i;

/**
 * @typedef {import("./network.js").Configuration & {seed: bigint}} Own
 * @typedef {Pick<Own, "momentum" | "beta_1" | "beta_2" | "epsilon">} Constants
 */

/**
 * Return the number of weights and thresholds of a network.
 * @param {number[]} nodes of each layer, from the inputs to the outputs
 */
const parameterCount = (nodes) =>
  nodes.slice(1).reduce((total, count, place) => total + (nodes[place] + 1) * count, 0);

/** Return a number that a reader typed, or NaN. @param {string} typed */
function decimalOf(typed) {
  const text = typed.trim().replace(",", ".");
  return DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : NaN;
}

/** Return the nodes of layers, typed as 3, 3-3, 3x3 or 3,3; [] if they are none. @param {string} typed */
export function layersOf(typed) {
  const text = typed.trim();
  if (!/^[0-9]{1,3}(\s*[-–,;x×]?\s*[0-9]{1,3})*$/i.test(text)) return [];
  return (text.match(/[0-9]+/g) ?? []).map(Number);
}

/**
 * Read the values that a reader typed.
 * @param {Record<string, string>} typed
 * @param {number} inputs of the network
 * @param {number} outputs
 * @param {Constants} constants of optimisers
 * @returns {{own: Own | null, wrong: string[]}} the values, or the fields that cannot be used
 */
export function ownValues(typed, inputs, outputs, { momentum, beta_1, beta_2, epsilon }) {
  const { hidden, activation, cost, batch, initialisation, optimiser, seed } = typed;
  const [rate, l2] = [decimalOf(typed.rate), decimalOf(typed.l2)];
  const layers = layersOf(hidden);
  const isUsable = {
    hidden:
      layers.length > 0 &&
      layers.length <= MOST_LAYERS &&
      Math.min(...layers) >= 1 &&
      parameterCount([inputs, ...layers, outputs]) <= MOST_PARAMETERS,
    activation: Object.hasOwn(ACTIVATIONS, activation),
    cost: Object.hasOwn(COSTS, cost),
    rate: rate > 0,
    batch: /^[1-9][0-9]{0,8}$/.test(batch.trim()),
    l2: l2 >= 0,
    initialisation: Object.hasOwn(INITIALISATIONS, initialisation),
    optimiser: Object.hasOwn(OPTIMISERS, optimiser),
    seed: /^[0-9]{1,60}$/.test(seed.trim()),
  };
  const wrong = Object.entries(isUsable).flatMap(([name, usable]) => (usable ? [] : [name]));
  if (wrong.length) return { own: null, wrong };
  const own = {
    hidden: layers,
    activation,
    cost,
    learning_rate: rate,
    initialisation,
    batch_size: Number(batch),
    l2,
    optimiser,
    momentum,
    beta_1,
    beta_2,
    epsilon,
    seed: BigInt(seed.trim()),
  };
  return { own, wrong };
}

/**
 * Say which values they are.
 * @param {Own} own
 */
export const ownTitle = ({ hidden, activation, cost, learning_rate, ...own }) =>
  words().listed([
    ...(hidden.length ? [hidden.join("-"), activation] : [words().noHidden]),
    optionText(cost),
    `η = ${learning_rate}`,
    optionText(own.initialisation),
    ...(own.batch_size > 1 ? [`${words().batchSize} ${own.batch_size}`] : []),
    ...(own.optimiser === DESCENT.optimiser ? [] : [optimiserName(own.optimiser)]),
    ...(own.l2 ? [`${words().decay} ${own.l2}`] : []),
    `${words().seed} ${own.seed}`,
  ]);

/**
 * Create the form.
 * @param {import("./study.js").Study} study
 * @param {Own | null} set the values that are used now
 * @param {(own: Own) => void} use
 */
export function ownForm(study, set, use) {
  const { configurations, splits } = study.exported;
  const inputs = Math.max(...splits.map(({ columns }) => columns.length));
  const from = set ?? { ...configurations[0], seed: study.seed };
  const text = words();
  /** @type {Record<string, HTMLInputElement | HTMLSelectElement>} */
  const fields = {
    hidden: element("input", { value: from.hidden.join(","), size: 8 }),
    activation: select(Object.keys(ACTIVATIONS), from.activation),
    cost: select(Object.keys(COSTS), from.cost),
    rate: element("input", { value: String(from.learning_rate), size: 6 }),
    batch: element("input", { value: String(from.batch_size), size: 5 }),
    l2: element("input", { value: String(from.l2), size: 6 }),
    initialisation: select(Object.keys(INITIALISATIONS), from.initialisation),
    optimiser: select(Object.keys(OPTIMISERS), from.optimiser, optimiserName),
    seed: element("input", { value: String(from.seed), size: 10 }),
  };
  const labels = {
    hidden: text.hidden,
    activation: text.activation,
    cost: text.cost,
    rate: text.learningRate,
    batch: text.batchSize,
    l2: text.decay,
    initialisation: text.initialisation,
    optimiser: text.optimiser,
    seed: text.seed,
  };
  const state = element("span", { role: "status", className: "bad" });
  const submit = button(text.use, () => {
    const typed = Object.entries(fields).map(([name, field]) => [name, field.value]);
    const { own, wrong } = ownValues(Object.fromEntries(typed), inputs, study.outputs, from);
    for (const [name, field] of Object.entries(fields))
      field.setAttribute("aria-invalid", String(wrong.includes(name)));
    state.textContent = wrong
      .map((name) => text.wrongField[/** @type {keyof typeof text.wrongField} */ (name)] ?? "")
      .join(" ");
    if (own) use(own);
    else fields[wrong[0]].focus();
  });
  const onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) submit.click();
  };
  return element(
    "details",
    { className: "own" },
    element("summary", {}, text.ownValues),
    element("p", {}, text.ownIntroduction),
    element(
      "p",
      { className: "controls", onkeydown },
      ...Object.entries(labels).map(([name, label]) =>
        element("label", {}, `${label} `, fields[name]),
      ),
      submit,
      state,
    ),
  );
}

/** Write an option in the reader's language. @param {string} name */
export const optionText = (name) => words().translated(name.replace("_", " "));

/** @param {string[]} names @param {string} value @param {(name: string) => string} [text] */
function select(names, value, text = optionText) {
  const created = element("select");
  for (const name of names)
    created.append(element("option", { value: name, selected: name === value }, text(name)));
  return created;
}

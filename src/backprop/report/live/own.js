// "Your own values": a configuration that is not part of the study.

import { ACTIVATIONS, COSTS, INITIALISATIONS } from "./network.js";
import { button, element } from "./elements.js";
import { words } from "./words.js";

const MOST_LAYERS = 5;
const MOST_PARAMETERS = 20_000; // more would train for minutes
const NUMBER = /^[0-9]*\.?[0-9]+(e-?[0-9]+)?$/i;

/** @typedef {import("./network.js").Configuration & {seed: bigint}} Own */

/**
 * Return the number of weights and thresholds of a network.
 * @param {number[]} nodes of each layer, from the inputs to the outputs
 */
const parameterCount = (nodes) =>
  nodes.slice(1).reduce((total, count, place) => total + (nodes[place] + 1) * count, 0);

/** Return a number that a reader typed, or NaN. @param {string} typed */
function decimalOf(typed) {
  const text = typed.trim().replace(",", ".");
  return NUMBER.test(text) && Number.isFinite(Number(text)) ? Number(text) : NaN;
}

/**
 * Return the values that a reader typed, or null if they cannot be used.
 * @param {Record<string, string>} typed
 * @param {number} inputs of the network
 * @param {number} outputs
 * @returns {Own | null}
 */
export function ownValues(typed, inputs, outputs) {
  const { hidden, activation, cost, batch, initialisation, seed } = typed;
  const [rate, l2] = [decimalOf(typed.rate), decimalOf(typed.l2)];
  if (!/^[0-9]{1,3}(\s*[,x]\s*[0-9]{1,3})*$/.test(hidden.trim())) return null;
  const layers = hidden.split(/[,x]/).map(Number);
  const isUsable =
    layers.length <= MOST_LAYERS &&
    Math.min(...layers) >= 1 &&
    parameterCount([inputs, ...layers, outputs]) <= MOST_PARAMETERS &&
    Object.hasOwn(ACTIVATIONS, activation) &&
    Object.hasOwn(COSTS, cost) &&
    Object.hasOwn(INITIALISATIONS, initialisation) &&
    rate > 0 &&
    l2 >= 0 &&
    /^[1-9][0-9]{0,8}$/.test(batch.trim()) &&
    /^[0-9]{1,60}$/.test(seed.trim());
  if (!isUsable) return null;
  return {
    hidden: layers,
    activation,
    cost,
    learning_rate: rate,
    initialisation,
    batch_size: Number(batch),
    l2,
    seed: BigInt(seed.trim()),
  };
}

/**
 * Say which values they are.
 * @param {Own} own
 */
export const ownTitle = ({ hidden, activation, cost, learning_rate, ...own }) =>
  [
    hidden.join("-"),
    activation,
    optionText(cost),
    `η = ${learning_rate}`,
    optionText(own.initialisation),
    ...(own.batch_size > 1 ? [`${words().batchSize} ${own.batch_size}`] : []),
    ...(own.l2 ? [`${words().decay} ${own.l2}`] : []),
    `${words().seed} ${own.seed}`,
  ].join(", ");

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
    seed: text.seed,
  };
  const state = element("span", { role: "status", className: "bad" });
  const submit = button(text.use, () => {
    const typed = Object.entries(fields).map(([name, field]) => [name, field.value]);
    const own = ownValues(Object.fromEntries(typed), inputs, study.outputs);
    state.textContent = own ? "" : text.notUsable;
    if (own) use(own);
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
const optionText = (name) => words().translated(name.replace("_", " "));

/** @param {string[]} names @param {string} value */
function select(names, value) {
  const created = element("select");
  for (const name of names)
    created.append(element("option", { value: name, selected: name === value }, optionText(name)));
  return created;
}

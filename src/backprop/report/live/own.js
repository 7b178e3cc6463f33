// "Your own values": a configuration that is not part of the study.

import { ACTIVATIONS, COSTS, INITIALISATIONS } from "./network.js";
import { button, element } from "./view.js";
import { words } from "./words.js";

const MOST_LAYERS = 5;
const MOST_NODES = 500; // of a layer: more would train for minutes
const NUMBER = /^[0-9]*\.?[0-9]+(e-?[0-9]+)?$/i;

/** @typedef {import("./network.js").Configuration & {seed: bigint}} Own */

/**
 * Return the values that a reader typed, or null if they cannot be used.
 * @param {Record<string, string>} typed
 * @returns {Own | null}
 */
export function ownValues({ hidden, activation, cost, rate, batch, l2, initialisation, seed }) {
  if (!/^[0-9]{1,3}(\s*[,x]\s*[0-9]{1,3})*$/.test(hidden.trim())) return null;
  const layers = hidden.split(/[,x]/).map(Number);
  const isUsable =
    layers.length <= MOST_LAYERS &&
    layers.every((nodes) => nodes >= 1 && nodes <= MOST_NODES) &&
    Object.hasOwn(ACTIVATIONS, activation) &&
    Object.hasOwn(COSTS, cost) &&
    Object.hasOwn(INITIALISATIONS, initialisation) &&
    [rate, l2].every((value) => NUMBER.test(value.trim())) &&
    Number(rate) > 0 &&
    /^[1-9][0-9]{0,8}$/.test(batch.trim()) &&
    /^[0-9]{1,60}$/.test(seed.trim());
  if (!isUsable) return null;
  return {
    hidden: layers,
    activation,
    cost,
    learning_rate: Number(rate),
    initialisation,
    batch_size: Number(batch),
    l2: Number(l2),
    seed: BigInt(seed.trim()),
  };
}

/**
 * Create the form.
 * @param {import("./network.js").Configuration} from its values at first
 * @param {bigint} seed
 * @param {(own: Own) => void} use
 */
export function ownForm(from, seed, use) {
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
    seed: element("input", { value: String(seed), size: 10 }),
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
    const own = ownValues(Object.fromEntries(typed));
    state.textContent = own ? "" : text.notUsable;
    if (own) use(own);
  });
  return element(
    "details",
    { className: "own" },
    element("summary", {}, text.ownValues),
    element("p", {}, text.ownIntroduction),
    element(
      "p",
      { className: "controls" },
      ...Object.entries(labels).map(([name, label]) =>
        element("label", {}, `${label} `, fields[name]),
      ),
      submit,
      state,
    ),
  );
}

/** @param {string[]} names @param {string} value */
function select(names, value) {
  const created = element("select");
  for (const name of names)
    created.append(
      element("option", { value: name, selected: name === value }, name.replace("_", " ")),
    );
  return created;
}

// One update: formulas are worth their values, and three ways to a gradient agree.

import assert from "node:assert/strict";
import { test } from "node:test";

import { chainOf, productOf } from "../src/chain_rule.js";
import { evaluate } from "../src/formula.js";
import { byDifferences, checkUpdate, placesOf } from "../src/gradient_check.js";
import { isGiven } from "../src/marking.js";
import { MISTAKES, beginWith, mistakesOf } from "../src/mistakes.js";
import { ACTIVATIONS, COSTS, Memory, OPTIMISERS, trainBatch } from "../src/network.js";
import { followUpdate, numbersOf } from "../src/one_step.js";
import { Study } from "../src/study.js";
import { REFERENCE, combined, exported, someUpdate } from "./made.js";

/** Assert that two numbers are the same up to rounding. */
const assertNear = (one, other, relative, absolute, what) =>
  assert.ok(Math.abs(one - other) <= Math.max(relative * Math.abs(other), absolute), what);

test("a formula is worth what arithmetic says", () => {
  const values = { "w_1,2": 1, "dE/dw_1,2": 4, "error(2)_1": 3, "v(2)_1,2": 4 };
  for (const [formula, worth] of Object.entries({
    "1 - 2 - 3": -4,
    "2 3 + 4·5": 26,
    "1/2 (3 - 1)^2": 2,
    "-(2 + 3) 2": -10,
    "12 / 3 / 2": 2,
    "max(-1, 0) + [2 > 1]": 1,
    "w_1,2 - 0.5 dE/dw_1,2": -1,
    "error(2)_1 v(2)_1,2": 12,
    "1 / (1 + exp(-(w_1,2 - 1)))": 0.5,
    "(-0.02721)·1e-3": -2.721e-5,
  }))
    assertNear(
      evaluate(formula, (name) => values[name]),
      worth,
      1e-12,
      0,
      formula,
    );
  for (const formula of ["2 +", "(2", "2 ? 3"])
    assert.ok(Number.isNaN(evaluate(formula, (name) => values[name])), formula);
});

/** Assert that each formula of an update is worth its value, and so are the numbers shown in it. */
const assertWorth = (lines) => {
  const known = new Map();
  for (const line of lines) {
    known.set(line.symbol, line.value);
    if (isGiven(line)) continue;
    const shown = evaluate(numbersOf(line, 4)).toPrecision(4);
    assert.equal(shown, line.value.toPrecision(4), line.symbol);
    if (/mean of/.test(line.formula)) continue;
    const value = evaluate(line.formula, (symbol) => known.get(symbol));
    assertNear(value, line.value, 1e-12, 1e-12, `${line.symbol} = ${line.formula}`);
  }
};

const shapes = [[2], [3, 2]];
for (const [hidden, activation, cost, outputs] of combined(
  shapes,
  Object.keys(ACTIVATIONS),
  Object.keys(COSTS),
  [1, 3],
))
  test(`what is shown is worth its value: ${hidden}, ${activation}, ${cost}, ${outputs}`, () => {
    const configuration = { ...REFERENCE, hidden, activation, cost, l2: 0.1 };
    const { layers, x, y } = someUpdate(configuration, outputs);
    const lines = followUpdate(layers, x, y, configuration);
    assert.ok(lines.length > 35);
    assertWorth(lines);
  });

for (const [optimiser, [outputs, batch], updates] of combined(
  Object.keys(OPTIMISERS),
  [
    [1, 1],
    [3, 2],
  ],
  [0, 3],
))
  test(`a step adds up: ${optimiser}, ${outputs} outputs, after ${updates} updates`, () => {
    const configuration = { ...REFERENCE, hidden: [2], optimiser, l2: 0.1, learning_rate: 0.05 };
    const { layers, x, y } = someUpdate(configuration, outputs, batch);
    const memory = Memory.of(layers, configuration);
    for (let k = 0; k < updates; k++) trainBatch(layers, x, y, configuration, memory);
    const lines = followUpdate(layers, x, y, configuration, 0, { memory });
    assertWorth(lines);
    const parameters = 4 * 2 + 3 * outputs;
    const slots = OPTIMISERS[optimiser].slots.length;
    const remembered = lines.filter(({ part }) => part === "memory");
    assert.equal(remembered.length, slots * parameters);
    assert.ok(remembered.every(({ value }) => Boolean(value) === Boolean(updates)));
    const steps = lines.filter(({ part }) => part === "update");
    assert.equal(steps.length, (1 + slots) * parameters + Number(optimiser === "adam"));
  });

for (const [hidden, cost, outputs] of combined(shapes, Object.keys(COSTS), [1, 3]))
  test(`the chain rule and finite differences give the gradient: ${hidden}, ${cost}, ${outputs}`, () => {
    const configuration = { ...REFERENCE, hidden, activation: "tanh", cost };
    const { layers, x, y } = someUpdate(configuration, outputs);
    const lines = followUpdate(layers, x, y, configuration);
    const valueOf = (part, place) =>
      lines.find(
        (line) =>
          line.part === part &&
          ["layer", "node", "from"].every((name) => line[name] === place[name]),
      ).value;
    const places = placesOf(layers);
    const sizes = [3, ...hidden, outputs];
    const count = sizes.slice(1).reduce((total, own, k) => total + (sizes[k] + 1) * own, 0);
    assert.equal(places.length, count);
    for (const place of places) {
      const factors = chainOf(layers, x[0], y[0], configuration, place);
      const product = (all) => all.reduce((total, { value }) => total * value, 1);
      const gradient = valueOf("gradient", place);
      const shown = productOf(factors, 4).shown.reduce((total, each) => total * Number(each), 1);
      const ofError = product(factors.filter(({ isError }) => isError));
      assertNear(product(factors), gradient, 1e-12, 1e-18, "product");
      assertNear(shown, gradient, 1e-3, 1e-12, "shown");
      assertNear(ofError, valueOf("error", { ...place, from: null }), 1e-12, 1e-18, "error");
      assertNear(byDifferences(layers, x, y, configuration, place), gradient, 0, 1e-9, "found");
    }
  });

for (const [batch_size, optimiser] of combined([1, 8], Object.keys(OPTIMISERS)))
  test(`a gradient check finds wrong gradients and no wrong rows: ${batch_size}, ${optimiser}`, () => {
    const study = new Study(exported([{ ...REFERENCE, batch_size, l2: 0.01, optimiser }]));
    const suspects = mistakesOf(optimiser).map((name) => {
      const fit = beginWith(name, study, 0, 0);
      const order = fit.orders.of(1).slice(0, batch_size);
      const [x, y] = [fit.samples.train, fit.samples.trainTargets].map((all) =>
        order.map((k) => all[k]),
      );
      const { batch } = MISTAKES[name].rules;
      return [name, checkUpdate(fit.layers, x, y, fit.configuration, batch)];
    });
    const wrong = Object.fromEntries(suspects.filter(([, suspect]) => suspect));
    const expected = ["no_slope", "no_thresholds", "updated_weights"];
    assert.deepEqual(
      Object.keys(wrong).sort(),
      batch_size > 1 ? [...expected, "sum"].sort() : expected,
    );
    assert.equal(wrong.no_thresholds.own, 0);
    assert.equal(wrong.no_thresholds.place.from, null);
  });

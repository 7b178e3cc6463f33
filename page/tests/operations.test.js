// The graph of operations of a node: what is shown is worth its value, and gradients are those of the update.

import assert from "node:assert/strict";
import { test } from "node:test";

import { evaluate } from "../src/formula.js";
import { COSTS } from "../src/network.js";
import { followUpdate, numbersOf } from "../src/one_step.js";
import { REST, operationsOf } from "../src/operations.js";
import { REFERENCE, combined, someUpdate } from "./made.js";

const assertNear = (one, other, what) =>
  assert.ok(Math.abs(one - other) <= 1e-12 * Math.max(1, Math.abs(other)), what);

for (const [hidden, cost, outputs] of combined([[2], [6, 3]], Object.keys(COSTS), [1, 3]))
  test(`a graph has the gradients of the update: ${hidden}, ${cost}, ${outputs}`, () => {
    const configuration = { ...REFERENCE, hidden, activation: "tanh", cost, l2: 0.1 };
    const { layers, x, y } = someUpdate(configuration, outputs);
    const lines = followUpdate(layers, x, y, configuration);
    const valueOf = (symbol) => lines.find((line) => line.symbol === symbol)?.value;
    layers.forEach(({ thresholds }, below) =>
      thresholds.forEach((_, node) => {
        const place = { layer: below + 1, node };
        const all = operationsOf(layers, x[0], y[0], configuration, place);
        const known = new Map(all.map((each) => [each.symbol, each.value]));
        for (const each of all) {
          const { symbol, kind, formula, value, gradient, to, local } = each;
          assertNear(gradient, (to ? to.gradient : 1) * local.value, symbol);
          const gradientOfUpdate = valueOf(`dE/d${symbol}`);
          if (gradientOfUpdate !== undefined) assertNear(gradient, gradientOfUpdate, symbol);
          const valueOfUpdate = valueOf(symbol);
          if (valueOfUpdate !== undefined) assertNear(value, valueOfUpdate, symbol);
          else assert.ok(["product", "threshold"].includes(kind) || symbol === REST);
          if (formula) {
            const shown = evaluate(numbersOf(each, 4)).toPrecision(4);
            assert.equal(shown, value.toPrecision(4), symbol);
          }
          if (kind === "product")
            assertNear(
              evaluate(formula, (own) => known.get(own)),
              value,
            );
        }
        const isGiven = ({ kind }) => kind === "given";
        const terms = Math.min(layers[below].weights.length, 4);
        const rest = Number(layers[below].weights.length > 4);
        assert.equal(all.filter(isGiven).length, 2 * terms + rest + 1);
        assert.equal(all[all.length - 1].symbol, "E");
      }),
    );
  });

test("of many inputs, those with the largest products are drawn, and the rest is their sum", () => {
  const weights = [1, -9, 2, 8, 3, -4].map((w) => [w]);
  const layers = [{ weights, thresholds: [0.5] }];
  const all = operationsOf(layers, Array(6).fill(0.1), [1], REFERENCE, { layer: 1, node: 0 });
  const drawn = all.filter(({ kind }) => kind === "product").map(({ symbol }) => symbol);
  assert.deepEqual(drawn, ["w_2 x_2", "w_4 x_4", "w_5 x_5", "w_6 x_6"]);
  assertNear(all.find(({ symbol }) => symbol === REST).value, 0.3, "the rest");
});

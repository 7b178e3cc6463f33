// The landscape of a cost: planes, gradients in them, walks and their regimes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { flatten } from "../src/network.js";
import {
  answer,
  betasOf,
  costAt,
  planeOfTraining,
  planeOfWeights,
  ratesOf,
  regimeOf,
  slopeAt,
  survey,
  walkFrom,
  walkedRows,
} from "../src/landscape.js";
import { Study } from "../src/study.js";
import { REFERENCE, exported } from "./made.js";

const assertNear = (one, other, most) =>
  assert.ok(Math.abs(one - other) <= most, `${one} ${other}`);

/** Return a fit before its training, and its parameters after it. */
const trained = (changes = {}) => {
  const study = new Study(exported([{ ...REFERENCE, ...changes }]));
  const [fit, other] = [0, 0].map(() => study.begin(study.exported.configurations[0], 0));
  while (!other.ended) other.trainEpoch();
  return { fit, end: flatten(other.layers), cost: other.costOn(...trainingOf(other)) };
};
const trainingOf = ({ samples }) => [samples.train, samples.trainTargets];

test("the plane of training has the start and the end, with the costs that the fits have there", () => {
  const { fit, end, cost } = trained();
  const plane = planeOfTraining(fit, end, 1n, [0, 0]);
  const [first, second] = plane.axes;
  const inner = (one, other) => one.reduce((total, value, k) => total + value * other[k], 0);
  assertNear(inner(first, first), 1, 1e-12);
  assertNear(inner(second, second), 1, 1e-12);
  assertNear(inner(first, second), 0, 1e-12);
  assertNear(costAt(plane, plane.start), fit.costOn(...trainingOf(fit)), 1e-14);
  assertNear(costAt(plane, plane.end), cost, 1e-12);
});

test("a plane of two weights has the costs of networks with these two changed", () => {
  const { fit, end, cost } = trained();
  const plane = planeOfWeights(fit, end, [2, 9]);
  assert.deepEqual(plane.end, [end[2], end[9]]);
  assertNear(costAt(plane, plane.end), cost, 1e-14);
  const other = planeOfWeights(fit, end.with(2, 0.7).with(9, -1.3), [2, 9]);
  assert.equal(costAt(plane, [0.7, -1.3]), costAt(other, other.end));
});

test("the gradient in the plane is what differences of the cost are, with weight decay too", () => {
  for (const changes of [{}, { l2: 0.3, activation: "tanh", cost: "cross_entropy" }]) {
    const { fit, end } = trained(changes);
    const plane = planeOfTraining(fit, end, 1n, [0, 0]);
    const place = [0.4, -0.8];
    const { cost, slope } = slopeAt(plane, place);
    assertNear(cost, costAt(plane, place), 1e-14);
    for (const axis of [0, 1]) {
      const [up, down] = [1e-5, -1e-5].map((by) =>
        costAt(plane, place.with(axis, place[axis] + by)),
      );
      assertNear((up - down) / 2e-5, slope[axis], 1e-9);
    }
  }
});

test("momentum without momentum is gradient descent", () => {
  const { fit, end } = trained();
  const plane = planeOfTraining(fit, end, 1n, [0, 0]);
  const walks = ["sgd", "momentum"].map((optimiser) => [
    ...walkFrom(plane, [0.1, 0.2], { optimiser, rate: 0.5, beta: 0 }),
  ]);
  assert.equal(walks[0].length, 101);
  assert.deepEqual(walks[0], walks[1]);
});

test("a training without an end has a plane of two random directions", () => {
  const { fit, end } = trained();
  for (const nowhere of [end.map(() => NaN), end.map(() => 1e200), flatten(fit.layers)]) {
    const plane = planeOfTraining(fit, nowhere, 1n, [0, 0]);
    assert.deepEqual(
      [plane.start, plane.end],
      [
        [0, 0],
        [0, 0],
      ],
    );
    assert.ok(Number.isFinite(costAt(plane, [1, 1])));
    assert.ok(!plane.hasEnd);
    const { origin } = planeOfWeights(fit, nowhere, [0, 1]);
    assert.ok(origin.every(Number.isFinite));
  }
});

test("of many training rows, the first in a random order are walked on", () => {
  const fitOf = (rows) => {
    const train = Array.from({ length: rows }, (_, k) => [k]);
    const order = train.map((_, k) => rows - 1 - k);
    return { samples: { train, trainTargets: train }, orders: { of: () => order } };
  };
  assert.deepEqual(walkedRows(fitOf(150)).x[0], [0]);
  const { x, y } = walkedRows(fitOf(151));
  assert.deepEqual([x.length, x[0], y[149]], [150, [150], [1]]);
});

test("the regime of a walk is the first that its costs fulfil", () => {
  for (const [costs, lowest, regime] of [
    [[1, 2], 0, "diverging"],
    [[1, 0.1, 1.001], 0, "diverging"],
    [[1, NaN], 0, "diverging"],
    [[1, Infinity], 0, "diverging"],
    [[1, 0.2, 0.25, 0.2, 0.26, 0.1], 0, "oscillating"], // two rises, each below a tenth
    [[1, 0.2, 0.25, 0.2, 0.24, 0.1], 0, "converging"],
    [[1, 0.8, 0.95, 0.9], 0, "oscillating"],
    [[1, 0.9, 0.6], 0, "creeping"],
    [[1, 0.9, 0.6], 0.3, "converging"], // of what the map allows, it is more than half
    [[1, 0.5], 0, "converging"],
    [[1, 1], 0, "creeping"],
  ])
    assert.equal(regimeOf(costs, lowest), regime, String(costs));
});

test("an answer ends when it is asked anew, and says when it is complete", async () => {
  const { fit, end } = trained();
  const landscape = planeOfTraining(fit, end, 1n, [0, 0]);
  const asked = { kind: "regimes", landscape, start: [0, 0], optimiser: "sgd", lowest: 0 };
  const parts = [];
  await answer(
    asked,
    (part) => parts.push(part),
    () => true,
  );
  assert.equal(parts.pop(), null);
  assert.equal(parts.length, ratesOf("sgd").length * betasOf("sgd").length);
  assert.deepEqual(parts, [...survey(asked)].filter(Boolean));
  const few = [];
  await answer(
    asked,
    (part) => few.push(part),
    () => !few.length,
  );
  assert.deepEqual(few, parts.slice(0, 1));
});

// What is shown of a training, and how fits are summed up.

import assert from "node:assert/strict";
import { test } from "node:test";

import { History, strengthsOf } from "../src/history.js";
import { correctedInterval } from "../src/interval.js";
import { Tally } from "../src/proof.js";
import { largestDifference } from "../src/proving.js";
import { bestLine, directionOf, slowestOf } from "../src/questions.js";
import { exclusiveOr } from "../src/small_study.js";
import { Study, leaveOut } from "../src/study.js";
import { REFERENCE, exported } from "./made.js";

const begin = (configuration, stop) =>
  new History(new Study(exported([configuration], stop)).begin(configuration, 0));

/** Ask for epochs of a history, beside the fit that is trained epoch by epoch. */
const assertMoments = (configuration, stop, epochsOf, most) => {
  const kept = begin(configuration, stop);
  const { fit: own } = begin(configuration, stop);
  const expected = [JSON.stringify(own.layers)];
  while (!kept.fit.ended) {
    kept.train();
    own.trainEpoch();
    expected.push(JSON.stringify(own.layers));
  }
  for (const epoch of epochsOf(own.epoch)) {
    const last = Math.min(epoch, own.epoch);
    const { epoch: shown, layers, trainCost, strengths } = kept.at(epoch);
    assert.equal(shown, last);
    assert.ok(JSON.stringify(layers) === expected[last], `epoch ${epoch}`);
    if (epoch) assert.equal(trainCost, kept.costs[last - 1]);
    if (epoch) assert.ok(strengths.every((each) => each > 0));
  }
  assert.ok(kept.moments.length <= most);
  assert.equal(kept.moments.at(-1).epoch, own.epoch);
  return own;
};

for (const [hidden, optimiser, epochs, most] of [
  [[3], "sgd", 1100, 400],
  [[150, 150], "sgd", 45, 43],
  [[3], "adam", 900, 400],
])
  test(`each epoch is shown, however long the training is: ${hidden}, ${optimiser}`, () => {
    const configuration = { ...REFERENCE, hidden, optimiser, initialisation: "glorot" };
    const all = Array.from({ length: epochs + 1 }, (_, epoch) => epoch);
    const back = [...all].reverse().filter((_, place) => place % 7 === 0);
    assertMoments(configuration, { epochs }, () => [...all, ...back, epochs + 5], most);
  });

test("a fit that ends early keeps its last moment", () => {
  const stop = { epochs: 3000, patience: 415, tolerance: 0.001 };
  const around = (last) => [last - 1, last, last + 1];
  const fit = assertMoments({ ...REFERENCE, learning_rate: 1 }, stop, around, 400);
  assert.equal(fit.status(), "no_progress");
  assert.ok(fit.epoch > 400 && fit.epoch < 3000);
});

test("halfway is the first epoch nearer to the lowest cost", () => {
  for (const [costs, epoch] of [
    [[4, 3.5, 3, 1, 0], 4],
    [[4, 2, 4, 0], 2],
    [[4, NaN, 1, Infinity], 3],
    [[1, 2, 3], 1],
    [[5], 1],
    [[], null],
    [[NaN], null],
  ])
    assert.equal(Object.assign(Object.create(History.prototype), { costs }).halfway(), epoch);
});

test("how strongly a layer learns is a mean over nodes and samples", () => {
  const steps = [
    { sums: [[0, 1], [0]], outputs: [[9], [0.5, 0.5], [1]], layerErrors: [[1, -3], [2]] },
    { sums: [[0, 1], [0]], outputs: [[9], [0.2, 1], [0.1]], layerErrors: [[0, 0], [-4]] },
  ];
  const hidden = (0.25 + 0.25 + 0.16 + 0) / 4;
  for (const [cost, expected] of [
    ["squared_error", [hidden, 0.09 / 2]],
    ["cross_entropy", [hidden]], // an error without the output's slope
  ]) {
    const { strengths, slopes } = strengthsOf(steps, { activation: "sigmoid", cost });
    assert.deepEqual(strengths, [1, 3]);
    assert.equal(slopes.length, expected.length);
    slopes.forEach((slope, k) => assert.ok(Math.abs(slope - expected[k]) < 1e-12));
  }
  const none = strengthsOf([], { activation: "sigmoid", cost: "squared_error" });
  assert.deepEqual(none, { strengths: [], slopes: [] });
});

test("the largest difference is relative, and keeps that a number is missing", () => {
  for (const [one, other, expected] of [
    [[1, NaN, Infinity], [1, NaN, Infinity], 0],
    [[1, 0], [1.5, 0.25], 0.5 / 1.5],
    [[1000], [1001], 1 / 1001],
    [[1, 0, 0], [NaN, 1, 2], NaN],
    [[0, NaN, 0], [1, 1, 1], NaN],
  ])
    assert.equal(largestDifference(one, other), expected);
});

test("the row of a configuration sums its fits up", () => {
  const fit = { same: true, open: null, status: "epochs", weights: 2e-15, probabilities: 0 };
  const tally = new Tally("");
  [
    fit,
    { ...fit, same: false, open: { until: 12 }, probabilities: 1e-7 },
    { ...fit, same: false, status: "unlearned" },
    { ...fit, status: "diverged", weights: null },
  ].forEach((each, k) => tally.add({ ...each, accuracies: [[0.5, 1, 0.75, 0][k], 0] }, 0));
  const cells = tally.cells();
  const remarks = cells.pop();
  assert.deepEqual(cells, ["the reference", "4", "2", "1e-7", "2e-15", "75.0%"]);
  for (const each of ["1 chaotic", "1 have not learned", "1 diverged"])
    assert.ok(remarks.includes(each), each);
});

test("configurations that the page cannot train are left out", () => {
  const unknown = [
    { activation: "toString" },
    { cost: "hinge" },
    {},
    { initialisation: "he" },
    { optimiser: "rmsprop" },
  ];
  const known = exported(unknown.map((own, k) => ({ ...REFERENCE, name: `${k}`, ...own })));
  Object.assign(known, { names: ["", "1", "2", "3", "4"], fits: [[0], [1], [2], [3], [4]] });
  assert.deepEqual(leaveOut(known), ["0", "1", "3", "4"]);
  assert.deepEqual(known.configurations, [{ ...REFERENCE, name: "2" }]);
  assert.deepEqual([known.names, known.fits], [["2"], [[2]]]);
});

test("the flow of errors is judged by the numbers that are shown", () => {
  for (const [sizes, right, against] of [
    [[0.00782, 1.9e-5, 1.1e-6, 1.2e-6], 2, [[1.1e-6, 1.2e-6]]],
    [[0.00782, 1.9e-5, 1.151e-6, 1.249e-6], 2, []], // both are shown as 1.2e-6
    [[0.5, 0.1, 0.01], 2, []],
    [[0.01, 0.008, 0.5], 0, [[0.01, 0.008]]],
    [[0.5, 0.3, 0.9], 1, []],
  ]) {
    const judged = directionOf(sizes);
    assert.deepEqual([judged.right, judged.against], [right, against]);
  }
});

test("layers that learn about alike are all the slowest", () => {
  for (const [strengths, slowest] of [
    [
      [0.00332, 0.00224, 0.00236, 0.0452],
      [0, 1],
    ],
    [[2.4e-5, 4.9e-5, 4.7e-4, 0.123], [0]],
    [[0.9, 0.1, 0.5, 0.4], [1]],
    [[0.9, 0.5, 0.5, 0.2], [2]],
    [
      [0, 0, 0, 0.1],
      [0, 1],
    ], // no error comes back
  ])
    assert.deepEqual(slowestOf(strengths), slowest);
});

test("the best line is the best of all directions, along each of which every threshold is tried", () => {
  const table = exclusiveOr(1n);
  const [one, other] = table.columns.map(({ values }) => values);
  let best = 0;
  for (let k = 0; k < 2000; k++) {
    const angle = (Math.PI * k) / 2000;
    const place = one.map((value, row) => value * Math.cos(angle) + other[row] * Math.sin(angle));
    const order = [...place.keys()].sort((a, b) => place[a] - place[b]);
    let right = table.y.filter((c) => c === 0).length; // class 1 is below the threshold
    for (const row of [null, ...order]) {
      if (row !== null) right += table.y[row] ? 1 : -1;
      best = Math.max(best, right, table.y.length - right);
    }
  }
  assert.equal(bestLine(table), best);
  assert.ok(best >= 30 && best < 40);
});

test("differences that are all the same have no interval", () => {
  assert.equal(correctedInterval([0.1, 0.1, 0.1], 3), null);
});

// The cost of a network on a plane through its parameters, and training that stays on this plane: a
// step follows the gradient as far as it lies in the plane. The network and its steps are `network.js`.

import {
  OPTIMISERS,
  copyOf,
  costOfSample,
  flatten,
  gradientOfSteps,
  passes,
  sumOf,
} from "./network.js";
import { meanCost } from "./gradient_check.js";
import { stream } from "./streams.js";
import { breathe } from "./training.js";

/** Points of the map, along each axis. */
export const MAP_POINTS = 41;
/** Steps of a walk. */
export const WALK_STEPS = 100;
/* What the cells of the table of regimes try. */
const WALK_RATES = [0.01, 0.1, 1, 10, 30, 100, 300, 1000, 3000];
const WALK_RATES_OF_ADAM = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const WALK_BETAS = [0.99, 0.95, 0.9, 0.8, 0.6, 0.3, 0];

const MOST_WALKED = 150; // training rows whose cost is shown, so that each walk is quick
const DIRECTION = 1; // so that the direction has other random numbers than the starting weights
const MOST_APART = 1e6; // a plane through parameters that are farther apart shows nothing
const LEAST_HALF = 2; // of the width of a map of two weights

/**
 * A plane through the parameters of a network. It is plain data: workers get it.
 * @typedef {object} Landscape
 * @property {import("./network.js").Configuration} configuration
 * @property {import("./network.js").Layer[]} layers a network of this shape
 * @property {number[]} origin its parameters at (0, 0), in the order of `flatten`
 * @property {number[][]} axes two directions of length 1, at right angles
 * @property {number[][]} x the inputs of the training rows
 * @property {number[][]} y their targets
 * @property {number[]} middle of the map
 * @property {number} half of its width
 * @property {number[]} start of the study, in the plane
 * @property {number[]} end of its training
 * @property {boolean} hasEnd whether training leads anywhere: else `end` is the start
 *
 * How a walk is trained: beta is the momentum, or beta_1 of Adam.
 * @typedef {{optimiser: string, rate: number, beta: number}} Gait
 *
 * @typedef {"creeping" | "converging" | "oscillating" | "diverging"} Regime
 */

/**
 * Return the rows of a split whose cost is shown: all for training, or the first in a random order.
 * @param {import("./training.js").Fit} fit
 */
export function walkedRows({ samples, orders }) {
  const { train, trainTargets } = samples;
  const order = orders.of(1).slice(0, MOST_WALKED);
  const rows = train.length > MOST_WALKED ? order : [...train.keys()];
  return { x: rows.map((k) => train[k]), y: rows.map((k) => trainTargets[k]) };
}

/**
 * Return the plane through the start, the end of training, and a random direction; if the training
 * has ended nowhere, another random direction is in its place.
 * @param {import("./training.js").Fit} fit before its training
 * @param {number[]} end its parameters after it
 * @param {bigint} seed
 * @param {number[]} key of the split
 * @returns {Landscape}
 */
export function planeOfTraining(fit, end, seed, key) {
  const { layers, configuration } = fit;
  const origin = flatten(layers);
  const generator = stream(seed, "weights", ...key, DIRECTION);
  const draw = () => origin.map(() => 2 * generator.random() - 1);
  const way = end.map((value, k) => value - origin[k]);
  const length = Math.sqrt(inner(way, way));
  const hasEnd = length > 0 && length < MOST_APART;
  const first = unit(hasEnd ? way : draw());
  const drawn = draw();
  const along = inner(first, drawn);
  const second = unit(drawn.map((value, k) => value - along * first[k]));
  const reach = hasEnd ? length : 0;
  return {
    configuration,
    layers: copyOf(layers),
    origin,
    axes: [first, second],
    ...walkedRows(fit),
    middle: hasEnd ? [reach / 2, 0] : [0, 0],
    half: Math.max(1.5 * reach, LEAST_HALF),
    start: [0, 0],
    end: hasEnd ? [length, 0] : [0, 0],
    hasEnd,
  };
}

/**
 * Return the plane of two weights; all others are as after training, or if that ended nowhere, as
 * before it.
 * @param {import("./training.js").Fit} fit before its training
 * @param {number[]} end its parameters after it
 * @param {number[]} pair which parameters
 * @returns {Landscape}
 */
export function planeOfWeights(fit, end, pair) {
  const { layers, configuration } = fit;
  const begin = flatten(layers);
  const hasEnd = end.every((value) => Math.abs(value) < MOST_APART);
  const last = hasEnd ? end : begin;
  const [start, ended] = [begin, last].map((values) => pair.map((k) => values[k]));
  const away = Math.max(...start.map((value, axis) => Math.abs(value - ended[axis])));
  return {
    configuration,
    layers: copyOf(layers),
    origin: last.map((value, k) => (pair.includes(k) ? 0 : value)),
    axes: pair.map((own) => last.map((_, k) => Number(k === own))),
    ...walkedRows(fit),
    middle: start.map((value, axis) => (value + ended[axis]) / 2),
    half: Math.max(LEAST_HALF, away),
    start,
    end: ended,
    hasEnd,
  };
}

/** Return the network at a place of the plane. @param {Landscape} landscape @param {number[]} place */
function layersAt({ layers, origin, axes: [one, other] }, [s, t]) {
  const here = copyOf(layers);
  let k = 0;
  for (const { weights, thresholds } of here)
    for (const row of [...weights, thresholds])
      for (let j = 0; j < row.length; j++, k++) row[j] = origin[k] + s * one[k] + t * other[k];
  return here;
}

/** Return what weight decay adds to the cost. @param {import("./network.js").Layer[]} layers @param {number} l2 */
const penalty = (layers, l2) =>
  l2 && (l2 / 2) * sumOf(layers.flatMap(({ weights }) => weights.flat().map((w) => w * w)));

/**
 * Return the cost at a place of the plane: the mean over the rows, and what weight decay adds.
 * @param {Landscape} landscape @param {number[]} place
 */
export function costAt(landscape, place) {
  const { x, y, configuration } = landscape;
  const layers = layersAt(landscape, place);
  return meanCost(layers, x, y, configuration) + penalty(layers, configuration.l2);
}

/**
 * Return the cost at a place, and its gradient as far as it lies in the plane.
 * @param {Landscape} landscape @param {number[]} place
 */
export function slopeAt(landscape, place) {
  const { x, y, configuration, axes } = landscape;
  const layers = layersAt(landscape, place);
  const steps = passes(layers, x, y, configuration);
  const gradient = gradientOfSteps(layers, steps, configuration.l2);
  const costs = steps.map(({ sums }, k) =>
    costOfSample(sums[sums.length - 1], y[k], configuration.cost),
  );
  const cost = sumOf(costs) / costs.length + penalty(layers, configuration.l2);
  return { cost, slope: axes.map((axis) => inner(axis, gradient)) };
}

/** Return the place of a point of the map. @param {Landscape} landscape @param {number} row from the top @param {number} column */
export function pointOfMap({ middle, half }, row, column) {
  const share = (/** @type {number} */ k) => (2 * k) / (MAP_POINTS - 1) - 1;
  return [middle[0] + half * share(column), middle[1] - half * share(row)];
}

/**
 * Train in the plane, from a place, step by step.
 * @param {Landscape} landscape @param {number[]} start @param {Gait} gait
 * @returns {Generator<{at: number[], cost: number}>} before each step, and after the last
 */
export function* walkFrom(landscape, start, { optimiser, rate, beta }) {
  const { slots, direction, rate: rateOf } = OPTIMISERS[optimiser];
  const constants = {
    ...landscape.configuration,
    learning_rate: rate,
    momentum: beta,
    beta_1: beta,
  };
  const memory = slots.map(() => new Float64Array(start.length));
  let at = start;
  for (let t = 1; ; t++) {
    const { cost, slope } = slopeAt(landscape, at);
    yield { at, cost };
    if (t > WALK_STEPS || !Number.isFinite(cost)) return;
    const eta = rateOf(rate, t, constants);
    at = at.map((value, k) => value - eta * direction(memory, k, slope[k], constants));
  }
}

/** What decides the regime of a walk: shares of the most that its cost could fall. */
export const REGIME = { rise: 0.1, fall: 0.5 };

/**
 * Return the regime of a walk. The most that its cost could fall is from its first value to the
 * lowest of the map. It is diverging if the cost ends higher than it began; else oscillating if all
 * its rises together are more than `REGIME.rise` of that; else creeping if it falls by less than
 * `REGIME.fall` of it; else converging.
 * @param {number[]} costs
 * @param {number} lowest of the map
 * @returns {Regime}
 */
export function regimeOf(costs, lowest) {
  const [first, last] = [costs[0], costs[costs.length - 1]];
  const most = first - lowest;
  if (!(last <= first)) return "diverging";
  const rises = costs.slice(1).map((cost, k) => Math.max(cost - costs[k], 0));
  if (sumOf(rises) > REGIME.rise * most) return "oscillating";
  return first - last < REGIME.fall * most ? "creeping" : "converging";
}

/**
 * What is asked about a landscape.
 * @typedef {{kind: "map", landscape: Landscape}} MapAsked
 * @typedef {{kind: "walk", landscape: Landscape, start: number[], gait: Gait}} WalkAsked
 * @typedef {{kind: "regimes", landscape: Landscape, start: number[], optimiser: string, lowest: number}} RegimesAsked
 * @typedef {MapAsked | WalkAsked | RegimesAsked} Asked
 */

/**
 * Answer what is asked, piece by piece; null between pieces, where a pause is possible.
 * @param {Asked} asked
 * @returns {Generator<any>} the costs of a row of the map; a walk; the regime of a cell of the table
 */
export function* survey(asked) {
  const { landscape } = asked;
  if (asked.kind === "map")
    for (let row = 0; row < MAP_POINTS; row++) {
      const costs = [];
      for (let column = 0; column < MAP_POINTS; column++) {
        costs.push(costAt(landscape, pointOfMap(landscape, row, column)));
        yield null;
      }
      yield { row, costs };
    }
  else if (asked.kind === "walk") yield yield* collected(landscape, asked.start, asked.gait);
  else
    for (const beta of betasOf(asked.optimiser))
      for (const rate of ratesOf(asked.optimiser)) {
        const gait = { optimiser: asked.optimiser, rate, beta };
        const costs = (yield* collected(landscape, asked.start, gait)).map(({ cost }) => cost);
        yield { rate, beta, regime: regimeOf(costs, asked.lowest), cost: costs[costs.length - 1] };
      }
}

/**
 * Answer what is asked about a landscape, piece by piece, while it goes on; at the end, send null.
 * @param {Asked} asked
 * @param {(part: any) => void} send
 * @param {() => boolean} goesOn
 */
export async function answer(asked, send, goesOn) {
  for (const part of survey(asked)) {
    if (part) send(part);
    await breathe();
    if (!goesOn()) return;
  }
  send(null);
}

/**
 * @param {Landscape} landscape @param {number[]} start @param {Gait} gait
 * @returns {Generator<null, {at: number[], cost: number}[]>}
 */
function* collected(landscape, start, gait) {
  const points = [];
  for (const point of walkFrom(landscape, start, gait)) {
    points.push(point);
    yield null;
  }
  return points;
}

/** Return the learning rates that the table of an optimiser has. @param {string} optimiser */
export const ratesOf = (optimiser) => (optimiser === "adam" ? WALK_RATES_OF_ADAM : WALK_RATES);

/** Return the values of beta that an optimiser can have. @param {string} optimiser */
export const betasOf = (optimiser) => (OPTIMISERS[optimiser].slots.length ? WALK_BETAS : [0]);

/** @param {number[]} one @param {number[]} other */
function inner(one, other) {
  let total = 0;
  for (let k = 0; k < one.length; k++) total += one[k] * other[k];
  return total;
}

/** @param {number[]} vector */
function unit(vector) {
  const length = Math.sqrt(inner(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

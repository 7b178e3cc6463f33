// A study that is made in the page: of points that are drawn here, or of a table of the reader. It
// has splits and starting weights as any other, and no stored fits.

import { Study } from "./study.js";
import { stream } from "./streams.js";

const FOLDS = 5;
const TURNS = 200; // of the power iteration; more change no pixel
const KEY = 1; // so that the folds have other random numbers than the orders
const CLUSTER = 10; // points of each cluster of XOR
const SPREAD = 0.3;

/**
 * Rows with classes.
 * @typedef {object} Table
 * @property {string} name
 * @property {{name: string, values: (number | null)[]}[]} columns numbers; null where one is missing
 * @property {string} label the name of the class
 * @property {string[]} classes
 * @property {number[]} y
 * @property {string[]} [left] the columns that are no numbers, if it is a table of the reader
 */

/**
 * Return a study of a table.
 * @param {Table} table
 * @param {import("./study.js").Exported} home the study of the page: its look, seed and stop
 * @param {import("./study.js").Named[]} configurations
 * @param {string[]} names of the configurations
 */
export function studyOf(table, home, configurations, names) {
  const { columns, y, classes, label, name, left } = table;
  const everywhere = encodingOf(columns, [...y.keys()]);
  const { points, shares, axes } = planeOf(columns, y.length, everywhere);
  const splits = foldsOf(y, BigInt(home.seed)).map((test, fold) => {
    const outside = new Set(test);
    const train = [...y.keys()].filter((row) => !outside.has(row));
    const encoding = encodingOf(columns, train);
    return { repeat: 0, fold, test, ...encoding, plane: axes(encoding) };
  });
  return new Study({
    ...home,
    dataset: name,
    left,
    label,
    classes,
    y,
    columns,
    everywhere,
    points,
    shares,
    splits,
    configurations,
    names,
    fits: [],
    chaotic: [],
  });
}

/**
 * Return the points of XOR: four clusters, two for each class, which no line separates.
 * @param {bigint} seed
 * @returns {Table}
 */
export function exclusiveOr(seed) {
  const generator = stream(seed, "order", 0, 0, KEY);
  const noise = () => SPREAD * (generator.random() + generator.random() - 1);
  const corners = [0, 1, 2, 3].flatMap((corner) =>
    Array.from({ length: CLUSTER }, () => [corner % 2, Math.floor(corner / 2)]),
  );
  const rows = corners.map((corner) => corner.map((value) => value + noise()));
  return {
    name: "xor",
    label: "XOR",
    classes: ["0", "1"],
    y: corners.map(([one, other]) => Number(one !== other)),
    columns: [0, 1].map((place) => ({ name: `x${place + 1}`, values: rows.map((r) => r[place]) })),
  };
}

/**
 * Return the test rows of each fold: as many of each class as possible in all.
 * @param {number[]} y
 * @param {bigint} seed
 */
function foldsOf(y, seed) {
  const order = stream(seed, "order", 0, 0, KEY + 1).permutation(y.length);
  const sorted = [...order].sort((one, other) => y[one] - y[other]);
  return Array.from({ length: FOLDS }, (_, fold) =>
    sorted.filter((_, place) => place % FOLDS === fold).sort((one, other) => one - other),
  );
}

/**
 * Return the scaling of columns by some rows; a missing value becomes the mean.
 * @param {Table["columns"]} columns
 * @param {number[]} rows
 * @returns {import("./study.js").Encoding}
 */
function encodingOf(columns, rows) {
  const scaling = columns.map(({ values }) => {
    const known = rows.flatMap((row) => values[row] ?? []);
    const mean = known.reduce((total, value) => total + value, 0) / (known.length || 1);
    const square = known.reduce((total, value) => total + (value - mean) ** 2, 0);
    return { mean, scale: Math.sqrt(square / (known.length || 1)) || 1 };
  });
  return {
    columns: columns.map((_, place) => place),
    mean: scaling.map(({ mean }) => mean),
    scale: scaling.map(({ scale }) => scale),
    missing: columns.map(() => 0),
  };
}

/**
 * Return where rows are drawn: by one or two columns themselves, else by principal components.
 * @param {Table["columns"]} columns
 * @param {number} rows
 * @param {import("./study.js").Encoding} everywhere
 */
function planeOf(columns, rows, { mean, scale }) {
  const isWhole = columns.every(({ values }) => values.every((value) => value !== null));
  const inputs = Array.from({ length: rows }, (_, row) =>
    columns.map(({ values }, i) => ((values[row] ?? mean[i]) - mean[i]) / scale[i]),
  );
  const raw = columns.length <= 2 && isWhole;
  const { components, shares } = raw
    ? { components: columns.map((_, i) => columns.map((_, j) => Number(i === j))), shares: null }
    : principal(inputs);
  const points = raw
    ? inputs.map((_, row) => columns.map(({ values }) => values[row] ?? 0))
    : inputs.map((row) => components.map((c) => dot(c, row)));
  /** @param {import("./study.js").Encoding} own */
  const axes = (own) => {
    const origin = columns.map((_, i) => ((raw ? 0 : mean[i]) - own.mean[i]) / own.scale[i]);
    const steps = components.map((c) =>
      c.map((value, i) => (value * (raw ? 1 : scale[i])) / own.scale[i]),
    );
    return [origin, ...steps];
  };
  return { points, shares, axes };
}

/**
 * Return the two directions in which standardised rows vary most, and their shares of the variance.
 * @param {number[][]} inputs
 */
function principal(inputs) {
  const width = inputs[0].length;
  const covariance = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) =>
      inputs.reduce((total, row) => total + row[i] * row[j], 0),
    ),
  );
  const all = covariance.reduce((total, row, i) => total + row[i], 0) || 1;
  /** @type {number[][]} */
  const components = [];
  const shares = [];
  for (let axis = 0; axis < Math.min(2, width); axis++) {
    let direction = covariance.map((_, i) => 1 / (i + 1 + axis));
    for (let turn = 0; turn < TURNS; turn++) {
      const turned = covariance.map((row) => dot(row, direction));
      for (const own of components) {
        const along = dot(own, turned);
        own.forEach((value, i) => (turned[i] -= along * value));
      }
      const length = Math.sqrt(dot(turned, turned));
      if (!length) break;
      direction = turned.map((value) => value / length);
    }
    components.push(direction);
    shares.push(
      dot(
        direction,
        covariance.map((row) => dot(row, direction)),
      ) / all,
    );
  }
  return { components, shares };
}

/** @param {number[]} one @param {number[]} other */
const dot = (one, other) => one.reduce((total, value, i) => total + value * other[i], 0);

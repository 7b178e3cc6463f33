// A study that is made in the page: of points that are drawn here, or of a table of the reader. It
// has splits and starting weights as any other, and no stored fits.

import { Study } from "./study.js";
import { stream } from "./streams.js";

const FOLDS = 5;
const KEY = 1; // so that the folds have other random numbers than the orders
const CLUSTER = 10; // points of each cluster of XOR
const SPREAD = 0.3;
const ARM = 50; // points of each spiral
const ROUNDS = 1.5; // of each spiral
const LENGTH = 2; // of a spiral, from the middle to its end

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
  const splits = foldsOf(y, BigInt(home.seed)).map((test, fold) => {
    const outside = new Set(test);
    const train = [...y.keys()].filter((row) => !outside.has(row));
    return { repeat: 0, fold, test, ...encodingOf(columns, train) };
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
    ...planeOf(columns, y, everywhere),
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
 * @param {number} [spread] how far a point is from the middle of its cluster, at most
 */
export function exclusiveOr(seed, spread = SPREAD) {
  const corners = [0, 1, 2, 3].flatMap((corner) =>
    Array.from({ length: CLUSTER }, () => [corner % 2, Math.floor(corner / 2)]),
  );
  const y = corners.map(([one, other]) => Number(one !== other));
  return pointsTable("xor", "XOR", spreadOut(corners, spread, seed), y);
}

/**
 * Return the points of two spirals, one for each class, around each other.
 * @param {bigint} seed
 * @param {number} spread how far a point is from its spiral, at most
 */
export function spirals(seed, spread) {
  const y = Array.from({ length: 2 * ARM }, (_, k) => k % 2);
  const places = y.map((c, k) => {
    const share = (Math.floor(k / 2) + 1) / ARM;
    const angle = 2 * Math.PI * (ROUNDS * share + c / 2);
    return [Math.cos(angle), Math.sin(angle)].map((each) => LENGTH * share * each);
  });
  return pointsTable("spirals", "spiral", spreadOut(places, spread, seed), y);
}

/** Move points at random. @param {number[][]} points @param {number} spread @param {bigint} seed */
function spreadOut(points, spread, seed) {
  const generator = stream(seed, "order", 0, 0, KEY);
  const noise = () => spread * (generator.random() + generator.random() - 1);
  return points.map((point) => point.map((value) => value + noise()));
}

/**
 * Return points of two classes as a table.
 * @param {string} name @param {string} label @param {number[][]} rows @param {number[]} y
 * @returns {Table}
 */
const pointsTable = (name, label, rows, y) => ({
  name,
  label,
  classes: ["0", "1"],
  y,
  columns: [0, 1].map((place) => ({ name: `x${place + 1}`, values: rows.map((r) => r[place]) })),
});

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
 * Return where rows are drawn: by the two columns by which the classes differ most.
 * @param {Table["columns"]} columns
 * @param {number[]} y
 * @param {import("./study.js").Encoding} everywhere
 */
function planeOf(columns, y, { mean, scale }) {
  // The share of the variance of a column that is between classes, as in the figures.
  const shares = columns.map(({ values }, i) => {
    const totals = new Map();
    y.forEach((c, row) => {
      const { sum, rows } = totals.get(c) ?? { sum: 0, rows: 0 };
      const input = ((values[row] ?? mean[i]) - mean[i]) / scale[i];
      totals.set(c, { sum: sum + input, rows: rows + 1 });
    });
    return [...totals.values()].reduce((total, { sum, rows }) => total + sum ** 2 / rows, 0);
  });
  const axes = [...columns.keys()];
  if (columns.length > 2) axes.sort((one, other) => shares[other] - shares[one]).splice(2);
  const elsewhere = columns.map(({ values }) => medianOf(values));
  const points = y.map((_, row) => axes.map((i) => columns[i].values[row] ?? elsewhere[i]));
  return { axes, elsewhere, points };
}

/** @param {(number | null)[]} values */
function medianOf(values) {
  const sorted = values.flatMap((value) => value ?? []).sort((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  return (sorted[half] + sorted[sorted.length - 1 - half]) / 2;
}

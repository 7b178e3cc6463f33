// The study of the page, as ../study.schema.json declares it: rows, splits and fits.

import { ACTIVATIONS, COSTS, INITIALISATIONS, OPTIMISERS } from "./network.js";
import { CORRECT, Orders, begin, predictedClass } from "./training.js";

/**
 * How the inputs of a split follow from the columns.
 * @typedef {object} Encoding
 * @property {number[]} columns
 * @property {number[]} mean
 * @property {number[]} scale
 * @property {(number | null)[]} missing what replaces a missing value
 *
 * @typedef {object} SplitOnly
 * @property {number} repeat from 0
 * @property {number} fold from 0
 * @property {number[]} test the rows of the test fold, from 0
 * @property {number[]} [train] the training rows; by default all others
 *
 * @typedef {Encoding & SplitOnly} Split
 *
 * A row of the reader: its place in the plane, and its class.
 * @typedef {{point: number[], c: number}} Added
 *
 * The points of the plane that the reader has moved rows to.
 * @typedef {Map<number, number[]>} Moved
 *
 * @typedef {{status: string, epochs: number, numbers: string}} Stored
 *
 * How chaotic training begins, in which rounding errors decide after the epoch `until`: the training
 * cost of the fit of each split after an epoch long before that; null where there is none.
 * @typedef {{until: number, epoch: number, costs: (number | null)[]}} Beginning
 *
 * @typedef {import("./network.js").Configuration & {name: string}} Named
 *
 * @typedef {object} Exported
 * @property {string} seed
 * @property {import("./training.js").Stop} stop
 * @property {string[]} classes
 * @property {number[]} y
 * @property {{name: string, values: (number | null)[]}[]} columns
 * @property {Encoding} everywhere
 * @property {number} farthest
 * @property {number[][]} points the place of each row in the plane
 * @property {number[]} axes the columns that are the axes of the plane, one or two
 * @property {number[]} elsewhere of each column, its value in the plane if it is no axis
 * @property {Split[]} splits
 * @property {Named[]} configurations
 * @property {Stored[][]} fits by configuration and split
 * @property {string[]} names how each configuration differs from the reference; "" for itself
 * @property {(Beginning | null)[]} chaotic of each configuration: null if its training is not chaotic
 * @property {string} dataset its name in results/
 * @property {string[]} [left] the columns that are no numbers, if it is a table of the reader
 * @property {string} label
 * @property {string[]} colours of the classes
 * @property {string} colour of the network
 * @property {string[]} markers of the classes, as Matplotlib names them
 * @property {{rows: number, inputs: number, configurations: number, kept: number}} size
 */

/**
 * Leave out the configurations that the page cannot train; return their names.
 * @param {Exported} exported changed in place
 */
export function leaveOut(exported) {
  const { configurations, names, chaotic, fits } = exported;
  const isKnown = configurations.map(
    ({ activation, cost, initialisation, optimiser }) =>
      Object.hasOwn(OPTIMISERS, optimiser) &&
      Object.hasOwn(ACTIVATIONS, activation) &&
      Object.hasOwn(COSTS, cost) &&
      Object.hasOwn(INITIALISATIONS, initialisation),
  );
  const kept = (/** @type {any[]} */ values) => values.filter((_, c) => isKnown[c]);
  const lost = configurations.filter((_, c) => !isKnown[c]).map(({ name }) => name);
  Object.assign(exported, {
    configurations: kept(configurations),
    names: kept(names),
    chaotic: kept(chaotic ?? []),
    fits: kept(fits ?? []),
  });
  return lost;
}

/** The data and the fits of a study. */
export class Study {
  /** @param {Exported} exported */
  constructor(exported) {
    this.exported = exported;
    this.seed = BigInt(exported.seed);
    this.outputs = exported.classes.length === 2 ? 1 : exported.classes.length;
    /** @type {{split: number, orders: Orders} | null} the orders of one split, to save memory */
    this.known = null;
  }

  /** Return the training rows of a split, ascending. @param {number} split */
  trainingRows(split) {
    const { train, test } = this.exported.splits[split];
    const tested = new Set(test);
    return train ?? [...this.exported.y.keys()].filter((row) => !tested.has(row));
  }

  /**
   * Return the inputs of a row.
   * @param {number} row
   * @param {Encoding} encoding of a split, or of all rows
   */
  inputs(row, { columns, mean, scale, missing }) {
    return columns.map((column, place) => {
      const value = this.exported.columns[column].values[row];
      return value === null ? (missing[place] ?? 0) : this.scaled(value, mean[place], scale[place]);
    });
  }

  /** Return the targets of a row: 1 for its class. @param {number} row */
  targets(row) {
    return this.targetsOf(this.exported.y[row]);
  }

  /** Return the targets of a class. @param {number} y */
  targetsOf(y) {
    return this.outputs === 1 ? [y] : this.exported.classes.map((_, j) => Number(y === j));
  }

  /**
   * Return the rows of a split as a network gets them.
   * @param {number} split
   * @param {Encoding} [encoding] by default the encoding of the split
   */
  samples(split, encoding = this.exported.splits[split]) {
    const [train, test] = [this.trainingRows(split), this.exported.splits[split].test];
    return {
      train: train.map((row) => this.inputs(row, encoding)),
      trainTargets: train.map((row) => this.targets(row)),
      test: test.map((row) => this.inputs(row, encoding)),
      testTargets: test.map((row) => this.targets(row)),
    };
  }

  /** Return the key of the random numbers of a split. @param {number} split */
  key(split) {
    const { repeat, fold } = this.exported.splits[split];
    return [repeat, fold];
  }

  /**
   * Begin a fit from the starting weights of the study.
   * @param {import("./network.js").Configuration} configuration
   * @param {number} split
   * @param {object} [changes]
   * @param {import("./training.js").Rules} [changes.rules]
   * @param {Encoding} [changes.encoding]
   * @param {bigint} [changes.seed]
   * @param {Added[]} [changes.added] training rows of the reader
   * @param {Moved} [changes.moved] rows that the reader has moved
   */
  begin(configuration, split, changes = {}) {
    const { rules = CORRECT, encoding, seed = this.seed, added = [], moved } = changes;
    const samples = this.samples(split, encoding);
    for (const [row, point] of moved ?? []) this.move(samples, split, row, point);
    for (const { point, c } of added) {
      samples.train.push(this.inputsAt(split, point));
      samples.trainTargets.push(this.targetsOf(c));
    }
    const orders =
      seed === this.seed && !added.length
        ? this.ordersOf(split)
        : new Orders(seed, this.key(split), samples.train.length);
    const { stop } = this.exported;
    return begin(configuration, samples, orders, stop, seed, this.key(split), rules);
  }

  /**
   * Move a row in the plane: its inputs change by the difference, what the plane leaves out stays.
   * @param {import("./training.js").Samples} samples
   * @param {number} split
   * @param {number} row
   * @param {number[]} point
   */
  move({ train, test }, split, row, point) {
    const place = this.exported.splits[split].test.indexOf(row);
    const inputs = place < 0 ? train[this.trainingRows(split).indexOf(row)] : test[place];
    if (!inputs) return; // a later row, which the split has not
    const [from, to] = [this.exported.points[row], point].map((at) => this.inputsAt(split, at));
    to.forEach((value, i) => (inputs[i] += value - from[i]));
  }

  /** @param {number} split */
  ordersOf(split) {
    if (this.known?.split !== split) {
      const orders = new Orders(this.seed, this.key(split), this.trainingRows(split).length);
      this.known = { split, orders };
    }
    return this.known.orders;
  }

  /** Return what the output nodes are: P(label = class), with two classes P(label = the second). */
  outputNames() {
    const { classes, label } = this.exported;
    const named = this.outputs === 1 ? [`${label} = ${classes[1]}`] : classes;
    return named.map((name) => `P(${name})`);
  }

  /**
   * Return the classes that probabilities of the test rows of a split predict.
   * @param {number[]} p row by row
   */
  labels(p) {
    const rows = Array.from({ length: p.length / this.outputs }, (_, row) =>
      p.slice(row * this.outputs, (row + 1) * this.outputs),
    );
    return rows.map(predictedClass);
  }

  /**
   * Return the accuracy of probabilities of the test rows of a split.
   * @param {number[]} p
   * @param {number} split
   */
  storedAccuracy(p, split) {
    const { test } = this.exported.splits[split];
    const labels = this.labels(p);
    return test.filter((row, k) => this.exported.y[row] === labels[k]).length / test.length;
  }

  /** Return the stored numbers of a fit. @param {Stored} stored */
  static numbers({ numbers }) {
    const bytes = Uint8Array.from(atob(numbers), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / 8 }, (_, k) => view.getFloat64(8 * k, true));
  }

  /**
   * Return the inputs of a network at a place of the plane.
   * @param {number} split
   * @param {number[]} place
   */
  inputsAt(split, place) {
    const { axes, elsewhere, splits } = this.exported;
    const { columns, mean, scale } = splits[split];
    return columns.map((column, i) => {
      const axis = axes.indexOf(column);
      return this.scaled(axis < 0 ? elsewhere[column] : place[axis], mean[i], scale[i]);
    });
  }

  /** @param {number} value @param {number} mean @param {number} scale */
  scaled(value, mean, scale) {
    const { farthest } = this.exported;
    return Math.min(Math.max((value - mean) / scale, -farthest), farthest);
  }
}

// The plane: the rows of a study, and what a network predicts there.

import { costOf, forward, predict } from "./network.js";
import { drawGridlines, drawTicks, roundTicks } from "./chart.js";
import { element } from "./elements.js";
import { short } from "./numbers.js";
import { screenColours, css, rgb, tint, write } from "./sheet.js";
import { words } from "./words.js";

const CELLS = 44; // of the plane, along each axis
const MOST_CLASSES = 20; // in a legend, as in the figures

/** Where the rows of a study are in the plane. */
export class Frame {
  /** @param {import("./study.js").Study} study @param {number} split */
  constructor(study, split) {
    this.study = study;
    this.split = split;
    const { points } = study.exported;
    const axes = [0, 1].filter((axis) => axis < points[0].length);
    this.low = axes.map((axis) => Math.min(...points.map((point) => point[axis])));
    this.high = axes.map((axis) => Math.max(...points.map((point) => point[axis])));
    axes.forEach((axis) => {
      // No mark is cut, even in a low picture; and a constant axis has a range, too.
      const margin = 0.1 * (this.high[axis] - this.low[axis]) || 0.5;
      this.low[axis] -= margin;
      this.high[axis] += margin;
    });
    this.isLine = axes.length === 1;
    // With one axis, the rows of each class have a line of their own below the probabilities.
    this.step = Math.min(0.07, 0.4 / study.exported.classes.length);
    this.lowest = -this.step * (study.exported.classes.length + 0.7);
  }

  /**
   * Return the inputs at the middle of each cell of a grid, row by row from the top.
   * @param {number} cells along each axis
   */
  grid(cells) {
    const rows = this.isLine ? 1 : cells;
    /** @type {number[][]} */
    const places = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < cells; column++) {
        const shares = [(column + 0.5) / cells, 1 - (row + 0.5) / cells];
        const place = this.low.map((low, axis) => low + shares[axis] * (this.high[axis] - low));
        places.push(this.study.inputsAt(this.split, place));
      }
    return places;
  }

  /** Return where a point of a class is, each from 0 to 1, from the top left. @param {number[]} point @param {number} c */
  placeOf(point, c) {
    const [x, y] = point.map(
      (value, axis) => (value - this.low[axis]) / (this.high[axis] - this.low[axis]),
    );
    return this.isLine ? [x, this.top(-this.step * (c + 1))] : [x, 1 - y];
  }

  /** Return the point at a place of the drawing, each from 0 to 1, from the top left. @param {number[]} place */
  pointAt([x, y]) {
    const shares = [x, 1 - y];
    return this.low.map((low, axis) => low + shares[axis] * (this.high[axis] - low));
  }

  /** Return where a probability is, from 0 at the top to 1. @param {number} p */
  top(p) {
    return (1.02 - p) / (1.02 - this.lowest);
  }
}

/**
 * Return where all rows are, those that the reader has added last.
 * @param {Frame} frame
 * @param {import("./watch_panel.js").Changes} changes
 */
export function placesOfRows(frame, { added, moved }) {
  const { points, y } = frame.study.exported;
  return [
    ...y.map((c, row) => frame.placeOf(moved.get(row) ?? points[row], c)),
    ...added.map(({ point, c }) => frame.placeOf(point, c)),
  ];
}

/**
 * Draw what a network predicts in the plane, and the rows.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {Frame} frame
 * @param {number[][]} grid the inputs of `CELLS` x `CELLS` cells
 * @param {import("./network.js").Layer[]} layers
 * @param {import("./network.js").Configuration} configuration
 * @param {object} shown
 * @param {Set<number>} shown.test the test rows
 * @param {import("./study.js").Added[]} shown.added rows of the reader
 * @param {import("./study.js").Moved} shown.moved
 * @param {number | null} shown.held the row that is held
 * @param {number[] | null} shown.cross where the keyboard would add one
 * @param {number[] | null} shown.pointed where the reader points
 * @param {import("./network_drawing.js").Node | null} shown.seen the node whose output is shown, in
 *   the place of the prediction
 */
export function drawPlane(sheet, frame, grid, layers, configuration, shown) {
  const { test, added, moved, held, cross, pointed, seen } = shown;
  const { y, colours, markers, colour } = frame.study.exported;
  const p = grid.map((inputs) => predict(layers, inputs, configuration));
  const { output } = costOf(configuration.cost, frame.study.outputs);
  const values =
    seen &&
    grid.map(
      (x) => forward(layers, x, configuration.activation, output).outputs[seen.layer][seen.node],
    );
  sheet.show(() => {
    const { context, width, height } = sheet;
    const box = frame.isLine
      ? { left: 38, top: 22, width: width - 60, height: height - 62 }
      : { left: 0, top: 0, width, height };
    if (frame.isLine) drawProbabilities(sheet, frame, box, p);
    else if (values) drawOutput(sheet, values);
    else
      drawField(
        sheet,
        p,
        colours.map(rgb),
        screenColours().ink === "#222222" ? colour : screenColours().ink,
      );
    if (!frame.isLine) drawAxes(sheet, frame);
    const inBox = (/** @type {number[]} */ [x, top]) => [
      box.left + x * box.width,
      box.top + top * box.height,
    ];
    placesOfRows(frame, { added, moved }).forEach((at, row) => {
      const isOwn = row >= y.length;
      const c = isOwn ? added[row - y.length].c : y[row];
      const place = inBox(at);
      drawMark(context, place, markers[c], colours[c], isOwn ? 9 : test.has(row) ? 7 : 4.5);
      if (isOwn || moved.has(row) || held === row) drawCross(context, place, 14);
    });
    if (cross) drawCross(context, inBox(cross), 10);
    if (pointed) {
      const said = predict(
        layers,
        frame.study.inputsAt(frame.split, frame.pointAt(pointed)),
        configuration,
      );
      const most = Math.max(...said);
      const text = `${frame.study.outputNames()[said.indexOf(most)]} = ${most.toFixed(2)}`;
      const [x, top] = inBox(pointed);
      context.textAlign = x > width / 2 ? "right" : "left";
      context.textBaseline = "middle";
      write(context, text, x + (x > width / 2 ? -12 : 16), Math.max(top - 12, 8));
    }
  });
}

/**
 * Write the names of both axes, and some values along them, inside the drawing: all of it is data.
 * @param {import("./sheet.js").Sheet} sheet @param {Frame} frame
 */
function drawAxes({ context, width, height }, { study, low, high }) {
  const { columns, axes } = study.exported;
  const named = (/** @type {number} */ axis) => columns[axes[axis]].name;
  const sizes = [width, height];
  for (const axis of [0, 1]) {
    const name = named(axis).length > 20 ? `${named(axis).slice(0, 19)}…` : named(axis);
    const share = (/** @type {number} */ tick) => (tick - low[axis]) / (high[axis] - low[axis]);
    const ticks = roundTicks(low[axis], high[axis]).filter(
      (tick) => share(tick) * sizes[axis] > 24 && (1 - share(tick)) * sizes[axis] > 24,
    );
    Object.assign(context, { textAlign: axis ? "left" : "center", textBaseline: "middle" });
    for (const tick of ticks) {
      const along = axis ? height * (1 - share(tick)) : width * share(tick);
      write(context, short(tick, 3), axis ? 3 : along, axis ? along : height - 8);
    }
    context.textAlign = axis ? "left" : "right";
    write(context, name, axis ? 3 : width - 3, axis ? 9 : height - 22);
  }
}

/** Mark a row of the reader. @param {CanvasRenderingContext2D} context @param {number[]} place @param {number} size */
function drawCross(context, [x, y], size) {
  Object.assign(context, { strokeStyle: screenColours().ink, lineWidth: 1.5 });
  context.beginPath();
  for (const [a, b] of [
    [1, 0],
    [0, 1],
  ]) {
    context.moveTo(x - size * a, y - size * b);
    context.lineTo(x + size * a, y + size * b);
  }
  context.stroke();
}

/** Draw the output of a node: dark is large. @param {import("./sheet.js").Sheet} sheet @param {number[]} values */
function drawOutput({ context, width, height }, values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [cellWidth, cellHeight] = [width / CELLS, height / CELLS];
  values.forEach((value, cell) => {
    const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
    const grey = 255 - 190 * (high > low ? (value - low) / (high - low) : 0.5);
    context.fillStyle = css([grey, grey, grey]);
    context.fillRect(column * cellWidth, row * cellHeight, cellWidth + 1, cellHeight + 1);
  });
}

/** Polygons by Matplotlib's names of markers: corners on a circle, turned; stars have two circles. */
const OUTLINES = {
  o: corners(24),
  "^": corners(3),
  v: corners(3, 0.5),
  "<": corners(3, -0.25),
  ">": corners(3, 0.25),
  s: corners(4, 0.125),
  D: corners(4),
  p: corners(5),
  h: corners(6),
  "*": corners(10, 0, 0.4),
  P: plus(0),
  X: plus(0.125),
};

/**
 * Return the corners of a polygon, the first at the top.
 * @param {number} count @param {number} [turn] in turns @param {number} [inner] radius of every other
 */
function corners(count, turn = 0, inner = 1) {
  return Array.from({ length: count }, (_, k) => {
    const [angle, radius] = [2 * Math.PI * (k / count + turn - 0.25), k % 2 ? inner : 1];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Return the corners of a thick plus. @param {number} turn in turns */
function plus(turn) {
  const [cos, sin] = [Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)];
  const arm = [
    [-0.4, -0.4],
    [-0.4, -1.1],
    [0.4, -1.1],
  ];
  return [0, 1, 2, 3].flatMap((quarter) =>
    arm.map(([x, y]) => {
      for (let k = 0; k < quarter; k++) [x, y] = [-y, x];
      return [x * cos - y * sin, x * sin + y * cos];
    }),
  );
}

/** @param {string} marker */
const outline = (marker) => OUTLINES[/** @type {keyof OUTLINES} */ (marker)] ?? OUTLINES.o;

/**
 * Draw the mark of a row; the mark of a test row is larger, with a thick edge.
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} place @param {string} marker @param {string} colour @param {number} size
 */
function drawMark(context, [left, top], marker, colour, size) {
  context.beginPath();
  for (const [x, y] of outline(marker)) context.lineTo(left + size * x, top + size * y);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = size > 5 ? 2 : 0.7;
  context.strokeStyle = screenColours().ink;
  context.stroke();
}

/**
 * Return a legend: the label, and the mark and name of each class.
 * @param {import("./study.js").Exported} exported
 */
export function classLegend({ label, classes, markers, colours, points }) {
  const text = words();
  const order = classes.length === 2 ? [1, 0] : [...classes.keys()].slice(0, MOST_CLASSES);
  const entries = order.map((c) => {
    const places = outline(markers[c]).map((point) => point.map((each) => each.toFixed(3)).join());
    const polygon = `<polygon points="${places.join(" ")}" fill="${colours[c]}" />`;
    const mark = element("span", {
      innerHTML: `<svg class="mark" viewBox="-1.3 -1.3 2.6 2.6" aria-hidden="true">${polygon}</svg>`,
    });
    return element("span", {}, mark, ` ${classes[c]}`);
  });
  if (order.length < classes.length) entries.push(element("span", {}, `… (${classes.length})`));
  if (classes.length === 2 && points[0].length > 1)
    entries.push(element("span", {}, text.boundary(text.probabilityOf(classes[1]))));
  return element("span", { className: "legend" }, element("b", {}, label), ...entries);
}

/**
 * @param {import("./sheet.js").Sheet} sheet
 * @param {number[][]} p of each cell
 * @param {number[][]} colours of the classes
 * @param {string} colour of the boundary
 */
function drawField({ context, width, height }, p, colours, colour) {
  const [cellWidth, cellHeight] = [width / CELLS, height / CELLS];
  p.forEach((each, cell) => {
    const [column, row] = [cell % CELLS, Math.floor(cell / CELLS)];
    context.fillStyle = css(fieldColour(each, colours));
    context.fillRect(column * cellWidth, row * cellHeight, cellWidth + 1, cellHeight + 1);
  });
  if (p[0].length > 1) return;
  context.strokeStyle = colour;
  context.lineWidth = 2.6;
  context.beginPath();
  for (const [from, to] of boundary(
    p.map(([each]) => each - 0.5),
    CELLS,
  )) {
    context.moveTo((from[0] + 0.5) * cellWidth, (from[1] + 0.5) * cellHeight);
    context.lineTo((to[0] + 0.5) * cellWidth, (to[1] + 0.5) * cellHeight);
  }
  context.stroke();
}

/**
 * Return the colour of a cell: the colour of its class, stronger if surer.
 * @param {number[]} p
 * @param {number[][]} colours
 */
function fieldColour(p, colours) {
  if (p.length === 1) {
    const sure = Math.abs(2 * p[0] - 1);
    return Number.isNaN(sure) ? tint([0, 0, 0], 0) : tint(colours[p[0] > 0.5 ? 1 : 0], 0.45 * sure);
  }
  const [first, second] = [...p].sort((one, other) => other - one);
  const c = p.indexOf(first);
  return c < 0 ? tint([0, 0, 0], 0) : tint(colours[c], 0.12 + 0.4 * (first - second));
}

/**
 * Return the lines along which values on a grid are 0, by marching squares.
 * @param {number[]} values row by row
 * @param {number} size of a row
 * @returns {number[][][]} pairs of ends, in cells
 */
export function boundary(values, size) {
  const lines = [];
  for (let row = 0; row + 1 < size; row++)
    for (let column = 0; column + 1 < size; column++) {
      const ends = [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ].map(([x, y]) => [column + x, row + y]);
      const at = ends.map(([x, y]) => values[y * size + x]);
      const crossings = [];
      for (let k = 0; k < 4; k++) {
        const [one, other] = [at[k], at[(k + 1) % 4]];
        if (one < 0 === other < 0) continue;
        const share = one / (one - other);
        const [from, to] = [ends[k], ends[(k + 1) % 4]];
        crossings.push(from.map((value, axis) => value + share * (to[axis] - value)));
      }
      for (let k = 0; k + 1 < crossings.length; k += 2)
        lines.push([crossings[k], crossings[k + 1]]);
    }
  return lines;
}

/**
 * Draw the probability of class 1, or of every class if there are more, by the one feature.
 * @param {import("./sheet.js").Sheet} sheet @param {Frame} frame
 * @param {{left: number, top: number, width: number, height: number}} box @param {number[][]} p
 */
function drawProbabilities({ context, height }, frame, box, p) {
  const { classes, colours, colour, columns } = frame.study.exported;
  const { left, width } = box;
  const y = (/** @type {number} */ value) => box.top + frame.top(value) * box.height;
  drawGridlines(context, [left, left + width], y, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  const [low, high] = [frame.low[0], frame.high[0]];
  const ticks = roundTicks(low, high).filter((tick) => tick >= low && tick <= high);
  const across = ticks.map((tick) => left + ((tick - low) / (high - low)) * width);
  drawTicks(
    context,
    across,
    height - 40,
    ticks.map((tick) => short(tick, 4)),
  );
  context.fillStyle = screenColours().ink;
  context.fillText(columns[0].name, left + width / 2, height - 20);
  context.textAlign = "left";
  const text = words();
  const title = classes.length === 2 ? text.probabilityOf(classes[1]) : text.probabilities;
  context.fillText(title, 4, 2);
  p[0].forEach((_, c) => {
    context.beginPath();
    context.strokeStyle = p[0].length === 1 ? colour : colours[c];
    context.lineWidth = 2.6;
    p.forEach((each, k) => context.lineTo(left + ((k + 0.5) / p.length) * width, y(each[c])));
    context.stroke();
  });
}

/** Return the grid of a plane. @param {Frame} frame */
export const planeGrid = (frame) => frame.grid(CELLS);

// A landscape in pixels: its cost as a map with lines of equal cost, and as a surface; on both a walk.

import { drawTicks, roundTicks } from "./chart.js";
import { MAP_POINTS } from "./landscape.js";
import { minus, short } from "./numbers.js";
import { boundary } from "./plane.js";
import { css, rgb, screenColours, tint, write } from "./sheet.js";

const MAP_MARGIN = { left: 46, right: 8, top: 8, bottom: 24 };
const LEVELS = 10; // lines of equal cost, about
const HIGHEST = 0.95; // of the costs: above it all is drawn alike, so that the rest can be seen
const DARKEST = 0.55; // of the ink
const LABELS_APART = 46; // pixels
const START = 8; // pixels
const GRIDLINE = 4; // squares of the surface between two lines
const TURNED = -0.6; // of the surface, in radians

/**
 * What is known of a landscape.
 * @typedef {object} Chart
 * @property {import("./landscape.js").Landscape} landscape
 * @property {number[]} costs of the map, row by row from the top
 * @property {number} lowest of them
 * @property {number} top the highest that is drawn
 * @property {{level: number, lines: number[][][]}[]} contours
 *
 * A walk: places in the plane, and their costs.
 * @typedef {{at: number[], cost: number}[]} Steps
 */

/**
 * Prepare what is drawn of a landscape.
 * @param {import("./landscape.js").Landscape} landscape
 * @param {number[]} costs
 * @returns {Chart}
 */
export function chartOf(landscape, costs) {
  const sorted = costs.filter(Number.isFinite).sort((one, other) => one - other);
  const lowest = sorted[0];
  const top = sorted[Math.floor(HIGHEST * (sorted.length - 1))];
  const levels = roundTicks(lowest, top, LEVELS).filter((level) => level > lowest && level < top);
  const contours = levels.map((level) => {
    const above = costs.map((cost) => (Number.isFinite(cost) ? cost - level : top));
    return { level, lines: boundary(above, MAP_POINTS) };
  });
  return { landscape, costs, lowest, top, contours };
}

/** Return how high a cost is drawn, from 0 to 1. @param {Chart} chart @param {number} cost */
const heightOf = ({ lowest, top }, cost) =>
  cost <= top ? Math.max(cost - lowest, 0) / (top - lowest || 1) : 1;

/** Return where the map is in a drawing. @param {{width: number, height: number}} sheet */
function boxOf({ width, height }) {
  const { left, right, top, bottom } = MAP_MARGIN;
  return { left, top, width: width - left - right, height: height - top - bottom };
}

/**
 * Return the place of the plane at a place of the map, inside it.
 * @param {{width: number, height: number}} sheet
 * @param {import("./landscape.js").Landscape} landscape
 * @param {{offsetX: number, offsetY: number}} event
 */
export function placeAt(sheet, { middle, half }, { offsetX, offsetY }) {
  const box = boxOf(sheet);
  const shares = [(offsetX - box.left) / box.width, 1 - (offsetY - box.top) / box.height];
  return shares.map((share, axis) => {
    return middle[axis] + half * (2 * Math.min(Math.max(share, 0), 1) - 1);
  });
}

/**
 * Draw the map.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {Chart} chart
 * @param {Steps} steps
 * @param {{start: number[], texts: {start: string, end: string}}} shown
 */
export function drawMap(sheet, chart, steps, { start, texts }) {
  const { landscape } = chart;
  const { middle, half } = landscape;
  sheet.show(() => {
    const { context } = sheet;
    const box = boxOf(sheet);
    const inBox = (/** @type {number[]} */ [s, t]) => [
      box.left + (((s - middle[0]) / half + 1) / 2) * box.width,
      box.top + ((1 - (t - middle[1]) / half) / 2) * box.height,
    ];
    drawMapTicks(sheet, chart, box);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    drawHeights(context, chart, box);
    drawContours(context, chart, box, [inBox(start), inBox(landscape.end)]);
    drawSteps(
      context,
      steps.map(({ at }) => inBox(at)),
    );
    if (landscape.hasEnd) markEnd(context, inBox(landscape.end), texts.end);
    markStart(context, inBox(start), texts.start, box.left + box.width / 2);
    context.restore();
  });
}

/**
 * @param {import("./sheet.js").Sheet} sheet @param {Chart} chart
 * @param {ReturnType<typeof boxOf>} box
 */
function drawMapTicks({ context }, { landscape: { middle, half } }, box) {
  const ticks = middle.map((value) =>
    roundTicks(value - half, value + half).filter((tick) => Math.abs(tick - value) <= half),
  );
  const share = (/** @type {number} */ tick, /** @type {number} */ axis) =>
    ((tick - middle[axis]) / half + 1) / 2;
  context.fillStyle = screenColours().grey;
  drawTicks(
    context,
    ticks[0].map((tick) => box.left + share(tick, 0) * box.width),
    box.top + box.height + 5,
    ticks[0].map((tick) => minus(String(tick))),
  );
  Object.assign(context, { textAlign: "right", textBaseline: "middle" });
  for (const tick of ticks[1])
    context.fillText(
      minus(String(tick)),
      box.left - 5,
      box.top + (1 - share(tick, 1)) * box.height,
    );
}

/** Return the shade of a cost: dark is high. @param {Chart} chart @param {number} cost */
const shadeOf = (chart, cost) => tint(rgb(screenColours().ink), DARKEST * heightOf(chart, cost));

/**
 * @param {CanvasRenderingContext2D} context @param {Chart} chart
 * @param {ReturnType<typeof boxOf>} box
 */
function drawHeights(context, chart, box) {
  const image = new ImageData(MAP_POINTS, MAP_POINTS);
  chart.costs.forEach((cost, k) => image.data.set([...shadeOf(chart, cost), 255], 4 * k));
  const stamp = new OffscreenCanvas(MAP_POINTS, MAP_POINTS);
  stamp.getContext("2d")?.putImageData(image, 0, 0);
  // The middle of each pixel is at its point of the map.
  const [across, down] = [box.width, box.height].map((size) => size / (MAP_POINTS - 1));
  context.drawImage(
    stamp,
    box.left - across / 2,
    box.top - down / 2,
    box.width + across,
    box.height + down,
  );
}

/**
 * Draw the lines of equal cost, with their costs where there is room.
 * @param {CanvasRenderingContext2D} context @param {Chart} chart
 * @param {ReturnType<typeof boxOf>} box
 * @param {number[][]} marks beside which no cost is written
 */
function drawContours(context, { contours }, box, marks) {
  const place = (/** @type {number[]} */ [column, row]) => [
    box.left + (column / (MAP_POINTS - 1)) * box.width,
    box.top + (row / (MAP_POINTS - 1)) * box.height,
  ];
  Object.assign(context, { strokeStyle: screenColours().grey, lineWidth: 1 });
  context.beginPath();
  for (const { lines } of contours)
    for (const [from, to] of lines) drawEdge(context, place(from), place(to));
  context.stroke();
  const labels = [...marks];
  Object.assign(context, { textAlign: "center", textBaseline: "middle" });
  for (const { level, lines } of contours) {
    const free = lines
      .map(([from]) => place(from))
      .find(
        ([x, y]) =>
          Math.min(x - box.left, box.left + box.width - x) > LABELS_APART / 2 &&
          Math.min(y - box.top, box.top + box.height - y) > LABELS_APART / 4 &&
          labels.every(([left, top]) => Math.hypot(x - left, y - top) > LABELS_APART),
      );
    if (!free) continue;
    labels.push(free);
    write(context, short(level), free[0], free[1]);
  }
}

/** Draw a walk: a line, and a dot for each step. @param {CanvasRenderingContext2D} context @param {number[][]} places */
function drawSteps(context, places) {
  const { walk, paper } = screenColours();
  const far = 1e5; // pixels that a canvas can draw to
  const drawn = places.map((place) => place.map((each) => Math.min(Math.max(each, -far), far)));
  for (const [strokeStyle, lineWidth] of [
    [paper, 5],
    [walk, 2],
  ]) {
    Object.assign(context, { strokeStyle, lineWidth, lineJoin: "round" });
    context.beginPath();
    for (const [x, y] of drawn) context.lineTo(x, y);
    context.stroke();
  }
  context.fillStyle = walk;
  for (const [x, y] of drawn) fillDot(context, x, y, 2.6);
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
function fillDot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context @param {number[]} place @param {string} text
 * @param {number} middle of the map
 */
function markStart(context, [x, y], text, middle) {
  const { walk, paper } = screenColours();
  context.fillStyle = paper;
  fillDot(context, x, y, START + 2);
  context.fillStyle = walk;
  fillDot(context, x, y, START);
  const isLeft = x < middle;
  Object.assign(context, { textAlign: isLeft ? "left" : "right", textBaseline: "middle" });
  write(context, text, x + (isLeft ? 1 : -1) * (START + 5), y);
}

/** @param {CanvasRenderingContext2D} context @param {number[]} place @param {string} text */
function markEnd(context, [x, y], text) {
  const { ink, paper } = screenColours();
  for (const [strokeStyle, lineWidth] of [
    [paper, 6],
    [ink, 2.5],
  ]) {
    Object.assign(context, { strokeStyle, lineWidth });
    context.beginPath();
    for (const [dx, dy] of [
      [6, 6],
      [6, -6],
    ]) {
      drawEdge(context, [x - dx, y - dy], [x + dx, y + dy]);
    }
    context.stroke();
  }
  Object.assign(context, { textAlign: "center", textBaseline: "top" });
  write(context, text, x, y + 9);
}

/**
 * Draw the surface: seen from above, from the front left.
 * @param {import("./sheet.js").Sheet} sheet
 * @param {Chart} chart
 * @param {Steps} steps
 */
export function drawSurface(sheet, chart, steps) {
  const { middle, half } = chart.landscape;
  sheet.show(() => {
    const { context, width, height } = sheet;
    const [sin, cos] = [Math.sin(TURNED), Math.cos(TURNED)];
    const [scale, rise] = [0.35 * width, 0.36 * height];
    const project = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ z) => [
      width / 2 + scale * (x * cos - y * sin),
      0.64 * height - 0.5 * scale * (x * sin + y * cos) - rise * (z - 0.15),
    ];
    drawQuads(context, chart, project);
    const onMap = steps
      .map(({ at, cost }) => [...at.map((value, axis) => (value - middle[axis]) / half), cost])
      .filter(([x, y]) => Math.max(Math.abs(x), Math.abs(y)) <= 1);
    const places = onMap.map(([x, y, cost]) => project(x, y, heightOf(chart, cost)));
    drawSteps(context, places);
    if (places.length) fillDot(context, places[0][0], places[0][1], START - 2);
  });
}

/**
 * Draw the squares of a surface, the farthest first; a square that falls to the right is darker.
 * @param {CanvasRenderingContext2D} context
 * @param {Chart} chart
 * @param {(x: number, y: number, z: number) => number[]} project
 */
function drawQuads(context, chart, project) {
  const last = MAP_POINTS - 1;
  const height = (/** @type {number} */ row, /** @type {number} */ column) =>
    heightOf(chart, chart.costs[row * MAP_POINTS + column]);
  const corner = (/** @type {number} */ row, /** @type {number} */ column) =>
    project((2 * column) / last - 1, 1 - (2 * row) / last, height(row, column));
  const ink = rgb(screenColours().ink);
  for (let row = 0; row < last; row++)
    for (let column = 0; column < last; column++) {
      const z = height(row, column);
      const falls = Math.min(Math.max(4 * (z - height(row, column + 1)), -1), 1);
      context.fillStyle = context.strokeStyle = css(tint(ink, 0.12 + 0.4 * z + 0.16 * falls));
      context.lineWidth = 0.6;
      const corners = [corner(row, column), corner(row, column + 1)];
      corners.push(corner(row + 1, column + 1), corner(row + 1, column));
      context.beginPath();
      for (const [x, y] of corners) context.lineTo(x, y);
      context.closePath();
      context.fill();
      context.stroke();
      context.strokeStyle = css(tint(ink, 0.62));
      context.beginPath();
      if (row % GRIDLINE === 0) drawEdge(context, corners[0], corners[1]);
      if (column % GRIDLINE === 0) drawEdge(context, corners[0], corners[3]);
      context.stroke();
    }
}

/** @param {CanvasRenderingContext2D} context @param {number[]} from @param {number[]} to */
function drawEdge(context, from, to) {
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
}

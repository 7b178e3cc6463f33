// A drawing in pixels, and its colours.

import { element } from "./elements.js";

const FONT = "12px system-ui, sans-serif";

/**
 * Colours, each with one meaning. The classes have their own, with markers. Training and test have no
 * colour: they are a dashed and a solid line. Layers are shades of one, the deeper the darker.
 */
const LIGHT = {
  ink: "#222222",
  grey: "#5c5c5c",
  grid: "#dddddd",
  paper: "#ffffff",
  positive: "#0072b2",
  negative: "#c2185b",
  walk: "#a33b00",
  layers: ["#a78bdc", "#3b1d72"],
};
const DARK = {
  ink: "#ececec",
  grey: "#b4b4b4",
  grid: "#3c4048",
  paper: "#15171c",
  positive: "#56b4e9",
  negative: "#ff7ba5",
  walk: "#ffb454",
  layers: ["#7a5fc0", "#e3d6ff"],
};

/** Whether the reader's screen is dark. */
export const darkness = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

/** Return the colours of the reader's screen. */
export function screenColours() {
  const { layers, ...own } = darkness?.matches ? DARK : LIGHT;
  const [first, last] = layers.map(rgb);
  /** Return the colour of a layer. @param {number} place @param {number} count */
  const layer = (place, count) => {
    const share = count > 1 ? place / (count - 1) : 1;
    return css(first.map((part, k) => part + share * (last[k] - part)));
  };
  return { ...own, layer, training: own.grey, test: own.ink };
}

/**
 * Write a text that can be read on lines and colours.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text @param {number} x @param {number} y
 */
export function write(context, text, x, y) {
  const { ink, paper } = screenColours();
  context.setLineDash([]);
  Object.assign(context, { strokeStyle: paper, fillStyle: ink, lineWidth: 4, lineJoin: "round" });
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

/** Write a colour for a canvas. @param {number[]} colour */
export const css = (colour) => `rgb(${colour.map(Math.round).join()})`;

/** A drawing that is as sharp as the screen. Sizes are in CSS pixels; it is drawn again at each. */
export class Sheet {
  /** @param {number} ratio of the width to the height @param {string} label what it shows */
  constructor(ratio, label) {
    this.canvas = element("canvas", { role: "img", "aria-label": label });
    this.canvas.style.aspectRatio = String(ratio);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.width = this.height = 0;
    /** @type {import("./network_drawing.js").Column[]} where nodes are, if it shows a network */
    this.nodes = [];
    this.paint = () => {};
    new ResizeObserver(() => this.repaint()).observe(this.canvas);
  }

  /** Draw now, and whenever the size changes. @param {() => void} paint */
  show(paint) {
    this.paint = paint;
    this.repaint();
  }

  repaint() {
    const { canvas, context } = this;
    [this.width, this.height] = [canvas.clientWidth, canvas.clientHeight];
    if (!this.width) return; // Not in the page, so far.
    const [width, height] = [this.width, this.height].map((each) =>
      Math.round(each * devicePixelRatio),
    );
    if (canvas.width !== width || canvas.height !== height)
      Object.assign(canvas, { width, height });
    context.setTransform(width / this.width, 0, 0, height / this.height, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.font = FONT;
    this.paint();
  }
}

/**
 * Create a drawing.
 * @param {number} width its shape: width to height
 * @param {number} height
 * @param {string} label what it shows
 */
export const canvas = (width, height, label) => new Sheet(width / height, label);

/** @param {string} colour such as "#009E73" @returns {number[]} */
export const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));

/** Mix the paper and a colour. @param {number[]} colour @param {number} share of the colour */
export function tint(colour, share) {
  const paper = rgb(screenColours().paper);
  return colour.map((part, k) => paper[k] + share * (part - paper[k]));
}

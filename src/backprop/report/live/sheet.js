// A drawing in pixels, and its colours.

import { element } from "./elements.js";

export const POSITIVE = "#0072B2";
export const NEGATIVE = "#D55E00";
export const INK = "#222222";
export const GREY = "#666666";
const FONT = "12px system-ui, sans-serif";

/** A drawing that is as sharp as the screen. Sizes are in CSS pixels; it is drawn again at each. */
export class Sheet {
  /** @param {number} ratio of the width to the height @param {string} label what it shows */
  constructor(ratio, label) {
    this.canvas = element("canvas", { role: "img", "aria-label": label });
    this.canvas.style.aspectRatio = String(ratio);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.width = this.height = 0;
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

/** Mix white and a colour. @param {number[]} colour @param {number} share of the colour */
export const tint = (colour, share) => colour.map((part) => 255 + share * (part - 255));

// The page: what the reader chooses, and the sections.

import { ACTIVATIONS, COSTS } from "./network.js";
import { Exercise } from "./exercise.js";
import { Gallery } from "./gallery.js";
import { ownForm } from "./own.js";
import { AllFits } from "./proof.js";
import { Study } from "./study.js";
import { OneUpdate } from "./update.js";
import { button, choice, element } from "./view.js";
import { Watch } from "./watch.js";
import { currentLanguage, switchLanguage, words } from "./words.js";

const SECTIONS = /** @type {const} */ (["watch", "proof", "update", "gallery", "exercise"]);
const OF_ALL = new Set(["proof", "exercise"]); // the sections that are not about one fit

/**
 * Leave out the configurations that the page cannot train; return their names.
 * @param {import("./study.js").Exported} exported
 */
function leaveOut(exported) {
  const { configurations, names, fits } = exported;
  const known = configurations.map(
    ({ activation, cost }) => activation in ACTIVATIONS && cost in COSTS,
  );
  const kept = (/** @type {any[]} */ values) => values.filter((_, c) => known[c]);
  const lost = configurations.filter((_, c) => !known[c]).map(({ name }) => name);
  Object.assign(exported, {
    configurations: kept(configurations),
    names: kept(names),
    fits: kept(fits ?? []),
  });
  return lost;
}

/** The page. */
class Page {
  /** @param {import("./study.js").Exported} exported @param {string} source of the page */
  constructor(exported, source) {
    this.source = source;
    this.lost = leaveOut(exported);
    this.exported = exported;
    this.study = exported.configurations.length ? new Study(exported) : null;
    /** @type {import("./watch.js").Choice} */
    this.chosen = { configuration: 0, split: 0, own: null };
    /** @type {(typeof SECTIONS)[number]} */
    this.section = "watch";
    /** @type {{element: HTMLElement, pause?: () => void} | null} */
    this.shown = null;
  }

  draw() {
    const text = words();
    document.documentElement.lang = currentLanguage();
    const language = button(text.other, () => {
      switchLanguage();
      this.draw();
    });
    const open = button(text.openInTab, () => {
      window.open(URL.createObjectURL(new Blob([this.source], { type: "text/html" })));
    });
    this.place = element("div", { role: "tabpanel", id: "section", "aria-labelledby": "" });
    document.body.replaceChildren(
      element(
        "header",
        {},
        element("h1", {}, text.title),
        element("p", { className: "controls" }, open, language),
      ),
      element(
        "main",
        {},
        ...(this.study ? this.content(this.study) : [element("p", {}, this.reason())]),
      ),
    );
    if (this.study) this.show();
  }

  reason() {
    const { rows, inputs, configurations, kept } = this.exported.size;
    const text = words();
    return kept ? text.leftOut(this.lost.join(", ")) : text.tooLarge(rows, inputs, configurations);
  }

  /** @param {Study} study */
  content(study) {
    const text = words();
    const { configurations, kept } = this.exported.size;
    const notes = [
      text.introduction,
      ...(kept < configurations ? [text.referenceOnly(configurations)] : []),
      ...(this.lost.length ? [text.leftOut(this.lost.join(", "))] : []),
    ];
    this.chooser = element("div", {}, this.choices(study), this.own(study));
    this.tabs = SECTIONS.map((name) => {
      const tab = button(text.tabs[name], () => {
        this.section = name;
        this.show();
      });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "section");
      tab.id = `tab-${name}`;
      return tab;
    });
    return [
      ...notes.map((note) => element("p", {}, note)),
      this.chooser,
      element("div", { role: "tablist" }, ...this.tabs),
      /** @type {HTMLElement} */ (this.place),
    ];
  }

  /** @param {Study} study */
  choices(study) {
    const text = words();
    const { names, splits } = study.exported;
    const numbered = (/** @type {number[]} */ values) =>
      [...new Set(values)].map(
        (value) => /** @type {[string, string]} */ ([String(value), String(value + 1)]),
      );
    const current = splits[this.chosen.split];
    const change = (/** @type {number} */ repeat, /** @type {number} */ fold) => {
      const split = splits.findIndex((each) => each.repeat === repeat && each.fold === fold);
      this.chosen.split = Math.max(split, 0);
      this.show();
    };
    const options = names.map(
      (name, c) => /** @type {[string, string]} */ ([String(c), name || text.reference]),
    );
    return element(
      "p",
      { className: "controls" },
      choice(text.configuration, options, String(this.chosen.configuration), (value) => {
        this.chosen.configuration = Number(value);
        this.chosen.own = null;
        this.show();
      }),
      choice(
        text.repeat,
        numbered(splits.map(({ repeat }) => repeat)),
        String(current.repeat),
        (value) => change(Number(value), splits[this.chosen.split].fold),
      ),
      choice(text.fold, numbered(splits.map(({ fold }) => fold)), String(current.fold), (value) =>
        change(splits[this.chosen.split].repeat, Number(value)),
      ),
    );
  }

  /** @param {Study} study */
  own(study) {
    return ownForm(study.exported.configurations[0], study.seed, (own) => {
      this.chosen.own = own;
      if (this.section !== "update") this.section = "watch";
      this.show();
    });
  }

  /** Show the chosen section, from its beginning. */
  show() {
    const { study } = this;
    if (!study || !this.place) return;
    this.shown?.pause?.();
    this.shown = {
      watch: () => new Watch(study, this.chosen),
      proof: () => new AllFits(study),
      update: () => new OneUpdate(study, this.chosen),
      gallery: () => new Gallery(study, this.chosen),
      exercise: () => new Exercise(study),
    }[this.section]();
    this.tabs?.forEach((tab, place) =>
      tab.setAttribute("aria-selected", String(SECTIONS[place] === this.section)),
    );
    if (this.chooser) this.chooser.hidden = OF_ALL.has(this.section);
    this.place.setAttribute("aria-labelledby", `tab-${this.section}`);
    this.place.replaceChildren(this.shown.element);
  }
}

const stored = /** @type {HTMLElement} */ (document.getElementById("study"));
const whole = `<!DOCTYPE html>\n${document.documentElement.outerHTML}`;
new Page(JSON.parse(stored.textContent ?? ""), whole).draw();

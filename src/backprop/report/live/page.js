// The page: what the reader chooses, and the sections.

import { Exercise } from "./exercise.js";
import { Gallery } from "./gallery.js";
import { ownForm, ownTitle } from "./own.js";
import { AllFits } from "./proof.js";
import { Study, leaveOut } from "./study.js";
import { OneUpdate } from "./update.js";
import { button, choice, element } from "./elements.js";
import { Watch } from "./watch.js";
import { configurationOptions, currentLanguage, switchLanguage, words } from "./words.js";

const SECTIONS = /** @type {const} */ (["watch", "proof", "update", "gallery", "exercise"]);
const OF_ALL = new Set(["proof", "exercise"]); // the sections that are not about one fit

/**
 * @typedef {object} Section
 * @property {HTMLElement} element
 * @property {() => void} [pause] stop what the reader no longer sees
 * @property {() => void} [drop] stop for good
 * @property {() => void} [translate] show the same in another language
 */

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
    /** @type {Map<(typeof SECTIONS)[number], Section>} kept, with what the reader did in them */
    this.sections = new Map();
    /** @type {string | undefined} */
    this.url = undefined;
  }

  draw() {
    const text = words();
    document.documentElement.lang = currentLanguage();
    document.title = text.title;
    const language = button(text.other, () => {
      switchLanguage();
      this.translate();
    });
    const open = button(text.openInTab, () => {
      this.url ??= URL.createObjectURL(new Blob([this.source], { type: "text/html" }));
      window.open(this.url);
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
    this.note = element("p", { className: "own-note" });
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
      this.note,
      element("div", { role: "tablist", onkeydown: this.onKey.bind(this) }, ...this.tabs),
      /** @type {HTMLElement} */ (this.place),
    ];
  }

  /** Go to another tab by an arrow key, Home or End. @param {KeyboardEvent} event */
  onKey(event) {
    const [place, last] = [SECTIONS.indexOf(this.section), SECTIONS.length - 1];
    const next = {
      ArrowLeft: place === 0 ? last : place - 1,
      ArrowRight: place === last ? 0 : place + 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.section = SECTIONS[next];
    this.show();
    this.tabs?.[next].focus();
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
      this.choose();
    };
    const options = configurationOptions(names);
    return element(
      "p",
      { className: "controls" },
      choice(text.configuration, options, String(this.chosen.configuration), (value) => {
        this.chosen.configuration = Number(value);
        this.chosen.own = null;
        this.choose();
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
    return ownForm(study, this.chosen.own, (own) => {
      this.chosen.own = own;
      if (this.section !== "update") this.section = "watch";
      this.choose();
    });
  }

  /** Mark the values of the reader, with a way back. */
  drawNote() {
    const { own } = this.chosen;
    const back = button(words().backToStudy, () => {
      this.chosen.own = null;
      this.choose();
    });
    const note = own ? [`${words().ownNote(ownTitle(own))} `, back] : [];
    this.note?.replaceChildren(...note);
  }

  /** Show another fit: the sections of one fit begin again. */
  choose() {
    for (const name of SECTIONS) if (!OF_ALL.has(name)) this.drop(name);
    this.show();
  }

  /** @param {(typeof SECTIONS)[number]} name */
  drop(name) {
    const section = this.sections.get(name);
    (section?.drop ?? section?.pause)?.call(section);
    this.sections.delete(name);
  }

  /** Show the page in another language, with what the reader did. */
  translate() {
    for (const [name, section] of [...this.sections]) {
      if (section.translate) section.translate();
      else {
        this.drop(name);
        copyTyped(section, this.create(name));
      }
    }
    this.draw();
  }

  /** @param {(typeof SECTIONS)[number]} name @returns {Section} */
  create(name) {
    const study = /** @type {Study} */ (this.study);
    const section = {
      watch: () => new Watch(study, this.chosen),
      proof: () => new AllFits(study),
      update: () => new OneUpdate(study, this.chosen),
      gallery: () => new Gallery(study, this.chosen),
      exercise: () => new Exercise(study),
    }[name]();
    this.sections.set(name, section);
    return section;
  }

  /** Show the chosen section as the reader left it, or from its beginning. */
  show() {
    if (!this.study || !this.place) return;
    if (this.section !== "watch") this.sections.get("watch")?.pause?.();
    const shown = this.sections.get(this.section) ?? this.create(this.section);
    this.tabs?.forEach((tab, place) => {
      const isShown = SECTIONS[place] === this.section;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1; // the arrow keys go to the others
    });
    if (this.chooser) this.chooser.hidden = OF_ALL.has(this.section);
    this.drawNote();
    this.place.setAttribute("aria-labelledby", `tab-${this.section}`);
    this.place.replaceChildren(shown.element);
  }
}

/** Type in a section what was typed in another. @param {Section} from @param {Section} to */
function copyTyped(from, to) {
  const fields = (/** @type {Section} */ { element: own }) =>
    /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (
      own.querySelectorAll("input, select")
    );
  fields(from).forEach((field, place) => {
    const copy = fields(to)[place]; // after the number of an exercise, there are more fields
    if (!copy || !field.value) return;
    copy.value = field.value;
    copy.dispatchEvent(new Event(copy instanceof HTMLSelectElement ? "change" : "input"));
  });
}

const stored = /** @type {HTMLElement} */ (document.getElementById("study"));
const whole = `<!DOCTYPE html>\n${document.documentElement.outerHTML}`;
new Page(JSON.parse(stored.textContent ?? ""), whole).draw();

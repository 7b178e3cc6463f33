// The page: what the reader chooses, the guided path, and the sections.

import { BETWEEN, asked, remember } from "./address.js";
import { button, choice, element } from "./elements.js";
import { Exercise } from "./exercise.js";
import { First, NO_STUDY } from "./first.js";
import { Gallery } from "./gallery.js";
import { NodeGraph } from "./node_graph.js";
import { ownForm, ownTitle } from "./own.js";
import { OwnTable } from "./own_table.js";
import { Path } from "./path.js";
import { AllFits } from "./proof.js";
import { darkness } from "./sheet.js";
import { Study, leaveOut } from "./study.js";
import { Teach } from "./teach.js";
import { OneUpdate } from "./update.js";
import { Walk } from "./walk.js";
import { Watch } from "./watch.js";
import {
  LANGUAGES,
  configurationOptions,
  currentLanguage,
  switchLanguage,
  words,
} from "./words.js";

const SECTIONS = /** @type {const} */ ([
  "first",
  "watch",
  "update",
  "node",
  "walk",
  "gallery",
  "exercise",
  "table",
  "proof",
  "teach",
]);
const OF_ALL = new Set(["first", "proof", "exercise", "table", "teach"]); // the sections that are not about one fit
const PATH_SPEED = "5";

/** @typedef {(typeof SECTIONS)[number]} SectionName */

/**
 * @typedef {object} Section
 * @property {HTMLElement} element
 * @property {() => void} [pause] stop what the reader no longer sees
 * @property {() => void} [drop] stop for good
 * @property {() => void} [translate] show the same in another language
 * @property {() => void} [draw] show the same in other colours
 * @property {() => void} [play] show what the section is for
 * @property {() => import("./history.js").History[]} [histories] of the fits that it trains
 * @property {() => boolean} [isAsSet] whether it shows what a question has set
 * @property {() => Record<string, string>} [address] what the reader did, for the address of the page
 */

/** The page. */
class Page {
  /** @param {import("./study.js").Exported} exported @param {string} source of the page */
  constructor(exported, source) {
    this.source = source;
    this.lost = leaveOut(exported);
    this.exported = exported;
    this.home = exported.configurations.length ? new Study(exported) : null;
    this.study = this.home;
    /** @type {import("./watch.js").Choice} */
    this.chosen = { configuration: 0, split: 0, own: null };
    /** @type {SectionName} */
    this.section = "first";
    /** @type {Map<SectionName, Section>} kept, with what the reader did in them */
    this.sections = new Map();
    this.state = asked();
    /** @type {First | undefined} of a page without a study */
    this.first = undefined;
    /** @type {string | undefined} */
    this.url = undefined;
    this.place = element("div", { role: "tabpanel", id: "section" });
    this.path =
      this.home &&
      new Path(
        this.home,
        { show: (scene) => this.stage(scene), changed: () => this.remember() },
        this.state.get("answers") ?? "",
      );
    darkness?.addEventListener("change", () => this.sections.forEach((each) => each.draw?.()));
  }

  /** Show what the address asks for. */
  follow() {
    const address = this.state;
    const language = address.get("lang") ?? "";
    if (Object.hasOwn(LANGUAGES, language)) switchLanguage(language);
    const section = SECTIONS.find((name) => name === address.get("section"));
    if (section) this.section = section;
    const [configuration, split] = (address.get("fit") ?? "").split(BETWEEN).map(Number);
    const { names = [], splits = [] } = this.exported;
    if (names[configuration] !== undefined && splits[split])
      this.chosen = { configuration, split, own: null };
    this.draw();
    const step = Number(address.get("step"));
    if (step >= 1) this.path?.open(Math.floor(step) - 1);
  }

  /** Write what is shown in the address. */
  remember() {
    const { path, state } = this;
    this.mark();
    const shown = path?.isOpen ? { step: String(path.at + 1) } : { section: this.section };
    const own = [...this.sections.values(), this.first].map((section) => section?.address?.());
    const empty = { section: "", step: "" };
    const language = { lang: currentLanguage(), fit: this.fit() };
    const all = Object.assign(empty, shown, language, path?.address(), ...own);
    for (const [key, value] of Object.entries(all))
      if (value) state.set(key, value);
      else state.delete(key);
    remember(state);
  }

  /** Return which fit of the page's own study is chosen, for the address; "" if it is the first. */
  fit() {
    const { configuration, split, own } = this.chosen;
    const isFirst = !configuration && !split;
    if (isFirst || own || this.study !== this.home || this.path?.isOpen) return "";
    return [configuration, split].join(BETWEEN);
  }

  draw() {
    const text = words();
    document.documentElement.lang = currentLanguage();
    document.title = text.title;
    const names = Object.entries(LANGUAGES).map(
      ([code, { languageName }]) => /** @type {[string, string]} */ ([code, languageName]),
    );
    const language = choice(text.language, names, currentLanguage(), (code) => {
      switchLanguage(code);
      this.translate();
      this.remember();
      document.getElementsByTagName("select")[0].focus();
    });
    const open = button(text.openInTab, () => {
      this.url ??= URL.createObjectURL(new Blob([this.source], { type: "text/html" }));
      this.remember();
      window.open(`${this.url}#${this.state}`);
    });
    this.main = element("main");
    document.body.replaceChildren(
      element(
        "header",
        {},
        element("h1", {}, text.title),
        element("p", { className: "controls" }, open, language),
      ),
      this.main,
    );
    this.main.append(...(this.study ? this.content(this.study) : this.withoutStudy()));
    if (this.study) this.show();
    this.mark();
  }

  /** Let the stylesheet know what is shown. */
  mark() {
    const { isOpen = false, isAtEnd = false } = this.path ?? {};
    this.main?.classList.toggle("on-path", isOpen);
    const isPrinted = isOpen && isAtEnd && this.section !== "teach";
    this.main?.classList.toggle("on-summary", isPrinted);
    this.main?.classList.toggle("on-first", Boolean(this.study) && this.section === "first");
  }

  /** Say why the page has no networks of a study, and let the small one train. */
  withoutStudy() {
    this.first ??= new First(this.exported, this.state, () => this.remember());
    const { element: first } = this.first;
    return [element("p", {}, this.reason()), first];
  }

  reason() {
    const { size } = this.exported;
    const text = words();
    if (!size) return text.noStudy;
    const { rows, inputs, configurations, kept } = size;
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
    this.path?.draw();
    this.chooser = element("div", { className: "chooser" });
    this.drawChooser(study);
    this.note = element("p", { className: "own-note" });
    this.tabs = SECTIONS.map((name) => {
      const tab = button(text.tabs[name], () => {
        this.section = name;
        this.show();
        this.remember();
      });
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", "section");
      tab.id = `tab-${name}`;
      return tab;
    });
    return [
      ...notes.map((note) => element("p", {}, note)),
      ...(this.path ? [this.path.element] : []),
      element(
        "div",
        { className: "bar" },
        element(
          "div",
          { role: "tablist", "aria-label": text.sections, onkeydown: this.onKey.bind(this) },
          ...this.tabs,
        ),
        this.chooser,
      ),
      this.note,
      this.place,
    ];
  }

  /** @param {Study} study */
  drawChooser(study) {
    this.chooser?.replaceChildren(this.choices(study), this.own(study));
  }

  /**
   * Show the scene of a question.
   * @param {import("./scene.js").Scene} scene
   * @returns {Section}
   */
  stage(scene) {
    const study = scene.study ?? /** @type {Study} */ (this.home);
    for (const name of SECTIONS) if (!OF_ALL.has(name)) this.drop(name);
    this.study = study;
    this.chosen = { ...scene.chosen };
    this.section = scene.section;
    const section = this.create(scene.section, scene);
    this.drawChooser(study);
    this.show();
    return section;
  }

  /** Show another study, or the page's own again. @param {Study} study */
  use(study) {
    this.study = study;
    this.chosen = { configuration: 0, split: 0, own: null };
    if (OF_ALL.has(this.section)) this.section = "watch";
    this.drawChooser(study);
    this.choose();
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
    this.remember();
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
      if (!["update", "node", "walk"].includes(this.section)) this.section = "watch";
      this.choose();
    });
  }

  /** Mark the values or the table of the reader, with a way back. */
  drawNote() {
    const { own } = this.chosen;
    const text = words();
    const { study, home } = this;
    const back = button(text.backToStudy, () => this.use(/** @type {Study} */ (home)));
    const said = [
      ...(study && study !== home ? [otherStudy(study.exported)] : []),
      ...(own ? [text.ownNote(ownTitle(own))] : []),
    ].join(" ");
    this.note?.replaceChildren(...(said ? [`${said} `, back] : []));
  }

  /** Show another fit: the sections of one fit begin again. */
  choose() {
    for (const name of SECTIONS) if (!OF_ALL.has(name)) this.drop(name);
    this.state.delete("walk");
    this.show();
    this.remember();
  }

  /** @param {SectionName} name */
  drop(name) {
    const section = this.sections.get(name);
    (section?.drop ?? section?.pause)?.call(section);
    this.sections.delete(name);
  }

  /** Show the page in another language, with what the reader did. */
  translate() {
    this.first?.translate();
    for (const [name, section] of [...this.sections]) {
      if (section.translate) section.translate();
      else {
        this.drop(name);
        copyTyped(section, this.create(name));
      }
    }
    this.draw();
  }

  /**
   * @param {SectionName} name
   * @param {Partial<import("./scene.js").Scene>} [scene]
   * @returns {Section}
   */
  create(name, scene) {
    const study = /** @type {Study} */ (this.study);
    const home = /** @type {Study} */ (this.home);
    const look = (/** @type {Section} */ section) => void this.path?.look(section);
    const options = { beside: scene?.beside, look, ...(scene ? { speed: PATH_SPEED } : {}) };
    const section = {
      first: () => new First(home.exported, this.state, () => this.remember()),
      watch: () => new Watch(study, this.chosen, options),
      proof: () => new AllFits(home, (configuration, split) => this.open(configuration, split)),
      update: () => new OneUpdate(study, this.chosen, scene?.part),
      node: () => new NodeGraph(study, this.chosen),
      walk: () => this.walk(study, scene),
      gallery: () => new Gallery(study, this.chosen, scene?.mistake),
      exercise: () => new Exercise(home, this.state, () => this.remember()),
      table: () => new OwnTable(home.exported, (own) => this.use(own)),
      teach: () =>
        new Teach(
          home,
          this.state,
          () => this.remember(),
          (address) => this.go(address),
        ),
    }[name]();
    this.sections.set(name, section);
    return section;
  }

  /** Walk as the address asks, if it is about this network. @param {Study} study @param {object} [scene] */
  walk(study, scene) {
    if (scene || study !== this.home || this.chosen.own) return new Walk(study, this.chosen);
    const asked = this.state.get("walk") ?? "";
    return new Walk(study, this.chosen, asked, () => this.remember());
  }

  /** Show a step of the path, or a section. @param {string} address such as "step=3" */
  go(address) {
    const asked = new URLSearchParams(address);
    this.section = SECTIONS.find((name) => name === asked.get("section")) ?? "watch";
    this.show();
    const step = Number(asked.get("step"));
    if (step) this.path?.goTo(step - 1);
    else this.tabs?.[SECTIONS.indexOf(this.section)].focus();
    this.remember();
  }

  /** Show a fit of the study in "Watch". @param {number} configuration @param {number} split */
  open(configuration, split) {
    this.section = "watch";
    this.study = this.home;
    this.chosen = { configuration, split, own: null };
    this.drawChooser(/** @type {Study} */ (this.home));
    this.choose();
  }

  /** Show the chosen section as the reader left it, or from its beginning. */
  show() {
    if (!this.study) return;
    for (const [name, section] of this.sections)
      if (name !== this.section && name !== "proof") section.pause?.();
    const shown = this.sections.get(this.section) ?? this.create(this.section);
    this.tabs?.forEach((tab, place) => {
      const isShown = SECTIONS[place] === this.section;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1; // the arrow keys go to the others
    });
    if (this.chooser) this.chooser.hidden = OF_ALL.has(this.section);
    this.drawNote();
    this.mark();
    this.place.setAttribute("aria-labelledby", `tab-${this.section}`);
    this.place.replaceChildren(shown.element);
  }
}

/** Say which study is shown if it is not the page's own. @param {import("./study.js").Exported} exported */
function otherStudy({ dataset, left, y, columns, label, classes }) {
  const text = words();
  if (!left) return text.otherStudy(dataset);
  const read = text.tableRead(dataset, y.length, columns.length, label, classes.join(", "));
  return read + (left.length ? ` ${text.tableLeft(left.join(", "))}` : "");
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
const { textContent: known } = stored;
new Page(known ? JSON.parse(known) : NO_STUDY, whole).follow();
addEventListener("hashchange", () => location.reload()); // another address was typed, or linked to

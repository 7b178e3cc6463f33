// Elements of HTML: what all sections are built from.

import { currentLanguage, words } from "./words.js";

const MOST_WORDS = 40; // beside a picture

/**
 * Create an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] those that begin with "aria-" or are "role" or "for"
 *   are attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/^aria-|^role$|^for$/.test(name)) created.setAttribute(name, value);
    else Object.assign(created, { [name]: value });
  }
  created.append(...children);
  return created;
}

/**
 * Create a list to choose from, with its label.
 * @param {string} label
 * @param {[string, string][]} options values and texts
 * @param {string} value
 * @param {(value: string) => void} choose
 */
export function choice(label, options, value, choose) {
  const select = element("select", {});
  for (const [own, text] of options)
    select.append(element("option", { value: own, selected: own === value }, text));
  select.onchange = () => choose(select.value);
  return element("label", {}, `${label} `, select);
}

/**
 * Create a slider, with its label and what its value means. `show` moves it.
 * @param {string} label
 * @param {Record<string, string>} range `min`, `max` and `step`
 * @param {number} value
 * @param {(value: number) => string} write
 * @param {(value: number) => void} move what happens when the reader moves it
 * @param {string} [name] that is read out, if it is not the label
 */
export function slider(label, range, value, write, move, name = label) {
  const input = element("input", { type: "range", ...range, "aria-label": name });
  const output = element("output", {});
  const say = (/** @type {number} */ own) => {
    output.textContent = write(own);
    input.setAttribute("aria-valuetext", output.textContent);
  };
  const show = (/** @type {number} */ own) => {
    input.value = String(own);
    say(own); // to its own digits, not to those of a step
  };
  input.oninput = () => {
    say(Number(input.value));
    move(Number(input.value));
  };
  show(value);
  return {
    label: element("label", { className: "drag" }, `${label} `, input, output),
    input,
    show,
  };
}

/** @param {string} text @param {() => void} onclick */
export const button = (text, onclick) => element("button", { type: "button", onclick }, text);

/**
 * Create a place to choose CSV files, or to drop them.
 * @param {string} label
 * @param {(files: File[]) => void} take
 * @param {boolean} [multiple] whether it may be several
 */
export function filesField(label, take, multiple = false) {
  const field = element("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", multiple });
  field.onclick = () => (field.value = ""); // so that a file that was corrected can be chosen again
  field.onchange = () => take([...(field.files ?? [])]);
  const place = element("div", { className: "drop" }, element("label", {}, `${label} `, field));
  place.ondragover = (event) => event.preventDefault();
  place.ondrop = (event) => {
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  };
  return place;
}

/** Let the reader save a CSV file. @param {string} name @param {string} text */
export function saveCsv(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  element("a", { href, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/**
 * Create a table.
 * @param {(Node | string)[]} heads
 * @param {(Node | string)[][]} rows
 */
export function table(heads, rows) {
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const lines = rows.map((cells) =>
    element("tr", {}, ...cells.map((text) => element("td", {}, text))),
  );
  return element(
    "div",
    { className: "scroll", tabIndex: 0 },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)),
  );
}

/** Whether the reader has asked for less motion. */
export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Write a text that is read out, if it is another one. @param {Element | undefined} place @param {string} text */
export function say(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

/**
 * Split a text: as many sentences as are read beside a picture, and the rest.
 * @param {string} text
 * @param {string} language its code
 */
export function headOf(text, language) {
  const partsOf = (/** @type {"sentence" | "word"} */ granularity, /** @type {string} */ own) => [
    ...new Intl.Segmenter(language, { granularity }).segment(own),
  ];
  let count = 0;
  const cut = partsOf("sentence", text).find(({ segment, index }) => {
    count += partsOf("word", segment).filter(({ isWordLike }) => isWordLike).length;
    return index > 0 && count > MOST_WORDS;
  });
  const at = cut?.index ?? text.length;
  return [text.slice(0, at).trim(), text.slice(at).trim()];
}

/**
 * Explain a picture: a few words are seen, the rest is unfolded.
 * @param {string} text
 * @param {...Node} title before it
 */
export function explanation(text, ...title) {
  const [shown, more] = headOf(text, currentLanguage());
  const folded = more
    ? [element("details", {}, element("summary", {}, words().unfold), element("p", {}, more))]
    : [];
  return element("div", { className: "explanation" }, element("p", {}, ...title, shown), ...folded);
}

// Elements of HTML: what all sections are built from.

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

/** @param {string} text @param {() => void} onclick */
export const button = (text, onclick) => element("button", { type: "button", onclick }, text);

/**
 * Create a table.
 * @param {string[]} heads
 * @param {string[][]} rows
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

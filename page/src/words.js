// The language of the page: the browser's at first, then the reader's choice.

import { CHINESE } from "./chinese.js";
import { ENGLISH } from "./english.js";

/** @type {Record<string, import("./english.js").Words>} */
export const LANGUAGES = { en: ENGLISH, zh: CHINESE };

let language = globalThis.navigator?.language?.startsWith("zh") ? "zh" : "en";

/** Return the code of the language, for HTML. */
export const currentLanguage = () => language;

/** Return the texts of the language. */
export const words = () => LANGUAGES[language];

/** Return the name of a configuration: how it differs from the reference. @param {string} name */
export const configurationName = (name) => words().translated(name) || words().reference;

/**
 * Return configurations as options to choose from.
 * @param {string[]} names
 * @returns {[string, string][]}
 */
export const configurationOptions = (names) =>
  names.map((name, c) => [String(c), configurationName(name)]);

/** Return the name of an optimiser. @param {string} name */
export const optimiserName = (name) =>
  words().optimisers[/** @type {keyof import("./english.js").Words["optimisers"]} */ (name)];

export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
}

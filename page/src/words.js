// The language of the page: the browser's at first, then the reader's choice. Each language is one file.

import { CHINESE } from "./chinese.js";
import { ENGLISH } from "./english.js";
import { FRENCH } from "./french.js";
import { SPANISH } from "./spanish.js";

/** @type {Record<string, import("./english.js").Words>} */
export const LANGUAGES = { en: ENGLISH, zh: CHINESE, fr: FRENCH, es: SPANISH };

let language =
  Object.keys(LANGUAGES).find((code) => globalThis.navigator?.language?.startsWith(code)) ?? "en";

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

/** Change the language. @param {string} code one of `LANGUAGES` */
export function switchLanguage(code) {
  language = code;
}

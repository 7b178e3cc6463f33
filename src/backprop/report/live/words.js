// The language of the page: that of the browser at first, then the reader's choice.

import { CHINESE } from "./chinese.js";
import { ENGLISH } from "./english.js";

/** @type {Record<string, import("./english.js").Words>} */
export const LANGUAGES = { en: ENGLISH, zh: CHINESE };

let language = globalThis.navigator?.language?.startsWith("zh") ? "zh" : "en";

/** Return the code of the language, for HTML. */
export const currentLanguage = () => language;

/** Return the texts of the language. */
export const words = () => LANGUAGES[language];

export function switchLanguage() {
  language = language === "en" ? "zh" : "en";
}

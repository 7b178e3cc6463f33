// Builds the page: one small HTML file that needs no other, as a page in the frame of a report has none. The
// report writes a study into its element `study`, see study.schema.json.

import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

import { minify_sync as minify } from "terser";

import { BOUNDARY } from "./src/crew.js";

/** Where the library looks for the page. */
export const BUILT = new URL("../src/backprop/report/live/page.html", import.meta.url);
const IMPORT = /^import [^;]*"\.\/([\w.]+)";\n/gm;

/** @param {string} name of a file */
const read = (name) => readFileSync(new URL(`src/${name}`, import.meta.url), "utf8");

/** Return what a module imports. @param {string} name */
const importsOf = (name) => [...read(name).matchAll(IMPORT)].map(([, imported]) => imported);

/**
 * Return modules after all that they import: each uses only what is above it when it is loaded.
 * @param {string[]} names
 * @param {Set<string>} [above] what is there already
 */
function ordered(names, above = new Set()) {
  const seen = new Set(above);
  const visit = (/** @type {string} */ name) => {
    if (seen.has(name)) return [];
    seen.add(name);
    return [...importsOf(name).flatMap(visit), name];
  };
  return names.flatMap(visit);
}

/** Join modules into one, without imports, exports, comments and long local names. @param {string[]} names */
function joined(names) {
  const own = (/** @type {string} */ name) =>
    read(name)
      .replace(IMPORT, "")
      .replace(/^export (?=\w)/gm, "");
  const { code } = minify(names.map(own).join("\n"), { compress: false });
  return `${code}\n`;
}

/** Return the modules of the page: what workers run, and all else. */
export function modules() {
  const calculating = ordered(importsOf("crew.js"));
  return { calculating, showing: ordered(["page.js"], new Set(calculating)) };
}

/** Return the page. */
export function build() {
  const { calculating, showing } = modules();
  const script = joined(calculating) + BOUNDARY + joined(showing);
  return read("page.html")
    .replace("/* page.css */\n", () => read("page.css"))
    .replace("// page.js\n", () => script);
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(BUILT, build());

// "Your table": a CSV file of the reader becomes a study of the page. It is read here, and nothing is
// sent anywhere.

import { button, element, filesField } from "./elements.js";
import { studyOf } from "./small_study.js";
import { words } from "./words.js";

const MOST_OWN_COLUMNS = 10;
const MOST_OWN_ROWS = 2000; // more would train for minutes
const MOST_OWN_CLASSES = 10;
const FEWEST_OWN_ROWS = 10;
const MISSING = new Set(["", "na", "nan", "null", "?"]);

/**
 * Read a table of cells: commas, semicolons or tabs; quotes as spreadsheets write them.
 * @param {string} text
 * @returns {{line: number, cells: string[]}[]} each row that is not empty, with the line where it begins, from 1
 */
export function rowsOf(text) {
  const letters = text.replace(/^\uFEFF/, "");
  const [first] = letters.split("\n");
  const count = (/** @type {string} */ sign) => first.split(sign).length;
  const separator = [",", ";", "\t"].reduce((one, other) =>
    count(other) > count(one) ? other : one,
  );
  /** @type {{line: number, cells: string[]}[]} */
  const rows = [{ line: 1, cells: [] }];
  let [cell, isQuoted, line] = ["", false, 1];
  const end = () => {
    rows[rows.length - 1].cells.push(cell.trim());
    cell = "";
  };
  for (let place = 0; place < letters.length; place++) {
    const letter = letters[place];
    if (letter === "\n") line++;
    if (isQuoted && letter === '"' && letters[place + 1] === '"') cell += letters[place++];
    else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) cell += letter;
    else if (letter === separator) end();
    else if (letter === "\n") {
      end();
      rows.push({ line, cells: [] });
    } else cell += letter; // a \r is trimmed
  }
  end();
  return rows.filter(({ cells }) => cells.some(Boolean));
}

/**
 * Read a number; null if it is missing, NaN if it is none.
 * @param {string} cell
 * @param {boolean} hasCommas whether a comma is the decimal sign
 */
function numberIn(cell, hasCommas) {
  if (MISSING.has(cell.toLowerCase())) return null;
  const text = hasCommas ? cell.replace(",", ".") : cell;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/**
 * What is wrong with a table: the name of a sentence, and what it names.
 * @typedef {{problem: "empty" | "rows" | "columns" | "label" | "classes" | "ragged", value: string}} Problem
 */

/**
 * Read a table: the last column with texts, or else the last of all, is the class.
 * @param {string} text of a CSV file
 * @param {string} name of the file
 * @returns {{table: import("./small_study.js").Table} | Problem}
 */
export function tableOf(text, name) {
  const [head, ...below] = rowsOf(text);
  if (!head || !below.length) return { problem: "empty", value: "" };
  const { cells: heads } = head;
  const ragged = below.find(({ cells }) => cells.length !== heads.length);
  if (ragged) return { problem: "ragged", value: String(ragged.line) };
  const rows = below.map(({ cells }) => cells);
  const hasCommas = rows.some((row) => row.some((cell) => /^-?\d+,\d+$/.test(cell)));
  const columns = heads.map((head, k) => ({
    name: head,
    values: rows.map((row) => numberIn(row[k], hasCommas)),
  }));
  const isNumeric = columns.map(({ values }) => values.every((value) => !Number.isNaN(value)));
  const label = isNumeric.includes(false) ? isNumeric.lastIndexOf(false) : heads.length - 1;
  const isKept = rows.map((row) => !MISSING.has(row[label].toLowerCase()));
  const known = rows.filter((_, row) => isKept[row]).map((row) => row[label]);
  const classes = [...new Set(known)].sort();
  const numeric = columns
    .filter((_, k) => k !== label && isNumeric[k])
    .map(({ name: own, values }) => ({
      name: own,
      values: values.filter((_, row) => isKept[row]),
    }));
  if (known.length < FEWEST_OWN_ROWS || known.length > MOST_OWN_ROWS)
    return { problem: "rows", value: String(known.length) };
  if (classes.length < 2 || classes.length > MOST_OWN_CLASSES)
    return { problem: "classes", value: `${heads[label]}: ${classes.length}` };
  if (!numeric.length || numeric.length > MOST_OWN_COLUMNS)
    return { problem: "columns", value: String(numeric.length) };
  const left = heads.filter((_, k) => k !== label && !isNumeric[k]);
  const y = known.map((value) => classes.indexOf(value));
  return { table: { name, columns: numeric, label: heads[label], classes, y, left } };
}

/** The section. */
export class OwnTable {
  /**
   * @param {import("./study.js").Exported} home the study of the page
   * @param {(study: import("./study.js").Study) => void} use
   */
  constructor(home, use) {
    this.home = home;
    this.use = use;
    this.element = element("div");
    /** @type {{name: string, text: string} | null} */
    this.file = null;
    this.translate();
  }

  /** Write the texts in the reader's language. */
  translate() {
    const text = words();
    const pasted = element("textarea", { rows: 6, cols: 50, placeholder: text.tableExample });
    const usePasted = button(text.usePasted, () => this.show("table", pasted.value));
    this.state = element("p", { role: "status", className: "bad" });
    this.element.replaceChildren(
      element("p", {}, text.tableIntroduction(MOST_OWN_COLUMNS, MOST_OWN_ROWS)),
      filesField(text.chooseFile, ([file]) => void this.read(file)),
      element("label", {}, `${text.orPaste} `, pasted),
      element("p", { className: "controls" }, usePasted),
      this.state,
      element("p", {}, text.tableLimits),
      element("pre", {}, "backprop run table.csv --label class"),
    );
  }

  /** @param {File | undefined} file */
  async read(file) {
    if (file) this.show(file.name.replace(/\.\w+$/, ""), await file.text());
  }

  /** @param {string} name @param {string} text */
  show(name, text) {
    const found = tableOf(text, name);
    if (!this.state) return;
    const said = words();
    this.state.textContent =
      "problem" in found ? said.tableProblems[found.problem](found.value) : "";
    if ("problem" in found) return;
    const { configurations, names } = this.home;
    this.use(studyOf(found.table, this.home, configurations, names));
  }
}

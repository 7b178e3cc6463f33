"""Tables as HTML pages that need no other file and no network."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import pandas as pd

from backprop.report.wording.columns import explanation
from backprop.report.wording.names import sentence_case

PAGE_BYTES = 1_550_000  # Snakemake's report shows nothing if a page in base64 is over 2 MiB
MOST_ROWS = 5_000  # in a page, even if `PAGE_BYTES` would allow more
FIRST_COLUMNS = 8  # are shown; a button shows the others

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{above}
<p class="tools">{tools}</p>
{table}
<script>{script}</script>
</body>
</html>
"""

STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; color: #222; background: #fff; margin: 17px; }
h1, ul, p { position: sticky; left: 17px; max-width: min(60em, 100vw - 3em); }
h1 { font-size: 1.35em; }
li { margin: 0.3em 0; }
input, button { font: inherit; }
.tools > * { margin-right: 1em; padding: 2px 6px; }
table { border-spacing: 0; }
th, td { padding: 3px 8px; text-align: left; vertical-align: top; background: #fff;
  border-bottom: 1px solid #ddd; max-width: 40em; }
tbody { white-space: nowrap; }
thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom;
  border-bottom: 2px solid #222; }
th:first-child { position: sticky; left: 0; font-weight: normal; }
thead th:first-child { z-index: 2; }
th button { all: unset; cursor: pointer; font-weight: bold; }
th[title] button { text-decoration: underline dotted #999; text-underline-offset: 3px; }
th button:focus-visible { outline: 2px solid; }
th[aria-sort] button::after { content: " \\25b2"; }
th[aria-sort=descending] button::after { content: " \\25bc"; }
.number { text-align: right; }
.part { display: none; }
@media print {
  @page { size: landscape; }
  body { font-size: 8pt; margin: 0; }
  .tools input, .tools button { display: none; }
  .tools > * { padding: 0; }
  .tools .part { display: inline; }
  body:has(table.all) .tools .part { display: none; }
  thead, tr { break-inside: avoid; }
  th button { display: contents; }
  h1, ul, p, thead th, thead th:first-child, th:first-child { position: static; max-width: none; }
  th, td { padding: 1px 4px; }
}
"""

# Chromium prints the heads on each page only if no page may end within them, and no button that is
# a box of its own.

# The columns that a table without the class `all` hides, numbers, and columns with long texts.
HIDE = "table:not(.all) tr > :nth-child(n + {place}) {{ display: none; }}"
ALIGN = "td:nth-child({place}) {{ text-align: right; }}\n"
WRAP = (
    "tbody tr > :nth-child({place}) "
    "{{ white-space: normal; overflow-wrap: anywhere; min-width: 16em; }}\n"
)
LONG = 40  # letters of a text that is broken into lines

# Numbers are sorted as numbers, texts with the numbers in them: 2, 5, 10, 10x10, 20.
SCRIPT = """
const table = document.querySelector("table"), body = table.tBodies[0];
const all = [...body.rows], heads = [...table.tHead.rows[0].cells];
const number = text => Number(text.replace("inf", "Infinity"));
const collate = new Intl.Collator("en", { numeric: true }).compare;
heads.forEach((head, place) => head.firstChild.onclick = () => {
  const down = head.ariaSort === "ascending";
  const text = row => row.cells[place].textContent;
  const order = head.className ? (a, b) => number(a) - number(b) || 0 : collate;
  heads.forEach(other => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  body.append(...all.sort((one, other) => {
    const a = text(one), b = text(other);
    return !a || !b ? !a - !b : down ? order(b, a) : order(a, b);
  }));
});
const search = document.querySelector("input"), count = document.querySelector("output");
search.oninput = () => {
  const words = search.value.toLowerCase();
  all.forEach(row => row.hidden = !row.textContent.toLowerCase().includes(words));
  const shown = all.filter(row => !row.hidden).length;
  const rows = all.length === 1 ? " row" : " rows";
  const of = shown < all.length ? shown.toLocaleString("en") + " of " : "";
  count.value = of + all.length.toLocaleString("en") + rows;
};
search.oninput();
const button = document.querySelector(".tools button");
if (button) button.onclick = () => {
  const whole = table.classList.toggle("all");
  button.textContent = whole ? button.dataset.fewer : button.dataset.all;
};
"""


def table_page(
    table: pd.DataFrame,
    title: str,
    sentences: str | None = None,
    *,
    digits: int,
    name: str = "",
    metric: str = "accuracy",
    first: Sequence[str] = (),
) -> str:
    """Return a page with a table that readers can sort and search.

    Columns without any value are left out. A page that would be too large has only the first rows,
    and says so.

    Parameters
    ----------
    table : DataFrame
        Its texts may contain any character; they are escaped.
    title : str
        The page's heading.
    sentences : str, optional
        A column of text, without a full stop. Its values become a list above the table.
    digits : int
        Significant digits of the numbers. Numbers are sorted as they are shown.
    name : str
        The name of the table, for what `wording.columns` says of its columns.
    metric : str
        The metric of the study.
    first : sequence of str
        The columns to show first. A button shows the others. By default the first ones.

    Returns
    -------
    str
        HTML, the same for the same table.
    """
    shown = _shown(table.drop(columns=[sentences] if sentences else []), first)
    least = len([column for column in first if column in shown.columns]) or FIRST_COLUMNS
    lines = _lines(shown, digits)
    listed = _list(table[sentences].dropna()) if sentences else ""
    listed = listed if len(table) else "<p>None.</p>"
    page = _page(title, listed, shown, lines, (name, metric), least)
    room = PAGE_BYTES - len(page.encode()) + sum(len(line.encode()) + 1 for line in lines) - 200
    ends = np.cumsum([len(line.encode()) + 1 for line in lines])
    rows = int(np.searchsorted(ends, room, side="right"))
    if rows == len(table) or not lines:
        return page
    cut = f"<p>The first {rows:,} of {len(table):,} rows; the CSV file has them all.</p>"
    return _page(title, listed + cut, shown, lines[:rows], (name, metric), least)


def _shown(table: pd.DataFrame, first: Sequence[str]) -> pd.DataFrame:
    """Return the part of a table that a page may show, with the first columns to the left."""
    present = table.loc[:, table.notna().any()].head(MOST_ROWS)
    left = [column for column in first if column in present.columns]
    return present[[*left, *present.columns.difference(left, sort=False)]]


def _list(sentences: pd.Series) -> str:
    items = [f"<li>{escape(sentence_case(text))}.</li>" for text in sentences]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _page(
    title: str,
    above: str,
    table: pd.DataFrame,
    lines: Iterable[str],
    named: tuple[str, str],
    least: int,
) -> str:
    """Return the page; `named` are the name of the table and the metric of the study."""
    columns = len(table.columns)
    more = columns > least
    style = [STYLE]
    for place, column in enumerate(table, 1):
        if _is_number(table[column]):
            style.append(ALIGN.format(place=place))
        elif table[column].astype(str).str.len().max() > LONG:
            style.append(WRAP.format(place=place))
    style += [HIDE.format(place=least + 1)] if more else []
    every, fewer = f"Show all {columns} columns", f"Show {least} columns"
    search = '<input type="search" placeholder="Search" aria-label="Search">'
    button = f'<button data-all="{every}" data-fewer="{fewer}">{every}</button>' if more else ""
    part = f'<span class="part">{least} of {columns} columns</span>' if more else ""
    heads = "".join(_head(str(column), named, _is_number(table[column])) for column in table)
    rows = "\n".join(lines)
    return PAGE.format(
        title=escape(title),
        style="".join(style),
        above=above,
        tools=f"{search}{button}{part}<output></output>",
        table=f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>",
        script=SCRIPT,
    )


def _head(column: str, named: tuple[str, str], is_number: bool) -> str:
    name, metric = named
    words = explanation(name, column, metric)
    title = f' title="{escape(words)}"' if words else ""
    kind = ' class="number"' if is_number else ""
    text = escape(column.replace("_", " "))
    return f'<th scope="col"{kind}{title}><button>{text}</button></th>'


def _lines(table: pd.DataFrame, digits: int) -> list[str]:
    """Return the HTML of each row; a missing value is an empty cell.

    Rows and cells end where the next begins: HTML needs no more, and large tables are smaller.
    """
    columns = [_cells(table[column], digits) for column in table]
    return ["<tr><th>" + "<td>".join(cells) for cells in zip(*columns, strict=True)]


def _cells(column: pd.Series, digits: int) -> list[str]:
    is_float = pd.api.types.is_float_dtype(column)
    # Counts with a missing one are floats, too.
    whole = is_float and bool((column.dropna() % 1 == 0).all())
    form = "{:.0f}".format if whole else f"{{:.{digits}g}}".format if is_float else str
    return ["" if pd.isna(value) else escape(form(value)) for value in column]


def _is_number(column: pd.Series) -> bool:
    is_bool = pd.api.types.is_bool_dtype(column)
    return bool(pd.api.types.is_numeric_dtype(column) and not is_bool)

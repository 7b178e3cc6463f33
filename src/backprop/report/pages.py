"""Tables as HTML pages that need no other file and no network."""

import gzip
from base64 import b64encode
from functools import cache
from html import escape

import pandas as pd
from itables.javascript import generate_init_offline_itables_html, to_html_datatable
from itables.utils import find_package_file

from backprop.report.wording.names import sentence_case

PAGE_BYTES = 1_550_000  # Snakemake's report shows nothing if a page in base64 is over 2 MiB
MOST_ROWS = 5_000  # in a page, even if `PAGE_BYTES` would allow more
SHEET_ROWS = 100  # a table of more than two sheets shows one sheet at a time

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 14px/1.4 system-ui, sans-serif; color: #222; background: #fff; margin: 1.2em; }}
h1 {{ font-size: 1.35em; }}
li {{ margin: 0.3em 0; max-width: 60em; }}
table.dataTable {{ white-space: nowrap; }}
.dt-layout-table > .dt-layout-cell {{ max-height: calc(100vh - 12em); }}
table.dataTable thead th {{ position: sticky; top: 0; background: #fff; }}
table.dataTable th, table.dataTable td {{ padding: 3px 8px; }}
</style>
</head>
<body>
<h1>{title}</h1>
{above}
{library}
{table}
</body>
</html>
"""

# The library that sorts and searches is compressed, because each page has its own copy.
LIBRARY = """<script type="module">
const packed = await fetch("data:application/gzip;base64,{packed}");
const unpacked = new Response(packed.body.pipeThrough(new DecompressionStream("gzip")));
document.head.append(document.createRange().createContextualFragment(await unpacked.text()));
</script>"""


def table_page(
    table: pd.DataFrame, title: str, sentences: str | None = None, *, digits: int
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
        Significant digits of the numbers.

    Returns
    -------
    str
        HTML, the same for the same table.
    """
    shown = _shown(table.drop(columns=[sentences] if sentences else []))
    listed = _list(table[sentences].dropna()) if sentences else ""
    rows = len(shown)
    while True:
        cut = f"<p>The first {rows:,} of {len(table):,} rows; the CSV file has them all.</p>"
        page = PAGE.format(
            title=escape(title),
            above=listed + (cut if rows < len(table) else ""),
            library=_library(),
            table=_sortable(shown.head(rows), digits),
        )
        size = len(page.encode())
        if size <= PAGE_BYTES or not rows:
            return page
        rows = rows * 19 // 20 * PAGE_BYTES // size


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the part of a table that a page may show, as readers see it."""
    shown = table.loc[:, table.notna().any()].head(MOST_ROWS)
    shown.columns = [str(name).replace("_", " ") for name in shown.columns]
    texts = shown.select_dtypes(exclude="number").columns
    return shown.fillna(dict.fromkeys(texts, ""))


def _list(sentences: pd.Series) -> str:
    items = [f"<li>{escape(sentence_case(text))}.</li>" for text in sentences]
    return f"<ul>{''.join(items)}</ul>" if items else ""


@cache
def _library() -> str:
    library = generate_init_offline_itables_html(find_package_file("html/dt_bundle.js"))
    packed = gzip.compress(library.encode(), mtime=0)
    return LIBRARY.format(packed=b64encode(packed).decode())


def _sortable(table: pd.DataFrame, digits: int) -> str:
    paging = len(table) > 2 * SHEET_ROWS
    with pd.option_context("display.float_format", f"{{:.{digits}g}}".format):
        html = to_html_datatable(
            table,
            connected=False,
            table_id="table",
            maxBytes=0,
            showIndex=False,
            paging=paging,
            pageLength=SHEET_ROWS,
            classes="display compact",
            text_in_header_can_be_selected=False,  # so that a click on it sorts
            layout={
                "topStart": "search",
                "topEnd": "info",
                "bottomStart": None,
                "bottomEnd": "paging" if paging else None,
            },
        )
    return html.replace(r"[\"NaN\"", r"[\"\"")  # a missing number is an empty cell

"""Tables as self-contained pages."""

import gzip
from base64 import b64encode
from html import escape

import pandas as pd
from itables.javascript import generate_init_offline_itables_html, to_html_datatable
from itables.utils import find_package_file

from backprop.report.catalogue import DIGITS

LARGEST = 1_550_000  # bytes: a frame of the report stays empty if its page in base64 is over 2 MiB
MOST = 5_000  # rows to try at all
AT_ONCE = 100  # rows to a sheet, if there are more than two

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
{lead}
{library}
{table}
</body>
</html>
"""

# The library that sorts and searches is packed, as it is in every page of the report.
LIBRARY = """<script type="module">
const packed = await fetch("data:application/gzip;base64,{packed}");
const unpacked = new Response(packed.body.pipeThrough(new DecompressionStream("gzip")));
document.head.append(document.createRange().createContextualFragment(await unpacked.text()));
</script>"""


def table_page(
    table: pd.DataFrame, title: str, lead: str | None = None, digits: int = DIGITS
) -> str:
    """Return a page that needs nothing else: its table is sorted by a click, and searched.

    Parameters
    ----------
    table : DataFrame
    title : str
        The page's heading.
    lead : str, optional
        A column of sentences, which are put above the table.
    digits : int
        Significant digits of its numbers.

    Returns
    -------
    str
        HTML, the same for the same table.
    """
    sentences = (
        [f"<li>{escape(text[0].upper() + text[1:])}.</li>" for text in table[lead].dropna()]
        if lead
        else []
    )
    shown = table.drop(columns=[lead] if lead else []).dropna(axis="columns", how="all")
    shown.columns = [str(name).replace("_", " ") for name in shown.columns]
    for name in shown.select_dtypes(exclude="number"):
        shown[name] = shown[name].fillna("")
    listed = f"<ul>{''.join(sentences)}</ul>" if sentences else ""
    library = generate_init_offline_itables_html(find_package_file("html/dt_bundle.js"))
    library = LIBRARY.format(packed=b64encode(gzip.compress(library.encode(), mtime=0)).decode())
    rows = min(len(shown), MOST)
    while True:
        cut = f"<p>The first {rows:,} of {len(shown):,} rows; the CSV file has them all.</p>"
        lead_in = listed + (cut if rows < len(shown) else "")
        html = _sortable(shown.head(rows), digits)
        page = PAGE.format(title=title, lead=lead_in, library=library, table=html)
        size = len(page.encode())
        if size <= LARGEST or not rows:
            return page
        rows = rows * 19 // 20 * LARGEST // size


def _sortable(table: pd.DataFrame, digits: int) -> str:
    paging = len(table) > 2 * AT_ONCE
    with pd.option_context("display.float_format", f"{{:.{digits}g}}".format):
        html = to_html_datatable(
            table,
            connected=False,
            table_id="table",
            maxBytes=0,
            showIndex=False,
            paging=paging,
            pageLength=AT_ONCE,
            classes="display compact",
            text_in_header_can_be_selected=False,  # a click on it sorts
            layout={
                "topStart": "search",
                "topEnd": "info",
                "bottomStart": None,
                "bottomEnd": "paging" if paging else None,
            },
        )
    return html.replace(r"[\"NaN\"", r"[\"\"")  # a number that is missing is shown as nothing

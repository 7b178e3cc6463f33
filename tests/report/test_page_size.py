"""Pages of tables: as many rows as the report can show."""

import base64
import re

import numpy as np
import pandas as pd
from one_table import table_page

from backprop.report import pages


def test_a_page_with_long_texts_has_as_many_rows_as_a_frame_can_show():
    table = pd.DataFrame({"number": np.arange(3_000), "text": "\N{GREEK SMALL LETTER PI}" * 1_000})
    page = table_page(table, "Large", digits=4)
    assert len(base64.b64encode(page.encode())) < 2 * 2**20
    (shown,) = re.findall(r"<p>The first ([\d,]+) of 3,000 rows; the CSV file has", page)
    rows = int(shown)
    assert f"<th scope=row>{rows - 1:,}<td>" in page
    assert f"<th scope=row>{rows:,}<td>" not in page
    row = len(f"<tr><th scope=row>{rows:,}<td>\n") + 2 * 1_000
    kept = 200  # bytes for the sentence that the page is cut
    assert len(page.encode()) + row + kept > pages.PAGE_BYTES  # another row has no room


def test_a_page_that_is_small_enough_has_every_row():
    page = table_page(pd.DataFrame({"number": np.arange(1500)}), "Small", digits=4)
    assert "The first" not in page
    assert "<th scope=row>1,499" in page

"""Every row of the data, with what the models predict for it."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.files import write_table
from backprop.report.row_pages import as_file, page_of_rows
from backprop.statistics.every_row import rows_with_predictions

DATASET = Dataset(
    ("row", "<b>"), "kind", np.array([[1.5, 0], [2.0, 1], [-3.0, np.nan]]), np.array([0, 1, 0]),
    ("=no", "yes"), {"<b>": ("red", "@blue")},
)  # fmt: skip
P = np.array([[[0.9, 0.1], [0.6, 0.4], [0.3, 0.7]], [[0.7, 0.3], [0.2, 0.8], [0.1, 0.9]]])


def results():
    """Return what `rows_with_predictions` asks of results: one model, in two repeats."""

    def predictions(fits, votes=False):
        return (P > 0.5).astype(float) if votes else P

    hard_rows = pd.DataFrame({"row": [1, 2, 3], "wrong": [0, 1, 2], "predictions": 2})
    return SimpleNamespace(
        dataset=DATASET, tables={"hard_rows": hard_rows}, predictions=predictions,
        headlines={"logistic": None}, with_probabilities={"logistic": None},
    )  # fmt: skip


def test_the_rows_that_are_wrong_most_often_are_first_with_the_probability_of_their_own_class():
    table = rows_with_predictions(results())
    assert [*table["row"]] == [3, 2, 1]
    assert [*table["wrong"]] == [1.0, 0.5, 0.0]
    assert [*table["wrong_logistic"]] == [1.0, 0.5, 0.0]
    np.testing.assert_allclose(table["probability_logistic"], [0.2, 0.6, 0.8])
    assert [*table["class"]] == ["=no", "yes", "=no"]


def test_rows_have_their_own_names_beside_their_numbers(tmp_path):
    table = rows_with_predictions(results(), ["=a", "b", "<c>"])
    assert [*zip(table["row"], table["id"], strict=True)] == [(3, "<c>"), (2, "b"), (1, "=a")]
    names = {"class": "kind", "id": "person"}
    write_table(tmp_path / "rows.csv", as_file(table, names))
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert lines[0].startswith("row,person,wrong,kind,")
    assert lines[3].startswith("1,'=a,")
    page = page_of_rows(table, "Rows", names, "row")
    assert "person" in page
    assert "&lt;c&gt;" in page


def test_texts_are_escaped_in_the_file_and_on_the_page(tmp_path):
    table = rows_with_predictions(results())
    write_table(tmp_path / "rows.csv", as_file(table, {"class": "kind"}))
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert lines[0] == "row,wrong,kind,probability_logistic,wrong_logistic,row_,<b>"
    assert lines[1].startswith("3,1.0,'=no,")
    assert lines[1].endswith(",-3.0,")
    assert lines[2].endswith(",2.0,'@blue")
    page = page_of_rows(table, "All rows, one by one", {"class": "kind"}, "row")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "60.0%" not in page
    assert "0.600" in page


def test_a_page_of_many_rows_and_features_says_that_the_file_has_them_all():
    wide = pd.DataFrame({f"value_{n}": np.zeros(6_000) for n in range(600)})
    page = page_of_rows(wide.assign(row=range(6_000)), "Rows", {"class": "kind"}, "row")
    assert len(page.encode()) < 2_000_000
    assert "The first 500 of 600 features; the CSV file has them all." in page
    assert "of 6,000 rows; the CSV file has them all" in page

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from backprop.data.dataset import DataError
from backprop.data.encoding import FeatureColumn
from backprop.data.new_rows import read_rows

LENGTH = FeatureColumn(name="length", categories=(), fill=3.0, missing=0, lowest=0.0, highest=10.0)
MASS = FeatureColumn(name="mass", categories=(), fill=5.5, missing=2, lowest=-1.0, highest=1.0)
COLOUR = FeatureColumn(
    name="colour", categories=("blue", "red"), fill=1.0, missing=0, lowest=0.0, highest=1.0
)
WILD = FeatureColumn(
    name="wild", categories=("False", "True"), fill=0.0, missing=0, lowest=0.0, highest=1.0
)
COLUMNS = (LENGTH, MASS, COLOUR, WILD)
SOUND = {"length": [1.0], "mass": [0.5], "colour": ["red"], "wild": [True]}


def remarks(**changes):
    """Return the value of the changed column, and the remarks on the row."""
    rows = read_rows({**SOUND, **{key: [value] for key, value in changes.items()}}, COLUMNS)
    return rows.x[0], rows.remarks[0]


def test_a_row_as_expected_has_no_remark():
    x, own = remarks()
    np.testing.assert_array_equal(x, [1.0, 0.5, 1.0, 1.0])
    assert own == []


@pytest.mark.parametrize(("value", "is_far"), [(-5, False), (-5.1, True), (15, False), (16, True)])
def test_a_number_is_far_outside_from_half_the_range_beyond_its_ends(value, is_far):
    x, own = remarks(length=value)
    assert x[0] == value
    far = f"column 'length': {value} is far outside 0 to 10, the range of the training rows"
    assert own == ([far] if is_far else [])


def test_a_missing_value_is_remarked_on_where_no_training_row_misses_one():
    x, own = remarks(length=None, mass=None, colour=math.nan)
    assert np.isnan(x[:3]).all()
    assert own == [
        "column 'length': no value, as no training row has: 3 is used, the median",
        "column 'colour': no value, as no training row has: 'red' is used, the most frequent",
    ]


def test_other_marks_of_missing_values_count_in_any_column():
    new = {"length": ["-9"], "mass": ["-9.0"], "colour": ["k.A."], "wild": ["?"]}
    rows = read_rows(new, COLUMNS, ["k.A.", -9])
    np.testing.assert_array_equal(rows.x[0], [np.nan, np.nan, np.nan, -1])
    length, colour, wild = rows.remarks[0]
    assert "no value, as no training row has" in length
    assert "no value, as no training row has" in colour
    assert "'?' is none of its categories" in wild


def test_an_unknown_category_and_a_text_in_the_place_of_a_number_are_remarked_on():
    x, own = remarks(colour="Red", mass="heavy", length="inf")
    assert x[2] == -1
    assert np.isnan(x[:2]).all()
    assert own == [
        "column 'length': 'inf' is not a number: 3 is used, the median",
        "column 'mass': 'heavy' is not a number: 5.5 is used, the median",
        "column 'colour': 'Red' is none of its categories, 'blue', 'red': it counts as 'blue'",
    ]


@pytest.mark.parametrize(("value", "code"), [("TRUE", 1), ("false", 0), (False, 0), (" true ", 1)])
def test_booleans_may_be_written_in_any_case(value, code):
    x, own = remarks(wild=value)
    assert (x[3], own) == (code, [])


def test_the_columns_of_a_file_may_be_in_any_order_and_too_many_or_too_few(tmp_path):
    file = tmp_path / "new.csv"
    file.write_text("id;wild;mass;length\n7;true;-0,25;1,5\n8;false;;\n")
    rows = read_rows(file, COLUMNS)
    np.testing.assert_array_equal(rows.x, [[1.5, -0.25, np.nan, 1], [np.nan, np.nan, np.nan, 0]])
    assert (rows.ignored, rows.lacking) == (["id"], ["colour"])
    lacking = "no column 'colour': 'red' is used, the most frequent"
    assert rows.remarks == [
        [lacking],
        ["column 'length': no value, as no training row has: 3 is used, the median", lacking],
    ]


def test_a_data_frame_gives_the_same_floats_and_a_parquet_file_too(tmp_path):
    numbers = np.array([0.1, 1 / 3, 1e-300])
    frame = pd.DataFrame(
        {
            "mass": numbers.astype(np.float32),
            "length": numbers,
            "colour": pd.Categorical(["red", None, "blue"]),
            "wild": pd.array([True, None, False], dtype="boolean"),
        }
    )
    frame.to_parquet(tmp_path / "new.parquet")
    expected = [
        numbers, numbers.astype(np.float32).astype(float), [1, np.nan, 0], [1, np.nan, 0],
    ]  # fmt: skip
    for new in (frame, tmp_path / "new.parquet"):
        np.testing.assert_array_equal(read_rows(new, COLUMNS).x.T, expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "found the columns 'a', 'b'; use a table with the columns 'length', "),
        ("length,length\n1,2\n", "found the column 'length' twice"),
        ("length,mass\n1\n", "row 1 .line 2.: found 1 cells; use 2"),
        ("length,mass\n", "found no rows; use one row or more"),
        ("", "the file is empty"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(tmp_path, text, message):
    (tmp_path / "new.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        read_rows(tmp_path / "new.csv", COLUMNS)


def test_columns_that_are_twice_or_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="found a column twice"):
        read_rows(pd.DataFrame([[1, 2]], columns=["mass", "mass"]), COLUMNS)
    with pytest.raises(DataError, match="columns of different lengths"):
        read_rows({"mass": [1, 2], "length": [1]}, COLUMNS)


def test_a_file_in_the_layout_of_the_training_table_is_read_by_it(tmp_path):
    lines = ["Trees of 2026;;", "size;mass;colour", "cm;kg;", "<0,4;1.000,5 kg;rot.",
             "9999;0,5 kg;rot"]  # fmt: skip
    (tmp_path / "new.csv").write_text("\n".join(lines), encoding="utf-8")
    size, mass = replace(LENGTH, name="size", missing=2), replace(MASS, highest=2000.0)
    limit = replace(COLOUR, name="size limit", categories=("below", "within"), missing=1)
    colour = replace(COLOUR, categories=("blau", "rot"))
    cells = {
        "size": {"read": "number", "limits": "half", "missing": [9999]},
        "mass": {"read": "number", "unit": "kg"},
        "colour": {"join": {"rot.": "rot"}},
    }
    layout = {"cells": cells, "header": 2}
    rows = read_rows(tmp_path / "new.csv", [size, limit, mass, colour], layout=layout)
    np.testing.assert_array_equal(rows.x, [[0.2, 0, 1000.5, 1], [np.nan, np.nan, 0.5, 1]])
    assert rows.remarks == [[], []]
    assert rows.lacking == rows.ignored == []

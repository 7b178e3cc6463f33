"""A large file is read by Arrow as by Python's `csv`."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprop.data import arrow_csv, validity
from backprop.data.arrow_csv import Cells
from backprop.data.canonical_form import canonical, columns_of, read_dataset
from backprop.data.dataset import DataError, Reading
from backprop.data.file_tables import parse_csv
from backprop.data.sources import obtain
from backprop.data.survey import survey_columns


@pytest.fixture
def at_once(monkeypatch):
    """Let the smallest file count as large, or not: a function switches."""

    def switch(on):
        monkeypatch.setattr(arrow_csv, "LARGE_BYTES", 0 if on else 10**9)
        monkeypatch.setattr(arrow_csv, "LEAST_ROWS", 0)

    return switch


def read_both(switch, content, **options):
    """Return the data set of a file, or the message, as both read it; and whether Arrow did."""
    results = []
    for on in (False, True):
        switch(on)
        try:
            data = obtain("t", label="y", **options)
            results.append((canonical(data), columns_of(data), data.x.tobytes()))
        except DataError as error:
            results.append(str(error))
    by_arrow = False
    if not isinstance(results[1], str):
        by_arrow = isinstance(parse_csv("t", content).columns[0], Cells)
    return *results, by_arrow


@pytest.fixture
def both(at_once, monkeypatch):
    def read(content, **options):
        monkeypatch.setattr("backprop.data.sources._content", lambda *_: content)
        return read_both(at_once, content, **options)

    return read


NUMBERS = b"a,b,y\n1.5,2,u\n0.1,1e3,v\n.5,-4.,u\n"


@pytest.mark.parametrize(
    ("content", "by_arrow"),
    [
        (NUMBERS, True),
        (b"\xef\xbb\xbf" + NUMBERS, True),
        (NUMBERS.replace(b"\n", b"\r\n"), True),
        (NUMBERS.replace(b"1.5", b" 1.5 "), True),
        (NUMBERS.replace(b"1.5", b""), True),  # a fault, or a gap
        (NUMBERS.replace(b"1.5", b"NA"), True),
        (NUMBERS.replace(b"1.5", b"inf"), True),
        (NUMBERS.replace(b"1.5", b"1_0"), True),
        (NUMBERS.replace(b"1.5", b"+1.5"), True),
        (NUMBERS.replace(b"1.5", b'"1.5"'), True),
        (NUMBERS.replace(b"1.5", "é".encode()), True),
        (NUMBERS.replace(b"1.5,", b""), False),  # a row of another length
        (NUMBERS.replace(b"1.5", b'"1,5"'), True),
        (NUMBERS.replace(b",u\n0", b',"u\n"\n0'), False),
        (NUMBERS.replace(b"u", b'"a ""b"""'), False),
        (NUMBERS.replace(b"\n0", b"\n\n0"), False),
        (b"\n" + NUMBERS, False),
        (NUMBERS.replace(b",u", b",u\x1c"), True),
        (NUMBERS.replace(b",", b";").replace(b".", b","), True),
        (b"a;b;y\n1,5;x;u\n2,5;z;v\n3,0;x;u\n", True),
    ],
)
@pytest.mark.parametrize("missing", ["refuse", "impute"])
def test_both_read_the_same(both, content, by_arrow, missing):
    by_csv, of_arrow, was_by_arrow = both(content, missing=missing)
    assert of_arrow == by_csv
    assert isinstance(by_csv, str) or was_by_arrow == by_arrow


CELLS = st.sampled_from(
    [
        "1", "2.50", " 3", "", "NA", "x", "X", "-7e-3", "+1", "0x1", "1e400", "é", '"q"', "1,0",
        "\x1d4",
    ]
)  # fmt: skip


@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["u", "v", " v", ""])), min_size=2))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_read_any_cells_the_same(both, rows):
    content = "\n".join([";".join(row) for row in [("a", "b", "y"), *rows]]).encode()
    by_csv, of_arrow, _ = both(content, missing="impute", without_class="drop")
    assert of_arrow == by_csv


@given(st.lists(st.tuples(CELLS, CELLS), min_size=2), st.sets(CELLS, max_size=3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_read_the_same_if_more_counts_as_missing(both, rows, texts):
    classes = ["uv"[row % 2] for row in range(len(rows))]
    lines = [("a", "b", "y"), *((*row, y) for row, y in zip(rows, classes, strict=True))]
    content = "\n".join(map(";".join, lines)).encode()
    by_csv, of_arrow, _ = both(content, missing="impute", missing_values=[*texts, 1.0])
    assert of_arrow == by_csv


OF_SURVEY = st.sampled_from(["1", "2.0", "2", "-999", "-999.0", "99", "1,5", "?", "k.A.", "", "+3"])


@given(st.lists(st.tuples(OF_SURVEY, OF_SURVEY), min_size=12, max_size=40), st.sampled_from(",;"))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_seem_the_same(at_once, rows, delimiter):
    lines = [("n", "id", "y"), *((*row, "uv"[n % 2]) for n, row in enumerate(rows))]
    quoted = [[f'"{cell}"' for cell in line] for line in lines]
    content = "\n".join(map(delimiter.join, quoted)).encode()
    surveys = []
    for on in (False, True):
        at_once(on)
        surveys.append(survey_columns(parse_csv("t", content), "y")[0])
    assert surveys[0] == surveys[1]
    assert [*surveys[0].left_out] == [*surveys[1].left_out]


def test_a_data_set_is_read_back_by_arrow(at_once, tmp_path):
    at_once(True)
    content = "a,b,y\n" + "".join(
        f"{n / 7!r},{'' if n % 5 else 'pq'[n % 2]},{n % 2}\n" for n in range(40)
    )
    data = validity.from_tables(
        [parse_csv("t", content.encode())], Reading(label="y", missing="impute")
    )
    (tmp_path / "d.csv").write_bytes(canonical(data))
    (tmp_path / "c.json").write_text(json.dumps(columns_of(data)))
    read = read_dataset(tmp_path / "d.csv", tmp_path / "c.json")
    np.testing.assert_array_equal(read.x, data.x)
    np.testing.assert_array_equal(read.y, data.y)
    assert canonical(read) == canonical(data)

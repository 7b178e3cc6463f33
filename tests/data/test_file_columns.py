"""A large file that is read by arrays is read as by Python's `csv`, to the bit."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_any_content import NUMBERS as ANY_NUMBERS

from backprop.data import file_columns
from backprop.data.canonical_form import (
    canonical,
    columns_of,
    digest_of_data,
    files_of,
    read_dataset,
)
from backprop.data.dataset import DataError
from backprop.data.file_columns import Cells
from backprop.data.file_tables import parse_csv
from backprop.data.sources import obtain
from backprop.data.survey import survey_columns

MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def by_arrays(monkeypatch):
    """Let the smallest file count as large, in blocks of two rows, or not: a function switches."""
    monkeypatch.setattr(file_columns, "BLOCK_BYTES", 1)
    monkeypatch.setattr(file_columns, "ROWS_OF_A_BLOCK", 2)
    monkeypatch.setattr(file_columns, "FIRST_ROWS", 3)

    def switch(on):
        monkeypatch.setattr(file_columns, "LARGE_BYTES", 0 if on else 10**9)

    return switch


def is_by_arrays(content):
    return isinstance(parse_csv("t", content).columns[0], Cells)


@pytest.fixture
def read_both(by_arrays, tmp_path):
    """Return the data set of a file, or the message, as both read it."""

    def read(content, **options):
        (tmp_path / "t").write_bytes(content)
        for on in (False, True):
            by_arrays(on)
            try:
                data = obtain("t", label="y", file=tmp_path / "t", **options)
                yield canonical(data), columns_of(data), data.x.tobytes()
            except DataError as error:
                yield str(error)

    return read


NUMBERS = b"a,b,y\n1.5,2,u\n0.1,1e3,v\n.5,-4.,u\n-0,7,v\n"
PLAIN = [
    NUMBERS,
    NUMBERS.removesuffix(b"\n"),
    NUMBERS + b"\n\n",
    b"\xef\xbb\xbf" + NUMBERS,
    b"\n" + NUMBERS,
    NUMBERS.replace(b"\n", b"\r\n"),
    NUMBERS.replace(b"1.5", b" 1.5 "),
    NUMBERS.replace(b"a,b,y", b'"a","b","y"'),
    b'"","a","b","y"\n"1",1.5,2,"u"\n"2",0.1,NA,"v"\n"3",2,4,"u"\n',  # as R writes it
    NUMBERS.replace(b"1.5", b'"1.5"').replace(b"u", b'"u"').replace(b"\n", b"\r\n"),
    NUMBERS.replace(b",", b";").replace(b".", b","),
    b"a;b;y\n1,5;x;u\n2,5;z;v\n3,0;x;u\n",
    *(
        NUMBERS.replace(old, cell)
        for old in (b"1.5", b"-4.")  # in the first rows, and after them
        for cell in (b"", b"NA", b"inf", b"1_0", b"0x1", b"+1.5", b"nan", b"NAN", b"TRUE", b"1e999",
                     "é".encode(), "\u0661".encode(), b"\xc2\xa01", b"  ", b"1e", b"9" * 23)
    ),
]  # fmt: skip
OTHERS = [
    NUMBERS.replace(b"1.5,", b""),  # a row of another length
    NUMBERS.replace(b"7,v", b"7,v,8"),
    NUMBERS.replace(b"7,v", b"7,v,8\n1"),  # whose cells are as many as of two rows
    NUMBERS.replace(b"1.5", b'"1,5"'),
    NUMBERS.replace(b",u\n0", b',"u\n"\n0'),
    NUMBERS.replace(b"u", b'"a ""b"""'),
    NUMBERS.replace(b"u", b'a"b"'),
    NUMBERS.replace(b"u", b'"u'),
    NUMBERS.replace(b"\n0", b"\n\n0"),
    NUMBERS.replace(b"\n", b"\r"),
    NUMBERS.replace(b"u", b"u\0"),
    NUMBERS.replace(b"u", b"\xef\xbb\xbfu"),
    NUMBERS.replace(b"u", b"u" * 140_000),
    b"y\nu\nv\n",
]


@pytest.mark.parametrize("missing", ["refuse", "impute"])
@pytest.mark.parametrize("content", PLAIN + OTHERS)
def test_both_read_the_same(read_both, content, missing):
    by_csv, of_arrays = read_both(content, missing=missing)
    assert of_arrays == by_csv


def test_plain_files_are_read_by_arrays_and_no_others(by_arrays):
    by_arrays(True)
    assert all(map(is_by_arrays, PLAIN))
    for content in OTHERS:
        try:
            assert not is_by_arrays(content)
        except DataError:
            continue


CELLS = st.sampled_from(
    [
        "1", "2.50", " 3", "", "NA", "x", "X", "-7e-3", "+1", "0x1", "1e400", "é", '"q"', "1,0",
        "\x1d4", '"2"', "-0", '"NA"', '" "',
    ]
)  # fmt: skip
TEXTS = st.sampled_from(["u", "v", " v", ""])


@given(st.lists(st.tuples(CELLS, CELLS, TEXTS), min_size=2))
@MANY
def test_both_read_any_cells_the_same(read_both, rows):
    content = "\n".join([";".join(row) for row in [("a", "b", "y"), *rows]]).encode()
    by_csv, of_arrays = read_both(content, missing="impute", without_class="drop")
    assert of_arrays == by_csv


@given(st.lists(ANY_NUMBERS, min_size=2, max_size=20))
@MANY
def test_both_read_numbers_to_the_same_bit(read_both, numbers):
    lines = ["a\ty\tb", *(f"{n}\t{row % 2}\t{row}" for row, n in enumerate(numbers))]
    by_csv, of_arrays = read_both("\n".join(lines).encode(), features=["a", "b"])
    assert of_arrays == by_csv


@given(st.lists(st.tuples(CELLS, CELLS), min_size=2), st.sets(CELLS, max_size=3))
@MANY
def test_both_read_the_same_if_more_counts_as_missing(read_both, rows, texts):
    lines = [("a", "b", "y"), *((*row, "uv"[n % 2]) for n, row in enumerate(rows))]
    content = "\n".join(map(";".join, lines)).encode()
    by_csv, of_arrays = read_both(content, missing="impute", missing_values=[*texts, 1.0])
    assert of_arrays == by_csv


@given(st.lists(st.tuples(CELLS, TEXTS, TEXTS), min_size=2))
@MANY
def test_both_read_the_same_groups_order_and_unused_columns(read_both, rows):
    lines = [("a", "b", "y", "c"), *((*row, str(n % 4)) for n, row in enumerate(rows))]
    content = "\n".join(map(";".join, lines)).encode()
    for options in ({"groups": "a"}, {"order": "a"}, {"exclude": ["a"]}, {"groups": ["b", "c"]}):
        by_csv, of_arrays = read_both(content, missing="impute", **options)
        assert of_arrays == by_csv


OF_SURVEY = st.sampled_from(["1", "2.0", "2", "-999", "-999.0", "99", "1,5", "?", "k.A.", "", "+3"])


@given(st.lists(st.tuples(OF_SURVEY, OF_SURVEY), min_size=12, max_size=40), st.sampled_from(",;"))
@MANY
def test_both_seem_the_same(by_arrays, rows, delimiter):
    lines = [("n", "id", "y"), *((*row, "uv"[n % 2]) for n, row in enumerate(rows))]
    quoted = [[f'"{cell}"' for cell in line] for line in lines]
    content = "\n".join(map(delimiter.join, quoted)).encode()
    surveys = []
    for on in (False, True):
        by_arrays(on)
        surveys.append(survey_columns(parse_csv("t", content), "y")[0])
    assert surveys[0] == surveys[1]
    assert [*surveys[0].left_out] == [*surveys[1].left_out]


@given(st.lists(st.tuples(CELLS, TEXTS), min_size=2), st.sets(st.integers(0, 9)))
@MANY
def test_both_leave_the_same_rows_out(by_arrays, rows, left_out):
    content = "\n".join([";".join(row) for row in [("a", "y"), *rows]]).encode()
    tables = []
    for on in (False, True):
        by_arrays(on)
        table = parse_csv("t", content).without(left_out).without({0})
        places = [table.place(row) for row in range(len(table))]
        last = [cells[-1].strip() for cells in table.columns if len(table)]
        tables.append((places, last, table.texts("a"), table.texts("y")))
    assert tables[0] == tables[1]


def test_a_large_file_takes_the_memory_of_its_numbers(by_arrays, monkeypatch):
    by_arrays(True)
    monkeypatch.setattr(file_columns, "ROWS_OF_A_BLOCK", 1000)
    lines = (f"{n},{n / 7!r},{'uv'[n % 2]}" for n in range(20_000))
    table = parse_csv("t", "\n".join(itertools.chain(["a,b,y"], lines)).encode())
    numbers = [cells.numbers for cells in table.columns[:2]]
    np.testing.assert_array_equal(numbers, [np.arange(20_000), np.arange(20_000) / 7])
    assert table.columns[2].coded[0] == ["u", "v"]
    assert [*table.columns[0].file._coded] == [2]  # no text of a number was read


@given(st.lists(st.tuples(CELLS | ANY_NUMBERS, CELLS, TEXTS), min_size=2))
@MANY
def test_a_data_set_is_read_back_by_arrays(by_arrays, tmp_path, rows):
    lines = [("a", "=b", "y"), *((*row[:2], row[2].strip() or "=w") for row in rows)]
    (tmp_path / "t").write_bytes("\n".join(map(";".join, lines)).encode())
    by_arrays(False)
    try:
        data = obtain("t", label="y", file=tmp_path / "t", missing="impute")
    except DataError:
        return
    for name, content in files_of(data).items():
        (tmp_path / name).write_bytes(content)
    by_arrays(True)
    again = read_dataset(tmp_path / "table", tmp_path / "columns")
    assert digest_of_data(again) == digest_of_data(data)


def test_numbers_are_those_of_python_to_the_last_bit():
    generator = np.random.default_rng(1)
    bits = generator.integers(0, 2**63, 300_000).view(np.float64)
    texts = [repr(value) for value in bits[np.isfinite(bits)].tolist()]
    texts += [f"{a}.{b}" for a, b in generator.integers(0, 10**18, (100_000, 2)).tolist()]
    content = "".join(["a,b\n", *(f"{text},x\n" for text in texts)]).encode()
    numbers = file_columns.large_columns(content, 1, 2, ",", {""}).numbers(0)
    expected = np.array([*map(float, texts)])
    np.testing.assert_array_equal(numbers.view(np.int64), expected.view(np.int64))

"""Whatever a file holds, it is read as Python reads it, or refused with one message."""

import bz2
import csv
import gzip
import io
import json
import lzma
import math
import re
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_validity import parquet

from backprop.data.canonical_form import canonical, columns_of, read_dataset
from backprop.data.dataset import DataError
from backprop.data.sources import obtain

FEATURES, LABEL = ("a", "b"), "y"
ANY = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(folder, content, **options):
    """Return the data set of a file with this content, or the message that refuses it."""
    (folder / "data").write_bytes(content)
    try:
        return obtain("data", file=folder / "data", features=FEATURES, label=LABEL, **options)
    except DataError as error:
        message = str(error)
        assert message.startswith("data: ")
        assert message.count("\n") <= 22
        assert all(len(line) < 3000 for line in message.splitlines())
        return message


def is_number(cell):
    """Whether Python reads a cell as a finite number, and it has only the characters of one."""
    try:
        return math.isfinite(float(cell)) and bool(re.fullmatch("[-+.0-9eE]+", cell.strip()))
    except ValueError:
        return False


def is_table_of_numbers(header, rows):
    """Whether rows can be used, and have only numbers, by the rules of docs/your-own-data.md."""
    names = [name.strip() for name in header]
    if len(set(names)) < len(names) or not {*FEATURES, LABEL} <= set(names):
        return False
    if not rows or any(len(row) != len(names) for row in rows):
        return False
    cells = [[row[names.index(name)] for name in (*FEATURES, LABEL)] for row in rows]
    if not all(is_number(cell) for row in cells for cell in row):
        return False
    *features, _ = ({*map(float, column)} for column in zip(*cells, strict=True))
    classes = {Fraction(row[-1].strip()) for row in cells}
    return len(classes) > 1 and all(len(values) > 1 for values in features)


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).flatmap(
        lambda value: st.sampled_from(
            [repr(value), f"{value:+.17e}", f" {value:.3g}\t", f"{value:G}"]
        )
    ),
    st.integers(-(10**30), 10**30).map(str),
    st.from_regex(r"[+-]?[0-9]{1,40}\.[0-9]{0,40}(e-?[0-9]{1,3})?", fullmatch=True),
)
CLASSES = st.sampled_from(
    ["0", "1", "1.0", "+0", "-0.0", " 1 ", "1e0", "10E-1", "000", "0e99", "-3", "2.50"]
)
TRAPS = st.sampled_from(
    [
        "", " ", "nan", "inf", "-Infinity", "1e999", "1_0", "0x1p3", "0x1F", "1,5", "1e", "+", ".",
        "0 1", "\u0661", "\uff11", "\u2460", "\u00b2", "\u00a01", "1\u2003", "1\x1f", "1\0", "- 1",
        "--1", "1d5", "1e-400", "0.99999999999999999999", "1.00000000000000000001", "2", "True",
        "'1", "\"1", "1\n", "\r1", "5e-324", "a", "B", "b", "yes", "TRUE", "false", "1.234,5", "=1",
    ]
)  # fmt: skip


@st.composite
def tables(draw, numbers=NUMBERS, classes=CLASSES, names=("a", "b", "y")):
    """Return a CSV file with these columns, quoted and ended in any way."""
    header = draw(st.permutations(names))
    cells = {LABEL: classes}
    row = st.tuples(*(cells.get(name.strip(), numbers) for name in header))
    rows = draw(st.lists(row, min_size=1, max_size=8))
    text = io.StringIO()
    writer = csv.writer(
        text,
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerows([header, *rows])
    return text.getvalue().encode()


def columns_of_file(content):
    header, *rows = filter(None, csv.reader(io.StringIO(content.decode(), newline="")))
    names = [name.strip() for name in header]
    if any(len(row) != len(names) for row in rows):
        return header, rows, {}
    return header, rows, {name: [row[n] for row in rows] for n, name in enumerate(names)}


def assert_numbers_are_read_by_the_rules(folder, content):
    dataset = read(folder, content)
    header, rows, columns = columns_of_file(content)
    assert isinstance(dataset, str) != is_table_of_numbers(header, rows), dataset
    if isinstance(dataset, str):
        return
    expected = np.array([[float(cell) for cell in columns[name]] for name in FEATURES]).T
    np.testing.assert_array_equal(dataset.x, expected)
    np.testing.assert_array_equal(np.signbit(dataset.x), np.signbit(expected))
    exact = [Fraction(cell.strip()) for cell in columns[LABEL]]
    assert dataset.y.tolist() == [sorted(set(exact)).index(number) for number in exact]
    assert [Fraction(name) for name in dataset.classes] == sorted(set(exact))
    assert_read_back(folder, dataset)


def assert_every_cell_is_kept(folder, content):
    """Whatever a file holds, each cell is in the data set as a number, a text or no value."""
    dataset = read(folder, content, missing="impute")
    if isinstance(dataset, str):
        return
    _, _, columns = columns_of_file(content)
    for place, name in enumerate(FEATURES):
        for value, cell in zip(dataset.x[:, place].tolist(), columns[name], strict=True):
            text = cell.strip()
            if math.isnan(value):
                assert text.lower() in ("", "nan")
            elif name in dataset.categories:
                assert dataset.categories[name][int(value)].lower() == text.lower()
            else:
                assert is_number(text)
                assert value == float(text)
    for y, cell in zip(dataset.y.tolist(), columns[LABEL], strict=True):
        name, text = dataset.classes[y], cell.strip()
        assert name.lower() == text.lower() or Fraction(name) == Fraction(text)
    assert len(set(dataset.classes)) == len(np.unique(dataset.y)) == len(dataset.classes) > 1
    assert_read_back(folder, dataset)


def assert_read_back(folder, dataset):
    (folder / "canonical").write_bytes(canonical(dataset))
    (folder / "columns").write_text(json.dumps(columns_of(dataset)))
    again = read_dataset(folder / "canonical", folder / "columns")
    np.testing.assert_array_equal(again.x, dataset.x)
    np.testing.assert_array_equal(again.y, dataset.y)
    assert (again.classes, again.categories) == (dataset.classes, dataset.categories)


@ANY
@given(table=tables())
def test_numbers_are_read_as_python_reads_them(table, tmp_path):
    assert_numbers_are_read_by_the_rules(tmp_path, table)


@settings(ANY, max_examples=200)
@given(table=tables(NUMBERS | TRAPS, CLASSES | TRAPS, ("a", " b ", "y", "other")))
def test_a_table_with_any_cells_is_refused_or_read_without_a_loss(table, tmp_path):
    assert_every_cell_is_kept(tmp_path, table)


GOOD = b"a,b,y\n1,5,0\n2,6,1\n3,7,0\n4,9,1\n"


def zipped(method):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, text in (("x.dat", "1 5\n2 6\n3 7\n4 9\n"), ("y.dat", "0\n1\n0\n1\n")):
            archive.writestr(zipfile.ZipInfo(name), text * 20, compress_type=method)
    return content.getvalue()


# No time of day is in a file: hypothesis replays its examples by the bytes.
GOOD_FILES = {
    "commas": GOOD,
    "semicolons": GOOD.replace(b",", b";"),
    "tabs": GOOD.replace(b",", b"\t"),
    **{f"zip-{method}": zipped(method) for method in (0, 8, 12, 14)},
    "parquet": parquet(a=[1, 2, 3, 4], b=["u", "v", "u", "w"], y=[True, False] * 2),
    "gzip": gzip.compress(GOOD, mtime=0),
    "bzip2": bz2.compress(GOOD),
    "xz": lzma.compress(GOOD),
}


@st.composite
def damaged(draw):
    """Return a good file in which some bytes are replaced, inserted or cut off."""
    content = draw(st.sampled_from(list(GOOD_FILES.values())))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.sampled_from([start, start + 1, start + 4, len(content)]))
        content = content[:start] + draw(st.binary(max_size=4)) + content[end:]
    return content


@ANY
@example(content=b"\0")
@example(content=b"a,b,y\n" + b"1" * 200_000)
@example(content=b"\xef\xbb\xbf")
@example(content=",".join(map(str, range(2_000))).encode())
@given(content=damaged() | st.binary() | st.text().map(str.encode))
def test_any_bytes_are_read_or_refused_with_one_short_message(content, tmp_path):
    read(tmp_path, content)
    for start in (b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"):
        read(tmp_path, start + content)


@pytest.mark.parametrize("name", GOOD_FILES)
def test_the_files_that_are_damaged_are_good(name, tmp_path):
    assert set(read(tmp_path, GOOD_FILES[name]).y.tolist()) == {0, 1}

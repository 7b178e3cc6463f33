"""Whatever a file holds, it is read as Python reads it, or refused with one message."""

import csv
import io
import math
import re
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backprop.data.dataset import DataError, canonical, read_dataset
from backprop.data.sources import obtain

FEATURES, LABEL = ("a", "b"), "y"
ANY = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(folder, content):
    """Return the data set of a file with this content, or the message that refuses it."""
    (folder / "data").write_bytes(content)
    try:
        return obtain("data", file=folder / "data", features=FEATURES, label=LABEL)
    except DataError as error:
        message = str(error)
        assert message.startswith("data: ")
        assert "\n" not in message
        assert len(message) < 3000
        return message


def is_number(cell):
    """Whether Python reads a cell as a finite number, and it has only the characters of one."""
    try:
        return math.isfinite(float(cell)) and bool(re.fullmatch("[-+.0-9eE]+", cell.strip()))
    except ValueError:
        return False


def is_table(header, rows):
    """Whether rows can be used by the rules of the README and the messages."""
    names = [name.strip() for name in header]
    if len(set(names)) < len(names) or not {*FEATURES, LABEL} <= set(names):
        return False
    if not rows or any(len(row) != len(names) for row in rows):
        return False
    cells = [[row[names.index(name)] for name in (*FEATURES, LABEL)] for row in rows]
    if not all(is_number(cell) for row in cells for cell in row):
        return False
    *features, classes = ({*map(float, column)} for column in zip(*cells, strict=True))
    exact = all(Fraction(row[-1].strip()) in (0, 1) for row in cells)
    return exact and len(classes) == 2 and all(len(values) > 1 for values in features)


NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).flatmap(
        lambda value: st.sampled_from(
            [repr(value), f"{value:+.17e}", f" {value:.3g}\t", f"{value:G}"]
        )
    ),
    st.integers(-(10**30), 10**30).map(str),
    st.from_regex(r"[+-]?[0-9]{1,40}\.[0-9]{0,40}(e-?[0-9]{1,3})?", fullmatch=True),
)
CLASSES = st.sampled_from(["0", "1", "1.0", "+0", "-0.0", " 1 ", "1e0", "10E-1", "000", "0e99"])
TRAPS = st.sampled_from(
    [
        "", " ", "nan", "inf", "-Infinity", "1e999", "1_0", "0x1p3", "0x1F", "1,5", "1e", "+", ".",
        "0 1", "\u0661", "\uff11", "\u2460", "\u00b2", "\u00a01", "1\u2003", "1\x1f", "1\0", "- 1",
        "--1", "1d5", "1e-400", "0.99999999999999999999", "1.00000000000000000001", "2", "True",
        "'1", "\"1", "1\n", "\r1", "5e-324",
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


def assert_read_by_the_rules(folder, content):
    dataset = read(folder, content)
    header, *rows = filter(None, csv.reader(io.StringIO(content.decode(), newline="")))
    assert isinstance(dataset, str) != is_table(header, rows), dataset
    if isinstance(dataset, str):
        return
    names = [name.strip() for name in header]
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    expected = np.array([[float(cell) for cell in columns[name]] for name in FEATURES]).T
    np.testing.assert_array_equal(dataset.x, expected)
    np.testing.assert_array_equal(np.signbit(dataset.x), np.signbit(expected))
    assert dataset.y.tolist() == [float(cell) for cell in columns[LABEL]]
    (folder / "canonical").write_bytes(canonical(dataset))
    again = read_dataset(folder / "canonical")
    np.testing.assert_array_equal(again.x, dataset.x)
    np.testing.assert_array_equal(again.y, dataset.y)


@ANY
@given(table=tables())
def test_numbers_are_read_as_python_reads_them(table, tmp_path):
    assert_read_by_the_rules(tmp_path, table)


@settings(ANY, max_examples=500)
@given(table=tables(NUMBERS | TRAPS, CLASSES | TRAPS, ("a", " b ", "y", "other")))
def test_a_table_with_any_cells_is_read_by_the_rules_or_refused(table, tmp_path):
    assert_read_by_the_rules(tmp_path, table)


GOOD = b"a,b,y\n1,5,0\n2,6,1\n3,7,0\n4,9,1\n"


def zipped(method):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("x.dat", "1 5\n2 6\n3 7\n4 9\n" * 20)
        archive.writestr("y.dat", "0\n1\n0\n1\n" * 20)
    return content.getvalue()


ZIPS = [zipped(method) for method in range(15) if method in (0, 8, 12, 14)]


@st.composite
def damaged(draw):
    """Return a good file in which some bytes are replaced, inserted or cut off."""
    content = draw(st.sampled_from([GOOD, *ZIPS]))
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
    read(tmp_path, b"PK\x03\x04" + content)


@pytest.mark.parametrize("content", [GOOD, *ZIPS])
def test_the_files_that_are_damaged_are_good(content, tmp_path):
    assert set(read(tmp_path, content).y.tolist()) == {0, 1}

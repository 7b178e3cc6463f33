"""The steps to read or refuse a table grow as its cells and its names, whatever is in it.

`tests/test_patterns.py` has the regular expressions, which are no steps of Python.
"""

import io
from types import SimpleNamespace

import pyarrow
import pyarrow.parquet
import pytest
from steps import steps

from backprop.data import text_columns
from backprop.data.dataset import DataError
from backprop.data.sources import obtain

LENGTH = 500
UNITS = [
    "1", "0", ".", ",", "'", "-", "+", "e", "1e", "1,", "1.", ",1", "1 ", "\u00a0", "\u0661", "_",
    "1_", "x", "$1", "1/", "%", "2024-01-01", "1-", "T", "1:", "jan", "\u200b", "e\u0301", "\ufeff",
    "A ", "<", "1kg", "\u0130", "\u1e9b\u0323",
]  # fmt: skip


def tables(unit, end, length):
    """Yield tables with long cells of a feature and of the class, and with a long name."""
    long = unit * (length // len(unit)) + end
    for cells in ([long, "1", "2"], [long, "1" + long, "2" + long], ["u", long + "0", "1"]):
        for table in (
            [cells, ["1", "2", "3"], ["0", "1", "0"]],  # a feature
            [["1", "2", "3"], ["1", "2", "3"], cells],  # the class
        ):
            rows = [f"a;{long[:9]};y", *map(";".join, zip(*table, strict=True)), *["5;6;1"] * 9]
            yield "\n".join(rows).encode()
    yield f"{long};b;y\n1;2;0\n".encode()
    columns = {"a": [long * 5, "1", "2"], long * 5: [1, 2, 3], "y": ["0", "1", long * 5]}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    yield file.getvalue()


def steps_to_read(content, file):
    file.write_bytes(content)
    lengths = [0]  # of the message

    def read():
        try:
            obtain("table", file=file, label="y", missing="impute", positive="1")
        except DataError as error:
            lengths.append(len(str(error)))

    taken = steps(read)
    assert max(lengths) < 10_000
    return taken


@pytest.mark.parametrize("end", ["", "x", ","])
def test_no_cell_makes_the_start_slow(end, tmp_path):
    for unit in UNITS:
        pairs = zip(*(tables(unit, end, length) for length in (LENGTH, 2 * LENGTH)), strict=True)
        for pair in pairs:
            shorter, longer = (steps_to_read(each, tmp_path / "table") for each in pair)
            assert longer < 2.1 * shorter, (unit, pair)


def test_of_many_faults_only_those_that_are_listed_are_put_into_words(tmp_path, monkeypatch):
    quoted, file = [], tmp_path / "table"
    counting = SimpleNamespace(repr=lambda text: quoted.append(text) or repr(text))
    monkeypatch.setattr(text_columns, "in_brief", counting)
    lines = ["a,b,y", *(f"{row}.5,x{row},0\n{row}.25,{row},1" for row in range(2001))]
    file.write_text("\n".join(lines))
    with pytest.raises(DataError, match=r"found 2,001 faults:(\n  .*){20}\n  and 1,981 more$"):
        obtain("table", file=file, label="y")
    assert 20 <= len(quoted) <= 60


def test_many_names_of_columns_do_not_make_the_start_slow(tmp_path):
    def taken(columns):
        names = ",".join(f"feature_{n}" for n in range(columns))
        file = tmp_path / "table"
        file.write_text(f"{names}\n{',1' * (columns - 1)}\n")
        features = [f"featura_{n}" for n in range(columns // 2)]

        def read():
            with pytest.raises(DataError, match="table: found no columns 'featura_0', "):
                obtain("table", file=file, label="y", features=features)

        return steps(read)

    assert taken(8000) < 2.1 * taken(4000)

"""A table with long cells or many names is read or refused at once, whatever is in it."""

import subprocess
import sys

LENGTH = 10_000  # a time that grows with its square is some 100 million steps, half a second
SECONDS = 0.3  # of processor time for a table, which takes some thousandths

READ = """
import io, itertools, time
from pathlib import Path
import pyarrow, pyarrow.parquet
from backprop.data.dataset import (DataError)
from backprop.data.sources import obtain

def try_to_read(content):
    Path("table").write_bytes(content)
    began = time.process_time()
    try:
        obtain("table", file=Path("table"), label="y", missing="impute", positive="1")
    except DataError as error:
        assert len(str(error)) < 10_000, len(str(error))
    assert time.process_time() - began < {seconds}

for unit, end in itertools.product({units!r}, ["", "x", ","]):
    print(repr(unit), repr(end), flush=True)
    long = unit * ({length} // len(unit)) + end
    for cells in ([long, "1", "2"], [long, "1" + long, "2" + long], ["u", long + "0", "1"]):
        for table in (
            [cells, ["1", "2", "3"], ["0", "1", "0"]],  # a feature
            [["1", "2", "3"], ["1", "2", "3"], cells],  # the class
        ):
            rows = ["a;" + long[:9] + ";y", *map(";".join, zip(*table)), *["5;6;1"] * 9]
            try_to_read("\\n".join(rows).encode())
    try_to_read(f"{{long}};b;y\\n1;2;0\\n".encode())
    columns = {{"a": [long * 5, "1", "2"], long * 5: [1, 2, 3], "y": ["0", "1", long * 5]}}
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    try_to_read(file.getvalue())
"""
UNITS = [
    "1", "0", ".", ",", "'", "-", "+", "e", "1e", "1,", "1.", ",1", "1 ", "\u00a0", "\u0661", "_",
    "1_", "x", "$1", "1/", "%", "2024-01-01", "1-", "T", "1:", "jan", "\u200b", "e\u0301", "\ufeff",
    "A ", "<", "1kg", "\u0130", "\u1e9b\u0323",
]  # fmt: skip


def test_no_cell_makes_the_start_slow(tmp_path):
    code = READ.format(length=LENGTH, seconds=SECONDS, units=UNITS)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_many_names_of_columns_do_not_make_the_start_slow(tmp_path):
    names = ",".join(f"feature_{n}" for n in range(200_000))
    (tmp_path / "table").write_text(f"{names}\n{',1' * 199_999}\n")
    code = (
        "from pathlib import Path; from backprop.data.sources import obtain; "
        "obtain('table', file=Path('table'), label='y', features=['featura_%d' % n for n in "
        "range(9999)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=200
    )
    assert "table: found no columns 'featura_0', " in done.stderr

"""Alter archives, and verify them in warm Pythons without a connection."""

import sys
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from backprop.study import fits as stored_fits


def change_rows(file, change, *, sealed=True):
    """Change the fits of a file, by a function that gets its rows, and write their checksums."""
    rows = pq.read_table(file).to_pylist()
    change(rows)
    changed = pa.Table.from_pylist(rows, stored_fits.SCHEMA)
    pq.write_table(stored_fits._with_checksums(changed) if sealed else changed, file)


@contextmanager
def warm_python(server):
    """Let the workflow run in warm Pythons."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", str(Path(server.address).with_name("python")))
        yield

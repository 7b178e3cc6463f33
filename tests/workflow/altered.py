"""Alter archives, and verify them in a clone with few figures, in warm Pythons."""

import functools
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import warm
import yaml

from backprop.report.contents import FIGURES
from backprop.study import fits as stored_fits
from backprop.workflow.archive import crate, packing, remaking
from backprop.workflow.archive.zips import zipped
from backprop.workflow.reading import read_yaml


def config_here():
    return read_yaml(Path("config.yaml"))


def plan_here():
    return _plan_of(Path("config.yaml").read_text())


@functools.cache
def _plan_of(text):
    """Return the plan of an archive in the working directory, without a trace there."""
    with tempfile.TemporaryDirectory() as folder:
        return remaking.plan_of(yaml.safe_load(text), Path(folder))


def change_rows(file, change, *, sealed=True):
    """Change the fits of a file, by a function that gets its rows, and write their checksums."""
    rows = pq.read_table(file).to_pylist()
    change(rows)
    changed = pa.Table.from_pylist(rows, stored_fits.SCHEMA)
    pq.write_table(stored_fits._with_checksums(changed) if sealed else changed, file)


@contextmanager
def warm_python(guard):
    """Let the workflow run in warm Pythons, with what is in the folder of a guard."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", warm.server().python)
        patch.setenv("PYTHONPATH", str(guard), prepend=os.pathsep)
        yield


@contextmanager
def as_the_clone(project, *figures):
    """Let a project, which keeps some figures alone, be the clone that packs and verifies."""
    whole = dict(FIGURES)
    with pytest.MonkeyPatch.context() as patch:
        for module in (crate, packing, remaking):
            patch.setattr(module, "ROOT", project.folder)
        patch.setattr(crate, "CODE_PARTS", ("Snakefile", "src/backprop/study"))  # of 300 files
        patch.setenv("PYTHONPATH", str(project.folder / "src"))
        for name in whole.keys() - {*figures}:
            del FIGURES[name]
        yield
    FIGURES.clear()
    FIGURES.update(whole)


def packed(tmp_path, *entries):
    """Write a zip in the form of an archive, and return its path."""
    file = tmp_path / "bad.zip"
    file.write_bytes(zipped(dict(entries)))
    return file

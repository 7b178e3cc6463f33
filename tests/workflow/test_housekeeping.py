"""What is renamed before a run and removed after it."""

import copy
import os

import pytest
from project import ROOT, SMALL

from backprop.study.fits import SCHEMA
from backprop.workflow import housekeeping
from backprop.workflow.plan import Plan


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("tables", "plots", "fits/scratch"):
        (tmp_path / "results/ex4" / folder).mkdir(parents=True)
    return tmp_path / "results/ex4"


@pytest.fixture
def plan(results):
    return Plan(copy.deepcopy(SMALL), ROOT)


def write_fits(file):
    import pyarrow.parquet as pq

    pq.write_table(SCHEMA.empty_table(), file)


def test_a_damaged_file_is_renamed_with_a_warning(results, plan, capsys):
    sound, damaged = results / "fits/logistic.parquet", results / "fits/scratch"
    damaged /= "h3-sigmoid-squared_error.parquet"
    write_fits(sound)
    damaged.write_bytes(b"damaged")
    housekeeping.set_aside_damaged(plan)
    assert sound.exists()
    assert not damaged.exists()
    assert damaged.with_name(f"{damaged.name}.damaged").read_bytes() == b"damaged"
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: results/ex4/fits/scratch/h3-sigmoid-squared_error.parquet is")


def test_a_file_that_is_older_than_its_table_is_not_read(results, plan, capsys):
    file = results / "fits/logistic.parquet"
    file.write_bytes(b"damaged")
    os.utime(file, (1, 1))
    (results / "tables/fits.csv").write_text("")
    housekeeping.set_aside_damaged(plan)
    assert file.exists()
    assert capsys.readouterr().err == ""


def test_what_the_config_no_longer_asks_for_is_removed_with_a_message(results, plan, capsys):
    current = ["tables/fits.csv", "tables/effects.html", "plots/roc.svg", "tables/timings.csv"]
    outdated = ["tables/parity.csv", "tables/parity.html", "plots/learning_curves-cost.svg"]
    others = ["tables/notes.txt", "plots/mine.png", "fits/logistic.parquet"]
    for name in [*current, *outdated, *others]:
        (results / name).write_text("")
    housekeeping.remove_outdated(plan)
    assert all((results / name).exists() for name in [*current, *others])
    assert not any((results / name).exists() for name in outdated)
    printed = capsys.readouterr().err.splitlines()
    assert printed == [
        f"removed results/ex4/{name}: config.yaml no longer asks for it" for name in outdated
    ]

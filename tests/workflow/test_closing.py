"""The end of a run: it counts the fits that the logs count, and prints what the results say."""

import json
import logging
from types import SimpleNamespace

import numpy as np
import pytest

from backprop.study.configurations import Settings
from backprop.study.fits import update_fits
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.workflow import paths
from backprop.workflow.closing import Closing, Fits, count_fits


def fit():
    return Trained(
        status="ok", reason=None, epochs=1, probabilities=np.array([0.5]), curve_epochs=[],
        train_cost=[], test_cost=[], parameters=np.array([1.0]), seconds=0.1,
    )  # fmt: skip


def logged(folder, splits):
    """Train a model on some splits, with the log that a job writes; return the job."""
    log = folder / "train.log"
    handler = logging.FileHandler(log, mode="w")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger("backprop")
    logger.addHandler(handler)
    level, logger.level = logger.level, logging.INFO
    try:
        update_fits(
            folder / "fits.parquet", "logistic", [Settings.of({})],
            [Split(r, 0, np.array([0]), np.array([1])) for r in range(splits)],
            "basis", lambda missing: [fit()] * len(missing),
        )  # fmt: skip
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        handler.close()
    return SimpleNamespace(log=[str(log)], output=[paths.SUMMARY_JSON])


def test_fits_are_counted_as_the_jobs_log_them(tmp_path):
    (tmp_path / "other").mkdir()
    logged(tmp_path, 2)
    one, other = logged(tmp_path, 5), logged(tmp_path / "other", 4)
    deleted = SimpleNamespace(log=[str(tmp_path / "deleted.log")])
    assert count_fits([one, other, deleted], [one, other, deleted]) == Fits(3 + 4, 2)
    assert count_fits([one, other, deleted], [one]) == Fits(3, 2 + 4)  # the other one did not run
    assert count_fits([one, other], []) == Fits(0, 5 + 4)


def session(*jobs):
    return SimpleNamespace(jobs=jobs, jobs_to_run=jobs)


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Results in the working directory, with names that would control a terminal."""
    monkeypatch.chdir(tmp_path)
    study = {"advice": "Use \x1b[2Jknn.", "warnings": ["a\nb\u202e is odd", "more"]}
    (tmp_path / "results").mkdir()
    written = {"first_look": "", "datasets": {"ex4": study}}
    (tmp_path / paths.SUMMARY_JSON).write_text(json.dumps(written))
    return tmp_path


def test_the_end_says_what_the_results_say_and_no_name_controls_the_terminal(results, capsys):
    job = logged(results, 3)
    Closing(session(job)).announce()
    assert capsys.readouterr().out.splitlines() == [
        r"ex4: Use \x1b[2Jknn.",
        r"2 warnings, the first: a\nb\u202e is odd",
        "Trained 3 fits and kept 0, in about 10 seconds",
        f"The page to hand in: {results}/results/report.pdf",
        f"The tables: {results}/results/ex4/tables",
    ]


def test_a_run_of_other_results_and_results_that_are_gone_end_in_silence(results, capsys):
    Closing(session(SimpleNamespace(log=[], output=["results/ex4/tables/fits.csv"]))).announce()
    (results / paths.SUMMARY_JSON).write_text("{")
    whole = session(SimpleNamespace(log=[], output=[paths.SUMMARY_JSON]))
    Closing(whole).announce()
    (results / paths.SUMMARY_JSON).unlink()
    Closing(whole).announce()
    assert capsys.readouterr().out == ""

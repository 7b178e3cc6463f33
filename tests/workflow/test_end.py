"""The end of a run: it counts the fits that the logs count, and prints what the results say."""

import json
import logging
from types import SimpleNamespace

import numpy as np
import pytest

from backprop.errors import BackpropError
from backprop.study.configurations import Configuration
from backprop.study.fits import update_fits
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.workflow.plan import paths
from backprop.workflow.snakemake_run import end
from backprop.workflow.snakemake_run.end import End, count_fits


class Job:
    """What the end of a run needs of a job."""

    def __init__(self, log, output):
        self.log, self.output = [log], [output]


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
            folder / "fits.parquet", "logistic", [Configuration.of({})],
            [Split(r, 0, np.array([0]), np.array([1])) for r in range(splits)],
            "basis", lambda missing: enumerate([fit()] * len(missing)),
        )  # fmt: skip
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        handler.close()
    return Job(str(log), paths.SUMMARY_JSON)


def test_fits_are_counted_as_the_jobs_log_them(tmp_path):
    (tmp_path / "other").mkdir()
    logged(tmp_path, 2)
    one, other = logged(tmp_path, 5), logged(tmp_path / "other", 4)
    deleted = Job(str(tmp_path / "deleted.log"), "results/other.csv")
    assert count_fits([one, other, deleted], [one, other, deleted]) == (3 + 4, 2)
    assert count_fits([one, other, deleted], [one]) == (3, 2 + 4)  # the other one did not run
    assert count_fits([one, other], []) == (0, 5 + 4)


def session(*jobs):
    return SimpleNamespace(jobs=jobs, jobs_to_run=jobs)


@pytest.fixture
def ended(monkeypatch, capsys):
    """Return a function that announces the end of a run, and returns what is printed at its end."""

    def printed(*jobs):
        calls = []
        monkeypatch.setattr(
            end.atexit, "register", lambda *call, **options: calls.append((call, options))
        )
        End(session(*jobs)).announce()
        assert capsys.readouterr().out == ""
        monkeypatch.chdir("/")  # as Snakemake does, with --directory
        for (function, *values), options in calls:
            function(*values, **options)
        return capsys.readouterr().out

    return printed


@pytest.fixture
def results(in_a_folder, tmp_path):
    """Results in the working directory, with names that would control a terminal."""
    study = {
        "differing": "", "advice": "Use \x1b[2Jknn.", "warnings": ["a\nb\u202e is odd", "more"],
    }  # fmt: skip
    (tmp_path / "results").mkdir()
    written = {"first_look": "", "across": [], "datasets": {"ex4": study}}
    (tmp_path / paths.SUMMARY_JSON).write_text(json.dumps(written))
    return tmp_path


def test_the_end_says_what_the_results_say_and_no_name_controls_the_terminal(results, ended):
    assert ended(logged(results, 3)).splitlines() == [
        r"ex4: Use \x1b[2Jknn.",
        r"2 warnings, the first: a\nb\u202e is odd",
        "Trained 3 fits, in about 10 seconds",
        f"The page to hand in: {results}/results/report.pdf",
        f"The tables: {results}/results/ex4/tables",
    ]


def test_what_may_be_a_mistake_of_a_table_is_said_at_the_end(results, ended):
    file = results / paths.DATA_PROVENANCE.format(dataset="ex4")
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"notes": ["column 'zip': read as numbers"]}))
    first, *_ = ended(logged(results, 3)).splitlines()
    assert first == "note: ex4: column 'zip': read as numbers"


@pytest.mark.parametrize("content", ["{", None], ids=["damaged", "gone"])
def test_results_that_are_gone_end_in_silence(results, ended, content):
    file = results / paths.SUMMARY_JSON
    file.write_text(content) if content else file.unlink()
    assert ended(Job("a.log", paths.SUMMARY_JSON)) == ""


def test_a_run_of_other_results_ends_in_silence(results, ended):
    assert ended(Job("a.log", "results/ex4/tables/fits.csv")) == ""


@pytest.mark.parametrize(
    ("states", "named"),
    [
        ({"ex4": ["agrees", "chaotic"]}, None),
        ({"ex4": ["agrees"], "iris": ["agrees", "differs"], "xor": ["differs"]}, "iris, xor"),
    ],
)
def test_a_run_in_which_implementations_differ_ends_in_an_error(tmp_path, states, named):
    jobs = []
    for name, every in states.items():
        file = tmp_path / f"{name}.csv"
        file.write_text("configuration,state\n" + "".join(f"c,{state}\n" for state in every))
        rule, wildcards = SimpleNamespace(name="parity"), SimpleNamespace(dataset=name)
        jobs.append(SimpleNamespace(rule=rule, wildcards=wildcards, output=[str(file)]))
    jobs.append(SimpleNamespace(rule=SimpleNamespace(name="all"), output=[]))
    end = End(session(*jobs))
    if named is None:
        end.refuse_differing()
    else:
        with pytest.raises(BackpropError, match=f"do not compute the same on {named}: see"):
            end.refuse_differing()

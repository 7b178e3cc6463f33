"""The trials of classifiers: nothing that a class does keeps a run from starting."""

import copy
import subprocess
import sys

import pytest
from project import ROOT, SMALL

from backprop.workflow import checks, memory, trials

# The fit of each never ends, unless the operating system ends it, or ends without an error.
HOSTILE = """
import ctypes, os, signal, sys, time
import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.svm import SVC

def hurry(limit):  # one that is not set remains so
    signal.setitimer(limit, signal.getitimer(limit)[0] / 10)

class Endless(SVC):
    def fit(self, x, y):
        hurry(signal.ITIMER_PROF)
        return super().fit(x, y)

class InC(DummyClassifier):
    def fit(self, x, y):
        hurry(signal.ITIMER_REAL)
        ctypes.PyDLL(None).pause()  # holds the lock of the interpreter

class Deaf(DummyClassifier):
    def fit(self, x, y):
        while True:
            try:
                time.sleep(10)
            except BaseException:
                pass

class Greedy(DummyClassifier):
    def fit(self, x, y):
        self.all = [np.empty(10**8) for _ in range(100)]

class Large(DummyClassifier):
    def fit(self, x, y):
        np.ones(10**12)

class Crashing(DummyClassifier):
    def fit(self, x, y):
        os.abort()

class Ending(DummyClassifier):
    def fit(self, x, y):
        sys.exit("no")

class Talking(DummyClassifier):
    def fit(self, x, y):
        print('"no answer"', flush=True)
        os.write(1, b'"no answer"' + bytes([10]))

class Refusing(DummyClassifier):
    def fit(self, x, y):
        raise ValueError("refused " * 10**3)
"""
ENDLESS = {"class": "hostile.Endless", "reference": {"C": 1.0e10, "kernel": "linear"}}
REFUSED = {"class": "sklearn.naive_bayes.MultinomialNB", "reference": {}}
KNN = {"class": "sklearn.neighbors.KNeighborsClassifier", "reference": {"n_neighbors": 15}}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def classifiers_are_tried():
    """In another process."""


def test_no_class_can_prevent_that_its_trial_ends_and_the_others_are_made(here, monkeypatch):
    (here / "hostile.py").write_text(HOSTILE)
    monkeypatch.setenv("PYTHONPATH", str(here))
    names = ["InC", "Greedy", "Ending", "Talking", "Refusing"]
    hostile = [{"class": f"hostile.{name}", "reference": {}} for name in names]
    reasons = trials.refusals([ENDLESS, *hostile, KNN])
    assert reasons == ["", "", "", "", "", "refused " * 125, ""]


@pytest.mark.thorough  # others of their kinds are above
def test_no_class_goes_on_after_errors_or_ends_the_others(here, monkeypatch):
    (here / "hostile.py").write_text(HOSTILE)
    monkeypatch.setenv("PYTHONPATH", str(here))
    hostile = [
        {"class": f"hostile.{name}", "reference": {}} for name in ("Deaf", "Large", "Crashing")
    ]
    assert trials.refusals([*hostile, REFUSED])[3].startswith("Negative values in data")


def test_neither_modules_of_the_working_directory_nor_a_quoted_path_are_in_the_way(
    here, monkeypatch
):
    for name in ("numpy", "json", "sklearn"):
        (here / f"{name}.py").write_text("raise SystemExit")
    (here / "a b").symlink_to(sys.exec_prefix)
    monkeypatch.setattr(sys, "executable", f"'{here}/a b/bin/python'")  # as the Snakefile sets it
    assert trials.refusals([REFUSED])[0].startswith("Negative values in data")


def test_without_another_process_nothing_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "executable", "missing")
    assert trials.refusals([REFUSED, KNN]) == ["", ""]


# What is remembered


def config(entry):
    return copy.deepcopy(SMALL) | {"models": ["logistic", "own"], "estimators": {"own": entry}}


def test_what_passed_is_not_tried_again_until_it_is_edited():
    entries = {"own": KNN}
    assert trials.untried(entries) == entries
    trials.remember(entries.values())
    assert trials.untried(entries) == {}
    edited = {"own": {**KNN, "reference": {"n_neighbors": 15.0}}}
    assert trials.untried(edited) == edited


def test_what_passed_is_tried_again_with_another_version_of_scikit_learn(monkeypatch):
    trials.remember([KNN])
    monkeypatch.setattr(trials, "version", lambda name: "0.1")
    assert trials.untried({"own": KNN})


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b"\xff" + b, None])
def test_a_damaged_memory_is_forgotten(damage):
    trials.remember([KNN])
    file = memory.FOLDER / "estimators"
    if damage:
        file.write_bytes(damage(file.read_bytes()))
    else:
        file.unlink()
        file.mkdir()
    assert trials.untried({"own": KNN})
    trials.remember([KNN])


def test_a_config_that_passed_is_checked_without_scikit_learn(here, trials_here):
    schema = ROOT / "workflow/schemas/config.schema.yaml"
    checks.check_config(config(KNN), schema)
    code = (
        "import sys; from pathlib import Path; from backprop.workflow.checks import check_config; "
        f"check_config({config(KNN)!r}, Path({str(schema)!r})); "
        "assert 'sklearn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=here, check=True)


def test_a_refusal_is_not_remembered(trials_here):
    schema = ROOT / "workflow/schemas/config.schema.yaml"
    for _ in range(2):
        with pytest.raises(checks.BackpropError, match=r"MultinomialNB refuses {}: Negative"):
            checks.check_config(config(REFUSED), schema)

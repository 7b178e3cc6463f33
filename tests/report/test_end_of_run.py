"""The words of a first look, and of the end of a run; what sentences take from the config."""

import copy

import pytest
import yaml
from full_config import full, typed
from project import ROOT

from backprop.report.wording.end_of_run import closing_lines
from backprop.report.wording.first_look import first_look_sentence

CONFIG = full(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
QUICK = yaml.safe_load((ROOT / "config/quick.yaml").read_text(encoding="utf-8"))
FULL_RUN = (
    "A full run, without --quick, does all that the config asks for, draws all figures, and may "
    "change the verdict."
)


def quick(**changes):
    """Return the default config with the overrides of a first look, and other changes."""
    config = copy.deepcopy(CONFIG)
    for key, value in QUICK.items():
        config[key] = {**config[key], **value} if isinstance(value, dict) else value
    return config | changes


def test_a_full_run_says_nothing_of_a_first_look():
    assert first_look_sentence(typed(CONFIG)) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {},
            "This is a first look: 2 repeats of cross-validation, networks that train for at most "
            "100 epochs, no nested cross-validation and no simulation of error rates.",
        ),
        (
            {"models": ["logistic"], "validation": {"repeats": 1, "inner_folds": 3}},
            "This is a first look: 1 repeat of cross-validation and no simulation of error rates.",
        ),
    ],
)
def test_a_first_look_says_what_is_less_and_what_a_full_run_adds(changes, says):
    assert first_look_sentence(typed(quick(**changes))) == f"{says} {FULL_RUN}"


def ending(datasets, first_look="", warnings=("a", "b"), differing="", across=()):
    study = {
        "differing": differing, "advice": "Use logistic regression.", "warnings": list(warnings)
    }  # fmt: skip
    datasets_said = {f"d{n}": study for n in range(datasets)}
    results = {"first_look": first_look, "across": across, "datasets": datasets_said}
    return closing_lines(results, 1, 1200, "40 seconds", "/r/report.pdf", "/r/tables")


def test_the_end_of_a_run_names_the_verdict_the_warnings_the_fits_and_the_files():
    end = [
        "Trained 1 fit and kept 1,200 of an earlier run, in about 40 seconds",
        "The page to hand in: /r/report.pdf",
        "The tables: /r/tables",
    ]
    verdict = "Use logistic regression."
    assert ending(1) == [f"d0: {verdict}", "2 warnings, the first: a", *end]
    assert ending(1, warnings=["a"]) == [f"d0: {verdict}", "Warning: a", *end]
    assert ending(1, "A first look.", []) == ["A first look.", f"d0: {verdict}", *end]
    assert ending(3, warnings=[]) == [
        f"d0: {verdict}", f"d1: {verdict}", "and 1 more data set, in the report", *end,
    ]  # fmt: skip
    assert "and 2 more data sets, in the report" in ending(4)
    assert ending(3, across=["On 3 data sets ..."])[0] == "On 3 data sets ..."


def test_the_end_of_a_run_says_first_that_implementations_differ():
    lines = ending(1, differing="the implementations of the network do not compute the same")
    assert lines[:2] == [
        "d0: the implementations of the network do not compute the same",
        "d0: Use logistic regression.",
    ]

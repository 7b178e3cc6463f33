"""The landing page, and the captions: they must be right for every config, and for docutils."""

import copy
import re
from pathlib import Path

import docutils.core
import pandas as pd
import pytest
import yaml

from backprop.report import summary
from backprop.study import fits

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "workflow/report/summary.rst.jinja"
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
MODELS = CONFIG["models"]


def page(models, names=("ex4",), **changes):
    """Render the page of a study in which nothing is known yet to be better."""
    config = copy.deepcopy(CONFIG) | {"models": models}
    comparison = pd.DataFrame({"model": models})
    comparison = comparison.assign(
        outcome=None, detectable=float("nan"), diverged=0, verdict="it is as good",
        **dict.fromkeys(("accuracy", "accuracy_lower", "accuracy_upper"), 0.8),
        **dict.fromkeys(("difference", "difference_lower", "difference_upper"), 0.0),
    )  # fmt: skip
    provenance = {
        "rows": 80, "features": ["exam_1", "exam_2"], "label": "admitted",
        "classes": {"0": 40, "1": 40}, "source": "bundled", "duplicated_rows": [[14, 40]],
        "sha256": "0" * 64, **changes,
    }  # fmt: skip
    tuning = pd.DataFrame({"model": [], "verdict": []})
    study = {"provenance": provenance, "comparison": comparison, "tuning": tuning}
    return summary.render(TEMPLATE, config, dict.fromkeys(names, study))


@pytest.mark.parametrize(
    ("models", "says", "says_not"),
    [
        (MODELS, ["one written by hand", "one in TensorFlow", "the reference, fixed"], []),
        (["logistic", "scratch"], ["is written by hand", "the reference"], ["TensorFlow"]),
        (["logistic", "tensorflow"], ["the reference"], ["written by hand"]),
        (["logistic", "softmax"], [], ["Networks are trained", "by hand", "the reference"]),
    ],
    ids=["both networks", "scratch", "tensorflow", "none"],
)
def test_the_page_speaks_of_the_models_that_there_are(models, says, says_not):
    question = page(models).partition("**How to read the rest.**")[0].partition("**The question")[2]
    for words in says:
        assert words in question
    for words in says_not:
        assert words not in question


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        (["ex4"], {}),
        (["a_rather_long_name_of_a_data_set_", "b"], {}),
        (["ex4"], {"features": ["one_", "*two", "`three"], "label": "class_"}),
    ],
    ids=["ex4", "names", "columns"],
)
def test_the_page_is_sound_whatever_the_names(names, changes):
    settings = {"halt_level": 2, "report_level": 2, "warning_stream": None}
    text = page(MODELS, names, **changes)
    html = docutils.core.publish_string(text, writer="html5", settings_overrides=settings).decode()
    for name in names:
        assert name in html


def test_captions_say_what_dead_means_as_the_code_does():
    said = [
        float(number)
        for caption in (ROOT / "workflow/report").glob("*.rst")
        for number in re.findall(r"within ([\d.]+) of each other", caption.read_text())
    ]
    assert said == [fits.DEAD] * 2

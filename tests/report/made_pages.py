"""Landing pages of studies that are made up in a few numbers, and what readers see of them."""

import copy
import html
import re
from pathlib import Path

import docutils.core
import pandas as pd
import yaml
from full_config import full, typed
from in_memory import results_of

from backprop.models.candidate_lists import configurations_of
from backprop.report.summary import Reported, first_page, render
from backprop.statistics.recommendation import recommend
from backprop.study.metrics import METRICS

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "workflow/report/summary.rst.jinja"
CONFIG = full(yaml.safe_load((ROOT / "config.yaml").read_text()))
MODELS = CONFIG["models"]

FIRST = ["The models (1 Result)", "The <students> (4 Data)"]


def comparison_of(models, verdict="it is as good", trouble=None, same=None):
    """Return a comparison in which all models are equal, but those in trouble."""
    comparison = pd.DataFrame({"model": models, "configuration": "default"})
    comparison = comparison.assign(
        outcome=None, verdict=verdict,
        **dict.fromkeys(("diverged", "failed", "unlearned", "separated", "not_converged"), 0),
        same_as=None, same_within=float("nan"),
        **dict.fromkeys(("accuracy", "accuracy_lower", "accuracy_upper"), 0.8),
        **dict.fromkeys(("difference", "difference_lower", "difference_upper"), 0.0),
    ).astype({"same_as": object})  # fmt: skip
    comparison.loc[0, ["difference", "difference_lower", "difference_upper"]] = None
    for model, counts in (trouble or {}).items():
        places = comparison["model"] == model
        comparison.loc[places, ["accuracy", "accuracy_lower", "accuracy_upper"]] = None
        comparison.loc[places, ["difference", "difference_lower", "difference_upper"]] = None
        for state, count in counts.items():
            comparison.loc[places, state] = count
    for model, (first, within) in (same or {}).items():
        places = comparison["model"] == model
        comparison.loc[places, "verdict"] = None
        comparison.loc[places, "same_as"] = first
        comparison.loc[places, "same_within"] = within
    return comparison


def learning_of(models):
    """Return that all models are better than a guess."""
    learning = pd.DataFrame({"model": models, "tuned": False, "metric": "accuracy"})
    return learning.assign(score=0.8, guess=0.5, better=True, worse=False)


def metrics_of(models):
    """Return the table of the models by each metric, with a sentence for each."""
    rows = [
        {
            "model": model, "metric": metric, "score": 0.7, "score_lower": 0.6, "score_upper": 0.8,
            "outcome": "undecided",
            "verdict": f"by {metric}, all are equal" if model == models[0] else None,
        }
        for metric in METRICS
        for model in models
    ]  # fmt: skip
    return pd.DataFrame(rows)


def page(
    models,
    name="ex4",
    entry=None,
    estimators=None,
    reference=None,
    wrong=(0, 0),
    one_class=None,
    repeats=10,
    tables=None,
    numbers=None,
    write=render,
    metric="accuracy",
    first_look=False,
    sections=None,
    warnings=(),
    **changes,
):
    """Render the page of a study; `write` may be another function of the same parameters."""
    config = copy.deepcopy(CONFIG) | {"models": models, "estimators": estimators or {}}
    config |= sections or {}
    config["first_look"] = first_look
    config["reference"] |= reference or {}
    config["validation"]["repeats"] = repeats
    config["comparison"]["metric"] = metric
    provenance = {
        "rows": 80, "features": ["exam_1", "exam_2"], "label": "admitted",
        "classes": {"0": 40, "1": 40}, "positive": "1", "categories": {}, "missing": {},
        "groups": None, "source": "bundled", "notes": [], "duplicated_rows": [[14, 40]],
        "sha256": "0" * 64, **changes,
    }  # fmt: skip
    every = {
        "comparison": comparison_of(models, **(numbers or {})).rename(
            columns=lambda name: name.replace("accuracy", metric)
        ),
        "guessing": pd.DataFrame({**{name: [0.4, 0.6] for name in METRICS}, "rows": 8}),
        "against_guess": learning_of(models).assign(metric=metric),
        "hard_rows": pd.DataFrame({"row": range(1, len(wrong) + 1), "wrong": wrong}).assign(
            predictions=40, one_class=one_class
        ),
        **(tables or {}),
    }
    config["datasets"] = {name: {**CONFIG["datasets"]["ex4"], **(entry or {})}}
    config = typed(config)
    settings = {"metric": metric, "row": config.datasets[name].row}
    results = results_of(settings, every, candidates=configurations_of(config))
    decision = recommend(
        every,
        results.candidates,
        metric=metric,
        rope=config.comparison.rope,
        warned=[each.check for each in warnings],
    )
    study = Reported(results, decision, warnings, provenance, FIRST)
    return write(TEMPLATE, config, name, first_page(study, name, config))


def as_html(text):
    """Convert reStructuredText; docutils raises an exception for a warning."""
    settings = {"halt_level": 2, "report_level": 2, "warning_stream": None}
    shown = docutils.core.publish_string(text, writer="html5", settings_overrides=settings).decode()
    return re.sub(r">\n\s*<", "><", shown)


def lines_of(text):
    """Return what a reader sees of a page, without pictures: sentences, and the rows of tables."""
    shown = re.sub(r"(?s)<svg.*?</svg>|<head.*?</head>", "", as_html(text))
    between = r"(</p>)?</t[dh]> ?<t[dh][^>]*>(<p[^>]*>)?"
    shown = re.sub(between, " | ", " ".join(shown.split()))
    shown = re.sub(r"</?(p|tr|li|h1|h2|summary)\b[^>]*>", "\n", shown)
    paragraphs = html.unescape(re.sub("<[^>]*>", "", shown)).split("\n")
    sentences = (re.split(r"(?<=[.?]) (?=[A-Z0-9])", one.strip()) for one in paragraphs)
    return [each for every in sentences for each in every if each]

"""What advice is read from, in a few numbers: rows of the table of models, and other tables."""

import tempfile
from pathlib import Path

import pandas as pd
from worded import context_of

from backprop.report.wording.recommendation import advice
from backprop.statistics.recommendation import (
    ADAPTER,
    read_recommendation,
    recommend,
    write_recommendation,
)
from backprop.statistics.tables import Interval
from backprop.study.configurations import Configuration

NETWORK = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
NETWORKS = [NETWORK, NETWORK.changed(hidden=(5,))]
NONE = float("nan")
BASELINE = {
    "model": "logistic", "outcome": None, "accuracy": 0.8, "accuracy_lower": 0.7,
    "accuracy_upper": 0.9, "difference": NONE, "difference_lower": NONE, "difference_upper": NONE,
    "same_as": None, "same_within": NONE, "diverged": 0, "unlearned": 0,
    "separated": 0, "not_converged": 0,
}  # fmt: skip
UNDECIDED = {
    **BASELINE, "model": "scratch", "outcome": "undecided", "accuracy": 0.79, "difference": -0.006,
    "difference_lower": -0.054, "difference_upper": 0.042,
}  # fmt: skip
BETTER = {
    **UNDECIDED, "outcome": "better", "accuracy": 0.86, "difference": 0.06,
    "difference_lower": 0.012, "difference_upper": 0.11,
}  # fmt: skip
WORSE = {
    **UNDECIDED, "outcome": "worse", "accuracy": 0.7, "difference": -0.1, "difference_lower": -0.15,
    "difference_upper": -0.05,
}  # fmt: skip
DIVERGED = {
    **dict.fromkeys(BASELINE, NONE), "model": "scratch", "diverged": 20, "unlearned": 0,
    "separated": 0, "not_converged": 0,
}  # fmt: skip


NESTED = pd.DataFrame(
    {"model": ["scratch"], "accuracy": [0.88], "accuracy_lower": [0.8], "outcome": ["better"],
     "difference": [0.07], "difference_lower": [0.02], "difference_upper": [0.12],
     "untuned_accuracy": [0.86], "same_as": [None]}
)  # fmt: skip


def advise(*rows, baseline=BASELINE, rope=0.01, regressions=1, networks=2, l2=0.0, needed=None,
           warnings=(), **tables):  # fmt: skip
    """Return the advice on a comparison with these rows, after 5 folds x 4 repeats."""
    candidates = {
        "logistic": [Configuration.of({"l2": l2 + 0.1 * n}) for n in range(regressions)],
        "scratch": NETWORKS[:networks], "tensorflow": NETWORKS[:networks],
        "softmax": [Configuration()], "knn": [Configuration()],
    }  # fmt: skip
    comparison = pd.DataFrame([baseline, *rows])
    context = context_of(candidates, rope=rope)
    return advice_on({"comparison": comparison, **tables}, context, needed, warnings)


def advice_on(tables, context, needed=None, warnings=()):
    """Decide from tables, store the decision, and return what is said of it when it is read."""
    candidates = {model: [*named.values()] for model, named in context.candidates.items()}
    tables = {"against_guess": all_learned(tables, context.metric), **tables}
    warned = {each.check for each in warnings}
    decision = recommend(
        tables, candidates, metric=context.metric, rope=context.rope, warned=warned
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recommendation.json"
        write_recommendation(file, decision)
        stored = read_recommendation(file)
    assert ADAPTER.dump_python(stored) == ADAPTER.dump_python(decision)
    advised = advice(stored, warnings, context, needed)
    text = " ".join([*advised.purposes, *advised.details])
    assert 1 <= len(advised.purposes) <= 3
    if len(advised.purposes) == 1:
        assert text.startswith(advised.headline)
    assert " ".join(advised.purposes).count(" but ") <= 1
    return text


def losses(logistic=0.45, outcome="undecided", **others):
    """Return the table of metrics: log losses, and how those of other models compare."""
    rows = [{"model": "logistic", "score": logistic, "outcome": None}]
    rows += [{"model": model, "score": own, "outcome": outcome} for model, own in others.items()]
    return pd.DataFrame(rows).assign(metric="log_loss")


def decided(model, benefit, *, useful=True, **more):
    """Return a row of the table of decisions, at a threshold of 1 in 6."""
    row = {name: Interval(benefit, 0, 1) for name in ("net_benefit", "beyond")}
    row |= {"model": model, "treat_all": 0.1, "beyond_p": 0.01, "threshold": 1 / 6}
    row |= {"cost": Interval(1 - benefit, 0, 1), "changed": 0.1}
    return {**row, "positive": "ill", "useful": useful, **more}


def costing(model, cost, **more):
    """Return a row of the table of decisions among several classes."""
    alike = {"alike": "a", "alike_cost": 2.0, "cost": Interval(cost, 0, 3)}
    two = dict.fromkeys(("net_benefit", "threshold", "positive", "treat_all"))
    return decided(model, 0, **more) | alike | two


def learning(*shown, guess=0.72, worse=(), losses=None, metric="accuracy"):
    """Return the comparison with a guess, in which some models are better by some metrics.

    `shown` has (model, metric) or (model, metric, tuned); `worse` the models whose log loss is
    worse than that of a guess, 0.69; `losses` the log losses.
    """
    better = {(*each, False)[:3] for each in shown}
    every = {"logistic": False, "scratch": False, "knn": False}
    models = {*every.items(), *((model, tuned) for model, _, tuned in better)}
    metrics = [*dict.fromkeys((metric, "balanced_accuracy", "roc_auc", "log_loss"))]
    guesses = {metric: guess, "log_loss": 0.69}
    return pd.DataFrame(
        [
            {"model": model, "tuned": tuned, "metric": each, "guess": guesses.get(each, 0.5),
             "score": (losses or {}).get(model, 0.6), "better": (model, each, tuned) in better,
             "worse": each == "log_loss" and model in worse}
            for model, tuned in sorted(models)
            for each in metrics
        ]
    )  # fmt: skip


def all_learned(tables, metric):
    """Return the comparison with a guess, in which all models are better, as they are and tuned."""
    models = [(model, False) for model in tables["comparison"]["model"]]
    if "nested" in tables:
        models += [(model, True) for model in tables["nested"]["model"]]
    metrics = dict.fromkeys((metric, "log_loss"))
    return learning(*((model, each, tuned) for model, tuned in models for each in metrics))


def accurate(*models, **others):
    """Return the comparison with a guess, in which these models are better by accuracy."""
    return learning(*((model, "accuracy") for model in models), **others)

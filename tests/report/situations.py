"""Situations of a study, in a few numbers, and the sentences that the report then has.

A situation is a row or a few rows of a table of statistics. What is not said of it is that of the
base of its chapter.
"""

from functools import cache

import made_advice
import pandas as pd
from made_advice import advise, learning, losses
from made_pages import MODELS, comparison_of, lines_of, metrics_of, page
from worded import context_of, with_verdicts

from backprop.report.wording.comparison import verdict
from backprop.report.wording.error_rates import unlike_sentence
from backprop.statistics.tables import COMPARISON, ERROR_RATES, Tested
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS

NONE = float("nan")
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
OTHERS = [
    REFERENCE.changed(**changed)
    for changed in (
        {"hidden": (5,)}, {"hidden": (5, 5)}, {"hidden": (50,)}, {"activation": "relu"},
        {"learning_rate": 0.3}, {"learning_rate": 1.0}, {"learning_rate": 3.0},
        {"learning_rate": 0.3, "hidden": (5,)},
    )
]  # fmt: skip
NAMES = {
    "reference": REFERENCE.name,
    **{
        " ".join(f"{key} {each.values()[key]}" for key in each.differing(REFERENCE)): each.name
        for each in OTHERS
    },
}
NEIGHBOURS = [Configuration.of({"n_neighbors": n}) for n in (15, 5, 45)]
PENALTIES = [Configuration.of({"l2": l2}) for l2 in (0.0, 0.1)]
CANDIDATES = {
    "logistic": [Configuration()], "softmax": [Configuration()], "scratch": [REFERENCE, *OTHERS],
    "tensorflow": [REFERENCE, *OTHERS], "knn": NEIGHBOURS,
}  # fmt: skip
TUNED_BASELINE = {**CANDIDATES, "logistic": PENALTIES}
ESTIMATORS = {"knn": {"class": "sklearn.neighbors.KNeighborsClassifier"}}


def in_words(changes):
    """Return some values of a row as a text."""
    return ", ".join(f"{key} {number(value)}" for key, value in changes.items())


def number(value):
    return "none" if value is None or value != value else str(value)


def rows_of(base, *changes):
    """Return a table of rows that differ from the base of a chapter, and what they differ in."""
    table = pd.DataFrame([{**base, **change} for change in changes])
    return table, "; ".join(filter(None, map(in_words, changes)))


def sentences_of(name, table, candidates=CANDIDATES, **values):
    """Return the sentences of a table of statistics."""
    return with_verdicts(name, table, candidates, **values)["verdict"].dropna().tolist()


# The comparison of models

COMPARED = {
    "model": "scratch", "outcome": "undecided", "accuracy": 0.8, "accuracy_lower": 0.71,
    "accuracy_upper": 0.87, "difference": 0.003, "difference_lower": -0.041,
    "difference_upper": 0.047, "p_adjusted": 0.891, "basis": "rows", "worse": 0.278, "equal": 0.347,
    "better": 0.375, "confidence": 0.95, "fits": 20, "diverged": 0, "unlearned": 0, "separated": 0,
    "not_converged": 0, "same_as": None, "same_within": NONE,
}  # fmt: skip
BETTER = {
    "outcome": "better", "difference": 0.061, "difference_lower": 0.0117,
    "difference_upper": 0.1104, "p_adjusted": 0.0322, "equal": 0.02, "better": 0.98,
}  # fmt: skip
WORSE = {
    "outcome": "worse", "difference": -0.061, "difference_lower": -0.1104,
    "difference_upper": -0.0117, "p_adjusted": 0.00002, "worse": 0.9999, "equal": 0.0001,
}  # fmt: skip
EQUAL = {
    "outcome": "practically equal", "difference": -0.0002, "difference_lower": -0.0052,
    "difference_upper": 0.0048, "p_adjusted": 1.0, "equal": 0.98,
}  # fmt: skip
SLIGHT = {**BETTER, "outcome": "slightly different", "better": 0.4, "equal": 0.6}
NO_SCORE = {"accuracy": NONE, "difference": NONE, "outcome": None}

VERDICTS = {
    "not shown to differ": ({}, {}),
    "better": (BETTER, {}),
    "worse": (WORSE, {}),
    "practically equal": (EQUAL, {}),
    "shown to differ by less than matters": (SLIGHT, {}),
    "an interval without zero, but not after adjustment": (
        {**BETTER, "outcome": "undecided", "p_adjusted": 0.0644}, {},
    ),
    "the same below zero": ({**WORSE, "outcome": "undecided", "p_adjusted": 0.0644}, {}),
    "the same by so little that the end is written as zero": (
        {**WORSE, "outcome": "undecided", "p_adjusted": 0.162, "difference_upper": -0.00001}, {},
    ),
    "no row tells the models apart": (
        {**EQUAL, "difference_lower": NONE, "difference_upper": NONE, "equal": 1.0}, {},
    ),
    "the same probabilities": ({**EQUAL, "basis": "identical"}, {}),
    "another level of confidence": ({**BETTER, "confidence": 0.9, "p_adjusted": 0.0161}, {}),
    "by log loss, which has a unit": (BETTER, {"metric": "log_loss"}),
    "a few rows decide a log loss": (
        {"difference": 5.17, "difference_lower": NONE, "difference_upper": NONE, "p_adjusted": 1.0},
        {"metric": "log_loss"},
    ),
    "by ROC AUC, which has none": (BETTER, {"metric": "roc_auc"}),
    "a wider region of practical equivalence": (EQUAL, {"rope": 0.025}),
}  # fmt: skip

BASELINE = {"model": "logistic", **NO_SCORE, "accuracy": 0.79}
FOLLOWER = {"model": "tensorflow", "same_as": "scratch"}
COMPARISONS = {
    "alone": [BASELINE],
    "better": [BASELINE, BETTER],
    "two implementations that are identical": [BASELINE, {}, {**FOLLOWER, "same_within": 0.0}],
    "two implementations that are nearly equal": [BASELINE, {}, {**FOLLOWER, "same_within": 4e-15}],
    "two implementations that differ a little": [BASELINE, {}, {**FOLLOWER, "same_within": 2e-4}],
    "two implementations, by how much is not known": [BASELINE, {}, FOLLOWER],
    "softmax regression is the same": [
        BASELINE, {"model": "softmax", "same_as": "logistic", "same_within": 0.0},
    ],
    "two models are the same": [
        BASELINE, *({"model": name, "same_as": "logistic"} for name in ("softmax", "knn")),
    ],
    "every fit diverged": [BASELINE, {**NO_SCORE, "diverged": 20}],
    "a fit of the baseline diverged": [
        {**BASELINE, "accuracy": NONE, "diverged": 1}, {"difference": NONE, "outcome": None},
    ],
    "fits failed, with a reason": [
        BASELINE, {**NO_SCORE, "model": "knn", "failed": 6, "reason": "too few rows"},
    ],
    "fits have not learned": [BASELINE, {"unlearned": 3}],
    "fits have no solution, or stopped early": [
        {**BASELINE, "separated": 2, "not_converged": 1}, {},
    ],
    "chaotic training": [BASELINE, {**EQUAL, "chaotic": True}],
}  # fmt: skip


def comparison(rows, **values):
    """Return the numbers and the sentences of a table of models; the usual baseline needs none."""
    table, _ = rows_of({**COMPARED, "failed": 0, "chaotic": False}, *rows)
    sentences = sentences_of("comparison", table.astype({"same_as": object}), **values)
    usual = rows[0] is BASELINE and len(sentences) > 1
    return rows_of(COMPARED, *rows[usual:])[1], sentences[usual:]


# By each metric

SCORED = {
    "metric": "accuracy", "score": 0.8, "score_lower": 0.71, "score_upper": 0.87, "same_as": None,
}  # fmt: skip
CUT_OFF = {"metric": "log_loss", "score": 6.23, "score_lower": NONE, "score_upper": NONE}
OUTCOMES = {
    "no difference is shown": ("undecided", "undecided"),
    "one is better, one is worse": ("better", "worse"),
    "one is worse, of the other nothing is shown": ("worse", "undecided"),
    "one is practically equal, of the other nothing is shown": ("practically equal", "undecided"),
    "both are better": ("better", "better"),
    "one differs by less than matters": ("slightly different", "undecided"),
}


# Hyperparameters


def named_configurations(table, *columns):
    """Put the full names of configurations into a table of short ones."""
    return table.assign(**{column: table[column].replace(NAMES) for column in columns})


def by(metric, table, *columns):
    """Return a table by another metric, with the full names of its configurations."""
    table = table.rename(columns=lambda name: name.replace("accuracy", metric))
    return named_configurations(table, *columns)


# Tuning

TUNED = {
    "model": "scratch", "candidates": 7, "left_out": 0, "plain_accuracy": 0.836,
    "logistic_accuracy": 0.794, "best": "learning_rate 0.3", "tied": 1, "chaotic": False,
}  # fmt: skip
TUNING = {
    "a best one of seven": [{}],
    "two share the first place, one diverged": [{"left_out": 1, "tied": 2}],
    "two diverged": [{"left_out": 2}],
    "the reference is the best": [{"best": "reference"}],
    "it differs in two values": [{"best": "hidden (5,) learning_rate 0.3"}],
    "the best one trains chaotically": [{"chaotic": True}],
    "only one has a score": [{"left_out": 6}],
    "none has a score": [{"left_out": 7}],
    "the baseline has no score": [{"logistic_accuracy": NONE}],
    "two implementations, with equal numbers": [{}, {"model": "tensorflow"}],
    "two implementations, with other numbers": [
        {}, {"model": "tensorflow", "plain_accuracy": 0.768},
    ],
    "a classifier of scikit-learn, of which fits failed": [
        {"model": "knn", "candidates": 3, "left_out": 1, "best": "n_neighbors=45"},
    ],
    "logistic regression itself": [{"model": "logistic", "candidates": 2, "best": "l2=0.1"}],
}  # fmt: skip


def tuning(rows, metric="accuracy"):
    table, numbers = rows_of(TUNED, *rows)
    candidates = TUNED_BASELINE if "logistic" in set(table["model"]) else CANDIDATES
    return numbers, sentences_of("tuning", by(metric, table, "best"), candidates, metric=metric)


# Nested cross-validation

NESTED = {
    **COMPARED, "model": "knn", "accuracy": 0.85, "accuracy_lower": 0.8, "accuracy_upper": 0.9,
    "untuned_accuracy": 0.83, "chosen": "n_neighbors=5", "stability": 0.6, "choices": 2,
    "candidates": 3, "unchosen": 0.0, "unscored": 0.0, "chaotic": False,
}  # fmt: skip
NESTEDS = {
    "undecided": [{}],
    "better": [BETTER],
    "every training set chooses the reference": [{"chosen": "n_neighbors=15", "stability": 1.0}],
    "logistic regression itself": [{"model": "logistic", "chosen": "l2=0.1"}],
    "the network, which another implementation follows": [
        {"model": "scratch", "chosen": "learning_rate 0.3"},
        {"model": "tensorflow", "same_as": "scratch", "chosen": "learning_rate 0.3"},
    ],
    "chaotic training": [{"model": "scratch", "chosen": "reference", "chaotic": True}],
    "training sets that cannot be divided": [{"fits": 0}],
    "no configuration can be chosen": [{"unchosen": 3.0}],
    "the chosen one has no score": [{"unscored": 2.0}],
    "its reference has no score": [{"untuned_accuracy": NONE}],
    "the baseline has no score": [{"difference": NONE}],
    "no level of confidence": [{"confidence": NONE, "difference": NONE}],
}  # fmt: skip
PAIR = {**NESTED, **BETTER, "model": "scratch", "other": "knn"}
PAIRS = {"two tuned models": [{}]}


LOSS_ALONE = {"accuracy_lower": NONE, "accuracy_upper": NONE}


def nested(rows, metric="accuracy"):
    table, numbers = rows_of(NESTED, *rows)
    candidates = TUNED_BASELINE if "logistic" in set(table["model"]) else CANDIDATES
    return numbers, sentences_of("nested", by(metric, table, "chosen"), candidates, metric=metric)


# Implementations of the network

AGREEING = {
    "configuration": "reference", "state": "agrees", "fits": 20, "diverged": 0, "tensorflow": 2e-15,
    "tensorflow_steps": 0.2, "plain_steps": 0.1, "tensorflow_wrong_from": NONE,
    "plain_wrong_from": NONE, "epochs": 500,
}  # fmt: skip
BY_PLAIN = {"tensorflow": NONE, "tensorflow_steps": NONE, "epochs": NONE}
CHAOTIC = {"state": "chaotic", "tensorflow": 0.25, "epochs": 6}
DIFFERING = {
    "state": "differs", "tensorflow": 0.25, "tensorflow_steps": 3e5, "tensorflow_wrong_from": 7,
    "epochs": 6,
}  # fmt: skip
PARITIES = {
    "the only configuration agrees": [{}],
    "all agree": [{}, {}, {"tensorflow": 3e-14}],
    "all fits diverged": [{"tensorflow": NONE, "diverged": 20}],
    "without TensorFlow": [BY_PLAIN, {**BY_PLAIN, "plain_steps": 0.03}],
    "without TensorFlow, one differs": [
        BY_PLAIN,
        {**BY_PLAIN, "state": "differs", "plain_steps": 3e5, "plain_wrong_from": 1},
    ],
    "TensorFlow without scratch": [{"tensorflow": NONE, "epochs": NONE}],
    "one is chaotic": [{}, CHAOTIC, {}],
    "all are chaotic, one from the first epoch on": [CHAOTIC, {**CHAOTIC, "epochs": 0}],
    "one differs": [{}, CHAOTIC, {**DIFFERING, "configuration": "h50"}],
    "one implementation differs, and one lacks a fit": [
        {**DIFFERING, "plain_wrong_from": 2},
        {**DIFFERING, "configuration": "h50", "tensorflow_wrong_from": NONE},
    ],
    "many differ": [DIFFERING] * 9,
}


# New data


def in_columns(**intervals):
    """Return intervals by the columns of a table."""
    ends = ("", "_lower", "_upper")
    return {
        f"{n}{end}": v for n, own in intervals.items() for end, v in zip(ends, own, strict=True)
    }


SCORED_NEW = {
    "model": "logistic", "metric": "accuracy", "promise": "kept", "outcome": None, "rope": 0.01,
    "rows": 60, "uses": 1, "other_files": 0,
    **in_columns(
        score=(0.82, 0.7, 0.9), promised=(0.79, 0.71, 0.86), distance=(0.03, -0.11, 0.14),
        difference=(NONE,) * 3, promised_difference=(NONE,) * 3,
    ),
}  # fmt: skip
RIVAL_NEW = {
    **{key: value for key, value in BETTER.items() if "accuracy" not in key}, "model": "scratch",
    "basis": "rows", "confidence": 0.95, "p_value": 0.02, "p_adjusted": 0.02, "worse": 0.001,
    **in_columns(difference=(0.1, 0.02, 0.18), promised_difference=(0.003, -0.04, 0.05)),
}  # fmt: skip
FAR_NEW = in_columns(score=(0.6, 0.5, 0.7), distance=(-0.19, -0.3, -0.07))
NEW_SCORES = {
    "as promised, and a rival that is better": [{}, RIVAL_NEW],
    "worse than promised": [{**FAR_NEW, "promise": "worse"}],
    "better than promised": [
        {"promise": "better", **in_columns(distance=(0.13, 0.05, 0.2), score=(0.92, 0.86, 0.96))}
    ],
    "nothing was promised": [in_columns(promised=(NONE,) * 3, distance=(NONE,) * 3)],
    "a promise without an interval": [
        {"promise": None, **in_columns(promised=(0.79, NONE, NONE), distance=(0.03, NONE, NONE))}
    ],
    "a second use": [{"uses": 2}],
    "another file before": [{"other_files": 1}],
    "two other files before": [{"other_files": 2}],
}
NEW_CHECKED = {
    "subject": "age", "count": 12, "total": 60, "share": NONE, "study_share": NONE, "limit": NONE,
    "which": None, "p_value": NONE, "warns": True,
}  # fmt: skip
NEW_CHECKS = {
    "copies": [{"check": "copies", "p_value": 0.0004}],
    "outside the range": [
        {"check": "above", "limit": 81.0, "p_value": 0.0003},
        {"check": "below", "limit": -3.5, "p_value": 0.012, "count": 1},
    ],
    "an unknown category": [{"check": "unknown_category", "which": "'blue', 'red'"}],
    "other shares of classes": [
        {"check": "class_shares", "subject": "ill", "share": 0.2, "study_share": 0.5,
         "p_value": 0.001},
    ],
}  # fmt: skip


# Warnings

WARNED = {
    "model": "logistic", "other": None, "subject": None, "count": NONE, "total": NONE,
    "share": NONE, "better": None, "value": NONE, "neighbour": NONE, "apparent": NONE,
    "difference": NONE, "difference_lower": NONE, "difference_upper": NONE, "reason": None,
    "confidence": 0.95, "worse": None,
}  # fmt: skip
LEAK = {"warning": "giveaway_feature", "subject": "paid on", "count": 119, "total": 120}
SMALL = {"warning": "small_class", "subject": "dead", "count": 6, "total": 5}
RARE = {"warning": "rare_value", "subject": "colour=blue", "count": 9, "total": 120}
STATE = {"warning": "troubled_fits", "count": 3, "total": 10, "share": 1.0}
CHAOS = {"warning": "chaotic_training", "model": "scratch"}
GUESS = {"warning": "no_better_than_guessing", "subject": "accuracy", "better": False}
BETTER_BY = {**GUESS, "better": True}
EDGE = {
    "warning": "edge_value", "model": "knn", "subject": "n_neighbors", "value": 60,
    "neighbour": 100, "difference": 0.061, "difference_lower": 0.0117, "difference_upper": 0.1104,
}  # fmt: skip
UNSTABLE = {
    "warning": "unstable_choice", "model": "scratch", "count": 400, "apparent": 0.042,
    "difference": -0.016, "share": 0.12,
}  # fmt: skip
POOR = {"warning": "poor_probabilities", "model": "knn", "subject": "log_loss", "share": 6.23,
        "value": 1.07, "difference": 5.16, "difference_lower": 2.1,
        "difference_upper": 8.3}  # fmt: skip
DISAGREE = {"warning": "disagreeing_metrics", "other": "softmax", "subject": "log_loss"}
WARNINGS = {
    "a feature that predicts the class": [LEAK],
    "two such features, one of all rows": [LEAK, {**LEAK, "subject": "fee", "count": 120}],
    "a feature that predicts the class of all rows": [{**LEAK, "count": 120}],
    "a feature that names groups, and another": [
        {**LEAK, "subject": "patient", "reason": "age", "count": 120}, LEAK,
    ],
    "a feature that predicts the class, and of all rows with another": [
        LEAK, *({**LEAK, "subject": name, "count": 120, "value": 2.0} for name in ("paid on", "b")),
    ],
    "three features that predict the class together": [
        {**LEAK, "subject": f"type{n}", "count": 120, "value": 3.0} for n in (1, 2, 3)
    ],
    "seven such features": [{**LEAK, "subject": f"f{n}"} for n in range(7)],
    "a feature that names groups": [
        {"warning": "grouping_feature", "subject": "patient", "count": 30, "total": 120,
         "reason": "age"},
    ],
    "copied rows": [{"warning": "copied_rows", "count": 14, "total": 120}],
    "neighbours that are alike": [{"warning": "alike_neighbours", "subject": "a", "value": 0.812}],
    "neighbours in an order that are alike": [
        {"warning": "alike_neighbours", "subject": "a", "value": 0.812, "reason": "order"},
    ],
    "a small class": [SMALL],
    "two small classes": [SMALL, {**SMALL, "subject": "mild", "count": 9}],
    "a rare value": [RARE],
    "two rare values": [RARE, {**RARE, "subject": "one", "count": 1}],
    **{
        f"fits in the state {state}": [{**STATE, "subject": state}]
        for state in ("diverged", "unlearned", "separated", "quasi_separated", "not_converged",
                      "failed")
    },
    "fits that predict one class, where nothing is learned": [
        {**STATE, "subject": "unlearned", "better": False},
    ],
    "fits of two models in two states": [
        {**STATE, "subject": "separated"}, {**STATE, "subject": "not_converged"},
        {**STATE, "subject": "separated", "model": "softmax", "count": 10},
    ],
    "an input without a coefficient": [
        {**STATE, "subject": "quasi_separated", "reason": "'a', 'b'"},
    ],
    "an input without a coefficient in some fits": [
        {**STATE, "subject": "quasi_separated", "reason": "'a', 'b'", "share": 0.27},
    ],
    "fits that failed, with a reason": [
        {**STATE, "model": "knn", "subject": "failed", "reason": "too few rows"},
    ],
    "fits that failed, most with one reason": [
        {**STATE, "model": "knn", "subject": "failed", "reason": "too few rows", "share": 0.6},
    ],
    "chaotic training of a network": [CHAOS],
    "no better than a guess by any metric": [GUESS],
    "two models that are no better than a guess": [GUESS, {**GUESS, "model": "knn"}],
    "no better than a guess before tuning": [
        {**GUESS, "reason": "tuned"}, {**BETTER_BY, "subject": "roc_auc"},
        {**GUESS, "model": "knn"},
    ],
    "no better than a guess, but by another metric when it is tuned": [
        GUESS, {**GUESS, "subject": "balanced_accuracy", "reason": "tuned"},
    ],
    "better than a guess by two other metrics": [
        GUESS, {**BETTER_BY, "subject": "balanced_accuracy"}, {**BETTER_BY, "subject": "roc_auc"},
    ],
    "two models, each better by another metric": [
        GUESS, {**BETTER_BY, "subject": "roc_auc"}, {**GUESS, "model": "softmax"},
        {**BETTER_BY, "model": "softmax", "subject": "log_loss"},
    ],
    "three models that are worse than a guess": [
        {**GUESS, "worse": True},
        {**GUESS, "model": "knn", "worse": True, "reason": "tuned"},
        {**GUESS, "model": "softmax", "worse": True},
        {**BETTER_BY, "model": "softmax", "subject": "roc_auc"},
    ],
    "probabilities that are worse than a guess": [POOR],
    "probabilities of 0 for classes that occurred": [
        {**POOR, "difference_lower": NONE, "difference_upper": NONE},
    ],
    "such probabilities of two models": [POOR, {**POOR, "model": "softmax", "share": 1.2}],
    "such probabilities of two models, one of which names the class no better than a guess": [
        POOR, {**POOR, "model": "softmax", "share": 1.2, "better": False},
    ],
    "metrics that disagree": [DISAGREE, {**DISAGREE, "subject": "roc_auc"}],
    "a smallest value that is the best": [EDGE],
    "a largest number of hidden nodes that is the best": [
        {**EDGE, "model": "scratch", "subject": "hidden", "value": 50, "neighbour": 10},
    ],
    "a choice that is unstable": [UNSTABLE],
    "the same by nested cross-validation": [{**UNSTABLE, "subject": "nested"}],
    "the same of logistic regression": [{**UNSTABLE, "model": "logistic", "subject": "nested"}],
}  # fmt: skip


# The recommendation

RIVALS = {
    "undecided": made_advice.UNDECIDED, "better": made_advice.BETTER, "worse": made_advice.WORSE,
    "diverged": made_advice.DIVERGED,
    "slightly different": {
        **made_advice.BETTER, "outcome": "slightly different", "difference": 0.009,
        "difference_lower": 0.004, "difference_upper": 0.014,
    },
    "the same": {**made_advice.BASELINE, "same_as": "logistic", "same_within": 0.0},
}  # fmt: skip


def rival(model, outcome, **changes):
    """Return a row of the table of models, and what it is in words."""
    text = f"{model} {outcome}" + (f" ({in_words(changes)})" if changes else "")
    return text, {**RIVALS[outcome], "model": model, **changes}


def recommendation(
    rows,
    *,
    logistic=None,
    guess=None,
    misleading=None,
    log_losses=None,
    better_by=None,
    nested=None,
    tuned_too=None,
    pairs=None,
    warnings=None,
    near=None,
    power=None,
    **others,
):
    """Return the numbers and the advice of a situation.

    Parameters
    ----------
    rows : list of (str, dict)
        From `rival`.
    logistic, nested : dict, optional
        What differs in the baseline, and in the table of tuned models.
    tuned_too : dict of str to dict, optional
        The same of other tuned models.
    guess : list of str, optional
        The models that are better than a guess, and by what, such as ``scratch roc_auc tuned``.
    misleading : dict of str to float, optional
        The log losses of models that are worse than a guess's.
    log_losses : dict, optional
        Those of logistic regression and another model, and the outcome of the other.
    better_by : list of str, optional
        The metrics by which the network is better than logistic regression.
    pairs : dict of str to str, optional
        The outcome of models against knn.
    warnings : dict of str to str, optional
        Their sentences.
    near : dict of str to float, optional
        The p-value of each model against a guess, and its bar.
    power : dict, optional
        What differs in the row on how often such an advantage is found.
    """
    tables, numbers = {}, [text for text, _ in rows]
    for name, value in (("logistic", logistic), ("nested", nested)):
        numbers += [f"{name}: {in_words(value) or 'as usual'}"] if value is not None else []
    if guess is not None:
        shown = [tuple(each.split()) for each in guess]
        tables["against_guess"] = learning(
            *((model, metric, bool(tuned)) for model, metric, *tuned in shown),
            worse=misleading or (), losses=misleading,
        )  # fmt: skip
        numbers.append(f"better than a guess: {', '.join(guess) or 'none'}")
        numbers += [f"log losses worse than a guess: {in_words(misleading)}"] if misleading else []
    if near:
        tables["against_guess"] = tables["against_guess"].assign(**near)
        numbers.append(f"against a guess: {in_words(near)}")
    if log_losses:
        tables["metrics"] = losses(**log_losses)
        numbers.append(f"log loss: {in_words(log_losses)}")
    if better_by:
        tables["metrics"] = losses(scratch=0.4, outcome="better").iloc[[0] + len(better_by) * [1]]
        tables["metrics"]["metric"] = ["log_loss", *better_by]
        numbers.append(f"better by other metrics: {', '.join(better_by)}")
    if nested is not None:
        every = [nested, *({"model": model, **row} for model, row in (tuned_too or {}).items())]
        tables["nested"] = pd.concat([made_advice.NESTED.assign(**row) for row in every])
        numbers += [f"tuned, too: {in_words(tuned_too)}"] if tuned_too else []
    if pairs is not None:
        against = [{"model": m, "other": "knn", "outcome": each} for m, each in pairs.items()]
        columns = ["model", "other", "outcome"]
        tables["pairs"] = tables["nested_pairs"] = pd.DataFrame(against, columns=columns)
        numbers.append(f"against knn: {in_words(pairs)}")
    if warnings:
        tables["warnings"] = pd.DataFrame({"warning": [*warnings], "verdict": [*warnings.values()]})
        numbers.append(f"warnings: {', '.join(warnings)}")
    numbers += [in_words(others)] if others else []
    if power is not None:
        numbers.append(f"power: {in_words(power)}")
        (power,) = ERROR_RATES.rows(ERROR_RATES.frame([{**POWER, **power}]))
    baseline = {**made_advice.BASELINE, **(logistic or {})}
    text = advise(*(row for _, row in rows), baseline=baseline, power=power, **others, **tables)
    return "; ".join(numbers), [text]


SEPARATED, STOPPED = {"separated": 18}, {"not_converged": 2}
THREE = [
    rival("knn", "better", accuracy=0.9), rival("scratch", "better", accuracy=0.88),
    rival("softmax", "better"),
]  # fmt: skip
BOTH = ["logistic accuracy", "scratch accuracy"]
FINER = {"logistic": 0.45, "outcome": "better", "scratch": 0.3}
RECOMMENDATIONS = {
    "only logistic regression": ([], {}),
    "only one that is the same": ([rival("softmax", "the same")], {}),
    "only two that are the same": ([rival("softmax", "the same"), rival("knn", "the same")], {}),
    "no score of logistic regression": (
        [rival("scratch", "undecided")], {"logistic": {"accuracy": NONE, "diverged": 2}},
    ),
    "a better model": ([rival("scratch", "better")], {}),
    "a better model, but not than another value of logistic regression": (
        [rival("scratch", "better", matched_by="l2=0.1", matched_accuracy=0.87)],
        {"regressions": 2},
    ),
    "a better model, of which fits have not learned": (
        [rival("scratch", "better", unlearned=3)], {},
    ),
    "a better network of two implementations": (
        [rival("scratch", "better"), rival("tensorflow", "better", same_as="scratch",
                                           same_within=4e-15)], {},
    ),
    "a better model, and logistic regression has no solution": (
        [rival("scratch", "better")], {"logistic": SEPARATED},
    ),
    "a better model, and logistic regression stopped early": (
        [rival("scratch", "better")], {"logistic": STOPPED},
    ),
    "a better model, which is no network": (
        [rival("knn", "better"), rival("scratch", "undecided")], {},
    ),
    "a better model, and a network without a score": (
        [rival("knn", "better"), rival("scratch", "diverged")], {},
    ),
    "two better models": ([rival("scratch", "better"), rival("knn", "better", accuracy=0.88)], {}),
    "three better models, none shown to be the best": (THREE, {"pairs": {}}),
    "three better models, one of them beaten": (THREE, {"pairs": {"scratch": "worse"}}),
    "three better models, the others beaten": (
        THREE, {"pairs": {"scratch": "worse", "softmax": "worse"}},
    ),
    "a better model with worse probabilities": (
        [rival("scratch", "better")],
        {"log_losses": {"logistic": 0.45, "outcome": "worse", "scratch": 0.6}},
    ),
    "a better model with probabilities that are worse than a guess": (
        [rival("scratch", "better")],
        {"guess": BOTH, "misleading": {"scratch": 0.826, "logistic": 0.826}},
    ),
    "nothing shown": ([rival("scratch", "undecided")], {}),
    "nothing shown, and probabilities that are worse than a guess": (
        [rival("scratch", "undecided")],
        {"guess": ["logistic accuracy"], "misleading": {"scratch": 0.826, "logistic": 0.826}},
    ),
    "nothing shown, and how often such an advantage is found": (
        [rival("scratch", "undecided")],
        {"power": {"true_difference": 0.05, "share": 0.07, "error": 0.03, "sets": 99}},
    ),
    "nothing shown, and no simulation finds such an advantage": (
        [rival("scratch", "undecided")],
        {"power": {"true_difference": 0.05, "share": 0.0, "error": 0.01, "sets": 99}},
    ),
    "nothing shown, and nothing is tuned": ([rival("scratch", "undecided")], {"networks": 1}),
    "nothing shown, and logistic regression is tuned": (
        [rival("scratch", "undecided")], {"regressions": 2},
    ),
    "nothing shown, and logistic regression has a weight decay": (
        [rival("scratch", "undecided")], {"l2": 0.01},
    ),
    "better by less than matters": ([rival("scratch", "slightly different")], {}),
    "worse": ([rival("scratch", "worse")], {}),
    "worse, and a classifier of scikit-learn": ([rival("knn", "worse")], {}),
    "every other model diverged": ([rival("scratch", "diverged")], {}),
    "every other model diverged, and nothing is tuned": (
        [rival("scratch", "diverged")], {"networks": 1},
    ),
    "nothing shown, and fits have not learned": ([rival("scratch", "undecided", unlearned=3)], {}),
    "nothing shown, and another model has no solution": (
        [rival("scratch", "undecided"), rival("knn", "worse", separated=20)], {},
    ),
    "nothing shown, and logistic regression has no solution": (
        [rival("scratch", "undecided")], {"logistic": SEPARATED},
    ),
    "nothing shown, and logistic regression stopped early": (
        [rival("scratch", "undecided")], {"logistic": STOPPED},
    ),
    "nothing shown, and better probabilities of another model": (
        [rival("scratch", "undecided")], {"log_losses": FINER},
    ),
    "nothing shown by the metric of the study, but by another one": (
        [rival("scratch", "undecided")], {"better_by": ["balanced_accuracy"]},
    ),
    "not shown to be better by enough, but by another metric": (
        [rival("scratch", "slightly different")], {"better_by": ["balanced_accuracy"]},
    ),
    "no solution, and better probabilities of another model": (
        [rival("scratch", "undecided")], {"logistic": SEPARATED, "log_losses": FINER},
    ),
    "better after tuning": ([rival("scratch", "undecided")], {"nested": {}}),
    "another model than the network is better after tuning": (
        [rival("knn", "better"), rival("scratch", "undecided")],
        {"nested": {"model": "knn"}},
    ),
    "two models are better after tuning": (
        [rival("knn", "undecided"), rival("scratch", "undecided")],
        {"nested": {}, "tuned_too": {"knn": {"accuracy": 0.86}}},
    ),
    "three models are better after tuning, and one beats another": (
        [rival("knn", "undecided"), rival("scratch", "undecided"), rival("softmax", "undecided")],
        {"nested": {}, "tuned_too": {"knn": {"accuracy": 0.86}, "softmax": {"accuracy": 0.85}},
         "pairs": {"scratch": "better"}},
    ),
    "another model is better after tuning, and the network is only if logistic regression is not "
    "tuned": (
        [rival("knn", "undecided"), rival("scratch", "undecided")],
        {"nested": {"model": "knn"}, "regressions": 2,
         "tuned_too": {"scratch": {"accuracy": 0.86, "beats_tuned": False}}},
    ),
    "better after tuning, and logistic regression has no solution": (
        [rival("scratch", "undecided")], {"nested": {}, "logistic": SEPARATED},
    ),
    "better after tuning, but not than logistic regression, tuned": (
        [rival("scratch", "undecided")], {"nested": {"beats_tuned": False}, "regressions": 2},
    ),
    "better after tuning, but not than another value of logistic regression": (
        [rival("scratch", "undecided")],
        {"nested": {"matched_by": "l2=0.1", "matched_accuracy": 0.87}, "regressions": 2},
    ),
    "logistic regression is better after tuning": (
        [rival("scratch", "undecided")], {"nested": {"model": "logistic"}},
    ),
    "logistic regression is better after tuning, and has no solution as it is": (
        [rival("scratch", "undecided")], {"nested": {"model": "logistic"}, "logistic": SEPARATED},
    ),
    "better after tuning, with probabilities that are worse than a guess": (
        [rival("scratch", "undecided")],
        {"nested": {}, "guess": ["logistic accuracy", "scratch accuracy tuned"],
         "misleading": {"scratch": 0.9}},
    ),
    "no model is better than a guess": ([rival("scratch", "undecided")], {"guess": []}),
    "better than a guess by another metric, by a permutation test": (
        [rival("scratch", "undecided")],
        {
            "guess": ["logistic roc_auc"],
            "near": {"p_value": 0.051, "bar": 0.0125, "permuted": True},
        },
    ),
    "no model is better than a guess, and how near one is": (
        [rival("scratch", "undecided")], {"guess": [], "near": {"p_value": 0.051, "bar": 0.0125}},
    ),
    "no model is better than a guess, and one is better than logistic regression": (
        [rival("scratch", "better")], {"guess": []},
    ),
    "better than a guess only after tuning": (
        [rival("scratch", "undecided")],
        {"guess": ["scratch accuracy tuned"], "nested": {"outcome": "undecided"}},
    ),
    "better than a guess by another metric": (
        [rival("scratch", "undecided")], {"guess": ["logistic balanced_accuracy"]},
    ),
    "two models, better than a guess by other metrics": (
        [rival("scratch", "undecided")],
        {"guess": ["logistic balanced_accuracy", "logistic roc_auc", "scratch roc_auc"]},
    ),
    "two models, each better than a guess by another metric": (
        [rival("scratch", "undecided")],
        {"guess": ["logistic roc_auc", "scratch balanced_accuracy"]},
    ),
    "better than a guess by another metric in its reference and after tuning": (
        [rival("scratch", "undecided")],
        {"guess": ["scratch roc_auc", "scratch roc_auc tuned"], "nested": {}},
    ),
    "better than a guess by another metric after tuning": (
        [rival("scratch", "undecided")], {"guess": ["scratch roc_auc tuned"], "nested": {}},
    ),
    "the same, and others are better before tuning": (
        [rival("knn", "undecided"), rival("scratch", "undecided")],
        {"guess": ["logistic roc_auc", "knn roc_auc tuned", "scratch roc_auc tuned"], "nested": {}},
    ),
    "another model is better than a guess, logistic regression is not": (
        [rival("scratch", "undecided")], {"guess": ["scratch accuracy"]},
    ),
    "the same, with probabilities that are worse than a guess": (
        [rival("scratch", "undecided")],
        {"guess": ["scratch accuracy"], "misleading": {"scratch": 0.826, "logistic": 0.826}},
    ),
    "the same, and fits of both are in trouble": (
        [rival("scratch", "slightly different", unlearned=3)],
        {"guess": ["scratch accuracy"], "logistic": STOPPED},
    ),
    "a feature that gives the class away, and copied rows": (
        [rival("scratch", "better")],
        {"warnings": {"giveaway_feature": "a tells", "copied_rows": "rows are copies",
                      "small_class": "few rows"}},
    ),
}  # fmt: skip


# How often the verdicts are wrong

NEEDED = {
    "model": "scratch", "size": 0.05, "rows": 810.0, "rows_lower": 604.0, "rows_upper": 1083.0,
    "power": 0.2, "rows_here": 80,
}  # fmt: skip
SIZES = {
    "two differences": [{"size": 0.02, "rows_lower": 3204.0, "rows_upper": 7083.0}, {}],
    "the rows are enough": [{"rows_lower": 31.0, "rows_upper": 64.4}],
    "a narrow interval": [{"rows_lower": 812.0, "rows_upper": 814.0}],
    "very many rows": [{"rows_lower": 1234567.0, "rows_upper": 9876543.0}],
}
COVERED = {
    "check": "coverage", "model": "logistic", "truth": 0.8, "share": 0.96, "error": 0.02,
    "sets": 100, "left_out": 0, "too_low": False,
}  # fmt: skip
ALARM = {
    "check": "false_alarm", "other": "logistic", "test": "corrected", "share": 0.04, "sets": 99,
    "true_difference": 0.0,
}  # fmt: skip
ALARMS = [ALARM, {**ALARM, "test": "uncorrected", "share": 0.57, "error": 0.05}]
POWER = {**ALARM, "check": "power", "true_difference": 0.02, "share": 0.07, "error": 0.03}
RATES = {
    "an interval that holds": ([{}], {}),
    "an interval that is too narrow": (
        [{"model": "scratch", "truth": 0.75, "share": 0.85, "error": 0.036, "too_low": True}], {},
    ),
    "the interval of a difference": (
        [{"model": "scratch", "other": "logistic", "truth": -0.05}], {},
    ),
    "no interval on any data set": ([{"sets": 0, "share": NONE}], {}),
    "a fit diverged in each data set": (
        [{"model": "scratch", "sets": 0, "share": NONE, "truth": NONE, "left_out": 40}], {},
    ),
    "not simulated": ([{"model": "scratch", "sets": 0, "share": NONE, "truth": NONE}], {}),
    "false alarms and power": (
        [*ALARMS, POWER, {**POWER, "true_difference": 0.05, "share": 0.31, "error": 0.04}], {},
    ),
    "a power that is not known": (ALARMS, {"rope": 0.03}),
    "no power, because of a wide region of practical equivalence": (ALARMS, {"rope": 0.2}),
    "by log loss": ([{}, POWER], {"metric": "log_loss"}),
}  # fmt: skip
TRUTHS = {
    "one model outside its interval": {"logistic": 0.8, "scratch": 0.503},
    "two models outside their intervals": {"logistic": 0.69, "scratch": 0.91},
}


def unlike(truths, metric="accuracy"):
    interval = {metric: 0.8, f"{metric}_lower": 0.7, f"{metric}_upper": 0.9}
    models = pd.DataFrame([{"model": model, **interval} for model in truths])
    rates = [
        {
            "check": "coverage",
            "model": model,
            "other": None,
            "sets": 100,
            "error": 0.03,
            "truth": truth,
        }
        for model, truth in truths.items()
    ]
    return in_words(truths), [
        unlike_sentence(
            ERROR_RATES.rows(pd.DataFrame(rates)), COMPARISON.rows(models, metric), metric
        )
    ]


def tested(values):
    """Return what a row of the table of models with these values says."""
    (row,) = COMPARISON.rows(pd.DataFrame([values]), "accuracy")
    return Tested.of(row)


# The landing page


def unbounded(metric, model):
    """Return the table of metrics, in which a model has no interval by one."""
    metrics = metrics_of(TWO_MODELS)
    own = (metrics["metric"] == metric) & (metrics["model"] == model)
    return {"metrics": metrics.assign(score_lower=metrics["score_lower"].mask(own))}


THREE_MODELS = ["logistic", "softmax", "scratch"]
TWO_MODELS = ["logistic", "softmax"]
LOSSES = comparison_of(TWO_MODELS)
LOSSES.loc[1, [column for column in LOSSES if column.endswith(("_lower", "_upper"))]] = None
LOSSES = LOSSES.rename(columns=lambda name: name.replace("accuracy", "log_loss"))
IN_DOUBT = comparison_of(THREE_MODELS, trouble={"softmax": {"diverged": 3}}).assign(
    unlearned=[0, 0, 2], chaotic=[False, False, True]
)
UNSHOWN = comparison_of(["logistic", "scratch"])
UNSHOWN.loc[1, ["difference", "difference_lower", "difference_upper"]] = [0.02, -0.04, 0.08]
UNSHOWN.loc[1, "outcome"] = "undecided"
NARROW = pd.DataFrame(
    {
        "check": ["coverage"] * 4 + ["power"],
        "model": ["softmax", "scratch", "scratch", "scratch", "scratch"],
        "other": [None, None, "logistic", "knn", "logistic"],
        "share": [0.95, 0.876, 0.88, 0.7, 0.5], "too_low": [False, True, True, True, None],
        "truth": [0.8, 0.5, -0.3, 0.0, None], "sets": 100, "test": "corrected", "error": 0.03,
        "true_difference": [None, None, None, None, 0.05],
        "verdict": ["it holds", None, None, None, "it is found"],
    }
)  # fmt: skip
WARNING = pd.DataFrame(
    {"warning": ["edge_value"], "model": ["scratch"], "subject": ["hidden"], "better": [None],
     "verdict": ["the best value is at the edge"]}
)  # fmt: skip
TUNED_NETWORKS = pd.DataFrame(
    {"model": ["scratch", "tensorflow"], "same_as": [None, "scratch"], "outcome": "undecided",
     "difference": [0.02, None], "difference_lower": [-0.01, None],
     "difference_upper": [0.05, None], "verdict": ["tuned, it is as good", None],
     "accuracy": 0.8, "accuracy_lower": 0.7, "accuracy_upper": 0.9, "fits": 20}
)  # fmt: skip
ROWS_NEEDED = pd.DataFrame([{**NEEDED, "verdict": None}])
ALL_BUT_ONE = {"trouble": {m: {"diverged": 1} for m in MODELS if m != "logistic"}}
PAGES = {
    "the hand-written network alone": {"models": ["logistic", "scratch"]},
    "the network in TensorFlow alone": {"models": ["logistic", "tensorflow"]},
    "no network": {"models": TWO_MODELS},
    "logistic regression alone, one repeat": {
        "models": ["logistic"], "wrong": (40, 0), "repeats": 1,
    },
    "one configuration of the network": {"sections": {"vary": {}, "also": []}},
    "a reference with batches and weight decay": {
        "sections": {
            "vary": {"hidden": [[10, 10]], "l2": [0.01], "batch_size": [8]}, "also": [],
        },
        "reference": {"batch_size": 32, "l2": 0.1},
    },
    **{
        f"by {metric}": {
            "models": TWO_MODELS, "metric": metric, "tables": {"metrics": metrics_of(TWO_MODELS)}
        }
        for metric in ("balanced_accuracy", "roc_auc", "log_loss", "brier_score")
    },
    "no interval": {"models": TWO_MODELS, "metric": "log_loss", "tables": {"comparison": LOSSES}},
    **{
        f"classes of {counts[0]} and {counts[1]} rows": {
            "models": TWO_MODELS, "classes": dict(zip("01", counts, strict=True)),
            "tables": {"metrics": metrics_of(TWO_MODELS)},
        }
        for counts in ((40, 40), (48, 32), (64, 16))
    },
    **{
        f"{name} the score of a guess": {
            "models": TWO_MODELS,
            "tables": {"metrics": metrics_of(TWO_MODELS).assign(score_lower=len(METRICS) * lower)},
        }
        for name, lower in {"an interval holds": [0.4, 0.6], "two hold": [0.4, 0.4]}.items()
    },
    **{
        f"by {metric}, an interval holds the score of a guess": {
            "models": TWO_MODELS, "metric": metric,
            "tables": {"metrics": metrics_of(TWO_MODELS).assign(score_lower=0.4)},
        }
        for metric in ("log_loss", "roc_auc")
    },
    "a model predicts a class for very few rows": {
        "models": TWO_MODELS, "tables": unbounded("balanced_accuracy", "logistic"),
    },
    "no interval by another metric": {
        "models": TWO_MODELS, "classes": {"0": 48, "1": 32},
        "tables": unbounded("log_loss", "softmax"),
    },
    **{
        f"no interval by {metric}": {
            "models": TWO_MODELS, "metric": metric, "tables": unbounded(metric, "softmax"),
        }
        for metric in ("balanced_accuracy", "log_loss")
    },
    "unequal classes, and no model has a score": {
        "models": TWO_MODELS, "classes": {"0": 64, "1": 16},
        "tables": {"metrics": metrics_of(TWO_MODELS)[:0]},
    },
    "fits diverged or failed": {
        "models": THREE_MODELS,
        "numbers": {"trouble": {"scratch": {"diverged": 3}, "softmax": {"failed": 7}}},
    },
    "marks that are hollow or missing": {
        "models": THREE_MODELS, "tables": {"comparison": IN_DOUBT},
    },
    "models that are the same": {
        "numbers": {"same": {"softmax": ("logistic", 1e-9), "tensorflow": ("scratch", 0.0)}},
    },
    "tuned models": {
        "models": ["logistic", "scratch", "tensorflow"], "tables": {"nested": TUNED_NETWORKS},
    },
    "several configurations, without nested cross-validation": {
        "models": TWO_MODELS, "tables": {"tuning": pd.DataFrame([TUNED])},
    },
    "rows that every model gets wrong": {"wrong": (40, 39, 40, 0)},
    "a row that two untuned models get wrong": {"models": TWO_MODELS, "wrong": (40, 0)},
    "a row that every model with a score gets wrong": {
        "wrong": (40, 0), "numbers": {"trouble": {"scratch": {"diverged": 1}}},
    },
    "a row that the only model with a score gets wrong": {"wrong": (40, 0), "numbers": ALL_BUT_ONE},
    "a row that all get wrong but one that always says the same": {
        "models": THREE_MODELS, "wrong": (40, 0), "one_class": "softmax",
    },
    "the same, and both implementations always say the same": {
        "wrong": (40, 0), "one_class": "scratch tensorflow",
    },
    "the same, and one model is left": {
        "models": TWO_MODELS, "wrong": (40, 0), "one_class": "softmax",
    },
    "a warning, and error rates": {"tables": {"warnings": WARNING, "error_rates": NARROW}},
    "what is open, and error rates of independent rows, with groups": {
        "models": ["logistic", "scratch"], "entry": {"groups": "colony"}, "groups": 12,
        "tables": {"comparison": UNSHOWN, "error_rates": NARROW.iloc[[4]].assign(model="logistic")},
    },
    "a table of warnings without a sentence": {
        "tables": {"warnings": WARNING.assign(verdict=None)},
    },
    "what is open, and the rows that would settle it": {
        "models": ["logistic", "scratch"],
        "tables": {"comparison": UNSHOWN, "rows_needed": ROWS_NEEDED},
    },
    "the rows that would settle it, and nothing is open": {
        "models": ["logistic", "scratch"],
        "tables": {"rows_needed": ROWS_NEEDED},
    },
    "three classes": {"classes": {"a": 1, "b": 2, "c": 3}},
    "three classes, and no softmax regression": {
        "models": ["logistic", "scratch"], "classes": {"a": 1, "b": 2, "c": 3},
    },
    "a weight decay of logistic regression": {
        "sections": {"baselines": {"softmax": {}, "logistic": {"reference": {"l2": 2}}}},
    },
    "two data sets": {"models": ["logistic", "scratch"], "names": ("one_", "b-2")},
    "a first look": {"models": ["logistic", "scratch"], "repeats": 2, "first_look": True},
    "rows without a name": {"entry": {"row": "row"}},
    "categories, missing values and groups": {
        "entry": {"row": "penguin", "groups": "colony"}, "groups": 12, "positive": None,
        "classes": {"Gentoo": 124, "Adelie": 1152, "Chinstrap": 68},
        "categories": {"island": 3}, "missing": {"sex": 11},
    },
    "an order": {"entry": {"order": "day"}, "repeats": 1},
    "equal rows together": {"entry": {"duplicates": "together"}},
    "equal rows together, and groups": {
        "entry": {"duplicates": "together", "groups": "colony"}, "groups": 12,
    },
    "many features and many sets of equal rows": {
        "features": [f"feature {number}" for number in range(64)],
        "duplicated_rows": [[number, number + 100] for number in range(1, 31)],
    },
    "a few sets of equal rows": {"duplicated_rows": [[14, 40], [2, 7, 1001]]},
    "a large set of equal rows": {"duplicated_rows": [[*range(1, 401)]]},
    "no equal rows": {"duplicated_rows": []},
    "what may be a mistake of the table": {
        "notes": ["2 rows have no class ('?'), and are left out", "column 'a*': found '0,5'"],
    },
}  # fmt: skip


def landing_pages():
    """Return what each page says that one of the same models does not, and what it leaves out."""
    usual = cache(lambda *models: lines_of(page([*models])))
    pages = {"both networks": ("", usual(*MODELS))}
    for title, values in PAGES.items():
        models = MODELS if [*values] == ["models"] else values.get("models", MODELS)
        before, lines = usual(*models), lines_of(page(**{"models": MODELS, **values}))
        gone = [f"*not*: {line}" for line in before if line not in lines]
        pages[title] = "", [*(line for line in lines if line not in before), *gone]
    return pages


# All


def chapters():
    """Return the chapters: their titles, their bases, and their situations by title.

    A situation has its numbers and its sentences.
    """
    return [
        ("The comparison of two models", COMPARED, {
            title: (
                in_words({**changes, **values}),
                [verdict("the network", "logistic regression", tested({**COMPARED, **changes}),
                         context_of({}, **values))],
            )
            for title, (changes, values) in VERDICTS.items()
        }),
        ("The table of models", COMPARED, {
            **{title: comparison(rows) for title, rows in COMPARISONS.items()},
            "training may end early": comparison(
                COMPARISONS["fits have not learned"], patience=5
            ),
        }),
        ("The models by each metric", SCORED, {
            **{title: by_each_metric(outcomes) for title, outcomes in OUTCOMES.items()},
            "a log loss has no interval": plain("metrics", SCORED, [
                {"model": "logistic", "outcome": None, "metric": "log_loss", "score": 0.5},
                {"model": "knn", "outcome": "undecided", **CUT_OFF},
            ]),
            "a model predicts a class for very few rows": plain("metrics", SCORED, [
                {"model": "logistic", "outcome": None, "metric": "balanced_accuracy"},
                {"model": "knn", "outcome": "undecided", **CUT_OFF,
                 "metric": "balanced_accuracy", "score": 0.5},
            ]),
        }),
        ("Tuning", TUNED, by_metrics(tuning, TUNING, {})),
        ("Nested cross-validation", NESTED, {
            **by_metrics(nested, NESTEDS, {}),
            "a log loss without an interval": nested([LOSS_ALONE], "log_loss"),
        }),
        ("Tuned models against each other", PAIR, {
            title: plain("nested_pairs", PAIR, rows) for title, rows in PAIRS.items()
        }),
        ("The implementations of the network", AGREEING, {
            title: plain("parity", AGREEING, rows) for title, rows in PARITIES.items()
        }),
        ("New data", SCORED_NEW, {
            title: plain("new_data", SCORED_NEW, rows) for title, rows in NEW_SCORES.items()
        }),
        ("Whether new data are like the study's", NEW_CHECKED, {
            title: plain("new_data_checks", NEW_CHECKED, rows)
            for title, rows in NEW_CHECKS.items()
        }),
        ("Warnings", {}, {
            title: plain("warnings", WARNED, rows) for title, rows in WARNINGS.items()
        }),
        ("The recommendation", RIVALS, {
            title: recommendation(rows, **others)
            for title, (rows, others) in RECOMMENDATIONS.items()
        }),
        ("How many rows it would take", NEEDED, {
            title: plain("rows_needed", NEEDED, rows) for title, rows in SIZES.items()
        }),
        ("How often the verdicts are wrong", COVERED, {
            **{
                title: plain(
                    "error_rates", COVERED, rows, ERROR_RATES.frame([]).columns, **values
                )
                for title, (rows, values) in RATES.items()
            },
            **each_by(unlike, TRUTHS),
            "the same by log loss": unlike({"scratch": 0.503}, "log_loss"),
        }),
        ("The landing page", {}, landing_pages()),
    ]  # fmt: skip


def each_by(write, situations):
    return {title: write(rows) for title, rows in situations.items()}


def by_metrics(write, situations, row):
    """Return situations by accuracy, and a row by metrics that have other units."""
    others = {f"by {metric}": write([row], metric) for metric in ("log_loss", "roc_auc")}
    return each_by(write, situations) | others


def plain(name, base, rows, columns=None, **values):
    """Return the numbers of a table that is as it is, and its sentences."""
    table, numbers = rows_of(base, *rows)
    table = table if columns is None else table.reindex(columns=columns)
    return "; ".join(filter(None, [numbers, in_words(values)])), sentences_of(name, table, **values)


def by_each_metric(outcomes):
    models = zip(("logistic", "softmax", "scratch"), (None, *outcomes), strict=True)
    rows = [{"model": model, "outcome": outcome} for model, outcome in models]
    return plain("metrics", SCORED, rows)

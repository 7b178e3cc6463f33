"""Four small studies, with all that statistics treat differently, and the files that they need."""

import copy
import itertools

import numpy as np
from project import SMALL

BAYES = {"class": "sklearn.naive_bayes.GaussianNB", "reference": {}}
RIDGE = {"class": "sklearn.linear_model.RidgeClassifier", "reference": {}}
KNN = {
    "class": "sklearn.neighbors.KNeighborsClassifier",
    "reference": {"n_neighbors": 5},
    "vary": {"n_neighbors": [1, 15]},
}
TRAINING = {"epochs": 15, "patience": None, "tolerance": 1.0e-6}


def config(entry, **parts):
    """Return a config of one data set, ``study``, with some parts."""
    return {**copy.deepcopy(SMALL), "datasets": {"study": entry}, "vary": {}, **parts}


def grouped(draws):
    """Return rows of 30 patients with missing values: tuned, nested, and softmax is logistic.

    The numbers of the patients restart in the second centre.
    """
    lines = ["centre,patient,age,dose,ward,ill"]
    for patient, rows in enumerate(draws.integers(1, 5, 30)):
        own, ward = draws.normal(size=2), draws.choice(["a", "b", "c"])
        for _ in range(rows):
            age, dose = (own + draws.normal(size=2)).round(2)
            ill = "yes" if age + 0.5 * own[1] + draws.logistic() > 0.4 else "no"
            cells = ["" if draws.random() < 0.1 else str(cell) for cell in (age, dose, ward)]
            lines.append(",".join(["ns"[patient // 15], f"p{patient % 15}", *cells, ill]))
    return config(
        {"source": "table.csv", "label": "ill", "groups": ["centre", "patient"],
         "missing": "impute"},
        validation={"folds": 3, "repeats": 4, "inner_folds": 2, "inner_repeats": 2},
        models=["logistic", "softmax", "scratch", "bayes", "knn"],
        estimators={"bayes": BAYES, "knn": KNN},
        baselines={"logistic": {"reference": {"l2": 0.0}, "vary": {"l2": [0.1]}}},
        vary={"learning_rate": [0.3, 1.0], "initialisation": ["glorot"]},
        training=TRAINING,
        importance={"features": "all"},
        comparison={"rope": 0.01, "costs": {"missed": 3, "false_alarm": 1}},
    ), {"table.csv": lines}  # fmt: skip


def labelled(draws):
    """Return 64 rows of four classes, judged by balanced accuracy; some models say classes only."""
    centres = {"a": (0, 0), "b": (1.5, 0), "c": (0, 1.5), "d": (1, 1)}
    lines = ["x,y,kind"]
    for kind in np.repeat(["a", "b", "c", "d"], (26, 15, 13, 10)):
        lines.append(",".join([*draws.normal(centres[kind]).round(2).astype(str), kind]))
    return config(
        {"source": "table.csv", "label": "kind"},
        validation={"folds": 3, "repeats": 2, "inner_folds": None},
        comparison={
            "metric": "balanced_accuracy", "rope": 0.02,
            "costs": {"a": {"b": 3, "d": 0}, "d": {"a": 4.5}},
        },
        models=["logistic", "softmax", "bayes", "ridge", "rule", "commonest", "shy"],
        estimators={"bayes": BAYES, "ridge": RIDGE},
        baselines={"logistic": {"reference": {"l2": 0.01}}, "softmax": {"reference": {"l2": 0.01}}},
        predictions={name: f"{name}.csv" for name in ("rule", "commonest", "shy")},
    ), {"table.csv": lines}  # fmt: skip


def exam(draws):
    """Return ex4 by Brier score, with shares, new data, and the probabilities of two models."""
    lines = ["exam_1,exam_2,admitted", "55.5,69.5,1", "41,81.5,1"]  # two rows of ex4, and others
    for admitted in itertools.islice(itertools.cycle([0, 1, 1]), 30):
        scores = draws.normal((60, 65) if admitted else (40, 60), 14).round(1)
        lines.append(",".join([*scores.astype(str), str(admitted)]))
    return config(
        {"source": "resources/ex4.csv", "label": "admitted", "test": "new.csv"},
        validation={"folds": 4, "repeats": 3, "inner_folds": None},
        comparison={"metric": "brier_score", "rope": 0.01, "threshold": 0.3},
        models=["logistic", "softmax", "scratch", "knn", "expert", "sure"],
        estimators={"knn": KNN},
        predictions={"expert": "expert.csv", "sure": "sure.csv"},
        learning={"shares": [0.4, 1]},
        importance={"features": "all"},
        vary={"learning_rate": [0.3]},
        training=TRAINING,
    ), {"new.csv": lines}  # fmt: skip


def ordered(draws):
    """Return 200 rows of 100 days, in no order, whose neighbours are alike: tuned and nested."""
    walk, lines = np.zeros(3), []
    for day in range(100):
        for _ in range(2):
            walk = 0.4 * walk + draws.normal(size=3)
            a, b = (walk[:2] + 0.1 * draws.normal(size=2)).round(2)
            lines.append(f"{day},{a},{b},{'up' if walk[0] + walk[2] > 0 else 'down'}")
    return config(
        {"source": "table.csv", "label": "move", "order": "day"},
        validation={"folds": 4, "repeats": 1, "inner_folds": 2, "gap": 1},
        comparison={"rope": 0.01, "costs": {"missed": 2.0, "false_alarm": 1.0}},
        models=["logistic", "scratch", "knn"],
        estimators={"knn": KNN},
        vary={"learning_rate": [0.3]},
        training=TRAINING,
    ), {"table.csv": ["day,a,b,move", *draws.permutation(lines)]}  # fmt: skip


def predictions_of_labelled(data, folds, draws):
    """Return the classes by a rule that differs from fold to fold, the commonest, or nearly so."""
    is_right, is_high = data["x"] > 0.7, data["y"] > 0.7
    both = is_right & is_high & (folds["fold"] != 2)
    rule = np.select([both, is_right, is_high], ["d", "b", "c"], "a")
    few = [folds["row"].between(first, first + 3) for first in (27, 42, 55)]
    shy = np.select(few, ["b", "c", "d"], "a")
    every = {"rule": rule, "commonest": "a", "shy": shy}
    return {name: {"predicted": classes} for name, classes in every.items()}


def predictions_of_exam(data, folds, draws):
    """Return the probabilities of a model that is unsure, and of one that says 0 or 1."""
    points = data["exam_1"] + data["exam_2"]
    unsure = 1 / (1 + np.exp((115 - points + 4 * draws.normal(size=len(points))) / 12))
    unsure = unsure.round(2)
    unsure[::9] = 0.5
    sure = (points > 117).astype(float)
    return {"expert": {"0": 1 - unsure, "1": unsure}, "sure": {"0": 1 - sure, "1": sure}}


STUDIES = {
    "grouped": (grouped, None, ()),
    "labelled": (labelled, predictions_of_labelled, ()),
    "ordered": (ordered, None, ()),
    "exam": (exam, predictions_of_exam, ("new_data", "rows_needed")),
}

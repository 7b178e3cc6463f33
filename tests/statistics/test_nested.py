"""Tuned models, judged by nested cross-validation."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from lecture import EX4
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from worded import with_verdicts

from backprop.models import logistic
from backprop.models.families import ESTIMATOR, REGRESSION
from backprop.statistics.grouping import Judgement
from backprop.statistics.nested import INNER_COLUMNS, choose, estimate_nested, judge_tuned
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds, draw_inner_folds
from backprop.study.fits import read_fits, update_fits
from backprop.study.scores import score_fits
from backprop.study.splits import inner_splits, splits_of

NEIGHBOURS = [Configuration.of({"n_neighbors": n}) for n in (15, 1, 5, 25)]
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")


def nested_of(judgement, inner, choosers):
    """Judge the tuned models, and compare them, as the workflow does."""
    return estimate_nested(judgement, judge_tuned(judgement, inner, choosers), choosers)


def judged(scores, fits, y, candidates):
    """Judge fits of these candidates by their accuracy."""
    return Judgement(scores, fits, y, candidates, metric="accuracy", rope=0.01)


# Against scikit-learn


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return ex4's splits, inner splits, scores, outer and inner fits: 5 folds, 4 inner ones."""
    folder = tmp_path_factory.mktemp("fits")
    outer = splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1))
    inner_folds = draw_inner_folds(outer[:5], EX4.y, folds=4, seed=1)
    inner = inner_splits(outer, inner_folds)
    train_knn = partial(ESTIMATOR.train_each, MODELS_KNN, dataset=EX4, seed=1)
    train_logistic = partial(REGRESSION.train_each, logistic.__name__, dataset=EX4)
    files = [folder / "logistic.parquet", folder / "knn.parquet"]
    update_fits(files[0], "logistic", [Configuration()], outer, "", train_logistic)
    update_fits(files[1], "knn", NEIGHBOURS, outer + inner, "", train_knn)
    fits = read_fits(files)
    return outer, inner, score_fits(fits, EX4.y), fits, read_fits(files, inner=True)


MODELS_KNN = "sklearn.neighbors.KNeighborsClassifier"


def test_the_choices_and_accuracies_are_those_of_a_grid_search_in_cross_validation(trained):
    outer, inner, scores, fits, inner_fits = trained
    candidates = {"logistic": [Configuration()], "knn": NEIGHBOURS}
    judgement = judged(scores, fits, EX4.y, candidates)
    tuned = judge_tuned(judgement, inner_fits, {"knn": "knn"})["knn"]
    expected, numbers = [], []
    for split in outer[:5]:
        within = [
            (np.searchsorted(split.train, s.train), np.searchsorted(split.train, s.test))
            for s in inner
            if s.key[:2] == split.key
        ]
        search = GridSearchCV(
            make_pipeline(StandardScaler(), KNeighborsClassifier()),
            {"kneighborsclassifier__n_neighbors": [15, 1, 5, 25]},
            cv=within,
        )
        search.fit(EX4.x[split.train], EX4.y[split.train])
        expected.append(search.score(EX4.x[split.test], EX4.y[split.test]))
        numbers.append(search.best_params_["kneighborsclassifier__n_neighbors"])
    chosen = [NEIGHBOURS[place].values()["n_neighbors"] for place in tuned.choices.places]
    assert chosen == numbers
    assert len(set(chosen)) > 1
    assert tuned.judged.values.tolist() == expected


# By hand

Y = np.array([0, 1] * 4)
FIRST, SECOND = np.arange(4), np.arange(4, 8)  # two folds, each with two inner folds
WITHIN = {0: (np.array([4, 5]), np.array([6, 7])), 1: (np.array([0, 1]), np.array([2, 3]))}


def fit_row(model, candidate, fold, rows, right, inner=None, status="epochs"):
    """Return the fit that predicts the first `right` of some rows right; NaN if it diverged."""
    p = np.where(np.arange(len(rows)) < right, Y[rows], 1 - Y[rows]).astype(float)
    return {
        "model": model, "configuration": candidate.name, "hyperparameters": "{}", "repeat": 1,
        "fold": fold + 1, "inner": inner, "status": status, "epochs": 1, "rows": rows + 1,
        "probabilities": p if status == "epochs" else np.full(len(rows), np.nan),
        "predicted": None,
    }  # fmt: skip


def study_of(model, own, diverged=()):
    """Return the scores, the outer and the inner fits of a model, and of the baseline.

    `own` has for each configuration the rows right in each test fold of four, and in each pair of
    inner folds of two. `diverged` has the fits without a score: configuration, fold, inner fold.
    """
    outer = [
        fit_row("logistic", Configuration(), fold, r, 3) for fold, r in ((0, FIRST), (1, SECOND))
    ]
    inner = []
    for candidate, (tested, within) in own.items():
        for fold, rows in ((0, FIRST), (1, SECOND)):
            state = "diverged" if (candidate, fold, None) in diverged else "epochs"
            outer.append(fit_row(model, candidate, fold, rows, tested[fold], status=state))
            for number, part in enumerate(WITHIN[fold]):
                state = "diverged" if (candidate, fold, number) in diverged else "epochs"
                right = within[fold][number]
                inner.append(fit_row(model, candidate, fold, part, right, number + 1, state))
    fits = pd.DataFrame(outer).drop(columns="inner")
    return score_fits(fits, Y), fits, pd.DataFrame(inner)


ONE, TWO, THREE = NEIGHBOURS[:3]
# Rows right in the two test folds, then in the inner folds of both training sets.
OWN = {
    ONE: ((4, 1), ((1, 1), (2, 1))),
    TWO: ((2, 3), ((2, 1), (1, 1))),
    THREE: ((0, 0), ((2, 1), (0, 0))),
}


def estimated(own, **options):
    """Return the row of neighbours."""
    scores, fits, inner = study_of("knn", own, **options)
    candidates = {"logistic": [Configuration()], "knn": list(own)}
    table, _ = nested_of(judged(scores, fits, Y, candidates), inner, {"knn": "knn"})
    (row,) = table.to_dict("records")
    return row


def test_the_best_configuration_may_differ_by_split_and_the_earliest_wins_a_tie():
    _, _, inner = study_of("knn", OWN)
    # First training set: 2, 3 and 3 rows right, so the second. Second one: 3, 2 and 0.
    choices = choose(inner, {"knn": list(OWN)}, Y, "accuracy")["knn"]
    assert choices.places.tolist() == [1, 0]
    row = estimated(OWN)
    # 2 of 4 rows by the second configuration, 1 of 4 by the first; the baseline has 3 of 4.
    assert row["accuracy"] == pytest.approx((2 / 4 + 1 / 4) / 2)
    assert row["difference"] == pytest.approx(3 / 8 - 3 / 4)
    assert row["untuned_accuracy"] == pytest.approx((4 / 4 + 1 / 4) / 2)  # the first configuration
    assert (row["chosen"], row["stability"], row["choices"]) == (ONE.name, 0.5, 2)
    assert (row["candidates"], row["fits"], row["unchosen"], row["unscored"]) == (3, 2, 0, 0)


def test_inner_folds_of_unequal_size_count_by_their_rows():
    parts = np.arange(5), np.arange(5, 7)
    right = {ONE: (2, 2), TWO: (5, 0)}  # 4 and 5 of 7 rows; by fold 0.7 and 0.5 on average
    inner = pd.DataFrame(
        [
            fit_row("knn", each, 0, rows, number, place)
            for each, numbers in right.items()
            for place, (rows, number) in enumerate(zip(parts, numbers, strict=True), 1)
        ]
    )
    assert choose(inner, {"knn": [*right]}, Y, "accuracy")["knn"].places.tolist() == [1]


def test_of_a_score_that_is_better_if_lower_the_lowest_is_chosen():
    _, _, inner = study_of("knn", OWN)
    choices = choose(inner, {"knn": list(OWN)}, Y, "brier_score")["knn"]
    assert choices.places.tolist() == [1, 0]  # of probabilities 0 and 1, as by the rows right


def test_a_configuration_with_a_diverged_inner_fit_is_not_chosen():
    _, _, inner = study_of("knn", OWN, diverged={(TWO, 0, 1)})
    assert choose(inner, {"knn": list(OWN)}, Y, "accuracy")["knn"].places.tolist() == [2, 0]


def test_without_any_choice_in_a_training_set_there_is_no_accuracy():
    row = estimated(OWN, diverged={(each, 0, 0) for each in OWN})
    assert (row["unchosen"], row["unscored"]) == (1, 0)
    assert np.isnan(row["accuracy"])
    assert np.isnan(row["difference"])


@pytest.mark.parametrize("choice", [(TWO, 0, None), (ONE, 1, None)])
def test_a_choice_that_diverges_on_the_whole_training_set_leaves_no_accuracy(choice):
    row = estimated(OWN, diverged={choice})
    assert (row["unchosen"], row["unscored"]) == (0, 1)
    assert np.isnan(row["accuracy"])
    # Where it was not chosen, it does no harm.
    assert estimated(OWN, diverged={(TWO, 1, None)})["accuracy"] == pytest.approx(3 / 8)


def test_a_network_that_follows_has_its_own_scores_of_the_others_choices():
    five = Configuration.of_network((5,), "sigmoid", "squared_error", 0.1, "uniform")
    scratch = {REFERENCE: ((4, 1), ((1, 1), (2, 1))), five: ((2, 3), ((2, 1), (1, 1)))}
    other = {REFERENCE: ((4, 2), ((2, 2), (2, 2))), five: ((2, 3), ((0, 0), (0, 0)))}
    studies = [study_of("scratch", scratch), study_of("tensorflow", other)]
    fits = pd.concat([studies[0][1], studies[1][1].iloc[2:]], ignore_index=True)
    candidates = {"logistic": [Configuration()], "scratch": [*scratch], "tensorflow": [*scratch]}
    judgement = judged(score_fits(fits, Y), fits, Y, candidates)
    choosers = {"scratch": "scratch", "tensorflow": "scratch"}
    table, pairs = nested_of(judgement, studies[0][2], choosers)
    assert pairs.empty
    # Both use the choices of scratch: the second configuration, then the reference.
    assert table["accuracy"].tolist() == pytest.approx([(2 + 1) / 8, (2 + 2) / 8])
    assert table["same_as"].fillna("").tolist() == ["", "scratch"]
    assert table["p_value"].notna().tolist() == [True, False]
    sentences = with_verdicts("nested", table, candidates)["verdict"]
    assert sentences.notna().tolist() == [True, False]
    assert sentences[0].startswith("the network, tuned, has an accuracy of")


@pytest.mark.parametrize("models", [("knn", "logistic"), ("logistic", "knn")])
@pytest.mark.parametrize("best", ["knn", "logistic"])
def test_a_tuned_model_beats_the_tuned_baseline_wherever_both_are_in_the_config(models, best):
    """One has all rows right, the other none."""
    candidates = {model: [ONE if model == "knn" else Configuration()] for model in models}
    studies = []
    for model, (only,) in candidates.items():
        each = 2 if model == best else 0
        own = {only: ((2 * each, 2 * each), ((each, each), (each, each)))}
        studies.append(study_of(model, own))
    fits = pd.concat([own.iloc[2:] for _, own, _ in studies], ignore_index=True)
    inner = pd.concat([within for *_, within in studies], ignore_index=True)
    judgement = judged(score_fits(fits, Y), fits, Y, candidates)
    table, _ = nested_of(judgement, inner, {model: model for model in models})
    assert table.set_index("model").loc["knn", "beats_tuned"] == (best == "knn")


# On noise


# Without inner folds


def test_inner_fits_are_judged_by_the_classes_that_they_name():
    _, _, inner = study_of("knn", OWN)
    columns = zip(inner["configuration"], inner["rows"], strict=True)
    named = [Y[rows - 1] if name == THREE.name else None for name, rows in columns]
    candidates = {"logistic": [Configuration()], "knn": list(OWN)}
    own = choose(inner.assign(predicted=named), candidates, Y, "accuracy")["knn"]
    assert [own.names[place] for place in own.places] == [THREE.name, THREE.name]


def test_without_inner_folds_there_is_a_row_and_no_number():
    scores, fits, inner = study_of("knn", OWN)
    candidates = {"logistic": [Configuration()], "knn": list(OWN)}
    judgement = judged(scores, fits, Y, candidates)
    table, pairs = nested_of(judgement, inner.iloc[:0], {"knn": "knn"})
    assert pairs.empty
    assert table["fits"].tolist() == [0]
    assert table["accuracy"].isna().all()
    assert set(INNER_COLUMNS) <= set(inner.columns)

"""Where features are varied, and what fits predict there."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import partial_dependence

from backprop.data.dataset import Dataset
from backprop.models.estimators import fit
from backprop.models.registry import with_estimators
from backprop.statistics.partial_dependence import POINTS, class_that_moves, curves_of, vary
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row
from backprop.study.splits import splits_of

DRAWS = np.random.default_rng(3)
LENGTH = DRAWS.normal(50, 9, size=100)
X = np.column_stack([LENGTH, 2 * LENGTH + 1, DRAWS.integers(0, 3, 100), DRAWS.normal(size=100)])
X[0, 0] = np.nan
DATA = Dataset(
    ("length", "twice", "colour", "rest"), "y", X, np.tile([0, 1], 50),
    categories={"colour": ("blue", "green", "red")},
)  # fmt: skip


def made(model, dataset, seed=2, **values):
    """Return results, the entry of a model, and its fits on two repeats."""
    registry = with_estimators({"forest": {"class": "sklearn.ensemble.RandomForestClassifier"}})
    folds = draw_folds(dataset.y, folds=4, repeats=2, seed=seed)
    reference, entry = Configuration.of(values), registry[model]
    pairs = [(reference, split) for split in splits_of(folds)]
    fits = entry.family.train(entry.implementation, pairs, dataset, seed=seed)
    table = pd.DataFrame(
        [as_row(model, *pair, fit, "") for pair, fit in zip(pairs, fits, strict=True)]
    )
    results = Results({}, {"seed": seed})
    vars(results).update(dataset=dataset, folds=folds, candidates={model: [reference]})
    return results, entry, table


def test_the_points_are_medians_of_equal_parts_and_twins_change_as_in_the_data():
    varied = vary(DATA, ["length", "twice"])
    assert varied.columns == (0, 1)
    assert len(varied.values) == POINTS
    parts = np.array_split(np.sort(X[1:, 0]), POINTS)
    assert varied.values[:, 0] == pytest.approx([np.median(part) for part in parts])
    assert varied.values[:, 1] == pytest.approx(2 * varied.values[:, 0] + 1)


def test_a_feature_of_categories_has_a_point_for_each():
    varied = vary(DATA, ["colour"])
    assert varied.is_category
    assert varied.values[:, 0].tolist() == [0, 1, 2]


def test_a_curve_of_a_row_is_that_of_the_fit_that_has_not_seen_it():
    dataset = Dataset(("a", "b"), "y", X[:, [1, 3]], DATA.y)
    results, entry, fits = made("logistic", dataset, l2=0.5)
    varied = vary(dataset, ["b"])
    (curves,) = curves_of(results, entry, fits, [varied])
    assert curves.shape == (100, POINTS, 2)
    expected = []
    for split, parameters in zip(splits_of(results.folds)[:4], fits["parameters"][:4], strict=True):
        intercept, *weights = parameters
        train = dataset.x[split.train]
        for row in dataset.x[split.test]:
            x = np.column_stack([np.full(POINTS, row[0]), varied.values[:, 0]])
            inputs = (x - train.mean(axis=0)) / train.std(axis=0)
            expected.append(expit(intercept + inputs @ weights))
    assert curves[..., 1] == pytest.approx(np.array(expected), rel=1e-9)


def test_the_mean_of_all_curves_is_the_partial_dependence_of_scikit_learn():
    iris = load_iris()
    dataset = Dataset(("a", "b", "c", "d"), "y", iris.data, iris.target, ("x", "y", "z"))
    results, entry, fits = made("forest", dataset, n_estimators=10)
    one_fold = fits[fits["fold"] == 1]
    varied = vary(dataset, ["c"])
    (curves,) = curves_of(results, entry, one_fold, [varied])
    split = results.splits[1, 1]
    assert len(curves) == len(split.test)
    scale = iris.data[split.train].mean(axis=0), iris.data[split.train].std(axis=0)
    inputs = (iris.data - scale[0]) / scale[1]
    forest = fit(
        f"sklearn.ensemble.{RandomForestClassifier.__name__}",
        Configuration.of({"n_estimators": 10}), split, inputs, iris.target, 2,
    )  # fmt: skip
    own = partial_dependence(
        forest, inputs[split.test], [2], kind="both", method="brute",
        custom_values={2: (varied.values[:, 0] - scale[0][2]) / scale[1][2]},
    )  # fmt: skip
    assert pytest.approx(own["average"], abs=1e-12) == curves.mean(axis=0).T
    assert class_that_moves([curves]) == np.ptp(own["average"], axis=1).argmax()


def test_without_a_fit_that_predicts_there_are_no_curves():
    results, entry, fits = made("logistic", Dataset(("a",), "y", X[:, 1:2], DATA.y), l2=0.5)
    (curves,) = curves_of(results, entry, fits.assign(status="diverged"), [vary(DATA, ["rest"])])
    assert curves.shape == (0, POINTS, 2)

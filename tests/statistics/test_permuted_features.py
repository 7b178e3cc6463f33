"""What fits lose without the values of features, computed again by NumPy and scikit-learn alone."""

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.metrics import log_loss
from sklearn.neighbors import KNeighborsClassifier

from backprop.data.dataset import Dataset
from backprop.models.registry import with_estimators
from backprop.statistics import permuted_features
from backprop.statistics.permuted_features import PERMUTATIONS, donors_of, worth_to_fits
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row
from backprop.study.splits import splits_of

DRAWS = np.random.default_rng(7)
X = DRAWS.normal(size=(62, 3))
Y = (X[:, 0] + X[:, 1] + DRAWS.logistic(size=62) / 2 > 0).astype(int)
FOLDS = draw_folds(Y, folds=4, repeats=2, seed=5)
SPLITS = splits_of(FOLDS)
REGISTRY = with_estimators(
    {
        "knn": {"class": "sklearn.neighbors.KNeighborsClassifier"},
        "shares": {"class": "sklearn.dummy.DummyClassifier"},
    }
)
GROUPS = MappingProxyType({"a": ("a",), "b and c": ("b", "c")})


def lost(model, metric, y=Y):
    """Return what fits of a model lose, by the groups of features, and the fits."""
    dataset = Dataset(("a", "b", "c"), "y", X, y)
    reference, entry = Configuration.of({"l2": 0.1} if model == "logistic" else {}), REGISTRY[model]
    pairs = [(reference, split) for split in SPLITS]
    fits = entry.family.train(entry.implementation, pairs, dataset, seed=5)
    table = pd.DataFrame(
        [as_row(model, *pair, fit, "") for pair, fit in zip(pairs, fits, strict=True)]
    )
    settings = {"metric": metric, "rope": 0.01, "seed": 5, "duplicates": "keep"}
    results = Results({}, settings)
    vars(results).update(dataset=dataset, folds=FOLDS, candidates={model: [reference]})
    worth = worth_to_fits(results, REGISTRY, table, GROUPS)
    return {name: own for (_, name), own in worth.items()}, fits


def by_hand(score, columns):
    """Return the mean loss over all test folds and permutations, of standardised inputs."""
    losses = []
    for place, split in enumerate(SPLITS):
        mean, scale = X[split.train].mean(axis=0), X[split.train].std(axis=0)
        whole = score(place, (X[split.test] - mean) / scale)
        for donors in donors_of(split, 5):
            x = X[split.test]
            x[:, columns] = x[donors][:, columns]
            losses.append(whole - score(place, (x - mean) / scale))
    return np.mean(losses)


def test_each_row_gets_the_values_of_another_one_and_gives_its_own_once():
    donors = donors_of(SPLITS[0], 5)
    rows = np.arange(len(SPLITS[0].test))
    assert donors.shape == (PERMUTATIONS, len(rows))
    assert (np.sort(donors, axis=1) == rows).all()
    assert (donors != rows).all()
    assert (donors_of(SPLITS[0], 6) != donors).any()


@pytest.mark.parametrize(("group", "columns"), [("a", [0]), ("b and c", [1, 2])])
def test_fits_of_a_regression_lose_what_their_parameters_say(group, columns):
    worth, fits = lost("logistic", "log_loss")

    def score(place, x):
        intercept, *weights = fits[place].parameters
        return log_loss(Y[SPLITS[place].test], expit(intercept + x @ weights), labels=[0, 1])

    assert worth[group].value == pytest.approx(by_hand(score, columns), rel=1e-9)
    assert worth[group].lower < worth[group].value < worth[group].upper < 0


def test_fits_of_a_classifier_of_scikit_learn_lose_what_the_same_fits_do_there():
    y = Y + (X[:, 2] > 1)
    worth, _ = lost("knn", "accuracy", y)

    def score(place, x):
        split = SPLITS[place]
        own = X[split.train]
        inputs = (own - own.mean(axis=0)) / own.std(axis=0)
        return KNeighborsClassifier().fit(inputs, y[split.train]).score(x, y[split.test])

    # Several classes can be equally probable: such a row counts in part here.
    assert worth["b and c"].value == pytest.approx(by_hand(score, [1, 2]), abs=1e-9)


def test_fits_that_look_at_no_feature_lose_nothing():
    worth, _ = lost("shares", "brier_score")
    assert [own.value for own in worth.values()] == pytest.approx([0, 0], abs=1e-15)


def test_a_table_that_would_take_too_long_is_not_measured(monkeypatch):
    monkeypatch.setattr(permuted_features, "MOST_CELLS", 10)
    assert lost("shares", "accuracy")[0] == {}

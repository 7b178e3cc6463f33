"""What fits predict with shuffled features, and with replaced ones: by hand, from a regression."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.registry import MODELS
from backprop.statistics.partial_dependence import (
    QUANTILES,
    dependence_of,
    models_to_show,
    values_to_try,
)
from backprop.statistics.permuted_features import SHUFFLED, shuffled_fits, shuffling
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.streams import stream

RNG = np.random.default_rng(3)
N = 40
X = np.column_stack([RNG.normal(size=N), RNG.normal(size=N), np.arange(N) % 3])
Y = (X[:, 0] + RNG.normal(size=N) > 0).astype(int)
DATASET = Dataset(features=("a", "b", "c"), label="y", x=X, y=Y, categories={"c": ("k", "l", "m")})
LOGISTIC, CONFIGURATION = MODELS["logistic"], Configuration.of({"l2": 0.1})
TEST = np.arange(0, N, 2)
SPLITS = {
    (1, f + 1): Split(0, f, np.setdiff1d(np.arange(N), test), test)
    for f, test in enumerate([TEST, TEST + 1])
}


def fits_of_regression():
    splits = [*SPLITS.values()]
    pairs = [(CONFIGURATION, split) for split in splits]
    trained = LOGISTIC.family.train(LOGISTIC.implementation, pairs, DATASET)
    return pd.DataFrame([
        {"model": "logistic", "configuration": CONFIGURATION.name, "repeat": 1, "fold": s.fold + 1,
         "status": t.status, "rows": s.test + 1, "probabilities": t.probabilities,
         "predicted": None, "parameters": t.parameters}
        for s, t in zip(splits, trained, strict=True)
    ])  # fmt: skip


@pytest.fixture
def results():
    fits = fits_of_regression()
    return SimpleNamespace(
        dataset=DATASET, splits=SPLITS, seed=7, candidates={"logistic": [CONFIGURATION]},
        headlines={"logistic": fits},
    )  # fmt: skip


def by_hand(fit, x):
    """Return P(y = 1) of a regression for some rows."""
    split = SPLITS[fit["repeat"], fit["fold"]]
    inputs = Encoder.of(DATASET, split.train).apply(x)
    return 1 / (1 + np.exp(-(fit["parameters"][0] + inputs @ fit["parameters"][1:])))


def test_the_values_of_a_group_go_together_to_another_test_row_of_the_fit(results):
    groups = {"both": ("a", "c"), "b": ("b",)}
    fits = results.headlines["logistic"]
    table = shuffled_fits(results, {"logistic": LOGISTIC}, fits, groups)
    names = {name: own.name for name, own in shuffling(CONFIGURATION, groups).items()}
    assert [*table["configuration"]] == 2 * [*names.values()]
    for _, fit in fits.iterrows():
        split = SPLITS[fit["repeat"], fit["fold"]]
        np.testing.assert_allclose(by_hand(fit, X[split.test]), fit["probabilities"], rtol=1e-12)
        order = stream(7, SHUFFLED, split.repeat, split.fold).permutation(split.test)
        assert set(order) == set(split.test)
        own = table[table["fold"] == fit["fold"]].set_index("configuration")["probabilities"]
        for name, places in (("both", [0, 2]), ("b", [1])):
            x = X[split.test].copy()
            x[:, places] = X[order][:, places]
            np.testing.assert_allclose(own[names[name]], by_hand(fit, x), rtol=1e-12)


def test_fits_without_a_score_stay_and_a_large_table_is_not_shuffled(results, monkeypatch):
    fits = results.headlines["logistic"].assign(status=["failed", "converged"])
    table = shuffled_fits(results, {"logistic": LOGISTIC}, fits, {"b": ("b",)})
    np.testing.assert_array_equal(table["probabilities"][0], fits["probabilities"][0])
    assert np.abs(table["probabilities"][1] - fits["probabilities"][1]).max() > 1e-6
    monkeypatch.setattr("backprop.statistics.permuted_features.MOST_CELLS", N // 2 * 3 - 1)
    assert not len(shuffled_fits(results, {"logistic": LOGISTIC}, fits, {"b": ("b",)}))


def test_dependence_is_the_prediction_with_one_value_replaced(results):
    number, category = dependence_of(results, "logistic", LOGISTIC, [1, 2])
    np.testing.assert_array_equal(category.values, [0, 1, 2])
    assert number.p.shape == (N, len(number.values), 2)
    np.testing.assert_array_equal(np.isin(number.values, X[:, 1]), True)
    fit = results.headlines["logistic"].iloc[1]
    x = X[SPLITS[1, 2].test].copy()
    x[:, 2] = 1
    np.testing.assert_allclose(category.p[N // 2 :, 1, 1], by_hand(fit, x), rtol=1e-12)
    x = X[SPLITS[1, 2].test].copy()
    x[:, 1] = number.values[4]
    np.testing.assert_allclose(number.p[N // 2 :, 4, 1], by_hand(fit, x), rtol=1e-12)


def test_values_are_quantiles_of_the_data_and_common_categories():
    values = values_to_try(DATASET, 0)
    assert values.min() >= np.quantile(X[:, 0], QUANTILES[0], method="lower")
    assert values.max() <= np.quantile(X[:, 0], QUANTILES[-1], method="higher")
    x = np.column_stack([X[:, 0], np.repeat(np.arange(20), 2)]).astype(float)
    x[0, 1] = np.nan
    names = tuple(map(str, range(20)))
    many = dataclasses.replace(DATASET, features=("a", "c"), x=x, categories={"c": names})
    assert values_to_try(many, 1).tolist() == [float(n) for n in range(1, 13)]


@pytest.mark.parametrize(
    ("recommended", "shown"),
    [
        ("forest", ["logistic", "forest"]), ("logistic", ["logistic", "scratch"]),
        (None, ["logistic", "scratch"]), ("elsewhere", ["logistic", "scratch"]),
    ],
)  # fmt: skip
def test_the_baseline_is_beside_the_recommended_model(recommended, shown, monkeypatch):
    module = "backprop.statistics.partial_dependence.read_recommendation"
    monkeypatch.setattr(module, lambda file: SimpleNamespace(model=recommended))
    models = dict.fromkeys(["logistic", "forest", "scratch"])
    registry = {**MODELS, "forest": SimpleNamespace(family=None)}
    results = SimpleNamespace(headlines=models, recommendation=None)
    assert models_to_show(results, registry) == shown

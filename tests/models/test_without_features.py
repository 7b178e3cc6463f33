"""Models that are trained without features."""

import numpy as np
import pytest

from backprop.data.dataset import Dataset
from backprop.models.families import NETWORK, REGRESSION
from backprop.models.registry import MODELS
from backprop.models.without_features import leaving_out, train_without
from backprop.study.configurations import Configuration
from backprop.study.splits import Split

ROWS = np.arange(40)
SPLITS = [Split(0, fold, ROWS[fold != ROWS % 4], ROWS[fold == ROWS % 4]) for fold in range(4)]
DRAWS = np.random.default_rng(2)
DATA = Dataset(("a", "b"), "y", DRAWS.normal(size=(40, 2)), (ROWS % 3 == 0).astype(int))
LOGISTIC = Configuration.of({"l2": 0.0})
NET = Configuration.of_network((2,), "tanh", "cross_entropy", 0.1, "glorot")
SEEDED = {"seed": 1, "training": {"epochs": 2}}


def trained(reference, groups, dataset=DATA, family=REGRESSION, model="logistic", **needs):
    pairs = [(c, s) for c in leaving_out(reference, groups).values() for s in SPLITS]
    own = train_without(family, MODELS[model].implementation, reference, pairs, dataset, **needs)
    fits = dict(own)
    return [fits[place] for place in range(len(pairs))]


@pytest.mark.parametrize(
    ("reference", "family", "model", "needs"),
    [(LOGISTIC, REGRESSION, "logistic", {}), (NET, NETWORK, "scratch", SEEDED)],
)
def test_a_model_without_a_feature_is_that_of_a_table_without_its_column(
    reference, family, model, needs
):
    own = trained(reference, {"b": ["b"], "a": ["a"]}, family=family, model=model, **needs)
    for number, place in enumerate((0, 1)):
        rest = Dataset(("x",), "y", DATA.x[:, [place]], DATA.y)
        pairs = [(reference, split) for split in SPLITS]
        expected = family.train(MODELS[model].implementation, pairs, rest, **needs)
        for one, other in zip(own[4 * number :][:4], expected, strict=True):
            np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_without_any_feature_the_shares_of_the_classes_are_predicted():
    for fit, split in zip(trained(LOGISTIC, {"all": ["a", "b"]}), SPLITS, strict=True):
        expected = DATA.y[split.train].mean()
        np.testing.assert_allclose(fit.probabilities, np.full(10, expected))


def test_so_they_are_where_the_other_features_have_one_category():
    """A category that is only in the test rows of the first split."""
    x = np.column_stack([DATA.x[:, 0], np.where(ROWS == 0, 1.0, 0.0)])
    data = Dataset(("a", "c"), "y", x, DATA.y, categories={"c": ("u", "v")})
    first, *others = trained(LOGISTIC, {"a": ["a"]}, data)
    np.testing.assert_allclose(first.probabilities, DATA.y[SPLITS[0].train].mean())
    assert all(fit.epochs > 0 for fit in others)


def test_fits_without_other_features_have_other_names():
    names = {each.name for each in leaving_out(NET, {"a": ["a"], "both": ["a", "b"]}).values()}
    assert len(names) == 2

"""Whether classes are separated, against cases decided by hand and by an exact search."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from backprop.data.dataset import Dataset
from backprop.models import logistic, softmax
from backprop.models.baselines import train_fits
from backprop.models.coordinates import Coordinates
from backprop.models.separation import find_separation
from backprop.study.configurations import Configuration
from backprop.study.splits import Split

BASELINES = pytest.mark.parametrize("baseline", [logistic, softmax])


def column(*values):
    return np.array(values, dtype=float)[:, np.newaxis]


def status(baseline, x, y, l2=0.0):
    return baseline.fit(x, np.array(y), l2=l2).status


@BASELINES
def test_classes_that_share_only_a_boundary_value_are_separated(baseline):
    assert status(baseline, column(1, 2, 3, 3, 4, 5), [0, 0, 0, 1, 1, 1]) == "separated"
    # The two rows at 3 keep the probability of 1/2; the others go to 0 and 1.
    fitted = baseline.fit(column(1, 2, 3, 3, 4, 5), np.array([0, 0, 0, 1, 1, 1]))
    p = baseline.predict(fitted.parameters, column(1, 2, 3, 3, 4, 5))
    np.testing.assert_allclose(p, [0, 0, 0.5, 0.5, 1, 1], atol=1e-6)


@BASELINES
@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (column(1, 2, 3, 4, 5, 6), [0, 0, 0, 1, 1, 1], "separated"),  # completely
        (column(1, 2, 4, 3, 5, 6), [0, 0, 0, 1, 1, 1], "converged"),  # one row on the other side
        (column(0, 1, 0, 1, 0, 1), [0, 1, 0, 1, 0, 0], "separated"),  # no (0, class 1): half
        (column(0, 1, 0, 1, 1, 1), [0, 1, 0, 1, 0, 0], "quasi_separated"),  # a third of the rows
        (column(0, 1, 0, 1, 0, 1), [0, 1, 1, 1, 0, 0], "converged"),  # every combination
        (np.eye(4)[[0, 0, 1, 1, 2, 2, 3, 3]], [0, 1, 0, 1, 0, 1, 0, 0], "quasi_separated"),
    ],
)
def test_two_classes_are_separated_if_a_boundary_has_no_row_on_the_wrong_side(
    baseline, x, y, expected
):
    assert status(baseline, x, y) == expected
    assert status(baseline, x * 1e7 - 3, y) == expected
    assert status(baseline, x, y, l2=1e-3) == "converged"  # a penalty always has a solution


def test_three_classes_can_be_separated_although_none_is_apart_from_the_others():
    # Three sectors of a plane around 0, which share the rows on their borders. By Pythagoras, the
    # class whose bisector is nearest is right for all rows, or one of two that are equally near.
    angles = np.deg2rad([0, 60, 120, 120, 180, 240, 240, 300, 360])
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    x, y = np.concatenate([circle, circle / 9]), np.tile(np.repeat([0, 1, 2], 3), 2)
    coordinates = Coordinates.of(x)
    alone = [find_separation(coordinates, (y == c).astype(np.int64)) for c in range(3)]
    assert [each.share for each in alone] == [0, 0, 0]
    assert find_separation(coordinates, y).share >= 0.5
    assert status(softmax, x, y) == "separated"
    assert status(logistic, x, y) == "converged"  # each class against all others


def separated_by_search(x, y):
    """Return which rows are separated, for one column and two classes: either way round."""
    for low, high in ((x[y == 0], x[y == 1]), (x[y == 1], x[y == 0])):
        if min(x) < max(x) and low.max() <= high.min():
            return (x != low.max()) | (low.max() < high.min())
    return np.zeros(len(x), dtype=bool)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=3, max_size=9))
def test_one_column_is_decided_as_by_trying_each_threshold(rows):
    x = np.array([value for value, _ in rows], dtype=float)
    y = np.array([int(one) for _, one in rows])
    if len(set(y)) < 2:
        return
    expected = separated_by_search(x, y).mean()
    separation = find_separation(Coordinates.of(x[:, np.newaxis]), y)
    separations = [
        separation,
        *(b.fit(x[:, np.newaxis], y).separation for b in (logistic, softmax)),
    ]
    for share, inputs in separations:
        if expected >= 0.5:
            assert 0.5 <= share <= 1
        else:
            assert share == expected
            assert inputs == ((0,) if expected else ())


def test_one_column_of_three_classes_is_decided_as_by_trying_all_orders():
    # Separated if the classes have an order in which a threshold has the first below it.
    generator, seen = np.random.default_rng(0), set()
    for _ in range(60):
        x = generator.integers(0, 6, 7).astype(float)
        y = generator.permutation([0, 0, 1, 1, 2, 2, generator.integers(3)])
        expected = np.ptp(x) > 0 and any(
            x[np.isin(y, order[:cut])].max() <= x[np.isin(y, order[cut:])].min()
            for order in itertools.permutations(range(3))
            for cut in (1, 2)
        )
        assert (softmax.fit(x[:, np.newaxis], y).separation.share > 0) == expected
        seen.add(expected)
    assert seen == {True, False}


def test_a_well_behaved_fit_needs_no_linear_programme(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the fit itself shows whether the classes are separated")

    monkeypatch.setattr("scipy.optimize.linprog", refuse)
    generator = np.random.default_rng(0)
    x = generator.normal(size=(80, 2))
    noisy = (x[:, 0] + generator.logistic(size=80) > 0).astype(np.int64)
    for baseline in (logistic, softmax):
        assert baseline.fit(x, noisy).status == "converged"
        assert baseline.fit(x, (x[:, 0] > 0).astype(np.int64)).status == "separated"


@BASELINES
def test_a_fit_of_a_study_says_that_its_training_rows_are_separated(baseline):
    x, y = column(1, 2, 3, 3, 4, 5, 2.5, 3.5), np.array([0, 0, 0, 1, 1, 1, 1, 0])
    dataset, whole = Dataset(("a",), "c", x, y), np.arange(8)
    fits = [(Configuration(), Split(0, f, train, np.setdiff1d(whole, train))) for f, train in
            enumerate([np.arange(6), np.arange(1, 8)])]  # fmt: skip
    assert [fit.status for fit in train_fits(baseline, fits, dataset)] == ["separated", "converged"]


# Quasi-complete separation: an input whose coefficient has no finite value, and all other rows


def overlapping(generator, n, d, classes=2):
    """Return rows of classes that no boundary separates."""
    x = generator.normal(size=(n, d))
    odds = x[:, :1] * np.arange(classes) + generator.gumbel(size=(n, classes))
    return x, odds.argmax(axis=1)


def with_rare(x, *groups):
    """Add an input for each group of rows, which is 1 in these and 0 in others, standardised."""
    rare = np.stack([np.isin(np.arange(len(x)), rows) for rows in groups], axis=1).astype(float)
    return np.column_stack([x, (rare - rare.mean(axis=0)) / rare.std(axis=0)])


@BASELINES
def test_a_rare_row_leaves_the_shares_of_all_others_as_they_are(baseline):
    # 5 of 20 rows with 0 are of class 1, and 12 of 20 with 1. One more row with 1, of class 1, has
    # an input for itself: with it the share would be 13 of 21.
    x = np.repeat([0.0, 1.0, 1.0], [20, 20, 1])[:, np.newaxis]
    y = np.repeat([1, 0, 1, 0, 1], [5, 15, 12, 8, 1])
    inputs = with_rare(x, [40])
    fitted = baseline.fit(inputs, y)
    assert (fitted.status, fitted.converged) == ("quasi_separated", False)
    assert fitted.separation == (1 / 41, (1,))
    p = baseline.predict(fitted.parameters, inputs)
    np.testing.assert_allclose(p, np.repeat([0.25, 0.6, 1.0], [20, 20, 1]), rtol=0, atol=1e-7)


@BASELINES
@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_other_rows_are_predicted_as_without_the_rare_rows_and_their_input(baseline, classes, seed):
    generator = np.random.default_rng(seed)
    x, y = overlapping(generator, 150, 3, classes)
    rare = np.flatnonzero(y == 0)[: 1 + seed]
    inputs, kept = with_rare(x, rare), np.setdiff1d(np.arange(150), rare)
    fitted = baseline.fit(inputs, y)
    assert fitted.status == "quasi_separated"
    assert fitted.separation.inputs == (3,)
    assert fitted.separation.share == pytest.approx(len(rare) / 150)
    p = baseline.predict(fitted.parameters, inputs)[kept]
    lbfgs = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000)
    if baseline is logistic and classes > 2:
        one = [lbfgs.fit(x[kept], y[kept] == c).predict_proba(x[kept])[:, 1] for c in range(3)]
        expected = np.transpose(one / np.sum(one, axis=0))
    else:
        expected = lbfgs.fit(x[kept], y[kept]).predict_proba(x[kept])
        expected = expected[:, 1] if classes == 2 else expected
    np.testing.assert_allclose(p, expected, rtol=0, atol=1e-6)


@BASELINES
def test_each_input_without_a_finite_coefficient_is_named_and_no_other(baseline):
    x, y = overlapping(np.random.default_rng(4), 200, 2)
    ones, zeros = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    # The last has rows of both classes.
    inputs = with_rare(x, ones[:1], zeros[:3], [*zeros[3:9], *ones[1:9]])
    fitted = baseline.fit(inputs, y)
    assert fitted.separation == (4 / 200, (2, 3))
    # Of three categories the first has no input. Without it, the inputs of the others are opposite.
    levels = np.arange(200) % 3
    y[levels == 0] = 1
    fitted = baseline.fit(with_rare(x, *(np.flatnonzero(levels == k) for k in (1, 2))), y)
    assert fitted.separation == (67 / 200, (2, 3))


@BASELINES
def test_a_class_apart_from_two_others_that_overlap_is_separated(baseline):
    x, y = load_iris(return_X_y=True)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    assert baseline.fit(x, y).status == "separated"  # setosa
    assert baseline.fit(x[y > 0], y[y > 0] - 1).status == "converged"
    rare = with_rare(x[y > 0], [3])
    fitted = baseline.fit(rare, y[y > 0] - 1)
    assert fitted.separation == (1 / 100, (4,))


@BASELINES
def test_a_fit_of_a_study_names_the_inputs_by_their_columns(baseline):
    x, y = overlapping(np.random.default_rng(5), 60, 1)
    categories = np.zeros(60)
    categories[np.flatnonzero(y == 1)[:2]] = 1.0
    dataset = Dataset(
        ("length", "colour"), "y", np.column_stack([x, categories]), y, ("0", "1"),
        {"colour": ("blue", "red")},
    )  # fmt: skip
    fits = [(Configuration(), Split(0, 0, np.arange(60), np.arange(60)))]
    (trained,) = train_fits(baseline, fits, dataset)
    assert (trained.status, trained.reason) == ("quasi_separated", "'colour=red'")
    # With a third class, apart from the others, all are separated: no input is the reason.
    far = dataclasses.replace(
        dataset, x=dataset.x + np.where(np.arange(60) < 20, 99.0, 0.0)[:, np.newaxis] * [1, 0],
        y=np.where(np.arange(60) < 20, 2, y), classes=("0", "1", "2"),
    )  # fmt: skip
    (trained,) = train_fits(baseline, fits, far)
    assert (trained.status, trained.reason) == ("separated", None)

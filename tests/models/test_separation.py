"""Whether classes are separated, against cases decided by hand and by an exact search."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop.data.dataset import Dataset
from backprop.models import logistic, separation, softmax
from backprop.models.baselines import train_fits
from backprop.models.coordinates import Coordinates
from backprop.models.separation import is_separated
from backprop.study.configurations import Settings
from backprop.study.splits import Split

BASELINES = pytest.mark.parametrize("baseline", [logistic, softmax])


def column(*values):
    return np.array(values, dtype=float)[:, np.newaxis]


def status(baseline, x, y, l2=0.0):
    return baseline.fit(x, np.array(y), l2=l2).status


@BASELINES
def test_classes_that_share_a_boundary_value_are_quasi_completely_separated(baseline):
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
        (column(0, 1, 0, 1, 0, 1), [0, 1, 0, 1, 0, 0], "separated"),  # no row (0, class 1)
        (column(0, 1, 0, 1, 0, 1), [0, 1, 1, 1, 0, 0], "converged"),  # every combination
        (np.eye(4)[[0, 0, 1, 1, 2, 2, 3, 3]], [0, 1, 0, 1, 0, 1, 0, 0], "separated"),
    ],
)
def test_two_classes_are_separated_if_a_boundary_has_no_row_on_the_wrong_side(
    baseline, x, y, expected
):
    assert status(baseline, x, y) == expected
    assert status(baseline, x * 1e7 - 3, y) == expected
    assert status(baseline, x, y, l2=1e-3) == "converged"  # a penalty always has a solution


@BASELINES
def test_an_exactly_collinear_column_changes_nothing(baseline):
    generator = np.random.default_rng(3)
    x = generator.normal(size=(60, 2))
    y = (x @ [1, 1] + generator.logistic(size=60) > 0).astype(np.int64)
    both = np.column_stack([x, x.sum(axis=1)])
    alone, collinear = (baseline.fit(columns, y) for columns in (x, both))
    assert alone.status == collinear.status == "converged"
    np.testing.assert_allclose(
        baseline.predict(collinear.parameters, both), baseline.predict(alone.parameters, x),
        rtol=0, atol=1e-12,
    )  # fmt: skip


def test_three_classes_can_be_separated_although_none_is_apart_from_the_others():
    # Three sectors of a plane around 0, which share the rows on their borders. By Pythagoras, the
    # class whose bisector is nearest is right for all rows, or one of two that are equally near.
    angles = np.deg2rad([0, 60, 120, 120, 180, 240, 240, 300, 360])
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    x, y = np.concatenate([circle, circle / 9]), np.tile(np.repeat([0, 1, 2], 3), 2)
    coordinates = Coordinates.of(x)
    assert not any(is_separated(coordinates, (y == c).astype(np.int64)) for c in range(3))
    assert is_separated(coordinates, y)
    assert status(softmax, x, y) == "separated"
    assert status(logistic, x, y) == "converged"  # each class against all others


def separated_by_search(x, y):
    """Decide for one column and two classes by trying each threshold, either way round."""
    low, high = x[y == 0], x[y == 1]
    return bool(min(x) < max(x) and (low.max() <= high.min() or high.max() <= low.min()))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=3, max_size=9))
def test_one_column_is_decided_as_by_trying_each_threshold(rows):
    x = np.array([value for value, _ in rows], dtype=float)
    y = np.array([int(one) for _, one in rows])
    if len(set(y)) < 2:
        return
    expected = separated_by_search(x, y)
    coordinates = Coordinates.of(x[:, np.newaxis])
    assert is_separated(coordinates, y) == expected
    for baseline in (logistic, softmax):
        assert baseline.fit(x[:, np.newaxis], y).separated == expected


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
        assert softmax.fit(x[:, np.newaxis], y).separated == expected
        seen.add(expected)
    assert seen == {True, False}


def test_a_well_behaved_fit_needs_no_linear_programme(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the fit itself shows whether the classes are separated")

    monkeypatch.setattr(separation, "linprog", refuse)
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
    fits = [(Settings(), Split(0, f, train, np.setdiff1d(whole, train))) for f, train in
            enumerate([np.arange(6), np.arange(1, 8)])]  # fmt: skip
    assert [fit.status for fit in train_fits(baseline, fits, dataset)] == ["separated", "converged"]

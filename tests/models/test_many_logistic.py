"""Many logistic regressions at once are those that scikit-learn fits one by one."""

import numpy as np
import pytest

from backprop.models import logistic
from backprop.models.many_logistic import fit_all, predict_all

FITS = 12


def drawn(rows=40, features=2, shift=1.5, classes=2):
    """Return samples whose first column tells the classes apart, the better the larger `shift`."""
    generator = np.random.default_rng(3)
    y = np.tile(np.arange(rows) % classes, (FITS, 1))
    x = generator.normal(size=(FITS, rows, features))
    x[..., 0] += shift * y
    return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True), y


def with_column(column):
    x, y = drawn()
    return np.concatenate([x, column(x)], axis=2), y


def small_noise(x):
    return x[..., :1] + 1e-5 * np.random.default_rng(4).normal(size=(*x.shape[:2], 1))


SAMPLES = {
    "two features": drawn(),
    "thirty features": drawn(rows=300, features=30),
    "three classes": drawn(rows=90, features=3, shift=0.5, classes=3),
    "the sum of two columns": with_column(lambda x: x.sum(axis=2, keepdims=True)),
    "two columns that are nearly equal": with_column(small_noise),
    "a constant column": with_column(lambda x: 0 * x[..., :1]),
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_predictions_are_those_of_scikit_learn(name, l2):
    x, y = SAMPLES[name]
    every = fit_all(x, y, l2=l2)
    together = predict_all(every, x)
    for x_one, y_one, parameters, p in zip(x, y, every, together, strict=True):
        fitted = logistic.fit(x_one, y_one, l2=l2)
        assert fitted.status == "converged"
        expected = logistic.predict(fitted.parameters, x_one)
        for actual in (logistic.predict(parameters, x_one), p if p.shape[1] > 2 else p[:, 1]):
            np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1])),
        # Quasi-complete: the boundary goes through rows of both classes.
        (np.array([[1.0], [2.0], [3.0], [3.0], [4.0], [5.0]]), np.array([0, 0, 0, 1, 1, 1])),
        (np.random.default_rng(5).normal(size=(9, 20)), np.arange(9) % 2),
    ],
    ids=["complete", "quasi-complete", "fewer rows than columns"],
)
def test_separated_classes_get_the_probabilities_near_0_or_1_of_scikit_learn(x, y):
    fitted = logistic.fit(x, y)
    assert fitted.status == "separated"
    (parameters,) = fit_all(x[np.newaxis], y[np.newaxis])
    expected = logistic.predict(fitted.parameters, x)
    np.testing.assert_allclose(logistic.predict(parameters, x), expected, rtol=0, atol=1e-6)


def test_a_step_that_would_increase_the_cost_is_halved():
    generator = np.random.default_rng(3464)  # heavy tails, and whole steps never converge
    x = generator.standard_t(1, size=(10, 2))
    y = (x[:, 0] + generator.standard_t(1, size=10) > 0).astype(int)
    (parameters,) = fit_all(x[np.newaxis], y[np.newaxis])
    fitted = logistic.fit(x, y)
    assert fitted.status == "converged"
    np.testing.assert_allclose(parameters, fitted.parameters, rtol=1e-6)


def with_the_first_twice(x):
    return np.concatenate([x, x[..., :1]], axis=2)


def test_equal_columns_with_hardly_a_penalty_have_the_weight_of_one_in_sum():
    x, y = drawn()
    intercept, one, other, equal = fit_all(with_the_first_twice(x), y, l2=1e-300)[0]
    expected = logistic.fit(x[0], y[0]).parameters
    np.testing.assert_allclose([intercept, one + equal, other], expected, rtol=1e-6)


def test_equal_columns_share_their_weight_if_it_has_a_penalty():
    x, y = drawn()
    parameters = fit_all(with_the_first_twice(x), y, l2=0.1)[0]
    # A weight of each has the cost of one weight, their length, of a column that is longer.
    longer = np.sqrt(2)
    intercept, length, other = logistic.fit(x[0] * [longer, 1], y[0], l2=0.1).parameters
    each = length / longer
    np.testing.assert_allclose(parameters, [intercept, each, other, each], rtol=1e-6)


@pytest.mark.parametrize("shift", [1.5, 8.0], ids=["overlapping", "some separated"])
def test_a_fit_does_not_depend_on_the_others(shift):
    x, y = drawn(shift=shift)
    together = fit_all(x, y)
    for place in range(FITS):
        alone = fit_all(x[place : place + 1], y[place : place + 1])
        np.testing.assert_array_equal(alone[0], together[place])

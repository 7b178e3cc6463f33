"""Regressions on ill-conditioned columns against statsmodels, on columns that span the same space.

A probability depends only on that space. So statsmodels gets columns of which none is nearly
another: the noise itself instead of a column plus noise, and a far row left out if it must have a
probability of 1.
"""

import numpy as np
import pytest
import statsmodels.api as sm
from lecture import EX4

from backprop.data.scaling import standardise
from backprop.models import logistic, softmax
from backprop.models.coordinates import Coordinates

ALL = np.arange(80)
BASELINES = pytest.mark.parametrize("baseline", [logistic, softmax])
NOISE = np.random.default_rng(2).normal(size=80)


def by_statsmodels(x, y):
    """Return the probabilities of all classes, or of class 1 of two."""
    model = sm.Logit if y.max() == 1 else sm.MNLogit
    fitted = model(y, sm.add_constant(x)).fit(disp=0, method="newton", maxiter=200, tol=1e-13)
    assert fitted.mle_retvals["converged"]
    return fitted.predict()


def fitted_probabilities(baseline, x, y):
    fitted = baseline.fit(x, y)
    assert fitted.status == "converged"
    return baseline.predict(fitted.parameters, x)


def three_classes(rows, features=2):
    generator = np.random.default_rng(5)
    x = generator.normal(size=(rows, features))
    slopes = [[1.0, -1.0, 0.0], [0.5, 0.0, -0.5]]
    return x, (x[:, :2] @ slopes + generator.gumbel(size=(rows, 3))).argmax(axis=1)


@BASELINES
@pytest.mark.parametrize("size", [1e7, 1e8])
def test_one_far_cell_on_the_side_of_its_class_is_as_if_its_row_were_not_there(baseline, size):
    x = EX4.x.copy()
    x[3, 0] = size  # an admitted student: its probability is 1 - exp(-size / 10)
    p = fitted_probabilities(baseline, standardise(x, ALL), EX4.y)
    others = np.delete(ALL, 3)
    assert p[3] == 1
    np.testing.assert_allclose(
        p[others], by_statsmodels(EX4.x[others], EX4.y[others]), rtol=0, atol=1e-7
    )


@BASELINES
def test_one_far_cell_on_the_other_side_leaves_its_column_no_weight(baseline):
    x = EX4.x.copy()
    x[50, 0] = 1e7  # not admitted
    reference = by_statsmodels(x / [1e6, 10], EX4.y)
    p = fitted_probabilities(baseline, standardise(x, ALL), EX4.y)
    np.testing.assert_allclose(p, reference, rtol=0, atol=1e-7)


@BASELINES
def test_a_column_that_is_nearly_another_keeps_the_information_of_its_difference(baseline):
    x = np.column_stack([EX4.x, EX4.x[:, 0] + 1e-6 * NOISE])
    reference = by_statsmodels(np.column_stack([EX4.x / 10, NOISE]), EX4.y)
    p = fitted_probabilities(baseline, standardise(x, ALL), EX4.y)
    np.testing.assert_allclose(p, reference, rtol=0, atol=1e-7)


@BASELINES
def test_the_sum_of_two_columns_changes_nothing(baseline):
    x = np.column_stack([EX4.x, EX4.x.sum(axis=1)])
    p = fitted_probabilities(baseline, standardise(x, ALL), EX4.y)
    np.testing.assert_allclose(p, by_statsmodels(EX4.x / 10, EX4.y), rtol=0, atol=1e-7)


@BASELINES
@pytest.mark.parametrize("digits", [8, 9, 10, 11, 12])
def test_a_fit_whose_digits_are_lost_says_that_it_has_not_converged(baseline, digits):
    # Of a difference in the last digits, float64 leaves too few to decide what it predicts. A
    # difference of 1e-13 is one of rounding: the columns then count as collinear.
    x = np.column_stack([EX4.x, EX4.x[:, 0] + 10.0**-digits * NOISE])
    kept = x[:, 2] - x[:, 0]  # exact, but for the rounding of the sum
    reference = by_statsmodels(np.column_stack([EX4.x / 10, kept / kept.std()]), EX4.y)
    fitted = baseline.fit(x_standardised := standardise(x, ALL), EX4.y)
    error = abs(baseline.predict(fitted.parameters, x_standardised) - reference).max()
    assert error < 1e-7 or fitted.status == "not_converged"


def test_three_classes_on_nearly_and_exactly_collinear_columns_agree_with_statsmodels():
    x, y = three_classes(300, features=3)
    reference = by_statsmodels(x, y)
    nearly = np.column_stack([x[:, 0], x[:, 1], x[:, 0] + 1e-6 * x[:, 2]])
    exactly = np.column_stack([x, x @ [1, 2, -1]])
    for columns in (x, nearly, exactly):
        p = fitted_probabilities(softmax, standardise(columns, np.arange(300)), y)
        np.testing.assert_allclose(p, reference, rtol=0, atol=1e-7)


def test_three_classes_with_a_far_cell_agree_with_statsmodels():
    x, y = three_classes(300)
    far = x.copy()
    row = int(np.flatnonzero(y == 0)[0])
    far[row, 0] = 1e7  # its class is the most probable one there
    p = fitted_probabilities(softmax, standardise(far, np.arange(300)), y)
    others = np.delete(np.arange(300), row)
    np.testing.assert_allclose(p[others], by_statsmodels(x[others], y[others]), rtol=0, atol=1e-7)


def test_coordinates_span_the_columns_and_lead_back_to_them():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(50, 3)) * [1e-3, 1, 1e6] + [0, 5, -1e7]
    x = np.column_stack([x, x[:, 1] * 3 - 2])  # collinear with the intercept
    coordinates = Coordinates.of(x)
    assert coordinates.back.shape == (5, 4)
    squares = coordinates.rows.T @ coordinates.rows / 50
    np.testing.assert_allclose(squares, np.eye(4), atol=1e-12)
    design = np.column_stack([np.ones(50), x])
    theta = generator.normal(size=4)
    np.testing.assert_allclose(
        design @ (coordinates.back @ theta), coordinates.design @ theta, rtol=1e-7
    )

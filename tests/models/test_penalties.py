"""Penalised regressions and regressions of several classes against other libraries."""

import numpy as np
import pytest
from scipy.special import expit, log_softmax
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from backprop.models import logistic, softmax
from backprop.models.baselines import TOLERANCE

L2 = 0.02


def standardised(load):
    x, y = load(return_X_y=True)
    return (x - x.mean(axis=0)) / x.std(axis=0), y


IRIS, CANCER = standardised(load_iris), standardised(load_breast_cancer)
OPTIONS = {"tol": 1e-12, "max_iter": 100_000}


def by_scikit_learn(x, y, l2=L2):
    """Return the model of scikit-learn, whose C is that of the sum of the costs."""
    return LogisticRegression(C=1 / (len(y) * l2), solver="newton-cg", **OPTIONS)


def test_two_classes_agree_with_each_other_and_with_scikit_learn():
    x, y = CANCER
    p = by_scikit_learn(x, y).fit(x, y).predict_proba(x)[:, 1]
    for baseline in (logistic, softmax):
        fitted = baseline.fit(x, y, l2=L2)
        assert fitted.converged
        np.testing.assert_allclose(baseline.predict(fitted.parameters, x), p, atol=1e-8)


def test_three_classes_by_softmax_are_multinomial_and_agree_with_scikit_learn():
    x, y = IRIS
    p = by_scikit_learn(x, y).fit(x, y).predict_proba(x)
    fitted = softmax.fit(x, y, l2=L2)
    assert fitted.converged
    np.testing.assert_allclose(softmax.predict(fitted.parameters, x), p, atol=1e-6)
    vectors = fitted.parameters.reshape(3, 5)
    np.testing.assert_allclose(vectors.sum(axis=0), 0, atol=1e-9)


def test_three_classes_by_logistic_regression_are_one_versus_rest():
    x, y = IRIS
    other = OneVsRestClassifier(by_scikit_learn(x, y)).fit(x, y)
    fitted = logistic.fit(x, y, l2=L2)
    assert fitted.converged
    assert fitted.parameters.shape == (3 * 5,)
    p = logistic.predict(fitted.parameters, x)
    np.testing.assert_allclose(p, other.predict_proba(x), atol=1e-6)
    multinomial = softmax.predict(softmax.fit(x, y, l2=L2).parameters, x)
    assert abs(p - multinomial).max() > 0.01  # they are two models


def test_the_penalised_gradient_vanishes_at_the_fit():
    for (x, y), width in ((CANCER, 31), (IRIS, 5)):
        classes = int(y.max()) + 1
        design = np.column_stack([np.ones(len(y)), x])
        vectors = softmax.fit(x, y, l2=L2).parameters.reshape(classes, width)
        targets = np.eye(classes)[y]
        p = np.exp(log_softmax(design @ vectors.T, axis=1))
        penalty = np.c_[np.zeros(classes), vectors[:, 1:]] * L2 * (2 if classes == 2 else 1)
        assert abs((p - targets).T @ design / len(y) + penalty).max() <= 1.01 * TOLERANCE
        one = logistic.fit(x, (y == 0).astype(np.int64), l2=L2).parameters
        residual = expit(design @ one) - (y == 0)
        gradient = design.T @ residual / len(y) + L2 * np.r_[0, one[1:]]
        assert abs(gradient).max() <= 1.01 * TOLERANCE


@pytest.mark.parametrize("baseline", [logistic, softmax])
def test_probabilities_of_several_classes_add_up_to_1_however_far_a_row_is(baseline):
    x, y = IRIS
    p = baseline.predict(baseline.fit(x, y, l2=L2).parameters, 1e6 * x)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)

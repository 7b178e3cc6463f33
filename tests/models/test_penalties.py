"""Penalised regressions and regressions of several classes against other libraries."""

import numpy as np
import pytest
from same_bits import assert_same_bits
from scipy.special import expit, log_softmax
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from backprop.data.dataset import Dataset
from backprop.models import baselines, logistic, softmax
from backprop.models.baselines import TOLERANCE, train_fits
from backprop.models.many_logistic import fit_all
from backprop.study.configurations import Configuration
from backprop.study.splits import Split

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


def wide(rows, inputs, classes):
    """Return a data set with more inputs than rows, and a split of it."""
    y = np.arange(rows + 20) % classes
    x = np.random.default_rng(6).normal(size=(len(y), inputs))
    x[:, :3] += y[:, np.newaxis]
    names = [tuple(f"{letter}{place}" for place in range(count)) for letter, count in
             (("x", inputs), ("c", classes))]  # fmt: skip
    split = Split(0, 0, np.arange(rows), np.arange(rows, len(y)))
    return Dataset(names[0], "y", x, y, names[1]), split


def scaled(dataset, split):
    """Return the training rows and the test rows as models get them."""
    seen = dataset.x[split.train]
    x = (dataset.x - seen.mean(axis=0)) / seen.std(axis=0)
    return x[split.train], dataset.y[split.train], x[split.test]


WIDE = [(rows, inputs, classes) for rows, inputs in ((40, 60), (60, 200)) for classes in (2, 4)]


@pytest.mark.parametrize("baseline", [logistic, softmax])
@pytest.mark.parametrize("shape", WIDE)
def test_more_inputs_than_rows_give_the_fit_on_all_columns(baseline, shape, monkeypatch):
    for module in (logistic, softmax, baselines):  # or one fit may take a last step more
        monkeypatch.setattr(module, "TOLERANCE", 1e-14)
    dataset, split = wide(*shape)
    x, y, new = scaled(dataset, split)
    for l2 in (0.001, 0.03):
        (fit,) = train_fits(baseline, [(Configuration.of({"l2": l2}), split)], dataset)
        expected = baseline.fit(x, y, l2=l2).parameters
        assert fit.parameters.shape == expected.shape
        np.testing.assert_allclose(fit.parameters, expected, rtol=0, atol=1e-10)
        p = baseline.predict(expected, new)
        np.testing.assert_allclose(fit.probabilities, p, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", WIDE)
def test_more_inputs_than_rows_agree_with_scikit_learn(shape):
    dataset, split = wide(*shape)
    x, y, new = scaled(dataset, split)
    other = by_scikit_learn(x, y)
    for baseline, model in ((softmax, other), (logistic, OneVsRestClassifier(other))):
        (fit,) = train_fits(baseline, [(Configuration.of({"l2": L2}), split)], dataset)
        assert fit.status == "converged"
        p = model.fit(x, y).predict_proba(new)
        p = p[:, 1] if p.shape[1] == 2 else p
        np.testing.assert_allclose(fit.probabilities, p, rtol=0, atol=1e-7)
    parameters = fit_all(x[np.newaxis], y[np.newaxis], l2=L2)[0]
    np.testing.assert_allclose(parameters, fit.parameters, rtol=0, atol=1e-9)


def test_fits_on_a_split_that_follow_each_other_share_its_row_space(monkeypatch):
    dataset, split = wide(40, 60, 2)
    other = Split(0, 1, split.train[1:], split.test)
    calls, own = [], baselines.row_space
    monkeypatch.setattr(baselines, "row_space", lambda x: calls.append(len(x)) or own(x))
    settings = [Configuration.of({"l2": l2}) for l2 in (0.1, 0.01, 0.001)]
    fits = [(each, s) for s in (other, split) for each in settings]
    together = list(train_fits(logistic, fits, dataset))
    assert calls == [39, 40]
    for fit, pair in zip(together, fits, strict=True):
        assert_same_bits(*train_fits(logistic, [pair], dataset), fit)

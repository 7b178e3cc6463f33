import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from backprop.data import dataset as data
from backprop.data.scaling import standardise
from backprop.models import baselines
from backprop.models.baselines import BASELINES, fit_logistic, fit_softmax, predict_logistic
from backprop.study import folds
from backprop.study.splits import Split, splits_of

EX4 = data.read(Path(__file__).parents[2] / "resources" / "ex4.csv")
ALL = np.arange(80)
COSTS = [0.6931471806, 0.4409414251, 0.4088916925, 0.4055107761, 0.4054474539, 0.4054474249]


def cost(p, y):
    """Return J, the mean negative log likelihood."""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def test_newton_s_method_finds_the_published_parameters():
    fitted = fit_logistic(EX4.x, EX4.y)
    assert fitted.converged
    published = [-16.37874341, 0.14834077, 0.15890845]
    np.testing.assert_allclose(fitted.parameters, published, rtol=0, atol=5e-9)


def test_newton_s_method_takes_the_published_steps():
    assert cost(np.full(80, 0.5), EX4.y) == pytest.approx(COSTS[0], abs=5e-11)
    for steps, published in enumerate(COSTS[1:], 1):
        fitted = fit_logistic(EX4.x, EX4.y, max_steps=steps)
        assert fitted.steps == steps
        found = cost(predict_logistic(fitted.parameters, EX4.x), EX4.y)
        assert found == pytest.approx(published, abs=5e-11)
    assert not fit_logistic(EX4.x, EX4.y, max_steps=3).converged


def test_softmax_takes_the_same_steps():
    for steps, published in enumerate(COSTS):
        fitted = fit_softmax(EX4.x, EX4.y, max_steps=steps)
        assert fitted.steps == steps
        found = cost(baselines.predict_softmax(fitted.parameters, EX4.x), EX4.y)
        assert found == pytest.approx(published, abs=5e-11)
    assert not fit_softmax(EX4.x, EX4.y, max_steps=3).converged


@pytest.mark.parametrize("model", BASELINES)
def test_a_student_with_20_and_80_is_refused_with_the_published_probability(model):
    fit, predict = BASELINES[model]
    admitted = predict(fit(EX4.x, EX4.y).parameters, np.array([[20.0, 80.0]]))
    assert 1 - admitted[0] == pytest.approx(0.668021864, abs=5e-10)


def test_standardised_scores_give_the_published_parameters_and_accuracy():
    z = standardise(EX4.x, ALL)
    parameters = fit_logistic(z, EX4.y).parameters
    published = [-0.05659501, 1.46279348, 1.56073684]
    np.testing.assert_allclose(parameters, published, rtol=0, atol=5e-9)
    assert ((predict_logistic(parameters, z) >= 0.5) == EX4.y).sum() == 65


def test_softmax_is_fitted_with_a_vector_per_class_and_agrees_with_logistic():
    for split in splits_of(folds.split(EX4.y, folds=5, repeats=2, seed=1)):
        z = standardise(EX4.x, split.train)
        x, y = z[split.train], EX4.y[split.train]
        softmax, logistic = fit_softmax(x, y), fit_logistic(x, y)
        assert softmax.parameters.shape == (2, 3)
        assert softmax.converged
        assert logistic.converged
        scores = np.column_stack([np.ones(80), z]) @ softmax.parameters.T
        answers = baselines.predict_softmax(softmax.parameters, z)
        by_hand = np.exp(scores[:, 1]) / np.exp(scores).sum(axis=1)
        np.testing.assert_allclose(answers, by_hand, rtol=1e-13)
        assert (abs(softmax.parameters) > 1e-3).all()
        by_logistic = predict_logistic(logistic.parameters, z)
        np.testing.assert_allclose(answers, by_logistic, rtol=0, atol=1e-8)


def test_softmax_does_not_call_scikit_learn(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("two classes would be fitted as a logistic regression")

    monkeypatch.setattr(baselines, "LogisticRegression", refuse)
    assert fit_softmax(EX4.x, EX4.y).converged


@pytest.mark.parametrize("model", BASELINES)
def test_a_fit_is_where_the_gradient_vanishes(model):
    fit, predict = BASELINES[model]
    z = standardise(EX4.x, ALL)
    residual = predict(fit(z, EX4.y).parameters, z) - EX4.y
    gradient = np.column_stack([np.ones(80), z]).T @ residual / 80
    assert abs(gradient).max() <= baselines.TOLERANCE


@pytest.mark.parametrize("model", BASELINES)
def test_separable_classes_have_no_fit_and_say_so_without_a_warning(model):
    x = np.random.default_rng(0).normal(size=(40, 2))
    y = (x[:, 0] > 0).astype(np.int64)
    split = Split(0, 0, np.arange(30), np.arange(30, 40))
    trained = baselines.train(model, [split], x, y)[0]
    assert trained.status == "not_converged"
    assert np.isfinite(trained.parameters).all()
    assert ((trained.probabilities >= 0) & (trained.probabilities <= 1)).all()


def test_logistic_and_softmax_keep_the_published_accuracy_over_many_folds():
    splits = splits_of(folds.split(EX4.y, folds=5, repeats=60, seed=1))
    logistic, softmax = (baselines.train(model, splits, EX4.x, EX4.y) for model in BASELINES)
    right = [
        (f.probabilities >= 0.5) == EX4.y[s.test] for f, s in zip(logistic, splits, strict=True)
    ]
    accuracy = np.mean(right)
    assert accuracy == pytest.approx(0.7915, abs=0.005)
    for one, other in zip(logistic, softmax, strict=True):
        assert one.status == other.status == "converged"
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=1e-8)


def test_training_standardises_by_the_training_rows_alone():
    split = splits_of(folds.split(EX4.y, folds=5, repeats=1, seed=1))[2]
    trained = baselines.train("logistic", [split], EX4.x, EX4.y)[0]
    seen = EX4.x[split.train]
    mean, scale = seen.mean(axis=0), np.sqrt(((seen - seen.mean(axis=0)) ** 2).mean(axis=0))
    fitted = fit_logistic((seen - mean) / scale, EX4.y[split.train])
    np.testing.assert_allclose(trained.parameters, fitted.parameters, rtol=1e-12)
    z = (EX4.x[split.test] - mean) / scale
    answers = expit(fitted.parameters[0] + z @ fitted.parameters[1:])
    np.testing.assert_allclose(trained.probabilities, answers, rtol=1e-12)
    assert trained.epochs == fitted.steps
    far = EX4.x.copy()
    far[split.test] += 1000
    again = baselines.train("logistic", [split], far, EX4.y)[0]
    np.testing.assert_array_equal(again.parameters, trained.parameters)
    for field in dataclasses.fields(trained):
        if field.name in ("curve_epochs", "train_cost", "test_cost"):
            assert getattr(trained, field.name).size == 0

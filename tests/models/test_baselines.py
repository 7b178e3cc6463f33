import dataclasses
from importlib import import_module

import numpy as np
import pytest
from lecture import EX4
from scipy.special import expit

from backprop.models import logistic, softmax
from backprop.models.baselines import train_fits
from backprop.models.families import REGRESSION
from backprop.models.registry import MODELS
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

ALL = np.arange(80)
EVERY_REGRESSION = [
    import_module(model.implementation) for model in MODELS.values() if model.family is REGRESSION
]


@pytest.mark.parametrize("baseline", EVERY_REGRESSION)
def test_the_scores_20_and_80_have_the_published_probability(baseline):
    parameters = baseline.fit(EX4.x, EX4.y).parameters
    assert parameters.ndim == 1
    admitted = baseline.predict(parameters, np.array([[20.0, 80.0]]))
    assert 1 - admitted[0] == pytest.approx(0.668021864, abs=5e-10)


def test_logistic_and_softmax_agree_and_have_the_published_accuracy():
    fits = [(Configuration(), s) for s in splits_of(draw_folds(EX4.y, folds=5, repeats=20, seed=1))]
    both = (train_fits(baseline, fits, EX4) for baseline in (logistic, softmax))
    by_logistic, by_softmax = map(list, both)
    right = [
        (fit.probabilities >= 0.5) == EX4.y[split.test]
        for fit, (_, split) in zip(by_logistic, fits, strict=True)
    ]
    assert np.mean(right) == pytest.approx(0.7915, abs=0.005)
    for one, other in zip(by_logistic, by_softmax, strict=True):
        assert one.status == other.status == "converged"
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=1e-8)


def test_training_standardises_by_the_training_rows_alone():
    split = splits_of(draw_folds(EX4.y, folds=5, repeats=1, seed=1))[2]
    (trained,) = train_fits(logistic, [(Configuration(), split)], EX4)
    seen = EX4.x[split.train]
    mean, scale = seen.mean(axis=0), np.sqrt(((seen - seen.mean(axis=0)) ** 2).mean(axis=0))
    fitted = logistic.fit((seen - mean) / scale, EX4.y[split.train])
    np.testing.assert_allclose(trained.parameters, fitted.parameters, rtol=1e-12)
    x = (EX4.x[split.test] - mean) / scale
    p = expit(fitted.parameters[0] + x @ fitted.parameters[1:])
    np.testing.assert_allclose(trained.probabilities, p, rtol=1e-12)
    assert trained.epochs == fitted.steps
    far = EX4.x.copy()
    far[split.test] += 1000
    (other,) = train_fits(logistic, [(Configuration(), split)], dataclasses.replace(EX4, x=far))
    np.testing.assert_array_equal(other.parameters, trained.parameters)
    for name in ("curve_epochs", "train_cost", "test_cost"):
        assert getattr(trained, name).size == 0

import numpy as np
import pytest
from lecture import EX4
from published import COSTS

from backprop.data.scaling import standardise
from backprop.models import logistic, softmax
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of


def test_newtons_method_takes_the_published_steps_of_logistic_regression():
    for steps, published in enumerate(COSTS):
        fitted = softmax.fit(EX4.x, EX4.y, max_steps=steps)
        assert fitted.steps == steps
        p = softmax.predict(fitted.parameters, EX4.x)
        cost = -np.mean(EX4.y * np.log(p) + (1 - EX4.y) * np.log(1 - p))
        assert cost == pytest.approx(published, abs=5e-11)
    assert not softmax.fit(EX4.x, EX4.y, max_steps=3).converged


def test_it_has_a_weight_vector_per_class_and_agrees_with_logistic_regression():
    for split in splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1)):
        x = standardise(EX4.x, split.train)
        fitted = softmax.fit(x[split.train], EX4.y[split.train])
        by_logistic = logistic.fit(x[split.train], EX4.y[split.train])
        assert fitted.parameters.shape == (6,)
        assert fitted.converged
        assert by_logistic.converged
        vectors = fitted.parameters.reshape(2, 3)
        assert (abs(vectors) > 1e-3).all()
        np.testing.assert_allclose(vectors.sum(axis=0), 0, atol=1e-10)
        scores = np.column_stack([np.ones(80), x]) @ vectors.T
        p = softmax.predict(fitted.parameters, x)
        by_hand = np.exp(scores[:, 1]) / np.exp(scores).sum(axis=1)
        np.testing.assert_allclose(p, by_hand, rtol=1e-13)
        logistic_p = logistic.predict(by_logistic.parameters, x)
        np.testing.assert_allclose(p, logistic_p, rtol=0, atol=1e-8)

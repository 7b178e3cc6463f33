import numpy as np
import pytest
from lecture import EX4
from published import COSTS

from backprop.data.scaling import standardise
from backprop.models import logistic

ALL = np.arange(80)


def cost(p, y):
    """Return J, the mean negative log-likelihood."""
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def test_newtons_method_gives_the_published_parameters():
    fitted = logistic.fit(EX4.x, EX4.y)
    assert fitted.converged
    published = [-16.37874341, 0.14834077, 0.15890845]
    np.testing.assert_allclose(fitted.parameters, published, rtol=0, atol=5e-9)


def test_newtons_method_takes_the_published_steps():
    assert cost(np.full(80, 0.5), EX4.y) == pytest.approx(COSTS[0], abs=5e-11)
    for steps, published in enumerate(COSTS[1:], 1):
        fitted = logistic.fit(EX4.x, EX4.y, max_steps=steps)
        assert fitted.steps == steps
        computed = cost(logistic.predict(fitted.parameters, EX4.x), EX4.y)
        assert computed == pytest.approx(published, abs=5e-11)
    assert not logistic.fit(EX4.x, EX4.y, max_steps=3).converged


def test_standardised_scores_give_the_published_parameters_and_accuracy():
    x = standardise(EX4.x, ALL)
    parameters = logistic.fit(x, EX4.y).parameters
    published = [-0.05659501, 1.46279348, 1.56073684]
    np.testing.assert_allclose(parameters, published, rtol=0, atol=5e-9)
    assert ((logistic.predict(parameters, x) >= 0.5) == EX4.y).sum() == 65

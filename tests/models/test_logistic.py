import numpy as np
import pytest
from lecture import EX4

from backprop.data.scaling import standardise
from backprop.models import logistic, softmax

ALL = np.arange(80)
# J, the mean negative log-likelihood, after 0, 1, ... 5 steps from 0.
COSTS = [0.6931471806, 0.4409414251, 0.4088916925, 0.4055107761, 0.4054474539, 0.4054474249]


def test_newtons_method_gives_the_published_parameters():
    fitted = logistic.fit(EX4.x, EX4.y)
    assert fitted.converged
    published = [-16.37874341, 0.14834077, 0.15890845]
    np.testing.assert_allclose(fitted.parameters, published, rtol=0, atol=5e-9)


@pytest.mark.parametrize("baseline", [logistic, softmax])
def test_newtons_method_takes_the_published_steps(baseline):
    for steps, published in enumerate(COSTS):
        fitted = baseline.fit(EX4.x, EX4.y, max_steps=steps)
        assert fitted.steps == steps
        p = baseline.predict(fitted.parameters, EX4.x)
        cost = -np.mean(EX4.y * np.log(p) + (1 - EX4.y) * np.log(1 - p))
        assert cost == pytest.approx(published, abs=5e-11)
    assert not baseline.fit(EX4.x, EX4.y, max_steps=3).converged


def test_standardised_scores_give_the_published_parameters_and_accuracy():
    x = standardise(EX4.x, ALL)
    parameters = logistic.fit(x, EX4.y).parameters
    published = [-0.05659501, 1.46279348, 1.56073684]
    np.testing.assert_allclose(parameters, published, rtol=0, atol=5e-9)
    assert ((logistic.predict(parameters, x) >= 0.5) == EX4.y).sum() == 65

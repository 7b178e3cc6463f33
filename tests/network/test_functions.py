import itertools

import numpy as np
import pytest
from complex_numpy import ComplexNumPy
from scipy import special, stats

from backprop.network.functions import (
    ACTIVATIONS,
    COSTS,
    INITIALISATIONS,
    OUTPUTS,
    cost_of,
    probabilities,
    sigmoid,
    softmax,
)
from backprop.network.parameters import draw_layers

POINTS = np.array([-2.0, -1.3, -0.4, -0.05, 0.07, 0.6, 1.1, 1.9])
EXTREMES = np.array([-1e308, -1e4, -710.0, -40.0, 0.0, 40.0, 710.0, 1e4, 1e308])


def complex_step(function, at, step=1e-30):
    return function(at + 1j * step).imag / step


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sigmoid", lambda a: 1 / (1 + np.exp(-a))),
        ("tanh", lambda a: (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))),
        ("relu", lambda a: np.where(a > 0, a, 0)),
    ],
)
def test_an_activation_equals_its_formula(name, value):
    np.testing.assert_allclose(ACTIVATIONS[name].value(np, POINTS), value(POINTS), rtol=1e-14)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("squared_error", lambda p, y: (p - y) ** 2 / 2),
        ("cross_entropy", lambda p, y: -y * np.log(p) - (1 - y) * np.log(1 - p)),
    ],
)
def test_a_cost_equals_its_formula(name, value, y):
    p = 1 / (1 + np.exp(-POINTS))
    np.testing.assert_allclose(COSTS[name].value(np, POINTS, y), value(p, y), rtol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derivative_of_an_activation_equals_numeric_derivatives(name):
    value, derivative = ACTIVATIONS[name].value, ACTIVATIONS[name].derivative
    written = derivative(POINTS, value(np, POINTS))
    exact = complex_step(lambda a: value(ComplexNumPy(), a), POINTS)
    np.testing.assert_allclose(written, exact, rtol=1e-14, atol=0)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("name", COSTS)
def test_the_error_of_a_cost_equals_numeric_derivatives(name, y):
    value, error = COSTS[name].value, COSTS[name].error
    written = error(sigmoid(np, POINTS), y)
    exact = complex_step(lambda z: value(ComplexNumPy(), z, y), POINTS)
    np.testing.assert_allclose(written, exact, rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_finite_at_the_extremes(name):
    value, derivative = ACTIVATIONS[name].value, ACTIVATIONS[name].derivative
    with np.errstate(over="ignore", invalid="ignore"):
        b = value(np, EXTREMES)
        slope = derivative(EXTREMES, b)
    for what, numbers in (("value", b), ("derivative", slope)):
        at = EXTREMES[~np.isfinite(numbers)].tolist()
        assert not at, f"the {what} of {name} must be finite; it is not at a = {at}"


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_our_activations_rise_with_a_slope_of_at_most_1(name):
    value, derivative = ACTIVATIONS[name].value, ACTIVATIONS[name].derivative
    with np.errstate(over="ignore"):
        b = value(np, EXTREMES)
    assert (np.diff(b) >= 0).all()
    slope = derivative(EXTREMES, b)
    assert ((slope >= 0) & (slope <= 1)).all()


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("name", COSTS)
def test_a_cost_is_finite_at_the_extremes(name, y):
    value, error = COSTS[name].value, COSTS[name].error
    with np.errstate(over="ignore"):
        cost = value(np, EXTREMES, y)
        slope = error(sigmoid(np, EXTREMES), y)
    assert np.isfinite(cost).all()
    assert (cost >= 0).all()
    assert np.isfinite(slope).all()
    right, wrong = (cost[-1], cost[0]) if y else (cost[0], cost[-1])
    assert right == 0 < wrong
    if name in ("squared_error", "cross_entropy"):
        assert (abs(slope) <= 1).all()
        assert wrong >= 0.5


def test_the_cross_entropy_of_a_sure_mistake_is_exact():
    # yhat rounds to 1 at z = 40, but the cost for the target 0 is still 40.
    assert COSTS["cross_entropy"].value(np, np.array(40.0), 0.0) == pytest.approx(40, rel=1e-15)


# Several outputs

Z = np.array([[0.3, -2.0, 50.0], [-1.1, 0.4, 49.0], [0.8, 0.1, -50.0]])  # 3 outputs, 3 samples
TARGETS = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("squared_error", lambda z, y: np.square(special.expit(z) - y).sum(axis=0) / 2),
        ("cross_entropy", lambda z, y: -(y * special.log_softmax(z, axis=0)).sum(axis=0)),
    ],
)
def test_a_cost_of_several_outputs_equals_its_formula_for_a_sample_a_stack_and_a_batch(name, value):
    cost, expected = cost_of(name, 3).value, value(Z, TARGETS)
    np.testing.assert_allclose(cost(np, Z, TARGETS).sum(axis=0), expected, rtol=1e-13)
    np.testing.assert_allclose(cost(np, Z[:, 0], TARGETS[:, 0]).sum(), expected[0], rtol=1e-13)
    batch = [np.stack([array, array[:, ::-1]]) for array in (Z, TARGETS)]
    both = [expected, expected[::-1]]
    np.testing.assert_allclose(cost(np, *batch).sum(axis=1), both, rtol=1e-13)


def test_softmax_equals_that_of_scipy_and_does_not_overflow():
    np.testing.assert_allclose(softmax(np, Z), special.softmax(Z, axis=0), rtol=1e-13)
    assert softmax(np, np.array([800.0, -800.0, 800.0])).tolist() == [0.5, 0, 0.5]


def test_one_output_has_a_sigmoid_whatever_the_cost():
    assert [cost_of(name, 1).output for name in COSTS] == ["sigmoid"] * len(COSTS)
    assert cost_of("cross_entropy", 2).output == "softmax"
    assert cost_of("squared_error", 3).output == "sigmoid"


@pytest.mark.parametrize("sample", [0, 1])
@pytest.mark.parametrize("name", COSTS)
def test_the_error_of_several_outputs_equals_numeric_derivatives(name, sample):
    cost, z, y = cost_of(name, 3), Z[:, sample], TARGETS[:, sample]
    written = cost.error(OUTPUTS[cost.output].value(np, z), y)
    for j, direction in enumerate(np.eye(3)):

        def total(shift, direction=direction):
            return cost.value(ComplexNumPy(), z + shift * direction, y).sum()

        exact = complex_step(total, 0.0)
        assert written[j] == pytest.approx(exact, rel=1e-13)


@pytest.mark.parametrize("name", COSTS)
def test_a_cost_of_several_outputs_is_finite_at_the_extremes(name):
    cost = cost_of(name, 3)
    for z in itertools.product(EXTREMES / 2, repeat=3):
        with np.errstate(over="ignore"):
            value = cost.value(np, np.array(z), np.array([0.0, 1.0, 0.0]))
            yhat = OUTPUTS[cost.output].value(np, np.array(z))
        assert np.isfinite(value).all()
        assert np.isfinite(cost.error(yhat, np.array([0.0, 1.0, 0.0]))).all()


# Probabilities


def test_the_probability_of_one_output_is_its_sigmoid():
    z = POINTS.reshape(4, 1, 2)
    for name in COSTS:
        np.testing.assert_allclose(probabilities(z, name), special.expit(z), rtol=1e-14)


def test_probabilities_of_sigmoid_outputs_are_their_shares():
    # The sigmoids of log(3), 0 and -log(3) are 3/4, 1/2 and 1/4.
    z = np.log([3.0, 1.0, 1 / 3]).reshape(1, 3, 1)
    shares = probabilities(z, "squared_error").ravel()
    np.testing.assert_allclose(shares, [3 / 6, 2 / 6, 1 / 6], rtol=1e-14)


def test_probabilities_of_softmax_outputs_are_the_softmax():
    z = Z.T[:, :, np.newaxis]
    expected = special.softmax(z, axis=1)
    np.testing.assert_allclose(probabilities(z, "cross_entropy"), expected, rtol=1e-13)


@pytest.mark.parametrize("name", COSTS)
def test_saturated_outputs_have_probabilities_and_nan_remains_nan(name):
    z = np.array([[-800.0] * 4, [800.0] * 4, [-800, 800, -800, -800], [np.nan, 0, 0, 0]])
    with np.errstate(over="ignore"):
        p = probabilities(z[:, :, np.newaxis], name)[..., 0]
    assert p[:2].tolist() == [[0.25] * 4] * 2
    assert p[2].tolist() == [0, 1, 0, 0]
    assert np.isnan(p[3]).all()


def starting(initialisation):
    return draw_layers(np.random.default_rng(0), 2, (300, 20), initialisation)


def test_uniform_draws_every_parameter_from_the_unit_interval():
    for weights, thresholds in starting("uniform"):
        for parameters in (weights, thresholds):
            assert ((parameters >= 0) & (parameters < 1)).all()
            assert stats.kstest(parameters.ravel(), "uniform").pvalue > 0.001


def test_glorot_draws_weights_within_its_bound_and_thresholds_of_zero():
    sizes = [(2, 300), (300, 20), (20, 1)]
    for (weights, thresholds), (inputs, outputs) in zip(starting("glorot"), sizes, strict=True):
        bound = (6 / (inputs + outputs)) ** 0.5
        assert weights.shape == (inputs, outputs)
        assert (abs(weights) <= bound).all()
        assert stats.kstest(weights.ravel(), "uniform", (-bound, 2 * bound)).pvalue > 0.001
        np.testing.assert_array_equal(thresholds, np.zeros(outputs))


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_an_initialisation_keeps_the_shapes_and_does_not_change_the_draws(name):
    weights, thresholds = np.full((3, 4), 0.25), np.full(4, 0.5)
    layer = INITIALISATIONS[name].value(weights, thresholds)
    assert [p.shape for p in layer] == [(3, 4), (4,)]
    assert (weights == 0.25).all()
    assert (thresholds == 0.5).all()

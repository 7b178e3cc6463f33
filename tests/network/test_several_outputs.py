"""Networks with an output for each class."""

import itertools

import numpy as np
import pytest
from side_by_side import block_of, side_by_side

from backprop.network import autodiff, plain, stacked
from backprop.network.functions import COSTS, probabilities
from backprop.network.optimisers import Method
from backprop.network.parameters import draw_layers, stack_layers
from backprop.network.training import StopCondition, train

NETWORKS = [plain, stacked, autodiff]


@pytest.mark.parametrize("network", NETWORKS)
def test_a_softmax_of_two_outputs_is_the_sigmoid_of_their_difference(network):
    generator, n = np.random.default_rng(0), 9
    start = draw_layers(generator, 3, (5, 4), "glorot")
    weights, thresholds = start[-1]
    # The output of class 0 has the sum 0, so the difference is the sum of the output of class 1.
    both = [*start[:-1], (np.c_[0 * weights, weights], np.r_[0 * thresholds, thresholds])]
    x, classes = generator.normal(size=(n, 3)), np.arange(n) % 2
    trained = {}
    for outputs, layers in ((1, start), (2, both)):
        stack, samples = stack_layers([layers] * 2), block_of([(x, classes)] * 2, outputs)
        p = probabilities(network.predict(stack, samples.x, "tanh"), "cross_entropy")[:, -1]
        eta = np.full((n, 2), 0.3 / n)
        network.train_epoch(stack, samples.x, samples.y, eta, Method("tanh", "cross_entropy", n))
        trained[outputs] = p, stack
    (p, one), (p_of_both, two) = trained.values()
    np.testing.assert_allclose(p_of_both, p, rtol=1e-13)
    # One step changes what is below in the same way, and the two outputs in opposite ways.
    for values, expected in zip(
        itertools.chain(*two[:-1]), itertools.chain(*one[:-1]), strict=True
    ):
        np.testing.assert_allclose(values, expected, rtol=1e-13, atol=1e-15)
    for values, expected, before in zip(two[-1], one[-1], start[-1], strict=True):
        change = expected[..., 0, :] - before
        np.testing.assert_allclose(values[..., 1, :], expected[..., 0, :], rtol=1e-13)
        np.testing.assert_allclose(values[..., 0, :], -change, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("cost", COSTS)
def test_saturated_outputs_train_without_nan(network, cost):
    start = [
        (np.full((2, 3, 2), 50.0), np.zeros((3, 2))),
        (np.full((3, 4, 2), 400.0), np.full((4, 2), -800.0)),
    ]
    start[1][0][:, 1:] = -400.0
    generator = np.random.default_rng(0)
    sets = [(generator.normal(size=(9, 2)), np.arange(9) % 4)]
    result = train(
        network,
        start,
        side_by_side(sets, 4),
        side_by_side(sets, 4),
        np.zeros(2, dtype=int),
        rates=np.array([0.1, 0.1]),
        generators=[np.random.default_rng(0)],
        method=Method("sigmoid", cost, batch_size=2),
        stop=StopCondition(2, epochs=3),
    )
    assert "diverged" not in result.status
    assert np.isfinite(result.parameters).all()
    assert np.isfinite(result.curves.train_cost).all()
    np.testing.assert_allclose(result.probabilities.sum(axis=1), 1.0, rtol=1e-14)

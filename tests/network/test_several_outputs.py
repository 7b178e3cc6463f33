"""Networks with an output for each class."""

import numpy as np
import pytest
from side_by_side import side_by_side

from backprop.network import autodiff, plain, stacked
from backprop.network.functions import COSTS
from backprop.network.optimisers import Method
from backprop.network.training import StopCondition, train

NETWORKS = [plain, stacked, autodiff]


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

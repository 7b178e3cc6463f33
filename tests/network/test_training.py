import itertools
import logging
import math

import numpy as np
import pytest
from side_by_side import block_of, random_sets, side_by_side

from backprop.network import stacked, training
from backprop.network.optimisers import Method
from backprop.network.parameters import draw_layers, stack_layers
from backprop.network.training import LearningCurves, StopCondition


class Scripted:
    """A network that learns nothing: z is a function of the epoch, the same for all samples."""

    def __init__(self, z):
        self.z, self.epoch, self.eta = z, 0, []

    def train_epoch(self, layers, x, y, eta, *options):
        self.epoch += 1
        self.eta.append(eta)
        return np.broadcast_to(self.z(self.epoch), y.shape).astype(float)

    def predict(self, layers, x, activation):
        return np.broadcast_to(self.z(self.epoch), (len(x), 1, x.shape[-1])).astype(float)


def train(network=stacked, sizes=(6, 5), set_numbers=(0, 1, 1), rates=0.1, **stop):
    networks = [draw_layers(np.random.default_rng(f), 2, (3,), "glorot") for f in set_numbers]
    return training.train(
        network,
        stack_layers(networks),
        side_by_side(random_sets(*sizes)),
        side_by_side(random_sets(4, 3)),
        np.array(set_numbers),
        rates=np.broadcast_to(np.array(rates), len(set_numbers)),
        generators=[np.random.default_rng(s) for s in range(len(sizes))],
        method=Method("sigmoid", "cross_entropy"),
        stop=StopCondition(len(set_numbers), **stop),
    )


# The stop condition


def test_the_learning_rate_of_a_network_is_0_once_it_has_ended():
    # The cost of the first network stops falling after epoch 2, that of the others never does.
    class Falling(Scripted):
        def train_epoch(self, layers, x, y, eta, *options):
            z = super().train_epoch(layers, x, y, eta, *options)
            sign = np.where(y == 1, 1, -1)
            z[:] = sign * self.epoch
            z[..., 0] = (sign * min(self.epoch, 2))[..., 0]
            return z

        def predict(self, layers, x, activation):
            return np.zeros((len(x), 1, x.shape[-1]))

    network = Falling(lambda epoch: 0)
    result = train(network, epochs=10, patience=3)
    assert result.last_epoch.tolist() == [5, 10, 10]
    rates = np.array(network.eta)
    assert (rates[:5, :, 0] == 0.1).all()
    assert (rates[5:, :, 0] == 0).all()
    assert (rates[:, :5, 1:] == 0.1).all()
    assert (rates[:, 5:, 1:] == 0).all()  # padding


# Learning curves


@pytest.mark.parametrize("epochs", [1, 7, 100, 101, 500, 12345])
def test_learning_curves_have_the_first_and_the_last_epoch(epochs):
    points = LearningCurves(2, epochs).epochs
    assert (points[0], points[-1]) == (1, epochs)
    assert len(points) == min(epochs, training.CURVE_POINTS)
    assert (np.diff(points) > 0).all()


def test_learning_curves_are_denser_at_the_beginning():
    points = LearningCurves(2, 500).epochs
    assert points[:9].tolist() == [1, 2, 3, 4, 5, 7, 8, 9, 11]  # 1 + k + floor(400 k^2 / 99^2)
    assert points[-3:].tolist() == [482, 490, 500]


# Status


@pytest.mark.parametrize(
    ("z", "options", "status"),
    [
        (lambda epoch: np.arange(6)[:, None, None] - 2.5, {}, "epochs"),
        (lambda epoch: np.arange(6)[:, None, None] - 2.5, {"patience": 2}, "no_progress"),
        (lambda epoch: 1.0, {"patience": 2}, "unlearned"),
        (lambda epoch: math.nan, {}, "diverged"),
        (lambda epoch: math.inf, {}, "diverged"),
    ],
)
def test_the_status_says_how_training_ended(z, options, status):
    class Fitting(Scripted):
        def predict(self, layers, x, activation):
            return np.broadcast_to(self.z(self.epoch), (6, 1, x.shape[-1]))[: len(x)].astype(float)

    result = train(Fitting(z), sizes=(6, 6), epochs=5, **options)
    assert result.status.tolist() == [status] * 3
    assert np.isnan(result.probabilities).all() == (status == "diverged")


@pytest.mark.parametrize(
    ("probabilities", "status"),
    [([0.49, 0.01, 0.49, 0.5, 0.1], "unlearned"), ([0.51, 0.52, 0.51, 0.49, 0.5], "epochs")],
)
def test_a_network_has_not_learned_if_it_predicts_one_class_whatever_the_probabilities(
    probabilities, status
):
    probabilities = np.array(probabilities)

    class Flat(Scripted):
        def predict(self, layers, x, activation):
            # The sixth sample does not count for two of the networks, where it is padding.
            z = np.append(np.log(probabilities / (1 - probabilities)), 9.0)[: len(x)]
            return np.broadcast_to(z[:, None, None], (len(x), 1, x.shape[-1])).copy()

    result = train(Flat(lambda epoch: 0.0), epochs=1)
    assert result.status.tolist() == ["epochs", status, status]


@pytest.mark.parametrize(("size", "status"), [(1e15, "epochs"), (1e16, "diverged")])
@pytest.mark.parametrize("patience", [None, 1])
def test_a_network_has_diverged_if_adding_1_to_a_parameter_changes_nothing(size, status, patience):
    assert (size + 1 != size) == (status == "epochs")

    class Growing(Scripted):
        def train_epoch(self, layers, *arguments):
            layers[0][0][0, 0, 1] = -size
            return super().train_epoch(layers, *arguments)

        def predict(self, layers, x, activation):
            return np.broadcast_to(np.arange(len(x))[:, None, None] - 1.0, (len(x), 1, 3)).copy()

    result = train(Growing(lambda epoch: 0.0), epochs=3, patience=patience)
    others = "epochs" if patience is None else "no_progress"
    expected = others if status == "epochs" else "diverged"
    assert result.status.tolist() == [others, expected, others]


def test_a_network_of_several_outputs_predicts_the_class_with_the_largest():
    real = np.array([[True, True], [True, True], [True, False]])
    p = np.array([[0.1, 0.4, 0.5], [0.2, 0.35, 0.45], [0.2, 0.7, 0.1]])  # the last predicts another
    p = np.stack([p, p], axis=-1)
    for blocks in ([slice(3)], [slice(1), slice(1, 3)]):
        one_class = training.predicts_one_class((p[block], real[block]) for block in blocks)
        assert one_class.tolist() == [False, True]


def test_no_more_is_predicted_once_every_network_has_predicted_two_classes():
    real, blocks = np.ones((2, 2), dtype=bool), []
    for p in ([[0.1, 0.9], [0.1, 0.2]], [[0.9, 0.9], [0.8, 0.1]], [[0.7, 0.1], [0.1, 0.7]]):
        blocks.append((np.array(p)[:, np.newaxis], real))
    left = iter(blocks)
    assert not training.predicts_one_class(left).any()
    assert next(left) is blocks[2]


def mean_cost(block, z, cost):
    mean = training.MeanCost(cost)
    mean.add(z, block)
    return mean.value()


def test_the_mean_cost_is_of_the_sums_over_the_outputs_of_real_samples():
    sets = [(np.zeros((2, 1)), np.array([0, 2])), (np.zeros((1, 1)), np.array([1]))]
    z = np.log([[[3.0, 1], [1, 3], [1, 1]], [[1, 9], [1, 9], [2, 9]]])
    block = block_of(sets, 3)
    expected = [-(math.log(3 / 5) + math.log(2 / 4)) / 2, -math.log(3 / 5)]
    np.testing.assert_allclose(mean_cost(block, z, "cross_entropy"), expected, rtol=1e-14)
    # The sigmoid of log(a) is a / (a + 1).
    first = ((3 / 4 - 1) ** 2 + 2 * (1 / 2) ** 2) / 2, (2 * (1 / 2) ** 2 + (2 / 3 - 1) ** 2) / 2
    expected = [sum(first) / 2, (2 * (1 / 2) ** 2 + (3 / 4 - 1) ** 2) / 2]
    np.testing.assert_allclose(mean_cost(block, z, "squared_error"), expected, rtol=1e-14)


# The loop


def test_progress_is_logged_every_ten_seconds(monkeypatch, caplog):
    ticks = itertools.count(0.0, 4.0)
    monkeypatch.setattr(training.time, "perf_counter", lambda: next(ticks))
    with caplog.at_level(logging.INFO):
        train(epochs=7)
    assert caplog.messages == [
        "epoch 3 of 7, 3 of 3 networks still training",
        "epoch 6 of 7, 3 of 3 networks still training",
    ]

"""Steps from the same parameters: each mistake is found, and no sound network is suspected."""

import dataclasses

import lecture
import numpy as np
import pytest

from backprop.models.networks import train_fits
from backprop.network import autodiff, lockstep, plain, stacked
from backprop.network.optimisers import OPTIMISERS
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of


def thinned(data):
    return dataclasses.replace(data, x=data.x[::4], y=data.y[::4])


EX4, IRIS = thinned(lecture.EX4), thinned(lecture.IRIS)
ROWS = 16  # of EX4 in a training set
SPLITS = {
    data.label: splits_of(draw_folds(data.y, folds=5, repeats=2, seed=1)) for data in (EX4, IRIS)
}
BASE = Configuration.of_network((4,), "sigmoid", "squared_error", 0.5, "uniform", 1, 0.01)


def changed(**values):
    return BASE.changed(**values)


LEARNING = {
    "reference": BASE,
    "batches": changed(batch_size=7),
    "relu": changed(hidden=(5,), activation="relu", initialisation="glorot"),
    "deep": changed(hidden=(5, 3), activation="tanh", cost="cross_entropy", learning_rate=0.1),
    "chaotic": changed(
        hidden=(8, 8), activation="tanh", cost="cross_entropy", learning_rate=1.0,
        initialisation="glorot",
    ),
    "deep, batches": changed(
        hidden=(5, 3), activation="tanh", batch_size=8, initialisation="glorot", learning_rate=1.0
    ),
    "momentum": changed(optimiser="momentum", learning_rate=0.1),
    "Adam": changed(optimiser="adam", learning_rate=0.01, activation="tanh", batch_size=4),
}  # fmt: skip


# Each mistake changes what a right step would do by a share f: of its inputs (x, y, eta, l2), or of
# the parameters after it. Parameters are those of a layer: weights, thresholds.


def of_step(choose):
    """Return a mistake in the steps of the parameters that `choose` picks from all layers."""

    def mistake(before, after, f):
        for one, other in zip(choose(before), choose(after), strict=True):
            other += f * (other - one)

    return mistake


def weights_of(place):
    return of_step(lambda layers: [layers[place][0]])


def thresholds_of(place):
    return of_step(lambda layers: [layers[place][1]])


def decayed_thresholds(before, after, f):
    for _, new in after:
        new -= f * 0.01 * new


INPUTS = {
    "the rate": lambda x, y, eta, l2, f: (x, y, eta * (1 + f), l2),
    "the rate of the first sample": lambda x, y, eta, l2, f: (
        x, y, eta * (1 + f * (np.arange(len(eta)) == 0))[:, np.newaxis], l2
    ),
    "the rate of the last batch": lambda x, y, eta, l2, f: (
        x, y, eta * (1 + f * (np.arange(len(eta)) >= len(eta) - 2))[:, np.newaxis], l2
    ),
    "the inputs": lambda x, y, eta, l2, f: (x * (1 + f), y, eta, l2),
    "the first input": lambda x, y, eta, l2, f: (
        x * (1 + f * (np.arange(x.shape[1]) == 0))[:, np.newaxis], y, eta, l2
    ),
    "the targets": lambda x, y, eta, l2, f: (x, y * (1 - f), eta, l2),
    "weight decay": lambda x, y, eta, l2, f: (x, y, eta, l2 * (1 + f)),
}  # fmt: skip
OUTCOMES = {
    "all weights": of_step(lambda layers: [weights for weights, _ in layers]),
    "all thresholds": of_step(lambda layers: [thresholds for _, thresholds in layers]),
    "weights of the first layer": weights_of(0),
    "weights of the last layer": weights_of(-1),
    "thresholds of the first layer": thresholds_of(0),
    "thresholds of the last layer": thresholds_of(-1),
    "one node": of_step(lambda layers: [layers[0][0][:, 1], layers[0][1][1]]),
    "one weight": of_step(lambda layers: [layers[-1][0][0, 0]]),
    "decayed thresholds": decayed_thresholds,
}


class Faulty:
    """The stack, with a mistake from some epoch on."""

    def __init__(self, mistake, f, rows, from_epoch=1):
        self.mistake, self.f, self.rows, self.from_epoch = mistake, f, rows, from_epoch
        self.epoch = 0

    def train_epoch(self, layers, x, y, eta, method):
        self.epoch += len(x) == self.rows  # an epoch, not an update that is followed
        f = self.f if self.epoch >= self.from_epoch else 0.0
        if self.mistake in INPUTS:
            x, y, eta, l2 = INPUTS[self.mistake](x, y, eta, method.l2, f)
            method = method._replace(l2=l2)
        before = [(weights.copy(), thresholds.copy()) for weights, thresholds in layers]
        z = stacked.train_epoch(layers, x, y, eta, method)
        if self.mistake in OUTCOMES:
            OUTCOMES[self.mistake](before, layers, f)
        return z * (1 + f * (self.mistake == "z"))

    def predict(self, layers, x, activation):
        return stacked.predict(layers, x, activation)


def compare(network, configuration, data=EX4, epochs=4, splits=3):
    pairs = [(configuration, split) for split in SPLITS[data.label][:splits]]
    return train_fits(network, pairs, data, seed=1, epochs=epochs, is_checked=True)


MISTAKES = [*INPUTS, *OUTCOMES, "z"]


@pytest.mark.parametrize(
    ("mistake", "from_epoch", "f"),
    [
        *((mistake, 4, 1e-6) for mistake in MISTAKES),
        *(
            # In the first epoch, those of the next tests are found.
            pytest.param(mistake, 1, 1e-6, marks=pytest.mark.thorough) for mistake in MISTAKES
        ),
        ("the rate", 1, 1e-3), ("one weight", 4, 1e-3),
    ],
)  # fmt: skip
def test_a_mistake_of_a_millionth_is_found_in_every_fit_from_its_epoch_on(mistake, from_epoch, f):
    for name, configuration in LEARNING.items():
        fits = compare(Faulty(mistake, f, ROWS, from_epoch), configuration)
        assert [fit.step_epoch for fit in fits] == [from_epoch] * 3, name
        assert min(fit.step_ratio for fit in fits) > 10, name


class FromTheStart:
    """The stack, but a batch's gradients are taken where the epoch began, by a share f."""

    predict = staticmethod(stacked.predict)

    def __init__(self, f):
        self.f = f

    def train_epoch(self, layers, x, y, eta, method):
        stale = [(weights.copy(), thresholds.copy()) for weights, thresholds in layers]
        old = method.memory and method.memory.copy()
        z = stacked.train_epoch(layers, x, y, eta, method)
        stacked.train_epoch(stale, x, y, eta, method._replace(batch_size=len(x), memory=old))
        for right, wrong in zip(layers, stale, strict=True):
            for one, other in zip(right, wrong, strict=True):
                one += self.f * (other - one)
        return z


@pytest.mark.parametrize("f", [1e-6, 1.0])
def test_a_mistake_that_no_single_update_shows_is_found_in_the_whole_epoch(f):
    for name, configuration in LEARNING.items():
        fits = compare(FromTheStart(f), configuration)
        assert [fit.step_epoch for fit in fits] == [1, 1, 1], name


def test_a_network_that_becomes_nan_is_found():
    class Broken(Faulty):
        def train_epoch(self, layers, *arguments):
            z = stacked.train_epoch(layers, *arguments)
            layers[0][0][0, 0] = np.nan
            return z

    assert [fit.step_epoch for fit in compare(Broken("", 0.0, ROWS), BASE)] == [1, 1, 1]


def test_networks_that_diverge_are_not_suspected():
    diverging = changed(activation="relu", learning_rate=1e6, cost="cross_entropy", hidden=(3, 3))
    fits = compare(autodiff, diverging, epochs=30)
    assert {fit.status for fit in fits} == {"diverged"}
    assert max(fit.step_ratio for fit in fits) <= 1


def drawn(generator, optimiser):
    """Draw a shape."""
    return changed(
        hidden=tuple(generator.integers(1, 9, generator.integers(1, 4)).tolist()),
        activation=str(generator.choice(["sigmoid", "tanh", "relu"])),
        cost=str(generator.choice(["squared_error", "cross_entropy"])),
        batch_size=int(generator.choice([1, 1, 5, 16])),
        optimiser=optimiser,
    )


@pytest.mark.parametrize("data", [EX4, IRIS], ids=["one output", "three outputs"])
def test_sound_fits_of_drawn_configurations_are_not_suspected(data, thorough):
    """Of 10,200 fits on a schedule; for each change, of 400, by one optimiser for each data set."""
    generator = np.random.default_rng(len(data.classes) + 1)
    splits = SPLITS[data.label]
    one = "sgd" if data is EX4 else "adam"
    for optimiser in OPTIMISERS if thorough else [one]:  # each is compiled
        shape = drawn(generator, optimiser)
        pairs = [
            (
                shape.changed(
                    learning_rate=float(10 ** generator.uniform(-3, 1)),
                    initialisation=str(generator.choice(["uniform", "glorot"])),
                    l2=float(generator.choice([0.0, 1e-3, 0.1])),
                ),
                splits[number % len(splits)],
            )
            for number in range(1700 if thorough else 200)
        ]
        fits = train_fits(autodiff, pairs, data, seed=2, epochs=5, is_checked=True)
        assert max(fit.step_ratio for fit in fits) <= 1, shape.name


@pytest.mark.parametrize(
    ("network", "names"),
    [
        (plain, ("reference", "chaotic", "deep, batches", "Adam")),
        (autodiff, ("Adam",)),
        pytest.param(autodiff, ("chaotic",), marks=pytest.mark.thorough),  # seconds to compile
    ],
)
def test_sound_networks_keep_to_the_bound_of_each_update(network, names, monkeypatch):
    monkeypatch.setattr(lockstep, "_roundings", lambda layers, batch_size: 1e-9)  # follow all
    for name in names:
        fits = compare(network, LEARNING[name])
        ratios = [fit.step_ratio for fit in fits]
        assert 0 < max(ratios) < 0.5, name


def test_the_comparison_changes_no_bit_of_a_fit_and_knows_the_start_of_the_stack():
    fits = compare(plain, BASE)
    pairs = [(BASE, split) for split in SPLITS[EX4.label][:3]]
    for one, other in zip(fits, train_fits(plain, pairs, EX4, seed=1, epochs=4), strict=True):
        for name in ("parameters", "probabilities", "train_cost", "test_cost"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        assert other.step_ratio is None
    scratch = train_fits(stacked, pairs, EX4, seed=1, epochs=4)
    assert [fit.start_cost for fit in fits] == [fit.train_cost[0] for fit in scratch]


def test_large_tables_are_compared_block_by_block(monkeypatch):
    monkeypatch.setattr("backprop.network.samples.BLOCK_FLOATS", 50)
    sound = compare(plain, BASE)
    assert max(fit.step_ratio for fit in sound) <= 1
    scratch = train_fits(stacked, [(BASE, SPLITS[EX4.label][0])], EX4, seed=1, epochs=4)
    assert sound[0].start_cost == scratch[0].train_cost[0]
    assert [fit.step_epoch for fit in compare(Faulty("the rate", 1e-6, 5), BASE)] == [1, 1, 1]

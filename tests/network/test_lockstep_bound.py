"""The bound of the lockstep, from below and above: what is within it passes, what is beyond fails.

Most tests take 1e-10 for the unit of rounding: so large errors can be added, and added up, exactly.
"""

from itertools import cycle, pairwise, product

import numpy as np
import pytest
from scipy.special import expit, softmax

from backprop.network import lockstep, stacked
from backprop.network.lockstep import CheckedUpdate, Lockstep
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import Layer, copy_layers, map_layers
from backprop.network.samples import Samples

WIDE = 1e-10
ROWS, NETWORKS = 7, 3
CONSTANTS = Constants(0.9, 0.8, 0.95, 1e-3)
KINDS = [*product(["sigmoid", "tanh", "relu"], ["squared_error", "cross_entropy"], [1, 3])]


@pytest.fixture
def wide(monkeypatch):
    """Round to ten digits."""
    monkeypatch.setattr(lockstep, "UNIT", WIDE)


def drawn(activation, cost, outputs, optimiser, batch_size=1, hidden=(4, 3)):
    """Draw a stack of networks in training: its layers, its samples and how it is trained."""
    generator = np.random.default_rng(1)
    sizes = (2, *hidden, outputs)
    layers = [
        (generator.uniform(0.2, 0.9, (d, q, NETWORKS)) * generator.choice([-1, 1], (d, q, 1)),
         generator.uniform(0.2, 0.9, (q, NETWORKS)))
        for d, q in pairwise(sizes)
    ]  # fmt: skip
    x = generator.normal(size=(ROWS, 2, NETWORKS))
    y = np.eye(max(2, outputs))[generator.integers(0, max(2, outputs), (ROWS, NETWORKS))]
    y = np.ascontiguousarray(y.transpose(0, 2, 1)[:, :outputs])
    memory = Memory.of(optimiser, layers, CONSTANTS)
    if memory:
        slots = [
            map_layers(lambda a: generator.uniform(0.1, 0.2, a.shape), s) for s in memory.slots
        ]
        memory = Memory(optimiser, memory.constants, slots, memory.updates + 3)
    eta = np.full((ROWS, NETWORKS), 0.3 / batch_size)
    return layers, x, y, eta, Method(activation, cost, batch_size, np.full(NETWORKS, 0.01), memory)


# The error analysis of an update of one network, in derivatives: by hand


def slope(activation, b):
    return {"sigmoid": b * (1 - b), "tanh": 1 - b**2, "relu": 1.0 * (b > 0)}[activation]


def moved_slope(activation, b, d_b):
    """Return how far a slope can be moved, which is a function of the output b of its node."""
    by_output = {"sigmoid": np.abs(1 - 2 * b), "tanh": 2 * np.abs(b), "relu": 0 * b}[activation]
    return by_output * d_b + 8 * WIDE * slope(activation, b)


def by_hand(layers, deviations, x, y, shares, activation, cost):
    """Return how far the sums z of a batch can be moved; each gradient, its size, and its error."""
    every = [[[np.zeros(a.shape) for _ in range(3)] for a in layer] for layer in layers]
    moved_z = []
    for k, share in enumerate(shares):
        below = [(x[k], np.zeros(x[k].shape))]
        for (w, t), (d_w, d_t) in zip(layers, deviations, strict=True):
            b, d_b = below[-1]
            a, size = b @ w + t, np.abs(b) @ np.abs(w) + np.abs(t)
            d_a = np.abs(b) @ d_w + d_b @ (np.abs(w) + d_w) + d_t + (len(w) + 1) * WIDE * size
            new = {"sigmoid": expit, "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}
            b = new[activation](a)
            below.append((b, slope(activation, b) * d_a + 8 * WIDE * np.abs(b)))
        p, jacobian = expit(a), np.diag(expit(a) * (1 - expit(a)))
        if cost == "cross_entropy" and a.size > 1:
            p, jacobian = softmax(a), np.diag(softmax(a)) - np.outer(softmax(a), softmax(a))
        d_p = np.abs(jacobian) @ d_a + (8 + a.size) * WIDE * p
        moved_z.append(d_a)
        e, by_p = p - y[k], np.ones(p.shape)
        if cost == "squared_error":
            e, by_p = (p - y[k]) * p * (1 - p), p * (1 - p) + (p - y[k]) * (1 - 2 * p)
        d_e = np.abs(by_p) * d_p + 8 * WIDE * np.abs(e)
        for place in reversed(range(len(layers))):
            (w, _), (d_w, _), (b, d_b) = layers[place], deviations[place], below[place]
            far = np.outer(np.abs(b), d_e) + np.outer(d_b, np.abs(e) + d_e)
            own = ((np.outer(b, e), np.outer(np.abs(b), np.abs(e)), far), (e, np.abs(e), d_e))
            for sums, parts in zip(every[place], own, strict=True):
                for total, part in zip(sums, parts, strict=True):
                    total += share * part
            size, s, d_s = np.abs(w) @ np.abs(e), slope(activation, b), 0.0
            d_size = (np.abs(w) + d_w) @ d_e + d_w @ np.abs(e) + (len(e) + 1) * WIDE * size
            if place:
                d_s = moved_slope(activation, b, d_b)
            e, d_e = (w @ e) * s, d_size * (np.abs(s) + d_s) + size * d_s
    return np.array(moved_z), every


def after_step(optimiser, rate, decay, batch_size, old, moved_old, t, g, size, moved):
    """Return how far a parameter and its slots can be moved by a step; arrays of one parameter."""
    (p, *slots), (d_p, *d_slots) = old, moved_old
    roundings, c = (batch_size + 4) * WIDE, CONSTANTS
    if optimiser == "sgd":
        kept = np.abs(1 - decay * rate)
        of_step = rate * moved + roundings * (rate * size + (1 + decay * rate) * np.abs(p))
        return [d_p * kept + of_step]
    g = g + decay * p
    d_g = moved + decay * d_p + roundings * (size + decay * np.abs(p)) + 8 * WIDE * np.abs(g)
    far = [d + 8 * WIDE * np.abs(slot) for slot, d in zip(slots, d_slots, strict=True)]
    if optimiser == "momentum":
        (u,) = slots
        direction = c.momentum * u + g
        d_direction = 8 * WIDE * (np.abs(direction) + np.abs(c.momentum * u))
        d_direction = d_direction + c.momentum * far[0] + d_g
        d_after = [d_direction]
    else:
        b_1, b_2, (m, s) = c.beta_1, c.beta_2, slots
        new_m, new_s = b_1 * m + (1 - b_1) * g, b_2 * s + (1 - b_2) * g**2
        root = np.sqrt(new_s)
        bottom, k = root + c.epsilon, np.sqrt(1 - b_2**t) / (1 - b_1**t)
        direction = k * new_m / bottom
        by_g = k * (1 - b_1) / bottom - direction * (1 - b_2) * g / (bottom * root)
        by_s = direction * b_2 / (2 * bottom * root)
        by_constants = (
            b_1 * (k * (m - g) / bottom + direction * t * b_1 ** (t - 1) / (1 - b_1**t))
            - b_2 * direction * t * b_2 ** (t - 1) / (2 * (1 - b_2**t))
            - b_2 * direction * (s - g**2) / (2 * bottom * root)
            - c.epsilon * direction / bottom
        )
        d_direction = np.abs(by_g) * d_g + k * b_1 / bottom * far[0] + np.abs(by_s) * far[1]
        d_direction += 8 * WIDE * (np.abs(direction) + np.abs(by_constants))
        of_m = 8 * WIDE * (np.abs(new_m) + b_1 * np.abs(m - g))
        of_s = 8 * WIDE * (new_s + b_2 * np.abs(s - g**2))
        d_after = [
            of_m + (1 - b_1) * d_g + b_1 * far[0],
            of_s + 2 * (1 - b_2) * np.abs(g) * d_g + b_2 * far[1],
        ]
    return [d_p + rate * d_direction + 4 * WIDE * (rate * np.abs(direction) + np.abs(p)), *d_after]


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize(("activation", "cost", "outputs"), KINDS)
def test_the_bound_of_an_update_is_the_error_analysis_by_hand(
    activation, cost, outputs, optimiser, wide
):
    for batch_size in (1, 2):
        layers, x, y, eta, method = drawn(activation, cost, outputs, optimiser, batch_size)
        x, y, eta, memory = x[:batch_size], y[:batch_size], eta[:batch_size], method.memory
        every = [layers, *(memory.slots if memory else [])]
        flat: list[Layer] = [layer for each in every for layer in each]
        moved = map_layers(lambda a: WIDE * np.linspace(0, 40, a.size).reshape(a.shape), flat)
        bounds, bounds_of_z = CheckedUpdate(layers, moved, x, y, eta, method).propagate()

        (w, t), (d_w, d_t) = ([*zip(*each, strict=True)] for each in (flat, moved))
        own = [(a[..., 1], b[..., 1]) for a, b in zip(w, t, strict=True)]
        d_own = [(a[..., 1], b[..., 1]) for a, b in zip(d_w, d_t, strict=True)]
        number = len(layers)
        expected_z, gradients = by_hand(
            own[:number], d_own[:number], x[..., 1], y[..., 1], [1 / batch_size] * batch_size,
            activation, cost,
        )  # fmt: skip
        np.testing.assert_allclose(bounds_of_z[..., 1], expected_z, rtol=1e-4)
        for place, kind in product(range(number), range(2)):
            expected = after_step(
                optimiser, 0.3, 0.0 if kind else 0.01, batch_size,
                [layer[kind] for layer in own[place::number]],
                [layer[kind] for layer in d_own[place::number]], 4, *gradients[place][kind],
            )  # fmt: skip
            computed = [layer[kind][..., 1] for layer in bounds[place::number]]
            for one, other in zip(computed, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-4)


def test_the_unit_is_a_rounding_of_a_number_in_float64():
    assert lockstep.UNIT == 2.0**-53
    assert 1.0 + 1.0001 * lockstep.UNIT > 1.0 == 1.0 + lockstep.UNIT


# Errors that are put in


class Off:
    """The stack, but one number of network 1 is off after a call with so many samples."""

    def __init__(self, rows, call, place, error):
        self.rows, self.call, self.place, self.error, self.calls = rows, call, place, error, 0

    def train_epoch(self, layers, x, y, eta, method):
        z = stacked.train_epoch(layers, x, y, eta, method)
        self.calls += len(x) == self.rows
        if len(x) == self.rows and self.calls == self.call:
            slots = method.memory.arrays() if method.memory else []
            arrays = [*(array for layer in layers for array in layer), *slots, z]
            arrays[self.place][..., 1].flat[-1] += self.error
        if len(x) == ROWS:
            z *= 1.0 + 2.0**-52  # as if it rounded otherwise; so it can be followed
        return z

    def predict(self, layers, x, activation):
        z = stacked.predict(layers, x, activation)
        z[..., 1].flat[-1] += self.error * (self.rows == 0)
        return z


def compared(study, rows, call, place, error, epochs=1):
    """Return the ratio of a network that is off, and from which epoch on it is wrong."""
    layers, x, y, eta, method = study
    layers, memory = copy_layers(layers), method.memory and method.memory.copy()
    check = Lockstep(Off(rows, call, place, error), NETWORKS, method.activation, method.cost)
    samples = Samples(x, y, np.ones((len(x), NETWORKS), dtype=bool))
    for epoch in range(1, epochs + 1):
        check.train_epoch(epoch, layers, samples, eta, method._replace(memory=memory))
    check.compare_predictions(layers, x, np.full(NETWORKS, epochs))
    assert max(check.findings(f)["step_ratio"] for f in (0, 2)) < 0.1
    return check.findings(1)["step_ratio"], check.findings(1)["step_epoch"]


def bounds_of(study, start, updates):
    """Return the bounds of some updates from the same parameters, and of z in the last one."""
    layers, x, y, eta, method = study
    layers, memory = copy_layers(layers), method.memory and method.memory.copy()
    method, size = method._replace(memory=memory), method.batch_size
    if start:
        stacked.train_epoch(layers, x[:start], y[:start], eta[:start], method)
    slots = memory.slots if memory else []
    moved = map_layers(np.zeros_like, [layer for each in (layers, *slots) for layer in each])
    for at in range(start, start + updates * size, size):
        batch = slice(at, at + size)
        samples = x[batch], y[batch], eta[batch]
        moved, moved_z = CheckedUpdate(layers, moved, *samples, method).propagate()
        stacked.train_epoch(layers, *samples, method)
    return [*(array for layer in moved for array in layer), moved_z]


EXAMPLES = {
    "sigmoid": drawn("sigmoid", "squared_error", 1, "sgd"),
    "tanh, momentum": drawn("tanh", "cross_entropy", 3, "momentum", hidden=(3,)),
    "relu, Adam": drawn("relu", "cross_entropy", 1, "adam", hidden=(3,)),
}
SHARES = [0.3, 3, 30]  # of the bound


def agree(result, share, epoch=1):
    """Check that an error is found if it is beyond the bound, and only then."""
    ratio, first = result
    assert ratio == pytest.approx(share, rel=1e-3)
    assert first == (epoch if share > 1 else 0)


@pytest.fixture
def followed(wide, monkeypatch):
    """Follow each epoch update by update."""
    monkeypatch.setattr(lockstep, "_roundings", lambda layers, batch_size: 1e-9)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("study", EXAMPLES.values(), ids=EXAMPLES)
def test_an_error_in_two_updates_is_found_if_it_is_beyond_twice_their_bound(study, share, followed):
    """Windows are of samples 0-1, 2-3, 4-5 and 6. Each array is off in one of them."""
    windows = {(2, 1): bounds_of(study, 0, 2), (2, 3): bounds_of(study, 4, 2)}
    windows[1, 1] = bounds_of(study, 6, 1)
    for place, (call, bounds) in zip(range(len(bounds_of(study, 0, 1))), cycle(windows.items())):
        error = share * 2 * bounds[place][..., 1].flat[-1]
        agree(compared(study, *call, place, error), share)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("study", EXAMPLES.values(), ids=EXAMPLES)
def test_an_error_in_a_whole_epoch_is_found_if_it_is_beyond_twice_its_bound(study, share, followed):
    for place, bound in enumerate(bounds_of(study, 0, ROWS)):
        error = share * 2 * bound[..., 1].flat[-1]
        agree(compared(study, ROWS, 1, place, error), share)


@pytest.mark.parametrize("share", SHARES)
def test_an_error_in_the_first_a_middle_or_the_last_epoch_is_found_there(share, followed):
    layers, x, y, eta, method = EXAMPLES["relu, Adam"]
    layers, memory = copy_layers(layers), method.memory.copy()
    for epoch in (1, 2, 3):
        method = method._replace(memory=memory)
        bound = bounds_of((layers, x, y, eta, method), 0, ROWS)[2][..., 1].flat[-1]
        result = compared(EXAMPLES["relu, Adam"], ROWS, epoch, 2, share * 2 * bound, epochs=3)
        # Later epochs begin where the network is, so that they are sound.
        agree(result, share, epoch)
        stacked.train_epoch(layers, x, y, eta, method)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("study", EXAMPLES.values(), ids=EXAMPLES)
def test_an_error_in_predictions_is_found_if_it_is_beyond_twice_their_bound(study, share, wide):
    layers, x, y, eta, method = study
    layers, memory = copy_layers(layers), method.memory and method.memory.copy()
    stacked.train_epoch(layers, x, y, eta, method._replace(memory=memory))
    own = [(w[..., 1], t[..., 1]) for w, t in layers]
    none = [(0 * w, 0 * t) for w, t in own]
    z, _ = by_hand(own, none, x[-1:, :, 1], y[-1:, :, 1], [1.0], method.activation, method.cost)
    agree(compared(study, 0, 0, 0, share * 2 * z[0, -1]), share)


@pytest.mark.parametrize(
    ("batch_size", "roundings"),
    # Updates; of each layer inputs, nodes and 16 for a function; the samples of a batch.
    [(1, 7 * (2 + 4 + 16 + 4 + 1 + 16 + 1)), (7, 1 * (2 + 4 + 16 + 4 + 1 + 16 + 7))],
)
@pytest.mark.parametrize("size", [1, 8])  # of the number that is off
def test_a_whole_epoch_is_followed_if_it_differs_by_more_than_a_rounding_for_each_operation(
    size, batch_size, roundings
):
    layers, x, y, eta, method = drawn("sigmoid", "squared_error", 1, "sgd", batch_size, hidden=(4,))
    threshold = layers[1][1]
    threshold[:, 1] *= size
    after = copy_layers(layers)
    stacked.train_epoch(after, x, y, eta, method)
    bar = roundings * 2.0**-53 * max(1.0, after[1][1][0, 1])
    for share in (0.3, 0.9):  # nothing else is computed
        ratio, first = compared((layers, x, y, eta, method), ROWS, 1, 3, share * bar)
        assert (ratio, first) == (pytest.approx(share, rel=0.06), 0)
    for share in (3, 30):
        ratio, first = compared((layers, x, y, eta, method), ROWS, 1, 3, share * bar)
        assert (ratio > 1, first) == (True, 1)


def test_a_number_that_is_0_may_differ_by_what_a_library_takes_for_0(followed):
    study = drawn("relu", "squared_error", 1, "sgd", hidden=(2,))
    for array in study[0][0]:
        array[...] = 0.0  # a dead node: nothing moves its weights
    for share in SHARES:
        agree(compared(study, 2, 1, 0, share * 1e-290), share)

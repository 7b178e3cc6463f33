"""The cost to walk on of the live page, in Node, against NumPy: costs, gradients and walks."""

import base64
import itertools

import numpy as np
import pytest
from lecture import EX4, IRIS
from live_node import ask
from live_study import REFERENCE, changed, study

from backprop.network.optimisers import OPTIMISERS
from backprop.study.streams import stream

TINY = 1e-30  # of a complex step, whose derivative has no rounding error


def shaped(flat, shapes):
    """Return the layers of all parameters: weights before thresholds."""
    layers, at = [], 0
    for below, above in shapes:
        w = flat[at : at + below * above].reshape(below, above)
        layers.append((w, flat[at + below * above : at + (below + 1) * above]))
        at += (below + 1) * above
    assert at == len(flat)
    return layers


def cost_of(configuration, layers, x, y):
    """Return the mean cost of rows and the weight decay, also of complex parameters."""
    b = x
    for w, theta in layers[:-1]:
        a = b @ w + theta
        b = np.tanh(a) if configuration["activation"] == "tanh" else 1 / (1 + np.exp(-a))
    w, theta = layers[-1]
    z = b @ w + theta
    if configuration["cost"] == "squared_error":
        costs = 0.5 * (1 / (1 + np.exp(-z)) - y) ** 2
    elif y.shape[1] == 1:
        costs = np.log(1 + np.exp(z)) - y * z
    else:
        costs = y * (np.log(np.exp(z).sum(axis=1, keepdims=True)) - z)
    squares = sum((w**2).sum() for w, _ in layers)
    return costs.sum(axis=1).mean() + configuration["l2"] / 2 * squares


class Plane:
    """The cost on the plane that the page has drawn."""

    def __init__(self, landscape):
        self.configuration = landscape["configuration"]
        self.origin, self.axes = np.array(landscape["origin"]), np.array(landscape["axes"])
        self.x, self.y = np.array(landscape["x"]), np.array(landscape["y"])
        sizes = [self.x.shape[1], *self.configuration["hidden"], self.y.shape[1]]
        self.shapes = [*itertools.pairwise(sizes)]

    def cost(self, place):
        flat = self.origin + np.asarray(place) @ self.axes
        return cost_of(self.configuration, shaped(flat, self.shapes), self.x, self.y)

    def slope(self, place):
        steps = 1j * TINY * np.eye(2)
        return np.array([self.cost(place + step).imag / TINY for step in steps])

    def walk(self, place, optimiser, rate, beta, steps):
        """Return the places and costs of a walk, by the formulas of the optimisers."""
        at, u, m, s = np.array(place, float), np.zeros(2), np.zeros(2), np.zeros(2)
        places = [at]
        for t in range(1, steps + 1):
            g = self.slope(at)
            u = beta * u + g
            m, s = beta * m + (1 - beta) * g, 0.999 * s + 0.001 * g**2
            adam = m / (1 - beta**t) * np.sqrt(1 - 0.999**t) / (np.sqrt(s) + 1e-8)
            at = at - rate * {"sgd": g, "momentum": u, "adam": adam}[optimiser]
            places.append(at)
        return np.array(places), np.array([self.cost(each) for each in places])


CASES = {
    "squared error": (EX4, REFERENCE, None),
    "two weights": (EX4, REFERENCE, [1, 10]),
    "cross entropy with weight decay": (
        EX4, changed(activation="tanh", cost="cross_entropy", l2=0.02, hidden=(3, 2)), None,
    ),
    "three classes": (IRIS, changed(cost="cross_entropy", initialisation="glorot"), None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_costs_walks_and_ends_of_regimes_are_those_of_numpy(case):
    dataset, configuration, pair = CASES[case]
    splits, known = study(dataset, configuration)
    answer = ask("landscape", exported=known, pair=pair, optimisers=[*OPTIMISERS])
    landscape = answer["landscape"]
    plane = Plane(landscape)
    assert len(plane.x) == len(splits[0].train)
    places = np.linspace(-1, 1, 41)
    middle, half = np.array(landscape["middle"]), landscape["half"]
    costs = [plane.cost(middle + half * np.array([s, t])) for t in places[::-1] for s in places]
    np.testing.assert_allclose(answer["map"], costs, rtol=1e-11)

    walked, costs = plane.walk(landscape["start"], "momentum", 0.3, 0.9, answer["steps"])
    np.testing.assert_allclose(
        [each["at"] for each in answer["walk"]], walked, rtol=1e-7, atol=1e-9
    )
    np.testing.assert_allclose([each["cost"] for each in answer["walk"]], costs, rtol=1e-9)

    compared = 0
    for optimiser, cells in answer["cells"].items():
        for cell in cells[::3]:
            if cell["regime"] not in ("creeping", "converging"):
                continue  # rounding errors may grow
            how = optimiser, cell["rate"], cell["beta"], answer["steps"]
            _, costs = plane.walk(landscape["start"], *how)
            assert cell["cost"] == pytest.approx(costs[-1], rel=1e-6), cell
            compared += 1
    assert compared > 15


def test_the_plane_of_training_goes_to_its_end_and_to_a_random_side():
    _, known = study(EX4, REFERENCE)
    landscape = ask("landscape", exported=known, pair=None, optimisers=[])["landscape"]
    origin, (first, second) = landscape["origin"], np.array(landscape["axes"])
    end = np.frombuffer(base64.b64decode(known["fits"][0][0]["numbers"]), "<f8")
    way = end[: len(origin)] - origin
    assert landscape["end"] == pytest.approx([np.linalg.norm(way), 0])
    np.testing.assert_allclose(first, way / np.linalg.norm(way), rtol=1e-12)
    drawn = 2 * stream(1, "weights", 0, 0, 1).random(len(origin)) - 1
    side = drawn - (drawn @ first) * first
    np.testing.assert_allclose(second, side / np.linalg.norm(side), rtol=1e-9)

"""What the live page shows of a cost and its gradients, in Node, against NumPy."""

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


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def cost_of(configuration, layers, x, y, shift=None):
    """Return the mean cost of rows and the weight decay, also of complex parameters.

    `shift` is what is added to the sums of a layer from 0 on: a layer, and a number for each node.
    """
    b = x
    layers = [
        (w, theta + (shift[1] if shift and shift[0] == k else 0))
        for k, (w, theta) in enumerate(layers)
    ]
    for w, theta in layers[:-1]:
        a = b @ w + theta
        b = np.tanh(a) if configuration["activation"] == "tanh" else sigmoid(a)
    w, theta = layers[-1]
    z = b @ w + theta
    if configuration["cost"] == "squared_error":
        costs = 0.5 * (sigmoid(z) - y) ** 2
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


def numbers_of_node(values, layers, b, error, place, node):
    """Return the value and the gradient of each operation of a node, by its symbol."""
    is_last, several = place == len(layers) - 1, layers[-1][1].size > 1
    layer = f"({place + 1})" if len(layers) > 2 else ""
    below = "x" if place == 0 else "b" + (f"({place})" if len(layers) > 2 else "")
    own = (f"_{node + 1}" if several else "") if is_last else f"{layer}_{node + 1}"
    total, threshold, output = ["beta", "theta", "yhat"] if is_last else ["alpha", "gamma", "b"]
    (w, theta), numbers = layers[place], {}
    net = b[place] @ w[:, node]
    for k, value in enumerate(b[place]):
        weight = f"v{layer}_{k + 1},{node + 1}"
        if is_last:
            weight = f"w_{k + 1},{node + 1}" if several else f"w_{k + 1}"
        numbers[weight] = w[k, node], error * value
        numbers[f"{below}_{k + 1}"] = value, error * w[k, node]
        numbers[f"{weight} {below}_{k + 1}"] = w[k, node] * value, error
    numbers[total + own] = net, error
    numbers[threshold + own] = theta[node], error
    numbers[f"({total}{own} + {threshold}{own})"] = net + theta[node], error
    if not is_last or values["cost"] == "squared_error":
        value = b[place + 1][node]
        is_tanh = values["activation"] == "tanh" and not is_last
        slope = 1 - value**2 if is_tanh else value * (1 - value)
        numbers[output + own] = value, error / slope
    return numbers


@pytest.mark.parametrize("case", [name for name in CASES if name != "two weights"])
def test_values_and_gradients_of_the_operations_of_a_node_are_those_of_numpy(case):
    dataset, configuration, _ = CASES[case]
    _, known = study(dataset, configuration)
    answer = ask("operations", exported=known)
    values = {**configuration.values(), "l2": 0}
    x, y = np.array([answer["x"]]), np.array([answer["y"]])
    sizes = [x.shape[1], *values["hidden"], y.shape[1]]
    layers = shaped(np.array(answer["parameters"]), [*itertools.pairwise(sizes)])
    b = [x[0]]
    for w, theta in layers:
        a, is_last = b[-1] @ w + theta, len(b) == len(layers)
        b.append(np.tanh(a) if values["activation"] == "tanh" and not is_last else sigmoid(a))
    assert len(answer["nodes"]) == sum(sizes[1:])
    for own in answer["nodes"]:
        place, node = own["layer"] - 1, own["node"]
        step = 1j * TINY * np.eye(sizes[place + 1])[node]
        error = cost_of(values, layers, x, y, shift=(place, step)).imag / TINY
        expected = numbers_of_node(values, layers, b, error, place, node)
        expected["E"] = cost_of(values, layers, x, y), 1
        assert own["numbers"].keys() == expected.keys()
        for symbol, pair in own["numbers"].items():
            np.testing.assert_allclose(pair, expected[symbol], rtol=1e-10, atol=1e-15)

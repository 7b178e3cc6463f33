import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from processes import OF_LIBRARY, python
from silu import SILU

from backprop.network import autodiff, plain, stacked
from backprop.network.functions import ACTIVATIONS, COSTS, cost_of
from backprop.network.optimisers import Method


@pytest.mark.parametrize(
    ("outputs", "activation", "cost"),
    [*itertools.product([1], ACTIVATIONS, COSTS), *itertools.product([3], ["sigmoid"], COSTS)],
)
@pytest.mark.parametrize("large", [-800.0, 800.0])
def test_scratch_and_tensorflow_agree_where_the_exponential_overflows(
    outputs, large, activation, cost
):
    x, y = np.full((2, 1, 2), 0.3), np.zeros((2, outputs, 2))
    y[:, 0] = 1.0
    for hidden, output in ((large, 0.1), (0.2, large)):
        trained = []
        for network in (stacked, autodiff):
            layers = [
                (np.full((1, 2, 2), 0.5), np.full((2, 2), hidden)),
                (np.full((2, outputs, 2), 0.5), np.full((outputs, 2), output)),
            ]
            layers[1][1][1:] *= -1
            with np.errstate(over="ignore"):
                z = network.train_epoch(
                    layers, x, y, np.full((2, 2), 0.1), Method(activation, cost)
                )
            trained.append([z, *itertools.chain(*layers)])
        for scratch, tensorflow in zip(*trained, strict=True):
            assert np.isfinite(scratch).all()
            np.testing.assert_allclose(tensorflow, scratch, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize("cost", COSTS)
def test_scratch_and_tensorflow_agree_where_relu_has_no_derivative(cost):
    # All outputs of the first layer are 0, and so are all sums of the second.
    x, y, eta = np.ones((2, 1, 2)), np.ones((2, 1, 2)), np.full((2, 2), 0.1)
    trained = []
    for network in (stacked, autodiff):
        layers = [
            (np.full((1, 2, 2), -1.0), np.zeros((2, 2))),
            (np.full((2, 2, 2), 0.5), np.zeros((2, 2))),
            (np.full((2, 1, 2), 0.5), np.zeros((1, 2))),
        ]
        network.train_epoch(layers, x, y, eta, Method("relu", cost))
        trained.append(list(itertools.chain(*layers)))
    for scratch, tensorflow in zip(*trained, strict=True):
        np.testing.assert_allclose(tensorflow, scratch, rtol=1e-14, atol=0)


@pytest.mark.parametrize("hidden", [(4,), (4, 3)])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "silu"])
def test_back_propagation_equals_autodiff(monkeypatch, activation, cost, hidden):
    monkeypatch.setitem(ACTIVATIONS, "silu", SILU)
    generator = np.random.default_rng(len(hidden))
    layers = [
        (generator.normal(0, 0.8, (inputs, nodes)), generator.normal(0, 0.5, nodes))
        for inputs, nodes in itertools.pairwise((3, *hidden, 2))
    ]
    x, y = generator.normal(size=3), np.array([1.0, 0.0])
    weighted_sums, outputs, value, gradients = autodiff.step(layers, x, y, activation, cost)

    chosen = cost_of(cost, 2)
    sums, outputs_by_hand = plain.forward(layers, x, activation, chosen.output)
    errors = plain.errors(layers, sums, outputs_by_hand, y, activation, cost)
    np.testing.assert_allclose(value, chosen.value(np, sums[-1], y), rtol=1e-13, atol=1e-15)
    for output, by_hand in zip(outputs, outputs_by_hand[1:], strict=True):
        np.testing.assert_allclose(output, by_hand, rtol=1e-13)
    for place, (weights, thresholds) in enumerate(gradients):
        by_hand = sums[place] - layers[place][1]
        np.testing.assert_allclose(weighted_sums[place], by_hand, rtol=1e-13, atol=1e-15)
        by_hand = np.outer(outputs_by_hand[place], errors[place])
        np.testing.assert_allclose(weights, by_hand, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(thresholds, errors[place], rtol=1e-12, atol=1e-15)


def run_python(program, **environment):
    """Run a program in a new process, with TensorFlow's own defaults; return its output lines."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    environment = inherited | OF_LIBRARY | environment
    return python("-W", "error", "-c", program, env=environment).stdout.splitlines()


TRAIN = """
import sys
from pathlib import Path
import numpy as np
from backprop.network import autodiff
from backprop.network.optimisers import Method

print("keras" in sys.modules)
generator = np.random.default_rng(0)
layers = [(generator.random((2, 9, 300)), generator.random((9, 300))),
          (generator.random((9, 1, 300)), generator.random((1, 300)))]
x, y, eta = generator.random((20, 2, 300)), np.ones((20, 1, 300)), np.full((20, 300), 0.1)
z = autodiff.train_epoch(layers, x, y, eta, Method("sigmoid", "squared_error"))
print(z.tobytes().hex())
names = [task.read_text().strip() for task in Path("/proc/self/task").glob("*/comm")]
print(names.count("tf_Compute"))
"""


@pytest.fixture(scope="module")
def by_default():
    """What the program prints with the defaults."""
    return run_python(TRAIN)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc lists the threads")
def test_there_is_one_thread_unless_the_environment_says_otherwise_and_threads_change_no_bit(
    by_default,
):
    _, by_one, threads = by_default
    _, by_three, more_threads = run_python(
        TRAIN, TF_NUM_INTRAOP_THREADS="3", TF_NUM_INTEROP_THREADS="3"
    )
    assert (threads, more_threads) == ("1", "3")
    assert by_one == by_three


def test_the_import_skips_keras_without_a_warning(by_default):
    assert by_default[0] == "False"

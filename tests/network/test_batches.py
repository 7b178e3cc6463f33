"""An update for a batch of samples, and weight decay."""

import itertools

import numpy as np
import pytest
from complex_numpy import ComplexNumPy
from side_by_side import block_of
from sklearn.neural_network import MLPClassifier
from targets import draw_targets

from backprop.network import autodiff, plain, stacked
from backprop.network.functions import COSTS, cost_of, probabilities
from backprop.network.optimisers import Method
from backprop.network.parameters import draw_layers, stack_layers
from backprop.network.training import divide_rates

NETWORKS = [plain, stacked, autodiff]


def draw_network(generator, hidden, outputs, stack, features=3):
    """Draw the layers of a stack."""
    return [
        (generator.normal(0, 0.8, (i, o, stack)), generator.normal(0, 0.5, (o, stack)))
        for i, o in itertools.pairwise((features, *hidden, outputs))
    ]


def copied(layers):
    return [(weights.copy(), thresholds.copy()) for weights, thresholds in layers]


def objective(layers, x, y, cost, l2):
    """Return what an update of a batch reduces, for each network: mean cost + l2/2 sum of w^2."""
    outputs, chosen = y.shape[1], cost_of(cost, y.shape[1])
    costs = 0
    for k in range(len(x)):
        sums, _ = stacked.forward(layers, x[k].astype(layers[0][0].dtype), "sigmoid")
        costs = costs + chosen.value(ComplexNumPy(), sums[-1], y[k]).sum(axis=0) / len(x)
    assert sums[-1].shape[0] == outputs
    return costs + l2 / 2 * sum((weights**2).sum(axis=(0, 1)) for weights, _ in layers)


# TensorFlow compiles a program for each: one for each number of outputs and each cost is enough.
@pytest.mark.parametrize(
    ("network", "outputs", "cost"),
    [
        *itertools.product([plain, stacked], [1, 3], COSTS),
        (autodiff, 1, "squared_error"), (autodiff, 3, "cross_entropy"),
    ],
)  # fmt: skip
def test_the_gradient_of_a_batch_equals_numeric_derivatives(network, outputs, cost):
    generator, stack, m = np.random.default_rng(0), 3, 5
    layers = draw_network(generator, (4, 3), outputs, stack)
    x, l2 = generator.normal(size=(m, 3, stack)), np.array([0.0, 0.1, 0.5])
    y = draw_targets(generator, outputs, m, stack).swapaxes(0, 1)
    after = copied(layers)
    network.train_epoch(after, x, y, np.full((m, stack), 1 / m), Method("sigmoid", cost, m, l2))
    shifted = [
        (weights.astype(complex), thresholds.astype(complex)) for weights, thresholds in layers
    ]
    for parameters, old, new in zip(
        itertools.chain(*shifted), itertools.chain(*layers), itertools.chain(*after), strict=True
    ):
        for index in np.ndindex(parameters.shape[:-1]):
            parameters[index] += 1e-30j
            by_complex_step = objective(shifted, x, y, cost, l2).imag / 1e-30
            parameters[index] = old[index]
            written = old[index] - new[index]
            np.testing.assert_allclose(written, by_complex_step, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("network", "batch_size", "updates"),
    [
        *((network, *each) for network in (plain, stacked) for each in [(1, 60), (4, 20), (1, 1)]),
        (autodiff, 4, 20), (autodiff, 1, 1),
    ],
)  # fmt: skip
def test_no_weight_decay_is_a_weight_decay_of_0_to_the_bit(network, batch_size, updates):
    generator, stack, n = np.random.default_rng(3), 20, min(updates, 15)
    start = draw_network(generator, (6, 5), 1, stack)
    # A network that diverges: its weights are infinite at first, and NaN later.
    start[-1][0][:, :, 5], start[-1][1][:, 5] = [[0.0]] * 4 + [[np.inf]], 0.0
    x = generator.normal(size=(n, 3, stack))
    y = draw_targets(generator, 1, n, stack).swapaxes(0, 1)
    trained = []
    mixed = np.where(np.arange(stack) % 2, 0.0, 0.1)
    for l2 in (None, np.zeros(stack), mixed):
        layers = copied(start)
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(updates // -(-n // batch_size)):
                method = Method("tanh", "squared_error", batch_size, l2)
                network.train_epoch(layers, x, y, np.full((n, stack), 0.2), method)
        trained.append([p[..., 1::2] for p in itertools.chain(*layers)])
    assert np.isinf(trained[0][-2]).any() == (updates == 1)
    assert np.isfinite(trained[0][-2]).any()
    for one, zeros, others in zip(*trained, strict=True):
        np.testing.assert_array_equal(zeros, one)
        np.testing.assert_array_equal(others, one)


# Stacks


def test_a_rate_is_divided_by_the_real_samples_of_its_batch():
    real = np.ones((7, 3), dtype=bool)
    real[6, 1] = real[4:, 2] = False
    rates = divide_rates(np.array([0.6, 0.6, 1.2]), real, 3)
    assert rates.shape == (7, 3)
    expected = [0.2] * 6 + [0.6], [0.2] * 6, [0.4] * 3 + [1.2]
    for f, values in enumerate(expected):
        np.testing.assert_allclose(rates[: len(values), f], values, rtol=1e-15)
    assert np.isfinite(rates).all()


# An independent implementation


OF_SCIKIT_LEARN = [
    ("sigmoid", (6,), 3, 5, 0.04),
    ("tanh", (5, 4), 3, 8, 0.0),  # the last batch has 4 samples
    ("relu", (6,), 2, 20, 0.1),
    ("tanh", (4,), 4, 1, 0.02),
]


@pytest.mark.parametrize(
    ("network", "activation", "hidden", "classes", "batch_size", "l2"),
    [
        *((network, *each) for network in (plain, stacked) for each in OF_SCIKIT_LEARN),
        *((autodiff, *each) for each in OF_SCIKIT_LEARN[1:3]),
    ],
)
def test_training_equals_that_of_scikit_learn(network, activation, hidden, classes, batch_size, l2):
    generator, epochs, eta, n = np.random.default_rng(5), 4, 0.2, 20
    x, classes_of = generator.normal(size=(n, 3)), generator.permutation(np.arange(n) % classes)
    model = MLPClassifier(
        hidden,
        activation="logistic" if activation == "sigmoid" else activation,
        solver="sgd",
        alpha=l2 * batch_size,  # it divides by the number of samples of the batch
        batch_size=batch_size,
        learning_rate_init=eta,
        momentum=0.0,
        shuffle=False,
    )
    model.partial_fit(x, classes_of, classes=np.arange(classes))
    outputs = 1 if classes == 2 else classes
    start = draw_layers(generator, 3, hidden, "glorot", outputs)
    for (weights, thresholds), coefficients, intercepts in zip(
        start, model.coefs_, model.intercepts_, strict=True
    ):
        coefficients[...], intercepts[...] = weights, thresholds
    for _ in range(epochs):
        model.partial_fit(x, classes_of)

    layers = stack_layers([start, start])
    samples = block_of([(x, classes_of)] * 2, outputs)
    eta = divide_rates(np.full(2, eta), samples.real, batch_size)
    method = Method(activation, "cross_entropy", batch_size, np.full(2, l2))
    for _ in range(epochs):
        network.train_epoch(layers, samples.x, samples.y, eta, method)
    for (weights, thresholds), coefficients, intercepts in zip(
        layers, model.coefs_, model.intercepts_, strict=True
    ):
        np.testing.assert_allclose(weights[..., 0], coefficients, rtol=0, atol=1e-12)
        np.testing.assert_allclose(thresholds[..., 0], intercepts, rtol=0, atol=1e-12)
    p = probabilities(network.predict(layers, samples.x, activation), "cross_entropy")[..., 0]
    expected = model.predict_proba(x)
    np.testing.assert_allclose(p, expected if classes > 2 else expected[:, 1:], rtol=0, atol=1e-12)

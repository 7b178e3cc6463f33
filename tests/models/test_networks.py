import dataclasses
import itertools
import math

import numpy as np
import pytest
from lecture import EX4, IRIS
from same_bits import assert_same_bits

from backprop.data.scaling import standardise
from backprop.models import networks
from backprop.models.networks import predict, starting_layers, train_fits
from backprop.network import autodiff, plain, stacked
from backprop.network.functions import ACTIVATIONS
from backprop.network.optimisers import Constants, Memory, Method
from backprop.network.parameters import unflatten
from backprop.network.training import CURVE_POINTS
from backprop.study.configurations import Configuration, Shape
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import Split, splits_of
from backprop.study.streams import stream

SPLITS = splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1))
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
# Splits whose training rows differ in number: 13 rows in 5 folds.
ROWS = np.r_[0:7, 60:66]
FEW = dataclasses.replace(EX4, x=EX4.x[ROWS], y=EX4.y[ROWS])
UNEQUAL = splits_of(draw_folds(FEW.y, folds=5, repeats=1, seed=1))
DIVERGING = Configuration.of_network((6, 6, 6), "relu", "cross_entropy", 1e120, "glorot")


def changed(configuration, **values):
    return configuration.changed(**values)


def train(fits, dataset=EX4, network=stacked, seed=1, **options):
    return train_fits(network, fits, dataset, seed=seed, **options)


# The lecture


def flat(layers):
    return np.concatenate([np.ravel(p) for layer in layers for p in layer])


@pytest.mark.parametrize(
    ("hidden", "activation", "cost", "initialisation", "rate", "epochs"),
    [
        ((10,), "sigmoid", "squared_error", "uniform", 0.1, 300),  # the network of the lecture
        ((4, 3), "tanh", "cross_entropy", "glorot", 0.03, 60),
        ((3, 2, 3), "sigmoid", "cross_entropy", "uniform", 0.03, 60),
        ((4, 3), "relu", "squared_error", "glorot", 0.03, 60),
        ((5,), "relu", "cross_entropy", "uniform", 0.03, 60),
    ],
)
def test_the_stack_equals_the_lecture_at_any_depth(
    hidden, activation, cost, initialisation, rate, epochs
):
    configuration = Configuration.of_network(hidden, activation, cost, rate, initialisation)
    split = SPLITS[3]
    seen = EX4.x[split.train]
    x, y = (EX4.x - seen.mean(axis=0)) / seen.std(axis=0), EX4.y[:, np.newaxis]
    generator = stream(1, "order", split.repeat, split.fold)
    layers = starting_layers(configuration, 2, 1, split)
    eta = np.full(split.train.size, rate)
    for _ in range(epochs):
        order = split.train[generator.permutation(split.train.size)]
        plain.train_network(layers, x[order], y[order], eta, Method(activation, cost))
    (trained,) = train([(configuration, split)], epochs=epochs)
    np.testing.assert_allclose(trained.parameters, flat(layers), rtol=1e-12, atol=1e-12)


def test_a_fit_goes_on_from_parameters_and_a_number_of_updates_as_the_lecture_does():
    adam = changed(REFERENCE, optimiser="adam", learning_rate=0.01)
    split, generator = SPLITS[3], np.random.default_rng(1)
    seen = EX4.x[split.train]
    x, y = (EX4.x - seen.mean(axis=0)) / seen.std(axis=0), EX4.y[:, np.newaxis]
    order = split.train[stream(1, "order", *split.key).permutation(split.train.size)]
    eta, starts = np.full(split.train.size, 0.01), []
    expected = []
    for updates in (0, 7):
        starts.append((generator.normal(size=41), updates))
        layers = unflatten(starts[-1][0].copy(), 2, (10,))
        memory = Memory.of("adam", layers, Constants(**adam.constants))
        memory.updates += updates
        method = Method("sigmoid", "squared_error", memory=memory)
        plain.train_network(layers, x[order], y[order], eta, method)
        expected.append(flat(layers))
    fits = train([(adam, split)] * 2, epochs=1, starts=starts)
    for fit, parameters in zip(fits, expected, strict=True):
        np.testing.assert_allclose(fit.parameters, parameters, rtol=1e-12, atol=1e-12)


# A stack


def fits_of_every_rate_start_and_split(shape, l2):
    return [
        (
            Configuration.of_network(
                shape.hidden, shape.activation, shape.cost, rate, initialisation, shape.batch_size,
                l2,
            ),
            split,
        )
        for rate, initialisation in itertools.product((0.03, 0.3, 1.0), ("uniform", "glorot"))
        for split in UNEQUAL
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hidden", "activation", "cost", "batch_size", "l2"),
    [
        *itertools.product([(7,), (5, 3), (1,)], ACTIVATIONS, ["squared_error"], [1], [0.0]),
        ((5, 3), "sigmoid", "cross_entropy", 1, 0.0), ((20, 1), "tanh", "cross_entropy", 4, 0.03),
        ((5, 4), "tanh", "cross_entropy", 9, 0.2), ((5, 4), "tanh", "squared_error", 64, 0.0),
    ],
)  # fmt: skip
def test_a_fit_is_bit_identical_alone_and_in_any_stack(hidden, activation, cost, batch_size, l2):
    fits = fits_of_every_rate_start_and_split(Shape(hidden, activation, cost, batch_size), l2)
    options = {"epochs": 12, "dataset": FEW}
    assert len({s.train.size for s in UNEQUAL}) > 1
    together = train(fits, **options)
    for fit, expected in zip(fits, together, strict=True):
        assert_same_bits(train([fit], **options)[0], expected)
    for part in (slice(3, 6), slice(10, 27)):
        backwards = fits[part][::-1]
        for fit, expected in zip(train(backwards, **options), together[part][::-1], strict=True):
            assert_same_bits(fit, expected)


def test_fits_that_end_at_different_epochs_or_diverge_are_bit_identical_alone():
    rates = (1e-3, 0.01, 0.1, 1e120)
    fits = [(changed(DIVERGING, learning_rate=rate), s) for rate in rates for s in SPLITS[:3]]
    options = {"epochs": 25, "patience": 3, "tolerance": 1e-4}
    together = train(fits, **options)
    assert {"epochs", "diverged", "no_progress"} <= {fit.status for fit in together}
    assert len({fit.epochs for fit in together}) > 3
    for fit, expected in zip(fits, together, strict=True):
        assert_same_bits(train([fit], **options)[0], expected)
        diverged = expected.status == "diverged"
        assert expected.probabilities.shape == fit[1].test.shape
        assert np.isnan(expected.probabilities).all() == diverged
        assert np.isfinite(expected.parameters).all() != diverged


def test_a_fit_whose_cost_overflows_is_diverged_even_if_its_parameters_are_finite():
    large = Configuration.of_network((50,), "relu", "cross_entropy", 100.0, "uniform")
    trained = train([(large, s) for s in SPLITS], epochs=60)
    diverged = [fit for fit in trained if fit.status == "diverged"]
    assert any(np.isfinite(fit.parameters).all() for fit in diverged)
    for fit in trained:
        if fit.status != "diverged":
            assert np.isfinite([fit.train_cost, fit.test_cost]).all()


# Training


@pytest.mark.parametrize("tolerance", [0.0, 1e-3])
def test_patience_ends_each_fit_on_its_own(tolerance):
    rates = (0.01, 0.1, 1.0, 3.0)
    fits = [(changed(REFERENCE, learning_rate=rate), SPLITS[0]) for rate in rates]
    full = train(fits, epochs=100)
    ended = train(fits, epochs=100, patience=4, tolerance=tolerance)
    expected = []
    for fit in full:
        assert fit.curve_epochs.tolist() == list(range(1, 101))
        lowest, since, end = math.inf, 0, 100
        for epoch, cost in enumerate(fit.train_cost, 1):
            lowest, since = (cost, 0) if cost < lowest - tolerance else (lowest, since + 1)
            if since == 4:
                end = epoch
                break
        expected.append(end)
    assert [fit.epochs for fit in ended] == expected
    assert min(expected) < 100
    assert len(set(expected)) > 1
    for fit, early, epochs in zip(fits, ended, expected, strict=True):
        assert early.status == ("no_progress" if epochs < 100 else "epochs")
        stopped = train([fit], epochs=epochs)[0]
        assert early.probabilities.tobytes() == stopped.probabilities.tobytes()
        assert early.parameters.tobytes() == stopped.parameters.tobytes()
        assert early.curve_epochs.tolist() == list(range(1, epochs + 1))
        np.testing.assert_array_equal(early.train_cost, stopped.train_cost)
        np.testing.assert_array_equal(early.test_cost, stopped.test_cost)


@pytest.mark.parametrize("cost", ["squared_error", "cross_entropy"])
def test_learning_curves_are_the_mean_costs(cost):
    configuration, split = changed(REFERENCE, cost=cost), SPLITS[4]
    fit = train([(configuration, split)], epochs=250)[0]
    assert len(fit.curve_epochs) == CURVE_POINTS
    assert (fit.curve_epochs[0], fit.curve_epochs[-1]) == (1, 250)
    p, y = fit.probabilities, EX4.y[split.test]
    each = (p - y) ** 2 / 2 if cost == "squared_error" else -np.log(np.where(y == 1, p, 1 - p))
    assert fit.test_cost[-1] == pytest.approx(each.mean(), rel=1e-12)
    frozen = train([(changed(configuration, learning_rate=1e-300), split)], epochs=1)[0]
    start = starting_layers(configuration, 2, 1, split)
    outputs = standardise(EX4.x, split.train)[split.train]
    for weights, thresholds in start:
        outputs = 1 / (1 + np.exp(-(outputs @ weights + thresholds)))
    p, y = outputs[:, 0], EX4.y[split.train]
    each = (p - y) ** 2 / 2 if cost == "squared_error" else -np.log(np.where(y == 1, p, 1 - p))
    assert frozen.train_cost[0] == pytest.approx(each.mean(), rel=1e-12)


def test_starting_draws_depend_on_the_seed_the_repeat_and_the_fold_only():
    nothing = np.arange(0)

    def start(configuration=REFERENCE, seed=1, repeat=0, fold=0):
        return flat(starting_layers(configuration, 2, seed, Split(repeat, fold, nothing, nothing)))

    other = changed(REFERENCE, learning_rate=1.0, activation="relu", cost="cross_entropy")
    np.testing.assert_array_equal(start(other), start())
    for change in ({"seed": 2}, {"repeat": 1}, {"fold": 1}):
        assert (start(**change) != start()).all(), change
    weights, _ = starting_layers(
        changed(REFERENCE, initialisation="glorot"), 2, 1, Split(0, 0, nothing, nothing)
    )[0]
    bound = math.sqrt(6 / 12)
    np.testing.assert_allclose(weights.ravel(), bound * (2 * start()[:20] - 1), rtol=1e-12)


def test_predict_gives_the_out_of_fold_predictions_from_final_parameters():
    configuration = changed(REFERENCE, hidden=(5, 3), activation="tanh")
    for splits in (SPLITS[:4], SPLITS[:1]):
        trained = train([(configuration, split) for split in splits], epochs=20)
        x = [standardise(EX4.x, split.train)[split.test] for split in splits]
        parameters = np.stack([fit.parameters for fit in trained], axis=-1)
        p = predict(configuration, parameters, np.stack(x, axis=-1))
        expected = np.stack([fit.probabilities for fit in trained], axis=-1)
        np.testing.assert_allclose(p, expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("cost", "rate", "batch_size", "l2"),
    [("squared_error", 0.1, 1, 1e-3), ("cross_entropy", 1.0, 7, 0.0)],
)
def test_three_classes_are_learned_by_all_networks_alike(cost, rate, batch_size, l2):
    splits = splits_of(draw_folds(IRIS.y, folds=4, repeats=1, seed=1))[:2]
    configuration = Configuration.of_network((5,), "sigmoid", cost, rate, "glorot", batch_size, l2)
    fits = [(configuration, split) for split in splits]
    scratch = train(fits, dataset=IRIS, epochs=40)
    for network in (autodiff, plain):
        for one, other in zip(scratch, train(fits, IRIS, network, epochs=40), strict=True):
            np.testing.assert_allclose(other.probabilities, one.probabilities, rtol=0, atol=1e-10)
            np.testing.assert_allclose(other.parameters, one.parameters, rtol=0, atol=1e-10)
            np.testing.assert_allclose(other.test_cost, one.test_cost, rtol=0, atol=1e-10)
            assert (other.status, other.epochs) == (one.status, one.epochs) == ("epochs", 40)
    for fit, (configuration, split) in zip(scratch, fits, strict=True):
        assert fit.probabilities.shape == (split.test.size, 3)
        np.testing.assert_allclose(fit.probabilities.sum(axis=1), 1.0, rtol=1e-14)
        assert (fit.probabilities.argmax(axis=1) == IRIS.y[split.test]).mean() > 0.9
        assert_same_bits(train([(configuration, split)], dataset=IRIS, epochs=40)[0], fit)


class Wider:
    """An encoder that gives the splits of fold 1 one input more, as a category may."""

    def __init__(self, inputs):
        self.names = ("a", "b", "c")[:inputs]

    def apply(self, x):
        scaled = (x - EX4.x.mean(axis=0)) / EX4.x.std(axis=0)
        return np.column_stack([scaled, np.ones(len(x))])[:, : len(self.names)]


def test_splits_may_differ_in_their_number_of_inputs(monkeypatch):
    wide = {split.train.tobytes() for split in SPLITS if split.fold == 1}

    class Encoders:
        @staticmethod
        def of(dataset, rows):
            return Wider(3 if rows.tobytes() in wide else 2)

    monkeypatch.setattr(networks, "Encoder", Encoders)
    together = train([(REFERENCE, split) for split in SPLITS], epochs=5)
    for split, fit in zip(SPLITS, together, strict=True):
        inputs = 3 if split.fold == 1 else 2
        assert fit.parameters.size == (inputs + 1) * 10 + 11
        assert_same_bits(train([(REFERENCE, split)], epochs=5)[0], fit)


def test_fits_of_several_shapes_are_returned_in_their_order():
    configurations = [
        REFERENCE,
        changed(REFERENCE, hidden=(3, 2)),
        changed(REFERENCE, learning_rate=0.5),
        changed(REFERENCE, activation="tanh"),
        changed(REFERENCE, cost="cross_entropy", learning_rate=0.5),
    ]
    fits = [(c, s) for s in SPLITS[:2] for c in configurations]
    together = train(fits, epochs=5)
    for fit, trained in zip(fits, together, strict=True):
        assert_same_bits(train([fit], epochs=5)[0], trained)
    assert train([], epochs=5) == []


# Optimisers


@pytest.mark.parametrize("batch_size", [1, 8])
@pytest.mark.parametrize("optimiser", ["momentum", "adam"])
def test_what_an_optimiser_remembers_is_of_its_fit_alone(optimiser, batch_size):
    one = changed(REFERENCE, optimiser=optimiser, learning_rate=0.01, batch_size=batch_size)
    other = changed(one, momentum=0.5, beta_1=0.5, beta_2=0.9, epsilon=0.1, l2=0.01)
    fits = [(each, split) for each in (one, other) for split in UNEQUAL]
    together = train(fits, FEW, epochs=20)
    for fit, alone in zip(fits, together, strict=True):
        assert_same_bits(train([fit], FEW, epochs=20)[0], alone)
    first, second = together[0], together[len(UNEQUAL)]
    assert (first.parameters != second.parameters).all()


def test_a_constant_that_an_optimiser_does_not_have_makes_no_configuration():
    values = {**REFERENCE.values(), "momentum": 0.5, "epsilon": 0.1}
    assert Configuration.of_network(**values) == REFERENCE
    with_momentum = Configuration.of_network(**{**values, "optimiser": "momentum"})
    assert with_momentum.name == ("h10-sigmoid-squared_error-momentum-lr0.1-uniform-momentum0.5")
    assert with_momentum.epsilon == REFERENCE.epsilon

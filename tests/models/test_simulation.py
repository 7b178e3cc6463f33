"""A model on drawn data sets: the same fits as on each alone, judged by rows that are fresh."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from backprop.models import baselines, logistic, networks, simulation
from backprop.models.simulation import Learner, Number, SimulatedDesign, score_on_drawn
from backprop.network import stacked
from backprop.statistics.error_rates import sets_to_draw, simulation_seconds
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.gaussians import Gaussians
from backprop.study.splits import splits_of
from backprop.study.streams import stream

Y = np.repeat([1, 0], 15)
SOURCE = Gaussians(Y, np.array([[-1.0, 0.0], [1.0, 0.0]]), (np.eye(2), np.eye(2)))
DESIGN = SimulatedDesign(folds=3, repeats=2, metric="accuracy", rope=0.01)
NUMBERS = [Number(number, number) for number in range(40)]
NETWORK = Configuration.of_network((3,), "sigmoid", "squared_error", 0.5, "uniform")
SCRATCH = Learner(model="scratch", configuration=NETWORK, seed=1, training={"epochs": 5})
LOGISTIC = Learner(
    model="logistic", configuration=Configuration.of({"l2": 0.0}), seed=1, training={}
)


def study_of(source, repeats=2, number=0):
    """Return a drawn data set, by default the first, and the splits of a study of it."""
    y = source.draw_classes(stream(1, "simulated classes", number), 3)
    data = source.dataset(source.draw(stream(1, "simulation", number), y), y)
    return data, splits_of(draw_folds(y, folds=3, repeats=repeats, seed=1))


@pytest.mark.parametrize("number", [0, 2])
def test_a_network_on_a_drawn_data_set_is_that_of_a_study_of_it_with_repeats_of_its_own(number):
    """Of the third data set, those are the fifth and sixth: with other starting weights."""
    *_, scored = score_on_drawn(SCRATCH, SOURCE, NUMBERS[: number + 1], DESIGN)
    data, splits = study_of(SOURCE, number=number)
    own = [(NETWORK, replace(split, repeat=2 * number + split.repeat)) for split in splits]
    fits = networks.train_fits(stacked, own, data, seed=1, epochs=5)
    for place, (split, fit) in enumerate(zip(splits, fits, strict=True)):
        np.testing.assert_array_equal(scored.probabilities[place], fit.probabilities)
        right = (fit.probabilities >= 0.5) == data.y[split.test]
        assert scored.values[place] == pytest.approx(right.mean())


def test_a_thousand_rows_or_more_are_fresh_and_have_the_class_shares_of_the_data():
    (scored,) = score_on_drawn(LOGISTIC, SOURCE, NUMBERS[:1], DESIGN)
    assert scored.drawn.fresh_y.tolist() == [*Y] * 34  # 34 times 30 rows
    assert scored.drawn.fresh.shape == (1020, 2)


@pytest.mark.parametrize("at_once", [1, simulation.FITTED_FLOATS])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_logistic_regression_on_a_drawn_data_set_is_that_of_a_study_of_it(monkeypatch, l2, at_once):
    monkeypatch.setattr(simulation, "FITTED_FLOATS", at_once)
    y = np.repeat([1, 0], [16, 15])
    source = Gaussians(y, np.array([[-0.5, 0.0], [0.5, 9.0]]), (np.eye(2), np.diag([1.0, 20.0])))
    data, splits = study_of(source, repeats=3)
    sizes = [len(split.train) for split in splits]
    assert sizes != sorted(sizes) != sizes[::-1]  # of two sizes, in mixed order
    settings = Configuration.of({"l2": l2})
    learner = Learner(model="logistic", configuration=settings, seed=1, training={})
    design = SimulatedDesign(folds=3, repeats=3, metric="accuracy", rope=0.01)
    (scored,) = score_on_drawn(learner, source, NUMBERS[:1], design)
    fits = baselines.train_fits(logistic, [(settings, split) for split in splits], data)
    for place, (split, fit) in enumerate(zip(splits, fits, strict=True)):
        assert fit.status == "converged"
        np.testing.assert_allclose(scored.probabilities[place], fit.probabilities, atol=1e-7)
        right = (fit.probabilities >= 0.5) == data.y[split.test]
        assert scored.values[place] == pytest.approx(right.mean())


@pytest.mark.parametrize("learner", [SCRATCH, LOGISTIC], ids=["network", "baseline"])
def test_a_data_set_does_not_depend_on_the_others(learner, monkeypatch):
    every = list(score_on_drawn(learner, SOURCE, NUMBERS[:3], DESIGN))
    monkeypatch.setattr(simulation, "TRAINED_TOGETHER", 1)
    (alone,) = score_on_drawn(learner, SOURCE, NUMBERS[2:3], DESIGN)
    np.testing.assert_array_equal(alone.values, every[2].values)
    np.testing.assert_array_equal(alone.truth, every[2].truth)
    assert (every[0].truth != every[1].truth).any()


def test_the_truth_is_that_of_a_linear_boundary_between_gaussians():
    scored = list(score_on_drawn(LOGISTIC, SOURCE, NUMBERS, DESIGN))
    truth = np.mean([each.truth.mean() for each in scored])
    # The best boundary is right for Phi(1) of the rows. One that is learned from 20 rows is worse,
    # by about (d + 1) / (2 n) times a number near 1.
    assert norm.cdf(1) - 0.08 < truth < norm.cdf(1)


def test_a_network_that_diverges_has_no_score_and_no_truth():
    wild = Configuration.of_network((3, 3), "relu", "cross_entropy", 1e200, "glorot")
    learner = Learner(model="scratch", configuration=wild, seed=1, training={"epochs": 5})
    (scored,) = score_on_drawn(learner, SOURCE, NUMBERS[:1], DESIGN)
    assert np.isnan(scored.values).any()
    assert np.isnan(scored.truth).all()


def test_three_classes_are_scored():
    y = np.repeat([0, 1, 2], 9)
    source = Gaussians(y, 4 * np.eye(3), (np.eye(3),) * 3)
    design = SimulatedDesign(folds=3, repeats=1, metric="accuracy", rope=0.01)
    training = {"epochs": 30}
    for learner in (
        Learner(model="logistic", configuration=Configuration.of({"l2": 0.1}), seed=1, training={}),
        Learner(model="scratch", configuration=NETWORK, seed=1, training=training),
    ):
        (scored,) = score_on_drawn(learner, source, NUMBERS[:1], design)
        assert scored.truth.shape == (3,)
        assert np.isfinite(scored.truth).all()


def test_a_batch_larger_than_a_data_set_is_the_whole_data_set():
    configuration = Configuration.of_network(
        (3,), "sigmoid", "squared_error", 0.5, "uniform", batch_size=10**9
    )
    learner = Learner(model="scratch", configuration=configuration, seed=1, training={"epochs": 2})
    (scored,) = score_on_drawn(learner, SOURCE, NUMBERS[:1], DESIGN)
    data, splits = study_of(SOURCE)
    pairs = [(configuration, split) for split in splits]
    fits = networks.train_fits(stacked, pairs, data, seed=1, epochs=2)
    for stored, fit in zip(scored.probabilities, fits, strict=True):
        np.testing.assert_array_equal(stored, fit.probabilities)


def test_the_classes_are_drawn_and_shared_by_the_data_sets_that_are_compared():
    numbers = [Number(0, 0), Number(1, 0), Number(2, 1)]
    one, same, other = score_on_drawn(LOGISTIC, SOURCE, numbers, DESIGN)
    np.testing.assert_array_equal(one.drawn.dataset.y, same.drawn.dataset.y)
    assert (one.drawn.dataset.y != other.drawn.dataset.y).any()
    assert (one.drawn.dataset.x != same.drawn.dataset.x).any()


def test_drawn_classes_vary_as_those_of_a_sample_do_and_are_never_too_few():
    source = Gaussians(np.repeat([0, 1], [160, 40]), np.zeros((2, 1)), (np.ones((1, 1)),) * 2)
    drawn = [source.draw_classes(np.random.default_rng(seed), 5) for seed in range(300)]
    counts = np.array([np.bincount(y) for y in drawn])[:, 1]
    # Binomial, 200 rows of which 20%: a mean of 40, and a standard deviation of 5.66.
    assert counts.mean() == pytest.approx(40, abs=3 * 5.66 / np.sqrt(300))
    assert counts.std() == pytest.approx(5.66, rel=0.15)
    rare = Gaussians(np.repeat([0, 1], [35, 5]), np.zeros((2, 1)), (np.ones((1, 1)),) * 2)
    least = [np.bincount(rare.draw_classes(np.random.default_rng(s), 5)).min() for s in range(50)]
    assert min(least) == 5


# How many


def seconds_of(configuration, rows, inputs, outputs):
    """Return how long 50 fits take that are trained on these rows, of drawn data of this size."""
    classes = max(outputs, 2)
    source = Gaussians(np.arange(rows * 5 // 4) % classes, np.zeros((classes, inputs)), ())
    training = {"epochs": 500}
    learner = Learner(model="", configuration=configuration, seed=1, training=training)
    design = SimulatedDesign(folds=5, repeats=10, metric="accuracy", rope=0.01)
    return simulation_seconds(learner, source, design)


@pytest.mark.parametrize(
    ("seconds", "wished", "expected"),
    [(0.1, None, 100), (1.0, None, 60), (3.0, None, 20), (3.1, None, 0), (3.1, 7, 7), (0.1, 0, 0)],
)
def test_sets_are_as_many_as_wished_or_as_a_minute_allows(seconds, wished, expected):
    assert sets_to_draw(seconds, wished) == expected


def test_the_exam_data_have_all_data_sets_and_digits_have_none():
    logistic, network = (
        Configuration.of({}),
        Configuration.of_network((10,), "sigmoid", "s", 0.1, "uniform"),
    )
    for configuration in (logistic, network):
        assert sets_to_draw(seconds_of(configuration, 64, 2, 1), None) == 100
        assert sets_to_draw(seconds_of(configuration, 1438, 64, 10), None) == 0

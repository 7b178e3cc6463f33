import warnings

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backprop.study.metrics import METRICS, predicted_classes

ORACLES = {
    "accuracy": lambda y, p: with_ties(sklearn.metrics.accuracy_score, y, p),
    "balanced_accuracy": lambda y, p: with_ties(sklearn.metrics.balanced_accuracy_score, y, p),
    "log_loss": lambda y, p: sklearn.metrics.log_loss(y, p, labels=[0, 1]),
    "brier_score": sklearn.metrics.brier_score_loss,
    "roc_auc": sklearn.metrics.roc_auc_score,
}


def with_ties(score, y, p):
    """Return the mean of both ways to name a class where both are equally probable."""
    return (score(y, p >= 0.5) + score(y, p > 0.5)) / 2


def both(p):
    """Return the probabilities of both classes, the classes on the second axis."""
    return np.stack([1 - np.asarray(p), np.asarray(p)], axis=1)


def score(name, y, p):
    """Return a metric of one fit, from P(y = 1) or the probabilities of all classes."""
    p = np.asarray(p)
    p = both(p) if p.ndim == 1 else p
    (value,) = METRICS[name].score(np.asarray(y), p[..., np.newaxis])
    return value


def by_scikit_learn(name, y, p):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns if there is only one class
        return ORACLES[name](y, p)


PROBABILITIES = st.one_of(
    st.sampled_from([0.0, 0.5, 1.0, 0.25, 5e-324, np.nextafter(0.5, 0), np.nextafter(1, 0)]),
    st.floats(0, 1),
)


@st.composite
def several_fits(draw):
    """Draw the classes of some rows and the probabilities of several fits, many of them tied."""
    rows, fits = draw(st.integers(1, 40)), draw(st.integers(1, 4))
    y = draw(st.lists(st.integers(0, 1), min_size=rows, max_size=rows))
    values = draw(st.lists(PROBABILITIES, min_size=1, max_size=30))
    p = draw(st.lists(st.sampled_from(values), min_size=rows * fits, max_size=rows * fits))
    return np.array(y), np.array(p).reshape(rows, fits)


@pytest.mark.parametrize("name", METRICS)
@given(several_fits())
@example((np.ones(4, int), np.array([[0.1, 0.5, 0.7, 1.0]]).T))
@example((np.zeros(4, int), np.array([[0.1, 0.5, 0.7, 1.0]]).T))
@example((np.array([0, 1, 1]), np.array([[1.0, 1.0, 0.0]]).T))
@settings(database=None, deadline=None, max_examples=60, derandomize=True)
def test_scores_equal_those_of_scikit_learn(name, several_fits):
    y, p = several_fits
    expected = [by_scikit_learn(name, y, one) for one in p.T]
    np.testing.assert_allclose(METRICS[name].score(y, both(p)), expected, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_score_of_a_fit_does_not_depend_on_the_others(name, order):
    generator = np.random.default_rng(1)
    y, p = generator.integers(0, 2, 37), generator.random((37, 9))
    together = METRICS[name].score(y, np.asarray(both(p), order=order))
    assert together.tolist() == [score(name, y, one) for one in p.T]


ORACLES_OF_SEVERAL = {
    "accuracy": lambda y, p: sklearn.metrics.accuracy_score(y, p.argmax(axis=1)),
    "balanced_accuracy": lambda y, p: sklearn.metrics.balanced_accuracy_score(y, p.argmax(axis=1)),
    "log_loss": lambda y, p: sklearn.metrics.log_loss(y, p, labels=range(p.shape[1])),
    "brier_score": lambda y, p: sklearn.metrics.brier_score_loss(y, p, labels=range(p.shape[1])),
    "roc_auc": lambda y, p: sklearn.metrics.roc_auc_score(y, p, multi_class="ovr"),
}


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("classes", [3, 10])
def test_scores_of_several_classes_equal_those_of_scikit_learn(name, classes):
    generator = np.random.default_rng(classes)
    for rows in (30, 500):
        y = np.append(np.arange(classes), generator.integers(0, classes, rows - classes))
        p = generator.dirichlet(np.ones(classes), (rows, 7)).round(2)
        p = np.moveaxis(p / p.sum(axis=-1, keepdims=True), 1, -1)
        if METRICS[name].of_classes:
            p = np.moveaxis(np.eye(classes)[p.argmax(axis=1)], -1, 1)  # without ties
        expected = [ORACLES_OF_SEVERAL[name](y, p[..., fit]) for fit in range(7)]
        np.testing.assert_allclose(METRICS[name].score(y, p), expected, rtol=1e-13)


@pytest.mark.parametrize("name", METRICS)
def test_no_metric_treats_two_classes_differently(name):
    generator = np.random.default_rng(3)
    y, p = (np.arange(50) % 4 == 0).astype(int), generator.random(50)
    swapped = score(name, 1 - y, 1 - p)
    assert score(name, y, p) == pytest.approx(swapped, rel=1e-12), (
        "docs/your-own-data.md says that none does: use the mean over both classes"
    )


def test_of_equally_probable_classes_the_first_is_predicted_as_in_scikit_learn():
    assert predicted_classes(np.array([[0.4, 0.4, 0.2], [0.1, 0.45, 0.45]])).tolist() == [0, 1]
    assert predicted_classes(np.array([[0.5, 0.5], [0.6, 0.4]])).tolist() == [0, 0]


def test_equally_probable_classes_share_a_row():
    assert score("accuracy", [0, 1, 1], [0.5, 0.5, 0.7]) == pytest.approx(2 / 3)
    assert score("balanced_accuracy", [0, 1, 1], [0.5, 0.5, 0.7]) == pytest.approx(5 / 8)
    p = np.array([[0.4, 0.4, 0.2], [1 / 3, 1 / 3, 1 / 3], [0.2, 0.4, 0.4]])
    assert score("accuracy", [0, 1, 0], p) == pytest.approx((1 / 2 + 1 / 3) / 3)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_metric_of_classes_is_one_that_needs_no_probabilities(name, classes):
    y, p = np.arange(60) % classes, np.random.default_rng(1).dirichlet(np.ones(classes), 60)
    alone = np.eye(classes)[predicted_classes(p)]
    needs_none = bool(score(name, y, p) == score(name, y, alone))
    assert METRICS[name].of_classes == needs_none, f"{name} has of_classes={needs_none}"


def test_a_certain_mistake_has_a_large_and_finite_score():
    assert 20 < score("log_loss", [0, 1, 1], [1.0, 1.0, 0.0]) < np.inf
    assert score("brier_score", [0, 1, 1], [1.0, 1.0, 0.0]) == pytest.approx(2 / 3)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_metric_stays_within_its_limits_and_reaches_the_best_of_them(name, classes):
    y = np.arange(6 * classes) % classes
    right = np.eye(classes)[y]
    wrong = np.eye(classes)[(y + 1) % classes]
    drawn = np.random.default_rng(0).dirichlet(np.full(classes, 0.2), len(y))
    p = np.stack([right, wrong, drawn], axis=-1)
    lowest, highest = METRICS[name].limits(classes)
    values = METRICS[name].score(y, p)
    assert (values >= lowest).all()
    assert (values <= highest).all()
    best = highest if METRICS[name].higher_is_better else lowest
    assert values[0] == pytest.approx(best, abs=1e-12)
    if name in ("accuracy", "balanced_accuracy", "brier_score"):
        worst = lowest if METRICS[name].higher_is_better else highest
        assert values[1] == worst

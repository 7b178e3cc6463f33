"""What thresholds change if only classes are known, by theory, simulation and probabilities."""

import numpy as np
import pytest
from scipy import integrate, stats

from backprop.study.binormal import Binormal
from backprop.study.contributions import contributions_of, shows_thresholds

EQUAL = np.full(2, 0.5)


def rows_of(hits, alarms, own, others):
    """Return the classes of rows, and their votes, with these counts of the second class."""
    y = np.repeat([1, 0], [own, others])
    named = np.concatenate([np.arange(own) < hits, np.arange(others) < alarms]).astype(int)
    return y, np.eye(2)[named][np.newaxis]


def test_the_information_is_that_of_two_normal_distributions():
    model = Binormal(*rows_of(60, 45, 90, 210), EQUAL)
    h, f = 60.5 / 91, 45.5 / 211
    d, share = stats.norm.ppf(h) - stats.norm.ppf(f), 0.3
    cut = -d / 2 - stats.norm.ppf(f)

    def entry(power):
        def density(x):
            one, two = share * stats.norm.pdf(x - d / 2), (1 - share) * stats.norm.pdf(x + d / 2)
            return one * two / (one + two) * (d * (x - cut)) ** power

        return integrate.quad(density, -10, 10, points=[cut], epsabs=1e-13, limit=200)[0]

    a, b, c = map(entry, range(3))
    assert model.distance[1] == pytest.approx(d)
    assert model.information[1] == pytest.approx(a, rel=1e-10)
    assert model.error[1] == pytest.approx(c / (a * c - b**2), rel=1e-10)


def test_a_threshold_moves_hits_and_false_alarms_as_scores_say():
    """By hand: the classes have 100 rows each, and d = 2 z(80.5 / 101) = 1.66 by symmetry."""
    y, votes = rows_of(80, 20, 100, 100)
    model = Binormal(y, votes, EQUAL)
    z = stats.norm.ppf(80.5 / 101)
    step = np.sqrt(3) / np.sqrt(200 * model.information[1])
    hits, alarms = stats.norm.cdf(np.array([z, -z]) + step / (2 * z))
    up = ((hits - 80.5 / 101) - (alarms - 20.5 / 101)) / 2  # and down as much, by symmetry
    chance = ((hits - 80.5 / 101) + (alarms - 20.5 / 101)) / 4 / 100
    expected = -np.sqrt((up**2 + chance) / 3)
    assert up < 0
    assert model.changes(200, is_mean=False) == pytest.approx(np.full((1, 2), expected), rel=1e-9)
    assert model.factor() == pytest.approx(1, abs=1e-9)  # a shift gains as much as it loses


def test_what_one_direction_gains_and_the_other_loses_does_not_count():
    """Of rows of which 20% have a class, a tree by heart names it for 20%, and not for fewer."""
    y, votes = rows_of(8, 32, 40, 160)
    model = Binormal(y, votes, np.array([0.8, 0.2]))
    (hits, alarms), step = model.shares[:, 1], np.sqrt(3) / np.sqrt(200 * model.information[1])
    moved = [
        stats.norm.cdf(stats.norm.ppf([hits, alarms]) + by / model.distance[1]) - [hits, alarms]
        for by in (step, -step)
    ]
    up, down = (0.2 * more[0] - model.lost[1] * more[1] for more in moved)
    assert up < 0 < down
    assert np.abs(model.changes(200, is_mean=False)).max() < 0.7 * max(-up, down) / np.sqrt(3)


def drawn(generator, rows, share, distance):
    """Return classes, and the true probabilities of rows whose scores are normal."""
    y = (generator.random(rows) < share).astype(int)
    log_odds = distance * (generator.normal(size=rows) + distance * (y - 0.5))
    p = 1 / (1 + np.exp(-(log_odds + np.log(share / (1 - share)))))
    return y, np.column_stack([1 - p, p])


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy"])
@pytest.mark.parametrize(("share", "distance"), [(0.5, 1.0), (0.2, 1.5)])
def test_classes_alone_vary_about_as_the_same_model_does_with_probabilities(
    metric, share, distance
):
    generator = np.random.default_rng(5)
    variances = []
    for _ in range(40):
        y, p = drawn(generator, 200, share, distance)
        split, rows = np.zeros((1, 200), dtype=int), np.arange(200)
        for known in (p, np.eye(2)[p.argmax(axis=1)]):
            own = contributions_of(metric, y, known[np.newaxis], split, rows, named=True)
            variances.append((np.square(own.values).sum(), np.square(own.changes).sum()))
    with_p, classes = np.array(variances).reshape(40, 2, 2).mean(axis=0)
    width = np.sqrt(classes[0] / with_p[0])
    assert 0.9 < width < 1.1
    assert 0.5 < classes[1] / with_p[1] < 2


def test_of_three_classes_each_is_known_against_the_others():
    generator = np.random.default_rng(6)
    y = np.repeat([0, 1, 2], [60, 40, 20])
    named = np.where(generator.random(120) < 0.7, y, generator.integers(0, 3, 120))
    model = Binormal(y, np.eye(3)[named][np.newaxis], np.full(3, 1 / 3))
    for c in range(3):
        hits, alarms = (named[y == c] == c).sum(), (named[y != c] == c).sum()
        shares = (hits + 0.5) / ((y == c).sum() + 1), (alarms + 0.5) / ((y != c).sum() + 1)
        assert model.shares[:, c] == pytest.approx(shares)
        others = [(named[y == k] == k).mean() / 3 for k in range(3) if k != c]
        left = 1 - alarms / (y != c).sum()
        assert model.lost[c] == pytest.approx(sum(others) / left)
    assert model.changes(120, is_mean=True).shape == (3, 2)
    assert model.factor() > 1


@pytest.mark.parametrize("named", [0, 1])
def test_one_class_for_all_rows_is_no_error(named):
    y = np.repeat([0, 1], [30, 20])
    votes = np.tile(np.eye(2)[named], (2, 50, 1))
    model = Binormal(y, votes, EQUAL)
    assert np.isfinite([*model.changes(50, is_mean=True).flat, model.factor()]).all()


def test_probabilities_show_thresholds_unless_all_are_0_or_1_or_another_class_is_predicted():
    p = np.array([[0.5, 0.5], [0.2, 0.8], [1.0, 0.0]])
    assert shows_thresholds(p, p)
    assert shows_thresholds(p, np.eye(2)[[1, 1, 0]])  # a tie is no other class
    assert not shows_thresholds(p, np.eye(2)[[1, 0, 0]])
    assert not shows_thresholds(np.eye(2), np.eye(2))


def test_names_of_classes_change_nothing():
    y, votes = rows_of(30, 12, 40, 80)
    one, other = Binormal(y, votes, EQUAL), Binormal(1 - y, votes[..., ::-1], EQUAL)
    assert sorted(*one.changes(120, is_mean=True)) == pytest.approx(
        sorted(*other.changes(120, is_mean=True)), rel=1e-9
    )
    assert one.factor() == pytest.approx(other.factor(), rel=1e-12)

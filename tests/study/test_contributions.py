"""What observations contribute to a metric, by leaving them out, other formulas and refitting."""

import math

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from backprop.models.logistic import predict
from backprop.models.many_logistic import fit_all
from backprop.study.contributions import (
    all_possible,
    changes_by_thresholds,
    contributions_of,
    effective_observations,
    of_thresholds,
)
from backprop.study.metrics import METRICS, balanced_accuracy


def of_one_fold(metric, y, p, observations=None, **options):
    """Return the contributions to the metric of all rows, as one test fold."""
    split = np.zeros((1, len(y)), dtype=int)
    observations = np.arange(len(y)) if observations is None else observations
    return contributions_of(metric, y, p[np.newaxis], split, observations, **options)


def drawn(classes, rows=60):
    y = np.arange(rows) % classes
    return y, np.random.default_rng(1).dirichlet(np.ones(classes), rows)


@pytest.mark.parametrize("metric", ["accuracy", "log_loss", "brier_score"])
@pytest.mark.parametrize("classes", [2, 3])
def test_a_group_contributes_what_the_metric_loses_without_it(metric, classes):
    y, p = drawn(classes)
    groups = np.repeat(np.arange(10), [1, 2, 3, 4, 5, 6, 7, 8, 12, 12])
    own = of_one_fold(metric, y, p, groups).values[0]
    score = METRICS[metric].score
    every = score(y, p[..., np.newaxis])[0]
    without = [score(y[groups != g], p[groups != g][..., np.newaxis])[0] for g in range(10)]
    assert own == pytest.approx(every - np.array(without), abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_row_contributes_about_what_any_metric_loses_without_it(metric, classes):
    y, p = drawn(classes, rows=200)
    own = of_one_fold(metric, y, p, given_fit=True).values[0]
    score, rows = METRICS[metric].score, np.arange(200)
    every = score(y, p[..., np.newaxis])[0]
    without = [score(y[rows != i], p[rows != i][..., np.newaxis])[0] for i in rows]
    lost = every - np.array(without)
    assert np.linalg.norm(own - lost) < 0.05 * np.linalg.norm(lost), (
        f"`parts` of {metric} do not say what a row contributes to its `score`"
    )


def test_a_row_contributes_to_a_mean_of_recalls_what_it_loses_without_the_row():
    y, p = drawn(3)
    own = of_one_fold("balanced_accuracy", y, p, given_shares=True).values[0]
    score, rows = METRICS["balanced_accuracy"].score, np.arange(60)
    every = score(y, p[..., np.newaxis])[0]
    without = [score(y[rows != i], p[rows != i][..., np.newaxis])[0] for i in rows]
    assert own == pytest.approx(every - np.array(without), abs=1e-12)


def test_folds_and_repeats_count_alike_however_many_rows_a_fold_has():
    """By hand: 1 of 2 rows and 3 of 4 are right, so the score is 5/8.

    A row has the share 1/4 or 1/8 of it, which the others have without it.
    """
    y, wrong = np.array([0, 1, 0, 1, 0, 1]), np.array([0, 1, 0, 0, 0, 1])
    p = np.eye(2)[y ^ wrong]
    split = np.array([[0, 0, 1, 1, 1, 1], [2, 2, 3, 3, 3, 3]])
    own = contributions_of("accuracy", y, np.stack([p, p]), split, np.arange(6)).values
    of_two, of_four = np.array([3 / 8, -5 / 8]) / 3, np.array([3 / 8, -5 / 8]) / 7
    expected = [*of_two, *of_four[[0, 0, 0, 1]]]
    assert own == pytest.approx(np.stack([expected, expected]), abs=1e-12)


def test_contributions_to_an_area_have_the_variance_of_delong():
    generator = np.random.default_rng(2)
    y = np.repeat([0, 1], [25, 15])
    p1 = (generator.random(40) + 0.5 * y).round(1)  # with ties
    psi = (p1[y == 1][:, None] > p1[y == 0]) + 0.5 * (p1[y == 1][:, None] == p1[y == 0])
    expected = [n / (n - 1) ** 2 * psi.mean(axis=axis).var() for n, axis in ((15, 1), (25, 0))]
    own = of_one_fold("roc_auc", y, np.column_stack([1 - p1, p1])).values
    assert np.square(own).sum() == pytest.approx(sum(expected), rel=1e-12)


def test_the_smallest_class_and_unequal_groups_leave_fewer_effective_observations():
    y, p = np.repeat([0, 1], [30, 10]), np.tile([0.5, 0.5], (40, 1))
    rows, classes = (of_one_fold(m, y, p, given_shares=True) for m in ("accuracy", "roc_auc"))
    assert (rows.least, rows.equal) == pytest.approx((40, 40))
    assert classes.least == pytest.approx(10)
    groups = np.repeat(np.arange(12), [20, *[2] * 10, 0])[:40]
    own = of_one_fold("accuracy", y, p, groups)
    assert own.least == pytest.approx((400 + 40) ** 2 / (20**4 + 10 * 16))
    # A mean of two recalls, both 100%: Wilson's interval of all rows if classes are equal.
    equal = of_one_fold("balanced_accuracy", np.arange(40) % 2, p, given_shares=True)
    assert equal.equal == pytest.approx(40)
    unequal = of_one_fold("balanced_accuracy", y, p, given_shares=True)
    assert unequal.equal == pytest.approx(2 * (1 / 30 + 1 / 10) / (1 / 900 + 1 / 100))


def test_thresholds_move_as_a_recalibration_does_with_the_weight_of_a_row():
    """By hand: of two kinds of 2,000 rows, 43 and 60 are of the second class, as predicted.

    A recalibration a + b l of their logits l has the logit m of the share in each kind, so that
    a = (m1 l2 - m2 l1) / (l2 - l1). A row has the influence (y - s) / (2000 s (1 - s)) on its m.
    With a 1.73 standard errors (3.71) higher, the second class is predicted for the second kind:
    the recalls are 1957/3897 and 60/103. With a lower, it never is: they are 1 and 0.
    """
    kind = np.repeat([0, 1], 2000)
    y, shares = (np.arange(4000) % 2000 < np.array([43, 60])[kind]).astype(int), np.array([43, 60])
    s = shares[kind] / 2000
    l1, l2 = np.log(shares / (2000 - shares))
    influence = (y - s) / (2000 * s * (1 - s)) * np.where(kind, -l1, l2) / (l2 - l1)
    step = math.sqrt(3) * np.linalg.norm(influence)
    slope = ((1957 / 3897 + 60 / 103) / 2 - 1 / 2) / (2 * step)
    p = np.column_stack([1 - s, s])[np.newaxis]
    own = of_thresholds(balanced_accuracy, y, p, np.log(p))[0]
    assert own == pytest.approx(slope * influence, rel=1e-6)


def test_each_of_three_thresholds_moves_against_the_mean_of_the_others():
    """By hand: of three kinds of five rows, each has the probabilities of another in turn.

    By symmetry, an intercept has nothing to do with the slope, and the information of the three is
    3/2 of its diagonal D = 5 sum p (1 - p), but for the direction in which all rise.
    """
    kind, own = np.repeat([0, 1, 2], 5), np.array([0.6, 0.25, 0.15])
    p = np.stack([np.roll(own, place) for place in kind])
    y = np.array([0, 0, 0, 1, 2, 1, 1, 1, 1, 0, 2, 2, 0, 1, 1])
    influence, expected = (np.eye(3)[y] - p) / (1.5 * 5 * (own * (1 - own)).sum()), 0.0
    for c in range(3):
        step = math.sqrt(3) * 1.5 * np.linalg.norm(influence[:, c])
        higher, lower = (
            balanced_accuracy_score(y, (np.log(p) + move * np.eye(3)[c]).argmax(axis=1))
            for move in (step, -step)
        )
        expected = expected + (higher - lower) / (2 * step) * influence[:, c]
    assert np.abs(expected).min() > 0
    moved = of_thresholds(balanced_accuracy, y, p[np.newaxis], np.log(p)[np.newaxis])[0]
    assert moved == pytest.approx(expected, rel=1e-9)


def test_a_class_that_is_never_predicted_is_half_a_row_by_another_sample():
    p = all_possible(np.array([[[0.0, 1.0], [0.5, 0.5]]]), 2)
    np.testing.assert_allclose(p, [[[1 / 5, 4 / 5], [1 / 2, 1 / 2]]])


def changes_of(y, p1, metric="accuracy", groups=None):
    """Return the changes of a metric, from the probabilities of the second of two classes."""
    count = groups or len(y)
    p = all_possible(np.column_stack([1 - p1, p1])[np.newaxis], count)
    now = METRICS[metric].score(y, np.column_stack([1 - p1, p1])[..., np.newaxis])
    return changes_by_thresholds(metric, y, p, np.log(p), count, now)


def test_a_threshold_that_is_left_open_changes_the_class_of_many_rows_only_if_nothing_is_learned():
    """By hand: all classes change if logits of 0.3 or -0.3 move by 1.73 errors, of 0.2 each."""
    generator = np.random.default_rng(8)
    y = generator.permutation(np.repeat([0, 1], 50))
    p1 = 1 / (1 + np.exp(-0.3 * generator.choice([-1, 1], 100)))
    now = np.mean((p1 >= 0.5) == y)
    assert changes_of(y, p1) == pytest.approx(np.full((1, 2), (0.5 - now) / math.sqrt(3)))
    sure = np.where(y, 0.9, 0.1)
    assert not changes_of(y, sure).any()
    own = of_one_fold("accuracy", y, np.column_stack([1 - p1, p1]), given_shares=True)
    assert not own.changes.size
    rare = (np.arange(500) < 25).astype(int)  # of neighbours, whose probabilities are few numbers
    few = generator.choice([0.0, 1 / 15, 2 / 15], 500)
    assert not changes_of(rare, few).any()


def test_a_tree_that_is_sure_of_all_rows_has_thresholds_that_no_group_leaves_open():
    y = np.repeat([0, 1], [200, 100])
    sure = np.where(np.arange(300) % 7 == 0, 1 - y, y).astype(float)
    assert not changes_of(y, sure, groups=30).any()


def test_what_one_direction_gains_and_the_other_loses_is_in_the_contributions_of_a_recall():
    generator = np.random.default_rng(3)
    y = (generator.random(200) < 0.2).astype(int)
    p1 = 1 / (1 + np.exp(-0.3 * generator.normal(size=200) - y + 1))
    of_accuracy, ((up, down),) = changes_of(y, p1), changes_of(y, p1, "balanced_accuracy")
    assert of_accuracy[0, 0] != of_accuracy[0, 1]
    step = math.sqrt(3 / (200 * (p1 * (1 - p1)).mean()))
    odds, now = np.log(p1 / (1 - p1)), balanced_accuracy_score(y, p1 > 0.5)
    moved = [balanced_accuracy_score(y, odds + by > 0) - now for by in (step, -step)]
    assert np.ptp(moved) > 0.2
    assert up == down == pytest.approx(np.mean(moved) / math.sqrt(3))


def test_contributions_explain_how_much_a_balanced_accuracy_varies_between_samples():
    """Also that of the training: 300 samples with 20% of a class, and one feature."""
    generator = np.random.default_rng(4)

    def sample():
        y = (generator.random((300, 200)) < 0.2).astype(int)
        return generator.normal(size=(300, 200, 1)) + 1.2 * y[..., None], y

    (x, y), (new, new_y) = sample(), sample()
    scores, explained, given_shares = [], [], []
    for parameters, rows, classes in zip(fit_all(x, y), new, new_y, strict=True):
        p1 = predict(parameters, rows)
        p = np.column_stack([1 - p1, p1])
        scores.append(METRICS["balanced_accuracy"].score(classes, p[..., None])[0])
        for shares, variances in ((False, explained), (True, given_shares)):
            own = of_one_fold("balanced_accuracy", classes, p, given_shares=shares)
            variances.append(np.square(own.values).sum())
    assert np.mean(explained) == pytest.approx(np.var(scores), rel=0.25)
    assert np.mean(given_shares) < 0.75 * np.var(scores)


def test_a_class_that_is_never_predicted_and_equal_probabilities_are_no_error():
    y, p = np.repeat([0, 1, 2], [30, 20, 10]), np.tile([0.5, 0.5, 0.0], (60, 1))
    assert np.isfinite(of_one_fold("balanced_accuracy", y, p).values).all()


# Given fits


def test_the_effective_number_of_observations_is_between_that_of_sums_and_that_of_rows():
    groups = np.repeat([0, 1, 2], [2, 4, 6])
    alike = np.repeat([1.0, 1.0, -1.0], [2, 4, 6])  # all rows of a group deviate alike
    assert effective_observations(alike, groups) == pytest.approx(56**2 / (4**2 + 16**2 + 36**2))
    apart = np.tile([1.0, -1.0], 6)  # the rows of each group cancel each other
    assert effective_observations(apart, groups) == pytest.approx(12**2 / 56)
    assert effective_observations(np.zeros(12), groups) == effective_observations(alike, groups)
    assert effective_observations(apart, np.arange(12)) == 12
    assert effective_observations(np.zeros(12), np.arange(12)) == 12


def test_the_correlation_of_the_rows_of_a_group_is_found():
    generator = np.random.default_rng(6)
    sizes = generator.integers(1, 31, 2000)
    groups = np.repeat(np.arange(2000), sizes)
    shared, own = generator.normal(size=2000)[groups], generator.normal(size=len(groups))
    deviations = np.sqrt(0.05) * shared + np.sqrt(0.95) * own
    v = sizes * (1 + 0.05 * (sizes - 1))
    expected = v.sum() ** 2 / np.square(v).sum()
    assert effective_observations(deviations, groups) == pytest.approx(expected, rel=0.02)
    others = [effective_observations(each, groups) for each in (shared, own)]
    assert others[0] < 0.95 * expected < 0.9 * others[1]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("classes", [2, 3])
def test_a_fold_that_is_one_observation_counts_once(metric, classes):
    y, p = drawn(classes, rows=120)
    split = np.repeat(np.arange(4), 30)
    (own,) = contributions_of(metric, y, p[None], split[None], split, given_fit=True).values
    score = METRICS[metric].score
    scores = [score(y[split == k], p[split == k][..., np.newaxis])[0] for k in range(4)]
    assert own == pytest.approx((scores - np.mean(scores)) / 3)

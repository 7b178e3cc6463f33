"""The score of the best of many candidates: a plain loop, properties and simulations."""

import math
from dataclasses import astuple
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from backprop.inference import selection
from backprop.inference.selection import Mean, bbc_cv


def of_rows(scores, generator, **options):
    """Estimate the score of the best of candidates whose score is a mean over rows."""
    scores = np.asarray(scores, dtype=float)
    rows = np.arange(scores.shape[-1])
    return bbc_cv([Mean(rows, scores)], rows, generator, **options)


def test_bbc_cv_equals_a_plain_loop():
    scores = np.random.default_rng(1).random((4, 12)).round(1)  # rounded, for ties
    result = of_rows(scores, np.random.default_rng(2), resamples=300)

    left_out_scores, choices = [], []
    for draws in np.random.default_rng(2).multinomial(12, [1 / 12] * 12, size=300):
        inside = [np.repeat(candidate, draws).mean().round(12) for candidate in scores]
        tied = [c for c in range(4) if inside[c] == max(inside)]
        left_out_scores.append(np.mean([scores[c, draws == 0].mean() for c in tied]))
        choices.append((result.best in tied) / len(tied))
    assert result.estimate == pytest.approx(np.mean(left_out_scores), rel=1e-12)
    assert result.lower == pytest.approx(np.quantile(left_out_scores, 0.025), rel=1e-12)
    assert result.upper == pytest.approx(np.quantile(left_out_scores, 0.975), rel=1e-12)
    assert result.stability == pytest.approx(np.mean(choices), rel=1e-12)
    assert result.best == scores.mean(axis=1).argmax()
    assert result.naive == pytest.approx(scores.mean(axis=1).max(), rel=1e-12)
    assert result.optimism == result.naive - result.estimate


def test_bbc_cv_of_one_candidate_equals_plain_cross_validation_in_expectation():
    rows = 5
    every_sample = np.array(
        [np.bincount(drawn, minlength=rows) for drawn in product(range(rows), repeat=rows)]
    )
    exhaustive = SimpleNamespace(multinomial=lambda *_, **__: every_sample)
    scores = np.array([[0.9, 0.1, 0.7, 0.0, 1.0]])
    result = of_rows(scores, exhaustive)
    assert result.estimate == pytest.approx(scores.mean(), rel=1e-12)
    assert result.optimism == pytest.approx(0, abs=1e-12)
    assert result.stability == 1


def test_bbc_cv_of_many_equal_candidates_is_unbiased():
    truth, generator = 0.7, np.random.default_rng(0)
    results = [
        of_rows(generator.random((50, 80)) < truth, generator, resamples=200) for _ in range(200)
    ]
    estimates = np.array([result.estimate for result in results])
    error = estimates.std(ddof=1) / math.sqrt(len(estimates))
    assert estimates.mean() == pytest.approx(truth, abs=3 * error)
    assert error < 0.005
    assert np.mean([result.naive for result in results]) > truth + 0.08
    assert np.mean([result.optimism for result in results]) > 0.08


def test_bbc_cv_does_not_correct_a_candidate_that_is_truly_better():
    generator = np.random.default_rng(0)
    scores = generator.random((20, 80)) < 0.5
    scores[7] = generator.random(80) < 0.95
    result = of_rows(scores, generator)
    assert result.best == 7
    assert result.stability > 0.99
    assert result.optimism == pytest.approx(0, abs=0.005)
    assert result.lower < result.estimate < result.upper


def test_bbc_cv_does_not_depend_on_the_order_or_copies_of_candidates():
    scores = (np.random.default_rng(0).random((6, 40)) < 0.7).astype(float)

    def estimate(scores):
        return of_rows(scores, np.random.default_rng(1)).estimate

    assert estimate(scores[::-1]) == pytest.approx(estimate(scores), rel=1e-12)
    assert estimate(np.repeat(scores, 3, axis=0)) == pytest.approx(estimate(scores), rel=1e-12)


def test_bbc_cv_drops_samples_that_leave_no_row_out():
    result = of_rows([[0.0, 1.0]], np.random.default_rng(0))
    assert result.estimate == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([[0.1, math.nan]], "finite"), ([[0.1, -math.inf]], "finite"), ([0.1, 0.2], "shape"),
        ([[0.1]], "at least 2 observations"), (np.empty((0, 5)), "shape"),
    ],
)  # fmt: skip
def test_bbc_cv_refuses_impossible_scores(scores, message):
    with pytest.raises(ValueError, match=message):
        of_rows(scores, np.random.default_rng(0))


def test_bbc_cv_refuses_0_samples():
    with pytest.raises(ValueError, match="resamples"):
        of_rows(np.eye(2), np.random.default_rng(0), resamples=0)


def test_bbc_cv_in_parts_equals_bbc_cv_in_one_part(monkeypatch):
    scores = np.random.default_rng(2).random((7, 30)) < 0.8
    whole = of_rows(scores, np.random.default_rng(1))
    monkeypatch.setattr(selection, "AT_ONCE", 7 * 13)
    parts = of_rows(scores, np.random.default_rng(1))
    assert astuple(parts) == pytest.approx(astuple(whole), abs=1e-12)


def test_samples_draw_whole_groups():
    # Ten copies of each row are one observation: the samples are those of the rows alone.
    scores = np.random.default_rng(3).random((4, 12)).round(1)
    alone = of_rows(scores, np.random.default_rng(2), resamples=300)
    rows, copies = np.arange(120), np.repeat(np.arange(12), 10)
    grouped = bbc_cv(
        [Mean(rows, np.repeat(scores, 10, axis=1))], copies, np.random.default_rng(2), resamples=300
    )
    assert astuple(grouped) == pytest.approx(astuple(alone), rel=1e-12)


def test_a_balanced_score_is_the_mean_of_the_classes_in_each_sample():
    y = np.array([0, 0, 0, 0, 1, 1])
    scores = np.random.default_rng(1).random((3, 6)).round(1)
    means = [Mean(np.flatnonzero(y == c), scores[:, y == c], 0.5) for c in (0, 1)]
    result = bbc_cv(means, np.arange(6), np.random.default_rng(2), resamples=200)

    expected = []
    for draws in np.random.default_rng(2).multinomial(6, [1 / 6] * 6, size=200):
        if any(set(draws[y == c] > 0) == {kind} for c in (0, 1) for kind in (True, False)):
            continue  # a class is drawn in full, or not at all
        inside = [
            np.mean([np.repeat(s[y == c], draws[y == c]).mean() for c in (0, 1)]) for s in scores
        ]
        outside = [np.mean([s[(y == c) & (draws == 0)].mean() for c in (0, 1)]) for s in scores]
        tied = np.isclose(inside, max(inside), rtol=0, atol=1e-12)
        expected.append(np.mean(np.array(outside)[tied]))
    assert result.estimate == pytest.approx(np.mean(expected), rel=1e-12)


def test_samples_without_a_row_of_a_class_are_refused_if_there_are_no_others():
    means = [Mean(np.array([0]), np.array([[1.0]])), Mean(np.array([1]), np.array([[0.0]]))]
    with pytest.raises(ValueError, match="no bootstrap sample"):
        bbc_cv(means, np.arange(2), np.random.default_rng(0))

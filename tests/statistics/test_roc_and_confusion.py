"""ROC curves and confusion counts are those of scikit-learn."""

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics

from backprop.report.figures.confusion import confusion_counts, count_errors, worst_confusion
from backprop.statistics.roc import areas_of, curves_of, roc_curve
from backprop.study.metrics import METRICS


@pytest.mark.parametrize("decimals", [1, 2, 16], ids=lambda d: f"rounded to {d} decimals")
def test_the_roc_curve_is_that_of_scikit_learn(decimals):
    generator = np.random.default_rng(0)
    y = np.tile([0, 1, 1], 20)
    probabilities = generator.random(60).round(decimals)
    false, true = roc_curve(y, probabilities)
    expected = sklearn.metrics.roc_curve(y, probabilities, drop_intermediate=False)
    np.testing.assert_array_equal(false, expected[0])
    np.testing.assert_array_equal(true, expected[1])
    area = sklearn.metrics.roc_auc_score(y, probabilities)
    assert np.trapezoid(true, false) == pytest.approx(area, abs=1e-14)


def in_folds(*p):
    """Return the fits of repeats with three folds of the rows, in turn."""
    rows = [np.arange(fold, len(p[0]), 3) for fold in range(3)]
    return pd.DataFrame(
        [
            {"repeat": repeat + 1, "rows": own + 1, "probabilities": each[own].ravel()}
            for repeat, each in enumerate(p)
            for own in rows
        ]
    )


def test_there_is_one_curve_of_two_classes_that_of_class_1_and_one_of_each_of_more():
    y = np.repeat([0, 1, 2], 6)
    p = np.random.default_rng(0).dirichlet([1, 1, 1], 18)
    (curves,) = curves_of(y, in_folds(p))
    for c, folds in enumerate(curves):
        for fold, curve in enumerate(folds):
            expected = roc_curve(np.int64(y[fold::3] == c), p[fold::3, c])
            np.testing.assert_array_equal(curve, expected)
    assert len(curves) == 3
    ((only,),) = curves_of(np.int64(y == 1), in_folds(p[:, 1]))
    for own, curve in zip(only, curves[1], strict=True):
        np.testing.assert_array_equal(own, curve)


@pytest.mark.parametrize("classes", [2, 3])
def test_the_mean_area_is_the_score_of_the_tables(classes):
    generator, y = np.random.default_rng(0), np.arange(30) // 3 % classes
    repeats = [generator.dirichlet([1] * classes, 30).round(1) for _ in range(2)]
    score = METRICS["roc_auc"].score
    scores = [score(y[k::3], p[k::3, :, np.newaxis])[0] for p in repeats for k in range(3)]
    stored = [p[:, 1] if classes == 2 else p for p in repeats]
    assert areas_of(curves_of(y, in_folds(*stored))).mean() == pytest.approx(np.mean(scores))


def test_a_repeat_with_a_fit_without_probabilities_or_a_fold_of_one_class_has_no_curve():
    y, p = np.arange(18) // 9, np.linspace(0, 1, 18)
    missing = p.copy()
    missing[3] = np.nan
    assert len(curves_of(y, in_folds(missing, p))) == 1
    assert curves_of(np.int64(np.arange(18) % 3 == 0), in_folds(p)) == []


def test_confusion_counts_are_those_of_scikit_learn():
    generator = np.random.default_rng(0)
    y, of_class_1 = np.tile([0, 1, 1], 20), generator.random(60)
    of_class_1[:2] = [0.5, np.nan]
    known = np.isfinite(of_class_1)
    expected = sklearn.metrics.confusion_matrix(y[known], of_class_1[known] > 0.5)
    probabilities = np.stack([1 - of_class_1, of_class_1], axis=1)
    np.testing.assert_array_equal(confusion_counts(y, probabilities), expected)
    wrong = expected.sum() - expected.trace()
    assert count_errors(confusion_counts(y, probabilities), known.sum()) == wrong
    assert count_errors(confusion_counts(y, probabilities), len(y)) is None


def test_the_worst_confusion_is_the_largest_share_of_a_true_class():
    counts = np.array([[90, 10, 0], [0, 5, 5], [2, 0, 8]])
    assert worst_confusion(counts) == (1, 2, 0.5)
    assert worst_confusion(np.diag([3, 4])) is None

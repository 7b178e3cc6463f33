"""ROC curves and confusion counts are those of scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics

from backprop.statistics.confusion import confusion_counts, count_errors
from backprop.statistics.roc import curves_of, roc_curve


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


def test_there_is_one_curve_of_two_classes_that_of_class_1_and_one_of_each_of_more():
    y = np.array([0, 0, 1, 1, 1, 2])
    p = np.random.default_rng(0).dirichlet([1, 1, 1], 6)
    (curves,) = curves_of(y, [p])
    for c, curve in enumerate(curves):
        np.testing.assert_array_equal(curve, roc_curve(np.int64(y == c), p[:, c]))
    assert len(curves) == 3
    of_1 = np.stack([1 - p[:, 1], p[:, 1]], axis=1)
    ((only,),) = curves_of(np.int64(y == 1), [of_1])
    np.testing.assert_array_equal(only, curves[1])


def test_confusion_counts_are_those_of_scikit_learn():
    generator = np.random.default_rng(0)
    y, of_class_1 = np.tile([0, 1, 1], 20), generator.random(60)
    of_class_1[:2] = [0.5, np.nan]
    known = np.isfinite(of_class_1)
    expected = sklearn.metrics.confusion_matrix(y[known], of_class_1[known] >= 0.5)
    probabilities = np.stack([1 - of_class_1, of_class_1], axis=1)
    np.testing.assert_array_equal(confusion_counts(y, probabilities), expected)
    wrong = expected.sum() - expected.trace()
    assert count_errors(confusion_counts(y, probabilities), known.sum()) == wrong
    assert count_errors(confusion_counts(y, probabilities), len(y)) is None


def test_confusion_counts_of_several_classes_are_those_of_scikit_learn():
    p = np.random.default_rng(0).dirichlet(np.ones(4), 60)
    y = np.arange(60) % 4
    expected = sklearn.metrics.confusion_matrix(y, p.argmax(axis=1))
    np.testing.assert_array_equal(confusion_counts(y, p), expected)
    p[:3] = np.nan
    assert confusion_counts(y, p).sum() == 57

"""A permutation test of logistic regression on a small table: it is trained again on each shuffle.

Shuffling the classes of stored predictions is no valid test, as predictions depend on the classes
of other rows, see docs/error-rates.md. Only logistic regression is trained so fast that each study
can do it; and it opens the tests of the other models, see `backprop.statistics.guessing`.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.many_logistic import fit_all, predict_all
from backprop.models.registry import BASELINE
from backprop.statistics.grouping import Judgement
from backprop.study.metrics import METRICS, predicted_classes
from backprop.study.streams import stream
from backprop.typing import Array, Integers

MOST_ROWS = 60
PERMUTATIONS = 999
MOST_REPEATS = 4
FEW_INPUTS = 20  # with more, one repeat counts: training takes long
TIE = 1e-9  # scores that differ by less differ only by rounding
TESTED = ("accuracy", "balanced_accuracy", "roc_auc")
"""The metrics of classes: a regression may have learned something, so that its
log loss is lower than after each shuffle, and yet be too sure, so that it is higher than a guess's.
"""


def permutation_tests(judgement: Judgement, dataset: Dataset, *, seed: int) -> dict[str, float]:
    r"""Test whether logistic regression has learned something: exact at any number of rows.

    The rows of the inputs are shuffled `PERMUTATIONS` times, so that they have nothing to do with
    the classes; the folds keep their classes. Each time, the regression is trained again, on all
    splits of the first `MOST_REPEATS` repeats, or of the first one if there are more than
    `FEW_INPUTS`. Of B shuffles, b have a score as high as the rows as they are; these are one more
    shuffle if there is nothing to learn, so

    .. math:: p = (b + 1) / (B + 1)

    (Phipson and Smyth 2010).

    If classes are unequal, a guess is more accurate than what shuffles teach, and a model must be
    better than both. So of an accuracy, the difference from a guess is divided by its standard
    error, in each shuffle by its own, and shuffles get in addition what a guess gains, see
    `_accuracy`. Such a statistic nearly keeps to its level also where there is something to learn,
    and nothing to gain (Chung and Romano 2013).

    Parameters
    ----------
    judgement : Judgement
        With the headline of the baseline.
    dataset : Dataset
    seed : int
        The metric of the study.

    Returns
    -------
    dict of str to float
        The p-values, by the metrics of `TESTED`. Empty if there are more than `MOST_ROWS` rows, if
        these are not independent, or if fits have no score.

    References
    ----------
    Chung, E. and Romano, J. P. (2013). Exact and asymptotically robust permutation tests. Annals of
    Statistics 41, 484-507.

    Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology 9, 39.
    """
    judged, n = judgement.baseline, len(dataset.y)
    if n > MOST_ROWS or judged.estimate.basis != "rows" or not judged.scored:
        return {}
    reference, *_ = judgement.candidates[BASELINE]
    generator = stream(seed, "permutations")
    rows = np.array([np.arange(n), *(generator.permutation(n) for _ in range(PERMUTATIONS))])
    x, l2 = _inputs(dataset), reference.values().get("l2", 0.0)
    splits = judged.splits[: MOST_REPEATS if x.shape[1] <= FEW_INPUTS else 1]
    right, every = np.zeros(rows.shape), []
    for test, p in _predictions(x, dataset.y, splits, rows, l2):
        right[:, test] += (predicted_classes(p) == dataset.y[test]) / len(splits)
        q = p.transpose(1, 2, 0)
        every.append([METRICS[metric].score(dataset.y[test], q) for metric in TESTED])
    means = dict(zip(TESTED, np.mean(every, axis=0), strict=True))
    means["accuracy"] = _accuracy(dataset.y, means, right, folds=len(every) // len(splits))
    return {m: float((each >= each[0] - TIE).mean()) for m, each in means.items()}


def _accuracy(y: Integers, means: Mapping[str, Array], right: Array, folds: int) -> Array:
    """Return the difference from a guess in standard errors, of the rows as they are and shuffled.

    What is learned from shuffled rows is less accurate than a guess for two reasons. It does not
    always name the commonest class; and rows that are left out make their class rarer among the
    others, so that the balanced accuracy is below a guess's, too. What is due to the first
    reason is added. The standard errors are from the t-test against a guess, without its
    allowance for what differs from repeat to repeat.

    Parameters
    ----------
    y : array, shape (n,)
    means : mapping of str to array, shape (B + 1,)
        The scores by metric; the first has the rows as they are.
    right : array, shape (B + 1, n)
        The share of the repeats in which each row is predicted.
    folds : int
    """
    counts = np.bincount(y)
    ahead = means["accuracy"] - counts.max() / len(y)
    of_folds = 1 / len(counts) - means["balanced_accuracy"][1:].mean()
    ahead[1:] += max(0.0, -ahead[1:].mean() - of_folds)
    by_class = np.stack([right[:, y == c].mean(axis=1) for c in range(len(counts))], axis=1)
    squares = np.square(right - by_class[:, y]).sum(axis=1)
    return np.asarray(ahead / np.sqrt(folds / (folds - 1) * squares + 2) * len(y))


def _inputs(dataset: Dataset) -> Array:
    """Return the inputs, rotated: no more of them than rows, and the penalty is the same."""
    x = Encoder.of(dataset, np.arange(len(dataset.y))).apply(dataset.x)
    left, singular, _ = np.linalg.svd(x, full_matrices=False)
    return np.asarray(left * singular)


def _predictions(
    x: Array, y: Integers, splits: Integers, rows: Integers, l2: float
) -> Iterator[tuple[Integers, Array]]:
    """Yield the test rows of each split, and their probabilities in each shuffle, (B + 1, m, C)."""
    for of_repeat in splits:
        for split in np.unique(of_repeat):
            train, test = np.flatnonzero(of_repeat != split), np.flatnonzero(of_repeat == split)
            own = np.broadcast_to(y[train], (len(rows), len(train)))
            parameters = fit_all(x[rows[:, train]], own, l2=l2)
            yield test, predict_all(parameters, x[rows[:, test]])

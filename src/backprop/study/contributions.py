"""What each independent observation contributes to a cross-validated metric: its influence."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backprop.inference.influence import SHIFTED
from backprop.study.binormal import Binormal
from backprop.study.metrics import METRICS, Metric, entry_of
from backprop.typing import Array, Integers

Score = Callable[[Integers, Array], Array]  # of fits, see `backprop.study.metrics.Metric`

SINGULAR = 1e-9  # of the information of the largest direction: one without information


class Contributions(NamedTuple):
    """What each observation contributes to a metric, and on how many the metric rests.

    Attributes
    ----------
    values : array, shape (repeats, observations)
        Their squares sum to the variance of the metric of one repeat, for fits that are given.
    least : float
        The effective number of observations of the part of the metric that has the fewest; of a
        given fit, see `effective_observations`.
    equal : float
        The number of rows that a share of all rows would need to be known as well, if all parts
        have the same value.
    changes : array, shape (thresholds, 2)
        What thresholds that the sample leaves open change, see `changes_by_thresholds`; empty if
        the metric is not of classes, or the fit or the shares of the classes are given.
    """

    values: Array
    least: float
    equal: float
    changes: Array


def contributions_of(
    metric: str | Metric,
    y: Integers,
    p: Array,
    split: Integers,
    observations: Integers,
    *,
    votes: Array | None = None,
    named: bool = False,
    given_shares: bool = False,
    given_fit: bool = False,
) -> Contributions:
    r"""Return what each observation contributes to a metric, the mean over all test folds.

    A part of a metric is a mean over rows, see `backprop.study.metrics.Part`. An observation with
    the share h of the rows of a part, and the sum s of their deviations from the mean over those
    rows, contributes :math:`w h s / (1 - h)`: by as much the part changes if the observation is
    left out (the jackknife). The shares of an observation in the parts may differ.

    A mean of recalls also depends on the thresholds that a model has learned, see
    `of_thresholds`. That is added, unless the shares of the classes are given, or the fit is. If
    the probabilities do not show them, see `shows_thresholds`, the classes have to, see
    `backprop.study.binormal.Binormal`.

    Areas under ROC curves have two parts for each area, so that the mean of a test fold is in both.
    Of given fits, an observation may have many rows of a fold: half of it counts in each.

    Parameters
    ----------
    metric : str or Metric
        A key of `METRICS`, or another metric, which is not of classes alone.
    y : int array, shape (n,)
        The class of each row.
    p : array, shape (repeats, n, C)
        The out-of-fold probabilities, all finite.
    split : int array, shape (repeats, n)
        The number of the split that tests the row, from 0 without a gap.
    observations : int array, shape (n,)
        The independent observation that each row belongs to, from 0 without a gap.
    votes : array, shape (repeats, n, C), optional
        What is predicted, see `backprop.study.fits.class_votes`; by default the most probable
        class, of which equally probable ones share a row.
    named : bool, default=False
        Whether classes were named apart from the probabilities, which then need not show any
        thresholds, see `shows_thresholds`. A tree whose probabilities are all 0 or 1 does not name
        them: these are its probabilities.
    given_shares : bool, default=False
        Whether the metric varies only by which rows of each class were drawn. What the rows of a
        class contribute then sums to 0.
    given_fit : bool, default=False
        Whether the metric is computed for one fit, whatever other rows it could have learned from.

    References
    ----------
    LeDell, Petersen and van der Laan (2015), see `backprop.inference.influence`.

    DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or
    more correlated receiver operating characteristic curves. Biometrics 44, 837-845.

    Efron, B. and Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics 9,
    586-596.
    """
    repeats, n, classes = p.shape
    count, every = int(observations.max()) + 1, split.ravel()
    folds = (int(every.max()) + 1) / repeats
    total, known, least = np.zeros((repeats, count)), [], []
    entry, votes = entry_of(metric), p if votes is None else votes
    used = votes if entry.of_classes else p
    parts = entry.parts(np.tile(y, repeats), used.reshape(-1, classes), every)
    twice = 1 - 1 / sum(part.weight for part in parts) if given_fit else 0.0
    for rows, values, weight in parts:
        own = every[rows]
        counts = np.bincount(own)
        sums = np.bincount(own, weights=values)
        shares = 1 / (folds * counts[own])
        of_folds = sums / np.maximum(counts, 1)
        mean = of_folds[counts > 0].mean()
        deviations = shares * (values - mean - twice * (of_folds[own] - mean))
        row, repeat = rows % n, rows // n
        if given_shares:
            of_class = repeat * classes + y[row]
            means = np.bincount(of_class, deviations) / np.maximum(np.bincount(of_class), 1)
            deviations = deviations - means[of_class]
        place, shape = repeat * count + observations[row], (repeats, count)
        h = np.bincount(place, shares, repeats * count).reshape(shape)
        s = np.bincount(place, deviations, repeats * count).reshape(shape)
        total += weight * s / (1 - h)
        squares = np.square(h.mean(axis=0))
        own_rows = (deviations, observations[row])
        least.append(effective_observations(*own_rows) if given_fit else _effective(squares))
        known.append(weight * squares.sum())
    changes = np.empty((0, 2))
    if isinstance(metric, str) and entry.of_classes and not (given_shares or given_fit):
        total, changes = _with_thresholds(total, metric, y, p, votes, named, observations)
    # Of parts that are all equal, as in the score interval of a mean of proportions.
    variances = np.array(known)
    equal = variances.sum() / np.square(variances).sum()
    return Contributions(total, float(min(least)), float(equal), changes)


def _with_thresholds(
    total: Array,
    metric: str,
    y: Integers,
    p: Array,
    votes: Array,
    named: bool,
    observations: Integers,
) -> tuple[Array, Array]:
    """Return contributions with what thresholds add, and what thresholds change."""
    entry, (_, n, classes), count = METRICS[metric], p.shape, total.shape[1]
    if named and not shows_thresholds(p, votes):
        by_rows = entry.share_of == "rows"
        weights = np.bincount(y) / n if by_rows else np.full(classes, 1 / classes)
        model = Binormal(y, votes, weights)
        changes = model.changes(count, is_mean=entry.by_thresholds)
        return total * (model.factor() if entry.by_thresholds else 1.0), changes
    possible = all_possible(p, count)
    logs, now = np.log(possible), entry.score(y, votes.transpose(1, 2, 0))
    changes = changes_by_thresholds(metric, y, possible, logs, count, now)
    if entry.by_thresholds:
        moved = of_thresholds(entry.score, y, possible, logs)
        total = total + np.stack([np.bincount(observations, each, count) for each in moved])
    return total, changes


def shows_thresholds(p: Array, votes: Array) -> bool:
    """Return whether probabilities say by how much a threshold must move to change a class.

    They do not if all are 0 or 1, or if a class is predicted that is not the most probable one.
    """
    most = p == p.max(axis=-1, keepdims=True)
    named = votes == votes.max(axis=-1, keepdims=True)
    return bool((named <= most).all() and not np.isin(p, (0.0, 1.0)).all())


def effective_observations(deviations: Array, observations: Integers) -> float:
    r"""Return how many equal observations the variance of a mean is known from as well.

    Observations with more rows say more. With the numbers :math:`n_g` of their rows, and the
    correlation :math:`\rho` of the rows of one, their sums have variances in the ratio of
    :math:`v_g = n_g (1 + (n_g - 1) \rho)`. It is :math:`(\sum_g v_g)^2 / \sum_g v_g^2`: with
    :math:`\rho = 1` far fewer than there are, if a few are large; with 0 nearly all.

    Parameters
    ----------
    deviations : array, shape (m,)
        Of rows from their mean. If all are 0, :math:`\rho` is 1, else it is estimated from them.
    observations : int array, shape (m,)
        The observation that each row belongs to.

    References
    ----------
    Imbens, G. W. and Kolesár, M. (2016). Robust standard errors in small samples: some practical
    advice. Review of Economics and Statistics 98, 701-712.
    """
    rows = np.bincount(observations)
    of_rows, pairs = np.square(deviations).sum(), (rows * (rows - 1)).sum() / len(deviations)
    together = np.square(np.bincount(observations, deviations)).sum() - of_rows
    correlation = together / (of_rows * pairs) if of_rows * pairs > 0 else 1.0
    variances = rows * (1 + (rows - 1) * min(max(correlation, 0.0), 1.0))
    return _effective(variances)


def _effective(values: Array) -> float:
    """Return how many equal numbers have as large a sum, and sum of squares, as these."""
    return float(values.sum() ** 2 / np.square(values).sum())


def of_thresholds(score: Score, y: Integers, p: Array, logs: Array) -> Array:
    r"""Return what each row contributes to a metric through the thresholds of a model.

    Another sample would give other thresholds. An accuracy hardly changes with them, as they are
    about the best. A recall does: by the thresholds of a sample with few rows of a class, fewer of
    its rows are recognised. They vary as far as in a recalibration: of the intercepts of
    :math:`\operatorname{softmax}(a + b \log p)`, at a = 0 and b = 1, which have the influence
    :math:`H^{-1} g_i`, with the gradient g of the row and the information H of all rows. What a
    shift of a threshold does to the metric is seen by moving it by `SHIFTED` standard errors.

    Parameters
    ----------
    score : callable
        As in `backprop.study.metrics.Metric`.
    y
        As in `contributions_of`.
    p, logs : array, shape (repeats, n, C)
        Probabilities from `all_possible`, and their logarithms.

    Returns
    -------
    array, shape (repeats, n)

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45,
    562-565.

    Saerens, M., Latinne, P. and Decaestecker, C. (2002). Adjusting the outputs of a classifier to
    new a priori probabilities. Neural Computation 14, 21-41.
    """
    repeats, n, classes = p.shape
    slopes = p * (logs - (p * logs).sum(axis=2, keepdims=True))
    information = np.empty((repeats, classes + 1, classes + 1))
    information[:, :-1, :-1] = p.sum(axis=1)[:, np.newaxis] * np.eye(classes) - (
        p.swapaxes(1, 2) @ p
    )
    information[:, :-1, -1] = information[:, -1, :-1] = slopes.sum(axis=1)
    information[:, -1, -1] = (slopes * logs).sum(axis=(1, 2))
    residuals = np.eye(classes)[y] - p
    gradients = np.concatenate([residuals, (residuals * logs).sum(axis=2, keepdims=True)], axis=2)
    inverse = np.linalg.pinv(information, rcond=SINGULAR, hermitian=True)[:, :-1]
    influence = gradients @ inverse.swapaxes(1, 2)
    # Only differences of intercepts matter: from a class to the mean of the others.
    errors = np.sqrt(np.square(influence).sum(axis=1)) * classes / (classes - 1)
    total = np.zeros((repeats, n))
    for c in range(classes):
        step = SHIFTED * np.maximum(errors[:, c], 1 / n)
        higher, lower = (_score_shifted(score, y, logs, c, sign * step) for sign in (1, -1))
        slope = (higher - lower) / (2 * step)
        total += slope[:, np.newaxis] * influence[:, :, c]
    return total


def changes_by_thresholds(
    metric: str, y: Integers, p: Array, logs: Array, count: int, now: Array
) -> Array:
    r"""Return what thresholds that the sample leaves open change in a metric.

    A model that has learned little gives all rows about the same probabilities. Then a small shift
    of a threshold changes the class of many rows, and what the model is worth: by another sample,
    all its fits may be better, or worse. The fits of this sample agree, so repeats do not show it;
    nor does a slope, as a threshold is about the best for an accuracy. So the change itself is
    looked at: by a shift of an intercept by `SHIFTED` standard errors, in both directions. If the
    intercept varies normally, its mean square is a third of the mean of both squares (the rule of
    Gauss and Hermite, exact for polynomials of the fifth degree). With one of the a of
    :math:`\operatorname{softmax}(a + \log p)` free, the standard error is
    :math:`1 / \sqrt{\tfrac Gn \sum_i p_{ic} (1 - p_{ic})}`: n rows of G observations say as much
    as G rows. What one direction gains and the other loses is in the contributions to a mean of
    recalls already, see `of_thresholds`: of it, only the mean of both changes counts.

    Parameters
    ----------
    metric, y
        As in `contributions_of`.
    p, logs : array, shape (repeats, n, C)
        Probabilities from `all_possible`, and their logarithms.
    count : int
        The number of observations.
    now : array, shape (repeats,)
        The metric as it is.

    Returns
    -------
    array, shape (C, 2), or (1, 2) with two classes
        Of each class, up and down: the change, its mean over the repeats, divided by `SHIFTED`. Of
        two classes, one moves as the other does.

    References
    ----------
    Abramowitz, M. and Stegun, I. A. (1964). Handbook of mathematical functions, 25.4.46.
    """
    steps, classes = SHIFTED / np.sqrt(count * (p * (1 - p)).mean(axis=1)), p.shape[2]
    changes = [
        [
            (_score_shifted(METRICS[metric].score, y, logs, c, sign * steps[:, c]) - now).mean()
            for sign in (1, -1)
        ]
        for c in range(1 if classes == 2 else 0, classes)
    ]
    changed = np.array(changes) / SHIFTED
    if METRICS[metric].by_thresholds:
        changed[:] = changed.mean(axis=1, keepdims=True)
    return changed


def all_possible(p: Array, count: int) -> Array:
    """Return probabilities above 0: a class that is never predicted may be, by another sample.

    None is below 1 / 2G, with G the `count` of observations: their rows say as much as G rows.
    """
    p = np.maximum(p, 1 / (2 * count))
    return np.asarray(p / p.sum(axis=2, keepdims=True))


def _score_shifted(score: Score, y: Integers, logs: Array, c: int, steps: Array) -> Array:
    """Return the score of each repeat if the intercept of a class is shifted by its step."""
    shifted = logs.copy()
    shifted[:, :, c] += steps[:, np.newaxis]
    shifted = np.exp(shifted - shifted.max(axis=2, keepdims=True))
    shifted /= shifted.sum(axis=2, keepdims=True)
    return score(y, shifted.transpose(1, 2, 0))

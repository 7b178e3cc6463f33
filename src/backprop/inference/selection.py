"""Selection of the best of many configurations, and the score that it really has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backprop.inference.intervals import DECIMALS, TAIL
from backprop.typing import Array, Integers

AT_ONCE = 1_000_000  # entries of the largest array: limits the memory that a large grid takes


@dataclass(frozen=True)
class Tuned:
    """The score to expect of a model that is the best of many candidates.

    Attributes
    ----------
    estimate : float
        The score of the tuned model, corrected for the choice.
    lower, upper : float
        The percentile interval of the estimate, of 95% confidence.
    naive : float
        The plain cross-validated score of the best candidate.
    optimism : float
        `naive` minus `estimate`: how much of the plain score was luck.
    best : int
        The index of the best candidate on all rows; the first one if several tie.
    stability : float
        The share of the bootstrap samples, in [0, 1], that choose `best` too. A tie counts in part.
    tied : int
        How many candidates share the first place on all rows.
    """

    estimate: float
    lower: float
    upper: float
    naive: float
    optimism: float
    best: int
    stability: float
    tied: int


class Mean(NamedTuple):
    """A weighted mean over rows that the scores of the candidates have a share of.

    Attributes
    ----------
    rows : int array, shape (m,)
        The rows that it is over, from 0.
    values : array, shape (candidates, m)
        Of each row under each candidate, higher is better.
    weight : float
        The share of the mean in the score.
    """

    rows: Integers
    values: Array
    weight: float = 1.0


def bbc_cv(
    means: Sequence[Mean],
    observations: Integers,
    generator: np.random.Generator,
    *,
    scores: Array | None = None,
    resamples: int = 5000,
) -> Tuned:
    r"""Estimate the score of a *tuned* model by bootstrap bias corrected cross-validation.

    Each bootstrap sample of the observations chooses its best candidate. The observations that the
    sample did not draw had no part in the choice, and score that candidate. Let :math:`s_{ci}` be
    the out-of-fold score of row i under candidate c, and :math:`m_{bi}` how often sample b draws
    the observation that row i belongs to:

    .. math::
        c_b &= \arg\max_c \sum_i m_{bi} s_{ci} \\
        L_b &= \operatorname{mean} \{ s_{c_b i} : m_{bi} = 0 \}

    The estimate is the mean of the :math:`L_b`, and its interval is between two of their
    percentiles. Nothing is trained.

    Parameters
    ----------
    means : sequence of Mean
        The score of a candidate is the weighted sum of its means. For an accuracy there is one mean
        over all rows, of 1 if right and 0 if wrong; for a balanced accuracy one for each class.
        With repeated cross-validation, pass the mean of a row over the repeats: it is drawn with
        all its repeats, so only this mean matters.
    observations : int array, shape (n,)
        The observation that each row belongs to, numbered from 0 without a gap, at least 2. A
        sample draws whole observations.
    generator : numpy.random.Generator
        It draws the bootstrap samples, which do not depend on the candidates.
    scores : array, shape (candidates,), optional
        The scores on all rows, if they are the weighted sums of the means only to first order, as
        an area under the ROC curve is: samples then differ from these as the sums do.
    resamples : int, default=5000
        The number of bootstrap samples, at least 1. One that draws every observation, or that has
        no row of a mean or leaves none out, is dropped.

    Returns
    -------
    Tuned
        The corrected and the plain score, and how stable the choice is.

    Raises
    ------
    ValueError
        If there is no candidate, a value is not finite (decide first how to score a diverged fit),
        an argument is out of range, or every sample is dropped.

    Notes
    -----
    If several candidates tie for the best of a sample, :math:`L_b` is their mean. Ties are common
    in accuracies, and to choose the first one would make the order of a grid matter.

    A bootstrap sample contains about 63% of the observations, and the other 37% score. So each
    choice uses less than all the data, and the interval is conservative (wide).

    References
    ----------
    Tsamardinos, I., Greasidou, E. and Borboudakis, G. (2018). Bootstrapping the out-of-sample
    predictions for efficient and accurate cross-validation. Machine Learning 107, 1895-1922.
    """
    count = int(observations.max()) + 1
    _check_means(means, count)
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, got {resamples}")

    on_all = _weighted(means, np.ones((1, len(observations))))[0]
    offsets = np.zeros(len(on_all)) if scores is None else scores - on_all
    draws = generator.multinomial(count, np.full(count, 1 / count), size=resamples)
    left_out_scores, stability = _choose_in_each_sample(means, offsets, draws, observations)

    estimate = float(left_out_scores.mean())
    lower, upper = np.quantile(left_out_scores, [TAIL, 1 - TAIL])
    plain = (on_all + offsets).round(DECIMALS)
    best = int(plain.argmax())
    naive = float(plain[best])
    return Tuned(
        estimate=estimate,
        lower=float(lower),
        upper=float(upper),
        naive=naive,
        optimism=naive - estimate,
        best=best,
        stability=float(stability[best]),
        tied=int(np.isclose(plain, naive, rtol=0, atol=1e-12).sum()),
    )


def _check_means(means: Sequence[Mean], observations: int) -> None:
    if observations < 2:
        raise ValueError(f"there must be at least 2 observations, got {observations}")
    for mean in means:
        if mean.values.ndim != 2 or not len(mean.values) or mean.values.shape[1] != len(mean.rows):
            raise ValueError(
                f"values must have shape (candidates, {len(mean.rows)}), got {mean.values.shape}"
            )
        if not np.isfinite(mean.values).all():
            raise ValueError("values must be finite")


def _weighted(means: Sequence[Mean], weights: Array) -> Array:
    """Return the score of each candidate for each weighting of the rows; NaN without a row.

    Parameters
    ----------
    means : sequence of Mean
    weights : array, shape (samples, n)

    Returns
    -------
    array, shape (samples, candidates)
    """
    total = np.zeros((len(weights), len(means[0].values)))
    for rows, values, weight in means:
        own = weights if len(rows) == weights.shape[1] else weights[:, rows]
        sums = own.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            total += weight * (own @ values.T / sums)
    return total


def _choose_in_each_sample(
    means: Sequence[Mean], offsets: Array, draws: Integers, observations: Integers
) -> tuple[Array, Array]:
    """Choose the best candidate of each bootstrap sample, and score it on the rows left out.

    Parameters
    ----------
    means : sequence of Mean
    offsets : array, shape (candidates,)
        What the score of a candidate has besides its means.
    draws : int array, shape (samples, observations)
        How often each sample draws each observation.
    observations : int array, shape (n,)

    Returns
    -------
    left_out_scores : array, shape (kept samples,)
        The mean score, on the rows left out, of the candidates that tie for the best of the sample.
    stability : array, shape (candidates,)
        The share of the samples that choose each candidate; ties share a sample.
    """
    scored, stability = [], np.zeros(len(offsets))
    size = max(len(offsets), len(observations))
    parts = max(1, -(-len(draws) * size // AT_ONCE))
    for part in np.array_split(draws, parts):
        drawn = part[:, observations]
        inside = (_weighted(means, drawn.astype(float)) + offsets).round(DECIMALS)
        outside = _weighted(means, (drawn == 0).astype(float)) + offsets
        kept = np.isfinite(inside).all(axis=1) & np.isfinite(outside).all(axis=1)
        inside, outside = inside[kept], outside[kept]
        chosen = (inside == inside.max(axis=1, keepdims=True)).astype(float)
        chosen /= chosen.sum(axis=1, keepdims=True)
        scored.append((chosen * outside).sum(axis=1))
        stability += chosen.sum(axis=0)
    left_out_scores = np.concatenate(scored)
    if not left_out_scores.size:
        raise ValueError("no bootstrap sample has, and leaves out, a row of each mean")
    return left_out_scores, stability / left_out_scores.size

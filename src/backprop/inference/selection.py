"""Selection of the best of many configurations, and the score that it really has."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop.inference.intervals import DECIMALS, check_inside
from backprop.typing import Array

AT_ONCE = 1_000_000  # entries of the largest array: limits the memory that a large grid takes


@dataclass(frozen=True)
class Tuned:
    """The score to expect of a model that is the best of many candidates.

    Attributes
    ----------
    estimate : float
        The score of the tuned model, corrected for the choice.
    lower, upper : float
        The percentile interval of the estimate.
    confidence : float
        The confidence of that interval, in (0, 1).
    naive : float
        The plain cross-validated score of the best candidate.
    optimism : float
        `naive` minus `estimate`: how much of the plain score was luck.
    best : int
        The index of the best candidate on all rows; the first one if several tie.
    stability : float
        The share of the bootstrap samples, in [0, 1], that choose `best` too. A tie counts in part.
    """

    estimate: float
    lower: float
    upper: float
    confidence: float
    naive: float
    optimism: float
    best: int
    stability: float


def bbc_cv(
    scores: npt.ArrayLike,
    generator: np.random.Generator,
    *,
    resamples: int = 5000,
    confidence: float = 0.95,
) -> Tuned:
    r"""Estimate the score of a *tuned* model by bootstrap bias corrected cross-validation.

    Each bootstrap sample of the rows chooses its best candidate. The rows that the sample did not
    draw had no part in the choice, and score that candidate. Let :math:`s_{ci}` be the out-of-fold
    score of row i under candidate c, and :math:`m_{bi}` how often sample b draws row i:

    .. math::
        c_b &= \arg\max_c \sum_i m_{bi} s_{ci} \\
        L_b &= \operatorname{mean} \{ s_{c_b i} : m_{bi} = 0 \}

    The estimate is the mean of the :math:`L_b`, and its interval is between two of their
    percentiles. Nothing is trained.

    Parameters
    ----------
    scores : array-like of shape (candidates, rows)
        The out-of-fold score of each row under each candidate, higher is better: for accuracy, 1 if
        right and 0 if wrong; otherwise the negative of a row's squared error or log loss. With
        repeated cross-validation, pass the mean over the repeats: a row is drawn with all its
        repeats, so only this mean matters. A metric that is not a mean over rows, such as AUC,
        cannot be used.
    generator : numpy.random.Generator
        It draws the bootstrap samples, which do not depend on the candidates.
    resamples : int, default=5000
        The number of bootstrap samples, at least 1. A sample that draws every row is dropped.
    confidence : float, default=0.95
        The confidence of the interval, in (0, 1).

    Returns
    -------
    Tuned
        The corrected and the plain score, and how stable the choice is.

    Raises
    ------
    ValueError
        If `scores` is not of shape (1 or more, 2 or more), if a score is not finite (decide first
        how to score a diverged fit), or if an argument is out of range.

    Notes
    -----
    If several candidates tie for the best of a sample, :math:`L_b` is their mean. Ties are common
    in accuracies, and to choose the first one would make the order of a grid matter.

    A bootstrap sample contains about 63% of the rows, and the other 37% score. So each choice uses
    less than all the data, and the interval is conservative (wide).

    References
    ----------
    Tsamardinos, I., Greasidou, E. and Borboudakis, G. (2018). Bootstrapping the out-of-sample
    predictions for efficient and accurate cross-validation. Machine Learning 107, 1895-1922.
    """
    scores = np.asarray(scores, dtype=float)
    _check_scores(scores)
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, got {resamples}")
    check_inside("confidence", confidence, 0, 1)

    rows = scores.shape[1]
    draws = generator.multinomial(rows, np.full(rows, 1 / rows), size=resamples)
    draws = draws[(draws == 0).any(axis=1)].astype(float)
    left_out_scores, stability = _choose_in_each_sample(scores, draws)

    estimate = float(left_out_scores.mean())
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(left_out_scores, [tail, 1 - tail])
    means = scores.mean(axis=1).round(DECIMALS)
    best = int(means.argmax())
    naive = float(means[best])
    return Tuned(
        estimate=estimate,
        lower=float(lower),
        upper=float(upper),
        confidence=confidence,
        naive=naive,
        optimism=naive - estimate,
        best=best,
        stability=float(stability[best]),
    )


def _check_scores(scores: Array) -> None:
    if scores.ndim != 2 or scores.shape[0] < 1 or scores.shape[1] < 2:
        raise ValueError(f"scores must have shape (1 or more, 2 or more), got {scores.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")


def _choose_in_each_sample(scores: Array, draws: Array) -> tuple[Array, Array]:
    """Choose the best candidate of each bootstrap sample, and score it on the rows left out.

    Parameters
    ----------
    scores : array of shape (candidates, rows)
    draws : array of shape (samples, rows)
        How often each sample draws each row. Each sample leaves out at least one row.

    Returns
    -------
    left_out_scores : array of shape (samples,)
        The mean score, on the rows left out, of the candidates that tie for the best of the sample.
    stability : array of shape (candidates,)
        The share of the samples that choose each candidate; ties share a sample.
    """
    left_out = (draws == 0).astype(float)
    left_out_scores, stability = np.empty(len(draws)), np.zeros(len(scores))
    parts = max(1, -(-len(draws) * len(scores) // AT_ONCE))
    for part in np.array_split(np.arange(len(draws)), parts):
        inside = (draws[part] @ scores.T / scores.shape[1]).round(DECIMALS)  # (samples, candidates)
        outside = left_out[part] @ scores.T / left_out[part].sum(axis=1, keepdims=True)
        chosen = (inside == inside.max(axis=1, keepdims=True)).astype(float)
        chosen /= chosen.sum(axis=1, keepdims=True)
        left_out_scores[part] = (chosen * outside).sum(axis=1)
        stability += chosen.sum(axis=0) / len(draws)
    return left_out_scores, stability

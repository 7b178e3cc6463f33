"""What may be wrong with models in their reference configuration."""

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Annotated, Any, Self

from backprop.inference.decisions import is_shown
from backprop.statistics.checks.check import Evidence, Finding
from backprop.statistics.comparison import compare_judged
from backprop.statistics.criteria import UNLEARNED, matters
from backprop.statistics.grouping import STATES, Judged, commonest_reason
from backprop.statistics.guessing import shown
from backprop.statistics.tables import Interval, Learned
from backprop.study.metrics import METRICS, OF_CLASSES

TUNED, SURE = "tuned", "too sure"


class TroubledFits(Finding, key="troubled_fits"):
    """Fits of a headline that have no score, learned nothing or did not converge.

    Attributes
    ----------
    model, state : str
    fits, all_fits : int
        How many of its fits are in this state, of all.
    reason : str or None
        The reason of most of these fits, and the `share` that has it.
    better : bool or None
        Of fits that always predict one class: whether any model is better than a guess in naming
        the class. They are right if there is nothing to learn.
    """

    model: str
    state: Annotated[str, "subject"]
    fits: Annotated[int, "count"]
    all_fits: Annotated[int, "total"]
    reason: str | None = None
    share: float | None = None
    better: bool | None = None

    @property
    def has_one_reason(self) -> bool:
        """Whether the reason is the reason of all these fits."""
        return self.share == 1

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["TroubledFits"]:
        """Count the fits in each state; one class counts if the study's metric depends on it."""
        judgement, metric = evidence.judgement, evidence.results.metric
        better = bool(shown(evidence.results.rows("against_guess"), OF_CLASSES))
        return [
            cls(
                model=row.model,
                state=state,
                fits=getattr(row, state),
                all_fits=row.fits,
                better=better if state == UNLEARNED else None,
                **commonest_reason(judgement.scores_of(row.model, row.configuration), state),
            )
            for row in evidence.distinct
            for state in STATES
            if getattr(row, state) and matters(state, metric)
        ]


class ChaoticTraining(Finding, key="chaotic_training"):
    """A headline whose training is chaotic, as the comparison of the implementations shows."""

    model: str

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["ChaoticTraining"]:
        """Read it from the comparison."""
        return [cls(model=row.model) for row in evidence.distinct if row.chaotic]


class AgainstGuess(Finding):
    """A model against a guess, by a metric.

    Attributes
    ----------
    score, guess : float
        Of the model, and of the guess.
    better : bool
        Whether it is better: by this metric, or if its probabilities are poor, in naming the class.
    p_value : float, optional
        Of being better, adjusted; or if its probabilities are poor, of being worse, unless its log
        loss is infinite: then no test is needed.
    difference : Interval or float
        From the guess; without an interval if its log loss is infinite.
    """

    model: str
    metric: Annotated[str, "subject"]
    score: Annotated[float, "share"]
    guess: Annotated[float, "value"]
    better: bool
    difference: Interval | float
    p_value: float | None

    @classmethod
    def of_test(cls, row: Learned, **own: Any) -> Self:
        """Return the finding on a model that was tested, with facts of its own."""
        shared = ("model", "metric", "score", "guess", "better")
        own["difference"] = row.difference.value if isnan(row.difference.lower) else row.difference
        return cls(**{name: getattr(row, name) for name in shared} | own)


class NoBetterThanGuessing(AgainstGuess, key="no_better_than_guessing"):
    """A model that is not shown to be better than a guess by the metric of the study.

    A model that is better by another metric has learned something. Each model has one of these for
    each metric.

    Attributes
    ----------
    worse : bool
        Whether it is shown to be worse.
    remedy : str or None
        `TUNED` if the model is shown to be better by this metric once it is tuned.
    """

    worse: bool = False
    remedy: Annotated[str | None, "reason"] = None

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["NoBetterThanGuessing"]:
        """Read it from the comparison with a guess."""
        rows: list[Learned] = evidence.results.rows("against_guess")
        learned = shown(rows, [evidence.results.metric])
        return [
            cls.of_test(
                row,
                p_value=row.p_adjusted,
                worse=row.worse,
                remedy=TUNED if (row.model, True) in shown(rows, [row.metric]) else None,
            )
            for row in rows
            if not row.tuned and (row.model, False) not in learned
        ]


def _p_of_worse(row: Learned) -> float | None:
    """Return the p-value of being worse; None if it is no test that shows it."""
    return None if row.p_value is None or isnan(row.difference.lower) else 1 - row.p_value


class PoorProbabilities(AgainstGuess, key="poor_probabilities"):
    """A model whose log loss is shown to be worse than the log loss of a `guess`.

    Attributes
    ----------
    cause : str or None
        `SURE` if the predicted classes are right less often than their probabilities say.
    """

    cause: Annotated[str | None, "reason"] = None

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["PoorProbabilities"]:
        """Read it from the comparison with a guess. Good classes can be used all the same."""
        rows: list[Learned] = evidence.results.rows("against_guess")
        better = shown(rows, OF_CLASSES)
        return [
            cls.of_test(
                row,
                better=(row.model, False) in better,
                p_value=_p_of_worse(row),
                cause=SURE if _is_too_sure(evidence.judgement.headlines[row.model]) else None,
            )
            for row in rows
            if row.metric == "log_loss" and row.worse and not row.tuned
        ]


def _is_too_sure(judged: Judged) -> bool:
    return bool(judged.probabilities.max(axis=-1).mean() > judged.right.mean())


class DisagreeingMetrics(Finding, key="disagreeing_metrics"):
    """A metric with another winner than the study's metric, if both differences are shown.

    Attributes
    ----------
    model, other : str
        The best model by the metric of the study, and the best one by this metric.
    metric : str
    difference : float
        By this metric.
    p_value : float
    """

    model: str
    other: str
    metric: Annotated[str, "subject"]
    difference: float
    p_value: float

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["DisagreeingMetrics"]:
        """Compare the winners. The tests are adjusted for the metrics.

        A difference within the rope of its metric is none.
        """
        models, own = evidence.judgement.headlines.distinct, evidence.results.metric
        winners = {metric: _winner(models, metric) for metric in METRICS if models}
        for metric, other in winners.items():
            first = winners[own]
            if other != first:
                ropes = {each: models[first].rope_of(each) for each in (own, metric)}
                tests = [compare_judged(models[other], models[first], each) for each in ropes]
                matter = [abs(t.mean) > r for t, r in zip(tests, ropes.values(), strict=True)]
                largest = max(test.p_value for test in tests) * (len(METRICS) - 1)
                if all(matter) and is_shown(largest):
                    yield cls(
                        model=first,
                        other=other,
                        metric=metric,
                        difference=tests[1].mean,
                        p_value=tests[1].p_value,
                    )


def _winner(models: Mapping[str, Judged], metric: str) -> str:
    sign = METRICS[metric].sign
    return max(models, key=lambda model: sign * models[model].scores[metric].mean())

"""What may be wrong with the choice of a configuration."""

from collections.abc import Iterable
from typing import Annotated

from backprop.inference.decisions import is_shown
from backprop.inference.intervals import CONFIDENCE
from backprop.models.candidate_lists import find_configuration
from backprop.statistics.checks.check import Evidence, Finding
from backprop.statistics.comparison import compare_judged
from backprop.statistics.grouping import Judged
from backprop.statistics.tables import Interval, Nested, Tuning
from backprop.statistics.tuning import kept
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS

STABLE = 0.5  # the share of the training sets in which a stable choice is the same: a majority


class EdgeValue(Finding, key="edge_value"):
    """A best value that is the last one tried, and shown to be better than the one before.

    Attributes
    ----------
    model, hyperparameter : str
    value, neighbour : float
        The best value, and the one next to it.
    difference : Interval
        How much better it is than its neighbour, at this `confidence`.
    p_value : float
    """

    model: str
    hyperparameter: Annotated[str, "subject"]
    value: float
    neighbour: float
    difference: Interval
    p_value: float
    confidence: float | None

    @property
    def is_largest(self) -> bool:
        """Whether it is the largest that was tried; otherwise it is the smallest."""
        return self.value > self.neighbour

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["EdgeValue"]:
        """Compare the best value of each hyperparameter with its neighbour, all others as in it."""
        for row in filter(kept, _tuned(evidence)):
            best = find_configuration(evidence.results.candidates, row.model, row.best)
            for key in best.values():
                line = _line(evidence, row.model, best, key)
                own, last = _number(best.values()[key]), len(line) - 1
                values = sorted(line)
                if last < 1 or own not in (values[0], values[-1]):
                    continue
                if own is None or _at_limit(own, own == values[0]):
                    continue
                neighbour = values[1] if own == values[0] else values[-2]
                test = compare_judged(line[own], line[neighbour])
                better = (test.mean > 0) == METRICS[evidence.results.metric].higher_is_better
                if better and is_shown(test.p_value * last):
                    yield cls(
                        model=row.model,
                        hyperparameter=key,
                        value=own,
                        neighbour=neighbour,
                        difference=Interval(test.mean, test.lower, test.upper),
                        p_value=test.p_value,
                        confidence=CONFIDENCE,
                    )


def _tuned(evidence: Evidence) -> list[Tuning]:
    """Return the best configurations of the distinct models, as far as they are tuned."""
    models = {row.model for row in evidence.distinct}
    return [row for row in evidence.results.rows("tuning") if row.model in models]


def _line(evidence: Evidence, model: str, best: Configuration, key: str) -> dict[float, Judged]:
    """Return how the values of a hyperparameter are judged, all others as in the best.

    Without those that are not numbers, and those with fits without a score. Empty if the values
    have no order.
    """
    line = {}
    for each in evidence.results.candidates[model]:
        if set(each.differing(best)) <= {key}:
            value = each.values().get(key)
            number = _number(value)
            judged = evidence.judgement.of(model, each.name)
            if number is not None and judged.scored:
                line[number] = judged
            elif number is None and not isinstance(value, tuple):
                return {}
    return line


def _number(value: object) -> float | None:
    """Return the value of a hyperparameter as a number: the nodes of a single hidden layer."""
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def _at_limit(value: float, lowest: bool) -> bool:
    """Return whether nothing is beyond a value: below 0, or below one of what is counted."""
    return lowest and (value == 0 or (isinstance(value, int) and value <= 1))


class UnstableChoice(Finding, key="unstable_choice"):
    """A best configuration that looks better than the baseline only because it was chosen.

    Attributes
    ----------
    model : str
    configurations : int
        From how many it was chosen.
    chosen : str
        The configuration that the training sets choose most often.
    stability : float or None
        The share of the `training_sets` that choose it.
    apparent : float
        The difference of the best on all rows.
    difference : float
        By nested cross-validation.
    """

    model: str
    configurations: Annotated[int, "count"]
    chosen: Annotated[str, "reason"]
    stability: Annotated[float | None, "share"]
    training_sets: Annotated[int, "total"]
    apparent: float
    difference: float

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["UnstableChoice"]:
        """Compare the score of the best on all rows with that by nested cross-validation.

        Configurations that are equally good make a choice unstable, and do no harm. It does harm if
        the reader of the first score would take the model, and a reader of the second one would
        not. If the reference, which is not chosen, looks better too, the choice is not the reason.
        """
        rope, sign = evidence.results.rope, METRICS[evidence.results.metric].sign
        by_nested: dict[str, Nested] = {r.model: r for r in evidence.results.rows("nested")}
        for row in _tuned(evidence):
            fixed = evidence.results.comparison[row.model].difference
            nested = by_nested.get(row.model)
            if fixed and sign * fixed.value > rope:
                continue
            if row.plain is None or row.logistic is None:
                continue
            if not (nested and nested.difference and nested.chosen):
                continue
            apparent, chosen = row.plain - row.logistic, nested.difference.value
            only_chosen = sign * apparent > rope and sign * chosen <= 0
            if only_chosen and (nested.stability or 0.0) < STABLE:
                yield cls(
                    model=row.model,
                    configurations=kept(row),
                    chosen=nested.chosen,
                    stability=nested.stability,
                    training_sets=nested.fits,
                    apparent=apparent,
                    difference=chosen,
                )

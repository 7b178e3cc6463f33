"""Numbers in words."""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from backprop.report.wording.names import within_sentence
from backprop.statistics.tables import Interval
from backprop.study.metrics import METRICS

MINUS = "\N{MINUS SIGN}"


def ends(lower: float, upper: float, write: Callable[[float], str]) -> str:
    """Write the ends of an interval, such as ``75.0% to 87.6%``; ``none`` if it is not known."""
    return f"{write(lower)} to {write(upper)}" if math.isfinite(lower + upper) else "none"


class Unit(NamedTuple):
    """How to write a difference.

    Attributes
    ----------
    name : str
        Its unit; "" if there is none.
    scale : float
        The units in a score of 1.
    decimals : int
        The decimals to show.
    full_name : str
        The unit on an axis.
    """

    name: str
    scale: float
    decimals: int
    full_name: str

    def amount(self, difference: float, sign: str = "") -> str:
        """Write a difference; zero has no minus sign, and a minus is no hyphen."""
        return f"{difference * self.scale:{sign}z.{self.decimals}f}".replace("-", MINUS)

    def in_words(self, difference: float, sign: str = "") -> str:
        """Write a difference with its unit."""
        return f"{self.amount(difference, sign)} {self.name}".rstrip()

    def ends(self, lower: float, upper: float) -> str:
        """Write the ends of the interval of a difference, see `ends`."""
        return ends(lower, upper, lambda value: self.amount(value, "+"))

    def difference(self, difference: Interval, confidence: float | None) -> str:
        """Write a difference with its interval, if it has one."""
        text = self.in_words(difference.value, "+")
        if math.isnan(difference.lower):
            return f"{text} without an interval"
        interval = self.ends(difference.lower, difference.upper)
        return f"{text}, {100 * (confidence or math.nan):g}% interval {interval}"


POINTS = Unit("points", 100, 1, "percentage points")  # for accuracy and other shares


def unit_of(metric: str) -> Unit:
    """Return how to write a difference of a metric."""
    name = METRICS[metric].unit_of_differences
    return POINTS if name == POINTS.name else Unit(name, 1, 3, name)


def score(metric: str, value: float) -> str:
    """Write a score: a share in percent, others with three decimals."""
    return f"{value:.1%}" if unit_of(metric) is POINTS else f"{value:.3f}"


def named(metric: str) -> str:
    """Return the name of a metric within a sentence."""
    return within_sentence(METRICS[metric].label)


def article(metric: str) -> str:
    """Return the name of a metric with its indefinite article.

    Examples
    --------
    >>> article("accuracy"), article("roc_auc")
    ('an accuracy', 'a ROC AUC')
    """
    name = named(metric)
    return f"{'an' if re.match('[aeiou]|[AEFHILMNOSX]([^a-z]|$)', name) else 'a'} {name}"


def unit_on_axis(metric: str) -> str:
    """Return the unit of differences in brackets, and whether low ones are better; "" if neither.

    Examples
    --------
    >>> unit_on_axis("accuracy"), unit_on_axis("log_loss"), unit_on_axis("roc_auc")
    ('(percentage points)', '(nats; lower is better)', '')
    """
    lower = "" if METRICS[metric].higher_is_better else "lower is better"
    words = "; ".join(filter(None, [unit_of(metric).full_name, lower]))
    return f"({words})" if words else ""


def differences_on_axis(metric: str, minus: str, gap: str = " ") -> str:
    """Return a metric, what is subtracted from what, and the unit of differences.

    Examples
    --------
    >>> differences_on_axis("accuracy", "row minus column")
    'Accuracy: row minus column (percentage points)'
    """
    what = f"{METRICS[metric].label}: {minus}"
    return gap.join(filter(None, [what, unit_on_axis(metric)]))


def scores_on_axis(metric: str, gap: str = " ") -> str:
    """Return a metric with its unit, and what a reader of its axis has to know.

    Examples
    --------
    >>> scores_on_axis("accuracy"), scores_on_axis("brier_score", "/")
    ('Accuracy (share of the test fold)', 'Brier score/(mean squared error;/lower is better)')
    """
    entry = METRICS[metric]
    lower = "" if entry.higher_is_better else f";{gap}lower is better"
    return f"{entry.label}{gap}({entry.unit}{lower})"


def score_ends(metric: str, lower: float, upper: float) -> str:
    """Write the ends of the interval of a score, see `ends`."""
    return ends(lower, upper, lambda value: score(metric, value))


def score_with_interval(metric: str, value: Interval) -> str:
    """Write a score with its interval in brackets, such as ``82.1% (75.0% to 87.6%)``."""
    text = score(metric, value.value)
    if math.isnan(value.lower):
        return f"{text} (no interval)"
    return f"{text} ({score_ends(metric, value.lower, value.upper)})"


def probability(probability: float) -> str:
    """Write a probability after a relation sign, without rounding it to 0 or 1."""
    if probability < 0.001:
        return "< 0.001"
    return f"= {probability:.3g}" if probability <= 0.999 else "> 0.999"


def ends_of(metric: str, axis: str) -> tuple[str, str, str]:
    """Return what is below an axis of differences: its lower end, what it is, its upper end."""
    ends = ("worse", "better") if METRICS[metric].higher_is_better else ("better", "worse")
    return f"\N{LEFTWARDS ARROW} {ends[0]}", axis, f"{ends[1]} \N{RIGHTWARDS ARROW}"

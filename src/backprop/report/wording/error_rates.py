"""The sentences on how often the verdicts are wrong."""

from collections.abc import Sequence
from typing import NamedTuple

from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.intervals import CONFIDENCE
from backprop.models.registry import BASELINE
from backprop.report.wording.amounts import named, score, unit_of
from backprop.report.wording.names import listed, model_name, plural
from backprop.report.wording.rows import Context, trouble_of
from backprop.statistics.error_rate_findings import (
    differences_of_interest,
    power_of_interest,
    range_of_share,
    too_low,
    unlike,
)
from backprop.statistics.tables import Compared, ErrorRate

LEVELS = {"coverage": CONFIDENCE, "false_alarm": SIGNIFICANCE, "power": None}
"""How often it should be: an interval right at least, an alarm false at most; power has no bar."""


def error_rate_verdicts(rows: Sequence[ErrorRate], context: Context) -> list[str | None]:
    """Say how often the verdicts are wrong.

    The t-test that takes the splits for independent is a contrast, in the sentence of the
    report. All rows on the power have one sentence, in the first of them, without differences of no
    practical interest: the report does not try to find these. If there are none, the false alarms
    of the baseline say why.
    """
    plain = {row.model: row for row in rows if row.test == "uncorrected"}
    power = power_of_interest(rows, context.rope)
    sentences: list[str | None] = []
    for row in rows:
        if row.check == "coverage":
            sentences.append(_coverage(row, context.metric))
        elif row.test == "uncorrected":
            sentences.append(None)
        elif row.check == "false_alarm":
            missing = "" if power or row.model != BASELINE else _no_power(context)
            sentences.append(
                f"if {model_name(row.model)} is trained on two equally good sets of inputs, this "
                f"report calls one of the two better in {share_with_range(row)} of {row.sets} "
                "simulated comparisons; a t-test that takes the splits for independent does so in "
                f"{share_with_range(plain[row.model])}{missing}"
            )
        else:
            sentences.append(_power(power, context.metric) if row in power[:1] else None)
    return sentences


class Rate(NamedTuple):
    """A line of the error rates at a glance.

    Attributes
    ----------
    words : str
        What is counted.
    level : float or None
        The share that it should have: at least, of intervals; at most, of false alarms.
    rows : dict of str to ErrorRate
        How often it happens, by model.
    """

    words: str
    level: float | None
    rows: dict[str, ErrorRate]

    @property
    def numbers(self) -> str:
        """The smallest and the largest share, each with its range, as short as a cell needs."""
        ends = [f(self.rows.values(), key=lambda row: row.share) for f in (min, max)]
        return "; ".join(dict.fromkeys(share_with_range(each, "\N{EN DASH}") for each in ends))


def rates_at_a_glance(rows: Sequence[ErrorRate], context: Context) -> list[Rate]:
    """Return how often the verdicts are wrong, in a few lines, each for all models."""
    lines: dict[str, Rate] = {}
    power = power_of_interest(rows, context.rope)
    for row in rows:
        if not row.sets or row.test == "uncorrected" or (row.check == "power" and row not in power):
            continue
        words = _at_a_glance(row, context.metric)
        lines.setdefault(words, Rate(words, LEVELS[row.check], {})).rows[row.model] = row
    return [*lines.values()]


def simulations(rows: Sequence[ErrorRate], context: Context) -> str:
    """Say by what the report knows how often its verdicts are wrong."""
    most = max((row.sets for row in rows), default=0)
    return f"by {most} simulations{with_independent_rows(context)}"


def with_independent_rows(context: Context) -> str:
    """Return what to add to simulations, which draw independent rows, if the study has others."""
    return "" if context.independent else f" with independent {plural(context.noun)}"


def _at_a_glance(row: ErrorRate, metric: str) -> str:
    if row.check == "coverage":
        what = "differences" if row.other else named(metric)
        return f"95% intervals of {what} hold the truth"
    if row.check == "false_alarm":
        return "Equally good models are called different"
    return f"True advantages of {true_size(row, metric)} are found"


def true_size(row: ErrorRate, metric: str) -> str:
    """Write the true difference of a row, such as ``5 points``."""
    unit = unit_of(metric)
    return f"{row.true_difference * unit.scale:g} {unit.name or named(metric)}"


def unlike_sentence(
    rates: Sequence[ErrorRate], models: Sequence[Compared], metric: str
) -> str | None:
    """Say whose true score on simulated data is outside its interval on the data, if any is.

    Parameters
    ----------
    rates, models, metric
        As in `backprop.statistics.error_rates.unlike`.
    """
    outside = unlike(rates, models)
    if not outside:
        return None
    truths = listed([f"{score(metric, truth)} for {model_name(m)}" for m, truth in outside.items()])
    intervals = "its interval" if len(outside) == 1 else "the intervals"
    return (
        f"the simulated data sets seem unlike these data: there, the true {named(metric)} is "
        f"{truths}, outside {intervals} above, so these error rates may not hold here"
    )


def narrow_sentences(rates: Sequence[ErrorRate], metric: str) -> list[str]:
    """Say which intervals have the truth less often than they should, in simulated data."""
    return [
        f"the interval of the {what} of {model_name(row.model)} is too narrow: in simulated data "
        f"it contains the truth in {share_with_range(row)}"
        for what, low in ((named(metric), too_low(rates)), ("difference", too_low(rates, BASELINE)))
        for row in low
    ]


def _coverage(row: ErrorRate, metric: str) -> str | None:
    name = model_name(row.model)
    other = model_name(row.other) if row.other else None
    if not row.sets:
        if other:
            return None
        if row.truth is not None:
            return (
                f"the {named(metric)} of {name} has no interval on any simulated data set: on "
                "each, a few rows or groups decide it"
            )
        if row.left_out:
            trouble = trouble_of(row.model)
            return f"{name}: in each of {row.left_out:.0f} simulated data sets, a fit {trouble}"
        return (
            f"{name} takes too long to be simulated by default; `simulation: sets` in config.yaml "
            "asks for it"
        )
    what = f"the difference of {name} from {other}" if other else f"the {named(metric)} of {name}"
    assert row.truth is not None
    truth = unit_of(metric).in_words(row.truth, "+") if other else score(metric, row.truth)
    narrow = ", which is not often enough: the interval is too narrow" if row.too_low else ""
    return (
        f"the 95% interval of {what} contains the truth, {truth}, in {share_with_range(row)} of "
        f"{row.sets} simulated data sets{narrow}"
    )


def _no_power(context: Context) -> str:
    """Say why there is nothing on the power."""
    unit = unit_of(context.metric)
    if tried := differences_of_interest(context.rope):
        sizes = listed([f"{each * unit.scale:g}" for each in tried], "or")
        why = (
            f"classes that are closer to each other do not make {model_name(BASELINE)} worse by "
            f"{sizes} {unit.name or named(context.metric)}"
        )
    else:
        why = f"a difference of up to {unit.in_words(context.rope)} counts as none"
    return f"; how often it finds a true advantage is not known, because {why}"


def _power(rows: Sequence[ErrorRate], metric: str) -> str:
    parts = [f"{true_size(row, metric)} in {share_with_range(row)}" for row in rows]
    return (
        f"this report finds a true advantage of {', of '.join(parts)} of {rows[0].sets} "
        f"simulated comparisons ({model_name(rows[0].model)} against itself on worse inputs)"
    )


def share_with_range(row: ErrorRate, to: str = " to ") -> str:
    """Write a share with what the simulation leaves open, such as ``7% (3 to 14%)``."""
    lower, upper = range_of_share(row)
    return f"{row.share:.0%} ({100 * lower:.0f}{to}{upper:.0%})"

"""What several data sets show together, in words."""

from collections.abc import Sequence

from backprop.inference.decisions import excludes_zero
from backprop.models.registry import BASELINE, MODELS, is_network
from backprop.report.wording.amounts import named, unit_of
from backprop.report.wording.names import model_name
from backprop.report.wording.rows import RELATIONS
from backprop.statistics.tables import AcrossDataSets, Trait

TRAITS = {
    "rows": "number of rows",
    "features": "number of features",
    "classes": "number of classes",
    "largest": "share of the largest class",
    "baseline": f"score of {MODELS[BASELINE].name}",
}


WITHOUT_VERDICT = "no model has a score on three data sets, as a conclusion over them needs"


def verdict_across(
    row: AcrossDataSets, metric: str, name: str = "", baseline: str = MODELS[BASELINE].name
) -> str:
    """Say in a sentence what several data sets show of a model, and what to expect on the next.

    Parameters
    ----------
    row : AcrossDataSets
    metric : str
    name, baseline : str
        What to call the model, by default as in the report, and the baseline.
    """
    unit, following = unit_of(metric), row.next
    counts = [
        f"{word} on {count}"
        for word, count in (("better", row.shown_better), ("worse", row.shown_worse))
        if count
    ]
    shown = (
        f"it is shown to be {' and '.join(counts)} of them"
        if counts
        else "no data set alone shows a difference"
    )
    return (
        f"on {row.datasets} data sets, {name or model_name(row.model)} is {RELATIONS[row.outcome]} "
        f"{baseline} on average: {named(metric)} "
        f"{unit.in_words(row.difference.value, '+')} "
        f"({unit.ends(row.difference.lower, row.difference.upper)}); on the next data set expect "
        f"{unit.ends(following.lower, following.upper)}; {shown}"
    )


def verdicts_across(rows: Sequence[AcrossDataSets], metric: str) -> list[str]:
    """Say it of each model, the networks first; without any, why there is none."""
    every = [verdict_across(row, metric) for row in networks_first(rows)]
    return every or [WITHOUT_VERDICT]


def networks_first(rows: Sequence[AcrossDataSets]) -> list[AcrossDataSets]:
    """Return the rows of models with those of networks, which the study is about, first."""
    return sorted(rows, key=lambda row: not is_network(row.model))


def trait_sentence(row: Trait, metric: str) -> str | None:
    """Say that a difference grows or falls with a trait of data sets; None if that is not known."""
    _, lower, upper = row.correlation
    if not excludes_zero(lower, upper):
        return None
    grows = "the larger" if lower > 0 else "the smaller"
    return (
        f"the larger the {TRAITS[row.trait]}, {grows} the difference of {model_name(row.model)} in "
        f"{named(metric)}; other causes may be behind it"
    )

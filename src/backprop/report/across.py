"""The page of a study of several data sets: what they show together."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from backprop.models.registry import MODELS
from backprop.report.drawn_differences import INK, DrawnDifference
from backprop.report.figures.forest import pictures_of
from backprop.report.pages import Section, page_of
from backprop.report.wording.across import networks_first, trait_sentence, verdicts_across
from backprop.report.wording.names import model_name
from backprop.report.wording.rows import Context
from backprop.statistics.across import Across
from backprop.statistics.tables import ACROSS, ON_DATA_SETS, TRAITS, AcrossDataSets, OnDataSet

MOST_DRAWN = 100  # data sets in a picture; the table has all


def page_across(
    title: str,
    tables: Across,
    looks: Sequence[Mapping[str, Any]],
    metric: str,
    rope: float,
) -> str:
    """Return the page, as HTML.

    Parameters
    ----------
    title : str
    tables : Across
    looks : sequence of mapping
        Of each table, what `TableEntry.look` returns.
    metric : str
    rope : float
        Of the study.
    """
    context = Context({}, metric, rope)
    together = ACROSS.rows(tables.models, metric)
    single = ON_DATA_SETS.rows(tables.data_sets, metric)
    pictures = [
        Markup("<h3>{}</h3>").format(context.capital(model_name(row.model)))
        + Markup(pictures_of(_lines(row, single), rope, f"across-{place}", metric))
        for place, row in enumerate(networks_first(together))
    ]
    traits = [trait_sentence(row, metric) for row in TRAITS.rows(tables.traits)]
    said: list[Sequence[str]] = [verdicts_across(together, metric), [], [*filter(None, traits)]]
    tables = tables._replace(data_sets=_compared(tables.data_sets))
    sections = [
        Section(table, sentences=sentences, context=context, pictures=drawn, **look)
        for table, sentences, drawn, look in zip(
            tables, said, [(), pictures, ()], looks, strict=True
        )
        if len(table) or sentences
    ]
    return page_of(title, sections)


def _compared(single: pd.DataFrame) -> pd.DataFrame:
    """Leave out where a model is not compared, if another one is on this data set."""
    known = single["difference"].notna()
    return single[known | ~known.groupby(single["dataset"]).transform("any")]


def _lines(row: AcrossDataSets, single: Sequence[OnDataSet]) -> list[DrawnDifference]:
    """Return the lines of a forest plot: data sets by their difference, the mean, the next."""
    own = [each for each in single if each.model == row.model and each.difference]
    own.sort(key=lambda each: -each.difference.value if each.difference else 0.0)
    colour = MODELS[row.model].colour if row.model in MODELS else INK
    return [
        *(DrawnDifference(each.dataset, each.difference) for each in own if len(own) <= MOST_DRAWN),
        DrawnDifference("Mean over data sets", row.difference, colour=colour),
        DrawnDifference("The next data set", row.next, colour=colour),
    ]

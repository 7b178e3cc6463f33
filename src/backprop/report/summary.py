"""The landing page of the report, rendered from a template."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from backprop.models.registry import BASELINE, MODELS
from backprop.report.tables import NAMES
from backprop.study.configurations import enumerate_configurations


def render(
    template: Path, config: Mapping[str, Any], studies: Mapping[str, Mapping[str, Any]]
) -> str:
    """Render the landing page.

    Parameters
    ----------
    template : Path
        A Jinja template in reStructuredText.
    config : mapping
        The content of config.yaml.
    studies : mapping of str to mapping
        For each data set, by name: its `provenance`, a mapping, and the tables `comparison` and
        `tuning`, data frames.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    jinja2.UndefinedError
        If the template uses a value that is not there.
    """
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = lambda value: f"{value:.1%}"
    environment.filters["points"] = lambda value: f"{100 * value:+.1f}"
    environment.filters["name"] = _name
    environment.filters["sentence"] = lambda text: f"{_sentence_case(text)}."
    page = environment.from_string(template.read_text(encoding="utf-8")).render(
        config=config,
        studies={
            name: {
                **study,
                "advice": advice(study["comparison"]),
                **{table: study[table].to_dict("records") for table in ("comparison", "tuning")},
            }
            for name, study in studies.items()
        },
        configurations=len(enumerate_configurations(config)),
        baseline=BASELINE,
    )
    # Snakemake renders the page as a template again: text from the data must not look like one.
    return page.replace("{{", "{ {").replace("{%", "{ %")


def advice(comparison: pd.DataFrame) -> str:
    """Say which model to use, and why.

    Parameters
    ----------
    comparison : DataFrame
        From `backprop.report.tables.comparison`.
    """
    better = comparison[comparison["outcome"] == "better"]
    if len(better):
        best = better.sort_values("accuracy").iloc[-1]
        return (
            f"Use {NAMES[best.model]}: it is better than {NAMES[BASELINE]} on these data, "
            f"by {100 * best.difference:.1f} points of accuracy."
        )
    rest = (
        "nothing here is shown to do better, and it is the simplest, with nothing to tune."
        if len(comparison) > 1
        else "nothing else was tried."
    )
    detectable = comparison.loc[comparison["outcome"] == "undecided", "detectable"].max()
    if math.isnan(detectable):
        return f"Use {NAMES[BASELINE]}: {rest}"
    size = "any size" if math.isinf(detectable) else f"less than {100 * detectable:.1f} points"
    return f"Use {NAMES[BASELINE]}: {rest} An advantage of {size} could have gone unnoticed."


def _name(model: str) -> str:
    return _sentence_case(MODELS[model].name.removeprefix("the "))


def _sentence_case(text: str) -> str:
    return text[0].upper() + text[1:]

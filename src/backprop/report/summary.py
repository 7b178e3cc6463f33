"""The landing page of the report, rendered from a template."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from backprop.escaping import for_jinja, for_rst
from backprop.models.registry import BASELINE, MODELS, network_configurations
from backprop.report.wording import advice, sentence_case


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
        By the name of a data set: its `provenance`, a mapping, and the tables `comparison` and
        `tuning`, data frames.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    jinja2.UndefinedError
        If the template uses a value that is missing.
    """
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["literal"] = lambda text: f":literal:`{for_rst(text)}`"
    environment.filters["percent"] = lambda value: f"{value:.1%}"
    environment.filters["points"] = lambda value: f"{100 * value:+.1f}"
    environment.filters["name"] = lambda model: sentence_case(
        MODELS[model].name.removeprefix("the ")
    )
    environment.filters["sentence"] = lambda text: f"{sentence_case(text)}."
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
        configurations=len(network_configurations(config)),
        baseline=BASELINE,
    )
    return for_jinja(page)  # Snakemake renders the page as a template, too

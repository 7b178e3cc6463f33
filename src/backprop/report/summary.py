"""The landing page of the report, rendered from a template."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from backprop.escaping import for_jinja, for_rst
from backprop.models.registry import BASELINE, MODELS, families, network_models
from backprop.report.wording.names import named_value, plural, sentence_case
from backprop.report.wording.recommendation import advice
from backprop.report.wording.rows import Context, without_score
from backprop.study.configurations import Candidate


def render(
    template: Path,
    config: Mapping[str, Any],
    candidates: Mapping[str, Sequence[Candidate]],
    studies: Mapping[str, Mapping[str, Any]],
) -> str:
    """Render the landing page.

    Parameters
    ----------
    template : Path
        A Jinja template in reStructuredText.
    config : mapping
        The content of config.yaml.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    studies : mapping of str to mapping
        By the name of a data set: its `provenance`, a mapping, the tables `comparison` and
        `tuning`, data frames, and `guessing`, the accuracy of always the commonest class.

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
    environment.filters["plural"] = plural
    environment.filters["percent"] = lambda value: f"{value:.1%}"
    environment.filters["points"] = lambda value: f"{100 * value:+.1f}"
    environment.filters["name"] = lambda model: for_rst(
        sentence_case(MODELS[model].name.removeprefix("the "))
    )
    environment.filters["sentence"] = lambda text: for_rst(f"{sentence_case(text)}.")
    fits = config["validation"]["repeats"] * config["validation"]["folds"]
    environment.filters["without_score"] = lambda row: without_score({"fits": fits, **row})
    networks = network_models(candidates)
    fits = config["validation"]["folds"] * config["validation"]["repeats"]
    page = environment.from_string(template.read_text(encoding="utf-8")).render(
        config=config,
        studies={
            name: {
                **study,
                "advice": for_rst(_advice(study, config, candidates)),
                "comparison": study["comparison"].assign(fits=fits).to_dict("records"),
                "tuning": study["tuning"].to_dict("records"),
            }
            for name, study in studies.items()
        },
        configurations=len(candidates[networks[0]]) if networks else 0,
        estimators=_estimators(candidates),
        tuned=bool(families(candidates)),
        baseline=BASELINE,
    )
    return for_jinja(page)  # Snakemake renders the page as a template, too


def _advice(
    study: Mapping[str, Any],
    config: Mapping[str, Any],
    candidates: Mapping[str, Sequence[Candidate]],
) -> str:
    """Say which model to use on a data set."""
    tables = {"comparison": study["comparison"]}
    tables["guessing"] = pd.DataFrame({"accuracy": [study["guessing"]]})
    if len(study["tuning"]):
        tables["tuning"] = study["tuning"]
    context = Context.of(
        candidates,
        rope=config["comparison"]["rope"],
        noun="row",
        epochs=config["training"]["epochs"],
        patience=config["training"]["patience"],
        **config["validation"],
    )
    return advice(tables, context)


def _estimators(candidates: Mapping[str, Sequence[Candidate]]) -> list[dict[str, Any]]:
    """Describe the classifiers of scikit-learn: names, classes, references, configurations."""
    return [
        {
            "name": for_rst(model),
            "class": MODELS[model].classifier,
            "reference": ", ".join(
                for_rst(named_value(key, value)) for key, value in every[0].values().items()
            ),
            "configurations": len(every),
        }
        for model, every in candidates.items()
        if MODELS[model].family == "estimator"
    ]

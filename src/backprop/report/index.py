"""The landing page of a study of several data sets: the verdict, and a row for each of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from backprop.errors import printable
from backprop.escaping import for_jinja, for_rst
from backprop.models.registry import BASELINE
from backprop.report.rendering import environment
from backprop.report.wording.names import model_name, sentence_case
from backprop.typing import Json

NONE = "\N{EN DASH}"  # in a cell without a number
MOST = 300  # characters of a reason


def together(
    studies: Sequence[Mapping[str, Json]],
    across: Sequence[str],
    without_result: Mapping[str, str],
) -> dict[str, Json]:
    """Return what is said of a study.

    Parameters
    ----------
    studies : sequence of mapping
        Of each data set with results, from `backprop.report.summary.findings`.
    across : sequence of str
        What all data sets show together, in sentences without their full stops.
    without_result : mapping of str to str
        The other data sets, with the reasons.

    Returns
    -------
    dict
        In the form of `findings`, with the reasons.
    """
    datasets = {name: each for study in studies for name, each in study["datasets"].items()}
    own = {"across": [*across], "datasets": datasets, "without_result": without_result}
    return {**studies[0], **own}


def render_index(template: Path, study: Mapping[str, Json]) -> str:
    """Render the page, in reStructuredText, from what `together` returns."""
    templates = environment(template.parent, keep_trailing_newline=False)
    templates.filters |= {
        "rst": for_rst,
        "unbroken": lambda texts: [text.replace(" ", "\N{NO-BREAK SPACE}") for text in texts],
        "sentence": lambda text: for_rst(sentence_case(f"{text}.")),
    }
    reasons = {name: _in_short(why) for name, why in study["without_result"].items()}
    models = dict.fromkeys(m for own in study["datasets"].values() for m in own["differences"])
    names = {model: sentence_case(model_name(model, models), models) for model in models}
    page = templates.get_template(template.name).render(
        {**study, "without_result": reasons, "models": names, "nothing": [NONE, NONE]},
        baseline=model_name(BASELINE),
    )
    return for_jinja(page)  # Snakemake renders the page as a template, too


def _in_short(reason: str) -> str:
    """Return a reason in one line; a message of several faults has a line for each."""
    lines = [" ".join(line.split()) for line in printable(reason).splitlines()]
    line = "; ".join(lines).replace(":; ", ": ")
    return line if len(line) <= MOST else f"{line[:MOST]}..."

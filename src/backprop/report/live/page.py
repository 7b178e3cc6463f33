"""Put the page together: the study as JSON, the modules as one script, and the stylesheet."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from backprop.data.encoding import most_inputs
from backprop.models.candidate_lists import network_configurations
from backprop.models.registry import MODELS, the_network
from backprop.report.class_looks import CLASSES, class_colour, class_marker
from backprop.report.live.study_data import (
    BEGINNINGS,
    OF_FITS,
    Exported,
    bytes_of_numbers,
    export_beginnings,
    export_fits,
    export_study,
)
from backprop.report.rendering import rendered
from backprop.report.wording.names import changes
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration

MOST_BYTES = 1_500_000  # Snakemake's report shows nothing if a page in base64 is over 2 MiB
CALCULATING = (
    "streams.js", "network.js", "training.js", "study.js", "proving.js", "history.js", "formula.js",
    "one_step.js", "chain_rule.js", "gradient_check.js", "mistakes.js", "marking.js",
    "small_study.js", "interval.js", "questions.js",
)  # fmt: skip
"""What needs no page: workers run it."""
SHOWING = (
    "path_english.js", "path_chinese.js", "english.js", "chinese.js", "words.js", "elements.js",
    "numbers.js", "sheet.js", "chart.js", "plane.js", "network_drawing.js", "flow.js", "crew.js",
    "proof.js", "own.js", "watch_panel.js", "watch.js", "update.js", "gallery.js", "exercise.js",
    "own_table.js", "path.js", "address.js", "page.js",
)  # fmt: skip
"""All else. In both, each module uses only what is above it when it is loaded."""
MODULES = (*CALCULATING, *SHOWING)
BOUNDARY = "// What readers see is below.\n"  # workers end here, see crew.js


def live_page(results: Results, training: Mapping[str, object], title: str, name: str) -> str:
    """Return the page of one data set, at most `MOST_BYTES` long.

    If the fits of all configurations are too large, it has the reference's. If these are,
    too, it has none, and says so.

    Parameters
    ----------
    results : Results
        With the settings ``seed`` and the files ``data``, ``folds``, ``candidates`` and ``fits``,
        the fits of one network; and the table ``parity``, if implementations were compared.
    training : mapping
        The stop condition, as `export_study` takes it.
    title : str
        The page's heading.
    name : str
        Of the data set in ``results/``.

    Returns
    -------
    str
        HTML, the same for the same results.
    """
    dataset, splits = results.dataset, list(results.splits.values())
    every = network_configurations(results.candidates)
    # Each value takes two bytes or more, so what is larger is not even written.
    if 2 * dataset.x.size <= MOST_BYTES:
        study = export_study(dataset, splits, seed=results.seed, training=training)
        for kept in (every, every[:1]):
            # Numbers that are too large alone are not read.
            if bytes_of_numbers(kept, study["splits"], len(dataset.classes)) <= MOST_BYTES:
                fits = results.fits(OF_FITS, configurations=[each.name for each in kept])
                own = {**_about(results, name, kept), **export_fits(fits, splits, kept)}
                html = _html({**study, **own}, title)
                if len(html.encode()) <= MOST_BYTES:
                    return html
    return _html({"splits": [], "configurations": [], **_about(results, name, ())}, title)


def _html(study: Exported, title: str) -> str:
    style = Markup(_source("live.css"))
    script = Markup(joined(CALCULATING) + BOUNDARY + joined(SHOWING))
    text = json.dumps(study, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    known = Markup(text.replace("<", "\\u003c"))  # no text ends the element of the script
    return rendered("live.html.jinja", title=title, style=style, script=script, study=known)


def joined(modules: Iterable[str]) -> str:
    """Join modules into one, for a page that has no other file: without imports and exports."""
    source = "\n".join(map(_source, modules))
    source = re.sub(r"^import [^;]*;\n", "", source, flags=re.MULTILINE)
    return re.sub(r"^export (?=\w)", "", source, flags=re.MULTILINE)


def _source(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _about(results: Results, name: str, kept: Sequence[Configuration]) -> Exported:
    """Return what readers are shown of a study besides its numbers."""
    dataset, every = results.dataset, network_configurations(results.candidates)
    network = the_network(results.candidates)[0]
    looks = range(max(len(dataset.classes), len(CLASSES)))  # a table of the reader has more classes
    return {
        "dataset": name,
        "label": dataset.label,
        "colours": [class_colour(c) for c in looks],
        "markers": [class_marker(c) for c in looks],
        "colour": MODELS[network].colour,
        "names": ["" if each == every[0] else changes(each, every[0]) for each in kept],
        "chaotic": _chaotic(results, kept),
        "size": {
            "rows": len(dataset.y),
            "inputs": most_inputs(dataset),
            "configurations": len(every),
            "kept": len(kept),
        },
    }


def _chaotic(results: Results, kept: Sequence[Configuration]) -> list[Exported | None]:
    """Return how the chaotic training of each configuration begins; None if it is not chaotic."""
    until: dict[object, int] = {}
    if "parity" in results:
        states = results.tables["parity"].set_index("configuration")
        until = states.loc[states["state"] == "chaotic", "epochs"].to_dict()
    splits = list(results.splits.values())
    chaotic = [each.name for each in kept if each.name in until]
    if not chaotic:
        return [None] * len(kept)
    fits = dict(list(results.fits(BEGINNINGS, configurations=chaotic).groupby("configuration")))
    return [
        export_beginnings(fits[each.name], splits, until[each.name]) if each.name in until else None
        for each in kept
    ]

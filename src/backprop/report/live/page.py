"""Write the study into the page."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

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
from backprop.report.wording.names import changes
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration

MOST_BYTES = 1_500_000  # Snakemake's report shows nothing if a page in base64 is over 2 MiB
BUILT = Path(__file__).with_name("page.html")
PLACE = '<script type="application/json" id="study">'  # what follows it is the document


def live_page(results: Results, training: Mapping[str, object], name: str) -> str:
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
                html = _html({**study, **own})
                if len(html.encode()) <= MOST_BYTES:
                    return html
    return _html({"splits": [], "configurations": [], **_about(results, name, ())})


def _html(study: Exported) -> str:
    text = json.dumps(study, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    before, place, after = BUILT.read_text(encoding="utf-8").partition(PLACE)
    return before + place + text.replace("<", "\\u003c") + after  # no text ends the element


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

"""The lines of a figure that lists the models, then their configurations."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from backprop.models.registry import network_models, tuned_groups
from backprop.report.figures import labels
from backprop.report.figures.contenders import Entry
from backprop.report.figures.look import MAX_LINES
from backprop.report.figures.study import Study
from backprop.report.wording.names import NETWORK, model_label
from backprop.study.metrics import METRICS


class Line(NamedTuple):
    """A line: its label, and what is drawn on it."""

    label: str
    entries: list[Entry]


def lines_of(study: Study, means: Mapping[Entry, float]) -> tuple[list[Line], str]:
    """Return the lines, and the title of their axis.

    A model with one configuration has one line. The networks are side by side on the line of a
    configuration, unless they are the same. If there are more configurations than there is room
    for, only the best are listed, the best one first.

    Parameters
    ----------
    study : Study
    means : mapping
        The mean score of each (model, configuration) to list, by the metric of the study; NaN if
        it has none.

    Returns
    -------
    lines : list of Line
    title : str
        It says how many configurations are listed, if these are not all.
    """
    sign = METRICS[study.results.metric].sign
    present = {entry: sign * mean for entry, mean in means.items()}
    single: list[Line] = []
    several: list[Line] = []
    for models, name, label in _labelled(study):
        entries = [
            (model, name)
            for model in models
            if (model, name) in present and not study.models.drawn_before(model, name)
        ]
        if entries:
            of_one = label == study.models.label(models[0])
            (single if of_one else several).append(Line(label, entries))
    count, title = len(several), "Configuration"
    best = sorted(several, key=lambda line: -_mean(present, line))[:MAX_LINES]
    if any(labels.is_long(line.label) for line in best):
        best = best[: max(5, labels.LONG_LINES - len(single))]
    if count > len(best):
        several, title = best, f"The best {len(best)} of {count} configurations"
    return [*single, *several], title


def _labelled(study: Study) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Return the models and the label of each configuration; the networks last."""
    candidates, names = study.results.candidates, study.models
    networks = tuple(network_models(candidates))
    for model, every in candidates.items():
        for each in every if model not in networks else ():
            label = f"{model_label(model)}, {names.describe(model, each.name)}"
            yield (model,), each.name, label if len(every) > 1 else names.label(model)
    others = any(len(group) == 1 and group != networks for group in tuned_groups(candidates))
    start = f"{NETWORK}, " if others else ""
    for each in study.configurations:
        label = f"{start}{names.describe(networks[0], each.name)}"
        yield networks, each.name, label if len(study.configurations) > 1 else NETWORK


def _mean(scores: Mapping[Entry, float], line: Line) -> float:
    values = [scores[entry] for entry in line.entries]
    return -np.inf if np.isnan(values).all() else float(np.nanmean(values))

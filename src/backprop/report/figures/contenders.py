"""The models and configurations as figures draw them: their labels, and which are drawn as one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from backprop.escaping import for_figure
from backprop.models.candidate_lists import network_configurations
from backprop.models.registry import (
    MODELS,
    Model,
    are_one_model,
    implementations,
    network_models,
    tuned_groups,
)
from backprop.report.figures import labels, markers
from backprop.report.figures.look import MAX_LINES
from backprop.report.wording.names import NETWORK, changes, model_label, model_name, within_sentence
from backprop.statistics import marks
from backprop.statistics.results import KEYS, Results
from backprop.statistics.tables import Summarised
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS
from backprop.typing import Array

Entry = tuple[str, str]  # a model, and the name of its configuration


class Line(NamedTuple):
    """A line of a figure that lists configurations: its label, and what is drawn on it."""

    label: str
    entries: list[Entry]


class Contenders:
    """The models and configurations of a study."""

    def __init__(self, results: Results, registry: Mapping[str, Model]) -> None:
        self._results, self._registry = results, registry
        self._series: dict[str | None, dict[str, list[Configuration]]] = {}

    # What is drawn as one

    def drawn_before(self, model: str, configuration: str) -> bool:
        """Return whether a configuration of a model is drawn once, with an earlier model."""
        if model not in self._results.same_as:
            return False
        is_headline = configuration == self._results.headline(model)
        return is_headline or (model, configuration) in self._same_scores

    @cached_property
    def _same_scores(self) -> set[Entry]:
        """The configurations of a network that score as the network that it is."""
        same: set[Entry] = set()
        summaries = self._results.summaries
        for model, first in self._results.same_as.items():
            if are_one_model(model, first):
                names = [name for each, name in summaries if each == model]
                one, other = (
                    np.array([_metrics(summaries[m, name]) for name in names])
                    for m in (first, model)
                )
                equal = marks.same_scores(other, one)
                pairs = zip(names, equal, strict=True)
                same |= {(model, name) for name, metrics in pairs if metrics.all()}
        return same

    def _others(self, model: str) -> list[str]:
        return [other for other, first in self._results.same_as.items() if first == model]

    def entries_of(self, lines: Iterable[Line]) -> list[Entry]:
        """Return the entries of lines, and of models that are drawn as one with them."""
        return [
            (each, name)
            for line in lines
            for model, name in line.entries
            for each in (model, *self._others(model))
            if each == model or self.drawn_before(each, name)
        ]

    def equals_accuracy(self, metric: str) -> bool:
        """Return whether a metric is the accuracy under another name, in every fit.

        The balanced accuracy is, if each test fold has as many rows of each class. The metric of
        the study has its picture all the same.
        """
        if metric in ("accuracy", self._results.metric):
            return False
        one, other = (self._results.scores[name].to_numpy() for name in ("accuracy", metric))
        return marks.same_metric(one, other)

    # Labels

    def label(self, model: str) -> str:
        """Return the label of a model and of those that are drawn as one with it."""
        return label_of_same([model, *self._others(model)])

    def name(self, model: str) -> str:
        """Return the name of a model in a sentence."""
        return model_name(model)

    def describe(self, model: str, configuration: str) -> str:
        """Return in which hyperparameters a configuration differs from the reference."""
        reference = self._results.candidates[model][0]
        return for_figure(changes(self._named[model][configuration], reference))

    @cached_property
    def _named(self) -> dict[str, dict[str, Configuration]]:
        return {
            model: {candidate.name: candidate for candidate in every}
            for model, every in self._results.candidates.items()
        }

    def keys(self, entries: Iterable[Entry], **key: Any) -> list[Line2D]:
        """Return the legend's entries of the models of some (model, configuration) pairs."""
        pairs = list(entries)
        once = {model for model, name in pairs if self.drawn_before(model, name)}
        keys = []
        for model in dict.fromkeys(m for m, name in pairs if not self.drawn_before(m, name)):
            label = self.label(model) if once & {*self._others(model)} else model_label(model)
            keys.append(markers.key(self._registry[model], **key))
            keys[-1].set_label(f"{label}, where it differs" if model in once else label)
        return keys

    # Fits in trouble

    def label_with_failures(self, model: str, fits: pd.DataFrame) -> str:
        """Return a model's label, with the number of failed fits if there are any."""
        failed = failures(fits["status"])
        return self.label(model) + (f" ({failed})" if failed else "")

    def notes(self, model: str, configuration: str, status: pd.Series) -> str:
        """Return what a reader should know of the fits of a configuration."""
        chaotic = "chaotic" * self._results.summaries[model, configuration].chaotic
        return ", ".join(filter(None, [failures(status), chaotic]))

    def hollow(self, model: str, configuration: str) -> bool:
        """Return whether fits of a configuration are unlearned, diverged or chaotic.

        In every figure, its marks are hollow.
        """
        return marks.in_doubt(self._results.summaries[model, configuration])

    @property
    def means(self) -> dict[Entry, float]:
        """The mean score of the fits of each (model, configuration) that have one, else NaN."""
        groups: Any = self._results.scores.groupby(list(KEYS), sort=False, observed=True)
        return dict(groups[self._results.metric].mean())

    @cached_property
    def totals(self) -> dict[Entry, Array]:
        """Four sums over the fits of each (model, configuration).

        The sum of their scores by the metric of the study, the number of fits with a score, the
        number of fits that are unlearned or have no score, and the number of all fits.
        """
        scores, metric = self._results.scores, self._results.metric
        counted = pd.DataFrame(
            {
                "score": scores[metric],
                "scored": scores[metric].notna(),
                "failed": scores["status"].isin(marks.TROUBLED),
                "fits": 1,
            }
        )
        keys = [scores[key] for key in KEYS]
        sums = counted.groupby(keys, sort=False, observed=True).sum()
        return dict(zip(sums.index, sums.to_numpy(dtype=float), strict=True))

    # Configurations

    @cached_property
    def tuned_groups(self) -> dict[tuple[str, ...], list[Configuration]]:
        """The models that share several configurations, see `registry.tuned_groups`."""
        return tuned_groups(self._results.candidates)

    @cached_property
    def configurations(self) -> list[Configuration]:
        """The configurations of the networks, the reference first; empty without a network."""
        return network_configurations(self._results.candidates)

    @cached_property
    def by_name(self) -> dict[str, Configuration]:
        """The configurations of the networks by name, in their order."""
        return {candidate.name: candidate for candidate in self.configurations}

    def series(self, hyperparameter: str, model: str | None = None) -> list[Any]:
        """Return the reference and the configurations that differ from it in one hyperparameter.

        Numbers are in ascending order, names in the order of the config. By default they are the
        configurations of the networks.
        """
        if model not in self._series:
            self._series[model] = _series(
                self.configurations if model is None else self._results.candidates[model]
            )
        return self._series[model][hyperparameter]

    def lines(self, means: Mapping[Entry, float]) -> tuple[list[Line], str]:
        """Return the lines of a figure that lists the models, then their configurations.

        A model with one configuration has one line. The networks are side by side on the line of a
        configuration, unless they are the same. If there are more configurations than
        there is room for, only the best are listed, the best one first.

        Parameters
        ----------
        means : mapping
            The mean score of each (model, configuration) to list, by the metric of the study; NaN
            if it has none.

        Returns
        -------
        lines : list of Line
        title : str
            Of the axis: how many configurations are listed, if these are not all.
        """
        sign = 1 if METRICS[self._results.metric].higher_is_better else -1
        present = {entry: sign * mean for entry, mean in means.items()}
        single: list[Line] = []
        several: list[Line] = []
        for models, name, label in self._labelled():
            entries = [
                (model, name)
                for model in models
                if (model, name) in present and not self.drawn_before(model, name)
            ]
            if entries:
                line = Line(label, entries)
                (single if label == self.label(models[0]) else several).append(line)
        count = len(several)
        best = sorted(several, key=lambda line: -_mean(present, line))[:MAX_LINES]
        if any(labels.is_long(line.label) for line in best):
            best = best[: max(5, labels.LONG_LINES - len(single))]
        if count > len(best):
            several = best
        title = labels.title_of_lines(
            "Configuration", "best", len(several), count, "configurations"
        )
        return [*single, *several], title

    def _labelled(self) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """Return the models and the label of each configuration; the networks last."""
        candidates = self._results.candidates
        networks = tuple(network_models(candidates))
        for model, every in candidates.items():
            if model not in networks:
                for each in every:
                    if len(every) == 1:
                        yield (model,), each.name, self.label(model)
                    else:
                        words = self.describe(model, each.name)
                        yield (model,), each.name, f"{model_label(model)}, {words}"
        others = any(len(group) == 1 and group != networks for group in self.tuned_groups)
        start = f"{NETWORK}, " if others else ""
        for each in self.configurations:
            yield networks, each.name, f"{start}{self.describe(networks[0], each.name)}"


def _series(candidates: Sequence[Configuration]) -> dict[str, list[Configuration]]:
    """Return the first configuration with those that differ from it in one hyperparameter."""
    reference = candidates[0]
    series: dict[str, list[Configuration]] = {key: [reference] for key in reference.values()}
    for candidate in candidates:
        varied = candidate.differing(reference)
        if len(varied) == 1:
            series[varied[0]].append(candidate)
    for key, every in series.items():
        in_order(every, [candidate.values()[key] for candidate in every])
    return series


def in_order(items: list[Any], values: Sequence[Any]) -> None:
    """Sort items by their values of a hyperparameter, if these are numbers or lists of numbers."""
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        order: Any = [(v,) for v in values]
    elif all(isinstance(v, tuple) and all(isinstance(n, int) for n in v) for v in values):
        order = [(len(v), v) for v in values]
    else:
        return
    items[:] = [items[place] for place in sorted(range(len(items)), key=order.__getitem__)]


def _metrics(summary: Summarised) -> list[float]:
    return [np.nan if (score := summary.by(each)) is None else score.value for each in METRICS]


def _mean(scores: Mapping[Entry, float], line: Line) -> float:
    values = [scores[entry] for entry in line.entries]
    return -np.inf if np.isnan(values).all() else float(np.nanmean(values))


def failures(status: pd.Series) -> str:
    """Return how many fits are in trouble, such as ``2 unlearned, 1 diverged``."""
    counts = marks.count_troubled(status)
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def label_of_same(models: Sequence[str]) -> str:
    """Return the label of models that are drawn as one."""
    first, *others = map(model_label, models)
    if not others:
        return first
    if len(implementations(models)) == 1:
        return NETWORK
    return " = ".join([first, *map(_in_sentence, models[1:])])


def _in_sentence(model: str) -> str:
    """Return the label of a model, which begins with a small letter unless it is a name."""
    label = model_label(model)
    return within_sentence(label) if model in MODELS else label

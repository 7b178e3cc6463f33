"""The models as figures draw them: their labels, and which are drawn as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D

from backprop.escaping import for_figure
from backprop.models.candidate_lists import find_configuration
from backprop.models.registry import MODELS, Model, are_one_model, implementations
from backprop.report.figures import markers, palette
from backprop.report.wording.names import NETWORK, changes, model_label, within_sentence
from backprop.statistics import criteria
from backprop.statistics.results import Results

Entry = tuple[str, str]  # a model, and the name of its configuration


class Contenders:
    """The models of a study."""

    def __init__(self, results: Results, registry: Mapping[str, Model]) -> None:
        self._results, self._registry = results, registry

    # What is drawn as one

    def drawn_before(self, model: str, configuration: str) -> bool:
        """Return whether a configuration of a model is drawn once, with an earlier model.

        All of an implementation of the network is; of another model, the headline alone.
        """
        first = self._results.same_as.get(model)
        if first is None:
            return False
        return are_one_model(model, first) or configuration == self._results.headline(model)

    def _others(self, model: str) -> list[str]:
        return [other for other, first in self._results.same_as.items() if first == model]

    def with_same(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return some entries, each with those of models that are drawn as one with it."""
        return [
            (each, name)
            for model, name in entries
            for each in (model, *self._others(model))
            if each == model or self.drawn_before(each, name)
        ]

    # Labels

    def label(self, model: str) -> str:
        """Return the label of a model and of those that are drawn as one with it."""
        return label_of_same([model, *self._others(model)])

    def describe(self, model: str, configuration: str) -> str:
        """Return in which hyperparameters a configuration differs from the reference."""
        reference = self._results.candidates[model][0]
        own = find_configuration(self._results.candidates, model, configuration)
        return for_figure(changes(own, reference))

    def keys(self, entries: Iterable[Entry], **line: Any) -> list[Line2D]:
        """Return the legend's entries of the models of some (model, configuration) pairs."""
        pairs = list(entries)
        once = {model for model, name in pairs if self.drawn_before(model, name)}
        keys = []
        for model in dict.fromkeys(m for m, name in pairs if not self.drawn_before(m, name)):
            label = self.label(model) if once & {*self._others(model)} else model_label(model)
            keys.append(markers.key(self._registry[model], label, **line))
        return keys

    # Fits in trouble

    def label_with_failures(self, model: str, fits: pd.DataFrame) -> str:
        """Return a model's label, with the number of failed fits if there are any."""
        failed = failures(fits["status"])
        return self.label(model) + (f" ({failed})" if failed else "")

    def notes(self, model: str, configuration: str, status: pd.Series) -> str:
        """Return what a reader should know of the fits of a configuration."""
        chaotic = "chaotic" if self._results.summaries[model, configuration].chaotic else ""
        return ", ".join(filter(None, [failures(status), chaotic]))

    def hollow(self, model: str, configuration: str) -> bool:
        """Return whether fits of a configuration are unlearned, diverged or chaotic.

        In every figure, its marks are hollow.
        """
        return criteria.in_doubt(self._results.summaries[model, configuration])

    def keys_of_splits(
        self, entries: Iterable[Entry], width: float, *others: Line2D
    ) -> list[Line2D]:
        """Return the legend's entries of splits and means of some configurations, and of `others`.

        Parameters
        ----------
        entries : iterable of Entry
        width : float
            Of the lines of intervals.
        *others
        """
        pairs = list(entries)
        unlearned = any(self._results.summaries[entry].unlearned for entry in pairs)
        return [
            markers.symbol("one split", marker="o", markersize=5, alpha=0.5),
            markers.symbol("mean, 95% interval", marker="o", linestyle="-", linewidth=width),
            *others,
            *[markers.symbol("one unlearned fit", marker="x")] * unlearned,
            *self.hollow_key(pairs),
        ]

    def keys_of_curves(self, labels: Mapping[str, str]) -> list[Line2D]:
        """Return the legend's entries of the curves of models, by their labels, with intervals."""
        entries = {model: self._registry[model] for model in labels}
        keys = [markers.key(each, labels[m], linestyle=each.line) for m, each in entries.items()]
        return [*keys, markers.symbol("95% interval", linestyle="-", linewidth=1.3)]

    def hollow_key(self, entries: Iterable[Entry]) -> list[Line2D]:
        """Return the legend's entry of hollow marks, if a mark of some configurations is hollow."""
        style = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": palette.GREY}
        key = markers.symbol("fits unlearned, diverged or chaotic", **style)
        return [key] * any(self.hollow(*entry) for entry in entries)


def failures(status: pd.Series) -> str:
    """Return how many fits are in trouble, such as ``2 unlearned, 1 diverged``."""
    counts = criteria.count_troubled(status)
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def label_of_same(models: Sequence[str]) -> str:
    """Return the label of models that are drawn as one."""
    if len(models) > 1 and len(implementations(models)) == 1:
        return NETWORK
    first, *others = models
    # A name that a user gave stays as it is.
    rest = [within_sentence(MODELS[m].label) if m in MODELS else m for m in others]
    return " = ".join([model_label(first), *rest])

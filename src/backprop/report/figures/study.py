"""The results on one data set that figures are drawn from. Each file is read when it is needed.

A study may have a million fits, so each figure reads only the columns and rows that it draws, and
finds the rows of one configuration by an index. All variants of a figure share one study.

The columns are those of `backprop.study.fits` and of the tables in results/{dataset}/tables.
"""

import dataclasses
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from backprop.data.dataset import Dataset, read_dataset
from backprop.data.scaling import exponents
from backprop.escaping import for_figure
from backprop.files import read_table
from backprop.models.registry import (
    BUILT_IN,
    MODELS,
    are_one_model,
    headline,
    implementations,
    network_models,
    read_candidates,
    tuned_groups,
)
from backprop.report.figures import labels, markers
from backprop.report.figures.labels import MOST_LETTERS, brief
from backprop.report.figures.look import MAX_LINES
from backprop.report.inputs import Setting, Source
from backprop.report.plane import Plane
from backprop.report.wording.amounts import Unit, unit_of
from backprop.report.wording.names import (
    changes,
    model_name,
    plural,
    sentence_case,
    within_sentence,
)
from backprop.statistics import marks
from backprop.statistics.sameness import agreement
from backprop.study.configurations import Candidate, Configuration, name_in_cell
from backprop.study.fits import predictions, read_fits
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, read_folds, splits_of
from backprop.typing import Array, Integers

KEYS = ("model", "configuration")
Places = Mapping[tuple[str, str | None], Integers]


class Line(NamedTuple):
    """A line of a figure that lists configurations: its label, and what is drawn on it.

    `entries` are pairs of a model and the name of its configuration.
    """

    label: str
    entries: list[tuple[str, str | None]]


class Study:
    """The results on one data set.

    Parameters
    ----------
    files : mapping
        The files of the sources that the figure needs: a list of files for `Source.FITS` and
        `Source.HEADLINE_FITS`, one file for each of the others.
    settings : mapping
        The settings that the figure needs. Configurations are in plain values, by model.
    """

    def __init__(
        self, files: Mapping[Source, str | Sequence[str]], settings: Mapping[Setting, Any]
    ) -> None:
        self._files = files
        self._settings = settings
        self._curves: dict[tuple[str, str], pd.DataFrame] = {}
        self._series: dict[str | None, dict[str, list[Candidate]]] = {}

    # Settings

    @cached_property
    def candidates(self) -> dict[str, list[Candidate]]:
        """The configurations of each model, its reference first.

        For a figure that needs no others, each model has its reference alone.
        """
        settings = self._settings
        plain_values = settings.get(Setting.CONFIGURATIONS) or settings[Setting.REFERENCE]
        return read_candidates(plain_values)

    @cached_property
    def configurations(self) -> list[Configuration]:
        """The configurations of the networks, the reference first; empty without a network."""
        networks = network_models(self.candidates)
        every = self.candidates[networks[0]] if networks else []
        return [each for each in every if isinstance(each, Configuration)]

    @property
    def reference(self) -> Configuration:
        """The reference configuration of the networks, if a model is a network."""
        return self.configurations[0]

    @property
    def seed(self) -> int:
        """The seed that all random numbers derive from."""
        return int(self._settings[Setting.SEED])

    @property
    def rope(self) -> float:
        """The largest difference of the metric that is of no practical interest."""
        return float(self._settings[Setting.ROPE])

    @property
    def metric(self) -> str:
        """The metric of the study."""
        return str(self._settings[Setting.METRIC])

    @property
    def unit(self) -> Unit:
        """How to write a difference of the metric of the study."""
        return unit_of(self.metric)

    # The data

    @cached_property
    def data(self) -> Dataset:
        """The data set; what is too large or small to draw is divided by a power of 2."""
        dataset = self._dataset
        return dataclasses.replace(dataset, x=np.ldexp(dataset.x, -self._exponents))

    @cached_property
    def _exponents(self) -> Integers:
        return exponents(np.nan_to_num(self._dataset.x), largest=1e100)  # NaN is missing

    @cached_property
    def _dataset(self) -> Dataset:
        return read_dataset(*self._paths(Source.DATA))

    @cached_property
    def splits(self) -> dict[tuple[int, int], Split]:
        """The splits by (repeat, fold), both counted from 1 as in the tables."""
        every_split = splits_of(read_folds(self._path(Source.FOLDS)))
        return {(split.repeat + 1, split.fold + 1): split for split in every_split}

    @property
    def classes(self) -> tuple[str, ...]:
        """What to call a row of each class."""
        return self.class_names()

    def class_names(self, letters: int = MOST_LETTERS) -> tuple[str, ...]:
        """Return what to call a row of each class, in about so many letters.

        A class that is only a number, or yes or no, is called by the label as well. Shortened names
        that are equal get the number of their class.
        """
        label = brief(self.data.label.replace("_", " "), letters)
        if self.data.classes == ("0", "1"):
            return for_figure(f"not {label}"), for_figure(label)
        names = [brief(name, letters) for name in self.data.classes]
        if len(set(names)) < len(names):
            names = [f"{name} ({c})" for c, name in enumerate(names, 1)]
        if letters == MOST_LETTERS:
            short = re.compile(r"[-+.\d]+|yes|no|true|false", re.IGNORECASE)
            names = [f"{label} {name}" if short.fullmatch(name) else name for name in names]
        return tuple(map(for_figure, names))

    @property
    def row(self) -> str:
        """What a row of the data is: a singular noun."""
        return str(self._settings[Setting.ROW])

    @property
    def rows(self) -> str:
        """What the rows of the data are: a plural noun."""
        return plural(self.row)

    @cached_property
    def plane(self) -> Plane:
        """Where the rows are drawn."""
        return Plane.of(self.data)

    def axis(self, place: int) -> str:
        """Return the label of an axis of `plane`."""
        if self.plane.shares is not None:
            share = self.plane.shares[place]
            return f"Principal component {place + 1}\n({share:.0%} of the variance)"
        name = for_figure(brief(sentence_case(self.data.features[place].replace("_", " ")), 32))
        exponent = self._exponents[place]
        return f"{name} (times $2^{{{exponent}}}$)" if exponent else name

    # Tables

    @cached_property
    def scores(self) -> pd.DataFrame:
        """A row per fit: model, configuration, repeat, status and the metrics."""
        return self._table(Source.SCORES, [*KEYS, "repeat", "status", *METRICS])

    @cached_property
    def timings(self) -> pd.DataFrame:
        """A row per fit: model, configuration and seconds."""
        return self._table(Source.TIMINGS, [*KEYS, "seconds"])

    @cached_property
    def summaries(self) -> pd.DataFrame:
        """A row per model and configuration: means with intervals, counts of fits."""
        return self._table(Source.CONFIGURATIONS)

    @property
    def hard_rows(self) -> pd.DataFrame:
        """A row per row of the data: how often it is predicted wrongly."""
        return self._table(Source.HARD_ROWS)

    @property
    def pairs(self) -> pd.DataFrame:
        """A row per pair of models: their difference with its interval and outcome."""
        return self._table(Source.PAIRS)

    @cached_property
    def guessing(self) -> pd.Series:
        """The mean of each metric over the splits, for a guess."""
        return self._table(Source.GUESSING)[list(METRICS)].mean()

    @cached_property
    def score_places(self) -> Places:
        """Where in `scores` the fits of each model and configuration are."""
        return places(self.scores)

    @cached_property
    def totals(self) -> dict[tuple[str, str | None], Array]:
        """Four sums over the fits of each (model, configuration).

        The sum of their scores by the metric of the study, the number of fits with a score, the
        number of fits that are unlearned or have no score, and the number of all fits.
        """
        scores = self.scores
        counted = pd.DataFrame(
            {
                "score": scores[self.metric],
                "scored": scores[self.metric].notna(),
                "failed": scores["status"].isin(marks.TROUBLED),
                "fits": 1,
            }
        )
        keys = [scores[key] for key in KEYS]
        sums = counted.groupby(keys, sort=False, observed=True, dropna=False).sum()
        names = [(model, name_in_cell(name)) for model, name in sums.index]
        return dict(zip(names, sums.to_numpy(dtype=float), strict=True))

    def entries_of(self, lines: Iterable[Line]) -> list[tuple[str, str | None]]:
        """Return the entries of lines, and those of models that are drawn as one with them."""
        return [
            (each, name)
            for line in lines
            for model, name in line.entries
            for each in (model, *self._others(model))
            if each == model or self.drawn_before(each, name)
        ]

    def chaotic(self, model: str, configuration: str | None) -> bool:
        """Return whether a configuration trains chaotically: its scores depend on the machine."""
        return marks.is_chaotic(self.summary_of(model, configuration))

    def entries(self, table: pd.DataFrame) -> list[tuple[str, str | None]]:
        """Return the (model, configuration) pairs of a table, each once."""
        pairs = table[list(KEYS)].drop_duplicates().itertuples(index=False)
        return [(str(model), name_in_cell(name)) for model, name in pairs]

    @cached_property
    def timing_places(self) -> Places:
        """Where in `timings` the fits of each model and configuration are."""
        return places(self.timings)

    @cached_property
    def summary_places(self) -> Places:
        """Where in `summaries` the row of each model and configuration is."""
        return places(self.summaries)

    def equals_accuracy(self, metric: str) -> bool:
        """Return whether a metric is the accuracy under another name, in every fit.

        The balanced accuracy is, if each test fold has as many rows of each class. The metric of
        the study has its picture all the same.
        """
        one, other = (self.scores[name].to_numpy() for name in ("accuracy", metric))
        return metric not in ("accuracy", self.metric) and marks.same_metric(one, other)

    def same_as_accuracy(self, metric: str) -> str:
        """Return the sentence in place of a picture that would be that of the accuracy."""
        label = METRICS[metric].label
        return f"{label} equals accuracy in every fit on these data: see the picture by accuracy"

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """A row per model, by its name: its headline against the baseline."""
        return self._table(Source.COMPARISON).set_index("model")

    @cached_property
    def same_as(self) -> dict[str, str]:
        """The earlier model whose predictions are those of a model, for models that have one."""
        known = self.comparison.dropna(subset="same_as")
        known = known[known["same_within"].map(agreement) != "different"]
        return dict(zip(known.index.astype(str), known["same_as"].astype(str), strict=True))

    def drawn_before(self, model: str, configuration: str | None) -> bool:
        """Return whether a configuration of a model is that of an earlier model, drawn once."""
        if model not in self.same_as:
            return False
        return configuration == self.headline(model) or (model, configuration) in self._same_scores

    @cached_property
    def _same_scores(self) -> set[tuple[str, str]]:
        """The configurations of a network whose scores are those of the network that it is."""
        table = self.summaries.astype(dict.fromkeys(KEYS, str)).set_index("configuration")
        same: set[tuple[str, str]] = set()
        for model, first in self.same_as.items():
            if are_one_model(model, first):
                one, other = (table.loc[table["model"] == m, list(METRICS)] for m in (first, model))
                equal = marks.same_scores(other.to_numpy(), one.loc[other.index].to_numpy())
                pairs = zip(other.index, equal, strict=True)
                same |= {(model, name) for name, metrics in pairs if metrics.all()}
        return same

    def label(self, model: str) -> str:
        """Return the label of a model and of those that are drawn as one with it."""
        return label_of_same([model, *self._others(model)])

    def name(self, model: str) -> str:
        """Return the name of a model in a sentence; of two networks that are one, theirs."""
        return model_name(model, one_network=bool(self._others(model)))

    def _others(self, model: str) -> list[str]:
        return [other for other, first in self.same_as.items() if first == model]

    def keys(self, entries: Iterable[tuple[str, str | None]], **key: Any) -> list[Line2D]:
        """Return the legend's entries of the models of some (model, configuration) pairs."""
        pairs = list(entries)
        once = {model for model, name in pairs if self.drawn_before(model, name)}
        keys = []
        for model in dict.fromkeys(m for m, name in pairs if not self.drawn_before(m, name)):
            label = self.label(model) if once & {*self._others(model)} else MODELS[model].label
            keys.append(markers.key(model, **key))
            keys[-1].set_label(f"{label}, where it differs" if model in once else label)
        return keys

    def label_with_failures(self, model: str, fits: pd.DataFrame) -> str:
        """Return a model's label, with the number of failed fits if there are any."""
        failed = failures(fits["status"])
        return self.label(model) + (f" ({failed})" if failed else "")

    def notes(self, model: str, configuration: str | None, status: pd.Series) -> str:
        """Return what a reader should know of the fits of a configuration."""
        chaotic = "chaotic" * self.chaotic(model, configuration)
        return ", ".join(filter(None, [failures(status), chaotic]))

    def hollow(self, model: str, configuration: str | None) -> bool:
        """Return whether fits of a configuration are unlearned, diverged or chaotic.

        In every figure, its marks are hollow.
        """
        return marks.in_doubt(self.summary_of(model, configuration))

    def scores_of(self, model: str, configuration: str | None) -> pd.DataFrame:
        """Return the rows of `scores` of one configuration of a model; there may be none."""
        return self.scores.take(self.score_places.get((model, configuration), np.empty(0, int)))

    def summary_of(self, model: str, configuration: str | None) -> pd.Series:
        """Return the row of `summaries` of one configuration of a model."""
        (place,) = self.summary_places[model, configuration]
        return self.summaries.iloc[place]

    # Fits

    @cached_property
    def headlines(self) -> dict[str, pd.DataFrame]:
        """The fits that each model is compared by, without their learning curves, by model.

        Models with the same predictions are there once.
        """
        columns = ["model", "repeat", "fold", "status", "rows", "probabilities", "parameters"]
        chosen = {model: self.headline(model) for model in self.candidates}
        fits = read_fits(
            self._paths(Source.HEADLINE_FITS),
            columns=[*columns, "configuration"],
            configurations=set(chosen.values()),
        )
        names = fits.pop("configuration")
        pairs = zip(fits["model"], names, strict=True)
        own = [chosen[model] == name_in_cell(name) for model, name in pairs]
        return {
            str(model): rows
            for model, rows in fits[own].groupby("model", sort=False)
            if model not in self.same_as
        }

    def curves(
        self, configurations: Collection[Configuration]
    ) -> dict[tuple[str, str], pd.DataFrame]:
        """Return the fits, with learning curves, of each (network, name of a configuration).

        What is read for one variant of a figure is kept for the others.
        """
        names = {configuration.name for configuration in configurations}
        known = {name for _, name in self._curves}
        if missing := [c for c in configurations if c.name not in known]:
            self._curves.update(self._read_curves(missing))
        return {key: fits for key, fits in self._curves.items() if key[1] in names}

    def _read_curves(
        self, configurations: Collection[Configuration]
    ) -> dict[tuple[str, str], pd.DataFrame]:
        shapes = {configuration.shape.name for configuration in configurations}
        fits = read_fits(
            [path for path in self._paths(Source.FITS) if path.stem in shapes],
            columns=[*KEYS, "status", "curve_epochs", "train_cost", "test_cost"],
            configurations=[configuration.name for configuration in configurations],
        )
        return {
            (str(model), str(name)): rows
            for (model, name), rows in fits.groupby(list(KEYS), sort=False)
        }

    def predictions(self, fits: pd.DataFrame) -> Array:
        """Return the out-of-fold predictions, shape (repeats, n, C); NaN if diverged."""
        return predictions(fits, len(self.data.y), len(self.data.classes))

    # Configurations

    def headline(self, model: str) -> str | None:
        """Return the configuration that a model is compared by."""
        return headline(model, self.candidates)

    @cached_property
    def named(self) -> dict[str, dict[str | None, Candidate]]:
        """The configurations by model and name, in their order."""
        return {
            model: {candidate.name: candidate for candidate in every}
            for model, every in self.candidates.items()
        }

    @cached_property
    def by_name(self) -> dict[str, Configuration]:
        """The configurations of the networks by name, in their order."""
        return {candidate.name: candidate for candidate in self.configurations}

    def describe(self, model: str, configuration: str | None) -> str:
        """Return in which hyperparameters a configuration differs from the reference."""
        return for_figure(changes(self.named[model][configuration], self.candidates[model][0]))

    @cached_property
    def tuned_groups(self) -> dict[tuple[str, ...], list[Candidate]]:
        """The models that share several configurations, see `registry.tuned_groups`."""
        return tuned_groups(self.candidates)

    def series(self, hyperparameter: str, model: str | None = None) -> list[Any]:
        """Return the reference and the configurations that differ from it in one hyperparameter.

        Numbers are in ascending order, names in the order of the config. By default they are the
        configurations of the networks.
        """
        if model not in self._series:
            self._series[model] = _series(
                self.configurations if model is None else self.candidates[model]
            )
        return self._series[model][hyperparameter]

    def lines(self, table: pd.DataFrame) -> tuple[list[Line], str]:
        """Return the lines of a figure that lists the models, then their configurations.

        A model with one configuration has one line. The networks are side by side on the line of a
        configuration, unless they are the same. If there are more configurations than
        there is room for, only the best are listed, the best one first.

        Returns
        -------
        lines : list of Line
        title : str
            Of the axis: how many configurations are listed, if these are not all.
        """
        groups: Any = table.groupby(list(KEYS), sort=False, observed=True, dropna=False)
        sign = 1 if METRICS[self.metric].higher_is_better else -1
        means = groups[self.metric].mean().items()
        present = {(model, name_in_cell(name)): sign * mean for (model, name), mean in means}
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

    def _labelled(self) -> Iterator[tuple[tuple[str, ...], str | None, str]]:
        """Return the models and the label of each configuration; those of the networks last."""
        networks = tuple(network_models(self.candidates))
        for model, every in self.candidates.items():
            if model not in networks:
                for each in every:
                    if len(every) == 1:
                        yield (model,), each.name, self.label(model)
                    else:
                        words = self.describe(model, each.name)
                        yield (model,), each.name, f"{MODELS[model].label}, {words}"
        others = any(len(group) == 1 and group != networks for group in self.tuned_groups)
        start = "network, " if others else ""
        for each in self.configurations:
            yield networks, each.name, f"{start}{self.describe(networks[0], each.name)}"

    # Files

    def _path(self, source: Source) -> Path:
        file = self._files[source]
        assert isinstance(file, str)
        return Path(file)

    def _paths(self, source: Source) -> list[Path]:
        return [Path(file) for file in self._files[source]]

    def _table(self, source: Source, columns: Sequence[str] | None = None) -> pd.DataFrame:
        # As categories, the words of a million rows take a byte or two each.
        words = dict.fromkeys((*KEYS, "status"), "category")
        usecols = None if columns is None else list(columns)
        return read_table(self._path(source), usecols=usecols, dtype=words)


def _series(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Return the first configuration with those that differ from it in one hyperparameter."""
    reference = candidates[0]
    series: dict[str, list[Candidate]] = {key: [reference] for key in reference.values()}
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


def _mean(scores: Mapping[tuple[str, str | None], float], line: Line) -> float:
    values = [scores[entry] for entry in line.entries]
    return -np.inf if np.isnan(values).all() else float(np.nanmean(values))


def places(table: pd.DataFrame) -> Places:
    """Return where in a table the rows of each (model, configuration) are."""
    groups: Mapping[Any, Any] = table.groupby(
        list(KEYS), sort=False, observed=True, dropna=False
    ).indices
    return {(model, name_in_cell(name)): rows for (model, name), rows in groups.items()}


def failures(status: pd.Series) -> str:
    """Return how many fits are in trouble, such as ``2 unlearned, 1 diverged``."""
    counts = marks.count_troubled(status)
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def label_of_same(models: Sequence[str]) -> str:
    """Return the label of models that are drawn as one."""
    first, *others = (MODELS[model].label for model in models)
    if not others:
        return first
    if len(implementations(models)) == 1:
        return f"Network ({' = '.join(map(_in_sentence, models))})"
    return " = ".join([first, *map(_in_sentence, models[1:])])


def _in_sentence(model: str) -> str:
    """Return the label of a model, which begins with a small letter unless it is a name."""
    label = MODELS[model].label
    return within_sentence(label) if model in BUILT_IN else label

"""The results on one data set: the one reader of all that compute, word and draw from them.

Each file is read when it is first needed. A study may have a million fits, so of these only the
columns and the configurations that are asked for are read.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset
from backprop.data.groups import groups_of
from backprop.files import read_table
from backprop.inference.intervals import DECIMALS
from backprop.models.candidate_lists import read_candidates
from backprop.models.registry import headline
from backprop.statistics.equal_models import agreement
from backprop.statistics.tables import TABLES, Compared, Summarised
from backprop.study.configurations import Configuration
from backprop.study.fits import predictions, read_fits
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, read_folds, splits_of
from backprop.study.trained import ONLY_CLASSES
from backprop.typing import Array, Integers

KEYS = ("model", "configuration")
WORDS = dict.fromkeys((*KEYS, "status"), "category")  # of a million rows, a byte or two each


class Results:
    """The results on one data set.

    Parameters
    ----------
    files : mapping of str to (str or sequence of str)
        By name, as far as they are needed: ``data`` (its two files), ``folds``, ``candidates``,
        ``fits`` (several files), ``headline_fits`` (of the headlines), ``scores`` (the table
        of fits), and each table by its key in `backprop.statistics.tables.TABLES`.
        ``worded`` are tables with their sentences.
    settings : mapping of str to object
        The attributes below that are values of the config, as far as they are needed.

    Attributes
    ----------
    metric : str
        The metric of the study.
    rope : float
        The largest difference of the metric that is of no practical interest.
    row : str
        What a row of the data is: a singular noun.
    seed : int
        The seed that all random numbers derive from.
    duplicates : str
        Whether equal rows are in one fold, see `backprop.data.groups.groups_of`.
    feature_groups : mapping of str to list of str
        The groups of features that the config names, by name.
    tables : dict of str to DataFrame
        The tables by name; each is read when it is first asked for.
    """

    metric: str
    rope: float
    row: str
    seed: int
    duplicates: str
    feature_groups: Mapping[str, list[str]]

    def __init__(self, files: Mapping[str, Any], settings: Mapping[str, object]) -> None:
        self._files = files
        vars(self).update({n: settings[n] for n in type(self).__annotations__ if n in settings})
        self.tables = _FileTables(files)

    # Configurations

    @cached_property
    def candidates(self) -> dict[str, list[Configuration]]:
        """The configurations of each model, its reference first; the references may be all."""
        return read_candidates(self._path("candidates").read_text(encoding="utf-8"))

    def headline(self, model: str) -> str:
        """Return the configuration that a model is compared by."""
        return headline(model, self.candidates)

    # The data

    @cached_property
    def dataset(self) -> Dataset:
        """The data set."""
        return read_dataset(*_paths(self._files["data"]))

    @cached_property
    def folds(self) -> Integers:
        """The test fold of each row in each repeat, shape (repeats, n), from 0; or `FIRST`."""
        return read_folds(self._path("folds"))

    @cached_property
    def splits(self) -> dict[tuple[int, int], Split]:
        """The splits by (repeat, fold), both counted from 1 as in the tables."""
        return {(each.repeat + 1, each.fold + 1): each for each in splits_of(self.folds)}

    # Fits

    def fits(
        self, columns: Collection[str], *, shapes: Collection[str] | None = None, **options: Any
    ) -> pd.DataFrame:
        """Read columns of the fits of all models, or of the networks of some shapes.

        It has the options of `backprop.study.fits.read_fits`.
        """
        files = _paths(self._files["fits"])
        of_shapes = [file for file in files if shapes is None or file.stem in shapes]
        return read_fits(of_shapes, columns=columns, **options)

    @cached_property
    def headlines(self) -> dict[str, pd.DataFrame]:
        """The fits that each model is compared by, without their learning curves, by model.

        Models with the same predictions are there once.
        """
        columns = [*KEYS, "repeat", "fold", "status", "rows", "probabilities"]
        columns += ["predicted", "parameters"]
        fits = self.fits_of_headlines(self.candidates, columns, files="headline_fits")
        return {
            str(model): rows
            for model, rows in fits.groupby("model", sort=False)
            if model not in self.same_as
        }

    def fits_of_headlines(
        self, models: Iterable[str], columns: Collection[str], *, files: str = "fits"
    ) -> pd.DataFrame:
        """Read columns, `KEYS` among them, of the fits that some models are compared by."""
        names = {model: self.headline(model) for model in models}
        own = {*names.values()}
        fits = read_fits(_paths(self._files[files]), columns=columns, configurations=own)
        pairs = zip(fits["model"], fits["configuration"], strict=True)
        return fits[[names.get(model) == name for model, name in pairs]]

    @property
    def with_probabilities(self) -> dict[str, pd.DataFrame]:
        """Those of `headlines` of which not only the classes are known."""
        return {
            m: fits for m, fits in self.headlines.items() if ONLY_CLASSES not in set(fits["status"])
        }

    def predictions(self, fits: pd.DataFrame, *, votes: bool = False) -> Array:
        """Return the out-of-fold predictions of fits, shape (repeats, n, C); NaN if diverged.

        With `votes`, see `backprop.study.fits.class_votes`.
        """
        return predictions(fits, len(self.dataset.y), len(self.dataset.classes), votes=votes)

    @property
    def groups(self) -> Integers | None:
        """The group of each row, see `backprop.data.groups.groups_of`."""
        return groups_of(self.dataset, self.duplicates)

    # Tables

    def all_scores(self) -> pd.DataFrame:
        """Read the whole table of fits."""
        return read_table(self._path("scores"))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """A row per fit: model, configuration, repeat, status and the metrics."""
        columns = [*KEYS, "repeat", "status", *METRICS]
        return read_table(self._path("scores"), usecols=columns, dtype=WORDS)

    def scores_of(self, model: str, configuration: str) -> pd.DataFrame:
        """Return the rows of `scores` of one configuration of a model; there may be none."""
        return self.scores.take(self._score_places.get((model, configuration), ()))

    @cached_property
    def _score_places(self) -> dict[tuple[str, str], Integers]:
        return places(self.scores)

    def rows(self, table: str) -> list[Any]:
        """Return the rows of a table, see `backprop.statistics.tables`; none without the table."""
        return TABLES[table].rows(self.tables[table], self.metric) if table in self else []

    def __contains__(self, table: str) -> bool:
        """Return whether there is a table."""
        return table in self.tables or table in self._files

    @cached_property
    def comparison(self) -> dict[str, Compared]:
        """The comparison with the baseline, by model."""
        return {row.model: row for row in self.rows("comparison")}

    @cached_property
    def summaries(self) -> dict[tuple[str, str], Summarised]:
        """The means of each (model, configuration), with intervals, and counts of fits."""
        return {(row.model, row.configuration): row for row in self.rows("configurations")}

    def summary(self, model: str) -> Summarised:
        """Return the means of the headline of a model."""
        return self.summaries[model, self.headline(model)]

    @cached_property
    def guessing(self) -> dict[str, float]:
        """The score of a guess by each metric, see `scores_of_guess`."""
        return scores_of_guess(self.tables["guessing"])

    @cached_property
    def same_as(self) -> dict[str, str]:
        """The earlier model with the same predictions, for models that have one."""
        return {
            model: row.same_as
            for model, row in self.comparison.items()
            if row.same_as is not None and agreement(row.same_within) != "different"
        }

    # Files

    @property
    def recommendation_file(self) -> Path:
        """The file that `backprop.statistics.recommendation.read_recommendation` reads."""
        return self._path("recommendation")

    def _path(self, name: str) -> Path:
        (path,) = _paths(self._files[name])
        return path


def means_of_guess(guessing: pd.DataFrame) -> dict[str, float]:
    """Return the score of a guess by each metric: a mean over the splits, as all scores are."""
    return {metric: round(float(guessing[metric].mean()), DECIMALS) for metric in METRICS}


def scores_of_guess(guessing: pd.DataFrame) -> dict[str, float]:
    """Return what a page says of a guess by each metric: of an accuracy, the share of the rows.

    A mean over folds of unequal sizes differs from it: of 21 in 32 rows, it may be 65.7%.
    """
    every = {m: np.average(guessing[m], weights=guessing["rows"]) for m in METRICS}
    return {metric: round(float(score), DECIMALS) for metric, score in every.items()}


def places(table: pd.DataFrame) -> dict[tuple[str, str], Integers]:
    """Return where in a table the rows of each (model, configuration) are."""
    groups: Mapping[Any, Any] = table.groupby(list(KEYS), sort=False, observed=True).indices
    return {(model, name): rows for (model, name), rows in groups.items()}


def _paths(files: str | Iterable[str]) -> list[Path]:
    return [Path(files)] if isinstance(files, str) else [Path(file) for file in files]


class _FileTables(dict[str, pd.DataFrame]):
    """Tables by name, each read from its file when it is first asked for."""

    def __init__(self, files: Mapping[str, Any]) -> None:
        super().__init__()
        self._files = files

    def __missing__(self, name: str) -> pd.DataFrame:
        (path,) = _paths(self._files[name])
        self[name] = TABLES[name].read(path)
        return self[name]

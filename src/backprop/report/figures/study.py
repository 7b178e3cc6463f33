"""What figures are drawn from: the files of one data set's results, each read when it is asked for.

Column names and meanings are those of `backprop.study.fits` and `backprop.report.tables`.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backprop.data import dataset as data
from backprop.data.dataset import Dataset
from backprop.network.functions import Array
from backprop.report.figures.style import LINES, MODELS
from backprop.report.wording import changes
from backprop.study import fits, splits
from backprop.study.configurations import HYPERPARAMETERS, NETWORKS, Configuration, headline
from backprop.study.splits import Split


class Study:
    """The results on one data set.

    Parameters
    ----------
    files : mapping
        By the keys of `backprop.report.items.FILES`, a file each; for ``fits`` a list of files.
    values : mapping
        ``candidates`` (in plain values, the reference first), ``seed``, ``rope``: those that the
        figure needs.
    """

    def __init__(self, files: Mapping[str, str | Sequence[str]], values: Mapping[str, Any]) -> None:
        self._files = files
        self._values = values

    # What is read

    @cached_property
    def data(self) -> Dataset:
        """The data set."""
        return data.read(self._path("data"))

    @cached_property
    def splits(self) -> dict[tuple[int, int], Split]:
        """The splits by (repeat, fold), counted from 1 as in the tables."""
        found = splits.splits_of(splits.read(self._path("folds")))
        return {(split.repeat + 1, split.fold + 1): split for split in found}

    @cached_property
    def fits(self) -> pd.DataFrame:
        """All fits with their predictions, curves and parameters."""
        return fits.read([Path(file) for file in self._files["fits"]])

    @cached_property
    def scores(self) -> pd.DataFrame:
        """A row per fit with its metrics."""
        return pd.read_csv(self._path("scores"))

    @cached_property
    def timings(self) -> pd.DataFrame:
        """The seconds of each fit."""
        return pd.read_csv(self._path("timings"))

    @cached_property
    def configurations(self) -> pd.DataFrame:
        """A row per model and configuration: means with corrected intervals."""
        return pd.read_csv(self._path("configurations"))

    @cached_property
    def candidates(self) -> list[Configuration]:
        """All configurations of the networks, the reference first."""
        return [Configuration.of(values) for values in self._values["candidates"]]

    @property
    def seed(self) -> int:
        """What every random number derives from."""
        return int(self._values["seed"])

    @property
    def rope(self) -> float:
        """The difference of accuracy up to which two models are equal for all purposes."""
        return float(self._values["rope"])

    def _path(self, name: str) -> Path:
        file = self._files[name]
        assert isinstance(file, str)
        return Path(file)

    # What is asked of it

    def rows(self, table: pd.DataFrame, model: str, configuration: str | None) -> pd.DataFrame:
        """Return the rows of a table about one model and, if it is a network, configuration."""
        mine = table[table["model"] == model]
        return mine if configuration is None else mine[mine["configuration"] == configuration]

    def headlines(self, table: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """Return the rows of a table that stand for each model, by model."""
        return {
            m: self.rows(table, m, headline(m, self.candidates)) for m in table["model"].unique()
        }

    def networks(self, table: pd.DataFrame) -> list[str]:
        """List the networks in a table."""
        return [model for model in table["model"].unique() if model in NETWORKS]

    def series(self, hyperparameter: str) -> list[Configuration]:
        """List the configurations that are the reference but for one hyperparameter, in order.

        The reference is among them; numbers ascend, words come in the config's order.
        """
        reference = self.candidates[0]
        others = [key for key in HYPERPARAMETERS if key != hyperparameter]
        found = [
            c
            for c in self.candidates
            if all(getattr(c, k) == getattr(reference, k) for k in others)
        ]
        if hyperparameter == "learning_rate":
            found.sort(key=lambda c: c.learning_rate)
        elif hyperparameter == "hidden":
            found.sort(key=lambda c: (len(c.hidden), c.hidden))
        return found

    def describe(self, configuration: str) -> str:
        """Say what a configuration changes in the reference."""
        (found,) = [c for c in self.candidates if c.name == configuration]
        return changes(found, self.candidates[0])

    def lines(self, table: pd.DataFrame) -> list[tuple[str, list[tuple[str, str | None]]]]:
        """List what stands on each line of a figure of all configurations: a label, its models.

        Baselines come first, then the configurations in order, each with the networks side by
        side; if there are more than `LINES` configurations, those of the highest accuracy.
        """
        networks = self.networks(table)
        found = set(table["configuration"].dropna())
        names = [c.name for c in self.candidates if c.name in found]
        if len(names) > LINES:
            mean = table.groupby("configuration")["accuracy"].mean().fillna(0.0)
            names = sorted(names, key=lambda name: -mean[name])[:LINES]
        lines: list[tuple[str, list[tuple[str, str | None]]]] = [
            (MODELS[model].name, [(model, None)])
            for model in table["model"].unique()
            if model not in NETWORKS
        ]
        return lines + [(self.describe(c), [(m, c) for m in networks]) for c in names]

    def named(self, model: str, rows: pd.DataFrame) -> str:
        """Return a model's name and, if some of these fits of it failed, how many."""
        failed = failures(rows["status"])
        return MODELS[model].name + (f" ({failed})" if failed else "")

    def predictions(self, rows: pd.DataFrame) -> Array:
        """Return out-of-fold predictions of one model, shape (repeats, n); NaN if diverged."""
        return fits.predictions(rows, len(self.data.y))

    @property
    def classes(self) -> tuple[str, str]:
        """What a row of class 0 and of class 1 is called."""
        label = self.data.label.replace("_", " ")
        return f"not {label}", label

    def axis(self, feature: int) -> str:
        """Return the label of a feature's axis."""
        name = self.data.features[feature]
        unit = "points" if name.startswith("exam") else "in the units of the data"
        return f"{name.replace('_', ' ').capitalize()} ({unit})"


def failures(states: NDArray[np.str_] | pd.Series) -> str:
    """Say how many of some fits are dead or diverged; nothing if none is."""
    counts = {state: int((np.asarray(states) == state).sum()) for state in ("dead", "diverged")}
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count)

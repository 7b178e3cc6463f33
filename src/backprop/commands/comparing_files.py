"""Compare models by files of their predictions: intervals and verdicts, without a study."""

from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from backprop.data.dataset import Dataset, Reading, load
from backprop.data.file_tables import parse_csv, read_table
from backprop.errors import BackpropError, listed
from backprop.models.predictions_file import PLACE, read_predictions
from backprop.report.comparing import compare
from backprop.study.splits import Split
from backprop.study.trained import ONLY_CLASSES


def compare_files(
    predictions: Sequence[Path],
    table: Path,
    label: str,
    sheet: str,
    metric: str,
    rope: float,
    baseline: str,
) -> None:
    """Print what `compare` finds; the folds are those of the first file.

    Raises
    ------
    BackpropError
        If a file cannot be used.
    """
    data = _classes(table, label, sheet)
    splits = _splits(predictions[0], len(data.y))
    names = [file.stem for file in predictions]
    if len({*names}) < max(2, len(names)):
        raise BackpropError(f"found {listed(names)}; use two or more files with different names")
    classes = np.array(data.classes)
    fits = {
        name: [
            classes[each.predicted] if each.status == ONLY_CLASSES else each.probabilities
            for each in read_predictions(file, data, splits, metric)
        ]
        for name, file in zip(names, predictions, strict=True)
    }
    folds = [(split.train, split.test) for split in splits]
    try:
        comparison = compare(
            classes[data.y], fits, folds, metric=metric, rope=rope, baseline=baseline or names[0]
        )
    except ValueError as error:
        raise BackpropError(str(error)) from error
    shown = [*comparison.table.columns[:6], "p_adjusted"]  # score and difference, with intervals
    click.echo(comparison.table[shown].round(3).rename_axis(None).to_string(na_rep=""))
    for sentence in (*comparison.verdicts.values(), comparison.sentence):
        click.echo(sentence)


def _classes(path: Path, label: str, sheet: str) -> Dataset:
    """Return a data set with the classes alone."""
    (table,) = read_table(
        path.name, load(path.name, path), Reading(label=label, sheet=sheet or None)
    )
    if label not in table.header:
        raise BackpropError(f"{path}: found no column {label}; use one of {listed(table.header)}")
    classes, y = np.unique(table.texts(label), return_inverse=True)
    return Dataset((), label, np.empty((len(y), 0)), y, tuple(map(str, classes)))


def _splits(file: Path, rows: int) -> list[Split]:
    """Return the splits in a file of predictions; `read_predictions` checks each file with them."""
    table = parse_csv(str(file), file.read_bytes())
    try:
        row, repeat, fold = (np.array([*map(int, table.texts(name))]) - 1 for name in PLACE)
    except (KeyError, ValueError) as error:
        raise BackpropError(f"{file}: found no whole numbers in {listed(PLACE)}") from error
    if row.max(initial=-1) >= rows or row.min(initial=0) < 0:
        raise BackpropError(f"{file}: found row {row.max() + 1}; the table has rows 1 to {rows:,}")
    splits = []
    for own in np.unique(np.stack([repeat, fold]), axis=1).T:
        test = np.sort(row[(repeat == own[0]) & (fold == own[1])])
        train = np.setdiff1d(np.arange(rows), test)
        splits.append(Split(int(own[0]), int(own[1]), train, test))
    return splits

"""Compare models by files of their predictions: intervals and verdicts, without a study."""

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset, Reading, load
from backprop.data.file_tables import parse_csv, read_table
from backprop.errors import BackpropError, listed
from backprop.models.predictions_file import PLACE, read_predictions
from backprop.report.comparing import Comparison, compare, compare_across
from backprop.study.splits import Split
from backprop.study.trained import ONLY_CLASSES


def compare_files(
    predictions: Sequence[Path],
    tables: Sequence[Path],
    labels: Sequence[str],
    sheet: str,
    **options: Any,
) -> None:
    """Print what `compare` finds; of several tables, what `compare_across` does.

    Parameters
    ----------
    predictions, tables : sequence of Path
        Of several tables, the predictions of each are in a folder of its name.
    labels : sequence of str
        The class column of all tables, or of each.
    sheet : str
        Of a workbook.
    **options
        The metric, the rope, and the baseline, by default the first model.

    Raises
    ------
    BackpropError
        If a file cannot be used.
    """
    if len(labels) not in {1, len(tables)}:
        raise BackpropError(
            f"--label: found {len(labels)}, and {len(tables)} tables; use one, or one for each"
        )
    try:
        if len(tables) == 1:
            comparison = _compared(predictions, tables[0], labels[0], sheet, **options)
            shown = [*comparison.table.columns[:6], "p_adjusted"]  # scores and differences
            said = [*comparison.verdicts.values(), comparison.sentence]
            _print(comparison.table[shown], said)
            return
        own = {t.stem: [file for file in predictions if file.parent.name == t.stem] for t in tables}
        if lacking := [name for name, files in own.items() if not files]:
            raise BackpropError(
                f"found no predictions in a folder {lacking[0]}; of several tables, each has its "
                "predictions in a folder of its name"
            )
        each = {
            table.stem: _compared(own[table.stem], table, label, sheet, **options)
            for table, label in zip(tables, itertools.cycle(labels), strict=False)
        }
        across = compare_across(each)
        shown = [*across.table.columns[1:9], "p_value", "shown_better", "shown_worse"]
        _print(across.table.set_index("model")[shown], across.verdicts.values())
    except ValueError as error:
        raise BackpropError(str(error)) from error


def _print(table: pd.DataFrame, sentences: Iterable[str]) -> None:
    click.echo(table.round(3).rename_axis(None).to_string(na_rep=""))
    for sentence in sentences:
        click.echo(sentence)


def _compared(
    predictions: Sequence[Path], table: Path, label: str, sheet: str, *,
    metric: str, rope: float, baseline: str,
) -> Comparison:  # fmt: skip
    """Compare the models on one table; the folds are in the first file."""
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
    return compare(
        classes[data.y], fits, folds, metric=metric, rope=rope, baseline=baseline or names[0]
    )


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

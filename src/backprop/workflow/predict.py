"""Predict the classes of new rows by the model that a report recommends: `make predict`."""

import argparse
import csv
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from backprop.data.dataset import listed
from backprop.data.new_rows import NewRows
from backprop.errors import BackpropError, printable
from backprop.escaping import for_spreadsheet
from backprop.files import write_atomically
from backprop.models.chosen import FittedModel, read_model
from backprop.typing import Array
from backprop.workflow import paths
from backprop.workflow.reading import read_yaml

FIRST, LAST = ["row", "class"], "remarks"  # columns of the table of predictions
SHOWN = 3  # remarks on the terminal


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, predict, and write a table of predictions.

    An error that the user can correct ends the process with one message.
    """
    options = _parser().parse_args(arguments)
    try:
        _predict(options)
    except (BackpropError, OSError) as error:
        sys.exit(printable(f"error: {error}"))


def _parser() -> argparse.ArgumentParser:
    # An empty value counts as none: `make` passes every variable.
    parser = argparse.ArgumentParser(prog="make predict", allow_abbrev=False)
    parser.add_argument("table")
    for name in ("model", "configuration", "output", "dataset", "config", "sheet"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--folder", default=".")
    return parser


def _predict(options: argparse.Namespace) -> None:
    if not options.table:
        raise BackpropError("TABLE: missing; use the file with the new rows, as in TABLE=new.csv")
    table = Path(options.table).expanduser()
    output = Path(options.output).expanduser() if options.output else _beside(table)
    replaces = _check_output(output)
    file = _model_file(Path(options.folder), options.dataset, options.config)
    model = read_model(file, options.model or None, options.configuration or None)
    rows = model.read(table, options.sheet or None)
    probabilities = model.probabilities(rows)
    _write(output, model, rows, probabilities)
    for line in [
        f"model: {model.recipe.named}, fitted to all rows of {_dataset(file)}",
        *(f"note: {doubt}" for doubt in model.doubts),
        *_notes(rows),
        f"{'replaced' if replaces else 'wrote'} {output}: {len(rows.x):,} rows",
    ]:
        print(printable(line))


def _beside(table: Path) -> Path:
    return table.with_name(f"{table.name.split('.')[0] or table.name}-predictions.csv")


def _check_output(output: Path) -> bool:
    """Return whether a table of predictions is there; refuse to replace any other file."""
    if not output.parent.is_dir():
        raise BackpropError(f"OUTPUT: found {output}, in no folder; use a folder that is there")
    if not os.path.lexists(output):
        return False
    if output.is_file():
        with output.open(encoding="utf-8", errors="replace", newline="") as file:
            header = next(csv.reader([file.readline(1_000_000)]), [])
        if header[:2] == FIRST and header[-1] == LAST:
            return True
    raise BackpropError(
        f"OUTPUT: {output} is there, and is no table of predictions; use another file"
    )


def _model_file(folder: Path, dataset: str, config: str) -> Path:
    """Return the file of the model of a data set: the only one, or that which is named."""
    every = {_dataset(file): file for file in folder.glob(paths.MODEL.format(dataset="*"))}
    names = sorted(every)
    if dataset:
        names = [dataset]
    elif len(names) > 1 and config:
        entries = read_yaml(Path(config)).get("datasets")
        names = [name for name in names if isinstance(entries, dict) and name in entries]
    if len(names) > 1:
        raise BackpropError(f"DATASET: missing; use one of {listed(names)}")
    if not names or names[0] not in every:
        where = folder / paths.MODEL.format(dataset=names[0] if names else "*")
        have = f"; there are models of {listed(sorted(every))}" if every else ""
        raise BackpropError(f"{where}: no such file; it is made by `make run`{have}")
    return every[names[0]]


def _dataset(file: Path) -> str:
    return paths.wildcards(paths.MODEL, file)["dataset"]


def _notes(rows: NewRows) -> list[str]:
    """Return what the terminal says of new rows."""
    remarked = [(row, own) for row, own in enumerate(rows.remarks, 1) if own]
    lines = []
    if rows.ignored:
        lines.append(f"ignored: {listed(rows.ignored)}")
    if rows.lacking:
        lines.append(f"missing: {listed(rows.lacking)}; see the remarks")
    if remarked:
        count = len(remarked)
        lines.append(
            f"remarks on {count:,} of {len(rows.x):,} rows, in the column {LAST}"
            f"{', such as' if count > SHOWN else ''}:"
        )
        lines += [f"  row {row}: {own[0]}" for row, own in remarked[:SHOWN]]
    return lines


def _write(output: Path, model: FittedModel, rows: NewRows, probabilities: Array) -> None:
    """Write a line for each row: its number, class, probabilities and remarks."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    texts = [for_spreadsheet(f"P({name})") for name in model.classes]
    writer.writerow([*FIRST, *texts, LAST])
    cells = zip(
        model.most_probable(probabilities), probabilities.tolist(), rows.remarks, strict=True
    )
    for row, (name, p, remarks) in enumerate(cells, 1):
        remark = for_spreadsheet("; ".join(remarks))
        writer.writerow([row, for_spreadsheet(name), *map(repr, p), remark])
    write_atomically(output, file.getvalue().encode())


if __name__ == "__main__":
    main()

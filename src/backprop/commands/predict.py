"""Predict the classes of new rows by the model that a report recommends: `backprop predict`."""

import csv
import itertools
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from backprop.data.file_tables import ENDINGS
from backprop.data.new_rows import NewRows
from backprop.errors import BackpropError, listed, printable, shortened
from backprop.escaping import for_spreadsheet
from backprop.files import as_csv, digest, write_atomically
from backprop.models.chosen import FittedModel, read_model
from backprop.models.families import Predicted
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan import edited_since, paths
from backprop.workflow.records.job_records import read_runs

ROW, CLASS, REMARKS = "row", "class", "remarks"  # columns of the table of predictions
SHOWN = 3  # remarks on the terminal, or edits in a message


@dataclass(frozen=True)
class Request:
    """What a user asks for; "" and None are what `backprop predict --help` says.

    Attributes
    ----------
    table : Path
        The new rows.
    model, configuration, dataset, sheet : str
    output, config : Path, optional
    outdated : bool
        Whether to use a model that an edit has made outdated.
    folder : Path
        Where the results are.
    """

    table: Path
    model: str = ""
    configuration: str = ""
    dataset: str = ""
    sheet: str = ""
    output: Path | None = None
    config: Path | None = None
    outdated: bool = False
    folder: Path = Path()


def predict_rows(request: Request) -> None:
    """Predict, and write a table of predictions.

    Raises
    ------
    BackpropError, OSError
        If a file cannot be used.
    """
    table, folder = request.table, request.folder
    output = request.output or _beside(table)
    replaces = _check_output(output)
    file = _model_file(folder, request.dataset, request.config)
    made = digest(file)
    edited_since.check_record(folder, _dataset(file))
    _check_edits(file, folder, request)
    model = read_model(file, request.model or None, request.configuration or None)
    rows = model.read(table, request.sheet or None)
    predicted = model.predictions(rows)
    if digest(file) != made:
        raise BackpropError(f"{file}: a run has replaced it meanwhile; run the command again")
    _write(output, model, rows, predicted)
    written = f"{len(rows.x):,} row{'s' * (len(rows.x) != 1)}"
    for line in [
        f"model: {model.recipe.named}, fitted to all rows of {_dataset(file)}",
        *_decided(model),
        *(f"note: {doubt}" for doubt in model.doubts),
        *_notes(rows),
        f"{'replaced' if replaces else 'wrote'} {output}: {written}",
    ]:
        print(printable(line))


def _check_edits(file: Path, folder: Path, request: Request) -> None:
    """Refuse a model that an edit has made outdated, or warn of it with --outdated."""
    try:
        edits = list(edited_since.edits(folder, _dataset(file), request.config))
    except BackpropError as error:
        if not request.outdated:
            raise
        edits = [f"the config cannot be compared ({error})"]
    if not edits:
        return
    more = f"; and {len(edits) - SHOWN} more edits" if len(edits) > SHOWN else ""
    message = f"{file} is outdated: {'; '.join(edits[:SHOWN])}{more}"
    if not request.outdated:
        raise BackpropError(f"{message}; run `backprop run`, or use it as it is by --outdated")
    print(printable(f"warning: {message}"), file=sys.stderr)


def _beside(table: Path) -> Path:
    return table.with_name(f"{ENDINGS.sub('', table.name)}-predictions.csv")


def _check_output(output: Path) -> bool:
    """Return whether a table of predictions is there; refuse to replace any other file."""
    if not output.parent.is_dir():
        raise BackpropError(
            f"--output: found {shortened(output)}, in no folder; use a folder that is there"
        )
    if not os.path.lexists(output):
        return False
    if output.is_file():
        with output.open(encoding="utf-8", errors="replace", newline="") as file:
            header = next(csv.reader([file.readline(1_000_000)]), [])
        if header[:1] == [ROW] and CLASS in header and header[-1] == REMARKS:
            return True
    raise BackpropError(
        f"--output: {output} is there, and is no table of predictions; use another file"
    )


def _model_file(folder: Path, dataset: str, config: Path | None) -> Path:
    """Return the file of the model of the data set that is named, or that the last run studied."""
    every = {_dataset(file): file for file in folder.glob(paths.MODEL.format(dataset="*"))}
    names = sorted(every)
    if dataset:
        names = [dataset]
    elif len(names) > 1 and config:
        entries = read_yaml(config).get("datasets")
        names = [name for name in names if isinstance(entries, dict) and name in entries]
    elif not config and (runs := read_runs(folder)):
        names = runs[0]["datasets"]
    if len(names) > 1:
        raise BackpropError(f"--dataset: missing; use one of {listed(names)}")
    if not names or names[0] not in every:
        where = folder / paths.MODEL.format(dataset=names[0] if names else "*")
        have = f"; there are models of {listed(sorted(every))}" if every else ""
        raise BackpropError(f"{where}: no such file; it is made by `backprop run`{have}")
    return every[names[0]]


def _dataset(file: Path) -> str:
    return paths.wildcards(paths.MODEL, file)["dataset"]


def _decided(model: FittedModel) -> list[str]:
    """Return what the terminal says of the class, if costs decide it."""
    if not model.costs:
        return []
    name, which = model.classes[1], "the one that costs least on average"
    if model.costs.of_two_classes:
        which = f"{name} where P({name}) is at least {model.costs.threshold:.3g}"
    return [f"class: {which}, by the costs of the study"]


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
            f"remarks on {count:,} of {len(rows.x):,} rows, in the column {REMARKS}"
            f"{', such as' if count > SHOWN else ''}:"
        )
        lines += [f"  row {row}: {own[0]}" for row, own in remarked[:SHOWN]]
    return lines


def _write(output: Path, model: FittedModel, rows: NewRows, predicted: Predicted) -> None:
    """Write a line for each row: its number, what identifies it, class, probabilities, remarks."""
    own = {name: cells for name, cells in rows.ids.items() if name not in (ROW, CLASS, REMARKS)}
    shares = [f"P({name})" for name in model.classes]
    lines = [[ROW, *map(for_spreadsheet, [*own, CLASS, *shares]), REMARKS]]
    cells = zip(
        zip(*own.values(), strict=True) if own else itertools.repeat(()),
        model.named(predicted),
        predicted.probabilities[..., 0].tolist(),
        rows.remarks,
        strict=False,
    )
    for row, (ids, name, p, remarks) in enumerate(cells, 1):
        texts = map(for_spreadsheet, [*ids, name])
        lines.append([str(row), *texts, *map(repr, p), for_spreadsheet("; ".join(remarks))])
    write_atomically(output, as_csv(lines))

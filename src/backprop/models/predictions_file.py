"""Predictions of a model that was trained elsewhere, from a file of a user.

The file is a CSV table with a line for each row in each repeat: ``row``, ``repeat`` and ``fold``,
as in the file of folds, and a column with the probability of each class, or ``predicted``, with the
class, or both. Without ``predicted``, equally probable classes share a row. If its first line is
``# sha256: ...``, that is the digest of the file of the data set; so is what is in a file beside
it, with ``.sha256`` added to its name.
"""

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

import numpy as np

from backprop.data.canonical_form import canonical
from backprop.data.dataset import Dataset
from backprop.errors import BackpropError, in_brief, listed, shortened
from backprop.files import digest_of_bytes
from backprop.study.configurations import Configuration
from backprop.study.fits import shared
from backprop.study.metrics import OF_CLASSES
from backprop.study.splits import Split
from backprop.study.trained import ONLY_CLASSES, Trained

PLACE = ["row", "repeat", "fold"]
PREDICTED = "predicted"
DIGEST = "# sha256:"
TOLERANCE = 1e-6  # of the sum of the probabilities of a row
MAX_BYTES = 500_000_000
FOLDS = "`make folds` writes the folds of this study"


class FileLine(NamedTuple):
    """A line of a file: its number, and its cells."""

    path: Path
    number: int
    cells: Sequence[str]

    def refuse(self, what: str) -> NoReturn:
        """Raise an error that names the line."""
        raise BackpropError(f"{self.path}, line {self.number}: {what}")


def read_predictions(
    path: Path, dataset: Dataset, splits: Sequence[Split], metric: str
) -> list[Trained]:
    """Read the predictions that a file has for the test rows of each split.

    If it has the predicted classes alone, their probability is 1, and the status says so.

    Parameters
    ----------
    path : Path
    dataset : Dataset
    splits : sequence of Split
        All outer splits of the study.
    metric : str
        That of the study.

    Returns
    -------
    list of Trained
        In the order of the splits. They took no time here.

    Raises
    ------
    BackpropError
        If the file has other rows, folds or classes, probabilities that are none, or none at all if
        the metric needs them. The message names the line and says what is allowed.
    """
    lines = _lines(path)
    _check_companion(path, dataset)
    header = _header(path, lines, dataset)
    columns = _columns(header, dataset.classes)
    only_classes = [*columns] == [PREDICTED]
    if only_classes and metric not in OF_CLASSES:
        header.refuse(
            f"found {PREDICTED} alone, without probabilities, which {metric} needs; use a column "
            f"with the probability of each class, or {' or '.join(OF_CLASSES)}"
        )
    folds = {(s.repeat + 1, int(row) + 1): s.fold + 1 for s in splits for row in s.test}
    by_row: dict[tuple[int, int], tuple[float, ...]] = {}
    named: dict[tuple[int, int], int] = {}
    for line in lines:
        if (number := len(line.cells)) != len(header.cells):
            line.refuse(f"found {number} cells; use {len(header.cells)}, as the header")
        row, repeat, fold = (_whole_number(line, header, name) for name in PLACE)
        _check_place(line, (row, repeat, fold), folds, by_row)
        if PREDICTED in columns and PREDICTED not in dataset.classes:
            named[repeat, row] = _place(line, columns[PREDICTED], dataset.classes)
        if only_classes:
            by_row[repeat, row] = tuple(np.eye(len(dataset.classes))[named[repeat, row]])
        else:
            by_row[repeat, row] = _probabilities(line, columns, dataset.classes)
    if missing := folds.keys() - by_row.keys():
        repeat, row = min(missing)
        where = f"row {row} of repeat {repeat}, which is in fold {folds[repeat, row]}"
        rest = f", and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        raise BackpropError(f"{path}: found no line for {where}{rest}; {FOLDS}")
    status, fits = ONLY_CLASSES if only_classes else "converged", []
    for split in splits:
        places = [(split.repeat + 1, int(row) + 1) for row in split.test]
        p = np.array([by_row[place] for place in places])
        own = p[:, 1] if p.shape[1] == 2 else p
        predicted = np.array([named[place] for place in places]) if named else shared(p)
        fits.append(Trained(status=status, epochs=0, probabilities=own, predicted=predicted))
    return fits


def train_fits(
    implementation: str, fits: Sequence[tuple[Configuration, Split]], dataset: Dataset
) -> NoReturn:
    """Refuse to train: only predictions are known. The arguments are as of all families."""
    raise BackpropError(
        "the model was trained elsewhere, and only its predictions are known; predict new rows "
        "where it was trained"
    )


def _lines(path: Path) -> Iterator[FileLine]:
    """Yield the lines of a CSV file, with their numbers, without empty ones."""
    if not path.is_file():
        raise BackpropError(f"{path}: not a file; use a CSV table of predictions. {FOLDS}")
    if path.stat().st_size > MAX_BYTES:
        raise BackpropError(f"{path}: found more than {MAX_BYTES:,} bytes; use a smaller file")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield FileLine(path, reader.line_num, [cell.strip() for cell in cells])
        except csv.Error as error:
            faulty = FileLine(path, reader.line_num, [])
            faulty.refuse(f"found no CSV ({error}); use commas between cells")
        except UnicodeDecodeError as error:
            raise BackpropError(f"{path}: not in UTF-8; save it in UTF-8") from error


def _header(path: Path, lines: Iterator[FileLine], dataset: Dataset) -> FileLine:
    """Return the header; compare the digest before it, if there is one."""
    line = next(lines, FileLine(path, 1, []))
    if line.cells and line.cells[0].startswith(DIGEST):
        _check_digest(line, line.cells[0].removeprefix(DIGEST), dataset)
        line = next(lines, line._replace(cells=[]))
    return line


def companion(path: Path) -> Path:
    """Return the file that may have the digest of the data set, as `sha256sum` writes it."""
    return path.with_name(f"{path.name}.sha256")


def _check_companion(path: Path, dataset: Dataset) -> None:
    file = companion(path)
    if file.is_file():
        with file.open(encoding="utf-8-sig", errors="replace") as opened:
            _check_digest(FileLine(file, 1, []), opened.readline(200), dataset)


def _check_digest(line: FileLine, text: str, dataset: Dataset) -> None:
    """Refuse predictions of a data set with another digest."""
    digest, own = (*text.lower().split(), "")[0], digest_of_bytes(canonical(dataset))
    if digest != own:
        what = f"found predictions of another data set, {digest:.64}"
        line.refuse(f"{what}; use predictions of {own}, or leave the digest out")


def _columns(line: FileLine, classes: Sequence[str]) -> Mapping[str, int]:
    """Return the place of the column of each class, or of the predicted one, by the header."""
    header = line.cells
    if PREDICTED in header and PREDICTED not in classes:
        classes = [*(classes if {*classes} & {*header} else []), PREDICTED]
    expected = [*PLACE, *classes]
    faults = [f"{shortened(name)} is missing" for name in expected if name not in header]
    twice = (name for name, number in Counter(header).items() if number > 1)
    faults += [f"{in_brief.repr(name)} is there twice" for name in twice]
    faults += [f"{in_brief.repr(name)} is no class" for name in header if name not in expected]
    if faults:
        known = shortened(", ".join(expected))
        what = "; ".join(faults[:3])
        line.refuse(f"{what}; use the columns {known}, or {PREDICTED} for the classes")
    return {name: header.index(name) for name in classes}


def _whole_number(line: FileLine, header: FileLine, name: str) -> int:
    text = line.cells[header.cells.index(name)]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        line.refuse(f"{name}: found {in_brief.repr(text)}; use a number from 1")
    return int(text)


def _check_place(
    line: FileLine,
    place: tuple[int, int, int],
    folds: Mapping[tuple[int, int], int],
    by_row: Mapping[tuple[int, int], object],
) -> None:
    """Refuse a row that the study does not have, in another fold, or for the second time."""
    row, repeat, fold = place
    if (repeat, row) not in folds:
        repeats, rows = (max(each) for each in zip(*folds, strict=True))
        what = f"found row {row} of repeat {repeat}"
        tested = "" if len(folds) == repeats * rows else ", those in a fold"
        line.refuse(f"{what}; use rows 1 to {rows}, repeats 1 to {repeats}{tested}")
    if fold != (own := folds[repeat, row]):
        what = f"row {row} of repeat {repeat} is in fold {own}, and not in {fold}"
        line.refuse(f"{what}: other folds; {FOLDS}")
    if (repeat, row) in by_row:
        line.refuse(f"found row {row} of repeat {repeat} twice; leave one line out")


def _probabilities(
    line: FileLine, columns: Mapping[str, int], classes: Sequence[str]
) -> tuple[float, ...]:
    values = []
    for name in classes:
        cell = line.cells[columns[name]]
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1:
            what = f"{name}: found {in_brief.repr(cell)}"
            line.refuse(f"{what}; use a probability from 0 to 1, with a decimal point")
        values.append(value)
    if abs(sum(values) - 1) > TOLERANCE:
        what = f"the probabilities have the sum {sum(values):.6g}"
        line.refuse(f"{what}; use 1, to within {TOLERANCE:g}")
    return tuple(values)


def _place(line: FileLine, column: int, classes: Sequence[str]) -> int:
    predicted = line.cells[column]
    if predicted not in classes:
        line.refuse(f"{PREDICTED}: found {in_brief.repr(predicted)}; use one of {listed(classes)}")
    return classes.index(predicted)

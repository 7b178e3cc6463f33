"""Predictions of a model that was trained elsewhere, from a file of a user.

The file is a CSV table with a line for each row in each repeat: ``row``, ``repeat`` and ``fold``,
as in the file of folds, and a column with the probability of each class, or ``predicted``, with the
class, or both. Without ``predicted``, equally probable classes share a row. If its first line is
``# sha256: ...``, that is the digest of the file of the data set; so is what is in a file beside
it, with ``.sha256`` added to its name.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np

from backprop.data.canonical_form import canonical
from backprop.data.dataset import Dataset
from backprop.data.file_tables import FileTable, parse_csv
from backprop.data.text_columns import number_of
from backprop.errors import BackpropError, in_brief, listed, shortened
from backprop.files import digest_of_bytes
from backprop.study.configurations import Configuration
from backprop.study.fits import shared
from backprop.study.metrics import OF_CLASSES
from backprop.study.splits import Split
from backprop.study.trained import ONLY_CLASSES, Trained
from backprop.typing import Array, Booleans, Integers

PLACE = ["row", "repeat", "fold"]
PREDICTED = "predicted"
DIGEST = re.compile(rb"(?:\xef\xbb\xbf)?\"?# sha256:([^\r\n\",]*)[^\r\n]*")  # a first line
MAX_BYTES = 500_000_000
TOLERANCE = 1e-6  # of the sum of the probabilities of a row
FOLDS = "`backprop folds` writes the folds of this study"


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
    table, header, classes = *_table(path, dataset), dataset.classes
    names = _predicted_by(table, header, classes)
    only_classes = names == [PREDICTED]
    if only_classes and metric not in OF_CLASSES:
        raise BackpropError(
            f"{header}: found {PREDICTED} alone, without probabilities, which {metric} needs; use "
            f"a column with the probability of each class, or {' or '.join(OF_CLASSES)}"
        )
    lines, named = _lines_of_rows(table, splits), None
    if PREDICTED in names and PREDICTED not in classes:
        texts = table.texts(PREDICTED)
        wrong = [text not in classes for text in texts]
        remedy = f"use one of {listed(classes)}"
        _refuse(table, wrong, lambda n: f"{PREDICTED}: found {in_brief.repr(texts[n])}; {remedy}")
        named = np.array([classes.index(text) for text in texts])
    status = ONLY_CLASSES if only_classes else "converged"
    p = np.eye(len(classes))[named] if only_classes else _probabilities(table, classes)
    fits = []
    for split in splits:
        own = p[lines[split.repeat, split.test]]
        predicted = shared(own) if named is None else named[lines[split.repeat, split.test]]
        stored = own[:, 1] if len(classes) == 2 else own
        fits.append(Trained(status=status, epochs=0, probabilities=stored, predicted=predicted))
    return fits


def train_fits(
    implementation: str, fits: Sequence[tuple[Configuration, Split]], dataset: Dataset
) -> NoReturn:
    """Refuse to train: only predictions are known. The arguments are as of all families."""
    raise BackpropError(
        "the model was trained elsewhere, and only its predictions are known; predict new rows "
        "where it was trained"
    )


def _table(path: Path, dataset: Dataset) -> tuple[FileTable, str]:
    """Return the table in a file, and what messages call its header; compare the digests."""
    if not path.is_file():
        raise BackpropError(f"{path}: not a file; use a CSV table of predictions. {FOLDS}")
    if path.stat().st_size > MAX_BYTES:
        raise BackpropError(f"{path}: found more than {MAX_BYTES:,} bytes; use a smaller file")
    if (beside := companion(path)).is_file():
        with beside.open(encoding="utf-8-sig", errors="replace") as file:
            _check_digest(beside, file.readline(200), dataset)
    content, header = path.read_bytes(), f"{path}, line 1"
    if first := DIGEST.match(content):
        _check_digest(path, first[1].decode("utf-8", "replace"), dataset)
        content, header = content[first.end() :], f"{path}, line 2"  # an empty line stays
    return parse_csv(str(path), content), header


def companion(path: Path) -> Path:
    """Return the file that may have the digest of the data set, as `sha256sum` writes it."""
    return path.with_name(f"{path.name}.sha256")


def _check_digest(path: Path, text: str, dataset: Dataset) -> None:
    """Refuse predictions of a data set with another digest."""
    digest, own = (*text.lower().split(), "")[0], digest_of_bytes(canonical(dataset))
    if digest != own:
        what = f"{path}, line 1: found predictions of another data set, {digest:.64}"
        raise BackpropError(f"{what}; use predictions of {own}, or leave the digest out")


def _refuse(
    table: FileTable, wrong: Booleans | Sequence[bool], fault: Callable[[int], str]
) -> None:
    """Refuse the first row that is wrong, by its line; ``fault(n)`` is about row n, from 0."""
    for n in np.flatnonzero(wrong)[:1]:
        raise BackpropError(f"{table.source}, line {(table.lines or ())[n]}: {fault(n)}")


def _predicted_by(table: FileTable, header: str, classes: Sequence[str]) -> list[str]:
    """Return the columns with predictions: one for each class, the predicted class, or both."""
    if PREDICTED in table.header and PREDICTED not in classes:
        classes = [*(classes if {*classes} & {*table.header} else []), PREDICTED]
    expected = [*PLACE, *classes]
    faults = [f"{shortened(name)} is missing" for name in expected if name not in table.header]
    twice = (name for name, number in Counter(table.header).items() if number > 1)
    faults += [f"{in_brief.repr(name)} is there twice" for name in twice]
    faults += [f"{in_brief.repr(n)} is no class" for n in table.header if n not in expected]
    if faults:
        what, known = "; ".join(faults[:3]), shortened(", ".join(expected))
        remedy = f"use the columns {known}, or {PREDICTED} for the classes"
        raise BackpropError(f"{header}: {what}; {remedy}")
    if table.faults:
        raise BackpropError(f"{table.source}: {table.faults[0]}")
    return [*classes]


def _whole_numbers(table: FileTable, name: str) -> Integers:
    texts = table.texts(name)
    wrong = [not (t.isascii() and t.isdigit() and len(t) < 10) for t in texts]
    _refuse(table, wrong, lambda n: f"{name}: found {in_brief.repr(texts[n])}; use a number from 1")
    return np.array([*map(int, texts)], dtype=np.int64)


def _lines_of_rows(table: FileTable, splits: Sequence[Split]) -> Integers:
    """Return where in a table each row of the data is in each repeat, shape (repeats, n).

    Refuse a row that the study does not have, in another fold, for the second time, or none.
    """
    repeats = max(split.repeat for split in splits) + 1
    rows = max(int(split.test.max()) for split in splits) + 1
    folds = np.zeros((repeats + 1, rows + 1), dtype=np.int64)  # all count from 1
    for split in splits:
        folds[split.repeat + 1, split.test + 1] = split.fold + 1
    row, repeat, fold = (_whole_numbers(table, name) for name in PLACE)
    own = folds[np.where(repeat > repeats, 0, repeat), np.where(row > rows, 0, row)]
    tested = "" if (folds[1:, 1:] > 0).all() else ", those in a fold"
    allowed = f"use rows 1 to {rows}, repeats 1 to {repeats}{tested}"
    places = [f"row {a} of repeat {b}" for a, b in zip(row, repeat, strict=True)]
    _refuse(table, own == 0, lambda n: f"found {places[n]}; {allowed}")
    _refuse(
        table,
        own != fold,
        lambda n: f"{places[n]} is in fold {own[n]}, and not in {fold[n]}: other folds; {FOLDS}",
    )
    again = np.ones(len(row), dtype=bool)
    again[np.unique(repeat * (rows + 1) + row, return_index=True)[1]] = False
    _refuse(table, again, lambda n: f"found {places[n]} twice; leave one line out")
    lines = np.full(folds.shape, -1)
    lines[repeat, row] = np.arange(len(row))
    missing = np.argwhere((folds > 0) & (lines < 0))
    for place in missing[:1]:
        where = f"row {place[1]} of repeat {place[0]}, which is in fold {folds[*place]}"
        rest = f", and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        raise BackpropError(f"{table.source}: found no line for {where}{rest}; {FOLDS}")
    return lines[1:, 1:]


def _probabilities(table: FileTable, classes: Sequence[str]) -> Array:
    """Return the probabilities of the classes, shape (lines, C)."""
    texts = [table.texts(name) for name in classes]
    p = np.array([[*map(number_of, column)] for column in texts]).T
    wrong = ~((p >= 0) & (p <= 1))

    def fault(n: int) -> str:
        c = int(wrong[n].argmax())
        what = f"{classes[c]}: found {in_brief.repr(texts[c][n])}"
        return f"{what}; use a probability from 0 to 1, with a decimal point"

    _refuse(table, np.asarray(wrong.any(axis=1)), fault)
    sums, remedy = p.sum(axis=1), f"use 1, to within {TOLERANCE:g}"
    others = np.abs(sums - 1) > TOLERANCE
    _refuse(table, others, lambda n: f"the probabilities have the sum {sums[n]:.6g}; {remedy}")
    return p

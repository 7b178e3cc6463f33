"""The table of fits: a row for each training of one configuration on one split.

The rows are in Parquet files. A training job updates its file: it keeps the rows that the config
still asks for, drops the others, and trains the missing ones. Each row has a *fingerprint*, a
digest of everything that the fit depends on. A row is kept only if its fingerprint is one of those
that the config asks for, and its *checksum*, a digest of the row itself, is right.

While a job trains, it also writes *parts*: files in a folder beside its own, with the fits since
the part before. If the job ends early, the next one goes on from there.
"""

import hashlib
import io
import itertools
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from backprop.files import canonical_json, digest_of_value, write_atomically
from backprop.study.configurations import DEFAULT, Configuration
from backprop.study.metrics import predicted_classes
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.typing import Array, Integers

if TYPE_CHECKING:
    import pandas

log = logging.getLogger(__name__)

SCHEMA = pa.schema(
    [
        ("model", pa.string()),
        ("configuration", pa.string()),  # its name; `DEFAULT` if all its values are the defaults
        ("hyperparameters", pa.string()),  # the values of the configuration, in JSON
        ("repeat", pa.int64()),  # repeat and fold are counted from 1
        ("fold", pa.int64()),
        ("inner", pa.int64()),  # the inner fold, counted from 1; null for the fit of an outer split
        ("status", pa.string()),
        ("reason", pa.string()),  # of the status; null if there is none
        ("epochs", pa.int64()),
        ("rows", pa.list_(pa.int64())),  # of the test fold, counted from 1
        ("probabilities", pa.list_(pa.float64())),  # see `class_probabilities`
        ("predicted", pa.list_(pa.int64())),  # see `class_votes`; null if the probabilities say it
        ("curve_epochs", pa.list_(pa.int64())),
        ("train_cost", pa.list_(pa.float64())),
        ("test_cost", pa.list_(pa.float64())),
        ("parameters", pa.list_(pa.float64())),
        ("seconds", pa.float64()),
        # Of an implementation that is compared with another one, else null; see `Trained`.
        ("step_ratio", pa.float64()),
        ("step_epoch", pa.int64()),
        ("start_cost", pa.float64()),
        ("fingerprint", pa.string()),
        ("checksum", pa.string()),  # of all other columns
    ]
)
# These columns take most of the space of a file, and no table needs them.
LARGE = ("curve_epochs", "train_cost", "test_cost", "parameters")

PART_SECONDS, PART_SHARE = 1.0, 0.01
"""A part is written when so many seconds of training, or this share of it, would else be lost."""

Pair = tuple[Configuration, Split]
"""What identifies a fit of a model."""

Train = Callable[[list[Pair]], Iterable[tuple[int, Trained]]]
"""Trains fits, and gives the place of each and the fit, as soon as it is trained."""


def update_fits(
    path: Path,
    model: str,
    configurations: Sequence[Configuration],
    splits: Sequence[Split],
    basis: str,
    train: Train,
) -> None:
    """Update a file of fits: afterwards it has each configuration on each split, and nothing else.

    Its parts stay until `remove_parts`: if the job fails later, Snakemake takes the file back.

    Parameters
    ----------
    path : Path
        The file. It is replaced as a whole or not at all. A file that cannot be read is replaced by
        a new one, and so is each row that is not as it was written. A file that a later job has
        written in the meantime is left as it is: this job then belongs to a run that has ended.
    model : str
        The name of the model.
    configurations : sequence of Configuration
    splits : sequence of Split
    basis : str
        All else that the fits depend on: data, seed, stop condition, code, versions.
    train : callable
        Trains the missing (configuration, split) pairs, see `Train`.
    """
    began, began_before = time.time_ns(), _began(path)
    pairs = [(c, s) for c in configurations for s in splits]
    fingerprints = _fingerprints(basis, model, configurations, splits)
    parts = sorted(_folder_of_parts(path).glob("*.parquet"))
    present = pa.concat_tables(map(_present, [path, *parts]))
    places = {key: place for place, key in enumerate(present["fingerprint"].to_pylist())}
    missing = [n for n, key in enumerate(fingerprints) if key not in places]
    missing.sort(key=lambda n: n % len(splits))  # the fits on a split can share what it takes
    missing_pairs = [pairs[n] for n in missing]
    _log_changes(model, present, set(fingerprints), len(pairs), missing_pairs)
    rows = (
        as_row(model, *missing_pairs[place], fit, fingerprints[missing[place]])
        for place, fit in (train(list(missing_pairs)) if missing else [])
    )
    write_part = partial(_write_part, _folder_of_parts(path), began)
    table = pa.concat_tables([present, *_keep_while_training(rows, write_part)])
    places = {key: place for place, key in enumerate(table["fingerprint"].to_pylist())}
    table = table.take(pa.array([places[key] for key in fingerprints], pa.int64()))
    if began_before != (now := _began(path)) and now > began:
        log.warning("%s was written by a later job, and is left as it is", path)
        return
    _write(path, table, began)


def _keep_while_training(
    rows: Iterable[dict[str, object]], write_part: Callable[[list[dict[str, object]]], pa.Table]
) -> Iterator[pa.Table]:
    """Take the rows of fits as they are trained, write parts of them, and yield tables of all."""
    began = kept = time.monotonic()
    part = list[dict[str, object]]()
    for row in rows:
        part.append(row)
        now = time.monotonic()
        if now - kept >= max(PART_SECONDS, PART_SHARE * (now - began)):
            yield write_part(part)
            kept, part = time.monotonic(), []
    if part:  # the job may fail after it: at its next file, or while this one is written
        is_long = time.monotonic() - began >= PART_SECONDS
        yield write_part(part) if is_long else _as_table(part)


def _write_part(folder: Path, began: int, rows: list[dict[str, object]]) -> pa.Table:
    """Write rows to a part of a job that began then, and return them as a table."""
    table = _as_table(rows)
    with suppress(OSError):  # a full disk, which the file itself may still have room on
        folder.mkdir(exist_ok=True)
        _write(folder / f"{rows[0]['fingerprint']}.parquet", table, began)
    return table


def remove_parts(paths: Iterable[Path]) -> None:
    """Remove the parts of files that are whole, but for parts of a later job, which still runs."""
    for path in paths:
        with suppress(OSError):  # there is no folder, or it still has parts
            for part in _folder_of_parts(path).iterdir():
                if _began(part) <= _began(path):
                    part.unlink()
            _folder_of_parts(path).rmdir()


def _folder_of_parts(path: Path) -> Path:
    return path.with_suffix(".parts")


def _write(path: Path, table: pa.Table, began: int) -> None:
    content = io.BytesIO()
    table = table.replace_schema_metadata({"began": str(began)})
    inner = pc.is_valid(table["inner"])
    with pq.ParquetWriter(content, table.schema, write_page_checksum=True) as writer:
        # Apart from each other, so that a reader of one kind skips the other.
        for part in (table.filter(pc.invert(inner)), table.filter(inner)):
            writer.write_table(part)
    write_atomically(path, content.getvalue())


def read_fits(
    paths: Sequence[Path],
    *,
    columns: Collection[str] | None = None,
    configurations: Collection[str] | None = None,
    inner: bool = False,
) -> "pandas.DataFrame":
    """Read files of fits as one data frame.

    Parameters
    ----------
    paths : sequence of Path
    columns : collection of str, optional
        The columns to read; by default all.
    configurations : collection of str, optional
        The names of the configurations to read; by default all.
    inner : bool, default=False
        Whether to read the fits of inner splits, and no others. Fits of outer splits have no
        column of it.

    Returns
    -------
    DataFrame
        The columns in the order of `SCHEMA`, the rows in the order of the files.

    Raises
    ------
    OSError, pyarrow.ArrowException
        If a file cannot be read, or is not a file of fits.
    """
    is_inner = pc.field("inner").is_valid()
    chosen = is_inner if inner else ~is_inner
    if configurations is not None:
        chosen &= pc.field("configuration").isin(pa.array(list(configurations), pa.string()))
    asked = SCHEMA.names if columns is None else columns
    names = [name for name in SCHEMA.names if name in asked and (inner or name != "inner")]
    tables = []
    for path in paths:
        _check_schema(path)
        # Only the parts of the file that may have such fits are read.
        tables.append(
            pq.read_table(path, columns=names, filters=chosen, page_checksum_verification=True)
        )
    return pa.concat_tables(tables).to_pandas()


def class_probabilities(stored: Array, rows: int) -> Array:
    """Return the probabilities of all classes from those in a file of fits.

    Parameters
    ----------
    stored : array, shape (rows,) or (rows * C,)
        P(y = 1) of each row if there are two classes, else the probabilities of the C classes, row
        by row.
    rows : int

    Returns
    -------
    array, shape (rows, C)
    """
    if len(stored) == rows:
        return np.stack([1 - stored, stored], axis=-1)
    return stored.reshape(rows, -1)


def class_votes(p: Array, predicted: Integers | None) -> Array:
    """Return which class a fit predicts for each row, as probabilities.

    Parameters
    ----------
    p : array, shape (rows, C)
    predicted : int array, shape (rows,), optional
        The classes, from 0; -1 where equally probable ones share the row. By default, they are the
        most probable ones, the first of several.

    Returns
    -------
    array, shape (rows, C)
        1 for the class that is predicted, and p where it is shared; NaN where p is.
    """
    places = predicted_classes(p) if predicted is None else np.asarray(predicted)
    is_named = (places >= 0) & np.isfinite(p).all(axis=1)
    return np.where(is_named[:, np.newaxis], np.eye(p.shape[1])[places], p)


def predicted_of(table: "pandas.DataFrame") -> list[Integers | None]:
    """Return the ``predicted`` of each fit; None where the probabilities say it."""
    column = table["predicted"] if "predicted" in table else [None] * len(table)
    return [None if each is None else np.asarray(each) for each in column]


def shared(p: Array) -> Integers | None:
    """Return the `predicted` of probabilities from elsewhere, shape (rows, C).

    It is -1 where several are largest, and None without such rows. Probabilities that are all 0 or
    1 name the classes.
    """
    if np.isin(p, (0.0, 1.0)).all():
        return predicted_classes(p)
    several = (p == p.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return np.where(several, -1, predicted_classes(p)) if several.any() else None


def predictions(table: "pandas.DataFrame", n: int, classes: int, *, votes: bool = False) -> Array:
    """Return the out-of-fold predictions of one configuration of a model.

    Parameters
    ----------
    table : DataFrame
        The fits of that configuration on all splits, from `read_fits`.
    n, classes : int
        The number of rows of the data, and the number C of its classes.
    votes : bool, default=False
        Whether to return which class is predicted, see `class_votes`.

    Returns
    -------
    array, shape (repeats, n, C)
        The probability of each class; NaN where a fit diverged.
    """
    p = np.full((int(table["repeat"].max()), n, classes), np.nan)
    columns = (table[name] for name in ("repeat", "rows", "probabilities"))
    for repeat, rows, probabilities, predicted in zip(*columns, predicted_of(table), strict=True):
        own = class_probabilities(probabilities, len(rows))
        p[repeat - 1, np.asarray(rows) - 1] = class_votes(own, predicted) if votes else own
    return p


def fits_of(
    model: str,
    p: Array,
    tests: Sequence[Sequence[Integers]],
    predicted: Integers | None = None,
) -> "pandas.DataFrame":
    """Return predictions from elsewhere as a table of fits, as far as scores need it.

    Parameters
    ----------
    model : str
    p : array, shape (repeats, n, C)
    tests : sequence of sequence of int array
        The test rows of each fold of each repeat, from 0.
    predicted : int array, shape (repeats, n), optional
        The classes that are predicted; by default, equally probable classes share a row.
    """
    import pandas as pd

    rows = [
        {
            "repeat": repeat + 1,
            "fold": fold + 1,
            "rows": test + 1,
            "probabilities": p[repeat, test, 1] if p.shape[2] == 2 else p[repeat, test].ravel(),
            "predicted": shared(p[repeat, test]) if predicted is None else predicted[repeat, test],
        }
        for repeat, folds in enumerate(tests)
        for fold, test in enumerate(folds)
    ]
    return pd.DataFrame(rows).assign(
        model=model, configuration=DEFAULT, hyperparameters="{}", status="converged", epochs=0
    )


def _check_schema(path: Path) -> None:
    if not (own := pq.read_schema(path)).equals(SCHEMA):
        raise pa.ArrowInvalid(f"it has other columns: {own.names}")


def _log_changes(
    model: str, present: pa.Table, needed: set[str], count: int, missing: Sequence[Pair]
) -> None:
    """Log how many fits are kept, dropped and trained, and a line for each configuration."""
    columns = (present[name].to_pylist() for name in ("configuration", "fingerprint"))
    dropped = [name for name, key in zip(*columns, strict=True) if key not in needed]
    numbers = count, count - len(missing), len(dropped), len(missing)
    log.info("%d fits: %d kept, %d dropped, %d to train", *numbers)
    trained = [configuration.name for configuration, _ in missing]
    for action, names in (("drop", dropped), ("train", trained)):
        for name, number in Counter(names).items():
            shown = model if name == DEFAULT else name
            log.info("%s %s: %d fit%s", action, shown, number, "s" if number > 1 else "")


def _fingerprints(
    basis: str, model: str, configurations: Sequence[Configuration], splits: Sequence[Split]
) -> list[str]:
    """Return the fingerprints of the fits: for each configuration, one for each split."""
    common = digest_of_value([basis, model])
    of_splits = [digest_of_value([*s.key, s.train.tolist(), s.test.tolist()]) for s in splits]
    of_configurations = [digest_of_value(each.values()) for each in configurations]
    return [digest_of_value([common, c, s]) for c in of_configurations for s in of_splits]


def _present(path: Path) -> pa.Table:
    """Read the rows of a file of fits that are as they were written; none, if it is damaged."""
    try:
        _check_schema(path)
        # Not by `pq.read_table`, which imports pandas.
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            table = file.read()
        checksums = pa.array(_checksums(table), pa.string())
    except FileNotFoundError:
        return SCHEMA.empty_table()
    except Exception as error:  # of any kind: a flipped bit in names gives a UnicodeDecodeError
        log.warning("%s cannot be read and is replaced: %s", path, error)
        return SCHEMA.empty_table()
    sound = table.filter(pc.equal(table["checksum"], checksums))
    if len(sound) < len(table):
        log.warning("%s: %d fits were changed and are dropped", path, len(table) - len(sound))
    return sound


def _as_table(rows: list[dict[str, object]]) -> pa.Table:
    """Return rows as a table, each with its checksum."""
    table = pa.Table.from_pylist(rows, SCHEMA)
    place = SCHEMA.get_field_index("checksum")
    return table.set_column(place, SCHEMA.field(place), pa.array(_checksums(table), pa.string()))


def _checksums(table: pa.Table) -> list[str]:
    """Return the SHA-256 of each row, of all columns but the checksum itself."""
    columns = [_cells(table[name]) for name in SCHEMA.names if name != "checksum"]
    return [hashlib.sha256(b"|".join(row)).hexdigest() for row in zip(*columns, strict=True)]


def _cells(column: pa.ChunkedArray) -> list[bytes]:
    """Return each cell of a column as bytes. Arrow's way to convert lists would import pandas."""
    if not pa.types.is_list(column.type):
        return [str(cell).encode() for cell in column.to_pylist()]
    lists = column.combine_chunks()
    numbers = lists.values.to_numpy()
    return [numbers[a:b].tobytes() for a, b in itertools.pairwise(lists.offsets.to_pylist())]


def _began(path: Path) -> int:
    """Return when the job that wrote a file began, in nanoseconds since 1970; 0 if unknown."""
    try:
        return int((pq.read_schema(path).metadata or {}).get(b"began", 0))
    except Exception:  # of any kind, as in `_present`
        return 0


def as_row(
    model: str, configuration: Configuration, split: Split, fit: Trained, fingerprint: str
) -> dict[str, object]:
    """Return a fit as a row of a file, but for its checksum: the columns of `SCHEMA`."""
    return {
        "model": model,
        "configuration": configuration.name,
        "hyperparameters": canonical_json(configuration.values()),
        "repeat": split.repeat + 1,
        "fold": split.fold + 1,
        "inner": None if split.inner is None else split.inner + 1,
        "rows": split.test + 1,
        "fingerprint": fingerprint,
        **vars(fit),
        "probabilities": fit.probabilities.ravel(),
    }

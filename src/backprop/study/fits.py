"""The table of fits: a row for each training of one configuration on one split.

It is kept in Parquet files that a training job extends: what is there and still wanted is kept,
what is not wanted any more is dropped, what is missing is trained. A row knows by its
*fingerprint*, a digest of everything that it depends on, whether it is wanted.
"""

import hashlib
import io
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from backprop.files import write_atomically
from backprop.study.configurations import HYPERPARAMETERS, Configuration, canonical
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.typing import Array

if TYPE_CHECKING:
    import pandas

log = logging.getLogger(__name__)

SCHEMA = pa.schema(
    [
        ("model", pa.string()),
        ("configuration", pa.string()),  # a configuration's name; null for a baseline
        ("hidden", pa.list_(pa.int64())),
        ("activation", pa.string()),
        ("cost", pa.string()),
        ("learning_rate", pa.float64()),
        ("initialisation", pa.string()),
        ("repeat", pa.int64()),  # counted from 1, as the fold
        ("fold", pa.int64()),
        ("status", pa.string()),
        ("epochs", pa.int64()),
        ("rows", pa.list_(pa.int64())),  # of the test fold, counted from 1
        ("probabilities", pa.list_(pa.float64())),
        ("curve_epochs", pa.list_(pa.int64())),
        ("train_cost", pa.list_(pa.float64())),
        ("test_cost", pa.list_(pa.float64())),
        ("parameters", pa.list_(pa.float64())),
        ("seconds", pa.float64()),
        ("fingerprint", pa.string()),
    ]
)
DEAD = 0.05  # probabilities of all training rows that differ by less are the same for every input
# Most of a file, and nothing that the tables need.
LARGE = ("curve_epochs", "train_cost", "test_cost", "parameters")

Wanted = tuple[Configuration | None, Split]


def update(
    path: Path,
    model: str,
    configurations: Sequence[Configuration | None],
    splits: Sequence[Split],
    basis: str,
    train: Callable[[list[Wanted]], Sequence[Trained]],
) -> None:
    """Bring a file of fits to hold each configuration on each split, and nothing else.

    Parameters
    ----------
    path : Path
        The file. It is replaced as a whole or not at all; one that cannot be read counts as none.
        It is left alone if a job that began after this one has written it in the meantime: then
        this one has outlived the run that it belonged to.
    model : str
    configurations : sequence of Configuration
        ``[None]`` for a baseline, which has no hyperparameters.
    splits : sequence of Split
    basis : str
        Everything else that the fits depend on: data, seed, training, code, versions.
    train : callable
        Is given the (configuration, split) pairs that are missing, and returns their fits.
    """
    began, before = time.time_ns(), _began(path)
    wanted = [(c, s) for c in configurations for s in splits]
    prints = [_fingerprint(basis, model, c, s) for c, s in wanted]
    present = _present(path)
    missing = [w for w, key in zip(wanted, prints, strict=True) if key not in present]
    kept = len(wanted) - len(missing)
    log.info(
        "%d fits wanted: %d kept, %d dropped, %d to train (%d configurations)",
        len(wanted),
        kept,
        len(present) - kept,
        len(missing),
        len({c for c, _ in missing}),
    )
    dropped = present.keys() - prints
    _say("drop", model, [row["configuration"] for key, row in present.items() if key in dropped])
    _say("train", model, [c.name if c else None for c, _ in missing])
    trained = iter(train(missing) if missing else [])
    rows = [
        present.get(key) or _row(model, configuration, split, next(trained), key)
        for (configuration, split), key in zip(wanted, prints, strict=True)
    ]
    if before != (now := _began(path)) and now > began:
        log.warning("%s is of a later job, and is left as it is", path)
        return
    content = io.BytesIO()
    schema = SCHEMA.with_metadata({"began": str(began)})
    pq.write_table(pa.Table.from_pylist(rows, schema), content, write_page_checksum=True)
    write_atomically(path, content.getvalue())


def read(paths: Sequence[Path], *, predictions_only: bool = False) -> "pandas.DataFrame":
    """Read files of fits as one data frame.

    Parameters
    ----------
    paths : sequence of Path
    predictions_only : bool, default=False
        Leave out the columns of `LARGE`: learning curves and parameters.

    Returns
    -------
    DataFrame
        With the columns of `SCHEMA`, or those of them that are wanted.
    """
    wanted = [name for name in SCHEMA.names if not (predictions_only and name in LARGE)]
    return pa.concat_tables(_table(path).select(wanted) for path in paths).to_pandas()


def predictions(fits: "pandas.DataFrame", n: int) -> Array:
    """Return the out-of-fold predictions of one configuration of a model for n rows.

    Parameters
    ----------
    fits : DataFrame
        Its rows of what `read` returns.
    n : int

    Returns
    -------
    array, shape (repeats, n)
        NaN where a fit diverged.
    """
    p = np.full((int(fits["repeat"].max()), n), np.nan)
    for repeat, rows, found in zip(
        fits["repeat"], fits["rows"], fits["probabilities"], strict=True
    ):
        p[repeat - 1, np.asarray(rows) - 1] = found
    return p


def damage(path: Path) -> str | None:
    """Say what is wrong with a file of fits; nothing if it can be read from end to end."""
    try:
        _table(path)
    except (OSError, pa.ArrowException) as error:
        return str(error).strip().split("\n")[0]
    return None


def _table(path: Path) -> pa.Table:
    table = pq.read_table(path, page_checksum_verification=True)
    if not table.schema.equals(SCHEMA):
        raise pa.ArrowInvalid(f"other columns than a file of fits has: {table.schema.names}")
    return table


def _say(what: str, model: str, configurations: Sequence[str | None]) -> None:
    """Log a line for each configuration of some fits, such as ``train h2-...-uniform: 50 fits``."""
    for name, count in Counter(configurations).items():
        log.info("%s %s: %d fit%s", what, name or model, count, "s" * (count > 1))


def _fingerprint(basis: str, model: str, configuration: Configuration | None, split: Split) -> str:
    where = [split.repeat, split.fold, split.train.tolist(), split.test.tolist()]
    return hashlib.sha256(canonical([basis, model, configuration, where]).encode()).hexdigest()


def _present(path: Path) -> dict[str, dict[str, Any]]:
    if not path.exists():
        return {}
    try:
        return {row["fingerprint"]: row for row in _table(path).to_pylist()}
    except (OSError, pa.ArrowException) as error:
        log.warning("%s cannot be read and is made anew: %s", path, error)
        return {}


def _began(path: Path) -> int:
    """Return when the job that wrote a file began, in nanoseconds since 1970; 0 if unknown."""
    try:
        return int((pq.read_schema(path).metadata or {}).get(b"began", 0))
    except (OSError, pa.ArrowException):
        return 0


def _row(
    model: str, configuration: Configuration | None, split: Split, fit: Trained, fingerprint: str
) -> dict[str, Any]:
    values = {key: getattr(configuration, key, None) for key in HYPERPARAMETERS}
    return {
        "model": model,
        "configuration": configuration.name if configuration else None,
        **values,
        "repeat": split.repeat + 1,
        "fold": split.fold + 1,
        "rows": (split.test + 1).tolist(),
        **vars(fit),
        "fingerprint": fingerprint,
    }

"""The record of what the tables of a data set were made of, and by what."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from backprop.files import digest
from backprop.study.configurations import canonical


def describe(
    wanted: Mapping[str, Any], *, data: Path, code: Sequence[Path], tables: Sequence[Path]
) -> dict[str, Any]:
    """Describe a run in a form fit for JSON, the same for the same run.

    Parameters
    ----------
    wanted : mapping
        `dataset`, `config`, and the `environment`: Python, platform and package versions.
    data, code, tables : Path or sequence of Path
        The data set, all files that the tables are made by, and the tables.
    """
    config = wanted["config"]
    return {
        "dataset": wanted["dataset"],
        "data_sha256": digest(data),
        "seed": config["seed"],
        "config_sha256": hashlib.sha256(canonical(config).encode()).hexdigest(),
        "config": config,
        # The digest of the sorted digests: where the files are does not matter.
        "code_sha256": hashlib.sha256("\n".join(sorted(map(digest, code))).encode()).hexdigest(),
        "code_files": len(code),
        **wanted["environment"],
        "tables_sha256": {table.name: digest(table) for table in sorted(tables)},
    }


def as_table(record: Mapping[str, Any]) -> pd.DataFrame:
    """Return a record as a table of two columns, a row for each single value."""
    rows = []
    for key, value in record.items():
        if key == "config":
            rows.append((key, canonical(value)))
        elif isinstance(value, Mapping):
            rows += [(f"{key}: {name}", str(item)) for name, item in value.items()]
        else:
            rows.append((key, str(value)))
    return pd.DataFrame(rows, columns=["what", "value"])

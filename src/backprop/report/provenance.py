"""The record of everything that the tables of a data set depend on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from backprop.files import digest, digest_of_value
from backprop.report.wording.names import model_label
from backprop.typing import Json

TIMES = (
    "Time of training",
    [
        "Networks of one shape are trained together, so compare the models by all their fits; the "
        "times depend on the machine, and no two runs have the same ones"
    ],
)
"""The heading of the times on the page, and what is said of them."""


def describe(
    parameters: Mapping[str, Json], *, data: Path, tables: Sequence[Path]
) -> dict[str, object]:
    """Describe a run in values that JSON can hold. Equal runs have equal descriptions.

    Parameters
    ----------
    parameters : mapping
        ``dataset``, its name; ``config``, the content of config.yaml; ``makers``, the digest of
        each module and file that computes the tables, by its name; and ``environment``, the
        versions of Python and the packages, and the platform.
    data : Path
        The data set in its canonical form.
    tables : sequence of Path

    Returns
    -------
    dict
        Digests are SHA-256, in hexadecimal. The code's covers the names and the digests of its
        parts, not the folder that they are in.

    Raises
    ------
    OSError
        If the data set or a table cannot be read.
    """
    config, code = parameters["config"], parameters["makers"]
    return {
        "dataset": parameters["dataset"],
        "data_sha256": digest(data),
        "seed": config["seed"],
        "config_sha256": digest_of_value(config),
        "config": config,
        "code_sha256": digest_of_value(code),
        "code_files": len(code),
        **parameters["environment"],
        "tables_sha256": {table.name: digest(table) for table in sorted(tables)},
    }


def as_table(record: Mapping[str, object]) -> pd.DataFrame:
    """Return a record without its config as a table: `what` and `value` of each single value."""
    rows = []
    for key, value in record.items():
        if key != "config":
            several = value if isinstance(value, Mapping) else {"": value}
            rows += [(f"{key}: {name}" if name else key, str(v)) for name, v in several.items()]
    return pd.DataFrame(rows, columns=["what", "value"])


def times_of_models(timings: pd.DataFrame) -> pd.DataFrame:
    """Return how many fits of each model there are, and the seconds that all took together.

    Parameters
    ----------
    timings : DataFrame
        See `backprop.study.scores.fit_times`.
    """
    seconds = timings.groupby("model", sort=False)["seconds"].agg(["size", "sum"]).reset_index()
    seconds["model"] = [model_label(model) for model in seconds["model"]]
    return seconds.set_axis(["Model", "Fits", "Seconds, of all fits"], axis="columns")


def config_of(record: Mapping[str, object]) -> str:
    """Return the config of a record as YAML: config.yaml with all defaults."""
    return str(yaml.safe_dump(record["config"], allow_unicode=True, sort_keys=False, width=100))

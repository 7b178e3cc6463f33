"""The record of everything that the tables of a data set depend on."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from backprop.data.cell_meaning import Entry, names_of_columns
from backprop.errors import listed
from backprop.files import digest, digest_of_value
from backprop.report.wording.names import listed_first, model_label
from backprop.typing import Json

READ = (
    "How the table was read",
    [
        "A row is a column of the table: first those that the models learn from, then the class",
        "A mark is a cell that the config takes for no value, such as 9999",
        "Of a column in cells of the config, all rows of the file count; of others, the rows that "
        "are used",
    ],
)
"""The heading of how the table was read, and what is said of it."""
AS = {
    "number": "a number",
    "time": "a time, as one number",
    "feet": "feet and inches, as inches",
    "degrees": "degrees, minutes and seconds, as degrees",
    "range": "the middle of a range",
    "date": "a date: month, weekday and days since 1970",
    "day first": "a date, its day first: month, weekday and days since 1970",
    "month first": "a date, its month first: month, weekday and days since 1970",
}
"""What a column is read as, by `read` in `cells`."""
ONE_BY_ONE, ALIKE = 100, 5  # columns of a row each; of more, how many are named in a row
LIMITS = {"at": "the limit", "half": "half of the limit", "missing": "no value"}
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


def how_read(described: Mapping[str, Json], cells: Mapping[str, Json]) -> pd.DataFrame:
    """Return what each column of a table was read as, without columns that say nothing.

    Of more than `ONE_BY_ONE` columns, a row has all columns that were read alike.

    Parameters
    ----------
    described : mapping
        See `backprop.data.sources.provenance`.
    cells : mapping
        See `backprop.data.cell_meaning.account`.
    """
    origins = {
        plain: name for name, own in cells.items() for plain in names_of_columns(name, own["as"])
    }
    names = [origins.get(name, name) for name in (*described["features"], described["label"])]
    rows = []
    for name in dict.fromkeys(names):
        own: Mapping[str, Json] = cells.get(name, {})
        entry: Entry = own.get("as", {})
        rows.append({
            "Column": name,
            "Read as": _read_as(name, entry, described),
            "Unit": entry.get("unit") or "",
            "No value": own.get("missing", described["missing"].get(name, 0)),
            "Of these, marks": own.get("marks", 0),
            "Limits": own.get("limits", 0),
            "A limit counts as": LIMITS.get(str(entry.get("limits")), ""),
            "Other spellings": own.get("joined", 0),
            "Joined": ", ".join(f"{one} = {to}" for one, to in (entry.get("join") or {}).items()),
        })  # fmt: skip
    table = pd.DataFrame(rows)
    table = table.loc[:, table.astype(bool).any()]
    if len(table) <= ONE_BY_ONE:
        return table
    alike = table.groupby([*table.columns[1:]], sort=False)["Column"]
    return alike.agg(lambda names: listed_first([*names], ALIKE)).reset_index()[[*table]]


def _read_as(name: str, entry: Entry, described: Mapping[str, Json]) -> str:
    """Return what a column was read as, in words."""
    if name == described["label"]:
        return f"the class: {listed([*described['classes']])}"
    if order := entry.get("order"):
        return f"a number, from 1 on, in this order: {', '.join(map(str, order))}"
    if entry.get("read") in AS:
        return AS[str(entry["read"])]
    categories = described["categories"].get(name)
    return f"{categories:,} categories" if categories else AS["number"]


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

"""The parts of the documentation that follow from the code: the keys of the config, and the tables.

``conf.py`` puts each of them in the place of its marker, such as ``<!-- build: tables -->``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from backprop.report.contents import TABLES as SHOWN
from backprop.report.wording.columns import heads
from backprop.statistics.recommendation import ADAPTER
from backprop.statistics.tables import ENDS, TABLES, Interval, Table
from backprop.study.configurations import HYPERPARAMETERS
from backprop.workflow.config_check.checks import Validator, expected
from backprop.workflow.config_check.config_schema import SCHEMAS, read_schema

ROOT = Path(__file__).parents[1]
METRIC = "accuracy"  # of the study whose columns are named
KINDS = {
    Interval: "a number, with the ends of its interval",
    float: "a number",
    int: "a whole number",
    str: "a text",
    bool: "True or False",
    Any: "a number or a text",
}

Row = tuple[str, str, str, str]
"""A key, what it is, what to use, and its default."""


def config_keys() -> str:
    """Return a section for each key of ``config.yaml``, with all keys in it.

    Raises
    ------
    ValueError
        If a key has no description.
    """
    schema = read_schema()
    return "\n".join(line for row in _keys("", schema) for line in _section(row, schema))


def known_answers() -> str:
    """Return the keys of a file of known answers, in the same way."""
    file = ROOT / SCHEMAS / "known_answers.schema.yaml"
    schema = yaml.safe_load(file.read_text(encoding="utf-8"))
    (answers,) = schema["properties"].values()
    (row,) = _keys("", schema)
    return "\n".join([*_table_of_keys([row, *_keys("answers", answers["items"])])])


def _section(row: Row, schema: Mapping[str, Any]) -> Iterator[str]:
    key, meaning, use, default = row
    value = schema["properties"][key]
    rows = [(path.removeprefix(f"{key}."), *cells) for path, *cells in _all_keys(key, value)]
    lines = [f"{meaning[0].upper()}{meaning[1:]}."]
    lines += [] if rows else [f"Use {use}."]
    lines += ["It is required."] if default == "*required*" else [f"By default: {default}."]
    yield from (f"## `{key}`", "", " ".join(lines), "")
    if rows:
        yield from _table_of_keys(rows)
        yield ""


def _table_of_keys(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield from ("| key | what it is | use | by default |", "|---|---|---|---|")
    for key, *cells in rows:
        yield f"| `{key}` | {' | '.join(cells)} |"


def _all_keys(path: str, schema: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the keys of a mapping, and those in them."""
    for row in _keys(path, schema):
        key = row[0].rpartition(".")[2]
        yield row
        yield from _all_keys(row[0], _inside(schema)[key])


def _keys(path: str, schema: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the keys of a mapping."""
    required = schema.get("required", [])
    for key, value in _inside(schema).items():
        own = f"{path}.{key}".lstrip(".")
        if not value.get("description"):
            raise ValueError(f"the key {own} has no description in its schema")
        default = "*required*" if key in required else _default(value)
        yield own, value["description"], _use(value), default


def _inside(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of each key of a mapping; a key of any name is ``<name>``."""
    others = schema.get("additionalProperties")
    named = {"<name>": others} if isinstance(others, Mapping) else {}
    return {**schema.get("properties", {}), **named}


def _use(schema: Mapping[str, Any]) -> str:
    """Describe what a value may be; of a list, also what its items may be."""
    every = (schema, schema["items"]) if {*schema.get("items", {})} - {"$ref"} else (schema,)
    whole, *items = (
        expected({key: value for key, value in each.items() if value != "printable"})
        for each in every
    )
    return "; each ".join([whole, *items]).replace("<", "&lt;")


def _default(schema: Mapping[str, Any]) -> str:
    """Write a default. One that a config cannot have is chosen by the workflow."""
    if "default" not in schema or "by default" in schema["description"]:
        return ""
    default = schema["default"]
    if default in ({}, [], None) and not (default is None and Validator(schema).is_valid(None)):
        return "none"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def tables() -> str:
    """Return a section for each table of results, with all its columns in their order.

    Raises
    ------
    ValueError
        If a column has no description.
    """
    return "\n".join(line for name, table in TABLES.items() for line in _table(name, table))


def decision() -> str:
    """Return the JSON schema of a decision, for programs that read one."""
    schema = json.dumps(ADAPTER.json_schema(), indent=2)
    return f"```json\n{schema}\n```"


def _table(name: str, table: Table[Any]) -> Iterator[str]:
    shown = SHOWN.get(name)
    file = f"{'tables' if shown else 'statistics'}/{name}.csv"
    if name == "provenance":
        file = "provenance.json"
    row = (table.row.__doc__ or "").partition(".")[0]
    title = f", in the report: *{shown.title}*" if shown else ""
    yield from (f"## `{name}`", "", f"`results/{{dataset}}/{file}`{title}", "")
    yield from (f"Each row is {row[0].lower()}{row[1:]}.", "")
    yield from ("| columns | what they are | values |", "|---|---|---|")
    help_of = {head.column: head.help for head in heads(name, METRIC)}
    for column, field in table.columns(METRIC, HYPERPARAMETERS).items():
        if not help_of[column]:
            raise ValueError(f"the column {column} of the table {name} has no `help`")
        if not (field.ends[1:] and column.endswith(ENDS)):
            names = ", ".join(f"`{column}{end}`" for end in field.ends)
            only = "; only in `statistics/`" if field.column.hidden and shown else ""
            yield f"| {names} | {help_of[column]} | {KINDS[field.kind]}{only} |"
    yield ""

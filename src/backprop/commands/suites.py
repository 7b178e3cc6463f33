"""Write the first config of several tables: of a folder, of a pattern, or of a list of them."""

import csv
import itertools
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from backprop.commands.first_config import (
    Request,
    command_again,
    data_set_text,
    dataset_name,
    entries_of,
    is_of_others,
    label_in,
    look_at,
    read,
    source_of,
    study_text,
    yaml_scalar,
)
from backprop.data.file_tables import ENDINGS, decode
from backprop.errors import BackpropError, listed, printable
from backprop.files import write_atomically

LABELS = ("target", "class", "label")
"""The columns that have the class if nothing says which does."""
KEYS = ("row", "sheet", "positive", "groups", "order")
"""What a list of tables may say of each, besides `source` and `label`: keys of a data set."""


def is_suite(what: Path, label: str) -> bool:
    """Return whether a path is a folder, a pattern such as tables/*.csv, or a list of tables."""
    if what.is_dir() or _is_pattern(what):
        return True
    is_list = not label and what.suffix.lower() == ".csv" and what.is_file()
    return is_list and {"source", "label"} <= {*_first_line(what)}


def write_suite(what: Path, request: Request) -> Path:
    """Write the config of several tables, unless there is one, and return its path.

    A table that cannot be used is in it, too, with the reason: a run leaves it out, and says so.

    Parameters
    ----------
    what : Path
        As `is_suite` takes it.
    request : Request
        What is asked for each table.

    Raises
    ------
    BackpropError
        If no table can be used.
    """
    named = Path("tables" if _is_pattern(what) else os.path.abspath(what))
    file = request.config or request.folder / f"{dataset_name(named)}.yaml"
    request = replace(request, config=file)
    if file.exists():
        tables = [own.table for own, _ in _requests(what, request)]
        if not entries_of(tables, file, request.folder):
            raise is_of_others(file, "other tables than", what)
        again = "For a new one, delete or rename it"
        print(printable(f"{file} is there, and is used as it is. {again}"), file=sys.stderr)
        return file
    parts, decided, without = list[str](), list[dict[str, Any]](), dict[str, str]()
    for name, own, more in _named(_requests(what, request)):
        part, decides, why = _data_set(name, own, more)
        parts.append(part)
        if why:
            without[own.table.name] = why
        else:
            decided.append(decides)
    reasons = [printable(f"{table}: {why}") for table, why in without.items()]
    if not decided:
        raise BackpropError(f"{what}: found no table that can be used\n" + "\n".join(reasons))
    head = (
        f"# The config of the tables of {printable(what.name)}. It was written once: it is yours."
    )
    head += f" After an edit, run\n# {printable(command_again(file, request.folder))}\n# again.\n"
    text = f"{head}seed: 1\n\ndatasets:\n{''.join(parts)}{study_text(decided)}"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, text.encode())
    print(printable(f"{file}: {len(parts):,} data sets"), file=sys.stderr)
    for reason in reasons:
        print(f"  left out: {reason}", file=sys.stderr)
    return file


def _data_set(
    name: str, request: Request, more: Mapping[str, str]
) -> tuple[str, dict[str, Any], str]:
    """Return the part of the config, what it decides of the rest, and why it cannot be used."""
    try:
        columns, data, layout = look_at(request, LABELS)
    except BackpropError as error:
        why = " ".join(str(error).split()).removeprefix(f"{request.table.name}: ")
        return _unusable(name, request, why), {}, why
    every = [line.strip() for fault in layout.faults for line in fault.what.split("\n")]
    others = f", and {len(every) - 1} more" if len(every) > 1 else ""
    own = replace(request, label=data.label)
    part, decides = data_set_text(name, own, columns, data, layout, **more)
    return part, decides, f"{every[0]}{others}" if every else ""


def _unusable(name: str, request: Request, why: str) -> str:
    """Return the part of the config on a table of which no more is known."""
    keys = {"source": source_of(request), "label": request.label}
    with suppress(BackpropError):
        keys["label"] = keys["label"] or label_in(read(request), LABELS)
    lines = "".join(f"    {key}: {yaml_scalar(own)}\n" for key, own in keys.items() if own)
    return f"  {yaml_scalar(name)}: # {printable(why)}\n{lines}"


def _requests(what: Path, request: Request) -> Iterator[tuple[Request, dict[str, str]]]:
    """Return what is asked of each table, and further keys of its data set."""
    if what.is_file():
        yield from _listed(what, request)
        return
    files = what.rglob("*")
    if _is_pattern(what):
        fixed = [*itertools.takewhile(lambda part: "*" not in part, what.parts)]
        files = Path(*fixed).glob(str(Path(*what.parts[len(fixed) :])))
    for file in sorted(file for file in files if file.is_file() and ENDINGS.search(file.name)):
        yield replace(request, table=file), {}


def _listed(file: Path, request: Request) -> Iterator[tuple[Request, dict[str, str]]]:
    for line in csv.DictReader(decode(str(file), file.read_bytes()).splitlines()):
        row = {key: (value or "").strip() for key, value in line.items() if key}
        if unknown := row.keys() - {"source", "label", *KEYS}:
            known = listed(["source", "label", *KEYS])
            raise BackpropError(f"{file}: found the column {min(unknown)!r}; use {known}")
        more = {key: row[key] for key in ("positive", "groups", "order") if row.get(key)}
        table = file.parent / os.path.expanduser(row["source"])
        noun, sheet = (row.get(key) or getattr(request, key) for key in ("row", "sheet"))
        yield replace(request, table=table, label=row["label"], row=noun, sheet=sheet), more


def _named(
    requests: Iterator[tuple[Request, dict[str, str]]],
) -> Iterator[tuple[str, Request, dict[str, str]]]:
    """Add a name to each, that no other has."""
    names = set[str]()
    for request, more in requests:
        name = dataset_name(request.table)
        numbered = (f"{name}_{number}" for number in itertools.count(2))
        while name.casefold() in names:
            name = next(numbered)
        names.add(name.casefold())
        yield name, request, more


def _is_pattern(what: Path) -> bool:
    return "*" in str(what) and not what.exists()


def _first_line(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        return next(csv.reader(opened), [])

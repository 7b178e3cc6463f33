"""Obtain a data set from its source: by name, from a file, or from a server."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from backprop.data.builtin import BUILT_IN
from backprop.data.canonical_form import canonical, files_of
from backprop.data.dataset import DataError, Dataset, Reading, load
from backprop.data.file_tables import NO_SHEETS, FileTable, read_table
from backprop.data.groups import equal_rows
from backprop.data.text_appearance import are_numbers_or_dates, are_ranges
from backprop.data.urls import without_folder, without_secrets
from backprop.data.validity import from_tables
from backprop.errors import did_you_mean, in_brief
from backprop.files import digest_of_bytes
from backprop.typing import Json

SOURCES = f"use one of {', '.join(BUILT_IN)}, a URL or a file"


def obtain(
    source: str,
    *,
    label: str | None = None,
    seed: int = 0,
    sha256: str | None = None,
    file: Path | None = None,
    **options: Any,
) -> Dataset:
    """Obtain a data set and check it.

    Parameters
    ----------
    source : str
        The name of a data set in `backprop.data.builtin.BUILT_IN`, a URL, or what messages call
        `file`. A file is CSV in UTF-8 with a header, Parquet, Arrow, Stata, SAS, JSON lines or an
        Excel workbook; it may be compressed, or, but for a workbook, in an archive. Or it is a zip
        archive with one file ``*x.dat`` (the features) and one file ``*y.dat`` (the classes), whose
        columns are separated by blanks.
    label : str, optional
        The class column; a data set by name has one.
    seed : int
        For a data set, or rows, that are drawn at random.
    sha256 : str, optional
        The expected SHA-256 of the data set in its `canonical` form, in hexadecimal.
    file : Path, optional
        The file of the data set.
    **options
        All else that a `Reading` has.

    Returns
    -------
    Dataset
        Its rows in the order of the source.

    Raises
    ------
    DataError
        If the source cannot be read, its data cannot be used, or their digest is not `sha256`.
    """
    entry = BUILT_IN.get(source)
    how = Reading(label=label or (entry.label if entry else ""), seed=seed, **options)
    if entry and how.sheet is not None:
        raise DataError(f"{source}: {NO_SHEETS}")
    if entry and entry.load:
        tables = [entry.load(seed)]
    else:
        content = _content(source, file)
        source = without_secrets(source)  # from here on it is only the name in messages
        tables = read_table(source, content, how)
        del content  # which may be large
    dataset = from_tables([_skip(table, how.skip_lines) for table in tables], how)
    if sha256 and (digest := digest_of_bytes(canonical(dataset))) != sha256.lower():
        raise DataError(
            f"{source}: the data are not the expected ones: found SHA-256 {digest}, "
            f"expected {sha256}"
        )
    return dataset


def options_of(entry: Mapping[str, Json], seed: int) -> dict[str, Json]:
    """Return how a data set is obtained, as `obtain` takes it, from its entry in the config.

    What `obtain` does by itself is left out, and the seed of the config if nothing is drawn.
    """
    defaults = {"sha256": None, **{field.name: field.default for field in fields(Reading)}}
    del defaults["seed"]
    built_in = BUILT_IN.get(entry["source"])
    drawn = {"seed": seed} if entry["rows"] or (built_in and built_in.random) else {}
    entry = {**entry, "cells": keys_of_cells(entry["cells"])}
    own = {k: entry[k] for k, default in defaults.items() if entry[k] not in (default, None, [])}
    return own | drawn


def keys_of_cells(cells: Mapping[str, Any]) -> dict[str, dict[str, Json]] | None:
    """Return `cells` of the config as `Reading` has it: what is set; None if nothing is."""
    every = {
        name: {key: own for key, own in dict(entry).items() if own not in (None, [], {})}
        for name, entry in cells.items()
    }
    return {name: own for name, own in every.items() if own} or None


def _skip(table: FileTable, lines: Collection[int]) -> FileTable:
    """Return a table without some lines."""
    if not lines:
        return table
    unknown = sorted(set(lines) - {*(table.lines or ()), *table.wrong_widths})
    if unknown:
        raise DataError(
            f"{table.source}: skip_lines: found no row at line {unknown[0]} below the header; use "
            "the lines that messages name"
        )
    places = {row for row, line in enumerate(table.lines or ()) if line in lines}
    wrong = {line: own for line, own in table.wrong_widths.items() if line not in lines}
    return replace(table.without(places), wrong_widths=wrong)


def _content(source: str, file: Path | None) -> bytes:
    if file is None:
        from backprop.data.downloads import download  # only now: the workflow starts without it

        return download(source)
    try:
        return load(source, file)
    except DataError as error:
        raise DataError(f"{error}; {SOURCES}{did_you_mean(source, BUILT_IN)}") from error


def notes(dataset: Dataset) -> list[str]:
    """Return what may be a mistake of the table although it can be used, in words."""
    said = {name: _on_categories(own) for name, own in dataset.categories.items()}
    said |= {
        name: "not used, and seems to name what rows belong to. If it does, write groups: "
        f"{in_brief.repr(name)} in the config and run again: without it, intervals are wrong"
        for name in dataset.unused_ids
    }
    own = [f"column {in_brief.repr(name)}: {text}" for name, text in said.items() if text]
    return [*dataset.remarks, *own]


def _on_categories(categories: Sequence[str]) -> str:
    """Return what may be a mistake of categories that are numbers, ranges or dates to a person."""
    if not are_numbers_or_dates(categories):
        return ""
    remedy = "if they are numbers, write only the digits, and a date as a number of days or years"
    if are_ranges(categories):
        remedy = "if their order matters, write the middle of each range, as a number"
    return (
        f"{in_brief.repr(categories[0])} and the like are {len(categories)} categories, each "
        f"without an order; {remedy}"
    )


def contents_of(data: Dataset, source: str) -> dict[str, bytes]:
    """Return what a run stores of a data set: its ``table``, ``columns`` and ``provenance``."""
    files = files_of(data)
    described = f"{json.dumps(provenance(data, source, files['table']), indent=2)}\n"
    return {**files, "provenance": described.encode()}


def provenance(dataset: Dataset, source: str, table: bytes) -> dict[str, object]:
    """Describe a data set for a JSON file. Equal data sets from one source have equal descriptions.

    ``sha256`` is the digest of the `table`, the data set in its `canonical` form.
    ``classes`` has the number of rows of each class, class 0 first; ``positive``, with two classes,
    the one whose probability is predicted. ``missing`` has the number of rows without a value, by
    feature. ``notes`` says what may be a mistake, see `notes`. ``duplicated_rows`` lists groups of
    rows, counted from 1, with the same features and class.
    """
    numbers = np.bincount(dataset.y, minlength=len(dataset.classes)).tolist()
    missing = np.isnan(dataset.x).sum(axis=0).tolist()
    equal: dict[int, list[int]] = {}
    for row, number in enumerate(equal_rows(dataset).tolist(), start=1):
        equal.setdefault(number, []).append(row)
    return {
        "source": without_folder(without_secrets(source)),
        "sha256": digest_of_bytes(table),
        "rows": len(dataset.y),
        "features": list(dataset.features),
        "label": dataset.label,
        "classes": dict(zip(dataset.classes, numbers, strict=True)),
        "positive": dataset.classes[1] if len(dataset.classes) == 2 else None,
        "categories": {name: len(texts) for name, texts in dataset.categories.items()},
        "missing": {
            name: number for name, number in zip(dataset.features, missing, strict=True) if number
        },
        "groups": None if dataset.groups is None else int(dataset.groups.max()) + 1,
        "notes": notes(dataset),
        "duplicated_rows": [rows for rows in equal.values() if len(rows) > 1],
    }

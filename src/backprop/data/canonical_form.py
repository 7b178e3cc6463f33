"""The two files that hold a data set: its canonical form, read and written."""

import csv
import io
import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from backprop.data.dataset import DataError, Dataset, load, names_of
from backprop.data.file_columns import DelimitedColumns, large_columns
from backprop.errors import in_brief
from backprop.escaping import for_spreadsheet, from_spreadsheet
from backprop.files import as_csv, digest_of_bytes, digest_of_value
from backprop.typing import Array, Integers, Json


def read_dataset(path: Path, columns: Path) -> Dataset:
    """Read a data set from a CSV file in the `canonical` form.

    Parameters
    ----------
    path : Path
        Its last column is the class.
    columns : Path
        The file of `columns_of` the data set.

    Raises
    ------
    DataError
        If the files cannot be read, or are not a data set.
    """
    content = load(str(path), path)
    description = load(str(columns), columns)
    try:
        lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
        reader = csv.reader(lines, strict=True)
        (header,) = itertools.islice(reader, 1)
        names = [from_spreadsheet(name) for name in header]
        described = json.loads(description)
        large = large_columns(content, reader.line_num, len(names), ",", {""})
        cells = large and _by_columns(names, large, described)
        x, y = cells or _by_rows(names, [*reader], described)
        return _described(names, x, y, described)
    except (ValueError, LookupError, TypeError, csv.Error) as error:
        raise DataError(
            f"{path} and {columns.name}: not a data set in the canonical form: "
            f"{in_brief.repr(str(error))}"
        ) from error


def _by_columns(
    names: Sequence[str], columns: DelimitedColumns, described: Mapping[str, Json]
) -> tuple[Array, Integers] | None:
    """Return the features and classes of canonical columns; None if a text has blanks around it."""
    x = np.empty((len(columns), len(names) - 1))
    texts_of = {**described["categories"], names[-1]: described["classes"]}
    codes = {}
    for place, name in enumerate(names):
        if name in texts_of:
            safe = [*map(for_spreadsheet, texts_of[name])]
            if any(text != text.strip() for text in safe):
                return None
            values = {"": math.nan} | {text: code for code, text in enumerate(safe)}
            texts, of_rows = columns.coded(place)
            codes[name] = np.array([values[text] for text in texts])[of_rows]
        if place < x.shape[1]:
            x[:, place] = codes[name] if name in codes else columns.numbers(place)
    return x, codes[names[-1]].astype(np.int64)


def _by_rows(
    names: Sequence[str], rows: Sequence[list[str]], columns: Mapping[str, Json]
) -> tuple[Array, Integers]:
    """Return the features and classes of canonical cells, row by row."""
    labels = [cells.pop() for cells in rows]
    cells: list[list[str | float]] = [[cell or math.nan for cell in row] for row in rows]
    for place, name in enumerate(names[:-1]):
        if name in columns["categories"]:
            texts = map(for_spreadsheet, columns["categories"][name])
            codes: dict[str | float, float] = {text: code for code, text in enumerate(texts)}
            codes[math.nan] = math.nan
            for row in cells:
                row[place] = codes[row[place]]
    x = np.array(cells, dtype=np.float64)  # row by row: many columns take half the time
    if x.shape[1:] != (len(names) - 1,):
        raise ValueError(f"{len(names)} names, and cells of the shape {x.shape}")
    classes = {for_spreadsheet(text): y for y, text in enumerate(columns["classes"])}
    return x, np.array([classes[cell] for cell in labels], dtype=np.int64)


def _described(names: Sequence[str], x: Array, y: Integers, columns: Mapping[str, Json]) -> Dataset:
    """Return the data set of these features and classes, and its `columns_of`."""
    return Dataset(
        features=tuple(names[:-1]),
        label=names[-1],
        x=x,
        y=y,
        classes=tuple(columns["classes"]),
        categories={name: tuple(texts) for name, texts in columns["categories"].items()},
        remarks=tuple(columns.get("remarks", ())),
        unused_ids={k: np.array(own) for k, own in columns.get("unused_ids", {}).items()},
        cells=columns.get("cells", {}),
        groups=_integers(columns.get("groups")),
        order=_integers(columns.get("order")),
    )


def _integers(values: Sequence[int] | None) -> Integers | None:
    return None if values is None else np.array(values, dtype=np.int64)


def canonical(data: Dataset) -> bytes:
    r"""Return a data set as CSV, always in the same form: equal data sets give equal bytes.

    The first line is the header. Each further line is a row: each number with the fewest digits
    that give the same float64, each category and class by its name, nothing for a missing value.
    All texts are safe to open in a spreadsheet. Lines end in ``\n``.
    """
    cells = [cells_of(data, place, for_spreadsheet) for place in range(len(data.features))]
    names = [for_spreadsheet(name) for name in data.classes]
    cells.append([names[y] for y in data.y.tolist()])
    texts = [data.label, *data.features, *data.classes, *itertools.chain(*data.categories.values())]
    # Before Python 3.13, `csv` does not quote \r, although it ends a line for readers.
    every = any("\r" in text for text in texts)
    header = map(for_spreadsheet, (*data.features, data.label))
    return as_csv(itertools.chain([header], zip(*cells, strict=True)), quote_all=every)


def cells_of(data: Dataset, place: int, escape: Callable[[str], str] = str) -> list[str]:
    """Return the cells of a feature, with its texts escaped by a function."""
    column, categories = data.x[:, place].tolist(), data.categories.get(data.features[place])
    if categories is None:
        return ["" if math.isnan(value) else repr(value) for value in column]
    texts = [escape(name) for name in categories]
    return ["" if math.isnan(code) else texts[int(code)] for code in column]


def as_parquet(
    data: Dataset,
    groups: str | Sequence[str] | None = None,
    order: str | None = None,
    ids: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Return a data set as a Parquet file from which `backprop.data.sources.obtain` reads the same.

    Parameters
    ----------
    data : Dataset
    groups : str or sequence of str, optional
        The columns of the groups. Each gets the number of the group, which together say the same.
    order : str, optional
        The column of the order.
    ids : mapping of str to sequence of str, optional
        The column that names each row, and the names.
    """
    import pyarrow
    import pyarrow.parquet

    columns = {
        name: pyarrow.array([cell or None for cell in cells_of(data, place)], pyarrow.string())
        if name in data.categories
        else pyarrow.array(data.x[:, place], from_pandas=True)
        for place, name in enumerate(data.features)
    }
    columns[data.label] = pyarrow.array([data.classes[y] for y in data.y.tolist()])
    for names, values in ((names_of(groups), data.groups), (names_of(order), data.order)):
        for name in () if values is None else names:
            columns.setdefault(name, pyarrow.array(values))
    columns |= {
        name: pyarrow.array(own) for name, own in {**data.unused_ids, **(ids or {})}.items()
    }
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    return file.getvalue()


def columns_of(data: Dataset) -> dict[str, object]:
    """Return what the `canonical` form of a data set does not say, for a JSON file."""
    ids = data.unused_ids
    return {
        "classes": list(data.classes),
        "categories": {name: list(texts) for name, texts in data.categories.items()},
        "groups": None if data.groups is None else data.groups.tolist(),
        **({} if data.order is None else {"order": data.order.tolist()}),
        **({"remarks": list(data.remarks)} if data.remarks else {}),
        **({"unused_ids": {k: own.tolist() for k, own in ids.items()}} if ids else {}),
        **({"cells": dict(data.cells)} if data.cells else {}),
    }


def files_of(data: Dataset) -> dict[str, bytes]:
    """Return the contents of the two files that hold a data set: its ``table`` and ``columns``."""
    columns = f"{json.dumps(columns_of(data), indent=2)}\n"
    return {"table": canonical(data), "columns": columns.encode()}


def digest_of_data(data: Dataset) -> str:
    """Return the SHA-256 of all that a data set is, in hexadecimal."""
    names = (data.features, data.label, data.classes, data.categories, data.remarks, data.x.shape)
    arrays = (data.x, data.y, data.groups, data.order)
    digests = [None if each is None else digest_of_bytes(each.tobytes()) for each in arrays]
    ids = [[name, digest_of_bytes(own.tobytes())] for name, own in data.unused_ids.items()]
    return digest_of_value([*names, *digests, *ids, *([dict(data.cells)] if data.cells else [])])

"""From a table of texts to a data set: which columns, of which kind, and all faults at once."""

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from backprop.data.cell_meaning import account, names_of_columns, plain_table
from backprop.data.dataset import DataError, Dataset, Reading, names_of
from backprop.data.file_tables import FileTable
from backprop.data.groups import MOST_COLUMNS, combined, repeat_as_ids, seems_to_name_groups
from backprop.data.sampling import sample_rows
from backprop.data.sentinels import judged
from backprop.data.text_appearance import LIKE_A_NUMBER, disguised, look_the_same
from backprop.data.text_columns import TWO_CLASSES, ClassesOfTexts, FeatureOfTexts, TextColumn
from backprop.errors import MAX_FAULTS, first_faults, in_brief, listed
from backprop.typing import Array, Integers, Json

MAX_COMPARED = 2000  # names of columns, with those that no column has
ROWS_TOGETHER = 2000  # of all columns, in the cache of a processor
FEW_ROWS = 10  # in which a column 1, 2, 3 may be a feature that nobody named

# A number whose sign may be a decimal sign or one between thousands.
THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}")
DECIMAL_SIGNS = {",": "comma", ".": "point"}


def from_tables(tables: Sequence[FileTable], how: Reading, like: Dataset | None = None) -> Dataset:
    """Create a data set from the columns of a table; columns that are not named are ignored.

    Parameters
    ----------
    tables : sequence of FileTable
        The table; or the table of the features, and the table of the class column.
    how : Reading
    like : Dataset, optional
        The data set whose columns and classes these are: what is a number there must be one here,
        a class must be one of its classes, and a category may be new. Columns may be constant.

    Raises
    ------
    DataError
        One message with a line for each fault.
    """
    texts = {value.strip() for value in how.missing_values if isinstance(value, str)}
    numbers = frozenset(float(v) for v in how.missing_values if not isinstance(v, str))
    tables = [replace(t, missing=t.missing | texts, missing_numbers=numbers) for t in tables]
    of_classes, label = tables[-1], how.label
    if label not in of_classes.places and of_classes.likely_header:
        check_names(of_classes, [label])
    tables, how, accounts = _in_plain_cells(tables, how)
    table, of_classes = tables[0], tables[-1]
    table, of_classes, remarks = _rows_to_use(table, of_classes, how)
    names, faults = _names(table, of_classes, how)
    faults = [*dict.fromkeys([*table.faults, *of_classes.faults]), *faults]
    if not len(table) or not len(of_classes):
        refuse(table.source, faults or [f"found no data rows; {TWO_CLASSES}"])
    # The categories of each feature of the other data set, none of one with numbers.
    known_categories = like.categories if like else {}
    kinds = {name: known_categories.get(name, ()) if like else None for name in names}
    columns = [
        FeatureOfTexts(table, name, faults, kinds[name]) for name in names if name in table.places
    ]
    values = [column.values(impute=how.missing == "impute") for column in columns]
    refused, both_signs = _two_decimal_signs(columns)
    faults += refused
    of_rows = _groups(table, how.group_columns, faults)
    places: Integers | None = None
    if how.order != label and how.order in table.places:
        places = TextColumn(table, how.order, faults).order()
    if label not in of_classes.places:
        refuse(table.source, faults)
    known = None if like is None else like.classes
    y, classes = ClassesOfTexts(of_classes, label, faults, known).classes(how)
    refuse(table.source, faults)
    remarks += both_signs + _doubts(columns, values)
    return Dataset(
        features=tuple(names),
        label=label,
        x=_side_by_side(values),
        y=y,
        classes=classes,
        categories={column.name: column.categories for column in columns if column.categories},
        groups=of_rows,
        order=places,
        remarks=tuple(remarks),
        unused_ids={} if how.groups or how.order else _ids(table, {*names, label}, values),
        cells=accounts,
        ids=tuple(table.texts(how.id)) if how.id in table.places else (),
    )


def _in_plain_cells(
    tables: Sequence[FileTable], how: Reading
) -> tuple[list[FileTable], Reading, dict[str, Json]]:
    """Return tables with plain cells, how these are read, and what the cells became."""
    if not (cells := how.cells):
        return [*tables], how, {}
    check_names(tables[0], [*cells])

    def plain_names(columns: Sequence[str]) -> list[str]:
        # Of a data set that new data are like, the names are plain already.
        every = (names_of_columns(name, cells.get(name)) for name in columns)
        return [*dict.fromkeys(itertools.chain(*every))]

    features = None if how.features is None else plain_names(how.features)
    plain = replace(how, features=features, exclude=plain_names(how.exclude))
    return [plain_table(each, cells) for each in tables], plain, account(tables[0], cells)


def _groups(table: FileTable, names: Sequence[str], faults: list[str]) -> Integers | None:
    """Return the number of the group of each row, in the order of the rows.

    None without groups, or if the table lacks a column of theirs.
    """
    if not names or not {*names} <= table.places.keys():
        return None
    remedy = "leave `groups` out" if len(names) == 1 else "leave it out of `groups`"
    columns = [TextColumn(table, name, faults).groups(remedy) for name in names]
    return combined(columns)


def _doubts(columns: Sequence[FeatureOfTexts], values: Sequence[Array]) -> list[str]:
    """Return remarks on numbers that may be marks of missing values, as 9999, or codes."""
    pairs = zip(columns, values, strict=True)
    far, near = judged({column.name: own for column, own in pairs if not column.categories})
    marks = [
        f"column {in_brief.repr(name)}: {number} in {rows:,} row{'s' * (rows > 1)} is read as a "
        "number, and may say that there is no value; if so, write `missing: "
        f"[{number}]` for it in `cells`"
        for name in dict.fromkeys([*far, *near])
        for number, rows in {**far.get(name, {}), **near.get(name, {})}.items()
    ]
    return marks + [
        f"column {in_brief.repr(column.name)}: read as numbers, and may be codes, such as "
        "postcodes; if so, write `read: category` for it in `cells`"
        for column in columns
        if column.seems_a_code()
    ]


def _ids(table: FileTable, used: Collection[str], features: Sequence[Array]) -> dict[str, Integers]:
    """Return the columns that are not used, and seem to name what rows belong to."""
    unused = [name for name in table.header if name and name not in used]
    codes = {name: TextColumn(table, name).coded[1] for name in unused[:MOST_COLUMNS]}
    return {
        name: own
        for name, own in codes.items()
        if repeat_as_ids(own) or seems_to_name_groups(own, features)
    }


def _side_by_side(columns: Sequence[Array]) -> Array:
    """Return the table of some columns: block by block, it takes a quarter of the time."""
    x = np.empty((len(columns[0]), len(columns)))
    for start in range(0, len(x), ROWS_TOGETHER):
        rows = slice(start, start + ROWS_TOGETHER)
        x[rows] = np.column_stack([column[rows] for column in columns])
    return x


def _rows_to_use(
    table: FileTable, of_classes: FileTable, how: Reading
) -> tuple[FileTable, FileTable, list[str]]:
    """Return the tables without the rows that have no class or are not drawn, and remarks."""
    remarks = [*table.remarks]
    if how.label not in of_classes.places:  # which is a fault
        return table, of_classes, remarks
    if how.without_class == "drop":
        table, of_classes, remark = _labelled(table, of_classes, how.label)
        remarks += [remark] if remark else []
    if how.rows and how.rows < len(table) == len(of_classes):
        table, of_classes, remark = _drawn(table, of_classes, how)
        remarks.append(remark)
    return table, of_classes, remarks


def _labelled(
    table: FileTable, of_classes: FileTable, label: str
) -> tuple[FileTable, FileTable, str]:
    """Return the tables without the rows that have no class, and a remark if there are any."""
    column = TextColumn(of_classes, label)
    without = {*column.rows_without_value().tolist()}
    if not without:
        return table, of_classes, ""
    labelled, marks = of_classes.without(without), column.marks()
    have, be = ("row has", "is") if len(without) == 1 else ("rows have", "are")
    written = f" ({listed(marks)})" if marks else ""
    remark = (
        f"{len(without):,} {have} no class{written}, and {be} left out; the report numbers the "
        "others from 1"
    )
    return (labelled if table is of_classes else table.without(without)), labelled, remark


def _drawn(
    table: FileTable, of_classes: FileTable, how: Reading
) -> tuple[FileTable, FileTable, str]:
    """Return the tables with the rows that are drawn, and a remark."""
    y, groups = TextColumn(of_classes, how.label).coded[1], _groups(table, how.group_columns, [])
    kept = sample_rows(y, groups, how.rows or len(y), how.seed).tolist()
    remark = (
        f"{len(kept):,} of {len(table):,} rows are used, drawn by the seed with the shares of the "
        f"classes{'' if groups is None else ' and whole groups'}; the report numbers them from 1"
    )
    drawn = of_classes.taking(kept)
    return (drawn if table is of_classes else table.taking(kept)), drawn, remark


def refuse(source: str, faults: Sequence[str]) -> None:
    """Raise a `DataError` if there are faults: one message about the first ones."""
    if len(faults) == 1:
        raise DataError(f"{source}: {faults[0]}")
    if faults:
        lines = "\n  ".join(first_faults(faults))
        raise DataError(f"{source}: found {len(faults):,} faults:\n  {lines}")


def check_names(table: FileTable, names: Sequence[str]) -> None:
    """Refuse names that no column of a table has: a `DataError` says the nearest ones."""
    refuse(table.source, _unknown(table, names))


# Names


def _names(table: FileTable, of_classes: FileTable, how: Reading) -> tuple[list[str], list[str]]:
    """Return the names of the feature columns, and what is wrong with any name."""
    roles = {
        "label": names_of(how.label), "groups": how.group_columns,
        "id": () if how.id in how.group_columns else names_of(how.id),
        "order": names_of(how.order),
    }  # fmt: skip
    others = {role: own for role, own in roles.items() if own}
    features, exclude = how.features, how.exclude
    faults = _repeated("header", [name for name in table.header if name])
    faults += [
        f"header: found {in_brief.repr(other)} and {in_brief.repr(name)}, which "
        f"{look_the_same(other, name)}; use names that differ visibly"
        for other, name in disguised(dict.fromkeys(table.header))
    ]
    if features is None:
        used = [*itertools.chain(*others.values())]
        names = [name for name in table.header if name not in {*used, *exclude}]
        faults += _repeated(_joined(others), used) + _faults_of_rest(table, names)
        if how.label in exclude:
            faults += _repeated("label and exclude", [how.label] * 2)
    else:
        names = list(features)
        # The column of the order may be a feature. It is not the class.
        no_features = {role: own for role, own in others.items() if role != "order"}
        used = [*names, *itertools.chain(*no_features.values())]
        faults += _repeated(_joined(["features", *no_features]), used)
        if how.label == how.order:
            faults += _repeated("label and order", [how.label] * 2)
    in_table = itertools.chain(
        *(own for role, own in others.items() if role != "label" or of_classes is table)
    )
    return names, faults + _unknown(table, [*(features or exclude), *in_table])


def _joined(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _repeated(where: str, names: Iterable[str]) -> list[str]:
    return [
        f"{where}: found {in_brief.repr(name)} {'twice' if count == 2 else f'{count} times'}; "
        "use each column name once"
        for name, count in Counter(names).items()
        if count > 1
    ]


def _unknown(table: FileTable, names: Sequence[str]) -> list[str]:
    """Return a fault for the names that no column has, with the nearest names that one has."""
    present = table.places.keys()
    unknown = [name for name in dict.fromkeys(names) if name not in present]
    if not unknown:
        return []
    # To compare with a million names would take minutes.
    others = present - set(names) if len(present) <= MAX_COMPARED else set()
    near = [difflib.get_close_matches(name, others, n=1) for name in unknown[:MAX_FAULTS]]
    hints = [in_brief.repr(name) for nearest in near for name in nearest]
    hint = f"; did you mean {', '.join(hints)}?" if hints else ""
    if table.likely_header is not None:
        line = table.likely_header
        hint = f"; row {line} looks like the header: `header: {line}` in the config reads it"
    elif _are_values(table):
        hint = "; the first line must have the names of the columns"
    elif len(table.header) == 1:
        hint += "; use commas, semicolons or tabs between cells"
    many = "s" if len(unknown) > 1 else ""
    return [f"found no column{many} {listed(unknown)}, only {listed(table.header)}{hint}"]


def _are_values(table: FileTable) -> bool:
    """Return whether the names seem to be a row: most are numbers, or values of their columns."""
    values = [
        bool(LIKE_A_NUMBER.fullmatch(name)) or name in map(str.strip, cells)
        for name, cells in zip(table.header, table.columns, strict=True)
        if name
    ]
    return 2 * sum(values) > len(values)


def _faults_of_rest(table: FileTable, names: Sequence[str]) -> list[str]:
    """Return what is wrong if all columns but the label are features, as nobody named them."""
    faults = []
    if not names:
        faults.append("found no column but the label; use one feature or more")
    chosen = set(names)
    for place, (name, cells) in enumerate(zip(table.header, table.columns, strict=True), 1):
        if name not in chosen:
            continue
        remedy = "name the columns to use in `features`"
        if not name:
            faults.append(f"column {place} of {len(table.header)} has no name; {remedy}")
        elif len(cells) > FEW_ROWS and _count_rows(cells, table.rows):
            faults.append(
                f"column {in_brief.repr(name)}: found {cells[0].strip()}, {cells[1].strip()}, "
                f"{cells[2].strip()}, ..., the numbers of the rows, which say nothing about "
                f"other rows; {remedy}, or this one in `exclude`"
            )
    return faults


def _count_rows(cells: Sequence[str], rows: Sequence[int] | None) -> bool:
    """Return whether cells count the rows of a table, or those of the file they are in."""
    return any(
        _differ_by_a_constant(cells, own) for own in (range(len(cells)), rows) if own is not None
    )


def _differ_by_a_constant(cells: Sequence[str], numbers: Sequence[int]) -> bool:
    try:
        first = int(cells[0]) - numbers[0]
        return all(int(cell) == first + n for n, cell in zip(numbers, cells, strict=True))
    except ValueError:
        return False


# Columns


def _two_decimal_signs(columns: Sequence[FeatureOfTexts]) -> tuple[list[str], list[str]]:
    """Return the faults, and the remarks, on a table with decimal commas and points.

    Both are read if each is a decimal sign for sure: in every column with it is a number such as
    0,5 or 1,25 or 1234,567. In 1,234 it may be a sign between thousands.
    """
    marked: dict[str, dict[str, Sequence[str]]] = {}
    for sign in DECIMAL_SIGNS:
        every = ((column.name, column.numbers_with(sign)) for column in columns)
        marked[sign] = {name: own for name, own in every if own}
        if not marked[sign]:
            return [], []
    first = {sign: next(iter(by_name.items())) for sign, by_name in marked.items()}
    for sign, other in itertools.permutations(DECIMAL_SIGNS):
        for name, own in marked[sign].items():
            if all(map(THOUSANDS.fullmatch, own)):
                beside, (text, *_) = first[other]
                return [
                    f"found {in_brief.repr(own[0])} in column {in_brief.repr(name)}, where the "
                    f"{DECIMAL_SIGNS[sign]} may be a decimal sign or one between thousands, and "
                    f"{in_brief.repr(text)} in column {in_brief.repr(beside)}; use one decimal sign"
                ], []
    one, other = (in_brief.repr(own[0]) for _, own in first.values())
    return [], [f"found {one} and {other}: commas and points are read as decimal signs"]

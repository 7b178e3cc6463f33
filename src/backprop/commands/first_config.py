"""Write the first config of a table: `backprop config`."""

import os
import re
import shlex
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from backprop.config import RESERVED_NAMES, EstimatorsEntry
from backprop.data.cell_meaning import Entry, plain_table
from backprop.data.cell_proposals import Offer, spellings
from backprop.data.dataset import DataError, Dataset, Reading, load
from backprop.data.encoding import most_inputs
from backprop.data.file_tables import ENDINGS, FileTable, read_table
from backprop.data.groups import equal_lines
from backprop.data.survey import WORDS, Survey, survey_columns
from backprop.data.table_in_file import units_and_totals
from backprop.data.text_columns import FeatureOfTexts
from backprop.data.text_columns import spellings as spellings_in_case
from backprop.data.validity import check_names, from_tables
from backprop.errors import BackpropError, first_faults, in_brief, listed, printable
from backprop.files import write_atomically
from backprop.folders import ROOT
from backprop.report.rendering import environment
from backprop.statistics.other_metrics import largest_share, says_little
from backprop.workflow.config_check import checks
from backprop.workflow.config_check.reading import parse_yaml, read_yaml
from backprop.workflow.plan.plan import Plan

MOST_COLUMNS = 200  # that the comments describe
FOLDS = 5
LEAST_OF_CLASS = 2  # rows
MOST_MARKS = 20  # texts of a column that one line of the config lists
LARGE = 2000  # rows, from which on a study is made smaller
VERY_LARGE = 50_000  # rows, from which on it is made as small as can be
MANY = 1000  # inputs, from which on a study is made smaller
SMALL = 100  # rows; the training sets of inner folds have two thirds of them, or half
NEIGHBOURS, NEIGHBOURS_OF_SMALL = (7, 15, 31), (3, 7, 11)
"""The neighbours that vote: in the reference, and fewer and more."""
DROP = "without_class: drop"
DENIALS = frozenset({
    "n", "no", "nein", "nej", "nei", "nee", "non", "não", "nao", "нет", "ні", "nie", "ne", "ei",
    "nem", "nu", "0", "false", "absent", "negative", "none", "control", "normal", "healthy", "well",
})  # fmt: skip
"""Classes that are the absence of another one, in small letters."""
DENYING = r"(not|no)[ _]|non[ _-]?|un|in|keine? "
"""What a class that denies another one begins with."""


@dataclass(frozen=True)
class Request:
    """What a user asks for.

    Attributes
    ----------
    table : Path
    label : str
        The column with the class; "" if there is a config that says it.
    row, sheet : str
        What a row is, a noun in the singular, and the sheet of an Excel workbook; both may be "".
    folder : Path
        Where the results go.
    config : Path, optional
        The file to write, by default {table}.yaml beside the table, or in the folder.
    """

    table: Path
    label: str = ""
    row: str = ""
    sheet: str = ""
    folder: Path = Path()
    config: Path | None = None

    @property
    def file(self) -> Path:
        """The file to write."""
        beside = self.folder if self.folder != Path() else self.table.parent
        return self.config or beside / f"{dataset_name(self.table)}.yaml"


def write_config(request: Request) -> Path:
    """Write the config of a table, unless there is one, and return its path."""
    message = _use(request) if request.file.exists() else _write(request)
    print(printable(message), file=sys.stderr)
    return request.file


@dataclass(frozen=True)
class Fault:
    """What is wrong with a table, and what settles it.

    Attributes
    ----------
    what, does : str
        What is wrong; and which key settles it, and how.
    key : str
        A line of the config, if it settles the fault, or is needed for that.
    cells : mapping
        What `cells` of columns say then.
    """

    what: str
    does: str
    key: str = ""
    cells: Mapping[str, Entry] = field(default_factory=dict)


def dataset_name(table: Path) -> str:
    """Return the name of a data set and of its folder: ASCII, without blanks.

    Examples
    --------
    >>> dataset_name(Path("Bäume 2024 (final).csv.gz"))
    'Baume_2024_final'
    """
    stem = unicodedata.normalize("NFKD", ENDINGS.sub("", table.name))
    name = re.sub("[^A-Za-z0-9-]+", "_", stem.encode("ascii", "ignore").decode()).strip("_-")
    return f"{name[:90] or 'table'}{'_data' if name.lower() in RESERVED_NAMES else ''}"


def _use(request: Request) -> str:
    """Return that a config is used as it is, if it is one of the table."""
    entries = entries_of([request.table], request.file, request.folder)
    if not entries:
        raise is_of_others(request.file, "another table, not of", request.table)
    for entry in entries:
        if request.label not in ("", label := entry.get("label")):
            raise BackpropError(
                f"{request.file} is there, and compares models by the classes of "
                f"{in_brief.repr(label)}, not of {in_brief.repr(request.label)}; change `label` in "
                "it, or write another config: --config names the file"
            )
    return (
        f"{request.file} is there, and is used as it is; --row and --sheet have no effect. For a "
        "new one, delete or rename it"
    )


def is_of_others(file: Path, whose: str, what: Path) -> BackpropError:
    """Return the error that a config that is there is not the one that is asked for."""
    return BackpropError(
        f"{file} is there, and is the config of {whose} {what}; choose another file by --config, "
        "or another folder by --folder"
    )


def entries_of(tables: Iterable[Path], file: Path, folder: Path) -> list[Mapping[str, object]]:
    """Return what a config that is there says of tables, for a run in a folder."""
    by_name = read_yaml(file).get("datasets")
    every = by_name.values() if isinstance(by_name, Mapping) else []
    entries = [entry for entry in every if isinstance(entry, Mapping)]
    known = {table.resolve() for table in tables}
    return [
        entry
        for place in (file.parent, folder, ROOT)  # which a run searches
        for entry in entries
        if (place / os.path.expanduser(str(entry.get("source")))).resolve() in known
    ]


def _write(request: Request) -> str:
    """Write the config, after the checks that a run makes; return what is said about it.

    Raises
    ------
    DataError
        If the table has faults, which `layout.faults` then settles: after the config is written.
    """
    columns, data, layout = look_at(request)
    text = config_text(request, columns, data, layout)
    content = parse_yaml(text, str(request.file))
    request.folder.mkdir(parents=True, exist_ok=True)
    file = request.file.absolute()
    with chdir(request.folder):  # where a run searches its files
        # No start tries the classifiers of a first config, which takes seconds: a test does.
        tried = map(EstimatorsEntry.model_validate, content["estimators"].values())
        checks.remember_tried(each.as_json() for each in tried)
        plan = Plan(content, ROOT, [(str(file), content)], made=lambda _: None)
        plan.datasets.know(dataset_name(request.table), data)
        if not layout.faults:
            plan.check()
    write_atomically(request.file, text.encode())
    if faults := layout.faults:
        number = "a fault" if len(faults) == 1 else f"{len(faults):,} faults"
        lines = "\n  ".join(first_faults([f"{fault.what}\n    {fault.does}" for fault in faults]))
        raise DataError(
            f"{request.file}: the config of {request.table.name} is written, and the table has "
            f"{number}:\n  {lines}\nThe config has for each the key that settles it, after a #. "
            "Take the # away where you mean it, and run again"
        )
    return _summary(request, columns, data, layout)


def look_at(request: Request, labels: Sequence[str] = ()) -> "tuple[Survey, Dataset, Adjustments]":
    """Return what the columns of a table seem to be, its data, and where the table is in its file.

    The table itself, which may be large, is not kept. Without a label in the request, the first
    column with one of the names `labels`, in any case, has the class.
    """
    layout, shown = Adjustments(), request.table.name
    table = read(request)
    if table.likely_header and request.label not in table.places:
        layout.header = table.likely_header
        table = read(request, layout.header)
    if not request.label and labels:
        label = label_in(table, labels)
        if not label:
            which = f"found no column {', '.join(labels[:-1])} or {labels[-1]}"
            raise DataError(f"{shown}: {which}; name its class column by --label")
        request = replace(request, label=label)
    if not request.label:
        names = listed(table.header)
        raise DataError(
            f"{shown}: found no --label; name the column with the class, one of {names}"
        )
    check_names(table, [request.label])
    table = layout.look_at(table, request.label)
    columns, table = survey_columns(table, request.label)
    if not columns.features:
        left_out = [f"{in_brief.repr(name)}: {why}" for name, why in columns.left_out.items()]
        reasons = "; ".join(first_faults(left_out))
        raise DataError(f"{shown}: found no column to learn from: {reasons or 'only the label'}")
    how = Reading(
        label=request.label,
        features=columns.features,
        missing="impute",
        without_class="drop" if layout.unlabelled else "refuse",
        join_spellings=bool(layout.spellings),
        cells=columns.reading or None,
        id=columns.id or None,
    )
    return columns, layout.settled(table, how), layout


def label_in(table: FileTable, labels: Sequence[str]) -> str:
    """Return the first column with one of some names, in any case, or ""."""
    return next((name for name in table.header if name.casefold() in labels), "")


def read(request: Request, header: int | None = None) -> FileTable:
    """Read the table, with its header in a line if that is known."""
    shown = request.table.name
    how = Reading(label=request.label, sheet=request.sheet or None, header=header)
    (table,) = read_table(shown, load(shown, request.table), how)
    return table


@dataclass
class Adjustments:
    """What is done so that a table can be used as it is.

    Attributes
    ----------
    header : int, optional
        The line with the names of the columns, if it is not the first.
    skipped : dict of int to str
        The lines that are left out, and what they seem to be.
    unlabelled : dict of str to int
        How many rows have each cell that is no class.
    spellings : list of str
        The classes that are other spellings of one.
    """

    header: int | None = None
    skipped: dict[int, str] = field(default_factory=dict)
    unlabelled: dict[str, int] = field(default_factory=dict)
    spellings: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def look_at(self, table: FileTable, label: str) -> FileTable:
        """Look at a table; return it without the lines that are left out."""
        place, lines = table.places[label], table.lines
        if lines:
            self.skipped = units_and_totals(table.columns, lines, place)
            left_out = {row for row, line in enumerate(lines) if line in self.skipped}
            table = table.without(left_out) if left_out else table
        if table.wrong_widths and len(table):
            wrong = [*table.wrong_widths]
            others = " # beside those that are there" if self.skipped else ""
            self.faults.append(
                Fault(
                    "\n  ".join(first_faults(table.faults)),
                    f"`skip_lines: {_flow(wrong)}` leaves {_amount(len(wrong), 'line')} out",
                    f"skip_lines: {_flow(wrong)}{others}",
                )
            )
            table = replace(table, wrong_widths={})
        self.unlabelled = Counter(text for text in table.texts(label) if text in table.missing)
        self.spellings = spellings_in_case(table, label)
        return table

    def settled(self, table: FileTable, how: Reading) -> Dataset:
        """Return the data set of a table, without what has faults; note these.

        Raises
        ------
        DataError
            If there is no data set without them.
        """
        try:
            data = from_tables([table], how)
        except DataError:
            plain = plain_table(table, how.cells or {})
            sound = []
            for name in how.features or ():
                column = FeatureOfTexts(plain, name)
                column.values(impute=True)
                self.faults += _faults_of(column, how)
                sound += [] if column.faults else [name]
            if not self.faults:
                raise
            data = from_tables([table], replace(how, features=sound))
        rows = Counter(data.y.tolist())
        rare = [name for place, name in enumerate(data.classes) if rows[place] < LEAST_OF_CLASS]
        if len(data.classes) - len(rare) > 1:
            known = {name: rows[place] for place, name in enumerate(data.classes)}
            self.faults += [_rare_class(how.label, name, known) for name in rare]
        return data

    def said(self) -> Iterator[str]:
        """Yield what the terminal says."""
        if self.header:
            yield f"read from line {self.header}, which looks like the header"
        for line, why in self.skipped.items():
            yield f"left out: line {line}: {why}"
        if self.spellings:
            yield f"taken for other spellings of one class: {listed(self.spellings)}"


def _faults_of(column: FeatureOfTexts, how: Reading) -> list[Fault]:
    """Return the faults of a column, and what settles them: all at once."""
    if not column.faults:
        return []
    others = [*column.numbers_and_texts()[1]]
    what = "\n  ".join(first_faults(column.faults))
    if 0 < len(others) <= MOST_MARKS:
        entry = {**(how.cells or {}).get(column.name, {}), "missing": others}
        does = f"`missing: {_flow(others)}` of its `cells` makes this no value"
        return [Fault(what, does, cells={column.name: entry})]
    key = f"exclude: [{yaml_scalar(column.name)}] # beside those that are there"
    return [Fault(what, "`exclude` leaves the column out", key)]


def _rare_class(label: str, name: str, rows: Mapping[str, int]) -> Fault:
    """Return the fault of a class that is too rare, and what settles it."""
    number = _amount(rows[name], "row")
    what = (
        f"column {in_brief.repr(label)}: the class {in_brief.repr(name)} has {number}; use "
        f"{LEAST_OF_CLASS} or more, as each class is trained on and tested"
    )
    if name.casefold() not in WORDS and (same := spellings(rows).get(name)):
        join = {name: same}
        does = f"`join: {_flow(join)}` of its `cells` makes it the class {in_brief.repr(same)}"
        return Fault(what, does, cells={label: {"join": join}})
    does = f"`missing: {_flow([name])}` of its `cells`, with `without_class: drop`, leaves it out"
    return Fault(what, does, DROP, {label: {"missing": [name]}})


def _offered(columns: Survey, faults: Sequence[Fault]) -> list[Offer]:
    """Return the lines of `cells` that a person may take: first those that settle faults."""
    settling = dict[str, dict[str, Any]]()
    for fault in faults:
        for name, entry in fault.cells.items():
            own = settling.setdefault(name, {})
            for key, value in entry.items():
                parts = own.get(key, type(value)())
                own[key] = {**parts, **value} if key == "join" else value
                if key == "missing":
                    own[key] = [*dict.fromkeys([*(parts or []), *value])]
    first = [(name, entry, "settles what is wrong with it") for name, entry in settling.items()]
    return first + [each for each in columns.offers if each[0] not in settling]


def _added(
    sure: Mapping[str, Entry], offers: Sequence[Offer]
) -> tuple[dict[str, tuple[Entry, str]], list[Offer]]:
    """Return the offers that add one key to what is sure of a column, and the others."""
    added, others = dict[str, tuple[Entry, str]](), list[Offer]()
    for name, entry, what in offers:
        own = {key: entry[key] for key in entry if key not in sure.get(name, {})}
        if name in sure and len(own) == 1 and {**sure[name], **own} == entry:
            added[name] = own, what
        else:
            others.append((name, entry, what))
    return added, others


def _flow(value: object) -> str:
    """Return a value as YAML in one line."""
    flow: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return flow.strip()


def _summary(request: Request, columns: Survey, data: Dataset, layout: Adjustments) -> str:
    """Return what the terminal says about a new config."""
    gaps = int(np.isnan(data.x).sum())
    lines = [
        f"{request.file}: {len(data.y):,} rows, {len(data.classes)} classes of "
        f"{in_brief.repr(request.label)}, {_amount(len(columns.features), 'column')} to learn from"
    ]
    lines += [f"  {line}" for line in layout.said()]
    lines += [f"  note: {remark}" for remark in data.remarks]
    lines += [f"  read: {in_brief.repr(n)}: {what}" for n, (_, what) in columns.cells.items()]
    lines += [
        f"  may be meant: {in_brief.repr(name)}: {what}; see `cells` in the config"
        for name, _, what in columns.offers[:MOST_COLUMNS]
    ]
    reasons: dict[str, list[str]] = {}
    for name, why in [*columns.left_out.items()][:MOST_COLUMNS]:
        reasons.setdefault(why, []).append(name)
    lines += [f"  left out: {listed(names)}: {why}" for why, names in reasons.items()]
    if columns.marks:
        lines.append(f"  taken for missing values: {_counted(columns.marks)}")
    if gaps:
        lines.append(f"  missing values: {gaps:,}, imputed from the training rows of each split")
    return "\n".join([*lines, "  Read it, and change what you know better: it is yours now"])


# The text of the config


def config_text(request: Request, columns: Survey, data: Dataset, layout: Adjustments) -> str:
    """Return the config of a table, with comments."""
    name = dataset_name(request.table)
    values = _values(request, columns, data, layout)
    again = command_again(request.file, request.folder)
    return _TEMPLATE.render(name=name, again=again, several=False, further={}, **values)


def command_again(config: Path, folder: Path) -> str:
    """Return the command that runs a config with its results in a folder."""
    where = [] if folder == Path() else ["--folder", str(folder)]
    return shlex.join(["backprop", "run", str(config), *where])


def data_set_text(
    name: str, request: Request, columns: Survey, data: Dataset, layout: Adjustments, **further: str
) -> tuple[str, dict[str, Any]]:
    """Return the part of a config on one of several data sets, and what it decides of the rest."""
    values = _values(request, columns, data, layout)
    values["positive"] = further.pop("positive", values["positive"])
    part = _part("data_set", name=name, further=further, **values)
    return part, {"classes": values["classes"], **_sizes(data, [*values["classes"].values()])}


def study_text(every: Sequence[Mapping[str, Any]]) -> str:
    """Return the part of a config on a study of several data sets, by what each decides of it."""
    together: dict[str, Any] = {
        "several": True,
        "classes": max((e["classes"] for e in every), key=len),
    }
    used = [name for each in every for name in each["models"]]
    for key, value in every[0].items():
        if isinstance(value, bool | np.bool_):
            together[key] = any(each[key] for each in every)
        elif key == "models":
            is_used = {name: used.count(name) == len(every) or name == "softmax" for name in used}
            together[key] = [name for name, own in is_used.items() if own]
        elif key not in together:
            together[key] = (max if key == "largest" else min)(each[key] for each in every)
    return _part("study", **together)


def _part(block: str, **values: object) -> str:
    return "".join(_TEMPLATE.blocks[block](_TEMPLATE.new_context(values)))


def _values(
    request: Request, columns: Survey, data: Dataset, layout: Adjustments
) -> dict[str, Any]:
    added, offers = _added(columns.reading, _offered(columns, layout.faults))
    return dict(
        request=request,
        columns=columns,
        layout=layout,
        source=source_of(request),
        classes=dict(zip(data.classes, np.bincount(data.y).tolist(), strict=True)),
        positive=_affirmative(data.classes[0], data.classes[-1]),
        features=dict(zip(data.features, _kinds(data), strict=True)),
        gaps=np.isnan(data.x).sum(axis=0).tolist(),
        most_columns=MOST_COLUMNS,
        added=added,
        offers=offers,
        may_lack=bool(layout.faults) or any("missing" in entry for _, entry, _ in offers),
        keys=_keys(layout),
        **_sizes(data, np.bincount(data.y).tolist()),
    )


def _keys(layout: Adjustments) -> list[str]:
    """Return the lines that settle faults, each once, without one that the config has already."""
    there = {DROP} if layout.unlabelled else set()
    return [
        key
        for key in dict.fromkeys(fault.key for fault in layout.faults)
        if key and key not in there
    ]


def _amount(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def _affirmative(first: str, last: str) -> str:
    """Return the last of two classes; but the first if the last one is its absence.

    >>> _affirmative("ja", "nein"), _affirmative("no", "yes"), _affirmative("spam", "unknown")
    ('ja', 'yes', 'unknown')
    """
    one, other = first.strip().casefold(), last.strip().casefold()
    denied = other.endswith(one) and re.fullmatch(DENYING, other.removesuffix(one))
    denies = denied or other in DENIALS
    return first if denies and one not in DENIALS else last


def source_of(request: Request) -> str:
    """Return the path of the table: from the folder of the config, from the home, or the whole."""
    path, here = (Path(os.path.abspath(each)) for each in (request.table, request.folder))
    beside = Path(os.path.abspath(request.file)).parent
    if path.is_relative_to(beside) or (path.is_relative_to(here) and beside.is_relative_to(here)):
        return os.path.relpath(path, beside)
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _kinds(data: Dataset) -> list[str]:
    """Return what the comment of each column says."""
    low, high = np.fmin.reduce(data.x), np.fmax.reduce(data.x)
    gaps = np.isnan(data.x).sum(axis=0).tolist()
    kinds = []
    for place, name in enumerate(data.features):
        kind = f"a number, {low[place]:g} to {high[place]:g}"
        if name in data.categories:
            names = data.categories[name]
            kind = f"{len(names)} categories: {listed(names)}"
        without = f"; no value in {_amount(gaps[place], 'row')}" if gaps[place] else ""
        kinds.append(f"{kind}{without}")
    return kinds


def _counted(numbers: Mapping[str, int]) -> str:
    """Return texts with their numbers, for a comment or a message."""
    shown = [f"{in_brief.repr(text)} {number:,}" for text, number in [*numbers.items()][:20]]
    return ", ".join([*shown, *(["..."] if len(numbers) > len(shown) else [])])


def yaml_scalar(value: str) -> str:
    """Return a text as YAML in one line, in quotes if it needs them anywhere."""
    is_shown = value.isprintable()
    flow: str = yaml.safe_dump(
        [value],
        default_style=None if is_shown else '"',
        default_flow_style=True,
        allow_unicode=is_shown,
        width=float("inf"),
    )
    return flow.strip()[1:-1]


def _sizes(data: Dataset, of_classes: Sequence[int]) -> dict[str, object]:
    """Return what the rows and the inputs of the table decide of the study, for its text."""
    rows, equal, inputs = len(data.y), equal_lines(data.x), most_inputs(data)
    fewer, voters, more = NEIGHBOURS if rows >= SMALL else NEIGHBOURS_OF_SMALL
    large, many = rows > LARGE, inputs > MANY
    # Whether most rows have more equal rows than neighbours vote.
    tied = np.mean(np.bincount(equal)[equal] > voters) > 1 / 2
    used = {
        "logistic": True,
        "softmax": len(of_classes) > 2,
        "neighbours": not tied,
        "forest": not (many and large),
        "boosting": large or not many,
        "scratch": not (many and large),
    }
    return {
        "models": [name for name, is_used in used.items() if is_used],
        "folds": max(2, min(FOLDS, *of_classes)),
        "largest": largest_share(of_classes),
        "unequal": says_little(of_classes),
        "small": rows < SMALL,
        "large": large,
        "very_large": rows > VERY_LARGE,
        "many": many,
        "wide": many or inputs > rows,
        "tied": tied,
        "fewer": fewer,
        "voters": voters,
        "more": more,
    }


_ENVIRONMENT = environment(Path(__file__).parent)
_ENVIRONMENT.filters |= {
    "yaml": yaml_scalar,
    "comment": lambda text: "# " + printable(text).replace("\n", r"\n"),  # on one line
    "brief": in_brief.repr,
    "flow": _flow,
    "line": lambda entry: _flow(entry)[1:-1],  # a mapping without its brackets
    "listed": listed,
    "counted": _counted,
    "amount": _amount,
}
_TEMPLATE = _ENVIRONMENT.get_template("first_config.yaml.jinja")

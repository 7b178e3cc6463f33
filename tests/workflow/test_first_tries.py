"""Tables in the state in which people have them: the first try of `backprop run` reads each."""

import io

import openpyxl
import pytest
from typed import typed

from backprop.commands import first_config
from backprop.commands.first_config import ROOT
from backprop.data.sources import notes
from backprop.workflow.config_check import checks
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan.plan import Plan

KINDS = ("oak", "ash", "elm")
ROWS = [(20 + row % 9 + 3 * (row % 3), f"{row % 7}.5", KINDS[row % 3]) for row in range(90)]
"""The height, the girth and the kind of 90 trees."""


def workbook(*rows, merged=()):
    """Return the bytes of a workbook with one sheet."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(file)
    return file.getvalue()


def lines(*rows, sign=","):
    return "\n".join([*(sign.join(map(str, row)) for row in rows), ""])


NAMES = ("height", "girth", "kind")
TABLES = {
    "titles": (
        "trees.csv",
        lines(["Trees of 2024"], ["measured by two"], [], NAMES, *ROWS).encode(),
        {"header": 4},
    ),
    "units": (
        "trees.csv",
        lines(NAMES, ["m", "dm", "-"], *ROWS).encode(),
        {"skip_lines": [2]},
    ),
    "merged cells": (
        "trees.xlsx",
        workbook(["Trees of 2024"], [], NAMES, *ROWS, merged=["A1:C1"]),
        {"header": 3},
    ),
    "totals": (
        "trees.csv",
        lines(
            ("no", *NAMES), *((n, *row) for n, row in enumerate(ROWS)), ["Total", 9, 9, ""]
        ).encode(),
        {"skip_lines": [92], "exclude": ["no"]},
    ),
    "spellings, rows without a class": (
        "trees.csv",
        lines(NAMES, *ROWS, (20, 1.5, "OAK "), (20, 1.5, "Oak"), (20, 1.5, "")).encode(),
        {"without_class": "drop", "join_spellings": True},
    ),
    "Windows-1252": (
        "Bäume.csv",
        lines(("Höhe", "Größe", "kind"), *ROWS).encode("cp1252"),
        {},
    ),
    "an id that gives the class away": (
        "trees.csv",
        lines(("tree", *NAMES), *((f"{r[2]}-{n}", *r) for n, r in enumerate(ROWS))).encode(),
        {"exclude": ["tree"]},
    ),
    "50 empty columns of 60": (
        "trees.csv",
        lines(
            (*NAMES, *(f"c{n}" for n in range(57))),
            *((*row, *range(n % 5, n % 5 + 7), *[""] * 50) for n, row in enumerate(ROWS)),
        ).encode(),
        {"exclude": [f"c{n}" for n in range(7, 57)]},
    ),
}


@pytest.fixture(autouse=True)
def _in_a_folder(in_a_folder, monkeypatch):
    monkeypatch.setattr(checks, "untried", lambda estimators: {})  # which takes seconds


def first(folder, name, content, label="kind"):
    """Return the entry of the first config of a table, and its data set."""
    (folder / name).write_bytes(content)
    typed("config", name, "--label", label)
    config = read_yaml(folder / f"{first_config.dataset_name(folder / name)}.yaml")
    ((data, entry),) = config["datasets"].items()
    return entry, Plan(config, ROOT).datasets.data(data)


@pytest.mark.parametrize("case", TABLES)
def test_one_try_reads_the_table(case, tmp_path):
    name, content, keys = TABLES[case]
    entry, data = first(tmp_path, name, content)
    of_layout = entry.keys() - {"source", "label", "row", "missing"}
    assert {key: entry[key] for key in of_layout} == keys
    joined = 2 if "spellings" in case else 0
    assert sorted(data.classes) == sorted(KINDS)
    assert len(data.y) == len(ROWS) + joined
    assert data.x[:90, 0].tolist() == [height for height, *_ in ROWS]
    assert [data.classes[y] for y in data.y[:90]] == [kind for *_, kind in ROWS]


def test_what_rows_without_a_class_have_in_its_place_is_said(tmp_path, capsys):
    rows = [*ROWS, (20, 1.5, "None"), (20, 1.5, "NA"), (20, 1.5, "None"), (20, 1.5, "")]
    entry, data = first(tmp_path, "trees.csv", lines(NAMES, *rows).encode())
    assert entry["without_class"] == "drop"
    (note,) = notes(data)
    assert note.startswith("4 rows have no class ('NA', 'None'), and are left out")
    assert f"  note: {note}\n" in capsys.readouterr().err
    text = (tmp_path / "trees.yaml").read_text(encoding="utf-8")
    assert "without_class: drop # rows: 'None' 2, 'NA' 1, '' 1; " in text


def test_a_postcode_that_is_read_as_a_number_is_noted(tmp_path):
    rows = [(f"{1067 + n % 40:05}", *row) for n, row in enumerate(ROWS)]
    _, data = first(tmp_path, "trees.csv", lines(("area", *NAMES), *rows).encode())
    (note,) = notes(data)
    assert note.startswith("column 'area': read as numbers, and may be codes, such as postcodes;")


def test_another_label_than_that_of_the_config_is_refused_with_two_ways_out(tmp_path):
    name, content, _ = TABLES["titles"]
    first(tmp_path, name, content)
    with pytest.raises(SystemExit) as refused:
        first(tmp_path, name, content, "girth")
    assert str(refused.value) == (
        "error: trees.yaml is there, and compares models by the classes of 'kind', not of 'girth'; "
        "change `label` in it, or write another config: --config names the file"
    )

"""The record changes with everything that the tables depend on, and with nothing else."""

import copy
import hashlib
import json

import pytest
import yaml
from edits import put

from backprop.data.dataset import Reading
from backprop.data.file_tables import parse_csv
from backprop.data.sources import contents_of
from backprop.data.validity import from_tables
from backprop.report.pages import Section, page_of
from backprop.report.provenance import READ, as_table, config_of, describe, how_read

PARAMETERS = {
    "dataset": "ex4",
    "config": {"seed": 7, "models": ["logistic"], "comparison": {"rope": 0.01}},
    "makers": {"backprop.study.cross_validation": "a" * 64, "workflow/scripts/split.py": "b" * 64},
    "environment": {"python": "3.12.1", "platform": "Linux", "packages": {"numpy": "2.2.0"}},
}


@pytest.fixture
def files(tmp_path):
    paths = {name: tmp_path / name for name in ("dataset.csv", "fits.csv", "comparison.csv")}
    for name, path in paths.items():
        path.write_text(name)
    return paths


def record_of(files, parameters=PARAMETERS):
    tables = [files["fits.csv"], files["comparison.csv"]]
    return describe(parameters, data=files["dataset.csv"], tables=tables)


def test_the_order_of_keys_and_the_folder_of_the_files_do_not_matter(files, tmp_path):
    before = record_of(files)
    reordered = dict(reversed([*PARAMETERS.items()]))
    reordered |= {key: dict(reversed([*PARAMETERS[key].items()])) for key in ("config", "makers")}
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    moved = {name: path.rename(folder / name) for name, path in files.items()}
    assert record_of(moved, reordered) == before


@pytest.mark.parametrize(
    ("path", "value", "changed_keys"),
    [
        (["dataset"], "other", {"dataset"}),
        (["config", "comparison", "rope"], 0.02, {"config", "config_sha256"}),
        (["config", "seed"], 8, {"config", "config_sha256", "seed"}),
        (["makers", "backprop.study.cross_validation"], "c" * 64, {"code_sha256"}),
        (["makers", "backprop.study.splits"], "c" * 64, {"code_sha256", "code_files"}),
        (["environment", "python"], "3.12.2", {"python"}),
        (["environment", "packages", "numpy"], "2.2.1", {"packages"}),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, list) else "",
)
def test_a_change_of_a_parameter_changes_its_keys_alone(path, value, changed_keys, files):
    parameters = copy.deepcopy(PARAMETERS)
    put(parameters, path, value)
    before, after = record_of(files), record_of(files, parameters)
    assert {key for key in before if before[key] != after[key]} == changed_keys


def test_modules_that_swap_their_digests_change_the_digest_of_the_code(files):
    names, digests = zip(*PARAMETERS["makers"].items(), strict=True)
    swapped = {**PARAMETERS, "makers": dict(zip(names, reversed(digests), strict=True))}
    assert record_of(files)["code_sha256"] != record_of(files, swapped)["code_sha256"]


def test_a_change_of_a_file_changes_its_digest_alone(files):
    before = record_of(files)
    files["dataset.csv"].write_text("other data")
    files["fits.csv"].write_text("other fits")
    after = record_of(files)
    assert {key for key in before if before[key] != after[key]} == {"data_sha256", "tables_sha256"}
    assert before["tables_sha256"]["comparison.csv"] == after["tables_sha256"]["comparison.csv"]


def test_the_table_has_a_row_for_each_single_value(files):
    table = as_table(record_of(files)).set_index("what")["value"]
    assert table["seed"] == "7"
    assert "config" not in table
    assert table["packages: numpy"] == "2.2.0"
    assert table["tables_sha256: fits.csv"] == hashlib.sha256(b"fits.csv").hexdigest()


def test_the_config_is_shown_as_yaml_in_the_order_of_the_user(files):
    text = config_of(record_of(files))
    assert text == "seed: 7\nmodels:\n- logistic\ncomparison:\n  rope: 0.01\n"
    assert yaml.safe_load(text) == PARAMETERS["config"]


TABLE = b"""crp,rank,pain,seen,weight,y
<0.4 mg/l,Prof,low,1.3.2024,70,a
9 mg/l,Prof.,high,2.3.2024,,b
9999,Prof,mid,3.4.2024,80,a
> 200,Lect,low,4.4.2024,81.5,b
,Lect,low,4.5.2024,82,a
5 mg/l,Lect,low,4.5.2024,82,b
"""
CELLS = {
    "crp": {"read": "number", "unit": "mg/l", "limits": "half", "missing": [9999]},
    "rank": {"join": {"Prof.": "Prof"}},
    "pain": {"order": ["low", "mid", "high"]},
    "seen": {"read": "day first"},
}


def stored(content, **options):
    """Return what a run stores of a table: what it says of the data, and of the cells."""
    data = from_tables([parse_csv("t", content)], Reading(label="y", missing="impute", **options))
    files = {name: json.loads(text) for name, text in contents_of(data, "t").items()
             if name != "table"}  # fmt: skip
    return files["provenance"], files["columns"].get("cells", {})


def test_each_column_says_how_it_was_read():
    table = how_read(*stored(TABLE, cells=CELLS)).set_index("Column")
    assert [*table.index] == ["crp", "rank", "pain", "seen", "weight", "y"]
    assert {name: {key: own for key, own in row.items() if own} for name, row in table.T.items()} \
        == {
            "crp": {"Read as": "a number", "Unit": "mg/l", "No value": 2, "Of these, marks": 1,
                    "Limits": 2, "A limit counts as": "half of the limit"},
            "rank": {"Read as": "2 categories", "Other spellings": 1, "Joined": "Prof. = Prof"},
            "pain": {"Read as": "a number, from 1 on, in this order: low, mid, high"},
            "seen": {"Read as": "a date, its day first: month, weekday and days since 1970"},
            "weight": {"Read as": "a number", "No value": 1},
            "y": {"Read as": "the class: 'a', 'b'"},
        }  # fmt: skip


def test_limits_that_are_no_value_are_no_marks():
    cells = {**CELLS, "crp": {**CELLS["crp"], "limits": "missing"}}
    (crp, *_) = how_read(*stored(TABLE, cells=cells)).to_dict("records")
    assert (crp["No value"], crp["Of these, marks"], crp["Limits"]) == (4, 1, 2)


def test_many_columns_that_are_read_alike_have_one_row():
    names = [*map("g{}".format, range(300)), "kind", "y"]
    rows = [
        [*map(str, range(number, number + 300)), "uvw"[number % 3], "ab"[number % 2]]
        for number in range(6)
    ]
    table = how_read(*stored("\n".join(map(",".join, [names, *rows])).encode()))
    assert table.to_dict("records") == [
        {"Column": "g0, g1, g2, g3, g4 and 295 more", "Read as": "a number"},
        {"Column": "kind", "Read as": "3 categories"},
        {"Column": "y", "Read as": "the class: 'a', 'b'"},
    ]  # fmt: skip


def test_a_table_in_plain_cells_has_no_more_columns_than_it_needs():
    table = how_read(*stored(b"<b>,y\n1,a\n2,b\n"))
    assert [*table] == ["Column", "Read as"]
    page = page_of("Provenance", [Section(table, *READ)])
    assert "&lt;b&gt;" in page
    assert "<b>" not in page

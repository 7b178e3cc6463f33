"""The record changes with everything that the tables depend on, and with nothing else."""

import copy
import hashlib

import pytest
import yaml
from edits import put

from backprop.report.provenance import as_table, config_of, describe

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

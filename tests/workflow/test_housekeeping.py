"""What is found before a run and removed after it."""

import copy
import shutil
import sys
from types import SimpleNamespace

import pytest
from project import ROOT, SMALL

from backprop.workflow import housekeeping, records
from backprop.workflow.plan import Plan
from backprop.workflow.records import write_record


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("tables", "plots", "fits/scratch", "statistics"):
        (tmp_path / "results/ex4" / folder).mkdir(parents=True)
    return tmp_path / "results/ex4"


@pytest.fixture
def plan(results):
    return Plan(copy.deepcopy(SMALL), ROOT)


def make(job, *outputs, dataset="ex4"):
    """Write files, and the record of the job that made them."""
    files = [f"results/{dataset}/{name}" for name in outputs]
    for file in files:
        with open(file, "w") as text:
            text.write("made")
    script = SimpleNamespace(
        rule=job,
        wildcards={"dataset": dataset},
        params=SimpleNamespace(job="{}"),
        log=[f"results/{dataset}/logs/{job}.log"],
        output=files,
    )
    write_record(script, {})


def test_what_the_config_no_longer_asks_for_is_removed_with_a_message(results, plan, capsys):
    current = ["tables/effects.csv", "tables/effects.html", "plots/roc.svg"]
    outdated = ["tables/parity.csv", "statistics/parity.csv", "plots/learning_curves-cost.svg"]
    make("write_tables", *current[:2], outdated[0])
    make("parity", outdated[1])
    make("plot", current[2], outdated[2])
    housekeeping.remove_outdated(plan)
    assert all((results / name).exists() for name in current)
    assert not any((results / name).exists() for name in outdated)
    printed = capsys.readouterr().err.splitlines()
    assert sorted(printed) == sorted(
        f"removed results/ex4/{name}: the config no longer asks for it" for name in outdated
    )
    assert {file.stem for file in results.glob("records/*")} == {"write_tables", "plot"}


def test_what_a_job_made_for_an_earlier_config_is_removed_after_a_later_run(results, plan, capsys):
    current, outdated = "plots/roc.svg", "plots/learning_curves-cost.svg"
    make("plot", current, outdated)
    for _ in range(2):  # two runs that were interrupted, of a config with one picture less
        make("plot", current)
    housekeeping.remove_outdated(plan)
    assert [file.name for file in (results / "plots").iterdir()] == ["roc.svg"]
    assert capsys.readouterr().err == (
        f"removed results/ex4/{outdated}: the config no longer asks for it\n"
    )


def test_a_record_of_a_file_that_cannot_be_removed_stops_nothing(results, plan):
    make("parity", "tables/parity.csv")
    record = results / "records/parity.json"
    too_long = "results/" + 300 * "a"
    record.write_text(record.read_text().replace("results/ex4/tables/parity.csv", too_long))
    make("score", "tables/one_step.csv")
    housekeeping.remove_outdated(plan)
    assert not (results / "tables/one_step.csv").exists()


def test_files_of_other_people_stay(results, plan, capsys):
    make("parity", "tables/parity.csv", "tables/parity.html")
    make("old", "fits/scratch/h9.parquet")
    (results / "tables/parity.csv").write_text("made, and edited by somebody")
    others = ["tables/notes.txt", "tables/one_step.csv", "plots/learning_curves-cost.svg"]
    for name in others:
        (results / name).write_text("mine")
    housekeeping.remove_outdated(plan)
    assert all((results / name).read_text() == "mine" for name in others)
    assert (results / "tables/parity.csv").exists()
    assert (results / "fits/scratch/h9.parquet").exists()
    assert capsys.readouterr().err == (
        "removed results/ex4/tables/parity.html: the config no longer asks for it\n"
    )


@pytest.mark.parametrize("path", ["outside", "results/../outside", "results/ex4/../../outside"])
def test_a_record_cannot_name_a_file_outside_the_results(results, plan, path):
    outside = results.parents[1] / "outside"
    outside.write_text("made")
    make("parity", "tables/parity.csv")
    record = results / "records/parity.json"
    record.write_text(record.read_text().replace("results/ex4/tables/parity.csv", path))
    housekeeping.remove_outdated(plan)
    assert outside.exists()


def test_a_record_that_names_a_path_too_long_for_a_file_does_not_matter(results, plan):
    make("parity", "tables/parity.csv")
    record = results / "records/parity.json"
    too_long = f"results/{'a' * 300}"
    record.write_text(record.read_text().replace("results/ex4/tables/parity.csv", too_long))
    housekeeping.remove_outdated(plan)
    assert (results / "tables/parity.csv").exists()


def test_make_clean_leaves_a_backup_of_the_results_as_it_is(results, plan):
    make("parity", "tables/parity.csv")
    backup = results.parent / "backup"
    shutil.copytree(results, backup)
    records.remove_all()
    assert not results.exists()
    assert (backup / "records/parity.json").exists()
    assert (backup / "tables/parity.csv").exists()


def test_the_results_of_a_data_set_that_is_gone_are_named_and_stay(results, plan, capsys):
    (results.parent / "old/tables").mkdir(parents=True)
    (results.parent / "mine").mkdir()
    make("write_tables", "tables/fits.csv", dataset="old")
    assert housekeeping.find_stale(plan, []) == set()
    assert capsys.readouterr().err.startswith("note: results/old has the results of old")
    housekeeping.remove_outdated(plan)
    assert (results.parent / "old/tables/fits.csv").exists()


def test_a_result_without_a_record_is_named_and_made_again(results, plan, capsys):
    (results / "tables/fits.csv").write_text("mine")
    assert housekeeping.find_stale(plan, []) == {"results/ex4/tables/fits.csv"}
    assert capsys.readouterr().err == (
        "warning: results/ex4/tables/fits.csv must be made again: "
        "there is no record of how it was made\n"
    )


def test_many_results_are_named_in_few_lines(results, plan, capsys):
    for file in plan.results():
        path = results.parents[1] / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    assert housekeeping.find_stale(plan, []) == set(plan.results())
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6
    assert lines[-1] == f"warning: and {len(plan.results()) - 5} more files must be made again"


def test_no_report_is_written_of_results_that_must_be_made_again(results, plan, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["snakemake", "--report", "report.html"])
    assert housekeeping.find_stale(plan, []) == set()
    (results / "tables/fits.csv").write_text("mine")
    with pytest.raises(SystemExit, match=r"^error: run `snakemake` before the report, .*\n  res"):
        housekeeping.find_stale(plan, [])


def test_a_report_after_a_run_may_begin_with_results_that_must_be_made_again(
    results, plan, monkeypatch
):
    options = ["snakemake", "--report", "report.html", "--report-after-run"]
    monkeypatch.setattr(sys, "argv", options)
    (results / "tables/fits.csv").write_text("mine")
    assert housekeeping.find_stale(plan, []) == {"results/ex4/tables/fits.csv"}

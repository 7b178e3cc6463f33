"""What is found before a run and removed after it."""

import copy
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from project import ROOT, SMALL
from snakemake.settings.types import RerunTrigger

from backprop.workflow.plan.plan import Plan
from backprop.workflow.records import job_records
from backprop.workflow.records.job_records import write_record
from backprop.workflow.snakemake_run import housekeeping
from backprop.workflow.snakemake_run.snakemake_internals import Session


@pytest.fixture
def results(in_a_folder, tmp_path):
    for folder in ("tables", "plots", "fits/scratch", "statistics"):
        (tmp_path / "results/ex4" / folder).mkdir(parents=True)
    return tmp_path / "results/ex4"


@pytest.fixture
def plan(results):
    return Plan(copy.deepcopy(SMALL), ROOT)


class Workflow:
    """Snakemake's, without rules."""

    executor_plugin = None  # as for a report

    def __init__(self):
        self.rules = []
        self.dag = SimpleNamespace(forcefiles=set())
        self.dag_settings = SimpleNamespace(rerun_triggers=frozenset(RerunTrigger))
        self.storage_settings = SimpleNamespace(default_storage_provider=None)
        self.persistence = SimpleNamespace(metadata={}.get)
        self.workdir_init = os.getcwd()


@pytest.fixture
def workflow(plan):
    return Workflow()


@pytest.fixture
def watch(plan, workflow):
    return housekeeping.Watch(plan, Session(workflow))


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
    write_record(script, {}, {})


def test_what_the_config_no_longer_asks_for_is_removed_with_a_message(results, plan, capsys):
    current = ["tables/effects.csv", "tables/tuning.html", "plots/roc.svg"]
    outdated = [
        "tables/training_sizes.csv",
        "statistics/training_sizes.csv",
        "plots/learning_curves-cost.svg",
    ]
    make("write_tables", *current[:2], outdated[0])
    make("training_sizes", outdated[1])
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
    make("training_sizes", "tables/training_sizes.csv")
    record = results / "records/training_sizes.json"
    too_long = "results/" + 300 * "a"
    record.write_text(record.read_text().replace("results/ex4/tables/training_sizes.csv", too_long))
    make("score", "tables/unknown.csv")
    housekeeping.remove_outdated(plan)
    assert not (results / "tables/unknown.csv").exists()


def test_files_of_other_people_stay(results, plan, capsys):
    make("training_sizes", "tables/training_sizes.csv", "tables/training_sizes.html")
    make("old", "fits/scratch/h9.parquet")
    (results / "tables/training_sizes.csv").write_text("made, and edited by somebody")
    others = ["tables/notes.txt", "tables/one_step.csv", "plots/learning_curves-cost.svg"]
    for name in others:
        (results / name).write_text("mine")
    housekeeping.remove_outdated(plan)
    assert all((results / name).read_text() == "mine" for name in others)
    assert (results / "tables/training_sizes.csv").exists()
    assert (results / "fits/scratch/h9.parquet").exists()
    assert capsys.readouterr().err == (
        "removed results/ex4/tables/training_sizes.html: the config no longer asks for it\n"
    )


@pytest.mark.parametrize("path", ["outside", "results/../outside", "results/ex4/../../outside"])
def test_a_record_cannot_name_a_file_outside_the_results(results, plan, path):
    outside = results.parents[1] / "outside"
    outside.write_text("made")
    make("training_sizes", "tables/training_sizes.csv")
    record = results / "records/training_sizes.json"
    record.write_text(record.read_text().replace("results/ex4/tables/training_sizes.csv", path))
    housekeeping.remove_outdated(plan)
    assert outside.exists()


def test_make_clean_leaves_a_backup_of_the_results_as_it_is(results, plan):
    make("training_sizes", "tables/training_sizes.csv")
    backup = results.parent / "backup"
    shutil.copytree(results, backup)
    (results / "fits/scratch/h3.parts").mkdir(parents=True)
    (results / "fits/scratch/h3.parts/a.parquet").touch()
    job_records.remove_all()
    assert not (results / "tables").exists()
    assert not (results / "fits").exists()
    assert not (results / "records").exists()
    assert (backup / "records/training_sizes.json").exists()
    assert (backup / "tables/training_sizes.csv").exists()


LINKS = ["", "logs", "records", "tables", "benchmarks", "records/deep", "tables/deep"]


@pytest.mark.parametrize("clean", ["clean-up", "backprop clean"])
@pytest.mark.parametrize("link", LINKS)
def test_no_file_behind_a_link_is_removed(link, clean, results, plan):
    (results / "tables/deep").mkdir()
    for name in ("training_sizes.csv", "deep/training_sizes.csv"):
        make(name.removesuffix(".csv"), f"tables/{name}")
        for folder, ending in (("logs", "log"), ("benchmarks", "tsv")):
            other = (results / folder / name).with_suffix(f".{ending}")
            other.parent.mkdir(parents=True, exist_ok=True)
            other.write_text("mine")
    linked, elsewhere = results / link, results.parents[1] / "elsewhere"
    linked.rename(elsewhere)
    linked.symlink_to(elsewhere)
    before = {file: file.read_text() for file in elsewhere.rglob("*") if file.is_file()}
    assert before
    if clean == "backprop clean":
        job_records.remove_all()
    else:
        housekeeping.remove_outdated(plan)
    after = {file: file.read_text() for file in elsewhere.rglob("*") if file.is_file()}
    assert after == before
    assert linked.is_symlink()


def test_the_folder_of_all_results_may_be_a_link(results, plan):
    make("training_sizes", "tables/training_sizes.csv")
    results.parent.rename("elsewhere")
    Path("results").symlink_to("elsewhere")
    job_records.remove_all()
    assert not list(Path("elsewhere").rglob("*.*"))


def test_make_clean_leaves_empty_folders_of_the_user(results, plan):
    make("training_sizes", "tables/training_sizes.csv")
    mine = [results / "mine/deep", results.parent / "empty", results / "tables/mine"]
    for folder in mine:
        folder.mkdir(parents=True)
    job_records.remove_all()
    assert all(folder.is_dir() for folder in mine)
    assert not (results / "tables/training_sizes.csv").exists()
    assert not (results / "records").exists()


def test_make_clean_goes_on_where_a_file_cannot_be_removed(results, plan):
    make("training_sizes", "tables/training_sizes.csv")
    make("score", "tables/fits.csv")
    (results / "logs/training_sizes.log").mkdir(parents=True)  # not a file
    job_records.remove_all()
    assert not list((results / "tables").glob("*"))


def test_the_results_of_a_data_set_that_is_gone_are_named_and_stay(results, plan, watch, capsys):
    (results.parent / "old/tables").mkdir(parents=True)
    (results.parent / "mine").mkdir()
    make("write_tables", "tables/fits.csv", dataset="old")
    watch.while_planning()
    assert capsys.readouterr().err.startswith("note: results/old has the results of old")
    housekeeping.remove_outdated(plan)
    assert (results.parent / "old/tables/fits.csv").exists()


def test_a_result_without_a_record_is_named_once_and_made_again(results, watch, workflow, capsys):
    (results / "tables/fits.csv").write_text("mine")
    watch.while_planning()
    watch.while_planning()
    assert workflow.dag.forcefiles == {"results/ex4/tables/fits.csv"}
    assert capsys.readouterr().err == (
        "warning: results/ex4/tables/fits.csv must be made again: "
        "there is no record of how it was made\n"
    )


def test_results_of_another_config_are_one_note_and_no_warning(results, watch, workflow, capsys):
    make("gone", "tables/fits.csv")
    (results / "plots/roc.svg").write_text("mine")
    watch.while_planning()
    assert workflow.dag.forcefiles == {"results/ex4/tables/fits.csv", "results/ex4/plots/roc.svg"}
    warning, note = capsys.readouterr().err.splitlines()
    assert warning.startswith("warning: results/ex4/plots/roc.svg must be made again: there is no ")
    assert note == (
        "note: results/ex4/tables/fits.csv must be made again: another config or version of this "
        "workflow made it"
    )


def test_a_report_after_a_run_may_begin_with_results_that_must_be_made_again(results, watch):
    (results / "tables/fits.csv").write_text("mine")
    watch.while_planning()
    (results / "tables/fits.csv").unlink()  # the run makes it again
    watch.refuse_stale()

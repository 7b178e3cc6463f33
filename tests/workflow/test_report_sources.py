"""The report is written again if anything that it is written from has changed, and only then."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from project import ROOT

from backprop.workflow.records import report_sources
from backprop.workflow.records.report_sources import is_written, note_report, sources_of_report

REPORT = Path("results/report.html")
CONFIG = Path("config.yaml")
FILES = {
    CONFIG: "seed: 1\n",
    REPORT: "the report",
    Path("results/records/summarise.json"): "{}",
    Path("results/ex4/records/train/logistic.json"): "{}",
    Path("code/Snakefile"): "rule all:\n",
    Path("code/workflow/report/report.css"): "a {}",
    Path("code/backprop/report/wording/one.py"): "ONE = 1\n",
    Path("code/plugin/__init__.py"): "class Reporter: ...\n",
    Path("packages/snakemake-9.27.1.dist-info/METADATA"): "",
}


@pytest.fixture
def sources(in_a_folder, monkeypatch):
    """Return a function that returns the sources of a report that was written from `FILES`."""
    for file, text in FILES.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    code = [Path("code/Snakefile"), *map(Path, ["code/workflow", "code/backprop", "code/plugin"])]
    monkeypatch.setattr(report_sources, "CODE", code)
    monkeypatch.setattr(sys, "path", ["packages", "nowhere"])
    note_report(REPORT, sources_of_report([CONFIG]))
    return lambda: sources_of_report([CONFIG])


def edit(file):
    """Change a file, but not the time of its change."""
    times = os.stat(file)
    Path(file).write_text(f"{Path(file).read_text()} ")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_what_is_as_it_was_is_not_written_again(sources):
    assert is_written(REPORT, sources())
    Path("code/backprop/one.cpython-311.pyc").touch()
    Path("results/ex4/notes.txt").write_text("of the user")
    os.utime(CONFIG)
    assert is_written(REPORT, sources())


@pytest.mark.parametrize("file", [file for file in FILES if "packages" not in file.parts])
def test_an_edit_of_a_file_is_noticed_whatever_its_time_is(sources, file):
    edit(file)
    assert not is_written(REPORT, sources())


@pytest.mark.parametrize(
    "change",
    [
        lambda: REPORT.unlink(),
        lambda: REPORT.write_text("the rep"),  # half of it: the process was killed
        lambda: shutil.rmtree(".snakemake"),
        lambda: os.utime("results/records/summarise.json"),  # the job ran again
        lambda: Path("results/ex4/records/train/logistic.json").unlink(),
        lambda: shutil.copytree("results/ex4", "results/xor"),
        lambda: Path("code/backprop/two.py").touch(),
        lambda: os.rename(
            "packages/snakemake-9.27.1.dist-info", "packages/snakemake-9.27.2.dist-info"
        ),
        lambda: Path("packages/snakemake_report_plugin_mine-1.0.dist-info").mkdir(),
    ],
)
def test_what_is_gone_new_or_another_version_is_noticed(sources, change):
    change()
    assert not is_written(REPORT, sources())


def test_another_config_is_noticed(sources):
    quick = Path("quick.yaml")
    quick.touch()
    assert not is_written(REPORT, sources_of_report([CONFIG, quick]))


def test_the_code_is_the_library_the_workflow_and_the_plugin():
    code = report_sources._code()
    for file in (
        "Snakefile",
        "workflow/report/report.css",
        "workflow/report/comparison.rst",
        "workflow/rules/report.smk",
        "src/backprop/report/contents.py",
        "src/backprop/workflow/plan/report_items.py",
        "src/snakemake_report_plugin_backprop/__init__.py",
    ):
        assert ROOT / file in code

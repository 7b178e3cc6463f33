"""An archive of a run with new data: they are judged again from what it has."""

import json
import shutil
from pathlib import Path

import pytest
import rerun_cases
from project import run_once

from backprop.report.contents import FIGURES
from backprop.workflow import paths
from backprop.workflow.archive import comparing, packing, remaking
from backprop.workflow.archive.comparing import Findings
from backprop.workflow.archive.crate import left_out_files
from backprop.workflow.archive.sound_fits import check_fits, fit_files
from backprop.workflow.archive.verifying import _environment
from backprop.workflow.outputs import HANDED_IN, OF_NEW_DATA
from backprop.workflow.plan import ROOT, completed_config
from backprop.workflow.reading import read_yaml

TABLES = [paths.table(name) for name in ("new_data", "new_data_checks")]
FILES = [path.format(dataset="ex4") for path in (*OF_NEW_DATA, *TABLES)]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    few = run_once(tmp_path_factory, "finished", rerun_cases.CONFIG, *rerun_cases.FIGURES)
    project = few.copy(tmp_path_factory.mktemp("with-new-data") / "project")
    rerun_cases.add_new_data(project)
    project.run()
    project.put("seed", 2)  # a second use, which the archive has to keep
    project.run()
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    return project


@pytest.fixture(scope="module")
def archive(project):
    output, drawn = project.folder.parent / "run.zip", {HANDED_IN, *rerun_cases.FIGURES}
    with pytest.MonkeyPatch.context() as patch:  # the project has few figures
        few = {name: figure for name, figure in FIGURES.items() if name in drawn}
        patch.setattr("backprop.report.contents.FIGURES", few)
        packing.pack(project.folder, output)
    return output


def made_again(again):
    """Make what follows from the new data again, in an empty folder; return what differs."""
    config, findings = read_yaml(Path("config.yaml")), Findings()
    assert remaking.without_rows(config) == []
    again.mkdir()
    plan = remaking.plan_of(config, again)
    remaking.bring_data(config, plan, again)
    check_fits(list(fit_files(plan, again)), plan, _environment(plan)[0], again, findings)
    assert findings.faults == []
    assert remaking.run_workflow(again, "2", FILES) == ""
    comparing.compare_files(FILES, again, findings, exact=True, absent={})
    remaking.unproven(config, findings)
    return findings


def test_the_new_data_are_judged_again_with_all_their_uses(folder, tmp_path):
    assert read_yaml(Path("config.yaml"))["datasets"]["ex4"]["test"] == "new.csv"
    findings = made_again(tmp_path / "again")
    assert findings.faults == []
    assert len(json.loads((tmp_path / "again" / FILES[4]).read_text())) == 2
    assert "ex4: how often the new data were used, and for what" in findings.unchecked


def test_without_the_rows_nothing_of_the_data_set_can_be_made_again(folder):
    config = read_yaml(Path("config.yaml"))
    config["archive"] = {"data": False}
    left_out = left_out_files(completed_config(config, ROOT))
    assert {*FILES[:4]} <= {*left_out}
    for name in left_out:
        Path(name).unlink(missing_ok=True)
    assert remaking.without_rows(config) == ["ex4"]


def test_an_altered_row_of_the_new_data_is_named(folder, tmp_path):
    file = Path(FILES[1])
    header, first, *rest = file.read_text().splitlines()
    cells = first.split(",")
    file.write_text("\n".join([header, ",".join(["99.5", *cells[1:]]), *rest]) + "\n")
    faults = made_again(tmp_path / "again").faults
    assert {fault.split(":")[0] for fault in faults} >= {FILES[3], FILES[5]}


def test_a_record_of_uses_that_is_cut_off_is_refused_and_kept(project, tmp_path):
    copied = project.copy(tmp_path / "project")
    file = copied.folder / paths.USES.format(dataset="ex4")
    file.write_text(file.read_text()[:40])
    output = copied.run(paths.USES.format(dataset="ex4"), succeeds=False).output
    assert "not the record of how often new data were used" in output
    assert len(file.read_text()) == 40
    shutil.rmtree(copied.folder)

"""An archive of a run with all that is added to a study.

That is a file of predictions, shares of the training sets, new data, a classifier of scikit-learn
and another optimiser.
"""

import copy
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import rerun_cases
from altered import as_the_clone, change_rows, config_here, plan_here
from project import Project

from backprop.data.canonical_form import read_dataset
from backprop.study.cross_validation import draw_folds
from backprop.workflow import paths
from backprop.workflow.archive import agreement, packing, remaking, sound_fits, verifying
from backprop.workflow.archive.agreement import Findings
from backprop.workflow.archive.crate import check_digests, left_out_files, read_metadata
from backprop.workflow.outputs import OF_NEW_DATA

FILE = "predictions/ex4/rules.csv"
FITS = {name: f"results/ex4/fits/{name}.parquet" for name in ("logistic", "knn", "rules")}
ADAM = "h3-sigmoid-squared_error-adam"
FITS |= {name: f"results/ex4/fits/scratch/{name}.parquet" for name in (ADAM, rerun_cases.H3)}
ON_HALF = "results/ex4/learning/{}/0.5.parquet".format
USES = paths.USES.format(dataset="ex4")
USE = {"data": "0" * 64, "rows": 41, "models": ["knn"], "models_sha256": "1" * 64}
TABLES = [paths.table(name) for name in ("new_data", "new_data_checks")]
NEW = [path.format(dataset="ex4") for path in (*OF_NEW_DATA, *TABLES)]
TEXT = "LIE <b>The network is better.</b>"


@pytest.fixture(scope="module")
def project(tmp_path_factory, offline):
    config = copy.deepcopy(rerun_cases.WITH_SHARES) | {
        "models": ["logistic", "scratch", "knn", "rules"],
        "estimators": {"knn": rerun_cases.KNN},
        "vary": {"optimiser": ["adam"]},
        "predictions": {"rules": "rules.csv"},
    }
    config["datasets"]["ex4"]["test"] = "new.csv"
    project = Project(tmp_path_factory.mktemp("with-all") / "project", config)
    project.keep_figures()
    project.variables["PYTHONPATH"] = str(offline)
    rerun_cases.write_new_data("41,42,1")(project)
    y = read_dataset(project.folder / "resources/ex4.csv").y
    (folds,) = draw_folds(y, folds=2, repeats=1, seed=config["seed"])
    rule = np.where(np.arange(len(y)) % 5, y, 1 - y)  # right in 80%
    lines = [f"{row + 1},1,{fold + 1},{rule[row]}" for row, fold in enumerate(folds)]
    project.write("rules.csv", "\n".join(["row,repeat,fold,predicted", *lines]) + "\n")
    (project.folder / USES).parent.mkdir(parents=True)
    project.write(USES, json.dumps([USE]))  # of an earlier run, which the archive has to keep
    project.run()
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    with as_the_clone(project):
        yield project


@pytest.fixture(scope="module")
def archive(project):
    packing.pack(project.folder, project.folder.parent / "run.zip")
    return project.folder.parent / "run.zip"


def checked(again):
    """Check the fits, and copy the sound ones; return their files and what was found."""
    findings, plan = Findings(), plan_here()
    remaking.bring_data(config_here(), plan, again)
    files = list(sound_fits.fit_files(plan, again))
    sound_fits.check_fits(files, plan, {}, again, findings)
    return files, findings


def test_all_is_made_again_from_the_fits_and_all_fits_are_trained_again(
    archive, capsys, warm_workflow
):
    levels = verifying.verify(archive, share=1, seed=1, cores="2")
    said = capsys.readouterr()
    assert said.err == ""
    assert [level.doubtful for level in levels] == [[], [], []]
    # Two of each of five configurations and of the file, and of three on half of the training rows.
    assert "  18 fits are of these data, folds, config, code and versions" in said.out
    assert "  10 fits have weights that predict their probabilities" in said.out
    assert "  not checked: the probabilities of 6 fits without weights: level 3" in said.out
    assert "  not checked: ex4: how often the new data were used, and for what" in said.out
    assert "drew 18 of 18 fits" in said.out
    agree = re.compile(r"^  (\S+): (\d) fits, the same to", re.MULTILINE)
    *_, second, third = map(agree.findall, said.out.split("\nlevel "))
    assert second == [(FITS["rules"], "2")]
    assert len(third) == 8
    assert {name for name, _ in third} >= {FITS[ADAM], ON_HALF("scratch"), FITS["rules"]}
    left = archive.with_name("run-verified") / "ex4"
    assert (left / "tables/new_data.csv").is_file()
    assert not [*left.rglob("*.parquet"), *left.rglob(Path(USES).name)]


def set_of(row, **values):
    return lambda rows: rows[row].update(values)


def of_first(file, *keys):
    (fit, *_) = pq.read_table(file).to_pylist()
    return {key: fit[key] for key in keys}


def test_fits_with_a_text_of_a_file_or_of_another_training_are_named(project, folder, tmp_path):
    weights = ("probabilities", "train_cost", "test_cost", "parameters")
    change_rows(FITS["logistic"], set_of(0, status="quasi_separated", reason=TEXT))
    change_rows(FITS["knn"], set_of(1, status="failed", reason=TEXT))
    change_rows(FITS[ADAM], set_of(0, **of_first(FITS[rerun_cases.H3], *weights)))
    change_rows(FITS[rerun_cases.H3], set_of(0, status=TEXT))
    change_rows(ON_HALF("knn"), set_of(0, **of_first(FITS["knn"], "probabilities")))
    change_rows(ON_HALF("logistic"), set_of(1, reason=TEXT))
    change_rows(FITS["rules"], set_of(0, seconds=123.5))
    change_rows(FITS["rules"], set_of(1, **of_first(FITS["rules"], "probabilities")))
    again = tmp_path / "again"
    again.mkdir()
    plan = remaking.plan_of(config_here(), again)
    files, findings = checked(again)
    assert findings.faults == []  # they predict what they say
    taken = sound_fits.take_what_tells(files, plan, again)
    own = [each for each in files if str(each.file) in (FITS[ADAM], ON_HALF("knn"))]
    taken += sound_fits.draw(own, again, share=1, seed=1)
    for each, _ in taken:  # what the workflow trains again, to the bit
        shutil.copy(project.folder / each.file, again / each.file)
    sound_fits.compare_trained(taken, plan, again, findings, exact=True, failed="")
    assert [fault.split("; ")[0] for fault in findings.faults] == [
        f"{file}, repeat 1, fold {fold}: trained again, it has other {what}"
        for file, fold, what in (
            (f"{FITS['logistic']}: default", 1, "status, reason"),
            (f"{FITS[rerun_cases.H3]}: {rerun_cases.H3}-lr0.1-uniform", 1, "status"),
            (f"{FITS['knn']}: n_neighbors=5", 2, "status, reason"),
            (f"{FITS['rules']}: default", 2, "probabilities"),
            (f"{ON_HALF('logistic')}: default", 2, "reason"),
            (f"{FITS[ADAM]}: {ADAM}-lr0.1-uniform", 1, ", ".join(weights)),
            (f"{ON_HALF('knn')}: n_neighbors=5", 1, "probabilities"),
        )
    ]
    assert not [file for file in again.rglob("*.parquet") if TEXT[:3].encode() in file.read_bytes()]
    # A table shows the times, which nobody can make again.
    sound_fits.keep_times(taken, again)
    assert of_first(again / FITS["rules"], *weights, "seconds", "checksum") == (
        of_first(FITS["rules"], *weights, "seconds", "checksum")
    )


def test_fits_in_the_place_of_others_are_named(folder, tmp_path):
    places = [ON_HALF("scratch"), FITS[rerun_cases.H3]], [ON_HALF("logistic"), ON_HALF("knn")]
    for one, other in (map(Path, pair) for pair in places):
        contents = one.read_bytes(), other.read_bytes()
        one.write_bytes(contents[1])
        other.write_bytes(contents[0])
    _, findings = checked(tmp_path)
    assert {fault.split(":")[0] for fault in findings.faults} == {*places[0], *places[1]}


@pytest.mark.parametrize("rows", ["parameters", "probabilities"])
def test_a_fit_on_more_rows_is_named(folder, tmp_path, rows):
    """What is standardised by other rows predicts something else."""
    change_rows(ON_HALF("logistic"), set_of(0, **of_first(FITS["logistic"], rows)))
    (fault,) = checked(tmp_path)[1].faults
    assert fault.startswith(f"{ON_HALF('logistic')}: default, repeat 1, fold 1: its weights and")


def test_another_optimiser_in_the_config_is_not_that_of_the_fits(folder, tmp_path):
    file = Path("config.yaml")
    file.write_text(file.read_text().replace("adam", "momentum"))
    (fault,) = checked(tmp_path)[1].faults
    assert fault.startswith(FITS[ADAM].replace("adam", "momentum"))


def test_other_predictions_are_found(folder, tmp_path):
    content = Path(FILE).read_bytes()
    plan_here()
    Path(FILE).write_bytes(content.replace(b"1,1,1,1", b"1,1,1,0").replace(b"1,1,2,1", b"1,1,2,0"))
    _, findings = checked(tmp_path)
    assert {fault.split(":")[0] for fault in findings.faults} == {FITS["rules"]}


def test_a_file_beside_the_predictions_is_named(folder):
    Path(f"{FILE}.sha256").write_text("0" * 64)
    findings = Findings()
    check_digests(*read_metadata(), findings)
    (fault,) = findings.faults
    assert fault.startswith(f"{FILE}.sha256: added; not as ")


def test_all_uses_of_the_new_data_are_kept(folder):
    assert config_here()["datasets"]["ex4"]["test"] == "new.csv"
    uses = json.loads(Path(USES).read_text())
    assert uses[0] == USE
    assert len(uses) == 2


def test_without_the_rows_nothing_of_the_data_set_can_be_made_again(folder, tmp_path):
    config = config_here() | {"archive": {"data": False}}
    left_out = left_out_files(remaking.completed(config, tmp_path))
    assert {*NEW[:4]} <= {*left_out}
    for name in left_out:
        Path(name).unlink(missing_ok=True)
    assert remaking.without_rows(config) == ["ex4"]


@pytest.mark.parametrize("name", [NEW[0], *NEW[3:]])
def test_what_is_altered_of_what_follows_from_new_data_is_named(project, folder, name):
    number = re.search(r"\d+", Path(name).read_text())[0]
    Path(name).write_text(Path(name).read_text().replace(number, f"{number}1", 1))
    findings = Findings()
    agreement.compare_files(NEW, project.folder, findings, exact=True, absent={})
    assert {fault.split(":")[0] for fault in findings.faults} == {name}


def test_a_record_of_uses_that_is_cut_off_is_refused_and_kept(project, tmp_path):
    copied = project.copy(tmp_path / "project")
    file = copied.folder / USES
    file.write_text(file.read_text()[:40])
    output = copied.run(USES, succeeds=False).output
    assert "not the record of how often new data were used" in output
    assert len(file.read_text()) == 40

"""An archive of a run with a file of predictions, and with shares of the training sets."""

import zipfile

import numpy as np
import pytest
import rerun_cases
from project import Project

from backprop.data.canonical_form import read_dataset
from backprop.study.cross_validation import draw_folds
from backprop.workflow.archive import packing, verifying
from backprop.workflow.archive.zips import zipped

FILE = "predictions/ex4/rules.csv"
CONFIG = {
    **rerun_cases.NESTED,
    "validation": {"folds": 2, "repeats": 1, "inner_folds": None},
    "models": ["logistic", "scratch", "rules"],
    "vary": {},
    "predictions": {"rules": "rules.csv"},
    "learning": {"shares": [0.5]},
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("with-predictions")
    project = Project(folder / "project", CONFIG)
    y = read_dataset(project.folder / "resources/ex4.csv").y
    (folds,) = draw_folds(y, folds=2, repeats=1, seed=CONFIG["seed"])
    rule = np.where(np.arange(len(y)) % 5, y, 1 - y)  # right in 80%
    lines = [f"{row + 1},1,{fold + 1},{rule[row]}" for row, fold in enumerate(folds)]
    project.write("rules.csv", "\n".join(["row,repeat,fold,predicted", *lines]) + "\n")
    project.run()
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    packing.pack(project.folder, folder / "run.zip")
    return folder / "run.zip"


def verified(file, capsys):
    levels = verifying.verify(file, share=0, seed=1, cores="2")
    said = capsys.readouterr()
    return [fault for level in levels for fault in level.faults], said.out


def test_the_run_is_made_again_from_its_fits_and_its_file(archive, capsys):
    with zipfile.ZipFile(archive) as files:
        assert FILE in files.namelist()
        assert "results/ex4/learning/scratch/0.5.parquet" in files.namelist()
    faults, said = verified(archive, capsys)
    assert faults == []
    # Two of each of three models, and of two on half of the training rows.
    assert "10 fits are of these data, folds, config, code and versions" in said


def test_other_predictions_are_found(archive, tmp_path, capsys):
    with zipfile.ZipFile(archive) as files:
        content = {name: files.read(name) for name in files.namelist()}
    content[FILE] = content[FILE].replace(b"1,1,1,1", b"1,1,1,0").replace(b"1,1,2,1", b"1,1,2,0")
    (tmp_path / "other.zip").write_bytes(zipped(content))
    faults, _ = verified(tmp_path / "other.zip", capsys)
    assert any(fault.startswith(f"{FILE}: ") for fault in faults)
    assert any(fault.startswith("results/ex4/fits/rules.parquet: ") for fault in faults)

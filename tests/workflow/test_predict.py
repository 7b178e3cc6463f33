import csv
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from backprop.data.dataset import Dataset, canonical, columns_of, read_dataset
from backprop.files import digest
from backprop.models.chosen import Recipe, read_model, write_model
from backprop.models.families import REGRESSION
from backprop.workflow.predict import main

ROOT = Path(__file__).parents[2]
EX4 = read_dataset(ROOT / "resources/ex4.csv")
FAMILY = {"family": "regression", "implementation": "backprop.models.logistic"}


def store(folder, name="ex4", dataset=EX4, reason=None):
    """Write a data set and its model as a run does."""
    data, file = folder / f"results/{name}/data", folder / f"results/{name}/model/model.json"
    for each in (data, file.parent, folder / "results/candidates"):
        each.mkdir(parents=True, exist_ok=True)
    (data / "dataset.csv").write_bytes(canonical(dataset))
    (data / "columns.json").write_text(json.dumps(columns_of(dataset)))
    (folder / "results/candidates/all.json").write_text('[["logistic",[{"l2":0.0},{"l2":0.5}]]]')
    recipe = Recipe(
        model="logistic",
        family=REGRESSION,
        implementation=FAMILY["implementation"],
        configuration=REGRESSION.read({"l2": 0.0}),
        seed=1,
        training={},
    )
    write_model(
        file,
        None if reason else recipe.fit(dataset),
        recommendation={"reason": reason},
        study={"seed": 1, "training": {}, "missing_values": [], "models": {"logistic": FAMILY}},
        data={each.name: digest(each) for each in data.iterdir()},
    )
    return file


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store(tmp_path)
    (tmp_path / "new.csv").write_text("name,exam_2,exam_1\nAnn,80,20\nBob,,900\n")
    return tmp_path


def rows(file):
    with open(file, encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def refused(*arguments):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    message = str(caught.value.code)
    assert message.startswith("error: ")
    assert message.isprintable()
    return message


def test_a_table_of_predictions_is_written_beside_the_new_rows(folder, capsys):
    main(["new.csv"])
    header, ann, bob = rows("new-predictions.csv")
    assert header == ["row", "class", "P(0)", "P(1)", "remarks"]
    assert ann[:2] == ["1", "0"]
    assert float(ann[2]) == pytest.approx(0.668021864, abs=5e-10)
    assert ann[4] == ""
    assert bob[:2] == ["2", "1"]
    first, second = bob[4].split("; ")
    assert first.startswith("column 'exam_1': 900 is far outside ")
    assert second.startswith("column 'exam_2': no value, as no training row has: ")
    p = read_model("results/ex4/model/model.json").predict_proba("new.csv")
    np.testing.assert_array_equal([[float(cell) for cell in r[2:4]] for r in (ann, bob)], p)
    assert capsys.readouterr().out.splitlines() == [
        "model: logistic, fitted to all rows of ex4",
        "ignored: 'name'",
        "remarks on 1 of 2 rows, in the column remarks:",
        f"  row 2: {first}",
        "wrote new-predictions.csv: 2 rows",
    ]


def test_predictions_are_replaced_and_no_other_file_is(folder, capsys):
    main(["new.csv"])
    main(["new.csv", "--model=logistic", "--configuration=l2=0.5"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "replaced new-predictions.csv: 2 rows"
    assert lines[5] == "model: logistic l2=0.5, fitted to all rows of ex4"
    before = (folder / "new.csv").read_bytes()
    assert "is there, and is no table of predictions" in refused("new.csv", "--output=new.csv")
    assert (folder / "new.csv").read_bytes() == before
    assert "is there, and is no table" in refused("new.csv", "--output=results")
    assert "in no folder" in refused("new.csv", "--output=no/p.csv")
    main(["new.csv", "--output=p.csv"])
    assert rows("p.csv")[1][0] == "1"


def test_what_cannot_be_predicted_is_refused_in_one_message(folder):
    assert "TABLE: missing" in refused("")
    assert "No such file" in refused("none.csv")
    assert not (folder / "none-predictions.csv").exists()
    assert "no model 'mlp'; use one of logistic" in refused("new.csv", "--model=mlp")
    assert "name its model, too" in refused("new.csv", "--configuration=l2=0.5")
    assert "it is made by `make run`; there are models of 'ex4'" in refused(
        "new.csv", "--dataset=iris"
    )
    assert "results/*/model/model.json: no such file" in refused("new.csv", "--folder=elsewhere")
    (folder / "results/ex4/model/model.json").write_text("\x1b[2J")
    assert "not a model of this version" in refused("new.csv")


def test_of_several_data_sets_one_is_named(folder):
    store(folder, "other")
    assert "DATASET: missing; use one of 'ex4', 'other'" in refused("new.csv", "--config=")
    main(["new.csv", "--dataset=other"])
    (folder / "mine.yaml").write_text("datasets: {other: {source: a.csv}}")
    main(["new.csv", "--config=mine.yaml"])


def test_without_a_recommendation_a_model_must_be_named(folder, capsys):
    store(folder, reason="none is shown to be better than a guess")
    message = refused("new.csv")
    assert "no model is recommended: none is shown to be better than a guess" in message
    assert message.endswith("name it: logistic")
    main(["new.csv", "--model=logistic"])
    assert "wrote new-predictions.csv" in capsys.readouterr().out


def test_names_from_a_table_are_safe_in_a_spreadsheet_and_on_the_terminal(folder, capsys):
    x = np.array([[0.0], [1], [0], [1]])
    hostile = Dataset(("=a\x1b",), "y", x, np.array([0, 0, 1, 1]), ("=1+1", "b"))
    store(folder, dataset=hostile)
    (folder / "it's new.csv").write_text('"=a\x1b","-b\x1b"\n7,1\n')
    main(["it's new.csv"])
    header, row = rows("it's new-predictions.csv")
    assert header[2:4] == ["P(=1+1)", "P(b)"]
    assert row[1] == "'=1+1"
    assert "\x1b" not in capsys.readouterr().out


def test_make_passes_names_of_any_characters(folder):
    (folder / "a 'b\" c.csv").write_text((folder / "new.csv").read_text())
    (folder / "venv/bin").mkdir(parents=True)
    script = folder / "venv/bin/python"
    script.write_text('#!/bin/sh\nfor a; do printf "%s\\n" "$a"; done\n')
    script.chmod(0o755)
    made = subprocess.run(
        ["make", "--no-print-directory", "-f", ROOT / "Makefile", "-o", "venv/run", "predict",
         "VENV=venv", "TABLE=a 'b\" c.csv", "MODEL=scratch", "CONFIGURATION=l2=0.5",
         "CONFIG=it's.yaml"],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert made.stdout.splitlines() == [
        "-m", "backprop.workflow.predict", "--model=scratch", "--configuration=l2=0.5",
        "--sheet=", "--dataset=", "--output=", "--config=it's.yaml", "--folder=.", "--",
        "a 'b\" c.csv",
    ]  # fmt: skip

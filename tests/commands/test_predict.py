import csv
import errno
import json
import shutil
from contextlib import chdir
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from lecture import EX4
from typed import typed

from backprop.commands import predict
from backprop.data.canonical_form import canonical, columns_of
from backprop.data.dataset import Dataset
from backprop.files import digest
from backprop.models.chosen import Recipe, read_model, write_model
from backprop.models.families import REGRESSION
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import shown
from backprop.workflow.records.job_records import Record, note_run, record_file

CONFIG = """\
seed: 1
training: {epochs: 3, patience: null, tolerance: 0.1}
models: [logistic]
validation: {folds: 2, repeats: 1}
reference:
  hidden: [3]
  activation: sigmoid
  cost: squared_error
  learning_rate: 0.1
  initialisation: uniform
vary: {}
comparison: {rope: 0.01}
search: one_at_a_time
datasets:
  ex4: {source: ex4, row: student}
  other: {source: other.csv, label: y}
"""
ALL = "results/candidates.json"
FAMILY = {"family": "regression", "implementation": "backprop.models.logistic"}


def store(folder, name="ex4", dataset=EX4, reason=None, **study):
    """Write a data set and its model as a run does."""
    data, file = folder / f"results/{name}/data", folder / f"results/{name}/model/model.json"
    for each in (data, file.parent):
        each.mkdir(parents=True, exist_ok=True)
    (data / "dataset.csv").write_bytes(canonical(dataset))
    (data / "columns.json").write_text(json.dumps(columns_of(dataset)))
    (folder / ALL).write_text('[["logistic",[{"l2":0.0},{"l2":0.5}]]]')
    config = check_config(yaml.safe_load(CONFIG))
    own = {name: config.datasets.get(name, config.datasets["ex4"])}
    config = config.changed(datasets=own)
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
        study={
            "seed": 1,
            "training": {},
            "missing_values": [],
            "layout": {},
            "models": {"logistic": FAMILY},
            **study,
        },
        data={each.name: digest(each) for each in data.iterdir()},
    )
    (folder / "config.yaml").write_text(CONFIG)
    with chdir(folder):
        (folder / "results/records").mkdir(exist_ok=True)
        note_run(["config.yaml"], config.datasets)
    provenance = folder / f"results/{name}/provenance.json"
    provenance.write_text(json.dumps({"config": shown(config).as_json()}))
    write_record(folder, "provenance", [], [provenance])
    write_record(folder, "train_chosen", [*data.iterdir(), folder / ALL], [file])
    return file


def write_record(folder, rule, inputs, outputs):
    """Write the record of a job of a rule, as the job does."""
    (dataset,) = {file.relative_to(folder).parts[1] for file in outputs}
    file = record_file(paths.log(rule).format(dataset=dataset))
    of = [
        {str(each.relative_to(folder)): digest(each) for each in files}
        for files in (inputs, outputs)
    ]
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    record = Record(str(file), rule, {"dataset": dataset}, "0", *of)
    (folder / file).write_text(json.dumps(asdict(record)))


@pytest.fixture
def folder(in_a_folder, tmp_path):
    store(tmp_path)
    (tmp_path / "new.csv").write_text("name,exam_2,exam_1\nAnn,80,20\nBob,,900\n")
    return tmp_path


def rows(file):
    with open(file, encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def refused(*arguments):
    with pytest.raises(SystemExit) as caught:
        typed("predict", *arguments)
    message = str(caught.value.code)
    assert message.startswith("error: ")
    assert message.isprintable()
    return message


def test_a_table_of_predictions_is_written_beside_the_new_rows(folder, capsys):
    typed("predict", "new.csv")
    header, ann, bob = rows("new-predictions.csv")
    assert header == ["row", "name", "class", "P(0)", "P(1)", "remarks"]
    assert ann[:3] == ["1", "Ann", "0"]
    assert float(ann[3]) == pytest.approx(0.668021864, abs=5e-10)
    assert ann[5] == ""
    assert bob[:3] == ["2", "Bob", "1"]
    first, second = bob[5].split("; ")
    assert first.startswith("column 'exam_1': 900 is far outside ")
    assert second.startswith("column 'exam_2': no value, as no training row has: ")
    p = read_model("results/ex4/model/model.json").predict_proba("new.csv")
    np.testing.assert_array_equal([[float(cell) for cell in r[3:5]] for r in (ann, bob)], p)
    assert capsys.readouterr().out.splitlines() == [
        "model: logistic default, fitted to all rows of ex4",
        "ignored: 'name'",
        "remarks on 1 of 2 rows, in the column remarks:",
        f"  row 2: {first}",
        "wrote new-predictions.csv: 2 rows",
    ]


def test_the_terminal_says_from_which_probability_on_costs_decide_for_a_class(folder, capsys):
    store(folder, costs={"missed": 3.0, "false_alarm": 1.0})
    typed("predict", "new.csv")
    _, ann, _ = rows("new-predictions.csv")
    assert ann[2] == "1"  # though it has a probability of 0.33
    assert float(ann[3]) == pytest.approx(0.668021864, abs=5e-10)
    says = "class: 1 where P(1) is at least 0.25, by the costs of the study"
    assert says in capsys.readouterr().out.splitlines()


def test_the_terminal_says_that_a_matrix_of_costs_decides_the_class(folder, capsys):
    three = replace(EX4, y=np.arange(len(EX4.y)) % 3, classes=("0", "1", "2"))
    store(folder, dataset=three, costs={"2": {"0": 50, "1": 50}})
    typed("predict", "new.csv")
    assert {row[2] for row in rows("new-predictions.csv")[1:]} == {"2"}
    says = "class: the one that costs least on average, by the costs of the study"
    assert says in capsys.readouterr().out.splitlines()


def test_predictions_are_replaced_and_no_other_file_is(folder, capsys):
    typed("predict", "new.csv")
    typed("predict", "new.csv", "--model=logistic", "--configuration=l2=0.5")
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "replaced new-predictions.csv: 2 rows"
    assert lines[5] == "model: logistic l2=0.5, fitted to all rows of ex4"
    before = (folder / "new.csv").read_bytes()
    assert "is there, and is no table of predictions" in refused("new.csv", "--output=new.csv")
    assert (folder / "new.csv").read_bytes() == before
    assert "is there, and is no table" in refused("new.csv", "--output=results")
    assert "in no folder" in refused("new.csv", "--output=no/p.csv")
    typed("predict", "new.csv", "--output=p.csv")
    assert rows("p.csv")[1][0] == "1"


def test_what_cannot_be_predicted_is_refused_in_one_message(folder):
    assert "No such file" in refused("none.csv")
    assert not (folder / "none-predictions.csv").exists()
    assert "it is made by `backprop run`; there are models of 'ex4'" in refused(
        "new.csv", "--dataset=iris"
    )
    assert "results/*/model/model.json: no such file" in refused("new.csv", "--folder=elsewhere")
    file = folder / "results/ex4/model/model.json"
    file.write_text("\x1b[2J")
    write_record(folder, "train_chosen", [], [file])
    assert "not a model of this version" in refused("new.csv")


def test_of_several_data_sets_one_is_named(folder):
    store(folder, "other")
    note_run(["config.yaml"], ["ex4", "other"])
    assert "--dataset: missing; use one of 'ex4', 'other'" in refused("new.csv")
    typed("predict", "new.csv", "--dataset=other")
    (folder / "mine.yaml").write_text(CONFIG.replace("  ex4: {source: ex4, row: student}\n", ""))
    typed("predict", "new.csv", "--config=mine.yaml")


def test_names_from_a_table_are_safe_in_a_spreadsheet_and_on_the_terminal(folder, capsys):
    x = np.array([[0.0], [1], [0], [1]])
    hostile = Dataset(("=a\x1b",), "y", x, np.array([0, 0, 1, 1]), ("=1+1", "b"))
    store(folder, dataset=hostile)
    (folder / "it's new.csv").write_text('"=a\x1b","-b\x1b",=id\n7,1,=2+2\n7,1,b\n')
    typed("predict", "it's new.csv")
    header, row, _ = rows("it's new-predictions.csv")
    assert header == ["row", "'=id", "class", "P(=1+1)", "P(b)", "remarks"]
    assert row[1:3] == ["'=2+2", "'=1+1"]
    assert "\x1b" not in capsys.readouterr().out


# The model is that of its record, and of the config as it is now


def negate(content):
    content["model"]["parameters"] = [-each for each in content["model"]["parameters"]]


def swap(content):
    content["model"]["classes"].reverse()


@pytest.mark.parametrize("change", [negate, swap])
def test_another_model_than_that_of_the_record_predicts_nothing(folder, change):
    file = folder / "results/ex4/model/model.json"
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))
    for arguments in ((), ("--model=logistic",), ("--outdated",)):
        assert "is not what a finished job left there" in refused("new.csv", *arguments)
    assert not (folder / "new-predictions.csv").exists()
    (folder / "results/ex4/records/train_chosen.json").unlink()
    assert "there is no record of how it was made" in refused("new.csv")


@pytest.mark.parametrize("name", [ALL, "results/ex4/data/columns.json"])
def test_a_model_that_was_made_from_other_files_predicts_nothing(folder, name):
    (folder / name).write_text((folder / name).read_text() + " ")
    assert f"it was made from another {name}" in refused("new.csv", "--model=logistic")


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        ("seed: 1", "seed: 2", "seed is 2 in config.yaml, and was 1"),
        ("epochs: 3,", "epochs: 4,", "training.epochs is 4 in config.yaml, and was 3"),
        ("[logistic]", "[logistic, scratch]", 'models is ["logistic","scratch"] in config.yaml'),
        ("row: student", "row: student, missing: impute", 'datasets.ex4.missing is "impute"'),
        ("row: student", "row: pupil", ""),
        ("seed: 1", "archive: {data: false}\nseed: 1", ""),
        ("seed: 1", "seed: 1  # the first", ""),
    ],
)
def test_a_model_that_an_edit_of_the_config_has_made_outdated_is_refused(
    folder, capsys, old, new, edit
):
    assert old in CONFIG
    (folder / "config.yaml").write_text(CONFIG.replace(old, new))
    if not edit:
        typed("predict", "new.csv")
        return
    message = refused("new.csv")
    assert f"model.json is outdated: {edit}" in message
    assert message.endswith("; run `backprop run`, or use it as it is by --outdated")
    assert not (folder / "new-predictions.csv").exists()
    typed("predict", "new.csv", "--outdated")
    assert f"warning: results/ex4/model/model.json is outdated: {edit}" in capsys.readouterr().err
    assert (folder / "new-predictions.csv").exists()


def test_a_model_of_a_table_that_was_edited_is_refused_unless_it_is_read_as_the_same_data(
    folder, monkeypatch
):
    mine = CONFIG.replace("source: ex4", "source: mine.csv, label: admitted")
    monkeypatch.setitem(globals(), "CONFIG", mine)
    store(folder)
    data = folder / "results/ex4/data/dataset.csv"
    shutil.copy(data, folder / "mine.csv")
    write_record(folder, "fetch", [folder / "mine.csv"], [data])
    lines = data.read_bytes().splitlines()
    (folder / "mine.csv").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    typed("predict", "new.csv")
    (folder / "mine.csv").write_bytes(b"\n".join(lines[:-1]))
    assert "is outdated: mine.csv was edited; run" in refused("new.csv")


def test_a_model_that_a_run_replaces_meanwhile_is_not_used(folder, monkeypatch):
    def read_and_replace(file, *options):
        model = read_model(file, *options)
        file.write_text(f"{file.read_text()} ")
        return model

    monkeypatch.setattr(predict, "read_model", read_and_replace)
    assert "model.json: a run has replaced it meanwhile; run the command again" in refused(
        "new.csv"
    )
    assert not (folder / "new-predictions.csv").exists()


RECORDED = ["model/model.json", "records/train_chosen.json", "provenance.json", "data/dataset.csv"]


@pytest.mark.parametrize("name", RECORDED)
def test_whatever_byte_is_changed_the_prediction_is_the_same_or_refused(folder, name, capsys):
    typed("predict", "new.csv")
    before, file = Path("new-predictions.csv").read_bytes(), Path("results/ex4") / name
    content, refusals = file.read_bytes(), 0
    for place in range(3, len(content), len(content) // 12):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 7
        file.write_bytes(changed)
        try:
            typed("predict", "new.csv")
        except SystemExit:
            refusals += 1
        assert Path("new-predictions.csv").read_bytes() == before
    assert refusals > 0


def test_a_folder_that_cannot_be_written_is_named(folder, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system", ".new-predictions.csv.1")

    monkeypatch.setattr("backprop.commands.predict.write_atomically", refuse)
    message = "error: Read-only file system: .new-predictions.csv.1"
    assert message in refused("new.csv")


def test_a_model_without_the_config_that_it_was_made_by_is_refused(folder, capsys):
    (folder / "results/ex4/provenance.json").write_text("{}")
    assert "provenance.json: it is not what a finished job left there" in refused("new.csv")
    (folder / "results/ex4/provenance.json").unlink()
    assert "provenance.json: it is not what a finished job left there" in refused("new.csv")
    typed("predict", "new.csv", "--outdated")
    assert "is outdated: the config cannot be compared (" in capsys.readouterr().err


def test_the_config_is_that_of_the_last_run_of_the_data_set(folder):
    (folder / "trees.yaml").write_text(CONFIG)
    note_run(["trees.yaml"], ["ex4"])
    (folder / "config.yaml").write_text(CONFIG.replace("seed: 1", "seed: 2"))
    typed("predict", "new.csv")
    note_run(["other.yaml"], ["other"])
    typed("predict", "new.csv", "--dataset=ex4")
    (folder / "more.yaml").write_text("seed: 3")
    note_run(["trees.yaml", "more.yaml"], ["ex4"])
    assert "seed is 3 in trees.yaml with more.yaml, and was 1" in refused("new.csv")
    note_run(["config.yaml"], ["ex4"])
    assert "seed is 2 in config.yaml, and was 1" in refused("new.csv")


def test_of_several_data_sets_that_of_the_last_run_is_meant(folder, capsys):
    store(folder, "other")
    for name in ("ex4", "other", "ex4"):
        note_run([f"{name}.yaml"], [name])
        (folder / f"{name}.yaml").write_text(CONFIG)
        typed("predict", "new.csv")
        assert f"all rows of {name}\n" in capsys.readouterr().out


def test_a_config_that_lacks_the_data_set_or_is_gone_is_named(folder):
    use = "use the config of the run"
    (folder / "config.yaml").write_text(CONFIG.replace("ex4:", "trees:"))
    lacks = f"error: --config: found config.yaml, without the data set ex4; {use}"
    assert refused("new.csv") == refused("new.csv", "--config=config.yaml") == lacks
    (folder / "config.yaml").unlink()
    assert refused("new.csv") == (
        "error: config.yaml: found no such file; use the path of a config"
    )
    (folder / "results/records/runs.json").unlink()
    assert refused("new.csv") == (
        f"error: --config: found no record of the run that studied ex4; {use}"
    )
    (folder / "mine.yaml").write_text(CONFIG)
    typed("predict", "new.csv", "--config=mine.yaml")
    (folder / "mine.yaml").write_text(CONFIG.replace("seed", "sed"))
    with pytest.raises(SystemExit, match="sed: unknown key"):
        typed("predict", "new.csv", "--config=mine.yaml")


@pytest.mark.parametrize(
    ("table", "output"),
    [
        ("s.2024.csv", "s.2024-predictions.csv"),
        ("s.2025.CSV", "s.2025-predictions.csv"),
        ("s.csv.gz", "s-predictions.csv"),
        ("s.final", "s.final-predictions.csv"),
    ],
)
def test_a_table_of_predictions_has_the_full_name_of_the_table(table, output):
    assert predict._beside(Path("a.b") / table) == Path("a.b") / output


def test_columns_that_identify_rows_are_in_the_predictions(folder):
    header = "patient_id,exam_1,exam_2,class,note,height,row"
    lines = ["7,50,60,0,a,1.5,8", "7,51,61,1,b,1.6,9"]
    (folder / "ids.csv").write_text("\n".join([header, *lines, ""]))
    typed("predict", "ids.csv")
    header, first, _ = rows("ids-predictions.csv")
    assert header == ["row", "patient_id", "note", "class", "P(0)", "P(1)", "remarks"]
    assert first[:3] == ["1", "7", "a"]
    typed("predict", "ids.csv")  # which replaces it

"""The first config of a table: it passes the checks, says what it left out, and is never lost."""

import re
import shutil
from contextlib import chdir
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typed import typed

from backprop.commands.first_config import (
    ROOT,
    Adjustments,
    Request,
    config_text,
    dataset_name,
    yaml_scalar,
)
from backprop.data import sources
from backprop.data.canonical_form import canonical, digest_of_data
from backprop.data.dataset import Dataset
from backprop.data.survey import Survey
from backprop.errors import BackpropError
from backprop.models.registry import MODELS
from backprop.statistics.other_metrics import others_to_say
from backprop.workflow.config_check import classifiers
from backprop.workflow.config_check.reading import parse_yaml, read_yaml
from backprop.workflow.plan import datasets
from backprop.workflow.plan.plan import Plan

MESSY = [
    "Baum-ID;Datum;Höhe m;Boden;Werk;Art",
    *(
        f"T{row:03};{1 + row % 28}.3.2024;{'k.A.' if row % 20 == 0 else f'{row % 9},5'};"
        f"{('Lehm', 'Sand', '?')[row % 3]};W1;{('Eiche', 'Buche', 'Birke', 'Ahorn')[row % 4]}"
        for row in range(80)
    ),
]
"""Semicolons, decimal commas, an id, dates, a constant, marks of missing values, four classes."""


pytestmark = pytest.mark.usefixtures("in_a_folder")


def write(folder, lines, name="Bäume 1.csv"):
    (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return name


def configured(folder, lines, label, name="t.csv"):
    """Return the config that is written for a table of these lines."""
    typed("config", write(folder, lines, name), "--label", label)
    return read_yaml((folder / name).with_suffix(".yaml"))


def study(of_classes, columns=1):
    """Return the config of a table of distinct rows, with a number of rows of each class."""
    request, features = Request(Path("t.csv"), "y"), tuple(f"x{n}" for n in range(columns))
    y, names = np.repeat(range(len(of_classes)), of_classes), tuple("abcdef"[: len(of_classes)])
    x = np.tile(np.arange(float(len(y)))[:, np.newaxis], columns)
    data = Dataset(features, "y", x, y, names)
    return parse_yaml(config_text(request, Survey(features, {}, {}), data, Adjustments()), "study")


def refusal(table, label, *others):
    with pytest.raises(SystemExit) as caught:
        typed("config", table, "--label", label, *others)
    return str(caught.value)


def test_the_config_of_a_messy_table_can_be_used(tmp_path, capsys):
    typed("config", write(tmp_path, MESSY), "--label", "Art", "--row", "Baum")
    out, err = capsys.readouterr()
    assert out == "Baume_1.yaml\n"
    config = read_yaml(tmp_path / "Baume_1.yaml")
    assert config["datasets"] == {
        "Baume_1": {
            "source": "Bäume 1.csv", "label": "Art", "row": "Baum",
            "exclude": ["Baum-ID", "Datum", "Werk"], "id": "Baum-ID",
            "missing_values": ["?", "k.A."],
            "missing": "impute",
        }
    }  # fmt: skip
    assert "tensorflow" not in config["models"]
    shutil.rmtree(tmp_path / ".snakemake")  # it says that the classifiers are without faults
    data = Plan(config, ROOT).datasets.data("Baume_1")
    assert data.features == ("Höhe m", "Boden")
    text = (tmp_path / "Baume_1.yaml").read_text(encoding="utf-8")
    for line in (
        "      - Datum # dates, such as '1.3.2024'; ",
        "      - Werk # a constant: 'W1' in every row",
        "    # - 'Boden': 2 categories: 'Lehm', 'Sand'; no value in 26 rows",
        "    missing: impute # 30 values in 2 columns",
        "    label: Art # rows: 'Ahorn' 20, 'Birke' 20, 'Buche' 20, 'Eiche' 20",
    ):
        assert line in text
    assert "80 rows, 4 classes of 'Art', 2 columns to learn from" in err
    assert "taken for missing values: '?' 26, 'k.A.' 4" in err


def test_classifiers_of_a_first_config_are_without_faults_and_no_start_tries_them(
    tmp_path, monkeypatch
):
    for rows in (40, 100):
        for entry in study([9 * rows, rows])["estimators"].values():
            allowed = classifiers.allowed_classes()[entry["class"]]
            assert classifiers.trial(allowed, entry["reference"]) == ""
    monkeypatch.setattr(classifiers, "allowed_classes", None)
    typed("config", write(tmp_path, MESSY), "--label", "Art")
    Plan(read_yaml(tmp_path / "Baume_1.yaml"), ROOT)


def test_an_existing_config_is_used_as_it_is(tmp_path, capsys):
    table = write(tmp_path, MESSY)
    typed("config", table, "--label", "Art")
    edited = (tmp_path / "Baume_1.yaml").read_text(encoding="utf-8").replace("seed: 1", "seed: 2")
    (tmp_path / "Baume_1.yaml").write_text(edited, encoding="utf-8")
    capsys.readouterr()
    typed("config", table, "--label", "Art")
    assert (tmp_path / "Baume_1.yaml").read_text(encoding="utf-8") == edited
    out, err = capsys.readouterr()
    assert out == "Baume_1.yaml\n"
    assert err.startswith("Baume_1.yaml is there, and is used as it is;")


def test_the_config_of_another_table_is_not_used(tmp_path):
    typed("config", write(tmp_path, MESSY), "--label", "Art")
    (tmp_path / "other").mkdir()
    other = f"other/{write(tmp_path / 'other', MESSY)}"
    message = refusal(other, "Art", "--config", "Baume_1.yaml")
    assert message.startswith("error: Baume_1.yaml is there, and is the config of another table")
    write(tmp_path, ["datasets: {ex4: {source: bundled}}"], "config.yaml")
    message = refusal(write(tmp_path, MESSY, "config.csv"), "Art")
    assert message.startswith("error: config.yaml is there, and is the config of another table")


def test_the_config_is_in_the_folder_of_the_results(tmp_path, capsys):
    typed("config", write(tmp_path, MESSY), "--label", "Art", "--folder", "it's new/here")
    assert capsys.readouterr().out == "it's new/here/Baume_1.yaml\n"
    config = read_yaml(tmp_path / "it's new/here/Baume_1.yaml")
    assert config["datasets"]["Baume_1"]["source"] == str(tmp_path / "Bäume 1.csv")


def test_a_table_in_the_home_keeps_its_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    table = f"~/{write(tmp_path, MESSY)}"
    typed("config", table, "--label", "Art", "--config", "mine.yaml")
    remembered = [".snakemake"]  # which a run makes, too
    assert {file.name for file in (tmp_path / "project").iterdir()} == {"mine.yaml", *remembered}
    config = read_yaml(Path("mine.yaml"))
    assert config["datasets"]["Baume_1"]["source"] == "~/Bäume 1.csv"


@pytest.mark.parametrize(
    ("options", "file", "source"),
    [
        ([], "deep/Baume_1.yaml", "Bäume 1.csv"),
        (["--config", "configs/mine.yaml"], "configs/mine.yaml", "../deep/Bäume 1.csv"),
    ],
)
def test_a_config_finds_its_table_from_any_folder(tmp_path, options, file, source):
    for folder in ("deep", "configs", "elsewhere"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Bäume 1.csv").write_text("another table")
    table = f"deep/{write(tmp_path / 'deep', MESSY)}"
    typed("config", table, "--label", "Art", *options)
    config = read_yaml(tmp_path / file)
    assert config["datasets"]["Baume_1"]["source"] == source
    for folder in (tmp_path, tmp_path / "elsewhere"):
        with chdir(folder):
            plan = Plan(config, ROOT, [(str(tmp_path / file), config)])
            assert plan.datasets.source("Baume_1")[0].samefile(tmp_path / table)
    typed("config", table, "--label", "Art", *options)  # it is the config of the table


@pytest.mark.parametrize(
    ("one", "other", "positive"),
    [
        ("ja", "nein", "ja"), ("no", "yes", "yes"), ("Igen", "Nem", "Igen"), ("да", "нет", "да"),
        ("admitted", "not admitted", "admitted"), ("affected", "unaffected", "affected"),
        ("case", "control", "case"), ("absent", "none", "none"), ("dog", "wolf", "wolf"),
        ("spam", "unknown", "unknown"),
    ],
)  # fmt: skip
def test_the_class_whose_probability_is_predicted_is_not_the_absence_of_the_other(
    tmp_path, one, other, positive
):
    lines = ["a,state", *(f"{n % 7},{other if n % 2 else one}" for n in range(20))]
    assert configured(tmp_path, lines, "state")["datasets"]["t"]["positive"] == positive


def test_very_unequal_classes_get_another_metric_and_no_model_alone_gets_weights(tmp_path):
    rows = (f"{n % 7},{n % 5},{'ill' if n % 20 == 0 else 'well'}" for n in range(100))
    lines = ["a,b,state", *rows]
    config = configured(tmp_path, lines, "state", "rare.csv")
    assert config["comparison"]["metric"] == "roc_auc"
    assert not any("class_weight" in each["reference"] for each in config["estimators"].values())
    assert config["datasets"]["rare"]["positive"] == "ill"
    text = (tmp_path / "rare.yaml").read_text()
    assert "positive: ill # whose probability is predicted: the other one is its absence" in text
    assert "has 95.0% of the rows, so always predicting it is right that often" in text
    lines = [line.replace("ill", "well") if n % 3 else line for n, line in enumerate(lines)]
    assert configured(tmp_path, lines, "state")["validation"]["folds"] == 2


@pytest.mark.parametrize(
    ("counts", "metric"),
    [
        ([84, 16], "roc_auc"), ([75, 25], "roc_auc"), ([70, 30], "accuracy"),
        ([76, 70, 29, 17, 13, 9], "accuracy"),  # no class has half of the rows
    ],
)  # fmt: skip
def test_a_first_config_has_an_accuracy_if_the_page_does_not_say_that_it_says_little(
    counts, metric
):
    assert study(counts)["comparison"]["metric"] == metric
    assert bool(others_to_say(counts, "accuracy")) == (metric != "accuracy")


@pytest.mark.parametrize("rows", [30, 200, 2100, 60_000])
def test_each_model_has_values_on_both_sides_of_its_reference(rows):
    config = study([rows // 2, rows // 2])
    parts = [config["baselines"]["logistic"], *config["estimators"].values(), config]
    for part in parts:
        for key, others in part["vary"].items():
            own = part["reference"][key]
            assert min(others) < own < max(others) or key == "hidden", key
    assert [*config["models"]] == ["logistic", *config["estimators"], "scratch"]
    numbers = [sum(map(len, part["vary"].values())) for part in parts]
    assert numbers[0] == max(numbers)  # no model is better only as its opponent was not tuned
    fewest_in_inner_training = rows * 4 // 5 * 4 // 5
    assert max(config["estimators"]["neighbours"]["vary"]["n_neighbors"]) < fewest_in_inner_training
    leaf = config["estimators"]["boosting"]["reference"].get("min_samples_leaf", 20)
    assert 2 * leaf <= fewest_in_inner_training  # or boosting could not split them


@pytest.mark.parametrize(
    ("rows", "columns", "models"),
    [
        (300, 301, ["logistic", "neighbours", "forest", "boosting", "scratch"]),
        (300, 1001, ["logistic", "neighbours", "forest", "scratch"]),
        (2100, 1001, ["logistic", "neighbours", "boosting"]),
    ],
)
def test_a_wide_table_gets_much_weight_decay_one_network_and_no_model_that_takes_hours(
    rows, columns, models
):
    config = study([rows // 2, rows // 2], columns)
    assert config["models"] == models
    assert [*config["estimators"]] == [name for name in models if name not in MODELS]
    assert config["vary"] == {}
    assert config["reference"]["l2"] == 1
    decay = config["baselines"]["logistic"]
    assert decay["vary"]["l2"][0] < decay["reference"]["l2"] >= 0.3
    assert decay["vary"]["l2"][-1] >= 3
    assert config["validation"]["repeats"] == (2 if columns > 1000 else 5)
    narrow = study([rows // 2, rows // 2], min(rows, 1000))
    assert narrow["baselines"]["logistic"]["reference"]["l2"] == 0.003
    assert narrow["models"] == ["logistic", "neighbours", "forest", "boosting", "scratch"]


def test_the_config_of_a_wide_table_passes_the_checks(tmp_path):
    header = ",".join([*(f"x{n}" for n in range(1200)), "y"])
    lines = (
        ",".join([*(str(row * n % 31) for n in range(1200)), "ab"[row % 2]]) for row in range(40)
    )
    config = configured(tmp_path, [header, *lines], "y")
    assert Plan(config, ROOT).config.models == ["logistic", "neighbours", "forest", "scratch"]


def test_three_classes_are_compared_by_softmax_regression_too():
    config = study([40, 40, 40])
    assert config["models"][:2] == ["logistic", "softmax"]
    assert config["baselines"]["softmax"] == config["baselines"]["logistic"]
    assert "softmax" not in study([60, 60])["models"]


@pytest.mark.parametrize(("patterns", "is_tied"), [(4, True), (10, False)])
def test_no_neighbours_are_chosen_by_the_order_of_the_table(tmp_path, patterns, is_tied):
    """Of 120 rows with 4 patterns, each has 29 equal ones, of which 15 would vote; of 10, 11."""
    lines = ["a,b,y", *(f"u{n % 2},{n % patterns // 2},{n // 60}" for n in range(120))]
    config = configured(tmp_path, lines, "y")
    for names in (config["models"], config["estimators"]):
        assert ("neighbours" not in names) == is_tied
    because = "# There are no nearest neighbours: most rows have more equal rows than vote"
    assert (because in (tmp_path / "t.yaml").read_text()) == is_tied


MISTAKES = {
    "another label": ("Arten", "found no column 'Arten', only .*; did you mean 'Art'"),
    "no label": ("", "found no --label; name the column with the class, one of 'Baum-ID', "),
    "no class": ("Baum-ID", "found no column to learn|found the class|in only one row"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_ends_with_one_message_and_without_a_config(tmp_path, case):
    label, message = MISTAKES[case]
    assert re.search(message, refusal(write(tmp_path, MESSY), label))
    assert {file.name for file in tmp_path.iterdir()} <= {"Bäume 1.csv", ".snakemake"}


@pytest.mark.parametrize(
    ("table", "name"),
    {
        "trees.csv": "trees", "数据.csv": "table", "a.b.parquet.gz": "a_b", "logs.csv": "logs_data",
        "-x-.csv": "x", ".csv": "table", f"{'a' * 200}.csv": "a" * 90,
    }.items(),
)  # fmt: skip
def test_the_data_set_has_a_name_that_a_config_may_have(tmp_path, table, name):
    assert dataset_name(tmp_path / table) == name


@given(text=st.text(min_size=1))
def test_any_text_is_one_line_of_yaml(text):
    line = yaml_scalar(text)
    assert line.isprintable()
    assert parse_yaml(f"a: [{line}]\nb: {line} # c", "t") == {"a": [text], "b": text}
    assert yaml.safe_load(f"{line}: 1") == {text: 1}


def test_a_sheet_of_a_workbook_is_named(tmp_path):
    book = openpyxl.Workbook()
    for name in ("read me", "# Daten"):
        book.create_sheet(name)
    del book["Sheet"]
    for row in [["a", "y"], *([n % 7, "uv"[n % 2]] for n in range(30))]:
        book["# Daten"].append(row)
    book.save(tmp_path / "t.xlsx")
    message = refusal("t.xlsx", "y")
    assert message.endswith("name the one to use: `sheet` in the config, --sheet of a command")
    typed("config", "t.xlsx", "--label=y", "--sheet", "# Daten")
    config = read_yaml(tmp_path / "t.yaml")
    assert config["datasets"]["t"]["sheet"] == "# Daten"
    assert len(Plan(config, ROOT).datasets.data("t").y) == 30


def test_names_of_any_characters_survive(tmp_path):
    names = [*'#"%~', "a: b", "- x", "'q'", "{a}", "yes", "010", "1e3", "é\u2009a", "? x"]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    lines = [",".join(["y", *quoted]), *(f"{n % 2}" + f",{n % 5}" * len(names) for n in range(30))]
    lines = [f"{line},{'same' if n else '# constant'}" for n, line in enumerate(lines)]
    config = configured(tmp_path, lines, "y")
    assert config["datasets"]["t"]["exclude"] == ["# constant"]
    assert Plan(config, ROOT).datasets.data("t").features == tuple(names)


def test_the_next_start_knows_a_large_table_as_it_would_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "LARGE_BYTES", 10)
    typed("config", write(tmp_path, MESSY), "--label", "Art")
    config = read_yaml(tmp_path / "Baume_1.yaml")
    again = sources.obtain("t", file=tmp_path / "Bäume 1.csv", **options(config))
    monkeypatch.setattr(datasets, "obtain", None)  # not read again
    known = Plan(config, ROOT).datasets.data("Baume_1")
    assert canonical(known) == canonical(again)
    assert vars(known).keys() == vars(again).keys()
    assert known.remarks == again.remarks
    assert [*known.unused_ids] == [*again.unused_ids] == ["Datum"]
    assert digest_of_data(known) == digest_of_data(again)


def options(config):
    """Return how the only data set of a config is obtained."""
    return sources.options_of(vars(Plan(config, ROOT).config.datasets["Baume_1"]), seed=1)


FAULTY = [
    "years,dose,rank",
    *(f"{n % 11},{n % 5},{('Prof', 'AssocProf')[n % 2]}" for n in range(40)),
]
FAULTY[8], FAULTY[10] = "7,x2,?", "9,bad 1,Assoc. Prof"


def test_a_config_is_written_for_a_faulty_table_with_the_keys_that_settle_each_fault(tmp_path):
    assert refusal(write(tmp_path, FAULTY, "t.csv"), "rank") == (
        "error: t.yaml: the config of t.csv is written, and the table has 3 faults:\n"
        "  row 8 (line 9), column 'dose': found 'x2'; use a finite number, such as -0.5 or 1e3; "
        "begin a code with a letter\n"
        "  row 10 (line 11), column 'dose': found 'bad 1'; use a finite number, such as -0.5 or "
        "1e3; begin a code with a letter\n"
        "    `missing: [x2, bad 1]` of its `cells` makes this no value\n"
        "  column 'rank': the class '?' has 1 row; use 2 or more, as each class is trained on and "
        "tested\n"
        "    `missing: ['?']` of its `cells`, with `without_class: drop`, leaves it out\n"
        "  column 'rank': the class 'Assoc. Prof' has 1 row; use 2 or more, as each class is "
        "trained on and tested\n"
        "    `join: {Assoc. Prof: AssocProf}` of its `cells` makes it the class 'AssocProf'\n"
        "The config has for each the key that settles it, after a #. Take the # away where you "
        "mean it, and run again"
    )
    text = (tmp_path / "t.yaml").read_text(encoding="utf-8")
    with pytest.raises(BackpropError, match="found 'x2'"):
        Plan(parse_yaml(text, "t.yaml"), ROOT).datasets.data("t")
    taken = re.sub(r"(?m)^( *)# (without_class|cells|dose: \{|rank: \{)", r"\1\2", text)
    data = Plan(parse_yaml(taken, "t.yaml"), ROOT).datasets.data("t")
    assert data.classes == ("AssocProf", "Prof")
    assert np.isnan(data.x).sum(axis=0).tolist() == [0, 1]
    assert len(data.y) == 39


def test_a_key_that_the_config_has_is_not_offered_again(tmp_path):
    lines = ["a,y", *(f"{n % 7},{'uv'[n % 2]}" for n in range(30)), "3,", "4,?"]
    refusal(write(tmp_path, lines, "t.csv"), "y")
    text = (tmp_path / "t.yaml").read_text(encoding="utf-8")
    assert text.count("without_class: drop") == 2  # the key, and what a comment says of it
    assert "# without_class" not in text
    taken = re.sub(r"(?m)^( *)# (cells|y: \{)", r"\1\2", text)
    assert len(Plan(parse_yaml(taken, "t.yaml"), ROOT).datasets.data("t").y) == 30


def test_a_first_config_says_how_cells_are_read_and_what_a_person_may_mean(tmp_path, capsys):
    rows = (
        f"{'<0.4' if n % 6 == 0 else n % 7},{60 + n % 9} kg,{('low', 'mid', 'high')[n % 3]},{n % 2}"
        for n in range(60)
    )
    config = configured(tmp_path, ["crp,weight,pain,y", *rows], "y")
    assert config["datasets"]["t"]["cells"] == {
        "crp": {"read": "number", "limits": "at"}, "weight": {"read": "number", "unit": "kg"}
    }  # fmt: skip
    err = capsys.readouterr().err
    assert (
        "read: 'crp': a number; 10 cells are limits: `at` takes the limit, `half` half of it, "
        "`missing` no value" in err
    )
    assert "read: 'weight': a number in kg" in err
    assert "may be meant: 'pain': one number, 1 and up, in this order; see `cells`" in err
    text = (tmp_path / "t.yaml").read_text(encoding="utf-8")
    assert "      # pain: {order: [low, mid, high]} # one number, 1 and up, in this order\n" in text

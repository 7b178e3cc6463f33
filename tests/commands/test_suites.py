"""The first config of a folder of tables, of a pattern, and of a list of tables."""

import gzip
from pathlib import Path

import pytest
from project import ROOT
from typed import typed

from backprop.commands.suites import is_suite
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan.plan import Plan

pytestmark = pytest.mark.usefixtures("in_a_folder")


def table(label="target", classes="ab", rows=60, sep=","):
    lines = [
        sep.join([str(n % 7 + n / 100), f"k{n % 3}", f"P{n // 2}", classes[n % len(classes)]])
        for n in range(rows)
    ]
    return "\n".join([sep.join(["x", "kind", "who", label]), *lines, ""])


SOILS = ("clay", "'wet sand'", "?", "clay")
ARFF = """% from OpenML
@RELATION trees
@ATTRIBUTE height REAL
@ATTRIBUTE 'soil type' {'wet sand', clay}
@ATTRIBUTE class {oak,beech,birch}
@DATA
""" + "".join(f"{n % 9},{SOILS[n % 4]},{('oak', 'beech', 'birch')[n % 3]}\n" for n in range(45))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "all/deep").mkdir(parents=True)
    (tmp_path / "all/One.csv").write_text(table())
    (tmp_path / "all/deep/one.tsv.gz").write_bytes(gzip.compress(table(sep="\t").encode()))
    (tmp_path / "all/trees.arff").write_text(ARFF)
    (tmp_path / "all/without.csv").write_text(table(label="y"))
    (tmp_path / "all/rare.csv").write_text(table() + "1,k0,P1,c\n")
    (tmp_path / "all/README.md").write_text("no table")
    return tmp_path / "all"


def test_each_table_of_a_folder_is_a_data_set_and_others_are_named(folder, tmp_path, capsys):
    typed("config", "all")
    out, err = capsys.readouterr()
    assert out == "all.yaml\n"
    config = read_yaml(tmp_path / "all.yaml")
    assert [*config["datasets"]] == ["One", "one_2", "rare", "trees", "without"]
    assert config["datasets"]["trees"] == {
        "source": "all/trees.arff", "label": "class", "row": "row", "missing": "impute",
    }  # fmt: skip
    assert "softmax" in config["models"]  # three classes, in one of them
    left_out = (
        "without.csv: found no column target, class or label; name its class column by --label"
    )
    assert f"  left out: {left_out}" in err
    assert (
        f"  without: # {left_out[13:]}\n    source: all/without.csv\n"
        in (tmp_path / "all.yaml").read_text()
    )
    assert "rare.csv: column 'target': the class 'c' has 1 row" in err
    assert "README" not in err
    plan = Plan(config, ROOT)
    assert {name: why[:38] for name, why in plan.left_out.items()} == {
        "rare": "datasets.rare: validation.folds: found",
        "without": "datasets.without.label: missing; it is",
    }  # fmt: skip
    trees = plan.datasets.data("trees")
    assert trees.features == ("height", "soil type")
    assert trees.categories["soil type"] == ("clay", "wet sand")
    assert trees.classes == ("beech", "birch", "oak")


def test_a_config_that_is_there_is_used(folder, tmp_path, capsys):
    mine = "datasets: {mine: {source: all/One.csv, label: kind}}"
    (tmp_path / "all.yaml").write_text(mine)
    typed("config", "all")
    assert "is used as it is" in capsys.readouterr().err
    assert (tmp_path / "all.yaml").read_text() == mine


def test_the_config_of_other_tables_is_not_used(folder, tmp_path):
    (tmp_path / "tables.yaml").write_text("datasets: {mine: {source: all/One.csv, label: kind}}")
    with pytest.raises(SystemExit) as ended:
        typed("config", "all/t*.arff")
    message = "error: tables.yaml is there, and is the config of other tables than all/t*.arff; "
    assert str(ended.value.code).startswith(message)


def test_a_pattern_takes_the_tables_that_match(folder, tmp_path):
    typed("config", "all/O*.csv", "--label", "target")
    assert [*read_yaml(tmp_path / "tables.yaml")["datasets"]] == ["One"]


def test_a_pattern_may_match_folders(folder, tmp_path):
    typed("config", "a*/*/one*")
    entries = read_yaml(tmp_path / "tables.yaml")["datasets"]
    assert [own["source"] for own in entries.values()] == ["all/deep/one.tsv.gz"]


@pytest.mark.parametrize("what", ["Tablés 1/", "Tablés 1/*.csv", "liste ö.csv"])
@pytest.mark.parametrize("folder", ["", "erg ä"])
def test_tables_are_found_from_each_folder(tmp_path, monkeypatch, what, folder):
    (tmp_path / "Tablés 1").mkdir()
    (tmp_path / "else").mkdir()
    (tmp_path / "Tablés 1/bäume [2].csv").write_text(table())
    Path("liste ö.csv").write_text("source,label\nTablés 1/bäume [2].csv,target\n")
    options = ["--folder", tmp_path / folder] if folder else []
    monkeypatch.chdir(tmp_path / "else" if folder else tmp_path)
    typed("config", tmp_path / what if folder else what, *options)
    (file,) = (tmp_path / folder).glob("*.yaml")
    for place in (tmp_path / folder, tmp_path / "else"):
        monkeypatch.chdir(place)
        config = read_yaml(file)
        plan = Plan(config, ROOT, [(str(file), config)])
        assert len(plan.datasets.data("baume_2").y) == 60
    monkeypatch.chdir(tmp_path / "else" if folder else tmp_path)
    typed("config", tmp_path / what if folder else what, *options)  # it is the config of these


def test_a_name_of_a_folder_is_that_of_its_config(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder / "deep")
    typed("config", ".")
    assert [*read_yaml(folder / "deep/deep.yaml")["datasets"]] == ["one"]


def test_a_list_says_more_of_each_table(folder, tmp_path):
    lines = ["source,label,row,groups,positive", "all/One.csv,target,tree,who,a"]
    lines += ["all/without.csv,y,,,", ""]
    Path("list.csv").write_text("\n".join(lines))
    assert is_suite(Path("list.csv"), "")
    assert not is_suite(Path("list.csv"), "label")
    typed("config", "list.csv")
    entries = read_yaml(tmp_path / "list.yaml")["datasets"]
    assert entries["One"]["row"] == "tree"
    assert entries["One"]["groups"] == "who"
    assert entries["One"]["positive"] == "a"
    assert entries["without"]["label"] == "y"
    plan = Plan(read_yaml(tmp_path / "list.yaml"), ROOT)
    plan.check()
    assert plan.datasets.data("One").groups.max() == 29


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("source,label,colour\nall/One.csv,target,red", "list.csv: found the column 'colour'; use"),
        (
            "source,label\nall/none.csv,target",
            "list.csv: found no table that can be used\nnone.csv",
        ),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(folder, lines, message):
    Path("list.csv").write_text(lines)
    with pytest.raises(SystemExit) as ended:
        typed("config", "list.csv")
    assert str(ended.value.code).startswith(f"error: {message}")


def test_settings_are_those_of_the_largest_table(folder, tmp_path):
    (tmp_path / "all/large.csv").write_text(table(rows=2_500))
    typed("config", "all")
    config = read_yaml(tmp_path / "all.yaml")
    assert config["validation"]["repeats"] == 2
    assert config["simulation"]["sets"] == 0
    assert config["comparison"]["metric"] == "accuracy"

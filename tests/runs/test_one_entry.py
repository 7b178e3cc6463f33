"""An activation, a cost, a metric, a figure and a model: one entry each, as CONTRIBUTING.md says.

The code blocks of that page are added to a copy of the project, as the page says. A small run must
then show all of them in its report.
"""

import copy
import re
import shutil
import subprocess
import textwrap
import zipfile

import numpy as np
import pandas as pd
import pytest
from project import ROOT, SMALL, Project

BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"entry to\s+`([A-Z]+)`\s+in\s+(?:`([\w/.]+)`|the same file)")
FILE = re.compile(r"`((?:src|workflow)/[\w/.]+)`:")


def add_everything(project):
    """Do what the page says: put each entry into its table, and each file where it belongs.

    Return the files that were edited and those that were written.
    """
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    page = page[page.index("## Add an activation") :]
    end, entries, files = 0, [], []
    for block in BLOCK.finditer(page):
        before, code = page[end : block.start()], textwrap.dedent(block[3])
        end = block.end()
        if entry := ENTRY.search(before):
            entries.append(entry[2] or entries[-1])
            text = project.read(entries[-1])
            is_python = entries[-1].endswith(".py")
            beginning = f"\n{entry[1]}: " if is_python else f"\nexport const {entry[1]} = "
            place = text.index("\n}", text.index(beginning)) + 1
            code = textwrap.indent(code, "    " if is_python else "  ")
            project.write(entries[-1], f"{text[:place]}{code}{text[place:]}")
        elif file := FILE.search(before):
            files.append(file[1])
            assert not (project.folder / file[1]).exists()
            project.write(file[1], code)
    return entries, files


@pytest.fixture(scope="module")
def extended(tmp_path_factory, thorough):
    """A project to which everything was added, and which has been run."""
    config = copy.deepcopy(SMALL)
    config["models"] = ["logistic", "centroid", "scratch", *["tensorflow"] * thorough]
    config["vary"] = {"activation": ["silu"], "cost": ["quartic_error"]}
    project = Project(tmp_path_factory.mktemp("extended") / "project", SMALL)
    shutil.copytree(ROOT / "page/src", project.folder / "page/src")
    project.added = add_everything(project)
    project.configure(config)
    project.keep_figures("accuracy_by_repeat", "learning_curves")
    project.run()
    project.run("--report", "results/report.zip")
    with zipfile.ZipFile(project.folder / "results/report.zip") as archive:
        project.report = {
            name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        }
    return project


def table(project, name):
    return pd.read_csv(project.folder / f"results/ex4/tables/{name}.csv")


def in_report(project, *texts):
    """Return whether one file of the report has all of some texts."""
    return any(all(text in content for text in texts) for content in project.report.values())


def test_each_thing_is_one_entry(extended):
    assert extended.added == (
        ["src/backprop/network/functions.py", "page/src/network.js",
         "src/backprop/network/functions.py", "page/src/network.js",
         "src/backprop/study/metrics.py", *["src/backprop/report/contents.py"] * 2,
         "src/backprop/models/registry.py"],
        ["src/backprop/report/figures/accuracy_by_repeat.py",
         "workflow/report/accuracy_by_repeat.rst", "src/backprop/models/centroid.py"],
    )  # fmt: skip


def test_an_activation_and_a_cost_are_trained_and_shown(extended):
    fits = table(extended, "fits").set_index("configuration")
    for part in ("-silu-", "-quartic_error-"):
        assert sum(part in name for name in fits[fits["model"] == "scratch"].index) == 2
    assert in_report(extended, "SiLU", "quartic error")


@pytest.mark.thorough  # in TensorFlow each of them is compiled, which takes seconds
def test_they_are_trained_in_all_networks_alike(extended):
    parity = table(extended, "parity").set_index("configuration")
    for part in ("-silu-", "-quartic_error-"):
        (row,) = [row for name, row in parity.iterrows() if part in name]
        assert row["state"] == "agrees"
        assert row["fits"] == 2


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is missing")
def test_the_live_page_has_the_activation_and_the_cost(extended):
    code = """
        const { ACTIVATIONS, COSTS } = await import(process.argv[1]);
        const [{ silu }, { quartic_error }] = [ACTIVATIONS, COSTS];
        console.log(silu.value(1), silu.derivative(1, silu.value(1)));
        console.log(quartic_error.value(0, 1), quartic_error.error(0.5, 1));
    """
    file = extended.folder / "page/src/network.js"
    command = ["node", "--input-type=module", "--eval", code, file]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    s = 1 / (1 + np.exp(-1))
    by_hand = [s, s + s * (1 - s), 0.5**4 / 4, -(0.5**3) * 0.25]
    assert [float(each) for each in shown.split()] == pytest.approx(by_hand)


def test_a_metric_is_a_column_of_the_tables(extended):
    fits = table(extended, "fits")
    assert fits["mean_absolute_error"].between(0, 1).all()
    assert {"mean_absolute_error", "mean_absolute_error_lower"} <= set(
        table(extended, "configurations")
    )
    assert "mean_absolute_error" in set(table(extended, "metrics")["metric"])
    assert in_report(extended, "by each metric", "Mean absolute error")


def test_a_figure_is_drawn_and_explained(extended):
    assert (extended.folder / "results/ex4/plots/accuracy_by_repeat.svg").exists()
    assert in_report(extended, "Accuracy in each repeat", "accuracy_by_repeat.html")
    assert in_report(extended, "a repeat that is hard for one model")


def test_a_model_is_trained_compared_and_shown(extended):
    comparison = table(extended, "comparison").set_index("model")
    assert "the nearest centroid" in comparison.loc["centroid", "verdict"]
    assert comparison.loc["centroid", "accuracy"] > 0.5
    assert in_report(extended, "nearest centroid")
    assert set(table(extended, "fits")["model"]) == set(extended.config["models"])

"""Chaotic training is marked in the tables; a mistake in a network is found, even in chaos."""

import copy

import pandas as pd
import pytest
from project import SMALL, Project

CHAOTIC = {
    "hidden": [10, 10], "activation": "tanh", "cost": "cross_entropy", "learning_rate": 1.0,
    "initialisation": "glorot",
}  # fmt: skip
NAME, CALM = (f"h10x10-tanh-cross_entropy-lr{rate}-glorot" for rate in (1.0, 0.01))
TABLES = [f"results/ex4/tables/{name}.csv" for name in ("parity", "configurations", "comparison")]


@pytest.fixture(scope="module")
def chaotic(tmp_path_factory):
    """A project that was run, with a chaotic reference and a calm configuration."""
    config = copy.deepcopy(SMALL)
    config["models"] = ["logistic", "scratch", "tensorflow"]
    config["reference"], config["vary"] = CHAOTIC, {"learning_rate": [0.01]}
    config["training"]["epochs"] = 100
    project = Project(tmp_path_factory.mktemp("chaotic") / "project", config)
    project.keep_figures()
    run = project.run(*TABLES)
    assert "WARNING" not in run.output, "what TensorFlow prints belongs in the log"
    return project


def table(project, name):
    return pd.read_csv(project.folder / f"results/ex4/{name}.csv")


def test_a_chaotic_configuration_is_marked_wherever_its_score_is(chaotic):
    states = table(chaotic, "tables/parity").set_index("configuration")["state"]
    assert states.to_dict() == {NAME: "chaotic", CALM: "agrees"}
    configurations = table(chaotic, "tables/configurations")
    assert configurations["chaotic"].tolist() == [
        configuration == NAME for configuration in configurations["configuration"]
    ]
    comparison = table(chaotic, "tables/comparison").set_index("model")
    assert comparison["chaotic"].to_dict() == {
        "logistic": False, "scratch": True, "tensorflow": True
    }  # fmt: skip
    assert "its training is chaotic" in comparison.loc["scratch", "verdict"]


def test_a_mistake_is_shown_first_and_ends_the_run_after_all_is_made(chaotic, tmp_path):
    project = chaotic.copy(tmp_path / "project")
    # Of the tanh in NumPy, by a millionth.
    project.change("src/backprop/network/functions.py", "subtract(1.0, ", "subtract(1.000001, ")
    output = project.run(succeeds=False).output
    assert "the implementations of the network do not compute the same on ex4" in output
    assert "Traceback" not in output
    assert project.planned() == set()
    parity = table(project, "tables/parity").set_index("configuration")
    assert parity["state"].to_dict() == {NAME: "differs", CALM: "differs"}
    assert parity["tensorflow_wrong_from"].tolist() == [1, 1]
    page = (project.folder / "results/summary.rst").read_text().replace("\\", "")
    answer = page.index("**The implementations of the network do not compute the same")
    assert page.index("=====") < answer < page.index(".. raw:: html")
    assert f"{NAME} (TensorFlow from epoch 1 on" in page


def test_a_mistake_is_found_without_tensorflow_too(finished, tmp_path):
    assert set(table(finished, "tables/parity")["state"]) == {"agrees"}
    page = finished.read("results/summary.rst").replace("\\", "")
    assert "The hand-written network was compared with plain, which" in page
    project = finished.copy(tmp_path / "project")
    own = "update(layers, outputs, layer_errors, eta_of, l2)"
    wrong = own.replace("eta_of", "1.000001 * eta_of")
    project.change("src/backprop/network/stacked.py", own, wrong)
    output = project.run(TABLES[0], succeeds=False).output
    assert "the implementations of the network do not compute the same on ex4" in output
    parity = table(project, "tables/parity")
    assert set(parity["state"]) == {"differs"}
    assert set(parity["plain_wrong_from"]) == {1}

"""A fit that fails is a result: its state is named and counted, and no mean includes it."""

import copy
import re

import pandas as pd
import pytest
from project import SMALL, Project

# Class 1 from row 11 on: a straight line separates them. The second feature is noise.
EASY = "a,b,y\n" + "".join(f"{row},{row * 7 % 5},{int(row > 10)}\n" for row in range(1, 21))
TABLES = ("results/easy/provenance.html", "results/summary.rst")

WORKS = "h3-relu-cross_entropy-lr0.1-uniform"
DIVERGES = "h3-relu-cross_entropy-lr10000000000.0-uniform"
STAYS = "h3-relu-squared_error-lr10000000000.0-uniform"


@pytest.fixture(scope="module")
def trouble(tmp_path_factory):
    """A project of separable data with a network that diverges and one that learns nothing."""
    config = copy.deepcopy(SMALL)
    config["datasets"] = {"easy": {"source": "easy.csv", "features": ["a", "b"], "label": "y"}}
    config["reference"] |= {"activation": "relu", "cost": "cross_entropy"}
    config["reference"]["learning_rate"] = 1.0e10
    config["vary"] = {"cost": ["squared_error"], "learning_rate": [0.1]}
    config["search"] = "grid"
    config["training"] |= {"epochs": 30}
    project = Project(tmp_path_factory.mktemp("trouble") / "project", config)
    project.keep_figures()  # others of fits that diverged are drawn in tests/report
    project.write("easy.csv", EASY)
    return project, project.run(*TABLES)


def test_each_fit_has_its_state(trouble):
    fits = pd.read_csv(trouble[0].folder / "results/easy/tables/fits.csv")
    states = fits.groupby("configuration")["status"].unique().map(list).to_dict()
    assert states["default"] == ["separated"]
    assert states[WORKS] == ["epochs"]
    assert states[DIVERGES] == ["diverged"]
    assert states[STAYS] == ["unlearned"]


def test_the_terminal_and_the_logs_have_no_warnings(trouble):
    project, run = trouble
    assert not re.search(r"(?i)warning\b|traceback", run.output)
    for log in project.logs().values():
        assert not re.search(r"(?i)warning\b|overflow|invalid value", log.read_text()), log

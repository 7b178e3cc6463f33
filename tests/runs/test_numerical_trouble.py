"""A fit that fails is a result: its state is named and counted, and no mean includes it."""

import copy
import re

import pandas as pd
import pytest
from project import SMALL, Project

# Class 1 from row 11 on: a straight line separates them. The second feature is noise.
EASY = "a,b,y\n" + "".join(f"{row},{row * 7 % 5},{int(row > 10)}\n" for row in range(1, 21))
# The same features, as large and as small as float64 allows; one number is far from all others.
EXTREME = "large,small,far,y\n" + "".join(
    f"{row / 20 * 1.7e308},{row * 7 % 5}e-323,{1e300 if row == 9 else row / 7},{int(row > 10)}\n"
    for row in range(1, 21)
)
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


def table(project, name):
    rows = pd.read_csv(project.folder / f"results/easy/tables/{name}.csv")
    return rows.set_index(rows["configuration"].replace("default", "logistic"))


def test_each_fit_has_its_state(trouble):
    states = table(trouble[0], "fits").groupby(level=0)["status"].unique().map(list).to_dict()
    assert states["logistic"] == ["separated"]
    assert states[WORKS] == ["epochs"]
    assert states[DIVERGES] == ["diverged"]
    assert states[STAYS] == ["unlearned"]


def test_the_terminal_and_the_logs_have_no_warnings(trouble):
    assert_no_warnings(*trouble)


def assert_no_warnings(project, run):
    assert not re.search(r"(?i)warning\b|traceback", run.output)
    for log in project.logs().values():
        assert not re.search(r"(?i)warning\b|overflow|invalid value", log.read_text()), log


def test_the_verdicts_say_that_logistic_regression_has_no_solution_and_the_reference_failed(
    trouble,
):
    verdicts = table(trouble[0], "comparison")["verdict"]
    separated = "2 of 2 fits can separate classes, so no finite solution exists"
    assert separated in verdicts["logistic"]
    failed = "cannot be compared with logistic regression: 2 of 2 fits diverged"
    assert failed in verdicts[DIVERGES]
    page = trouble[0].read("results/summary.rst").replace("\n", " ").replace("\\", "")
    assert "The network has no score: 2 of 2 fits diverged" in page


def test_numbers_near_the_limits_of_float64_need_no_warning_and_are_not_taken_for_zeros(tmp_path):
    config = copy.deepcopy(SMALL)
    features = ["large", "small", "far"]
    config["datasets"] = {"easy": {"source": "easy.csv", "features": features, "label": "y"}}
    config["vary"] = {}
    project = Project(tmp_path / "project", config)
    project.keep_figures()  # others of such numbers are drawn in tests/report
    project.write("easy.csv", EXTREME)
    assert_no_warnings(project, project.run(TABLES[0]))
    assert table(project, "fits").loc["logistic", "accuracy"].min() >= 0.7  # zeros give 0.5

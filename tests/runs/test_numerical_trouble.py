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
    config["vary"] = {"cost": ["squared_error"], "learning_rate": [1.0e10]}
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


def test_states_are_counted_for_each_configuration(trouble):
    counts = table(trouble[0], "configurations")[["fits", "diverged", "unlearned", "separated"]]
    assert counts.loc["logistic"].tolist() == [2, 0, 0, 2]
    assert counts.loc[WORKS].tolist() == [2, 0, 0, 0]
    assert counts.loc[DIVERGES].tolist() == [2, 2, 0, 0]
    assert counts.loc[STAYS].tolist() == [2, 0, 2, 0]


def test_what_would_need_a_diverged_fit_is_left_empty(trouble):
    configurations = table(trouble[0], "configurations")
    means = ["accuracy", "log_loss", "roc_auc", "difference", "p_value", "p_adjusted"]
    assert configurations.loc[DIVERGES, means].isna().all()
    assert configurations.loc[WORKS, means].notna().all()


def test_the_terminal_and_the_logs_have_no_warnings(trouble):
    project, run = trouble
    assert not re.search(r"(?i)warning\b|traceback", run.output)
    for log in project.logs().values():
        assert not re.search(r"(?i)warning\b|overflow|invalid value", log.read_text()), log


def test_the_verdict_says_that_logistic_regression_has_no_solution(trouble):
    verdict = table(trouble[0], "comparison").loc["logistic", "verdict"]
    assert "2 of 2 fits can separate classes, so no finite solution exists" in verdict


@pytest.mark.parametrize(
    ("cost", "says", "page_says", "scored"),
    [
        (
            "cross_entropy", "cannot be compared with logistic regression: 2 of 2 fits diverged",
            "The network has no score: 2 of 2 fits diverged", False,
        ),
        pytest.param(
            "squared_error", "2 of 2 fits still predicted a single class at epoch",
            "2 of 2 fits still predicted a single class at epoch", True,
            marks=pytest.mark.thorough,  # another sentence, of the same run
        ),
    ],
)  # fmt: skip
def test_the_verdict_says_that_the_reference_failed(
    cost, says, page_says, scored, trouble, tmp_path
):
    project = trouble[0].copy(tmp_path / "project")
    other = {"cross_entropy": "squared_error", "squared_error": "cross_entropy"}[cost]
    reference = project.config["reference"] | {"cost": cost, "learning_rate": 1.0e10}
    project.put("reference", reference)
    project.put("vary", {"cost": [other], "learning_rate": [0.1]})
    assert project.run(*TABLES).trained == {}  # the same grid, from another corner
    (headline,) = table(project, "comparison").query("model == 'scratch'").to_dict("records")
    assert says in headline["verdict"]
    assert pd.notna(headline["accuracy"]) == scored
    assert page_says in project.read("results/summary.rst").replace("\n", " ").replace("\\", "")


def test_numbers_near_the_limits_of_float64_need_no_warning_and_are_not_taken_for_zeros(tmp_path):
    config = copy.deepcopy(SMALL)
    features = ["large", "small", "far"]
    config["datasets"] = {"easy": {"source": "easy.csv", "features": features, "label": "y"}}
    config["vary"] = {}
    project = Project(tmp_path / "project", config)
    project.keep_figures()  # others of such numbers are drawn in tests/report
    project.write("easy.csv", EXTREME)
    assert not re.search(r"(?i)warning\b|traceback", project.run(TABLES[0]).output)
    for log in project.logs().values():
        assert not re.search(r"(?i)warning\b|overflow|invalid value", log.read_text()), log
    assert table(project, "fits").loc["logistic", "accuracy"].min() >= 0.7  # zeros give 0.5

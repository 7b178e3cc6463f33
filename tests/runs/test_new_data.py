"""Real runs with new data: what comes out, and that nothing else sees them."""

import copy
import json
import math
import re

import numpy as np
import pandas as pd
import pytest
import rerun_cases
from project import ROOT, Project
from sklearn.linear_model import LogisticRegression

from backprop.errors import BackpropError
from backprop.workflow.plan.plan import Plan

PREDICTIONS = "results/ex4/model/new_data_predictions.csv"
USES = "results/ex4/data/uses_of_new_data.json"
PAGES = ("results/ex4/tables/new_data.html", "results/summary.rst")


def table(project, name="new_data"):
    return pd.read_csv(project.results / f"ex4/tables/{name}.csv")


def test_the_predictions_are_of_models_fitted_to_all_rows_of_the_study(finished_with_new_data):
    project = finished_with_new_data
    study, new = (pd.read_csv(project.folder / f) for f in ("resources/ex4.csv", "new.csv"))
    x, mean, scale = study.iloc[:, :2], study.iloc[:, :2].mean(), study.iloc[:, :2].std()
    fitted = LogisticRegression(C=math.inf, tol=1e-12).fit((x - mean) / scale, study["admitted"])
    expected = fitted.predict_proba((new.iloc[:, :2] - mean) / scale)[:, 1]
    predicted = pd.read_csv(project.folder / PREDICTIONS)
    own = predicted.loc[predicted["model"] == "logistic", "P(1)"]
    np.testing.assert_allclose(own, expected, atol=1e-6)


def test_all_that_is_there_without_new_data_is_the_same_with_them(
    finished, finished_with_new_data, tmp_path
):
    """But for the pages that name the new data: no training, no choice, no figure sees them."""
    without = finished.copy(tmp_path / "project")
    without.put("validation.repeats", 2)
    without.run()
    new, others = (
        finished_with_new_data.files(),
        {"ex4/provenance.json", "summary.rst", "summary.json"},
    )
    for name, content in without.files().items():
        assert name in others or new[name] == content, name
    assert new.keys() - without.files().keys() == {
        "ex4/data/new_data.csv", "ex4/data/new_data_columns.json",
        "ex4/data/uses_of_new_data.json", "ex4/statistics/new_data.csv",
        "ex4/statistics/new_data_checks.csv", "ex4/tables/new_data.csv",
        "ex4/tables/new_data.html", "ex4/tables/new_data_checks.csv",
    }  # fmt: skip
    assert "On new data" not in without.read("results/summary.rst")


def test_the_first_page_says_what_came_out_and_that_it_is_a_test(finished_with_new_data):
    page = finished_with_new_data.read("results/summary.rst")
    own = page.split("**On new data**")[1].split("See first")[0]
    assert "cross\\-validation promised" in own
    assert "This is the first use of these data\\, so it is a test" in own
    assert "by cross\\-validation" in own
    html = (finished_with_new_data.folder / PAGES[0]).read_text()
    assert "Are the new data like the study&#39;s?" in html


@pytest.fixture
def project(finished_with_new_data, tmp_path):
    """A copy, to change: it draws no more figures."""
    project = finished_with_new_data.copy(tmp_path / "project")
    project.keep_figures()
    return project


def test_a_second_look_with_other_models_is_no_longer_a_test(project):
    first = json.loads(project.read(USES))
    assert len(first) == 1
    project.put("training.epochs", 4)  # other networks
    project.run(*PAGES)
    assert json.loads(project.read(USES))[:1] == first
    page = project.read("results/summary.rst")
    assert "These data were used 2 times\\, each with other models" in page
    rerun_cases.take_out_new_data(project)
    project.run("results/ex4/provenance.html")
    assert len(json.loads(project.read(USES))) == 2
    rerun_cases.add_new_data(project)
    project.run(*PAGES)
    assert "These data were used 2 times" in project.read("results/summary.rst")


def test_another_file_after_a_look_is_named(project):
    header, *rows = project.read("new.csv").splitlines()
    moved = [re.sub(r"^[\d.]+", lambda first: f"{float(first[0]) + 0.25:g}", row) for row in rows]
    project.write("new.csv", "\n".join([header, *moved]) + "\n")
    project.run(*PAGES)
    assert "one other table of new data came before" in project.read("results/summary.rst")


def test_a_first_look_does_not_use_the_new_data_up(project):
    project.put("first_look", True)
    assert not {"judge_new_data", "train_rival"} & project.planned()


def test_without_a_recommendation_the_new_data_are_not_used(project):
    text = project.read("resources/ex4.csv")
    header, *lines = text.splitlines()
    cells = [line.split(",") for line in lines]
    noise = [f"{a},{b},{n % 2}" for n, (a, b, _) in enumerate(cells)]
    project.write("resources/ex4.csv", "\n".join([header, *noise]) + "\n")
    (project.folder / USES).unlink()
    project.run(*PAGES)
    assert json.loads(project.read(USES)) == []
    page = project.read("results/summary.rst")
    assert "The new data were not used\\, as no model is recommended" in page
    assert project.read(PREDICTIONS) == "model,row,class,predicted\n"


@pytest.mark.parametrize(
    ("content", "test", "says"),
    [
        (None, "gone.csv", "datasets.ex4.test: found gone.csv, which is not a file; use a table"),
        ("", "new.csv", "datasets.ex4.test: new.csv: "),
        ("exam_1,exam_2,admitted\n50,60,1\n", "new.csv", "found 0 rows of the class '0'"),
        ("exam_1,exam_2,admitted\n50,x,1\n50,6,1\n5,6,0\n5,7,0\n", "new.csv",
         "new.csv: row 1 (line 2), column 'exam_2': found 'x'; use a finite number"),
        (None, "resources/ex4.csv", "which is the table that the models are trained on"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_by_the_plan(
    in_a_folder, tmp_path, content, test, says
):
    if content is not None:
        (tmp_path / "new.csv").write_text(content)
    config = copy.deepcopy(rerun_cases.CONFIG)
    config["datasets"]["ex4"]["test"] = test
    with pytest.raises(BackpropError, match=re.escape(says)):
        Plan(config, ROOT)


def test_hostile_names_reach_no_page_as_markup(tmp_path):
    config = copy.deepcopy(rerun_cases.CONFIG)
    script = "<script>alert(1)</script>"
    config["datasets"] = {"ex4": {"source": "odd.csv", "label": "y", "test": "new b.csv"}}
    config["models"], config["vary"] = ["logistic", "scratch"], {}
    project = Project(tmp_path / "project", config)
    project.keep_figures()
    rng = np.random.default_rng(1)

    def write(name, zones, n):
        y = rng.integers(0, 2, n)
        rows = [f"{v:.3f},{zones[i % len(zones)]},{script}{k}" for i, (v, k) in
                enumerate(zip(2.0 * y + rng.normal(size=n), y, strict=True))]  # fmt: skip
        project.write(name, "\n".join(["size {x},zone,y", *rows]) + "\n")

    write("odd.csv", ["a", "=b"], 80)
    write("new b.csv", ["a", "=b", "<img src=x onerror=alert(2)>", "**c**"], 40)
    project.run(*PAGES)
    html = (project.folder / PAGES[0]).read_text()
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(2)&gt;" in html
    assert script not in html
    assert "<img src=x" not in project.read("results/summary.rst").replace("\\", "\\ ")

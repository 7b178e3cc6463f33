"""Tables as users bring them, run from the config to the landing page, as a reader would check it.

On a schedule there are larger ones, too, and all figures; tests/report draws those of many classes.
"""

import re

import numpy as np
import pandas as pd
import pytest
from own_tables import check_comparison, penguins, rare, semicolons
from project import SMALL, Project

from backprop.data.sources import canonical, obtain


def noise():
    """Return a table of two balanced classes that the features know nothing of."""
    x = np.random.default_rng(5).normal(size=(80, 2)).round(3)
    return "".join(["a,b,k\n", *(f"{a},{b},{row % 2}\n" for row, (a, b) in enumerate(x))])


def ten():
    """Return a table of ten rows that the first feature separates."""
    rows = (f"{row + 10 * (row > 4)},{(row * 7) % 5},{int(row > 4)}\n" for row in range(10))
    return "".join(["a,b,k\n", *rows])


MODELS = ["logistic", "softmax", "scratch"]
LARGER = "breast_cancer"
OF_LARGER = pytest.param(LARGER, marks=pytest.mark.thorough)
TABLES = {
    "penguins": {
        "source": "penguins.csv", "label": "species", "missing": "impute", "row": "penguin",
    },
    "rare": {"source": "rare.csv", "label": "state", "positive": "ill", "duplicates": "together"},
    "semicolons": {"source": "semicolons.csv", "label": "risk"},
    "xor": {"source": "xor"},
    "noise": {"source": "noise.csv", "label": "k"},
    "ten": {"source": "ten.csv", "label": "k"},
}  # fmt: skip
ON_A_SCHEDULE = {
    LARGER: {"source": "breast_cancer", "row": "patient", "positive": "benign"},
    "digits": {"source": "digits"},  # only compared, in fewer fits: it takes as long as all others
}
ODD = ["penguins", "rare", "semicolons"]
DATASETS = TABLES | ON_A_SCHEDULE
EACH = [*ODD, *(pytest.param(name, marks=pytest.mark.thorough) for name in ON_A_SCHEDULE)]
CONFIG = SMALL | {
    "models": MODELS,
    "validation": {"folds": 5, "repeats": 2, "inner_folds": None},
    "training": {"epochs": 60, "patience": None, "tolerance": 1.0e-6},
    "reference": SMALL["reference"]
    | {"hidden": [6], "cost": "cross_entropy", "initialisation": "glorot"},
    "vary": {},
}
LANDING = "results/summary.rst"
# Pages that nothing on the landing page needs.
PAGES = [f"results/{page}.html" for page in ("penguins/live", "rare/live", "rare/provenance")]


@pytest.fixture(scope="module")
def project(tmp_path_factory, thorough):
    """A run to the landing page, and to other pages of two odd tables; all is for a schedule."""
    datasets = TABLES | ({LARGER: DATASETS[LARGER]} if thorough else {})
    project = Project(tmp_path_factory.mktemp("own") / "project", CONFIG | {"datasets": datasets})
    if not thorough:
        project.keep_figures()
    for write in (penguins, rare, semicolons, noise, ten):
        project.write(f"{write.__name__}.csv", write())
    project.run(*([] if thorough else [LANDING, *PAGES]))
    return project


@pytest.fixture(scope="module")
def projects(project, tmp_path_factory, thorough):
    """The project of each table."""
    projects = dict.fromkeys(DATASETS, project)
    if thorough:
        config = SMALL | {"models": MODELS, "datasets": {"digits": DATASETS["digits"]}}
        projects["digits"] = Project(tmp_path_factory.mktemp("digits") / "project", config)
        projects["digits"].run("results/digits/tables/comparison.csv")
    return projects


def test_a_data_set_that_is_drawn_has_the_seed_of_the_study(project):
    stored = project.folder / "results/xor/data/dataset.csv"
    assert stored.read_bytes() == canonical(obtain("xor", seed=CONFIG["seed"]))


@pytest.mark.parametrize("dataset", EACH)
def test_the_models_are_compared_on_the_table(dataset, projects):
    check_comparison(projects[dataset], dataset, MODELS, DATASETS[dataset].get("positive"))


def test_the_landing_page_begins_with_what_all_data_sets_show(project):
    landing = re.sub(r"\\(.)", r"\1", project.read(LANDING))
    page = project.read("results/across.html")
    sentence = re.search(r"\*\*On \d data sets, the network is .*?\*\*", landing)[0]
    assert landing.index(sentence) < landing.index("Data set")
    assert sentence.strip("*") in page
    rows = pd.read_csv(project.results / "data_sets.csv")
    assert rows["dataset"].to_list() == sorted(rows["dataset"], key=[*DATASETS].index)
    for name in TABLES:
        own = pd.read_csv(project.results / name / "tables/comparison.csv").set_index("model")
        row = rows[(rows["model"] == "scratch") & (rows["dataset"] == name)].iloc[0]
        assert row["difference"] == own.loc["scratch", "difference"]
        assert row["standard_error"] == own.loc["scratch", "standard_error"]


def test_an_edit_of_one_data_set_runs_only_its_jobs(project, tmp_path):
    edited = project.copy(tmp_path / "project")
    assert "Nothing to be done" in edited.run(LANDING).output
    edited.write("rare.csv", rare() + "0.5,0.5,well\n")
    others = TABLES.keys() - {"rare"}
    for options in (["--dry-run"], ["--until", "score"]):  # all that it plans, and what it runs
        jobs = re.findall(r"^Job \d+: (.*)$", edited.run(LANDING, *options).output, re.MULTILINE)
        assert "Fetch the data set rare" in jobs
        assert "Score the fits of rare" in jobs
        assert [job for job in jobs if any(name in job for name in others)] == []


def test_each_has_a_report(project):
    project.run(LANDING, "--report", "report.html")
    report = project.read("report.html")
    for name in TABLES:
        assert f"report/{name}.html" in report
        assert f"results/{name}/tables/comparison.html" in project.read(f"report/{name}.html")


@pytest.fixture(scope="module")
def said(project):
    """Return what the landing page of each data set says, without escapes and drawings."""
    return {
        file.parent.name: in_words(file.read_text())
        for file in project.results.glob("*/summary.rst")
    }


def in_words(page):
    """Return what a landing page says before how models are compared."""
    page = re.sub(r"\\(.)", r"\1", page)
    page = re.sub(r"<p>.*?</p>|<style>.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r"<svg.*?</svg>", words_of, page, flags=re.DOTALL)
    return page[: page.index("Models are compared on the same splits")]


def words_of(picture):
    """Return the texts of a picture on the page."""
    return "\n".join(re.findall("<text[^>]*>([^<]*)</text>", picture[0]))


@pytest.mark.parametrize("dataset", [*TABLES, OF_LARGER])
def test_no_number_is_impossible(dataset, said):
    text = said[dataset]
    assert not re.search(r"\b(nan|inf|None)\b|[−+]0\.0 to [−+]0\.0|[−-]0\.0 ", text)
    assert max(map(float, re.findall(r"(\d+\.\d+)%", text))) <= 100
    assert max(map(float, re.findall(r"[−+](\d+\.\d+)", text))) <= 100
    assert "100.0% to 100.0%" not in text


@pytest.mark.parametrize("dataset", ["penguins", OF_LARGER, "ten"])
def test_a_regression_without_a_solution_is_named(dataset, said):
    assert re.search(
        r"Fits of logistic regression \(\d+ of 10\).* can separate classes, so no finite solution "
        r"exists",
        said[dataset],
    )


@pytest.mark.parametrize("dataset", ["xor", "noise"])
def test_a_regression_with_a_solution_is_not_said_to_separate(dataset, said):
    assert "separate" not in said[dataset]


def test_xor_is_for_the_network(said):
    assert "use the network: it is better than logistic regression" in said["xor"]
    warning = (
        "Logistic regression is not shown to be better than always predicting the commonest class "
        "by accuracy, nor by another metric"
    )
    assert warning in said["xor"]


def test_no_model_of_noise_is_praised(said):
    assert "is better than" not in said["noise"]
    assert (
        "Logistic regression and the network are not shown to be better than always "
        "predicting the commonest class by accuracy, nor by another metric"
    ) in said["noise"]


def test_ten_rows_prove_little(said):
    # Wilson's interval of 10 of 10 begins at 72.2%. 1 + 1 / 8 is the inflation of repeats that
    # agree, so these rows count as n = 8.9, and it begins at n / (n + 1.96^2) = 69.8%.
    assert "69.8% to 100.0%" in said["ten"]
    assert "differ from their commonest" not in said["ten"]  # ten values are all different
    assert "The classes '0' and '1' have few rows, the smallest 5" in said["ten"]
    assert "practically equal" not in said["ten"]
    # Ten of ten are not more than a guess by the test of all models and metrics together.
    assert "commonest class by accuracy, though better than a guess by log loss" in said["ten"]


@pytest.mark.parametrize("dataset", ["penguins", OF_LARGER])
def test_an_honest_feature_is_not_said_to_give_the_class_away(dataset, said):
    assert "alone predict" not in said[dataset]
    assert "have a copy" not in said[dataset]
    assert "better than always predicting the commonest class" not in said[dataset]

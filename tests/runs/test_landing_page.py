"""What the landing page says of four data sets, as a reader would check it.

On a schedule, it has a larger one, too.
"""

import re

import numpy as np
import pytest
from own_tables import check_comparison, check_folds, penguins
from project import SMALL, Project


def noise():
    """Return a table of two balanced classes that the features know nothing of."""
    x = np.random.default_rng(5).normal(size=(80, 2)).round(3)
    return "".join(["a,b,k\n", *(f"{a},{b},{row % 2}\n" for row, (a, b) in enumerate(x))])


def ten():
    """Return a table of ten rows that the first feature separates."""
    rows = (f"{row + 10 * (row > 4)},{(row * 7) % 5},{int(row > 4)}\n" for row in range(10))
    return "".join(["a,b,k\n", *rows])


LARGER = "breast_cancer"
OF_LARGER = pytest.param(LARGER, marks=pytest.mark.thorough)
DATASETS = {
    "penguins": {
        "source": "penguins.csv", "label": "species", "missing": "impute", "row": "penguin",
    },
    LARGER: {"source": "breast_cancer", "row": "patient", "positive": "benign"},
    "xor": {"source": "xor"},
    "noise": {"source": "noise.csv", "label": "k"},
    "ten": {"source": "ten.csv", "label": "k"},
}  # fmt: skip
CONFIG = SMALL | {
    "models": ["logistic", "softmax", "scratch"],
    "validation": {"folds": 5, "repeats": 2, "inner_folds": None},
    "training": {"epochs": 60, "patience": None, "tolerance": 1.0e-6},
    "reference": SMALL["reference"]
    | {"hidden": [6], "cost": "cross_entropy", "initialisation": "glorot"},
    "vary": {"learning_rate": [0.3]},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory, thorough):
    """A run to the landing page."""
    datasets = {k: v for k, v in DATASETS.items() if thorough or k != LARGER}
    config = CONFIG | {"datasets": datasets}
    project = Project(tmp_path_factory.mktemp("landing") / "project", config)
    project.keep_figures()
    for name, text in (("penguins", penguins()), ("noise", noise()), ("ten", ten())):
        project.write(f"{name}.csv", text)
    project.run("results/summary.rst")
    return project


@pytest.fixture(scope="module")
def said(project):
    """Return what the landing page says of each data set, without escapes and drawings."""
    page = re.sub(r"\\(.)", r"\1", project.read("results/summary.rst"))
    page = re.sub(r"<p>.*?</p>|<style>.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r"<svg.*?</svg>", words_of, page, flags=re.DOTALL)
    page = page[: page.index("Models are compared on the same splits")]
    parts = re.split(r"^The data set ``(\w+)``$", page, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def words_of(picture):
    """Return the texts of a picture on the page."""
    return "\n".join(re.findall("<text[^>]*>([^<]*)</text>", picture[0]))


@pytest.mark.thorough  # tests/data reads tables by name, the others here are of each kind
def test_the_models_are_compared_on_a_table_by_name(project):
    check_comparison(project, LARGER, CONFIG["models"], "benign")
    check_folds(project, LARGER, "class", "12345")


@pytest.mark.parametrize("dataset", ["penguins", OF_LARGER, "xor", "noise", "ten"])
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
    assert "Use the network: it is better than logistic regression" in said["xor"]
    warning = (
        "Logistic regression is not shown to be better than always predicting the commonest class "
        "by accuracy, nor by another metric: do not rely on these predictions"
    )
    assert warning in said["xor"]


def test_no_model_of_noise_is_praised(said):
    assert "is better than" not in said["noise"]
    assert (
        "Logistic regression and the network are not shown to be better than always "
        "predicting the commonest class by accuracy, nor by another metric: do not rely on these "
        "predictions"
    ) in said["noise"]


def test_ten_rows_prove_little(said):
    # Wilson's interval of 10 of 10 begins at 72.2%. 1 + 1 / 4 is the inflation of repeats that
    # agree, so these rows count as 8, and it begins at 8 / (8 + 1.96^2) = 67.6%.
    assert "67.6% to 100.0%" in said["ten"]
    assert "differ from their commonest" not in said["ten"]  # ten values are all different
    assert "The classes '0' and '1' have few rows, the smallest 5" in said["ten"]
    assert "practically equal" not in said["ten"]
    assert (
        "not shown to be better than always" not in said["ten"]
    )  # ten of ten are more than a guess


@pytest.mark.parametrize("dataset", ["penguins", OF_LARGER])
def test_an_honest_feature_is_not_said_to_give_the_class_away(dataset, said):
    assert "alone predict" not in said[dataset]
    assert "have a copy" not in said[dataset]
    assert "better than always predicting the commonest class" not in said[dataset]


@pytest.mark.parametrize("dataset", ["penguins", OF_LARGER, "ten"])
def test_a_model_without_a_solution_is_not_called_the_one_with_nothing_to_tune(dataset, said):
    assert "nothing to tune" not in said[dataset]

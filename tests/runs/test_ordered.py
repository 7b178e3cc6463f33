"""A table in the order of time, run from the config to its warnings, and again with `order`."""

import csv
import datetime
import io
import json

import numpy as np
import pandas as pd
import pytest
from project import SMALL, Project

ENTRY = {"source": "walk.csv", "label": "up", "row": "day"}
MODELS, WARNINGS = ["logistic", "scratch"], "results/walk/tables/warnings.html"


def walk():
    """Return 120 days of two random walks, with both classes in each quarter."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(120, 2)).cumsum(axis=0).round(3)
    up = np.tile(np.repeat([0, 1], 5), 12)
    start = datetime.date(2024, 1, 1)
    lines = [
        f"{start + datetime.timedelta(day)},{a},{b},{c}\n"
        for day, ((a, b), c) in enumerate(zip(x, up, strict=True))
    ]
    return "day,a,b,up\n", lines


def config_of(**entry):
    return SMALL | {
        "models": MODELS,
        "vary": {"learning_rate": [0.3]},
        "datasets": {"walk": {**ENTRY, **entry}},
        "validation": {"folds": 3, "repeats": 1, "inner_folds": 2},
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    header, lines = walk()
    project = Project(tmp_path_factory.mktemp("walk") / "project", config_of(features=["a", "b"]))
    project.write("walk.csv", header + "".join(lines))
    project.run(WARNINGS)
    return project


def folds(project, file):
    """Return the rows of a file of folds, as mappings of numbers, without empty cells."""
    text = project.read(f"results/walk/data/{file}.csv")
    rows = csv.DictReader(io.StringIO(text))
    return [{name: int(cell) for name, cell in row.items() if cell} for row in rows]


def test_the_advice_on_a_random_walk_is_followed_by_order(project, tmp_path):
    ordered = project.copy(tmp_path / "ordered")
    advice = "Neighbouring days are more alike in class and features than chance explains"
    assert advice in project.read(WARNINGS)
    assert "order" not in json.loads(project.read("results/walk/data/columns.json"))
    ordered.configure(config_of(order="day"))  # by default, the column of the order is no feature
    run = ordered.run(WARNINGS)
    assert {"fetch", "split", "split_inner", "train logistic"} <= run.jobs
    assert run.trained["logistic"] == 3
    for row in folds(ordered, "folds"):
        assert row["fold"] == (row["row"] - 1) // 30
    inner = folds(ordered, "inner_folds")
    assert len(inner) == 120
    for row in inner:  # the first split has 30 training rows, the second 60, the third 90
        place = row["row"] - 1
        expected = {f"repeat_1_fold_{k}": place // (10 * k) for k in (1, 2, 3) if place < 30 * k}
        assert row == {"row": place + 1, **expected}
    assert json.loads(ordered.read("results/walk/data/columns.json"))["order"] == [*range(120)]
    assert ordered.read("results/walk/data/dataset.csv") == project.read(
        "results/walk/data/dataset.csv"
    )
    assert "Neighbouring days" not in ordered.read(WARNINGS)
    table = pd.read_csv(ordered.folder / "results/walk/tables/comparison.csv", index_col="model")
    assert set(table["rows"]) == {90}
    assert table.loc["scratch", "basis"] == "groups"
    assert table["corrected_p"].isna().all()
    assert ordered.planned(WARNINGS) == set()

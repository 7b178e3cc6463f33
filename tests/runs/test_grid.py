"""Grids of hundreds of configurations run to their report: implementations agree in each step."""

import copy
import math
import re

import pandas as pd
import pytest
import yaml
from project import ROOT, SMALL, Project

DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text())
UPDATES = {"batch_size": [1, 8, 64], "l2": [0.0, 0.001, 0.1], "learning_rate": [0.1, 1.0]}


def grid(datasets=None, vary=None, **changes):
    config = copy.deepcopy(DEFAULT) | changes
    config["search"] = "grid"
    config["datasets"] = datasets or config["datasets"]
    config["vary"] = vary or config["vary"]
    return config


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("config", "configurations"),
    [
        (grid(also=[]), 420),
        (grid(vary=UPDATES, simulation={"sets": 0}), 18),
        (
            grid(
                {name: {"source": name} for name in ("iris", "breast_cancer")},
                UPDATES,
                simulation={"sets": 0},
            ),
            18,
        ),
    ],
    ids=["of the default config", "of batches and weight decay", "on other tables"],
)
def test_a_grid_runs_to_its_report(config, configurations, tmp_path):
    project = Project(tmp_path / "project", config)
    project.run()
    project.run("--report", "report.html")
    for dataset in config["datasets"]:
        table = pd.read_csv(project.folder / f"results/{dataset}/tables/parity.csv")
        assert len(table) == configurations
        assert set(table["state"]) <= {"agrees", "chaotic"}
        assert table["tensorflow_steps"].between(0, 1).all()


def test_a_grid_says_how_many_fits_it_has_and_how_long_it_takes_before_it_trains(tmp_path):
    project = Project(tmp_path / "project", SMALL | {"search": "grid"})
    target = "results/ex4/tables/fits.csv"
    said = (
        "grid: 4 configurations of scratch; up to 10 fits to train; the networks take about "
        "10 seconds with 2 at once"
    )
    *_, last = project.run("--dry-run", target).output.splitlines()
    assert last == said
    before, _, after = project.run(target).output.partition(f"{said}\n")
    assert "Train " not in before
    assert "Train scratch on ex4: " in after
    assert "grid: " not in project.run(target).output
    project.put("vary.learning_rate", [0.3, 0.5])
    *_, last = project.run("--dry-run", target).output.splitlines()
    assert last.startswith("grid: 6 configurations of scratch; up to 12 fits to train; ")


def test_many_small_data_sets_are_submitted_in_a_few_groups(tmp_path):
    datasets = {f"data_{n}": DEFAULT["datasets"]["ex4"] for n in range(60)}
    vary = {"hidden": [[3], [4]]}
    project = Project(tmp_path / "project", grid(datasets, vary, models=["logistic", "scratch"]))
    targets = [f"results/{name}/tables/fits.csv" for name in datasets]
    groups = ("--groups", "train=fits", "train_networks_1=fits", "--group-components", "fits=50")
    printed = project.run("-n", *targets, *groups).output
    numbers = dict(re.findall(r"(?m)^(train\w*) +(\d+)$", printed))  # printed twice
    jobs = sum(map(int, numbers.values()))
    assert jobs >= 120
    # 50 outer splits, and 100 inner ones of the network, in five configurations of it
    assert f"; up to {60 * (50 + 5 * 150):,} fits to train; the networks take about " in printed
    assert printed.count("Group job fits") == math.ceil(jobs / 50)

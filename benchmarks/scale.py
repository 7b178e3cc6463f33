"""Measure what a large grid costs before, between and after its training.

The files that git tracks are copied to a temporary directory, and Snakemake runs there on grids of
1,000 and 10,000 configurations: a plan with all models and the default cross-validation, then a run
to the comparison with scratch alone, two folds and two epochs, so that what is timed is everything
but arithmetic and pictures.

Run it from the root of the repository; it prints a table for docs/cluster.md, and writes
``results/benchmarks/scale.csv``.
"""

import copy
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml

from backprop.data import dataset as data
from backprop.models import networks as training
from backprop.study.configurations import enumerate_configurations
from workflow import copy_tracked, jobs_of

OUTPUT = Path("results/benchmarks/scale.csv")
GRIDS = {1000: (5, 25), 10000: (25, 50)}  # how many hidden layers and learning rates to try
COMPARISON = "results/ex4/tables/comparison.csv"
QUICK = {
    "models": ["logistic", "scratch"],
    "validation": {"folds": 2, "repeats": 1},
    "training": {"epochs": 2, "patience": None, "tolerance": 1.0e-6},
}


class Timed(NamedTuple):
    """What a run of Snakemake took: seconds, MB of its largest process; and what it printed."""

    seconds: float
    megabytes: float
    printed: str


def grid(default: dict[str, Any], layers: int, rates: int) -> dict[str, Any]:
    """Return the config of a grid: layers x 2 activations x 2 costs x rates x 2 initialisations."""
    config = copy.deepcopy(default)
    config["search"] = "grid"
    config["reference"]["hidden"] = [2]
    config["reference"]["learning_rate"] = 0.01
    config["vary"] = {
        "hidden": [[nodes] for nodes in range(3, layers + 2)],
        "activation": ["tanh"],
        "cost": ["cross_entropy"],
        "learning_rate": np.geomspace(0.01, 1, rates).round(6).tolist()[1:],
        "initialisation": ["glorot"],
    }
    return config


def snakemake(folder: Path, config: dict[str, Any], *options: str) -> Timed:
    """Run Snakemake in a folder."""
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *options]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    with (folder / "printed").open("w+") as printed:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        printed.seek(0)
        text = printed.read()
    if status:
        sys.exit(f"{text[-10_000:]}\nerror: {' '.join(command)} ended with status {status}")
    return Timed(seconds, used.ru_maxrss / 1024, text)


def measure(folder: Path, default: dict[str, Any], layers: int, rates: int) -> dict[str, float]:
    """Plan and run one grid in a folder."""
    config = grid(default, layers, rates)
    configurations = enumerate_configurations(config)
    shapes = {configuration.shape for configuration in configurations}
    rows, features = data.read(folder / "resources/ex4.csv").x.shape
    splits = default["validation"]["folds"] * default["validation"]["repeats"]
    plan = snakemake(folder, config, "--dry-run")
    quick = {**config, **QUICK}
    first = snakemake(folder, quick, COMPARISON)
    again = snakemake(folder, quick, COMPARISON)
    changed = copy.deepcopy(quick)
    changed["vary"]["learning_rate"][0] = 0.5555
    change = snakemake(folder, changed, COMPARISON)
    return {
        "configurations": len(configurations),
        "stacks of a network": len(shapes),
        "jobs, all models": sum(jobs_of(plan.printed).values()),
        "of these, jobs that train": sum(
            count for rule, count in jobs_of(plan.printed).items() if rule.startswith("train_")
        ),
        "fits in a stack": len(configurations) // len(shapes) * splits,
        "fits that a stack may hold": min(
            training.fits_at_once(shape, rows, features) for shape in shapes
        ),
        "seconds to plan": plan.seconds,
        "MB to plan": plan.megabytes,
        "seconds of a quick run": first.seconds,
        "MB of its largest process": first.megabytes,
        "seconds with nothing to do": again.seconds,
        "seconds after a changed learning rate": change.seconds,
        "jobs after it that train": sum(
            count for rule, count in jobs_of(change.printed).items() if rule.startswith("train_")
        ),
    }


def main() -> None:
    """Measure, print and write."""
    root = Path.cwd()
    default = yaml.safe_load((root / "config.yaml").read_text())
    columns = {}
    for size, (layers, rates) in GRIDS.items():
        with tempfile.TemporaryDirectory() as folder:
            copy_tracked(root, Path(folder))
            columns[f"{size:,}"] = measure(Path(folder), default, layers, rates)
    table = pd.DataFrame(columns).rename_axis("grid of")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUTPUT)
    print(f"| grid of | {' | '.join(table)} |\n|---|{'---:|' * len(table.columns)}")
    for name, row in table.iterrows():
        cells = (f"{x:,.0f}" if x >= 10 else f"{x:.1f}".removesuffix(".0") for x in row)
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()

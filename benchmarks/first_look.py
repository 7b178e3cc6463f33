"""Measure a first look at a table of 200 rows and 8 columns, and the full run after it.

It runs what `make run QUICK=1` and then `make run` run, with the report, in a copy of this checkout
in a temporary directory, on two cores. The models are those that a table of one's own needs, with
a few values to try of each.

On two idle cores, the first look must take less than 30 seconds. Other programs make it longer, so
the processor time counts: less than 60 seconds. It prints a table for docs/performance.md, and
writes ``results/benchmarks/first_look.md``.
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from workflow import CORES, IMPORT_ALL, RESULTS, ROOT, copy_tracked, timed

ROWS, COLUMNS, SEED = 200, 8, 1
MOST_SECONDS = 30  # of the first look, on CORES idle cores
CONFIG = {
    "seed": SEED,
    "datasets": {"table": {"source": "table.csv", "label": "class"}},
    "validation": {"folds": 5, "repeats": 10},
    "training": {"epochs": 500, "patience": None, "tolerance": 1.0e-6},
    "models": ["logistic", "knn", "forest", "boosting", "scratch"],
    "baselines": {"logistic": {"reference": {"l2": 0.01}}},
    "estimators": {
        "knn": {
            "class": "sklearn.neighbors.KNeighborsClassifier",
            "reference": {"n_neighbors": 15},
            "vary": {"n_neighbors": [5, 45]},
        },
        "forest": {"class": "sklearn.ensemble.RandomForestClassifier"},
        "boosting": {"class": "sklearn.ensemble.HistGradientBoostingClassifier"},
    },
    "reference": {
        "hidden": [10],
        "activation": "tanh",
        "cost": "cross_entropy",
        "learning_rate": 0.1,
        "initialisation": "glorot",
    },
    "vary": {"hidden": [[5], [20]], "learning_rate": [0.03]},
    "comparison": {"rope": 0.01},
    "search": "one_at_a_time",
}


def table() -> pd.DataFrame:
    """Return numbers, of which the first two and their product decide the class in part."""
    generator = np.random.default_rng(SEED)
    x = generator.normal(size=(ROWS, COLUMNS - 1)).round(3)
    score = x[:, 0] - x[:, 1] + x[:, 0] * x[:, 1] + generator.normal(size=ROWS)
    named = {f"x{number}": values for number, values in enumerate(x.T, 1)}
    return pd.DataFrame({**named, "class": np.where(score > 0, "yes", "no")})


def measure() -> pd.DataFrame:
    """Return the seconds of the runs and their reports: a row for each, wall and CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "copy"
        copy_tracked(ROOT, copy)
        table().to_csv(copy / "table.csv", index=False)
        (copy / "table.yaml").write_text(yaml.safe_dump(CONFIG, sort_keys=False))
        timed([sys.executable, "-B", "-c", IMPORT_ALL], copy)
        rows = []
        for name, more in {"first look": ["config/quick.yaml"], "full run after it": []}.items():
            configs = ["--configfile", "table.yaml", *more, "--replace-workflow-config"]
            command = [sys.executable, "-m", "snakemake", *configs]
            run = timed([*command, "--cores", str(CORES)], copy)
            report = timed([*command, "--report", "results/report.html"], copy)
            rows += [(name, run.wall, run.cpu), (f"{name}: report", report.wall, report.cpu)]
            print(*rows[-2:], *run.printed.splitlines()[-8:], sep="\n", file=sys.stderr)
    return pd.DataFrame(rows, columns=["seconds", "wall", "CPU"])


def main() -> None:
    """Measure, print and write."""
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    measured = measure()
    cpu = measured["CPU"][:2].sum()
    most = MOST_SECONDS * CORES
    met = "met" if cpu < most else "MISSED"
    lines = [
        measured.to_markdown(index=False, floatfmt=".1f"),
        f"\n- {met}: a first look and its report take {cpu:.1f} of {most} seconds of CPU time",
    ]
    RESULTS.mkdir(parents=True, exist_ok=True)
    output = RESULTS / "first_look.md"
    output.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(output.read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()

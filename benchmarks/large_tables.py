"""Measure how a large table is read: by pandas, by the workflow, for its config, and at a start.

Run it with ``python benchmarks/large_tables.py``; it needs 1 GB of disk. The table is also in
``results/benchmarks/large_tables.md``, from which `make readme` takes it.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from workflow import RESULTS, ROOT

SIZES = ((1_000_000, 30),)
READ = """
from pathlib import Path
from backprop.data.sources import obtain
obtain("t", label="y", file=Path("t.csv"), missing="impute")
"""
START = [
    "-m",
    "snakemake",
    "--dry-run",
    "--quiet",
    "--cores",
    "2",
    "--snakefile",
    f"{ROOT}/Snakefile",
]
START += ["--configfile", "t.yaml", "--replace-workflow-config", "--directory", "."]
WAYS = {
    "pandas reads it": ["-c", "import pandas; pandas.read_csv('t.csv')"],
    "the workflow reads it": ["-c", READ],
    "the first config is written": ["-m", "backprop", "config", "t.csv", "--label", "y"],
    "start (dry run)": START,
}
"""What is measured, in this order. A config is written in the folder of the table."""


def write_table(file: Path, rows: int, columns: int) -> None:
    """Write a table: an id, numbers with four digits, some of them missing, categories, a class."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        random.normal(size=(rows, columns - 5)).round(4),
        columns=[f"x{number}" for number in range(columns - 5)],
    )
    table.loc[random.random(rows) < 0.05, "x3"] = np.nan
    table.insert(0, "id", random.permutation(rows))
    table["count"] = random.integers(0, 50, rows)
    table["site"] = random.choice(["north", "south", "west"], rows)
    table["kind"] = random.choice([f"k{number}" for number in range(40)], rows)
    table["y"] = random.choice(["no", "yes"], rows)
    table.to_csv(file, index=False)


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the processor time of a new Python, and its largest memory in GB."""
    before = os.times()
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": f"{ROOT}/src"},
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"error: {' '.join(command)} failed")
    after = os.times()
    children = after.children_user + after.children_system
    return children - before.children_user - before.children_system, used.ru_maxrss / 1e6


def main() -> None:
    """Print a row for each size and way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, help="measure a smaller table of 31 columns only")
    asked = parser.parse_args()
    lines = ["| rows | columns | what | seconds | GB |", "|---:|---:|---|---:|---:|"]
    for rows, columns in [(asked.rows, 31)] if asked.rows else SIZES:
        with TemporaryDirectory() as name:
            write_table(Path(name, "t.csv"), rows, columns)
            for what, way in WAYS.items():
                seconds, memory = measure(way, Path(name))
                lines.append(f"| {rows:,} | {columns} | {what} | {seconds:.1f} | {memory:.2f} |")
    text = "\n".join(lines)
    print(text)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "large_tables.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Measure how a large table is read: by pandas, by the workflow, for its config, and at a start.

Run it with ``python benchmarks/large_tables.py``; it needs 1 GB of disk. With ``--wide``, it
measures fits of logistic regression with more inputs than rows instead, with ``--cores`` a forest
that is trained on one and two cores. The table is also in ``results/benchmarks/large_tables.md``,
``wide_tables.md`` or ``cores.md``, from which `make readme` takes it.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import yaml
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from backprop.data.dataset import Dataset
from backprop.models import logistic
from backprop.models.baselines import train_fits
from backprop.study.configurations import Configuration
from backprop.study.fits import SCHEMA
from backprop.study.splits import Split
from workflow import RESULTS, ROOT

WIDE = ((240, 1000), (240, 2000), (300, 20_000))
MOST_COLUMNS = 2000  # on all of which a regression is fitted in less than hours
L2 = 0.001
SIZES = ((1_000_000, 30),)
READ = """
from pathlib import Path
from backprop.data.sources import obtain
obtain("t", label="y", file=Path({!r}), missing="impute", **{!r})
"""
RUN = ["-m", "snakemake", "--snakefile", f"{ROOT}/Snakefile", "--quiet", "--directory", "."]
RUN += ["--configfile", "t.yaml", "--replace-workflow-config"]
START = [*RUN, "--dry-run", "--cores", "2"]
FOREST = """
datasets: {t: {source: t.csv, label: y}}
models: [logistic, forest]
estimators: {forest: {class: sklearn.ensemble.RandomForestClassifier}}
validation: {folds: 5, repeats: 6, inner_folds: null}
"""
FOREST_FITS = "results/t/fits/forest.parquet"
CELLS = {"x3": {"missing": [9999]}, "kind": {"join": {"k1": "k0"}}}
WAYS = {
    "pandas reads the CSV": ["-c", "import pandas; pandas.read_csv('t.csv')"],
    "the workflow reads the CSV": ["-c", READ.format("t.csv", {})],
    "the workflow reads the CSV by `cells`": ["-c", READ.format("t.csv", {"cells": CELLS})],
    "pandas reads it with all texts in quotes": [
        "-c",
        "import pandas; pandas.read_csv('quoted.csv')",
    ],
    "the workflow reads it with all texts in quotes": ["-c", READ.format("quoted.csv", {})],
    "pandas reads the Parquet": ["-c", "import pandas; pandas.read_parquet('t.parquet')"],
    "the workflow reads the Parquet": ["-c", READ.format("t.parquet", {})],
    "the workflow draws 100,000 rows of it": [
        "-c",
        READ.format("t.parquet", {"rows": 100_000}),
    ],
    "the first config is written": ["-m", "backprop", "config", "t.csv", "--label", "y"],
    "start (dry run)": START,
    "next start": START,
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
    table.to_csv(file.with_name("quoted.csv"), index=False, quoting=csv.QUOTE_NONNUMERIC)
    table.to_parquet(file.with_suffix(".parquet"))


def measure(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Return the processor time of a new Python, its largest memory in GB, and its wall time."""
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
    cpu = children - before.children_user - before.children_system
    return cpu, used.ru_maxrss / 1e6, after.elapsed - before.elapsed


def seconds_of(work: Callable[[], object]) -> float:
    """Return the processor time of some work."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def measure_fits(rows: int, columns: int) -> tuple[float, float, float]:
    """Return the seconds of a fit by the workflow, on all columns (or NaN), and by lbfgs."""
    random = np.random.default_rng(1)
    x, every = random.normal(size=(rows, columns)), np.arange(rows)
    y = (x[:, 0] + random.normal(size=rows) > 0).astype(np.int64)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    dataset = Dataset(tuple(f"x{n}" for n in range(columns)), "y", x, y, ("no", "yes"))
    fits = [(Configuration.of({"l2": L2}), Split(0, 0, every, every[:1]))]
    other = LogisticRegression(C=1 / (L2 * rows), max_iter=10_000, tol=1e-9)
    return (
        seconds_of(lambda: list(train_fits(logistic, fits, dataset))),  # which standardises, too
        seconds_of(lambda: logistic.fit(x, y, l2=L2)) if columns <= MOST_COLUMNS else np.nan,
        seconds_of(lambda: other.fit(x, y)),
    )


def of_tables(sizes: tuple[tuple[int, int], ...]) -> Iterator[str]:
    """Yield the lines of a table with a row for each size and way to read, and ratios to pandas."""
    yield "| rows | columns | what | seconds | ratio | GB | ratio |"
    yield "|---:|---:|---|---:|---:|---:|---:|"
    for rows, columns in sizes:
        with TemporaryDirectory() as name:
            write_table(Path(name, "t.csv"), rows, columns)
            by_pandas = (0.0, 0.0)
            for what, way in WAYS.items():
                seconds, memory, _ = measure(way, Path(name))
                own = seconds, memory
                by_pandas = own if what.startswith("pandas") else by_pandas
                more, larger = seconds / by_pandas[0], memory / by_pandas[1]
                reads = what.startswith("the ") and "config" not in what
                of_time, of_memory = (f"{more:.1f}", f"{larger:.1f}") if reads else ("", "")
                yield (
                    f"| {rows:,} | {columns} | {what} | {seconds:.1f} | {of_time} | {memory:.2f} "
                    f"| {of_memory} |"
                )


def of_fits() -> Iterator[str]:
    """Yield the lines of a table with a row for each wide table, and the ratios to the first."""
    yield "| rows | columns | in the space of the rows | on all columns | ratio | lbfgs | ratio |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for rows, columns in WIDE:
        own, *others = measure_fits(rows, columns)
        cells = [cell for each in others for cell in (f"{each:.2f}", f"{each / own:.1f}")]
        line = f"| {rows} | {columns:,} | {own:.2f} | {' | '.join(cells)} |"
        yield line.replace("nan", "")


def of_cores() -> Iterator[str]:
    """Yield the lines of a table with a row for each number of cores that a forest has."""
    yield from ("| cores | wall | ratio | CPU | ratio |", "|---:|---:|---:|---:|---:|")
    with TemporaryDirectory() as name:
        write_config_of_forest(Path(name))
        file, one, fits = Path(name, FOREST_FITS), (np.nan, np.nan), []
        measure([*RUN, "--cores", "1", "results/t/data/folds.csv"], Path(name))
        for cores in (1, 2):
            file.unlink(missing_ok=True)
            command = [*RUN, "--cores", str(cores), FOREST_FITS]
            cpu, _, wall = measure(command, Path(name))
            one = one if cores > 1 else (wall, cpu)
            yield f"| {cores} | {wall:.1f} | {wall / one[0]:.2f} | {cpu:.1f} | {cpu / one[1]:.2f} |"
            fits.append(pq.read_table(file, columns=[*SCHEMA.names[:-1]]).drop_columns("seconds"))
    if not fits[0].equals(fits[1]):
        sys.exit("error: the fits depend on the number of cores")


def write_config_of_forest(folder: Path) -> None:
    """Write a table of 10,000 rows and 20 columns, and the config of 30 fits of a forest."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(random.normal(size=(10_000, 20)).round(4)).add_prefix("x")
    table["y"] = np.where(table["x0"] + random.normal(size=len(table)) > 0, "yes", "no")
    table.to_csv(folder / "t.csv", index=False)
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    config |= {"vary": {}, "baselines": {}, **yaml.safe_load(FOREST)}
    (folder / "t.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def main() -> None:
    """Print the table of how large tables are read, of fits to wide ones, or of cores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, help="measure a smaller table of 31 columns only")
    parser.add_argument("--wide", action="store_true", help="measure fits to wide tables")
    parser.add_argument("--cores", action="store_true", help="measure a forest on several cores")
    asked = parser.parse_args()
    with threadpool_limits(1):
        sizes = ((asked.rows, 31),) if asked.rows else SIZES
        lines = of_fits() if asked.wide else of_cores() if asked.cores else of_tables(sizes)
        text = "\n".join(lines)
    print(text)
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = "wide_tables" if asked.wide else "cores" if asked.cores else "large_tables"
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

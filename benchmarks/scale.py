"""Measure what a large grid costs apart from the training of its networks.

The files that git tracks are copied to a temporary directory, and Snakemake runs there with the
environment of this interpreter. Two things are measured:

- The overhead of many configurations: a plan of a grid of 1,000 and of 10,000 configurations with
  all models and the default cross-validation; then a quick run to the comparison with scratch
  alone, two folds and two epochs, so that there is little arithmetic.
- Everything but the training of the networks: files of fits with random numbers take the place of
  the fits of both networks, and Snakemake computes everything else from them. This is done for the
  grid of the default values (42,000 fits) and for two larger grids, and extrapolated to 1,000,000
  fits. Jobs run side by side, so the seconds of all jobs are more than the run took.

Run it from the root of the repository. It prints tables for docs/cluster.md, and writes
``results/benchmarks/scale.csv`` and ``results/benchmarks/fits.csv``.
"""

import copy
import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import yaml

from backprop.data.dataset import Dataset, read_dataset
from backprop.models.networks import fits_at_once
from backprop.study.configurations import Configuration, enumerate_configurations
from backprop.study.fits import Trained, update_fits
from backprop.study.splits import Split, read_folds, splits_of
from workflow import copy_tracked, jobs_of

FOLDER = Path("results/benchmarks")
GRIDS = {1000: (5, 25), 10000: (25, 50)}  # how many hidden layers and learning rates to try
FITS_GRIDS = ((10, 12), (20, 12))  # the same, of the grids whose fits are random
COMPARISON = "results/ex4/tables/comparison.csv"
QUICK = {
    "models": ["logistic", "scratch"],
    "validation": {"folds": 2, "repeats": 1},
    "training": {"epochs": 2, "patience": None, "tolerance": 1.0e-6},
}
NETWORKS = ("scratch", "tensorflow")
EPOCHS, CURVE_POINTS = 500, 100
BEFORE_TRAINING = ["results/ex4/data/folds.csv"]
FITS, SECONDS, MEGABYTES = 1_000_000, 600, 2000
"""The limits for tables and figures of this number of fits: seconds, and MB of a process."""
GRID_SECONDS = 60
"""The limit for everything but training, for the grid of the default values."""


class Timed(NamedTuple):
    """Seconds of a run of Snakemake, MB of its largest process, and what it printed."""

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
        _, status, usage = os.wait4(process.pid, 0)  # of the process and all that it has waited for
        seconds = time.perf_counter() - started
        printed.seek(0)
        text = printed.read()
    if status:
        sys.exit(f"{text[-10_000:]}\nerror: {' '.join(command)} ended with status {status}")
    return Timed(seconds, usage.ru_maxrss / 1024, text)


# The overhead of many configurations


def training_jobs(printed: str) -> int:
    """Return the number of jobs that train, from what Snakemake printed."""
    return sum(count for rule, count in jobs_of(printed).items() if rule.startswith("train_"))


def measure_overhead(folder: Path, default: dict[str, Any], size: tuple[int, int]) -> pd.Series:
    """Plan and run one grid in a folder."""
    config = grid(default, *size)
    configurations = enumerate_configurations(config)
    shapes = {configuration.shape for configuration in configurations}
    rows, features = read_dataset(folder / "resources/ex4.csv").x.shape
    splits = default["validation"]["folds"] * default["validation"]["repeats"]
    plan = snakemake(folder, config, "--dry-run")
    quick = {**config, **QUICK}
    first = snakemake(folder, quick, COMPARISON)
    again = snakemake(folder, quick, COMPARISON)
    changed = copy.deepcopy(quick)
    changed["vary"]["learning_rate"][0] = 0.5555
    change = snakemake(folder, changed, COMPARISON)
    measured = {
        "configurations": len(configurations),
        "shapes": len(shapes),
        "jobs, all models": sum(jobs_of(plan.printed).values()),
        "of these, jobs that train": training_jobs(plan.printed),
        "fits of a shape": len(configurations) // len(shapes) * splits,
        "fits that a stack may hold": min(fits_at_once(s, rows, features) for s in shapes),
        "seconds to plan": plan.seconds,
        "MB to plan": plan.megabytes,
        "seconds of a quick run": first.seconds,
        "MB of its largest process": first.megabytes,
        "seconds with nothing to do": again.seconds,
        "seconds after a changed learning rate": change.seconds,
        "jobs after it that train": training_jobs(change.printed),
    }
    return pd.Series(measured)


# Everything but the training of the networks


def random_fit(
    configuration: Configuration, split: Split, dataset: Dataset, generator: np.random.Generator
) -> Trained:
    """Return a fit of random numbers: somewhat better than chance, its curves falling."""
    noise = generator.normal(size=split.test.size)
    probabilities = 1 / (1 + np.exp(-(noise + 2 * dataset.y[split.test] - 1)))
    curves = np.sort(generator.random((2, CURVE_POINTS)), axis=1)[:, ::-1]
    sizes = (dataset.x.shape[1], *configuration.hidden, 1)
    parameters = sum((inputs + 1) * outputs for inputs, outputs in itertools.pairwise(sizes))
    epochs = np.linspace(1, EPOCHS, CURVE_POINTS).round().astype(np.int64)
    values = generator.normal(size=parameters)
    return Trained("epochs", EPOCHS, probabilities, epochs, *curves, values, 0.01)


def write_random_fits(folder: Path, config: dict[str, Any]) -> dict[Path, int]:
    """Write the fits of both networks, the same for both; return when each file was written.

    Snakemake does not train them again: the files are newer than the data and the folds, and it has
    no record of other parameters.
    """
    results = folder / "results/ex4"
    dataset = read_dataset(results / "data/dataset.csv")
    splits = splits_of(read_folds(results / "data/folds.csv"))
    shapes: dict[str, list[Configuration]] = {}
    for configuration in enumerate_configurations(config):
        shapes.setdefault(configuration.shape.name, []).append(configuration)
    times = {}
    for model, (shape, configurations) in itertools.product(NETWORKS, shapes.items()):
        generator = np.random.default_rng(zlib.crc32(shape.encode()))
        path = results / f"fits/{model}/{shape}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        update_fits(
            path, model, configurations, splits, "random",
            lambda pairs, draw=generator: [random_fit(*pair, dataset, draw) for pair in pairs],
        )  # fmt: skip
        times[path] = path.stat().st_mtime_ns
    return times


def job_seconds(printed: str) -> dict[str, float]:
    """Sum up the seconds of jobs, from what Snakemake printed, by the first word of their rule."""
    starts: dict[str, float] = {}
    seconds = Counter[str]()
    pattern = r"^\[(.+)\]\n(?:Job (\d+): |Finished jobid: (\d+) \(Rule: ([^_\W]+))"
    for stamp, started, finished, rule in re.findall(pattern, printed, re.MULTILINE):
        now = time.mktime(time.strptime(stamp))
        if started:
            starts[started] = now
        elif finished in starts:
            seconds[rule] += now - starts[finished]
    return dict(seconds)


def measure_fits(root: Path, config: dict[str, Any]) -> pd.Series:
    """Run everything but the training of the networks in a copy of the project."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_tracked(root, folder)
        before = snakemake(folder, config, *BEFORE_TRAINING)
        files = write_random_fits(folder, config)
        after = snakemake(folder, config)
        if any(path.stat().st_mtime_ns != changed for path, changed in files.items()):
            sys.exit("error: Snakemake has trained networks whose fits were there")
        again = snakemake(folder, config)
    configurations = len(enumerate_configurations(config))
    splits = config["validation"]["folds"] * config["validation"]["repeats"]
    measured = {
        "configurations": configurations,
        "fits of both networks": configurations * splits * len(NETWORKS),
        "seconds before training": before.seconds,
        "seconds after training": after.seconds,
        "seconds together": before.seconds + after.seconds,
        "MB of the largest process": max(before.megabytes, after.megabytes),
        "seconds with nothing to do": again.seconds,
        **{f"seconds of jobs: {rule}": value for rule, value in job_seconds(after.printed).items()},
    }
    return pd.Series(measured)


def calculation(table: pd.DataFrame) -> Iterator[str]:
    """Compare the default grid with its limit, and extrapolate the two largest to `FITS`."""
    fits = table.loc["fits of both networks"]
    together = table.loc["seconds together"].iloc[0]
    met = "met" if together < GRID_SECONDS else "MISSED"
    yield (
        f"{met:6}  {fits.iloc[0]:,.0f} fits: everything but the training of the networks takes "
        f"{together:.0f} s (limit {GRID_SECONDS} s)"
    )
    for row, limit in (("seconds together", SECONDS), ("MB of the largest process", MEGABYTES)):
        one, two = table.loc[row].iloc[-2:]
        slope = (two - one) / (fits.iloc[-1] - fits.iloc[-2])
        value = two + slope * (FITS - fits.iloc[-1])
        met = "met" if value < limit else "MISSED"
        yield (
            f"{met:6}  {FITS:,} fits: {row} = {two:,.0f} + {slope * 1000:.3g} x "
            f"({FITS // 1000:,} - {fits.iloc[-1] / 1000:,.0f}) thousand fits = {value:,.0f} "
            f"(limit {limit:,}); {two * FITS / fits.iloc[-1]:,.0f} if all of it grew with the fits"
        )


def markdown(table: pd.DataFrame) -> str:
    """Return a table for the documentation."""
    lines = [
        f"| {table.index.name} | {' | '.join(table)} |",
        f"|---|{'---:|' * len(table.columns)}",
    ]
    for name, row in table.iterrows():
        cells = (f"{x:,.0f}" if x >= 10 else f"{x:.1f}".removesuffix(".0") for x in row)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write."""
    root = Path.cwd()
    default = yaml.safe_load((root / "config.yaml").read_text())
    grids = [{**default, "search": "grid"}, *(grid(default, *size) for size in FITS_GRIDS)]
    measured = [measure_fits(root, config) for config in grids]
    after = pd.DataFrame({f"{m['configurations']:,.0f}": m for m in measured})
    columns = {}
    for number, size in GRIDS.items():
        with tempfile.TemporaryDirectory() as folder:
            copy_tracked(root, Path(folder))
            columns[f"{number:,}"] = measure_overhead(Path(folder), default, size)
    before = pd.DataFrame(columns)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, table in (("scale", before), ("fits", after)):
        table.rename_axis("grid of", inplace=True)
        table.to_csv(FOLDER / f"{name}.csv")
    print(markdown(before), markdown(after), *calculation(after), sep="\n\n")


if __name__ == "__main__":
    main()

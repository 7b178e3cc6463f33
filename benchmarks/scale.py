"""Measure what a large grid costs apart from the training of its networks.

The files that git tracks are copied to a temporary directory, and Snakemake runs there with the
environment of this interpreter. Three things are measured:

- The overhead of many configurations: a plan of a grid of 1,000 and of 10,000 configurations with
  all models and the default cross-validation; then a quick run to the comparison with scratch
  alone, two folds and two epochs, so that there is little arithmetic.
- Everything but the training of the networks: files of fits with random numbers take the place of
  the fits of both networks, and Snakemake computes everything else from them. This is done for the
  grid of the default values and for two larger grids, and extrapolated to 1,000,000
  fits. Jobs run side by side, so the seconds of all jobs are more than the run took.
- The plan of many small data sets, with the default grid of ``logistic`` and ``scratch``.

Run it from the root of the repository. It prints tables for docs/cluster.md, and writes
``scale.csv``, ``fits.csv`` and ``datasets.csv`` to ``results/benchmarks``. ``--datasets`` measures
the last alone.
"""

import contextlib
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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import psutil
import yaml

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset
from backprop.data.sources import obtain
from backprop.models.families import NETWORK
from backprop.models.networks import fits_at_once
from backprop.study.configurations import Configuration
from backprop.study.fits import update_fits
from backprop.study.splits import Split, read_folds, splits_of
from backprop.study.trained import Trained
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.plan import paths
from workflow import copy_tracked, jobs_of

FOLDER = Path("results/benchmarks")
GRIDS = ((5, 25), (25, 50))  # the numbers of hidden layers and of learning rates to try
ON_THE_PAGE = [
    "jobs that train",
    "seconds to plan",
    "seconds of a quick run",
    "seconds after a changed learning rate",
]
DATASETS = (100, 1000)
FITS_GRIDS = ((10, 12), (20, 12))  # the same, for the grids whose fits are random
COMPARISON = paths.table("comparison").format(dataset="ex4")
QUICK = {
    "models": ["logistic", "scratch"],
    "validation": {"folds": 2, "repeats": 1},
    "training": {"epochs": 2, "patience": None, "tolerance": 1.0e-6},
}
NETWORKS = ("scratch", "tensorflow")
EPOCHS, CURVE_POINTS = 500, 100
DATA, COLUMNS, FOLDS = (
    path.format(dataset="ex4") for path in (paths.DATA, paths.COLUMNS, paths.FOLDS)
)
FITS, SECONDS, MEGABYTES = 1_000_000, 600, 2000
"""The limits for tables and figures of this number of fits: seconds, and MB of a process."""
GRID_SECONDS = 60
"""The limit for everything but training, for the grid of the default values."""


class Timed(NamedTuple):
    """Seconds of a run of Snakemake, peak memory in MB by script, and what it printed."""

    seconds: float
    megabytes: dict[str, float]
    printed: str


def grid(default: dict[str, Any], layers: int, rates: int) -> dict[str, Any]:
    """Return the config of a grid: layers x 2 activations x 2 costs x rates x 2 initialisations."""
    config = copy.deepcopy(default)
    config["search"] = "grid"
    config.pop("also", None)
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


def configurations_of(config: dict[str, Any]) -> list[Configuration]:
    """Return the configurations of the network in a config."""
    return NETWORK.configurations(check_config(config), "scratch")


def snakemake(folder: Path, config: dict[str, Any], *options: str) -> Timed:
    """Run Snakemake in a folder."""
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *options]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    megabytes: dict[str, float] = {}
    with (folder / "printed").open("w+") as printed:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=printed, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            note_memory(psutil.Process(process.pid), megabytes)
            time.sleep(0.1)
        seconds = time.perf_counter() - started
        printed.seek(0)
        text = printed.read()
    if process.returncode:
        sys.exit(f"{text[-10_000:]}\nerror: {' '.join(command)} failed")
    return Timed(seconds, megabytes, text)


def note_memory(snakemake: psutil.Process, megabytes: dict[str, float]) -> None:
    """Note the peak memory of Snakemake and of each script that it runs now, by their names."""
    with contextlib.suppress(psutil.Error, OSError):  # a process may end at any time
        for process in (snakemake, *snakemake.children(recursive=True)):
            script = re.search(r"/scripts/[^/]*\.(\w+)\.py$", " ".join(process.cmdline()))
            status = Path(f"/proc/{process.pid}/status").read_text()
            peak = re.search(r"VmHWM:\s+(\d+) kB", status)
            if peak and (script or process is snakemake):
                name = script[1] if script else "snakemake"
                megabytes[name] = max(megabytes.get(name, 0.0), int(peak[1]) / 1024)


# The overhead of many configurations


def training_jobs(printed: str) -> int:
    """Return the number of jobs that train, from what Snakemake printed."""
    return sum(count for rule, count in jobs_of(printed).items() if rule.startswith("train"))


def measure_overhead(root: Path, default: dict[str, Any], size: tuple[int, int]) -> pd.Series:
    """Plan and run one grid in a copy of the project."""
    config = grid(default, *size)
    configurations = configurations_of(config)
    shapes = {configuration.shape for configuration in configurations}
    rows, features = obtain("bundled", file=root / "resources/ex4.csv").x.shape
    splits = default["validation"]["folds"] * default["validation"]["repeats"]
    quick = {**config, **QUICK}
    changed = copy.deepcopy(quick)
    changed["vary"]["learning_rate"][0] = 0.5555
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_tracked(root, folder)
        plan = snakemake(folder, config, "--dry-run")
        first = snakemake(folder, quick, COMPARISON)
        again = snakemake(folder, quick, COMPARISON)
        change = snakemake(folder, changed, COMPARISON)
    measured = {
        "configurations": len(configurations),
        "shapes": len(shapes),
        "jobs, all models": sum(jobs_of(plan.printed).values()),
        "jobs that train": training_jobs(plan.printed),
        "fits of a shape": len(configurations) // len(shapes) * splits,
        "fits that a stack may hold": min(fits_at_once(s, rows, features) for s in shapes),
        "seconds to plan": plan.seconds,
        "MB to plan": max(plan.megabytes.values()),
        "seconds of a quick run": first.seconds,
        "MB of its largest process": max(first.megabytes.values()),
        "seconds with nothing to do": again.seconds,
        "seconds after a changed learning rate": change.seconds,
        "jobs after it that train": training_jobs(change.printed),
    }
    return pd.Series(measured)


def measure_datasets(root: Path, default: dict[str, Any], number: int) -> pd.Series:
    """Plan many data sets in a copy of the project: with a line for each job, and without."""
    entry = {
        key: value for key, value in default["datasets"]["ex4"].items() if key != "known_answers"
    }
    entries = {f"data_{n}": entry for n in range(number)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_tracked(root, folder)
        config = {**default, "datasets": entries, "models": ["logistic", "scratch"]}
        listed = snakemake(folder, config, "--dry-run")
        plan = snakemake(folder, config, "--dry-run", "--quiet")
    measured = {
        "jobs": sum(jobs_of(listed.printed).values()),
        "jobs that train": training_jobs(listed.printed),
        "seconds to plan": plan.seconds,
        "seconds to plan, and to list each job": listed.seconds,
        "MB to plan": max(plan.megabytes.values()),
    }
    return pd.Series(measured, name=f"{number:,}")


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
    return Trained(
        status="epochs",
        epochs=EPOCHS,
        probabilities=probabilities,
        curve_epochs=epochs,
        train_cost=curves[0],
        test_cost=curves[1],
        parameters=values,
        seconds=0.01,
    )


def write_random_fits(folder: Path, config: dict[str, Any]) -> dict[Path, int]:
    """Write the fits of both networks, the same for both; return when each file was written.

    Snakemake does not train them again: the files are newer than the data and the folds, and it has
    no record of other parameters.
    """
    dataset = read_dataset(folder / DATA, folder / COLUMNS)
    splits = splits_of(read_folds(folder / FOLDS))
    shapes: dict[str, list[Configuration]] = {}
    for configuration in configurations_of(config):
        shapes.setdefault(configuration.shape.name, []).append(configuration)
    times = {}
    for model, (shape, configurations) in itertools.product(NETWORKS, shapes.items()):
        generator = np.random.default_rng(zlib.crc32(shape.encode()))
        path = folder / paths.NETWORK_FITS.format(dataset="ex4", model=model, shape=shape)
        path.parent.mkdir(parents=True, exist_ok=True)
        update_fits(
            path, model, configurations, splits, "random",
            lambda pairs, draw=generator: (
                (place, random_fit(*pair, dataset, draw)) for place, pair in enumerate(pairs)
            ),
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
        before = snakemake(folder, config, FOLDS)
        files = write_random_fits(folder, config)
        after = snakemake(folder, config)
        if any(path.stat().st_mtime_ns != changed for path, changed in files.items()):
            sys.exit("error: Snakemake has trained networks that had fits")
        again = snakemake(folder, config)
    configurations = len(configurations_of(config))
    splits = config["validation"]["folds"] * config["validation"]["repeats"]
    measured = {
        "configurations": configurations,
        "fits of both networks": configurations * splits * len(NETWORKS),
        "seconds before training": before.seconds,
        "seconds after training": after.seconds,
        "seconds together": before.seconds + after.seconds,
        "seconds with nothing to do": again.seconds,
        **{f"seconds of jobs: {rule}": value for rule, value in job_seconds(after.printed).items()},
        **{f"MB: {script}": value for script, value in after.megabytes.items()},
    }
    return pd.Series(measured)


def calculation(table: pd.DataFrame) -> Iterator[str]:
    """Compare the default grid with its limit, and extrapolate all grids to `FITS`."""
    thousands = table.loc["fits of both networks"] / 1000
    together = table.loc["seconds together"]
    yield target(f"seconds for {thousands.iloc[0]:,.0f}", together.iloc[0], GRID_SECONDS)

    def extrapolate(row: str) -> tuple[float, str]:
        slope, start = np.polyfit(thousands, table.loc[row], 1)
        value = start + slope * FITS / 1000
        return value, f"{row}: {start:,.0f} + {slope:.3g} x {FITS // 1000:,}"

    seconds, formula = extrapolate("seconds together")
    yield target(formula, seconds, SECONDS)
    memory = [extrapolate(row) for row in table.index if row.startswith("MB: ")]
    megabytes, formula = max(memory)
    yield target(formula, megabytes, MEGABYTES)


def target(text: str, value: float, limit: float) -> str:
    """Say whether a value is within its limit; texts count fits in thousands."""
    met = "met" if value <= limit else "MISSED"
    return f"{met:6}  {text} thousand fits = {value:,.0f}, limit {limit:,}"


def side_by_side(measured: Sequence[pd.Series]) -> pd.DataFrame:
    """Return a table with a column for each grid, headed by its number of configurations."""
    columns = {f"{one['configurations']:,.0f}": one for one in measured}
    rows = dict.fromkeys(name for one in measured for name in one.index)
    return pd.DataFrame(columns).reindex(list(rows)).rename_axis("grid of")


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
    FOLDER.mkdir(parents=True, exist_ok=True)
    datasets = pd.concat([measure_datasets(root, default, number) for number in DATASETS], axis=1)
    write("datasets", datasets.rename_axis("data sets"), list(datasets.index))
    if "--datasets" in sys.argv:
        return
    grids = [{**default, "search": "grid"}, *(grid(default, *size) for size in FITS_GRIDS)]
    fits = side_by_side([measure_fits(root, config) for config in grids])
    overhead = side_by_side([measure_overhead(root, default, size) for size in GRIDS])
    fits.to_csv(FOLDER / "fits.csv")
    write("scale", overhead, ON_THE_PAGE)
    print(*calculation(fits), sep="\n\n")


def write(name: str, table: pd.DataFrame, on_the_page: Sequence[str]) -> None:
    """Write a table, and some rows of it for the documentation; print these."""
    table.to_csv(FOLDER / f"{name}.csv")
    text = markdown(table.loc[list(on_the_page)])
    (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
    print(text, end="\n\n")


if __name__ == "__main__":
    main()

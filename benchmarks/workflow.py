"""Measure the default run of the whole workflow.

``python benchmarks/workflow.py`` measures this checkout alone, and shows where the time goes.

``python benchmarks/workflow.py --against REF`` measures this checkout and the commit REF side by
side, both by the config of REF and with the environment of this interpreter. It prints the ratios
of their times as a Markdown table.

``python benchmarks/workflow.py --checks`` does so for this checkout and a copy without nested
cross-validation and simulated data. The ratio of a first run is what these cost.

All work on copies in a temporary directory: of the files that git tracks, with the changes that
are not committed yet, and of what they are compared with. The results go to ``results/benchmarks``.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "results/benchmarks"
CORES = 2
BIN = Path(sys.executable).parent
RUN = [str(BIN / "snakemake"), "--cores", str(CORES)]
LOOK = ["--directory", "look", "--configfile", "config.yaml", "config/quick.yaml"]

# What is measured, in this order; the short commands several times, for their median.
MEASUREMENTS = {
    "start (dry run)": ([*RUN, "--dry-run"], 3),
    "first look": ([*RUN, *LOOK], 1),
    "first run": (RUN, 1),
    "nothing to do": (RUN, 3),
}
# What is compared, and the largest ratio of wall time.
AGAINST: Mapping[str, float | None] = {
    "start (dry run)": 1.2,
    "first look": 1.2,
    "first run": 1.2,
    "nothing to do": 1.2,
}
CHECKS: Mapping[str, float | None] = {"first run": 1.5}

# Imports the whole library of a copy, so that the libraries it needs are in the file cache.
IMPORT_ALL = """
import importlib, pathlib, pkgutil, sys
import backprop
if not pathlib.Path(backprop.__file__).resolve().is_relative_to(pathlib.Path.cwd()):
    sys.exit(f"error: {backprop.__file__} is not the library of this copy")
for module in pkgutil.walk_packages(backprop.__path__, "backprop."):
    if not module.name.endswith("__main__"):  # which runs the command
        importlib.import_module(module.name)
"""

# Python runs a module of this name when it starts. This one writes down the CPU time of each
# process, and how much of it was spent on imports.
SITECUSTOMIZE = """
import atexit, builtins, os, sys, time

plain_import, depth, imports = builtins.__import__, 0, 0.0

def timed_import(*arguments, **options):
    global depth, imports
    started = time.process_time()
    depth += 1
    try:
        return plain_import(*arguments, **options)
    finally:
        depth -= 1
        if not depth:
            imports += time.process_time() - started

@atexit.register
def record():
    line = f"{os.path.basename(sys.argv[0])},{time.process_time()},{imports}\\n"
    with open(os.path.join(os.path.dirname(__file__), "processes.csv"), "a") as file:
        file.write(line)

builtins.__import__ = timed_import
"""


class Timed(NamedTuple):
    """Wall and CPU time of a command in seconds, and what it printed."""

    wall: float
    cpu: float
    printed: str


def git(*arguments: str) -> str:
    """Return what Git prints about this checkout."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip()


def copy_tracked(root: Path, copy: Path) -> None:
    """Copy the files that git tracks, with the changes that are not committed yet."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (root / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)


def copy_commit(root: Path, commit: str, copy: Path) -> None:
    """Copy the files of a commit."""
    archive = subprocess.run(["git", "archive", commit], cwd=root, capture_output=True, check=True)
    copy.mkdir()
    subprocess.run(["tar", "-x", "-C", str(copy)], input=archive.stdout, check=True)


def copy_without_checks(root: Path, copy: Path) -> None:
    """Copy what `copy_tracked` does; turn nested cross-validation and simulated data off."""
    copy_tracked(root, copy)
    config = yaml.safe_load((copy / "config.yaml").read_text(encoding="utf-8"))
    config["validation"]["inner_folds"] = None
    config["simulation"] = {"sets": 0}
    (copy / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def jobs_of(printed: str) -> dict[str, int]:
    """Read the number of jobs of each rule from what Snakemake printed, without their total."""
    table = re.search(r"^Job stats:\n.*\n-.*\n((?:\S+ +\d+\n)+)", printed, re.MULTILINE)
    if table is None:
        sys.exit(f"{printed}\nerror: found no job statistics in what Snakemake printed")
    counts = {rule: int(count) for rule, count in map(str.split, table[1].splitlines())}
    counts.pop("total", None)
    return counts


def timed(command: list[str], copy: Path, *paths: Path) -> Timed:
    """Run a command in a copy, with its library and other folders on the path of Python."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": os.pathsep.join(map(str, [copy / "src", *paths])),
    }
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        command,
        cwd=copy,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    wall, after = time.perf_counter() - started, os.times()
    if done.returncode:
        sys.exit(f"{done.stdout}\nerror: {' '.join(command)} failed in a copy of {copy.name}")
    user = after.children_user - before.children_user
    system = after.children_system - before.children_system
    return Timed(wall, user + system, done.stdout)


def measure(copies: Mapping[str, Path], names: Collection[str]) -> pd.DataFrame:
    """Measure fresh copies in turn, after a warm-up of each that does not count.

    `names` are entries of `MEASUREMENTS`.

    The warm-up reads all libraries, so that the file cache is equally warm for all copies. No copy
    has bytecode of its own library: the time to compile it is part of what is measured.

    Returns
    -------
    data frame
        A row per measurement and clock ("wall" or "CPU"), a column per copy; in seconds.
    """
    for copy in copies.values():
        timed([sys.executable, "-B", "-c", IMPORT_ALL], copy)
        timed([*RUN, "--dry-run"], copy)
    rows = {}
    for name in names:
        command, repeats = MEASUREMENTS[name]
        print(f"{time.strftime('%X')} {name}", file=sys.stderr)
        runs = [
            (side, timed(command, copy)) for _ in range(repeats) for side, copy in copies.items()
        ]
        table = pd.DataFrame([{"side": side, "wall": t.wall, "CPU": t.cpu} for side, t in runs])
        for clock, seconds in table.groupby("side").median().items():
            rows[name, str(clock)] = seconds
    return pd.DataFrame(rows).T.rename_axis(["measurement", "clock"])


def measure_against(
    copy_other: Callable[[Path, Path], None],
    names: Collection[str],
    rounds: int,
    *,
    one_config: bool,
) -> pd.DataFrame:
    """Measure this checkout and another; which of them is first alternates from round to round.

    Parameters
    ----------
    copy_other : callable
        ``copy_other(root, copy)`` copies the other checkout.
    names : collection of str
        As in `measure`.
    rounds : int
    one_config : bool
        Whether this checkout runs by the config of the other one.

    Returns
    -------
    data frame
        A row per round, measurement and clock; columns `this`, `other` (seconds) and `ratio`.
    """
    tables = {}
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            copies = {side: Path(folder).resolve() / side for side in ("this", "other")}
            copy_tracked(ROOT, copies["this"])
            copy_other(ROOT, copies["other"])
            if one_config:
                shutil.copy2(copies["other"] / "config.yaml", copies["this"])
            order = list(copies) if number % 2 else list(reversed(copies))
            tables[number] = measure({side: copies[side] for side in order}, names)
    table = pd.concat(tables, names=["round"])[["this", "other"]]
    return table.assign(ratio=table["this"] / table["other"])


def markdown(
    table: pd.DataFrame, this: str, other: str, targets: Mapping[str, float | None]
) -> str:
    """Return what `measure_against` measured, and whether it meets the targets, as Markdown."""
    lines = [
        f"| seconds | this ({this}) | {other} | ratio | ratio of each round | target |",
        "|---|---:|---:|---:|---|---|",
    ]
    for (name, clock), rounds in table.groupby(["measurement", "clock"], sort=False):
        median = rounds.median()
        ratios = ", ".join(f"{ratio:.2f}" for ratio in rounds["ratio"])
        target, most = "", targets[str(name)]
        if clock == "wall" and most is not None:
            met = "met" if median["ratio"] <= most else "**missed**"
            target = f"at most {most}: {met}"
        lines.append(
            f"| {name}, {clock} | {median['this']:.1f} | {median['other']:.1f} "
            f"| {median['ratio']:.2f} | {ratios} | {target} |"
        )
    return "\n".join(lines)


def training_jobs(copy: Path) -> pd.DataFrame:
    """Read the benchmark files that Snakemake wrote in a copy: a row per job, with its folder."""
    tables = []
    for benchmarks in copy.glob("results/*/benchmarks"):
        for file in benchmarks.rglob("*.tsv"):
            *folders, name = file.relative_to(benchmarks).with_suffix("").parts
            table = pd.read_csv(file, sep="\t").rename(columns={"s": "wall", "cpu_time": "CPU"})
            tables.append(table[["wall", "CPU"]].assign(what=f"jobs: {'/'.join(folders) or name}"))
    return pd.concat(tables)


def measure_alone() -> pd.DataFrame:
    """Measure this checkout, and the processes and the training jobs of a first run.

    Returns
    -------
    data frame
        Columns `what`, `count`, `wall`, `CPU` and `imports`, the part of the CPU time that is spent
        on imports. Times are in seconds, for all processes or jobs of a row together.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, profiled, hook = (Path(folder).resolve() / name for name in ("1", "2", "hook"))
        copy_tracked(ROOT, whole)
        runs = (
            measure({"this": whole}, MEASUREMENTS)["this"]
            .unstack("clock")
            .rename_axis("what")
            .reset_index()
        )
        hook.mkdir()
        (hook / "sitecustomize.py").write_text(SITECUSTOMIZE)
        copy_tracked(ROOT, profiled)
        jobs = jobs_of(timed(RUN, profiled, hook).printed)
        processes = pd.read_csv(hook / "processes.csv", names=["what", "CPU", "imports"])
        training = training_jobs(profiled)
    # Snakemake runs a copy of each script, whose name begins with a random part.
    processes["what"] = "processes: " + processes["what"].str.replace(r"^tmp\w+\.", "", regex=True)
    all_jobs = pd.DataFrame({"what": ["jobs: all"], "count": [sum(jobs.values())]})
    rows = pd.concat([runs, all_jobs, training, processes]).fillna({"count": 1})
    table = rows.astype({"count": int}).groupby("what", sort=False).sum(min_count=1)
    return table.reset_index()[["what", "count", "wall", "CPU", "imports"]]


def compare(commit: str | None, rounds: int, output: Path) -> str:
    """Compare this checkout with a commit, or with None without its checks; return Markdown.

    The times of each round are written to `output`.
    """
    this = git("describe", "--always", "--dirty", "--abbrev=7", "--exclude=*")  # no tags
    if commit is None:
        other, targets, copy_other = "without", CHECKS, copy_without_checks
    else:
        other = git("rev-parse", "--verify", "--short=7", f"{commit}^{{commit}}")
        targets, copy_other = AGAINST, lambda root, copy: copy_commit(root, other, copy)
    table = measure_against(copy_other, targets, rounds, one_config=commit is not None)
    table.to_csv(output)
    return markdown(table, this, other, targets)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="Measure the default run of the whole workflow.")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--against", metavar="REF", help="a commit to compare this checkout with")
    other.add_argument(
        "--checks",
        action="store_true",
        help="compare with a run without nested folds and simulated data",
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often to compare (default: 3)")
    options = parser.parse_args()
    print(
        f"In seconds, {CORES} jobs at once on {os.cpu_count()} processors, "
        f"Python {platform.python_version()}. Other programs make the times longer: "
        f"the load average before was {os.getloadavg()[0]:.1f}.\n",
        flush=True,
    )
    RESULTS.mkdir(parents=True, exist_ok=True)
    if options.against is None and not options.checks:
        output = RESULTS / "workflow.csv"
        table = measure_alone()
        table.to_csv(output, index=False)
        print(table.to_string(index=False, na_rep="-", float_format="{:.1f}".format))
    else:
        output = RESULTS / ("checks.csv" if options.checks else "against.csv")
        text = compare(options.against, options.rounds, output)
        output.with_suffix(".md").write_text(text, encoding="utf-8")
        print(text)
    print(f"\nwritten to {output}")


if __name__ == "__main__":
    main()

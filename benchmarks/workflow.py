"""Measure the default run of the whole workflow.

``python benchmarks/workflow.py`` measures this checkout alone, and shows where the time goes.

``python benchmarks/workflow.py --against REF`` measures this checkout and the commit REF side by
side, with the environment of this interpreter, and prints the ratios of their times as a Markdown
table.

Both work on copies in a temporary directory: of the files that git tracks, with the changes that
are not committed yet, and of REF. The results go to ``results/benchmarks``.
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
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "results/benchmarks"
CORES = 2
BIN = Path(sys.executable).parent
RUN = [str(BIN / "snakemake"), "--cores", str(CORES)]

# What is measured, in this order; the short commands several times, for their median.
MEASUREMENTS = {
    "start (dry run)": ([*RUN, "--dry-run"], 3),
    "first run": (RUN, 1),
    "nothing to do": (RUN, 3),
}
TARGETS = {"first run": 0.65, "nothing to do": 1.2}  # ratios of wall time, at most

# Imports the whole library of a copy, so that the libraries it needs are in the file cache.
IMPORT_ALL = """
import importlib, pathlib, pkgutil, sys
import backprop
if not pathlib.Path(backprop.__file__).resolve().is_relative_to(pathlib.Path.cwd()):
    sys.exit(f"error: {backprop.__file__} is not the library of this copy")
for module in pkgutil.walk_packages(backprop.__path__, "backprop."):
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


def measure(copies: Mapping[str, Path]) -> pd.DataFrame:
    """Measure fresh copies in turn, after a warm-up of each that does not count.

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
    for name, (command, repeats) in MEASUREMENTS.items():
        print(f"{time.strftime('%X')} {name}", file=sys.stderr)
        runs = [
            (side, timed(command, copy)) for _ in range(repeats) for side, copy in copies.items()
        ]
        table = pd.DataFrame([{"side": side, "wall": t.wall, "CPU": t.cpu} for side, t in runs])
        for clock, seconds in table.groupby("side").median().items():
            rows[name, str(clock)] = seconds
    return pd.DataFrame(rows).T.rename_axis(["measurement", "clock"])


def measure_against(commit: str, rounds: int) -> pd.DataFrame:
    """Measure this checkout and a commit; which of them is first alternates from round to round.

    Returns
    -------
    data frame
        A row per round, measurement and clock; columns `this`, `other` (seconds) and `ratio`.
    """
    tables = {}
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            copies = {"this": Path(folder).resolve() / "this", "other": Path(folder) / commit}
            copy_tracked(ROOT, copies["this"])
            copy_commit(ROOT, commit, copies["other"])
            order = list(copies) if number % 2 else list(reversed(copies))
            tables[number] = measure({side: copies[side] for side in order})
    table = pd.concat(tables, names=["round"])[["this", "other"]]
    return table.assign(ratio=table["this"] / table["other"])


def markdown(table: pd.DataFrame, this: str, other: str) -> str:
    """Return what `measure_against` measured, and whether it meets the targets, as Markdown."""
    lines = [
        f"| seconds | this ({this}) | {other} | ratio | ratio of each round | target |",
        "|---|---:|---:|---:|---|---|",
    ]
    for (name, clock), rounds in table.groupby(["measurement", "clock"], sort=False):
        median = rounds.median()
        ratios = ", ".join(f"{ratio:.2f}" for ratio in rounds["ratio"])
        target = ""
        if clock == "wall" and name in TARGETS:
            met = "met" if median["ratio"] <= TARGETS[name] else "**missed**"
            target = f"at most {TARGETS[name]}: {met}"
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
        on imports. Times are in seconds, and those of all processes or jobs of a row together.
    """
    with tempfile.TemporaryDirectory() as folder:
        whole, profiled, hook = (Path(folder).resolve() / name for name in ("1", "2", "hook"))
        copy_tracked(ROOT, whole)
        runs = measure({"this": whole})["this"].unstack("clock").rename_axis("what").reset_index()
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


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description="Measure the default run of the whole workflow.")
    parser.add_argument("--against", metavar="REF", help="a commit to compare this checkout with")
    parser.add_argument("--rounds", type=int, default=3, help="how often to compare (default: 3)")
    options = parser.parse_args()
    print(
        f"In seconds, {CORES} jobs at once on {os.cpu_count()} processors, "
        f"Python {platform.python_version()}. Other programs make the times longer: "
        f"the load average before was {os.getloadavg()[0]:.1f}.\n",
        flush=True,
    )
    RESULTS.mkdir(parents=True, exist_ok=True)
    if options.against is None:
        output = RESULTS / "workflow.csv"
        table = measure_alone()
        table.to_csv(output, index=False)
        print(table.to_string(index=False, na_rep="-", float_format="{:.1f}".format))
    else:
        output = RESULTS / "against.csv"
        other = git("rev-parse", "--verify", "--short=7", f"{options.against}^{{commit}}")
        this = git("describe", "--always", "--dirty", "--abbrev=7", "--exclude=*")  # no tags
        table = measure_against(other, options.rounds)
        table.to_csv(output)
        text = markdown(table, this, other)
        output.with_suffix(".md").write_text(text, encoding="utf-8")
        print(text)
    print(f"\nwritten to {output}")


if __name__ == "__main__":
    main()

"""Measure a first run of the whole workflow, and what of it is start-up rather than work.

The files that git tracks are copied to a temporary directory, as they are now, and
``snakemake --cores 2`` runs there with the default configuration and the environment of this
interpreter: once from nothing, and once more with nothing to do.

Run it from the root of the repository; it prints a table, and writes
``results/benchmarks/workflow.csv``.
"""

import ast
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

OUTPUT = Path("results/benchmarks/workflow.csv")
CORES = 2
TARGET = 120.0  # seconds of wall time, for the first run
STARTS = 3  # how often a start is timed; the median counts
BIN = Path(sys.executable).parent


def copy_tracked(root: Path, copy: Path) -> None:
    """Copy the files that git tracks, with the changes that are not committed yet."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (root / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)


class Timed(NamedTuple):
    """What a command took, in seconds of wall and of processor time, and all that it printed."""

    wall: float
    processor: float
    printed: str


def timed(command: Sequence[str], copy: Path) -> Timed:
    """Run a command in the copy."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(copy / "src"),
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
        sys.exit(f"{done.stdout}\nerror: {' '.join(command)} ended with {done.returncode}")
    user = after.children_user - before.children_user
    system = after.children_system - before.children_system
    return Timed(wall, user + system, done.stdout)


def start(command: Sequence[str], copy: Path) -> Timed:
    """Time a command that does next to nothing: the median of a few runs."""
    return sorted(timed(command, copy) for _ in range(STARTS))[STARTS // 2]


def jobs_of(printed: str) -> dict[str, int]:
    """Read the number of jobs of each rule from what Snakemake printed, without their total."""
    table = re.search(r"^Job stats:\n.*\n-.*\n((?:\S+ +\d+\n)+)", printed, re.MULTILINE)
    if table is None:
        sys.exit(f"{printed}\nerror: found no job statistics in what Snakemake printed")
    counts = {rule: int(count) for rule, count in map(str.split, table[1].splitlines())}
    counts.pop("total", None)
    return counts


def script_of(rule: str, scripts: dict[str, Path]) -> Path | None:
    """Find the script of a rule: that of its name, or the one that begins with the same word."""
    first = rule.split("_")[0]
    alike = [path for name, path in scripts.items() if name.split("_")[0] == first]
    return scripts.get(rule) or next(iter(alike), None)


def imports_of(script: Path) -> str:
    """Return the import statements of a script, as a program."""
    body = ast.parse(script.read_text()).body
    return "\n".join(ast.unparse(n) for n in body if isinstance(n, ast.Import | ast.ImportFrom))


def measure(copy: Path) -> pd.DataFrame:
    """Run the workflow in the copy.

    Returns
    -------
    data frame
        What was measured, how often it happens in the first run, and the wall and the processor
        time of all of it together, in seconds: jobs run side by side, so that their times add up
        to more than the run took.
    """
    run = [str(BIN / "snakemake"), "--cores", str(CORES)]
    planned = start([*run, "--dry-run"], copy)
    first = timed(run, copy)
    second = timed(run, copy)
    jobs = jobs_of(first.printed)

    training: dict[str, list[pd.DataFrame]] = {}
    for path in sorted(copy.glob("results/*/benchmarks/**/*.tsv")):
        rule = path.stem if path.parent.name == "benchmarks" else path.parent.name
        training.setdefault(rule, []).append(pd.read_csv(path, sep="\t"))
    training_rows = [
        (f"jobs of {rule}", len(tables), *pd.concat(tables)[["s", "cpu_time"]].sum())
        for rule, tables in training.items()
    ]

    scripts = {path.stem: path for path in sorted(copy.glob("workflow/scripts/*.py"))}
    counts = Counter[Path]()
    for rule, count in jobs.items():
        if (script := script_of(rule, scripts)) is not None:
            counts[script] += count
    start_rows = []
    for script, count in sorted(counts.items()):
        once = start([sys.executable, "-c", imports_of(script)], copy)
        row = (f"start of {script.name}", count, count * once.wall, count * once.processor)
        start_rows.append(row)

    columns = ["what", "count", "wall_seconds", "processor_seconds"]
    return pd.DataFrame(
        [
            ("first run", 1, first.wall, first.processor),
            ("second run, nothing to do", 1, second.wall, second.processor),
            ("start of Snakemake (dry run)", 1, planned.wall, planned.processor),
            ("all jobs", sum(jobs.values()), math.nan, math.nan),
            summed("all training jobs", training_rows),
            *training_rows,
            summed("all starts of scripts", start_rows),
            *start_rows,
        ],
        columns=columns,
    )


def summed(what: str, rows: Sequence[tuple[str, int, float, float]]) -> tuple[str, Any, Any, Any]:
    """Add up rows of the table, under a name of their own."""
    _, count, wall, processor = map(list, zip(*rows, strict=True))
    return what, sum(count), sum(wall), sum(processor)


def main() -> None:
    """Measure, print and write."""
    root = Path.cwd()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "copy"
        copy_tracked(root, copy)
        table = measure(copy)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUTPUT, index=False)
    print(f"On {CORES} cores, in seconds; a start is a process and its imports")
    print(f"(the load average before was {load:.1f}: what else runs makes the wall time longer):\n")
    print(table.to_string(index=False, na_rep="-", float_format=lambda value: f"{value:.2f}"))
    first = table.loc[table["what"] == "first run", "wall_seconds"].item()
    print(
        f"\n{'met' if first < TARGET else 'MISSED':6}  first run under {TARGET:.0f} s: {first:.1f}"
    )
    print(f"\nwritten to {OUTPUT}")


if __name__ == "__main__":
    main()

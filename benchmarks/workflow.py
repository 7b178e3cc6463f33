"""Measure a first run of the whole workflow, and what of it is start-up rather than work.

The files that git tracks are copied to a temporary directory, as they are now, and
``snakemake --cores 2`` runs there with the default configuration and the environment of this
interpreter: once from nothing, and once more with nothing to do.

Run it from the root of the repository; it prints a table, and writes
``results/benchmarks/workflow.csv``.
"""

import ast
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

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


def timed(command: Sequence[str], copy: Path) -> tuple[float, str]:
    """Run a command in the copy; return its wall time, and all that it printed."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(copy / "src"),
    }
    started = time.perf_counter()
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
    elapsed = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{done.stdout}\nerror: {' '.join(command)} ended with {done.returncode}")
    return elapsed, done.stdout


def start(command: Sequence[str], copy: Path) -> float:
    """Return the median wall time of a few runs of a command that does next to nothing."""
    return statistics.median(timed(command, copy)[0] for _ in range(STARTS))


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
        What was measured, how often it happens in the first run, and its wall time in seconds:
        of one, and of all of them together (with jobs side by side, more than the run took).
    """
    run = [str(BIN / "snakemake"), "--cores", str(CORES)]
    planned = start([*run, "--dry-run"], copy)
    first, printed = timed(run, copy)
    second, _ = timed(run, copy)
    jobs = jobs_of(printed)
    rows: list[tuple[str, int, float]] = [
        ("first run", 1, first),
        ("second run, nothing to do", 1, second),
        ("start of Snakemake (dry run)", 1, planned),
    ]
    for rule in sorted({path.parent.name for path in copy.glob("results/*/benchmarks/*/*.tsv")}):
        paths = sorted(copy.glob(f"results/*/benchmarks/{rule}/*.tsv"))
        spent = sum(pd.read_csv(path, sep="\t")["s"].sum() for path in paths)
        rows.append((f"jobs of {rule}", len(paths), spent / len(paths)))
    for path in sorted(copy.glob("results/*/benchmarks/*.tsv")):
        rows.append((f"jobs of {path.stem}", 1, pd.read_csv(path, sep="\t")["s"].sum()))
    scripts = {path.stem: path for path in sorted(copy.glob("workflow/scripts/*.py"))}
    counts: dict[Path, int] = {}
    for rule, count in jobs.items():
        if (script := script_of(rule, scripts)) is not None:
            counts[script] = counts.get(script, 0) + count
    for script, count in counts.items():
        command = [sys.executable, "-c", imports_of(script)]
        rows.append((f"start of {script.name}", count, start(command, copy)))
    table = pd.DataFrame(rows, columns=["what", "count", "seconds_each"])
    table["seconds"] = table["count"] * table["seconds_each"]
    sums = pd.DataFrame(
        {
            "what": ["all jobs", "all training jobs", "all starts of Snakemake and scripts"],
            "count": [
                sum(jobs.values()),
                *(table.loc[table["what"].str.startswith(w), "count"].sum() for w in SUMMED),
            ],
            "seconds": [
                float("nan"),
                *(table.loc[table["what"].str.startswith(w), "seconds"].sum() for w in SUMMED),
            ],
        }
    )
    return pd.concat([table, sums], ignore_index=True)


SUMMED = ("jobs of ", "start of ")


def main() -> None:
    """Measure, print and write."""
    root = Path.cwd()
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "copy"
        copy_tracked(root, copy)
        table = measure(copy)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUTPUT, index=False)
    print(f"Wall time on {CORES} cores, in seconds; a start is a process and its imports:\n")
    print(table.to_string(index=False, na_rep="-", float_format=lambda value: f"{value:.2f}"))
    first = table.loc[table["what"] == "first run", "seconds"].item()
    print(
        f"\n{'met' if first < TARGET else 'MISSED':6}  first run under {TARGET:.0f} s: {first:.1f}"
    )
    print(f"\nwritten to {OUTPUT}")


if __name__ == "__main__":
    main()

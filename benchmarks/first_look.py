"""Measure a first look at a table of 200 rows and 8 columns, the full study after it, and ex4's.

It does what `backprop run TABLE --label LABEL --quick` does, the config and the report included,
what the run without `--quick` does, and `backprop run`, in a copy of this checkout in a temporary
directory, on two cores. ``--only-look`` measures the first look alone.

On two idle cores, the first look must take less than 20 seconds. Other programs make it longer, so
the processor time counts: less than 40 seconds. The full study of the table must take at most 1.5
times the processor time of the study of ex4. It prints a table, and writes
``results/benchmarks/first_look.md``, from which `make readme` takes it.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from workflow import CORES, IMPORT_ALL, RESULTS, ROOT, copy_tracked, timed

ROWS, COLUMNS, SEED = 200, 8, 1
MOST_SECONDS = 20  # of the first look, on CORES idle cores
MOST_RATIO = 1.5  # of the full study to the study of ex4


def table() -> pd.DataFrame:
    """Return numbers, of which the first two and their product decide the class in part."""
    generator = np.random.default_rng(SEED)
    x = generator.normal(size=(ROWS, COLUMNS - 1)).round(3)
    score = x[:, 0] - x[:, 1] + x[:, 0] * x[:, 1] + generator.normal(size=ROWS)
    named = {f"x{number}": values for number, values in enumerate(x.T, 1)}
    return pd.DataFrame({**named, "class": np.where(score > 0, "yes", "no")})


def measure(*, only_look: bool) -> pd.DataFrame:
    """Return the seconds of the runs with their reports: a row for each, wall and CPU time."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "copy"
        copy_tracked(ROOT, copy)
        table().to_csv(copy / "table.csv", index=False)
        timed([sys.executable, "-B", "-c", IMPORT_ALL], copy)
        of_config = [sys.executable, "-m", "backprop", "config", "table.csv", "--label", "class"]
        written = timed(of_config, copy)
        own = ["--configfile", "table.yaml", "--replace-workflow-config"]
        quick = ["--configfile", "table.yaml", "config/quick.yaml", "--replace-workflow-config"]
        rows = []
        others = {} if only_look else {"full study": own, "study of ex4": []}
        for name, config in {"first look": quick, **others}.items():
            command = [sys.executable, "-m", "snakemake", *config]
            run = timed([*command, "--cores", str(CORES)], copy)
            report = timed([*command, "--report", "results/report.html"], copy)
            timings = [run, report, *[written] * (name == "first look")]
            rows.append((name, sum(t.wall for t in timings), sum(t.cpu for t in timings)))
            print(rows[-1], *run.printed.splitlines()[-8:], sep="\n", file=sys.stderr)
    return pd.DataFrame(rows, columns=["seconds", "wall", "CPU"])


def main() -> None:
    """Measure, print and write."""
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    parser = argparse.ArgumentParser(description="Measure a first look.")
    parser.add_argument("--only-look", action="store_true", help="leave the full studies out")
    measured = measure(only_look=parser.parse_args().only_look)
    look, *studies = measured["CPU"]
    most = MOST_SECONDS * CORES
    lines = [
        measured.to_markdown(index=False, floatfmt=".1f"),
        f"\n- {_met(look < most)}: a first look takes {look:.1f} of {most} seconds of CPU time",
    ]
    if studies:
        full, ex4 = studies
        lines.append(
            f"- {_met(full <= MOST_RATIO * ex4)}: the full study takes {full / ex4:.2f} of at most "
            f"{MOST_RATIO} times the CPU time of ex4's"
        )
    RESULTS.mkdir(parents=True, exist_ok=True)
    output = RESULTS / "first_look.md"
    output.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print(output.read_text(encoding="utf-8"), end="")


def _met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


if __name__ == "__main__":
    main()

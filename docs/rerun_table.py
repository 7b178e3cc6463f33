"""Print what an edit reruns, as Markdown, from the cases that the tests prove.

``--write`` puts it into the README.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests/runs")]

from rerun_cases import BASELINES, CASES, Case  # noqa: E402


def jobs(case: Case) -> str:
    """Say which jobs run, the many that make tables and plots counted only."""
    named = {"fetch", "split", "train_plain"} | BASELINES
    first = [job for job in ("fetch", "split", *sorted(BASELINES)) if job in case.jobs]
    networks = sorted(job for job in case.jobs - named if job.startswith("train_"))
    rest = case.jobs - set(first) - set(networks)
    if len(rest) == 1:
        shown = [f"`{next(iter(rest))}`"]
    elif rest:
        tables = sum(not job.startswith("plots ") for job in rest)
        shown = [f"{tables} of tables and pages, {len(rest) - tables} of plots"]
    else:
        shown = []
    return ", ".join([*(f"`{job}`" for job in [*first, *networks]), *shown]) or "none"


def trained(case: Case) -> str:
    """Say which configurations are trained."""
    if not case.trained:
        return "none"
    if len(case.trained) > 3:
        return f"all {len(case.trained)}"
    return ", ".join(f"`{name}`" for name in case.trained)


def table() -> str:
    """Return the table in Markdown."""
    rows = [f"| {case.name} | {jobs(case)} | {trained(case)} |" for case in CASES]
    return "\n".join(["| what changes | jobs that run | what is trained |", "|---|---|---|", *rows])


def main() -> None:
    """Print the table, or write it into the README."""
    if "--write" not in sys.argv:
        print(table())
        return
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    block = f"<!-- rerun table -->\n{table()}\n<!-- /rerun table -->"
    pattern = "<!-- rerun table -->.*<!-- /rerun table -->"
    readme.write_text(re.sub(pattern, lambda _: block, text, flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()

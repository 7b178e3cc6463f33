"""Print what an edit reruns, as Markdown, from the cases that the tests prove.

``--write`` puts the table into docs/reruns.md.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests/runs")]

from rerun_cases import BASELINES, CASES, NETWORKS, Case  # noqa: E402


def jobs(case: Case) -> str:
    """Return the jobs that run; the plots are only counted."""
    plots = {job for job in case.jobs if job.startswith("plots ")}
    order = ["fetch", "split", *sorted(BASELINES), *sorted(NETWORKS)]
    others = sorted(case.jobs - plots, key=lambda job: order.index(job) if job in order else 99)
    shown = [f"`{job}`" for job in others]
    if len(plots) > 2:
        shown.append(f"{len(plots)} plots")
    else:
        shown += [f"`{job.replace('plots ', 'plot_')}`" for job in sorted(plots)]
    return ", ".join(shown) or "none"


def trained(case: Case) -> str:
    """Return the configurations that are trained."""
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
    """Print the table, or write it into its page."""
    if "--write" not in sys.argv:
        print(table())
        return
    page = ROOT / "docs/reruns.md"
    text = page.read_text(encoding="utf-8")
    block = f"<!-- rerun table -->\n{table()}\n<!-- /rerun table -->"
    pattern = "<!-- rerun table -->.*<!-- /rerun table -->"
    page.write_text(re.sub(pattern, lambda _: block, text, flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()

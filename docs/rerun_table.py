"""Print which jobs run after an edit, as Markdown, from the cases that the tests prove.

``--write`` puts the table into docs/reruns.md.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests/runs")]

from rerun_cases import CASES, Case  # noqa: E402

ORDER = [
    "fetch", "split", "split_inner", "candidates", "train", "train_shape", "read_predictions",
    "train_share", "train_simulated", "score", "parity", "compare", "compare_sizes", "one_step",
    "train_chosen", "train_rival", "judge_new_data", "write_tables", "write_new_data", "live",
    "provenance", "plot", "summarise",
]  # fmt: skip
AFTER_COMPARE = ["compare", "train_chosen", "write_tables", "provenance", "plot", "summarise"]
TOGETHER = {
    "*what follows*": ["score", *AFTER_COMPARE, "live"],
    "from `score` on": ["score", *AFTER_COMPARE],
    "from `compare` on": AFTER_COMPARE,
}
"""What many edits run; docs/reruns.md says it above the table. The first that fits is taken."""


def jobs(case: Case) -> str:
    """Return the jobs that run; if a rule has several, their number."""
    by_rule: dict[str, list[str]] = {}
    for job in sorted(case.jobs, key=lambda job: (ORDER.index(job.split()[0]), job)):
        by_rule.setdefault(job.split()[0], []).append(job)
    last = next((name for name, rules in TOGETHER.items() if by_rule.keys() >= {*rules}), None)
    shown = [
        f"`{same[0]}`" if len(same) == 1 else f"{len(same)} `{rule}`"
        for rule, same in by_rule.items()
        if last is None or rule not in TOGETHER[last]
    ]
    return ", ".join([*shown, *filter(None, [last])]) or "none"


def trained(case: Case) -> str:
    """Return the configurations that are trained."""
    if not case.trained:
        return "none"
    if len(case.trained) > 3:
        return f"all {len(case.trained)}"
    return ", ".join(f"`{name}`" for name in case.trained)


def table() -> str:
    """Return the table in Markdown: a row for each outcome, with all edits that have it."""
    edits: dict[tuple[str, str], list[str]] = {}
    for case in CASES:
        edits.setdefault((jobs(case), trained(case)), []).append(case.name)
    rows = [
        ("what changes", "jobs that run", "what is trained"),
        ("---",) * 3,
        *((";<br>".join(names), *outcome) for outcome, names in edits.items()),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


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

"""Print which jobs run after an edit, as Markdown, from the cases that the tests prove.

``--write`` puts the table into docs/reruns.md.
"""

import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests/runs")]

from rerun_cases import CASES, Case  # noqa: E402

ORDER = [
    "fetch", "split", "split_inner", "candidates", "train", "train_networks", "read_predictions",
    "train_share", "train_without", "train_simulated", "score", "parity", "compare",
    "compare_sizes", "weigh_features", "one_step", "train_chosen", "train_rival", "judge_new_data",
    "write_tables", "write_new_data", "live", "every_row", "provenance", "plot", "summarise",
]  # fmt: skip
PAGES = ["write_tables", "provenance", "summarise"]
STATISTICS = ["compare", "train_chosen", "plot", "every_row", *PAGES]
TOGETHER = {
    "*results*": ["score", *STATISTICS, "live"],
    "*scores*": ["score", *STATISTICS],
    "*statistics*": STATISTICS,
    "*pages*": PAGES,
}
"""What many edits run; docs/reruns.md says it above the table. The first that fits is taken."""


def jobs(case: Case) -> str:
    """Return the rules whose jobs run."""
    rules = {job.split()[0].removesuffix("_1") for job in case.jobs}
    together = [name for name, after in TOGETHER.items() if rules >= {*after}][:1]
    others = rules.difference(*map(TOGETHER.__getitem__, together))
    return ", ".join([*(f"`{rule}`" for rule in ORDER if rule in others), *together]) or "none"


def trained(case: Case) -> str:
    """Return how many configurations of each model are trained."""
    if len(case.trained) > 3:
        return f"all {len(case.trained)}"
    by_model = Counter(name.split()[0] for name in case.trained)
    return ", ".join(f"{number} `{model}`" for model, number in by_model.items())


def table() -> str:
    """Return the table in Markdown: a row for each outcome, with all edits that have it."""
    edits: dict[str, list[str]] = {}
    for case in CASES:
        outcome = f"{jobs(case)}; trains {trained(case)}" if case.trained else jobs(case)
        edits.setdefault(outcome, []).append(case.name)
    rows = [
        ("what changes", "jobs that run, and what they train"),
        ("---", "---"),
        *((";<br>".join(names), outcome) for outcome, names in edits.items()),
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

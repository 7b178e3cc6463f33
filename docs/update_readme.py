"""Write the results of the last run into the README and the docs.

Each block goes into the file that has its markers, ``<!-- name -->`` and ``<!-- /name -->``: the
headline, the rule graph, and what the benchmarks measured.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src")]

from backprop.report.wording.amounts import POINTS, score, score_ends  # noqa: E402
from backprop.report.wording.names import model_name, sentence_case  # noqa: E402
from backprop.statistics.tables import COMPARISON  # noqa: E402

RESULTS = ROOT / "results"
BENCHMARK = RESULTS / "benchmarks/compare.csv"
PICTURE = "models"


def headline() -> str:
    """Return the advice, the table of the models and the picture; copy the picture to docs/."""
    shutil.copy(RESULTS / f"ex4/plots/{PICTURE}.svg", ROOT / "docs/picture.svg")
    comparison = COMPARISON.read(RESULTS / "ex4/tables/comparison.csv")
    summary = json.loads((RESULTS / "summary.json").read_text(encoding="utf-8"))
    advice = summary["datasets"]["ex4"]["advice"]
    lines = [
        f"**{advice}**",
        "",
        "| model | accuracy | 95% interval | difference from logistic, points | 95% interval |",
        "|---|---|---|---|---|",
    ]
    for row in COMPARISON.rows(comparison, "accuracy"):
        if row.same_as is None:
            ends = score_ends("accuracy", row.score.lower, row.score.upper)
            accuracy = [score("accuracy", row.score.value), ends]
            difference = ["", ""]
            if row.difference:
                own = POINTS.amount(row.difference.value, "+")
                ends = POINTS.ends(row.difference.lower, row.difference.upper)
                difference = [own, ends]
            label = sentence_case(model_name(row.model).removeprefix("the "))
            lines.append(f"| {' | '.join([label, *accuracy, *difference])} |")
    return "\n".join([*lines, "", "![Accuracy and log loss of each model](docs/picture.svg)"])


def rules() -> str:
    """Return the rule graph as a Mermaid chart."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js"]
    graph = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", graph))
    edges = {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", graph)}
    after = {name: {b for a, b in edges if a == name} for name in names.values()}

    def reaches(start: str, end: str) -> bool:
        return end in after[start] or any(reaches(middle, end) for middle in after[start])

    # An arrow is left out where a longer way leads to the same rule.
    direct = sorted(
        (a, b) for a, b in edges if not any(reaches(m, b) for m in after[a] if m not in (a, b))
    )
    chart = [f"    {a}-->{b}" for a, b in direct]
    return "\n".join(["```mermaid", "flowchart TB", *chart, "```"])


def benchmark() -> str:
    """Return what `make benchmark` measured."""
    columns = ["contender", "networks", "microseconds_median", "ratio_to_scratch_300"]
    return pd.read_csv(BENCHMARK)[columns].to_markdown(index=False, floatfmt=".3g")


def replace_block(name: str, content: str) -> None:
    """Put a block between its markers, in every file that has them."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    is_replaced = False
    for file in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = file.read_text(encoding="utf-8")
        block = f"{begin}\n{content}\n{end}"
        # A page that includes the block has its markers within a line.
        text, count = re.subn(f"^{begin}$.*?^{end}$", lambda _, b=block: b, text, flags=re.M | re.S)
        if count:
            is_replaced = True
            file.write_text(text, encoding="utf-8")
    if not is_replaced:
        sys.exit(f"error: neither README.md nor a file of docs/ has the marker {begin}")


def main() -> None:
    """Replace every block whose results exist."""
    blocks: dict[str, Callable[[], str]] = {"headline": headline, "rules": rules}
    if BENCHMARK.exists():
        blocks["benchmark"] = benchmark
    # Markdown, as the benchmarks print it.
    names = "checks", "cores", "datasets", "first_look", "large_tables", "scale", "share", "stacks"
    for name in (*names, "wide_tables"):
        if (file := BENCHMARK.with_name(f"{name}.md")).exists():
            blocks[name] = partial(file.read_text, encoding="utf-8")
    for name, write in blocks.items():
        replace_block(name, write())


if __name__ == "__main__":
    main()

"""Write the numbers, the picture and the rule graph of the README from the results of a run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src")]

from backprop.report.summary import advice  # noqa: E402
from backprop.report.tables import NAMES  # noqa: E402

RESULTS = ROOT / "results"
PICTURE = "models-accuracy"


def headline() -> str:
    """Return the picture, the advice and the table of the models."""
    shutil.copy(RESULTS / f"ex4/plots/{PICTURE}.svg", ROOT / "docs/picture.svg")
    comparison = pd.read_csv(RESULTS / "ex4/tables/comparison.csv")
    lines = [
        f"**{advice(comparison)}**",
        "",
        "| model | accuracy | 95% interval | difference from logistic, points | 95% interval |",
        "|---|---|---|---|---|",
    ]
    for row in comparison.itertuples():
        accuracy = [f"{100 * row.accuracy:.1f}%", _range(row, "accuracy", "{:.1f}")]
        difference = [f"{100 * row.difference:+.1f}", _range(row, "difference", "{:+.1f}")]
        if pd.isna(row.difference):
            difference = ["", ""]
        lines.append(f"| {' | '.join([NAMES[row.model], *accuracy, *difference])} |")
    return "\n".join([*lines, "", "![All models compared](docs/picture.svg)"])


def rules() -> str:
    """Return the rule graph as a Mermaid chart, the pages and the plots as one node each."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = {
        node: re.sub(r"^(show|plot)_.*", r"\1_*", name)
        for node, name in re.findall(r"(id\d+)\[(\w+)\]", shown)
    }
    edges = {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", shown)}
    after = {name: {b for a, b in edges if a == name} for name in names.values()}

    def reaches(start: str, end: str) -> bool:
        return end in after[start] or any(reaches(middle, end) for middle in after[start])

    direct = sorted(
        (a, b) for a, b in edges if not any(reaches(m, b) for m in after[a] if m not in (a, b))
    )
    chart = [f"    {a.strip('_*')}[{a}] --> {b.strip('_*')}[{b}]" for a, b in direct]
    return "\n".join(["```mermaid", "flowchart TB", *chart, "```"])


def benchmark() -> str:
    """Return what `make benchmark` measured."""
    table = pd.read_csv(RESULTS / "benchmarks/compare.csv")
    return table.to_markdown(index=False, floatfmt=".3g")


def _range(row: object, name: str, form: str) -> str:
    lower, upper = (100 * getattr(row, f"{name}_{end}") for end in ("lower", "upper"))
    return f"{form.format(lower)} to {form.format(upper)}"


def main() -> None:
    """Replace what stands between the markers."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    parts = {"headline": headline, "rules": rules}
    if (RESULTS / "benchmarks/compare.csv").exists():
        parts["benchmark"] = benchmark
    for name, make in parts.items():
        block = f"<!-- {name} -->\n{make()}\n<!-- /{name} -->"
        text = re.sub(f"<!-- {name} -->.*<!-- /{name} -->", lambda _, b=block: b, text, flags=re.S)
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

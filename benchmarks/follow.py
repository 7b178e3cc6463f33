"""Follow a value of the config through a whole run: which files of the code handle it, and as what.

A value that many files handle, or that changes its form often, makes a change expensive. This runs
the workflow in a folder of its own with a learning rate that no other number equals. In each
process, each function of the library is looked at when it returns: does one of its variables, or
what it returns, hold that number, or a text with it? It also counts how often a decision is made,
and the lines that name a table. Run it from the root of the repository, in two minutes. It prints a
table for docs/architecture.md, and writes ``results/benchmarks/follow.md``.
"""

import atexit
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = str(ROOT / "src/backprop")
OUTPUT = ROOT / "results/benchmarks/follow.md"
RATE = 0.14453125  # exact in binary, so that it is the same in any text
TABLE = "nested_pairs"  # is looked for in the code
PAGE = "results/ex4/tables/tuning.html"  # has a sentence with the learning rate
FOLDER = "BACKPROP_FOLLOW"  # the environment variable with the folder of what processes found
LOOKS = 40  # at each function in a process: a loop returns the same again and again
DEEP, LONG = 1, 200  # levels and items of a value that are looked at

CONFIG = f"""
seed: 1
datasets:
  ex4: {{source: {ROOT}/resources/ex4.csv, features: [exam_1, exam_2], label: admitted}}
validation: {{folds: 2, repeats: 1, inner_folds: 2}}
training: {{epochs: 3, patience: null, tolerance: 1.0e-6}}
models: [logistic, scratch]
reference:
  hidden: [3]
  activation: sigmoid
  cost: squared_error
  learning_rate: 0.1
  initialisation: uniform
vary: {{learning_rate: [{RATE}]}}
comparison: {{rope: 0.01}}
simulation: {{sets: 0}}
search: one_at_a_time
"""


class Follower:
    """What this process finds; it is written when the process ends."""

    def __init__(self) -> None:
        self.looked: Counter[CodeType] = Counter()
        self.forms: dict[str, set[str]] = {}
        self.decisions = 0

    def __call__(self, frame: FrameType, event: str, value: Any) -> None:
        """Look at a function that returns; `sys.setprofile` calls this."""
        code = frame.f_code
        if event != "return" or not code.co_filename.startswith(LIBRARY):
            return
        self.decisions += code.co_name == "recommend"
        self.looked[code] += 1
        if self.looked[code] > LOOKS:
            return
        held = {type(each).__name__ for each in (*frame.f_locals.values(), value) if holds(each)}
        if held:
            name = os.path.relpath(code.co_filename, LIBRARY)
            self.forms.setdefault(name, set()).update(held)

    def write(self) -> None:
        """Write what was found into the folder of the run."""
        sys.setprofile(None)
        content = {name: sorted(forms) for name, forms in self.forms.items()}
        file = Path(os.environ[FOLDER], f"{os.getpid()}.json")
        file.write_text(json.dumps([content, self.decisions]), encoding="utf-8")


def holds(value: Any, depth: int = DEEP) -> bool:
    """Return whether a value is the learning rate, or has it inside."""
    if isinstance(value, float):
        return value == RATE
    if isinstance(value, str):
        return str(RATE) in value
    if depth == 0:
        return False
    kind = type(value).__name__
    if kind == "ndarray":
        return bool(value.dtype.kind == "f" and value.size < 10**5 and (value == RATE).any())
    if kind == "DataFrame":
        return any(holds(value[name], depth) for name in list(value.columns)[:LONG])
    if kind == "Series" and hasattr(value, "tolist"):
        return holds(value.tolist()[:LONG], depth)
    if kind == "Configuration":
        value = value.values()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, field.name, None) for field in dataclasses.fields(value)]
    if type(value).__module__ == "backprop.config":
        value = vars(value)
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return any(holds(each, depth - 1) for each in list(value)[:LONG])
    return False


def run(*targets: str) -> tuple[dict[str, set[str]], int]:
    """Run the workflow to its targets; return the forms by file, and the number of decisions."""
    with tempfile.TemporaryDirectory() as folder:
        seen, project = Path(folder, "seen"), Path(folder, "project")
        seen.mkdir()
        project.mkdir()
        (project / "config.yaml").write_text(CONFIG, encoding="utf-8")
        site = Path(folder, "sitecustomize.py")
        shutil.copy(__file__, Path(folder, "follow.py"))
        site.write_text(
            f"import follow\nfollow.LIBRARY = {LIBRARY!r}\nfollow.begin()\n", encoding="utf-8"
        )
        snakemake = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile"]
        subprocess.run(
            [*snakemake, "--cores", "2", *targets],
            cwd=project,
            env={**os.environ, "PYTHONPATH": folder, FOLDER: str(seen)},
            check=True,
        )
        forms: dict[str, set[str]] = {}
        decisions = 0
        for file in seen.iterdir():
            content, decided = json.loads(file.read_text(encoding="utf-8"))
            decisions += decided
            for name, own in content.items():
                forms.setdefault(name, set()).update(own)
    return forms, decisions


def begin() -> None:
    """Follow the value in this process, to its end."""
    follower = Follower()
    atexit.register(follower.write)
    sys.setprofile(follower)


def lines_that_name(table: str) -> int:
    """Return how many lines of the code name a table."""
    files = [*ROOT.glob("src/**/*.py"), *ROOT.glob("workflow/**/*.smk")]
    files += ROOT.glob("workflow/scripts/*.py")
    texts = (file.read_text(encoding="utf-8") for file in files)
    return sum(len(re.findall(rf"^.*\b{table}\b.*$", text, re.MULTILINE)) for text in texts)


def types_in(forms: dict[str, set[str]]) -> int:
    """Return the number of types in which files hold the value."""
    return len(set().union(*forms.values()))


def main() -> None:
    """Print the table and what it counts."""
    forms, decisions = run()
    to_page = run(PAGE)[0]
    lines = [
        "| followed | to the page on tuning | in a whole run |",
        "|---|---:|---:|",
        f"| `learning_rate`: files of the library that handle it | {len(to_page)} | {len(forms)} |",
        "| its forms: types of the variables that hold it "
        f"| {types_in(to_page)} | {types_in(forms)} |",
        f"| the decision: times that a run makes it | | {decisions} |",
        f"| a table (`{TABLE}`): lines of code that name it | | {lines_that_name(TABLE)} |",
        "",
        *(f"- `{name}`: {', '.join(sorted(own))}" for name, own in sorted(forms.items())),
    ]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

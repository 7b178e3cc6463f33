"""Measure how a large table is read: by pandas, by the workflow, and at the next start.

Run it with ``python benchmarks/large_tables.py``; it needs 1 GB of disk. A start of the workflow is
measured in a folder of its own.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
SIZES = ((600_000, 31), (1_000_000, 30))
READ = {
    "pandas": "import pandas; pandas.read_csv({file!r})",
    "workflow": "from pathlib import Path; from backprop.data.sources import obtain; "
    "obtain('t', label='y', file=Path({file!r}))",
}
START = """
from pathlib import Path
from backprop.workflow.plan import Plan
from backprop.workflow.reading import read_yaml
config = read_yaml(Path("config.yaml"))
Plan(config, Path({root!r}), [("config.yaml", config)])
"""
CONFIG = """
seed: 1
datasets: {{t: {{source: {file}, label: y}}}}
validation: {{folds: 5, repeats: 1}}
training: {{epochs: 10, patience: null, tolerance: 0.0}}
models: [logistic]
reference:
  {{hidden: [2], activation: tanh, cost: cross_entropy, learning_rate: 0.1, initialisation: glorot}}
vary: {{}}
search: one_at_a_time
comparison: {{metric: accuracy, rope: 0.01}}
"""


def write_table(file: Path, rows: int, columns: int) -> None:
    """Write a table: numbers with four digits, one column of three texts, two classes."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        random.normal(size=(rows, columns - 2)).round(4),
        columns=[f"x{number}" for number in range(columns - 2)],
    )
    table["site"] = random.choice(["north", "south", "west"], rows)
    table["y"] = random.choice(["no", "yes"], rows)
    table.to_csv(file, index=False)


def measure(code: str, folder: Path) -> tuple[float, float, float]:
    """Return the processor time, the time, and the largest memory in GB of code in a new Python."""
    print_memory = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{print_memory}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return processor, took, int(ran.stdout.split()[-1]) / 1e6


def main() -> None:
    """Print a row for each size and way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help="measure a smaller table of 31 columns only")
    asked = parser.parse_args()
    print("rows     columns  what           processor s  seconds  GB")
    for rows, columns in [(asked.rows, 31)] if asked.rows else SIZES:
        with TemporaryDirectory() as name:
            folder, file = Path(name), Path(name, "t.csv")
            write_table(file, rows, columns)
            (folder / "config.yaml").write_text(CONFIG.format(file=file))
            start = START.format(root=str(ROOT))
            ways = {key: code.format(file=str(file)) for key, code in READ.items()}
            for what, code in {**ways, "first start": start, "next start": start}.items():
                processor, took, memory = measure(code, folder)
                print(
                    f"{rows:<9}{columns:<9}{what:<15}{processor:>11.1f}{took:>9.1f}{memory:>5.2f}"
                )


if __name__ == "__main__":
    main()

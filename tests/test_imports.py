"""What an import loads: what is heavy is imported where it is used, or every start waits for it."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from backprop.models.registry import MODELS

ROOT = Path(__file__).parents[1]
HEAVY = "sklearn pandas requests pyarrow scipy tensorflow snakemake matplotlib openpyxl"
DEFAULT_PLAN = """
import yaml
from pathlib import Path
from backprop.workflow.plan.plan import Plan
Plan(yaml.safe_load(Path("config.yaml").read_text()), Path())
"""
CASES = {  # what runs, and what it must not load
    "the package": ("import backprop", f"numpy {HEAVY}"),
    "its estimators": (
        "import backprop; backprop.BackpropClassifier",
        "tensorflow snakemake",
    ),
    "the names of the data sets": ("import backprop.data.sources", HEAVY),
    "a data set": ("import backprop.data.sources as s; s.obtain('xor')", "openpyxl"),
    "the names of the models": (
        "import backprop.models.registry",
        " ".join([HEAVY, *(model.implementation for model in MODELS.values())]),
    ),
    "one baseline": (
        "import backprop.models.logistic", "backprop.models.softmax backprop.network",
    ),
    "the tables of statistics": ("import backprop.statistics.tables", "pandas scipy pyarrow"),
    "the names of the figures": ("import backprop.report.contents", "pandas seaborn matplotlib"),
    "a plot of `compare`": ("import backprop.report.figures.forest_lines", "seaborn"),
    "one step by hand": ("import backprop.statistics.one_step", "tensorflow"),
    "the default plan": (DEFAULT_PLAN, "sklearn pandas requests pyarrow scipy.stats"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_import_loads_nothing_that_it_does_not_need(case):
    code, suspects = CASES[case]
    if code == DEFAULT_PLAN and not find_spec("tensorflow"):
        pytest.skip("TensorFlow is not installed, which the default config names")
    program = f"{code}\nimport sys\nprint(*{set(suspects.split())} & {{*sys.modules}})"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == ""

"""What a config may name is where readers look for it."""

import inspect
import json
import re
from pathlib import Path

import pytest

from backprop.models.estimator import BackpropClassifier
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.network.optimisers import OPTIMISERS
from backprop.report.comparing import compare
from backprop.report.wording.names import within_sentence
from backprop.study.metrics import METRICS
from backprop.workflow.config_check.config_schema import read_schema

ROOT = Path(__file__).parents[1]
ENTRIES = {
    "activation": ACTIVATIONS, "cost": COSTS, "initialisation": INITIALISATIONS,
    "optimiser": OPTIMISERS, "metric": METRICS,
}  # fmt: skip


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def named_in(text):
    """Return the names in code quotes or plain words of a text."""
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize("kind", ENTRIES)
def test_the_comments_of_the_config_name_each(kind):
    line = next(each for each in page("config.yaml").splitlines() if f" {kind}: " in each)
    missing = ENTRIES[kind].keys() - named_in(line)
    assert not missing, f"name {sorted(missing)} beside `{kind}` in config.yaml"


def test_editors_complete_keys_and_values_by_the_schema_of_the_types():
    written = json.loads(page("workflow/schemas/config.schema.json"))
    assert written == read_schema(), (
        "run `.venv/bin/python -m backprop.workflow.config_check.config_schema`"
    )


@pytest.mark.parametrize(
    ("kind", "file"), [("metric", "docs/your-own-data.md"), ("optimiser", "docs/optimisers.md")]
)
def test_the_table_of_a_page_has_a_row_for_each(kind, file):
    rows = {name for row in re.findall(r"^\|.*\|$", page(file), re.M) for name in named_in(row)}
    missing = ENTRIES[kind].keys() - rows
    assert not missing, f"add a row for {sorted(missing)} to the table in {file}"


def test_the_formulas_of_each_metric_are_there():
    text = page("docs/formulas.md")
    scores, parts = text[text.index("## Scores") :].split("## Contributions")
    for table in (scores, parts):
        missing = [m.label for m in METRICS.values() if within_sentence(m.label) not in table]
        assert not missing, f"add {missing} to the tables of metrics in docs/formulas.md"


@pytest.mark.parametrize(
    ("documented", "parameter", "kind"),
    [
        (BackpropClassifier, "activation", "activation"), (BackpropClassifier, "loss", "cost"),
        (BackpropClassifier, "initialisation", "initialisation"),
        (BackpropClassifier, "solver", "optimiser"), (compare, "metric", "metric"),
    ],
)  # fmt: skip
def test_the_docstring_of_a_parameter_names_each(documented, parameter, kind):
    values = re.search(rf"^{parameter} : {{(.*?)}}", inspect.getdoc(documented), re.M | re.S)[1]
    missing = ENTRIES[kind].keys() - named_in(values)
    assert not missing, f"name {sorted(missing)} at `{parameter}` of {documented.__name__}"

"""The menu of the report: its order, its columns, and what is left out of it."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from full_config import typed

from backprop.workflow.plan import paths
from backprop.workflow.plan.report_items import Items

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
NAMES = ("one", "two", "three")
NOTHING_VARIED = {"vary": {}, "also": []}


def items_of(datasets=1, **changes):
    """Return the items of a study with some data sets like ex4, and the files of all."""
    entry = CONFIG["datasets"]["ex4"]
    config = typed({**CONFIG, "datasets": dict.fromkeys(NAMES[:datasets], entry), **changes})
    items = Items(config)
    return items, [item.file for of_dataset in items._of.values() for item in of_dataset]


def menus(items):
    """Return the rows of the menu of each part, in the order of Snakemake."""
    parts = {}
    for dataset, of_dataset in items._of.items():
        for item in filter(lambda item: items.is_shown(item.file), of_dataset):
            parts.setdefault(item.part, []).append(items.labels(dataset, item.file))
    return {name: sorted(rows, key=lambda row: [*row.values()]) for name, rows in parts.items()}


def switches(rows):
    """Return the columns that Snakemake would turn into switches, as its report computes it."""
    switched = []
    for column in list(max(rows, key=len))[1:]:
        counts = Counter(row[column] for row in rows if column in row)
        if len(counts) == 2 and {*counts.values()} == {len(rows) / 2}:
            switched.append(column)
    return switched if len(switched) < 2 else []


pytestmark = pytest.mark.usefixtures("in_a_folder")


def leave_out(**names):
    Path("results").mkdir(exist_ok=True)
    datasets = {dataset: {"left_out": left_out} for dataset, left_out in names.items()}
    Path(paths.SUMMARY_JSON).write_text(json.dumps({"datasets": datasets}))


def test_the_menu_is_in_the_order_of_reading():
    menu = menus(items_of()[0])
    titles = {name: [row["table or figure"] for row in rows] for name, rows in menu.items()}
    assert titles["1 Result"][:3] == [
        "The models against logistic regression", "Warnings", "All models compared",
    ]  # fmt: skip
    assert titles["2 Tuning"][0] == "What tuning is worth"
    assert titles["3 Networks"][0] == "Watch the networks learn"
    assert titles["5 Checks"][0] == "How reliable this report is"
    assert titles["2 Tuning"][1] == "What each hyperparameter changes"
    assert [row["#"].strip() for row in menu["2 Tuning"]] == ["1", "2", "3"]


def test_only_several_data_sets_have_a_column():
    items, (first, *_) = items_of()
    assert items.labels("one", first) == {
        "": "", "#": " 1", "table or figure": "The models against logistic regression",
    }  # fmt: skip
    items, (first, *_) = items_of(datasets=2)
    assert items.labels("one", first)["data"] == "one"


@pytest.mark.parametrize("datasets", [1, 2, 3])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        NOTHING_VARIED,
        {"models": ["logistic", "softmax"], **NOTHING_VARIED},
        {"models": ["logistic"], "simulation": {"sets": 0}, **NOTHING_VARIED},
        {"vary": {"hidden": [[5]]}, "simulation": {"sets": 0}, "models": ["logistic", "scratch"]},
        {"validation": {"folds": 5, "repeats": 1}, "simulation": {"sets": 0}},
    ],
)
def test_no_part_of_the_menu_becomes_a_switch(datasets, changes):
    menu = menus(items_of(datasets, **changes)[0])
    assert [(name, switches(rows)) for name, rows in menu.items() if switches(rows)] == []


def test_what_has_nothing_to_show_is_left_out_of_the_menu_of_its_data_set():
    leave_out(one=["warnings", "pairs"], two=["warnings"])
    items, files = items_of(datasets=2)
    left_out = {file for file in files if not items.is_shown(file)}
    assert left_out == {
        "results/one/tables/warnings.html", "results/two/tables/warnings.html",
        "results/one/plots/pairs.html",
    }  # fmt: skip
    rows = [row for row in menus(items)["1 Result"] if row["data"] == "one"]
    assert [row["#"].strip() for row in rows] == [str(n + 1) for n in range(len(rows))]


def test_a_module_with_a_prefix_finds_its_items_there():
    leave_out(one=["warnings"])
    Path("results").rename("prefix")
    items = Items(items_of()[0]._config, lambda path: path.replace("results", "prefix", 1))
    assert not items.is_shown("prefix/one/tables/warnings.html")
    assert items.is_shown("prefix/one/tables/comparison.html")
    assert items.labels("one", "results/one/plots/models.html")["#"].strip() == "2"


@pytest.mark.parametrize(
    ("costs", "has_curve"),
    [({"missed": 5, "false_alarm": 1}, True), ({"missed": {"false_alarm": 5}}, False)],
)
def test_costs_of_the_names_of_classes_have_no_decision_curve(costs, has_curve):
    _, files = items_of(comparison={"rope": 0.01, "costs": costs})
    assert any("decision_curve" in file for file in files) == has_curve


def test_the_default_study_has_20_items():
    leave_out(one=["warnings", "pairs", "importance", "partial_dependence"])
    items, files = items_of()
    shown = sum(map(items.is_shown, files))
    assert shown == 20, f"{shown} items: is it worth one more to read? Then change the number here"


def test_without_results_nothing_is_left_out():
    items, files = items_of()
    assert all(map(items.is_shown, files))


def test_the_landing_page_names_what_readers_want_first_and_where_it_is():
    items, _ = items_of()
    assert items.seen_first("one") == [
        "Watch the networks learn (3 Networks)",
        "The data and what each model predicts (4 Data)",
        "The students that models get wrong (4 Data)",
        "What tuning is worth (2 Tuning)", "How reliable this report is (5 Checks)",
    ]  # fmt: skip
    items, _ = items_of(simulation={"sets": 0}, **NOTHING_VARIED)
    assert len(items.seen_first("one")) == 3
    items, _ = items_of(models=["logistic"], **NOTHING_VARIED)
    assert "Watch the networks learn" not in str(items.seen_first("one"))

"""What the plan asks for if there is nested cross-validation, and what it refuses."""

import copy

import pytest
from project import ROOT, SMALL
from rerun_cases import H3, KNN

from backprop.errors import BackpropError
from backprop.report import contents
from backprop.workflow.plan.plan import Plan

BOTH = ["logistic", "scratch", "tensorflow"]
FILE = "results/ex4/data/inner_folds.csv"


pytestmark = pytest.mark.usefixtures("at_the_root")


def plan(inner=None, **changes):
    """Return the plan of two folds, with some keys of inner folds in `validation`."""
    validation = {"folds": 2, "repeats": 3, **(inner or {})}
    return Plan(copy.deepcopy(SMALL) | {"validation": validation} | changes, ROOT)


def fits(planned, model, *shapes, dataset="ex4"):
    """Return how many fits of a model are planned."""
    return planned.design.number_of_fits(planned.datasets.data(dataset), model, shapes)


def table(folder, *sizes, groups=()):
    """Return the data set of a file with some rows of each class."""
    labels = [name for name, size in zip("abc", sizes, strict=False) for _ in range(size)]
    columns = ["x,y", *(f"{n * 7 % 11},{label}" for n, label in enumerate(labels))]
    if groups:
        columns = [f"{line},{g}" for line, g in zip(columns, ["g", *groups], strict=True)]
    (folder / "rows.csv").write_text("\n".join(columns) + "\n")
    entry = {"source": str(folder / "rows.csv"), "label": "y", "features": ["x"]}
    return {"own": entry | ({"groups": "g"} if groups else {})}


def test_by_default_each_tuned_model_has_inner_fits_in_the_first_four_repeats():
    default = plan({"repeats": 6}, models=["logistic", "scratch", "knn"], estimators={"knn": KNN})
    assert default.design.choosers == {"scratch": "scratch", "knn": "knn"}
    assert default.outputs.fit_files.inner_folds("logistic", "ex4") == []
    assert (
        default.outputs.fit_files.inner_folds("knn", "ex4")
        == default.outputs.fit_files.inner_folds("scratch", "ex4")
        == [FILE]
    )
    assert FILE in default.outputs.results()
    # Two configurations on 6 x 2 outer splits, and on 4 x 2 x 5 inner ones.
    assert fits(default, "knn") == 2 * (12 + 40)
    assert fits(default, "scratch", H3) == 2 * (12 + 40)
    assert fits(default, "logistic") == 12


def test_fewer_repeats_limit_the_inner_ones():
    assert fits(plan({"inner_repeats": 2}), "scratch", H3) == 2 * (6 + 2 * 2 * 5)
    assert fits(plan({"inner_repeats": 9}), "scratch", H3) == 2 * (6 + 3 * 2 * 5)
    assert fits(plan({"inner_folds": 3}), "scratch", H3) == 2 * (6 + 3 * 2 * 3)


def test_tensorflow_follows_scratch_unless_the_config_asks_for_its_own_choices():
    follows = plan(models=BOTH)
    assert follows.design.choosers == {"scratch": "scratch", "tensorflow": "scratch"}
    assert follows.outputs.fit_files.inner_folds("tensorflow", "ex4") == []
    assert fits(follows, "tensorflow", H3) == 2 * 6
    for alone in (plan({"inner_networks": "all"}, models=BOTH), plan(models=BOTH[::2])):
        assert alone.design.choosers["tensorflow"] == "tensorflow"
        assert alone.outputs.fit_files.inner_folds("tensorflow", "ex4") == [FILE]
        assert fits(alone, "tensorflow", H3) == 2 * (6 + 3 * 2 * 5)


@pytest.mark.parametrize(
    ("inner", "changes"),
    [({"inner_folds": None}, {}), ({}, {"vary": {}}), ({}, {"vary": {"l2": [0]}})],
)
def test_without_inner_folds_or_several_configurations_nothing_is_nested(inner, changes):
    off = plan(inner, **changes)
    assert off.design.choosers == {}
    assert off.outputs.fit_files.inner_folds("scratch", "ex4") == []
    assert FILE not in off.outputs.results()
    assert not {"nested", "nested_pairs"} & set(contents.tables(off.config, "ex4"))


def test_pairs_of_tuned_models_need_two_that_choose_for_themselves():
    assert "nested_pairs" not in contents.tables(plan(models=BOTH).config, "ex4")
    two = plan(models=[*BOTH, "knn"], estimators={"knn": KNN})
    assert {"nested", "nested_pairs"} <= set(contents.tables(two.config, "ex4"))


def test_small_classes_have_fewer_inner_folds_by_default(tmp_path):
    small = plan({"folds": 5, "repeats": 1}, datasets=table(tmp_path, 5, 5))
    assert fits(small, "scratch", H3, dataset="own") == 2 * (5 + 5 * 4)
    none = plan({"repeats": 1}, datasets=table(tmp_path, 6, 2))
    assert fits(none, "scratch", H3, dataset="own") == 2 * 2


@pytest.mark.parametrize(("sizes", "groups", "folds", "most", "says"), [
    ((30, 5), (), 5, 4, ", in a training set: found 5; use 2 to 4, the number of rows of the "
     "smallest class, 'b'"),
    ((6, 6), [0, 0, 1, 1, 2, 2] * 2, 3, 2, ", in the training set of repeat 1, fold 1: found 3"),
])  # fmt: skip
def test_inner_folds_that_a_training_set_does_not_allow_are_refused(
    sizes, groups, folds, most, says, tmp_path
):
    datasets = table(tmp_path, *sizes, groups=groups)
    validation = {"folds": folds, "repeats": 1}
    assert plan(validation | {"inner_folds": most}, datasets=datasets)
    with pytest.raises(BackpropError, match=rf"^datasets.own: validation.inner_folds{says}"):
        plan(validation | {"inner_folds": most + 1}, datasets=datasets)
    # No model chooses among configurations, so the key has no effect.
    assert plan(validation | {"inner_folds": most + 1}, datasets=datasets, vary={})

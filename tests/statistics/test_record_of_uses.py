"""The record of uses: the same models on the same data count once, others each time."""

import dataclasses
import json

import numpy as np
import pytest

from backprop.data.dataset import DataError, Dataset
from backprop.models.chosen import Recipe
from backprop.models.families import NETWORK, REGRESSION
from backprop.statistics.record_of_uses import note_use
from backprop.study.configurations import Configuration

NEW = Dataset(("a",), "y", np.array([[1.0], [2.0], [3.0]]), np.array([0, 1, 1]))
OTHER = dataclasses.replace(NEW, x=NEW.x + 1)
STUDY = {"dataset.csv": "1", "columns.json": "2"}
RECIPE = Recipe(
    model="logistic", family=REGRESSION, implementation="backprop.models.logistic",
    configuration=Configuration(), seed=1, training={"epochs": 3},
)  # fmt: skip
NET = dataclasses.replace(
    RECIPE, model="scratch", family=NETWORK, implementation="backprop.network.stacked",
    configuration=Configuration.of_network((2,), "sigmoid", "squared_error", 0.1, "uniform"),
)  # fmt: skip


class Fitted:
    def __init__(self, recipe):
        self.recipe = recipe


@pytest.fixture
def use(tmp_path):
    def of(*recipes, new=NEW, study=STUDY):
        return note_use(tmp_path / "uses.json", new, [*map(Fitted, recipes)], study)

    return of


def test_the_same_models_are_judged_once_and_each_other_one_again(use):
    assert use(RECIPE, NET) == use(RECIPE, NET) == (1, 0)
    assert use(RECIPE, dataclasses.replace(NET, training={"epochs": 4})) == (2, 0)
    assert use(RECIPE, dataclasses.replace(NET, seed=2)) == (3, 0)
    assert use(RECIPE, NET, study={**STUDY, "dataset.csv": "3"}) == (4, 0)
    assert use(RECIPE, NET) == (4, 0)  # whoever goes back to the first has looked four times


def test_what_does_not_change_a_model_is_no_other_use(use):
    use(RECIPE)
    assert use(dataclasses.replace(RECIPE, seed=2, training={"epochs": 9})) == (1, 0)
    assert use(RECIPE, new=dataclasses.replace(NEW, remarks=("read otherwise",))) == (1, 0)


def test_other_data_are_counted_apart(use):
    use(RECIPE)
    assert use(RECIPE, new=OTHER) == (1, 1)
    assert use(NET, new=OTHER) == (2, 1)
    assert use(RECIPE) == (1, 1)


def test_nothing_is_noted_if_nothing_is_judged(use, tmp_path):
    assert use() == (0, 0)
    assert json.loads((tmp_path / "uses.json").read_text()) == []
    assert use(RECIPE) == (1, 0)


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000, '[{"rows": 1}]', "{}1"])
def test_a_damaged_record_is_refused_and_not_forgotten(use, tmp_path, text):
    (tmp_path / "uses.json").write_text(text)
    with pytest.raises(DataError, match="not the record of how often new data were used"):
        use(RECIPE)
    assert (tmp_path / "uses.json").read_text() == text

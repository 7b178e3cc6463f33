"""The record of uses: the same models on the same data count once, others each time."""

import dataclasses
import json
import math

import numpy as np
import pytest

from backprop.data.dataset import DataError, Dataset
from backprop.models.chosen import Recipe
from backprop.models.families import NETWORK, REGRESSION
from backprop.statistics.record_of_uses import note_use
from backprop.study.configurations import Configuration

NEW = Dataset(
    ("a", "kind"), "y",
    np.array([[1.23456789, 0], [20.0, 1], [-0.0, 1], [math.nan, math.nan]]),
    np.array([0, 1, 1, 0]), ("no", "yes"), {"kind": ("oak", "ash")},
)  # fmt: skip
OTHER = dataclasses.replace(NEW, x=NEW.x + [[1, 0]] * 4)
STUDY = dataclasses.replace(NEW, x=NEW.x - [[100, 0]] * 4)
FITTED_TO = {"dataset.csv": "1", "columns.json": "2"}
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
    def of(*recipes, new=NEW, study=STUDY, fitted_to=FITTED_TO):
        fitted = [*map(Fitted, recipes)]
        return note_use(tmp_path / "uses.json", new, study, fitted, fitted_to)

    return of


def test_the_same_models_are_judged_once_and_each_other_one_again(use):
    assert use(RECIPE, NET) == use(RECIPE, NET) == (1, 0)
    assert use(RECIPE, dataclasses.replace(NET, training={"epochs": 4})) == (2, 0)
    assert use(RECIPE, dataclasses.replace(NET, seed=2)) == (3, 0)
    assert use(RECIPE, NET, fitted_to={**FITTED_TO, "dataset.csv": "3"}) == (4, 0)
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


def cells(*changes):
    """Return the new data with some cells of the first column changed."""
    x = NEW.x.copy()
    for row, value in changes:
        x[row, 0] = value
    return dataclasses.replace(NEW, x=x)


def rows(*places):
    """Return some rows of the new data, in this order."""
    return dataclasses.replace(NEW, x=NEW.x[[*places]], y=NEW.y[[*places]])


OTHER_CODES = dataclasses.replace(
    NEW, x=np.column_stack([NEW.x[:, 0], 1 - NEW.x[:, 1]]), categories={"kind": ("ash", "oak")}
)


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(rows(2, 0, 3, 1), id="another order"),
        pytest.param(rows(0, 1, 3), id="one row fewer"),
        pytest.param(rows(0, 1, 2, 3, 1), id="one row more"),
        pytest.param(cells((1, 20.1)), id="the last digit of a cell"),
        pytest.param(cells((0, 1.23457), (1, 20.1)), id="a number written shorter, and that"),
        pytest.param(cells((2, 0.0), (1, 20.1)), id="zero without its sign, and that"),
        pytest.param(dataclasses.replace(NEW, y=np.array([1, 1, 1, 0])), id="the class of a row"),
        pytest.param(OTHER_CODES, id="the categories in another order"),
    ],
)
def test_data_of_which_most_rows_are_known_are_not_new(use, new):
    assert use(RECIPE) == (1, 0)
    assert use(NET, new=new) == (2, 0)
    assert use(NET, new=new) == use(NET) == (2, 0), "the same models on these data count once"


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(cells((1, 20.1), (0, 2.0)), id="half of the rows"),
        pytest.param(cells((1, 20.1), (0, 1.23455)), id="the sixth digit counts"),
        pytest.param(dataclasses.replace(NEW, y=1 - NEW.y), id="the classes of all rows"),
    ],
)
def test_data_of_which_half_of_the_rows_or_fewer_are_known_are_new(use, new):
    assert use(RECIPE) == (1, 0)
    assert use(NET, new=new) == (1, 1)


def test_rows_that_chance_makes_equal_are_not_known(use):
    """Each of four rows is possible, in other shares: 40 of 60 are the same by chance."""
    first, second = rows(*[0, 1, 2, 3] * 15), rows(*[0] * 35, *[1, 2, 3] * 8, 1)
    fewer = rows(*[0, 1, 2, 3] * 14)
    assert use(RECIPE, new=first, study=first) == (1, 0)
    assert use(NET, new=second, study=first) == (1, 1)
    assert use(NET, new=second, study=STUDY) == (2, 0), "where rows of a study are never equal"
    assert use(NET, new=fewer, study=first) == (2, 1), "all of its rows are known"


def test_an_entry_of_an_earlier_version_counts_for_the_same_table(use, tmp_path):
    use(RECIPE)
    entries = json.loads((tmp_path / "uses.json").read_text())
    del entries[0]["row_digests"]
    (tmp_path / "uses.json").write_text(json.dumps(entries))
    assert use(RECIPE) == (1, 0)
    assert use(NET) == (2, 0)


def test_nothing_is_noted_if_nothing_is_judged(use, tmp_path):
    assert use() == (0, 0)
    assert json.loads((tmp_path / "uses.json").read_text()) == []
    assert use(RECIPE) == (1, 0)


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "[" * 100_000, '[{"rows": 1}]', '[{"data": "1"}]', "{}1"]
)
def test_a_damaged_record_is_refused_and_not_forgotten(use, tmp_path, text):
    (tmp_path / "uses.json").write_text(text)
    with pytest.raises(DataError, match="not the record of how often new data were used"):
        use(RECIPE)
    assert (tmp_path / "uses.json").read_text() == text

import copy
import json
from pathlib import Path

import pytest
import yaml
from full_config import typed

from backprop.files import canonical_json
from backprop.models.candidate_lists import varied_by
from backprop.models.families import NETWORK
from backprop.study.configurations import Configuration, Shape

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8"))
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")


def configurations_of(config):
    return NETWORK.configurations(typed(config), "scratch")


def test_one_at_a_time_changes_one_value_of_the_reference():
    def change(**values):
        return REFERENCE.changed(**values)

    expected = [
        REFERENCE,
        *(change(hidden=h) for h in ((2,), (5,), (20,), (50,), (10, 10), (10, 10, 10))),
        *(change(activation=a) for a in ("tanh", "relu")),
        change(cost="cross_entropy"),
        *(change(learning_rate=r) for r in (0.01, 0.03, 0.3, 1.0)),
        change(initialisation="glorot"),
        change(optimiser="momentum", learning_rate=0.01),
        change(optimiser="adam", learning_rate=0.001),
    ]
    configurations = configurations_of(CONFIG)
    assert configurations == expected
    # The rates and the initialisation have the reference's shape.
    assert len({each.shape for each in configurations}) == 1 + 6 + 2 + 1 + 2


def test_grid_is_the_full_product_with_the_reference_first():
    grid = configurations_of({**CONFIG, "search": "grid"})
    assert grid[0] == REFERENCE
    assert len(grid) == len(set(grid)) == 7 * 3 * 2 * 5 * 2 + 2  # and the two optimisers
    assert len({each.shape for each in grid}) == 7 * 3 * 2 + 2
    assert set(configurations_of(CONFIG)) < set(grid)
    assert Configuration.of_network((10, 10), "relu", "cross_entropy", 0.3, "glorot") in grid


@pytest.mark.parametrize("search", ["one_at_a_time", "grid"])
def test_a_repeated_value_counts_once(search):
    config = copy.deepcopy({**CONFIG, "search": search})
    config |= {"vary": {"learning_rate": [0.1, 0.2, 1, 1.0], "hidden": [[10], [3]]}, "also": []}
    configurations = configurations_of(config)
    assert configurations[0] == REFERENCE
    assert len(configurations) == len(set(configurations))
    assert len(configurations) == (4 if search == "one_at_a_time" else 6)


def test_a_whole_configuration_changes_the_reference_in_what_it_names():
    reference = {**CONFIG["reference"], "batch_size": 4, "l2": 0.01}
    also = [{"hidden": [3, 2], "activation": "relu"}, {"learning_rate": 0.1}]  # the second is it
    config = {**CONFIG, "reference": reference, "vary": {}, "also": also}
    own = REFERENCE.changed(batch_size=4, l2=0.01)
    changed = own.changed(hidden=(3, 2), activation="relu")
    assert configurations_of(config) == [own, changed]
    assert varied_by(typed(config), "scratch") == ["hidden", "activation"]


@pytest.mark.parametrize("search", ["one_at_a_time", "grid"])
def test_without_values_to_vary_the_reference_is_the_only_configuration(search):
    assert configurations_of({**CONFIG, "search": search, "vary": {}, "also": []}) == [REFERENCE]


def test_names_are_readable():
    deep = Configuration.of_network((10, 5), "tanh", "cross_entropy", 0.03, "glorot")
    assert REFERENCE.shape.name == "h10-sigmoid-squared_error"
    assert REFERENCE.name == "h10-sigmoid-squared_error-lr0.1-uniform"
    assert deep.shape == Shape((10, 5), "tanh", "cross_entropy")
    assert deep.shape.name == "h10x5-tanh-cross_entropy"
    assert deep.name == "h10x5-tanh-cross_entropy-lr0.03-glorot"
    assert deep.changed(batch_size=2).shape.name == "h10x5-tanh-cross_entropy-b2"


def test_names_differ_and_are_file_names():
    grid = configurations_of({**CONFIG, "search": "grid"})
    rates = [REFERENCE.changed(learning_rate=r) for r in (1e-7, 0.30000000000000004)]
    names = {each.name for each in (*grid, *rates)}
    assert len(names) == len(grid) + 2
    assert len({each.shape.name for each in grid}) == len({each.shape for each in grid})
    assert not any(set(name) & set(r'/\:*?"<>| ') for name in names)


def test_the_types_of_plain_values_do_not_change_the_configuration():
    whole = {**CONFIG["reference"], "learning_rate": 1, "hidden": [10]}
    real = {**CONFIG["reference"], "learning_rate": 1.0, "hidden": (10,)}
    one, other = (Configuration.of_network(**values) for values in (whole, real))
    assert one == other
    assert one.name == other.name
    assert canonical_json(one.values()) == canonical_json(other.values())
    stored = json.loads(canonical_json(REFERENCE.values()))
    assert Configuration.of_network(**stored) == REFERENCE

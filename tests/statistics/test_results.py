"""Results are read when they are needed, and no more of them than is needed."""

import pytest
from full_config import full
from lecture import EX4
from made_fits import CANDIDATES, write_candidates
from made_results import make_results
from test_figures import CONFIG

from backprop.files import write_table
from backprop.statistics.results import Results, places
from backprop.statistics.tables import PAIRS
from backprop.study.configurations import Configuration


def test_a_file_is_read_when_it_is_first_needed_and_once(tmp_path):
    file = tmp_path / "pairs.csv"
    results = Results({"pairs": str(file)}, {"metric": "accuracy"})
    row = {"model": "softmax", "other": "logistic", "difference": 0.1, "outcome": "better"}
    write_table(file, PAIRS.frame([row]))
    (pair,) = results.rows("pairs")
    file.unlink()
    assert (pair.model, pair.difference.value) == ("softmax", 0.1)
    assert [row.outcome for row in results.rows("pairs")] == ["better"]


def test_a_table_that_is_not_there_has_no_rows_and_a_setting_is_an_error():
    results = Results({}, {})
    assert results.rows("pairs") == []
    with pytest.raises(AttributeError, match="rope"):
        _ = results.rope


def test_the_configurations_are_those_of_the_file(tmp_path):
    candidates = {"logistic": [Configuration()], "scratch": [*CANDIDATES]}
    file = write_candidates(tmp_path / "candidates.json", candidates)
    results = Results({"candidates": file}, {})
    assert results.candidates == candidates
    assert results.headline("scratch") == next(iter(CANDIDATES)).name


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    few = {**CONFIG, "search": "one_at_a_time", "learning": {}}
    return make_results(tmp_path_factory.mktemp("results"), full(few), EX4)


def test_fits_are_read_of_the_shapes_that_are_asked_for_alone(made):
    results = made.study("learning_curves").results
    shape = results.candidates["scratch"][0].shape.name
    fits = results.fits(["model", "configuration"], shapes={shape})
    assert set(fits["model"]) == {"scratch", "tensorflow"}
    assert all(name.startswith(f"{shape}-") for name in fits["configuration"])
    assert set(results.fits(["model"])["model"]) >= {"logistic", "scratch", "tensorflow"}


def test_scores_are_those_of_one_configuration(made):
    results = made.study("hyperparameters").results
    own = results.scores_of("scratch", results.headline("scratch"))
    assert set(own["configuration"].astype(str)) == {results.headline("scratch")}
    assert len(own) == len(places(results.scores)["scratch", results.headline("scratch")])
    assert results.scores_of("scratch", "no such configuration").empty

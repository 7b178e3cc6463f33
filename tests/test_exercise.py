"""The command that prints the solution of an exercise."""

import re
import shutil

import pytest
from lecture import EX4, ROOT
from typed import typed

from backprop.data.canonical_form import columns_of
from backprop.files import canonical_json


@pytest.fixture
def results(in_a_folder, tmp_path):
    """Go to a folder with the data of a run."""
    return tmp_path / "results"


def put(results, name):
    folder = results / name / "data"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "resources/ex4.csv", folder / "dataset.csv")
    (folder / "columns.json").write_text(canonical_json(columns_of(EX4)))


def printed(capsys, *arguments):
    typed("exercise", *arguments)
    return dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())


def test_it_prints_the_solution_of_the_only_data_set(capsys, results):
    put(results, "ex4")
    solution = printed(capsys, "7")
    assert solution["y"] in ("0", "1")
    yhat, y, error = (float(solution[symbol]) for symbol in ("yhat", "y", "error"))
    assert error == pytest.approx((yhat - y) * yhat * (1 - yhat), rel=1e-5)
    assert printed(capsys, "8") != solution


def test_the_student_chooses_the_optimiser(capsys, results):
    put(results, "ex4")
    solution = {name: float(own) for name, own in printed_names(capsys, "7", "momentum").items()}
    u = 0.9 * solution["u(w_1)"] + solution["dE/dw_1"]
    assert solution["new u(w_1)"] == pytest.approx(u, rel=1e-5)
    assert solution["new w_1"] == pytest.approx(solution["w_1"] - 0.5 * u, rel=1e-5)
    adam = printed_names(capsys, "7", "adam")
    assert adam["w_1"] == printed_names(capsys, "7", "sgd")["w_1"]
    assert float(adam["eta(2)"]) == pytest.approx(0.5 * (1 - 0.999**2) ** 0.5 / 0.19, rel=1e-6)


def printed_names(capsys, number, optimiser):
    """Return what is printed; a symbol may have a blank."""
    typed("exercise", number, "--optimiser", optimiser)
    return dict(line.rsplit(maxsplit=1) for line in capsys.readouterr().out.splitlines())


def test_with_several_data_sets_it_asks_which(capsys, results):
    put(results, "ex4")
    put(results, "other")
    with pytest.raises(SystemExit, match="2 data sets: ex4, other; name one: --dataset"):
        typed("exercise", "7")
    assert "beta" in printed(capsys, "7", "--dataset", "other")


def test_without_results_it_says_what_to_do_first(results):
    with pytest.raises(
        SystemExit, match="no data set in the folder results; run the workflow first"
    ):
        typed("exercise", "7")
    with pytest.raises(
        SystemExit, match="no data set in the folder results; run the workflow first"
    ):
        typed("exercise", "7", "--dataset", "ex4")


@pytest.mark.parametrize("name", ["other", "*", "ex[4]", "..", "{0}"])
def test_an_unknown_data_set_is_named_with_those_that_there_are(results, name):
    put(results, "ex4")
    message = re.escape(f"no data set {name} in the folder results; there are: ex4")
    with pytest.raises(SystemExit, match=message):
        typed("exercise", "7", "--dataset", name)


def test_a_name_with_a_bracket_is_that_name(capsys, results):
    put(results, "ex4")
    put(results, "a[b]")
    assert "beta" in printed(capsys, "7", "--dataset", "a[b]")


def test_a_file_of_a_data_set_that_is_missing_is_named(results):
    put(results, "ex4")
    (results / "ex4/data/columns.json").unlink()
    with pytest.raises(SystemExit, match=r"columns\.json is missing; run the workflow again"):
        typed("exercise", "7")


def test_a_negative_number_is_refused(results):
    put(results, "ex4")
    with pytest.raises(SystemExit, match="2"):
        typed("exercise", "--", "-7")

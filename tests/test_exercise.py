"""The command that prints the solution of an exercise."""

import shutil
from pathlib import Path

import pytest

from backprop.data.dataset import columns_of, read_dataset
from backprop.exercise import main
from backprop.files import canonical_json

EX4 = Path(__file__).parents[1] / "resources/ex4.csv"


@pytest.fixture
def results(monkeypatch, tmp_path):
    """Go to a folder with the data of a run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results"


def put(results, name):
    folder = results / name / "data"
    folder.mkdir(parents=True)
    shutil.copy(EX4, folder / "dataset.csv")
    (folder / "columns.json").write_text(canonical_json(columns_of(read_dataset(EX4))))


def printed(capsys, *arguments):
    main(arguments)
    return dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())


def test_it_prints_the_solution_of_the_only_data_set(capsys, results):
    put(results, "ex4")
    solution = printed(capsys, "7")
    assert solution["y"] in ("0", "1")
    yhat, y, error = (float(solution[symbol]) for symbol in ("yhat", "y", "error"))
    assert error == pytest.approx((yhat - y) * yhat * (1 - yhat), rel=1e-5)
    assert printed(capsys, "8") != solution


def test_with_several_data_sets_it_asks_which(capsys, results):
    put(results, "ex4")
    put(results, "other")
    with pytest.raises(SystemExit, match=r"found 2 data sets .* --dataset"):
        main(["7"])
    assert "beta" in printed(capsys, "7", "--dataset", "other")


def test_without_results_it_says_so(results):
    with pytest.raises(SystemExit, match="found 0 data sets"):
        main(["7"])


def test_a_negative_number_is_refused(results):
    put(results, "ex4")
    with pytest.raises(SystemExit, match="error: "):
        main(["--", "-7"])

"""The names of the results: other tools may rely on them."""

from pathlib import Path

import pytest

from backprop.workflow.plan import paths


def test_the_paths_of_the_results_are_those_that_the_documentation_promises():
    assert paths.DATA == "results/{dataset}/data/dataset.csv"
    assert paths.COLUMNS == "results/{dataset}/data/columns.json"
    assert paths.FOLDS == "results/{dataset}/data/folds.csv"
    assert paths.NETWORK_FITS == "results/{dataset}/fits/{model}/{shape}.parquet"
    assert paths.FITS == "results/{dataset}/fits/{model}.parquet"
    assert paths.table("fits") == "results/{dataset}/tables/fits.csv"
    assert paths.page("fits") == "results/{dataset}/tables/fits.html"
    assert paths.plot("models", "accuracy") == "results/{dataset}/plots/models-accuracy.svg"
    assert paths.plot_page("roc", "") == "results/{dataset}/plots/roc.html"
    assert paths.plot("roc", "") == "results/{dataset}/plots/roc.svg"


@pytest.mark.parametrize("before", ["", "study/logs/", "/mnt/stored/"])
@pytest.mark.parametrize(
    ("path", "values"),
    [
        (paths.DATA, {"dataset": "fits"}),
        (paths.FITS, {"dataset": "fits", "model": "own.model"}),
        (paths.NETWORK_FITS, {"dataset": "results", "model": "fits", "shape": "h2.5-tanh"}),
        (paths.SUMMARY, {}),
    ],
)
def test_the_wildcards_of_a_path_are_read_from_a_file(path, values, before):
    assert paths.wildcards(path, Path(before + path.format(**values))) == values


@pytest.mark.parametrize("name", ["fits.parquet", "results/d/fits/m/s.parquet", "results/d/x.csv"])
def test_another_file_has_no_wildcards(name):
    assert paths.wildcards(paths.FITS, Path(name)) == {}

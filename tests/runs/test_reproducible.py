"""Equal runs make equal files, to the byte, on any number of cores and in any order.

Runs of Pythons with other seeds of hashes are compared, too.
"""

import shutil
import subprocess

import pytest
import warm
from project import Project, differing
from rerun_cases import CONFIG, FIGURES, TANH, WITH_ALL

TABLES = "results/ex4/provenance.html"
CONTENTS = "src/backprop/report/contents.py"


@pytest.fixture
def other_server(thorough):
    """A server of warm Pythons whose seed of hashes is not that of the first."""
    packages = ["tensorflow"] if thorough else []  # which takes seconds to import
    return warm.Server(*packages, PYTHONHASHSEED="27")


def hashed(server, folder):
    """Return the hash of a text in a Python of a server."""
    (folder / "hash.py").write_text("print(hash('text'))\n")
    return server.run(["hash.py"], folder, {}, subprocess.STDOUT)


def test_four_cores_in_another_directory_make_the_same_files(
    request, thorough, other_server, tmp_path
):
    """All models with all figures are for a run on a schedule."""
    assert hashed(other_server, tmp_path) != hashed(warm.server(), tmp_path)
    base, config = ("finished_with_all", WITH_ALL) if thorough else ("finished", CONFIG)
    finished = request.getfixturevalue(base)
    project = Project(tmp_path / "a longer name", config)
    project.write(CONTENTS, finished.read(CONTENTS))  # with its figures
    project.server = other_server
    project.run(cores=4)
    other = project.files()
    assert {"ex4/tables/fits.csv", "ex4/plots/roc.svg", "ex4/data/folds.csv"} <= other.keys()
    assert differing(other, finished.files()) == []


def test_one_core_makes_the_same_tables_in_another_order(finished, tmp_path):
    project = Project(tmp_path / "project", CONFIG)
    project.keep_figures(*FIGURES)  # as in the finished one, for one code
    project.run(f"results/ex4/fits/scratch/{TANH}.parquet", cores=1)  # before all else
    project.run(TABLES, "--scheduler", "ilp", cores=1)
    made = project.files()
    assert {"ex4/tables/fits.csv", "ex4/tables/tuning.csv", "ex4/provenance.json"} <= made.keys()
    assert differing(made, {k: v for k, v in finished.files().items() if k in made}) == []


def test_a_configuration_added_and_removed_leaves_no_trace(project, finished):
    def files_of(project):
        project.run(TABLES)
        return project.files()

    vary = project.config["vary"]
    project.put("vary", {**vary, "hidden": [[2], [4]], "learning_rate": [0.3, 0.5]})
    assert differing(files_of(project), finished.files()) != []
    project.put("vary", vary)
    assert differing(files_of(project), finished.files()) == []


def test_the_number_of_cores_of_a_job_does_not_change_what_it_trains(tmp_path):
    estimators = {
        "forest": {
            "class": "sklearn.ensemble.RandomForestClassifier",
            "reference": {"n_estimators": 5},
        },
        "boosting": {"class": "sklearn.ensemble.HistGradientBoostingClassifier"},
        "perceptron": {"class": "sklearn.linear_model.Perceptron"},
    }
    models = ["logistic", "scratch", *estimators]
    project = Project(tmp_path / "project", {**CONFIG, "models": models, "estimators": estimators})
    tables = []
    for cores in (1, 3):
        shutil.rmtree(project.results, ignore_errors=True)
        threads = [f"{rule}={cores}" for rule in ("train", "train_networks_1")]
        project.run("results/ex4/tables/fits.csv", "--set-threads", *threads, cores=cores)
        tables.append(project.read("results/ex4/tables/fits.csv"))
    assert tables[0] == tables[1]
    fits = project.results / "ex4/fits"
    assert [file.name for file in fits.rglob("*") if file.suffix == ".parts"] == []

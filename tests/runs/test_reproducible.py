"""Equal runs make equal files, to the byte, whatever the machine does at the same time.

Runs of new Pythons, each with its own seed of hashes, are compared with warm ones.
"""

import pytest
from project import Project, differing
from rerun_cases import CONFIG, WITH_ALL

TABLES = ("results/ex4/provenance.html", "results/summary.rst")


@pytest.fixture
def _new_pythons(finished, finished_with_all, monkeypatch):
    monkeypatch.setattr(Project, "is_warm", False)


def files_of(project, *options, **more):
    project.run(*options, **more)
    return project.files()


@pytest.mark.usefixtures("_new_pythons")
def test_four_cores_in_another_directory_make_the_same_files(finished_with_all, tmp_path):
    project = Project(tmp_path / "a longer name", WITH_ALL)
    run = project.run(cores=4)
    assert "WARNING" not in run.output, "what TensorFlow prints belongs in the log"
    other = project.files()
    assert {"ex4/tables/parity.csv", "ex4/plots/roc.svg", "ex4/data/folds.csv"} <= other.keys()
    assert differing(other, finished_with_all.files()) == []


@pytest.mark.usefixtures("_new_pythons")
def test_two_runs_at_once_one_of_them_on_one_core_in_another_order_make_the_same_tables(
    finished, tmp_path
):
    one, other = (Project(tmp_path / name, CONFIG) for name in ("one", "other"))
    shapes = [name for name in one.planned() if name.startswith("train_shape")]
    for job in sorted(shapes, reverse=True):  # one after the other, before all else
        one.run(f"results/ex4/fits/scratch/{job.split()[2]}.parquet", cores=1)
    processes = [one.start(*TABLES, "--scheduler", "ilp", cores=1), other.start(*TABLES)]
    for process in processes:
        output, _ = process.communicate()
        assert process.returncode == 0, output
    made = other.files()
    assert {"ex4/tables/fits.csv", "ex4/tables/tuning.csv", "ex4/provenance.json"} <= made.keys()
    assert differing(one.files(), made) == []
    assert differing(made, {k: v for k, v in finished.files().items() if k in made}) == []


def test_a_configuration_added_and_removed_leaves_no_trace(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    vary = project.config["vary"]
    project.put("vary", {**vary, "hidden": [[2], [4]], "learning_rate": [0.3, 0.5]})
    assert differing(files_of(project, *TABLES), finished.files()) != []
    project.put("vary", vary)
    assert differing(files_of(project, *TABLES), finished.files()) == []


@pytest.mark.usefixtures("_new_pythons")
def test_the_number_of_cores_does_not_change_a_classifier_of_scikit_learn(tmp_path):
    estimators = {
        "forest": {
            "class": "sklearn.ensemble.RandomForestClassifier",
            "reference": {"n_estimators": 5},
        },
        "boosting": {"class": "sklearn.ensemble.HistGradientBoostingClassifier"},
        "perceptron": {"class": "sklearn.linear_model.Perceptron"},
    }
    config = {**CONFIG, "models": ["logistic", *estimators], "estimators": estimators}
    tables = []
    for cores in (1, 3):
        project = Project(tmp_path / str(cores), config)
        project.run("results/ex4/tables/fits.csv", cores=cores)
        tables.append(project.read("results/ex4/tables/fits.csv"))
    assert tables[0] == tables[1]

"""Projects that have been run, for tests to copy."""

import pytest
import rerun_cases
from project import run_once


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project without TensorFlow that has been run, with few figures."""
    return run_once(tmp_path_factory, "finished", rerun_cases.CONFIG, *rerun_cases.FIGURES)


@pytest.fixture(scope="session")
def finished_with_all(tmp_path_factory):
    """A project with all models that has been run."""
    return run_once(tmp_path_factory, "finished-with-all", rerun_cases.WITH_ALL)


@pytest.fixture(scope="session")
def finished_with_knn(finished, tmp_path_factory):
    """A project with a classifier of scikit-learn that has been run, with few figures."""
    project = finished.copy(tmp_path_factory.mktemp("finished-with-knn") / "project")
    rerun_cases.add_knn(project)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished_with_file(finished, tmp_path_factory):
    """A project with the predictions of a file that has been run."""
    project = finished.copy(tmp_path_factory.mktemp("finished-with-file") / "project")
    rerun_cases.add_predictions(project)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished_with_shares(tmp_path_factory):
    """A project with shares of the training sets that has been run, with few figures."""
    few = rerun_cases.FIGURES
    return run_once(tmp_path_factory, "finished-with-shares", rerun_cases.WITH_SHARES, *few)


@pytest.fixture(scope="session")
def finished_with_new_data(finished, tmp_path_factory):
    """A project with new data that has been run."""
    project = finished.copy(tmp_path_factory.mktemp("finished-with-new-data") / "project")
    rerun_cases.add_new_data(project)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished_nested(tmp_path_factory):
    """A project with nested cross-validation that has been run."""
    return run_once(tmp_path_factory, "finished-nested", rerun_cases.NESTED)

"""Projects that have been run, for tests to copy."""

import pytest
import rerun_cases
from project import Project

Project.is_warm = True


def run_in(folder, config):
    project = Project(folder / "project", config)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project without TensorFlow that has been run."""
    return run_in(tmp_path_factory.mktemp("finished"), rerun_cases.CONFIG)


@pytest.fixture(scope="session")
def finished_with_all(tmp_path_factory):
    """A project with all models that has been run."""
    return run_in(tmp_path_factory.mktemp("finished-with-all"), rerun_cases.WITH_ALL)


@pytest.fixture(scope="session")
def finished_with_knn(tmp_path_factory):
    """A project with a classifier of scikit-learn that has been run."""
    return run_in(tmp_path_factory.mktemp("finished-with-knn"), rerun_cases.WITH_KNN)


@pytest.fixture(scope="session")
def finished_nested(tmp_path_factory):
    """A project with nested cross-validation that has been run."""
    return run_in(tmp_path_factory.mktemp("finished-nested"), rerun_cases.NESTED)

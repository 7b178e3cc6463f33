"""Projects that have been run, for tests to copy."""

import pytest
import rerun_cases
from project import Project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project without TensorFlow that has been run."""
    project = Project(tmp_path_factory.mktemp("finished") / "project", rerun_cases.CONFIG)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished_with_all(tmp_path_factory):
    """A project with all models that has been run."""
    folder = tmp_path_factory.mktemp("finished-with-all") / "project"
    project = Project(folder, rerun_cases.WITH_ALL)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished_with_knn(tmp_path_factory):
    """A project with a classifier of scikit-learn that has been run."""
    folder = tmp_path_factory.mktemp("finished-with-knn") / "project"
    project = Project(folder, rerun_cases.WITH_KNN)
    project.run()
    return project

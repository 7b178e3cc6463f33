"""Projects that have been run, for tests to copy."""

import fcntl
import os

import pytest
import rerun_cases
from project import Project


def run_once(folders, name, config):
    """Return a project that has been run: one process of the tests runs it, all others copy it."""
    folder = folders.mktemp(name) / "project"
    base = folders.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shared.exists():
            return Project(shared).copy(folder)
        project = Project(folder, config)
        project.run()
        project.copy(shared.with_suffix(".part")).folder.rename(shared)
        return project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project without TensorFlow that has been run."""
    return run_once(tmp_path_factory, "finished", rerun_cases.CONFIG)


@pytest.fixture(scope="session")
def finished_with_all(tmp_path_factory):
    """A project with all models that has been run."""
    return run_once(tmp_path_factory, "finished-with-all", rerun_cases.WITH_ALL)


@pytest.fixture(scope="session")
def finished_with_knn(tmp_path_factory):
    """A project with a classifier of scikit-learn that has been run."""
    return run_once(tmp_path_factory, "finished-with-knn", rerun_cases.WITH_KNN)


@pytest.fixture(scope="session")
def finished_nested(tmp_path_factory):
    """A project with nested cross-validation that has been run."""
    return run_once(tmp_path_factory, "finished-nested", rerun_cases.NESTED)

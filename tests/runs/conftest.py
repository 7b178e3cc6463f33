"""Projects that have been run, for tests to copy."""

import pytest
import rerun_cases
from project import run_once


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project without TensorFlow that has been run, with few figures."""
    return run_once(tmp_path_factory, "finished", rerun_cases.CONFIG, *rerun_cases.FIGURES)


@pytest.fixture
def project(finished, tmp_path):
    """A copy of it, to edit."""
    return finished.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def finished_with_all(thorough, tmp_path_factory):
    """A project with all models that has been run; all its figures are for a schedule."""
    figures = [] if thorough else ["roc"]
    return run_once(tmp_path_factory, "finished-with-all", rerun_cases.WITH_ALL, *figures)


def extended(project, folders, edit, *figures):
    """Return a copy of a project that has been edited and run; perhaps with fewer figures."""
    project = project.copy(folders.mktemp("extended") / "project")
    if figures:
        project.keep_figures(*figures)
    edit(project)
    project.run()
    return project


@pytest.fixture(scope="session")
def finished_with_others(finished, tmp_path_factory):
    """A project with a classifier of scikit-learn, and with the predictions of a file."""
    return extended(finished, tmp_path_factory, rerun_cases.add_others, "confusion")


@pytest.fixture(scope="session")
def finished_with_shares(finished, tmp_path_factory):
    """A project with shares of the training sets that has been run."""
    return extended(finished, tmp_path_factory, rerun_cases.add_shares, "training_sizes")


@pytest.fixture(scope="session")
def finished_with_importance(finished, tmp_path_factory):
    """A project in which a feature was left out."""
    return extended(finished, tmp_path_factory, rerun_cases.weigh_a_feature, "importance")


@pytest.fixture(scope="session")
def finished_with_new_data(finished, tmp_path_factory):
    """A project with new data that has been run; with a repeat more, a model is recommended."""
    return extended(finished, tmp_path_factory, rerun_cases.add_new_data_and_a_repeat)


@pytest.fixture(scope="session")
def finished_nested(tmp_path_factory):
    """A project with nested cross-validation that has been run."""
    return run_once(tmp_path_factory, "nested", rerun_cases.NESTED, rerun_cases.FIGURE_OF_NESTED)

"""Classifiers are tried in the process of the tests."""

import pytest


@pytest.fixture(autouse=True)
def classifiers_are_tried(trials_here):
    """No Python is started for it, but where a file says otherwise."""

"""What stands in for the packages of a set-up."""

import pytest
from stand_in import make_wheels


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder with wheels that link the packages that are here."""
    return make_wheels(tmp_path_factory.mktemp("packages"))

"""The archive of a test file, unpacked."""

import pytest

from backprop.workflow.archive import zips


@pytest.fixture
def folder(archive, tmp_path, monkeypatch):
    """The unpacked archive of the file, which is also the working directory."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    zips.unpack(archive, folder)
    monkeypatch.chdir(folder)
    return folder

"""The archive of a test file, unpacked, and Pythons without a connection."""

import subprocess

import pytest
import warm
from altered import warm_python

from backprop.workflow.archive import zips

GUARD = """import socket
def refuse(*_):
    raise SystemExit("a connection")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = refuse
"""


@pytest.fixture(scope="session")
def offline(tmp_path_factory):
    """A server of warm Pythons that refuse to connect to anything."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "sitecustomize.py").write_text(GUARD)
    server = warm.Server(PYTHONPATH=str(folder))
    connect = folder / "connect.py"
    connect.write_text("import socket; socket.create_connection(('127.0.0.1', 9))")
    tried = server.run([str(connect)], folder, {}, subprocess.STDOUT)
    assert tried[:2] == (1, "a connection\n")
    return server


@pytest.fixture
def warm_workflow(offline):
    """Let the workflow run in warm Pythons."""
    with warm_python(offline):
        yield


@pytest.fixture
def folder(archive, tmp_path, monkeypatch):
    """The unpacked archive of the file, which is also the working directory."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    zips.unpack(archive, folder)
    monkeypatch.chdir(folder)
    return folder

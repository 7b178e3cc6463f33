"""The archive of a test file, unpacked, and Pythons without a connection."""

import os
import shutil
import subprocess
from pathlib import Path

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
    """A folder that lets Pythons with it in their PYTHONPATH refuse to connect to anything."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "sitecustomize.py").write_text(GUARD)
    connect = folder / "connect.py"
    connect.write_text("import socket; socket.create_connection(('127.0.0.1', 9))")
    variables = {"PYTHONPATH": str(folder)}
    tried = warm.server().run([str(connect)], folder, variables, subprocess.STDOUT)
    assert tried[:2] == (1, "a connection\n")
    return folder


@pytest.fixture
def warm_workflow(offline):
    """Let the workflow run in warm Pythons."""
    with warm_python(offline):
        yield


@pytest.fixture(scope="module")
def unpacked(archive, tmp_path_factory):
    """The unpacked archive of the file, for copies: to unpack it takes twice as long."""
    folder = tmp_path_factory.mktemp("unpacked")
    zips.unpack(archive, folder)
    before = contents_of_code(folder)
    yield folder
    assert contents_of_code(folder) == before


def contents_of_code(folder):
    return {file: file.read_bytes() for file in (folder / "code").rglob("*") if file.is_file()}


@pytest.fixture
def folder(unpacked, tmp_path, monkeypatch):
    """A copy of the unpacked archive, which is also the working directory.

    Its code, four files of five, is linked: unlink a file of it before you write another one.
    """

    def copy_or_link(file, to):
        is_code = Path(file).is_relative_to(unpacked / "code")
        (os.link if is_code else shutil.copy2)(file, to)

    folder = shutil.copytree(unpacked, tmp_path / "unpacked", copy_function=copy_or_link)
    monkeypatch.chdir(folder)
    return folder

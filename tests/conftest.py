"""Which tests run, and in which order."""

import fcntl
import functools
import gc
import os
import re
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from _pytest.doctest import DoctestModule
from threadpoolctl import threadpool_limits

hypothesis.settings.register_profile("untimed", deadline=None)  # an example may be slow under load
hypothesis.settings.load_profile("untimed")

# Variables that would make a test another one: make and git in a hook set them for what they call.
MAKEFILE = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
OF_CALLER = re.compile(
    "|".join(
        [
            "MAKE.*|MFLAGS|GIT_(DIR|INDEX_FILE|PREFIX|WORK_TREE)|(BACKPROP|SNAKEMAKE)_.*",
            *re.findall(r"^# ([A-Z]+)=", MAKEFILE, re.MULTILINE),
        ]
    )
)


class Absent(ModuleType):
    """In the place of the network in TensorFlow where that is not installed: a test of it skips."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        pytest.skip("TensorFlow is not installed")


if not find_spec("tensorflow"):
    sys.modules["backprop.network.autodiff"] = Absent("backprop.network.autodiff")
    collect_ignore = ["network/test_autodiff.py"]  # its processes import TensorFlow

# With `--dist=loadfile` a file is one process's. A slow file that begins last is waited for.
SLOWEST = (
    "runs/test_reruns.py", "runs/test_interruption.py", "setup/test_setup.py",
    "setup/test_blocks.py", "runs/test_own_tables.py", "runs/test_reproducible.py", "runs",
    "oracle", "statistics", "workflow",
)  # fmt: skip


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    """Go to an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def at_the_root(monkeypatch):
    """Go to the folder of the project."""
    monkeypatch.chdir(Path(__file__).parents[1])


def pytest_addoption(parser):
    """Add the option of runs on a schedule."""
    parser.addoption(
        "--thorough", action="store_true", help="run what takes too long for each change, too"
    )


class Collecting:
    """A plugin of pytest that spares each process of the tests what another one has done."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path):
        """Look for examples only where some are: to look imports the module."""
        collectors = yield
        if file_path.suffix == ".py" and b">>> " not in file_path.read_bytes():
            return [each for each in collectors if not isinstance(each, DoctestModule)]
        return collectors

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector):
        """Let one process rewrite the assertions of a file, and the others read what it keeps."""
        if not isinstance(collector, pytest.Module):
            return (yield)
        with collector.path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return (yield)


def pytest_configure(config):
    """Let each process of the tests have the same environment and one thread."""
    config.pluginmanager.register(Collecting())
    threadpool_limits(1)  # each core has a process of the tests: threads would wait for each other
    for name in filter(OF_CALLER.fullmatch, list(os.environ)):
        del os.environ[name]


def pytest_collection_modifyitems(config, items):
    """Put the slowest files first, and keep the order of all others."""
    tests = config.rootpath / "tests"

    @functools.cache
    def place(path):
        slow = (n for n, name in enumerate(SLOWEST) if path.is_relative_to(tests / name))
        return next(slow, len(SLOWEST))

    items.sort(key=lambda item: place(item.path))
    leave_out_thorough_tests(config, items)


def pytest_collection_finish():
    """Leave what has been imported and collected out of all later searches for garbage."""
    gc.collect()
    gc.freeze()


def leave_out_thorough_tests(config, items):
    """Keep the tests marked as thorough only if they are asked for."""
    if not config.getoption("thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _temporary_folder(tmp_path_factory):
    """Let pytest remove the temporary files of processes, too: one that is killed leaves some."""
    tempfile.gettempdir()  # this process has its own, and removes them
    os.environ["TMPDIR"] = str(tmp_path_factory.mktemp("of-processes"))


@pytest.fixture(scope="session")
def thorough(pytestconfig):
    """Whether this run may take hours, as one on a schedule."""
    return pytestconfig.getoption("thorough")

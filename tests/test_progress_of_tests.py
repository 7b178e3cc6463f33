"""A log of the tests says how long they take, and how far they are."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CONFTEST = f"""
import itertools, sys
sys.path.insert(0, {str(HERE)!r})
from progress import Progress

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        minutes = itertools.count(0, 30)  # half a minute passes from each look to the next
        config.pluginmanager.register(Progress(config, lambda: next(minutes)))
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that runs four tests, of which one fails, and returns the log."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    tests = """
        import pytest
        @pytest.mark.parametrize("number", [1, 2, 3, 4])
        def test_it(number):
            assert number != FAULT
    """

    def call(*options, fault=1):
        text = textwrap.dedent(tests).replace("FAULT", str(fault))
        (tmp_path / "test_it.py").write_text(text)
        command = [sys.executable, "-m", "pytest", "-p", "xdist", "--color=no", *options]
        environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # others take longer
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        ).stdout

    return call


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_log_says_once_a_minute_how_many_tests_are_done_and_failed(processes, run):
    lines = re.findall("^after .*$", run("--numprocesses", processes), re.MULTILINE)
    assert re.fullmatch("after 1 minutes: [01] of 4 tests, [01] failed", lines[0])
    assert lines[-1] == f"after {len(lines)} minutes: 4 of 4 tests, 1 failed"
    assert len(lines) == 4 * 3 / 2  # a test has three reports: set-up, call, teardown


def test_a_run_of_all_tests_begins_with_how_long_it_takes(run):
    on_two = ("--numprocesses=4", "--maxprocesses=2")
    assert "this takes about 8 minutes on 2 idle cores\n" in run(*on_two, fault=0)
    assert re.search("this takes about . minutes, as the last time\n", run())
    for part in (["test_it.py"], ["-k", "it"], ["--collect-only"]):
        assert "this takes" not in run(*part)


def test_a_run_that_fails_is_no_measure(run):
    run("--numprocesses=2")
    assert "as the last time" not in run("--numprocesses=2")

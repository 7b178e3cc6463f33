"""The report of the time that tests take."""

import subprocess
import sys
from types import SimpleNamespace

from processor_time import ProcessorTime, processor_time

BUSY = """
import sys, time
while time.process_time() < 0.5:
    pass
print("done", flush=True)
sys.stdin.read()
"""


def test_a_child_counts_while_it_lives_and_after_it_has_ended():
    before = processor_time()
    command = [sys.executable, "-I", "-S", "-c", BUSY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"done\n"
        assert processor_time() - before > 0.45
        child.communicate()
    assert processor_time() - before > 0.45


def test_the_report_adds_up_the_parts_of_a_test_and_the_tests_of_a_folder():
    plugin = ProcessorTime(SimpleNamespace())
    plugin.besides = 1.0
    for test, seconds in (
        ("tests/runs/test_one.py::test_a[1/2]", 2.0), ("tests/runs/test_one.py::test_a[1/2]", 0.5),
        ("tests/runs/test_two.py::test_b", 4.0), ("tests/test_names.py::test_c", 7.0),
        ("src/backprop/report/pages.py::doctest", 0.25),
    ):  # fmt: skip
        report = SimpleNamespace(nodeid=test, processor_seconds=seconds)
        plugin.pytest_runtest_logreport(report)
    lines = []
    plugin.pytest_terminal_summary(
        SimpleNamespace(write_line=lines.append, section=lambda _: lines.append(""))
    )
    shown = [line.split(maxsplit=1) for line in lines if line]
    assert shown == [
        ["7.0", "tests (1 tests)"],
        ["6.5", "tests/runs (2 tests)"],
        ["0.2", "src/backprop (1 tests)"],
        ["1.0", "to begin, to collect the tests, and to end"],
        ["14.8", "in all"],
        ["7.0", "tests/test_names.py::test_c"],
        ["4.0", "tests/runs/test_two.py::test_b"],
        ["2.5", "tests/runs/test_one.py::test_a[1/2]"],
        ["0.2", "src/backprop/report/pages.py::doctest"],
    ]

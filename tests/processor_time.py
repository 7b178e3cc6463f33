"""How much processor time each test takes, with the processes that it starts.

A process counts while it lives, and when its parent has waited for it. So a server counts for the
tests that use it, also after the test that started it.
"""

import glob
import os
from collections import Counter
from pathlib import Path

import pytest

SLOWEST = 30
TICKS = os.sysconf("SC_CLK_TCK")


def processor_time():
    """Return the seconds of this process, of its children, and of what these started (Linux)."""
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + sum(living_descendants(os.getpid()))


def living_descendants(process):
    """Yield the seconds of each living descendant of a process, without a look at all others.

    It is called three times for each test, so it may not take milliseconds.
    """
    for children in glob.glob(f"/proc/{process}/task/*/children"):
        for child in read(children).split():
            # The name of a program, in brackets, may have spaces and brackets.
            fields = read(f"/proc/{child}/stat").rpartition(")")[2].split()
            yield sum(map(int, fields[11:15])) / TICKS
            yield from living_descendants(child)


def read(file):
    """Return what a file says; nothing if its process has ended."""
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


class ProcessorTime:
    """A plugin of pytest that shows at the end which folders and tests take most time.

    A fixture counts for the first test that uses it. With xdist, each worker measures its tests,
    and all that it does besides: it begins, collects, and ends.
    """

    def __init__(self, config):
        self.config = config
        self.last = processor_time()
        self.of_tests = Counter()
        self.besides = self.last

    def lap(self):
        """Return the seconds since the last lap."""
        last, self.last = self.last, processor_time()
        return self.last - last

    def pytest_collection_finish(self):
        """Keep apart what was spent before the first test."""
        self.besides += self.lap()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        """Measure each of the three parts of a test: before, in and after its function."""
        report = yield
        report.processor_seconds = self.lap()  # xdist sends it to the process that shows it
        return report

    def pytest_runtest_logreport(self, report):
        """Add up the parts of a test."""
        self.of_tests[report.nodeid] += report.processor_seconds

    def pytest_sessionfinish(self):
        """Send what a worker of xdist did besides its tests."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["besides"] = self.besides + self.lap()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        """Receive it."""
        self.besides += getattr(node, "workeroutput", {}).get("besides", 0.0)

    def pytest_terminal_summary(self, terminalreporter):
        """Show the seconds and the number of tests of each folder, and the slowest tests."""
        seconds, tests = Counter(), Counter()
        for test, of_test in self.of_tests.items():
            folder = folder_of(test)
            seconds[folder] += of_test
            tests[folder] += 1
        write = terminalreporter.write_line
        terminalreporter.section("processor time, in seconds")
        for folder, of_folder in seconds.most_common():
            write(f"{of_folder:8.1f}  {folder} ({tests[folder]} tests)")
        write(f"{self.besides:8.1f}  to begin, to collect the tests, and to end")
        write(f"{seconds.total() + self.besides:8.1f}  in all")
        terminalreporter.section(f"the {SLOWEST} slowest tests")
        for test, of_test in self.of_tests.most_common(SLOWEST):
            write(f"{of_test:8.1f}  {test}")


def folder_of(test):
    """Return the folder of a test, with the first folder below it: ``tests/network``."""
    file = Path(test.partition("::")[0])
    return "/".join(file.parent.parts[:2])

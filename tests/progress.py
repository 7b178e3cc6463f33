"""How long the tests take: said at the start, and once a minute in a log that is not a terminal."""

import time

import pytest

PROCESSOR_MINUTES = 16  # of all tests, until a run here has measured it
EVERY = 60  # seconds
LAST = "progress/minutes"  # where pytest keeps how long a run took
PART = ("keyword", "markexpr", "collectonly", "lf", "thorough", "ignore")  # fewer tests, or more


class Progress:
    """Shows how far the tests are.

    Parameters
    ----------
    config : pytest.Config
    clock : callable, optional
        Returns seconds.
    """

    def __init__(self, config, clock=time.monotonic):
        self._config, self._clock = config, clock
        all_files = config.args_source is pytest.Config.ArgsSource.TESTPATHS
        self._is_whole = all_files and not any(config.getoption(name, None) for name in PART)
        self._cache = getattr(config, "cache", None)  # pytest may have none
        self._begin = self._shown = clock()
        self._collected = self._done = self._failed = 0

    def pytest_report_header(self):
        """Say how long a run of all tests will take."""
        if not self._is_whole:
            return None
        if self._cache and (last := self._cache.get(LAST, None)):
            return f"this takes about {last:.0f} minutes, as the last time"
        workers = len(self._config.getoption("tx", None) or ["this process"])
        minutes = PROCESSOR_MINUTES / workers
        return f"this takes about {minutes:.0f} minutes on {workers} idle core{'s' * (workers > 1)}"

    def pytest_collection_finish(self, session):
        """Count the tests, without xdist."""
        self._collected = self._collected or len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids):
        """Count the tests, with xdist."""
        self._collected = len(ids)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        """Write a line if the last one is a minute old, and no terminal shows the tests."""
        self._failed += report.failed
        self._done += report.when == "teardown"
        now = self._clock()
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        if now - self._shown >= EVERY and not reporter.isatty():
            self._shown = now
            reporter.write(f"\n{self.line(now)}\n", flush=True)

    def line(self, now):
        """Return what a log shows."""
        done = f"{self._done:,} of {self._collected:,} tests, {self._failed} failed"
        return f"after {(now - self._begin) / 60:.0f} minutes: {done}"

    def pytest_sessionfinish(self, exitstatus):
        """Keep how long a run of all tests took."""
        if self._cache and self._is_whole and exitstatus == pytest.ExitCode.OK:
            self._cache.set(LAST, (self._clock() - self._begin) / 60)

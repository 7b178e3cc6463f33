"""The few lines of a run with ``--logger backprop``."""

import logging
import os
import re
import time

import pytest
from snakemake.logging import LoggerManager
from snakemake.settings.types import OutputSettings
from snakemake_interface_logger_plugins.common import LogEvent
from snakemake_interface_logger_plugins.settings import LogHandlerSettingsBase

import snakemake_logger_plugin_backprop as plugin
from backprop import disk
from backprop.workflow.progress import CHANNEL, Progress
from snakemake_logger_plugin_backprop import CLEAR, Overview


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self):
        return self.now


def overview(width=None):
    """Return an overview, what it has written so far, and its clock."""
    clock, written = Clock(), []
    return Overview(written.append, width, clock), written, clock


def test_the_time_left_follows_from_the_time_of_a_fit_of_each_model():
    shown, _, clock = overview()
    shown.expect({"a": ("tree", 100), "b": ("tree", 300), "c": ("scratch", 50)}, 2)
    shown.begin("a", "Train a")
    assert shown.line() == "0%: Train a"
    clock.now = 100.0
    shown.advance("a", 0.5, "fit 50 of 100")  # 2 s a fit: 50 are left of this job, 300 of another
    text = "16%, at least about 10 minutes left: Train a, fit 50 of 100"
    assert shown.line() == text  # the longest job, as both take 700 s side by side
    shown.end("a")  # 1 s a fit
    shown.begin("c", "Train c")
    clock.now = 1100.0
    shown.advance("c", 0.5, "")  # 40 s a fit: 25 are left, and 300 of 1 s, on two processors
    assert shown.line() == "50%, about 17 minutes left: Train c"
    shown.end("c")
    assert shown.line() == "66%, about 5 minutes left"


def test_jobs_that_have_all_cores_run_one_after_another():
    shown, _, clock = overview()
    shown.expect({"a": ("tree", 100, 2), "b": ("tree", 300, 2)}, 2)
    shown.begin("a", "Train a")
    clock.now = 100.0
    shown.advance("a", 0.5, "")  # 2 s a fit: 50 are left of this job, then 300 of another
    assert shown.line() == "25%, about 12 minutes left: Train a"


def test_the_start_of_a_job_says_nothing_of_the_time_left():
    """A job of 6 minutes starts for 20 seconds."""
    shown, _, clock = overview()
    shown.expect({"a": ("simulate", 1)}, 1)
    shown.begin("a", "Simulate")
    for now, done, left in ((20.0, 0.005, ""), (54.0, 0.1, ", about 8 minutes left")):
        clock.now = now
        shown.advance("a", done, "")
        assert shown.line() == f"{100 * done:.0f}%{left}: Simulate"
    for second in (100.0, 301.0):  # a job of hours
        shown, _, clock = overview()
        shown.expect({"a": ("simulate", 1)}, 1)
        shown.begin("a", "Simulate")
        clock.now = second
        shown.advance("a", 0.05, "")
        assert ("left" in shown.line()) == (second > 300)


def test_jobs_that_train_nothing_are_as_one_model():
    shown, _, clock = overview()
    shown.expect({"a": ("", 1), "b": ("", 1), "c": ("", 1)}, 1)
    shown.begin("a", "Fetch a")
    clock.now = 120.0
    shown.end("a")
    assert shown.line() == "33%, about 4 minutes left"


def test_the_training_with_most_left_is_named_with_its_part():
    shown, _, clock = overview()
    shown.expect({"a": ("scratch", 50), "b": ("scratch", 80), "c": ("scratch", 70)}, 2)
    shown.begin("a", "Train a")
    shown.begin("b", "Train b")
    clock.now = 1.0
    shown.advance("b", 0.25, "epoch 25 of 100")
    assert shown.line().endswith(" left: Train b (and 1 more), epoch 25 of 100")
    assert shown.line().startswith("8%, about ")
    shown.end("b")
    assert shown.line().endswith(" left: Train a")


def test_a_long_run_of_many_jobs_has_few_lines_in_a_file():
    shown, written, clock = overview()
    shown.expect({str(job): ("scratch", 2) for job in range(300)}, 1)
    for job in range(300):
        shown.begin(str(job), "Train")
        for second in range(0, 120, 20):
            clock.now += 20
            shown.advance(str(job), second / 120, "epoch")
        shown.end(str(job))
    assert len(written) <= 25
    assert written[-1] == "100%\n"
    assert any(line.startswith("50%, about 5 hours left: Train") for line in written)


def test_a_terminal_has_one_line_that_fits_it():
    shown, written, clock = overview(width=30)
    shown.expect({"a": ("scratch", 5)}, 1)
    shown.begin("a", "Train a model with a long name")
    clock.now = 5.0
    shown.advance("a", 0.5, "")
    shown.say("note")
    lines = [f"{CLEAR}0%: Train a model with a long", f"{CLEAR}50%, about 10 seconds left: T"]
    assert written == [*lines, CLEAR, "note\n"]


@pytest.fixture
def start(monkeypatch):
    """Start the plugin as Snakemake does: the function returns what sets it up, and the plugin."""
    monkeypatch.setenv(CHANNEL, "")  # the plugin sets it

    def started():
        settings = {"backprop": LogHandlerSettingsBase()}
        manager = LoggerManager(
            logging.Logger("a run"),
            OutputSettings(show_failed_logs=True, log_handler_settings=settings),
        )
        (plugin,) = manager.get_log_handlers()
        plugin.expect({"x.log": ("scratch", 5)}, 1)
        return manager, plugin

    return started


JOB = {
    "jobid": 1, "log": ["x.log"], "rule_msg": "Train x", "rule_name": "train", "input": [],
    "output": [], "conda_env": None, "shellcmd": None, "aux": {},
}  # fmt: skip


def test_it_shows_the_progress_the_errors_and_the_end_and_no_more(start, capsys, tmp_path):
    failed = tmp_path / "x.log"
    failed.write_text("error: no memory\n")
    manager, _ = start()
    log = manager.logger
    for text in ("Building DAG of jobs...", "Select jobs to execute...", "Execute 1 jobs..."):
        log.info(text)
    log.info("", extra={"event": LogEvent.JOB_INFO, **JOB})
    log.info("", extra={"event": LogEvent.JOB_FINISHED, "job_id": 1})
    log.error("", extra={"event": LogEvent.JOB_ERROR, **JOB, "log": [str(failed)]})
    log.info("Complete log(s): here")
    manager.stop()
    printed = capsys.readouterr().err
    assert "jobs..." not in printed
    assert printed.startswith("100%\n")
    assert "Error in rule train:" in printed
    assert "error: no memory" in printed
    assert printed.endswith("Complete log(s): here\n")


def test_an_error_about_a_file_is_one_line_and_others_stay(start, capsys):
    manager, _ = start()
    traceback = "Traceback:\n  File x.py, line 1\nOSError: [Errno 28] No space left: 'x.csv'"
    for exception in ("OSError", "RuntimeError"):
        manager.logger.error(traceback, extra={"exception": exception})
    manager.stop()
    assert capsys.readouterr().err == f"No space left: 'x.csv'\n{traceback}\n"


ROOM = r"; this disk has [\d,]+ bytes and room for [\d,]+ files left\. Free some, and run the same"
SAID = "Disk quota exceeded: b.csv; this disk has 3 bytes left"


@pytest.mark.parametrize(
    ("error", "log", "last"),
    [
        ("WorkflowError: [Errno 28] No space left on device: 'x.csv'. Please", "", "x.csv" + ROOM),
        ("Error in rule score", f"training\nerror: {SAID}\n", "b.csv; this disk has 3 bytes left"),
        ("Error in rule score", None, f"LOG{ROOM}"),  # it had no room, either
        ("Error in rule score", "error: no such column\n", None),
    ],
)
def test_a_full_disk_is_named_last_with_the_room_that_is_left(
    start, error, log, last, tmp_path, monkeypatch
):
    file, calls = tmp_path / "score.log", []
    monkeypatch.setattr(plugin.atexit, "register", lambda *call, **_: calls.append(call[1]))
    if log is None:
        monkeypatch.setattr(disk, "lacking", {str(file): "1,000,000 bytes"}.get)
    else:
        file.write_text(log)
    manager, _ = start()
    for _ in range(2):
        manager.logger.error(error, extra={"log": [str(file)]})
    manager.stop()
    assert len(calls) == (last is not None)
    for text in calls:
        expected = last.replace("LOG", re.escape(str(file)))
        assert re.match(f"error: (Disk quota exceeded|No space left on device): {expected}", text)


def test_a_job_says_its_progress_through_the_channel(start, monkeypatch):
    manager, plugin = start()
    printed: list[str] = []  # what pytest captures can be lost while another thread writes
    monkeypatch.setattr(plugin._overview, "_write", printed.append)
    folder = os.path.dirname(os.environ[CHANNEL])
    progress = Progress("x", 2, "x.log")
    for done in (0.0, 0.55):
        values = {"msg": "epoch 5", "created": 100 * done, "done": done}
        progress.emit(logging.makeLogRecord(values))
    until = time.monotonic() + 10
    while not printed and time.monotonic() < until:
        time.sleep(0.01)
    manager.stop()
    assert printed[0].startswith("55%")
    assert not os.path.exists(folder)

"""What a run shows with ``--logger backprop``: how much is done, the time left, what runs now.

On a terminal, one line is written again and again. In a file or a pipe it is a line for each tenth,
and if nothing was written for long. Errors are shown as Snakemake shows them. All that it does not
show here is in its log in ``.snakemake/log``.

Snakemake finds this plugin by the name of its folder, and imports it before it reads a Snakefile.
So the library is imported later: that beside the Snakefile, which may be another copy.
"""

import json
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

SILENT_SECONDS = 60.0  # in a file; longer in a long run, so that it has few lines
TRUSTED_SECONDS = 20.0  # from then on, the time left is more by the run's pace than by the estimate
SHOWN = ("Nothing to be done", "Terminating processes", "Complete log(s)")
CLEAR = "\r\x1b[K"  # the line


@dataclass
class Work:
    """A job: how long it is expected to take, how much of it is done, and what it does now."""

    seconds: float = 1.0
    done: float = 0.0
    message: str = ""
    part: str = ""
    runs: bool = False


class Overview:
    """The lines of a run.

    Parameters
    ----------
    write : callable
        Writes a text.
    width : int, optional
        The columns of the terminal; None if it is a file.
    clock : callable
        Returns the time, in seconds.
    """

    def __init__(
        self,
        write: Callable[[str], object],
        width: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write, self._width, self._clock = write, width, clock
        self._works: dict[str, Work] = {}  # by the log of the job
        self._at_once, self._at_most, self._is_shown = 1, False, False
        self._began = self._shown_at = clock()
        self._tenth = 0

    def expect(self, seconds: Mapping[str, float], at_once: int, *, at_most: bool) -> None:
        """Take what a run has to do: seconds by job, how many run side by side."""
        self._works = {log: Work(each) for log, each in seconds.items()}
        self._at_once, self._at_most = at_once, at_most
        self._began = self._shown_at = self._clock()

    def begin(self, log: str, message: str) -> None:
        """Note that a job begins."""
        work = self._works.setdefault(log, Work())
        work.message, work.runs = message, True
        self._show()

    def advance(self, log: str, done: float, part: str) -> None:
        """Note how much of a job is done, from 0 to 1, and what it does now."""
        work = self._works.setdefault(log, Work())
        work.done, work.part = max(work.done, done), part
        self._show()

    def end(self, log: str) -> None:
        """Note that a job is done."""
        work = self._works.setdefault(log, Work())
        work.done, work.runs = 1.0, False
        works = self._works.values()
        if any(each.runs for each in works) or all(each.done == 1 for each in works):
            self._show()  # else the next job is about to begin

    def say(self, text: str) -> None:
        """Write lines that stay."""
        self.clear()
        self._write(f"{text}\n")

    def clear(self) -> None:
        """Take the line of the progress from the terminal."""
        if self._is_shown:
            self._write(CLEAR)
            self._is_shown = False

    def line(self) -> str:
        """Return how much is done, the time left, and what runs: that with most left of it."""
        from backprop.workflow.progress import duration

        works = self._works.values()
        done = sum(work.done * work.seconds for work in works)
        left = sum((1 - work.done) * work.seconds for work in works)
        trust = TRUSTED_SECONDS
        pace = (done + trust * self._at_once) / (self._clock() - self._began + trust)
        text = f"{self._percent():.0f}%"
        if left:
            about = "at most about" if self._at_most else "about"
            text += f", {about} {duration(left / pace)} left"
        running = sorted((w for w in works if w.runs), key=lambda w: (w.done - 1) * w.seconds)
        if running:
            part = f", {running[0].part}" if running[0].part else ""
            more = f" (and {len(running) - 1} more)" if running[1:] else ""
            text += f": {running[0].message}{more}{part}"
        return text

    def _percent(self) -> float:
        """Return the part that is done, rounded down: only a run that has ended has 100%."""
        whole = sum(work.seconds for work in self._works.values())
        done = sum(work.done * work.seconds for work in self._works.values())
        return 100 * done // whole

    def _show(self) -> None:
        now, text = self._clock(), self.line()
        if self._width is not None:
            self._write(f"{CLEAR}{text[: self._width - 1]}")
            self._is_shown = True
            return
        silence, tenth = now - self._shown_at, int(self._percent() // 10)
        if tenth > self._tenth or silence >= max(SILENT_SECONDS, (now - self._began) / 2):
            self._tenth, self._shown_at = tenth, now
            self._write(f"{text}\n")


class LogHandler(LogHandlerBase):
    """Shows the progress of a run and its errors, from the records of Snakemake's log."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        self._terminal = sys.stderr
        width = shutil.get_terminal_size().columns if self._terminal.isatty() else None
        self._overview = Overview(self._print, width)
        self._logs: dict[int, str] = {}  # of the jobs, by their numbers
        self._guard = threading.Lock()
        self._folder: Path | None = None

    def expect(self, seconds: Mapping[str, float], at_once: int, *, at_most: bool) -> None:
        """Take what the run has to do, see `Overview.expect`, and listen to its jobs."""
        self._listen()
        with self._guard:
            self._overview.expect(seconds, at_once, at_most=at_most)

    def emit(self, record: logging.LogRecord) -> None:
        """Show what a record says, if it is for the terminal."""
        event, values = getattr(record, "event", None), vars(record)
        with self._guard:
            if event == LogEvent.JOB_INFO and values["log"]:
                log = self._logs[values["jobid"]] = str(values["log"][0])
                self._overview.begin(log, values["rule_msg"] or values["rule_name"])
            elif event == LogEvent.JOB_FINISHED and values["job_id"] in self._logs:
                self._overview.end(self._logs[values["job_id"]])
            elif record.levelno >= logging.WARNING or record.getMessage().startswith(SHOWN):
                self._overview.say(self.format(record))

    def close(self) -> None:
        """Leave nothing behind: neither the line of the progress nor the channel."""
        with self._guard:
            self._overview.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        super().close()

    def _print(self, text: str) -> None:
        with suppress(OSError):  # the terminal was closed, which ends no training
            self._terminal.write(text)
            self._terminal.flush()

    def _listen(self) -> None:
        """Read what the jobs on this machine say of their progress, see `progress.Progress`."""
        from backprop.workflow.progress import CHANNEL

        with suppress(OSError):  # the disk is full: then jobs print lines of their own
            self._folder = Path(mkdtemp(prefix="backprop-"))
            channel = self._folder / "progress"
            os.mkfifo(channel)
            # For writing, too: so it does not end when the first job does.
            reader = os.fdopen(os.open(channel, os.O_RDWR), "r")
            os.environ[CHANNEL] = str(channel)
            threading.Thread(target=self._hear, args=[reader], daemon=True).start()

    def _hear(self, reader: Any) -> None:
        for line in reader:
            with suppress(ValueError):  # a job was killed while it wrote
                said = json.loads(line)
                with self._guard:
                    self._overview.advance(said["log"], said["done"], said["part"])

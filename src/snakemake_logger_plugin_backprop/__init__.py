"""What a run shows with ``--logger backprop``: how much is done, the time left, what runs now.

On a terminal, one line is written again and again. In a file or a pipe it is a line for each tenth,
and if nothing was written for long. Errors are shown as Snakemake shows them, but for those about a
file: of these only what is wrong. If a disk gets full, the last line says so. All that is not shown
here is in Snakemake's log in ``.snakemake/log``.

Snakemake finds this plugin by the name of its folder, and imports it before it reads a Snakefile.
So the library is imported later: that beside the Snakefile, which may be another copy.
"""

import atexit
import errno
import json
import logging
import os
import re
import shutil
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

SOUND_PART, SOUND_SECONDS = 0.1, 300.0  # of a job; before both, its start took most of the time
SILENT_SECONDS = 60.0  # in a file; longer in a long run, so that it has few lines
SHOWN = ("Nothing to be done", "Terminating processes", "Complete log(s)")
CLEAR = "\r\x1b[K"  # the line
FULL_DISK = re.compile(
    rf"({os.strerror(errno.ENOSPC)}|{os.strerror(errno.EDQUOT)})(: '?([^';\n]+)'?)?(; this disk.*)?"
)
OS_ERRORS = {"OSError", *(each.__name__ for each in OSError.__subclasses__())}


@dataclass
class Work:
    """A job.

    Attributes
    ----------
    model : str
        What it trains. All jobs that train nothing are as one model, with a fit each.
    fits, cores : int
    done : float
        How much of it is done, from 0 to 1.
    began : float, optional
        When it began, if it runs.
    took : float
        The seconds that it took, if it has ended.
    message, part : str
        What it does, and what of it now.
    """

    model: str = ""
    fits: int = 1
    cores: int = 1
    done: float = 0.0
    began: float | None = None
    took: float = 0.0
    message: str = ""
    part: str = ""

    def seconds(self, now: float) -> float:
        """Return how long it takes so far."""
        return self.took if self.began is None else now - self.began


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
        self._at_once, self._is_shown = 1, False
        self._began = self._shown_at = clock()
        self._tenth = 0

    def expect(self, fits: Mapping[str, tuple[str, int, int]], at_once: int) -> None:
        """Take what a run has to do: model, fits and cores of each job, and how many cores it has.

        Jobs that are submitted count as cores.
        """
        self._works = {log: Work(*each) for log, each in fits.items()}
        self._at_once = at_once
        self._began = self._shown_at = self._clock()

    def begin(self, log: str, message: str) -> None:
        """Note that a job begins."""
        work = self._works.setdefault(log, Work())
        work.message, work.began = message, self._clock()
        self._show()

    def advance(self, log: str, done: float, part: str) -> None:
        """Note how much of a job is done, from 0 to 1, and what it does now."""
        work = self._works.setdefault(log, Work())
        work.done, work.part = max(work.done, done), part
        self._show()

    def end(self, log: str) -> None:
        """Note that a job is done."""
        work = self._works.setdefault(log, Work())
        work.took, work.began, work.done = work.seconds(self._clock()), None, 1.0
        works = self._works.values()
        if any(each.began is not None for each in works) or all(each.done == 1 for each in works):
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
        """Return how much is done, the time left, and what runs: the job with most left of it."""
        running = [work for work in self._works.values() if work.began is not None]
        text = f"{self._percent():.0f}%{self._time_left()}"
        if running:
            most = max(running, key=lambda work: (1 - work.done) * work.fits)
            part = f", {most.part}" if most.part else ""
            more = f" (and {len(running) - 1} more)" if running[1:] else ""
            text += f": {most.message}{more}{part}"
        return text

    def _percent(self) -> float:
        """Return the part of the jobs that is done, rounded down: only a run's end has 100%."""
        return 100 * sum(work.done for work in self._works.values()) // len(self._works)

    def _time_left(self) -> str:
        """Return the time for the fits that are left, by that of a fit of each model so far.

        It is a lower limit while a model has trained nothing, or too little to tell.
        """
        from backprop.workflow.progress import duration

        now = self._clock()
        seconds, fits = (defaultdict[str, float](float) for _ in range(2))
        for work in self._works.values():
            if work.done >= SOUND_PART or work.seconds(now) >= SOUND_SECONDS:
                seconds[work.model] += work.seconds(now)
                fits[work.model] += work.done * work.fits
        left = [work for work in self._works.values() if work.done < 1]
        known = [work for work in left if fits[work.model]]
        each = [(1 - w.done) * w.fits * seconds[w.model] / fits[w.model] for w in known]
        if not each:
            return ""
        about = "about" if len(known) == len(left) else "at least about"
        on_one_core = sum(w.cores * own for w, own in zip(known, each, strict=True))
        return f", {about} {duration(max(on_one_core / self._at_once, *each))} left"

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
        self._is_full = False  # a disk

    def expect(self, fits: Mapping[str, tuple[str, int, int]], at_once: int) -> None:
        """Take what the run has to do, see `Overview.expect`, and listen to its jobs."""
        self._listen()
        with self._guard:
            self._overview.expect(fits, at_once)

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
                self._overview.say(text := _in_short(record, self.format(record)))
                logs = getattr(record, "log", None) or []
                if record.levelno >= logging.ERROR and (full := _full_disk(text, logs)):
                    self._say_last(full)

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

    def _say_last(self, text: str) -> None:
        """Say that a disk is full when the process ends: Snakemake says much after an error."""
        if not self._is_full:
            atexit.register(print, f"error: {text}", file=self._terminal)
        self._is_full = True

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

    def _hear(self, reader: Iterable[str]) -> None:
        for line in reader:
            with suppress(ValueError):  # a job was killed while it wrote
                said = json.loads(line)
                with self._guard:
                    self._overview.advance(said["log"], said["done"], said["part"])


def _in_short(record: logging.LogRecord, text: str) -> str:
    """Return an error; of one about a file the last line, without the lines of our code before."""
    if getattr(record, "exception", None) not in OS_ERRORS:
        return text
    return re.sub(r"^\w+: (\[Errno \d+\] )?", "", text.strip().splitlines()[-1])


def _full_disk(text: str, logs: Iterable[str]) -> str:
    """Return what an error says of a full disk, or the log of its job, unless that is full, too."""
    from backprop.disk import FULL, in_short, lacking
    from backprop.errors import printable

    for log in logs:
        with suppress(OSError, ValueError):  # there is none
            text += Path(log).read_text(encoding="utf-8")
    if said := FULL_DISK.search(text):
        error = OSError(FULL[0], said[1], said[3])
        return printable(said[0] if said[4] else in_short(error))
    full = [OSError(FULL[0], os.strerror(FULL[0]), log) for log in logs if lacking(log)]
    return printable(in_short(full[0])) if full else ""

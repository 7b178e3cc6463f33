"""The progress of a long training, on the terminal."""

import json
import logging
import os
from contextlib import suppress
from typing import NamedTuple

FIRST_SECONDS = 10  # of training, before the first line
SECONDS = 30  # between two lines
CHANNEL = "BACKPROP_PROGRESS"  # the environment variable with the pipe to the plugin of the log
CHANNEL_SECONDS = 1  # between two messages there


class Progress(logging.Handler):
    """Prints a line now and then, from the log records of a training that say what is ``done``.

    Such a record has ``done``, from 0 to 1: how much is done of the part that began last, at first
    of the whole training. If it also has ``share``, a part of that size begins. It is within the
    parts that other functions began, and ends the one that the same function began before. A
    ``patience`` that is not None says that the training may end early.

    Parameters
    ----------
    title : str
        What is trained; each line begins with it.
    terminal : int
        The file descriptor to print to.
    log : str
        The log of the job, for the channel: if the run has one, that shows the progress of all its
        jobs, and no line is printed.
    """

    def __init__(self, title: str, terminal: int, log: str = "") -> None:
        super().__init__()
        self._title, self._terminal, self._log = title, terminal, log
        self._channel = _open_channel()
        self._began: float | None = None
        self._parts: list[_Part] = []  # each is within the one before

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line if the record says what is done, and if the last line was long ago."""
        if not hasattr(record, "done"):
            return
        now = record.created
        done, texts = self._place(record)
        if self._began is None:
            self._began, self._due = now, now + (FIRST_SECONDS if self._channel is None else 0)
        elif done == 0:
            self._began = now  # of the next training
        if now >= self._due and done > 0:
            self._due = now + (SECONDS if self._channel is None else CHANNEL_SECONDS)
            if self._channel is not None:
                said = json.dumps({"log": self._log, "done": done, "part": ", ".join(texts)})
                with suppress(OSError):  # it is full, or the run has ended
                    os.write(self._channel, f"{said}\n".encode())
                return
            left = duration((now - self._began) * (1 - done) / done)
            about = "about" if getattr(record, "patience", None) is None else "at most about"
            line = f"{self._title}: {', '.join([*texts, f'{about} {left} left'])}\n"
            with suppress(OSError):
                os.write(self._terminal, line.encode())  # at once: other jobs print, too

    def _place(self, record: logging.LogRecord) -> tuple[float, list[str]]:
        """Return how much of the whole training is done, and what says where it is."""
        values, function = vars(record), (record.name, record.funcName)
        share = values.get("share")
        text = "" if share == 1 else record.getMessage()  # all of the part around it is nothing new
        functions = [part.function for part in self._parts]
        if share is not None and function in functions:
            del self._parts[functions.index(function) :]
        outer = self._parts[-1] if self._parts else _Part(function, "", 0.0, 1.0)
        done = outer.begins + outer.size * values["done"]
        texts = [*(part.text for part in self._parts), text]
        if share is not None:
            self._parts.append(_Part(function, text, done, outer.size * share))
        return done, list(filter(None, texts))


class _Part(NamedTuple):
    """A part of a training: the function that began it, what it said, its place in the whole."""

    function: tuple[str, str | None]
    text: str
    begins: float
    size: float


def _open_channel() -> int | None:
    """Return the file descriptor of the channel of the run; None if it has none on this machine."""
    with suppress(KeyError, OSError):
        return os.open(os.environ[CHANNEL], os.O_WRONLY | os.O_NONBLOCK)
    return None


def duration(seconds: float) -> str:
    """Return a time in words, rounded to tens of seconds, or to minutes, hours or days."""
    if seconds < 100:
        return f"{max(10, round(seconds, -1)):.0f} seconds"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} minutes"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f} hours"
    return f"{seconds / 86400:,.0f} days"

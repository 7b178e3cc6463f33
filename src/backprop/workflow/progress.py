"""The progress of a long training, on the terminal."""

import logging
import os
from contextlib import suppress

FIRST_SECONDS = 10  # of training, before the first line
SECONDS = 30  # between two lines


class Progress(logging.Handler):
    """Prints a line now and then, from the log records of a training that say what is ``done``.

    Such a record has ``done``, from 0 to 1: the part of the whole training that is done, and then
    also ``share``, the part that begins; or the part of that share. A ``patience`` that is not None
    says that the training may end early.

    Parameters
    ----------
    title : str
        What is trained; each line begins with it.
    terminal : int
        The file descriptor to print to.
    """

    def __init__(self, title: str, terminal: int) -> None:
        super().__init__()
        self._title, self._terminal = title, terminal
        self._began: float | None = None
        self._part, self._before, self._share = "", 0.0, 1.0

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line if the record says what is done, and if the last line was long ago."""
        values, now, text = vars(record), record.created, record.getMessage()
        if "done" not in values:
            return
        if self._began is None:
            self._began, self._due = now, now + FIRST_SECONDS
        done = values["done"]
        if "share" in values:
            self._before, self._share = done, values["share"]
            self._part = f"{text}, " if self._share < 1 else ""
        else:
            done = self._before + self._share * done
            text = f"{self._part}{text}"
        if now >= self._due and done > 0:
            self._due = now + SECONDS
            left = duration((now - self._began) * (1 - done) / done)
            about = "about" if values.get("patience") is None else "at most about"
            # A whole line in one write: other jobs print, too.
            with suppress(OSError):
                os.write(self._terminal, f"{self._title}: {text}, {about} {left} left\n".encode())


def duration(seconds: float) -> str:
    """Return a time in words, rounded to tens of seconds, or to minutes, hours or days."""
    if seconds < 100:
        return f"{max(10, round(seconds, -1)):.0f} seconds"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} minutes"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f} hours"
    return f"{seconds / 86400:,.0f} days"

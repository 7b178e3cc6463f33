"""The error that is meant for the user, and what to say if a package is missing."""

import difflib
import re
import reprlib
import shlex
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from backprop.disk import in_short
from backprop.folders import ROOT

MAX_QUOTED = 200  # characters of what was found
MAX_FAULTS = 20  # that one message lists
in_brief = reprlib.Repr()  # of names and cells: a file may have any number, of any size
in_brief.maxstring = 80


class BackpropError(Exception):
    """An error that the user can correct.

    Its message says where the error is (a key of the config, or a row of the data), which value is
    there, and what to use instead. The user sees it without a traceback.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def printable(message: str) -> str:
    r"""Return a message without characters that control the terminal, except line breaks.

    It may quote a name from a file or a server. Each such character becomes an escape sequence of
    Python, such as ``\x1b``.
    """
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in message)


def shortened(text: object) -> str:
    """Return what was found, for a message: of a long text, the first and the last characters."""
    text, half = str(text), MAX_QUOTED // 2 - 2
    return text if len(text) <= MAX_QUOTED else f"{text[:half]}...{text[-half:]}"


def listed(names: Sequence[str]) -> str:
    """Return names for a message; of many, or long ones, the first and their number."""
    shown = [in_brief.repr(name) for name in names[:MAX_FAULTS]]
    while len(", ".join(shown)) > MAX_QUOTED:
        shown.pop()
    more = f", ... ({len(names)} in all)" if len(names) > len(shown) else ""
    return f"{', '.join(shown)}{more}"


def first_faults(faults: Sequence[object]) -> list[str]:
    """Return the faults that a message lists, and how many more there are."""
    more = len(faults) - MAX_FAULTS
    return [*map(str, faults[:MAX_FAULTS]), *([f"and {more:,} more"] if more > 0 else [])]


def did_you_mean(name: str, known: Iterable[str], shown: Callable[[str], str] = str) -> str:
    """Return the end of a message that asks whether the nearest of some names was meant."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {shown(near[0])}?" if near else ""


@contextmanager
def one_message(*others: type[Exception]) -> Iterator[None]:
    """End the process with one message if there is an error of the user, or one of other kinds."""
    kinds: tuple[type[Exception], ...] = (BackpropError, *others)
    try:
        yield
    except kinds as error:
        said = in_short(error) if isinstance(error, OSError) else error
        sys.exit(printable(f"error: {said}"))


def lacking(*extras: str) -> list[str]:
    """Return what this distribution needs, with some of its extras, and is not installed."""
    from importlib.metadata import distributions  # only now: it takes a tenth of a short command

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"]]
    for extra in extras:
        needed += project["optional-dependencies"][extra]
    return [each for each in needed if not any(distributions(name=re.split("[<>=!]", each)[0]))]


def command_for(*extras: str) -> str:
    """Return the command that installs what is missing into the environment in use.

    An environment that make has set up gets the versions of the lock.
    """
    lock = ROOT / "requirements" / f"{extras[0] if extras else 'run'}.txt"
    is_of_make = lock.exists() and Path(sys.prefix, "place").exists()
    what = ["-r", str(lock)] if is_of_make else lacking(*extras)
    return shlex.join([sys.executable, "-m", "pip", "install", *what])


@contextmanager
def needing(*extras: str) -> Iterator[None]:
    """Import modules that need packages; the error of a missing one has the line to install it.

    Raises
    ------
    ModuleNotFoundError
        If a package is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if not lacking(*extras):
            raise
        raise ModuleNotFoundError(
            f"found no package {error.name}; install what is missing by this line:\n"
            f"{command_for(*extras)}",
            name=error.name,
        ) from error

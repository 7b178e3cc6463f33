"""What is changed in Snakemake: its default target, its errors, its memory, its links."""

import atexit
import json
import logging
import os
import re
import shlex
import sys
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from snakemake.exceptions import WorkflowError
from snakemake.io import flag
from snakemake.logging import logger

from backprop.disk import FULL, in_short, lacking
from backprop.errors import printable

MEMORY = Path(".snakemake/metadata")
FULL_DISK = re.compile(rf"({'|'.join(map(os.strerror, FULL))})(: '?([^';\n]+)'?)?(; this disk.*)?")
SAID: list[str] = []
"""What is said when the process ends, at most one line."""
OS_ERRORS = {"OSError", *(each.__name__ for each in OSError.__subclasses__())}


class Fallback(str):
    """The name of a rule that is the default target only if no other rule is.

    It counts as no name where Snakemake looks whether there is a default target already, so the
    next rule of another Snakefile takes its place.

    Attributes
    ----------
    results : list of str
        All that is made if it is the default target: a Snakefile may use the workflow several
        times.
    """

    results: list[str]

    def __bool__(self) -> bool:
        """Return False."""
        return False


class DefaultTarget:
    """What Snakemake makes if no target is named: the results, unless an importer has a rule.

    Parameters
    ----------
    workflow : object
        Snakemake's, which has not read a rule of this workflow yet.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow, self._before = workflow, workflow.default_target

    def offer(self, rule: str, results: Iterable[str]) -> None:
        """Let a rule be the default target if no rule of another Snakefile is.

        Parameters
        ----------
        rule : str
            Its name in this workflow. It must be read now.
        results : iterable of str
            What it makes.
        """
        workflow = self._workflow
        name = workflow.modifier.avail_rulename(rule)  # None: the importer does not use the rule
        if self._before or name is None:
            workflow.default_target = self._before
            return
        own = (flag(str(workflow.modifier.modify_path(file)), "local") for file in results)
        workflow.default_target = Fallback(name)
        workflow.default_target.results = [*getattr(self._before, "results", []), *own]

    def others(self, wildcards: object) -> list[str]:
        """Return what that rule also needs: as default target, the results of other modules."""
        default, settings = self._workflow.default_target, self._workflow.dag_settings
        is_named = settings.targets or settings.target_jobs
        is_default = isinstance(default, Fallback) and not is_named
        return getattr(self._before, "results", []) if is_default else []


def quote_python() -> None:
    """Let Snakemake write the path of Python into the commands of jobs so that a shell reads it."""
    if os.path.exists(sys.executable):  # it is not quoted yet, as by another module
        sys.executable = shlex.quote(sys.executable)  # Snakemake writes it as it is


def forget_damage() -> None:
    """Remove damaged parts of Snakemake's memory, which it could not read. It must plan."""
    for file in MEMORY.rglob("*"):
        with suppress(OSError):  # it is gone, as another run has removed it
            if file.is_file() and not _is_readable(file.read_bytes()):
                file.unlink()


def _is_readable(content: bytes) -> bool:
    """Return whether Snakemake can read a part of its memory, or ignores it, as one cut off."""
    from snakemake.persistence import MetadataRecord  # only now: commands do without

    try:
        MetadataRecord.model_validate(json.loads(content.decode()))
    except json.JSONDecodeError:
        return True  # a run may be writing it
    except ValueError:  # it is not UTF-8, or not a record
        return False
    return True


def shorten_errors() -> None:
    """Let Snakemake say what is wrong with a file, such as a full disk, without a traceback."""
    logger.addFilter(_shorten)


def _shorten(record: logging.LogRecord) -> bool:
    """Shorten an error about a file, before Snakemake prints it: its last line says what is wrong.

    Of a full disk, Snakemake may ask for permissions. It is said again when the process ends.
    """
    if record.levelno >= logging.ERROR:
        text = record.getMessage()
        of_file = getattr(record, "exception", None) in OS_ERRORS
        if is_full := FULL_DISK.search(text):
            text = re.sub(r"Please ensure write permissions.*", "", text, flags=re.DOTALL)
        if of_file or is_full:
            last = text.strip().splitlines()[-1] if of_file else text.strip()
            record.msg, record.args = re.sub(r"^\w+: (\[Errno \d+\] )?", "", last), ()
        _say_last(is_full or _full_disk_of_job(getattr(record, "log", None) or []))
    return True


def _full_disk_of_job(logs: Iterable[str]) -> re.Match[str] | None:
    """Return what a job that failed says of a full disk: in its log, unless that is full, too."""
    for log in logs:
        with suppress(OSError, ValueError):  # there is none
            if said := FULL_DISK.search(Path(log).read_text(encoding="utf-8")):
                return said
        if lacking(log):
            return FULL_DISK.match(f"{os.strerror(FULL[0])}: {log}")
    return None


def _say_last(full: re.Match[str] | None) -> None:
    """Say that a disk is full when the process ends: Snakemake says much after an error."""
    if full and not SAID:
        error = OSError(FULL[0], full[1], full[3])
        SAID.append(printable(f"error: {full[0] if full[4] else in_short(error)}"))
        atexit.register(print, SAID[0], file=sys.stderr)


class FileError(WorkflowError):  # type: ignore[misc]
    """An error of which Snakemake shows the message, and no line of our code."""

    @property
    def __traceback__(self) -> None:
        """Nothing: Snakemake lists it below its message."""


def report_link(path: str, category: str, title: str) -> str:
    """Return a link that opens an item of the report, in HTML.

    Parameters
    ----------
    path, category, title : str
        The file of the item, its category in the report, and what readers see.
    """
    item, part = json.dumps(path), json.dumps(category)
    view = (
        f"app.setView({{navbarMode:'subcategory',category:{part},"
        f"subcategory:Object.keys(categories[{part}])[0],resultPath:{item},"
        f"content:results[{item}].mime_type=='text/html'?'html':'img',"
        f"contentPath:results[{item}].data_uri}})"
    )
    return f'<a href="javascript:{escape(quote(view))}">{escape(title)}</a>'

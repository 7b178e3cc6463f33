"""What the report was written from: as long as all of it is the same, it is not written again."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from backprop.files import digest_of_value
from backprop.folders import PACKAGES, ROOT
from backprop.workflow.records import between_starts
from backprop.workflow.records.job_records import digests, record_files

SUBJECT = "report"  # of what a start remembers
CODE = (
    ROOT / "Snakefile",
    ROOT / "workflow",
    PACKAGES / "backprop",
    PACKAGES / "snakemake_report_plugin_backprop",
)


def sources_of_report(configs: Iterable[Path]) -> str:
    """Return a digest of all that the report of the results in this folder is written from.

    Parameters
    ----------
    configs : iterable of Path
        The files of the config.
    """
    records = sorted(record_files())  # they have the digests of all results
    return digest_of_value([
        digests(map(str, [*configs, *records])),
        [os.stat(file).st_mtime_ns for file in records],  # the report says how long jobs took
        code_of_report(),
    ])  # fmt: skip


def code_of_report() -> str:
    """Return a digest of the code that writes a report, and of the versions of packages."""
    return digest_of_value([digests(map(str, _code())), sys.version, _installed()])


def files_of(report: Path) -> list[Path]:
    """Return the files of a report: of several data sets, the index and what is beside it."""
    return [report, *sorted(report.with_suffix("").glob("*.html"))]


def is_written(report: Path, sources: str) -> bool:
    """Return whether a report is there as it was written, from these sources."""
    return report.is_file() and between_starts.recall(SUBJECT) == {sources: _content(report)}


def note_report(report: Path, sources: str) -> None:
    """Note that a report was written from these sources."""
    between_starts.remember(SUBJECT, {sources: _content(report)})


def _content(report: Path) -> str:
    return digest_of_value([*digests(map(str, files_of(report))).items()])


def _code() -> list[Path]:
    """Return the files of the workflow, the library and the plugin of the report."""
    files = [file for each in CODE for file in ([each] if each.is_file() else each.rglob("*"))]
    return sorted(file for file in files if file.is_file() and file.suffix != ".pyc")


def _installed() -> list[str]:
    """Return the packages of this Python with their versions, as their folders have them."""
    folders = filter(os.path.isdir, sys.path)
    return sorted({name for each in folders for name in os.listdir(each) if "-info" in name})

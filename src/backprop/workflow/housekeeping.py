"""Set damaged files aside before a run, and remove outdated files after it."""

import sys
from collections.abc import Iterable
from pathlib import Path

from backprop.workflow import paths
from backprop.workflow.plan import Plan

OURS = {".csv", ".html", ".svg"}  # the kinds of files that a run writes into tables and plots


def set_aside_damaged(plan: Plan) -> None:
    """Rename damaged files of fits, with a warning, so that the run makes them again."""
    for dataset in plan.config["datasets"]:
        for files, table in (
            (plan.fits(dataset), paths.table("fits")),
            (plan.fits_of_checks(dataset), paths.table("parity")),
        ):
            for message in rename_damaged(map(Path, files), Path(table.format(dataset=dataset))):
                print(f"warning: {message}", file=sys.stderr)


def remove_outdated(plan: Plan) -> None:
    """Remove tables, pages and pictures that the config no longer asks for, with a message."""
    current = {Path(file) for file in plan.results()}
    for dataset in plan.config["datasets"]:
        for path in (paths.TABLES, paths.PLOTS):
            folder = Path(path.format(dataset=dataset))
            names = {file.name for file in current if file.parent == folder}
            for file in remove_other_files(folder, names):
                print(f"removed {file}: config.yaml no longer asks for it", file=sys.stderr)


def rename_damaged(files: Iterable[Path], result: Path) -> list[str]:
    """Rename the damaged files among some files of fits.

    Parameters
    ----------
    files : iterable of Path
    result : Path
        The table that was computed from them. A file that is older was sound when the table was
        computed, and is not read.

    Returns
    -------
    list of str
        A message for each file that was renamed.
    """
    since = result.stat().st_mtime if result.exists() else 0.0
    messages = []
    for file in files:
        if not file.exists() or file.stat().st_mtime < since:
            continue
        from backprop.study.fits import damage  # imported only if needed: it takes long

        fault = damage(file)
        if fault is not None:
            aside = file.with_name(f"{file.name}.damaged")
            file.replace(aside)
            messages.append(
                f"{file} is damaged and will be made again ({fault}); the file is now {aside}"
            )
    return messages


def remove_other_files(folder: Path, names: Iterable[str]) -> list[Path]:
    """Remove the tables, pages and pictures in a folder whose names are not among these.

    Files of other kinds belong to somebody else, and stay.

    Returns
    -------
    list of Path
        The files that were removed.
    """
    keep = set(names)
    outdated = [f for f in sorted(folder.glob("*")) if f.suffix in OURS and f.name not in keep]
    for file in outdated:
        file.unlink()
    return outdated

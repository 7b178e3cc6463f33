"""What is done around a run: damaged files are set aside before it, outdated ones removed after."""

from collections.abc import Iterable
from pathlib import Path


def set_aside_damaged(files: Iterable[Path], made: Path) -> list[str]:
    """Rename those of some files of fits that are damaged, so that they are made anew.

    Parameters
    ----------
    files : iterable of Path
    made : Path
        The table that was made of them. Files older than it were sound then and are not read.

    Returns
    -------
    list of str
        A message for each file that was renamed.
    """
    since = made.stat().st_mtime if made.exists() else 0.0
    messages = []
    for file in files:
        if not file.exists() or file.stat().st_mtime < since:
            continue
        from backprop.study import fits  # only now: every start of the workflow comes by here

        fault = fits.damage(file)
        if fault is not None:
            aside = file.with_name(f"{file.name}.damaged")
            file.replace(aside)
            messages.append(f"{file} is damaged and is made anew ({fault}); it is now {aside}")
    return messages


def remove_outdated(folder: Path, wanted: Iterable[str]) -> list[Path]:
    """Remove the tables, pages and pictures in a folder that a config no longer asks for.

    Parameters
    ----------
    folder : Path
    wanted : iterable of str
        The names of the files to keep. Files of other kinds are not ours, and are kept as well.

    Returns
    -------
    list of Path
        What was removed.
    """
    keep = set(wanted)
    ours = {".csv", ".html", ".svg"}
    outdated = [f for f in sorted(folder.glob("*")) if f.suffix in ours and f.name not in keep]
    for file in outdated:
        file.unlink()
    return outdated

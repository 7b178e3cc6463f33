"""Call Snakemake in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from backprop.folders import ROOT


def call_snakemake(folder: Path, *options: str, **how: Any) -> tuple[int, str]:
    """Run Snakemake in a folder, with options for it and for the process.

    Ctrl-C reaches both processes: this one waits until Snakemake has ended its jobs.

    Returns
    -------
    code : int
        As shells have it: 128 and more after a signal.
    printed : str
        What it printed, if `how` says to keep that.
    """
    place = ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder.absolute())]
    if "--workflow-profile" not in options:
        place += ["--workflow-profile", str(ROOT / "profiles/default")]
    command = [sys.executable, "-m", "snakemake", *place, *options]
    with subprocess.Popen(command, env=_environment(folder), text=True, **how) as process:
        pass_on = {signal.SIGINT: lambda *_: None, signal.SIGTERM: lambda *_: process.terminate()}
        before = {each: signal.signal(each, handler) for each, handler in pass_on.items()}
        try:
            printed, _ = process.communicate()
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
    code = process.returncode
    return (code if code >= 0 else 128 - code), printed or ""


def _environment(folder: Path) -> dict[str, str]:
    """Return the variables of Snakemake: no module is taken from the folder that a user is in."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    place = home if home.is_dir() else home.parent
    own = {"PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}  # a path is in UTF-8, whatever the locale is
    own["BACKPROP_PROFILES"] = str(ROOT / "profiles")  # for a script of profiles/generic
    if not (place.is_dir() and os.access(place, os.W_OK)):  # Snakemake would end with a traceback
        own["XDG_CACHE_HOME"] = str(folder.absolute() / ".snakemake/cache")
    return os.environ | own

"""Try the classifiers of a config in another process, within limits, and remember those that pass.

A fit may take hours, in code that never returns to Python, or all memory. So the operating system
ends the process: nothing that it runs can prevent that.
"""

import json
import os
import platform
import resource
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from backprop.files import digest_of_text
from backprop.typing import Json
from backprop.workflow import memory

SECONDS = 2.0  # of the processor, of each trial
WAITING_SECONDS = 8.0  # of each trial, if the machine is busy or the trial waits
MEGABYTES = 2000  # of the process
START_SECONDS = 60.0  # in which scikit-learn is imported, from a slow disk
MAX_REASON = 1000  # characters

Entry = Mapping[str, Json]
"""An entry of ``estimators`` in the completed config."""


def untried(estimators: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries that are not known to be without faults."""
    known = memory.recall("estimators")
    return {name: entry for name, entry in estimators.items() if _key(entry) not in known}


def remember(entries: Iterable[Entry]) -> None:
    """Remember that entries are without faults, until a version or the check changes."""
    new = {_key(entry): "" for entry in entries}
    if new:
        memory.remember("estimators", memory.recall("estimators") | new)


def _key(entry: Entry) -> str:
    code = [Path(__file__).with_name(f"{name}.py") for name in ("checks", "classifiers", "trials")]
    versions = [platform.python_version(), version("numpy"), version("scikit-learn")]
    texts = [file.read_text(encoding="utf-8") for file in code]
    return digest_of_text(json.dumps([entry, versions, texts], default=repr))


def refusals(entries: Sequence[Entry]) -> list[str]:
    """Return why the class of each entry cannot be fitted with its ``reference``.

    "" if it can, or if it is not known: a trial takes longer, or more memory, than it may.
    """
    reasons: list[str] = []
    with suppress(OSError, subprocess.TimeoutExpired):
        while len(reasons) < len(entries):
            # If the process was ended, it was by the entry after those that it answered.
            reasons += [*_answers(entries[len(reasons) :]), ""]
    return [*reasons, *[""] * len(entries)][: len(entries)]


def _answers(entries: Sequence[Entry]) -> list[str]:
    """Return the reasons of the entries that the process came to before it was ended."""
    # In the Snakefile, `sys.executable` is quoted for a shell.
    is_path = os.path.exists(sys.executable)
    python = sys.executable if is_path else shlex.split(sys.executable)[0]
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    python_path = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [python, "-P", "-m", __name__],
        input=json.dumps(entries, default=repr).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=START_SECONDS + WAITING_SECONDS * len(entries),
        env={**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(python_path)},
        check=False,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Read entries from the standard input, and write a line of JSON for each: its reason."""
    entries = json.load(sys.stdin)
    answers = os.dup(1)
    os.dup2(2, 1)  # what a class prints is not an answer
    from backprop.workflow import classifiers

    modules = [import_module(entry["class"].rpartition(".")[0]) for entry in entries]
    with suppress(OSError, ValueError):  # a lower limit is set already
        resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * 2**20,) * 2)
    for each in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(each, signal.SIG_DFL)  # which ends the process
    for entry, module in zip(entries, modules, strict=True):
        classifier = getattr(module, entry["class"].rpartition(".")[2])
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.setitimer(signal.ITIMER_REAL, WAITING_SECONDS)
        reason = classifiers.trial(classifier, entry["reference"])
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.write(answers, json.dumps(reason[:MAX_REASON]).encode() + b"\n")


if __name__ == "__main__":
    main()

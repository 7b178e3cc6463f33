"""What every script of the workflow does before and after its work."""

import gc
import json
import logging
import os
import platform
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from backprop.errors import BackpropError, one_message
from backprop.files import canonical_json, digest, digest_of_value
from backprop.typing import Json
from backprop.workflow.progress import Progress
from backprop.workflow.records.job_records import digests, write_record

SNAKEMAKE = "BACKPROP_SNAKEMAKE"  # the environment variable with the process that runs the jobs
EDITED = "an input was edited after the run began; run it again"
PYTHON = ".".join(platform.python_version_tuple()[:2])  # the version that counts in a plan


@contextmanager
def job(snakemake: Json) -> Iterator[dict[str, object]]:
    """Give a script its parameters, send its output to its log, and record what it makes.

    An error that the user can correct is shown as one message.

    Only the progress of a long training goes to the terminal.

    If Snakemake is killed, the script ends, too. Otherwise it could replace results of the next
    run.

    Parameters
    ----------
    snakemake : object
        The object of that name in a script: its `log`, its `wildcards`, and `params.job` in JSON.
    """
    terminal = os.dup(sys.stderr.fileno())
    with open(snakemake.log[0], "w") as log:
        # The file descriptors, so that the output of libraries written in C goes there, too.
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    threading.Thread(target=_end_with_snakemake, daemon=True).start()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger().addHandler(Progress(_title(snakemake), terminal, snakemake.log[0]))
    logging.captureWarnings(True)
    with one_message(OSError):
        inputs, parameters = digests(snakemake.input), json.loads(snakemake.params.job)
        files = digests(parameters.get("files", []))
        # Otherwise, if the edit is undone, the results would pass for results of the first content.
        if not set(parameters.get("content", [])) <= set(files.values()):
            raise BackpropError(EDITED)
        _check_versions(parameters.get("versions", {}))
        yield parameters
        write_record(snakemake, inputs, files)
    gc.freeze()  # else Python looks through all objects at its end, which can take half a second


def _check_versions(planned: Mapping[str, str]) -> None:
    """Refuse other versions than the plan's, as in an image with another lock.

    A job on another machine makes its own plan, so its results belong to another workflow.
    """
    here = {"python": PYTHON}
    for package in planned.keys() - here.keys():
        with suppress(PackageNotFoundError):
            here[package] = version(package)
    others = [
        f"{name} {here.get(name, 'none')} (run: {planned[name]})"
        for name in sorted(planned)
        if here.get(name) != planned[name]
    ]
    if others:
        raise BackpropError(
            "this job has other versions than the run that it is of: "
            f"{', '.join(others)}; give both one environment, see docs/image.md"
        )


def _title(snakemake: Any) -> str:
    """Return what a job trains: its wildcards, and the rule if no model is among them."""
    of_model = "model" in dict(snakemake.wildcards.items())
    what = [] if of_model else [snakemake.rule.removeprefix("train_")]
    return " ".join([*snakemake.wildcards, *what])


def _end_with_snakemake() -> None:
    with suppress(OSError):  # the process has ended
        while True:
            os.kill(int(os.environ[SNAKEMAKE]), 0)
            time.sleep(0.2)
    os._exit(1)


def basis(parameters: Mapping[str, Json], data: Iterable[str]) -> str:
    """Return what every fit of a training job depends on, for the fingerprints.

    Parameters
    ----------
    parameters : mapping
        The parameters of the job, of which ``computes`` and ``needs`` count. Each fit adds its
        own configuration and split.
    data : iterable of str
        The files of the data set.
    """
    files = [_digest_without_remarks(Path(file)) for file in data]
    values = {"computes": parameters["computes"], **parameters["needs"], "data": files}
    return canonical_json(values)


def _digest_without_remarks(file: Path) -> str:
    """Return the digest of a file of a data set, but not of its remarks: they decide no number."""
    if file.suffix != ".json":
        return digest(file)
    columns = json.loads(file.read_text(encoding="utf-8"))
    return digest_of_value({key: columns[key] for key in columns.keys() - {"remarks"}})

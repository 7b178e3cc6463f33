"""What every script of the workflow does around its work."""

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from backprop.errors import BackpropError
from backprop.files import digest
from backprop.study.configurations import canonical

SNAKEMAKE = "BACKPROP_SNAKEMAKE"  # the variable with the process that runs the jobs


@contextmanager
def job(snakemake: Any) -> Iterator[dict[str, Any]]:
    """Give a script its parameters; send all that it says to its log, its errors as one message.

    If the Snakemake that runs the script is killed, the script ends too, and cannot put its results
    in the place of those of the next run.

    Parameters
    ----------
    snakemake : object
        What Snakemake calls by that name in a script: its `log`, and `params.job` in JSON.
    """
    with open(snakemake.log[0], "w") as log:
        # The files behind them, so that what a library written in C says goes there as well.
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    threading.Thread(target=_end_with_snakemake, daemon=True).start()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.captureWarnings(True)
    try:
        yield json.loads(snakemake.params.job)
    except (BackpropError, OSError) as error:
        sys.exit(f"error: {error}")


def _end_with_snakemake() -> None:
    with suppress(OSError):  # there is no such process any more
        while True:
            os.kill(int(os.environ[SNAKEMAKE]), 0)
            time.sleep(0.2)
    os._exit(1)


def basis(parameters: Mapping[str, Any], data: str, code: Sequence[str]) -> str:
    """Return what all fits of a training job depend on, for their fingerprints.

    Parameters
    ----------
    parameters : mapping
        Those of the job; each fit has its own of the `configurations`.
    data : str
        The file of the data set.
    code : sequence of str
        The files that the job runs. Their order, and where they are, do not matter.
    """
    values = {key: value for key, value in parameters.items() if key != "configurations"}
    return canonical(
        {**values, "data": digest(Path(data)), "code": sorted(digest(Path(f)) for f in code)}
    )

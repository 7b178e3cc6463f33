"""Snakemake for `make verify`, in a process of its own: `remaking` starts it.

Its first argument is a JSON file with the config of an archive, which its results show: the config
that they are made by has no source of data in it.
"""

import json
import resource
import runpy
import sys
from contextlib import suppress
from pathlib import Path

from backprop.workflow import plan

MAX_MEMORY = 4_000_000_000  # bytes: a file of 8 kB can announce little, and decode to gigabytes


def limit_memory(limit: int = MAX_MEMORY) -> None:
    """Let this process, and those that it starts, have no more memory than this."""
    with suppress(ValueError, OSError):  # the system has no such limit
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        is_lower = hard != resource.RLIM_INFINITY and hard < limit
        resource.setrlimit(resource.RLIMIT_DATA, (hard if is_lower else limit, hard))


def lift_limit() -> None:
    """Lift the limit, in a process that reads only what another one has checked and written."""
    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


if __name__ == "__main__":
    lift_limit()
    config = json.loads(Path(sys.argv.pop(1)).read_bytes())
    vars(plan)["shown"] = lambda _: config
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)

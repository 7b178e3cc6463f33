"""Snakemake for `make verify`, in a process of its own: `remaking` starts it.

Its first argument is a JSON file with the config of an archive, which its results show: the config
that they are made by has no source of data in it.
"""

import json
import runpy
import sys
from pathlib import Path

from backprop.workflow import plan
from backprop.workflow.archive.limits import limit_memory

if __name__ == "__main__":
    limit_memory(-1)  # what is read here has been checked, and written again
    config = json.loads(Path(sys.argv.pop(1)).read_bytes())
    vars(plan)["shown"] = lambda _: config
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)

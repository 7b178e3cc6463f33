"""Check the config files of the command line: Snakemake reads them first, and runs code in them.

The profiles run this in the folder of the workflow, when Snakemake reads its options.
"""

import argparse
import sys
from pathlib import Path

options = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
options.add_argument("--configfile", "--configfiles", nargs="+", action="extend", default=[])
try:
    files = options.parse_known_args()[0].configfile
except argparse.ArgumentError:  # which Snakemake names
    files = []

if files:
    before, writes_none = set(sys.modules), sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # on a full disk, Python would leave half a file
    sys.path.insert(0, "src")
    from backprop.errors import BackpropError
    from backprop.workflow.config_check.reading import read_yaml

    try:
        for file in files:
            read_yaml(Path(file), file)
    except BackpropError as error:
        sys.exit(f"error: {error}")
    finally:  # the Snakefile says which copy of the library is used
        sys.dont_write_bytecode = writes_none
        sys.path.remove("src")
        for name in set(sys.modules) - before:
            if name.split(".")[0] == "backprop":
                del sys.modules[name]

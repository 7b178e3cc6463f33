"""Print the environment of `--sdm conda`, workflow/envs/backprop.yaml: the versions of the lock."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = ("tensorflow", "excel")
TEXT = """\
# All that the workflow imports besides Snakemake, for `--sdm conda`. `make lock` writes it: these
# are the files, and so the results, of `backprop run`. Snakemake adds its own version of Python.
channels:
  - conda-forge
  - nodefaults
dependencies:
  - pip
  - pip:
"""


def environment() -> str:
    """Return the content of the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *(each for name in EXTRAS for each in extras[name])]
    names = {re.split(r"[^\w.-]", requirement)[0] for requirement in needed} - {"snakemake"}
    locks = "".join(
        (ROOT / f"requirements/{extra}.txt").read_text() for extra in ("tensorflow", "excel")
    )
    pins = sorted(
        {
            line.removesuffix("\\").strip()
            for line in locks.splitlines()
            if line.partition("==")[0] in names
        }
    )
    return TEXT + "".join(f'      - "{pin}"\n' for pin in pins)


if __name__ == "__main__":
    print(environment(), end="")

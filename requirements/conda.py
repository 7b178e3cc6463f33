"""Write what conda users need: an environment with the versions of the lock, and a recipe.

The environment is of `--sdm conda`, the recipe of a package with what pyproject.toml names.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = ("tensorflow", "excel")
OTHER_NAMES = {  # in conda: packages without a toolkit for windows, or without plugins
    "matplotlib": "matplotlib-base",
    "seaborn": "seaborn-base",
    "snakemake": "snakemake-minimal",
}
ENVIRONMENT = """\
# All that the workflow imports besides Snakemake, for `--sdm conda`. `make lock` writes it: these
# are the files, and so the results, of `backprop run`. Snakemake adds its own version of Python.
channels:
  - conda-forge
  - nodefaults
dependencies:
  - pip
  - pip:
{pins}
"""
RECIPE = """\
# A package of conda with the command `backprop`. `make lock` writes it from pyproject.toml.
# rattler-build build --recipe conda/recipe.yaml --channel conda-forge --channel bioconda
schema_version: 1

package:
  name: {name}
  version: "{version}"

source:
  path: ..

build:
  noarch: python
  script: python -m pip install . --no-deps --no-build-isolation
  python:
    entry_points:
{commands}

requirements:
  host:
    - pip
    - python {python}
{host}
  run:
    - python {python}
{run}

tests:
  - python:
      imports:
        - backprop
  - script:
      - backprop --version
      - backprop run --quick

about:
  summary: {description}
  license: {license}
  license_file: LICENSE
"""


def parts(requirement: str) -> tuple[str, str]:
    """Return the name and the versions of a requirement."""
    name = re.split(r"[^\w.-]", requirement)[0]
    return name, requirement.removeprefix(name)


def environment() -> str:
    """Return the content of the environment."""
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *(each for name in EXTRAS for each in extras[name])]
    names = {parts(requirement)[0] for requirement in needed} - {"snakemake"}
    locks = "".join((ROOT / f"requirements/{extra}.txt").read_text() for extra in EXTRAS)
    pins = {
        line.removesuffix("\\").strip()
        for line in locks.splitlines()
        if line.partition("==")[0] in names
    }
    return ENVIRONMENT.format(pins=items(*sorted(f'"{pin}"' for pin in pins)))


def recipe() -> str:
    """Return the content of the recipe."""
    project = PROJECT["project"]
    library = (ROOT / "src/backprop/__init__.py").read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.*)"$', library, re.MULTILINE)
    assert version
    return RECIPE.format(
        **{key: project[key] for key in ("name", "description", "license")},
        version=version[1],
        python=project["requires-python"],
        commands=items(*(f"{name} = {place}" for name, place in project["scripts"].items())),
        host=items(*of_conda(PROJECT["build-system"]["requires"]), indent=4),
        run=items(*of_conda(project["dependencies"]), indent=4),
    )


def of_conda(requirements: list[str]) -> list[str]:
    """Return requirements as conda has them."""
    named = map(parts, requirements)
    return [f"{OTHER_NAMES.get(name, name)} {versions}" for name, versions in named]


def items(*lines: str, indent: int = 6) -> str:
    """Return lines as the items of a list."""
    return "\n".join(f"{' ' * indent}- {line}" for line in lines)


if __name__ == "__main__":
    for file, text in (
        ("workflow/envs/backprop.yaml", environment()),
        ("conda/recipe.yaml", recipe()),
    ):
        (ROOT / file).write_text(text, encoding="utf-8")

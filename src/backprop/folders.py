"""Where the workflow and the library are: in the repository, or installed from a wheel.

A wheel has the files of the workflow in the folder `backprop_study` beside the library: `setup.py`.
"""

from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[1]  # the folder that this library is imported from
REPOSITORY = PACKAGES.parent
ROOT = REPOSITORY if (REPOSITORY / "Snakefile").exists() else PACKAGES / "backprop_study"
"""The folder of the workflow that this library belongs to."""


def packages_of(root: Path) -> Path:
    """Return the folder that the library of a workflow is imported from."""
    src = root / "src"
    return src if src.is_dir() else root.parent

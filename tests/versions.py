"""Run the small workflow in two environments, compare their tables, and install the library there.

Usage: ``python tests/versions.py OTHER [--thorough]``, with the Python of another environment. The
tables may differ by `BAR`: no configuration of this workflow trains chaotically, which is checked.
In one environment they are equal to the byte, see tests/runs. The wheel is installed by pip into an
empty environment of the other Python, and the source distribution into one of this Python; with
``--thorough``, each is installed into one of each Python.
"""

import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / folder) for folder in ("src", "tests/runs", "tests/setup")]

from project import Project  # noqa: E402
from rerun_cases import WITH_ALL  # noqa: E402
from test_install import AFTER, CODE, SHOWN, build_sdist, build_wheel  # noqa: E402

BAR = 1e-10


def differences(one: Path, other: Path) -> list[str]:
    """Say in which columns two tables differ by more than `BAR`."""
    left, right = pd.read_csv(one), pd.read_csv(other)
    if list(left) != list(right) or len(left) != len(right):
        return [f"{one.name}: other columns or rows"]
    faults = []
    for name in left:
        if pd.api.types.is_float_dtype(left[name]) and pd.api.types.is_float_dtype(right[name]):
            same = np.allclose(left[name], right[name], rtol=BAR, atol=BAR, equal_nan=True)
        else:
            same = left[name].equals(right[name])
        if not same:
            faults.append(f"{one.name}: {name}")
    return faults


def describe(python: str) -> str:
    """Return the versions of Python and NumPy."""
    code = "import numpy, platform; print(platform.python_version(), 'NumPy', numpy.__version__)"
    command = [python, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def compare(pythons: list[str], folder: Path) -> None:
    """Compare the tables of the workflow in two environments."""
    tables = []
    for number, python in enumerate(pythons):
        print(f"running with Python {describe(python)}", flush=True)
        project = Project(folder / str(number), WITH_ALL)
        project.python, project.is_warm = python, False
        project.run("results/ex4/provenance.html")
        files = sorted((project.folder / "results/ex4/tables").glob("*.csv"))
        tables.append({file.name: file for file in files if file.name != "timings.csv"})
    here, there = tables
    for files in tables:
        assert set(pd.read_csv(files["parity.csv"])["state"]) == {"agrees"}, "it is chaotic"
    assert here, "no tables"
    assert here.keys() == there.keys(), here.keys() ^ there.keys()
    faults = [fault for name in here for fault in differences(here[name], there[name])]
    if faults:
        sys.exit("\n".join(["the tables differ:", *faults]))
    print(f"{len(here)} tables are equal to {BAR:g}", flush=True)


def install(file: Path, python: str, folder: Path) -> None:
    """Install a distribution into a new environment, and use it there."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    new = folder / "bin/python"
    subprocess.run([new, "-m", "pip", "install", "--quiet", file], check=True)
    run = subprocess.run(
        [new, "-c", CODE + AFTER], cwd=folder, capture_output=True, text=True, check=False
    )
    if not run.stdout.startswith(f"{SHOWN}{folder}/"):
        sys.exit(f"{file.name} does not work in Python {describe(str(new))}:\n{run.stderr}")
    print(f"{file.name} works in Python {describe(str(new))}", flush=True)


def main(other: str, *options: str) -> None:
    """Compare this environment with another one, and install the library in both Pythons."""
    pythons = [sys.executable, other]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compare(pythons, folder)
        sdist = build_sdist(folder / "project", folder / "sdist")
        files = [sdist, build_wheel(sdist, folder / "wheel")]
        every = product(files, pythons)
        pairs = every if "--thorough" in options else zip(files, pythons, strict=True)
        for number, (file, python) in enumerate(pairs):
            install(file, python, folder / f"environment-{number}")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).absolute()), *sys.argv[2:])

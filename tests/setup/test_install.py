"""The library is installed with pip, and works away from the repository."""

import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from project import ROOT

PACKAGES = Path(sysconfig.get_path("purelib"))
USE = """
import sys
import numpy as np
import backprop
from backprop import BackpropClassifier, TensorFlowClassifier
corners = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 50, axis=0)
X = np.random.default_rng(1).normal(corners, 0.15)
y = np.where(corners[:, 0] == corners[:, 1], "equal", "different")
network = BackpropClassifier(loss="cross_entropy", learning_rate_init=0.3, random_state=1)
print(network.fit(X, y).score(X, y) > 0.95, backprop.__file__)
try:
    TensorFlowClassifier().fit(X, y)
except ModuleNotFoundError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that `pip install .` builds; its requirements are not fetched."""
    project, wheels = (tmp_path_factory.mktemp(name) for name in ("project", "wheels"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / file, project)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", project / "src", ignore=ignored)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    pip("wheel", *options, "--wheel-dir", wheels, project)
    (file,) = wheels.iterdir()
    return file


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def needed(requirements):
    """Return the distributions that requirements without extras need, here, with theirs."""
    names = set()
    todo = [Requirement(line) for line in requirements]
    while todo:
        requirement = todo.pop()
        marker = requirement.marker
        if requirement.name not in names and (marker is None or marker.evaluate({"extra": ""})):
            names.add(requirement.name)
            todo += map(Requirement, distribution(requirement.name).requires or [])
    return names


def test_the_wheel_has_every_module_and_template(wheel):
    kinds = ("**/*.py", "report/templates/*", "report/live/*.js", "report/live/*.css")
    files = [file for kind in kinds for file in (ROOT / "src/backprop").glob(kind)]
    expected = {str(file.relative_to(ROOT / "src")) for file in files}
    with ZipFile(wheel) as archive:
        assert {name for name in archive.namelist() if ".dist-info/" not in name} == expected


def test_an_installed_library_works_with_its_requirements_only(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv/bin/python"
    pip("--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (metadata,) = packages.glob("backprop-*.dist-info/METADATA")
    lines = metadata.read_text(encoding="utf-8").splitlines()
    names = needed(
        line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist")
    )
    assert names >= {"numpy", "scikit-learn"}
    assert not names & {"tensorflow", "snakemake", "pyarrow", "matplotlib"}
    for name in names:
        for top in {file.parts[0] for file in distribution(name).files} - {"..", "__pycache__"}:
            (packages / top).symlink_to(PACKAGES / top)
    run = subprocess.run(
        [python, "-c", USE], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    assert run.stdout == (f"True {packages}/backprop/__init__.py\nNo module named 'tensorflow'\n")

"""The library is installed with pip, and works away from the repository."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import processes
import pytest
import yaml
from packaging.requirements import Requirement
from project import ROOT, SMALL

import backprop

PACKAGES = Path(sysconfig.get_path("purelib"))
PAGE = (ROOT / "docs/package.md").read_text(encoding="utf-8")
CODE, SHOWN = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL).groups()
AFTER = """
import backprop
print(backprop.__file__)
"""


MADE = (
    ".venv*", ".git", ".snakemake", "__pycache__", "*.egg-info", "build", ".*_cache", "history",
    "results", "node_modules", ".hypothesis", "*.parquet",
)  # fmt: skip
BUILD = "import setuptools.build_meta as b, sys; b.build_sdist(sys.argv[1])"


def made(folder, names):
    """Return what no one wrote in a folder of the repository."""
    of_runs = {"gallery", "site"} if Path(folder) == ROOT else set()  # docs/gallery has pictures
    return of_runs | shutil.ignore_patterns(*MADE)(folder, names)


def build_sdist(project, folder):
    """Copy the repository to a new folder, and return the source distribution that it gives."""
    shutil.copytree(ROOT, project, symlinks=True, ignore=made)
    command = [sys.executable, "-c", BUILD, folder]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


def build_wheel(source, folder):
    """Return the wheel of a folder or a source distribution; nothing is fetched."""
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    pip("wheel", *options, "--wheel-dir", folder, source)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """The source distribution, and the folder that it was built in, which has no results."""
    project, folder = (tmp_path_factory.mktemp(name) / "new" for name in ("project", "sdist"))
    return build_sdist(project, folder), project


@pytest.fixture(scope="module")
def wheels(sdist, tmp_path_factory):
    """The wheels of the folder and of the source distribution."""
    return [build_wheel(source, tmp_path_factory.mktemp("wheel")) for source in reversed(sdist)]


@pytest.fixture
def wheel(wheels):
    return wheels[0]


def content(wheel):
    """Return the files of a wheel, but the list of them."""
    with ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/RECORD")]
        return {name: archive.read(name) for name in names}


def test_the_source_distribution_has_every_file_of_the_repository(sdist):
    file, project = sdist
    version = backprop.__version__
    assert file.name == f"backprop_study-{version}.tar.gz"
    with tarfile.open(file) as archive:
        files = {each.name.partition("/")[2]: each for each in archive if not each.isdir()}
        config = archive.extractfile(files["config/config.yaml"]).read()
    names = {name for name in files if ".egg-info/" not in name}
    assert names - {"PKG-INFO", "setup.cfg"} == relative_files(project)
    assert {"Snakefile", "Makefile", "backprop", "workflow/rules/train.smk"} <= names
    assert config == (ROOT / "config.yaml").read_bytes()


def relative_files(folder):
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if not file.is_dir()}
    return {file for file in files if ".egg-info/" not in file}


def test_the_wheels_of_the_repository_and_of_the_source_distribution_are_equal(wheels):
    of_repository, of_sdist = map(content, wheels)
    assert of_repository == of_sdist


def test_the_version_has_one_place_and_the_citation_follows_it(wheel):
    version = backprop.__version__
    assert wheel.name == f"backprop_study-{version}-py3-none-any.whl"
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    titles = re.findall("^## (.*)$", changes, re.MULTILINE)
    is_released = titles[0] != "Unreleased"
    assert titles[not is_released] == f"{citation['version']} - {citation['date-released']}"
    assert (citation["version"] == version) == is_released
    assert version.endswith(".dev0") != is_released
    metadata = content(wheel)[f"backprop_study-{version}.dist-info/METADATA"].decode()
    assert f"\nVersion: {version}\n" in metadata


def test_the_description_has_no_link_that_an_index_page_lacks(wheel):
    (metadata,) = (text for name, text in content(wheel).items() if name.endswith("/METADATA"))
    description = metadata.decode().partition("\n\n")[2]
    assert description.startswith("# backprop-study")
    targets = re.findall(r"\]\(([^)]*)\)|(?:src|href)=", description)
    assert [target for target in targets if "://" not in target] == []


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


def test_the_wheel_has_every_module_and_template_the_plugins_and_the_workflow(wheel):
    kinds = ("**/*.py", "*/py.typed", "**/*.jinja", "**/templates/*", "**/*.html")
    files = [file for kind in kinds for file in (ROOT / "src").glob(kind)]
    expected = {str(file.relative_to(ROOT / "src")) for file in files}
    folders = ("config", "profiles", "resources", "workflow")
    own = [file for name in folders for file in (ROOT / name).rglob("*") if file.is_file()]
    own += [ROOT / name for name in ("Snakefile", "config.yaml", "pyproject.toml")]
    own = [file for file in own if file.suffix != ".pyc"]
    expected |= {f"backprop_study/{file.relative_to(ROOT)}" for file in own}
    with ZipFile(wheel) as archive:
        assert {name for name in archive.namelist() if ".dist-info/" not in name} == expected


@pytest.fixture(scope="module")
def installed(wheels, tmp_path_factory):
    """The folder of an environment with the wheel and what it needs, without TensorFlow."""
    venv = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip("--python", venv / "bin/python", "install", "--no-deps", "--no-index", "-q", wheels[0])
    (packages,) = venv.glob("lib/python*/site-packages")
    (metadata,) = packages.glob("backprop_study-*.dist-info/METADATA")
    lines = metadata.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line.startswith("Requires-Dist")]
    names = needed(line.removeprefix("Requires-Dist: ") for line in lines)
    assert names >= {"click", "numpy", "scikit-learn", "snakemake"}
    assert not names & {"tensorflow", "openpyxl", "pytest"}
    for name in names:
        for top in {file.parts[0] for file in distribution(name).files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(PACKAGES / top)
    return venv


def test_an_installed_library_works_with_its_requirements_only(installed, tmp_path):
    (packages,) = installed.glob("lib/python*/site-packages")
    command = [installed / "bin/python", "-c", CODE + AFTER]
    run = processes.run(command, cwd=tmp_path, env={}, check=False)
    assert run.stderr == ""
    assert run.stdout == f"{SHOWN}{packages}/backprop/__init__.py\n"


class Installed:
    """The command of a wheel, in an empty folder with a blank and an umlaut in its name."""

    def __init__(self, venv, folder):
        self.program, self.folder = venv / "bin/backprop", folder
        folder.mkdir()
        for name in ("statistics", "random"):  # files that a user may have, and packages import
            (folder / f"{name}.py").write_text("raise SystemExit('imported')")

    def __call__(self, *words, code=0):
        """Run a command to its end, and return what it printed."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        how = {"cwd": self.folder, "env": clean, "text": True, "check": False}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        ended = subprocess.run([self.program, *words], **how, **pipes)
        assert ended.returncode == code, ended.stdout
        return ended.stdout


@pytest.fixture
def backprop_in(installed, tmp_path):
    return Installed(installed, tmp_path / "Bäume neu")


def test_an_installed_command_plans_the_bundled_data_and_names_what_is_missing(backprop_in):
    planned = backprop_in("run", "--quick", "--", "-n")
    assert planned.startswith("note: TensorFlow is not installed")
    assert "train_networks_1" in planned
    assert "Traceback" not in planned
    folder = backprop_in.folder
    (folder / "mine.yaml").write_text(BUNDLED.replace("- scratch", "- tensorflow"))
    openpyxl.Workbook().save(folder / "trees.xlsx")
    python = backprop_in.program.with_name("python")
    for words, package in (
        (["run", "mine.yaml"], "tensorflow>=2.20"),
        (["config", "trees.xlsx", "--label", "y"], "openpyxl>=3.1.5"),
    ):
        *_, error, line = backprop_in(*words, code=1).splitlines()
        assert error.startswith("error: ")
        start = [str(python), "-m", "pip", "install"]
        assert shlex.split(line)[:4] == start
        assert package in shlex.split(line)
    shown = "No such option '--labl'. Did you mean '--label'?"
    assert shown in backprop_in("run", "--labl", "y", code=2)
    assert "No such file or directory" in backprop_in("run", "none.csv", "--label", "y", code=1)
    assert "`backprop run` writes it" in backprop_in("open", code=1)


BUNDLED = yaml.safe_dump(SMALL | {"datasets": {"ex4": {"source": "bundled"}}, "vary": {}})


@pytest.mark.thorough
def test_an_installed_command_does_all_that_a_clone_does(backprop_in):
    folder = backprop_in.folder
    (folder / "small.yaml").write_text(BUNDLED)
    assert f"The report: {folder}/results/report.html\n" in backprop_in("run", "small.yaml")
    (folder / "new.csv").write_text("exam_1,exam_2\n40,60\n")
    backprop_in("predict", "new.csv", "--model", "logistic")
    assert (folder / "new-predictions.csv").exists()
    backprop_in("archive", "--output", "run.zip")
    assert "0 differences" in backprop_in("verify", "run.zip")
    shutil.copy(ROOT / "resources/ex4.csv", folder / "pupils.csv")
    assert "The report: " in backprop_in("run", "pupils.csv", "--label", "admitted", "--quick")
    assert "results/ex4" in backprop_in("folds", "small.yaml", "--folder", "other")
    backprop_in("clean")
    assert not list((folder / "results").rglob("*.csv"))

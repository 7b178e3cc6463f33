"""The set-up works in any folder, goes on after an interruption, and fetches what is needed."""

import csv
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import venv

import openpyxl
import pytest
from project import ROOT, SMALL
from stand_in import StandIn

from backprop.data.canonical_form import canonical
from backprop.data.sources import obtain
from backprop.workflow.archive.form import zipped

CONFIG = {**SMALL, "models": ["logistic"], "vary": {}}
WORKS = ".venv/bin/python -m pip --version; .venv/bin/snakemake --version"
HOSTILE = 'it\'s 100% "my" $HOME `id` #1; a\\b {c} & Übung 数据'


@pytest.fixture(scope="session")
def ready(tmp_path_factory, wheels):
    """A project in a folder with a hostile name that make has set up and run.

    It had an environment without pip. Its first jobs are of new Pythons, as is all that it does
    later.
    """
    project = StandIn(tmp_path_factory.mktemp("ready") / HOSTILE, wheels, CONFIG)
    venv.create(project.folder / ".venv")
    project.write(".venv/run", "")
    project.backprop("folds", "--cores=2")
    project.warm_up()
    project.first_output = project.backprop("run", "--cores=2")
    project.cool_down()
    return project


@pytest.fixture
def fresh(tmp_path, wheels):
    """A project that is not set up."""
    return StandIn(tmp_path / "project", wheels, CONFIG)


def moved(project, folder, *, is_warm=False):
    """Move a copy of a project, so that the path that its environment was made in is gone."""
    shutil.copytree(project.folder, folder.with_name("before"), symlinks=True)
    folder.with_name("before").rename(folder)
    copy = StandIn(folder, project.wheels)
    if is_warm:
        copy.warm_up()
    return copy


# Folders


def test_make_run_works_in_a_folder_with_a_hostile_name(ready):
    report = ready.folder / "results/report.html"
    assert "<html" in report.read_text(encoding="utf-8")
    assert ready.first_output.endswith(f"The report: {report}\n")


def test_an_error_of_the_report_and_a_config_that_cannot_be_read_are_shown(ready, tmp_path):
    project = moved(ready, tmp_path / "project", is_warm=True)
    report = project.folder / "results/report.html"
    report.unlink()
    report.mkdir()
    output = project.make("run", succeeds=False)
    assert "Is a directory" in output
    assert "The report:" not in output
    project.write("config.yaml", "models: [logistic\n")
    output = project.make("run", succeeds=False)
    assert output.count("error: config.yaml: line 2") == 1  # not of the set-up, too
    assert "Traceback" not in output


def test_a_second_make_sets_nothing_up_and_runs_nothing_in_any_locale(ready):
    ready.variables = dict(NOT_UTF_8)  # and the folder is not in ASCII
    output = ready.make("run")
    ready.variables = {}
    assert "Set up" not in output
    assert "Nothing to be done" in output
    assert "report.html" in output


def test_a_moved_folder_works_at_once_and_make_needs_no_packages(ready, tmp_path):
    project = moved(ready, tmp_path / "moved it's")
    assert "Nothing to be done" in project.shell(".venv/bin/snakemake --dry-run")
    project.variables["PIP_FIND_LINKS"] = ""
    project.make(".venv/run")
    assert project.make(".venv/run") == "make: '.venv/run' is up to date.\n"
    output = project.shell(". .venv/bin/activate; command -v snakemake")
    assert output == f"{project.folder}/.venv/bin/snakemake\n"


def test_a_copy_never_uses_the_environment_of_the_original(ready, tmp_path):
    project = StandIn(tmp_path / "copy", ready.wheels)
    shutil.copytree(ready.folder, project.folder, symlinks=True)
    code = "import backprop, sys; print(sys.prefix, backprop.__file__, sep='\\n')"
    place = f"{project.folder}/.venv\n{project.folder}/src/backprop/__init__.py\n"
    assert project.shell(f'.venv/bin/python -c "{code}"') == place
    project.make(".venv/run")
    assert project.shell(f'. .venv/bin/activate; python -c "{code}"') == place


@pytest.mark.parametrize("name", ["a:b", os.fsdecode(b"caf\xe9")], ids=["a colon", "not UTF-8"])
def test_make_refuses_a_folder_that_cannot_have_an_environment(tmp_path, wheels, name):
    project = StandIn(tmp_path / name, wheels, CONFIG)
    error, *rest = project.make("run", succeeds=False).splitlines()
    assert error == (
        f"error: there can be no environment of Python in the folder {str(project.folder)!a}; "
        "rename it: its path may have all characters but colons, in UTF-8"
    )
    assert len(rest) == 1
    assert rest[0].startswith("make: ***")
    assert not (project.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("name", "character"), [("a:b", ":"), (os.fsdecode(b"caf\xe9"), "\udce9")], ids=ascii
)
def test_snakemake_refuses_a_folder_in_which_no_job_could_run(tmp_path, wheels, name, character):
    project = StandIn(tmp_path / name, wheels, CONFIG)
    project.python = sys.executable
    output = project.run("--workflow-profile", "none", succeeds=False).output
    assert output == (
        f"error: the path of the folder {str(project.folder)!a} has {character!a}, and Snakemake "
        "cannot run jobs there; rename it\n"
    )


NOT_UTF_8 = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


# Half a set-up, and none


def test_a_set_up_goes_on_after_an_error_and_ctrl_c_and_shows_progress_on_a_terminal_only(fresh):
    with socket.create_server(("127.0.0.1", 0)) as index:  # it answers nothing
        url = f"http://127.0.0.1:{index.getsockname()[1]}/"
        fresh.variables = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": url, "PIP_FIND_LINKS": ""}
        command = ["make", f"PYTHON={sys.executable}", ".venv/run"]
        with subprocess.Popen(
            command,
            cwd=fresh.folder,
            env=fresh.environment(),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # if it is ignored
        ) as process:
            index.settimeout(60)
            connection, _ = index.accept()
            with connection:
                os.killpg(process.pid, signal.SIGINT)
                assert process.wait(60) != 0
    assert not (fresh.folder / ".venv/run").exists()

    fresh.variables["PIP_RETRIES"] = "0"  # and the index has gone
    output = fresh.make("run", succeeds=False)
    assert "error: the set-up of .venv failed, see above; it needs a network" in output
    assert "Traceback" not in output

    fresh.variables = {}
    in_a_log = fresh.make(".venv/run")
    assert in_a_log.startswith("Set up .venv with everything but TensorFlow: fetches up to ")
    assert "linked" not in in_a_log
    fresh.shell(".venv/bin/snakemake --dry-run")

    (fresh.folder / ".venv/run").unlink()
    shown, terminal = pty.openpty()
    subprocess.run(command, cwd=fresh.folder, env=fresh.environment(), stdout=terminal, check=True)
    os.close(terminal)
    assert b"linked==1.0" in os.read(shown, 100_000)
    os.close(shown)


@pytest.mark.thorough  # above, and here of one that was complete
@pytest.mark.parametrize("part", ["lib/python3*/site-packages/pip", "bin/python"])
def test_a_broken_environment_is_made_again(ready, tmp_path, part):
    project = moved(ready, tmp_path / "project")
    (broken,) = (project.folder / ".venv").glob(part)
    broken.rename(project.folder / "removed")
    (project.folder / ".venv/place").unlink(missing_ok=True)
    project.make(".venv/run")
    project.shell(WORKS)


def test_a_dry_make_changes_nothing(fresh):
    before = sorted(fresh.folder.rglob("*"))
    output = fresh.make("--dry-run", "run")
    assert output.endswith("./backprop run\n")
    assert not re.search("^(?!.*echo).*(error|not found)", output, re.MULTILINE)
    assert sorted(fresh.folder.rglob("*")) == before


def python_that(folder, statement):
    """Write a Python that first runs a statement, and return its path."""
    file = folder / "python"
    code = f"import sys; {statement}; exec(open(sys.argv[1]).read())"
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$@"\n')
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("statement", "message"),
    {
        "sys.version_info = (3, 10, 12)": "error: Python 3.11 to 3.13 is needed, found 3.10.12; ",
        "sys.version_info = (3, 14, 0)": "error: Python 3.11 to 3.13 is needed, found 3.14.0; ",
        "sys.modules['ensurepip'] = None": " lacks the module ensurepip, which makes environments",
    }.items(),
)
def test_a_python_that_cannot_be_used_is_refused_before_the_set_up(fresh, statement, message):
    python = python_that(fresh.folder, statement)
    output = fresh.make(f"PYTHON={python}", "run", succeeds=False)
    assert message in output.splitlines()[0]
    assert "PYTHON=" in output.splitlines()[0]
    assert not (fresh.folder / ".venv").exists()


def test_a_missing_python_is_refused_with_what_to_do(fresh):
    output = fresh.make("PYTHON=python3.99", "run", succeeds=False)
    assert output.splitlines()[0] == (
        "error: found no python3.99; install Python 3.11 to 3.13, or choose one with PYTHON="
    )


# What is fetched


def test_tensorflow_and_what_reads_excel_are_installed_when_the_config_needs_them(ready, tmp_path):
    project = moved(ready, tmp_path / "project")
    workbook = openpyxl.Workbook()
    header, *rows = csv.reader((ROOT / "resources/ex4.csv").read_text().splitlines())
    for row in (header, *(map(float, row) for row in rows)):
        workbook.active.append([*row])
    workbook.save(project.folder / "pupils.xlsx")
    entry = {"source": "pupils.xlsx", "label": "admitted"}
    project.configure({**CONFIG, "datasets": {"pupils": entry}})
    refused = project.run("--workflow-profile", "none", succeeds=False)
    assert refused.output == (
        "error: pupils.xlsx: found an Excel workbook, which needs the package openpyxl, and it is "
        "not installed; save the sheet as CSV (UTF-8), or install it by this line:\n"
        f"{project.folder}/.venv/bin/python -m pip install "
        f"-r {project.folder}/requirements/excel.txt\n"
    )
    assert not refused.jobs
    project.put("models", ["logistic", "tensorflow"])
    project.warm_up()
    output = project.backprop("folds", "--cores=2")
    assert "Set up .venv with TensorFlow: " in output
    assert (project.folder / ".venv/excel").exists()
    assert (project.folder / "results/pupils/data/dataset.csv").read_bytes() == canonical(
        obtain("bundled", file=ROOT / "resources/ex4.csv")
    )
    assert "Set up" not in project.make("--dry-run", "run")


@pytest.mark.parametrize(
    ("config", "locks"),
    [
        (
            "models: [logistic, tensorflow]\ndatasets: {a: {source: 'https://b/c.XLSX?d'}}",
            "excel tensorflow",
        ),
        ("datasets: {a: {source: c.csv.gz}, b: {source: c.xlsx.gz}}", "excel"),
        ("datasets: {a: {source: c, sheet: Trees}}", "excel"),
        ("datasets: {a: {source: c.csv, sheet: null}}", ""),
        ("datasets: {a: {source: c.rds}, b: {source: 'https://b/c.ODS?d', sheet: T}}", "formats"),
        *(
            (f"datasets: {wrong}", "")
            for wrong in ("", "[c.xlsx]", "{a: c.xlsx}", "{a: {source: 1}}")
        ),
    ],
)
def test_only_what_a_config_needs_is_installed(config, locks, tmp_path):
    (tmp_path / "config.yaml").write_text(config)
    assert needed(tmp_path / "config.yaml") == locks.split()


def test_what_the_config_of_an_archive_needs_is_installed(tmp_path):
    config = b"{models: [tensorflow], datasets: {a: {source: c.xlsx}}}"
    (tmp_path / "run.zip").write_bytes(zipped({"config.yaml": config}))
    assert needed(tmp_path / "run.zip") == ["excel", "tensorflow"]


def needed(file):
    command = [sys.executable, ROOT / "requirements/needed.py", "run", file]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.check_output(command, env=environment, text=True).split()


def test_a_command_without_a_file_needs_what_the_config_of_the_folder_names(tmp_path):
    (tmp_path / "config.yaml").write_text("models: [logistic, tensorflow]")
    assert needed(f"--folder={tmp_path}") == ["tensorflow"]


def requirements(name):
    """Return the requirements of a lock, without their hashes."""
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return re.findall(r"^([\w.-]+)==(\S+)(.*) \\$", text, re.MULTILINE)


def test_locks_have_the_same_versions_and_hashes_and_name_no_server():
    everything = set(requirements("dev"))
    for name in ("run", "tensorflow", "excel", "formats", "storage"):
        text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
        assert set(requirements(name)) <= everything
        assert len(re.findall(r"^\S", text, re.MULTILINE)) == len(requirements(name)) > 50
    for file in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in file.read_text(encoding="utf-8")

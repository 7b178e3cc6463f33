"""A copy of the workflow in a directory of its own, to run, edit and damage."""

import atexit
import compileall
import contextlib
import fcntl
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import warm
import yaml
from edits import put

from backprop.workflow.plan.dependencies import Dependencies

SOURCES = ("Snakefile", "workflow", "src", "resources", "profiles", "pyproject.toml")
ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns("*.egg-info", "*.parquet", "results")
# Variables that are read later than at the start of Python: a warm one has them, too.
LATE = re.compile("PYTHONPATH|PATH|XDG_CACHE_HOME|GIT_.*")

SMALL = {
    "seed": 1,
    "datasets": {
        "ex4": {
            "source": "resources/ex4.csv",
            "features": ["exam_1", "exam_2"],
            "label": "admitted",
            "known_answers": "resources/ex4-known-answers.yaml",
        }
    },
    "validation": {"folds": 2, "repeats": 1, "inner_folds": None},
    "training": {"epochs": 3, "patience": None, "tolerance": 1.0e-6},
    "models": ["logistic", "scratch"],
    "reference": {
        "hidden": [3], "activation": "sigmoid", "cost": "squared_error", "learning_rate": 0.1,
        "initialisation": "uniform",
    },
    "vary": {"hidden": [[2]], "learning_rate": [0.3]},
    "comparison": {"rope": 0.01},
    "simulation": {"sets": 0},
    "importance": {"features": "none"},
    "search": "one_at_a_time",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What a run of Snakemake did.

    Attributes
    ----------
    code : int
        The exit code.
    output : str
        All that was printed on the terminal.
    jobs : set of str
        The jobs that ran: the rule, and the shape or the picture that it was for.
    trained : dict of str to int
        How many fits of each model and configuration were trained.
    """

    code: int
    output: str
    jobs: set[str]
    trained: dict[str, int]


class Project:
    """A copy of the workflow.

    Parameters
    ----------
    folder : Path
        Where it is, or where it is created.
    config : mapping, optional
        The content of config.yaml for a new copy; without it, `folder` has a copy already.

    Attributes
    ----------
    results : Path
        The folder of the results.
    variables : dict of str to str
        What its runs have in their environment besides that of the tests.
    python : str
        The Python of its runs.
    is_warm : bool
        Whether a run may be a fork of a Python with packages, see `warm`. It is a new Python in any
        case if it is started and not waited for, if it has variables that Python reads at its
        start, or another Python.
    """

    is_warm = True
    config_file = "config.yaml"

    def __init__(self, folder: Path, config: dict[str, Any] | None = None) -> None:
        self.folder, self.results = folder, folder / "results"
        self.variables: dict[str, str] = {}
        self.python = sys.executable
        if config is not None:
            shutil.copytree(sources(), folder)
            self.configure(config)

    def copy(self, folder: Path) -> "Project":
        """Copy everything, results and Snakemake's memory of them included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)

    # To edit

    @property
    def config(self) -> dict[str, Any]:
        """The content of config.yaml: a copy, to change and pass to `configure`."""
        return yaml.safe_load((self.folder / self.config_file).read_text())

    def configure(self, config: dict[str, Any]) -> None:
        """Write config.yaml."""
        self.write(self.config_file, yaml.safe_dump(config, sort_keys=False))

    def put(self, path: str, value: Any) -> None:
        """Change one value of config.yaml, such as ``training.epochs``."""
        config = self.config
        put(config, path, value)
        self.configure(config)

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        (self.folder / path).write_text(text)

    def read(self, path: str) -> str:
        """Read a file."""
        return (self.folder / path).read_text()

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that is in a file exactly once."""
        text = self.read(path)
        assert text.count(old) == 1, f"{path}: found {old!r} {text.count(old)} times"
        self.write(path, text.replace(old, new))

    def keep_figures(self, *names: str) -> None:
        """Leave all figures out but these: all take seconds, each most of one."""
        contents = "src/backprop/report/contents.py"
        kept = f"{{name: FIGURES[name] for name in {sorted(names)!r}}}"
        self.write(contents, f"{self.read(contents)}\nFIGURES = {kept}\n")

    # To run

    def command(self, *options: str, cores: int = 2) -> list[str]:
        """Return the command that runs Snakemake."""
        return [self.python, "-m", "snakemake", "--cores", str(cores), *options]

    def environment(self) -> dict[str, str]:
        """Return the variables of a clean environment, and those of the test."""
        return {**warm.clean_environment(), "COLUMNS": "200", **self.variables}

    def start(
        self,
        *options: str,
        cores: int = 2,
        before: Callable[[], None] | None = None,
        errors: int = subprocess.STDOUT,
    ) -> "subprocess.Popen[str]":
        """Start Snakemake in a session of its own, in a new Python, and do not wait for it.

        Its process first calls `before`. Its errors are in its output, or in a pipe of their own.
        """

        def prepare() -> None:
            # A shell that starts the tests in the background makes them ignore Ctrl-C.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if before:
                before()

        return subprocess.Popen(
            self.command(*options, cores=cores),
            cwd=self.folder,
            env=self.environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            preexec_fn=prepare,
        )

    def run(self, *options: str, succeeds: bool = True, **more: Any) -> Run:
        """Run Snakemake to its end.

        Parameters
        ----------
        *options : str
            Of the command line.
        succeeds : bool
            Whether it must succeed; otherwise it must fail.
        **more
            As `finish` takes it.
        """
        for log in self.logs().values():
            log.unlink()
        code, output, _ = self.finish(*options, **more)
        assert (code == 0) == succeeds, output
        return Run(code, output, set(self.logs()), self.trained())

    def finish(
        self,
        *options: str,
        cores: int = 2,
        before: Callable[[], None] | None = None,
        errors: int = subprocess.STDOUT,
    ) -> tuple[int, str, str]:
        """Run Snakemake to its end; return its exit code, its output, and its errors if apart."""
        is_plain = self.python == sys.executable and not before
        if self.is_warm and is_plain and all(map(LATE.fullmatch, self.variables)):
            arguments = self.command(*options, cores=cores)[1:]
            server = warm.server(*self.packages())
            return server.run(arguments, self.folder, self.environment(), errors)
        process = self.start(*options, cores=cores, before=before, errors=errors)
        texts = process.communicate()
        return process.returncode, *texts

    def packages(self) -> list[str]:
        """Return what a warm Python of its runs needs besides what all need: it takes seconds."""
        file = self.folder / self.config_file
        return ["tensorflow"] * (file.is_file() and b"\n- tensorflow\n" in file.read_bytes())

    def planned(self, *options: str) -> set[str]:
        """Return the jobs that a run would run."""
        return self._to_run(self._graph(*options)[0])

    def forecast(self) -> tuple[set[str], int]:
        """Return the jobs that a run would run, and how many fits of configurations it would train.

        Of jobs that wait for a table, all fits count; of simulated data, none.
        """
        options = [*self.command()[3:], "--dag", "dot"]
        program = str(Path(__file__).with_name("forecast.py"))
        code, output, errors = warm.server(*self.packages()).run(
            [program, *options], self.folder, self.environment(), subprocess.PIPE
        )
        assert code == 0, errors
        fits = re.search(r"^to train: (\d+) fits$", errors, re.MULTILINE)
        assert fits, errors
        return self._to_run(self._nodes(output)), int(fits[1])

    def followers(self) -> dict[str, set[str]]:
        """Return, for each job, those that use what it makes, directly or not."""
        nodes, edges = self._graph()
        jobs = {number: job for number, (job, _) in nodes.items()}

        def after(number: str) -> set[str]:
            direct = {end for start, end in edges if start == number}
            return direct.union(*map(after, direct))

        return {job: {jobs[n] for n in after(number)} - {"all"} for number, job in jobs.items()}

    def _graph(self, *options: str) -> tuple[dict[str, tuple[str, bool]], list[tuple[str, str]]]:
        """Return Snakemake's graph: jobs by number, with whether they are done; and its edges."""
        code, output, errors = self.finish(*options, "--dag", "dot", errors=subprocess.PIPE)
        assert code == 0, errors
        return self._nodes(output), re.findall(r"(\d+) -> (\d+)", output)

    @staticmethod
    def _nodes(graph: str) -> dict[str, tuple[str, bool]]:
        nodes = re.findall(r'(\d+)\[label = "(.*?)".*?style="(.*?)"', graph)
        return {
            number: (job_name(*label.split("\\n")), "dashed" in style)
            for number, label, style in nodes
        }

    @staticmethod
    def _to_run(nodes: dict[str, tuple[str, bool]]) -> set[str]:
        return {job for job, done in nodes.values() if not done} - {"all"}

    def trained(self) -> dict[str, int]:
        """Return how many fits of each model and configuration the last run trained."""
        counts = {}
        for job, log in self.logs().items():
            if not job.startswith("train") or " " not in job:  # of no model
                continue
            model = job.split()[1]
            lines = re.findall(r"^\S+ \S+ train (.+): (\d+) fits?$", log.read_text(), re.M)
            for name, fits in lines:
                counts[name if name == model else f"{model} {name}"] = int(fits)
        return counts

    def logs(self) -> dict[str, Path]:
        """Return the logs of the last run, by job: each job writes one, named after it."""
        logs = {}
        for folder in self.results.glob("**/logs"):
            for log in folder.rglob("*.log"):
                logs[" ".join(log.relative_to(folder).with_suffix("").parts)] = log
        return logs

    # To look at

    def files(self) -> dict[str, bytes]:
        """Return the files that are the same in equal runs: data, tables but timings, plots."""
        folder = self.results
        parts = [
            *folder.glob("*/data/*"), *folder.glob("*/statistics/*"), *folder.glob("*/tables/*"),
            *folder.glob("*/plots/*"), *folder.glob("*/provenance.json"),
            *folder.glob("summary.rst"), *folder.glob("summary.json"),
        ]  # fmt: skip
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(parts)
            if "timing" not in file.name
        }


@functools.cache
def sources() -> Path:
    """Return a copy of the workflow, with bytecode, the digests of its code, and its imports.

    Each job of a first run would compile all again, and its start would compute the others.
    """
    folder = Path(tempfile.mkdtemp(prefix="sources-"))
    atexit.register(shutil.rmtree, folder)
    folder.chmod(0o755)  # as a folder is made otherwise
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(ROOT / name, folder / name)
    compileall.compile_dir(folder / "src", quiet=2)
    with contextlib.chdir(folder):
        dependencies = Dependencies(folder)
        dependencies.remember()
        dependencies.of_job("fetch")  # which remembers what imports what
    return folder


def run_once(folders, name, config, *figures):
    """Return a project that has been run: one process of the tests runs it, all others copy it.

    It has all figures, or if some are named, as little else as `Project.keep_figures` leaves.
    """
    folder = folders.mktemp(name) / "project"
    base = folders.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shared-{name}"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shared.exists():
            return Project(shared).copy(folder)
        project = Project(folder, config)
        if figures:
            project.keep_figures(*figures)
        project.run()
        project.copy(shared.with_suffix(".part")).folder.rename(shared)
        return project


def job_name(rule: str, *wildcards: str) -> str:
    """Return the name of a job by its rule and its wildcards, each as ``name: value``."""
    values = dict(wildcard.split(": ", 1) for wildcard in wildcards)
    values.pop("dataset", None)
    return " ".join([rule, *values.values()])


def wait_for(condition: Callable[[], Any], seconds: int = 120) -> Any:
    """Ask five times a second until a condition is true; return its value."""
    for _ in range(seconds * 5):
        if value := condition():
            return value
        time.sleep(0.2)
    raise TimeoutError


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """List the files that differ between two runs, or are in one of them only."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))

"""Run studies by Snakemake, and write their reports."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import click
import yaml

from backprop.errors import BackpropError, command_for, lacking
from backprop.folders import ROOT
from backprop.workflow.calling import call_snakemake
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan import paths
from backprop.workflow.records.report_sources import is_written, note_report, sources_of_report
from backprop.workflow.snakemake_run.end import differs
from backprop.workflow.snakemake_run.failed import forget_failed, recall_failed, sentence

CONFIG, QUICK = "config.yaml", ROOT / "config/quick.yaml"
WITHOUT_TENSORFLOW = Path(".snakemake/backprop/without-tensorflow.yaml")
PLUGINS = {"slurm": "cluster", "generic": "cluster", "storage": "storage"}
"""The extra with the plugins that a profile of the workflow needs."""
LIVE = ("ex4", "xor", "iris")
WRITES_NOTHING = {"-n", "--dry-run", "--dryrun", "--unlock", "--dag", "--rulegraph", "--summary"}


@dataclass(frozen=True)
class Study:
    """What Snakemake runs.

    Attributes
    ----------
    folder : Path
        Where the results go.
    config : Path, optional
        By default config.yaml in the folder, or that of the workflow.
    quick : bool
        Whether to take a first look.
    cores, profile : str, optional
    more : sequence of str
        What else Snakemake is passed.
    """

    folder: Path
    config: Path | None = None
    quick: bool = False
    cores: str | None = None
    profile: str | None = None
    more: Sequence[str] = ()

    def call(self, *options: str, **how: object) -> tuple[int, str]:
        """Call Snakemake with the config; return its exit code and what it printed."""
        configs = ["--configfile", *map(str, self._configs), "--replace-workflow-config"]
        return call_snakemake(self.folder, *configs, *options, **how)

    def run(self, *targets: str) -> int:
        """Run what is missing or out of date, and return the exit code."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.is_dry:
            with chdir(self.folder):
                forget_failed()
        options = [*(["--cores", self.cores] if self.cores else []), *self._profile(), *self.more]
        shown = [] if self.is_dry else ["--logger", "backprop"]  # it hides what would run
        return self.call(*shown, *options, *(["--", *targets] if targets else []))[0]

    @property
    def is_dry(self) -> bool:
        """Whether Snakemake only says or changes something, and makes no result."""
        return bool(WRITES_NOTHING & {*self.more})

    def report(self) -> None:
        """Write the report of what was run, unless it is there as it would be written.

        An error ends the process with what was printed.
        """
        report = Path(paths.REPORT)
        with chdir(self.folder):
            sources = sources_of_report(self._configs)
            is_there = is_written(report, sources)
        if not is_there:
            reporter = ("--reporter", "backprop", "--report-backprop-path", paths.REPORT)
            code, printed = self.call(*reporter, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if code:
                sys.exit(printed.rstrip("\n"))
            with chdir(self.folder):
                note_report(report, sources)
        click.echo(f"The report: {self.folder.absolute() / paths.REPORT}")

    def _profile(self) -> list[str]:
        """Return the options for a profile: of this workflow, of the user, or by its path."""
        if not self.profile:
            return []
        extra = PLUGINS.get(self.profile)
        if extra and lacking(extra):
            message = f"found no plugin of Snakemake for the profile {self.profile}; install it:"
            raise BackpropError(f"{message}\n{command_for(extra)}")
        own = ROOT / "profiles" / self.profile
        return ["--workflow-profile", str(own)] if own.is_dir() else ["--profile", self.profile]

    @cached_property
    def _configs(self) -> list[Path]:
        """The files of the config, checked: Snakemake would run code in them."""
        here = self.folder / CONFIG
        config = self.config or (here if here.exists() else None)
        files = [config or _as_can_run(ROOT / CONFIG, self.folder)]
        files += [QUICK] if self.quick else []
        for file in files:
            read_yaml(file)
        return [file.absolute() for file in files]


def _as_can_run(config: Path, folder: Path) -> Path:
    """Return a config that nobody has named, or one of it without a model that cannot run here."""
    content = read_yaml(config)
    models = content.get("models")
    if find_spec("tensorflow") or not isinstance(models, list) or "tensorflow" not in models:
        return config
    message = "note: TensorFlow is not installed, so the network in it is left out; to compare it:"
    click.echo(f"{message}\n{command_for('tensorflow')}", err=True)
    content = {**content, "models": [name for name in models if name != "tensorflow"]}
    file = folder / WITHOUT_TENSORFLOW
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def run(study: Study) -> None:
    """Run a study and write its report; end with an exit code that says whether all went well.

    If implementations of the network differ, all results were made, and the report says where.
    """
    code = study.run()
    if study.is_dry:
        sys.exit(code)
    differing = any(map(differs, study.folder.glob(paths.table("parity").format(dataset="*"))))
    with chdir(study.folder):
        failed = recall_failed()
    if not code or differing or failed:
        study.report()
    if failed:
        click.echo(f"error: {sentence(failed)}", err=True)
    sys.exit(code)


def write_folds(study: Study) -> None:
    """Write the folds alone, so that others train on the same."""
    if code := study.run("folds"):
        sys.exit(code)
    for file in sorted(study.folder.absolute().glob(paths.FOLDS.format(dataset="*"))):
        click.echo(f"The folds: {file}")


def write_pages(folder: Path, cores: str | None) -> None:
    """Write the pages on which networks train: only what they need is trained."""
    study = Study(folder, ROOT / "config/live.yaml", cores=cores)
    if code := study.run(*(paths.LIVE.format(dataset=name) for name in LIVE)):
        sys.exit(code)
    for name in LIVE:
        page = folder.absolute() / f"watch-{name}.html"
        shutil.copy(folder / paths.LIVE.format(dataset=name), page)
        click.echo(f"A page by itself: {page}")


def open_report(folder: Path) -> None:
    """Open a report by what the machine has for it, or say where it is."""
    report = folder.absolute() / paths.REPORT
    if not report.exists():
        raise BackpropError(f"found no {report}; `backprop run` writes it")
    if click.launch(str(report), wait=True):
        click.echo(f"Open this file in a browser: {report}")

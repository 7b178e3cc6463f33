"""The start of a run: what the Snakefile does before it defines the rules."""

import copy
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from snakemake.utils import update_config

from backprop.data.sources import notes
from backprop.disk import lacking
from backprop.errors import first_faults, one_message, printable
from backprop.files import digest_of_text
from backprop.workflow.config_check.checks import ConfigSource
from backprop.workflow.config_check.reading import parse_yaml, read_yaml
from backprop.workflow.jobs import SNAKEMAKE
from backprop.workflow.plan.plan import Plan
from backprop.workflow.progress import duration

CONFIG_FILE = "config.yaml"
OF_MODULE = "the config of the module"  # in messages
NAMED = 10  # data sets in a message


def config_file(root: str) -> str:
    """Return config.yaml in the working directory, or the workflow's if there is none."""
    is_here = Path(CONFIG_FILE).exists() or Path(root).samefile(".")
    return CONFIG_FILE if is_here else f"{root}/{CONFIG_FILE}"


def read_sources(settings: Any, root: str, *, is_module: bool = False) -> list[ConfigSource]:
    """Read the sources of the config: config.yaml, and files and values of the command line.

    A file that Snakemake could not read, or would run code from, ends the process with one message.

    Parameters
    ----------
    settings : object
        Snakemake's settings of the config, see `Session.config_settings`.
    root : str
        The directory of the Snakefile, see `config_file`.
    is_module : bool
        Whether the working directory belongs to another workflow, whose config.yaml is not meant.

    Returns
    -------
    list of ConfigSource
        In the order in which Snakemake merges them. A source that has no effect is left out.
    """
    files = [Path(file) for file in settings.configfiles]
    sources: list[ConfigSource]
    with one_message():
        sources = [(_name(file), read_yaml(file, _name(file))) for file in files]
        if not files or is_module or Path(CONFIG_FILE).exists():
            file = f"{root}/{CONFIG_FILE}" if is_module else config_file(root)
            default = (file, read_yaml(Path(file)))
            if not (settings.replace_workflow_config and (files or settings.config)):
                sources.insert(0, default)
        if settings.config_args:
            sources.append(("--config", _read_values(settings.config_args)))
    return sources


def check_folder(folder: str) -> None:
    """End the process with one message if jobs cannot run in the folder of the Snakefile."""
    not_decoded = map(chr, range(0xDC80, 0xDD00))  # bytes that are no text in this locale
    if forbidden := sorted(set(folder) & {os.pathsep, *not_decoded}):
        sys.exit(
            f"error: the path of the folder {folder!a} has {', '.join(map(ascii, forbidden))}, and "
            "Snakemake cannot run jobs there; rename it"
        )


def check_space() -> None:
    """End the process with one message if the disk is full. Snakemake would say another reason."""
    if needed := lacking():
        sys.exit(f"error: the disk with this folder is full; it needs {needed} or more")


def make_plan(
    sources: Sequence[ConfigSource],
    root: str,
    on_disk: Callable[[str], str] = str,
    *,
    is_job: bool = False,
    failed: Mapping[str, str] | None = None,
    made: Callable[[str], str | None] | None = None,
    added: Iterable[str] = (),
) -> Plan:
    """Make the plan of a run, and prepare the environment of its jobs.

    A config that cannot be used ends the process with one message.

    Parameters
    ----------
    sources : sequence of ConfigSource
        From `read_sources`, or what a module was given. They are the whole config: what Snakemake
        reads itself depends on whether the process is a job.
    root : str
        The directory of the Snakefile; its scripts import the library there.
    on_disk, is_job, failed, made
        As `Plan` takes them.
    added : iterable of str
        The folders with packages that this Python does not have, for the jobs.
    """
    src = [f"{root}/src"] if os.path.isdir(f"{root}/src") else []
    python_path = [*src, *added, *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(python_path)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ[SNAKEMAKE] = str(os.getpid())
    merged: dict[str, object] = {}
    for _, content in sources:
        update_config(merged, copy.deepcopy(content))
    with one_message():
        plan = Plan(merged, Path(root), sources, on_disk, is_job=is_job, failed=failed, made=made)
    plan.dependencies.remember()
    return plan


def with_hidden_sources(plan: Plan) -> dict[str, object]:
    """Return the completed config for the jobs: a source is the name of a variable that has it.

    Snakemake writes the config into the file of each script, which stays after a kill, and a URL
    may have secrets.
    """
    entries = {}
    for name, entry in plan.config.datasets.items():
        variable = f"BACKPROP_SOURCE_{digest_of_text(entry.source)[:16]}"
        os.environ[variable] = entry.source
        entries[name] = entry.changed(source=variable)
    return plan.config.changed(datasets=entries).as_json()


def name_sources(sources: Sequence[ConfigSource], plan: Plan) -> None:
    """Say which config files and data sets are used, unless the only source is config.yaml."""
    names = [name for name, _ in sources]
    if names == [CONFIG_FILE]:
        return
    datasets = list(plan.config.datasets)
    more = [f"and {len(datasets) - NAMED} more"] if len(datasets) > NAMED else []
    adds = CONFIG_FILE in names and not plan.config.first_look  # which is meant to
    replace = "; --replace-workflow-config leaves out config.yaml" if adds else ""
    message = (
        f"config: {', then '.join(names)}{replace}; "
        f"data sets: {', '.join([*datasets[:NAMED], *more])}"
    )
    print(printable(message), file=sys.stderr)


def name_left_out(plan: Plan) -> None:
    """Warn of the data sets that are left out, with the reasons."""
    lines = [f"{name} is left out: {why}" for name, why in plan.left_out.items()]
    for line in first_faults(lines):
        print(printable(f"warning: {line}"), file=sys.stderr)


def name_doubts(plan: Plan) -> None:
    """Print what may be a mistake of a data set that is on this machine; see `notes`."""
    for name in plan.config.datasets:
        for note in notes(data) if (data := plan.datasets.data(name)) else []:
            print(printable(f"note: {name}: {note}"), file=sys.stderr)


def name_grid(plan: Plan, jobs: Iterable[Any], at_once: int) -> None:
    """Say how many fits of a grid are to train, and about how long its networks take.

    A job that keeps fits of an earlier run counts whole: only its files say how many.

    Parameters
    ----------
    plan : Plan
    jobs : iterable of object
        Those of the run, as `Session.jobs_to_run` has them.
    at_once : int
        How many of them run side by side.
    """
    chunks, candidates = plan.design.chunks, plan.design.candidates
    training = [job for job in jobs if job.rule.name in {"train", *chunks}]
    if plan.config.search != "grid" or not training:
        return
    seconds = [
        plan.design.seconds(plan.datasets.data(name), model, chunks[job.rule.name])
        for job in training
        if job.rule.name in chunks
        for model, name in [(job.wildcards.model, job.wildcards.dataset)]
    ]
    several = {model: len(own) for model, own in candidates.items() if len(own) > 1}
    grids = ", ".join(f"{number:,} configurations of {model}" for model, number in several.items())
    longest = duration(max([sum(seconds) / at_once, *seconds]))
    time = f"; the networks take about {longest} with {at_once} at once" if seconds else ""
    fits = sum(job.params.fits for job in training)
    print(f"grid: {grids}; up to {fits:,} fits to train{time}", file=sys.stderr)


def _name(file: Path) -> str:
    """Return what messages call a file: its path in the working directory, or its whole path."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def _read_values(entries: Iterable[str]) -> Mapping[str, object]:
    """Read values of ``--config`` as YAML. To Snakemake, all numbers in a mapping are texts."""
    values: dict[str, object] = {}
    for entry in entries:
        key, _, text = entry.partition("=")
        update_config(values, {key: parse_yaml(text, f"--config {key}")})
    return values

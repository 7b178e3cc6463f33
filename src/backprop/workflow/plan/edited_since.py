"""Whether a model is as its job left it, and of the data and the config as they are now."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from snakemake.utils import update_config

from backprop.config import Config
from backprop.data.canonical_form import digest_of_data, read_dataset
from backprop.data.sources import obtain, options_of
from backprop.errors import BackpropError
from backprop.files import canonical_json, digest
from backprop.folders import ROOT
from backprop.typing import Json
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.config_check.reading import leaves, read_yaml
from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import of_datasets, shown
from backprop.workflow.records.job_records import Record, read_runs, record_file

NOT_DECIDING = {"archive", "importance", "simulation", "first_look", "datasets"}
NOT_DECIDING_OF_DATASET = {
    "row", "feature_groups", "known_answers", "sha256", "test", "most_cells",
}  # fmt: skip
QUICK = "config/quick.yaml"
USE = "use the config of the run"
MAX_SHOWN = 60  # characters of a value


def deciding(config: Mapping[str, Json], dataset: str) -> dict[str, object]:
    """Return the part of a completed config that decides which model is recommended.

    Parameters
    ----------
    config : mapping
        As it may be shown, as in the provenance of the results.
    dataset : str
    """
    entry = config["datasets"][dataset]
    own = {key: value for key, value in entry.items() if key not in NOT_DECIDING_OF_DATASET}
    rest = {key: value for key, value in config.items() if key not in NOT_DECIDING}
    return {**rest, "datasets": {dataset: own}}


def check_record(folder: Path, dataset: str) -> None:
    """Refuse a model that is not what its job left there, or whose job read other files.

    Parameters
    ----------
    folder : Path
        The folder with the folder of the results.
    dataset : str

    Raises
    ------
    BackpropError
        One message, which says what to do.
    """
    name = paths.MODEL.format(dataset=dataset)
    record, file = _record(folder, "train_chosen", dataset), folder / name
    if record is None:
        raise BackpropError(
            f"{file}: there is no record of how it was made; `backprop run` makes both"
        )
    if record.outputs.get(name) != digest(file):
        raise BackpropError(f"{file}: it is not what a finished job left there; run `backprop run`")
    for other in _changed(folder, record.inputs):
        raise BackpropError(f"{file}: it was made from another {other}; run `backprop run`")


def edits(folder: Path, dataset: str, config: Path | None = None) -> Iterator[str]:
    """Yield what was edited since a model was made: the table, or a value of the config.

    Parameters
    ----------
    folder : Path
        The folder with the folder of the results.
    dataset : str
    config : Path, optional
        The file of the config; by default those of the run that made the model.

    Raises
    ------
    BackpropError
        If nothing says by which config the model was made, if no config has the data set, or if the
        config cannot be used.
    """
    made_by = _config_of_run(folder, dataset)
    files = [config] if config else _config_files(folder, dataset)
    if config and made_by.get("first_look"):
        files.append(ROOT / QUICK)
    sources = [(str(file), read_yaml(file)) for file in files]
    merged: dict[str, object] = {}
    for _, content in sources:
        update_config(merged, content)
    completed, named = check_config(merged, sources), " with ".join(map(str, files))
    if dataset not in completed.datasets:
        raise BackpropError(f"--config: found {named}, without the data set {dataset}; {USE}")
    fetched = _record(folder, "fetch", dataset)
    for name in _changed(folder, fetched.inputs | fetched.files) if fetched else []:
        if not _is_read_as_before(folder, dataset, name, completed):
            yield f"{name} was edited"
    ours = shown(of_datasets(completed, [dataset])).as_json()
    now, before = (_values(each, dataset) for each in (ours, made_by))
    for key in sorted(now.keys() | before.keys()):
        if now.get(key) != before.get(key):
            is_now, was = (str(each.get(key, "missing"))[:MAX_SHOWN] for each in (now, before))
            yield f"{key} is {is_now} in {named}, and was {was}"


def _record(folder: Path, rule: str, dataset: str) -> Record | None:
    return Record.read(record_file(paths.log(rule).format(dataset=dataset)), folder)


def _changed(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Yield the files that a job read, as far as they are there, and are others now."""
    for name, sha256 in files.items():
        if (folder / name).is_file() and digest(folder / name) != sha256:
            yield name


def _is_read_as_before(folder: Path, dataset: str, name: str, config: Config) -> bool:
    """Return whether a table that was edited is read as the same data, as with other line ends."""
    files = (folder / path.format(dataset=dataset) for path in (paths.DATA, paths.COLUMNS))
    with suppress(BackpropError, OSError):
        entry = config.datasets[dataset]
        options = options_of(vars(entry), config.seed)
        data = obtain(entry.source, file=folder / name, **options)
        return digest_of_data(data) == digest_of_data(read_dataset(*files))
    return False


def _config_of_run(folder: Path, dataset: str) -> dict[str, object]:
    """Return the completed config that the results were made by, from their provenance."""
    name = paths.PROVENANCE.format(dataset=dataset)
    record, file = _record(folder, "provenance", dataset), folder / name
    if record is None or not file.is_file() or record.outputs.get(name) != digest(file):
        raise BackpropError(f"{file}: it is not what a finished job left there; run `backprop run`")
    return dict(json.loads(file.read_text(encoding="utf-8"))["config"])


def _config_files(folder: Path, dataset: str) -> list[Path]:
    """Return the config files of the last run that studied a data set."""
    for run in read_runs(folder):
        if dataset in run["datasets"]:
            return [folder / name for name in run["configs"]]
    raise BackpropError(f"--config: found no record of the run that studied {dataset}; {USE}")


def _values(config: Mapping[str, Json], dataset: str) -> dict[str, str]:
    """Return the single values of a config that are `deciding`, in JSON, by their keys."""
    decide = leaves(deciding(config, dataset), whole_lists=True)
    return {".".join(map(str, place)): canonical_json(value) for place, value in decide}

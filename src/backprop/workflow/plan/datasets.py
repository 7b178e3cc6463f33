"""The data sets of a config: where each comes from, its rows if they are here, and its checks."""

import itertools
import os
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import numpy as np

from backprop.config import Config, costs_of
from backprop.data.builtin import BUILT_IN
from backprop.data.canonical_form import digest_of_data, read_dataset
from backprop.data.dataset import DataError, Dataset
from backprop.data.feature_groups import check_features
from backprop.data.file_tables import modules_for, names_workbook, needs_openpyxl, reads_workbooks
from backprop.data.sources import SOURCES, keys_of_cells, obtain, options_of
from backprop.data.urls import is_url, without_secrets
from backprop.errors import BackpropError, shortened
from backprop.files import digest, digest_of_text, digest_of_value, is_endless
from backprop.study.costs import Costs
from backprop.typing import Json
from backprop.workflow.config_check.checks import check_known_answers
from backprop.workflow.config_check.config_schema import SCHEMAS
from backprop.workflow.plan import paths
from backprop.workflow.plan.dependencies import Dependencies
from backprop.workflow.plan.design import Design
from backprop.workflow.plan.outputs import Outputs
from backprop.workflow.records import between_starts
from backprop.workflow.records.job_records import JobParameters, Record, digest_of_job, record_file

LARGE_BYTES = 5_000_000  # of a file: from here on, a start remembers what an earlier one read


class Datasets:
    """The data sets.

    Parameters
    ----------
    config : Config
    root : Path
        The directory of the Snakefile, resolved.
    dependencies : Dependencies
    on_disk : callable
        As `backprop.workflow.plan.plan.Plan` takes it.
    folders : sequence of Path
        Of the config files. A relative path in the config is searched there, then in the working
        directory, then in `root`.
    is_job, made
        As `Plan` takes them.
    """

    def __init__(
        self,
        config: Config,
        root: Path,
        dependencies: Dependencies,
        on_disk: Callable[[str], str],
        folders: Sequence[Path] = (),
        *,
        is_job: bool = False,
        made: Callable[[str], str | None] | None = None,
    ) -> None:
        self._made, self._folders = made, (*folders, Path())
        self._entries = config.datasets
        self._predictions = files_of_predictions(config)
        self._metric, self._costs = config.comparison.metric, costs_of(config)
        self._on_disk, self._is_job = on_disk, is_job
        self._seed, self.root, self._dependencies = config.seed, root, dependencies
        self._data: dict[str, Dataset | None] = {}
        self._check_answers = cache(check_known_answers)  # data sets may share a file

    @property
    def pattern(self) -> str:
        """The regular expression of their names."""
        return pattern_of(self._entries)

    def locate(self, path: str) -> Path:
        """Return the file that a path in the config means, relative to the working directory.

        A file of the workflow has an absolute path if neither of both folders is in the other.
        """
        path = os.path.expanduser(path)
        # Path.exists raises an error if the path is too long.
        places = (own for own in (*self._folders, self.root) if os.path.exists(own / path))
        folder = next(places, self._folders[0])
        return Path(path) if os.path.isabs(path) else _near(folder / path, folder)

    def of_workflow(self, path: str) -> Path:
        """Return a file of the workflow, whatever has this path in the working directory."""
        return _near(self.root / path, self.root)

    def made(self, name: str) -> str | None:
        """Return the file that another rule makes and a data set comes from, as Snakemake calls it.

        It is None for other data sets. When the run starts, the file may be missing, or old.
        """
        source = self._entries[name].source
        is_file = source not in BUILT_IN and not is_url(source)
        return self._made(source) if self._made and is_file else None

    def source(self, name: str) -> list[Path]:
        """Return the file that a data set comes from, in a list; no file if there is none here."""
        source = self._entries[name].source
        if made := self.made(name):
            return [Path(made)]
        if source in BUILT_IN:
            # A file of that name in the working directory may be any.
            return [self.of_workflow(file) for file in [BUILT_IN[source].file] if file]
        return [] if is_url(source) else [self.locate(source)]

    def known_answers(self, name: str) -> Path:
        """Return the file of known results of a data set that has one."""
        return self.locate(str(self._entries[name].known_answers))

    def new_data(self, name: str) -> Path:
        """Return the file with the new data of a data set that has one."""
        return self.locate(str(self._entries[name].test))

    def reading_new_data(self, name: str) -> dict[str, Json]:
        """Return how new data are read, as `read_new_data` takes it: as their data set."""
        entry = self._entries[name]
        keys = ("groups", "duplicates", "missing", "missing_values", "header", "without_class")
        options = {key: getattr(entry, key) for key in (*keys, "join_spellings")}
        options["cells"] = keys_of_cells(entry.cells)
        # The sheet of a workbook; new data may come in another format.
        is_workbook = names_workbook(str(entry.test), None)
        return options | ({"sheet": entry.sheet} if is_workbook else {})

    def layout(self, name: str) -> dict[str, Json]:
        """Return the layout of the table, by which the model reads new rows."""
        entry = self._entries[name]
        own = {"cells": keys_of_cells(entry.cells), "header": entry.header, "sheet": entry.sheet}
        return {key: value for key, value in own.items() if value}

    def predictions(self, model: str, name: str) -> Path | None:
        """Return the file with a model's predictions of a data set; None if it is trained here."""
        own = self._predictions.get(model)
        return self.locate(own[name]) if own else None

    # Reading

    def options(self, name: str) -> dict[str, Json]:
        """Return how a data set is obtained from its source, as `obtain` takes it."""
        return options_of(vars(self._entries[name]), self._seed)

    def fetching(self, name: str) -> JobParameters:
        """Return what the job depends on that fetches a data set.

        Of a table that each start reads, the data decide: not its line ends, nor a column that
        nothing uses. Of another one, its content and how it is read do. Of one that a rule makes in
        this run, Snakemake compares the times, and the record has the content.

        This is not in its rule, because the start needs it, too: to read what was fetched.
        """
        source, sheet = self._entries[name].source, self._entries[name].sheet
        return JobParameters.of(
            self._dependencies.of_job("fetch", *modules_for(source, sheet)),
            # It may have secrets, and Snakemake shows parameters that change.
            source=[without_secrets(source), digest_of_text(source)],
            files=self.read_by_jobs(name),
            **self._decides(name, without={"most_cells", "id"}),
        )

    def naming(self, name: str) -> dict[str, object] | None:
        """Return what the names of the rows depend on; None if they have none."""
        entry = self._entries[name]
        return None if entry.id is None else {"id": entry.id, **self._decides(name)}

    def read_by_jobs(self, name: str) -> list[str]:
        """Return the file of a data set that jobs read and that no rule makes, in a list."""
        return [] if self.made(name) else [*map(str, self.source(name))]

    def _decides(self, name: str, without: Collection[str] = ()) -> dict[str, object]:
        source, sheet = self._entries[name].source, self._entries[name].sheet
        is_read = self.source(name) and not names_workbook(source, sheet)
        options = {key: own for key, own in self.options(name).items() if key not in without}
        if self.made(name):
            return {"options": options}
        if is_read and not self._is_large(name) and (data := self.data(name)):
            named = {} if "id" in without else {"ids": digest_of_value(data.ids)}
            return {"data": digest_of_data(data), **named}
        return {"content": [*map(digest, self.source(name))], "options": options}

    def data(self, name: str) -> Dataset | None:
        """Return a data set; None if it is elsewhere.

        That is on a server or made by a rule, and not fetched for this config, or on the machine
        that sent this job.
        """
        if name not in self._data:
            self._data[name] = self._read(name)
        return self._data[name]

    def know(self, name: str, data: Dataset) -> None:
        """Take a data set for what is read of its source, now and at the next start."""
        self._data[name] = data
        if self._is_large(name):
            between_starts.remember_dataset(name, digest_of_job(self.fetching(name)), data)

    def unchanging(self, name: str) -> Dataset | None:
        """Return a data set; None if the run makes it, so that the next start may know it."""
        is_made = is_url(self._entries[name].source) or self.made(name)
        return None if is_made else self.data(name)

    def _read(self, name: str) -> Dataset | None:
        source, sheet = self._entries[name].source, self._entries[name].sheet
        if is_url(source) or self.made(name):
            return self._fetched(name)
        # A workbook takes far longer to read than what was fetched from it.
        if names_workbook(source, sheet) and (data := self._fetched(name)):
            return data
        file = next(iter(self.source(name)), None)
        if file and self._is_job and not file.exists():
            return None
        data = None
        if self._is_large(name):
            data = between_starts.recall_dataset(name, digest_of_job(self.fetching(name)))
        if data is None:
            data = obtain(source, file=file, **self.options(name))
            self.know(name, data)
        return data

    def _is_large(self, name: str) -> bool:
        """Return whether a data set is from a file so large that a start remembers what it read."""
        files = filter(os.path.isfile, self.source(name))  # a path may be too long
        return any(file.stat().st_size >= LARGE_BYTES for file in files)

    def _fetched(self, name: str) -> Dataset | None:
        """Return a data set as it was fetched for this config; None if it was not."""
        log = self._on_disk(paths.log("fetch").format(dataset=name))
        record = Record.read(record_file(log))
        if record is None or record.job != digest_of_job(self.fetching(name)):
            return None
        files = [self._on_disk(p.format(dataset=name)) for p in (paths.DATA, paths.COLUMNS)]
        with suppress(OSError, KeyError, DataError):  # they are damaged, and are fetched again
            if all(os.path.isfile(f) and record.outputs[f] == digest(Path(f)) for f in files):
                return read_dataset(*map(Path, files))
        return None

    # Checks

    def faults(self, design: Design, outputs: Outputs) -> dict[str, BackpropError]:
        """Return why data sets cannot be used, or not in this design, by their names.

        They are on this machine, or on a server and fetched.
        """
        faults = {}
        for name in self._entries:
            try:
                self._check(name, design, outputs)
            except BackpropError as error:
                faults[name] = error
        return faults

    def leave_out(self, names: Collection[str]) -> None:
        """Forget data sets that cannot be used."""
        self._entries = {name: own for name, own in self._entries.items() if name not in names}

    def _check(self, name: str, design: Design, outputs: Outputs) -> None:
        entry = self._entries[name]
        self._check_source(name, outputs)
        if self.made(name):  # its jobs check it, as what was fetched of it may be old
            data = None
        elif data := self.data(name):
            try:
                design.division.check(data, entry.duplicates)
                asked = design.weighing["asked"]
                check_features(data.features, asked, entry.feature_groups)
                if self._costs:
                    Costs.of(self._costs, data.classes)
            except BackpropError as error:
                raise BackpropError(f"datasets.{name}: {error}") from error
        if entry.known_answers is not None:
            self._check_known_answers(name, data)
        design.check_memory(data)
        for model in self._predictions:
            self._check_predictions(model, name, design, data)
        if outputs.uses_new_data(name):
            self._check_new_data(name, data)

    def _check_predictions(
        self, model: str, name: str, design: Design, data: Dataset | None
    ) -> None:
        """Refuse a file that has not the predictions of a model for each row in each repeat."""
        from backprop.models.predictions_file import FOLDS, companion, read_predictions

        path, start = self._predictions[model][name], f"predictions.{model}"
        file, duplicates = self.locate(path), self._entries[name].duplicates
        _check_file(file, f"{start}: found {shortened(path)}", f"use a CSV table. {FOLDS}")
        if data is None:  # its job checks it
            return
        files = [each for each in (file, companion(file)) if each.is_file()]
        outer = {**design.division.outer, **design.division.gap}
        decides = [*map(digest, files), digest_of_data(data), outer, self._seed, duplicates]
        code = self._dependencies.of_modules(read_predictions.__module__)

        def read() -> None:
            splits = design.division.outer_splits(data, duplicates)
            read_predictions(file, data, splits, self._metric)

        key = digest_of_value([*decides, self._metric, code])
        _check_once("predictions", f"{name}/{model}", key, start, read)

    def _check_new_data(self, name: str, data: Dataset | None) -> None:
        """Refuse new data that cannot be read as their data set."""
        from backprop.data.new_data import read_new_data

        file, start = self.new_data(name), f"datasets.{name}.test"
        shown = f"{start}: found {shortened(self._entries[name].test)}"
        _check_file(file, shown, f"use a table with the columns of {name}")
        if any(map(file.samefile, filter(os.path.isfile, self.source(name)))):
            what = "the table that the models are trained on"
            raise BackpropError(f"{shown}, which is {what}; use rows that are not in it")
        if data is None:  # its job checks it
            return
        options = self.reading_new_data(name)
        code = self._dependencies.of_modules(read_new_data.__module__)
        key = digest_of_value([digest(file), digest_of_data(data), options, code])
        read = partial(read_new_data, str(self._entries[name].test), file, data, **options)
        _check_once("new_data", name, key, start, read)

    def _check_source(self, name: str, outputs: Outputs) -> None:
        entry, source = self._entries[name], self._entries[name].source
        start = f"datasets.{name}.source: found"
        if entry.label is None and source not in BUILT_IN:
            raise BackpropError(
                f"datasets.{name}.label: missing; it is the column with the class, and only "
                f"{', '.join(BUILT_IN)} have one without it"
            )
        # Of a file here, the content decides.
        if is_url(source) and names_workbook(source, entry.sheet) and not reads_workbooks():
            raise BackpropError(f"{start} an Excel workbook, which {needs_openpyxl()}")
        for file in self.source(name):
            if self._made and not self.made(name) and not os.path.exists(file):
                folders = f"in {Path.cwd()} nor in {self.root}"
                what = f"{start} {shortened(source)}, which no rule makes"
                raise BackpropError(f"{what} and is neither a file {folders}; {SOURCES}")
            path = os.path.relpath(file)
            inside = path.startswith(f"{os.path.dirname(self._on_disk(paths.SUMMARY))}/")
            if inside and path in outputs.files():  # the latter is slow with many data sets
                what = f"{start} {shortened(source)}, which is a result of this workflow"
                raise BackpropError(f"{what}; use another file, such as a copy of it")
            if is_endless(file):
                raise BackpropError(f"{start} {shortened(source)}, which is not a file; {SOURCES}")

    def _check_known_answers(self, name: str, data: Dataset | None) -> None:
        file = self.known_answers(name)
        named = shortened(self._entries[name].known_answers)
        start = f"datasets.{name}.known_answers: found {named}"
        _check_file(file, start, "use a file of known results")
        if data and (len(data.classes) > 2 or data.categories or np.isnan(data.x).any()):
            raise BackpropError(
                f"{start}; leave it out: it is for two classes and features that are "
                "numbers without missing values"
            )
        schema = self.root / SCHEMAS / "known_answers.schema.yaml"
        self._check_answers(file, schema, len(data.features) if data else None)


def pattern_of(names: Iterable[str]) -> str:
    """Return a regular expression of some texts, as a tree: to match it, few of many are tried.

    Parameters
    ----------
    names : iterable of str
        At least one; each once.
    """
    branches = []
    for first, those in itertools.groupby(sorted(names), key=lambda name: name[:1]):
        start = os.path.commonprefix(same := list(those))  # noqa: RUF071 - of texts
        rest = pattern_of(name[len(start) :] for name in same) if first and len(same) > 1 else ""
        branches.append(re.escape(start) + rest)
    return f"(?:{'|'.join(branches)})"


def _near(file: Path, folder: Path) -> Path:
    """Return a file by a relative path if the working directory can be moved with its folder."""
    here = Path.cwd()
    is_near = here.is_relative_to(folder) or folder.is_relative_to(here)
    return Path(os.path.relpath(file)) if is_near else file


def _check_file(file: Path, shown: str, remedy: str) -> None:
    if not os.path.isfile(file):  # Path.is_file raises an error if the path is too long
        raise BackpropError(f"{shown}, which is not a file; {remedy}")


def _check_once(
    subject: str, place: str, key: str, start: str, check: Callable[[], object]
) -> None:
    """Call a check, unless it is known to pass with this key; its message gets a start."""
    known = between_starts.recall(subject)
    if known.get(place) == key:
        return
    try:
        check()
    except BackpropError as error:
        raise BackpropError(f"{start}: {error}") from error
    between_starts.remember(subject, known | {place: key})


def files_of_predictions(config: Config) -> dict[str, dict[str, str]]:
    """Return the files of predictions by model and data set; a single one is of each data set."""
    return {
        model: dict.fromkeys(config.datasets, files) if isinstance(files, str) else files
        for model, files in config.predictions.items()
    }

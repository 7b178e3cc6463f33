"""What the workflow has to do for a config: which files, and what each job depends on.

A job's parameters are one canonical JSON string: Snakemake compares parameters as a set, and does
not notice if two values change places.
"""

import itertools
import os
import platform
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from backprop.data.builtin import BUILT_IN
from backprop.data.dataset import DataError, Dataset, read_dataset
from backprop.data.encoding import most_inputs
from backprop.data.groups import groups_of
from backprop.data.sources import SOURCES, obtain
from backprop.data.urls import is_url, without_secrets
from backprop.errors import BackpropError
from backprop.escaping import for_parameters
from backprop.files import canonical_json, digest, digest_of_text
from backprop.models.networks import bytes_of_job
from backprop.models.registry import (
    BASELINE,
    MODELS,
    add_estimators,
    choosers,
    configurations_of,
    network_configurations,
    network_models,
)
from backprop.network.parameters import output_nodes
from backprop.report import contents
from backprop.report.contents import FIGURES, PROVENANCE, TABLES
from backprop.report.inputs import Setting, Source
from backprop.study.configurations import Configuration
from backprop.study.splits import (
    DEFAULT_INNER_FOLDS,
    DEFAULT_INNER_REPEATS,
    INNER,
    check_folds,
    smallest_training_classes,
    splits_of,
)
from backprop.typing import Integers
from backprop.workflow import paths
from backprop.workflow.checks import ConfigSource, check_config, check_known_answers
from backprop.workflow.dependencies import Dependencies
from backprop.workflow.records import JobParameters, Record, digest_of_job, record_file
from backprop.workflow.snakemake_internals import report_link

SCHEMAS = "workflow/schemas"
TEMPLATE = "workflow/report/summary.rst.jinja"
SUMMARISED = (
    "comparison",
    "metrics",
    "configurations",
    "pairs",
    "warnings",
    "tuning",
    "nested",
    "effects",
    "error_rates",
)
PICTURED = "decision_boundaries"  # the figure on the page to hand in
LINKED = (PICTURED, "hard_rows")  # figures that the landing page links to
OWN_STATISTICS = ("guessing", "hard_rows", "learning")  # they are no tables of the report
MANY_GROUPS = 1_000  # folds of as many are not drawn at each start, but only by their job
JOB_ATTEMPTS = 3  # of a cluster job, each with twice the memory of the one before; see profiles/


def check_packages(models: Sequence[str]) -> None:
    """Refuse a model whose own package is not installed.

    Raises
    ------
    BackpropError
        If there is one.
    """
    for model in models:
        package = MODELS[model].package
        if package and find_spec(package) is None:
            raise BackpropError(
                f"models: found {model}, which needs the package {package}, and it is not "
                f"installed; install it with `make .venv/{package}`, or take {model} off the list"
            )


def _with_plain_paths(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config in which one file has one path, such as ``a.csv`` for ``./a.csv``."""

    def plain(path: str) -> str:
        short = str(PurePath(path))
        is_other = short in BUILT_IN or "://" in path or path.endswith("/")
        return path if is_other else short

    datasets = {
        name: {
            key: plain(value) if key in ("source", "known_answers") else value
            for key, value in entry.items()
        }
        for name, entry in config["datasets"].items()
    }
    return {**config, "datasets": datasets}


class Plan:
    """The plan of a run.

    Parameters
    ----------
    config : mapping
        The content of config.yaml.
    root : Path
        The directory of the Snakefile. A relative path in the config is searched in the working
        directory, then here.
    sources : sequence of ConfigSource, optional
        Where the values of the config come from, for messages; by default config.yaml.

    Attributes
    ----------
    config : mapping
    models, networks : list of str
        The models to compare, and the networks among them.
    candidates : dict of str to list
        The configurations of each model, its reference first.
    configurations : list of Configuration
        The configurations of the networks, the reference first; empty without a network.
    reference : Configuration or None
        The first of them; None without a network.
    shapes : dict of str to list of Configuration
        The configurations by the name of their shape.
    dependencies : Dependencies

    Raises
    ------
    BackpropError
        If the config, or a data set that is on this machine, cannot be used.
    """

    def __init__(
        self, config: Mapping[str, Any], root: Path, sources: Sequence[ConfigSource] | None = None
    ) -> None:
        root = root.resolve()  # a path with `..` would make a file of the same name another one
        check_config(config, root / SCHEMAS / "config.schema.yaml", sources)
        self.config = _with_plain_paths(config)
        self.root = root
        add_estimators(config.get("estimators", {}))
        self.models: list[str] = config["models"]
        check_packages(self.models)
        self.networks = network_models(self.models)
        self.candidates = configurations_of(config)
        self.configurations = network_configurations(config)
        self.reference = next(iter(self.configurations), None)
        self.shapes: dict[str, list[Configuration]] = {}
        for configuration in self.configurations:
            self.shapes.setdefault(configuration.shape.name, []).append(configuration)
        self.dependencies = Dependencies(root)
        self._data: dict[str, Dataset | None] = {}
        for dataset in config["datasets"]:
            self._check_dataset(dataset)
            self._check_memory(dataset)

    @property
    def shown_config(self) -> dict[str, Any]:
        """The config as it may be shown, without the secrets in the URLs of data sets."""
        datasets = {
            name: {**entry, "source": without_secrets(entry["source"])}
            for name, entry in self.config["datasets"].items()
        }
        return {**self.config, "datasets": datasets}

    # Data sets

    @property
    def dataset_pattern(self) -> str:
        """The regular expression of the names of the data sets."""
        return "|".join(map(re.escape, self.config["datasets"]))

    def locate(self, path: str) -> Path:
        """Return the file that a path in the config means, relative to the working directory.

        A file outside the working directory has an absolute path.
        """
        path = os.path.expanduser(path)
        file = Path(path)
        if not os.path.exists(path):  # Path.exists raises an error if the path is too long
            file = self.root / file
            file = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
        if re.search("[{}<>]", str(file)):  # Snakemake would replace `{name}` and `<name>`
            raise BackpropError(f"{file}: allowed is a path without {{, }}, < and >")
        return file

    def row(self, dataset: str) -> str:
        """Return what a row of a data set is, a noun in the singular."""
        return self.config["datasets"][dataset].get("row", "row")

    def source(self, dataset: str) -> list[Path]:
        """Return the file that a data set comes from, in a list; no file if there is none here."""
        source = self.config["datasets"][dataset]["source"]
        if source in BUILT_IN:
            return [self.locate(file) for file in [BUILT_IN[source].file] if file]
        return [] if is_url(source) else [self.locate(source)]

    def options(self, dataset: str) -> dict[str, Any]:
        """Return how a data set is obtained from its source, as `obtain` takes it."""
        entry = self.config["datasets"][dataset]
        keys = ("label", "features", "positive", "missing", "groups", "order", "sha256")
        options = {key: entry[key] for key in keys if key in entry}
        if (built_in := BUILT_IN.get(entry["source"])) and built_in.random:
            options["seed"] = self.config["seed"]
        return options

    def data(self, dataset: str) -> Dataset | None:
        """Return a data set; None if it is on a server and not fetched for this config."""
        if dataset not in self._data:
            self._data[dataset] = self._read(dataset)
        return self._data[dataset]

    def _read(self, dataset: str) -> Dataset | None:
        source = self.config["datasets"][dataset]["source"]
        if not is_url(source):
            file = next(iter(self.source(dataset)), None)
            return obtain(source, file=file, **self.options(dataset))
        record = Record.read(record_file(paths.log("fetch").format(dataset=dataset)))
        if record is None or record.job != digest_of_job(self.fetching(dataset)):
            return None
        files = [path.format(dataset=dataset) for path in (paths.DATA, paths.COLUMNS)]
        with suppress(OSError, KeyError, DataError):  # they are damaged, and are fetched again
            if all(os.path.isfile(f) and record.outputs[f] == digest(Path(f)) for f in files):
                return read_dataset(*map(Path, files))
        return None

    def known_answers(self, dataset: str) -> Path:
        """Return the file of known results of a data set."""
        return self.locate(self.config["datasets"][dataset]["known_answers"])

    @property
    def template(self) -> Path:
        """The file that the landing page of the report is rendered from."""
        return self.locate(TEMPLATE)

    def _check_dataset(self, dataset: str) -> None:
        entry, source = self.config["datasets"][dataset], self.config["datasets"][dataset]["source"]
        if "label" not in entry and source not in BUILT_IN:
            raise BackpropError(
                f"datasets.{dataset}.label: missing; it is the column with the class, and only "
                f"{', '.join(BUILT_IN)} have one without it"
            )
        for file in self.source(dataset):
            path = os.path.relpath(file)
            inside = path.startswith(f"{os.path.dirname(paths.SUMMARY)}/")
            if inside and path in self.results():  # the latter is slow with many data sets
                raise BackpropError(
                    f"datasets.{dataset}.source: found {source}, which is a result of "
                    "this workflow; allowed: another file, such as a copy of it"
                )
            if os.path.exists(file) and not (os.path.isfile(file) or os.path.isdir(file)):
                # A pipe or a device could be read for ever.
                raise BackpropError(
                    f"datasets.{dataset}.source: found {source}, which is not a file; {SOURCES}"
                )
        if data := self.data(dataset):
            self._check_folds(dataset, data)
        if "known_answers" in entry:
            self._check_known_answers(dataset)

    def _check_folds(self, dataset: str, data: Dataset) -> None:
        """Refuse a data set with a class that is too small for the folds."""
        groups = groups_of(data, self.duplicates(dataset))
        folds = self.config["validation"]["folds"]
        inner_folds = self.config["validation"].get("inner_folds") if self.choosers else None
        try:
            check_folds(data.y, folds, groups=groups, classes=data.classes)
            if data.order is not None or (
                groups is not None and len(np.unique(groups)) < MANY_GROUPS
            ):
                self._try_folds(data, groups)
            elif inner_folds is not None and groups is None:
                counts = smallest_training_classes(data.y, folds)
                y = np.repeat(np.arange(len(counts)), counts)
                where = f"{INNER}, in a training set"
                check_folds(y, inner_folds, classes=data.classes, where=where)
        except BackpropError as error:
            raise BackpropError(f"datasets.{dataset}: {error}") from error

    def _try_folds(self, data: Dataset, groups: Integers | None) -> None:
        """Draw the folds, as groups cannot be divided, and blocks may lack a class."""
        from backprop.study.cross_validation import draw_folds, draw_inner_folds  # slow

        how: Any = {
            "seed": self.config["seed"],
            "groups": groups,
            "order": data.order,
            "classes": data.classes,
        }
        splits = splits_of(draw_folds(data.y, **self.outer, **how))[: self.nested_splits]
        inner_folds = self.config["validation"].get("inner_folds")
        if self.choosers and inner_folds is not None:
            draw_inner_folds(splits, data.y, folds=inner_folds, **how)

    @property
    def outer(self) -> dict[str, Any]:
        """How the outer folds are drawn."""
        return {key: self.config["validation"][key] for key in ("folds", "repeats")}

    def _check_known_answers(self, dataset: str) -> None:
        entry, data = self.config["datasets"][dataset], self.data(dataset)
        file = self.known_answers(dataset)
        if not os.path.isfile(file):  # Path.is_file raises an error if the path is too long
            raise BackpropError(
                f"datasets.{dataset}.known_answers: found {entry['known_answers']}, "
                "which is not a file; allowed: a file of known results"
            )
        if data and (len(data.classes) > 2 or data.categories or np.isnan(data.x).any()):
            raise BackpropError(
                f"datasets.{dataset}.known_answers: found {entry['known_answers']}; allowed: for "
                "two classes and features that are numbers without missing values"
            )
        schema = self.root / SCHEMAS / "known_answers.schema.yaml"
        check_known_answers(file, schema, len(data.features) if data else None)

    def duplicates(self, dataset: str) -> str:
        """Return whether equal rows of a data set are in one fold: "keep" or "together"."""
        return self.config["datasets"][dataset].get("duplicates", "keep")

    def _check_memory(self, dataset: str) -> None:
        """Refuse a network that can be trained neither on this machine nor by a cluster job."""
        data = self.data(dataset)
        features = most_inputs(data) if data else 1
        outputs = output_nodes(len(data.classes)) if data else 1
        here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        for model in self.networks:
            limit = max(here, MODELS[model].megabytes * 2 ** (JOB_ATTEMPTS - 1))
            for configurations in self.shapes.values():
                shape, number = configurations[0].shape, len(configurations)
                fits = [
                    s * number for s in (self._splits(model), self._inner_splits(model, dataset))
                ]
                # The rows do not matter: a table of allowed size has few, compared with the limit.
                needed = bytes_of_job(shape, 0, features, fits[0], outputs, fits[1]) // 2**20
                if needed > limit:
                    hidden = list(shape.hidden)
                    key = "reference" if hidden == self.config["reference"]["hidden"] else "vary"
                    raise BackpropError(
                        f"{key}.hidden: found {hidden}, {sum(fits)} fits of {model} that need "
                        f"about {needed:,} MB together; allowed: at most {limit:,} MB, the memory "
                        "of this machine, or of the last attempt of a cluster job if that is more"
                    )

    # Files

    def fits(self, dataset: str, shapes: Sequence[str] | None = None) -> list[str]:
        """Return the files of fits of a data set, in the order of the models.

        Parameters
        ----------
        dataset : str
            Its name, or a wildcard.
        shapes : sequence of str, optional
            Of the networks, only the files of these shapes.
        """
        files = []
        for model in self.models:
            if model in self.networks:
                files += self.fits_of_network(dataset, model, shapes)
            else:
                files.append(paths.BASELINE_FITS.format(dataset=dataset, model=model))
        return files

    def fits_of_network(
        self, dataset: str, model: str, shapes: Sequence[str] | None = None
    ) -> list[str]:
        """Return the files of fits of a network, of some shapes or of all; see `fits`."""
        return [
            paths.NETWORK_FITS.format(dataset=dataset, model=model, shape=shape)
            for shape in (self.shapes if shapes is None else shapes)
        ]

    def fits_of_implementations(self, dataset: str) -> list[str]:
        """Return the files of fits of all implementations of the network, scratch first."""
        networks = [self.fits_of_network(dataset, model) for model in ("scratch", "tensorflow")]
        return [*itertools.chain(*networks), *self.fits_of_checks(dataset)]

    @property
    def compares_implementations(self) -> bool:
        """Whether the report compares the implementations of the network."""
        return {"scratch", "tensorflow"} <= set(self.models)

    def fits_of_checks(self, dataset: str) -> list[str]:
        """Return the files of fits of the networks that are only trained to check the others."""
        if not self.compares_implementations:
            return []
        return [
            paths.NETWORK_FITS.format(dataset=dataset, model=model, shape=shape)
            for model in network_models(MODELS)
            if not MODELS[model].compared
            for shape in list(self.shapes)[:1]
        ]

    def inner_folds(self, model: str, dataset: str) -> list[str]:
        """Return the file of the inner folds, in a list, if a model has inner fits."""
        own = self.choosers.get(model) == model
        return [paths.INNER_FOLDS.format(dataset=dataset)] * own

    def inputs(self, figure: str) -> dict[str, str | list[str]]:
        """Return the inputs of a figure, by the names of `Source`, with a wildcard `dataset`."""
        fits = {
            Source.FITS: self.fits("{dataset}"),
            Source.HEADLINE_FITS: self.fits("{dataset}", list(self.shapes)[:1]),
        }
        return {s.name: fits.get(s) or paths.SOURCES[s] for s in FIGURES[figure].sources}

    def written_together(self) -> dict[str, list[str]]:
        """Return the tables that one job writes as pages, by the name of its rule.

        The outputs of a rule are the same for all data sets. So one job writes the tables that
        every data set has, and each other table has a rule of its own.
        """
        together: dict[str, list[str]] = {"write_tables": []}
        for name, table in TABLES.items():
            if table.by_dataset:
                together[f"write_{name}"] = [name]
            elif table.possible(self.config, next(iter(self.config["datasets"]))):
                together["write_tables"].append(name)
        return together

    def numbers(self, table: str) -> str:
        """Return the file with the numbers of a table."""
        return paths.statistics(table) if TABLES[table].sentences else paths.table(table)

    def tables(self, dataset: str) -> list[str]:
        """Return the CSV files of the tables that the report shows of a data set."""
        names = contents.tables(self.config, dataset)
        return [paths.table(name).format(dataset=dataset) for name in names]

    def summarised(self) -> list[str]:
        """Return the tables and statistics that the landing page is written from."""
        return [
            path.format(dataset=dataset)
            for dataset in self.config["datasets"]
            for path in (
                *(
                    paths.table(name)
                    for name in contents.tables(self.config, dataset)
                    if name in SUMMARISED
                ),
                *map(paths.statistics, OWN_STATISTICS),
            )
        ]

    def inputs_of_pdf(self) -> dict[str, list[str]]:
        """Return what the page to hand in is drawn from, besides the tables: of all data sets."""
        inputs = self.inputs(PICTURED)
        return {
            source: [
                file.format(dataset=dataset)
                for dataset in self.config["datasets"]
                for file in ([files] if isinstance(files, str) else files)
            ]
            for source, files in inputs.items()
        }

    def links(self, dataset: str) -> list[str]:
        """Return links to the items of the report that readers want first, in HTML."""
        from backprop.report.wording.names import plural  # only now: most starts need no words

        tables, figures = (
            each(self.config, dataset) for each in (contents.tables, contents.figures)
        )
        rows = plural(self.row(dataset))
        items = [
            *((paths.page(name), tables[name]) for name in ("comparison",) if name in tables),
            *((paths.plot(name, ""), figures[name]) for name in LINKED if name in figures),
        ]
        return [
            report_link(path.format(dataset=dataset), entry.category, entry.title.format(rows=rows))
            for path, entry in items
        ]

    def pages(self, dataset: str) -> list[str]:
        """Return the pages of these tables."""
        names = contents.tables(self.config, dataset)
        return [paths.page(name).format(dataset=dataset) for name in names]

    def plots(self, dataset: str) -> list[str]:
        """Return the pictures that the report shows of a data set."""
        return [
            paths.plot(name, variant).format(dataset=dataset)
            for name, figure in contents.figures(self.config, dataset).items()
            for variant in figure.pictures(self.config)
        ]

    def results(self) -> list[str]:
        """Return every file that a run makes, so that Snakemake notices a missing one."""
        files = [paths.SUMMARY, paths.PDF]
        single = [paths.DATA, paths.COLUMNS, paths.DATA_PROVENANCE, paths.FOLDS]
        single += [paths.table("timings"), paths.PROVENANCE, paths.PROVENANCE_PAGE]
        # One job makes them, also those that no table shows.
        names = (*OWN_STATISTICS, "tuning", "effects", "nested", "nested_pairs")
        single += [paths.table("pairs"), *map(paths.statistics, names)]
        for dataset in self.config["datasets"]:
            files += [*self.pages(dataset), *self.tables(dataset), *self.plots(dataset)]
            files += [*self.fits(dataset), *self.fits_of_checks(dataset)]
            files += {f for model in self.choosers for f in self.inner_folds(model, dataset)}
            numbers = map(self.numbers, contents.tables(self.config, dataset))
            if self.compares_implementations:
                files.append(paths.statistics("twins").format(dataset=dataset))
            files += [path.format(dataset=dataset) for path in (*single, *numbers)]
        return list(dict.fromkeys(files))

    # Jobs

    def job(self, script: str, *modules: str, words: bool = False, **values: Any) -> JobParameters:
        """Return everything that a job depends on except its input files, as one string.

        Parameters
        ----------
        script, *modules, words
            As `Dependencies.of_job` takes them.
        **values
            What else the script needs: values that JSON can hold.
        """
        code = self.dependencies.of_job(script, *modules, words=words)
        return JobParameters(for_parameters(canonical_json({**code, **values})))

    def fetching(self, dataset: str) -> str:
        """Return the job that obtains a data set."""
        source = self.config["datasets"][dataset]["source"]
        # It may have secrets, and Snakemake shows parameters that change.
        shown = [without_secrets(source), digest_of_text(source)]
        content = [*map(digest, self.source(dataset))]
        options = self.options(dataset)
        return self.job("fetch", content=content, source=shown, options=options)

    def splitting(self, dataset: str) -> str:
        """Return the job that draws the folds of a data set."""
        return self.job(
            "split",
            seed=self.config["seed"],
            duplicates=self.duplicates(dataset),
            **self.outer,
        )

    def splitting_inner(self, dataset: str) -> str:
        """Return the job that draws the inner folds of a data set."""
        return self.job(
            "split_inner",
            seed=self.config["seed"],
            duplicates=self.duplicates(dataset),
            folds=self.config["validation"].get("inner_folds"),
            splits=self.nested_splits,
        )

    def training(self, model: str, shape: str) -> str:
        """Return the job that trains the configurations of a shape.

        Its ``computes`` is the code and the versions that decide a fit, for the fingerprint.
        """
        module = MODELS[model].module
        return self.job(
            "train_network",
            module,
            module=module,
            computes=self.dependencies.of_modules("backprop.models.networks", module),
            configurations=self._configurations(model, shape),
            splits=None if MODELS[model].compared else 1,  # None: all
            seed=self.config["seed"],
            training=self._training,
        )

    def training_twins(self) -> str:
        """Return the job that trains the twins of networks, see `backprop.models.twins`."""
        return self.job("train_twins", seed=self.config["seed"], training=self._training)

    def fitting(self, model: str) -> str:
        """Return the job that fits a baseline; see `training` for its ``computes``."""
        module = MODELS[model].module
        computes = self.dependencies.of_modules("backprop.models.baselines", module)
        return self.job(
            "train_baseline",
            module,
            module=module,
            computes=computes,
            configurations=self._plain_candidates[model],
        )

    def fitting_estimator(self, model: str) -> str:
        """Return the job that fits a classifier of scikit-learn; see `training`."""
        computes = self.dependencies.of_modules(MODELS[model].module)
        return self.job(
            "train_estimator",
            computes={**computes, "classifier": MODELS[model].classifier},
            configurations=self._plain_candidates[model],
            seed=self.config["seed"],
        )

    def simulating(self) -> str:
        """Return the job that measures how often the verdicts are wrong."""
        networks = sorted(self.networks, key="scratch".__ne__)[:1]  # all are one model
        models = [BASELINE, *networks]
        return self.job(
            "train_simulated",
            MODELS[BASELINE].module,
            candidates=[(model, self._plain_candidates[model][:1]) for model in models],
            **{key: self.config["validation"][key] for key in ("folds", "repeats")},
            rope=self.config["comparison"]["rope"],
            metric=self.metric,
            seed=self.config["seed"],
            sets=self.config.get("simulation", {}).get("sets"),
            training=self._training if networks else {},
        )

    def number_of_fits(self, dataset: str, model: str, shape: str | None = None) -> int:
        """Return how many fits a file has when its training job is done.

        It may be fewer if a data set that has groups or an order, or is not here yet, allows fewer
        inner folds.
        """
        own = self._configurations(model, shape) if shape else self.candidates[model]
        return (self._splits(model) + self._inner_splits(model, dataset)) * len(own)

    def comparing(self, dataset: str) -> str:
        """Return the job that computes the statistics of configurations and models."""
        return self.job(
            "compare",
            **self._of_models,
            **self._judging(dataset),
            choosers=list(self.choosers.items()),
            seed=self.config["seed"],
        )

    def reviewing(self, dataset: str) -> str:
        """Return the job that looks for what a reviewer would object to."""
        return self.job("review", **self._of_models, **self._judging(dataset))

    def _judging(self, dataset: str) -> dict[str, Any]:
        """Return the parameters of a job that judges models on a data set."""
        return {
            "metric": self.metric,
            "rope": self.config["comparison"]["rope"],
            "duplicates": self.duplicates(dataset),
        }

    @property
    def metric(self) -> str:
        """The metric of the study."""
        return self.config["comparison"].get("metric", "accuracy")

    def checking(self, dataset: str) -> str:
        """Return the job that checks a data set against known results."""
        content = [digest(self.known_answers(dataset))]
        return self.job("check_known_answers", words=True, content=content)

    def summarising(self) -> str:
        """Return the job that writes the landing page of the report, and the page to hand in."""
        content = [digest(self.template)]
        return self.job(
            "summarise",
            *self._baseline_modules,
            words=True,
            **self._of_models,
            config=self.shown_config,
            links={dataset: self.links(dataset) for dataset in self.config["datasets"]},
            settings={d: self._settings(PICTURED, d) for d in self.config["datasets"]},
            content=content,
        )

    def following_one_step(self) -> str:
        """Return the job that follows the first update of the reference network."""
        seed = self.config["seed"]
        return self.job("one_step", words=True, configuration=self.reference, seed=seed)

    def writing(self, names: Sequence[str], dataset: str) -> str:
        """Return the job that writes the pages of some tables of a data set."""
        shown = [
            {
                "name": name,
                "title": TABLES[name].title,
                "sentences": TABLES[name].sentences,
                "digits": TABLES[name].digits,
                "first": TABLES[name].first_columns(self.metric),
            }
            for name in names
        ]
        return self.job(
            "write_tables",
            words=True,
            tables=shown,
            **self._of_models,
            context=self.context(dataset),
        )

    def context(self, dataset: str) -> dict[str, Any]:
        """Return what the sentences on a data set need besides its numbers; see `Context`."""
        return {
            "metric": self.metric,
            "rope": self.config["comparison"]["rope"],
            "noun": self.row(dataset),
            "epochs": self.config["training"]["epochs"],
            "patience": self.config["training"]["patience"],
            **self.outer,
        }

    def drawing(self, name: str, dataset: str) -> str:
        """Return the job that draws the pictures of a figure of a data set."""
        figure = FIGURES[name]
        return self.job(
            "plot",
            f"backprop.report.figures.{name}",
            *(self._baseline_modules if figure.evaluates else []),
            words=True,
            figure=name,
            variants=[
                (variant, figure.heading(by, self.row(dataset)))
                for variant, by in figure.pictures(self.config).items()
            ],
            **self._estimators,
            settings=self._settings(name, dataset),
        )

    def _settings(self, figure: str, dataset: str) -> dict[str, Any]:
        """Return the settings that a figure of a data set needs, by the names of `Setting`."""
        references = [(model, every[:1]) for model, every in self._plain_candidates.items()]
        values = {
            Setting.CONFIGURATIONS: self._all_candidates,
            Setting.REFERENCE: references,
            Setting.SEED: self.config["seed"],
            Setting.METRIC: self.metric,
            Setting.ROPE: self.config["comparison"]["rope"],
            Setting.ROW: self.row(dataset),
        }
        return {setting.name: values[setting] for setting in FIGURES[figure].settings}

    @property
    def _baseline_modules(self) -> list[str]:
        return [MODELS[m].module for m in self.models if MODELS[m].family == "baseline"]

    def recording(self, dataset: str) -> str:
        """Return the job that records the provenance of the tables of a data set."""
        scripts, modules = self._makers(dataset)
        config = self.shown_config  # without the other data sets, on which nothing depends
        rules = [self.root / "Snakefile", *sorted(self.root.glob("workflow/rules/*.smk"))]
        rules.append(self.root / SCHEMAS / "config.schema.yaml")  # its defaults decide values
        code = self.dependencies.code(scripts, modules, words=True)
        versions = self.dependencies.versions(scripts, modules)
        environment = {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "packages": {name: versions[name] for name in versions.keys() - {"python"}},
        }
        return self.job(
            "provenance",
            words=True,
            title=PROVENANCE.title,
            digits=PROVENANCE.digits,
            dataset=dataset,
            config={**config, "datasets": {dataset: config["datasets"][dataset]}},
            environment=environment,
            makers={**code, **{file.name: digest(file) for file in rules}},
        )

    def _makers(self, dataset: str) -> tuple[list[str], list[str]]:
        """Return the scripts that make the tables of a data set, and the models' modules."""
        scripts = ["fetch", "split", "train_baseline", "score", "compare", "review", "write_tables"]
        if self.choosers:
            scripts.append("split_inner")
        if self._estimators:
            scripts.append("train_estimator")
        modules = [MODELS[model].module for model in self.models]
        tables = contents.tables(self.config, dataset)
        if self.networks:
            scripts.append("train_network")
        if "parity" in tables:
            scripts += ["train_twins", "parity", "one_step"]
            modules += [model.module for model in MODELS.values() if not model.compared]
        if "error_rates" in tables:
            scripts.append("train_simulated")
        if "known_answers" in tables:
            scripts.append("check_known_answers")
        return scripts, modules

    @property
    def _training(self) -> dict[str, Any]:
        """The stop condition of the networks, without a tolerance that has no effect."""
        training = dict(self.config["training"])
        if training["patience"] is None:
            del training["tolerance"]
        return training

    @cached_property
    def _plain_candidates(self) -> dict[str, list[dict[str, Any]]]:
        """The configurations of each model, as values for JSON; the networks share one list."""
        networks = [candidate.values() for candidate in self.configurations]
        return {
            model: networks
            if model in self.networks
            else [candidate.values() for candidate in every]
            for model, every in self.candidates.items()
        }

    @property
    def _all_candidates(self) -> list[tuple[str, Any]]:
        """All of them in pairs, as `read_candidates` takes them: a large grid once, not twice."""
        shared = dict.fromkeys(self.networks[1:], *self.networks[:1])
        return [
            (model, shared.get(model, every)) for model, every in self._plain_candidates.items()
        ]

    @property
    def _estimators(self) -> dict[str, Any]:
        """The parameter of a job that handles models: the class of each estimator, if any."""
        own = self.config.get("estimators", {}).items()  # in pairs: their order decides colours
        return (
            {"estimators": [(name, {"class": entry["class"]}) for name, entry in own]}
            if own
            else {}
        )

    @property
    def _of_models(self) -> dict[str, Any]:
        """The parameters of a job that handles all configurations of all models."""
        return {**self._estimators, "candidates": self._all_candidates}

    def _configurations(self, model: str, shape: str) -> list[Configuration]:
        return self.shapes[shape] if MODELS[model].compared else self.configurations[:1]

    def _splits(self, model: str) -> int:
        validation = self.config["validation"]
        return validation["folds"] * validation["repeats"] if MODELS[model].compared else 1

    @property
    def choosers(self) -> dict[str, str]:
        """The models with several configurations, and whose inner fits choose among them."""
        networks = self.config["validation"].get("inner_networks", "scratch")
        tuned = [model for model, every in self.candidates.items() if len(every) > 1]
        return choosers(tuned, networks) if self.nested_splits else {}

    @property
    def nested_splits(self) -> int:
        """The number of splits with inner folds: the first ones; 0 without nested validation."""
        validation = self.config["validation"]
        if validation.get("inner_folds", DEFAULT_INNER_FOLDS) is None:
            return 0
        asked = validation.get("inner_repeats", DEFAULT_INNER_REPEATS)
        return int(validation["folds"] * min(asked, validation["repeats"]))

    def _inner_splits(self, model: str, dataset: str) -> int:
        """Return about how many inner splits a model is trained on."""
        if self.choosers.get(model) != model:
            return 0
        validation, data = self.config["validation"], self.data(dataset)
        folds = validation.get("inner_folds", DEFAULT_INNER_FOLDS)
        if data and "inner_folds" not in validation:
            smallest = int(smallest_training_classes(data.y, validation["folds"]).min())
            folds = min(folds, smallest) if smallest > 1 else 0
        return int(self.nested_splits * folds)

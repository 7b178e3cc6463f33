"""What the workflow has to do for a config, and what each of its jobs depends on.

A job's parameters are one canonical JSON string, because Snakemake compares parameters as a set, in
which two values that change places go unnoticed. The code that a job runs is among its inputs, and
the versions of the packages that this code imports are among its parameters, both derived from
the import graph, because Snakemake tracks neither.
"""

import ast
import os
import platform
import re
import sys
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import grimp

from backprop.data import sources
from backprop.data.dataset import Dataset
from backprop.errors import BackpropError
from backprop.report import items as figures
from backprop.report.catalogue import TABLES
from backprop.report.items import FIGURES
from backprop.study.configurations import (
    NETWORKS,
    Configuration,
    canonical,
    enumerate_configurations,
)
from backprop.study.splits import check_folds
from backprop.workflow import config as config_file
from backprop.workflow import housekeeping
from backprop.workflow.jobs import SNAKEMAKE

PACKAGE = "backprop"
BUNDLED = "resources/ex4.csv"


class Plan:
    """The plan of a run.

    Parameters
    ----------
    config : mapping
        What config.yaml holds.
    root : Path
        The directory of the Snakefile. Relative paths of the config are looked for in the working
        directory, then here.

    Attributes
    ----------
    models : list of str
    networks : list of str
        Those of the models that have hyperparameters.
    configurations : list of Configuration
        The reference first.
    shapes : dict of str to list of Configuration
        What is trained in one stack, by the shape's name.

    Raises
    ------
    BackpropError
        If the config, or a data set that is already on this machine, cannot be used.
    """

    def __init__(self, config: Mapping[str, Any], root: Path) -> None:
        config_file.check(config, root / "workflow/schemas/config.schema.yaml")
        self.config = config
        self.root = root
        self.models: list[str] = config["models"]
        self.networks = [model for model in self.models if model in NETWORKS]
        self.configurations = enumerate_configurations(config)
        self.shapes: dict[str, list[Configuration]] = {}
        for configuration in self.configurations:
            self.shapes.setdefault(configuration.shape.name, []).append(configuration)
        for name, dataset in config["datasets"].items():
            if not sources.is_url(dataset["source"]):
                check_folds(self.obtain(name).y, config["validation"]["folds"])
            if "known_answers" in dataset:
                if not self.known_answers(name).is_file():
                    raise BackpropError(
                        f"datasets.{name}.known_answers: found {dataset['known_answers']}, "
                        "which is not a file; allowed: a file of known results"
                    )
                config_file.check_known_answers(
                    self.known_answers(name),
                    root / "workflow/schemas/known_answers.schema.yaml",
                    len(dataset["features"]),
                )

    @property
    def has_both_networks(self) -> bool:
        """Whether there are two networks to compare with each other."""
        return set(self.networks) == set(NETWORKS)

    # Data sets

    @property
    def dataset_pattern(self) -> str:
        """The regular expression of the data sets' names."""
        return "|".join(map(re.escape, self.config["datasets"]))

    def path(self, written: str) -> Path:
        """Return the file that a path of the config means, relative to here if it is within."""
        path = Path(written)
        return path if path.exists() else _from_here(self.root / path)

    def source(self, dataset: str) -> list[Path]:
        """Return the file that a data set comes from; none if it comes from a server."""
        source = self.config["datasets"][dataset]["source"]
        if sources.is_url(source):
            return []
        return [self.path(BUNDLED if source == "bundled" else source)]

    def obtain(self, dataset: str) -> Dataset:
        """Read a data set that is on this machine."""
        wanted = self.config["datasets"][dataset]
        return sources.obtain(
            wanted["source"],
            features=wanted["features"],
            label=wanted["label"],
            sha256=wanted.get("sha256"),
            file=self.source(dataset)[0],
        )

    # What a job depends on

    def code(self, script: str, *modules: str) -> list[Path]:
        """List the files that a job runs: its script, and what that imports of the library.

        Parameters
        ----------
        script : str
            The name of a file in workflow/scripts, without its ending.
        *modules : str
            Modules that the script imports by a name that it is given.
        """
        file = self.root / "workflow/scripts" / f"{script}.py"
        ours = {m for m in self._modules(script, *modules) if m.split(".")[0] == PACKAGE}
        return [_from_here(path) for path in [file, *sorted(map(self._file, ours))]]

    def versions(self, script: str, *modules: str) -> dict[str, str]:
        """Return the versions of Python and of the packages that a job's code imports."""
        packages = self._modules(script, *modules) - sys.stdlib_module_names - {PACKAGE}
        releases = {_release(p) for p in packages if p.split(".")[0] != PACKAGE}
        minor = ".".join(platform.python_version_tuple()[:2])
        return {"python": minor, **dict(sorted(releases))}

    def job(self, script: str, *modules: str, **values: Any) -> str:
        """Return all that a job depends on but for its input files, as one string."""
        return canonical({"versions": self.versions(script, *modules), **values})

    def _modules(self, script: str, *modules: str) -> set[str]:
        named = set(modules)
        tree = ast.parse((self.root / "workflow/scripts" / f"{script}.py").read_bytes())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                named.update((inner & self._graph.modules) or {node.module})
        found = set()
        for name in named:
            known = name if name in self._graph.modules else name.split(".")[0]
            found.add(known)
            if known in self._graph.modules:
                found |= self._graph.find_upstream_modules(known)
        for name in list(found):  # importing a module runs the packages around it
            parts = name.split(".")
            found.update(".".join(parts[:n]) for n in range(1, len(parts)))
        return found

    @cached_property
    def _graph(self) -> grimp.ImportGraph:
        return grimp.build_graph(
            PACKAGE,
            include_external_packages=True,
            exclude_type_checking_imports=True,
            cache_dir=None,
        )

    def _file(self, module: str) -> Path:
        path = self.root / "src" / Path(*module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    # What the rules ask for

    def fetching(self, dataset: str) -> str:
        """Return the job that obtains a data set."""
        wanted = self.config["datasets"][dataset]
        keys = ("source", "features", "label", "sha256")
        return self.job("fetch", **{key: wanted.get(key) for key in keys})

    def training(self, model: str, shape: str) -> str:
        """Return the job that trains a shape."""
        return self._training(f"train_{model}", self.shapes[shape])

    def plain_training(self) -> str:
        """Return the job that trains every configuration the plain way, on the first split."""
        return self._training("train_plain", self.configurations, splits=1)

    def _training(self, script: str, wanted: list[Configuration], **more: Any) -> str:
        seed, training = self.config["seed"], self.config["training"]
        return self.job(script, configurations=wanted, seed=seed, training=training, **more)

    def one_step(self) -> str:
        """Return the job that follows one step of the reference network."""
        return self.job("one_step", configuration=self.configurations[:1], seed=self.config["seed"])

    def makers(self) -> list[str]:
        """List the scripts that make the tables."""
        names = ["fetch", "split", *(f"train_{model}" for model in self.models), "gather"]
        names.append("compare")
        if self.has_both_networks:
            names += ["train_plain", "parity", "one_step"]
        if any("known_answers" in dataset for dataset in self.config["datasets"].values()):
            names.append("check_known_answers")
        return names

    def makers_code(self) -> list[Path]:
        """List all files that the tables are made by."""
        workflow = [self.root / "Snakefile", *self.root.glob("workflow/rules/*.smk")]
        code = {file for script in self.makers() for file in self.code(script)}
        return sorted(code | set(map(_from_here, workflow)))

    def recording(self, dataset: str) -> str:
        """Return the job that records the provenance of the tables of a data set."""
        used = [self.versions(script) for script in self.makers()]
        packages = {name: number for versions in used for name, number in versions.items()}
        environment = {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "packages": {name: packages[name] for name in sorted(packages.keys() - {"python"})},
        }
        return self.job("provenance", dataset=dataset, config=self.config, environment=environment)

    def fits(self, dataset: str) -> list[str]:
        """List the files of fits of a data set, in the order of the models."""
        folder = f"results/{dataset}/fits"
        files = []
        for model in self.models:
            if model in NETWORKS:
                files += [f"{folder}/{model}/{shape}.parquet" for shape in self.shapes]
            else:
                files.append(f"{folder}/{model}.parquet")
        return files

    def fits_of_parity(self, dataset: str) -> list[str]:
        """List the files of fits of a data set that are there for the parity table alone."""
        return [f"results/{dataset}/fits/plain.parquet"] if self.has_both_networks else []

    def comparing(self) -> str:
        """Return the job that compares configurations and models."""
        return self.job(
            "compare",
            configurations=self.configurations,
            folds=self.config["validation"]["folds"],
            seed=self.config["seed"],
            **self.config["comparison"],
        )

    def known_answers(self, dataset: str) -> Path:
        """Return the file of results that are known for a data set."""
        return self.path(self.config["datasets"][dataset]["known_answers"])

    def tables(self, dataset: str) -> list[str]:
        """List the tables of a data set, as pages."""
        names = set(TABLES)
        if not self.networks:
            names -= {"tuning", "effects"}
        if not self.has_both_networks:
            names -= {"parity", "one_step"}
        if "known_answers" not in self.config["datasets"][dataset]:
            names -= {"known_answers"}
        return [f"results/{dataset}/tables/{name}.html" for name in TABLES if name in names]

    def recorded(self, dataset: str) -> list[str]:
        """List the tables whose digests are recorded: those that are the same in every run."""
        return [str(Path(page).with_suffix(".csv")) for page in self.tables(dataset)]

    def plots(self, dataset: str) -> list[str]:
        """List the plots of a data set."""
        names = figures.pictures(self.config, dataset)
        return [f"results/{dataset}/plots/{name}.svg" for name in names]

    def drawn_from(self, figure: str) -> dict[str, str | list[str]]:
        """Return the files that a figure is drawn from, with a wildcard for the data set."""
        needs = FIGURES[figure].needs
        files: dict[str, str | list[str]] = {
            name: f"results/{{dataset}}/{file}"
            for name, file in figures.FILES.items()
            if name in needs
        }
        if "fits" in needs:
            files["fits"] = self.fits("{dataset}")
        if "headlines" in needs:
            chosen = {*self.models, *list(self.shapes)[:1]}
            files["fits"] = [f for f in self.fits("{dataset}") if Path(f).stem in chosen]
        return files

    def plotting(self, figure: str) -> str:
        """Return the job that draws a figure."""
        known = {
            "candidates": self.configurations,
            "seed": self.config["seed"],
            "rope": self.config["comparison"]["rope"],
        }
        needs = FIGURES[figure].needs
        needed = {name: value for name, value in known.items() if name in needs}
        if "headlines" in needs:
            needed["candidates"] = self.configurations[:1]
        return self.job("plot", f"backprop.report.figures.{figure}", figure=figure, **needed)

    def labels(self, figure: str) -> Callable[[Any], dict[str, str]]:
        """Return what the report writes beside the pictures of a figure, by their wildcards."""
        title, variants = FIGURES[figure].title, FIGURES[figure].variants

        def labels(wildcards: Any) -> dict[str, str]:
            shown = {"data": wildcards.dataset, "table or figure": title}
            return {**shown, "by": variants(self.config)[wildcards.variant]} if variants else shown

        return labels

    def results(self) -> list[str]:
        """List the files that a run makes; what others are made of too, so that none is missing."""
        files = ["results/summary.rst"]
        for name in self.config["datasets"]:
            files += [*self.tables(name), *self.recorded(name), *self.plots(name), *self.fits(name)]
            files += self.fits_of_parity(name)
            folder = f"results/{name}"
            files += [f"{folder}/{file}" for file in ("provenance.html", "tables/timings.csv")]
            files += [f"{folder}/data/{file}" for file in ("dataset.csv", "folds.csv")]
        return files

    def set_aside_damaged(self) -> None:
        """Rename files of fits that are damaged, and say so: they are then made anew."""
        for dataset in self.config["datasets"]:
            for files, table in (
                (self.fits(dataset), "fits"),
                (self.fits_of_parity(dataset), "parity"),
            ):
                made = Path(f"results/{dataset}/tables/{table}.csv")
                for message in housekeeping.set_aside_damaged(map(Path, files), made):
                    print(f"warning: {message}", file=sys.stderr)

    def remove_outdated(self) -> None:
        """Remove tables and pictures that the config no longer asks for, and say so."""
        always = {"fits.csv", "timings.csv", "tuning.csv", "effects.csv"}  # whatever the models
        for dataset in self.config["datasets"]:
            wanted = {Path(file) for file in [*self.results(), *self.recorded(dataset)]}
            for part in ("tables", "plots"):
                folder = Path("results", dataset, part)
                names = always | {file.name for file in wanted if file.parent == folder}
                for file in housekeeping.remove_outdated(folder, names):
                    print(f"removed {file}: config.yaml no longer asks for it", file=sys.stderr)

    def count(self, shape: str | None = None) -> str:
        """Say how many fits a training job is about: of a shape, or of a baseline."""
        configurations = len(self.shapes[shape]) if shape else 1
        splits = self.config["validation"]["folds"] * self.config["validation"]["repeats"]
        plural = "s" * (configurations > 1)
        return (
            f"{configurations} configuration{plural} x {splits} splits = "
            f"{configurations * splits} fits"
        )


def check_file(path: str) -> None:
    """End the process with one message if `path` is not a YAML file with keys at its top."""
    try:
        config_file.read(Path(path))
    except BackpropError as error:
        sys.exit(f"error: {error}")


def load(config: Mapping[str, Any], root: str) -> Plan:
    """Make the plan of a run of the workflow in `root`, whose scripts import the library there.

    A config that cannot be used ends the process with the message that says why.
    """
    paths = [f"{root}/src", *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ[SNAKEMAKE] = str(os.getpid())
    try:
        return Plan(config, Path(root))
    except BackpropError as error:
        sys.exit(f"error: {error}")


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


@cache
def _release(package: str) -> tuple[str, str]:
    """Return the name and the version of what a package was installed by."""
    name = _distributions()[package][0]
    return name, version(name)

"""The files that a run makes for a config, and the files that each job reads."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial

from backprop.config import Config
from backprop.data.file_tables import modules_for
from backprop.models.registry import is_network, the_network
from backprop.report import contents
from backprop.report.contents import LIVE, TABLES, Figure
from backprop.statistics.tables import TABLES as DECLARED
from backprop.workflow.plan import paths
from backprop.workflow.plan.design import Design

HANDED_IN = "decision_boundaries"
"""The figure on the page to hand in; for that, it is also written in pixels."""

SETTINGS = ("metric", "rope", "row", "seed", "duplicates", "feature_groups")
"""The values of the config that a figure may need."""

OF_NEW_DATA = (
    paths.RIVAL, paths.NEW_DATA, paths.NEW_COLUMNS, paths.NEW_PREDICTIONS, paths.USES
)  # fmt: skip
"""What a run makes if there are new data, besides the tables."""


class FitFiles:
    """The files of fits. In most methods `dataset` may be the wildcard ``{dataset}``."""

    def __init__(self, design: Design) -> None:
        self._design = design

    def of_models(self, dataset: str, shapes: Sequence[str] | None = None) -> list[str]:
        """Return the files of fits of a data set, in the order of the models.

        Parameters
        ----------
        dataset : str
            Its name, or a wildcard.
        shapes : sequence of str, optional
            Of the networks, only the files of these shapes.
        """
        return self._of(self._design.models, dataset, shapes)

    def _of(
        self, models: Iterable[str], dataset: str, shapes: Iterable[str] | None = None
    ) -> list[str]:
        """Return the files of fits of some models, of which a network has one for each shape."""
        files = []
        for model in models:
            if is_network(model):
                files += [
                    paths.NETWORK_FITS.format(dataset=dataset, model=model, shape=shape)
                    for shape in (self._design.shapes if shapes is None else shapes)
                ]
            else:
                files.append(paths.FITS.format(dataset=dataset, model=model))
        return files

    def of_implementations(self, dataset: str) -> list[str]:
        """Return the files of fits of all implementations of the network, scratch first."""
        every = (model for model in self._design.registry if model in self._design.networks)
        return self._of(every, dataset)

    def on_shares(self, dataset: str) -> list[str]:
        """Return the files of fits that are trained on shares of each training set."""
        return [
            paths.SHARE_FITS.format(dataset=dataset, share=share, model=model)
            for share in self._design.division.shares
            for model in self._design.trained_on_shares
        ]

    def without_features(self, dataset: str) -> list[str]:
        """Return the files of fits without some features."""
        is_asked = self._design.weighing["asked"] != "none"
        models = self._design.trained_on_shares if is_asked else []
        return [paths.WITHOUT_FITS.format(dataset=dataset, model=model) for model in models]

    def to_watch(self, dataset: str) -> list[str]:
        """Return the files of fits of one network, the hand-written one if it is there."""
        return self._of(the_network(self._design.networks), dataset)

    @property
    def headline(self) -> list[str]:
        """The shape of the reference, in a list; no shape without a network."""
        return list(self._design.shapes)[:1]

    def inner_folds(self, model: str, dataset: str) -> list[str]:
        """Return the file of the inner folds, in a list, if a model has inner fits."""
        is_own = self._design.choosers.get(model) == model
        return [paths.INNER_FOLDS.format(dataset=dataset)] if is_own else []


class Outputs:
    """The files of a run. In most methods `dataset` may be the wildcard ``{dataset}``.

    Parameters
    ----------
    config : Config
    design : Design
    on_disk : callable, optional
        As `backprop.workflow.plan.plan.Plan` takes it.
    several : bool, optional
        Whether the config has several data sets, of which some may be left out; by default, whether
        it has them now.

    Attributes
    ----------
    fit_files : FitFiles
    several : bool
    """

    def __init__(
        self,
        config: Config,
        design: Design,
        on_disk: Callable[[str], str] = str,
        *,
        several: bool | None = None,
    ) -> None:
        self._config, self._design, self.on_disk = config, design, on_disk
        self.several = len(config.datasets) > 1 if several is None else several
        self.fit_files = FitFiles(design)
        self._tables = cache(partial(contents.tables, config))  # of a data set, by its name

    # Tables and figures

    def numbers(self, table: str) -> str:
        """Return the file with the numbers of a table."""
        is_final = table in TABLES and not DECLARED[table].has_sentences
        return paths.table(table) if is_final else paths.statistics(table)

    def computed_by(self, rule: str) -> dict[str, str]:
        """Return the files of the tables that a rule computes, by name."""
        shown = self._tables(next(iter(self._config.datasets)))
        names = [
            name
            for name, table in DECLARED.items()
            if table.computed_by == rule and (name in shown or not table.if_shown)
        ]
        return {name: self.numbers(name) for name in names}

    def file(self, name: str) -> str | list[str]:
        """Return the file, or files, of results by a name of `Results`, of the wildcard dataset."""
        files: dict[str, str | list[str]] = {
            "data": [paths.DATA, paths.COLUMNS],
            "folds": paths.FOLDS,
            "fits": self.fit_files.of_models("{dataset}"),
            "headline_fits": self.fit_files.of_models("{dataset}", self.fit_files.headline),
            "scores": paths.table("fits"),
            "candidates": paths.CANDIDATES,
            "recommendation": paths.RECOMMENDATION,
        }
        return files.get(name) or self.numbers(name)

    def written_together(self) -> dict[str, list[str]]:
        """Return the tables to which one job adds sentences, or that it writes as pages, by rule.

        The outputs of a rule are the same for all data sets. So one job writes the tables that
        every data set has, and each other table that any has, a rule of its own, with those on its
        page.
        """
        together: dict[str, list[str]] = {"write_tables": []}
        for name, table in TABLES.items():
            is_written = DECLARED[name].has_sentences or table.page != ""
            if is_written and any(table.possible(self._config, d) for d in self._config.datasets):
                rule = f"write_{table.page or name}" if table.by_dataset else "write_tables"
                together.setdefault(rule, []).append(name)
        return together

    def with_pages(self, names: Sequence[str]) -> list[str]:
        """Return which of some tables have a page of their own."""
        return [name for name in names if TABLES[name].page is None]

    def tables(self, dataset: str) -> list[str]:
        """Return the CSV files of the tables that the report shows of a data set."""
        names = self._tables(dataset)
        return [paths.table(name).format(dataset=dataset) for name in names]

    def pages(self, dataset: str) -> list[str]:
        """Return the pages of these tables."""
        names = contents.pages(self._config, dataset)
        return [paths.page(name).format(dataset=dataset) for name in names]

    def plots(self, dataset: str) -> list[str]:
        """Return the pictures that the report shows of a data set, and their pages."""
        return [
            path(name, variant).format(dataset=dataset)
            for path in (paths.plot, paths.plot_page)
            for name, figure in contents.figures(self._config, dataset).items()
            for variant in figure.pictures(self._config)
        ]

    def figures(self) -> dict[str, Figure]:
        """Return the figures of each data set, by name. One job draws them: they share results."""
        return contents.figures(self._config, next(iter(self._config.datasets)))

    def inputs_of_figures(self) -> dict[str, str | list[str]]:
        """Return what figures are drawn from, by the names of `Results`."""
        needs = dict.fromkeys(need for each in self.figures().values() for need in each.needs)
        return {need: self.file(need) for need in needs if need not in SETTINGS}

    def settings_of_figures(self) -> list[str]:
        """Return the values of the config that figures are drawn from."""
        needs = {need for each in self.figures().values() for need in each.needs}
        return [name for name in SETTINGS if name in needs]

    def handed_in(self, dataset: str) -> list[str]:
        """Return the picture on the page to hand in, in a list; a first look has none."""
        return [paths.HANDED_IN.format(dataset=dataset)] if HANDED_IN in self.figures() else []

    def shown_first(self, dataset: str) -> list[str]:
        """Return the same picture for the landing page, as SVG."""
        return [paths.plot(HANDED_IN, "").format(dataset=dataset)] * len(self.handed_in(dataset))

    # The landing page and the page to hand in

    def first(self, path: str) -> str:
        """Return the path of a file on the first page; each of several data sets has its own."""
        return paths.of_each(path) if self.several else path

    def summarised(self, dataset: str) -> list[str]:
        """Return the tables and statistics that a landing page is written from."""
        return [
            path.format(dataset=dataset)
            for name, table in DECLARED.items()
            if table.summarised
            for path in self._shown(name, dataset)
        ]

    def uses_new_data(self, dataset: str) -> bool:
        """Return whether models are judged on new data, besides the data of the study."""
        return "new_data" in self._tables(dataset)

    def _shown(self, table: str, dataset: str) -> list[str]:
        """Return the file of a table with its sentences, in a list; none if it is not shown."""
        if table not in TABLES:
            return [paths.statistics(table)]
        if table == "warnings":
            return [paths.WORDED_WARNINGS]
        return [paths.table(table)] if table in self._tables(dataset) else []

    def across(self) -> list[str]:
        """Return the tables over all data sets; none with fewer than three."""
        return [paths.table_across(name) for name in contents.across(self._config)]

    # All of them

    def results(self) -> list[str]:
        """Return every file that a run makes, so that Snakemake notices a missing one."""
        written = (paths.SUMMARY, paths.PDF, paths.SUMMARY_JSON)
        files = [paths.CANDIDATES, *([written[0], written[2]] if self.several else written)]
        files += [paths.ACROSS_PAGE, *self.across()] if self.across() else []
        single = [paths.DATA, paths.COLUMNS, paths.DATA_PROVENANCE, paths.FOLDS]
        single += [
            *self.computed_by("compare").values(),  # also those that no table shows
            paths.RECOMMENDATION,
            paths.WORDED_WARNINGS,
            paths.MODEL,
            paths.table("timings"),
            paths.ROWS,
            paths.ROWS_PAGE,
            paths.PROVENANCE,
            paths.PROVENANCE_PAGE,
            *(map(paths.of_each, written) if self.several else ()),
        ]
        fits = self.fit_files
        for dataset in self._config.datasets:
            files += [*self.pages(dataset), *self.tables(dataset), *self.plots(dataset)]
            files += self.handed_in(dataset)
            files += fits.of_models(dataset)
            files += fits.on_shares(dataset)
            files += fits.without_features(dataset)
            files += [paths.INNER_FOLDS.format(dataset=dataset)] if self._design.choosers else []
            numbers = map(self.numbers, self._tables(dataset))
            if LIVE.possible(self._config, dataset):
                files.append(paths.LIVE.format(dataset=dataset))
            new = OF_NEW_DATA if self.uses_new_data(dataset) else ()
            files += [path.format(dataset=dataset) for path in (*single, *numbers, *new)]
        return list(dict.fromkeys(files))

    def files(self) -> list[str]:
        """Return the paths of these files on disk: a module may have a prefix."""
        return list(map(self.on_disk, self.results()))

    def makers(self, dataset: str) -> tuple[list[str], list[str]]:
        """Return the scripts that make the tables of a data set, and modules used by name."""
        tables = self._tables(dataset)
        scripts = ["fetch", "split", "candidates", "train", "write_tables"]
        scripts += dict.fromkeys(DECLARED[table].computed_by for table in tables)
        if self._design.choosers:
            scripts.append("split_inner")
        if self._design.division.shares:
            scripts.append("train_share")
        if "importance" in tables:
            scripts.append("train_without")
        registry = self._design.registry
        trained = [registry[model] for model in self._design.models]
        entry = self._config.datasets[dataset]
        modules = modules_for(entry.source, entry.sheet)
        modules += [module for model in trained for module in model.trained_by]
        if "new_data" in tables:
            scripts.append("train_chosen")
        if {"error_rates", "new_data"} & {*tables}:
            modules += self._design.predicted_by(self._design.models)
        return scripts, list(dict.fromkeys(modules))

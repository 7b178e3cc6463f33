"""What the workflow has to do for a config."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from backprop.config import Config
from backprop.data.urls import without_folder, without_secrets
from backprop.errors import BackpropError, first_faults
from backprop.files import digest
from backprop.typing import Json
from backprop.workflow.config_check.checks import ConfigSource, check_config
from backprop.workflow.plan import paths
from backprop.workflow.plan.datasets import Datasets
from backprop.workflow.plan.dependencies import Dependencies
from backprop.workflow.plan.design import Design
from backprop.workflow.plan.outputs import Outputs
from backprop.workflow.plan.report_items import Items


class Plan:
    """The plan of a run.

    Parameters
    ----------
    config : mapping
        The content of config.yaml.
    root : Path
        The directory of the Snakefile.
    sources : sequence of ConfigSource, optional
        Where the values of the config come from; by default config.yaml. A relative path in the
        config is searched beside these files, then in the working directory, then in `root`.
    on_disk : callable, optional
        From the path of a result in a rule to the file's, relative to the working directory:
        a module may have a prefix. By default they are equal.
    is_job : bool
        Whether this process is a job of a run that has checked the data sets. It may be on another
        machine, which has not the files that data sets come from.
    failed : mapping of str to str, optional
        The data sets whose jobs have failed, with the reasons. They are left out.
    made : callable, optional
        From a source in the config to the file as Snakemake calls it, or None if no rule makes it.
        All rules are known only when Snakemake plans: then `check` must be called. By default, no
        rule makes any source.

    Attributes
    ----------
    config, shown_config : Config
        The completed config: every key has a value; and as it may be shown, see `shown`.
    left_out : dict of str to str
        The data sets that are left out, with the reasons: a check, or their jobs have failed. A
        single data set never is.
    goes_on : bool
        Whether the jobs of some have failed: the run before has made the results of the others.
    design : Design
    outputs : Outputs
    items : Items
    datasets : Datasets
    dependencies : Dependencies
    is_checked : bool
        Whether the data sets are checked, or need not be.
    folder : Path
        Of the results.
    style, template, index : Path
        Of the report, in the folder of the workflow.

    Raises
    ------
    BackpropError
        If the config, or a data set that is on this machine, cannot be used.
    """

    def __init__(
        self,
        config: Mapping[str, object],
        root: Path,
        sources: Sequence[ConfigSource] | None = None,
        on_disk: Callable[[str], str] = str,
        *,
        is_job: bool = False,
        failed: Mapping[str, str] | None = None,
        made: Callable[[str], str | None] | None = None,
    ) -> None:
        root = root.resolve()  # a path with `..` would make a file of the same name another one
        self.config = check_config(config, sources)
        self._on_disk, self._is_of_several = on_disk, len(self.config.datasets) > 1
        self.dependencies = Dependencies(root)
        folders = [Path(name).parent for name, _ in sources or ()]
        self.datasets = Datasets(
            self.config, root, self.dependencies, on_disk, folders, is_job=is_job, made=made
        )
        self.left_out, self.goes_on = dict[str, str](), bool(failed)
        self._leave_out(failed or {})
        self.is_checked = is_job
        if not is_job and made is None and (faults := self._faults()):
            self._leave_out({name: str(fault) for name, fault in faults.items()})
        self.folder = Path(on_disk(paths.SUMMARY)).parent
        self.style, self.template, self.index = map(
            self.datasets.of_workflow, (paths.STYLE, paths.TEMPLATE, paths.INDEX)
        )

    def check(self) -> None:
        """Refuse data sets on this machine that cannot be used, but those that a rule makes.

        Raises
        ------
        BackpropError
            If there is one. Its message has the faults of several.
        """
        if faults := self._faults():
            raise BackpropError("\n".join(first_faults([*map(str, faults.values())])))

    def _faults(self) -> dict[str, BackpropError]:
        """Return the faults of data sets; raise one if no data set is without any."""
        self.is_checked = True
        faults = self.datasets.faults(self.design, self.outputs)
        if len(faults) == len(self.config.datasets):
            raise next(iter(faults.values()))
        return faults

    def _leave_out(self, reasons: Mapping[str, str]) -> None:
        """Go on without some data sets, and note the reasons."""
        every = self.config.datasets
        noted = {name: self._shown(name, reasons[name]) for name in every if name in reasons}
        self.left_out = noted | self.left_out
        self.config = of_datasets(self.config, [name for name in every if name not in reasons])
        self.datasets.leave_out(reasons)
        self.shown_config, self.design = shown(self.config), Design(self.config)
        self.outputs = Outputs(self.config, self.design, self._on_disk, several=self._is_of_several)
        self.items = Items(self.config, self._on_disk)

    def _shown(self, dataset: str, reason: str) -> str:
        """Return a reason without the folders of a user."""
        source = self.config.datasets[dataset].source
        for path, shorter in (
            (f"{self.datasets.root}/", ""),
            (f"{Path.cwd()}/", ""),
            (source, without_folder(without_secrets(source))),
        ):
            reason = reason.replace(path, shorter)
        return reason

    def computes(self, model: str, dataset: str, *modules: str) -> dict[str, Json]:
        """Return the code and the versions that decide a fit of a model, for its fingerprint.

        More `modules` may decide it, too.
        """
        entry = self.design.registry[model]
        decides = self.dependencies.of_modules(*entry.trained_by, *modules)
        # The code of scikit-learn is not ours: the name of the class counts, and its version.
        own: dict[str, object] = {}
        if file := self.datasets.predictions(model, dataset):
            own = {"content": digest(file)}
        elif not entry.family.is_module:
            own = {"classifier": entry.implementation}
        return {**decides, **own}


def shown(config: Config) -> Config:
    """Return a config without the secrets in URLs, and the folders of a user."""
    return with_files(config, lambda path: without_folder(without_secrets(path)))


def of_datasets(config: Config, names: Collection[str]) -> Config:
    """Return a config without the other data sets, and without what it says of them elsewhere."""
    predictions = {
        model: own if isinstance(own, str) else {name: own[name] for name in names}
        for model, own in config.predictions.items()
    }
    entries = {name: config.datasets[name] for name in names}
    return config.changed(datasets=entries, predictions=predictions)


def with_files(config: Config, change: Callable[[str], str]) -> Config:
    """Return a config with each path of a data set, and of predictions, changed by a function."""
    files = {
        name: change(every)
        if isinstance(every, str)
        else {dataset: change(file) for dataset, file in every.items()}
        for name, every in config.predictions.items()
    }
    entries = {
        name: entry.changed(
            source=change(entry.source),
            known_answers=entry.known_answers and change(entry.known_answers),
            test=entry.test and change(entry.test),
        )
        for name, entry in config.datasets.items()
    }
    return config.changed(datasets=entries, predictions=files)

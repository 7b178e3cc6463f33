"""A model fitted to all rows of a data set, as a file, and what it predicts for new rows.

A file, ``model.json``, has the parameters of a network or a regression as plain numbers. A
classifier of scikit-learn has none: it is fitted again, to the data that the file names by their
digests. Nothing in a file is run.
"""

import json
import platform
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset, load
from backprop.data.encoding import Encoder, FeatureColumn
from backprop.data.new_rows import NewRows, read_rows
from backprop.errors import BackpropError, did_you_mean, in_brief, shortened
from backprop.files import digest, write_atomically
from backprop.models.families import ELSEWHERE, FAMILIES, Family, Predicted, PredictingFits
from backprop.models.registry import MODELS
from backprop.study.configurations import Configuration
from backprop.study.costs import Costs
from backprop.study.splits import Split
from backprop.typing import Array, Json

FORMAT = 1  # of the file; another one is refused
PACKAGES = ("numpy", "scikit-learn")  # whose versions a file has
DATA = ("dataset.csv", "columns.json")
"""The files of a data set, in the folder ``data`` of its results."""

DOUBTS = {
    "separated": "a boundary separates its classes: its probabilities are more certain than "
    "the data are",
    "quasi_separated": "some inputs separate rows of one class: their probabilities are more "
    "certain than the data are",
    "not_converged": "its fit did not converge",
    "unlearned": "it predicts one class for all rows that it was fitted to",
}
"""What a status of a fit means for its predictions."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to fit a model.

    Attributes
    ----------
    model : str
    family : Family
    implementation : str
        As in `backprop.models.registry.Model`.
    configuration : Configuration
    seed : int
        The seed of the study. A fit to all rows has the random numbers of the first split.
    training : mapping of str to object
        The stop condition of networks.
    """

    model: str
    family: Family
    implementation: str
    configuration: Configuration
    seed: int
    training: Mapping[str, object]

    def fit(self, dataset: Dataset) -> "FittedModel":
        """Fit the model to all rows of a data set.

        Raises
        ------
        BackpropError
            If the fit diverges or fails, or needs a package that is not installed.
        """
        try:
            what = self.implementation, [(self.configuration, _every_row(dataset))], dataset
            (fit,) = self.family.train(*what, seed=self.seed, training=self.training)
        except ModuleNotFoundError as error:
            raise BackpropError(
                f"{self.model} needs the package {error.name}, which is not installed"
            ) from error
        if not np.isfinite(fit.probabilities).all():
            reason = f": {fit.reason}" if fit.reason else ""
            raise BackpropError(f"the fit of {self.named} to all rows {fit.status}{reason}")
        encoder = Encoder.of(dataset, np.arange(len(dataset.y)), gaps=True)
        return FittedModel(
            recipe=self,
            status=fit.status,
            parameters=fit.parameters,
            columns=FeatureColumn.all_of(dataset, encoder.fills),
            encoder=encoder,
            label=dataset.label,
            classes=dataset.classes,
            dataset=None if len(fit.parameters) else dataset,
        )

    @property
    def named(self) -> str:
        """The model and the configuration, for messages."""
        return " ".join(filter(None, [self.model, self.configuration.name]))


@dataclass(frozen=True, eq=False, kw_only=True)
class FittedModel:
    """A model that is fitted to all rows of a data set.

    Attributes
    ----------
    recipe : Recipe
    status : str
        As in `backprop.study.trained.Trained`.
    parameters : array, shape (P,)
        Empty for a classifier of scikit-learn.
    columns : tuple of FeatureColumn
    encoder : Encoder
    label : str
        The name of the class column.
    classes : tuple of str
        In the order of the probabilities.
    dataset : Dataset or None
        The rows to fit to again, if there are no parameters.
    missing_values : tuple of str and float
        What counts as no value in a cell of new rows, besides what always does.
    layout : mapping
        Of the table that it was fitted to, as `read_rows` takes it.
    doubts : tuple of str
        What speaks against its predictions, in words.
    costs : Costs or None
        What mistakes cost, if the study says so: then they decide the class of new rows.
    """

    recipe: Recipe
    status: str
    parameters: Array
    columns: tuple[FeatureColumn, ...]
    encoder: Encoder
    label: str
    classes: tuple[str, ...]
    dataset: Dataset | None = None
    missing_values: tuple[str | float, ...] = ()
    layout: Mapping[str, Json] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    costs: Costs | None = None

    def predict_proba(self, new: object) -> Array:
        """Return the probability of each class for new rows, shape (m, C).

        Parameters
        ----------
        new : path, DataFrame, or mapping of str to sequence
            As `read_rows` takes it. Each row counts, whatever `read` remarks on it.
        """
        return self.predictions(self.read(new)).probabilities[..., 0]

    def predict(self, new: object) -> list[str]:
        """Return the class of each new row, decided by `costs` if any; see `predict_proba`."""
        return self.named(self.predictions(self.read(new)))

    def named(self, predicted: Predicted) -> list[str]:
        """Return the names of the classes of `predictions`, or of those that `costs` decide."""
        places = predicted.classes[:, 0]
        if self.costs:
            places = self.costs.decided(predicted.probabilities[..., 0])
        return [self.classes[place] for place in places.tolist()]

    def read(self, new: object, sheet: str | None = None) -> NewRows:
        """Read new rows, with remarks on what is not as in the rows that it was fitted to.

        The arguments are as in `backprop.data.new_rows.read_rows`.
        """
        return read_rows(new, self.columns, self.missing_values, sheet=sheet, layout=self.layout)

    def predictions(self, rows: NewRows) -> Predicted:
        """Return what the one fit predicts for rows from `read`."""
        names, no_rows = tuple(column.name for column in self.columns), np.empty(0, dtype=np.int64)
        without_rows = Dataset(names, self.label, np.empty((0, len(names))), no_rows, self.classes)
        dataset = self.dataset or without_rows
        recipe, inputs = self.recipe, self.encoder.apply(rows.x)
        fits = PredictingFits(
            recipe.implementation, recipe.configuration, [_every_row(dataset)], [self.parameters],
            [inputs], dataset, recipe.seed,
        )  # fmt: skip
        return recipe.family.predict(fits)


def _every_row(dataset: Dataset) -> Split:
    """Return the split that trains on all rows, with the random numbers of the first split."""
    every_row = np.arange(len(dataset.y))
    # There has to be a row to test on; only the learning curves of the test rows depend on it.
    return Split(0, 0, train=every_row, test=every_row[:1])


# Files


def write_model(
    path: Path,
    fitted: FittedModel | None,
    *,
    recommendation: Mapping[str, object],
    study: Mapping[str, object],
    data: Mapping[str, str],
) -> None:
    """Write the model that a study recommends.

    Parameters
    ----------
    path : Path
    fitted : FittedModel or None
        None if the study recommends no model.
    recommendation : mapping
        What is recommended, for readers. Of it, `read_model` reads ``reason``.
    study : mapping
        How any model of the study is fitted: ``seed``, ``training``, and by name in ``models`` the
        ``family`` and the ``implementation``; ``missing_values``, and the ``layout`` of its table;
        ``costs``, if it has any, as the config says them.
    data : mapping of str to str
        The digests of the data set's two files, by their names.
    """
    content = {
        "format": FORMAT,
        "recommendation": recommendation,
        "model": None if fitted is None else _as_json(fitted),
        "study": study,
        "data": data,
        "versions": _versions(),
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    write_atomically(path, f"{text}\n".encode())


def read_model(
    path: Path | str, model: str | None = None, configuration: str | None = None
) -> FittedModel:
    """Read the model that a study recommends, or fit another one of the study to all rows.

    Parameters
    ----------
    path : Path or str
        The file ``results/{dataset}/model/model.json``.
    model : str, optional
        A model of the study to fit; by default the one that is recommended.
    configuration : str, optional
        The name of its configuration, as in the tables; by default its reference.

    Raises
    ------
    BackpropError
        If the file is not one of `write_model`, or of other data than those in the results, if the
        study recommends no model, or if there is no such model or configuration.
    """
    path = Path(path)
    if configuration is not None and model is None:
        raise BackpropError(
            f"found the configuration {shortened(configuration)}; name its model, too"
        )
    try:
        content = json.loads(load(str(path), path))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']!r:.20}; use a file of format {FORMAT}")
        reason, own = content["recommendation"]["reason"], content["model"]
        recipes = _Recipes(path, content)
        fitted = None if model is not None or own is None else _from_json(own, recipes)
    except _FAULTS as error:
        raise _not_a_model(path, error) from error
    if model is not None:
        own_fit = recipes.of(model, configuration).fit(recipes.data())
        return replace(own_fit, **recipes.of_new_rows, costs=recipes.costs(own_fit.classes))
    if fitted is None:
        names = " or ".join(recipes.models)
        raise BackpropError(
            f"{path}: no model is recommended: {reason!s:.1000}; to use one all the same, name it: "
            f"{names:.1000}"
        )
    return recipes.checked(fitted)


def holds_model(path: Path) -> bool:
    """Return whether a file of `write_model` has a model, and not only why there is none."""
    return json.loads(path.read_text(encoding="utf-8"))["model"] is not None


_FAULTS = (
    ArithmeticError, AttributeError, ImportError, LookupError, RecursionError, TypeError, ValueError
)  # fmt: skip
"""What a file of any content can raise."""


def _not_a_model(path: Path, error: Exception) -> BackpropError:
    reason = in_brief.repr(f"{type(error).__name__}: {error}")[1:-1]
    return BackpropError(f"{path}: not a model of this version: {reason}; make it again by a run")


class _Recipes:
    """What a file says about its study, and the results beside it."""

    def __init__(self, path: Path, content: Mapping[str, Json]) -> None:
        study = content["study"]
        self._path, self._versions = path, dict(content["versions"])
        self._digests = {str(name): str(content["data"][name]) for name in DATA}
        self.seed, self.training = int(study["seed"]), dict(study["training"])
        missing_values = tuple(
            each if isinstance(each, str) else float(each) for each in study["missing_values"]
        )
        self.of_new_rows: dict[str, Any] = {
            "missing_values": missing_values,
            "layout": dict(study["layout"]),
        }
        self._costs: dict[str, Json] = dict(study.get("costs", {}))
        self.models = {
            str(name): (FAMILIES[each["family"]], str(each["implementation"]))
            for name, each in study["models"].items()
        }

    def recipe(self, model: str, values: Mapping[str, object]) -> Recipe:
        """Return the recipe of a model, from the values of its configuration."""
        family, implementation = self.models[model]
        return Recipe(
            model=model,
            family=family,
            implementation=_known(family, implementation),
            configuration=family.read(values),
            seed=self.seed,
            training=self.training,
        )

    def of(self, model: str, configuration: str | None) -> Recipe:
        """Return the recipe of a model of the study."""
        if model not in self.models:
            raise _unknown(self._path, "model", model, [*self.models])
        file = self._path.parents[2] / "candidates.json"
        try:
            every: dict[str, Json] = dict(json.loads(load(str(file), file)))
            own = every[model]  # or the name of another model that has the same
            own = every[own] if isinstance(own, str) else own
            recipes = [self.recipe(model, each) for each in own]
        except _FAULTS as error:
            raise _not_a_model(file, error) from error
        names = {recipe.configuration.name: recipe for recipe in recipes}
        name = next(iter(names)) if configuration is None else configuration
        if name not in names:
            raise _unknown(self._path, f"configuration of {model}", name, [*names])
        return names[name]

    def costs(self, classes: Sequence[str]) -> Costs | None:
        """Return the costs of the study, if it has any."""
        try:
            return Costs.of(self._costs, classes) if self._costs else None
        except _FAULTS as error:
            raise _not_a_model(self._path, error) from error

    def data(self) -> Dataset:
        """Return the data set of the study."""
        self._check_data()
        return read_dataset(*self._files)

    @property
    def _files(self) -> list[Path]:
        return [self._path.parents[1] / "data" / name for name in DATA]

    def _check_data(self) -> None:
        """Refuse a file of other data than those beside it; there may be none."""
        for file in self._files:
            if file.is_file() and digest(file) != self._digests[file.name]:
                raise BackpropError(
                    f"{self._path}: it was made from other data than those in {file}; make both "
                    "again by a run"
                )

    def checked(self, fitted: FittedModel) -> FittedModel:
        """Return a model from the file with the data that it needs, and with what is in doubt."""
        self._check_data()
        doubts = [DOUBTS[fitted.status]] if fitted.status in DOUBTS else []
        doubts += [
            f"it was made with {name} {self._versions.get(name)!s:.50}, and {installed} is here"
            for name, installed in _versions().items()
            if self._versions.get(name) != installed
        ]
        dataset = None if len(fitted.parameters) else self.data()
        return replace(fitted, dataset=dataset, doubts=tuple(doubts))


def _unknown(path: Path, what: str, name: str, known: list[str]) -> BackpropError:
    missing, more = f"{path}: found no {what} {name!r:.100}", len(known) - 20
    few = ", ".join(known[:20]) + (f" and {more} more" if more > 0 else "")
    return BackpropError(f"{missing}; use one of {few}{did_you_mean(name, known)}")


def _known(family: Family, implementation: str) -> str:
    """Return the name of an implementation; refuse one that is not a model of its family."""
    if family.is_module:
        if implementation in {m.implementation for m in MODELS.values() if m.family is family}:
            return implementation
    elif family is ELSEWHERE:  # which says what to do when it is fitted
        return ""
    elif re.fullmatch(r"sklearn(\.\w+)+", implementation):
        from sklearn.base import ClassifierMixin

        module, _, name = implementation.rpartition(".")
        if issubclass(getattr(import_module(module), name), ClassifierMixin):
            return implementation
    raise ValueError(f"the implementation {implementation!r:.50} of a {family.name}")


def _versions() -> dict[str, str]:
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{package: version(package) for package in PACKAGES},
    }


def _as_json(fitted: FittedModel) -> dict[str, object]:
    recipe = fitted.recipe
    return {
        "name": recipe.model,
        "configuration": recipe.configuration.values(),
        "status": fitted.status,
        "label": fitted.label,
        "classes": fitted.classes,
        "columns": [asdict(column) for column in fitted.columns],
        **fitted.encoder.as_json(),
        "parameters": fitted.parameters.tolist(),
    }


def _from_json(values: Mapping[str, Json], recipes: _Recipes) -> FittedModel:
    """Create a model from values that were read from JSON, and try it."""
    parameters = np.array(values["parameters"], dtype=np.float64)
    columns = tuple(map(FeatureColumn.of, values["columns"]))
    classes = tuple(map(str, values["classes"]))
    fitted = FittedModel(
        recipe=recipes.recipe(values["name"], values["configuration"]),
        status=str(values["status"]),
        parameters=parameters,
        columns=columns,
        encoder=Encoder.from_json(values, columns),
        label=str(values["label"]),
        classes=classes,
        costs=recipes.costs(classes),
        **recipes.of_new_rows,
    )
    if fitted.recipe.family.is_module:
        row = NewRows(np.full((1, len(columns)), np.nan), [[]], [], [])
        p = fitted.predictions(row).probabilities[..., 0]
        if p.shape != (1, len(fitted.classes)) or not np.isfinite(p).all():
            raise ValueError("it has no probability of each class")
    return fitted

"""The figures that the report shows: where a reader finds them, and what each is drawn from.

To add one: a row here, a module `backprop.report.figures.<name>` that draws it, and a caption
``workflow/report/<name>.rst``. The workflow reads this table each time it starts, so that
nothing heavy is imported here.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from backprop.study.configurations import HYPERPARAMETERS, NETWORKS
from backprop.study.metrics import METRICS

Config = Mapping[str, Any]

FILES = {
    "data": "data/dataset.csv",
    "folds": "data/folds.csv",
    "scores": "tables/fits.csv",
    "timings": "tables/timings.csv",
    "configurations": "tables/configurations.csv",
}
"""Where the inputs of figures are below results/{dataset}; `fits` are the files of all models."""


class Figure(NamedTuple):
    """A figure of the report.

    Attributes
    ----------
    title : str
        Its heading.
    category : str
        Where it stands in the report; categories are sorted by name.
    needs : tuple of str
        What it is drawn from: keys of `FILES`; ``fits``, of all models; ``headlines``, the fits
        and the configuration that stand for each model, and no others; or values of the config:
        ``candidates`` (all configurations, the reference first), ``seed`` and ``rope``.
    variants : callable or None
        ``variants(config)``: the names of its variants, a picture each, and what readers know them
        by. None for a figure that is one picture.
    possible : callable
        ``possible(config, dataset)``: whether there is anything to draw.
    """

    title: str
    category: str
    needs: tuple[str, ...]
    variants: Callable[[Config], Mapping[str, str]] | None = None
    possible: Callable[[Config, str], bool] = lambda config, dataset: True


def pattern(figure: str) -> str:
    """Return the name of a figure's pictures, with a wildcard for the variant if it has any."""
    return f"{figure}-{{variant}}" if FIGURES[figure].variants else figure


def pictures(config: Config, dataset: str) -> list[str]:
    """List the pictures of a data set, such as ``models-accuracy``: figures and their variants."""
    return [
        pattern(name).format(variant=variant)
        for name, figure in FIGURES.items()
        if figure.possible(config, dataset)
        for variant in (figure.variants(config) if figure.variants else [""])
    ]


def _metrics(config: Config) -> dict[str, str]:
    return {name: metric.label for name, metric in METRICS.items()}


def _varied(config: Config) -> dict[str, str]:
    return {key: name for key, name in HYPERPARAMETERS.items() if config["vary"].get(key)}


def _pairs(config: Config) -> dict[str, str]:
    if config["search"] != "grid":
        return {}
    pairs = itertools.combinations(_varied(config).items(), 2)
    return {f"{one}-{other}": f"{this} and {that}" for (one, this), (other, that) in pairs}


def _networks(config: Config, dataset: str) -> bool:
    return bool(set(NETWORKS) & set(config["models"]))


def _others(config: Config, dataset: str) -> bool:
    return len(config["models"]) > 1


def _plane(config: Config, dataset: str) -> bool:
    return len(config["datasets"][dataset]["features"]) > 1


def _repeated(config: Config, dataset: str) -> bool:
    return bool(config["validation"]["repeats"] > 1)


FIGURES: dict[str, Figure] = {
    "models": Figure(
        "All models compared", "1 Result", ("scores", "configurations", "candidates"), _metrics
    ),
    "differences": Figure(
        "Difference from logistic regression",
        "1 Result",
        ("configurations", "candidates", "rope"),
        possible=_others,
    ),
    "hyperparameters": Figure(
        "Scores by hyperparameter",
        "2 Tuning",
        ("scores", "configurations", "candidates"),
        _metrics,
        _networks,
    ),
    "interactions": Figure(
        "Pairs of hyperparameters", "2 Tuning", ("scores", "candidates"), _pairs, _networks
    ),
    "learning_curves": Figure(
        "Learning curves", "3 Networks", ("fits", "candidates"), _varied, _networks
    ),
    "saturation": Figure(
        "Why wide networks can be dead from the start",
        "3 Networks",
        ("data", "folds", "configurations", "candidates", "seed"),
        possible=_networks,
    ),
    "decision_boundaries": Figure(
        "The data and what each model makes of it",
        "4 Data",
        ("data", "folds", "headlines"),
        possible=_plane,
    ),
    "hard_students": Figure("The students that models get wrong", "4 Data", ("data", "headlines")),
    "calibration": Figure("Calibration", "5 Checks", ("data", "headlines")),
    "roc": Figure("ROC curves", "5 Checks", ("data", "headlines")),
    "confusion": Figure("Confusion counts", "4 Data", ("data", "headlines")),
    "spread": Figure(
        "Spread between folds and between repeats",
        "5 Checks",
        ("scores", "candidates"),
        possible=_repeated,
    ),
    "training_time": Figure("Training time", "6 Cost", ("timings", "candidates")),
}
"""By the names of their modules and captions; files are results/{dataset}/plots/{picture}.svg."""

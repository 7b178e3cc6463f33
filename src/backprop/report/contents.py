"""What the report shows: one entry for each table and each figure.

A figure also has a module `backprop.report.figures.<name>` that draws it. Both have a caption,
``workflow/report/<name>.rst``. The workflow reads these entries each time it starts, so nothing
heavy is imported here. It passes each job what the job needs of them. No job imports this module:
an edit of one entry leaves all others as they are.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backprop.config import Config, costs_of
from backprop.models.candidate_lists import choosers_of, varied_by
from backprop.models.registry import (
    implementations,
    is_network,
    network_models,
)
from backprop.study.configurations import HYPERPARAMETERS
from backprop.study.costs import are_by_class

SATURATING = ("sigmoid", "tanh")  # activations whose slopes vanish on both sides
DIGITS = 4  # significant digits of a number without a unit

PARTS: dict[str, str] = {
    **dict.fromkeys(("comparison", "warnings", "new_data", "models", "differences"), "1 Result"),
    **dict.fromkeys(("metrics", "pairs", "calibration", "roc", "decision_curve"), "1 Result"),
    "training_sizes": "1 Result",
    **dict.fromkeys(("tuning", "hyperparameters", "interactions", "configurations"), "2 Tuning"),
    **dict.fromkeys(("live", "learning_curves", "saturation"), "3 Networks"),
    **dict.fromkeys(("decision_boundaries", "importance", "hard_rows", "confusion"), "4 Data"),
    **dict.fromkeys(("partial_dependence", "rows"), "4 Data"),
    **dict.fromkeys(("error_rates", "known_answers", "parity", "provenance"), "5 Checks"),
}
"""The part of the report that each page and each figure is in, in their order.

Where a page and a figure have one name, the page comes first.
"""


@dataclass(frozen=True)
class TableEntry:
    """A table of the report.

    Attributes
    ----------
    title : str
        Of its page.
    heading : str
        What is above it on a page with several tables; by default its title.
    page : str or None
        The table on whose page it is; None if it has its own, "" if it is on none: its
        CSV file is all.
    digits : int
        Significant digits of the numbers without a unit; the CSV file has them all.
    possible : callable
        ``possible(config, dataset)``: whether there is anything to show.
    by_dataset : bool
        Whether `possible` depends on the data set. Otherwise it depends on the rest of the config.
    """

    title: str
    heading: str = ""
    page: str | None = None
    digits: int = DIGITS
    possible: Callable[[Config, str], bool] = lambda config, dataset: True
    by_dataset: bool = False

    def look(self, name: str, metric: str) -> dict[str, object]:
        """Return how a page shows this table, see `backprop.report.pages.Section`.

        Parameters
        ----------
        name : str
            Its key in `backprop.statistics.tables.TABLES`.
        metric : str
            The metric of the study.
        """
        from backprop.report.wording.columns import heads  # only now: it needs the models

        return {
            "heading": self.heading or self.title,
            "digits": self.digits,
            "columns": [head._asdict() for head in heads(name, metric)],
        }


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure of the report.

    Attributes
    ----------
    title : str
        Its heading; ``{row}`` and ``{rows}`` are what a row, and the rows, of the data are called.
    reads : str
        How to read it, in one line; with the same names.
    possible : callable
        As in `TableEntry`.
    drawn_from : tuple of str
        What it is drawn from, besides the candidates and the metric, which each figure has: files
        and settings by their names in `backprop.statistics.results.Results`.
    pictures : callable
        ``pictures(config)``: its variants, a picture each, and what readers call them. By default
        it is one picture, whose variant is "".
    evaluates : bool
        Whether it computes predictions with the code of the models, which it then depends on.
    at_first : bool
        Whether a first look draws it: to draw all takes longer than to train.
    """

    title: str
    reads: str
    drawn_from: tuple[str, ...]
    pictures: Callable[[Config], Mapping[str, str]] = lambda config: {"": ""}
    evaluates: bool = False
    at_first: bool = False
    possible: Callable[[Config, str], bool] = lambda config, dataset: True

    @property
    def needs(self) -> tuple[str, ...]:
        """All that it is drawn from."""
        return (*self.drawn_from, "candidates", "metric")

    def heading(self, by: str, row: str) -> str:
        """Return the heading of a picture in which no finding is written.

        Parameters
        ----------
        by : str
            What readers call the picture.
        row : str
            What a row of the data is.
        """
        title = with_nouns(self.title, row)
        return f"{title}: {by}" if by else title


def with_nouns(text: str, row: str) -> str:
    """Return a title, or how to read a figure, for a study in which this is a row of the data."""
    from backprop.report.wording.names import plural  # only now: it needs the models

    return text.format(row=row, rows=plural(row))


def _with_networks(config: Config, dataset: str) -> bool:
    return bool(network_models(config.models))


def _with_sigmoids(config: Config, dataset: str) -> bool:
    """Return whether the reference of the networks has an activation that saturates."""
    return _with_networks(config, dataset) and config.reference.activation in SATURATING


def _with_new_data(config: Config, dataset: str) -> bool:
    """Return whether there are new data; a first look does not use them up."""
    return config.datasets[dataset].test is not None and not config.first_look


def _several_pairs(config: Config, dataset: str) -> bool:
    """Return whether there are three models; the networks are one."""
    return len(implementations(config.models)) > 2


def _on_shares(config: Config, dataset: str) -> bool:
    return bool(config.learning.shares)


def _weighed(config: Config, dataset: str) -> bool:
    return config.importance.features != "none"


def _decided(config: Config, dataset: str) -> bool:
    return bool(costs_of(config))


def _at_thresholds(config: Config, dataset: str) -> bool:
    """Return whether costs are of two classes, whatever their names; others have no threshold."""
    return not are_by_class(costs_of(config))


def _varied(config: Config, model: str) -> dict[str, str]:
    """Return the hyperparameters of which a model has several values, with their labels."""
    several = varied_by(config, model)
    return {
        key: HYPERPARAMETERS[key].label if key in HYPERPARAMETERS else key
        for key in sorted(several, key=[*HYPERPARAMETERS, *several].index)
    }


def _varied_by_models(config: Config) -> dict[str, dict[str, str]]:
    """Return what the networks vary, by "", then what each other model varies, if anything."""
    models = sorted(config.models, key=is_network, reverse=True)
    varied = {"" if is_network(model) else model: _varied(config, model) for model in models}
    return {name: labels for name, labels in varied.items() if labels}


def _tuned(config: Config, dataset: str) -> bool:
    return bool(_varied_by_models(config))


def _tuned_models(config: Config) -> dict[str, str]:
    """Return a picture of the networks, and of each other model, with what readers call it."""
    metric, models = config.comparison.metric, [*_varied_by_models(config)]
    networks = "networks" if len(models) > 1 else ""
    return {f"{model}-{metric}" if model else metric: model or networks for model in models}


def _pairs(config: Config) -> dict[str, str]:
    if config.search != "grid":
        return {}
    combined = _varied_by_models(config.changed(also=[]))
    return {
        "-".join(filter(None, [model, one, other])): f"{model and f'{model}: '}{this} and {that}"
        for model, labels in combined.items()
        for (one, this), (other, that) in itertools.combinations(labels.items(), 2)
    }


TABLES: dict[str, TableEntry] = {
    "comparison": TableEntry(
        "The models against logistic regression", heading="By the metric of the study"
    ),
    "warnings": TableEntry("Warnings"),
    "new_data": TableEntry(
        "The models on new data",
        heading="Scores",
        by_dataset=True,
        possible=_with_new_data,
    ),
    "new_data_checks": TableEntry(
        "Whether the new data are like the study's",
        heading="Are the new data like the study's?",
        page="new_data",
        by_dataset=True,
        possible=_with_new_data,
    ),
    "importance": TableEntry(
        "What each feature is worth",
        page="comparison",
        possible=_weighed,
    ),
    "decisions": TableEntry(
        "What decisions are worth, by your costs",
        heading="Decisions by your costs",
        page="comparison",
        digits=3,
        possible=_decided,
    ),
    "decision_curve": TableEntry(
        "What decisions are worth, by the threshold", page="", possible=_at_thresholds
    ),
    "metrics": TableEntry("The models by each metric", heading="By each metric"),
    "by_class": TableEntry("How well each class is found", page="metrics"),
    "calibration": TableEntry(
        "Whether predicted probabilities come true",
        page="metrics",
    ),
    "calibration_curves": TableEntry("Curves of calibration", page=""),
    "pairs": TableEntry("All pairs of models", page="", possible=_several_pairs),
    "nested": TableEntry(
        "Tuned models, by nested cross-validation",
        heading="By nested cross-validation",
        page="tuning",
        possible=lambda config, dataset: bool(choosers_of(config)),
    ),
    "nested_pairs": TableEntry(
        "Tuned models against each other, by nested cross-validation",
        heading="Tuned models against each other",
        page="tuning",
        possible=lambda config, dataset: len({*choosers_of(config).values()}) > 1,
    ),
    "tuning": TableEntry(
        "What tuning is worth",
        heading="The best on all rows",
        possible=_tuned,
    ),
    "effects": TableEntry("What each hyperparameter changes", page="", possible=_tuned),
    "configurations": TableEntry("All configurations"),
    "training_sizes": TableEntry(
        "Scores by the number of training rows",
        heading="With fewer training rows",
        possible=_on_shares,
    ),
    "rows_needed": TableEntry(
        "How many rows would it take?",
        page="training_sizes",
        possible=_on_shares,
    ),
    "one_step": TableEntry(
        "One step of back-propagation, number by number",
        page="",
        possible=_with_networks,
    ),
    "parity": TableEntry(
        "The implementations of the network",
        possible=_with_networks,
    ),
    "known_answers": TableEntry(
        "Known against computed results",
        digits=10,
        by_dataset=True,
        possible=lambda config, dataset: config.datasets[dataset].known_answers is not None,
    ),
    "error_rates": TableEntry(
        "How reliable this report is",
        possible=lambda config, dataset: config.simulation.sets != 0,  # None: the job chooses
    ),
    "fits": TableEntry("All fits", page=""),
}
"""By the names of the files in results/{dataset}/tables."""

ACROSS: dict[str, TableEntry] = {
    "across": TableEntry("Across the data sets", heading="All data sets together"),
    "data_sets": TableEntry("Each data set"),
    "traits": TableEntry("What data sets have", heading="What sets the data sets apart?"),
}
"""The tables over all data sets, on one page, by the names of their files in results."""

LIVE = TableEntry("Watch the networks learn", possible=_with_networks)
"""The page that trains the fits of the networks again; see `backprop.report.live`."""

ROWS = TableEntry("All {rows}, one by one")
"""The page of every row of the data; see `backprop.statistics.every_row`."""

PROVENANCE = TableEntry("Provenance of the tables", heading="What they depend on")
"""The table of how the others were made."""

FIGURES: dict[str, Figure] = {
    "models": Figure(
        title="All models compared",
        reads="A large mark is a mean, its bar the 95% interval, and a pale dot one split. "
        "Overlapping bars do not make two models equal: look at their difference.",
        drawn_from=("scores", "configurations", "comparison", "guessing"),
        at_first=True,
    ),
    "differences": Figure(
        title="Difference from logistic regression",
        reads="A bar is the 95% interval of what a model gains or loses against logistic "
        "regression. If it crosses zero, or is dashed, chance can explain the difference.",
        drawn_from=("configurations", "comparison", "guessing", "rope"),
        possible=lambda config, dataset: len(config.models) > 1,
    ),
    "pairs": Figure(
        title="All pairs of models",
        reads="A number is the score of the model of the row minus the score of the model of the "
        "column. Only a difference that is shown and may matter has a colour.",
        drawn_from=("pairs", "rope"),
        possible=_several_pairs,
    ),
    "hyperparameters": Figure(
        title="What each hyperparameter changes",
        reads="Each line changes one value of the reference, which was fixed beforehand. Compare "
        "with the solid line and grey band: logistic regression and its 95% interval.",
        drawn_from=("scores", "configurations", "comparison", "effects", "guessing"),
        pictures=_tuned_models,
    ),
    "interactions": Figure(
        title="Pairs of hyperparameters",
        reads="A cell is the mean score of two values. If the best column is the same in every "
        "row, they can be tuned one after the other.",
        drawn_from=("scores", "configurations"),
        pictures=_pairs,
    ),
    "learning_curves": Figure(
        title="Learning curves",
        reads="Beside the reference are the values that do not learn, or whose scores differ most "
        "from it. If the dashed line falls while the solid one rises, the network "
        "overfits; if both still fall, more epochs may help.",
        drawn_from=("fits", "configurations", "comparison"),
        possible=_with_networks,
        at_first=True,
    ),
    "saturation": Figure(
        title="Why wide and deep networks can be slow to learn",
        reads="The slopes are those before training. Small slopes make small updates: the lower a "
        "line, the slower a network begins to learn.",
        drawn_from=("data", "folds", "configurations", "seed"),
        possible=_with_sigmoids,
    ),
    "decision_boundaries": Figure(
        title="The data and what each model predicts",
        reads="A mark is a {row}. The colour is the class that a model predicts there, deeper "
        "where it is surer; where thin lines are far apart, chance decides.",
        drawn_from=("data", "folds", "headline_fits", "comparison", "row", "seed"),
        evaluates=True,
    ),
    "importance": Figure(
        title="What each feature is worth",
        reads="A filled mark is what a model loses when it is trained without a feature, a hollow "
        "one what these fits lose when its values are exchanged. If the 95% interval crosses zero, "
        "chance can explain the loss.",
        drawn_from=("importance", "comparison", "rope"),
        possible=_weighed,
    ),
    "partial_dependence": Figure(
        title="How the worthiest features act",
        reads="A thick line is the mean probability if all {rows} had a value, a thin one the "
        "probability of one {row}. Where thin lines cross, what a feature does depends on the "
        "others.",
        drawn_from=(
            *("data", "folds", "headline_fits", "comparison", "importance", "recommendation"),
            *("row", "seed", "feature_groups"),
        ),
        evaluates=True,
        possible=_weighed,
    ),
    "hard_rows": Figure(
        title="The {rows} that models get wrong",
        reads="The stronger a mark or a cell, the more often a {row} is predicted wrongly. A line "
        "that is strong throughout is wrong for all models.",
        drawn_from=("data", "headline_fits", "comparison", "hard_rows", "row"),
        at_first=True,
    ),
    "calibration": Figure(
        title="Calibration",
        reads="On the dotted diagonal, predictions come true. Where it is within the band, chance "
        "can explain the distance. A slope below 1: probabilities are too extreme.",
        drawn_from=(
            "data",
            "headline_fits",
            "configurations",
            "comparison",
            "row",
            "calibration",
            "calibration_curves",
        ),
    ),
    "roc": Figure(
        title="ROC curves",
        reads="The nearer a curve is to the upper left corner, the better a model ranks the rows.",
        drawn_from=("data", "headline_fits", "comparison"),
    ),
    "decision_curve": Figure(
        title="What decisions are worth, by the threshold",
        reads="Above both grey lines, a model decides better than to decide that all {rows} are "
        "positive, or that none is. It is useful where that is shown.",
        drawn_from=("decision_curve", "decisions", "comparison"),
        possible=_at_thresholds,
    ),
    "training_sizes": Figure(
        title="How many {rows} would it take?",
        reads="To the right, models learn from more {rows}. Below, a bar is the 95% interval of a "
        "difference: while it is in the grey band, the difference is too small to matter.",
        drawn_from=("training_sizes", "rows_needed", "comparison", "rope", "row"),
        possible=_on_shares,
    ),
    "confusion": Figure(
        title="Confusion counts",
        reads="Errors are off the diagonal. The stronger a cell, the larger its share of the true "
        "class; a difference of a few proves nothing.",
        drawn_from=("data", "headline_fits", "comparison", "row"),
        at_first=True,
    ),
}
"""By the names of their modules and captions; pictures are results/{dataset}/plots/*.svg."""


def across(config: Config) -> dict[str, TableEntry]:
    """Return the tables over all data sets, by name; there are none with fewer than three."""
    return ACROSS if len(config.datasets) > 2 else {}


def figures(config: Config, dataset: str) -> dict[str, Figure]:
    """Return the figures that have something to draw, by name."""
    return {
        name: figure
        for name, figure in FIGURES.items()
        if (figure.at_first or not config.first_look)
        and figure.possible(config, dataset)
        and figure.pictures(config)
    }


def tables(config: Config, dataset: str) -> dict[str, TableEntry]:
    """Return the tables that have something to show, by name."""
    return {name: table for name, table in TABLES.items() if table.possible(config, dataset)}


def pages(config: Config, dataset: str) -> dict[str, TableEntry]:
    """Return the tables that have a page of their own, by name."""
    return {n: table for n, table in tables(config, dataset).items() if table.page is None}

"""Every table of results, declared once: a class of rows, whose fields are its columns.

A field says what type a column has, what readers see at its head, in which unit a page writes it,
and whether the page shows it first. From it come the columns that are written and their order, how
a file is read, and the rows as objects. To add a column, add its field here and compute its value.

The workflow reads these entries each time it starts, so nothing heavy is imported here.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    NamedTuple,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
)

from backprop.files import read_table
from backprop.study.metrics import METRICS
from backprop.typing import Json, NoEffect

if TYPE_CHECKING:
    from pandas import DataFrame

CUT_OFF = "cut off"  # why a log loss has no interval: a probability is 0 or 1
ENDS = ("_lower", "_upper")  # of the columns of the ends of an interval


class Interval(NamedTuple):
    """A number and the ends of its interval, in three columns; NaN where there is no end."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class Column:
    """What a field of a row says of its column.

    Attributes
    ----------
    name : str
        Its name; by default the name of the field. ``{metric}`` is the metric of the study,
        ``{other}`` each of the other metrics, and ``{hyperparameter}`` each hyperparameter: these
        two are several columns.
    help : str
        What it is, for readers. It may name the ``{metric}``, or ``{of_metric}`` within a sentence,
        the ``{baseline}``, a ``{guess}``, and the ``{label}`` of its own metric or hyperparameter.
    head : str
        What is over it in a page; by default its name in words, or the label of its own metric or
        hyperparameter.
    unit : str
        How pages write it: a key of `CELL_FORMATS` in `backprop.report.wording.cells`. By default
        a text is written as it is, and a number with the digits of the table.
    group : bool
        Whether a page makes groups of the rows by it, with its values as their headings.
    first : int
        Its place among those that a page shows first, from 1; equal ones keep the order of the
        table. The others have 0, and a button shows them.
    alone : bool
        Whether the ends of its interval are not among the first ones.
    hidden : bool
        Whether only sentences need it: the table that readers get has no such column.
    worded : bool
        Whether it is written with the sentences, and not by the job that computes the table.
    """

    name: str = ""
    help: NoEffect[str] = ""
    head: NoEffect[str] = ""
    unit: NoEffect[str] = ""
    group: NoEffect[bool] = False
    first: NoEffect[int] = 0
    alone: NoEffect[bool] = False
    hidden: bool = False
    worded: bool = False


PLAIN = Column()


def column(shared: Column = PLAIN, *, default: object = dataclasses.MISSING, **own: Any) -> Any:
    """Return a field of a row whose column is as another one says, but for what is its `own`.

    Parameters
    ----------
    shared : Column
    default : object
        The value where it is missing. A table may lack a field that has one.
    **own
        The attributes of `Column` that differ.
    """
    said = dataclasses.replace(shared, **own)
    return dataclasses.field(default=default, metadata={"column": said})


# Types of values, of which each may be missing.

Number = float | None
Count = int | None
Text = str | None
Flag = bool | None

# What columns of several tables say.

MODEL = Column(help="The model", unit="model")
OTHER = Column(help="The model that it is compared with", unit="model")
NAMED = Column(
    help="The hyperparameters in which it differs from the reference of the model",
    unit="configuration",
)
SCORE = Column(name="{metric}", help="{label}, mean over the test folds", unit="score")
HYPERPARAMETERS = Column(name="{hyperparameter}", help="The {label}", unit="setting")
DIFFERENCE = Column(help="{metric}, minus the score of {baseline}", unit="difference")
FROM_OTHER = Column(help="{metric}, minus the score of the other model", unit="difference")
DIFFERENCE_BY = Column(help="The score, minus the score of {baseline}", unit="difference_by")
ROPE = Column(help="The largest difference of this metric that counts as none", unit="size_by")
P_VALUE = Column(help="The p-value of this comparison alone", unit="probability")
ADJUSTED = Column(
    help="The p-value, adjusted for the number of comparisons", unit="probability", first=5
)
SHOWN = Column(help="What the interval, the p-value and the probabilities together show", first=6)
BASIS = Column(
    help="What counts as one observation: rows, or groups (of rows in an order, blocks of "
    "neighbours); identical if both are one model"
)
WORSE = Column(
    help="The probability that the model is worse by more than what counts as no difference",
    unit="probability",
)
EQUAL = Column(help="The probability that the difference is too small to count", unit="probability")
BETTER = Column(
    help="The probability that the model is better by more than what counts as no difference",
    unit="probability",
)
CONFIDENCE = Column(help="The confidence of the interval", unit="share")
SAME_AS = Column(help="The model before it that it is the same as", unit="model")
NUMBER_OF_FITS = Column(help="The number of fits, one for each split")
DIVERGED = Column(help="The number of fits whose numbers grew without limit")
FAILED = Column(help="The number of fits that ended with an error")
UNLEARNED = Column(
    help="The number of fits that predict one class for all training rows at the end"
)
SEPARATED = Column(
    help="The number of fits in which a boundary separates classes, so that none is best"
)
QUASI_SEPARATED = Column(
    help="The number of fits in which a few rows leave coefficients without a value"
)
NOT_CONVERGED = Column(help="The number of fits that ended before they converged")
REASON = Column(help="Why fits failed, or the inputs whose coefficients have no finite value")
CHAOTIC = Column(help="Whether rounding alone changes the predictions")
MATCHED_BY = Column(
    help="The best other value of {baseline} that the model, if better than its reference, is not "
    "shown to be better than",
    unit="configuration_of_baseline",
)
MATCHED = Column(name="matched_{metric}", help="The {of_metric} of that value", unit="score")
NUMBER_OF_CANDIDATES = Column(help="The number of configurations to choose from")
REPEAT = Column(help="The repeat of the cross-validation")
FOLD = Column(help="The fold that the fit is tested on")
BY = Column(help="What the models are compared by", unit="metric")
SCORE_BY = Column(help="The model's score by this metric, mean over the test folds", unit="score")
STEP_RATIO = Column(
    help="Its largest difference after an epoch from the same parameters, as a share of what "
    "rounding explains",
    unit="small",
)
GUESSED = Column(help="{label} of the guess, on the test fold")
VERDICT = Column(help="What the report says of it, as sentences", worded=True)


@dataclass_transform(frozen_default=True, kw_only_default=True)
class TableRow:
    """A row of a table: each class of rows is a frozen dataclass, with its fields by keyword."""

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


class OfModel(TableRow):
    """A row about a model, which is in its first column."""

    model: str = column(MODEL, first=1)


class Compared(OfModel):
    """A model's headline against the baseline's, by the metric of the study."""

    verdict: Text = column(VERDICT, default=None)
    outcome: Text = column(SHOWN, first=6)
    score: Interval | None = column(SCORE, first=2)
    difference: Interval | None = column(DIFFERENCE, first=3)
    standard_error: Number = column(unit="size", help="The standard error of the difference")
    t: Number = column(help="The difference divided by its standard error")
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED)
    basis: Text = column(BASIS)
    worse: Number = column(WORSE)
    equal: Number = column(EQUAL)
    better: Number = column(BETTER)
    detectable: Number = column(
        unit="size", help="The difference that this design finds in 80 of 100 such studies"
    )
    correct: Number = column(help="How many rows the first repeat predicts correctly")
    rows: Count = column(help="How many rows there are")
    wilson_lower: Number = column(
        head="Wilson, first repeat, lower end",
        unit="share",
        help="Wilson's interval of the share of correct rows in the first repeat, which allows "
        "for no training and no other repeats, as the interval of the score does: lower end",
    )
    wilson_upper: Number = column(
        head="Wilson, first repeat, upper end",
        unit="share",
        help="The same: upper end",
    )
    mcnemar_p: Number = column(
        unit="probability",
        help="The p-value of McNemar's exact test on the rows of the first repeat",
    )
    corrected_lower: Number = column(
        head="Corrected t, lower end",
        unit="size",
        help="The interval of the corrected resampled t-test (Nadeau and Bengio 2003): lower end",
    )
    corrected_upper: Number = column(
        head="Corrected t, upper end",
        unit="size",
        help="The interval of the corrected resampled t-test (Nadeau and Bengio 2003): upper end",
    )
    corrected_p: Number = column(
        unit="probability",
        help="The p-value of the corrected resampled t-test, adjusted for no other model",
    )
    same_as: Text = column(SAME_AS)
    same_within: Number = column(unit="small", help="The largest difference of their probabilities")
    diverged: int = column(DIVERGED)
    unlearned: int = column(UNLEARNED)
    separated: int = column(SEPARATED)
    quasi_separated: int = column(QUASI_SEPARATED, default=0)
    not_converged: int = column(NOT_CONVERGED)
    failed: int = column(FAILED, default=0)
    reason: Text = column(REASON, default=None)
    configuration: str = column(NAMED)
    matched_by: Text = column(MATCHED_BY, default=None)
    matched: Number = column(MATCHED, default=None)
    fits: int = column(NUMBER_OF_FITS, hidden=True, default=0)
    confidence: Number = column(CONFIDENCE, hidden=True, default=None)
    chaotic: bool = column(CHAOTIC, default=False)


class ByMetric(OfModel):
    """A model's headline against the baseline's, by one of the metrics."""

    metric: str = column(BY, group=True)
    verdict: Text = column(VERDICT, default=None)
    score: Interval = column(SCORE_BY, first=3)
    difference: Interval | None = column(DIFFERENCE_BY, first=4)
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED, first=5)
    outcome: Text = column(SHOWN, first=6)
    rope: float = column(ROPE)
    same_as: Text = column(SAME_AS)
    lacking: Text = column(
        default=None,
        help="Why the score has no interval: the class that the model predicts for fewer than five "
        "rows or groups; or cut off, if a probability is 0 or 1. Without a reason, a few decide it",
    )


class ByClass(OfModel):
    """How well a model's headline finds a class."""

    of_class: str = column(name="class", group=True, help="The class that it is about")
    recall: Interval | None = column(
        unit="share", first=2, help="The share of the rows of the class that are predicted as it"
    )
    precision: Interval | None = column(
        unit="share",
        first=3,
        help="The share of the rows predicted as the class that are of it; none if there are none",
    )
    f1: Interval | None = column(
        head="F1", unit="share", first=4, help="The harmonic mean of recall and precision"
    )
    rows: int = column(first=5, help="How many rows are of the class")
    predicted: float = column(
        first=6, help="How many rows are predicted as it, mean over the repeats"
    )


class Calibrated(OfModel):
    """How well the probabilities of a model's headline are calibrated."""

    verdict: Text = column(VERDICT, default=None)
    slope: Interval | None = column(
        first=2, help="The slope of calibration: below 1 if probabilities are too extreme"
    )
    intercept: Interval | None = column(
        first=3,
        help="The intercept of calibration, with a slope of 1: above 0 if more comes true than "
        "predicted",
    )
    ici: Interval | None = column(
        head="ICI",
        unit="share",
        first=4,
        help="The integrated calibration index: the mean distance of the curve of calibration from "
        "the diagonal",
    )
    chance_lower: Number = column(
        head="ICI by chance, lower end",
        unit="share",
        first=5,
        help="The ICI that calibrated predictions have by chance, 95% of them: lower end",
    )
    chance_upper: Number = column(
        head="ICI by chance, upper end", unit="share", first=5, help="The same: upper end"
    )
    diagonal: Flag = column(help="Whether the diagonal is within the band of the curve")
    recalibrated: Interval | None = column(
        first=6,
        help="The log loss of the model, recalibrated by its out-of-fold predictions, minus its "
        "own",
    )
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED, first=7)
    helps: Flag = column(help="Whether recalibration is shown to lower its log loss", hidden=True)
    lacking: Text = column(
        help="Why there is no curve: few rows or groups, predictions that are alike, or that "
        "separate what comes true; or cut off: a probability is 0 or 1"
    )
    same_as: Text = column(SAME_AS)


class CurvePoint(OfModel):
    """A point of the curve of calibration of a model's headline."""

    point: int = column(help="Its place on the curve, from 1")
    p: float = column(head="Predicted", unit="share", first=2, help="The predicted probability")
    share: Interval = column(
        unit="share", first=3, help="How often it comes true, with the simultaneous 95% band"
    )


class Pair(OfModel):
    """A model's headline against an earlier model's."""

    other: str = column(OTHER, first=2)
    difference: Interval = column(FROM_OTHER, first=3)
    p_value: float = column(P_VALUE)
    p_adjusted: float = column(ADJUSTED, first=4)
    outcome: str = column(SHOWN, first=5)
    basis: str = column(BASIS, first=6)
    confidence: Number = column(CONFIDENCE)


class Summarised(OfModel):
    """A configuration of a model: its scores, and its difference from the baseline."""

    varied: Text = column(help="The hyperparameters in which it differs from the reference")
    hyperparameters: Mapping[str, Json] = column(HYPERPARAMETERS)
    score: Interval | None = column(SCORE, first=3)
    difference: Interval | None = column(DIFFERENCE, first=4)
    outcome: Text = column(SHOWN)
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED)
    basis: Text = column(BASIS)
    others: Mapping[str, Interval | None] = column(SCORE, name="{other}")
    fits: int = column(NUMBER_OF_FITS)
    diverged: int = column(DIVERGED)
    unlearned: int = column(UNLEARNED)
    separated: int = column(SEPARATED)
    quasi_separated: int = column(QUASI_SEPARATED, default=0)
    not_converged: int = column(NOT_CONVERGED)
    failed: int = column(FAILED, default=0)
    configuration: str = column(NAMED, first=2)
    chaotic: bool = column(CHAOTIC, default=False)

    def by(self, metric: str) -> Interval | None:
        """Return the score by a metric."""
        return self.others.get(metric, self.score)  # the others are without the metric of the study


class Effect(OfModel):
    """A value of a hyperparameter against the reference of the same model."""

    hyperparameter: str = column(help="The hyperparameter that is changed, and no other")
    value: Text = column(help="Its value; the reference has another")
    score: Number = column(SCORE)
    difference: Interval | None = column(
        DIFFERENCE, help="{metric}, minus the score of the reference of the same model"
    )
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED)
    basis: Text = column(BASIS)
    outcome: Text = column(SHOWN)
    unlearned: int = column(UNLEARNED)
    configuration: str = column(NAMED)
    chaotic: bool = column(CHAOTIC, default=False)


class Tuning(OfModel):
    """The best of the configurations of a model, on the rows that chose it."""

    verdict: Text = column(VERDICT, default=None)
    candidates: int = column(NUMBER_OF_CANDIDATES, first=1)
    left_out: int = column(help="The number of configurations with diverged or failed fits")
    plain: Number = column(
        unit="score",
        name="plain_{metric}",
        first=1,
        help="The {of_metric} of the configuration that is the best of all on these rows",
    )
    logistic: Number = column(
        unit="score", name="logistic_{metric}", help="The {of_metric} of {baseline}"
    )
    best: Text = column(
        unit="configuration", first=2, help="The configuration with the best {of_metric}"
    )
    tied: Count = column(
        hidden=True, help="The number of configurations that share the first place", default=None
    )
    chaotic: bool = column(CHAOTIC, default=False)


class Nested(OfModel):
    """A tuned model against the baseline, by nested cross-validation."""

    verdict: Text = column(VERDICT, default=None)
    outcome: Text = column(SHOWN, first=6)
    score: Interval | None = column(SCORE, first=2)
    untuned: Number = column(
        unit="score",
        name="untuned_{metric}",
        help="The {of_metric} of the reference of the same model, on the same splits",
    )
    difference: Interval | None = column(DIFFERENCE, first=4)
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED)
    basis: Text = column(BASIS)
    worse: Number = column(WORSE)
    equal: Number = column(EQUAL)
    better: Number = column(BETTER)
    chosen: Text = column(
        unit="configuration", first=6, help="The configuration that is chosen most often"
    )
    stability: Number = column(unit="share", help="How often the same configuration is chosen")
    choices: Count = column(help="The number of configurations that any training set chooses")
    candidates: int = column(NUMBER_OF_CANDIDATES)
    same_as: Text = column(SAME_AS)
    matched_by: Text = column(MATCHED_BY, default=None)
    matched: Number = column(MATCHED, default=None)
    beats_tuned: Flag = column(
        help="Whether it is shown to be better than {baseline}, tuned, too", default=None
    )
    fits: int = column(NUMBER_OF_FITS)
    unchosen: Count = column(
        hidden=True, help="The number of training sets without a choice", default=None
    )
    unscored: Count = column(
        hidden=True, help="The number of judged fits without a score", default=None
    )
    confidence: Number = column(CONFIDENCE, hidden=True, default=None)
    chaotic: bool = column(CHAOTIC, default=False)


class NestedPair(OfModel):
    """A tuned model against another one, by nested cross-validation."""

    other: str = column(OTHER, first=2)
    verdict: Text = column(VERDICT, default=None)
    outcome: str = column(SHOWN, first=5)
    difference: Interval = column(
        unit="difference", first=3, help="{metric}, minus the score of the other model, both tuned"
    )
    p_value: float = column(P_VALUE)
    p_adjusted: float = column(ADJUSTED, first=4)
    basis: str = column(BASIS, first=6)
    worse: float = column(WORSE)
    equal: float = column(EQUAL)
    better: float = column(BETTER)
    confidence: Number = column(CONFIDENCE, hidden=True, default=None)


class WarningRow(TableRow):
    """A warning, in columns that all checks share. See `backprop.statistics.review.Warned`."""

    warning: str = column(unit="word", first=1, help="What a reviewer would object to")
    verdict: Text = column(VERDICT, default=None)
    model: Text = column(unit="model", first=1, help="The model")
    other: Text = column(unit="model", help="The model that is the best by this metric")
    subject: Text = column(
        unit="subject",
        first=1,
        help="The feature, class, state of fits, metric or hyperparameter that it is about",
    )
    count: Count = column(
        first=1, help="The number of rows, fits or configurations that it is about"
    )
    total: Count = column(
        first=1,
        help="The number of all rows or fits; of a small class, the number of folds; of "
        "a choice, the number of training sets",
    )
    share: Number = column(
        unit="part",
        first=1,
        help="The score of the feature or model; how often the same configuration is "
        "chosen, or the same reason given",
    )
    better: Flag = column(
        help="Whether it is shown to be better than a guess: always {guess}. With poor "
        "probabilities, in naming the class; of fits that predict one class, whether any model "
        "is, in naming it"
    )
    worse: Flag = column(help="Whether it is shown to be worse than a guess")
    value: Number = column(
        help="Of a hyperparameter; the rank correlation of neighbouring rows; the score of a "
        "guess; or how many features give the class away together"
    )
    neighbour: Number = column(help="The value next to it")
    apparent: Number = column(
        unit="difference", help="The difference of the best configuration on all rows"
    )
    difference: Interval | None = column(
        unit="difference_by",
        first=1,
        alone=True,
        help="The score, minus the score of a guess, of the neighbour or of the other model",
    )
    p_value: Number = column(
        unit="probability",
        first=1,
        help="The p-value of the t-test: of being better than a guess, adjusted; with poor "
        "probabilities, of being worse",
    )
    reason: Text = column(
        help="Why fits failed; the inputs whose coefficients have no finite value; the feature "
        "that is the same in all rows of a group; what seems to name groups; the class that is "
        "at a limit most often; the commonest choice; tuned, if a model is shown to be better than "
        "a guess once it is tuned; or too sure, if probabilities are larger than the share of the "
        "predictions that is right"
    )
    by_class: bool = column(help="Of alike neighbours: whether the table is sorted by the class")
    positive: bool = column(help="Of a number: whether all values are above 0")


class ErrorRate(TableRow):
    """How often a verdict on simulated data sets is right, or wrong.

    Without an interval on any data set there is no share, and no error of it.
    """

    check: str = column(
        unit="check",
        group=True,
        help="What is counted: intervals with the truth, false alarms, or differences found",
    )
    model: str = column(MODEL, first=1)
    other: Text = column(
        unit="model", first=1, help="What it is compared with; itself: on other inputs"
    )
    test: Text = column(
        unit="word",
        first=1,
        help="The test of this report, or the t-test that takes the splits for independent",
    )
    true_difference: float = column(unit="size", first=1, help="The true difference of {of_metric}")
    truth: Number = column(unit="truth", help="The true {of_metric} or difference")
    share: float = column(unit="share", first=1, help="How often it happens")
    error: float = column(
        head="Standard error",
        unit="share",
        first=1,
        help="The Monte-Carlo standard error of the share",
    )
    sets: int = column(
        head="Data sets", first=1, help="The number of simulated data sets, or of pairs of them"
    )
    left_out: Count = column(help="The number of simulated data sets with diverged or failed fits")
    too_low: Flag = column(help="Whether the share is below 95% by more than chance explains")
    verdict: Text = column(VERDICT, default=None)


class Agreement(TableRow):
    """A configuration of the network, and how far its implementations agree."""

    configuration: str = column(NAMED)
    state: str = column(
        help="Whether the implementations agree; or each step does, and the ends do not "
        "(training is chaotic); or a step differs by more than rounding explains"
    )
    fits: int = column(NUMBER_OF_FITS)
    diverged: int = column(DIVERGED)
    tensorflow: Number = column(
        head="TensorFlow",
        unit="small",
        help="The largest difference of its probabilities from the hand-written network's",
    )
    tensorflow_steps: Number = column(STEP_RATIO, head="TensorFlow, steps")
    plain_steps: Number = column(STEP_RATIO, head="Plain, steps")
    tensorflow_wrong_from: Count = column(
        help="The first epoch in which a step of TensorFlow differs by more"
    )
    plain_wrong_from: Count = column(
        help="The first epoch in which a step of plain differs by more"
    )
    epochs: Count = column(
        help="Up to which recorded epoch all costs agree to 1e-10 with TensorFlow's"
    )
    verdict: Text = column(VERDICT, default=None)


class KnownAnswer(TableRow):
    """A known value, and the one computed here."""

    quantity: str = column(help="What is known")
    expected: float = column(help="The known value")
    computed: float = column(help="The value that was computed here")
    difference: float = column(unit="small", help="Computed minus known")
    tolerance: float = column(unit="small", help="The largest difference that counts as agreement")
    agrees: bool = column(help="Whether the difference is small enough")
    source: str = column(help="Where the known value is from")


class Step(TableRow):
    """A number of one step of back-propagation."""

    part: str = column(help="The part of the step")
    symbol: str = column(help="The quantity, with the symbol of the lecture")
    formula: str = column(help="How it is computed")
    value: float = column(help="Its value by the formula of the lecture")
    autodiff: Number = column(help="Its value by automatic differentiation in TensorFlow")
    difference: Number = column(help="How far the two are apart")


class Fit(OfModel):
    """A fit and its scores. `backprop.study.scores` writes them, in an order of its own."""

    hidden: Json = column(HYPERPARAMETERS, name="")  # a number, or a text: 10x10
    activation: Text = column(HYPERPARAMETERS, name="")
    cost: Text = column(HYPERPARAMETERS, name="")
    learning_rate: Number = column(HYPERPARAMETERS, name="")
    hyperparameters: Mapping[str, Json] = column(HYPERPARAMETERS)
    repeat: int = column(REPEAT)
    fold: int = column(FOLD)
    status: str = column(help="How the training ended")
    epochs: int = column(help="How many epochs, or steps, it took")
    score: Number = column(SCORE, help="{label}, on the test fold")
    others: Mapping[str, Number] = column(SCORE, name="{other}", help="{label}, on the test fold")
    configuration: str = column(NAMED)
    reason: Text = column(REASON, default=None)


class Guess(TableRow):
    """The scores of a guess on the test rows of a split."""

    repeat: int = column(REPEAT)
    fold: int = column(FOLD)
    rows: Count = column(help="How many rows the test fold has")
    score: float = column(GUESSED, name="{metric}")
    others: Mapping[str, Number] = column(GUESSED, name="{other}")


class Learned(TableRow):
    """A model against a guess, by a metric."""

    model: str = column(MODEL)
    tuned: bool = column(help="Whether it is tuned, by nested cross-validation")
    metric: str = column(BY)
    score: float = column(SCORE_BY)
    guess: float = column(help="The score of a guess: the same for each row")
    difference: Interval = column(help="The score, minus the guess's in the same folds")
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED)
    better: bool = column(help="Whether it is shown to be better than the guess")
    worse: bool = column(help="Whether it is shown to be worse than the guess")
    permuted: bool = column(help="Whether the p-value is of a permutation test", default=False)


class BySize(OfModel):
    """A model's headline with a number of training rows, and its difference from the baseline."""

    share: float = column(unit="share", help="The part of each training set that is used")
    training_rows: float = column(
        unit="count", first=2, help="The number of training rows, mean over the splits"
    )
    score: Interval | None = column(SCORE, first=3)
    difference: Interval | None = column(DIFFERENCE, first=4)
    p_value: Number = column(P_VALUE)
    basis: Text = column(BASIS)
    fits: int = column(NUMBER_OF_FITS)
    unscored: int = column(help="The number of fits without a score")


class Worth(OfModel):
    """What a group of features is worth to a model: its score minus that without them.

    If features are left out nowhere, rows say how many groups there are, and only what these are
    worth to the fits; if that is not measured, either, there is one row.
    """

    features: Text = column(
        help="The features that are left out together: the name of a group, or all of them", first=2
    )
    verdict: Text = column(VERDICT, default=None)
    difference: Interval | None = column(
        help="{metric} of the model, minus the {of_metric} of the same model trained without the "
        "features",
        unit="difference",
        first=3,
    )
    permuted: Interval | None = column(
        help="{metric} of these fits on their test rows, minus the {of_metric} with the values of "
        "the features exchanged among these rows; the interval is over rows alone",
        head="In these fits",
        unit="difference",
        first=4,
        default=None,
    )
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(
        ADJUSTED, help="The p-value, adjusted for the groups of features of the model"
    )
    outcome: Text = column(SHOWN)
    score: Interval | None = column(
        SCORE, name="{metric}_without", head="Without them", help="{metric} without the features"
    )
    basis: Text = column(BASIS)
    worse: Number = column(WORSE)
    equal: Number = column(EQUAL)
    better: Number = column(BETTER)
    unscored: Count = column(help="The number of fits without a score", default=None)
    confidence: Number = column(CONFIDENCE, hidden=True, default=None)
    groups: Count = column(
        help="The number of groups that are not left out, as it takes longer than the study",
        default=None,
    )
    groups_of_study: Count = column(
        help="Without how many groups training takes as long as the study", default=None
    )


class Decided(OfModel):
    """What the decisions of a model are worth, by the costs of the study.

    Of two classes, the net benefit is compared, else the cost.
    """

    cost: Interval = column(help="The mean cost of a row; lower is better", first=2)
    net_benefit: Interval | None = column(
        first=2,
        help="The share of true positives, less the share of false positives times the odds of the "
        "threshold; to decide that none is positive has 0",
        default=None,
    )
    difference: Interval | None = column(
        help="The net benefit if there is one, or else the cost, minus the one of {baseline}",
        first=3,
    )
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED, first=4)
    outcome: Text = column(SHOWN, first=5)
    treat_all: Number = column(
        help="The net benefit of deciding that all rows are positive", first=7, default=None
    )
    alike: Text = column(
        head="Best for all alike",
        help="The class that costs least if all rows are decided to be of it",
        first=7,
        default=None,
    )
    alike_cost: Number = column(
        head="Its cost", help="The mean cost of deciding so for all rows", first=7, default=None
    )
    beyond: Interval = column(
        head="Beyond all alike",
        help="The net benefit or the cost, minus the one of the best decision for all rows alike",
        first=6,
    )
    beyond_p: float = column(
        head="Beyond all alike, p",
        unit="probability",
        help="Its p-value, of a one-sided test, adjusted for the number of models",
    )
    changed: float = column(
        unit="share",
        help="The share of rows for which costs decide another class than the most probable one",
        first=8,
    )
    sensitivity: Interval | None = column(
        unit="share", default=None, help="The share of positive rows that are decided to be so"
    )
    specificity: Interval | None = column(
        unit="share", default=None, help="The share of negative rows that are decided to be so"
    )
    positive_value: Interval | None = column(
        head="Positive predictive value",
        unit="share",
        help="The share of positive rows among those that are decided to be so",
        default=None,
    )
    negative_value: Interval | None = column(
        head="Negative predictive value",
        unit="share",
        help="The share of negative rows among those that are decided to be so",
        default=None,
    )
    threshold: Number = column(
        help="The probability of the positive class from which on a row is decided to be positive",
        default=None,
    )
    positive: Text = column(help="The positive class", default=None)
    useful: bool = column(
        help="Whether it is shown to be better than each decision for all rows alike"
    )
    same_as: Text = column(SAME_AS)


class OnCurve(OfModel):
    """A point of the decision curve of a model, with bands that hold at all thresholds at once."""

    threshold: float = column(
        help="The probability of the positive class from which on a row is decided to be positive"
    )
    net_benefit: Interval = column(help="The net benefit, with its band")
    treat_all: float = column(help="The net benefit of deciding that all rows are positive")
    beyond: Interval = column(
        help="The net benefit, minus the net benefit of deciding that all rows are positive, or "
        "none, whichever is better, with its band"
    )


class RowsNeeded(OfModel):
    """With how many rows a true difference of a model from the baseline would be found."""

    size: float = column(
        head="True difference",
        unit="size",
        first=2,
        help="A true difference of {of_metric} from {baseline}",
    )
    rows: Interval = column(
        unit="count",
        first=3,
        help="The rows of a table with which 80 of 100 such studies find this difference",
    )
    power: float = column(
        unit="share",
        first=4,
        head="Found with the rows here",
        help="How often a study like this one finds this difference",
    )
    rows_here: int = column(help="The rows of this table")
    verdict: Text = column(VERDICT, default=None)


class NewScore(OfModel):
    """A model on new data, by a metric, and what cross-validation promised."""

    metric: str = column(BY, group=True)
    verdict: Text = column(VERDICT, default=None)
    score: Interval = column(
        unit="score", first=2, help="The model's score by this metric, on the new data"
    )
    promised: Interval | None = column(
        head="Cross-validation", unit="score", first=3, help="Its score by cross-validation"
    )
    distance: Interval | None = column(
        unit="difference_by", help="The score on the new data, minus the promised one"
    )
    promise: Text = column(
        help="Whether the score is as promised, but for what chance explains: kept"
    )
    difference: Interval | None = column(DIFFERENCE_BY, first=4)
    promised_difference: Interval | None = column(
        unit="difference_by", help="The same difference by cross-validation"
    )
    p_value: Number = column(P_VALUE)
    outcome: Text = column(SHOWN, first=5)
    basis: Text = column(BASIS)
    worse: Number = column(WORSE)
    equal: Number = column(EQUAL)
    better: Number = column(BETTER)
    rope: float = column(ROPE)
    rows: int = column(help="How many new rows there are")
    uses: int = column(help="With how many pairs of models these data were used by now")
    other_files: int = column(help="How many other new data were used by now")
    p_adjusted: Number = column(
        hidden=True, help="The p-value: there is one comparison", default=None
    )
    confidence: Number = column(CONFIDENCE, hidden=True, default=None)


class NewCheck(TableRow):
    """Whether new data are like the study's, in one respect."""

    check: str = column(unit="word", first=1, help="What was looked at")
    verdict: Text = column(VERDICT, default=None)
    subject: Text = column(first=2, help="The feature or class that it is about")
    count: int = column(first=3, help="The number of new rows that it is about")
    total: int = column(first=4, help="The number of all new rows")
    share: Number = column(
        unit="share", first=5, help="The share of the class, or of copies, in the new data"
    )
    study_share: Number = column(unit="share", first=6, help="The same in the data of the study")
    limit: Number = column(first=7, help="The end of the range that the study has of the feature")
    which: Text = column(help="Categories that no row of the study has")
    p_value: Number = column(
        unit="probability",
        first=8,
        help="How probable so much is, or more, if all rows are of one population; adjusted "
        "for the number of features",
    )
    warns: bool = column(help="Whether it is a warning")


class HardRow(TableRow):
    """A row of the data, and how often it is predicted wrongly."""

    row: int = column(help="The row of the data, counted from 1")
    wrong: int = column(help="How many predictions for it are wrong")
    predictions: int = column(help="How many predictions for it are counted")
    one_class: Text = column(help="The models that always predict one class; they are not counted")


class AcrossDataSets(OfModel):
    """A model against the baseline on several data sets together."""

    outcome: str = column(SHOWN, first=6)
    datasets: int = column(head="Data sets", first=2, help="On how many data sets it has a score")
    difference: Interval = column(
        DIFFERENCE,
        first=3,
        help="{metric}, minus the score of {baseline}: the mean over data sets like these",
    )
    next: Interval = column(
        unit="difference", first=4, help="The difference to expect on another such data set"
    )
    spread: Interval = column(
        unit="size", help="How far the differences of data sets are apart: a standard deviation"
    )
    p_value: float = column(P_VALUE, first=5)
    worse: float = column(WORSE)
    equal: float = column(EQUAL)
    better: float = column(BETTER)
    wins: int = column(
        first=7, help="On how many data sets it scored better by more than what counts as none"
    )
    ties: int = column(first=7, help="On how many it scored neither better nor worse by as much")
    losses: int = column(first=7, help="On how many it scored worse by more than that")
    shown_better: int = column(
        first=8,
        help="On how many it is shown to be better, adjusted for the number of data sets",
    )
    shown_worse: int = column(first=8, help="On how many it is shown to be worse, in the same way")
    signed_ranks_p: Number = column(
        head="Signed ranks, p",
        unit="probability",
        help="The p-value of Wilcoxon's signed ranks over the data sets, if there are six or more",
    )
    check: float = column(
        head="DerSimonian and Laird, mean",
        unit="size",
        help="The mean difference by another method",
    )
    check_spread: float = column(
        head="DerSimonian and Laird, spread", unit="size", help="The spread by that method"
    )


class OnDataSet(OfModel):
    """A model against the baseline on one of several data sets."""

    dataset: str = column(head="Data set", group=True, help="The data set")
    outcome: Text = column(SHOWN, help="What is shown, adjusted for the number of data sets")
    difference: Interval | None = column(DIFFERENCE, first=3)
    standard_error: Number = column(unit="size", help="The standard error of the difference")
    p_value: Number = column(P_VALUE)
    p_adjusted: Number = column(ADJUSTED, help="The p-value, adjusted for the number of data sets")
    rows: int = column(help="How many rows the data set has", first=7)
    features: int = column(help="How many features it has", first=8)
    classes: int = column(help="How many classes it has")
    largest: float = column(unit="share", help="The share of its largest class")
    baseline: Number = column(unit="score", help="The score of {baseline}")


class Trait(OfModel):
    """How a difference goes with what data sets have."""

    trait: str = column(first=2, unit="trait", help="What data sets have")
    datasets: int = column(head="Data sets", first=4, help="The number of data sets")
    correlation: Interval = column(
        first=3, unit="correlation", help="Spearman's rank correlation of the difference with it"
    )


class Recorded(TableRow):
    """A value that says how the tables were made."""

    what: str = column(help="What was recorded")
    value: Text = column(help="Its value")


R = TypeVar("R", bound=TableRow)


class Field(NamedTuple):
    """A field of a row, and its column or columns.

    Attributes
    ----------
    name : str
        Its name in the class of rows.
    column : Column
    kind : type
        What its values are, if there are any; of a mapping, what the values in it are.
    default : object
        Its value where it is missing; `MISSING` if it has no default. A table may lack a field that
        has one.
    """

    name: str
    column: Column
    kind: Any
    default: object

    def names(self, metric: str, hyperparameters: Iterable[str] = ()) -> list[str]:
        """Return its columns, without the ends of intervals."""
        name = self.column.name or self.name
        if name == "{hyperparameter}":
            return [*hyperparameters]
        if name == "{other}":
            return [other for other in METRICS if other != metric]
        return [name.format(metric=metric)]

    @property
    def optional(self) -> bool:
        """Whether a table may lack it."""
        return self.default is not dataclasses.MISSING

    @property
    def ends(self) -> tuple[str, ...]:
        """What is added to its name for each of the columns of a value."""
        return ("", *ENDS) if self.kind is Interval else ("",)

    @property
    def is_several(self) -> bool:
        """Whether it is a mapping, with several columns."""
        return self.column.name in ("{other}", "{hyperparameter}")

    def value(self, cells: Mapping[Any, Any], names: Sequence[str]) -> object:
        """Return its value in a row, from the cells of its columns, as far as they are there."""
        if self.is_several:
            return {name: self._in(cells, name) for name in names if name in cells}
        value = self._in(cells, names[0])
        return self.default if value is None and self.optional else value

    def _in(self, cells: Mapping[Any, Any], name: str) -> object:
        """Return the value in a column, of the type of the field; None if it is missing."""
        cell = cells.get(name)
        if cell is None or cell != cell:
            return None
        if self.kind is Interval:
            return Interval(*(float(cells.get(f"{name}{end}", math.nan)) for end in self.ends))
        return cell if self.kind is Any else self.kind(cell)


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of results.

    Attributes
    ----------
    row : type
        The class of its rows, one of the above.
    computed_by : str
        The rule that computes it.
    summarised : bool
        Whether the landing page is written from it.
    configured_by : str
        The column with the name of a configuration whose training may be chaotic, if there is one.
    if_shown : bool
        Whether the rule computes it only if the report shows it.
    """

    row: type[R]
    computed_by: str = ""
    summarised: bool = False
    configured_by: str = ""
    if_shown: bool = False

    @cached_property
    def fields(self) -> list[Field]:
        """The fields of its rows, in the order of the columns."""
        every: Any = dataclasses.fields(self.row)  # type: ignore[arg-type]
        return [
            Field(f.name, f.metadata.get("column", PLAIN), _kind(f.type), f.default) for f in every
        ]

    @property
    def has_sentences(self) -> bool:
        """Whether it has a column with sentences."""
        return any(field.column.worded for field in self.fields)

    def columns(self, metric: str = "", hyperparameters: Iterable[str] = ()) -> dict[str, Field]:
        """Return all columns in order, each with its field.

        Parameters
        ----------
        metric : str
            The metric of the study.
        hyperparameters : iterable of str
            Those that are columns.
        """
        return {
            f"{name}{end}": field
            for field in self.fields
            for name in field.names(metric, hyperparameters)
            for end in field.ends
        }

    def frame(
        self,
        rows: Sequence[Mapping[str, object]],
        metric: str = "",
        hyperparameters: Iterable[str] = (),
    ) -> "DataFrame":
        """Return the rows that a job computes as a data frame, with all columns of this table.

        A row has its values by the names of fields, or of columns. A value that it lacks is NaN. An
        optional column that all rows lack is left out, and so is one that is written with the
        sentences. It has the parameters of `columns`.
        """
        import pandas as pd  # only now: the workflow imports this module each time it starts

        own = {field.name: field.names(metric)[0] for field in self.fields if not field.is_several}
        rows = [_by_column(row, own) for row in rows]
        names = [
            name
            for name, field in self.columns(metric, hyperparameters).items()
            if not field.column.worded
            and (not field.optional or field.column.hidden or any(name in row for row in rows))
        ]
        return pd.DataFrame(rows, columns=names)

    def read(self, path: Path) -> "DataFrame":
        """Read a file of this table. Texts stay texts."""
        return read_table(
            path, dtype={f.column.name or f.name: "str" for f in self.fields if f.kind is str}
        )

    def rows(self, table: "DataFrame", metric: str = "") -> list[R]:
        """Return the rows of a data frame as objects.

        A value that is missing, alone or with its column, is the default of its field, or None.
        """
        declared = self.columns(metric)
        others = [name for name in table.columns if name not in declared]
        named = [(field, field.names(metric, others)) for field in self.fields]
        return [
            self.row(**{field.name: field.value(cells, names) for field, names in named})
            for cells in table.to_dict("records")
        ]

    def shown(self, table: "DataFrame", metric: str) -> "DataFrame":
        """Return a table as readers get it: its columns in order, without those that are hidden."""
        shown = (n for n, field in self.columns(metric).items() if not field.column.hidden)
        return table[[name for name in shown if name in table.columns]]

    def first(self, metric: str) -> list[str]:
        """Return the columns that a page shows first, in this order."""
        ranked = [
            (field.column.first, name)
            for name, field in self.columns(metric).items()
            if field.column.first and not (field.column.alone and name.endswith(ENDS))
        ]
        return [name for _, name in sorted(ranked, key=lambda each: each[0])]


def _kind(hint: Any) -> object:
    """Return the type of the values that are not missing; of a mapping, of those in it."""
    arguments = get_args(hint)
    if get_origin(hint) is Mapping:
        return _kind(arguments[1])
    return next((each for each in arguments if each is not NoneType), hint)


TABLES: dict[str, Table[Any]] = {}
"""By the names of the files in results/{dataset}/tables or statistics.

Those that the rule `across` computes are in results.
"""


def _by_column(row: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    """Return the values of a row by the names of columns, of which an interval has three."""
    values: dict[str, object] = {}
    for key, value in row.items():
        name = names.get(key, key)
        ends = zip(("", *ENDS), value if isinstance(value, Interval) else [value], strict=False)
        values |= {f"{name}{end}": own for end, own in ends}
    return values


def _table(name: str, row: type[R], computed_by: str, **said: Any) -> Table[R]:
    TABLES[name] = table = Table(row, computed_by, **said)
    return table


COMPARISON = _table(
    "comparison", Compared, "compare", summarised=True, configured_by="configuration"
)
BY_METRIC = _table("metrics", ByMetric, "compare", summarised=True)
BY_CLASS = _table("by_class", ByClass, "compare")
CALIBRATION = _table("calibration", Calibrated, "compare")
CALIBRATION_CURVES = _table("calibration_curves", CurvePoint, "compare")
PAIRS = _table("pairs", Pair, "compare", summarised=True)
CONFIGURATIONS = _table("configurations", Summarised, "compare", configured_by="configuration")
EFFECTS = _table("effects", Effect, "compare", configured_by="configuration")
TUNING = _table("tuning", Tuning, "compare", summarised=True, configured_by="best")
NESTED = _table("nested", Nested, "compare", summarised=True, configured_by="chosen")
NESTED_PAIRS = _table("nested_pairs", NestedPair, "compare", summarised=True)
DECISIONS = _table("decisions", Decided, "compare", summarised=True, if_shown=True)
DECISION_CURVE = _table("decision_curve", OnCurve, "compare", if_shown=True)
WARNED = _table("warnings", WarningRow, "compare", summarised=True)
ERROR_RATES = _table("error_rates", ErrorRate, "train_simulated", summarised=True)
PARITY = _table("parity", Agreement, "parity", summarised=True)
KNOWN_ANSWERS = _table("known_answers", KnownAnswer, "check_known_answers")
ONE_STEP = _table("one_step", Step, "one_step")
FITS = _table("fits", Fit, "score")
GUESSING = _table("guessing", Guess, "compare", summarised=True)
AGAINST_GUESS = _table("against_guess", Learned, "compare", summarised=True)
TRAINING_SIZES = _table("training_sizes", BySize, "compare_sizes")
ROWS_NEEDED = _table("rows_needed", RowsNeeded, "compare_sizes", summarised=True)
IMPORTANCE = _table("importance", Worth, "weigh_features", summarised=True)
HARD_ROWS = _table("hard_rows", HardRow, "compare", summarised=True)
NEW_DATA = _table("new_data", NewScore, "judge_new_data", summarised=True)
NEW_DATA_CHECKS = _table("new_data_checks", NewCheck, "judge_new_data", summarised=True)
PROVENANCE = _table("provenance", Recorded, "provenance")
ACROSS = _table("across", AcrossDataSets, "across")
ON_DATA_SETS = _table("data_sets", OnDataSet, "across")
TRAITS = _table("traits", Trait, "across")

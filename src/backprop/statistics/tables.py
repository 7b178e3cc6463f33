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
    Annotated,
    Any,
    Generic,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from backprop.files import read_table
from backprop.study.metrics import METRICS
from backprop.typing import Json, NoEffect

if TYPE_CHECKING:
    from pandas import DataFrame

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
    only_in_csv : bool
        Whether pages are without it.
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
    only_in_csv: NoEffect[bool] = False
    worded: bool = False


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
OTHERS = Column(name="{other}", help="{label}, mean over the test folds", unit="score")
HYPERPARAMETERS = Column(name="{hyperparameter}", help="The {label}", unit="setting")
DIFFERENCE = Column(help="{metric}, minus the score of {baseline}", unit="difference")
FROM_OTHER = Column(help="{metric}, minus the score of the other model", unit="difference")
P_VALUE = Column(help="The p-value of this comparison alone", unit="probability")
ADJUSTED = Column(
    help="The p-value, adjusted for the number of comparisons", unit="probability", first=5
)
SHOWN = Column(help="What the interval, the p-value and the probabilities together show", first=6)
BASIS = Column(
    help="What counts as one observation: rows or groups; identical if both are one model"
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
SAID_BY_CONFIGURATION = Column(help="The {label}", unit="setting", only_in_csv=True)
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
STABILITY = Column(help="How often the same configuration is chosen", unit="share")
REPEAT = Column(help="The repeat of the cross-validation")
FOLD = Column(help="The fold that the fit is tested on")
BY = Column(help="What the models are compared by", unit="metric")
SCORE_BY = Column(
    help="The model's score by this metric, mean over the test folds", unit="score_by"
)
GUESSED = Column(help="{label} of the guess, on the test fold")
VERDICT = Column(help="What the report says of it, as sentences", worded=True)


class Tested(NamedTuple):
    """What a row of a table says of a model and another, if both have scores."""

    outcome: str
    difference: Interval
    p_adjusted: float
    basis: str
    worse: float
    equal: float
    better: float
    confidence: float | None

    @classmethod
    def of(cls, row: Any) -> "Tested | None":
        """Take it from a row that has these fields; None if the two are not compared."""
        if row.difference is None:
            return None
        return cls(*(getattr(row, name) for name in cls._fields))


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A model's headline against the baseline's, by the metric of the study."""

    model: Annotated[str, MODEL, Column(first=1)]
    verdict: Annotated[Text, VERDICT] = None
    outcome: Annotated[Text, SHOWN, Column(first=6)]
    score: Annotated[Interval | None, SCORE, Column(first=2)]
    difference: Annotated[Interval | None, DIFFERENCE, Column(first=3)]
    t: Annotated[Number, Column(help="The difference divided by its standard error")]
    p_value: Annotated[Number, P_VALUE]
    p_adjusted: Annotated[Number, ADJUSTED]
    basis: Annotated[Text, BASIS]
    worse: Annotated[Number, WORSE]
    equal: Annotated[Number, EQUAL]
    better: Annotated[Number, BETTER]
    detectable: Annotated[
        Number,
        Column(unit="size", help="The difference that this design finds in 80 of 100 such studies"),
    ]
    correct: Annotated[Count, Column(help="How many rows the first repeat predicts correctly")]
    rows: Annotated[Count, Column(help="How many rows there are")]
    wilson_lower: Annotated[
        Number,
        Column(
            head="Wilson, lower end",
            unit="share",
            help="Wilson's interval of the share of correct rows in the first repeat: lower end",
        ),
    ]
    wilson_upper: Annotated[
        Number,
        Column(
            head="Wilson, upper end",
            unit="share",
            help="Wilson's interval of the share of correct rows in the first repeat: upper end",
        ),
    ]
    mcnemar_p: Annotated[
        Number,
        Column(
            unit="probability",
            help="The p-value of McNemar's exact test on the rows of the first repeat",
        ),
    ]
    same_as: Annotated[Text, SAME_AS]
    same_within: Annotated[
        Number, Column(unit="small", help="The largest difference of their probabilities")
    ]
    diverged: Annotated[int, DIVERGED]
    unlearned: Annotated[int, UNLEARNED]
    separated: Annotated[int, SEPARATED]
    quasi_separated: Annotated[int, QUASI_SEPARATED] = 0
    not_converged: Annotated[int, NOT_CONVERGED]
    failed: Annotated[int, FAILED] = 0
    reason: Annotated[Text, REASON] = None
    configuration: Annotated[str, NAMED]
    matched_by: Annotated[Text, MATCHED_BY] = None
    matched: Annotated[Number, MATCHED] = None
    fits: Annotated[int, NUMBER_OF_FITS, Column(hidden=True)] = 0
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None
    chaotic: Annotated[bool, CHAOTIC] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ByMetric:
    """A model's headline against the baseline's, by one of the metrics."""

    model: Annotated[str, MODEL, Column(first=1)]
    metric: Annotated[str, BY, Column(group=True)]
    verdict: Annotated[Text, VERDICT] = None
    score: Annotated[Interval, SCORE_BY, Column(first=3)]
    difference: Annotated[
        Interval | None,
        Column(unit="difference_by", first=4, help="The score, minus the score of {baseline}"),
    ]
    p_value: Annotated[Number, P_VALUE]
    p_adjusted: Annotated[Number, ADJUSTED, Column(first=5)]
    outcome: Annotated[Text, SHOWN, Column(first=6)]
    rope: Annotated[
        float,
        Column(unit="size_by", help="The largest difference of this metric that counts as none"),
    ]
    same_as: Annotated[Text, SAME_AS]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A model's headline against an earlier model's."""

    model: Annotated[str, MODEL, Column(first=1)]
    other: Annotated[str, OTHER, Column(first=2)]
    difference: Annotated[Interval, FROM_OTHER, Column(first=3)]
    p_value: Annotated[float, P_VALUE]
    p_adjusted: Annotated[float, ADJUSTED, Column(first=4)]
    outcome: Annotated[str, SHOWN, Column(first=5)]
    basis: Annotated[str, BASIS, Column(first=6)]
    confidence: Annotated[Number, CONFIDENCE]


@dataclass(frozen=True, kw_only=True, slots=True)
class Summarised:
    """A configuration of a model: its scores, and its difference from the baseline."""

    model: Annotated[str, MODEL, Column(first=1)]
    varied: Annotated[
        Text, Column(help="The hyperparameters in which it differs from the reference")
    ]
    hyperparameters: Annotated[Mapping[str, Json], HYPERPARAMETERS]
    score: Annotated[Interval | None, SCORE, Column(first=3)]
    difference: Annotated[Interval | None, DIFFERENCE, Column(first=4)]
    outcome: Annotated[Text, SHOWN]
    p_value: Annotated[Number, P_VALUE]
    p_adjusted: Annotated[Number, ADJUSTED]
    basis: Annotated[Text, BASIS]
    others: Annotated[Mapping[str, Interval | None], OTHERS]
    fits: Annotated[int, NUMBER_OF_FITS]
    diverged: Annotated[int, DIVERGED]
    unlearned: Annotated[int, UNLEARNED]
    separated: Annotated[int, SEPARATED]
    quasi_separated: Annotated[int, QUASI_SEPARATED] = 0
    not_converged: Annotated[int, NOT_CONVERGED]
    failed: Annotated[int, FAILED] = 0
    configuration: Annotated[str, NAMED, Column(first=2)]
    chaotic: Annotated[bool, CHAOTIC] = False

    def by(self, metric: str) -> Interval | None:
        """Return the score by a metric."""
        return self.others.get(metric, self.score)  # the others are without the metric of the study


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """A value of a hyperparameter against the reference of the same model."""

    model: Annotated[str, MODEL, Column(group=True)]
    hyperparameter: Annotated[
        str,
        Column(help="The hyperparameter that is changed, and no other", unit="varied", group=True),
    ]
    value: Annotated[
        Text,
        Column(unit="setting", first=3, worded=True, help="Its value; the reference has another"),
    ] = None
    score: Annotated[
        Number,
        Column(unit="score", name="{metric}", first=4, help="{label}, mean over the test folds"),
    ]
    difference: Annotated[
        Interval | None,
        Column(
            unit="difference",
            first=5,
            help="{metric}, minus the score of the reference of the same model",
        ),
    ]
    p_value: Annotated[Number, P_VALUE]
    p_adjusted: Annotated[Number, ADJUSTED]
    basis: Annotated[Text, BASIS]
    outcome: Annotated[Text, SHOWN, Column(first=6)]
    unlearned: Annotated[int, UNLEARNED]
    unlearned_reference: Annotated[
        int, Column(hidden=True, help="The number of unlearned fits of the reference")
    ] = 0
    unlearned_p: Annotated[
        Number,
        Column(hidden=True, help="The p-value of McNemar's test of whether these numbers differ"),
    ] = None
    configuration: Annotated[str, NAMED]
    fits: Annotated[int, NUMBER_OF_FITS, Column(hidden=True)] = 0
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None
    chaotic: Annotated[bool, CHAOTIC] = False
    verdict: Annotated[Text, VERDICT] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuning:
    """The best of the configurations of a model, and what tuning is worth."""

    model: Annotated[str, MODEL, Column(first=1)]
    verdict: Annotated[Text, VERDICT] = None
    candidates: Annotated[int, NUMBER_OF_CANDIDATES, Column(first=1)]
    left_out: Annotated[
        int, Column(help="The number of configurations with diverged or failed fits")
    ]
    plain: Annotated[
        Number,
        Column(
            unit="score",
            name="plain_{metric}",
            first=1,
            help="The {of_metric} of the configuration that is the best of all on these rows",
        ),
    ]
    tuned: Annotated[
        Interval | None,
        Column(
            unit="score",
            name="tuned_{metric}",
            first=1,
            help="What the choice of the best is worth on rows that did not decide it",
        ),
    ]
    optimism: Annotated[
        Number,
        Column(
            unit="difference", first=1, help="By how much the uncorrected {of_metric} is too good"
        ),
    ]
    stability: Annotated[Number, STABILITY, Column(first=1)]
    logistic: Annotated[
        Number, Column(unit="score", name="logistic_{metric}", help="The {of_metric} of {baseline}")
    ]
    best: Annotated[
        Text,
        Column(unit="configuration", first=2, help="The configuration with the best {of_metric}"),
    ]
    tied: Annotated[
        Count, Column(hidden=True, help="The number of configurations that share the first place")
    ] = None
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None
    chaotic: Annotated[bool, CHAOTIC] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Nested:
    """A tuned model against the baseline, by nested cross-validation."""

    model: Annotated[str, MODEL, Column(first=1)]
    verdict: Annotated[Text, VERDICT] = None
    outcome: Annotated[Text, SHOWN, Column(first=6)]
    score: Annotated[Interval | None, SCORE, Column(first=2)]
    untuned: Annotated[
        Number,
        Column(
            unit="score",
            name="untuned_{metric}",
            help="The {of_metric} of the reference of the same model, on the same splits",
        ),
    ]
    difference: Annotated[Interval | None, DIFFERENCE, Column(first=4)]
    p_value: Annotated[Number, P_VALUE]
    p_adjusted: Annotated[Number, ADJUSTED]
    basis: Annotated[Text, BASIS]
    worse: Annotated[Number, WORSE]
    equal: Annotated[Number, EQUAL]
    better: Annotated[Number, BETTER]
    chosen: Annotated[
        Text,
        Column(unit="configuration", first=6, help="The configuration that is chosen most often"),
    ]
    stability: Annotated[Number, STABILITY]
    choices: Annotated[
        Count, Column(help="The number of configurations that any training set chooses")
    ]
    candidates: Annotated[int, NUMBER_OF_CANDIDATES]
    same_as: Annotated[Text, SAME_AS]
    matched_by: Annotated[Text, MATCHED_BY] = None
    matched: Annotated[Number, MATCHED] = None
    beats_tuned: Annotated[
        Flag, Column(help="Whether it is shown to be better than {baseline}, tuned, too")
    ] = None
    fits: Annotated[int, NUMBER_OF_FITS]
    unchosen: Annotated[
        Count, Column(hidden=True, help="The number of training sets without a choice")
    ] = None
    unscored: Annotated[
        Count, Column(hidden=True, help="The number of judged fits without a score")
    ] = None
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None
    chaotic: Annotated[bool, CHAOTIC] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NestedPair:
    """A tuned model against another one, by nested cross-validation."""

    model: Annotated[str, MODEL, Column(first=1)]
    other: Annotated[str, OTHER, Column(first=2)]
    verdict: Annotated[Text, VERDICT] = None
    outcome: Annotated[str, SHOWN, Column(first=5)]
    difference: Annotated[
        Interval,
        Column(
            unit="difference",
            first=3,
            help="{metric}, minus the score of the other model, both tuned",
        ),
    ]
    p_value: Annotated[float, P_VALUE]
    p_adjusted: Annotated[float, ADJUSTED, Column(first=4)]
    basis: Annotated[str, BASIS, Column(first=6)]
    worse: Annotated[float, WORSE]
    equal: Annotated[float, EQUAL]
    better: Annotated[float, BETTER]
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Warned:
    """A warning. It has only the values that it needs; the others are None."""

    warning: Annotated[str, Column(unit="word", first=1, help="What a reviewer would object to")]
    verdict: Annotated[Text, VERDICT] = None
    model: Annotated[str, Column(unit="model", first=1, help="The model")]
    other: Annotated[str, Column(unit="model", help="The model that is the best by this metric")]
    subject: Annotated[
        str,
        Column(
            unit="subject",
            first=1,
            help="The feature, class, state of fits, metric or hyperparameter that it is about",
        ),
    ]
    count: Annotated[
        int, Column(first=1, help="The number of rows, fits or configurations that it is about")
    ]
    total: Annotated[
        int,
        Column(
            first=1, help="The number of all rows or fits; of a small class, the number of folds"
        ),
    ]
    share: Annotated[
        float,
        Column(
            unit="part",
            first=1,
            help="The score of the feature or model; how often the same configuration is "
            "chosen, or the same reason given",
        ),
    ]
    better: Annotated[
        bool,
        Column(
            help="Whether it is shown to be better than a guess: always {guess}. With poor "
            "probabilities, in naming the class; of fits that predict one class, whether any model "
            "is, in naming it"
        ),
    ]
    value: Annotated[
        float,
        Column(
            help="Of a hyperparameter; the rank correlation of neighbouring rows; the score of a "
            "guess; or how many features give the class away together"
        ),
    ]
    neighbour: Annotated[float, Column(help="The value next to it")]
    apparent: Annotated[
        float, Column(unit="difference", help="The difference before the correction for the choice")
    ]
    difference: Annotated[
        Interval,
        Column(
            unit="difference_by",
            first=1,
            alone=True,
            help="The score, minus the score of a guess, of the neighbour or of the other model",
        ),
    ]
    p_value: Annotated[
        float,
        Column(
            unit="probability",
            first=1,
            help="The p-value of the t-test: of being better than a guess, adjusted; with poor "
            "probabilities, of being worse",
        ),
    ]
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None
    reason: Annotated[Text, REASON]


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorRate:
    """How often a verdict on simulated data sets is right, or wrong.

    Without an interval on any data set there is no share, and no error of it.
    """

    check: Annotated[
        str,
        Column(
            unit="check",
            group=True,
            help="What is counted: intervals with the truth, false alarms, or differences found",
        ),
    ]
    model: Annotated[str, MODEL, Column(first=1)]
    other: Annotated[
        Text,
        Column(unit="model", first=1, help="What it is compared with; itself: on other inputs"),
    ]
    test: Annotated[
        Text,
        Column(
            unit="word",
            first=1,
            help="The test of this report, or the t-test that takes the splits for independent",
        ),
    ]
    true_difference: Annotated[
        float, Column(unit="size", first=1, help="The true difference of {of_metric}")
    ]
    truth: Annotated[Number, Column(unit="truth", help="The true {of_metric} or difference")]
    share: Annotated[float, Column(unit="share", first=1, help="How often it happens")]
    error: Annotated[
        float,
        Column(
            head="Standard error",
            unit="share",
            first=1,
            help="The Monte-Carlo standard error of the share",
        ),
    ]
    sets: Annotated[
        int,
        Column(
            head="Data sets", first=1, help="The number of simulated data sets, or of pairs of them"
        ),
    ]
    left_out: Annotated[
        Count, Column(help="The number of simulated data sets with diverged or failed fits")
    ]
    too_low: Annotated[
        Flag, Column(help="Whether the share is below 95% by more than chance explains")
    ]
    verdict: Annotated[Text, VERDICT] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """A configuration of the network, and how far its implementations agree."""

    configuration: Annotated[str, NAMED]
    state: Annotated[
        str,
        Column(
            help="Whether the implementations agree; or each step does, and the ends do not "
            "(training is chaotic); or a step differs by more than rounding explains"
        ),
    ]
    fits: Annotated[int, NUMBER_OF_FITS]
    diverged: Annotated[int, DIVERGED]
    tensorflow: Annotated[
        Number,
        Column(
            head="TensorFlow",
            unit="small",
            help="The largest difference of its probabilities from the hand-written network's",
        ),
    ]
    plain: Annotated[
        Number,
        Column(
            unit="small",
            help="The largest difference of its probabilities from the hand-written network's",
        ),
    ]
    tensorflow_steps: Annotated[
        Number,
        Column(
            head="TensorFlow, steps",
            unit="small",
            help="Its largest difference after an epoch from the same parameters, as a share of "
            "what rounding explains",
        ),
    ]
    plain_steps: Annotated[
        Number,
        Column(
            head="Plain, steps",
            unit="small",
            help="Its largest difference after an epoch from the same parameters, as a share of "
            "what rounding explains",
        ),
    ]
    tensorflow_wrong_from: Annotated[
        Count,
        Column(help="The first epoch in which a step of TensorFlow differs by more"),
    ]
    plain_wrong_from: Annotated[
        Count,
        Column(help="The first epoch in which a step of plain differs by more"),
    ]
    epochs: Annotated[int, Column(help="Up to which recorded epoch all costs agree to 1e-10")]
    verdict: Annotated[Text, VERDICT] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAnswer:
    """A known value, and the one computed here."""

    quantity: Annotated[str, Column(help="What is known")]
    expected: Annotated[float, Column(help="The known value")]
    computed: Annotated[float, Column(help="The value that was computed here")]
    difference: Annotated[float, Column(unit="small", help="Computed minus known")]
    tolerance: Annotated[
        float, Column(unit="small", help="The largest difference that counts as agreement")
    ]
    agrees: Annotated[bool, Column(help="Whether the difference is small enough")]
    source: Annotated[str, Column(help="Where the known value is from")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A number of one step of back-propagation."""

    part: Annotated[str, Column(group=True, help="The part of the step")]
    symbol: Annotated[str, Column(help="The quantity, with the symbol of the lecture")]
    formula: Annotated[str, Column(help="How it is computed")]
    value: Annotated[float, Column(help="Its value by the formula of the lecture")]
    autodiff: Annotated[
        Number,
        Column(head="By TensorFlow", help="Its value by automatic differentiation in TensorFlow"),
    ]
    difference: Annotated[Number, Column(unit="small", help="How far the two are apart")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """A fit and its scores. `backprop.study.scores` writes them, in an order of its own."""

    model: Annotated[str, MODEL, Column(first=1)]
    hidden: Annotated[Json, SAID_BY_CONFIGURATION]  # a number, or a text: 10x10
    activation: Annotated[Text, SAID_BY_CONFIGURATION]
    cost: Annotated[Text, SAID_BY_CONFIGURATION]
    learning_rate: Annotated[Number, SAID_BY_CONFIGURATION]
    hyperparameters: Annotated[Mapping[str, Json], HYPERPARAMETERS, Column(only_in_csv=True)]
    repeat: Annotated[int, REPEAT, Column(first=3)]
    fold: Annotated[int, FOLD, Column(first=3)]
    status: Annotated[str, Column(first=5, unit="word", help="How the training ended")]
    epochs: Annotated[int, Column(first=5, help="How many epochs, or steps, it took")]
    score: Annotated[
        Number, Column(unit="score", name="{metric}", first=4, help="{label}, on the test fold")
    ]
    others: Annotated[
        Mapping[str, Number], Column(unit="score", name="{other}", help="{label}, on the test fold")
    ]
    configuration: Annotated[str, NAMED]
    reason: Annotated[Text, REASON] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """The scores of a guess on the test rows of a split."""

    repeat: Annotated[int, REPEAT]
    fold: Annotated[int, FOLD]
    score: Annotated[float, GUESSED, Column(name="{metric}")]
    others: Annotated[Mapping[str, Number], GUESSED, Column(name="{other}")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """A model against a guess, by a metric."""

    model: Annotated[str, MODEL]
    tuned: Annotated[bool, Column(help="Whether it is tuned, by nested cross-validation")]
    metric: Annotated[str, BY]
    score: Annotated[float, SCORE_BY]
    guess: Annotated[float, Column(help="The score of a guess: the same for each row")]
    difference: Annotated[Interval, Column(help="The score, minus the score of the guess")]
    p_value: Annotated[Number, P_VALUE]
    p_adjusted: Annotated[Number, ADJUSTED]
    bar: Annotated[Number, Column(help="What the p-value must be below to show it")] = None
    better: Annotated[bool, Column(help="Whether it is shown to be better than the guess")]
    worse: Annotated[bool, Column(help="Whether it is shown to be worse than the guess")]
    permuted: Annotated[bool, Column(help="Whether the p-value is of a permutation test")] = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BySize:
    """A model's headline with a number of training rows, and its difference from the baseline."""

    model: Annotated[str, MODEL, Column(first=1)]
    share: Annotated[float, Column(unit="share", help="The part of each training set that is used")]
    training_rows: Annotated[
        float,
        Column(unit="count", first=2, help="The number of training rows, mean over the splits"),
    ]
    score: Annotated[Interval | None, SCORE, Column(first=3)]
    difference: Annotated[Interval | None, DIFFERENCE, Column(first=4)]
    p_value: Annotated[Number, P_VALUE]
    basis: Annotated[Text, BASIS]
    fits: Annotated[int, NUMBER_OF_FITS]
    unscored: Annotated[int, Column(help="The number of fits without a score")]


@dataclass(frozen=True, kw_only=True, slots=True)
class RowsNeeded:
    """With how many rows a true difference of a model from the baseline would be found."""

    model: Annotated[str, MODEL, Column(first=1)]
    size: Annotated[
        float,
        Column(
            head="True difference",
            unit="size",
            first=2,
            help="A true difference of {of_metric} from {baseline}",
        ),
    ]
    rows: Annotated[
        Interval,
        Column(
            unit="count",
            first=3,
            help="The rows of a table with which 80 of 100 such studies find this difference",
        ),
    ]
    power: Annotated[
        float,
        Column(
            unit="share",
            first=4,
            head="Found with the rows here",
            help="How often a study like this one finds this difference",
        ),
    ]
    rows_here: Annotated[int, Column(help="The rows of this table")]
    verdict: Annotated[Text, VERDICT] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewScore:
    """A model on new data, by a metric, and what cross-validation promised."""

    model: Annotated[str, MODEL, Column(first=1)]
    metric: Annotated[str, BY, Column(group=True)]
    verdict: Annotated[Text, VERDICT] = None
    score: Annotated[
        Interval,
        Column(unit="score_by", first=2, help="The model's score by this metric, on the new data"),
    ]
    promised: Annotated[
        Interval | None,
        Column(
            head="Cross-validation", unit="score_by", first=3, help="Its score by cross-validation"
        ),
    ]
    distance: Annotated[
        Interval | None,
        Column(unit="difference_by", help="The score on the new data, minus the promised one"),
    ]
    promise: Annotated[
        Text,
        Column(help="Whether the score is as promised, but for what chance explains: kept"),
    ]
    difference: Annotated[
        Interval | None,
        Column(unit="difference_by", first=4, help="The score, minus the score of {baseline}"),
    ]
    promised_difference: Annotated[
        Interval | None,
        Column(unit="difference_by", help="The same difference by cross-validation"),
    ]
    p_value: Annotated[Number, P_VALUE]
    outcome: Annotated[Text, SHOWN, Column(first=5)]
    basis: Annotated[Text, BASIS]
    worse: Annotated[Number, WORSE]
    equal: Annotated[Number, EQUAL]
    better: Annotated[Number, BETTER]
    rope: Annotated[
        float,
        Column(unit="size_by", help="The largest difference of this metric that counts as none"),
    ]
    rows: Annotated[int, Column(help="How many new rows there are")]
    uses: Annotated[int, Column(help="With how many pairs of models these data were used by now")]
    other_files: Annotated[int, Column(help="How many other new data were used by now")]
    p_adjusted: Annotated[
        Number, Column(hidden=True, help="The p-value: there is one comparison")
    ] = None
    confidence: Annotated[Number, CONFIDENCE, Column(hidden=True)] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCheck:
    """Whether new data are like the study's, in one respect."""

    check: Annotated[str, Column(unit="word", first=1, help="What was looked at")]
    verdict: Annotated[Text, VERDICT] = None
    subject: Annotated[Text, Column(first=2, help="The feature or class that it is about")]
    count: Annotated[int, Column(first=3, help="The number of new rows that it is about")]
    total: Annotated[int, Column(first=4, help="The number of all new rows")]
    share: Annotated[
        Number,
        Column(unit="share", first=5, help="The share of the class, or of copies, in the new data"),
    ]
    study_share: Annotated[
        Number, Column(unit="share", first=6, help="The same in the data of the study")
    ]
    limit: Annotated[
        Number, Column(first=7, help="The end of the range that the study has of the feature")
    ]
    which: Annotated[Text, Column(help="Categories that no row of the study has")]
    p_value: Annotated[
        Number,
        Column(
            unit="probability",
            first=8,
            help="How probable so much is, or more, if all rows are of one population; adjusted "
            "for the number of features",
        ),
    ]
    warns: Annotated[bool, Column(help="Whether it is a warning")]


@dataclass(frozen=True, kw_only=True, slots=True)
class HardRow:
    """A row of the data, and how often it is predicted wrongly."""

    row: Annotated[int, Column(help="The row of the data, counted from 1")]
    wrong: Annotated[int, Column(help="How many predictions for it are wrong")]
    predictions: Annotated[int, Column(help="How many predictions for it are counted")]
    one_class: Annotated[
        Text, Column(help="The models that always predict one class; they are not counted")
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """A value that says how the tables were made."""

    what: Annotated[str, Column(help="What was recorded")]
    value: Annotated[Text, Column(help="Its value")]


R = TypeVar("R")


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
    default: Any

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


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of results.

    Attributes
    ----------
    row : type
        The class of its rows, one of the above.
    computed_by : str
        The rule that computes it.
    advises : bool
        Whether the recommendation is decided from it.
    summarised : bool
        Whether the landing page is written from it, too.
    configured_by : str
        The column with the name of a configuration whose training may be chaotic, if there is one.
    """

    row: type[R]
    computed_by: str = ""
    advises: bool = False
    summarised: bool = False
    configured_by: str = ""

    @cached_property
    def fields(self) -> list[Field]:
        """The fields of its rows, in the order of the columns."""
        hints = get_type_hints(self.row, include_extras=True)
        return [
            _field(each.name, hints[each.name], each.default)
            for each in dataclasses.fields(self.row)  # type: ignore[arg-type]
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
        rows: Sequence[Mapping[str, Any]],
        metric: str = "",
        hyperparameters: Iterable[str] = (),
    ) -> "DataFrame":
        """Return the rows that a job computes as a data frame, with all columns of this table.

        A value that a row lacks is NaN. An optional column that all rows lack is left out, and so
        is one that is written with the sentences. It has the parameters of `columns`.
        """
        import pandas as pd  # only now: the workflow imports this module each time it starts

        names = [
            name
            for name, field in self.columns(metric, hyperparameters).items()
            if not field.column.worded
            and (not field.optional or field.column.hidden or any(name in row for row in rows))
        ]
        return pd.DataFrame(rows, columns=names)

    def read(self, path: Path, **options: Any) -> "DataFrame":
        """Read a file of this table, with options of `pandas.read_csv`. Texts stay texts."""
        texts = {f.name: "str" for f in self.fields if f.kind is str}
        return read_table(path, dtype=texts, **options)

    def rows(self, table: "DataFrame", metric: str = "") -> list[R]:
        """Return the rows of a data frame as objects.

        A value that is missing, alone or with its column, is the default of its field, or None.
        """
        declared = self.columns(metric)
        others = [name for name in table.columns if name not in declared]
        every = {
            field.name: _values(
                table, field, [n for n in field.names(metric, others) if n in table.columns]
            )
            for field in self.fields
        }
        return [
            self.row(**{name: values[place] for name, values in every.items()})
            for place in range(len(table))
        ]

    def shown(self, table: "DataFrame", metric: str) -> "DataFrame":
        """Return a table as readers get it: its columns in order, without those that are hidden."""
        shown = (n for n, field in self.columns(metric).items() if not field.column.hidden)
        return table[[name for name in shown if name in table.columns]]

    def only_in_csv(self, hyperparameters: Iterable[str]) -> list[str]:
        """Return the columns that pages are without; some are hyperparameters."""
        columns = self.columns("", hyperparameters)
        return [name for name, field in columns.items() if field.column.only_in_csv]

    def first(self, metric: str) -> list[str]:
        """Return the columns that a page shows first, in this order."""
        ranked = [
            (field.column.first, name)
            for name, field in self.columns(metric).items()
            if field.column.first and not (field.column.alone and name.endswith(ENDS))
        ]
        return [name for _, name in sorted(ranked, key=lambda each: each[0])]


def _field(name: str, hint: Any, default: Any) -> Field:
    """Return a field from its type. What a later `Column` in it says counts."""
    kind, *parts = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    unset = column = Column()
    for part in parts:
        own = {key: value for key, value in vars(part).items() if value != getattr(unset, key)}
        column = dataclasses.replace(column, **own)
    return Field(name, column, _kind(kind), default)


def _kind(hint: Any) -> Any:
    """Return the type of the values that are not missing; of a mapping, of those in it."""
    arguments = get_args(hint)
    if isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping):
        return _kind(arguments[1])
    return next((each for each in arguments if each is not NoneType), hint)


def _values(table: "DataFrame", field: Field, names: Sequence[str]) -> list[Any]:
    """Return the values of a field, row by row; these of its columns are there."""
    columns = {name: _column(table, name, field.kind) for name in names}
    if field.is_several:
        rows = range(len(table))
        return [{name: column[place] for name, column in columns.items()} for place in rows]
    default = field.default if field.optional else None
    values = columns[names[0]] if names else [None] * len(table)
    return [default if value is None else value for value in values]


def _column(table: "DataFrame", name: str, kind: Any) -> list[Any]:
    """Return the values of a column, each of its type or None."""
    cells = [None if cell != cell else cell for cell in table[name].tolist()]
    if kind is Interval:
        unknown = [math.nan] * len(cells)
        ends = (
            table[f"{name}{e}"].astype(float) if f"{name}{e}" in table else unknown for e in ENDS
        )
        every = zip(cells, *ends, strict=True)
        return [None if cell is None else Interval(float(cell), *own) for cell, *own in every]
    return [cell if cell is None or kind is Any else kind(cell) for cell in cells]


COMPARISON = Table(Compared, "compare", advises=True, configured_by="configuration")
BY_METRIC = Table(ByMetric, "compare", advises=True)
PAIRS = Table(Pair, "compare", advises=True)
CONFIGURATIONS = Table(Summarised, "compare", configured_by="configuration")
EFFECTS = Table(Effect, "compare", configured_by="configuration")
TUNING = Table(Tuning, "compare", advises=True, configured_by="best")
NESTED = Table(Nested, "compare", advises=True, configured_by="chosen")
NESTED_PAIRS = Table(NestedPair, "compare")
WARNED = Table(Warned, "compare", advises=True)
ERROR_RATES = Table(ErrorRate, "train_simulated", summarised=True)
PARITY = Table(Agreement, "parity", summarised=True)
KNOWN_ANSWERS = Table(KnownAnswer, "check_known_answers")
ONE_STEP = Table(Step, "one_step")
FITS = Table(Fit, "score")
GUESSING = Table(Guess, "compare", summarised=True)
AGAINST_GUESS = Table(Learned, "compare", advises=True)
TRAINING_SIZES = Table(BySize, "compare_sizes")
ROWS_NEEDED = Table(RowsNeeded, "compare_sizes", summarised=True)
HARD_ROWS = Table(HardRow, "compare", summarised=True)
NEW_DATA = Table(NewScore, "judge_new_data", summarised=True)
NEW_DATA_CHECKS = Table(NewCheck, "judge_new_data", summarised=True)
PROVENANCE = Table(Recorded, "provenance")

TABLES: dict[str, Table[Any]] = {
    "comparison": COMPARISON,
    "metrics": BY_METRIC,
    "pairs": PAIRS,
    "configurations": CONFIGURATIONS,
    "effects": EFFECTS,
    "tuning": TUNING,
    "nested": NESTED,
    "nested_pairs": NESTED_PAIRS,
    "warnings": WARNED,
    "error_rates": ERROR_RATES,
    "parity": PARITY,
    "known_answers": KNOWN_ANSWERS,
    "one_step": ONE_STEP,
    "fits": FITS,
    "guessing": GUESSING,
    "against_guess": AGAINST_GUESS,
    "training_sizes": TRAINING_SIZES,
    "rows_needed": ROWS_NEEDED,
    "hard_rows": HARD_ROWS,
    "new_data": NEW_DATA,
    "new_data_checks": NEW_DATA_CHECKS,
    "provenance": PROVENANCE,
}
"""By the names of the files in results/{dataset}/tables or statistics."""

ADVISING = tuple(name for name, table in TABLES.items() if table.advises)
"""The tables that a recommendation is read from."""

"""What figures and the landing page may be made from: files and values of the config."""

from enum import Enum, auto

SUMMARISED = (
    "comparison", "metrics", "pairs", "warnings", "tuning", "nested", "error_rates",
)  # fmt: skip
"""The tables of the report that the landing page and its recommendation are written from."""

OWN_STATISTICS = ("guessing", "hard_rows", "learning")
"""The statistics that they are also written from, and that are no tables of the report."""


class Source(Enum):
    """A file, or a list of files, that a figure is drawn from; see `backprop.workflow.paths`."""

    DATA = auto()  # the data set
    FOLDS = auto()  # the test fold of each row
    FITS = auto()  # all files of fits
    HEADLINE_FITS = auto()  # the files of fits that each model is compared by
    SCORES = auto()  # a row per fit with its metrics
    TIMINGS = auto()  # the seconds of each fit
    CONFIGURATIONS = auto()  # a row per model and configuration
    PAIRS = auto()  # a row per pair of models
    COMPARISON = auto()  # a row per model, against the baseline
    HARD_ROWS = auto()  # a row per row of the data: how often it is predicted wrongly
    GUESSING = auto()  # the metrics of a guess, a row per split


class Setting(Enum):
    """A value of the config that a figure needs."""

    CONFIGURATIONS = auto()  # all configurations of each model, its reference first
    REFERENCE = auto()  # the reference of each model alone
    SEED = auto()
    METRIC = auto()  # the metric of the study
    ROPE = auto()
    ROW = auto()  # what a row of the data is, such as "student"

"""What sentences take from the rows of tables, and what they need besides."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from backprop.models.registry import family_of
from backprop.report.wording.names import changes, sentence_case
from backprop.statistics.tables import Compared, Summarised
from backprop.study.configurations import Configuration

if TYPE_CHECKING:
    from backprop.config import Config

R = TypeVar("R")
W = TypeVar("W")

Named = Mapping[str, Mapping[str, Configuration]]
"""The configurations of each model by name, its reference first."""

RELATIONS = {
    "better": "better than",
    "worse": "worse than",
    "practically equal": "practically equal to",
    "slightly different": "shown to differ, but hardly by enough to matter, from",
    "undecided": "not shown to differ from",
}


def in_first(
    every: Sequence[R], key: Callable[[R], object], write: Callable[[list[R]], W | None]
) -> list[W | None]:
    """Write a sentence on all rows with one key, which is in the first of them."""
    keys = [key(row) for row in every]
    return [
        write([row for row, other in zip(every, keys, strict=True) if other == own])
        if place == keys.index(own)
        else None
        for place, own in enumerate(keys)
    ]


def without_score(row: Compared | Summarised) -> str:
    """Return how many fits of a row of a table diverged or failed, such as ``2 of 50 fits failed``.

    The numbers of a network overflow; a classifier of scikit-learn raises an error.
    """
    state, count = ("failed", row.failed) if row.failed else ("diverged", row.diverged)
    return f"{count} of {row.fits} fits {state}"


def trouble_of(model: str) -> str:
    """Return the word for what keeps fits of a model from having a score."""
    return family_of(model).trouble


class Context(NamedTuple):
    """What sentences need besides the numbers of their table.

    Attributes
    ----------
    candidates : dict of str to dict
        The configurations of each model by name, its reference first.
    metric : str
        The metric of the study.
    rope : float
        Differences of the metric up to this are of no practical interest.
    noun : str
        What a row of the data is, such as ``student``.
    epochs : int
        The largest number of epochs of a network.
    folds, repeats : int
        Of the cross-validation.
    patience : int, optional
        After how many epochs without progress training ends; by default never.
    independent : bool, optional
        Whether each row is one observation: rows have neither groups nor an order. Simulated ones
        always are.
    facts : mapping
        What is in the columns of a row of warnings, see `backprop.statistics.review.FACTS`.
    """

    candidates: Named
    metric: str
    rope: float
    noun: str = "row"
    epochs: int = 0
    folds: int = 0
    repeats: int = 0
    patience: int | None = None
    independent: bool = True
    facts: Mapping[str, Mapping[str, str]] = {}

    def changes(self, model: str, configuration: str) -> str:
        """Return in which values a configuration differs from the reference of its model."""
        by_name = self.candidates[model]
        return changes(by_name[configuration], next(iter(by_name.values())))

    def choice(self, model: str, configuration: str) -> str:
        """Return the same, for a sentence in which the configuration is chosen."""
        words = self.changes(model, configuration)
        return "the reference" if words == "reference" else words

    def capital(self, text: str) -> str:
        """Return a text as the beginning of a sentence; a name of the user stays as it is."""
        return sentence_case(text, self.candidates)

    @property
    def unlearned(self) -> str:
        """What unlearned fits did, such as ``still predicted a single class at epoch 500``."""
        end = "when training ended" if self.patience else f"at epoch {self.epochs:,}"
        return f"still predicted a single class {end}"

    @classmethod
    def of(cls, candidates: Mapping[str, Sequence[Configuration]], **values: Any) -> "Context":
        """Create a context from the configurations of each model, and the other attributes."""
        named = {model: {each.name: each for each in every} for model, every in candidates.items()}
        return cls(named, **values)


def context_of(config: "Config", dataset: str) -> dict[str, object]:
    """Return what `Context.of` needs of the completed config, for the sentences on a data set."""
    training, validation, entry = config.training, config.validation, config.datasets[dataset]
    return {
        "metric": config.comparison.metric,
        "rope": config.comparison.rope,
        "noun": entry.row,
        "epochs": training.epochs,
        "patience": training.patience,
        "folds": validation.folds,
        "repeats": validation.repeats,
        "independent": not (entry.groups or entry.order or entry.duplicates == "together"),
    }

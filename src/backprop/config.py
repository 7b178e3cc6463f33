"""The types of the completed config: every key has a value.

`docs/config_types.py` writes this file from the schema of the config. Import it for types only:
then no result depends on it.
"""

from typing import Literal, TypedDict


class Archive(TypedDict):
    """What `make archive` puts into an archive; it has no effect on results."""

    data: bool


class Learning(TypedDict):
    """What models learn from fewer rows, and how many rows would show a difference."""

    shares: list[float]


class Simulation(TypedDict):
    """How often the verdicts are wrong, measured on simulated data sets."""

    sets: int | None


class Comparison(TypedDict):
    """How models are compared."""

    metric: str
    rope: float


class Vary(TypedDict):
    """The other values to try, by hyperparameter."""

    hidden: list[list[int]]
    activation: list[str]
    cost: list[str]
    learning_rate: list[float]
    initialisation: list[str]
    batch_size: list[int]
    l2: list[float]
    optimiser: list[str]
    momentum: list[float]
    beta_1: list[float]
    beta_2: list[float]
    epsilon: list[float]


class Reference(TypedDict):
    """The reference of the networks, the configuration whose values `vary` replaces."""

    hidden: list[int]
    activation: str
    cost: str
    learning_rate: float
    initialisation: str
    batch_size: int
    l2: float
    optimiser: str
    momentum: float
    beta_1: float
    beta_2: float
    epsilon: float


class BaselineVary(TypedDict):
    """The other values to try."""

    l2: list[float]


class BaselineReference(TypedDict):
    """The values that it is compared with."""

    l2: float


class Baseline(TypedDict):
    """The hyperparameters of one regression."""

    reference: BaselineReference
    vary: BaselineVary


class Baselines(TypedDict):
    """The hyperparameters of the regressions."""

    logistic: Baseline
    softmax: Baseline


EstimatorsEntry = TypedDict(
    "EstimatorsEntry",
    {
        "class": str,
        "reference": dict[str, str | float | bool | list[str | float | bool | None] | None],
        "vary": dict[str, list[str | float | bool | list[str | float | bool | None] | None]],
    },
)
"""One classifier."""


class Training(TypedDict):
    """When the training of a network ends."""

    epochs: int
    patience: int | None
    tolerance: float


class Validation(TypedDict):
    """Repeated stratified k-fold cross-validation."""

    folds: int
    repeats: int
    inner_folds: int | Literal["by_data"] | None
    inner_repeats: int
    inner_networks: Literal["scratch", "all"]


class DatasetsEntry(TypedDict):
    """One data set."""

    source: str
    features: list[str] | None
    label: str | None
    exclude: list[str]
    row: str
    positive: str | float | bool | None
    missing: Literal["refuse", "impute"]
    missing_values: list[str | float]
    groups: str | None
    order: str | None
    sheet: str | None
    header: int | None
    skip_lines: list[int]
    without_class: Literal["refuse", "drop"]
    join_spellings: bool
    duplicates: Literal["keep", "together"]
    sha256: str | None
    test: str | None
    known_answers: str | None


class Config(TypedDict):
    """Config.yaml."""

    seed: int
    datasets: dict[str, DatasetsEntry]
    validation: Validation
    training: Training
    models: list[str]
    estimators: dict[str, EstimatorsEntry]
    predictions: dict[str, str | dict[str, str]]
    baselines: Baselines
    reference: Reference
    vary: Vary
    comparison: Comparison
    simulation: Simulation
    learning: Learning
    search: Literal["one_at_a_time", "grid"]
    archive: Archive
    first_look: bool

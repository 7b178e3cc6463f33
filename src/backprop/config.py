"""The completed config as objects: every key is an attribute with a value.

`docs/config_types.py` writes this file from the schema of the config. Where training and statistics
import it for types only, no number depends on it.
"""

from typing import Literal

from backprop.sections import ConfigSection


class Archive(ConfigSection):
    """What `make archive` puts into an archive; it has no effect on results."""

    data: bool


class Learning(ConfigSection):
    """What models learn from fewer rows, and how many rows would show a difference."""

    shares: list[float]


class Simulation(ConfigSection):
    """How often the verdicts are wrong, measured on simulated data sets."""

    sets: int | None


class Comparison(ConfigSection):
    """How models are compared."""

    metric: str
    rope: float


class Vary(ConfigSection):
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


class Reference(ConfigSection):
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


class BaselineVary(ConfigSection):
    """The other values to try."""

    l2: list[float]


class BaselineReference(ConfigSection):
    """The values that it is compared with."""

    l2: float


class Baseline(ConfigSection):
    """The hyperparameters of one regression."""

    reference: BaselineReference
    vary: BaselineVary


class Baselines(ConfigSection):
    """The hyperparameters of the regressions."""

    logistic: Baseline
    softmax: Baseline


class EstimatorsEntry(ConfigSection):
    """One classifier."""

    class_: str
    reference: dict[str, str | float | bool | list[str | float | bool | None] | None]
    vary: dict[str, list[str | float | bool | list[str | float | bool | None] | None]]


class Training(ConfigSection):
    """When the training of a network ends."""

    epochs: int
    patience: int | None
    tolerance: float


class Validation(ConfigSection):
    """Repeated stratified k-fold cross-validation."""

    folds: int
    repeats: int
    inner_folds: int | Literal["by_data"] | None
    inner_repeats: int
    inner_networks: Literal["scratch", "all"]
    gap: int


class DatasetsEntry(ConfigSection):
    """One data set."""

    source: str
    features: list[str] | None
    label: str | None
    exclude: list[str]
    row: str
    positive: str | float | bool | None
    missing: Literal["refuse", "impute"]
    missing_values: list[str | float]
    groups: str | list[str] | None
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


class Config(ConfigSection):
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
    also: list[dict[str, object]]
    comparison: Comparison
    simulation: Simulation
    learning: Learning
    search: Literal["one_at_a_time", "grid"]
    archive: Archive
    first_look: bool

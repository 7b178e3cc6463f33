"""The config: each key is declared here once, with its default, its limits and what it is.

`backprop.workflow.config_check` makes the JSON schema of it, by which faults are refused in plain
words; the documentation of the keys and completion in editors follow from that. What messages call
a key is its docstring, or the description of its type.
"""

from pathlib import PurePath
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SkipValidation, WithJsonSchema

from backprop.data.builtin import BUILT_IN
from backprop.data.dataset import MOST_CELLS
from backprop.study.configurations import HYPERPARAMETERS
from backprop.study.splits import DEFAULT_INNER_REPEATS
from backprop.typing import Json


class ConfigSection(BaseModel):
    """A mapping with fixed keys, as an object whose attributes are its keys.

    A key that Python reserves has an underscore after it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def changed(self, **values: object) -> Self:
        """Return a section with other values of some keys.

        Raises
        ------
        TypeError
            If there is no such key.
        """
        if unknown := values.keys() - type(self).model_fields.keys():
            raise TypeError(f"{type(self).__name__}: unknown {', '.join(sorted(unknown))}")
        return self.model_copy(update=values)

    def as_json(self) -> dict[str, Any]:
        """Return the mapping that makes the same section again."""
        return self.model_dump(by_alias=True)


def _schema(**more: Json) -> Any:
    """Add to the JSON schema of a type what pydantic has no argument for.

    `entry_of` names a table of the library: `workflow.config_check` puts its entries there.
    """
    return Field(json_schema_extra=more)


def _default(hyperparameter: str) -> Any:
    return HYPERPARAMETERS[hyperparameter].default


def _plain(path: str) -> str:
    """Return the one path of a file, such as ``a.csv`` for ``./a.csv``."""
    short = str(PurePath(path))
    is_other = short in BUILT_IN or "://" in path or path.endswith("/")
    return path if is_other else short


ONCE = _schema(uniqueItems=True)
NAME: Json = {
    "type": "string",
    "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*\\Z",
    "$comment": "of letters from A to Z, digits, _ and -, with a letter or digit first",
}
OF_MODEL: Json = {
    "description": "the name of a model, and of its files",
    **NAME,
    "maxLength": 30,
    "not": {"entry_of": "built_in"},
}
RESERVED_NAMES = ("candidates", "logs", "records", "report")  # they are other folders in results
OF_DATASET: Json = {
    "description": "the name of a data set, and of its folder",
    **NAME,
    "maxLength": 100,
    "not": {"enum": [*RESERVED_NAMES]},
}
SCALAR: Json = {"maxLength": 100, "format": "printable"}
SCALARS: Json = ["string", "number", "boolean", "null"]
SHA256 = _schema(**{
    "pattern": "^[0-9a-f]{64}\\Z", "$comment": "of 64 digits from 0 to 9 and a to f",
})  # fmt: skip
FILE: Json = {"type": "string", "minLength": 1, "format": "printable"}

# A number stays as it is written, 1 or 1.0, and an empty list is a default that nobody writes: by
# the schema alone, they are refused.
T = TypeVar("T")
Several = Annotated[list[T], _schema(minItems=1, uniqueItems=True)]
Text = Annotated[str, Field(min_length=1), _schema(format="printable")]
PlainPath = Annotated[Text, AfterValidator(_plain)]
Model = Annotated[str, _schema(entry_of="model")]
Value = Annotated[str | int | float | bool, _schema(format="printable")]
Parameter = Annotated[
    Any,
    WithJsonSchema({
        "description": "a value of a parameter", "type": [*SCALARS, "array"], **SCALAR,
        "maxItems": 20, "items": {"description": "a value in a list", "type": SCALARS, **SCALAR},
    }),
]  # fmt: skip

Hidden = Annotated[
    list[Annotated[int, Field(ge=1, le=100_000)]],
    Field(
        min_length=1,
        max_length=20,  # they are part of file names
        description="the number of nodes of each hidden layer, first to last",
    ),
]
Activation = Annotated[
    str,
    Field(description="the activation function of the hidden layers"),
    _schema(entry_of="activation"),
]
Cost = Annotated[str, Field(description="the cost function"), _schema(entry_of="cost")]
LearningRate = Annotated[
    float, Field(gt=0), SkipValidation, Field(description="the learning rate, eta")
]
Initialisation = Annotated[
    str,
    Field(description="how the starting weights are drawn"),
    _schema(entry_of="initialisation"),
]
BatchSize = Annotated[
    int,
    Field(ge=1, le=1_000_000_000),
    Field(description="the number of samples of an update; 1 is the lecture's"),
]
WeightDecay = Annotated[
    float,
    Field(ge=0),
    SkipValidation,
    Field(
        description="the weight decay; l2 / 2 times the squared weights is added to the mean cost"
    ),
]
Optimiser = Annotated[
    str,
    Field(description="how a step follows from gradients; sgd is the lecture's gradient descent"),
    _schema(entry_of="optimiser"),
]
Share = Annotated[float, Field(ge=0, lt=1), SkipValidation]
Momentum = Annotated[
    Share, Field(description="how much of the last step an update with momentum keeps, mu")
]
Beta1 = Annotated[Share, Field(description="how much Adam keeps of its mean of the gradients")]
Beta2 = Annotated[
    Share, Field(description="how much Adam keeps of its mean of the squared gradients")
]
Epsilon = Annotated[
    float,
    Field(gt=0),
    SkipValidation,
    Field(description="what Adam adds to the root of the mean of the squared gradients"),
]


class CellsEntry(ConfigSection):
    """How the cells of one column are read."""

    read: (
        Literal[
            "number", "category", "time", "feet", "degrees", "range",
            "date", "day first", "month first",
        ]
        | None
    ) = None  # fmt: skip
    """what a cell is: a number with a unit, a category although it has digits, a time in hours, \
feet and inches, degrees, the middle of a range, or a date, by its month, weekday and day"""
    unit: Text | None = None
    """the unit of the numbers, such as kg or $; a cell with another one is refused"""
    decimal: Literal[".", ","] | None = None
    """the decimal sign of the numbers; by default that of the file"""
    limits: Literal["at", "half", "missing"] | None = None
    """what a limit such as < 0.4 counts as: the limit, half of it, or no value; another column \
says which rows have one"""
    missing: Annotated[
        list[Annotated[str | int | float, _schema(minLength=1, format="printable")]], ONCE
    ] = []
    """what counts as missing in this column alone, such as 9999"""
    join: dict[
        str,
        Annotated[str, Field(min_length=1, description="the text that is meant")],
    ] = {}
    """other spellings, and the text that each of them means"""
    order: Annotated[list[Text], ONCE] = []
    """the categories from low to high, which become the numbers 1, 2, 3 and so on"""


class DatasetsEntry(ConfigSection):
    """One data set."""

    source: PlainPath
    """where the data come from (the name of a data set, an http(s) URL, or a path)"""
    features: Annotated[list[Text], Field(min_length=1), ONCE] | None = None
    """the columns with the features; by default all but the label, the groups and the order"""
    label: Text | None = None
    """the column with the class; a data set by name has one"""
    exclude: Annotated[list[Text], ONCE] = []
    """the columns that are no features, in place of a list of `features`"""
    row: Annotated[str, Field(max_length=40), _schema(format="alphanumeric")] = "row"
    """what a row of the table is, a noun in the singular"""
    positive: Value | None = None
    """of two classes, the one whose probability is predicted; by default the last in order"""
    missing: Literal["refuse", "impute"] = "refuse"
    """what to do if features have no value in some rows"""
    missing_values: Annotated[
        list[Annotated[str | int | float, _schema(minLength=1, format="printable")]], ONCE
    ] = []
    """what counts as missing besides an empty cell, NA and the like, such as k.A. or -999"""
    groups: Text | Annotated[list[Text], ONCE] | None = None
    """the column, or columns together, that say which rows belong together; no feature"""
    id: Text | None = None
    """the column that names each row on the page of all rows; no feature"""
    order: Text | None = None
    """the column with numbers or dates that rows are in the order of; each fold is trained on \
earlier rows"""
    sheet: Text | None = None
    """the sheet of an Excel workbook; by default the only one"""
    header: Annotated[int, Field(ge=1)] | None = None
    """the line with the names of the columns, or the row of a sheet; by default the first"""
    skip_lines: Annotated[list[Annotated[int, Field(ge=1)]], ONCE] = []
    """lines, or rows of a sheet, that are left out, such as one of units or totals"""
    without_class: Literal["refuse", "drop"] = "refuse"
    """what to do with rows without a class"""
    join_spellings: bool = False
    """whether spellings of a class that differ in case or blanks are one class"""
    cells: dict[str, CellsEntry] = {}
    """how the cells of some columns are read, by column: numbers with units, limits, dates, \
missing values, spellings, orders"""
    rows: Annotated[int, Field(ge=2)] | None = None
    """how many rows to draw by the seed, with the shares of the classes and whole groups; by \
default all"""
    most_cells: Annotated[int, Field(ge=1)] = MOST_CELLS
    """the largest number of cells in the columns that are used: each takes memory"""
    duplicates: Literal["keep", "together"] = "keep"
    """whether equal rows are together in one fold"""
    sha256: Annotated[str, SHA256] | None = None
    """the SHA-256 that the table must have in its canonical form"""
    test: PlainPath | None = None
    """a table of new rows, which only test the recommended model, when all is decided"""
    feature_groups: Annotated[
        dict[Text, list[Text]],
        WithJsonSchema({
            "type": "object",
            "propertyNames": {"description": "the name of a group", **FILE, "maxLength": 100},
            "additionalProperties": {
                "description": "the features of a group", "type": "array", "minItems": 2,
                "uniqueItems": True, "items": {"description": "the name of a feature", **FILE},
            },
        }),
    ] = {}  # fmt: skip
    """features that are left out together, by the name of their group; by default those that rise \
and fall together"""
    known_answers: PlainPath | None = None
    """a file of known results to check logistic regression against"""


class Validation(ConfigSection):
    """Repeated stratified k-fold cross-validation."""

    folds: Annotated[int, Field(ge=2)]
    """the number of folds"""
    repeats: Annotated[int, Field(ge=1, le=1000)]
    """the number of repeats, each with new folds"""
    inner_folds: Annotated[
        int | Literal["by_data"] | None,
        WithJsonSchema({"type": ["integer", "null"], "minimum": 2}),
    ] = "by_data"
    """the number of folds of each training set in nested cross-validation, or null for none; by \
default 5, or fewer if a class has too few rows"""
    inner_repeats: Annotated[int, Field(ge=1)] = DEFAULT_INNER_REPEATS
    """the number of repeats with nested cross-validation, or all if there are fewer"""
    inner_networks: Literal["scratch", "all"] = "scratch"
    """the networks that choose their own configuration, if there are two"""
    gap: Annotated[int, Field(ge=0)] = 0
    """with an order, how many of its values are left out between the rows to train on and to test \
on"""


class Training(ConfigSection):
    """When the training of a network ends."""

    epochs: Annotated[int, Field(ge=1, le=1_000_000)]
    """the maximum number of passes over the training samples"""
    patience: Annotated[int | None, WithJsonSchema({"type": ["integer", "null"], "minimum": 1})]
    """the number of epochs without progress after which training stops, or null to train all \
epochs"""
    tolerance: Annotated[float, Field(ge=0), SkipValidation]
    """the decrease of the training cost that counts as progress"""


class EstimatorsEntry(ConfigSection):
    """One classifier."""

    class_: Annotated[str, Field(alias="class")]
    """a class of scikit-learn, such as sklearn.svm.SVC"""
    reference: dict[str, Parameter] = {}
    """the parameters that it is compared with; all others have scikit-learn's defaults"""
    vary: dict[
        str,
        Annotated[
            list[Parameter],
            Field(min_length=1, description="other values of the parameter"),
            ONCE,
        ],
    ] = {}
    """the other values to try, by parameter"""


class BaselineReference(ConfigSection):
    """The values that it is compared with."""

    l2: WeightDecay = _default("l2")


class BaselineVary(ConfigSection):
    """The other values to try."""

    l2: Several[WeightDecay] = []
    """other weight decays"""


class Baseline(ConfigSection):
    """The hyperparameters of one regression."""

    reference: BaselineReference = BaselineReference()
    vary: BaselineVary = BaselineVary()


class Baselines(ConfigSection):
    """The hyperparameters of the regressions."""

    logistic: Baseline = Baseline()
    softmax: Baseline = Baseline()


class Reference(ConfigSection):
    """The reference of the networks, the configuration whose values `vary` replaces."""

    hidden: Hidden
    activation: Activation
    cost: Cost
    learning_rate: LearningRate
    initialisation: Initialisation
    batch_size: BatchSize = _default("batch_size")
    l2: WeightDecay = _default("l2")
    optimiser: Optimiser = _default("optimiser")
    momentum: Momentum = _default("momentum")
    beta_1: Beta1 = _default("beta_1")
    beta_2: Beta2 = _default("beta_2")
    epsilon: Epsilon = _default("epsilon")


class Vary(ConfigSection):
    """The other values to try, by hyperparameter."""

    hidden: Several[Hidden] = []
    """other hidden layers"""
    activation: Several[Activation] = []
    """other activation functions"""
    cost: Several[Cost] = []
    """other cost functions"""
    learning_rate: Several[LearningRate] = []
    """other learning rates"""
    initialisation: Several[Initialisation] = []
    """other initialisations"""
    batch_size: Several[BatchSize] = []
    """other batch sizes"""
    l2: Several[WeightDecay] = []
    """other weight decays"""
    optimiser: Several[Optimiser] = []
    """other optimisers"""
    momentum: Several[Momentum] = []
    """other values of momentum"""
    beta_1: Several[Beta1] = []
    """other values of beta_1"""
    beta_2: Several[Beta2] = []
    """other values of beta_2"""
    epsilon: Several[Epsilon] = []
    """other values of epsilon"""


OF_COST: Json = {"type": "number", "minimum": 0}
OF_CLASS: Json = {"type": "string", "description": "the name of a class, a number in quotes"}
Costs = Annotated[
    dict[str, Any],
    WithJsonSchema({
        "type": "object", "minProperties": 1, "propertyNames": OF_CLASS,
        "additionalProperties": {
            **OF_COST, "type": ["number", "object"], "propertyNames": OF_CLASS,
            "description": "what a `missed` row of the positive class and a `false_alarm` cost; "
            "or, by the name of a class, what its rows cost by the class that is decided",
            "additionalProperties": {
                "description": "the cost of a row that is decided to be of this class; by default "
                "1", **OF_COST,
            },
        },
    }),
]  # fmt: skip


class Comparison(ConfigSection):
    """How models are compared."""

    metric: Annotated[str, _schema(entry_of="metric")] = "accuracy"
    """what the models are compared by, fixed before results are seen"""
    rope: Annotated[float, Field(ge=0, le=1), SkipValidation]
    """the largest difference in the metric that does not matter in practice, in its unit"""
    costs: Costs | None = None
    """what wrong decisions cost; by default models are not compared by costs"""
    threshold: Annotated[float, Field(gt=0, lt=1), SkipValidation] | None = None
    """in place of costs, the probability of the positive class from which on a row is decided to \
be positive"""


class Simulation(ConfigSection):
    """How often the verdicts are wrong, measured on simulated data sets."""

    sets: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """the number of data sets to draw, 0 for none; by default as many as take about a minute for \
each model"""


class Learning(ConfigSection):
    """What models learn from fewer rows, and how many rows would show a difference."""

    shares: Annotated[
        Several[Annotated[float, Field(gt=0, le=1), SkipValidation]], Field(max_length=20)
    ] = []
    """the shares of each training set that models are trained on, besides all of it; by default \
none"""


class Importance(ConfigSection):
    """What each feature is worth: models are trained again without it."""

    features: Annotated[
        Literal["all", "none", "if_short"] | list[Text],
        WithJsonSchema(
            {
                "type": ["string", "array"],
                "pattern": "^(all|none|if_short)\\Z",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"description": "the name of a feature", **FILE},
                "$comment": "of all, none or if_short, or the names of features",
            }
        ),
    ] = "if_short"
    """the features to leave out, one after the other; by default all, if that is not longer than \
the study"""  # fmt: skip


class Archive(ConfigSection):
    """What `backprop archive` puts into an archive; it has no effect on results."""

    data: bool = True
    """whether the archive has the rows of the data, or only their SHA-256"""


class Config(ConfigSection):
    """The config, `config.yaml`."""

    seed: Annotated[int, Field(ge=0, le=4_294_967_295)]
    """the seed of all random numbers"""
    datasets: Annotated[
        dict[str, DatasetsEntry], Field(min_length=1), _schema(propertyNames=OF_DATASET)
    ]
    """the data sets to compare the models on, by name"""
    validation: Validation
    training: Training
    models: Annotated[
        list[Model], Field(min_length=1), _schema(uniqueItems=True, contains={"const": "logistic"})
    ]
    """the models to compare"""
    estimators: Annotated[dict[str, EstimatorsEntry], _schema(propertyNames=OF_MODEL)] = {}
    """classifiers of scikit-learn, by the names under which `models` lists them"""
    predictions: Annotated[
        dict[
            str,
            Annotated[
                str | dict[str, str],
                WithJsonSchema({
                    "description": "a CSV file with row, repeat, fold and the probability of each "
                    "class, or predicted; with several data sets, a file for each, by its name",
                    **FILE,
                    "type": ["string", "object"],
                    "additionalProperties": {"description": "the file of a data set", **FILE},
                }),
            ],
        ],
        _schema(propertyNames=OF_MODEL),
    ] = {}  # fmt: skip
    """files with the predictions of models that were trained elsewhere, by the names under which \
`models` lists them"""
    baselines: Baselines = Baselines()
    reference: Reference
    vary: Vary
    also: Annotated[
        list[dict[str, Any]],
        Field(max_length=100),
        _schema(minItems=1, uniqueItems=True, items={"changes_of": "Reference"}),
    ] = []
    """whole configurations of the networks to try as well, by the values in which they differ \
from the reference"""
    comparison: Comparison
    simulation: Simulation = Simulation()
    learning: Learning = Learning()
    importance: Importance = Importance()
    search: Literal["one_at_a_time", "grid"]
    """how the values to vary are combined"""
    archive: Archive = Archive()
    first_look: bool = False
    """whether the report is a first look, and says so; if a data set has an order, it has one \
repeat"""


def costs_of(study: Config) -> dict[str, Any]:
    """Return the costs of a study, as `backprop.study.costs.Costs.of` takes them, if it has any.

    Of a threshold, they are the ones that it is the best for.
    """
    costs, threshold = study.comparison.costs, study.comparison.threshold
    if threshold is not None:
        return {"missed": 1 - threshold, "false_alarm": threshold}
    return costs or {}

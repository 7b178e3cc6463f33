"""The words of the report: what it calls things, and every sentence of its tables.

A sentence is made from the numbers of a table of `backprop.report.tables`. So an edit of a sentence
never computes a number again.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from backprop.models.registry import BASELINE, MODELS
from backprop.study.configurations import HYPERPARAMETERS, Configuration, nodes
from backprop.study.fits import DEAD

Row = Mapping[str, Any]

TROUBLE = {
    "dead": f"are dead: they give every row the same probability, to within {DEAD:g}",
    "not_converged": "did not converge: they can separate the classes",
}


class Unit(NamedTuple):
    """How to write a difference: its unit, the units in a score of 1, and the decimals to show."""

    name: str
    scale: float
    decimals: int


POINTS = Unit("points", 100, 1)  # percentage points, for accuracy and its like


def sentence_case(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[0].upper() + text[1:]


def heading(hyperparameter: str) -> str:
    """Return the name of a hyperparameter for an axis."""
    return HYPERPARAMETERS[hyperparameter].capitalize()


def value(hyperparameter: str, setting: Any) -> str:
    """Return a value of a hyperparameter in words.

    Examples
    --------
    >>> value("hidden", (10, 10)), value("learning_rate", 1.0), value("cost", "squared_error")
    ('10x10', '1', 'squared error')
    """
    if hyperparameter == "hidden":
        return nodes(setting)
    if hyperparameter == "learning_rate":
        return f"{setting:g}"
    return {"glorot": "Glorot", "relu": "ReLU"}.get(setting, str(setting).replace("_", " "))


def named_value(hyperparameter: str, setting: Any) -> str:
    """Return a value in words, with the name of its hyperparameter if it is a number.

    Examples
    --------
    >>> named_value("hidden", (5,)), named_value("learning_rate", 0.3), named_value("cost", "x")
    ('hidden 5', 'learning rate 0.3', 'x')
    """
    text = value(hyperparameter, setting)
    names = {"hidden": f"hidden {text}", "learning_rate": f"learning rate {text}"}
    return names.get(hyperparameter, text)


def changes(configuration: Configuration, reference: Configuration) -> str:
    """Return the values in which a configuration differs from the reference.

    Examples
    --------
    >>> reference = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
    >>> changes(Configuration((5,), "relu", "squared_error", 0.1, "uniform"), reference)
    'hidden 5, ReLU'
    >>> changes(reference, reference)
    'reference'
    """
    differing = [
        named_value(key, getattr(configuration, key))
        for key in HYPERPARAMETERS
        if getattr(configuration, key) != getattr(reference, key)
    ]
    return ", ".join(differing) or "reference"


def add_verdicts(
    name: str, table: pd.DataFrame, candidates: Sequence[Configuration], *, rope: float
) -> pd.DataFrame:
    """Add the sentences to a table of statistics: the table that the report shows.

    Parameters
    ----------
    name : {"comparison", "tuning", "effects", "parity"}
    table : DataFrame
        From `compare_models`, `estimate_tuning`, `compare_values` or `compare_implementations` of
        `backprop.report.tables`.
    candidates : sequence of Configuration
        The reference first.
    rope : float
        Differences of accuracy up to this are of no practical interest.

    Returns
    -------
    DataFrame
        With a column ``verdict``, and without the columns that only the sentences need. The
        verdict of a hyperparameter is in its first row of each model, that of ``parity`` in the
        first row of the table; their other rows have none.
    """
    table = table.copy()
    named = {candidate.name: candidate for candidate in candidates}
    rows: list[Any] = table.to_dict("records")
    if name == "comparison":
        table.insert(1, "verdict", [_comparison_verdict(row, rope) for row in rows])
    elif name == "tuning":
        table.insert(1, "verdict", [_tuning_verdict(row, named) for row in rows])
    elif name == "effects":
        table["verdict"] = _effects_verdicts(rows, named)
        values = [_setting(row, named) for row in rows]
        table.insert(2, "value", [nodes(v) if isinstance(v, tuple) else v for v in values])
    else:
        table["verdict"] = [_parity_verdict(table), *[None] * (len(table) - 1)]
    return table.drop(columns=FOR_SENTENCES[name])


FOR_SENTENCES: dict[str, list[str]] = {
    "comparison": ["fits", "confidence"],
    "tuning": ["tied", "confidence"],
    "effects": ["fits", "confidence"],
    "parity": [],
}


def advice(comparison: pd.DataFrame) -> str:
    """Say which model to use, and why.

    Parameters
    ----------
    comparison : DataFrame
        From `backprop.report.tables.compare_models`.
    """
    better = comparison[comparison["outcome"] == "better"]
    if len(better):
        best = better.sort_values("accuracy").iloc[-1]
        return (
            f"Use {MODELS[best.model].name}: it is better than {MODELS[BASELINE].name} on these "
            f"data, by {100 * best.difference:.1f} points of accuracy."
        )
    rest = (
        "nothing here is shown to do better, and it is the simplest, with nothing to tune."
        if len(comparison) > 1
        else "nothing else was tried."
    )
    detectable = comparison.loc[comparison["outcome"] == "undecided", "detectable"].max()
    if math.isnan(detectable):
        return f"Use {MODELS[BASELINE].name}: {rest}"
    size = "any size" if math.isinf(detectable) else f"less than {100 * detectable:.1f} points"
    return f"Use {MODELS[BASELINE].name}: {rest} An advantage of {size} could have gone unnoticed."


def verdict(name: str, baseline_name: str, row: Row, *, rope: float, unit: Unit = POINTS) -> str:
    """Say the outcome of a comparison in one sentence, with its numbers.

    After the difference, its interval and the adjusted p-value comes what the outcome leaves open:
    whether a difference matters, how nearly equal the two are, what could have been detected.

    Parameters
    ----------
    name, baseline_name : str
        What to call the model and its baseline.
    row : mapping
        A row of `backprop.report.tables.compare_models`, of a model that was compared.
    rope : float
        As in `add_verdicts`.
    unit : Unit, default=POINTS
        How to write differences; for a log loss for example ``Unit("nats", 1, 3)``.

    Returns
    -------
    str
        A sentence without its full stop, for a table as well as for prose.
    """
    difference = f"difference {_amount(row['difference'], unit, '+')} {unit.name}"
    if math.isinf(row["difference_lower"]):
        return (
            f"{name} is indistinguishable from {baseline_name}: {difference} on every split, so "
            "that nothing is known of its spread"
        )
    width = f"{_amount(rope, unit)} {unit.name}"
    relation, rest = {
        "better": (
            "better than",
            f"P(better by more than {width}) {_probability(row['better'])}",
        ),
        "worse": (
            "worse than",
            f"P(worse by more than {width}) {_probability(row['worse'])}",
        ),
        "practically equal": (
            "practically equal to",
            f"P(within {width} of each other) {_probability(row['equal'])}",
        ),
        "undecided": (
            "indistinguishable from",
            f"this design could detect {_amount(row['detectable'], unit)} {unit.name}",
        ),
    }[row["outcome"]]
    return (
        f"{name} is {relation} {baseline_name}: {difference}, {_interval(row, unit)}, "
        f"adjusted p {_probability(row['p_adjusted'])}; {rest}"
    )


def _comparison_verdict(row: Row, rope: float) -> str:
    name, baseline = MODELS[row["model"]].name, MODELS[BASELINE].name
    if math.isnan(row["accuracy"]):
        sentence = (
            f"{name} cannot be compared with {baseline}: "
            f"{row['diverged']} of {row['fits']} fits diverged"
        )
    elif row["model"] == BASELINE:
        sentence = f"{name} is what the others are compared with"
    else:
        sentence = verdict(name, baseline, row, rope=rope)
    troubles = [
        f" ({row[state]} of {row['fits']} fits {meaning})"
        for state, meaning in TROUBLE.items()
        if row[state]
    ]
    return "".join([sentence, *troubles])


def _tuning_verdict(row: Row, candidates: Mapping[str, Configuration]) -> str:
    name = MODELS[row["model"]].name
    kept = row["candidates"] - row["left_out"]
    if not kept:
        return f"{name}: no configuration is left, as fits of each diverged"
    reference = next(iter(candidates.values()))
    tie = f"; {row['tied']:.0f} share the first place" if row["tied"] > 1 else ""
    lower, upper = row["tuned_accuracy_lower"], row["tuned_accuracy_upper"]
    return (
        f"{name}: the best of {kept} configurations "
        f"({changes(candidates[row['best']], reference)}{tie}) scores {row['plain_accuracy']:.1%} "
        f"and is worth {row['tuned_accuracy']:.1%} "
        f"({100 * row['confidence']:g}% interval {lower:.1%} to {upper:.1%}), "
        f"against {row['logistic_accuracy']:.1%} of {MODELS[BASELINE].name}, which needs no tuning"
    )


def _effects_verdicts(
    rows: Sequence[Row], candidates: Mapping[str, Configuration]
) -> list[str | None]:
    """Return a sentence for the first row of each model and hyperparameter, None for the others."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault((row["model"], row["hyperparameter"]), []).append(place)
    verdicts: list[str | None] = [None] * len(rows)
    for places in groups.values():
        verdicts[places[0]] = _hyperparameter_verdict([rows[p] for p in places], candidates)
    return verdicts


def _hyperparameter_verdict(rows: Sequence[Row], candidates: Mapping[str, Configuration]) -> str:
    """Say what the other values of a hyperparameter change in the reference, by the outcomes."""
    key = rows[0]["hyperparameter"]
    reference = next(iter(candidates.values()))
    by_outcome: dict[str, list[Row]] = {}
    for row in rows:
        result = "diverged" if pd.isna(row["outcome"]) else row["outcome"]
        by_outcome.setdefault(result, []).append(row)
    parts = [
        _values_verdict(result, group, value(key, getattr(reference, key)), candidates)
        for result, group in sorted(by_outcome.items())
    ]
    parts += [
        f"{row['dead']} of {row['fits']} fits with {named_value(key, _setting(row, candidates))} "
        "are dead"
        for row in rows
        if row["dead"]
    ]
    return f"{MODELS[rows[0]['model']].name}, {HYPERPARAMETERS[key]}: {'; '.join(parts)}"


def _values_verdict(
    result: str, rows: Sequence[Row], own: str, candidates: Mapping[str, Configuration]
) -> str:
    """Say what the values with one outcome change, compared with the reference's `own` value."""
    key = rows[0]["hyperparameter"]
    names = [value(key, _setting(row, candidates)) for row in rows]
    values = ", ".join(names)
    if result == "diverged":
        return f"{values} cannot be compared, as fits diverged"
    if result == "practically equal":
        return f"{values} practically equal to {own}"
    largest, name = max(zip(rows, names, strict=True), key=lambda pair: abs(pair[0]["difference"]))
    known = _interval(largest, POINTS)
    if math.isinf(largest["difference_lower"]):
        known = "the same on every split, so that nothing is known of its spread"
    size = f"{_amount(largest['difference'], POINTS, '+')} points ({name}; {known})"
    if result == "undecided":
        return f"the data cannot tell {values} from {own}; the largest difference is {size}"
    return f"{values} {result} than {own}, by up to {size}"


def _parity_verdict(table: pd.DataFrame) -> str:
    largest = table[["tensorflow", "plain"]].max().max()
    return (
        f"{table['agrees'].sum()} of {len(table)} configurations agree; the largest difference of "
        f"a probability is {largest:.1g}, and rounding explains {table['bar'].iloc[0]:.0e}"
    )


def _setting(row: Row, candidates: Mapping[str, Configuration]) -> Any:
    """Return the value of the hyperparameter that a row of `compare_values` is about."""
    return getattr(candidates[row["configuration"]], row["hyperparameter"])


def _interval(row: Row, unit: Unit) -> str:
    lower, upper = (_amount(row[f"difference_{end}"], unit, "+") for end in ("lower", "upper"))
    return f"{100 * row['confidence']:g}% interval {lower} to {upper}"


def _amount(amount: float, unit: Unit, sign: str = "") -> str:
    """Write a difference in its unit; zero has no minus sign."""
    return f"{amount * unit.scale:{sign}z.{unit.decimals}f}"


def _probability(probability: float) -> str:
    """Write a probability with its relation sign, without rounding it to 0 or 1."""
    if probability < 0.001:
        return "< 0.001"
    return f"= {probability:.3g}" if probability <= 0.999 else "> 0.999"

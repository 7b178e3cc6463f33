"""The words of the report: what it calls things, and every sentence of its tables.

One job computes the numbers of a table with `backprop.report.tables`, and another writes sentences
from these numbers. So an edit of a sentence never computes a number again.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from backprop.models.registry import BASELINE, MODELS
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.network.training import DEAD
from backprop.study.configurations import HYPERPARAMETERS, Configuration, nodes

Row = Mapping[str, Any]

FOR_SENTENCES = {
    "comparison": ["fits", "confidence"],
    "tuning": ["tied", "confidence"],
    "effects": ["fits", "confidence"],
    "parity": [],
}
"""Columns of the statistics that only the sentences need, by table."""

TROUBLE = {
    "dead": f"are dead: they give every row the same probability, to within {DEAD:g}",
    "not_converged": "did not converge: they can separate the classes perfectly",
}
RELATIONS = {
    "better": "better than",
    "worse": "worse than",
    "practically equal": "practically equal to",
    "undecided": "indistinguishable from",
}


IRREGULAR = {"person": "people", "man": "men", "woman": "women", "child": "children"}
"""Plurals that follow no rule."""


class Unit(NamedTuple):
    """How to write a difference: its unit, the units in a score of 1, and the decimals to show."""

    name: str
    scale: float
    decimals: int


ENTRIES: dict[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "cost": COSTS,
    "initialisation": INITIALISATIONS,
}
"""The tables with the values of the hyperparameters that are no numbers."""
POINTS = Unit("points", 100, 1)  # percentage points, for accuracy and other shares


def sentence_case(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[0].upper() + text[1:]


def plural(noun: str) -> str:
    """Return the plural of a noun, by the rules of English spelling and `IRREGULAR`.

    Examples
    --------
    >>> plural("student"), plural("blood sample"), plural("boy"), plural("city"), plural("box")
    ('students', 'blood samples', 'boys', 'cities', 'boxes')
    >>> plural("sales person")
    'sales people'
    """
    *before, last = re.split("([ -])", noun)
    if last.lower() in IRREGULAR:
        last = IRREGULAR[last.lower()]
    elif re.search("[^aeiou]y$", last):
        last = f"{last[:-1]}ies"
    else:
        last += "es" if re.search("(s|x|z|ch|sh)$", last) else "s"
    return "".join([*before, last])


def heading(hyperparameter: str) -> str:
    """Return the name of a hyperparameter for an axis."""
    return HYPERPARAMETERS[hyperparameter].label.capitalize()


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
    return str(ENTRIES[hyperparameter][setting].label)


def named_value(hyperparameter: str, setting: Any) -> str:
    """Return a value in words, with the name of its hyperparameter if it is a number.

    Examples
    --------
    >>> named_value("hidden", (5,)), named_value("activation", "relu")
    ('hidden 5', 'ReLU')
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
        named_value(key, getattr(configuration, key)) for key in configuration.differing(reference)
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
        With a column ``verdict``, and without the columns that only the sentences need. In
        ``effects``, the first row of each model and hyperparameter has the verdict; in ``parity``,
        the first row of the table.
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
        "no other model is shown to be better, and it is the simplest, with nothing to tune."
        if len(comparison) > 1
        else "no other model was tried."
    )
    detectable = comparison.loc[comparison["outcome"] == "undecided", "detectable"].max()
    if math.isnan(detectable):
        return f"Use {MODELS[BASELINE].name}: {rest}"
    # No difference of accuracy is larger than 1.
    size = "any size" if detectable >= 1 else f"less than {100 * detectable:.1f} points"
    return f"Use {MODELS[BASELINE].name}: {rest} An advantage of {size} could have gone unnoticed."


def verdict(name: str, baseline_name: str, row: Row, *, rope: float, unit: Unit = POINTS) -> str:
    """Say the outcome of a comparison in one sentence, with its numbers.

    It gives the difference, its interval and the adjusted p-value, and then what the outcome leaves
    open: whether a difference matters, how nearly equal the models are, what could be detected.

    Parameters
    ----------
    name, baseline_name : str
        What to call the model and its baseline.
    row : mapping
        A row of `backprop.report.tables.compare_models`, of a model that was compared.
    rope : float
        As in `add_verdicts`.
    unit : Unit, default=POINTS
        How to write differences. For a log loss it is ``Unit("nats", 1, 3)``.

    Returns
    -------
    str
        A sentence without its full stop, for a table as well as for prose.
    """
    width = f"{_amount(rope, unit)} {unit.name}"
    start = (
        f"{name} is {RELATIONS[row['outcome']]} {baseline_name}: "
        f"difference {_difference(row, unit)}"
    )
    if math.isinf(row["difference_lower"]):
        return start
    rest = {
        "better": f"P(better by more than {width}) {_probability(row['better'])}",
        "worse": f"P(worse by more than {width}) {_probability(row['worse'])}",
        "practically equal": f"P(within {width} of each other) {_probability(row['equal'])}",
        "undecided": f"this design could detect {_amount(row['detectable'], unit)} {unit.name}",
    }[row["outcome"]]
    return f"{start}, adjusted p {_probability(row['p_adjusted'])}; {rest}"


def _comparison_verdict(row: Row, rope: float) -> str:
    name, baseline = MODELS[row["model"]].name, MODELS[BASELINE].name
    if math.isnan(row["accuracy"]):
        sentence = (
            f"{name} cannot be compared with {baseline}: "
            f"{row['diverged']} of {row['fits']} fits diverged"
        )
    elif row["model"] == BASELINE:
        sentence = f"{name} is the baseline, with which all other models are compared"
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
        return f"{name}: every configuration has diverged fits, so none can be chosen"
    reference = next(iter(candidates.values()))
    tie = f"; {row['tied']:.0f} tie for the first place" if row["tied"] > 1 else ""
    lower, upper = row["tuned_accuracy_lower"], row["tuned_accuracy_upper"]
    return (
        f"{name}: the best of {kept} configurations "
        f"({changes(candidates[row['best']], reference)}{tie}) has an accuracy of "
        f"{row['plain_accuracy']:.1%}, or {row['tuned_accuracy']:.1%} after a correction for "
        f"choosing the best ({100 * row['confidence']:g}% interval {lower:.1%} to {upper:.1%}); "
        f"{MODELS[BASELINE].name}, which needs no tuning, has {row['logistic_accuracy']:.1%}"
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
    """Say what the other values of a hyperparameter change in the reference, by outcome."""
    key = rows[0]["hyperparameter"]
    reference = next(iter(candidates.values()))
    by_outcome: dict[str, list[Row]] = {}
    for row in rows:
        result: str = "diverged" if pd.isna(row["outcome"]) else row["outcome"]
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
    return f"{MODELS[rows[0]['model']].name}, {HYPERPARAMETERS[key].label}: {'; '.join(parts)}"


def _values_verdict(
    result: str, rows: Sequence[Row], own: str, candidates: Mapping[str, Configuration]
) -> str:
    """Compare the values with one outcome with the reference's `own` value, in words."""
    names = [value(row["hyperparameter"], _setting(row, candidates)) for row in rows]
    if result == "diverged":
        return f"{_listed(names)} cannot be compared, because fits diverged"
    relation = f"{_listed(names)} {'are' if len(names) > 1 else 'is'} {RELATIONS[result]} {own}"
    if result == "practically equal":
        return relation
    largest, name = max(zip(rows, names, strict=True), key=lambda pair: abs(pair[0]["difference"]))
    what = f"largest difference, for {name}:" if len(names) > 1 else "difference"
    return f"{relation} ({what} {_difference(largest, POINTS)})"


def _listed(names: Sequence[str]) -> str:
    """Return names as a list in prose, such as ``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _parity_verdict(table: pd.DataFrame) -> str:
    largest = table[["tensorflow", "plain"]].max().max()
    return (
        f"{table['agrees'].sum()} of {len(table)} configurations agree; probabilities differ by at "
        f"most {largest:.1g}, and rounding can explain differences up to {table['bar'].iloc[0]:.0e}"
    )


def _setting(row: Row, candidates: Mapping[str, Configuration]) -> Any:
    """Return the value of the hyperparameter that a row of `compare_values` is about."""
    return getattr(candidates[row["configuration"]], row["hyperparameter"])


def _difference(row: Row, unit: Unit) -> str:
    """Write a difference with its interval, which needs differences that vary."""
    difference = f"{_amount(row['difference'], unit, '+')} {unit.name}"
    if math.isinf(row["difference_lower"]):
        return f"{difference} on every split, so its spread cannot be estimated"
    lower, upper = (_amount(row[f"difference_{end}"], unit, "+") for end in ("lower", "upper"))
    return f"{difference}, {100 * row['confidence']:g}% interval {lower} to {upper}"


def _amount(amount: float, unit: Unit, sign: str = "") -> str:
    """Write a difference in its unit; zero has no minus sign."""
    return f"{amount * unit.scale:{sign}z.{unit.decimals}f}"


def _probability(probability: float) -> str:
    """Write a probability after a relation sign, without rounding it to 0 or 1."""
    if probability < 0.001:
        return "< 0.001"
    return f"= {probability:.3g}" if probability <= 0.999 else "> 0.999"

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
from backprop.study.configurations import HYPERPARAMETERS, Candidate, name_in_cell, nodes

Row = Mapping[str, Any]
Named = Mapping[str, Mapping[str | None, Candidate]]
"""The configurations of each model by name, its reference first."""

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
STOPPED = "stopped before they converged"  # of a classifier, or a regression with weight decay
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
    """Return a text with its first letter in upper case; that of an estimator stays."""
    model = MODELS.get(re.split("[ :,]", text)[0])
    return text if model and model.family == "estimator" else text[0].upper() + text[1:]


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


def label(hyperparameter: str) -> str:
    """Return the name of a hyperparameter in a sentence; that of a parameter of scikit-learn."""
    known = HYPERPARAMETERS.get(hyperparameter)
    return known.label if known else hyperparameter


def heading(hyperparameter: str) -> str:
    """Return the name of a hyperparameter for an axis."""
    known = hyperparameter in HYPERPARAMETERS
    return label(hyperparameter).capitalize() if known else hyperparameter


def value(hyperparameter: str, setting: Any) -> str:
    """Return a value of a hyperparameter in words.

    It may be any value that JSON can hold: a classifier of scikit-learn has parameters of its own,
    some with the name of a hyperparameter of the networks.

    Examples
    --------
    >>> value("hidden", (10, 10)), value("learning_rate", 1.0), value("cost", "squared_error")
    ('10x10', '1', 'squared error')
    >>> value("n_neighbors", 45), value("C", 0.5), value("max_depth", None), value("p", True)
    ('45', '0.5', 'none', 'true')
    """
    if isinstance(setting, tuple | list):
        separator = "x" if all(isinstance(item, int) for item in setting) else ", "
        return separator.join(value("", item) for item in setting)
    if isinstance(setting, str):
        entry = ENTRIES.get(hyperparameter, {}).get(setting)
        return str(entry.label) if entry else setting
    if setting is None or isinstance(setting, bool):
        return str(setting).lower()
    return f"{setting:g}" if isinstance(setting, float) else str(setting)


def named_value(hyperparameter: str, setting: Any) -> str:
    """Return a value in words, with the name of its hyperparameter where it needs one.

    Examples
    --------
    >>> named_value("hidden", (5,)), named_value("activation", "relu")
    ('hidden 5', 'ReLU')
    >>> named_value("n_neighbors", 45), named_value("batch_size", 32)
    ('n_neighbors 45', 'batch size 32')
    """
    text = value(hyperparameter, setting)
    if setting in ENTRIES.get(hyperparameter, ()):
        return text
    name = "hidden" if hyperparameter == "hidden" else label(hyperparameter)
    return f"{name} {text}"


def changes(configuration: Candidate, reference: Candidate) -> str:
    """Return the values in which a configuration differs from the reference.

    Examples
    --------
    >>> from backprop.study.configurations import Configuration
    >>> reference = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
    >>> changes(Configuration((5,), "relu", "squared_error", 0.1, "uniform"), reference)
    'hidden 5, ReLU'
    >>> changes(reference, reference)
    'reference'
    """
    values = configuration.values()
    differing = [named_value(key, values[key]) for key in configuration.differing(reference)]
    return ", ".join(differing) or "reference"


def add_verdicts(
    name: str, table: pd.DataFrame, candidates: Mapping[str, Sequence[Candidate]], *, rope: float
) -> pd.DataFrame:
    """Add the sentences to a table of statistics: the table that the report shows.

    Parameters
    ----------
    name : {"comparison", "tuning", "effects", "parity"}
    table : DataFrame
        From `compare_models`, `estimate_tuning`, `compare_values` or `compare_implementations` of
        `backprop.report.tables`.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
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
    named = {model: {each.name: each for each in every} for model, every in candidates.items()}
    rows: list[Any] = table.to_dict("records")
    if name == "comparison":
        table.insert(1, "verdict", [_comparison_verdict(row, named, rope) for row in rows])
    elif name == "tuning":
        table.insert(1, "verdict", [_tuning_verdict(row, named) for row in rows])
    elif name == "effects":
        table["verdict"] = _effects_verdicts(rows, named)
        values = [_setting(row, named) for row in rows]
        table.insert(2, "value", [nodes(v) if isinstance(v, tuple) else v for v in values])
    else:
        table["verdict"] = [_parity_verdict(table), *[None] * (len(table) - 1)]
    return table.drop(columns=FOR_SENTENCES[name])


def advice(comparison: pd.DataFrame, *, tuned: bool = False) -> str:
    """Say which model to use, and why.

    Parameters
    ----------
    comparison : DataFrame
        From `backprop.report.tables.compare_models`.
    tuned : bool, default=False
        Whether the baseline has several configurations.
    """
    simplest = "it is the simplest" + ("" if tuned else ", with nothing to tune")
    better = comparison[comparison["outcome"] == "better"]
    if len(better):
        best = better.sort_values("accuracy").iloc[-1]
        return (
            f"Use {MODELS[best.model].name}: it is better than {MODELS[BASELINE].name} on these "
            f"data, by {100 * best.difference:.1f} points of accuracy."
        )
    rest = (
        f"no other model is shown to be better, and {simplest}."
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


def _comparison_verdict(row: Row, candidates: Named, rope: float) -> str:
    name, baseline = MODELS[row["model"]].name, MODELS[BASELINE].name
    if math.isnan(row["accuracy"]):
        sentence = f"{name} cannot be compared with {baseline}: {without_score(row)}"
    elif row["model"] == BASELINE:
        sentence = f"{name} is the baseline, with which all other models are compared"
    else:
        sentence = verdict(name, baseline, row, rope=rope)
    decays = _reference(row["model"], candidates).values().get("l2")
    without_limit = MODELS[row["model"]].family == "baseline" and not decays
    meanings = TROUBLE if without_limit else {**TROUBLE, "not_converged": STOPPED}
    troubles = [
        f" ({row[state]} of {row['fits']} fits {meaning})"
        for state, meaning in meanings.items()
        if row[state]
    ]
    return "".join([sentence, *troubles])


def without_score(row: Mapping[Any, Any]) -> str:
    """Return how many fits of a row of a table diverged or failed, such as ``2 of 50 fits failed``.

    The numbers of a network overflow; a classifier of scikit-learn raises an error.
    """
    failed = row.get("failed", 0)
    state, count = ("failed", failed) if failed else ("diverged", row["diverged"])
    return f"{count} of {row['fits']} fits {state}"


def _trouble(model: str) -> str:
    """Return the word for what keeps fits of a model from having a score."""
    return "failed" if MODELS[model].family == "estimator" else "diverged"


def _tuning_verdict(row: Row, candidates: Named) -> str:
    model = row["model"]
    name = MODELS[model].name
    kept = row["candidates"] - row["left_out"]
    if not kept:
        return f"{name}: every configuration has {_trouble(model)} fits, so none can be chosen"
    reference, best = _reference(model, candidates), candidates[model][name_in_cell(row["best"])]
    tie = f"; {row['tied']:.0f} tie for the first place" if row["tied"] > 1 else ""
    lower, upper = row["tuned_accuracy_lower"], row["tuned_accuracy_upper"]
    untuned = "which needs no tuning" if len(candidates[BASELINE]) == 1 else "its reference"
    rest = "as it is, it has" if model == BASELINE else f"{MODELS[BASELINE].name}, {untuned}, has"
    return (
        f"{name}: the best of {kept} configurations "
        f"({changes(best, reference)}{tie}) has an accuracy of "
        f"{row['plain_accuracy']:.1%}, or {row['tuned_accuracy']:.1%} after a correction for "
        f"choosing the best ({100 * row['confidence']:g}% interval {lower:.1%} to {upper:.1%}); "
        f"{rest} {row['logistic_accuracy']:.1%}"
    )


def _effects_verdicts(rows: Sequence[Row], candidates: Named) -> list[str | None]:
    """Return a sentence for the first row of each model and hyperparameter, None for the others."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault((row["model"], row["hyperparameter"]), []).append(place)
    verdicts: list[str | None] = [None] * len(rows)
    for places in groups.values():
        verdicts[places[0]] = _hyperparameter_verdict([rows[p] for p in places], candidates)
    return verdicts


def _hyperparameter_verdict(rows: Sequence[Row], candidates: Named) -> str:
    """Say what the other values of a hyperparameter change in the reference, by outcome."""
    model, key = rows[0]["model"], rows[0]["hyperparameter"]
    own = value(key, _reference(model, candidates).values()[key])
    by_outcome: dict[str, list[Row]] = {}
    for row in rows:
        result: str = "diverged" if pd.isna(row["outcome"]) else row["outcome"]
        by_outcome.setdefault(result, []).append(row)
    parts = [
        _values_verdict(result, group, own, candidates)
        for result, group in sorted(by_outcome.items())
    ]
    parts += [
        f"{row['dead']} of {row['fits']} fits with {named_value(key, _setting(row, candidates))} "
        "are dead"
        for row in rows
        if row["dead"]
    ]
    return f"{MODELS[model].name}, {label(key)}: {'; '.join(parts)}"


def _values_verdict(result: str, rows: Sequence[Row], own: str, candidates: Named) -> str:
    """Compare the values with one outcome with the reference's `own` value, in words."""
    names = [value(row["hyperparameter"], _setting(row, candidates)) for row in rows]
    if result == "diverged":
        return f"{_listed(names)} cannot be compared, because fits {_trouble(rows[0]['model'])}"
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


def _reference(model: str, candidates: Named) -> Candidate:
    return next(iter(candidates[model].values()))


def _setting(row: Row, candidates: Named) -> Any:
    """Return the value of the hyperparameter that a row of `compare_values` is about."""
    candidate = candidates[row["model"]][name_in_cell(row["configuration"])]
    return candidate.values()[row["hyperparameter"]]


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

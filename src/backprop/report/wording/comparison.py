"""The sentences that compare models."""

import math
from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import POINTS, Unit, amount, difference_in_words, probability
from backprop.report.wording.rows import RELATIONS, Context, Row, without_score

TROUBLE = {
    "unlearned": "{context.unlearned}",
    "separated": "can separate the classes, so no finite solution exists",
    "not_converged": "stopped before they converged",
}
"""What it means that fits are in a state."""


def verdict(name: str, baseline_name: str, row: Row, *, rope: float, unit: Unit = POINTS) -> str:
    """Say the outcome of a comparison in one sentence, with its numbers.

    It gives the difference, its interval and the adjusted p-value, and then what the outcome leaves
    open: whether a difference matters, how nearly equal the models are, what could be detected.

    Parameters
    ----------
    name, baseline_name : str
        What to call the model and its baseline.
    row : mapping
        A row of `backprop.report.statistics.comparison.compare_models`, of a compared model.
    rope : float
        As in `add_verdicts`.
    unit : Unit, default=POINTS
        How to write differences. For a log loss it is ``Unit("nats", 1, 3)``.

    Returns
    -------
    str
        A sentence without its full stop, for a table as well as for prose.
    """
    width = f"{amount(rope, unit)} {unit.name}"
    start = (
        f"{name} is {RELATIONS[row['outcome']]} {baseline_name}: "
        f"difference {difference_in_words(row, unit)}"
    )
    if math.isinf(row["difference_lower"]):
        return start
    rest = {
        "better": f"P(better by more than {width}) {probability(row['better'])}",
        "worse": f"P(worse by more than {width}) {probability(row['worse'])}",
        "practically equal": f"P(within {width} of each other) {probability(row['equal'])}",
        "undecided": f"this design could detect {amount(row['detectable'], unit)} {unit.name}",
    }[row["outcome"]]
    return f"{start}, adjusted p {probability(row['p_adjusted'])}; {rest}"


def comparison_verdicts(rows: Sequence[Row], context: Context) -> list[str]:
    """Say what each row of `backprop.report.statistics.comparison.compare_models` shows."""
    return [_comparison_verdict(row, context) for row in rows]


def _comparison_verdict(row: Row, context: Context) -> str:
    name, baseline = MODELS[row["model"]].name, MODELS[BASELINE].name
    if math.isnan(row["accuracy"]):
        sentence = f"{name} cannot be compared with {baseline}: {without_score(row)}"
    elif row["model"] == BASELINE:
        sentence = f"{name} is the baseline, with which all other models are compared"
    else:
        sentence = verdict(name, baseline, row, rope=context.rope)
    troubles = [
        f" ({row[state]} of {row['fits']} fits {meaning.format(context=context)})"
        for state, meaning in TROUBLE.items()
        if row[state]
    ]
    return "".join([sentence, *troubles])

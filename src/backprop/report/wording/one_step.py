"""What happens in one step of back-propagation: it comes before its numbers."""

from collections.abc import Sequence

import pandas as pd

from backprop.report.wording.rows import Context
from backprop.statistics.tables import ONE_STEP, Step


def step_in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of a step with what happens first, and what is given at its end."""
    return table.sort_values("part", key=lambda part: part == "given", kind="stable")


def step_sentences(table: pd.DataFrame, context: Context) -> list[str]:
    """Say what happens in a step, and whether TensorFlow agrees."""
    rows: Sequence[Step] = ONE_STEP.rows(table)
    sentences = [_forward(rows, context.noun), _backward(rows), _update(rows)]
    differences = [row.difference for row in rows if row.difference is not None]
    if differences:
        sentences.append(
            "TensorFlow finds the same by automatic differentiation: no number differs by more "
            f"than {max(differences):.0e}"
        )
    return sentences


def _stem(row: Step) -> str:
    """Return the symbol of a number without its indices."""
    return row.symbol.partition("_")[0]


def _forward(rows: Sequence[Step], noun: str) -> str:
    y = [row.value for row in rows if _stem(row) == "y"]
    yhat = [row.value for row in rows if _stem(row) == "yhat"]
    (cost,) = (row.value for row in rows if row.symbol == "E")
    own = y.index(1.0) if len(y) > 1 else 0
    of_class = " for its class" if len(y) > 1 else ""
    return (
        f"forward: the network sees the first {noun} of the first training set and predicts "
        f"\N{LATIN SMALL LETTER Y WITH CIRCUMFLEX} = {yhat[own]:.3g}{of_class}; the truth is "
        f"y = {y[own]:g}, so the cost is E = {cost:.3g}"
    )


def _backward(rows: Sequence[Step]) -> str:
    errors = [row for row in rows if row.part == "error"]
    of_output = [r for r in errors if r.symbol == "error" or r.symbol.startswith("error(out)")]
    of_hidden = [abs(row.value) for row in errors if row not in of_output]
    largest = max((row.value for row in of_output), key=abs)
    what = "outputs have errors of up to" if len(of_output) > 1 else "output has the error"
    return (
        f"backward: the {what} {largest:.2g}; through the weights, each "
        f"hidden node gets a part of it, of at most {max(of_hidden):.2g} in size"
    )


def _update(rows: Sequence[Step]) -> str:
    before = {row.symbol: row.value for row in rows if row.part == "given"}
    steps = [
        abs(row.value - before[row.symbol.removeprefix("new ")])
        for row in rows
        if row.part == "update"
    ]
    return (
        f"update: each of the {len(steps)} parameters takes a small step against its gradient, the "
        f"largest one by {max(steps):.2g}"
    )

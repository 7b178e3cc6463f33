"""The sentences on how often the verdicts are wrong."""

from collections.abc import Sequence

from backprop.report.wording.amounts import POINTS, amount
from backprop.report.wording.names import listed, model_name
from backprop.report.wording.rows import Context, Row, trouble_of


def error_rate_verdicts(rows: Sequence[Row], context: Context) -> list[str | None]:
    """Say how often the verdicts are wrong.

    The t-test without the correction is a contrast, in the sentence of the corrected one. All rows
    on the power have one sentence, in the first of them, without differences of no practical
    interest: the report does not try to find these.
    """
    plain = {row["model"]: row for row in rows if row["test"] == "uncorrected"}
    power = [
        row for row in rows if row["check"] == "power" and row["true_difference"] > context.rope
    ]
    sentences: list[str | None] = []
    for row in rows:
        if row["check"] == "coverage":
            sentences.append(_coverage(row))
        elif row["test"] == "uncorrected":
            sentences.append(None)
        elif row["check"] == "false_alarm":
            sentences.append(_false_alarm(row, plain[row["model"]]))
        else:
            sentences.append(_power(power) if row in power[:1] else None)
    return sentences


def unlike_sentence(rates: Sequence[Row], models: Sequence[Row]) -> str | None:
    """Say whose true accuracy on simulated data is outside its interval on the data, if any is.

    Parameters
    ----------
    rates : sequence of mapping
        Those of `backprop.report.statistics.error_rates.simulate`.
    models : sequence of mapping
        Those of `backprop.report.statistics.comparison.compare_models`.
    """
    interval = {row["model"]: (row["accuracy_lower"], row["accuracy_upper"]) for row in models}
    outside = [
        row
        for row in rates
        if row["check"] == "coverage" and not isinstance(row["other"], str) and row["sets"]
        for lower, upper in [interval[row["model"]]]
        if round(row["truth"], 3) < round(lower, 3) or round(row["truth"], 3) > round(upper, 3)
    ]
    if not outside:
        return None
    accuracies = listed([f"{row['truth']:.1%} for {_name(row['model'])}" for row in outside])
    intervals = "its interval" if len(outside) == 1 else "the intervals"
    return (
        "the simulated data sets seem unlike these data: there, the true accuracy is "
        f"{accuracies}, outside {intervals} above, so these error rates may not hold here"
    )


def _name(model: str) -> str:
    """Return what sentences call a model: all networks are simulated as one."""
    return model_name(model, one_network=True)


def _coverage(row: Row) -> str | None:
    name = _name(row["model"])
    other = _name(row["other"]) if isinstance(row["other"], str) else None
    if not row["sets"]:
        if other:
            return None
        if row["left_out"]:
            trouble = trouble_of(row["model"])
            return f"{name}: in each of {row['left_out']:.0f} simulated data sets, a fit {trouble}"
        return (
            f"{name} takes too long to be simulated by default; `simulation: sets` in config.yaml "
            "asks for it"
        )
    what = f"the difference of {name} from {other}" if other else f"the accuracy of {name}"
    truth = f"{amount(row['truth'], POINTS, '+')} points" if other else f"{row['truth']:.1%}"
    narrow = ", which is too seldom: the interval is too narrow" if row["too_low"] is True else ""
    return (
        f"the 95% interval of {what} contains the truth, {truth}, in {_share(row)} of "
        f"{row['sets']} simulated data sets{narrow}"
    )


def _false_alarm(row: Row, plain: Row) -> str:
    return (
        f"when {_name(row['model'])} is compared with itself on other inputs that are as "
        f"good, this report calls one better in {_share(row)} of {row['sets']} simulated "
        f"comparisons; a t-test without the correction does so in {_share(plain)}"
    )


def _power(rows: Sequence[Row]) -> str:
    parts = [f"{100 * row['true_difference']:.0f} points in {_share(row)}" for row in rows]
    return (
        f"this report finds a true advantage of {', of '.join(parts)} of {rows[0]['sets']} "
        f"simulated comparisons ({_name(rows[0]['model'])} against itself on other inputs)"
    )


def _share(row: Row) -> str:
    return f"{row['share']:.0%} (±{100 * row['error']:.0f})"

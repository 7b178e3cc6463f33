"""Comparisons on data sets, without any fit."""

from backprop.statistics.across import DataSet, compare_across
from backprop.statistics.tables import COMPARISON, Interval


def compared(model, difference=None, p_value=1.0, *, metric="accuracy", **more):
    """Return a row of a comparison whose difference has a standard error of 0.01."""
    row = {"model": model, "score": Interval(0.8, 0.7, 0.9), "basis": "rows", "p_value": p_value}
    row |= {"configuration": "reference", "diverged": 0, "unlearned": 0, "separated": 0}
    row |= {"not_converged": 0}
    if difference is not None:
        row |= {"difference": Interval(difference, difference - 0.02, difference + 0.02)}
        better = float(difference > 0.01)
        row |= {"standard_error": 0.01, "worse": 0.0, "equal": 1 - better, "better": better}
    return {**row, **more}


def data_set(*rows, metric="accuracy", rows_of_data=100):
    frame = COMPARISON.frame([compared("logistic"), *rows], metric)
    return DataSet(COMPARISON.rows(frame, metric), rows_of_data, 4, 2, 0.6)


def across(data_sets, metric="accuracy"):
    return compare_across(data_sets, metric, 0.01)

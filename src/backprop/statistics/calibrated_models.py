"""How well the headline of each model is calibrated, and what its recalibration is worth."""

import pandas as pd

from backprop.inference.decisions import is_shown
from backprop.inference.tests import holm
from backprop.statistics.calibration import Calibration, shown_class
from backprop.statistics.grouping import Judged, Judgement, Row
from backprop.statistics.recalibration import judge_recalibration
from backprop.statistics.tables import CALIBRATION, CALIBRATION_CURVES, Interval


def judge_calibration(judgement: Judgement) -> dict[str, pd.DataFrame]:
    """Judge the probabilities of the headline of each model.

    Parameters
    ----------
    judgement : Judgement

    Returns
    -------
    dict of str to DataFrame
        The tables ``calibration``, with a row of `backprop.statistics.tables.Calibrated` per model
        with a log loss, and ``calibration_curves``, with the points of its curve, if it has one.
        The p-values of recalibrations are adjusted over the models by Holm's method.
    """
    headlines = judgement.headlines
    same = {m: first for m, (first, _) in headlines.same.items()}
    rows: dict[str, Row] = {}
    points: list[Row] = []
    for model, each in headlines.items():
        if each.is_scored_by("log_loss"):
            p, right = shown_class(each.y, each.probabilities)
            own = Calibration(p, right, each.observations, each.training)
            rows[model] = {"model": model, **_described(own), **_recalibrated(each, own)}
            rows[model]["same_as"] = same.get(model)
            columns = zip(*own.curve, strict=True) if own.curve else ()
            points += [
                {"model": model, "point": point, "p": p, "share": Interval(*share)}
                for point, (p, *share) in enumerate(columns, 1)
            ]
    known = {m: row["p_value"] for m, row in rows.items() if "p_value" in row and m not in same}
    adjusted = dict(zip(known, holm([*known.values()]).tolist(), strict=True)) if known else {}
    for model, row in rows.items():
        if "p_value" in row:
            row["p_adjusted"] = adjusted.get(same.get(model, model), row["p_value"])
            row["helps"] = is_shown(row["p_adjusted"])
    return {
        "calibration": CALIBRATION.frame([*rows.values()]),
        "calibration_curves": CALIBRATION_CURVES.frame(points),
    }


def _described(own: Calibration) -> Row:
    index, curve = own.index, own.curve
    return {
        "slope": own.slope,
        "intercept": own.intercept,
        "ici": index and index.measured,
        "chance_lower": index and index.by_chance.lower,
        "chance_upper": index and index.by_chance.upper,
        "diagonal": curve and curve.has_diagonal,
        "lacking": own.lacking,
    }


def _recalibrated(judged: Judged, own: Calibration) -> Row:
    benefit = judge_recalibration(judged.y, judged.probabilities, own.observations, own.training)
    return {"recalibrated": benefit.difference, "p_value": benefit.p_value} if benefit else {}

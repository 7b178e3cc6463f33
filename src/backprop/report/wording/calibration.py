"""Calibration in words."""

import math
from collections.abc import Sequence

from backprop.report.wording.amounts import MINUS, ends, unit_of
from backprop.report.wording.names import model_name
from backprop.report.wording.rows import Context
from backprop.statistics.tables import CUT_OFF, Calibrated, Interval

WHY = {
    "few": "no curve: too few rows",
    "alike": "no curve: predictions are alike",
    "separated": "no curve: all ranked right",
    CUT_OFF: "predicts 0 or 1: no slope",
}
"""Why something is lacking, see `backprop.statistics.calibration.Calibration.lacking`."""


def calibration_verdicts(rows: Sequence[Calibrated], context: Context) -> list[str | None]:
    """Say what recalibration is worth: of each model that it helps, or once that it helps none."""
    texts = [_worth(row) if row.helps and not row.same_as else None for row in rows]
    if any(texts):
        return texts
    nothing = "recalibration is not shown to lower the log loss of a model"
    return [nothing, *texts[1:]]


def _worth(row: Calibrated) -> str:
    assert row.recalibrated is not None
    unit, (value, lower, upper) = unit_of("log_loss"), row.recalibrated
    interval = ends(-upper, -lower, unit.amount)
    name = model_name(row.model)
    return f"recalibrated, {name} would have a log loss lower by {unit.amount(-value)} ({interval})"


def slope(measured: Interval | None) -> str:
    """Return the slope with its interval; "" if there is none."""
    if measured is None:
        return ""
    written = [f"{end:z.2f}".replace("-", MINUS) if math.isfinite(end) else "?" for end in measured]
    return "slope {} ({} to {})".format(*written)


def finding(rows: Sequence[Calibrated]) -> str:
    """Return for how many models the diagonal is within the band of the curve."""
    known = [row.diagonal for row in rows if row.diagonal is not None and not row.same_as]
    if not known:
        return "No model has a curve: calibration cannot be judged"
    text = f"Calibrated predictions are within the band of {sum(known)} of {len(known)} models"
    return text if len(known) > 1 else text.replace("1 models", "1 model")

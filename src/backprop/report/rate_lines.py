"""The error rates of the landing page at a glance: a table with a picture in each line."""

from collections.abc import Sequence

from backprop.models.registry import MODELS
from backprop.report.rendering import rendered
from backprop.report.wording.error_rates import Rate
from backprop.report.wording.names import model_name

WIDTH, MARGIN = 160, 6  # of a picture, in pixels, and of what is beside its axis


def draw_rates(rates: Sequence[Rate]) -> str:
    """Draw shares from 0 to 100%: a dot for each model, in its colour, and where it should be.

    Returns
    -------
    str
        An HTML table; "" without rates.
    """
    if not rates:
        return ""
    looks = {"models": MODELS, "model_name": model_name, "x": _x, "width": WIDTH, "margin": MARGIN}
    return rendered("rates.html.jinja", rates=rates, **looks)


def _x(share: float) -> float:
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

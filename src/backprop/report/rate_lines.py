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
    lines = [
        {
            "words": rate.words,
            "numbers": rate.numbers,
            "level": None if rate.level is None else _x(rate.level),
            "dots": [(_x(row.share), MODELS[model].colour) for model, row in rate.rows.items()],
            "described": "; ".join(f"{model_name(m)}: {r.share:.0%}" for m, r in rate.rows.items()),
        }
        for rate in rates
    ]
    return rendered("rates.html.jinja", lines=lines, width=WIDTH, margin=MARGIN)


def _x(share: float) -> float:
    return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

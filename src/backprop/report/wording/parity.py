"""The sentences on the implementations of the network."""

import math
from collections.abc import Sequence

from backprop.report.wording.rows import Context, Row


def parity_verdicts(rows: Sequence[Row], context: Context) -> list[str | None]:
    """Say how many configurations agree: one sentence, for the first row."""
    differences = [row[model] for row in rows for model in ("tensorflow", "plain")]
    largest = max((d for d in differences if not math.isnan(d)), default=math.nan)
    sentence = (
        f"{sum(row['agrees'] for row in rows)} of {len(rows)} configurations agree; probabilities "
        f"differ by at most {largest:.1g}, and rounding can explain differences up to "
        f"{rows[0]['bar']:.0e}"
    )
    return [sentence, *[None] * (len(rows) - 1)]

"""The sentences on the implementations of the network."""

import math
from collections.abc import Sequence

from backprop.report.wording.rows import Context, Row
from backprop.statistics.marks import is_chaotic
from backprop.statistics.parity import ALLOWANCE, PARITY


def chaos_note(row: Row) -> str:
    """Return what to add to the score of a configuration in words; "" if it is not chaotic."""
    if not is_chaotic(row):
        return ""
    return " (its training is chaotic: on another machine, its score may be another)"


def parity_verdicts(rows: Sequence[Row], context: Context) -> list[str | None]:
    """Say how many configurations agree and how many train chaotically: a sentence, in row 1.

    Nothing is unexplained: `backprop.statistics.parity.refuse_unexplained` saw the table.
    """
    agreeing = [row for row in rows if row["state"] == "agrees"]
    chaotic = [row for row in rows if row["state"] == "chaotic"]
    parts = []
    if agreeing:
        verb = "agrees" if len(agreeing) == 1 else "agree"
        parts.append(f"{_counted(agreeing, rows)} {verb}: {_largest_difference(agreeing)}")
    if chaotic:
        number = str(len(chaotic)) if agreeing else _counted(chaotic, rows)
        verb = "trains" if len(chaotic) == 1 else "train"
        parts.append(
            f"{number} {verb} chaotically: a twin of the hand-written network, whose starting "
            f"weights differ in the last bit, differs at least 1/{ALLOWANCE:,} as much; "
            f"{_agree_until(chaotic)}"
        )
    return ["; ".join(parts), *[None] * (len(rows) - 1)]


def _counted(alike: Sequence[Row], rows: Sequence[Row]) -> str:
    if len(rows) == 1:
        return "the only configuration"
    if len(alike) == len(rows):
        return f"all {len(rows)} configurations"
    return f"{len(alike)} of {len(rows)} configurations"


def _largest_difference(agreeing: Sequence[Row]) -> str:
    differences = [row[model] for row in agreeing for model in ("tensorflow", "plain")]
    known = [difference for difference in differences if not math.isnan(difference)]
    if not known:
        return "every fit diverges, in each implementation"
    return f"probabilities differ by at most {max(known):.1g}, and up to {PARITY:.0e} is rounding"


def _agree_until(chaotic: Sequence[Row]) -> str:
    """Say up to which epoch the costs of chaotic configurations agree."""
    early = sum(row["epochs"] == 0 for row in chaotic)
    if not early:
        first = min(row["epochs"] for row in chaotic)
        return f"until then, at least up to epoch {first}, all costs agree to {PARITY:.0e}"
    return f"in {early} of {len(chaotic)}, costs of a twin differ, too, within the first epoch"

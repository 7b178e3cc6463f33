"""The sentences on the implementations of the network."""

import math
from collections.abc import Sequence

from backprop.report.wording.rows import Context
from backprop.statistics.parity import ALLOWANCE, PARITY, Summary, summarise
from backprop.statistics.tables import Agreement


def chaos_note(chaotic: bool) -> str:
    """Return what to add to the score of a configuration in words; "" if it is not chaotic."""
    if not chaotic:
        return ""
    return " (its training is chaotic: on another machine, its score may be another)"


def parity_verdicts(rows: Sequence[Agreement], context: Context) -> list[str | None]:
    """Say how many configurations agree and how many train chaotically: a sentence, in row 1.

    Nothing is unexplained: `backprop.statistics.parity.refuse_unexplained` saw the table.
    """
    shown, parts = summarise(rows), []
    if shown.agreeing:
        verb = "agrees" if shown.agreeing == 1 else "agree"
        parts.append(f"{_counted(shown.agreeing, shown)} {verb}: {_largest_difference(shown)}")
    if shown.chaotic:
        number = str(shown.chaotic) if shown.agreeing else _counted(shown.chaotic, shown)
        verb = "trains" if shown.chaotic == 1 else "train"
        parts.append(
            f"{number} {verb} chaotically: a twin of the hand-written network, whose starting "
            f"weights differ in the last bit, differs at least 1/{ALLOWANCE:,} as much; "
            f"{_agree_until(shown)}"
        )
    return ["; ".join(parts), *[None] * (len(rows) - 1)]


def _counted(alike: int, shown: Summary) -> str:
    if shown.configurations == 1:
        return "the only configuration"
    if alike == shown.configurations:
        return f"all {alike} configurations"
    return f"{alike} of {shown.configurations} configurations"


def _largest_difference(shown: Summary) -> str:
    if math.isnan(shown.largest):
        return "every fit diverges, in each implementation"
    return (
        f"probabilities differ by at most {shown.largest:.1g}, and up to {PARITY:.0e} is rounding"
    )


def _agree_until(shown: Summary) -> str:
    """Say up to which epoch the costs of chaotic configurations agree."""
    if shown.early:
        return (
            f"in {shown.early} of {shown.chaotic}, costs of a twin differ, too, within the first "
            "epoch"
        )
    return f"until then, at least up to epoch {shown.until}, all costs agree to {PARITY:.0e}"

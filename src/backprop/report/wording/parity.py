"""The sentences on the implementations of the network."""

import math
from collections.abc import Sequence

from backprop.report.wording.names import listed_first
from backprop.report.wording.rows import Context
from backprop.statistics.parity import PARITY, Summary, summarise
from backprop.statistics.tables import Agreement

NAMED = 5  # configurations that a sentence names


def chaos_note(chaotic: bool) -> str:
    """Return what to add to the score of a configuration in words; "" if it is not chaotic."""
    return " (its training is chaotic: on another machine, its score may be another)" * chaotic


def parity_verdicts(rows: Sequence[Agreement], context: Context) -> list[str | None]:
    """Say how many configurations agree, train chaotically or differ: a sentence, in row 1."""
    shown = summarise(rows)
    parts = [differing_sentence(rows)] if shown.differing else []
    if shown.agreeing:
        verb = "agrees" if shown.agreeing == 1 else "agree"
        parts.append(f"{_counted(shown.agreeing, shown)} {verb}: {_largest_difference(shown)}")
    if shown.chaotic:
        number = str(shown.chaotic) if shown.agreeing else _counted(shown.chaotic, shown)
        verb = "trains" if shown.chaotic == 1 else "train"
        parts.append(
            f"{number} {verb} chaotically: from the same parameters, each step agrees, but "
            f"rounding errors grow from step to step, and decide the ends; {_agree_until(shown)}"
        )
    return ["; ".join(parts), *[None] * (len(rows) - 1)]


def differing_sentence(rows: Sequence[Agreement]) -> str:
    """Name the configurations in which the implementations differ; "" if there are none."""
    differing = summarise(rows).differing
    if not differing:
        return ""
    named = listed_first([*map(_named, differing)], NAMED)
    return (
        "the implementations of the network do not compute the same, and rounding does not explain "
        f"it, so do not trust the networks below: {named}"
    )


def _named(row: Agreement) -> str:
    """Name a configuration, and from which epoch on each implementation differs."""
    where = [
        f"{name} from epoch {int(epoch)} on"
        for name, epoch in (
            ("TensorFlow", row.tensorflow_wrong_from),
            ("plain", row.plain_wrong_from),
        )
        if epoch is not None
    ]
    return f"{row.configuration} ({', '.join(where) or 'TensorFlow has no fit'})"


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
    if not shown.until:
        return f"some costs differ by more than {PARITY:.0e} within the first epoch"
    return f"all costs agree to {PARITY:.0e} at least up to epoch {shown.until}"

"""The sentences on the implementations of the network."""

from collections.abc import Sequence

from backprop.report.wording.names import listed_first
from backprop.report.wording.rows import Context
from backprop.statistics.parity import PARITY, in_state
from backprop.statistics.tables import Agreement

NAMED = 5  # configurations that a sentence names


def chaos_note(chaotic: bool) -> str:
    """Return what to add to the score of a configuration in words; "" if it is not chaotic."""
    return (
        " (its training is chaotic: on another machine, its score may be another)"
        if chaotic
        else ""
    )


def parity_verdicts(rows: Sequence[Agreement], context: Context) -> list[str | None]:
    """Say how many configurations agree, train chaotically or differ: a sentence, in row 1.

    It ends with what was compared.
    """
    agreeing, chaotic = in_state(rows, "agrees"), in_state(rows, "chaotic")
    parts = [differing_sentence(rows)] if in_state(rows, "differs") else []
    if agreeing:
        verb = "agrees" if len(agreeing) == 1 else "agree"
        parts.append(f"{_counted(agreeing, rows)} {verb}: {_largest_difference(agreeing)}")
    if chaotic:
        number = str(len(chaotic)) if agreeing else _counted(chaotic, rows)
        verb = "trains" if len(chaotic) == 1 else "train"
        parts.append(
            f"{number} {verb} chaotically: from the same parameters, each step agrees, but "
            f"rounding errors grow from step to step, and decide the ends; {_agree_until(chaotic)}"
        )
    parts.append(compared_sentence(rows))
    return ["; ".join(parts), *[None] * (len(rows) - 1)]


def compared_sentence(rows: Sequence[Agreement]) -> str:
    """Say which implementations of the network were compared, and in which epochs."""
    others = [
        ("TensorFlow in each epoch of each fit", [row.tensorflow_steps for row in rows]),
        (
            "plain, which takes one sample at a time, in three epochs of one fit of each "
            "configuration",
            [row.plain_steps for row in rows],
        ),
    ]
    compared = [words for words, steps in others if any(step is not None for step in steps)]
    return f"the hand-written network was compared with {', and with '.join(compared)}"


def differing_sentence(rows: Sequence[Agreement]) -> str:
    """Name the configurations in which the implementations differ; "" if there are none."""
    differing = in_state(rows, "differs")
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
    return f"{row.configuration} ({', '.join(where) or 'it was not compared'})"


def _counted(alike: Sequence[Agreement], rows: Sequence[Agreement]) -> str:
    if len(rows) == 1:
        return "the only configuration"
    if len(alike) == len(rows):
        return f"all {len(rows)} configurations"
    return f"{len(alike)} of {len(rows)} configurations"


def _largest_difference(agreeing: Sequence[Agreement]) -> str:
    if all(row.diverged == row.fits for row in agreeing):
        return "every fit diverges"
    if ends := [row.tensorflow for row in agreeing if row.tensorflow is not None]:
        return (
            f"probabilities differ by at most {max(ends):.1g}, and up to {PARITY:.0e} is rounding"
        )
    steps = [step for row in agreeing for step in (row.tensorflow_steps, row.plain_steps) if step]
    return f"a step differs by at most {max(steps, default=0):.1g} of what rounding explains"


def _agree_until(chaotic: Sequence[Agreement]) -> str:
    """Say up to which epoch the costs of chaotic configurations agree."""
    until = min(row.epochs or 0 for row in chaotic)
    if not until:
        return f"some costs differ by more than {PARITY:.0e} within the first epoch"
    return f"all costs agree to {PARITY:.0e} at least up to epoch {until}"

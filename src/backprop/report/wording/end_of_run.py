"""What the end of a run says on the terminal, in a few lines."""

from collections.abc import Collection, Mapping

from backprop.report.wording.names import listed_first
from backprop.typing import Json

SHOWN = 2  # data sets, so that there are at most ten lines, with the report's


def closing_lines(
    results: Mapping[str, Json], trained: int, kept: int, took: str, pdf: str, tables: str
) -> list[str]:
    """Return the lines: the verdicts, the warnings, what was trained, where to go on.

    Parameters
    ----------
    results : mapping
        From `backprop.report.summary.findings`, or `backprop.report.index.together`.
    trained, kept : int
        The numbers of fits; both are 0 if no log of a training is here, as with a storage.
    took : str
        How long the run took.
    pdf, tables : str
        Where the page to hand in and the tables are.
    """
    lines = [results["first_look"]] if results["first_look"] else []
    lines += results["across"]
    for name, study in [*results["datasets"].items()][:SHOWN]:
        if study["differing"]:
            lines.append(f"{name}: {study['differing']}")
        lines.append(f"{name}: {study['advice']}")
        if warnings := study["warnings"]:
            several = f"{len(warnings):,} warnings, the first"
            lines.append(f"{several if len(warnings) > 1 else 'Warning'}: {warnings[0]}")
    if (more := len(results["datasets"]) - SHOWN) > 0:
        lines.append(f"and {more:,} more data set{'s' if more > 1 else ''}, in the report")
    if others := results.get("without_result"):  # only several data sets can have some
        lines.append(without_result(others, len(results["datasets"])))
    fits = f"Trained {trained:,} fit{'s' if trained != 1 else ''}"
    fits += f" and kept {kept:,} of an earlier run" if kept else ""
    return [
        *lines,
        f"{f'{fits}, in' if trained + kept else 'It took'} about {took}",
        f"The page to hand in: {pdf}",
        f"The tables: {tables}",
    ]


def without_result(left_out: Collection[str], others: int) -> str:
    """Say how many data sets have no result, besides the others, and which."""
    names = [*left_out]
    word = "has" if len(names) == 1 else "have"
    return (
        f"{len(names):,} of {len(names) + others:,} data sets {word} no result "
        f"({listed_first(names, SHOWN)}): the report says why"
    )

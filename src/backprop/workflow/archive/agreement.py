"""Compare the files of an archive with those that were made again.

In the environment of the archive, every bit must be the same. Another one may round otherwise, so
that numbers may differ by `PARITY`. What may differ by more, as a page, is in doubt: the archive
itself says in which environment it was made, and that its training was chaotic.
"""

import csv
import io
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np

from backprop.errors import BackpropError
from backprop.files import digest, read_table
from backprop.statistics.parity import PARITY
from backprop.workflow import paths
from backprop.workflow.reading import Place, leaves, unique_keys

NUMBER = re.compile(r"(-?\d+(?:\.\d+)?(?:e[-+]?\d{1,3})?)")
OF_ENVIRONMENT = {
    "python", "platform", "packages", "tables_sha256", "code_sha256", "code_files", "versions",
}  # fmt: skip
"""What JSON files may say otherwise in another environment."""
UNSOLVED = ("separated", "quasi_separated", "not_converged")
"""The states in which the end of a regression is where its steps stop."""


@dataclass
class Findings:
    """What a level of `make verify` did.

    Attributes
    ----------
    done : list of str
        A line for each thing that was checked.
    faults : list of str
        A message for each thing that is not as it should be; it names the file, fit or cell.
    unchecked : list of str
        What the level never checks, and why.
    doubtful : list of str
        What it should have checked, and could not.
    began : float
        When it began, in seconds, by a clock of its own.
    """

    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)


def compare_files(
    names: Iterable[str],
    folder: Path,
    findings: Findings,
    *,
    exact: bool,
    absent: Mapping[str, str],
) -> None:
    """Compare files in the working directory with those that were made again.

    Parameters
    ----------
    names : iterable of str
        A file of them that is missing here is left out.
    folder : Path
        That of the files that were made again.
    findings : Findings
        What is found is added to them.
    exact : bool
        Whether the environment is the same.
    absent : mapping of str to str
        The SHA-256 of files that were left out of the archive.
    """
    same = 0
    for name in names:
        here, there = Path(name), folder / name
        to_the_byte = exact or here.parent.name == "data"  # in which nothing is rounded
        faults: list[str] = []
        if not there.is_file():
            findings.doubtful.append(f"{name}: could not be made again here")
            continue
        if name in absent:
            faults = ["not the file that was left out"] * (absent[name] != digest(there))
        elif here.is_file():
            faults = _faults(here, there, exact=to_the_byte)
        if faults and not to_the_byte and _may_differ(here, folder):
            faults, doubt = [], "differs, as it may in another environment; use yours"
            findings.doubtful.append(f"{name}: {doubt}")
        else:
            same += not faults
        findings.faults += [f"{name}: {fault}" for fault in faults]
    findings.done.append(f"{same:,} tables, pages, pictures and other files were made, the same")


def _faults(here: Path, there: Path, *, exact: bool) -> list[str]:
    """Return what is wrong with a file of the archive that is not the one that was made again."""
    one, other = here.read_bytes(), there.read_bytes()
    altered = [f"altered; {first_difference(one, other)}"] * (one != other)
    read = {".csv": _cells, ".json": _values}.get(here.suffix)
    if read is None or not altered:
        return altered
    try:
        ours, theirs = dict(read(one)), dict(read(other))
    except (BackpropError, ValueError, LookupError, csv.Error, RecursionError):
        return altered
    for place in [] if exact else {*ours, *theirs}:
        if OF_ENVIRONMENT.intersection(place[:1]):
            ours[place] = theirs[place] = ""
    if ours.keys() != theirs.keys():
        return altered
    faults = [
        f"{', '.join(map(str, place))}: altered; found {a!r:.90}, made again {b!r:.90}"
        for place, b in theirs.items()
        if (a := ours[place]) != b and (exact or not are_close(a, b))
    ]
    return faults or altered * exact


def _cells(content: bytes) -> Iterator[tuple[Place, str]]:
    """Yield each cell of a CSV file."""
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    yield (*header,), ""
    for number, row in enumerate(rows, 1):
        for column, cell in zip(header, row, strict=True):
            yield (f"row {number}", column), cell


def _values(content: bytes) -> Iterator[tuple[Place, str]]:
    """Yield each value of a JSON file that holds no other one, as JSON.

    Of a key that is there twice, other programs may take the other value: it is refused.
    """
    value = json.loads(content, object_pairs_hook=lambda pairs: unique_keys(pairs, "JSON"))
    for place, each in leaves(value):
        yield place, json.dumps(each)


def _may_differ(file: Path, folder: Path) -> bool:
    """Return whether a file may differ in another environment by more than the rounding of numbers.

    So it is if only its digest is known, if it is a page or a picture, if it says how much rounding
    there was, and if what was trained for it may be chaotic, or has no solution.
    """
    if paths.wildcards(paths.MODEL, file):
        return _model_may_differ(file, folder)
    if paths.wildcards(paths.RIVAL, file) or file.stem.startswith("new_data"):
        both = (Path(path.format(dataset=file.parts[1])) for path in (paths.MODEL, paths.RIVAL))
        return any(_model_may_differ(each, folder) for each in both)
    is_page = file.suffix not in (".csv", ".json")
    return is_page or file.stem in ("error_rates", "parity") or not file.is_file()


def _model_may_differ(file: Path, folder: Path) -> bool:
    ours = json.loads((folder / file).read_bytes())
    is_unsolved = (ours["model"] or {}).get("status") in UNSOLVED
    unstable = chaotic(folder, file.parts[1]) or {}
    return is_unsolved or ours["recommendation"]["configuration"] in unstable


def chaotic(folder: Path, dataset: str) -> dict[str, int] | None:
    """Return the configurations that train chaotically, by our own table of parity.

    Each has the epoch up to which all its costs agree. It is None if the table does not show it,
    as without TensorFlow, or if there is none.
    """
    file = folder / paths.statistics("parity").format(dataset=dataset)
    if not file.is_file() or (table := read_table(file))["epochs"].isna().all():
        return None
    rows = table[table["state"] == "chaotic"]
    return dict(zip(rows["configuration"], rows["epochs"].astype(int), strict=True))


def are_close(a: str, b: str) -> bool:
    """Return whether two cells are equal up to the rounding of a number, or of those in a sentence.

    A number may differ by `PARITY`, relative to one above 1, but not if it is whole. A sentence may
    differ by one in the last digits of its decimals.
    """
    if NUMBER.fullmatch(a) and NUMBER.fullmatch(b):
        is_whole = a.isdigit() and b.isdigit()
        return not is_whole and largest_difference(float(a), float(b)) <= PARITY
    ours, theirs = NUMBER.split(a), NUMBER.split(b)
    return " " in a and ours[::2] == theirs[::2] and all(map(_is_rounded, ours[1::2], theirs[1::2]))


def _is_rounded(a: str, b: str) -> bool:
    one, other = Decimal(a), Decimal(b)
    digits = min(int(number.as_tuple().exponent) for number in (one, other))
    return a == b or (digits < 0 and abs(one - other) <= Decimal(10) ** digits)


def first_difference(one: bytes, other: bytes) -> str:
    """Return the first line in which two files differ, with both, in short."""
    for line, pair in enumerate(zip(one.splitlines(), other.splitlines(), strict=False), 1):
        if pair[0] != pair[1]:
            at = next((k for k, (x, y) in enumerate(zip(*pair, strict=False)) if x != y), 0)
            a, b = (part[max(0, at - 20) : at + 40].decode(errors="replace") for part in pair)
            return f"line {line}: {a!r} in place of {b!r}"
    return "one is longer than the other"


def largest_difference(one: object, other: object) -> float:
    """Return the largest difference of two arrays, that of a number above 1 relative to it.

    It is infinite if they are of other shapes, or differ where one is not finite.
    """
    a, b = (np.asarray(each, dtype=np.float64) for each in (one, other))
    if a.shape != b.shape:
        return np.inf
    finite = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return np.inf
    return float((abs(a - b)[finite] / np.fmax(1.0, abs(b[finite]))).max(initial=0.0))

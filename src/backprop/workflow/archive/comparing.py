"""Compare the files and the fits of an archive with those that were made again.

In the environment of the archive, every bit must be the same. Another one may round otherwise, so
that numbers may differ by `PARITY`. What may differ by more, as a page, is named, and not verified:
the archive itself says in which environment it was made, and that its training was chaotic.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from backprop.files import digest
from backprop.models.registry import Model
from backprop.statistics.parity import PARITY
from backprop.workflow import paths
from backprop.workflow.archive.contents import Findings

NUMBER = re.compile(r"(-?\d+(?:\.\d+)?(?:e[-+]?\d{1,3})?)")
OF_ENVIRONMENT = {
    "python", "platform", "packages", "tables_sha256", "code_sha256", "code_files", "versions",
}  # fmt: skip
"""What JSON files may say otherwise in another environment."""
UNSOLVED = ("separated", "quasi_separated", "not_converged")
"""The states in which the end of a regression is where its steps stop."""
UNSOLVED_PARITY = 1e-6  # of these; seen: 2e-7, of softmax regression with other instructions
NOT_COMPARED = {"seconds", "fingerprint", "checksum"}  # the fingerprints were compared before
DECIDED = ("status", "epochs", "curve_epochs")
NUMBERS = ("probabilities", "train_cost", "test_cost")


def compare(
    names: list[str],
    folder: Path,
    *,
    exact: bool,
    absent: Mapping[str, str] | None = None,
) -> Findings:
    """Compare files in the working directory with those that were made again; fits are left out.

    Parameters
    ----------
    names : list of str
    folder : Path
        That of the files that were made again.
    exact : bool
        Whether the environment is the same.
    absent : mapping of str to str, optional
        The SHA-256 of files that were left out of the archive.
    """
    findings, same, excused, left_out = Findings(), 0, list[str](), absent or {}
    for name in (each for each in names if not each.endswith(".parquet")):
        here, there = Path(name), folder / name
        to_the_byte = exact or here.parent.name == "data"  # in which nothing is rounded
        if not there.is_file():
            findings.unchecked.append(f"{name}: could not be made again here")
        elif not here.is_file() and name not in left_out:
            findings.faults.append(f"{name}: missing in the archive")
        elif (digest(here) if here.is_file() else left_out[name]) == digest(there):
            same += 1
        elif faults := _faults(here, there, exact=to_the_byte):
            if not to_the_byte and _may_differ(here, folder):
                excused.append(f"{name}: differs, as it may in another environment; use yours")
            else:
                findings.faults += [f"{name}: {fault}" for fault in faults]
    findings.done.append(f"{same:,} tables, pages, pictures and other files were made, the same")
    findings.unchecked += excused
    findings.partly += [f"not {len(excused):,} files, which differ here"] if excused else []
    return findings


def _faults(here: Path, there: Path, *, exact: bool) -> list[str]:
    """Return what is wrong with a file of the archive that is not the one that was made again."""
    if not here.is_file():
        return ["not the file that was left out"]
    one, other = here.read_bytes(), there.read_bytes()
    if here.suffix == ".csv":
        return list(_differing_cells(one, other, exact=exact))
    if here.suffix == ".json" and not exact and _is_close_json(one, other):
        return []
    return [f"altered; {first_difference(one, other)}"]


def _may_differ(file: Path, folder: Path) -> bool:
    """Return whether a file may differ in another environment by more than the rounding of numbers.

    So it is if only its digest is known, if it is a page or a picture, and if what was trained for
    it may be chaotic, or has no solution.
    """
    if paths.wildcards(paths.MODEL, file):
        return _model_may_differ(file, folder)
    if paths.wildcards(paths.RIVAL, file) or file.stem.startswith("new_data"):
        both = (Path(path.format(dataset=file.parts[1])) for path in (paths.MODEL, paths.RIVAL))
        return any(_model_may_differ(each, folder) for each in both)
    is_page = file.suffix not in (".csv", ".json")
    return is_page or file.stem == "error_rates" or not file.is_file()


def _model_may_differ(file: Path, folder: Path) -> bool:
    ours = json.loads((folder / file).read_bytes())
    is_unsolved = (ours["model"] or {}).get("status") in UNSOLVED
    return is_unsolved or ours["recommendation"]["configuration"] in chaotic(folder, file.parts[1])


def chaotic(folder: Path, dataset: str) -> dict[str, int]:
    """Return the configurations that train chaotically, by our own table of parity.

    Each has the epoch up to which all its costs agree.
    """
    table = folder / paths.statistics("parity").format(dataset=dataset)
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["state"] == "chaotic"]
    return {row["configuration"]: int(row["epochs"]) for row in rows}


def _is_close_json(here: bytes, there: bytes) -> bool:
    """Return whether two JSON files are equal up to rounding, and to what the environment is."""
    try:
        values = [json.loads(each, object_pairs_hook=_as_dict) for each in (here, there)]
        if all(isinstance(value, dict) for value in values):
            values = [{k: v for k, v in each.items() if k not in OF_ENVIRONMENT} for each in values]
        return _is_close_value(*values)
    except (ValueError, RecursionError):
        return False


def _as_dict(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(values := dict(pairs)) < len(pairs):
        raise ValueError("a key is there twice, of which other programs may take the other one")
    return values


def _is_close_value(a: Any, b: Any) -> bool:
    """Return whether two values of JSON are equal; numbers and sentences, up to rounding."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_is_close_value(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_is_close_value, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return largest_difference(a, b) <= PARITY
    return type(a) is type(b) and (a == b or (isinstance(a, str) and _has_same_words(a, b)))


def _differing_cells(here: bytes, there: bytes, *, exact: bool) -> Iterator[str]:
    """Yield a message for each cell in which a CSV file differs from the one made again."""
    try:
        ours, theirs = (
            list(csv.reader(io.StringIO(content.decode(), newline=""))) for content in (here, there)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        yield f"altered; it is no CSV ({error})"
        return
    if [*map(len, ours)] != [*map(len, theirs)] or ours[:1] != theirs[:1]:
        yield "altered; its columns or its rows are not those that are made again"
        return
    is_other = False
    for row, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        for column, a, b in zip(ours[0], one, other, strict=True):
            if a != b and (exact or not are_close(a, b)):
                is_other = True
                yield f"row {row}, {column}: altered; found {a!r:.90}, made again {b!r:.90}"
    if exact and not is_other:
        yield "altered; it is written otherwise"


def are_close(a: str, b: str) -> bool:
    """Return whether two cells are equal up to the rounding of a number, or of those in a sentence.

    A number may differ by `PARITY`, relative to one above 1.
    """
    if NUMBER.fullmatch(a) and NUMBER.fullmatch(b):
        return largest_difference(float(a), float(b)) <= PARITY
    return a == b or _has_same_words(a, b)


def _has_same_words(a: str, b: str) -> bool:
    """Return whether two sentences differ at most by one in the last digits of their decimals."""
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


def compare_trained(
    file: Path, model: Model, trained: Path, again: Path, findings: Findings, *, exact: bool
) -> None:
    """Compare the sound fits of a file with those that were trained again.

    Parameters
    ----------
    file : Path
    model : Model
    trained : Path
        The folder with the file as it was trained again.
    again : Path
        The folder with the sound fits of the archive, and with what follows from them, which says
        which training is chaotic.
    findings : Findings
        What is found is added to them.
    exact : bool
        Whether the environment is the same.
    """
    stored, ours = _by_fingerprint(again / file), _by_fingerprint(trained / file)
    has_parity = (again / paths.statistics("parity").format(dataset=file.parts[1])).is_file()
    unstable = chaotic(again, file.parts[1])
    faults, doubtful, largest = list[str](), 0, 0.0
    for one, other in ((stored[key], ours[key]) for key in ours if key in stored):
        differing = _differing(one, other, model, exact=exact)
        difference = largest_difference(one["probabilities"], other["probabilities"])
        epoch = unstable.get(one["configuration"], -1 if has_parity else 0)
        if not differing:
            largest = max(largest, difference)
        elif exact or not model.family.is_one_model or epoch < 0:
            text = f"other {', '.join(differing)}; a probability differs by {difference:.2g}"
            faults.append(f"{_named(one)}: trained again, it has {text}")
        elif _begin_alike(one, other, epoch):
            doubtful += 1
        else:
            faults.append(f"{_named(one)}: its costs differ before rounding decides")
    agree = "the same to the last bit" if largest == 0 else f"to within {largest:.1e}"
    findings.done.append(f"{file}: {len(ours):,} fits, {len(faults) or agree}")
    findings.faults += [f"{file}: {fault}" for fault in faults]
    if doubtful:
        why = "chaotic" if has_parity else "chaotic; with one implementation, nothing shows it"
        findings.unchecked.append(
            f"{file}: {doubtful:,} fits that differ, as their training may be {why}"
        )
        findings.partly.append(f"not {doubtful:,} fits that differ, and may be chaotic")


def _by_fingerprint(file: Path) -> dict[str, Mapping[str, Any]]:
    """Return the fits of a file by their fingerprints."""
    return {row["fingerprint"]: row for row in pq.read_table(file).to_pylist()}


def _named(row: Mapping[str, Any]) -> str:
    """Return what messages call a fit."""
    inner = "" if row["inner"] is None else f", inner fold {row['inner']}"
    return f"{row['configuration']}, repeat {row['repeat']}, fold {row['fold']}{inner}"


def _differing(
    one: Mapping[str, Any], other: Mapping[str, Any], model: Model, *, exact: bool
) -> list[str]:
    """Return the columns in which two fits differ by more than they may."""
    # The steps of a regression are of rounding, too.
    decided = DECIDED if model.family.is_one_model else DECIDED[:1]
    to_the_bit = [key for key in one if key not in NOT_COMPARED] if exact else decided
    allowed = UNSOLVED_PARITY if other["status"] in UNSOLVED else PARITY
    return [key for key in to_the_bit if repr(one[key]) != repr(other[key])] + [
        key
        for key in (() if exact else NUMBERS)
        if not largest_difference(one[key], other[key]) <= allowed
    ]


def _begin_alike(one: Mapping[str, Any], other: Mapping[str, Any], epoch: int) -> bool:
    """Return whether two learning curves agree up to an epoch."""
    points = sum(each < epoch for each in other["curve_epochs"])
    costs = ((one[key][:points], other[key][:points]) for key in NUMBERS[1:])
    return all(largest_difference(*both) <= PARITY for both in costs)


def largest_difference(one: Any, other: Any) -> float:
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

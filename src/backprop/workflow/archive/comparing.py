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
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from backprop.files import digest
from backprop.models.registry import Model
from backprop.statistics.parity import PARITY
from backprop.study.fits import read_fits
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
    if here.suffix == ".json" and not exact and _is_close_json(one, other, here.parent):
        return []
    return [f"altered; {_first_difference(one, other)}"]


def _may_differ(file: Path, folder: Path) -> bool:
    """Return whether a file may differ in another environment by more than the rounding of numbers.

    So it is if only its digest is known, if it is a page or a picture, and if what was trained for
    it may be chaotic, or has no solution.
    """
    if paths.wildcards(paths.MODEL, file):
        ours = json.loads((folder / file).read_bytes())
        is_unsolved = (ours["model"] or {}).get("status") in UNSOLVED
        configuration = ours["recommendation"]["configuration"]
        return is_unsolved or configuration in chaotic(folder, file.parts[1])
    is_page = file.suffix not in (".csv", ".json")
    return is_page or file.stem == "error_rates" or not file.is_file()


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


def _is_close_json(here: bytes, there: bytes, folder: Path) -> bool:
    """Return whether two JSON files are equal up to rounding, and to what the environment is.

    The digests of tables that the first one has must be those of the tables in its folder.
    """
    try:
        values = [json.loads(each, object_pairs_hook=_as_dict) for each in (here, there)]
    except (ValueError, RecursionError):
        return False
    if all(isinstance(value, dict) for value in values):
        tables = {(file.name, digest(file)) for file in folder.glob("*/*.csv")}
        if not tables.issuperset(dict(values[0].get("tables_sha256", {})).items()):
            return False
        values = [{k: v for k, v in each.items() if k not in OF_ENVIRONMENT} for each in values]
    return _is_close_value(*values)


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
        return _are_close(repr(a), repr(b), is_rounded=False)
    are_texts = isinstance(a, str) and isinstance(b, str)
    return bool(a == b) or (are_texts and " " in a and are_close(a, b))


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
    """Return whether two texts are equal up to the rounding of their numbers.

    A number may differ by `PARITY`, relative to one above 1. In a sentence each may be rounded, so
    that it differs by one in its last digit. A text without blanks is a number or a name.
    """
    ours, theirs = NUMBER.split(a), NUMBER.split(b)
    is_sentence = " " in a
    is_name = any(ours[::2]) and not is_sentence
    if is_name or ours[::2] != theirs[::2]:
        return a == b
    return all(
        _are_close(one, other, is_rounded=is_sentence)
        for one, other in zip(ours[1::2], theirs[1::2], strict=True)
    )


def _are_close(a: str, b: str, *, is_rounded: bool) -> bool:
    one, other = float(a), float(b)
    unit = min(_unit(a), _unit(b)) if is_rounded else 0.0
    allowed = max(PARITY * max(1.0, abs(one), abs(other)), 1.001 * unit)
    return isfinite(one) and isfinite(other) and abs(one - other) <= allowed


def _unit(number: str) -> float:
    """Return the value of the last digit of a number; 0 of an integer, which is not rounded."""
    digits, _, exponent = number.partition("e")
    decimals = len(digits.partition(".")[2])
    return float(f"1e{int(exponent or 0) - decimals}") if decimals or exponent else 0.0


def _first_difference(one: bytes, other: bytes) -> str:
    """Return the first line in which two files differ, with both, in short."""
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    for line, (a, b) in enumerate(pairs, 1):
        if a != b:
            place = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
            cuts = [
                part[max(0, place - 20) : place + 40].decode(errors="replace") for part in (a, b)
            ]
            return f"line {line}: {cuts[0]!r} in place of {cuts[1]!r}"
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
        difference = _largest(one["probabilities"], other["probabilities"])
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


def _by_fingerprint(file: Path) -> dict[str, Mapping[Any, Any]]:
    """Return the fits of a file by their fingerprints."""
    tables = (read_fits([file], inner=inner) for inner in (False, True))
    return {row["fingerprint"]: row for table in tables for row in table.to_dict("records")}


def _named(row: Mapping[Any, Any]) -> str:
    """Return what messages call a fit."""
    inner = f", inner fold {row['inner']:.0f}" if "inner" in row else ""
    name = row["model"] if _is_missing(row["configuration"]) else row["configuration"]
    return f"{name}, repeat {row['repeat']}, fold {row['fold']}{inner}"


def _differing(
    one: Mapping[Any, Any], other: Mapping[Any, Any], model: Model, *, exact: bool
) -> list[str]:
    """Return the columns in which two fits differ by more than they may."""
    if exact:
        return [key for key in one if key not in NOT_COMPARED and not _same(one[key], other[key])]
    # The steps of a regression are of rounding, too.
    decided = DECIDED if model.family.is_one_model else DECIDED[:1]
    allowed = UNSOLVED_PARITY if other["status"] in UNSOLVED else PARITY
    return [key for key in decided if not _same(one[key], other[key])] + [
        key for key in NUMBERS if not _largest(one[key], other[key]) <= allowed
    ]


def _begin_alike(one: Mapping[Any, Any], other: Mapping[Any, Any], epoch: int) -> bool:
    """Return whether two learning curves agree up to an epoch."""
    points = int((np.asarray(other["curve_epochs"]) < epoch).sum())
    return all(_largest(one[key][:points], other[key][:points]) <= PARITY for key in NUMBERS[1:])


def _same(one: Any, other: Any) -> bool:
    """Return whether two values of a fit are the same to the last bit."""
    if isinstance(one, np.ndarray):
        return one.tobytes() == np.asarray(other).tobytes()
    return bool(one == other) or (_is_missing(one) and _is_missing(other))


def _is_missing(value: Any) -> bool:
    return value is None or value != value


def _largest(one: Any, other: Any) -> float:
    """Return the largest difference of two arrays, that of a number above 1 relative to it.

    It is 1 if they are of other shapes, or only one has a finite number in some place.
    """
    if np.shape(one) != np.shape(other) or (np.isfinite(one) != np.isfinite(other)).any():
        return 1.0
    finite = np.isfinite(one)
    one, other = np.asarray(one)[finite], np.asarray(other)[finite]
    return float((abs(one - other) / np.fmax(1.0, abs(other))).max(initial=0.0))

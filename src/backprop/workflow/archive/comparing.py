"""Compare the files and the fits of an archive with those that were made again.

In the environment of the archive, every bit must be the same. Another one may round otherwise: then
numbers may differ by `PARITY`, and more only where our own run finds that training is chaotic.
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
OF_NETWORKS = ("error_rates", "parity")
"""The tables for which networks are trained, so that chaos may move their numbers elsewhere."""
BY_CHAOS = ("configurations", "warnings")
"""The tables that say which training is chaotic."""
OF_ENVIRONMENT = {
    "python", "platform", "packages", "tables_sha256", "code_sha256", "code_files", "versions",
}  # fmt: skip
"""What JSON files may say otherwise in another environment."""
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
    findings, same, left_out = Findings(), 0, absent or {}
    for name in (each for each in names if not each.endswith(".parquet")):
        here, there = Path(name), folder / name
        if not there.is_file():
            findings.unchecked.append(f"{name}: could not be made again here")
        elif not here.is_file() and name not in left_out:
            findings.faults.append(f"{name}: missing in the archive")
        elif (digest(here) if here.is_file() else left_out[name]) == digest(there):
            same += 1
        elif not here.is_file():
            text = f"{name}: not the file that was left out"
            (findings.faults if exact or _is_data(name) else findings.unchecked).append(text)
        else:
            _compare(name, folder, findings, exact=exact or _is_data(name))
    findings.done.append(f"{same:,} tables, pages, pictures and other files were made, the same")
    return findings


def _is_data(name: str) -> bool:
    """Return whether a file is of a data set, in which nothing is rounded."""
    return Path(name).parent.name == "data"


def _compare(name: str, folder: Path, findings: Findings, *, exact: bool) -> None:
    """Compare a file of the archive with the one that was made again, which differs."""
    here, there = Path(name).read_bytes(), (folder / name).read_bytes()
    faults = [f"altered; {_first_difference(here, there)}"]
    if name.endswith(".csv"):
        faults = list(_differing_cells(here, there, exact=exact))
    elif name.endswith(".json") and not exact:
        faults = [] if _is_close_json(here, there) else faults
    elif not exact:
        findings.unchecked.append(f"{name}: differs, as it may in another environment; use yours")
        return
    if faults and not exact and (excuse := _excuse(name, folder)):
        findings.unchecked.append(f"{name}: {excuse}")
        if Path(name).stem in BY_CHAOS:
            findings.partly.append(f"not {name}, which says what training is chaotic")
    else:
        findings.faults += [f"{name}: {fault}" for fault in faults]


def _excuse(name: str, folder: Path) -> str:
    """Return why a file may differ in another environment by more than rounding; else nothing."""
    stem, dataset = Path(name).stem, name.split("/")[1]
    ours = chaotic(folder, dataset)
    is_of_networks = stem in OF_NETWORKS
    if paths.wildcards(paths.MODEL, Path(name)):
        recommended = json.loads((folder / name).read_bytes())["recommendation"]
        is_of_networks = recommended["configuration"] in ours
    if is_of_networks:
        return "numbers differ, as they may if training is chaotic"
    is_other_chaos = stem in BY_CHAOS and chaotic(Path(), dataset).keys() != ours.keys()
    return "differs; here, other training is chaotic" if is_other_chaos else ""


def chaotic(folder: Path, dataset: str) -> dict[str, int]:
    """Return the configurations that train chaotically, by a table of parity, which may be damaged.

    Each has the epoch up to which all its costs agree; 0 if the table has none.
    """
    table = folder / paths.statistics("parity").format(dataset=dataset)
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("state") == "chaotic"]
    epochs = {str(row.get("configuration")): row.get("epochs") or "" for row in rows}
    return {name: int(epoch) if epoch.isdecimal() else 0 for name, epoch in epochs.items()}


def _is_close_json(here: bytes, there: bytes) -> bool:
    """Return whether two JSON files are equal up to rounding, and to what the environment is."""
    try:
        values = [json.loads(content) for content in (here, there)]
    except (ValueError, RecursionError):
        return False
    if all(isinstance(value, dict) for value in values):
        values = [{k: v for k, v in each.items() if k not in OF_ENVIRONMENT} for each in values]
    return _is_close_value(*values)


def _is_close_value(a: Any, b: Any) -> bool:
    """Return whether two values of JSON are equal; numbers and sentences, up to rounding."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_is_close_value(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_is_close_value, a, b))
    if isinstance(a, float) and isinstance(b, float):
        return _are_close(repr(a), repr(b), is_rounded=False)
    is_sentence = isinstance(a, str) and isinstance(b, str) and " " in a
    return bool(a == b) or (is_sentence and are_close(a, b))


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
    that it differs by one in its last digit.
    """
    ours, theirs = NUMBER.split(a), NUMBER.split(b)
    if ours[::2] != theirs[::2]:
        return False
    is_sentence = any(part.strip() for part in ours[::2])
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
    faults, ends, unexplained, largest = list[str](), 0, 0, 0.0
    for one, other in ((stored[key], ours[key]) for key in ours if key in stored):
        differing = _differing(one, other, model, exact=exact)
        difference = _largest(one["probabilities"], other["probabilities"])
        may_be_chaotic = model.family.is_one_model and not exact
        if not differing:
            largest = max(largest, difference)
        elif may_be_chaotic and one["configuration"] in unstable:
            ends += 1
            if not _begin_alike(one, other, unstable[one["configuration"]]):
                faults.append(f"{_named(one)}: its costs differ before rounding decides")
        elif may_be_chaotic and not has_parity:
            unexplained += 1
        else:
            text = f"other {', '.join(differing)}; a probability differs by {difference:.2g}"
            faults.append(f"{_named(one)}: trained again, it has {text}")
    agree = "the same to the last bit" if largest == 0 else f"to within {largest:.1e}"
    findings.done.append(f"{file}: {len(ours):,} fits, {len(faults) or agree}")
    findings.faults += [f"{file}: {fault}" for fault in faults]
    if ends:
        findings.unchecked.append(f"{file}: the ends of {ends:,} fits, which train chaotically")
    if unexplained:
        findings.unchecked.append(
            f"{file}: {unexplained:,} fits that differ; with one implementation of the network, "
            "nothing shows whether their training is chaotic"
        )
        findings.partly.append(f"not {unexplained:,} fits that differ, and may be chaotic")


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
    return [key for key in decided if not _same(one[key], other[key])] + [
        key for key in NUMBERS if not _largest(one[key], other[key]) <= PARITY
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

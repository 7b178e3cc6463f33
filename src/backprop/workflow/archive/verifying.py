"""Verify a result that someone else archived: `backprop verify`.

This workflow runs on the inputs of the archive, in a new folder. Then the tables of
both are compared. Of the archive's results, nothing else is read, and nothing is shown.
"""

import csv
import io
import re
import sys
from collections.abc import Collection, Mapping
from contextlib import chdir
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory, mkdtemp

import numpy as np
import pandas as pd

from backprop.data.builtin import BUILT_IN
from backprop.errors import BackpropError, first_faults, printable, shortened
from backprop.files import digest, read_table
from backprop.models.registry import MODELS, network_models
from backprop.statistics.parity import PARITY
from backprop.workflow.archive import packing
from backprop.workflow.archive.form import CONFIG, INPUTS, Claims, check_digests, read_zip
from backprop.workflow.calling import call_snakemake
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import with_files
from backprop.workflow.progress import duration

OF_ALL = ["p_adjusted", "verdict"]  # in which the row of a model depends on others


def main(archive: Path, table: Path | None, cores: str) -> None:
    """Verify an archive; end with code 1 if a number differs."""
    differing = verify(archive.absolute(), table=table, cores=cores)
    if differing:
        sys.exit(f"error: {differing:,} differ, see above; only your own report can be trusted")


def verify(archive: Path, *, table: Path | None, cores: str) -> int:
    """Verify an archive, print what was found, and return how many cells or tables differ.

    Parameters
    ----------
    archive : Path
    table : Path, optional
    cores : str
        As `inputs_of` and Snakemake take them.

    Raises
    ------
    BackpropError
        If the archive cannot be used.
    """
    contents = read_zip(archive)
    claims = check_digests(contents)
    inputs = inputs_of(contents, table)
    took = "unknown" if claims.seconds is None else duration(claims.seconds)
    _say(f"{len(contents):,} files have their digests; SHA-256 of the archive: {digest(archive)}")
    _say(f"the time of the first run, as the archive says: {took}; all is trained again now")
    folder = Path(mkdtemp(prefix="verified-", dir=archive.parent))
    for name, content in inputs.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    config = ("--configfile", str(folder / CONFIG), "--replace-workflow-config")
    if call_snakemake(folder, *config, f"--cores={cores}", "--logger=backprop")[0]:
        sys.exit("error: the workflow fails on the inputs of the archive, see above")
    packing.write_report(folder)
    differing = compare(contents, claims, folder)
    for line in first_faults(differing):
        print(printable(f"error: {line}".replace("\n", " ")), file=sys.stderr, flush=True)
    _say(f"your own report, from the inputs alone: {folder / paths.REPORT}")
    return len(differing)


def inputs_of(contents: Mapping[str, bytes], table: Path | None) -> dict[str, bytes]:
    """Return the config of an archive, checked, and the inputs that it names, by their paths.

    Each path in it must be one of these, of a table that the reader names, or a data set by name:
    what it names elsewhere is neither read nor fetched. An input is in a folder from which Python
    imports nothing.

    Parameters
    ----------
    contents : mapping of str to bytes
    table : Path, optional
        The reader's table, or a folder with tables, for an archive without data.

    Raises
    ------
    BackpropError
        If the config or a table cannot be used, or if an input is missing.
    """
    files = dict[str, bytes]()

    def place(path: str) -> str:
        if path in BUILT_IN:
            return path
        if path.startswith(INPUTS) and path in contents:
            files[path] = contents[path]
            return path
        file = table / PurePath(path).name if table and table.is_dir() else table
        if not (file and file.is_file()):
            what = f"--table: found {table or 'nothing'}; the archive lacks {shortened(path)}"
            raise BackpropError(f"{what}: use the path of this file, or a folder with all it lacks")
        return str(file.absolute())

    with TemporaryDirectory(prefix="verify-") as folder, chdir(folder):
        Path(CONFIG).write_bytes(contents.get(CONFIG, b""))
        config = check_config(read_yaml(Path(CONFIG)))
    uses = {paths.USES.format(dataset=name) for name in config.datasets} & contents.keys()
    files |= {name: contents[name] for name in uses}  # new data were used as the archive says
    return {CONFIG: packing.as_yaml(with_files(config, place)), **files}


def compare(contents: Mapping[str, bytes], claims: Claims, folder: Path) -> list[str]:
    """Compare the tables of an archive with the tables of a run; name each cell that differs."""
    here = {str(f.relative_to(folder)): f for f in folder.glob("results/*/tables/*.csv")}
    there = {name for name in contents if re.fullmatch(r"results/[^/]+/tables/[^/]+\.csv", name)}
    differing = [f"{name}: not a table of both" for name in sorted(here.keys() ^ there)]
    ours, theirs = packing.environment_of(packing.read_provenance(folder)), claims.environment
    others = [key for key in ours if theirs.get(key, ours[key]) != ours[key]]
    chaotic = _chaotic(folder) if others else {}
    if others:
        named = (f"{key} {theirs[key] or 'none':.60}, not {ours[key] or 'none'}" for key in others)
        _say(f"its environment has {', '.join(named)}; so numbers may be rounded otherwise")
    for dataset, names in chaotic.items():
        _say(f"{dataset}: chaotic, so judged by their steps (docs/parity.md): {', '.join(names)}")
    for name in sorted(here.keys() & there):
        if not others or here[name].stem != "parity":  # which says how much rounding there was
            both = contents[name], here[name].read_bytes()
            unstable = chaotic.get(here[name].parts[-3], ())
            differing += differences(name, *both, exact=not others, chaotic=unstable)
    how = f"to {PARITY:g}" if others else "to the bit"
    _say(f"{len(here):,} tables compared {how}, but for times: {len(differing):,} differences")
    return differing


def _chaotic(folder: Path) -> dict[str, list[str]]:
    """Return the configurations that train chaotically, by the tables of parity of a run."""
    files = folder.glob(paths.table("parity").format(dataset="*"))
    tables = {file.parts[-3]: read_table(file).query("state == 'chaotic'") for file in files}
    return {name: list(each["configuration"]) for name, each in tables.items() if len(each)}


def differences(
    name: str, there: bytes, here: bytes, *, exact: bool, chaotic: Collection[str] = ()
) -> list[str]:
    """Return each cell in which a table of an archive is not the one that was made here.

    Parameters
    ----------
    name : str
        What messages call it.
    there, here : bytes
    exact : bool
        Whether texts must be the same. Else numbers may differ by `PARITY`, relative to one above
        1.
    chaotic : collection of str
        The configurations whose rows are left out, and with them all that depends on them.
    """
    try:
        theirs, ours = (_decided(each[: 2 * len(here)], chaotic) for each in (there, here))
        theirs.index = ours.index  # pandas compares no tables with other rows or columns
        differ = (theirs != ours).to_numpy()
    except (ValueError, csv.Error):
        return [f"{name}: it has other rows or columns there"]
    if not exact:
        numbers = (each.apply(pd.to_numeric, errors="coerce") for each in (theirs, ours))
        a, b = (each.to_numpy(float) for each in numbers)
        differ = differ & ~(np.isfinite(b) & (np.abs(a - b) <= PARITY * np.fmax(1, np.abs(b))))
    return [
        f"{name}, row {ours.index[row] + 1}, {ours.columns[column]}: "
        f"{theirs.iloc[row, column]!s:.60} there, {ours.iloc[row, column]!s} here"
        for row, column in np.argwhere(differ).tolist()
    ]


def _decided(content: bytes, chaotic: Collection[str]) -> pd.DataFrame:
    """Return the texts of a table, without what differs between two runs of the same study."""
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    if any(len(row) != len(header) for row in rows):
        raise ValueError
    table = pd.DataFrame(rows, columns=header, dtype=object)
    if chaotic:
        named = table[["configuration"]] if "configuration" in table else table
        names = [*chaotic, *([] if "configuration" in table else network_models(MODELS))]
        table = table[~named.isin(names).any(axis=1)].drop(columns=OF_ALL, errors="ignore")
    return table.drop(columns="seconds", errors="ignore")


def _say(line: str) -> None:
    print(printable(line.replace("\n", " ")), flush=True)

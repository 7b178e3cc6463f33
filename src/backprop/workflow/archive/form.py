"""The form of an archive: a zip of files, one of which lists all of them with their digests.

The files are not compressed, so that nothing grows when it is read. An archive is read only if
`zipped` makes the same bytes of the files in it. So each program that unpacks it finds these.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, Field

from backprop.errors import BackpropError, listed
from backprop.files import digest_of_bytes

CLAIMS = "archive.json"
CONFIG = "config.yaml"
INPUTS = "inputs/"
OF_EARLIER_VERSIONS = "ro-crate-metadata.json"
PLAIN_PATH = re.compile(r"(?!\.)[\w .=+-]+(/(?!\.)[\w .=+-]+)*", re.ASCII)


class Claims(BaseModel, extra="forbid"):
    """What an archive says of itself, which anyone may have written.

    Attributes
    ----------
    seconds : float or None
        How long the longest run took by this config, if it is known.
    environment : dict of str to str
        What may change a number: the versions, the platform, the processor and the commit.
    files : dict of str to str
        The SHA-256 of each file.
    """

    seconds: float | None = Field(ge=0, le=1e9)
    environment: dict[str, str]
    files: dict[str, str]


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip of files, always the same for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name)  # of 1980
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # a plain file of Unix
            opened.writestr(entry, content)
    return target.getvalue()


def read_zip(archive: Path) -> dict[str, bytes]:
    """Return the files of an archive, which anyone may have made; nothing is written.

    Raises
    ------
    BackpropError
        If it is not in the form that `zipped` writes, or has a path that leads elsewhere.
    """
    content = archive.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = opened.infolist()
            is_compressed = any(entry.compress_type for entry in entries)
            if is_compressed or sum(entry.file_size for entry in entries) > len(content):
                raise ValueError("its files are compressed, or overlap")
            contents = {entry.filename: opened.read(entry) for entry in entries}
        if zipped(contents) != content or not all(map(PLAIN_PATH.fullmatch, contents)):
            raise ValueError("it has other bytes than its files, or a path that leads elsewhere")
    except Exception as error:  # of any kind: the file may hold anything
        what = f"{type(error).__name__}: {error!s:.300}"
        raise BackpropError(f"{archive}: not a zip of `backprop archive` ({what})") from error
    return contents


def check_digests(contents: Mapping[str, bytes]) -> Claims:
    """Return what an archive claims, if each file has the digest that it lists.

    Raises
    ------
    BackpropError
        If not, or if an earlier version of this workflow wrote it.
    """
    if OF_EARLIER_VERSIONS in contents:
        what = "the archive is of an earlier version: verify it in a clone of its commit, which is"
        raise BackpropError(f"{what} the `version` of code/Snakefile in its {OF_EARLIER_VERSIONS}")
    try:
        claims = Claims.model_validate(json.loads(contents[CLAIMS]))
    except (ValueError, KeyError, RecursionError) as error:
        raise BackpropError(f"{CLAIMS}: missing, or not what `backprop archive` writes") from error
    here = {name: digest_of_bytes(each) for name, each in contents.items() if name != CLAIMS}
    if other := sorted({name for name, _ in here.items() ^ claims.files.items()}):
        raise BackpropError(
            f"{listed(other)}: added, missing or altered, by its digest in {CLAIMS}"
        )
    return claims

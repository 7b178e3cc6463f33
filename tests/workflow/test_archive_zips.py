"""A zip is read only in the form in which an archive is written, with the code that decides."""

import io
import os
import stat
import struct
import subprocess
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest
from altered import packed
from project import ROOT

from backprop.errors import BackpropError
from backprop.workflow.archive import zips
from backprop.workflow.archive.crate import code_files
from backprop.workflow.archive.zips import zipped


def unpacked(file):
    target = Path(tempfile.mkdtemp(dir=file.parent)) / "target"
    target.mkdir()
    zips.unpack(file, target)
    return {str(f.relative_to(target)): f.read_bytes() for f in target.rglob("*") if f.is_file()}


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        *(
            ([(name, b"x")], "its path is not plain")
            for name in (
                "../out",
                "/tmp/out",
                "a\\..\\out",
                "a//b",
                "a/",
                ".snakemake/backprop/code",
                "a/.b",
                "a\x1b[2J",
                "\u202ea",
                "C:/out",
                "//server/out",
                "a/./b",
                "a\u2028b",
                "a/../../out",
                "e\u0301",
                "a" * 501,  # a Mac takes the first for \u00e9
            )
        ),
        ([("a", b"x"), ("A", b"y")], "a name is there twice"),
        ([("stra\u00dfe", b"x"), ("STRASSE", b"y")], "a name is there twice"),
        ([("a", b"x"), ("a/b", b"y")], "cannot be unpacked"),
    ],
)
def test_an_entry_that_leads_elsewhere_is_refused(tmp_path, entries, fault):
    with pytest.raises(BackpropError, match=fault) as caught:
        unpacked(packed(tmp_path, *entries))
    assert str(caught.value).isprintable()
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
    assert not (tmp_path / "out").exists()


GOOD = {"a": b"x" * 5000, "b/\u00e9": bytes(range(256)) * 10, "empty": b""}


def test_an_archive_is_unpacked_to_the_byte(tmp_path):
    assert unpacked(packed(tmp_path, *GOOD.items())) == GOOD
    assert rezipped(lambda _: None) == ZIP


def rezipped(change, **options):
    """Return a zip of GOOD whose entries a function changes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", **options) as opened:
        for name, content in GOOD.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            change(entry)
            opened.writestr(entry, content)
    return packed.getvalue()


def commented(entry):
    entry.comment = b"a"


# The Unicode path field of Info-ZIP: unzip takes its name, and Python that of the header.
def with_another_name(entry):
    field = b"\1" + zlib.crc32(entry.filename.encode()).to_bytes(4, "little") + b"other"
    entry.extra = b"up" + len(field).to_bytes(2, "little") + field


def linked(entry):
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16


def compressed(entry):
    entry.compress_type = zipfile.ZIP_DEFLATED


def later(entry):
    entry.date_time = (2020, 1, 1, 0, 0, 0)


def zip64(content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened, opened.open("a", "w", force_zip64=True) as entry:
        entry.write(b"x")
    return packed.getvalue()


ZIP = zipped(GOOD)
END = ZIP.rindex(b"PK\5\6")
START = int.from_bytes(ZIP[END + 16 : END + 20], "little")


def shifted(at, more, offset=0):
    """Return the zip with more bytes at a place, whose directory is found all the same."""
    end = ZIP[END:]
    start = START + (len(more) if at <= START else 0) + offset
    end = end[:16] + start.to_bytes(4, "little") + end[20:]
    body = ZIP[:at] + more + ZIP[at:END]
    return body + end


ODD = {
    "comment": rezipped(commented),
    "name for others": rezipped(with_another_name),
    "link": rezipped(linked),
    "compressed": rezipped(compressed),
    "time": rezipped(later),
    "zip64": zip64(ZIP),
    "zip before": ZIP + ZIP,
    "bytes before": b"#!/bin/sh\n" + ZIP,
    "bytes before, offsets moved": shifted(0, b"before"),
    "bytes before the directory": shifted(START, b"between"),
    "bytes after the directory": ZIP[:END] + b"more" + ZIP[END:],
    "bytes after": ZIP + b"after",
    "comment of the zip": ZIP[:-2] + b"\5\0after",
    "cut": ZIP[:-1],
    "cut in the middle": ZIP[: len(ZIP) // 2],
    "empty": b"",
    "another name in the first header": ZIP.replace(b"a", b"c", 1),
    "another name in the directory": ZIP[:START] + ZIP[START:].replace(b"a", b"c", 1),
    "another number": ZIP[: END + 10] + b"\2\0" + ZIP[END + 12 :],
    "a flag": ZIP[:6] + b"\x08" + ZIP[7:],
}


def put(*changes):
    """Return the zip with other bytes at some places; those of the directory count from its start.

    A change is of the first header, of the first entry of the directory, or of both.
    """
    content = bytearray(ZIP)
    for place, value in changes:
        content[place : place + len(value)] = value
    return bytes(content)


def twice():
    """Return a zip with two files of one name: programs differ in which they take."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in (b"one", b"other"):
            entry = zipfile.ZipInfo("a")
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            opened.writestr(entry, content)
    return packed.getvalue()


ENTRIES = [ZIP[START : START + 47], ZIP[START + 47 : START + 97], ZIP[START + 97 : END]]
ZIP64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 3, 3, END - START, START)
ZIP64 += struct.pack("<4sLQL", b"PK\6\7", 0, END, 1)
ODD |= {
    "another CRC-32 in the header": put((14, b"\0\0\0\0")),
    "another CRC-32 in the directory": put((START + 16, b"\0\0\0\0")),
    "another CRC-32": put((14, b"\0\0\0\0"), (START + 16, b"\0\0\0\0")),
    "another size in the header": put((22, b"\1\0\0\0")),
    "a smaller size": put((18, b"\1\0\0\0\1"), (START + 20, b"\1\0\0\0\1")),
    "4 GB": put((START + 20, b"\xf0\xff\xff\xff\xf0\xff\xff\xff")),
    "encrypted": put((6, b"\1"), (START + 8, b"\1")),
    "with a descriptor": put((6, b"\x08"), (START + 8, b"\x08")),
    "UTF-8 without need": put((6, b"\0\x08"), (START + 8, b"\0\x08")),
    "a patch": put((6, b"\x20"), (START + 8, b"\x20")),
    "another method": put((8, b"\x63"), (START + 10, b"\x63")),
    "of another system": put((START + 5, b"\0")),
    "of another version": put((START + 6, b"\x2d")),
    "on another disk": put((START + 34, b"\1")),
    "a text": put((START + 36, b"\1")),
    "a program": put((START + 38, b"\0\0\xed\x81")),
    "with rights of its owner": put((START + 38, b"\0\0\xed\x89")),
    "a folder": put((START + 38, b"\x10\0\xed\x41")),
    "a device": put((START + 38, b"\0\0\xa4\x61")),
    "a name with NUL": put((30, b"\0"), (START + 46, b"\0")),
    "the header of another file": put((START + 47 + 42, b"\0\0\0\0")),
    "one name twice": twice(),
    "in another order": ZIP[:START] + ENTRIES[1] + ENTRIES[0] + ENTRIES[2] + ZIP[END:],
    "less than it has": ZIP[:START] + ENTRIES[0] + ENTRIES[1] + ZIP[END : END + 8]
    + struct.pack("<HHLL", 2, 2, 97, START) + b"\0\0",
    "an end for large zips": ZIP[:END] + ZIP64 + ZIP[END:],
    "an end within the end": ZIP[:-2] + struct.pack("<H", 22) + ZIP[END:],
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_a_zip_is_read_only_in_the_form_in_which_it_is_written(tmp_path, name):
    file = tmp_path / "odd.zip"
    file.write_bytes(ODD[name])
    with pytest.raises(BackpropError):
        unpacked(file)


def test_a_change_of_any_byte_of_a_zip_is_noticed(tmp_path):
    file, whole = tmp_path / "odd.zip", zipped({"a": b"xy", "b": b"zz"})
    for place in range(len(whole)):
        content = bytearray(whole)
        content[place] ^= 0x21
        file.write_bytes(content)
        with pytest.raises(BackpropError):
            unpacked(file)


def test_what_grows_too_large_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    files = {"a": b"0" * 100_000}, {"a": b"", "b": b""}
    large, many = map(zipped, files)
    assert len(large) == 100_000 + 30 + 46 + 22 + 2 * len("a")
    monkeypatch.setattr(zips, "MAX_BYTES", 1_000)
    monkeypatch.setattr(zips, "MAX_FILES", 1)
    messages = ("found 1 files of 100,", "found 2 files")
    for content, own, message in zip((large, many), files, messages, strict=True):
        (tmp_path / "large.zip").write_bytes(content)
        with pytest.raises(BackpropError, match=message):
            unpacked(tmp_path / "large.zip")
        with pytest.raises(BackpropError, match=message):
            zipped(own)


def test_the_code_of_a_clone_is_what_git_lists(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "src").mkdir()
    for name in ("Snakefile", "src/kept.py", "src/own.py"):
        (tmp_path / name).touch()
    assert code_files(tmp_path) == ["Snakefile", "src/kept.py", "src/own.py"]
    subprocess.run(["git", "-C", str(tmp_path), "add", "Snakefile", "src/kept.py"], check=True)
    assert code_files(tmp_path) == ["Snakefile", "src/kept.py"]


def test_only_what_decides_a_result_counts_as_code():
    names = code_files(ROOT)
    assert {"Snakefile", "requirements/run.txt", "src/backprop/study/metrics.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert not [name for name in names if name.startswith((f"resources{os.sep}", "results"))]

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


GOOD = {"a": b"xy", "b": b"zz"}
ZIP = zipped(GOOD)
END = ZIP.rindex(b"PK\5\6")
START = int.from_bytes(ZIP[END + 16 : END + 20], "little")
FIRST, SECOND = ZIP[START : START + 47], ZIP[START + 47 : END]


def rezipped(names=GOOD, **attributes):
    """Return a zip of files whose entries have other attributes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there twice
        for name, content in zip(names, GOOD.values(), strict=True):
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            for key, value in attributes.items():
                setattr(entry, key, value)
            opened.writestr(entry, content)
    return packed.getvalue()


def zip64():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened, opened.open("a", "w", force_zip64=True) as entry:
        entry.write(b"x")
    return packed.getvalue()


def ended(*entries, start=START, more=b""):
    """Return the zip with another directory."""
    directory = b"".join(entries)
    number = struct.pack("<HHLLH", len(entries), len(entries), len(directory), start, 0)
    return ZIP[:START] + more + directory + ZIP[END : END + 8] + number


def test_an_archive_is_unpacked_to_the_byte(tmp_path):
    files = {"b/\u00e9": b"", "large": b"x" * 5000, "any": bytes(range(256)) * 10}
    assert unpacked(packed(tmp_path, *files.items())) == files
    assert rezipped() == ended(FIRST, SECOND) == ZIP


# The Unicode path field of Info-ZIP: unzip takes its name, and Python that of the header.
FIELD = b"\1" + zlib.crc32(b"a").to_bytes(4, "little") + b"other"
ZIP64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, 2, 2, END - START, START)
ZIP64 += struct.pack("<4sLQL", b"PK\6\7", 0, END, 1)
ODD = {
    "comment": rezipped(comment=b"a"),
    "name for others": rezipped(extra=b"up" + len(FIELD).to_bytes(2, "little") + FIELD),
    "link": rezipped(external_attr=(stat.S_IFLNK | 0o777) << 16),
    "compressed": rezipped(compress_type=zipfile.ZIP_DEFLATED),
    "time": rezipped(date_time=(2020, 1, 1, 0, 0, 0)),
    "one name twice": rezipped(names=("a", "a")),
    "zip64": zip64(),
    "zip before": ZIP + ZIP,
    "bytes before the directory": ended(FIRST, SECOND, start=START + 7, more=b"between"),
    "comment of the zip": ZIP[:-2] + b"\5\0after",
    "cut in the middle": ZIP[: len(ZIP) // 2],
    "empty": b"",
    "in another order": ended(SECOND, FIRST),
    "less than it has": ended(FIRST),
    "an end for large zips": ZIP[:END] + ZIP64 + ZIP[END:],
    "an end within the end": ZIP[:-2] + struct.pack("<H", 22) + ZIP[END:],
}


@pytest.mark.parametrize("name", ODD)
def test_a_zip_is_read_only_in_the_form_in_which_it_is_written(tmp_path, name):
    file = tmp_path / "odd.zip"
    file.write_bytes(ODD[name])
    with pytest.raises(BackpropError):
        unpacked(file)


def with_byte(content, *places):
    changed = bytearray(content)
    for place in places:
        changed[place] ^= 0x21
    return bytes(changed)


def test_a_change_of_any_byte_of_a_zip_is_noticed(tmp_path):
    forms = [with_byte(ZIP, place) for place in range(len(ZIP))]
    for place in (0, 30, START, START + 46, END, len(ZIP) - 1):
        forms += [ZIP[:place] + ZIP[place + 1 :], ZIP[:place] + b"\5" + ZIP[place:], ZIP + b"\5"]
    # Each field that both the header of a file and its entry in the directory have.
    forms += [with_byte(ZIP, place, START + place + 2) for place in range(4, 30)]
    for content in forms:
        (tmp_path / "odd.zip").write_bytes(content)
        with pytest.raises(BackpropError):
            zips.unpack(tmp_path / "odd.zip", tmp_path / "target")


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

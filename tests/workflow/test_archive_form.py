"""A zip is read only in the form in which an archive is written."""

import io
import stat
import struct
import warnings
import zipfile
import zlib

import pytest

from backprop.errors import BackpropError
from backprop.workflow.archive.form import read_zip, zipped

GOOD = {"a": b"xy", "b": b"zz"}
ZIP = zipped(GOOD)
END = ZIP.rindex(b"PK\5\6")
START = int.from_bytes(ZIP[END + 16 : END + 20], "little")
FIRST, SECOND = ZIP[START : START + 47], ZIP[START + 47 : END]


@pytest.fixture
def read(tmp_path):
    def read(content):
        (tmp_path / "run.zip").write_bytes(content)
        return read_zip(tmp_path / "run.zip")

    return read


@pytest.mark.parametrize(
    "name",
    [
        "../out", "/tmp/out", "a\\..\\out", "a//b", "a/", ".snakemake/backprop/code", "a/.b",
        "a\x1b[2J", "\u202ea", "C:/out", "//server/out", "a/./b", "a/../../out", "e\u0301",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_or_looks_like_another_is_refused(read, name):
    with pytest.raises(BackpropError, match="not a zip of `backprop archive`") as caught:
        read(zipped({name: b"x"}))
    assert str(caught.value).isprintable()


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


def ended(*entries, start=START, more=b""):
    """Return the zip with another directory."""
    directory = b"".join(entries)
    number = struct.pack("<HHLLH", len(entries), len(entries), len(directory), start, 0)
    return ZIP[:START] + more + directory + ZIP[END : END + 8] + number


def test_an_archive_is_read_to_the_byte(read):
    files = {"b/c d.csv": b"", "large": b"x" * 5000, "any": bytes(range(256)) * 10}
    assert read(zipped(files)) == files
    assert rezipped() == ended(FIRST, SECOND) == ZIP


# The Unicode path field of Info-ZIP: unzip takes its name, and Python the name in the header.
FIELD = b"\1" + zlib.crc32(b"a").to_bytes(4, "little") + b"other"
OVERLAP = SECOND[:42] + FIRST[42:46] + SECOND[46:]  # the second entry is of the first file
ODD = {
    "comment": rezipped(comment=b"a"),
    "name for others": rezipped(extra=b"up" + len(FIELD).to_bytes(2, "little") + FIELD),
    "link": rezipped(external_attr=(stat.S_IFLNK | 0o777) << 16),
    "compressed": rezipped(compress_type=zipfile.ZIP_DEFLATED),
    "time": rezipped(date_time=(2020, 1, 1, 0, 0, 0)),
    "one name twice": rezipped(names=("a", "a")),
    "overlapping entries": ended(FIRST, OVERLAP),
    "zip before": ZIP + ZIP,
    "bytes before the directory": ended(FIRST, SECOND, start=START + 7, more=b"between"),
    "comment of the zip": ZIP[:-2] + b"\5\0after",
    "cut in the middle": ZIP[: len(ZIP) // 2],
    "empty": b"",
    "in another order": ended(SECOND, FIRST),
    "less than it has": ended(FIRST),
    "an end within the end": ZIP[:-2] + struct.pack("<H", 22) + ZIP[END:],
}


@pytest.mark.parametrize("name", ODD)
def test_a_zip_is_read_only_in_the_form_in_which_it_is_written(read, name):
    with pytest.raises(BackpropError, match="not a zip of `backprop archive`"):
        read(ODD[name])


def test_what_would_grow_is_refused_before_it_is_read(read, monkeypatch):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_LZMA) as opened:
        opened.writestr("a", b"0" * 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(BackpropError, match="its files are compressed, or overlap"):
        read(bomb.getvalue())


def test_a_change_of_any_byte_of_a_zip_is_noticed(read):
    def with_byte(*places):
        changed = bytearray(ZIP)
        for place in places:
            changed[place] ^= 0x21
        return bytes(changed)

    forms = [with_byte(place) for place in range(len(ZIP))]
    for place in (0, 30, START, START + 46, END, len(ZIP) - 1):
        forms += [ZIP[:place] + ZIP[place + 1 :], ZIP[:place] + b"\5" + ZIP[place:], ZIP + b"\5"]
    # Each field that both the header of a file and its entry in the directory have.
    forms += [with_byte(place, START + place + 2) for place in range(4, 30)]
    for content in forms:
        with pytest.raises(BackpropError):
            read(content)

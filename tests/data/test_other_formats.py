"""Tables that other programs write are read as their CSV would be, or refused in one message."""

import gzip
import io
import json
import math
import struct
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest
import rdata

from backprop.data.dataset import DataError
from backprop.data.sources import obtain

FRAME = pd.DataFrame({
    "size": [1.5, None, 3.25, -4.0],
    "sex": pd.Categorical(["m", "f", None, "m"]),
    "place": ["Bonn", "K\xf6ln", "", "Bonn"],
    "y": ["a", "b", "a", "b"],
})  # fmt: skip


def record(text):
    return text.encode().ljust(80)


def transport(frame):
    """Return a SAS transport file, version 5, by its published layout."""
    date = "01JAN24:00:00:00"
    zeros = "0" * 30
    parts = [
        record(f"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!{zeros}"),
        record(f"{'SAS     SAS     SASLIB  9.1     LINUX':64}{date}"),
        record(date),
        record("HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140"),
        record(f"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!{zeros}"),
        record(f"{'SAS     TREES   SASDATA 9.1     LINUX':64}{date}"),
        record(date),
        record(f"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!{frame.shape[1]:010}{'0' * 20}"),
    ]
    names = b""
    for place, name in enumerate(frame):
        kind = 1 if frame[name].dtype == float else 2
        texts = (name.encode().ljust(8), b" " * 40, b" " * 8)
        head = struct.pack(">hhhh8s40s8s", kind, 0, 8, place + 1, *texts)
        names += head + struct.pack(">hhh2s8shhl52s", 0, 0, 0, b"", b" " * 8, 0, 0, 8 * place, b"")
    names = names.ljust(-(-len(names) // 80) * 80)
    observations = b"".join(
        ibm(cell) if isinstance(cell, float) else cell.encode("cp1252").ljust(8)
        for row in frame.itertuples(index=False)
        for cell in row
    )
    observations = observations.ljust(-(-len(observations) // 80) * 80)
    obs = record(f"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!{zeros}")
    return b"".join([*parts, names, obs, observations])


def ibm(value):
    """Return a float as IBM mainframes store it: a sign, a power of 16, and 56 bits."""
    if math.isnan(value):
        return b"." + bytes(7)
    power = 64
    fraction = abs(value)
    while fraction >= 1:
        fraction, power = fraction / 16, power + 1
    return bytes([power | (128 if value < 0 else 0)]) + int(fraction * 2**56).to_bytes(7, "big")


def stata(version):
    file = io.BytesIO()
    frame = FRAME if version else FRAME.assign(place=["Bonn", "Koln", "", "Bonn"])
    frame.to_stata(file, write_index=False, version=version or 114)
    return file.getvalue()


def feather(**options):
    file = io.BytesIO()
    FRAME.to_feather(file, **options)
    return file.getvalue()


def stream():
    import pyarrow

    table, file = pyarrow.Table.from_pandas(FRAME), io.BytesIO()
    with pyarrow.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return file.getvalue()


def json_lines():
    text = FRAME.to_json(orient="records", lines=True, force_ascii=False)
    return text.replace('"size":null,', "").encode()  # a key that is not there


FILES = {
    "t.dta": stata(118),
    "old.dta": stata(0),
    "t.feather": feather(),
    "t.arrow": feather(compression="uncompressed"),
    "stream.arrow": stream(),
    "t.jsonl": json_lines(),
    "t.xpt": transport(FRAME.astype({"sex": str}).assign(sex=["m", "f", "", "m"])),
    "t.dta.gz": gzip.compress(stata(118)),
}


def read(folder, name, content, **options):
    (folder / "file").write_bytes(content)
    return obtain(name, file=folder / "file", label="y", missing="impute", **options)


@pytest.mark.parametrize("name", FILES)
def test_the_columns_are_those_of_the_frame(name, tmp_path):
    data = read(tmp_path, name, FILES[name])
    assert data.features == ("size", "sex", "place")
    assert data.classes == ("a", "b")
    assert data.categories["sex"] == ("f", "m")
    second = "Koln" if name == "old.dta" else "K\xf6ln"
    assert data.categories["place"] == ("Bonn", second)
    np.testing.assert_array_equal(
        data.x,
        [[1.5, 1, 0], [np.nan, 0, 1], [3.25, np.nan, np.nan], [-4, 1, 0]],
    )


def test_arff_has_numbers_nominal_values_and_no_value(tmp_path):
    lines = [
        "% a comment", "@relation 'of people'", "@ATTRIBUTE 'size of' REAL",
        "@attribute sex {'a man', f}", "@attribute y {a, b}", "@data",
        "1.5,'a man',a", "?,f,b", "3.25,?,a", "-4,f,b", "",
    ]  # fmt: skip
    data = read(tmp_path, "t.arff", "\n".join(lines).encode())
    assert data.features == ("size of", "sex")
    assert data.categories == {"sex": ("a man", "f")}
    np.testing.assert_array_equal(data.x, [[1.5, 0], [np.nan, 1], [3.25, np.nan], [-4, 1]])
    lines[2] = "@attribute note string"
    with pytest.raises(DataError, match=r"t\.arff: a damaged file of ARFF"):
        read(tmp_path, "t.arff", "\n".join(lines).encode())


def test_labels_of_some_numbers_of_stata_leave_the_others_numbers(tmp_path):
    file = io.BytesIO()
    frame = pd.DataFrame({"age": [23, 99, 31, 40], "y": ["a", "b", "a", "b"]})
    frame.to_stata(file, write_index=False, value_labels={"age": {99: "not said"}})
    cells = {"age": {"missing": ["not said"]}}
    data = read(tmp_path, "t.dta", file.getvalue(), cells=cells)
    np.testing.assert_array_equal(data.x[:, 0], [23, np.nan, 31, 40])
    with pytest.raises(DataError, match="found 'not said'"):
        read(tmp_path, "t.dta", file.getvalue())


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_file_is_refused_in_one_message(name, damage, tmp_path):
    whole, generator = FILES[name], np.random.default_rng(5)
    for _ in range(20):
        content = bytearray(whole)
        if damage == "cut":
            content = content[: generator.integers(1, len(content))]
        for place in generator.integers(0, len(content), 5 if damage == "changed" else 0):
            content[place] ^= int(generator.integers(1, 256))
        try:
            read(tmp_path, name, bytes(content))
        except DataError as error:
            message = str(error)
        else:
            continue  # a changed byte may be one of a text
        assert message.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['{"a": 1', '{"a": 2}'], "line 1: not JSON"),
        (['{"a": 1, "a": 2}'], "line 1: not JSON: a key is there twice"),
        (['{"a": 1}', "[1]"], "line 2: found no object; use an object in each line"),
        (['{"a": [1]}'], "line 1: 'a' is not plain; use an object in each line"),
        (['{"a": "\\ud800"}'], "line 1: not JSON"),
        (['{"a": ' + "[" * 100_000], "line 1: not JSON"),
        (['{"a": Infinity, "y": "a"}', '{"a": 1, "y": "b"}'], r"row 1 \(line 1\), column 'a'"),
    ],
)  # fmt: skip
def test_lines_that_are_no_flat_objects_are_refused_with_their_number(lines, says, tmp_path):
    with pytest.raises(DataError, match=says):
        read(tmp_path, "t.jsonl", "\n".join(lines).encode())


def test_objects_without_a_key_in_common_are_too_large(tmp_path):
    lines = "\n".join(json.dumps({f"k{n}": n}) for n in range(2000))
    with pytest.raises(DataError, match="use at most 100 cells"):
        read(tmp_path, "t.jsonl", lines.encode(), most_cells=100)


CELLS = "".join(
    "<table:table-row>"
    + "".join(
        f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        if isinstance(cell, float)
        else '<table:table-cell office:value-type="string">'
        f"<text:p>{cell}</text:p></table:table-cell>"
        for cell in row
    )
    + "</table:table-row>"
    for row in [
        ("size", "place", "y"),
        (1.5, "Bonn", "a"),
        (3.0, "K\xf6ln", "b"),
        (2.0, "Bonn", "a"),
    ]
)
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
SHEET = '<table:table table:name="{}">' + CELLS + "</table:table>"


def open_document(*sheets):
    """Return an OpenDocument spreadsheet whose sheets have the same cells."""
    body = "".join(SHEET.format(name) for name in sheets)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as own:
        own.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        own.writestr(
            "META-INF/manifest.xml",
            '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        own.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


def test_the_only_or_named_sheet_of_an_open_document_is_read_as_its_csv(tmp_path):
    data = read(tmp_path, "t.ods", open_document("one"))
    assert data.x.tolist() == [[1.5, 0], [3, 1], [2, 0]]
    assert data.categories == {"place": ("Bonn", "K\xf6ln")}
    with pytest.raises(DataError, match="found the sheets 'one', 'two'; name the one to use"):
        read(tmp_path, "t.ods", open_document("one", "two"))
    assert len(read(tmp_path, "t.ods", open_document("one", "two"), sheet="two").y) == 3


def test_r_has_factors_numbers_and_no_values(tmp_path):
    frame = pd.DataFrame({
        "n": pd.array([1, None, 3, 4], dtype="Int32"), "x": [0.5, np.nan, 2, 3],
        "sex": pd.Categorical([*"mffm"]), "y": pd.array([*"abab"], dtype="string[python]"),
    })  # fmt: skip
    rdata.write_rds(tmp_path / "t.rds", frame)
    content = gzip.decompress((tmp_path / "t.rds").read_bytes())
    codes = struct.pack(">4i", 2, 1, 1, 2)
    assert content.count(codes) == 1
    content = content.replace(codes, struct.pack(">4i", 2, -(2**31), 1, 2))  # as R writes NA
    for name, own in {"t.rds": content, "t.rds.gz": gzip.compress(content)}.items():
        data = read(tmp_path, name, own)
        expected = [[1, 0.5, 1], [np.nan, np.nan, np.nan], [3, 2, 0], [4, 3, 1]]
        np.testing.assert_array_equal(data.x, expected)
        assert data.categories == {"sex": ("f", "m")}
    rdata.write_rda(tmp_path / "t.rda", {"one": frame, "two": frame})
    with pytest.raises(DataError, match="a damaged file of R: it has 2 data frames; save one"):
        read(tmp_path, "t.rda", (tmp_path / "t.rda").read_bytes())


@pytest.mark.parametrize(
    ("content", "kind", "module"),
    [
        (gzip.compress(b"X\n\0\0\0\3\0\4", mtime=0), "file of R", "rdata"),
        (open_document("one"), "OpenDocument spreadsheet", "python_calamine"),
    ],
)
def test_a_missing_package_is_named_with_the_line_that_installs_it(
    content, kind, module, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setattr("backprop.errors.lacking", lambda *extras: ["the-package"])
    with pytest.raises(DataError) as caught:
        read(tmp_path, "t", content)
    first, second = str(caught.value).split("\n")
    assert first == (
        f"t: found a {kind}: found no package {module}; install what is missing by this line:"
    )
    assert " -m pip install " in second


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"$FL2@(#) SPSS DATA FILE", "file of SPSS"),
        (b"FEA1....", "Feather file of version 1"),
    ],
)
def test_files_that_nothing_reads_are_refused_with_what_to_save(content, kind, tmp_path):
    with pytest.raises(DataError, match=rf"^t: found a {kind}; save it as CSV \(UTF-8\)$"):
        read(tmp_path, "t", content)


def test_they_have_no_header_to_name(tmp_path):
    with pytest.raises(DataError, match="found a file of Stata, which has no header; leave"):
        read(tmp_path, "t.dta", FILES["t.dta"], header=2)

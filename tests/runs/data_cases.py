"""Tables and entries of the config that cannot be used, and what is said of each.

All faults of a table are in `tests/data`; here is one for each message, and for each remedy.
"""

import copy
import io
import zipfile

import openpyxl
from project import SMALL

GOOD = "a,b,y\n1,5,0\n2,6,1\n3,7,0\n4,9,1\n"


def archive(**files):
    """Return a zip archive of text files; `_` in a name becomes a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in files.items():
            zipped.writestr(name.replace("_", "."), text)
    return content.getvalue()


def empty_workbook():
    """Return an Excel workbook of an empty sheet."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "penguins"
    book.save(content)
    return content.getvalue()


X, Y = "1 5\n2 6\n3 7\n4 9\n", "0\n1\n0\n1\n"

# The case, the file, and what the message must say: the place, the value, what to use instead.
DATA = {
    "an empty file": ("", "the file is empty"),
    "no class": (GOOD.replace("6,1", "6,"),
     "row 2 (line 3), column 'y': found no value; use a class in each row, or `without_class: "),
    "two spellings of a class": ("a,b,y\n1,5,no\n2,6,yes\n3,7,No\n4,9,yes\n",
     "column 'y': found 'No' and 'no', which differ only in case; use one spelling, or `join_"),
    "a word": (GOOD.replace("1,5", "1,five"),
     "row 1 (line 2), column 'b': found 'five'; use a finite number, such as -0.5 or 1e3"),
    "a hexadecimal number": (GOOD.replace("1,5", "0x1F,5"), "column 'a': found '0x1F'; use "),
    "a thousand columns": (",".join(["a", "b", *(f"c{n}" for n in range(1000))]) + "\n",
     "found no column 'y', only 'a', 'b', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', "
     "'c9', 'c10', 'c11', 'c12', 'c13', 'c14', 'c15', 'c16', 'c17', ... (1002 in all)"),
    "an open quote": ('a,b,y\n1,"5,0\n', "line 2 is not CSV: unexpected end of data"),
    "half an archive": (archive(x_dat=X, y_dat=Y)[:-30], "a damaged or incomplete zip archive"),
    "two decimal signs": ("a;b;y\n1,5;5;0\n2.500;6;1\n",
     "found '2.500' in column 'a', where the point may be a decimal sign or one between "
     "thousands, and '1,5' in column 'a'; use one decimal sign"),
}  # fmt: skip


SPECIES = "id,mass,island,species\n" + "".join(
    f"{n},{n % 7}.5,{'ABC'[n % 3]},{'Adelie' if n % 5 else 'Gentoo' if n % 2 else 'Chinstrap'}\n"
    for n in (5, 3, 1, 2, 4, 6, 10, 15, 20, 25, 30, 7, 8, 9, 11, 12, 13, 14)
)
ENTRIES = {
    "no label": ({"label": None},
     "datasets.mine.label: missing; it is the column with the class, and only bundled, xor, "),
    "the name of a data set, almost": ({"source": "iriss"},
     "iriss: No such file or directory; use one of bundled, xor, iris, wine, "
     "breast_cancer, digits, a URL or a file; did you mean iris?"),
    "too few groups": ({"groups": "id", "features": ["mass"], "folds": 4},
     "datasets.mine: validation.folds: found 4; use 2 to 3, the number of groups of the "
     "smallest class, 'Chinstrap': every fold tests every class"),
    "inner folds that are too many": ({"table": "mass,island,species\n" + "1,A,a\n2,B,b\n" * 6,
     "inner_folds": 9},
     "datasets.mine: validation.inner_folds, in a training set: found 9; use 2 to 3, the"),
    "groups that cannot be divided": ({
     "table": "mass,g,species\n1,u,a\n2,u,b\n3,u,c\n4,v,a\n5,v,b\n" "6,w,a\n7,w,c\n8,x,b\n9,x,c\n",
     "features": ["mass"], "groups": "g", "folds": 3},
     "as the rows of a group stay together; use fewer folds, or another seed"),
    "blocks without a class": ({
     "table": "t,mass,species\n" + "".join(f"{n},{n % 3},{n // 4 % 2}\n" for n in range(16)),
     "features": None, "order": "t", "folds": 4},
     "datasets.mine: validation.folds: found 4, with no row of the class '1' before fold 1 o"),
    "the class as an excluded column": ({"exclude": ["id", "species"], "features": None},
     "label and exclude: found 'species' twice; use each column name once"),
    "a mark for a missing class": ({"missing_values": ["Chinstrap"]},
     "column 'species': found 'Chinstrap', which counts as missing (and in 2 more rows); use a"),
    "an empty sheet": ({"table": empty_workbook()}, "data.csv: sheet 'penguins' is empty"),
    "a workbook with macros": ({"table": archive(**{"xl/vbaProject_bin": ""})},
     "found an Excel workbook with macros; save it as .xlsx, without macros and without a pas"),
    "a binary workbook": ({"table": archive(**{"xl/workbook_bin": ""})},
     "found a binary Excel workbook (.xlsb); save it as .xlsx, without macros and without a"),
    "an old workbook": ({"table": bytes.fromhex("d0cf11e0a1b11ae1")},
     "found an Excel workbook that is old (.xls) or has a password; save it as .xlsx wit"),
    "a workbook that unpacks to too much": (
     {"table": archive(**{"xl/media_xml": b"\0" * 300_000_001})},
     "data.csv: the workbook unpacks to 300 MB; use at most 300 MB, such as a sheet saved"),
    "other data than the digest says": ({"sha256": "0" * 64},
     "the data are not the expected ones: found SHA-256 "),
    "known results of three classes": ({"known_answers": "resources/ex4-known-answers.yaml"},
     "datasets.mine.known_answers: found resources/ex4-known-answers.yaml; leave it "
     "out: it is for two classes and features that are numbers without missing values"),
    "a positive class of three": ({"positive": "Adelie"},
     "column 'species': found the classes 'Adelie', 'Chinstrap', 'Gentoo' and `positive: "
     "Adelie`; leave it out: it is for two classes"),
}  # fmt: skip


def write_bytes(file, content):
    """Write a text or bytes, and return the file."""
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def config_for(file):
    """Return a config whose only data set is a file with the columns of `GOOD`."""
    entry = {"source": str(file), "features": ["a", "b"], "label": "y"}
    return copy.deepcopy(SMALL) | {"datasets": {"mine": entry}}


def entry_config(folder, changes):
    """Return a config whose only data set is `SPECIES` with some keys changed, or left out."""
    file = write_bytes(folder / "data.csv", changes.get("table", SPECIES))
    entry = {"source": str(file), "features": ["mass", "island"], "label": "species", **changes}
    entry.pop("table", None)
    config = copy.deepcopy(SMALL)
    config["validation"]["folds"] = entry.pop("folds", 2)
    config["validation"]["inner_folds"] = entry.pop("inner_folds", None)
    config["datasets"] = {"mine": {key: v for key, v in entry.items() if v is not None}}
    return config

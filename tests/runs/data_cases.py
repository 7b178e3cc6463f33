"""Tables and entries of the config that cannot be used, and what is said of each."""

import copy
import io
import zipfile

import openpyxl
import pyarrow
import pyarrow.parquet
from project import SMALL

GOOD = "a,b,y\n1,5,0\n2,6,1\n3,7,0\n4,9,1\n"


def archive(**files):
    """Return a zip archive of text files; `_` in a name becomes a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in files.items():
            zipped.writestr(name.replace("_", "."), text)
    return content.getvalue()


def workbook(rows=0, **sheets):
    """Return an Excel workbook of some rows for each sheet; perhaps with one far below."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in sheets.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
        if rows:
            sheet._current_row = rows - 1
            sheet.append(["below"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def dated():
    """Return a Parquet file with a column of times."""
    content = io.BytesIO()
    times = pyarrow.array([1, 2, 3], pyarrow.timestamp("ms"))
    columns = {"when": times, "species": ["a", "b", "a"]}
    pyarrow.parquet.write_table(pyarrow.table(columns), content)
    return content.getvalue()


X, Y = "1 5\n2 6\n3 7\n4 9\n", "0\n1\n0\n1\n"

# The case, the file, and what the message must say: the place, the value, what to use instead.
DATA = {
    "an empty file": ("", "the file is empty"),
    "only blanks": (" \n\n ", "the file is empty"),
    "only a header": ("a,b,y\n", "found no data rows; use rows of two classes or more"),
    "no value": (
        GOOD.replace("2,6", "2,"),
        "row 2 (line 3), column 'b': found no value; use a value in each row, or `missing: "
        "impute` in the config",
    ),
    "no class": (
        GOOD.replace("6,1", "6,"),
        "row 2 (line 3), column 'y': found no value; use a class in each row, or `without_class: ",
    ),
    "two spellings of a class": (
        "a,b,y\n1,5,no\n2,6,yes\n3,7,No\n4,9,yes\n",
        "column 'y': found 'No' and 'no', which differ only in case; use one spelling, or `join_",
    ),
    "a word": (
        GOOD.replace("1,5", "1,five"),
        "row 1 (line 2), column 'b': found 'five'; use a finite number, such as -0.5 or 1e3",
    ),
    "a number with a unit": (GOOD.replace("1,5", "1,5kg"), "column 'b': found '5kg'; use "),
    "minus infinity": (GOOD.replace("1,5", "-Infinity,5"), "column 'a': found '-Infinity'; use"),
    "too large a number": (GOOD.replace("1,5", "1e999,5"), "column 'a': found '1e999'; use "),
    "a number as Python writes it": (GOOD.replace("1,5", "1_0,5"), "column 'a': found '1_0'; use"),
    "a hexadecimal number": (GOOD.replace("1,5", "0x1F,5"), "column 'a': found '0x1F'; use "),
    "decimal commas": (GOOD.replace("1,5", "1,5,5"), "row 1 (line 2): found 4 cells; use "),
    "a thousand columns": (
        ",".join(["a", "b", *(f"c{n}" for n in range(1000))]) + "\n",
        "found no column 'y', only 'a', 'b', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', "
        "'c9', 'c10', 'c11', 'c12', 'c13', 'c14', 'c15', 'c16', 'c17', ... (1002 in all)",
    ),
    "no column of classes": ("a,b\n1,5\n2,6\n", "found no column 'y', only 'a', 'b'"),
    "a name twice": (
        "a,a,b,y\n1,1,5,0\n2,2,6,1\n",
        "header: found 'a' twice; use each column name once",
    ),
    "only one class": (
        GOOD.replace(",1\n", ",0\n"),
        "column 'y': found only the class '0'; use rows of two classes or more",
    ),
    "Latin-1": (
        "a,b,y\n1,5,0\n2,6,1 \xe9\n".encode("latin-1"),
        "line 3: found the byte 0xe9; use text in UTF-8: save the file as CSV in UTF-8",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "line 1: found the byte 0xff; use text in UTF-8"),
    "an open quote": ('a,b,y\n1,"5,0\n', "line 2 is not CSV: unexpected end of data"),
    "a page of a web server": (
        "<!DOCTYPE html>\n<html>Not found</html>\n",
        "found no columns 'a', 'b', 'y', only '<!DOCTYPE html>'",
    ),
    "half an archive": (archive(x_dat=X, y_dat=Y)[:-30], "a damaged or incomplete zip archive"),
    "an archive of two tables": (
        archive(x_dat=X, otherx_dat=X, y_dat=Y),
        "found 2 files *x.dat in the archive; use one, or only one table; it holds 'x.dat'",
    ),
    "an archive with a row too few": (
        archive(x_dat=X, y_dat="0\n1\n0\n"),
        "found 4 rows in *x.dat and 3 rows in *y.dat; use the same number",
    ),
    "an archive with a column too many": (
        archive(x_dat="1 5\n2 6 9\n3 7\n", y_dat="0\n1\n1\n"),
        "row 2 (line 2 of x.dat): found 3 cells; use 2",
    ),
    "an archive with NaN": (
        archive(x_dat="1 5\nnan 6\n3 7\n", y_dat="0\n1\n0\n"),
        "row 2 (line 2 of x.dat), column 'a': found 'nan', which counts as missing; use ",
    ),
    "a number to predict": (
        "a,b,y\n" + "".join(f"{n},{n},{n / 7}\n" for n in range(200)),
        "column 'y': found 200 different values, such as '0'; use at most 100 classes",
    ),
    "the name of each row": (
        "a,b,y\n" + "".join(f"{n},name {n},{n % 2}\n" for n in range(30)),
        "column 'b': found 30 different texts in 30 rows, such as 'name 0'; use categories",
    ),
    "texts that look the same": (
        "a,b,y\n1,\u00e9,0\n2,e\u0301,1\n3,u,0\n",
        "which look the same (U+0065 U+0301 and U+00E9); use one spelling",
    ),
    "dates": (
        "a,b,y\n" + "".join(f"{n},{n:02d}.01.2024,{n % 2}\n" for n in range(1, 9)),
        "row 1 (line 2), column 'b': found '01.01.2024' or the like (and in 7 more rows); use "
        "numbers, such as -0.5 or 1e3: leave a date out of `features`; begin a code with a",
    ),
    "two decimal signs": (
        "a;b;y\n1,5;5;0\n2.500;6;1\n",
        "found '2.500' in column 'a', where the point may be a decimal sign or one between "
        "thousands, and '1,5' in column 'a'; use one decimal sign",
    ),
}


SPECIES = "id,mass,island,species\n" + "".join(
    f"{n},{n % 7}.5,{'ABC'[n % 3]},{'Adelie' if n % 5 else 'Gentoo' if n % 2 else 'Chinstrap'}\n"
    for n in (5, 3, 1, 2, 4, 6, 10, 15, 20, 25, 30, 7, 8, 9, 11, 12, 13, 14)
)
ENTRIES = {
    "no label": (
        {"label": None},
        "datasets.mine.label: missing; it is the column with the class, and only bundled, xor, ",
    ),
    "the name of a data set, almost": (
        {"source": "iriss"},
        "iriss: iriss: No such file or directory; use one of bundled, xor, iris, wine, "
        "breast_cancer, digits, a URL or a file; did you mean iris?",
    ),
    "the class as a feature": (
        {"features": ["mass", "species"]},
        "features and label: found 'species' twice; use each column name once",
    ),
    "a feature for groups": (
        {"groups": "island"},
        "features, label and groups: found 'island' twice; use each column name once",
    ),
    "too few groups": (
        {"groups": "id", "features": ["mass"], "folds": 4},
        "datasets.mine: validation.folds: found 4; use 2 to 3, the number of groups of the "
        "smallest class, 'Chinstrap': every fold tests every class",
    ),
    "a class of too few rows": (
        {"folds": 5},
        "datasets.mine: validation.folds: found 5; use 2 to 3, the number of rows of the "
        "smallest class, 'Chinstrap': every fold tests every class",
    ),
    "inner folds that are too many": (
        {
            "table": "mass,island,species\n" + "1,A,a\n2,B,b\n" * 6,
            "inner_folds": 9,
        },
        "datasets.mine: validation.inner_folds, in a training set: found 9; use 2 to 3, the",
    ),
    "a class of one row": (
        {"table": "mass,island,species\n1,A,a\n2,B,a\n3,A,b\n"},
        "datasets.mine: validation.folds: found the class 'b' in only one row; use 2 ro",
    ),
    "groups that cannot be divided": (
        {
            "table": "mass,g,species\n1,u,a\n2,u,b\n3,u,c\n4,v,a\n5,v,b\n"
            "6,w,a\n7,w,c\n8,x,b\n9,x,c\n",
            "features": ["mass"],
            "groups": "g",
            "folds": 3,
        },
        "as the rows of a group stay together; use fewer folds, or another seed",
    ),
    "blocks without a class": (
        {
            "table": "t,mass,species\n" + "".join(f"{n},{n % 3},{n // 4 % 2}\n" for n in range(16)),
            "features": None,
            "order": "t",
            "folds": 4,
        },
        "datasets.mine: validation.folds: found 4, with no row of the class '1' in fold 1 of repe",
    ),
    "an excluded column with another name": (
        {"exclude": ["id", "iland"], "features": None},
        "found no column 'iland', only 'id', 'mass', 'island', 'species'; did you mean 'island'?",
    ),
    "the class as an excluded column": (
        {"exclude": ["id", "species"], "features": None},
        "label and exclude: found 'species' twice; use each column name once",
    ),
    "a mark for a missing class": (
        {"missing_values": ["Chinstrap"]},
        "column 'species': found 'Chinstrap', which counts as missing (and in 2 more rows); use a",
    ),
    "a sheet of a text file": (
        {"sheet": "penguins"},
        "data.csv: found no Excel workbook; leave `sheet` out",
    ),
    "two sheets": (
        {"table": workbook(penguins=[["id"]], notes=[["y"]])},
        "found 2 sheets in the workbook, 'penguins', 'notes'; name the one to use: `sheet` in "
        "the config, SHEET= for make",
    ),
    "an empty sheet": (
        {"table": workbook(penguins=[[]])},
        "data.csv: sheet 'penguins' is empty",
    ),
    "a workbook with macros": (
        {"table": archive(**{"xl/vbaProject_bin": ""})},
        "found an Excel workbook with macros; save it as .xlsx, without macros and without a pas",
    ),
    "a binary workbook": (
        {"table": archive(**{"xl/workbook_bin": ""})},
        "found a binary Excel workbook (.xlsb); save it as .xlsx, without macros and without a",
    ),
    "an old workbook": (
        {"table": bytes.fromhex("d0cf11e0a1b11ae1")},
        "found an Excel workbook that is old (.xls) or has a password; save it as .xlsx wit",
    ),
    "a damaged workbook": (
        {"table": archive(**{"xl/workbook_xml": "<workbook/>"})},
        "a damaged Excel workbook: ",
    ),
    "a workbook that unpacks to too much": (
        {"table": archive(**{"xl/media_xml": b"\0" * 300_000_001})},
        "data.csv: the workbook unpacks to 300 MB; use at most 300 MB, such as a sheet saved",
    ),
    "a workbook with too many cells": (
        {"table": archive(**{"xl/worksheets_xml": "<c/>" * 6_000_001})},
        "the workbook is too large or too complex: use at most 1,500,000 cells, or a sheet saved",
    ),
    "a sheet with too many rows": (
        {"table": workbook(penguins=[["id"]], rows=2**20 + 1)},
        "found more than 1,048,576 rows or 30,000,000 cells in the sheet; use no more",
    ),
    "only a label": (
        {"features": None, "table": "species\na\nb\n"},
        "found no column but the label; use one feature or more",
    ),
    "several files": (
        {"features": None, "table": archive(a_csv=GOOD, b_csv=GOOD)},
        "found 2 files in the archive, 'a.csv', 'b.csv'; use one table; or one file *x.dat",
    ),
    "a date": (
        {"features": ["when"], "table": dated()},
        "column 'when': found the type timestamp[ms]; use numbers, texts, categories or",
    ),
    "a directory": (
        {"source": "docs"},
        "docs: docs: Is a directory; use one of bundled",
    ),
    "other data than the digest says": (
        {"sha256": "0" * 64},
        "the data are not the expected ones: found SHA-256 ",
    ),
    "known results of three classes": (
        {"known_answers": "resources/ex4-known-answers.yaml"},
        "datasets.mine.known_answers: found resources/ex4-known-answers.yaml; leave it "
        "out: it is for two classes and features that are numbers without missing values",
    ),
    "another remedy for missing values": (
        {"missing": "drop"},
        'datasets.mine.missing: found "drop"; use one of refuse, impute',
    ),
    "another use of equal rows": (
        {"duplicates": "remove"},
        'datasets.mine.duplicates: found "remove"; use one of keep, together',
    ),
    "a list for a row": ({"row": ["a"]}, 'datasets.mine.row: found ["a"]; use a text, of'),
    "a list for the positive class": (
        {"positive": ["a"]},
        'datasets.mine.positive: found ["a"]; use a text or a number or true or false',
    ),
    "a mark that YAML reads as a boolean": (
        {"missing_values": [False]},
        "datasets.mine.missing_values, item 1: found false; use a text or a number, not empty",
    ),
    "one mark without a list": (
        {"missing_values": "k.A."},
        'datasets.mine.missing_values: found "k.A."; use a list (what counts as missing',
    ),
    "one excluded column without a list": (
        {"exclude": "id", "features": None},
        'datasets.mine.exclude: found "id"; use a list (the columns that are no features',
    ),
    "a number for a sheet": ({"sheet": 1}, "datasets.mine.sheet: found 1; use a text, not empty"),
    "a key that is almost known": (
        {"positiv": 1},
        "datasets.mine.positiv: unknown key (did you mean positive?); use one of source, features",
    ),
    "a row without a group": (
        {"table": "mass,g,species\n1,u,a\n2,,b\n3,v,a\n", "features": None, "groups": "g"},
        "row 2 (line 3), column 'g': found no value; use a group in each row",
    ),
    "a positive class of three": (
        {"positive": "Adelie"},
        "column 'species': found the classes 'Adelie', 'Chinstrap', 'Gentoo' and `positive: "
        "Adelie`; leave it out: it is for two classes",
    ),
}


def entry_config(folder, changes):
    """Return a config whose only data set is `SPECIES` with some keys changed, or left out."""
    file = folder / "data.csv"
    table = changes.get("table", SPECIES)
    file.write_bytes(table if isinstance(table, bytes) else table.encode())
    entry = {"source": str(file), "features": ["mass", "island"], "label": "species", **changes}
    entry.pop("table", None)
    config = copy.deepcopy(SMALL)
    config["validation"]["folds"] = entry.pop("folds", 2)
    config["validation"]["inner_folds"] = entry.pop("inner_folds", None)
    config["datasets"] = {"mine": {key: v for key, v in entry.items() if v is not None}}
    return config

"""What the cells of a table mean, and what is said of those that cannot be used."""

import bz2
import dataclasses
import datetime as dt
import gzip
import io
import lzma
import tracemalloc
import zipfile
from types import SimpleNamespace

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from steps import steps

from backprop.data import file_columns, file_tables, text_columns
from backprop.data.canonical_form import (
    as_parquet,
    canonical,
    digest_of_data,
    files_of,
    read_dataset,
)
from backprop.data.dataset import DataError
from backprop.data.sources import notes, obtain


def read(folder, content, **options):
    """Return the data set of a file with this content."""
    (folder / "d").write_bytes(content if isinstance(content, bytes) else content.encode())
    return obtain("d", file=folder / "d", **{"label": "y", **options})


def refusal(folder, content, **options):
    """Return the message that refuses a file, without the name of the file."""
    with pytest.raises(DataError) as caught:
        read(folder, content, **options)
    assert str(caught.value).startswith("d: ")
    return str(caught.value).removeprefix("d: ")


TWO_CLASSES = "a,y\n1,no\n2,yes\n"
IN_GROUPS = "p,a,y\n1,1,0\n2,2,1\n"
OF_TREES = "mass,age,sex,y\n1,5,u,0\n2,6,v,1\n"
REFUSED = {
    "a positive class in other letters": (TWO_CLASSES, {"positive": "Yes"},
     "column 'y': found the classes 'no', 'yes' and `positive: Yes`; use one of them"),
    "a positive class of three": (f"{TWO_CLASSES}3,m\n", {"positive": "yes"},
     "column 'y': found the classes 'm', 'no', 'yes' and `positive: yes`; leave it out: it is for "
     "two classes"),
    "a missing class, with features that are imputed": ("a,y\n1,0\n2,NA\n3,1\n",
     {"missing": "impute"},
     "row 2 (line 3), column 'y': found 'NA', which counts as missing; use a class"),
    "a row without a group": ("p,a,y\n1,1,0\n,2,1\n", {"groups": "p"},
     "row 2 (line 3), column 'p': found no value; use a group"),
    "one group": ("p,a,y\n1,1,0\n1,2,1\n", {"groups": "p"},
     "column 'p': found '1' in every row; leave `groups` out"),
    "no column of groups": ("q,a,y\n1,1,0\n1,2,1\n", {"groups": "p", "features": ["a"]},
     "found no column 'p', only 'q', 'a', 'y'"),
    "groups that are a feature": (IN_GROUPS, {"groups": "p", "features": ["a", "p"]},
     "features, label and groups: found 'p' twice; use each column name once"),
    "two columns of groups, of which one is no column": (IN_GROUPS, {"groups": ["p", "q"]},
     "found no column 'q', only 'p', 'a', 'y'"),
    "two columns of groups, of which one has one value": ("p,c,a,y\n1,u,1,0\n2,u,2,1\n",
     {"groups": ["p", "c"]}, "column 'c': found 'u' in every row; leave it out of `groups`"),
    "a column of groups that is a feature": (IN_GROUPS, {"groups": ["p", "a"], "features": ["a"]},
     "features, label and groups: found 'a' twice; use each column name once"),
    "groups that are the label": (IN_GROUPS, {"groups": "y"},
     "label and groups: found 'y' twice; use each column name once"),
    "an order that is the label": (IN_GROUPS, {"order": "y"},
     "label and order: found 'y' twice; use each column name once"),
    "an order that is the label, with features": (IN_GROUPS, {"order": "y", "features": ["a"]},
     "label and order: found 'y' twice; use each column name once"),
    "no column of the order": (IN_GROUPS, {"order": "u"},
     "found no column 'u', only 'p', 'a', 'y'"),
    "only a label": ("y\n0\n1\n", {}, "found no column but the label"),
    "unknown features": (OF_TREES, {"features": ["Mass", "age", "Sex", "weight"]},
     "found no columns 'Mass', 'Sex', 'weight', only 'mass', 'age', 'sex', 'y'; did you mean "
     "'mass', 'sex'?"),
    "unknown columns to exclude": (OF_TREES, {"exclude": ["mas", "agee"]},
     "found no columns 'mas', 'agee', only 'mass', 'age', 'sex', 'y'; did you mean 'mass', 'age'"),
    "an unknown label": (OF_TREES, {"label": "ages"},
     "found no column 'ages', only 'mass', 'age', 'sex', 'y'; did you mean 'age'?"),
    "other signs between cells": ("a|y\n1|0\n2|1\n", {},
     "found no column 'y', only 'a|y'; use commas, semicolons or tabs between"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_cannot_be_used_is_refused_with_what_to_use(case, tmp_path):
    table, options, says = REFUSED[case]
    assert refusal(tmp_path, table, **options).startswith(says)


# The classes


@pytest.mark.parametrize(
    ("labels", "classes", "y"),
    [
        ("1 2 1 2", ("1", "2"), [0, 1, 0, 1]),
        ("1 -1 1 -1", ("-1", "1"), [1, 0, 1, 0]),
        ("10 9 1e1 +9.0", ("9", "10"), [1, 0, 1, 0]),
        ("0.5 0.25 .50 0.75", ("0.25", "0.5", "0.75"), [1, 0, 1, 2]),
        ("b a c a", ("a", "b", "c"), [1, 0, 2, 0]),
        ("True FALSE true False", ("False", "True"), [1, 0, 1, 0]),
        ("yes no yes no", ("no", "yes"), [1, 0, 1, 0]),
        ("10 9 a 1e1", ("10", "1e1", "9", "a"), [0, 2, 3, 1]),
        ("1 0.99999999999999999999 1 1", ("0.99999999999999999999", "1"), [1, 0, 1, 1]),
        ("1e30 0 -0 0", ("0", "1E+30"), [1, 0, 0, 0]),
        ("0 1e-400 0 0", ("0", "1E-400"), [0, 1, 0, 0]),
    ],
)
def test_classes_are_in_the_order_of_their_values_or_of_the_alphabet(labels, classes, y, tmp_path):
    rows = [f"{n},{label}\n" for n, label in enumerate(labels.split())]
    dataset = read(tmp_path, "".join(["a,y\n", *rows]))
    assert dataset.classes == classes
    assert dataset.y.tolist() == y


@pytest.mark.parametrize(
    ("labels", "positive", "classes"),
    [
        ("a b", "a", ("b", "a")), ("a b", "b", ("a", "b")), ("1 2", 1, ("2", "1")),
        ("1.0 2", 1, ("2", "1")), ("1 2", "1.0", ("2", "1")), ("0 1", 0.0, ("1", "0")),
        ("True False", False, ("True", "False")), ("TRUE FALSE", "false", ("True", "False")),
    ],
)  # fmt: skip
def test_the_positive_class_is_the_last_of_two(labels, positive, classes, tmp_path):
    first, second = labels.split()
    table = f"a,y\n1,{first}\n2,{second}\n"
    dataset = read(tmp_path, table, positive=positive)
    assert dataset.classes == classes
    assert dataset.classes[dataset.y[0]] in (first, first.capitalize(), first.removesuffix(".0"))
    assert canonical(dataset) == canonical(read(tmp_path, table))


def test_too_many_classes_are_no_classes(tmp_path):
    table = "a,y\n" + "".join(f"{n % 7},{n}\n" for n in range(101))
    says = "found 101 different values, such as '0'; use at most 100 classes; a number"
    assert says in refusal(tmp_path, table)
    assert len(read(tmp_path, table[: table.rindex("\n2,100")] + "\n").classes) == 100


# Features


def test_columns_are_numbers_or_categories(tmp_path):
    dataset = read(tmp_path, "n,t,b,y\n1,u,TRUE,0\n2.5,v,false,1\n-3,u,True,0\n")
    assert dataset.features == ("n", "t", "b")
    assert dataset.categories == {"t": ("u", "v"), "b": ("False", "True")}
    assert dataset.x.tolist() == [[1, 0, 1], [2.5, 1, 0], [-3, 0, 1]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_may_be_between_commas_semicolons_or_tabs(delimiter, end, tmp_path):
    rows = ['"a, b; c"', "d", "y"], ["1", '"x; \tz"', "0"], ["2", '"w, w"', "1"]
    dataset = read(tmp_path, "".join(delimiter.join(cells) + end for cells in rows))
    assert dataset.features == ("a, b; c", "d")
    assert dataset.categories == {"d": ("w, w", "x; \tz")}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_decimal_comma_is_understood(delimiter, tmp_path):
    table = "a;b;y\n1,5;-,5;0\n2;1,25e-3;1\n,25;3,;0\n".replace(";", delimiter)
    assert read(tmp_path, table).x.tolist() == [[1.5, -0.5], [2, 0.00125], [0.25, 3]]


SIGN = "may be a decimal sign or one between thousands"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("a;y\n1,5;0\n1.234;1\n", f"'1.234' in column 'a', where the point {SIGN}, and '1,5' in"),
        ("a;y\n1.5;0\n1,234;1\n", f"'1,234' in column 'a', where the comma {SIGN}, and '1.5' in"),
        ("a;y\n-12,345;0\n+1.234;1\n", f"'-12,345' in column 'a', where the comma {SIGN}, and"),
        # Another column says nothing: it may be from another program.
        ("a;b;y\n1,5;2.5;0\n2;1,234;1\n", f"'1,234' in column 'b', where the comma {SIGN}, and"),
    ],
)
def test_two_decimal_signs_are_refused_if_one_may_be_between_thousands(table, says, tmp_path):
    assert refusal(tmp_path, table).startswith(f"found {says}")


@pytest.mark.parametrize("clear", ["0,567", "1,25", "1234,567", ",567", "1,234e1"])
def test_two_decimal_signs_are_read_if_each_is_a_decimal_sign_for_sure(clear, tmp_path):
    data = read(tmp_path, f"a;b;y\n1,234;2.5;0\n{clear};3,5;1\n")
    assert data.x.tolist() == [[1.234, 2.5], [float(clear.replace(",", ".")), 3.5]]
    assert data.remarks == ("found '1,234' and '2.5': commas and points are read as decimal signs",)


def test_one_decimal_sign_needs_no_remark(tmp_path):
    assert read(tmp_path, "a;b;y\n1,234;2;0\n1,25;3.x;1\n", features=["a"]).remarks == ()


@pytest.mark.parametrize("cell", ["1,234", "1.234,5", "1 234", "1'234.5", "\u0661"])
def test_a_number_in_another_notation_is_no_category(cell, tmp_path):
    message = refusal(tmp_path, f'a,y\n"{cell}",0\nx,1\n"{cell}",0\n')
    assert message.splitlines()[1].startswith(
        f"  row 1 (line 2), column 'a': found {cell!r} (and in 1 more rows); use a finite"
    )


def test_a_wrong_cell_among_numbers_is_no_category_but_shown(tmp_path):
    table = "a,y\n1,0\n?,1\n3,0\n?,1\n5,0\nx,0\n"
    assert refusal(tmp_path, table).splitlines() == [
        "found 2 faults:",
        "  row 2 (line 3), column 'a': found '?' (and in 1 more rows); use a finite number, "
        "such as -0.5 or 1e3; empty a cell without a value",
        "  row 6 (line 7), column 'a': found 'x'; use a finite number, such as -0.5 or 1e3; "
        "empty a cell without a value",
    ]


def test_all_faults_of_a_table_are_in_one_message(tmp_path):
    table = "a,b,c,d,e,y\n1,u,7,,1,0\n2,v,7,,2,1\n,u,7,,inf,0\n4,V,7,,4,\n5,v,7,,5,1\n6,u,7,,6,1\n"
    lines = refusal(tmp_path, table, features=["a", "b", "c", "d", "e", "f"]).splitlines()
    starts = [
        "found 7 faults:",
        "  found no column 'f', only 'a', 'b', 'c', 'd', 'e', 'y'",
        "  row 3 (line 4), column 'a': found no value; use a value in each row",
        "  column 'b': found 'V' and 'v', which differ only in case; use one spelling",
        "  column 'c': found 7 in every row; leave it out of",
        "  column 'd': found no value in any row; leave it out",
        "  row 3 (line 4), column 'e': found 'inf'; use a finite number",
        "  row 4 (line 5), column 'y': found no value; use a class in each row",
    ]
    assert len(lines) == len(starts)
    assert [start for line, start in zip(lines, starts, strict=True) if start not in line] == []


def test_the_other_rows_are_checked_if_some_have_another_length(tmp_path):
    table = "a,b,y\n1,7,0\n2\nx,7,0\n3,7,0\n1,2,3,4\n5,7,0\n"
    assert [line[:48] for line in refusal(tmp_path, table).splitlines()] == [
        "found 3 faults:",
        "  row 2 (line 3): found 1 cells; use 3, one for ",
        "  row 5 (line 6): found 4 cells; use 3, one for ",
        "  row 3 (line 4), column 'a': found 'x'; use a f",
    ]


@pytest.mark.parametrize("cell", ["", " ", "NA", "NaN", "nan", "null", "NULL", "N/A", "None"])
def test_missing_values_are_refused_with_the_row_the_column_and_the_remedy(cell, tmp_path):
    for kind in ("1 2 3", "u v u"):
        first, second, third = kind.split()
        table = f"a,y\n{first},0\n{cell},1\n{second},0\n{third},1\n"
        shown = f"{cell.strip()!r}, which counts as missing" if cell.strip() else "no value"
        assert refusal(tmp_path, table) == (
            f"row 2 (line 3), column 'a': found {shown}; use a value in each row, or "
            "`missing: impute` in the config"
        )
        dataset = read(tmp_path, table, missing="impute")
        assert np.isnan(dataset.x[:, 0]).tolist() == [False, True, False, False]


def test_the_name_of_each_row_is_no_feature(tmp_path):
    names = "a,y\n" + "".join(f"name {n},{n % 2}\n" for n in range(41))
    assert refusal(tmp_path, names) == (
        "column 'a': found 41 different texts in 41 rows, such as 'name 0'; use "
        "categories, at most 1,000 and each in some rows, or leave it out of `features`"
    )
    twice = "a,y\n" + "".join(f"name {n // 2},{n % 2}\n" for n in range(82))
    assert len(read(tmp_path, twice).categories["a"]) == 41
    many = "a,y\n" + "".join(f"name {n // 2},{n % 2}\n" for n in range(2002))
    assert "found 1,001 different texts in 2,002 rows" in refusal(tmp_path, many)


def test_the_numbers_of_the_rows_are_no_feature_unless_they_are_named(tmp_path):
    table = "id,a,y\n" + "".join(f"{n + 5},{n % 3},{n % 2}\n" for n in range(20))
    says = "column 'id': found 5, 6, 7, ..., the numbers of the rows, which say nothing about other"
    assert refusal(tmp_path, table).startswith(says)
    assert read(tmp_path, table, features=["id", "a"]).features == ("id", "a")
    nameless = table.replace("id,", ",", 1)
    assert refusal(tmp_path, nameless) == (
        "column 1 of 3 has no name; name the columns to use in `features`"
    )
    assert read(tmp_path, nameless, features=["a"]).features == ("a",)


def test_rows_of_a_group_have_equal_cells_in_all_columns_of_groups(tmp_path):
    table = "centre,p,a,y\nu,1,1,0\nv,1,2,1\nu,2,3,0\nu,1,4,1\nv,1,5,0\n"
    dataset = read(tmp_path, table, groups=["centre", "p"])
    assert dataset.features == ("a",)
    assert dataset.groups.tolist() == [0, 1, 2, 0, 1]
    assert read(tmp_path, table, groups=["p", "centre"]).groups.tolist() == [0, 1, 2, 0, 1]
    one = read(tmp_path, table, groups=["p"], exclude=["centre"])
    assert one.groups.tolist() == read(tmp_path, table, groups="p").groups.tolist()


# The order


@pytest.mark.parametrize(
    ("cells", "places"),
    [
        (["10", "9", "-1e3", "9.0"], [2, 1, 0, 1]),  # as numbers, not as texts
        (["2024-01-31", "2023-12-31", "2024-02-01", "2024-01-31"], [1, 0, 2, 1]),
        (["2024-01-31 12:30", "2024-01-31", "2024-01-31T12:29:59", "2024-01-30"], [3, 1, 2, 0]),
        (["2024-01-31T12:00Z", "2024-01-31T12:30+01:00", "2024-01-31T13:00+01:00"], [1, 0, 1]),
    ],
)
def test_an_order_is_that_of_numbers_or_of_iso_dates_with_one_place_for_equal_values(
    cells, places, tmp_path
):
    table = "t,a,y\n" + "".join(f"{cell},{n},{n % 2}\n" for n, cell in enumerate(cells))
    dataset = read(tmp_path, table, order="t")
    assert dataset.order.tolist() == places
    assert dataset.features == ("a",)
    assert dataset.groups is None


def test_decimal_commas_put_rows_into_an_order(tmp_path):
    assert read(tmp_path, "t;a;y\n1,5;1;0\n1,25;2;1\n", order="t").order.tolist() == [1, 0]


def test_the_column_of_the_order_is_a_feature_only_if_it_is_named_as_one(tmp_path):
    table = "t,a,y\n" + "".join(f"{n},{n % 3},{n % 2}\n" for n in range(20))
    assert read(tmp_path, table, order="t").features == ("a",)  # although it counts the rows
    both = read(tmp_path, table, order="t", features=["t", "a"])
    assert both.features == ("t", "a")
    assert both.order.tolist() == both.x[:, 0].tolist() == [*range(20)]


IN_ORDER = "use a finite number, or a date such as 2024-01-31 or 2024-01-31 12:30"
NOT_ONE_KIND = "use only numbers, only dates, or only dates with a zone"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("1,,3", f"row 2 (line 3), column 't': found no value; {IN_ORDER}"),
        ("1,NA,3", f"row 2 (line 3), column 't': found 'NA', which counts as missing; {IN_ORDER}"),
        ("1,May,June", f"row 2 (line 3), column 't': found 'May' (and in 1 more rows); {IN_ORDER}"),
        ("31.01.2024,1,2", f"row 1 (line 2), column 't': found '31.01.2024'; {IN_ORDER}"),
        ("1,inf,2", f"row 2 (line 3), column 't': found 'inf'; {IN_ORDER}"),
        ("1,2024-01-31,2", f"column 't': found '2024-01-31' and '1'; {NOT_ONE_KIND}"),
        ("2024-01-31T12:00Z,2024-01-31,2024-02-01",
         f"column 't': found '2024-01-31' and '2024-01-31T12:00Z'; {NOT_ONE_KIND}"),
        ("5,5,5.0",
         "column 't': found '5' in every row; use a column that puts rows into an order, "
         "or leave `order` out"),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_used_is_refused(cells, says, tmp_path):
    cells = cells.split(",")
    table = "t,a,y\n" + "".join(f"{cell},{n},{n % 2}\n" for n, cell in enumerate(cells))
    assert refusal(tmp_path, table, order="t") == says


def test_times_in_a_parquet_file_are_an_order_and_no_feature(tmp_path):
    days = [dt.date(2024, 1, 31), dt.date(2023, 12, 31), dt.date(2024, 1, 31)]
    for kind in (pyarrow.timestamp("ns"), pyarrow.timestamp("s", "UTC"), pyarrow.date32()):
        times = pyarrow.array(days).cast(kind)
        content = parquet(t=times, a=[1.0, 2.0, 3.0], y=["u", "v", "v"])
        assert read(tmp_path, content, order="t").order.tolist() == [1, 0, 1]
        assert "column 't': found the type" in refusal(tmp_path, content)


# Files


TABLE = "a,t,y\n1,u,no\n2.5,v,yes\n-3,u,yes\n"


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, lzma.compress, lambda content: zipped(data_csv=content)],
    ids=["gzip", "bzip2", "xz", "zip"],
)
def test_a_compressed_table_is_the_same_table(pack, tmp_path):
    expected = read(tmp_path, TABLE)
    assert canonical(read(tmp_path, pack(TABLE.encode()))) == canonical(expected)
    assert "(line 3" in refusal(tmp_path, pack(TABLE.replace("2.5", "").encode()))


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_that_is_damaged_or_too_large_is_refused(pack, tmp_path, monkeypatch):
    says = "a damaged or incomplete compressed file"
    assert refusal(tmp_path, pack(TABLE.encode())[:-9]).startswith(says)
    monkeypatch.setattr(file_tables, "MAX_BYTES", 1_000_000)
    bomb = pack(b"0" * 1_000_001)
    assert refusal(tmp_path, bomb) == "unpacks to more than 1 MB, the largest size allowed"


def test_an_archive_of_several_tables_is_refused(tmp_path):
    content = zipped(a_csv=TABLE, b_csv=TABLE)
    says = "found 2 files in the archive, 'a.csv', 'b.csv'; use one table; or one file *x"
    assert refusal(tmp_path, content).startswith(says)
    says = "found 0 files *x.dat in the archive; use one, or only one table; it holds 'a.csv"
    assert refusal(tmp_path, content, features=["a"]).startswith(says)


def parquet(**columns):
    content = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), content)
    return content.getvalue()


def test_a_parquet_file_says_what_its_columns_are(tmp_path):
    content = parquet(
        n=pyarrow.array([1, None, 3], pyarrow.int32()),
        f=[0.1, float("nan"), 1e300],
        code=["1", "2", "NA"],
        kind=pyarrow.array(["b", "a", None]).dictionary_encode(),
        flag=[True, False, None],
        when=pyarrow.array([1, 2, 3], pyarrow.timestamp("s")),
        y=["0", "0", "1"],
    )
    features = ["n", "f", "code", "kind", "flag"]
    dataset = read(tmp_path, content, features=features, missing="impute")
    assert dataset.categories == {
        "code": ("1", "2", "NA"), "kind": ("a", "b"), "flag": ("False", "True"),
    }  # fmt: skip
    nan = np.nan
    np.testing.assert_array_equal(
        dataset.x, [[1, 0.1, 0, 1, 1], [nan, nan, 1, 0, 0], [3, 1e300, 2, nan, nan]]
    )
    assert refusal(tmp_path, content, features=["code", "flag"]) == (
        "row 3, column 'flag': found no value; use a value in each row, or `missing: "
        "impute` in the config"
    )
    says = "column 'when': found the type timestamp[ms]; use numbers, texts, categories"
    assert says in refusal(tmp_path, content, features=["when"])


def test_a_parquet_file_that_is_damaged_or_too_large_is_refused(tmp_path, monkeypatch):
    content = parquet(a=[1, 2], y=[0, 1])
    assert refusal(tmp_path, content[:-10]).startswith("a damaged Parquet file: ")
    says = (
        "found 2 rows or more of 2 columns that are used; use at most 3 cells: name fewer columns "
        "in `features`, or allow more by `most_cells: 4`, if each job may take 0.0 GB"
    )
    assert refusal(tmp_path, content, most_cells=3) == says


LARGE = "a,b,c,y\n1,0,5,0\n2,0,6,1\n3,0,7,0\n4,0,8,1\n"


@pytest.mark.parametrize("large", [True, False])
def test_the_columns_that_are_used_count_as_too_many_cells(tmp_path, monkeypatch, large):
    monkeypatch.setattr(file_columns, "LARGE_BYTES", 0 if large else 10**9)
    assert read(tmp_path, LARGE, most_cells=8, features=["a"]).x.shape == (4, 1)
    assert read(tmp_path, LARGE, most_cells=12, exclude=["b"]).x.shape == (4, 2)
    assert read(tmp_path, LARGE, most_cells=8, features=["a", "c"], rows=2).x.shape == (2, 2)
    says = (
        "rows or more of 3 columns that are used; use at most 11 cells: name fewer columns in "
        "`features`, draw 3 rows, by `rows: 3`, or allow more by `most_cells: 12`"
    )
    assert says in refusal(tmp_path, LARGE, most_cells=11, exclude=["b"])
    long = LARGE + "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n"
    assert "`most_cells: " in refusal(tmp_path, long, most_cells=11, features=["a"])


def test_a_message_about_a_column_is_short_even_if_its_name_is_not(tmp_path):
    name = "n" * 100_000
    faulty = ("x,0\n1,0\n2,1\n", "1,\n2,0\n3,1\n", "1,0\n1,1\n", "1,0\n2,0\n")
    for rows in faulty:
        message = refusal(tmp_path, f"{name},{name}y\n{rows}", features=[name], label=f"{name}y")
        assert "column 'nnn" in message
        assert len(message) < 400
    assert len(refusal(tmp_path, f"a,{name}\n1,0\n2,1\n", label=f"{name}y")) < 1000


def test_a_fault_of_most_rows_is_one_line_of_the_message(tmp_path):
    dates = "".join(f"{n:02d}.01.2024,{n % 2}\n" for n in range(1, 21))
    assert refusal(tmp_path, f"a,y\n{dates}") == (
        "row 1 (line 2), column 'a': found '01.01.2024' or the like (and in 19 more rows); use "
        "numbers, such as -0.5 or 1e3: leave a date out of `features`; begin a code with a "
        "letter"
    )
    unquoted = "".join(f"{n},5,{n % 2}\n" for n in range(20))
    assert refusal(tmp_path, f"a,y\n{unquoted}").splitlines()[0] == (
        "row 1 (line 2): found 3 cells (and in 19 more rows); use 2, one for each of 'a', 'y'"
    )


def test_a_positive_class_that_yaml_reads_as_a_boolean_is_asked_for_in_quotes(tmp_path):
    assert "write them in quotes" in refusal(tmp_path, TWO_CLASSES, positive=True)
    assert "quotes" not in refusal(tmp_path, TWO_CLASSES, positive="y")


def test_a_parquet_file_with_a_text_that_is_not_utf_8_is_damaged(tmp_path):
    texts = pyarrow.array([b"\xff", b"a"]).view(pyarrow.string())
    says = "a damaged Parquet file: 'utf-8' codec can't decode byte 0xff"
    assert refusal(tmp_path, parquet(a=texts, y=[0, 1])).startswith(says)


def test_a_column_of_a_parquet_file_that_cannot_be_used_is_not_read(tmp_path):
    number = 2_000_000
    long = pyarrow.ListArray.from_arrays([0, number, number], pyarrow.array(np.zeros(number)))
    content = parquet(a=[1, 2], long=long, y=[0, 1])
    before = pyarrow.default_memory_pool()
    pool = pyarrow.proxy_memory_pool(before)
    pyarrow.set_memory_pool(pool)
    try:
        dataset = read(tmp_path, content, features=["a"])
        says = "column 'long': found the type list<element: double>; use numbers"
        assert refusal(tmp_path, content).startswith(says)
        peak = pool.max_memory()
    finally:
        pyarrow.set_memory_pool(before)
    assert dataset.features == ("a",)
    assert peak < 8 * number


def test_a_long_text_in_each_row_of_a_parquet_file_takes_little_memory(tmp_path):
    texts = pyarrow.array(["x" * 2000, "z"] * 25_000)  # 50 MB, in a file of kilobytes
    content = parquet(a=texts, y=[0, 1] * 25_000)
    tracemalloc.start()
    try:
        dataset = read(tmp_path, content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert dataset.categories == {"a": ("x" * 2000, "z")}
    assert peak < 25e6


def test_excluded_columns_are_no_features(tmp_path):
    text = "id,a,note,g,y\n" + "".join(f"{n},{n % 4},n{n},{n % 3},{n % 2}\n" for n in range(30))
    data = read(tmp_path, text, features=None, label="y", exclude=["note", "id"], groups="g")
    assert data.features == ("a",)
    data = read(tmp_path, text, features=None, label="y", exclude=["note", "id", "g"], groups="g")
    assert data.features == ("a",)  # says again that the groups are no feature
    assert data.groups.max() == 2


def test_an_id_names_the_rows_and_no_number_depends_on_it(tmp_path):
    rows = "".join(f" P{n},{n % 4},{n % 3},{'' if n == 5 else n % 2}\n" for n in range(30))
    how = {"features": None, "label": "y", "without_class": "drop"}
    data = read(tmp_path, "who,a,g,y\n" + rows, id="who", **how)
    assert data.features == ("a", "g")
    assert data.ids == tuple(f"P{n}" for n in range(30) if n != 5)
    other = read(tmp_path, "who,a,g,y\n" + rows.replace("P", "Q"), id="who", **how)
    assert digest_of_data(other) == digest_of_data(data)
    assert other.ids[:2] == ("Q0", "Q1")
    again = read(tmp_path, as_parquet(data, ids={"who": data.ids}), id="who", **how)
    assert again.ids == data.ids
    assert read(tmp_path, "g,a,b,y\n" + rows, id="g", groups="g", **how).features == ("a", "b")
    with pytest.raises(DataError, match=r"found no column 'whom'.*'who'"):
        read(tmp_path, "who,a,g,y\n" + rows, id="whom", **how)
    with pytest.raises(DataError, match="id"):
        read(tmp_path, "who,a,g,y\n" + rows, id="a", **{**how, "features": ["a", "g"]})


def test_an_id_that_is_not_used_is_known_if_it_repeats(tmp_path):
    """30 sets of 3 rows; an age, a name of each row and a constant are no such ids."""
    rng = np.random.default_rng(0)
    lines = [f"{n // 3},{rng.poisson(30)},n{n},1,{n % 7},{n % 2}\n" for n in range(90)]
    text = "stratum,age,name,c,a,y\n" + "".join(lines)
    options = {"label": "y", "features": ["a"]}
    data = read(tmp_path, text, **options)
    assert [*data.unused_ids] == ["stratum"]
    assert not read(tmp_path, text, groups="stratum", **options).unused_ids
    (note,) = notes(data)
    assert "groups: 'stratum'" in note
    again = read(tmp_path, as_parquet(data), **options)
    assert digest_of_data(again) == digest_of_data(data)
    for key, content in files_of(data).items():
        (tmp_path / key).write_bytes(content)
    again = read_dataset(tmp_path / "table", tmp_path / "columns")
    assert digest_of_data(again) == digest_of_data(data)
    assert digest_of_data(again) != digest_of_data(dataclasses.replace(data, unused_ids={}))


def test_other_marks_count_as_missing_in_the_whole_cell(tmp_path):
    text = "a,b,y\n1, k.A. ,0\n?,u,1\n3,v,0\n4,k.A.,1\n5,no k.A.,1\n"
    options = {"features": None, "label": "y", "missing": "impute"}
    data = read(tmp_path, text, missing_values=["k.A.", " ? "], **options)
    assert data.categories == {"b": ("no k.A.", "u", "v")}
    np.testing.assert_array_equal(
        np.isnan(data.x), [[False, True], [True, False], *[[False] * 2], [False, True], [False] * 2]
    )
    says = "found 'k.A.', which counts as missing (and in 1 more rows); use a value in each row, or"
    options = {"features": ["b"], "label": "y", "missing_values": ["k.A."]}
    assert says in refusal(tmp_path, text.encode(), **options)


@pytest.mark.parametrize(
    ("values", "gaps"), [([-999], [0, 1, 2]), (["-999"], [0]), (["-999.0", -5], [1, 3]), ([7], [])]
)
def test_a_number_is_a_mark_in_any_form_and_a_text_in_its_own(values, gaps, tmp_path):
    text = "a,y\n-999,0\n-999.0,1\n -9.99e2,0\n-5,1\n-99,0\n"
    data = read(tmp_path, text, label="y", features=["a"], missing="impute", missing_values=values)
    assert np.flatnonzero(np.isnan(data.x[:, 0])).tolist() == gaps


def test_a_mark_with_a_decimal_comma_is_the_number_that_it_is(tmp_path):
    text = "a;y\n-99,90;0\n1,5;1\n2;0\n"
    data = read(tmp_path, text, label="y", features=["a"], missing="impute", missing_values=[-99.9])
    np.testing.assert_array_equal(data.x[:, 0], [np.nan, 1.5, 2])


def test_marks_count_in_parquet_of_numbers_and_of_texts(tmp_path):
    content = parquet(n=[-9.0, 1.0, 2.5], kind=["?", "u", "v"], y=["0", "1", "0"])
    options = {"label": "y", "features": ["n", "kind"], "missing": "impute"}
    data = read(tmp_path, content, missing_values=[-9, "?"], **options)
    np.testing.assert_array_equal(data.x, [[np.nan, np.nan], [1, 0], [2.5, 1]])
    assert data.categories == {"kind": ("u", "v")}


def test_of_many_faults_only_those_that_are_listed_are_put_into_words(tmp_path, monkeypatch):
    quoted, file = [], tmp_path / "table"
    counting = SimpleNamespace(repr=lambda text: quoted.append(text) or repr(text))
    monkeypatch.setattr(text_columns, "in_brief", counting)
    lines = ["a,b,y", *(f"{row}.5,x{row},0\n{row}.25,{row},1" for row in range(2001))]
    file.write_text("\n".join(lines))
    with pytest.raises(DataError, match=r"found 2,001 faults:(\n  .*){20}\n  and 1,981 more$"):
        obtain("table", file=file, label="y")
    assert 20 <= len(quoted) <= 60


def test_many_names_of_columns_do_not_make_the_start_slow(tmp_path):
    def taken(columns):
        names = ",".join(f"feature_{n}" for n in range(columns))
        file = tmp_path / "table"
        file.write_text(f"{names}\n{',1' * (columns - 1)}\n")
        features = [f"featura_{n}" for n in range(columns // 2)]

        def read():
            with pytest.raises(DataError, match="table: found no columns 'featura_0', "):
                obtain("table", file=file, label="y", features=features)

        return steps(read)

    assert taken(8000) < 2.1 * taken(4000)

import dataclasses
import json

import numpy as np
import pytest
from steps import steps

from backprop.data.canonical_form import (
    as_parquet,
    canonical,
    columns_of,
    digest_of_data,
    read_dataset,
)
from backprop.data.dataset import DataError, Dataset
from backprop.data.sources import obtain

NUMBERS = Dataset(
    ("=a,b", "'c\"é"),
    "@label",
    np.array([[0.1, 1e-300], [1 / 3, -1e300], [2**-1074, 0.0]]),
    np.array([0, 1, 1]),
)
FLOWERS = Dataset(
    ("length", "=hue", "wild"),
    "kind",
    np.array([[0.1, 1.0, np.nan], [np.nan, 0.0, 0.0], [-1e300, 2.0, 1.0], [5e-324, np.nan, 0.0]]),
    np.array([0, 2, 1, 2]),
    ("-1", "it's; =so", '\r\n,"'),
    {"=hue": ("'", "@red", "\u9752,\r"), "wild": ("False", "True")},
    np.array([1, 0, 1, 5]),
)


ORDERED = dataclasses.replace(FLOWERS, groups=None, order=np.array([2, 0, 1, 2]))


@pytest.mark.parametrize("before", [NUMBERS, FLOWERS, ORDERED], ids=["numbers", "all", "order"])
def test_a_data_set_is_read_back_exactly(tmp_path, before):
    data, columns = tmp_path / "data.csv", tmp_path / "columns.json"
    data.write_bytes(canonical(before))
    columns.write_text(json.dumps(columns_of(before)))
    after = read_dataset(data, columns)
    for name in ("features", "label", "classes", "categories"):
        assert getattr(after, name) == getattr(before, name)
    for name in ("x", "y", "groups", "order"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_a_data_set_without_an_order_has_the_file_that_it_always_had():
    assert canonical(ORDERED) == canonical(FLOWERS)
    assert list(columns_of(FLOWERS)) == ["classes", "categories", "groups"]


def test_the_canonical_form_has_names_that_are_safe_in_a_spreadsheet_and_no_missing_value():
    x = np.array([[-0.5, 0.0], [np.nan, 1.0], [2.0, np.nan]])
    data = Dataset(("=a", "'b"), "-y", x, np.array([1, 0, 1]), ("no", "-yes"), {"'b": ("=u", "v")})
    assert canonical(data) == b"'=a,''b,'-y\n-0.5,'=u,'-yes\n,v,no\n2.0,,'-yes\n"


TABLE = """id;when;zone;size;visit;grade
a;2024-03-01;1;1,5;7;1.0
b;2024-01-05;p;;7;2.0
a;2024-03-01;x y;-0,0;3;1.0
c;2023-12-31;x y;1e-300;2;2.0
c;2024-01-05;01;0,1;3;10
"""


@pytest.mark.parametrize("positive", [{}, {"positive": 1}])
def test_a_table_is_read_from_parquet_as_from_the_file_that_it_was_in(tmp_path, positive):
    """With digits that are categories, numbers, groups, an order, and classes that are numbers."""
    text = TABLE.replace("10\n", "2.0\n") if positive else TABLE
    (tmp_path / "table.csv").write_text(text)
    how = {"label": "grade", "groups": "id", "order": "when", "missing": "impute", **positive}
    data = obtain("table.csv", file=tmp_path / "table.csv", **how)
    assert data.classes == (("2", "1") if positive else ("1", "2", "10"))
    assert data.categories["zone"] == ("01", "1", "p", "x y")
    (tmp_path / "table.parquet").write_bytes(as_parquet(data, "id", "when"))
    how |= {"features": data.features}
    again = obtain("table.parquet", file=tmp_path / "table.parquet", **how)
    assert digest_of_data(again) == digest_of_data(dataclasses.replace(data, remarks=()))
    digits = dataclasses.replace(again, categories={"zone": ("1", "2", "3", "4")})
    (tmp_path / "table.parquet").write_bytes(as_parquet(digits, "id", "when"))
    again = obtain("table.parquet", file=tmp_path / "table.parquet", **how)
    assert digest_of_data(again) == digest_of_data(digits)
    by_size = {**how, "features": ["zone", "size"], "order": "visit"}
    data = obtain("table.csv", file=tmp_path / "table.csv", **by_size)
    (tmp_path / "table.parquet").write_bytes(as_parquet(data, "id", "visit"))
    again = obtain("table.parquet", file=tmp_path / "table.parquet", **by_size)
    assert digest_of_data(again) == digest_of_data(dataclasses.replace(data, remarks=()))


def test_several_columns_of_groups_are_kept_in_parquet(tmp_path):
    (tmp_path / "table.csv").write_text("centre,p,a,y\nu,1,1,0\nv,1,2,1\nu,2,3,0\nu,1,4,1\n")
    how = {"label": "y", "groups": ["centre", "p"], "features": ["a"]}
    data = obtain("table.csv", file=tmp_path / "table.csv", **how)
    assert data.groups.tolist() == [0, 1, 2, 0]
    (tmp_path / "table.parquet").write_bytes(as_parquet(data, ["centre", "p"]))
    again = obtain("table.parquet", file=tmp_path / "table.parquet", **how)
    assert digest_of_data(again) == digest_of_data(data)


def test_files_of_two_data_sets_are_refused(tmp_path):
    data, columns = tmp_path / "data.csv", tmp_path / "columns.json"
    data.write_bytes(canonical(FLOWERS))
    faulty = ({"classes": ["a"]}, {"categories": {"=hue": ["x"]}}, {"groups": "x"}, {"order": "x"})
    for change in faulty:
        columns.write_text(json.dumps(columns_of(FLOWERS) | change))
        with pytest.raises(DataError, match=r"data\.csv and columns\.json: not a data set in the"):
            read_dataset(data, columns)
    columns.write_text("[")
    with pytest.raises(DataError, match="not a data set in the canonical form"):
        read_dataset(data, columns)
    columns.write_text(json.dumps(columns_of(NUMBERS)))
    for content in ("a,b\n1,0\n2,2\n", "a,b\n1\n", "", "a,b\nx,1\n", 'a,b\n1,"1'):
        data.write_text(content)
        with pytest.raises(DataError, match=r"data.csv .*: not a data set in the canonical form"):
            read_dataset(data, columns)
    with pytest.raises(DataError, match=r"none.csv: No such file or directory"):
        read_dataset(tmp_path / "none.csv", columns)


class Name(str):
    """A name whose comparisons are steps of Python."""

    __hash__ = str.__hash__

    def __eq__(self, other):
        return str.__eq__(self, other)


def test_the_steps_to_validate_a_table_grow_as_its_rows_and_as_its_columns(tmp_path):
    generator = np.random.default_rng(0)

    def validated(rows, columns):
        names = [f"feature_{n}" for n in range(columns)]
        table = generator.normal(size=(rows, columns)).round(9)
        lines = (",".join(map(repr, [*row, n % 2])) for n, row in enumerate(table.tolist()))
        file = tmp_path / "data.csv"
        file.write_text("\n".join([",".join([*names, "y"]), *lines]))
        features = [*map(Name, names)]
        taken = steps(lambda: data.append(obtain("t", file=file, features=features, label="y")))
        np.testing.assert_array_equal(data.pop().x, table)
        return taken

    data = []
    validated(9, 2)  # which imports what is needed
    assert validated(200, 50) - validated(100, 50) < 3 * 100 * 50
    assert validated(20, 1000) < 2.1 * validated(20, 500)

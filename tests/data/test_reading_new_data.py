"""A table of new data is read as its data set, and refused by the same messages."""

import dataclasses
import re

import numpy as np
import pytest

from backprop.data.canonical_form import as_parquet
from backprop.data.dataset import DataError, Dataset
from backprop.data.new_data import read_new_data

STUDY = Dataset(
    features=("length", "zone", "wild"),
    label="kind",
    x=np.array([[1.5, 0, 0], [2.5, 1, 1], [3.5, 2, 0], [4.5, 0, 1]]),
    y=np.array([0, 1, 0, 1]),
    classes=("no", "yes"),
    categories={"zone": ("1", "2", "A"), "wild": ("False", "True")},
)
SOUND = """length,zone,wild,kind
1.5,1,true,yes
2.0,2,FALSE,no
9,1,True,no
2,2,false,yes
"""


@pytest.fixture
def read(tmp_path):
    def of(text, study=STUDY, **options):
        file = tmp_path / "new.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_new_data("new.csv", file, study, **options)

    return of


@pytest.fixture
def refusal(read):
    def of(text, **options):
        with pytest.raises(DataError) as error:
            read(text, **options)
        return str(error.value)

    return of


def test_columns_are_read_as_they_are_in_the_study(read):
    """Digits are categories, as in the study, and no column must vary."""
    new = read(SOUND)
    np.testing.assert_array_equal(new.x, [[1.5, 0, 1], [2, 1, 0], [9, 0, 1], [2, 1, 0]])
    np.testing.assert_array_equal(new.y, [1, 0, 0, 1])
    assert (new.features, new.classes) == (STUDY.features, STUDY.classes)
    assert dict(new.categories) == STUDY.categories
    constant = read("kind,length,zone,wild\nno,7,1,True\nno,7,1,True\nyes,7,1,True\nyes,7,1,True\n")
    np.testing.assert_array_equal(constant.x, [[7, 0, 1]] * 4)


def test_other_columns_and_another_order_and_format_change_nothing(read):
    lines = [line.split(",") for line in SOUND.splitlines()]
    other = "\r\n".join(";".join([d, "<b>note</b>", c, a, b]) for a, b, c, d in lines)
    np.testing.assert_array_equal(read(other.encode("utf-8-sig")).x, read(SOUND).x)


def test_a_category_that_the_study_does_not_have_is_kept_as_the_last(read):
    new = read(SOUND.replace("9,1,", "9,<i>Z</i>,").replace("2.0,2", "2.0,B"))
    assert new.categories["zone"] == ("1", "2", "A", "<i>Z</i>", "B") or new.categories["zone"] == (
        "1", "2", "A", "B", "<i>Z</i>",
    )  # fmt: skip
    assert new.x[:, 1].max() == 4


def test_classes_are_those_of_the_study_however_numbers_are_written(read):
    study = dataclasses.replace(STUDY, classes=("0", "1"))
    text = SOUND.replace("yes", "1.0").replace("no", "0")
    np.testing.assert_array_equal(read(text, study).y, [1, 0, 0, 1])
    joined = read(SOUND.replace(",no", ",NO "), join_spellings=True)
    np.testing.assert_array_equal(joined.y, [1, 0, 0, 1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "new.csv: "),
        ("length,zone,wild,kind\n", "found no data rows; use rows of two classes or more"),
        (SOUND.replace("kind", "sort", 1), "found no column 'kind', only 'length', 'zone', 'wild'"),
        (SOUND.replace("zone", "zones", 1), "found no column 'zone', only"),
        (SOUND.replace("9,", "big,"), "row 3 (line 4), column 'length': found 'big'; use a finite"),
        ("length,zone,wild,kind\na,1,true,no\nb,1,true,no\nc,1,true,yes\nd,1,true,yes\n",
         "column 'length': found 'a' or the like (and in 3 more rows); use numbers"),
        (SOUND.replace("9,", "inf,"), "row 3 (line 4), column 'length': found 'inf'; use a finite"),
        (SOUND.replace("FALSE,no", "FALSE,nein"),
         "row 2 (line 3), column 'kind': found the class 'nein', which the data set does not have; "
         "use 'no', 'yes'"),
        (SOUND.replace(",no", ",NO"), "found the class 'NO', which the data set does not have"),
        (SOUND.replace("2.0,2", "2.0,"), "row 2 (line 3), column 'zone': found no value; use a"),
        (SOUND.replace("FALSE,no", "FALSE,"), "column 'kind': found no value; use a class in each"),
        (SOUND.replace("2.0,2", "2.0,a"), "column 'zone': found 'A' and 'a', which differ only in"),
        (SOUND.replace(",no", ",yes"), "found 0 rows of the class 'no'; use 2 or more of each"),
        (SOUND[: SOUND.index("9,")], "found 1 row of the class 'no'; use 2 or more of each class"),
        (SOUND.splitlines()[0] + "\n1,1,true,no\n", "found 1 row of the class 'no'; use 2 or"),
        (SOUND.replace("length", "length,length", 1), "header: found 'length' twice"),
        (SOUND.replace("9,1,", "9,1,,,"), "row 3 (line 4)"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_row_and_column(text, says, refusal):
    assert says in refusal(text)


def test_values_may_be_missing_if_the_config_imputes_them(read):
    new = read(SOUND.replace("2.0,2", "?,-9"), missing="impute", missing_values=["?", -9])
    assert np.isnan(new.x[1, :2]).all()
    gone = read(re.sub(r"(?m)^[\d.]+,", ",", SOUND), missing="impute")
    assert np.isnan(gone.x[:, 0]).all()
    kept = read(SOUND + "5,1,true,\n", without_class="drop")
    assert len(kept.y) == 4


def test_a_class_needs_rows_of_two_groups(read, refusal):
    rows = zip(SOUND.splitlines(), ["who", "a", "a", "a", "b"], strict=True)
    text = "\n".join(f"{line},{group}" for line, group in rows)
    says = "found 1 group of the class 'no'; use 2 or more of each class"
    assert says in refusal(text, groups="who")
    assert "found no column 'who'" in refusal(SOUND, groups="who")
    new = read(text.replace("FALSE,no,a", "FALSE,no,b"), groups="who")
    np.testing.assert_array_equal(new.groups, [0, 1, 0, 1])


def test_a_huge_cell_and_many_new_categories_are_read(read):
    rows = "".join(f"1,{'x' * 100_000}{n},true,{'yes' if n % 2 else 'no'}\n" for n in range(30))
    assert len(read(f"length,zone,wild,kind\n{rows}").categories["zone"]) == 33


def test_what_is_written_is_read_as_the_same(read):
    hostile = ("=1+1", "-", "a,b", 'q"q', "<b>", "'tick", "x;y", "@z", "ä\u202fö")
    study = dataclasses.replace(STUDY, classes=("+", "-"), categories={"zone": hostile[:3]})
    study = dataclasses.replace(study, x=np.array([[0.1, 0, 5.0]] * 4))
    new = dataclasses.replace(
        study,
        x=np.array([[1 / 3, n % len(hostile), -5e-324 * n] for n in range(36)]),
        y=np.arange(36) % 2,
        categories={"zone": (*hostile[:3], *sorted(hostile[3:]))},
        groups=np.arange(36) // 2,
    )
    again = read(as_parquet(new, "who"), study, groups="who")
    for name in ("x", "y", "groups"):
        np.testing.assert_array_equal(getattr(again, name), getattr(new, name))
    assert dict(again.categories) == dict(new.categories)

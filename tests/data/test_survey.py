"""What the columns of a table seem to be, which nobody has described."""

import itertools

import numpy as np
import pytest

from backprop.data.dataset import Reading
from backprop.data.file_tables import parse_csv
from backprop.data.survey import survey_columns
from backprop.data.validity import from_tables

ROWS = 60


def surveyed(column, name="a", delimiter=","):
    """Return the survey of a table of a column, a sound number and a class."""
    other = [row * row % 7 for row in range(len(column))]
    return of_columns(delimiter, **{name: column, "b": other})


def of_columns(delimiter=",", **columns):
    """Return the survey of a table of some columns and a class."""
    rows = zip(*columns.values(), itertools.cycle("uv"), strict=False)
    lines = [delimiter.join(map(str, cells)) for cells in [[*columns, "y"], *rows]]
    return survey_columns(parse_csv("t.csv", "\n".join(lines).encode()), "y")[0]


LEFT_OUT = {
    "row numbers": ("a", range(1, ROWS + 1), "an id: another number in each row"),
    "shuffled row numbers": ("a", [n * 7 % 61 for n in range(1, 61)], "an id: another number in"),
    "row numbers with a gap": ("Unnamed: 0", [n + (n > 9) for n in range(ROWS)], "an id: another"),
    "an id by its name": ("tree_id", [n * n for n in range(ROWS)], "an id: another number in"),
    "an id of letters": ("a", [f"T{n:03}" for n in range(ROWS)], "an id or free text: another one"),
    "an id that repeats": ("patientID", [n // 3 for n in range(ROWS)], "name it in `groups`"),
    "patients": ("Patient", [n // 3 for n in range(ROWS)], "name it in `groups`"),
    "families": ("family", [n // 2 for n in range(ROWS)], "name it in `groups`"),
    "patients, few with a letter": ("subject", [f"{n // 3}{'a' * (n > 50)}" for n in range(ROWS)],
     "name it in `groups`"),
    "other patients, few with a letter": ("subject", [f"{n}{'a' * (n > 50)}" for n in range(ROWS)],
     "an id or free text"),
    "dates": ("a", [f"{1 + n % 28}.3.2024" for n in range(ROWS)],
     "in `order`, written as 2024-01-31"),
    "few dates": ("a", ["2024-01-31", "2024-02-01"] * 30,
     "2024-01-31'; for folds that are blocks of time, name it in `order`"),
    "free text": ("a", [f"seen {n // 2}" for n in range(ROWS)], "free text: 30 different in 60"),
    "free text that repeats": ("a", [f"town {n % 30}" for n in range(ROWS)],
     "such as 'town 0'; if rows with the same one belong together, name it in `groups`"),
    "texts": ("a", [f"seen {min(n, 50)}" for n in range(ROWS)], "free text: 51 different in 60"),
    "a constant": ("a", ["mg"] * ROWS, "a constant: 'mg' in every row"),
    "nothing": ("a", ["", "NA"] * 30, "no value in any row"),
    "only marks": ("a", ["?", "k.A."] * 30, "no value in any row"),
    "telephones": ("a", [f"044 {100 + n} 10" for n in range(ROWS)], "neither numbers nor"),
    "thousands of categories": ("a", [f"t{n % 1500}" for n in range(9000)], "free text: 1,500 dif"),
    "no name": ("", [n % 5 for n in range(ROWS)], "a column without a name"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_column_without_use_is_left_out_with_the_reason(case):
    name, cells, reason = LEFT_OUT[case]
    seen = surveyed(cells, name)
    assert seen.features == ("b",)
    assert reason in seen.left_out[name]


def test_dates_that_order_takes_need_not_be_written_again():
    seen = surveyed(["2024-01-31", "2024-02-01"] * 30, "a")
    assert seen.left_out["a"].endswith("name it in `order`")


KEPT = {
    "numbers": ("a", [n % 9 for n in range(ROWS)]),
    "all different": ("a", [n / 7 for n in range(ROWS)]),
    "all different, whole": ("income", [n * n for n in range(ROWS)]),
    "categories": ("a", ["north", "south", "west"] * 20),
    "as many categories as may be rare": ("a", [f"place {n % 20}" for n in range(ROWS)]),
    "categories whose name is an id": ("region id", ["n", "s", "w"] * 20),
    "an index that is measured": ("refractive index", [1 + n / 99 for n in range(ROWS)]),
    "a word that ends in id": ("acid", [n % 4 for n in range(ROWS)]),
    "the size of a family": ("family", [1 + n % 9 for n in range(ROWS)]),
    "with a mistake": ("a", ["12 kg", *range(1, ROWS)]),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_column_to_learn_from_or_to_correct_is_a_feature(case):
    name, cells = KEPT[case]
    assert surveyed(cells, name).features == (name, "b")


def test_a_table_of_few_rows_may_count():
    assert surveyed(range(5)).features == ("a", "b")


MARKS = {
    "a sign among numbers": (["?", *range(10, 69)], {"?": 1}),
    "a word among numbers": (["unclear", "unclear", *range(10, 68)], {"unclear": 2}),
    "a sign among categories": (["k.A.", *["n", "s"] * 29, "n"], {"k.A.": 1}),
    "a number far away": (["-999", "-999", *[n % 9 for n in range(58)]], {}),
    "a number once": (["-999", *[n % 9 for n in range(59)]], {}),
    "a number within": (["99", "99", *range(70, 128)], {}),
    "what pandas knows": (["NA", *[n % 9 for n in range(59)]], {}),
    "many words": ([*"abcdef", *range(10, 64)], {}),
}


@pytest.mark.parametrize("case", MARKS)
def test_marks_of_missing_values_are_named_and_counted(case):
    cells, marks = MARKS[case]
    assert surveyed(cells).marks == marks


def test_a_number_is_no_mark_if_it_is_ordinary_in_another_column():
    lines = [
        "a,b,y",
        *(f"{-9 if row < 3 else row % 5},{-9 - row % 4},{row % 2}" for row in range(40)),
    ]
    assert survey_columns(parse_csv("t.csv", "\n".join(lines).encode()), "y")[0].marks == {}


def test_a_number_is_no_value_in_the_columns_where_it_is_far_from_all_others():
    lines = ["a,b,c,y"]
    lines += [f"{9999 if n < 3 else n % 70},{n * 237},{n % 7},{n % 2}" for n in range(60)]
    lines[9] = f"9,9999,{-9},1"
    seen, table = survey_columns(parse_csv("t.csv", "\n".join(lines).encode()), "y")
    assert seen.cells == {
        "a": ({"missing": [9999]}, "9999 in 3 rows: no value, as it is far from all others")
    }
    what = "9999 in 1 row, read as a number: no value, if it is a mark"
    assert [*seen.offers] == [
        ("b", {"missing": [9999]}, what),
        ("c", {"missing": [-9]}, what.replace("9999", "-9")),  # far from all others, but alone
    ]
    assert seen.marks == {}
    how = Reading(label="y", features=seen.features, missing="impute", cells=seen.reading)
    data = from_tables([table], how)
    assert np.isnan(data.x).sum(axis=0).tolist() == [3, 0, 0]
    assert data.cells["a"]["missing"] == 3
    assert data.cells["a"]["cells"] == [["9999", "", 3]]


def test_the_classes_plus_and_minus_are_not_taken_for_missing():
    lines = ["a,b,y", *(f"{'-?u'[row % 3]},{row % 4},{'+-'[row % 2]}" for row in range(40))]
    seen, table = survey_columns(parse_csv("t.csv", "\n".join(lines).encode()), "y")
    assert seen.marks == {"?": 13}
    data = from_tables([table], Reading(label="y", features=seen.features, missing="impute"))
    assert data.classes == ("+", "-")
    assert data.categories == {"a": ("-", "u")}


def test_decimal_commas_are_numbers():
    assert surveyed([f"{n % 9},5" for n in range(ROWS)], delimiter=";").features == ("a", "b")


def test_a_number_with_which_another_column_repeats_names_what_rows_belong_to():
    who = [n // 3 for n in range(ROWS)]
    ages = [20 + 7 * place % 11 for place in who]  # some have the same
    seen = of_columns(who=who, age=ages, dose=[n % 7 for n in range(ROWS)])
    assert seen.features == ("age", "dose")
    assert seen.left_out["who"] == (
        "seems to name what rows belong to: 20 different in 60 rows, and 'age' repeats with it; if "
        "so, name it in `groups`"
    )


def test_points_are_between_thousands_where_other_columns_have_decimal_commas():
    lines = [
        "a;b;c;y",
        *(f"{n % 7},5;1.{110 + n * 7 % 53};5{n % 9}0,25 \u20ac;{n % 2}" for n in range(60)),
    ]
    seen, table = survey_columns(parse_csv("t.csv", "\n".join(lines).encode()), "y")
    says = "a number; 1.110 is 1110, and with `decimal: '.'` it is 1.11"
    assert seen.cells["b"] == ({"read": "number"}, says)
    data = from_tables([table], Reading(label="y", features=seen.features, cells=seen.reading))
    assert data.x[0].tolist() == [0.5, 1110, 500.25]
    assert data.remarks == ()  # nothing of two decimal signs

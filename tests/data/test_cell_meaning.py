"""What cells mean: numbers with units, limits, times, dates, orders, spellings."""

from collections import Counter

import numpy as np
import pytest

from backprop.data.cell_meaning import meaning
from backprop.data.cell_proposals import amounts, ordered, propose, spellings
from backprop.data.dataset import DataError, Reading
from backprop.data.file_tables import parse_csv
from backprop.data.validity import from_tables

PROPOSED = [
    ("$139,750 $5 $12,000", False, {"read": "number", "unit": "$"}, [139750, 5, 12000]),
    ("12_% 3_%", False, {"read": "number", "unit": "%"}, [12, 3]),
    ("1.234,5_kg 2,5_kg", True, {"read": "number", "unit": "kg"}, [1234.5, 2.5]),
    ("1_234 5_678", False, {"read": "number"}, [1234, 5678]),
    ("5'11\" 6'0\"", False, {"read": "feet"}, [71, 72]),
    ("2:45_h 3:00_h", False, {"read": "time"}, [2.75, 3]),
    ("1:30_pm 12:15_am", False, {"read": "time"}, [13.5, 0.25]),
    ("(12) (13)", False, {"read": "number"}, [-12, -13]),
    ("1/2 1_1/2", False, {"read": "number"}, [0.5, 1.5]),
    ("48\xb030'N 9\xb015'W", False, {"read": "degrees"}, [48.5, -9.25]),
    ("21.5_\xb0C -3_\xb0C", False, {"read": "number", "unit": "\xb0C"}, [21.5, -3]),
    ("3,50_\u20ac 1.234,00_\u20ac", False,
     {"read": "number", "unit": "\u20ac", "decimal": ","}, [3.5, 1234]),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "comma", "entry", "values"), PROPOSED)
def test_numbers_in_other_clothes_are_read(cells, comma, entry, values):
    texts = [cell.replace("_", " ") for cell in cells.split()]
    assert amounts(Counter(texts), decimal_comma=comma)[0] == entry
    plain = meaning(entry, decimal_comma=comma)
    assert [float(plain(text)[0]) for text in texts] == values


@pytest.mark.parametrize("cells", ["p1 p2", "1st 2nd 3rd", "207a 3b", "a b", "1 2 3", "+ - 3"])
def test_codes_ranks_and_plain_cells_stay_as_they_are(cells):
    assert amounts(Counter(cells.split()), decimal_comma=False) == ({}, "")


def test_money_has_no_thousandths_and_another_sign_is_named():
    entry, says = amounts(Counter(["$1,234", "$5,678"]), decimal_comma=True)
    assert entry == {"read": "number", "unit": "$", "decimal": "."}
    assert says == "a number in $; $1,234 is 1234, and with `decimal: ','` it is 1.234"


@pytest.mark.parametrize(
    ("limits", "value"), [("at", ["0.4", "200"]), ("half", ["0.2", "100"]), ("missing", ["", ""])]
)
def test_limits_are_at_half_or_missing_and_a_column_says_which(limits, value):
    plain = meaning({"read": "number", "limits": limits}, decimal_comma=True)
    below, above = value
    assert [plain("<0,4"), plain("> 200"), plain("1,5")] == [
        (below, "below"), (above, "above"), ("1.5", "within")
    ]  # fmt: skip


def test_dates_ranges_orders_and_codes():
    as_dates = [("date", "2024-03-01"), ("day first", "1.3.24"), ("month first", "3/1/2024")]
    for read, text in as_dates:
        assert meaning({"read": read}, decimal_comma=False)(text) == ("3", "Fri", "19783")
    ranges = meaning({"read": "range"}, decimal_comma=False)
    assert [ranges("20-29"), ranges("80+"), ranges("x")] == [("24.5",), ("80",), ("x",)]
    assert meaning({"order": ["low", "high"]}, decimal_comma=False)("high") == ("2",)
    assert ordered(["High", "low", "mid"]) == ["low", "mid", "High"]
    likert = ["Agree", "Neutral", "Strongly agree", "Disagree"]
    assert ordered(likert) == ["Disagree", "Neutral", "Agree", "Strongly agree"]
    assert ordered(["low", "red", "high"]) == []


def test_spellings_are_found_by_form_edit_distance_and_counts():
    counts = {"Prof": 40, "Prof.": 2, "Assoc Prof": 3, "AssocProf": 30, "Medecin": 1,
              "M\xe9decin": 9, "Mueller": 1, "M\xfcller": 5, "Surgrey": 1, "Surgery": 20,
              "Medicine": 20, "C": 3, "C++": 3, "unit 12": 1, "unit 13": 50}  # fmt: skip
    assert spellings(counts) == {
        "Prof.": "Prof", "Assoc Prof": "AssocProf", "Medecin": "M\xe9decin",
        "Mueller": "M\xfcller", "Surgrey": "Surgery",
    }  # fmt: skip


LINES = [
    "weight,dose,rank,score,y",
    *(f"{60 + n % 9} kg,{'<0.4' if n % 5 == 0 else n % 7},{('low', 'mid', 'high')[n % 3]},"
      f"{n % 11},{n % 2}" for n in range(40)),
]  # fmt: skip


def table(lines):
    return parse_csv("t.csv", "\n".join(lines).encode())


def test_a_table_is_read_by_what_is_proposed():
    sure, offers = propose(table(LINES), "y")
    cells = {name: entry for name, (entry, _) in sure.items()}
    assert cells == {
        "weight": {"read": "number", "unit": "kg"},
        "dose": {"read": "number", "limits": "at"},
    }
    assert [offer[:2] for offer in offers] == [("rank", {"order": ["low", "mid", "high"]})]
    data = from_tables([table(LINES)], Reading(label="y", cells=cells))
    assert data.features == ("weight", "dose", "dose limit", "rank", "score")
    assert data.categories["dose limit"] == ("below", "within")
    assert data.x[:2, :2].tolist() == [[60, 0.4], [61, 1]]
    assert data.cells["weight"]["rows"] == 40
    assert data.cells["dose"]["cells"][0] == ["<0.4", "0.4, below", 8]


def test_another_unit_in_a_column_is_a_fault_that_names_its_rows():
    lines = [line.replace("61 kg", "134 lb") for line in LINES]
    cells = {"weight": {"read": "number", "unit": "kg"}, "dose": {"read": "number", "limits": "at"}}
    with pytest.raises(DataError) as caught:
        from_tables([table(lines)], Reading(label="y", cells=cells))
    assert str(caught.value) == (
        "t.csv: row 2 (line 3), column 'weight': found '134 lb' (and in 4 more rows); use numbers "
        "in kg, as most cells of the column are"
    )


def test_cells_of_an_unknown_column_are_refused():
    with pytest.raises(DataError, match="found no column 'size', only 'weight'"):
        from_tables([table(LINES)], Reading(label="y", cells={"size": {"missing": [9]}}))


def test_spellings_of_classes_are_joined_if_cells_say_so():
    lines = ["a,y", *(f"{n % 7},{('Prof', 'Prof.', 'Asst')[n % 3]}" for n in range(30))]
    how = Reading(label="y", cells={"y": {"join": {"Prof.": "Prof"}}})
    data = from_tables([table(lines)], how)
    assert data.classes == ("Asst", "Prof")
    assert np.bincount(data.y).tolist() == [10, 20]

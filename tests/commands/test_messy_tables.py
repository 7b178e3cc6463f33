"""Messy tables become data in one try, or in two where a person must decide."""

import re
from pathlib import Path

import messy_tables as messy
import numpy as np
import pytest
from typed import typed

from backprop.data.encoding import FeatureColumn
from backprop.data.new_rows import read_rows
from backprop.data.sources import options_of
from backprop.folders import ROOT
from backprop.workflow.config_check.reading import parse_yaml, read_yaml
from backprop.workflow.plan.plan import Plan

pytestmark = pytest.mark.usefixtures("in_a_folder")

CASES = []


def case(domain, make, label, decided, person, said, first, missing=0, form="csv"):
    """Note a table: where it is from, what the tool and a person decide, and what is said.

    `decided` are keys of the data set besides the source, the label and the row. `person` are
    lines of the config whose # is taken away, by their beginnings. `first` is the first row of the
    data, with None where there is no value, and `missing` how many values there are not.
    """
    values = (domain, make, label, decided, person, said, first, missing, form)
    CASES.append(pytest.param(*values, id=make.__name__))


def number(unit=None, **more):
    return {"read": "number", **({"unit": unit} if unit else {}), **more}


IMPUTED = {"missing": "impute"}
WINES = "row 1 (line 2), column 'proline': found '1.065 g/l'; use numbers in mg/l, as most cells of"
DOCTORS = "row 8 (line 9), column 'weight': found '137 lb'; use numbers in kg, as most cells of"
LIMITS = "are limits: `at` takes the limit, `half` half of it, `missing` no value"

case(
    "politics, a Likert survey",
    messy.survey,
    "vote",
    {"exclude": ["respondent"]},
    ["cells", "taxes too high"],
    "may be meant: 'taxes too high': one number, 1 and up, in this order",
    {"taxes too high": 3, "TV days": 7, "age": 36},
)
case(
    "sociology, ranges of age",
    messy.marriages,
    "affair",
    {},
    ["cells", "age group", "rating"],
    "may be meant: 'age group': the middle of each range, as one number",
    {"age group": 34, "rating": 2, "children": 3},
)
case(
    "medicine, days and US dates",
    messy.transplants,
    "outcome",
    {"exclude": ["operation"], "cells": {"survival": number("days")}},
    [],
    "left out: 'operation': dates, such as '1/6/1968'",
    {"age": 54.3, "survival": 15},
)
case(
    "education, German decimals",
    messy.grades,
    "Note A",
    {"missing_values": ["k.A."], **IMPUTED},
    [],
    "taken for missing values: 'k.A.' 4",
    {"Schnitt": 2.66, "Vortest": None, "Kurs": 1},
    4,
)
case(
    "schools, per cent and US dollars",
    messy.schools,
    "maths",
    {"cells": {"poor": number("%"), "teacher pay": number("$")}},
    [],
    "read: 'teacher pay': a number in $; $14,706 is 14706, and with `decimal: ','` it is 14.706",
    {"poor": 34.4, "teacher pay": 14706},
)
case(
    "public health, a French export",
    messy.counties,
    "cas",
    {"exclude": ["comt\xe9"], "cells": {"population": number()}},
    [],
    "read: 'population': a number",
    {"population": 445, "part": 5.7},
)
case(
    "banking, brackets for less than 0",
    messy.cards,
    "owner",
    {"cells": {"spent": number("$"), "income": number("$")}},
    [],
    "read: 'spent': a number in $",
    {"spent": -124.98, "income": 45200},
)
case(
    "transport, times",
    messy.trips,
    "taken",
    {"cells": {"way": {"read": "time"}, "wait": number("min"), "leaves": {"read": "time"}}},
    [],
    "read: 'way': in hours, or in the unit of the first part",
    {"way": 5 / 3, "wait": 69, "leaves": 1},
)
case(
    "chemistry, mixed units",
    messy.wines,
    "cultivar",
    {"cells": {"alcohol": number("% vol"), "proline": number("mg/l")}, **IMPUTED},
    ["missing"],
    WINES,
    {"alcohol": 14.23, "proline": None, "hue": 1.04},
    5,
)
case(
    "botany, a title and units",
    messy.flowers,
    "Art",
    {"header": 3, "skip_lines": [4]},
    [],
    "left out: line 4: units, such as 'cm'",
    {"L\xe4nge": 5.1, "Breite": 3.5},
)
case(
    "laboratory, limits in German",
    messy.blood,
    "Befund",
    {"cells": {"CRP": number(limits="at"), "Ferritin": number(limits="at")}},
    [],
    f"read: 'CRP': a number; 10 cells {LIMITS}",
    {"CRP": 0.4, "CRP limit": 0, "Ferritin": 10.4, "Ferritin limit": 1},
)
case(
    "diabetes, 9999 in three columns",
    messy.sugar,
    "progress",
    {"cells": {name: {"missing": [9999]} for name in ("bmi", "bp", "visits")}, **IMPUTED},
    [],
    "read: 'visits': 9999 in 1 row: no value, as it is far from all others",
    {"bmi": 61.7, "bp": 21.9, "visits": 0},
    6,
)
case(
    "sport, feet and inches",
    messy.athletes,
    "sits",
    {"cells": {"height": {"read": "feet"}, "weight": number("lb")}},
    [],
    "read: 'height': in inches",
    {"height": 60, "weight": 160, "chins": 5},
)
case(
    "crime, US postcodes",
    messy.states,
    "murder",
    {"cells": {"income": number(), "urban": number("%")}},
    [],
    "column 'zip': read as numbers, and may be codes, such as postcodes; if so, write "
    "`read: category` for it in `cells`",
    {"zip": 1001, "income": 69358, "urban": 48.6},
)
case(
    "economics, euros and a total",
    messy.firms,
    "Investition",
    {"skip_lines": [62], "cells": {"Wert": number("\u20ac")}},
    [],
    "left out: line 62: totals, as 'Summe' says",
    {"Jahr": 1935, "Wert": 3078.5},
)
case(
    "insurance, kilograms and pounds",
    messy.doctors,
    "visit",
    {"cells": {"weight": number("kg")}, **IMPUTED},
    ["missing", "health"],
    DOCTORS,
    {"weight": None, "health": 1},
    9,
)
case(
    "astronomy, German dates",
    messy.spots,
    "next",
    {"exclude": ["observed"]},
    ["cells", "observed"],
    "may be meant: 'observed': month, weekday and days since 1970, if dates matter",
    {"observed month": 1, "observed weekday": 0, "observed day": -98615, "spots": 5},
)
case(
    "climate, -9999 in two of three columns",
    messy.oceans,
    "warm",
    {"cells": {name: {"missing": [-9999]} for name in ("JAN", "DEC")}, **IMPUTED},
    [],
    "read: 'DEC': -9999 in 2 rows: no value, as it is far from all others",
    {"JAN": 23.11, "JUN": 21.57, "DEC": 21.8},
    4,
)
case(
    "zoology, spellings of a class",
    messy.penguins,
    "species",
    {"join_spellings": True, **IMPUTED},
    ["cells", "species", "island"],
    "`join: {Ad\xe9lie: Adelie}` of its `cells` makes it the class 'Adelie'",
    {"bill mm": 14, "island": 0},
)
case(
    "history, pounds in Windows-1252",
    messy.passengers,
    "survived",
    {
        "exclude": ["cabin"],
        "missing_values": ["?"],
        "cells": {"fare": number("\xa3", decimal=".")},
        **IMPUTED,
    },
    [],
    "read as Windows-1252, as it is not UTF-8; look at its letters",
    {"pclass": 1, "fare": 7, "age": None},
    9,
)
case(
    "social science, an SPSS export",
    messy.spss_export,
    "v7",
    {"missing_values": ["#NULL!"], "cells": {"income": {"missing": [99]}}, **IMPUTED},
    ["trust"],
    "read: 'income': 99 in 8 rows: no value, as it is far from all others",
    None,
    14,
)
case(
    "religion, labels of Stata",
    messy.stata,
    "affair",
    {},
    [],
    "2 columns to learn from",
    None,
    form="dta",
)
case(
    "industry, a workbook with a title",
    messy.workbook,
    "loss",
    {"header": 3, "skip_lines": [25]},
    [],
    "read from line 3, which looks like the header",
    {"air flow": 80, "water": 27},
    form="xlsx",
)
case(
    "images, JSON lines",
    messy.digits,
    "even",
    IMPUTED,
    [],
    "missing values: 7, imputed",
    {"ink": 294, "middle": None},
    7,
    form="jsonl",
)
case(
    "housing, a US listing between tabs",
    messy.houses,
    "sold",
    {
        "cells": {
            "price": number("$", decimal="."),
            "size": number("sq ft"),
            "baths": number(),
        }
    },
    ["unit: sq ft", "zip"],
    "read: 'size': a number in sq ft; 1,100 sq ft is 1.1, and with `decimal: '.'` it is 1100",
    {"price": 139_750, "size": 1100, "zip": 0, "baths": 1},
)
case(
    "weather, coordinates",
    messy.stations,
    "frost",
    {
        "exclude": ["station"],
        "cells": {"lat": {"read": "degrees"}, "lon": {"read": "degrees"}, "height": number("m")},
    },
    [],
    "read: 'lat': in degrees, negative in the south and the west",
    {"lat": 40, "lon": 0, "height": 100},
)
case(
    "local politics, a row with a cell too many",
    messy.scotland,
    "vote",
    {
        "exclude": ["council"],
        "cells": {"council tax": number("\xa3"), "unemployed women": number("%")},
        **IMPUTED,
    },
    ["skip_lines"],
    "row 12 (line 13): found 5 cells; use 4, one for each of 'council', 'council tax', 'unemployed "
    "women', 'vote'\n    `skip_lines: [13]` leaves 1 line out",
    None,
)
case(
    "report cards, grades",
    messy.report_cards,
    "passed",
    {"cells": {"absent": number("days")}},
    ["maths", "reading"],
    "may be meant: 'maths': one number, 1 and up, in this order",
    {"maths": 5, "reading": 3, "absent": 0},
)
case(
    "a clinic, limits in French",
    messy.laboratory,
    "malade",
    {"exclude": ["patient"], "cells": {"taux": number(limits="at"), "tension": number()}},
    [],
    f"read: 'taux': a number; 12 cells {LIMITS}",
    {"taux": 0.5, "taux limit": 0, "tension": 900},
)
case(
    "salaries, spellings of ranks",
    messy.salaries,
    "rank",
    IMPUTED,
    ["without_class", "cells", "rank"],
    "`join: {Assoc Prof: AssocProf}` of its `cells` makes it the class 'AssocProf'",
    None,
)
case(
    "demography, dots for no value",
    messy.labour,
    "many",
    {"exclude": ["country"], "missing_values": [".."], **IMPUTED},
    [],
    "taken for missing values: '..' 3",
    {"1970": 2.908, "1990": 2.249},
    3,
)
case(
    "cooking, fractions",
    messy.bakery,
    "rating",
    {"cells": {"flour": number("cup"), "butter": number("g"), "oven": number("\xb0C")}},
    [],
    "read: 'flour': a number in cup",
    {"flour": 1, "butter": 0, "oven": 170},
)


def edited(text, person):
    """Return a config after a person took lines that are behind a #."""
    for line in person:
        if line.startswith("unit"):  # an entry that is there, read with another decimal sign
            text = text.replace(f"{line}}}", f"{line}, decimal: '.'}}")
            continue
        text, number = re.subn(rf"(?m)^( +)# ({re.escape(line)}:)", r"\1\2", text, count=1)
        assert number == 1, line
        text = re.sub(rf"(?m)^( +exclude:\n)? +- {re.escape(line)}\b.*\n", "", text)
    return text


@pytest.mark.parametrize(
    ("domain", "make", "label", "decided", "person", "said", "first", "missing", "form"), CASES
)
def test_a_messy_table_becomes_data(
    tmp_path, capsys, domain, make, label, decided, person, said, first, missing, form
):
    table = tmp_path / f"t.{form}"
    table.write_bytes(make())
    try:
        typed("config", "t." + form, "--label", label)
        message = capsys.readouterr().err
    except SystemExit as end:
        message = str(end)
        assert person, message
    assert said in message
    file = tmp_path / "t.yaml"
    entry = read_yaml(file)["datasets"]["t"]
    own = {k: v for k, v in entry.items() if k not in ("source", "label", "row", "positive")}
    assert own == decided
    config = parse_yaml(edited(file.read_text(encoding="utf-8"), person), "t.yaml")
    plan = Plan(config, ROOT)
    plan.check()
    data = plan.datasets.data("t")
    assert int(np.isnan(data.x).sum()) == missing
    if first is not None:
        row = {n: None if np.isnan(v) else v for n, v in zip(data.features, data.x[0], strict=True)}
        assert row == pytest.approx(first)


def test_the_tables_are_of_many_domains():
    domains = [each.values[0].split(",")[0] for each in CASES]
    assert len(CASES) >= 30
    assert len({*domains}) >= 12


def read_again(make, content):
    """Return the data of a table, and new rows that are read by its layout."""
    Path("t.csv").write_bytes(make())
    typed("config", "t.csv", "--label", next(c.values[2] for c in CASES if c.values[1] is make))
    plan = Plan(read_yaml(Path("t.yaml")), ROOT)
    data, entry = plan.datasets.data("t"), plan.config.datasets["t"]
    columns = FeatureColumn.all_of(data, np.nanmedian(data.x, axis=0))
    options = options_of(vars(entry), seed=1)
    Path("new.csv").write_bytes(content)
    layout = {key: options.get(key) for key in ("cells", "header")}
    return data, read_rows("new.csv", columns, entry.missing_values, layout=layout)


@pytest.mark.parametrize("make", [messy.blood, messy.flowers, messy.passengers])
def test_new_rows_in_the_form_of_the_table_are_read_at_the_first_try(make):
    data, rows = read_again(make, make())
    np.testing.assert_array_equal(rows.x, data.x)
    assert not any(rows.remarks)
    assert rows.lacking == []


def test_what_differs_from_the_form_of_the_table_is_said_by_column():
    new = b"CRP;Ferritin\n<0,4;12,5\nviel;9.999,5 mg\n;13,5\n"
    rows = read_again(messy.blood, new)[1]
    assert rows.remarks == [
        [],
        [
            "column 'CRP': 'viel' is not a number: 3.75 is used, the median",
            "column 'Ferritin': '9.999,5 mg' is not a number: 19.65 is used, the median",
        ],
        [
            "column 'CRP': no value, as no training row has: 3.75 is used, the median",
            "column 'CRP limit': no value, as no training row has: 'within' is used, the most "
            "frequent",
        ],
    ]

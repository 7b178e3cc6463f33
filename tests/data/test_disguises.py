"""Texts that a person reads as something else: the same text, a number, a date, a row."""

import pytest
from test_validity import parquet, read, refusal

from backprop.data.sources import notes, provenance
from backprop.data.text_appearance import appearance, is_date

ALIKE = {
    "two normal forms": ("caf\u00e9", "cafe\u0301"),
    "a zero-width space": ("ab", "a\u200bb"),
    "a joiner": ("ab", "a\u200db"),
    "a soft hyphen": ("ab", "a\u00adb"),
    "a mark of direction": ("ab", "\u200fab"),
    "a blank that does not break": ("a b", "a\u00a0b"),
    "two blanks": ("a b", "a  b"),
}


@pytest.mark.parametrize("case", ALIKE)
def test_texts_that_look_the_same_are_refused_with_their_letters_in_ascii(case, tmp_path):
    first, second = ALIKE[case]
    says = "which look the same ({}); use one spelling".format(
        " and ".join(ascii(text)[1:-1] for text in sorted(ALIKE[case]))
    )
    cells = [first, second, "u", first, second, "u"]
    rows = [f"{n},{cell},{n % 2}\n" for n, cell in enumerate(cells)]
    message = refusal(tmp_path, "".join(["a,b,y\n", *rows]), features=["a", "b"])
    assert message.startswith("column 'b': found ")
    assert says in message
    assert says in refusal(tmp_path, "".join(["a,y,b\n", *rows]), features=["a"])
    says = "column 'b': found "
    assert refusal(tmp_path, "".join(["a,b,y\n", *rows]), groups="b").startswith(says)
    content = parquet(b=cells, y=[0, 1] * 3)
    assert refusal(tmp_path, content).startswith(says)
    message = refusal(tmp_path, f"{first},{second},y\n1,2,0\n3,4,1\n")
    assert message.startswith("header: found ")
    assert "which look the same (" in message
    assert message.endswith("); use names that differ visibly")


def test_case_and_an_invisible_character_together_are_no_difference(tmp_path):
    table = "a,y\n" + "u,0\nU\u200b,1\n" * 2
    assert r"which look the same (U\u200b and u)" in refusal(tmp_path, table)


def test_texts_that_differ_visibly_are_kept_as_they_are(tmp_path):
    texts = ("x\u00b2", "x2", "\u00df", "ss.", "\u4e2d", "e\u0301t\u00e9")
    table = "a,y\n" + "".join(f"{text},{n % 2}\n" for n, text in enumerate(texts))
    assert set(read(tmp_path, table).categories["a"]) == set(texts)
    assert len({*map(appearance, texts)}) == len(texts)


# Numbers


def test_points_and_commas_in_texts_are_no_decimal_signs(tmp_path):
    table = "a;b;c;y\n3,5;v1.2;7;0\n4,5;w, x;8;1\n"
    assert read(tmp_path, table).x[:, 0].tolist() == [3.5, 4.5]


@pytest.mark.parametrize(
    "mark",
    ["k.A.", "k. A.", "unknown", "fehlt", "s.d.", "\u2014", "#", "--", "keine", "?", "-", "."],
)
def test_a_word_without_digits_among_numbers_is_said_to_be_a_mark(mark, tmp_path):
    message = refusal(tmp_path, f"a,y\n1,0\n2,1\n{mark},0\n4,1\n")
    assert message.endswith("such as -0.5 or 1e3; empty a cell without a value")
    assert refusal(tmp_path, "a,y\n1,0\n2,1\n3b,0\n4,1\n").endswith("begin a code with a letter")


# Dates

REMEDY = "use numbers, such as -0.5 or 1e3: leave a date out of `features`; begin a code"


@pytest.mark.parametrize(
    "form",
    ["2007-11-{:02d}", "{:02d}.11.2007", "11/{:02d}/2007", "{}/11/07", "2007/11/{:02d}",
     "{:02d}-11-2007", "2007-11-{:02d} 10:30", "2007-11-{:02d}T10:30:15.250Z",
     "2007-11-{:02d}T10:30:15+01:00", "11/{:02d}/2007 3:30 PM"],
)  # fmt: skip
@pytest.mark.parametrize("days", [2, 3, 12])
def test_dates_are_refused_with_one_remedy_in_whatever_form(form, days, tmp_path):
    table = "date,y\n" + "".join(f"{form.format(n % days + 1)},{n % 2}\n" for n in range(60))
    says = f"row 1 (line 2), column 'date': found '{form.format(1)}' or the like (and in 59 more"
    message = refusal(tmp_path, table)
    assert message.startswith(says)
    assert REMEDY in message


@pytest.mark.parametrize("text", ["2007-13-01", "2007-00-11", "50.60.2007", "1-2", "1/2/3/4"])
def test_what_is_no_day_of_a_calendar_is_no_date(text):
    assert not is_date(text)


@pytest.mark.parametrize(
    "values",
    [
        ["$5", "$10", "$20"], ["5%", "7.5%", "10%"], ["1/2", "1/4", "3/4"],
        ["5 \u20ac", "6 \u20ac"],
        ["<5", "5-10", ">10"], ["10:30", "11:30"], ["5kg", "10kg", "12.5kg"],
        ["3 months", "6 months"],
        ["Jan 2024", "Feb 2024"], ["1-Mar-24", "2-Mar-24"], ["2024-01", "2024-02"], ["~3", "~4"],
        ["0-9", "10-19", "20+"],
        ["(5)", "(6)"], ["\u00a35", "\u00a36", "free"], ["5\u00b0", "6\u00b0"],
    ],
)  # fmt: skip
def test_a_note_names_categories_that_seem_to_be_numbers_or_dates(values, tmp_path):
    table = "a,b,y\n" + "".join(f"{n},{v},{n % 2}\n" for n, v in enumerate(values * 4))
    dataset = read(tmp_path, table, features=["b"])
    (note,) = notes(dataset)
    assert note.startswith(f"column 'b': {dataset.categories['b'][0]!r} and the like are ")
    assert f" {len(values)} categories" in note
    assert ("middle of each range" in note) == (values[0] == "0-9")
    assert provenance(dataset, "d", b"")["notes"] == [note]


@pytest.mark.parametrize(
    "values", [["1st", "2nd", "3rd"], ["p1", "p2"], ["u", "v"], ["yes", "no"], ["A1-b", "B2-c"]]
)
def test_other_categories_get_no_note(values, tmp_path):
    table = "a,b,y\n" + "".join(f"{n},{v},{n % 2}\n" for n, v in enumerate(values * 4))
    assert notes(read(tmp_path, table, features=["b"])) == []


def test_numbers_that_a_parquet_file_calls_texts_get_no_note(tmp_path):
    assert notes(read(tmp_path, parquet(a=["1", "2", "1"], y=[0, 1, 0]))) == []


# Rows


@pytest.mark.parametrize(
    "table",
    [
        "5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.4,0.2,setosa\n6.3,2.5,5.0,1.9,virginica\n",
        "p,x,s,n\ne,x,s,y\ne,b,s,w\np,x,y,n\n",
        "39,State-gov,77516,<=50K\n50,Private,83311,<=50K\n38,Private,215646,>50K\n",
    ],
)
def test_a_file_without_a_header_is_said_to_have_none(table, tmp_path):
    message = refusal(tmp_path, table, features=["a", "b"])
    assert "; the first line must have the names of the columns" in message
    assert "; the first line" not in refusal(tmp_path, f"a,k,l,m,n\n{table}", features=["a", "b"])

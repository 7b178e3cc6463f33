"""The page of what several data sets show together, and its sentences."""

import re
from dataclasses import replace

from made_comparisons import across, compared, data_set

from backprop.report.across import page_across
from backprop.report.contents import ACROSS
from backprop.report.wording.across import trait_sentence, verdict_across, verdicts_across
from backprop.statistics.tables import AcrossDataSets, Interval, Trait

ROW = AcrossDataSets(
    model="scratch", outcome="better", datasets=12, difference=Interval(0.012, -0.003, 0.027),
    next=Interval(0.012, -0.03, 0.05), spread=Interval(0.01, 0.0, 0.03), p_value=0.03, worse=0.1,
    equal=0.1, better=0.8, wins=5, ties=5, losses=2, shown_better=3, shown_worse=1,
    signed_ranks_p=0.1, check=0.012, check_spread=0.01,
)  # fmt: skip


def page(data_sets):
    looks = [entry.look(name, "accuracy") for name, entry in ACROSS.items()]
    return page_across("Across", across(data_sets), looks, "accuracy", 0.01)


def test_a_sentence_says_the_mean_the_next_and_what_is_shown():
    assert verdict_across(ROW, "accuracy") == (
        "on 12 data sets, the network is better than logistic regression on average: accuracy "
        "+1.2 points (\N{MINUS SIGN}0.3 to +2.7); on the next data set expect \N{MINUS SIGN}3.0 to "
        "+5.0; it is shown to be better on 3 and worse on 1 of them"
    )


def test_the_network_of_the_question_is_said_first():
    rows = [replace(ROW, model=model) for model in ("bayes", "forest", "scratch")]
    named = [text.split(", ")[1].split(" is ")[0] for text in verdicts_across(rows, "accuracy")]
    assert named == ["the network", "bayes", "forest"]


def test_a_trait_is_said_if_its_interval_excludes_zero():
    def said(*correlation):
        row = Trait(model="bayes", trait="rows", datasets=12, correlation=Interval(*correlation))
        return trait_sentence(row, "accuracy")

    assert said(0.3, -0.1, 0.6) is None
    assert said(0.7, 0.2, 0.9) == (
        "the larger the number of rows, the larger the difference of bayes in accuracy; other "
        "causes may be behind it"
    )
    assert "the smaller the difference" in said(-0.7, -0.9, -0.2)


def test_names_of_data_sets_are_text():
    hostile = "<img src=x onerror=alert(1)>"
    html = page({f"{hostile}{n}": data_set(compared("scratch", 0.02, 0.1)) for n in range(4)})
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_picture_has_a_line_for_each_data_set_but_not_for_hundreds():
    def lines(count):
        html = page({f"set{n}": data_set(compared("bayes", 0.02, 0.1)) for n in range(count)})
        return re.findall(r"<text[^>]*>(set\d+|Mean over data sets)</text>", html)

    assert lines(4) == 2 * ["set0", "set1", "set2", "set3", "Mean over data sets"]
    assert lines(101) == 2 * ["Mean over data sets"]


def test_a_data_set_has_no_row_of_a_model_that_is_not_compared_there():
    one, other = compared("scratch", 0.02, 0.1), compared("bayes", 0.02, 0.1)
    same = {**compared("bayes", 0.0, basis="identical", same_as="logistic"), "standard_error": 0.0}
    html = page({"two": data_set(one, same), **{f"set{n}": data_set(one, other) for n in range(3)}})
    assert html.count("<th scope=row>Network") == 1 + 4
    assert html.count("<th scope=row>bayes") == 1 + 3


def test_a_trait_is_written_in_words_and_a_correlation_with_two_digits():
    values = [0.02, -0.01, 0.05, 0.03, 0.0, 0.01, -0.02, 0.04, 0.06, -0.03]
    html = page(
        {
            f"set{n}": data_set(compared("bayes", d, 0.1), rows_of_data=100 + n)
            for n, d in enumerate(values)
        }
    )
    assert "number of rows" in html
    assert (
        "<td>\N{MINUS SIGN}0.09<td>" in html
    )  # 1 - 6 * 180 / (10 * 99), by the ranks of the values


def test_without_a_model_the_page_says_why():
    html = page({f"set{n}": data_set() for n in range(3)})
    assert "No model has a score on three data sets" in html

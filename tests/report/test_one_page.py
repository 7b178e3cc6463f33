"""The page to hand in holds on any data: its text stays on the page, and names are only names."""

import re

import numpy as np
import pytest
from hostile import NAMES
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imsave

from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import look, one_page
from backprop.report.figures.one_page import Page, draw_page, write_pages
from backprop.statistics.tables import Interval

WIDE = np.zeros((30, 40, 4))
ROWS = [
    DrawnDifference("the network", Interval(-0.012, -0.05, 0.031), colour="#0072B2"),
    DrawnDifference("knn", Interval(0.1, 0.05, 0.15), "", True),
]
PAGE = Page(
    question="Does it do better?",
    design="ex4: 80 students",
    answer="Use logistic regression.",
    rows=ROWS,
    rope=0.01,
    metric="accuracy",
    caveats=["Intervals are corrected."],
    source="The data: bundled",
)


def drawn(page, picture=WIDE):
    """Draw a page; return it, and all its texts, each of which is on it."""
    with look.drawing():
        figure = draw_page(page, picture)
        FigureCanvasAgg(figure).draw()
        texts = [*figure.texts, *(text for ax in figure.axes for text in ax.texts)]
        width, height = figure.bbox.width, figure.bbox.height
        for text in texts:
            box = text.get_window_extent()
            assert 0 < box.x0 < box.x1 < width, text.get_text()
            assert 0 < box.y0 < box.y1 < height, text.get_text()
    return figure, [text.get_text().replace(r"\$", "$") for text in texts]


def test_a_page_has_the_question_the_answer_the_differences_the_picture_and_the_caveats():
    figure, texts = drawn(PAGE)
    assert texts[:3] == ["Does it do better?", "ex4: 80 students", "Use logistic regression."]
    assert "\N{BULLET} Intervals are corrected." in texts
    forest, picture = figure.axes
    shown = [text.get_text() for text in forest.texts]
    assert [text for text in shown if text in ("the network", "knn") or "(" in text] == [
        "the network", "−1.2 (−5.0 to +3.1)", "knn", "+10.0 (+5.0 to +15.0)",
    ]  # fmt: skip
    axis = "Accuracy: model minus logistic regression (percentage points)"
    ends = "\N{LEFTWARDS ARROW} worse", axis, "better \N{RIGHTWARDS ARROW}"
    assert forest.get_xlabel().split("\N{EM SPACE}") == [*ends]
    assert [line.get_markerfacecolor() for line in forest.lines if line.get_marker() == "o"] == [
        "#0072B2", "white",
    ]  # fmt: skip
    assert picture.images


def test_a_first_look_says_so_in_its_first_line():
    _, texts = drawn(PAGE._replace(first_look="This is a first look: 2 repeats."))
    assert texts[:2] == ["This is a first look: 2 repeats.", "Does it do better?"]


@pytest.mark.parametrize("name", [*NAMES, "x" * 500, "word " * 200])
def test_a_name_is_only_a_name_and_stays_on_the_page(name):
    row = DrawnDifference(name, Interval(0.0, 0.0, 0.0))
    page = PAGE._replace(design=name, answer=name, rows=[row], caveats=[name], source=name)
    _, texts = drawn(page)
    letters = re.sub(r"\s|\\", "", name.replace("\n", "n"))[:40]
    assert letters in re.sub(r"\s|\\", "", "".join(texts))


def test_many_models_and_caveats_leave_room_and_say_what_is_left_out():
    rows = [
        DrawnDifference(f"model {number}", Interval(0.01 * number, 0.0, 0.5))
        for number in range(30)
    ]
    figure, texts = drawn(PAGE._replace(rows=rows, caveats=[f"Caveat {n}." for n in range(40)]))
    assert "model 8" in texts
    assert "model 9" not in texts
    assert "21 more in the report" in texts
    assert any(re.fullmatch("\N{BULLET} and 2[45] more, in the report", text) for text in texts)
    assert len(figure.axes) == 2


def test_a_long_answer_is_whole_and_leaves_room_for_the_models_and_the_caveats():
    answer = " ".join(f"Sentence {number} of a long answer." for number in range(20))
    rows = [DrawnDifference(f"model {number}", Interval(0.0, 0.0, 0.5)) for number in range(9)]
    figure, texts = drawn(PAGE._replace(answer=answer, rows=rows, caveats=["word " * 60] * 9))
    assert "..." not in texts
    assert answer in " ".join(texts)
    *_, last, _ = sorted(text.get_position()[1] for text in figure.texts)[::-1]
    assert last * one_page.PAGE[1] > one_page.MARGIN


def test_no_line_and_no_region_crosses_a_text_of_the_forest_plot():
    label = "the network (two implementations, equal to within 5e-16), tuned, and so on"
    figure, _ = drawn(
        PAGE._replace(rows=[DrawnDifference(label, Interval(0.003, -0.046, 0.052))] * 3)
    )
    forest = figure.axes[0]
    boxes = [text.get_window_extent() for text in forest.texts]
    assert sum(label[:20] in text.get_text() for text in forest.texts) == 3
    renderer, to_page = figure.canvas.get_renderer(), forest.transData
    extents = [each.get_window_extent(renderer) for each in [*forest.lines, *forest.patches]]
    extents += [bar.get_datalim(to_page).transformed(to_page) for bar in forest.collections]
    assert len(extents) == 3 * 4  # zero, the region, a mark and a bar of each
    assert not any(extent.overlaps(box) for extent in extents for box in boxes)


def test_one_model_alone_has_no_forest_plot_and_a_picture_without_room_is_left_out(monkeypatch):
    figure, _ = drawn(PAGE._replace(rows=[]))
    assert len(figure.axes) == 1
    monkeypatch.setattr(one_page, "LEAST_PICTURE", 9)
    figure, _ = drawn(PAGE._replace(rows=[]))
    assert not figure.axes


def test_the_file_has_a_page_for_each_data_set_and_the_same_bytes_each_time(tmp_path):
    picture = tmp_path / "picture.png"
    imsave(picture, WIDE)
    pages = [(PAGE, picture), (PAGE._replace(design="a first look has no picture"), None)]
    file = write_pages(pages, "Title")
    assert file == write_pages(pages, "Title")
    assert file.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", file)) == 2
    assert b"CreationDate" not in file
    assert b"/Font" in file  # its text is text
    pictures = len(re.findall(rb"/Subtype /Image", file))
    without = write_pages([(page, None) for page, _ in pages], "Title")
    assert pictures > len(re.findall(rb"/Subtype /Image", without)) == 0

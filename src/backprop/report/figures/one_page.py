"""A page to hand in: the question, the answer, the differences, the boundaries, and caveats."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.image import imread

from backprop.errors import printable
from backprop.escaping import for_figure
from backprop.models.registry import BASELINE, MODELS
from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import labels, look, palette
from backprop.report.figures.forest import draw_labelled
from backprop.report.wording.amounts import differences_on_axis

PAGE = (8.27, 11.69)  # A4, in inches
MARGIN = 0.75
LEADING = 1.35  # lines are so much apart, as a multiple of the size
MOST_ROWS = 9  # of the forest plot
LINE, BELOW = 0.34, 0.5  # inches of a row, and of the axis below them
LETTERS = 84  # of a label and its numbers
MOST_LINES = 16  # of the caveats
MOST_LINES_OF_TEXT = 10  # of the answer and each other text
LEAST_PICTURE = 1.8  # inches; a picture with less room is left out


class Page(NamedTuple):
    """What a page says.

    Attributes
    ----------
    question, design, answer : str
    rows : sequence of DrawnDifference
        The differences from the baseline.
    rope : float
        Differences up to this are of no practical interest.
    metric : str
        The metric of the study.
    caveats : sequence of str
    source : str
        The last line: where the data are from.
    first_look : str
        The first line, which says that it is a first look; "" if it is none.
    """

    question: str
    design: str
    answer: str
    rows: Sequence[DrawnDifference]
    rope: float
    metric: str
    caveats: Sequence[str]
    source: str
    first_look: str = ""


def write_pages(pages: Iterable[tuple[Page, Path | None]], title: str) -> bytes:
    """Return a PDF with a page for each data set; equal pages have equal bytes.

    Parameters
    ----------
    pages : iterable of (Page, Path or None)
        Each with the file of its picture, if it has one.
    title : str
        The title of the PDF.
    """
    file = io.BytesIO()
    with look.drawing(), PdfPages(file, metadata={"Title": title, "CreationDate": None}) as pdf:
        for page, picture in pages:
            pdf.savefig(draw_page(page, None if picture is None else imread(picture)))
    return file.getvalue()


def draw_page(page: Page, picture: Any = None) -> Figure:
    """Draw a page. What has no room is left out, and the page says so.

    Parameters
    ----------
    page : Page
    picture : array, shape (height, width, 4), optional
    """
    figure = Figure(figsize=PAGE)
    top = PAGE[1] - MARGIN
    if page.first_look:
        top = _write(figure, page.first_look, top, size=9, weight="bold") - 0.1
    top = _write(figure, page.question, top, size=17, weight="bold") - 0.05
    top = _write(figure, page.design, top, size=9, color=palette.GREY) - 0.1
    top = _write(figure, page.answer, top, size=11.5, weight="bold") - 0.1
    if page.rows:
        top = _forest(figure, page, top) - 0.1
    caveats = _caveats(page.caveats)
    height = len(caveats) * 9 * LEADING / 72 + (0.3 if caveats else 0)
    bottom = MARGIN + 0.3
    room = top - bottom - height
    if picture is not None and room >= LEAST_PICTURE:
        height, width = picture.shape[:2]
        inches = min(room, (PAGE[0] - 2 * MARGIN) * height / width)
        ax = _place(figure, top, inches)
        ax.imshow(picture, aspect="equal", interpolation="antialiased")
        ax.set_axis_off()
        top = top - inches - 0.1
    if caveats:
        top = _write(figure, "What to bear in mind", top, size=10.5, weight="bold")
        _lines(figure, caveats, top, size=9)
    _lines(figure, wrap(page.source, 7.5)[:3], MARGIN, size=7.5, color=palette.GREY)
    return figure


def wrap(text: str, size: float, weight: str = "normal", indent: str = "") -> list[str]:
    """Break a text into lines that fit between the margins; a long word is broken, too."""
    one_line = printable(text).replace("\n", r"\n")
    return labels.lines_of(one_line, 72 * (PAGE[0] - 2 * MARGIN) / size, weight, indent)


def _caveats(texts: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for place, text in enumerate(texts):
        own = wrap(f"\N{BULLET} {text}", 9, indent="  ")
        if len(lines) + len(own) >= MOST_LINES and len(texts) > place + 1:
            return [*lines, f"\N{BULLET} and {len(texts) - place} more, in the report"]
        lines += own[:MOST_LINES]
    return lines


def _write(figure: Figure, text: str, top: float, size: float, **font: Any) -> float:
    lines = wrap(text, size, font.get("weight", "normal"))
    if len(lines) > MOST_LINES_OF_TEXT:
        lines = [*lines[: MOST_LINES_OF_TEXT - 1], "..."]
    return _lines(figure, lines, top, size, **font)


def _lines(figure: Figure, lines: Sequence[str], top: float, size: float, **font: Any) -> float:
    """Write lines below a height in inches; return where they end."""
    for line in lines:
        x, y = MARGIN / PAGE[0], top / PAGE[1]
        figure.text(x, y, for_figure(line), va="top", size=size, **font)
        top -= size * LEADING / 72
    return top


def _place(figure: Figure, top: float, height: float) -> Axes:
    """Return axes below a height in inches, between the margins."""
    start = MARGIN / PAGE[0]
    return figure.add_axes((start, (top - height) / PAGE[1], 1 - 2 * start, height / PAGE[1]))


def _forest(figure: Figure, page: Page, top: float) -> float:
    """Draw the forest plot, with the text between the margins; return where it ends."""
    rows, more = page.rows[:MOST_ROWS], len(page.rows) - MOST_ROWS
    ax = _place(figure, top, LINE * len(rows))
    across = differences_on_axis(page.metric, f"model minus {MODELS[BASELINE].name}")
    draw_labelled(ax, rows, page.rope, page.metric, across, 9, LETTERS)
    top -= LINE * len(rows) + BELOW
    if more > 0:
        top = _write(figure, f"{more} more in the report", top, size=9)
    return top

"""The words in figures: headings, titles and labels that have room."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from backprop.errors import printable
from backprop.escaping import for_figure
from backprop.report.figures import look
from backprop.report.wording.names import listed

LABEL_SHARE = 0.42  # of the width, for labels at the left: the axes keep half of it
UNBROKEN = "\N{NO-BREAK SPACE}"
LABEL_SIZES = (10.5, 9.5, 8.5)
LONG_LINES = 15  # with labels of two lines at the smallest size
MOST_LETTERS = 2.2  # of a line, for each unit of its width that is as long as its text is high
MOST_TIED = 2  # names of equal values in a heading
MOST_LETTERS_OF_NAME = 24  # of a name from the data; a longer one is shortened in its middle
HEADING: dict[str, Any] = {"size": 13, "weight": "bold"}


def note(text: str) -> Figure:
    """Return a figure that is one sentence."""
    figure = look.blank(0.8)
    figure.set_layout_engine("none")  # there is nothing to lay out
    head(figure, text)
    return figure


def head(figure: Figure, text: str) -> None:
    """Write the heading of a figure, what its numbers show, above its legend; as long as it is."""
    above: dict[str, Any] = {"loc": "outside upper left", "alignment": "left"}
    legend = figure.legends[0] if figure.legends else figure.legend(handles=[], **above)
    room = 0.95 * 72 * look.width() / HEADING["size"]
    legend.set_title("\n".join(_balanced(text, room)) if text else "", FontProperties(**HEADING))


def heading_of(figure: Figure) -> str:
    """Return the heading of a figure."""
    return figure.legends[0].get_title().get_text() if figure.legends else ""


def brief(name: str, letters: int = MOST_LETTERS_OF_NAME) -> str:
    """Shorten a name to a number of letters, by an ellipsis in its middle.

    Examples
    --------
    >>> brief("a name that is rather long", 12), brief("a short name", 12)
    ('a name …long', 'a short name')
    """
    name = printable(" ".join(name.split()))  # on one line
    if len(name) <= letters:
        return name
    end = letters // 3
    return f"{name[: letters - end - 1]}…{name[-end:]}"


def extent(values: Mapping[str, float], number: str) -> str:
    """Write the smallest and the largest value with their names; if all are equal, no names.

    Values that look the same are tied, and all are named, or counted.

    Parameters
    ----------
    values : mapping of str to float
        Of at least one name.
    number : str
        The format of a value, such as ``{:.3f}``.
    """
    written = {name: number.format(value) for name, value in values.items()}
    lowest, highest = (written[end(values, key=values.__getitem__)] for end in (min, max))
    if lowest == highest and len(values) > 1:
        return lowest
    named = []
    for end in dict.fromkeys([lowest, highest]):
        own = [name for name, text in written.items() if text == end]
        own = own if len(own) <= MOST_TIED else [own[0], f"{len(own) - 1} more"]
        named.append(f"{end} ({listed(own)})")
    return " to ".join(named)


def label_lines(ax: Axes, texts: Sequence[str], title: str) -> None:
    """Give each line of a figure its label, the first at the top.

    Long labels are broken or smaller, so that the axes keep more than half of the width.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    place = ax.get_subplotspec()
    panels = place.get_gridspec().nrows if place else 1  # above each other
    points = 72 * (figure.get_figheight() - look.AROUND_LINES[look.width()]) / panels / len(texts)
    fitted, size = fit_labels(texts, points)
    ax.set_yticks(range(len(texts)), fitted, fontsize=size)
    ax.set(ylim=(len(texts) - 0.4, -0.6), ylabel=title)
    ax.grid(visible=False, axis="y")


def label_across(ax: Axes, text: str) -> None:
    """Label the axis across of a figure of lines, in the room beside their labels."""
    ax.set_xlabel(broken(text, (1 - LABEL_SHARE - 0.06) * look.width(), 11))


def fit_labels(texts: Sequence[str], points: float) -> tuple[list[str], float]:
    """Return labels that are broken to fit lines `points` apart, and their size.

    It is the largest of `LABEL_SIZES` that has room; a label that has none is shortened.
    """
    texts = [text.replace(r"\$", "$") for text in texts]  # no break between a mark and its $
    for size in LABEL_SIZES:
        most = max(1, int(points / (1.2 * size)))
        broken = [lines_of(text, _label_room() / size) for text in texts]
        if max(map(len, broken)) <= most:
            break
    for place, text in enumerate(texts):
        letters = len(text)
        while len(broken[place]) > most:
            letters -= 1
            broken[place] = lines_of(brief(text, letters), _label_room() / size)
    return ["\n".join(map(for_figure, lines)) for lines in broken], size


def broken(text: str, inches: float, size: float, weight: str = "normal") -> str:
    """Return a text of a figure with line breaks, so that it is at most `inches` wide."""
    lines = lines_of(text.replace(r"\$", "$"), 72 * inches / size, weight)
    return "\n".join(map(for_figure, lines))


def panel_title(ax: Axes, text: str, columns: float, size: float = 11) -> None:
    """Write the title of a panel; the figure has `columns` of them side by side."""
    inches = look.PANELS * look.width() / columns
    parts = text.split(" (")
    ends = range(1, len(parts) + 1)
    candidates = ["\n(".join([" (".join(parts[:end]), *parts[end:]]) for end in ends]
    # As few lines as there can be, and best one that ends before brackets.
    texts = [broken(each, inches, size, "bold") for each in candidates]
    ax.set_title(min(texts, key=lambda title: title.count("\n")), fontsize=size)


def is_long(label: str) -> bool:
    """Return whether a label of a line needs several lines of text, even at the smallest size."""
    return _width(label) > _label_room() / LABEL_SIZES[-1]


def _label_room() -> float:
    """Return the room of labels at the left, in points."""
    return 72 * LABEL_SHARE * look.width()


def lines_of(text: str, room: float, weight: str = "normal", indent: str = "") -> list[str]:
    """Break a text into lines that have room, in points at a size of 1 point."""
    lines = text.split("\n")
    letters = min(max(map(len, lines)), int(MOST_LETTERS * room) + 1)
    while letters > 1 and max(_width(line, weight) for line in lines) > room:
        lines = [
            part
            for line in text.split("\n")
            for part in textwrap.wrap(line, letters, subsequent_indent=indent)
        ]
        letters -= 1
    return lines


def _balanced(text: str, room: float) -> list[str]:
    """Break a heading into as few lines as have room, of about equal length.

    Short brackets, such as ``(5 hidden nodes)``, are not broken.
    """
    text = re.sub(r"\([^()]{1,30}\)", lambda part: part[0].replace(" ", UNBROKEN), text)
    lines = lines_of(text, room, HEADING["weight"])
    for letters in range(max(map(len, lines)), 1, -1):
        shorter = textwrap.wrap(text, letters)
        if len(shorter) > len(lines):
            break
        lines = shorter
    return [line.replace(UNBROKEN, " ") for line in lines]


def _width(text: str, weight: str = "normal") -> float:
    """Return the width of a text in points, at a size of 1 point."""
    return look.width_of(text, 100, weight) / 100

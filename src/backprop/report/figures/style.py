"""How every figure looks: colours, text sizes, legends. Equal figures are equal SVG files.

Figures are made without pyplot and keep no state; they are drawn under `LOOK`.
"""

import io
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, unescape

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from backprop.errors import printable
from backprop.escaping import for_figure
from backprop.models.registry import MODELS
from backprop.report.wording.names import listed
from backprop.typing import Array, Integers

WIDTH = 9.0  # inches; at the report's size a point of text is then a little over a pixel
HEIGHT = 6.6  # inches, at most: the report cuts off the top of a higher figure
MAX_LINES = 20  # configurations that a figure of this height has room for, one per line
AROUND_LINES = 2.1  # inches of such a figure above and below the lines
LABEL_ROOM = 72 * 0.42 * WIDTH  # points: of labels at the left; the axes keep half of the width
UNBROKEN = "\N{NO-BREAK SPACE}"
PANELS = 0.84  # of the width, what panels side by side have in common
LABEL_SIZES = (10.5, 9.5, 8.5)
LONG_LINES = 15  # with labels of two lines at the smallest size

# From the palette by Okabe & Ito, which people with any kind of colour blindness can read.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
GREY = "#666666"
GUESSING: dict[str, Any] = {"color": GREY, "linestyle": (0, (7, 2, 1, 2)), "linewidth": 1.2}
CLASSES = {
    ORANGE: "X", GREEN: "o", SKY: "^", "#AA4499": "s", "#F0E442": "D", "#0050A0": "P",
    "#C04020": "v", "#7A5C3A": "*", "#303030": "p", "#88CC33": "h", "#F0A0B8": "<", "#9A9A9A": ">",
}  # fmt: skip
"""The colours and markers of the classes, class 0 first. With more classes, both repeat."""
MOST_POINTS = 2_000  # in a scatter plot; of more rows, it shows a part and says so
MOST_CLASSES = 20  # in a legend; of more classes, it names the first and says how many there are
MOST_TIED = 2  # names of equal values in a heading
MOST_LETTERS = 24  # of a name from the data; a longer one is shortened in its middle

TICKS = 10.5  # the size of the labels of ticks
# The values of seaborn's style "whitegrid" and context "paper" are written out where they differ
# from Matplotlib's own: to import seaborn takes longer than to draw most figures.
LOOK: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with Matplotlib: the same on every machine
    "font.size": 11,
    "text.color": "#222222",
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "axes.labelcolor": "#222222",
    "axes.edgecolor": "#999999",
    "axes.linewidth": 1.0,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "xtick.labelsize": TICKS,
    "ytick.labelsize": TICKS,
    "xtick.color": "#222222",
    "ytick.color": "#222222",
    "xtick.bottom": False,
    "ytick.left": False,
    "xtick.major.width": 1.0,
    "ytick.major.width": 1.0,
    "xtick.minor.width": 0.8,
    "ytick.minor.width": 0.8,
    "xtick.major.size": 4.8,  # keeps labels off the axis, although ticks are not drawn
    "ytick.major.size": 4.8,
    "xtick.minor.size": 3.2,
    "ytick.minor.size": 3.2,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.8,
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
    "patch.linewidth": 0.8,
    "legend.fontsize": 10.5,
    "legend.title_fontsize": 10.5,
    "legend.frameon": False,
    "svg.fonttype": "none",  # real text, which can be searched, copied and read aloud
    "svg.hashsalt": "backprop",
}
FONT = "DejaVu Sans"
FALLBACKS = f"'{FONT}', Verdana, 'Bitstream Vera Sans', sans-serif"  # Verdana is about as wide
HEADING: dict[str, Any] = {"fontsize": 13, "fontweight": "bold"}
NUMBERS = ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3))
"""Which numbers of a decade may be written on a logarithmic axis: the first that have room."""
ROOM_OF_NUMBER = {"x": 0.4, "y": 0.18}  # inches


def look() -> Any:
    """Return the context in which figures are drawn and written."""
    return mpl.rc_context(LOOK)  # type: ignore[arg-type]


def canvas(height: float, **layout: Any) -> tuple[Figure, Any]:
    """Return a figure of the report's width and its axes.

    Parameters
    ----------
    height : float
        In inches; more than `HEIGHT` is cut to `HEIGHT`.
    **layout
        As `matplotlib.figure.Figure.subplots` takes them.
    """
    figure = blank(height)
    return figure, figure.subplots(**layout)


def panels(count: int, above: float, height: float) -> tuple[Figure, Any]:
    """Return a figure and a grid of axes that share their scales.

    Parameters
    ----------
    count : int
        The panels that are needed, at least 1; the grid may have more.
    above, height : float
        Inches for heading and legend, and for each of several rows; a single one is higher.
    """
    columns = {1: 1, 2: 2, 3: 3, 4: 2}.get(count, 3 if count <= 9 else 4)
    rows = -(-count // columns)
    inches = above + height * rows * (1.5 if rows == 1 else 1)
    return canvas(inches, nrows=rows, ncols=columns, sharex=True, sharey=True, squeeze=False)


def blank(height: float) -> Figure:
    """Return a figure of the report's width without axes."""
    figure = Figure(figsize=(WIDTH, min(height, HEIGHT)), layout="constrained")
    FigureCanvasSVG(figure)
    return figure


def note(text: str) -> Figure:
    """Return a figure that is one sentence."""
    figure = blank(0.8)
    figure.set_layout_engine("none")  # there is nothing to lay out
    head(figure, text)
    return figure


def lay_out(figure: Figure) -> None:
    """Give the axes of a figure their places, as `svg` does."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)


def head(figure: Figure, text: str) -> None:
    """Write the heading of a figure: what its numbers show. It has as many lines as it needs."""
    top = 1 - 6 / 72 / figure.get_figheight()
    heading = figure.suptitle(text, x=0.01, y=top, ha="left", va="top", **HEADING)
    room = 0.97 * 72 * WIDTH / HEADING["fontsize"]
    heading.set_text("\n".join(_balanced(text, room)))
    heading.set_in_layout(False)  # the layout would put it on the legend
    layout = figure.get_layout_engine()
    if isinstance(layout, ConstrainedLayoutEngine):
        layout.set(rect=(0, 0, 1, _top(figure)))


def _top(figure: Figure) -> float:
    """Return where in a figure its heading ends, as a share of its height."""
    lines = figure.get_suptitle().count("\n") + 1 if figure.get_suptitle() else 0
    points = (1.4 * HEADING["fontsize"] * lines + 12) * (lines > 0)
    return 1 - points / 72 / figure.get_figheight()


def svg(figure: Figure, title: str = "") -> bytes:
    """Return a figure as SVG; equal figures have equal bytes.

    Parameters
    ----------
    figure : Figure
    title : str
        The heading of a figure that has none.
    """
    if title and not figure.get_suptitle():
        head(figure, title)
    lay_out(figure)
    figure.set_layout_engine("none")
    for each in figure.legends:  # only now: the layout makes room for a legend without a place
        each.set_bbox_to_anchor((0, 0, 1, _top(figure)), figure.transFigure)
    for ax in figure.axes:  # the last bits of the layout depend on the order of its work
        ax.set_position(np.round(ax.get_position(original=True).bounds, 6).tolist())
    figure.dpi = mpl.rcParams["figure.dpi"]  # the layout has left it at that of SVG
    content = io.BytesIO()
    # Not `savefig`, which draws everything once more before it writes.
    FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
    picture = re.sub("<text style=[^<>]*>[^<]*</text>", _keep_width, content.getvalue().decode())
    picture = picture.replace(f"'{FONT}'", FALLBACKS)
    start, end = re.split("(?<=<svg)", picture, maxsplit=1)
    tag, rest = end.split(">", 1)
    named = ' role="img" aria-labelledby="title description"'
    title, described = (escape(_plain(text)) for text in (figure.get_suptitle(), _describe(figure)))
    words = f'<title id="title">{title}</title>\n <desc id="description">{described}</desc>'
    return f"{start}{named}{tag}>\n {words}{rest}".encode()


def _plain(text: str) -> str:
    """Return a text of a figure without the marks that only Matplotlib reads, on one line."""
    return " ".join(text.replace(r"\$", "$").split())


def _describe(figure: Figure) -> str:
    """Return in words which axes and panels a figure has, and its legend."""
    axes = [ax for ax in figure.axes if ax.get_visible()]
    parts = {
        "Panels": [ax.get_title(loc="left") for ax in axes],
        "Across": [ax.get_xlabel() for ax in axes],
        "Up": [ax.get_ylabel() for ax in axes],
        "Lines": [label.get_text() for ax in axes[:1] for label in ax.get_yticklabels()],
        "Legend": [text.get_text() for legend in figure.legends for text in legend.get_texts()],
    }
    if all(re.fullmatch(r"[-\u2212+.\d]*", text) for text in parts["Lines"]):  # an axis of numbers
        del parts["Lines"]
    texts = {name: "; ".join(dict.fromkeys(filter(None, each))) for name, each in parts.items()}
    return " ".join(f"{name}: {text}." for name, text in texts.items() if text)


def _keep_width(text: re.Match[str]) -> str:
    """Give a text of an SVG file the width that it has in `FONT`, whatever font a reader has."""
    tag, words = re.split("(?<=[^-])>", text[0].removesuffix("</text>"), maxsplit=1)
    words = unescape(words)
    size = re.search(r"font-size: ([.\d]+)px", tag)
    weight = "bold" if "font-weight: 700" in tag else "normal"
    if not size or not words.strip() or not set(map(ord, words)) <= _letters(weight):
        return text[0]
    font = FontProperties(family=FONT, weight=weight, size=float(size[1]))
    # Between two bars, because the blanks before and after a word belong to its width.
    whole, bars = (
        text_to_path.get_text_width_height_descent(each, font, ismath=False)[0]
        for each in (f"|{words}|", "||")
    )
    length = f' textLength="{whole - bars:.2f}" lengthAdjust="spacingAndGlyphs">'
    return f"{tag}{length}{escape(words)}</text>"


@cache
def _letters(weight: str) -> frozenset[int]:
    """Return the characters that `FONT` has."""
    return frozenset(get_font(findfont(FontProperties(family=FONT, weight=weight))).get_charmap())


def text_colour(background: Any) -> str:
    """Return black or white, what has more contrast: at least 4.58 on any colour."""
    return max(("black", "white"), key=lambda colour: contrast(colour, background))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Any) -> float:
    """Return the relative luminance of a colour, from 0 to 1 (WCAG 2.1)."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def legend(figure: Figure, handles: Iterable[Artist], columns: int = 5) -> None:
    """Put a legend above everything else, in at most this number of columns."""
    handles = list(handles)
    for count in range(min(columns, len(handles)), 0, -1):
        candidate = figure.legend(
            handles=handles,
            # Matplotlib leaves out a label that begins with "_".
            labels=[re.sub("^_", " _", str(handle.get_label())) for handle in handles],
            loc="outside upper center",
            ncols=count,
            handlelength=2.4,
        )
        if count == 1 or candidate.get_window_extent().width <= 0.99 * figure.bbox.width:
            break
        candidate.remove()


def key(model: str, *, marker: bool = True, line: bool = False) -> Line2D:
    """Return the legend's entry of a model."""
    entry = MODELS[model]
    return Line2D(
        [], [], color=entry.colour, marker=entry.marker if marker else "",
        linestyle=entry.line if line else "", label=entry.label, markersize=7,
    )  # fmt: skip


def symbol(label: str, **line: Any) -> Line2D:
    """Return the legend's entry of a marker or a line."""
    return Line2D([], [], **{"color": GREY, "linestyle": "", "markersize": 7, **line}, label=label)


def guessing_line() -> Line2D:
    """Return the legend's entry of the score of always the commonest class."""
    return symbol("always the commonest class", **GUESSING)


def area(label: str, colour: str, alpha: float = 0.15) -> Patch:
    """Return the legend's entry of a shaded region."""
    return Patch(facecolor=colour, alpha=alpha, label=label)


def class_colour(c: int) -> str:
    """Return the colour of class c."""
    return list(CLASSES)[c % len(CLASSES)]


def class_marker(c: int) -> str:
    """Return the marker of class c. Classes of one colour have different markers."""
    return list(CLASSES.values())[(c + c // len(CLASSES)) % len(CLASSES)]


def class_symbols(names: Sequence[str], **marker: Any) -> list[Line2D]:
    """Return the legend's entries of the classes; of two classes, class 1 is the first.

    Parameters
    ----------
    names : sequence of str
    **marker
        What differs from a class's own marker with a black edge.
    """
    order = (1, 0) if len(names) == 2 else range(min(len(names), MOST_CLASSES))
    symbols = []
    for c in order:
        own = {"marker": class_marker(c), "color": class_colour(c), "markeredgecolor": "black"}
        symbols.append(symbol(names[c], **{**own, "markersize": 8, **marker}))
    if len(names) > len(CLASSES):
        symbols.append(symbol(f"(after {len(CLASSES)} classes, colours repeat)", marker=""))
    if len(names) > len(order):
        symbols.append(symbol(f"(the first {len(order)} of {len(names)} classes)", marker=""))
    return symbols


def drawn_rows(count: int) -> Integers:
    """Return which rows a scatter plot shows: `MOST_POINTS` at most, spread over all."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(np.int64))


def share_drawn(drawn: int, count: int, plural: str) -> list[Line2D]:
    """Return the legend's entry that says how many rows are drawn, if these are not all."""
    return [symbol(f"({drawn:,} of {count:,} {plural} drawn)", marker="")] * (drawn < count)


def brief(name: str, letters: int = MOST_LETTERS) -> str:
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


def remark(ax: Axes, y: float, reasons: Mapping[str, str]) -> None:
    """Write on a line of a figure why models have no mark there."""
    texts = list(reasons.values())
    if len(set(texts)) > 1:
        texts = [f"{MODELS[model].label}: {reason}" for model, reason in reasons.items()]
    text = "; ".join(dict.fromkeys(texts))
    across = ax.get_yaxis_transform()
    ax.text(0.02, y, text, transform=across, va="center", fontsize=10, color=GREY)


HOLLOW = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": GREY}


def hollow_mark() -> Line2D:
    """Return the legend's entry of the one meaning of hollow marks."""
    return symbol("fits unlearned, diverged or chaotic", **HOLLOW)


def mean_mark(ax: Axes, x: float, y: float, model: str, *, hollow: bool, **line: Any) -> None:
    """Draw the mark of a model's mean, see `Study.hollow`."""
    entry = MODELS[model]
    ax.plot(
        x, y, entry.marker, color="white" if hollow else entry.colour,
        **{"markeredgecolor": entry.colour if hollow else "white", "zorder": 5, **line},
    )  # fmt: skip


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
    ends = (
        written[min(values, key=values.__getitem__)],
        written[max(values, key=values.__getitem__)],
    )
    names = [[name for name, text in written.items() if text == end] for end in ends]
    first, last = (
        f"{end} ({listed(own if len(own) <= MOST_TIED else [own[0], f'{len(own) - 1} more'])})"
        for end, own in zip(ends, names, strict=True)
    )
    if len(values) == 1:
        return first
    return ends[0] if ends[0] == ends[1] else f"{first} to {last}"


def swarm(values: Array, width: float) -> Array:
    """Return how far to shift each point, so that points of (nearly) equal value are all visible.

    Equal values are put side by side, a fixed step apart. Values that hardly ever repeat are
    scattered. No shift is more than half the width.
    """
    _, groups, counts = np.unique(values.round(9), return_inverse=True, return_counts=True)
    if counts.max(initial=1) <= 4:
        golden = (np.sqrt(5) - 1) / 2
        return (np.arange(len(values)) * golden % 1 - 0.5) * width
    rank = np.zeros(len(values))
    for group, count in enumerate(counts):
        rank[groups == group] = np.arange(count) - (count - 1) / 2
    return rank * width / counts.max()


def offsets(models: Sequence[str], width: float) -> dict[str, float]:
    """Return how far to shift each model, so that models are side by side."""
    places = (np.arange(len(models)) - (len(models) - 1) / 2) * width
    return dict(zip(models, places.tolist(), strict=True))


def lowest(axes: Any) -> list[Axes]:
    """Return the lowest visible axes of each column of a grid, and show their tick labels."""
    visible = [[ax for ax in column if ax.get_visible()] for column in axes.T]
    lowest_axes = [column[-1] for column in visible if column]
    for ax in lowest_axes:
        ax.tick_params(labelbottom=True)
    return lowest_axes


def leftmost(axes: Any) -> list[Axes]:
    """Return the first axes of each row of a grid; of three rows or more, those of the middle one.

    Their labels would overlap.
    """
    rows = len(axes)
    return list(axes[:, 0]) if rows <= 2 else [axes[rows // 2, 0]]


def label_lines(ax: Axes, labels: Sequence[str], title: str) -> None:
    """Give each line of a figure its label, the first at the top.

    Long labels are broken or smaller, so that the axes keep more than half of the width.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    points = 72 * (figure.get_figheight() - AROUND_LINES) / len(labels)
    fitted, size = fit_labels(labels, points)
    ax.set_yticks(range(len(labels)), fitted, fontsize=size)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_ylabel(title)
    ax.grid(visible=False, axis="y")


def fit_labels(labels: Sequence[str], points: float) -> tuple[list[str], float]:
    """Return labels of lines that are so many points apart, broken to fit, and their size.

    It is the largest of `LABEL_SIZES` that has room; a label that has none is shortened.
    """
    texts = [label.replace(r"\$", "$") for label in labels]  # no break between a mark and its $
    for size in LABEL_SIZES:
        most = max(1, int(points / (1.2 * size)))
        broken = [_break(text, LABEL_ROOM / size) for text in texts]
        if max(map(len, broken)) <= most:
            break
    for place, text in enumerate(texts):
        letters = len(text)
        while len(broken[place]) > most:
            letters -= 1
            broken[place] = _break(brief(text, letters), LABEL_ROOM / size)
    return ["\n".join(map(for_figure, lines)) for lines in broken], size


def broken(text: str, inches: float, size: float, weight: str = "normal") -> str:
    """Return a text of a figure with line breaks, so that it is no wider than so many inches."""
    lines = _break(text.replace(r"\$", "$"), 72 * inches / size, weight)
    return "\n".join(map(for_figure, lines))


def inches_of(text: str, size: float = TICKS, weight: str = "normal") -> float:
    """Return the width of a text, which may have several lines."""
    return size / 72 * max(_width(line, weight) for line in text.split("\n"))


def panel_title(ax: Axes, text: str, columns: int, size: float = 11) -> None:
    """Write the title of a panel, of which there are so many side by side."""
    inches = PANELS * WIDTH / columns
    parts = text.split(" (")
    ends = range(1, len(parts) + 1)
    candidates = ["\n(".join([" (".join(parts[:end]), *parts[end:]]) for end in ends]
    # As few lines as there can be, and best one that ends before brackets.
    texts = [broken(each, inches, size, "bold") for each in candidates]
    ax.set_title(min(texts, key=lambda title: title.count("\n")), fontsize=size)


def is_long(label: str) -> bool:
    """Return whether a label of a line needs several lines of text, even at the smallest size."""
    return _width(label) > LABEL_ROOM / LABEL_SIZES[-1]


def _break(text: str, room: float, weight: str = "normal") -> list[str]:
    """Break a text into lines that have room, in points at a size of 1 point."""
    lines = text.split("\n")
    letters = max(map(len, lines))
    while letters > 1 and max(_width(line, weight) for line in lines) > room:
        letters -= 1
        lines = [part for line in text.split("\n") for part in textwrap.wrap(line, letters)]
    return lines


def _balanced(text: str, room: float) -> list[str]:
    """Break a heading into as few lines as have room, of about equal length.

    Short brackets, such as ``(5 hidden nodes)``, are not broken.
    """
    text = re.sub(r"\([^()]{1,30}\)", lambda part: part[0].replace(" ", UNBROKEN), text)
    lines = _break(text, room, HEADING["fontweight"])
    for letters in range(max(map(len, lines)), 1, -1):
        shorter = textwrap.wrap(text, letters)
        if len(shorter) > len(lines):
            break
        lines = shorter
    return [line.replace(UNBROKEN, " ") for line in lines]


@cache
def _width(text: str, weight: str = "normal") -> float:
    """Return the width of a text in points, at a size of 1 point."""
    font = FontProperties(family=FONT, weight=weight, size=100)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 100


def title_of_lines(title: str, which: str, shown: int, count: int, plural: str) -> str:
    """Return the title of the axis, which says how many lines are shown if that is not all."""
    return title if count <= shown else f"The {which} {shown} of {count} {plural}"


def hide(axes: Iterable[Axes]) -> None:
    """Hide axes that have nothing to show."""
    for ax in axes:
        ax.set_visible(False)


def logarithmic(axis: Any, values: Array) -> None:
    """Make an axis logarithmic, from the smallest of some values that are drawn.

    An interval may end at 0, which has no place on it: it then ends at the edge.
    """
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    plain_numbers(axis)
    positive = values[np.isfinite(values) & (values > 0)]
    if len(positive):
        place = "xy".index(axis.axis_name)
        group = getattr(axis.axes, f"get_shared_{axis.axis_name}_axes")().get_siblings(axis.axes)
        highest = max(ax.dataLim.max[place] for ax in group)
        if np.isfinite(highest):
            axis.axes.set(**{f"{axis.axis_name}lim": (0.8 * positive.min(), 1.25 * highest)})


def plain_numbers(axis: Any) -> None:
    """Label a logarithmic axis with plain numbers."""
    axis.set_major_locator(PlainNumbers())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())


class PlainNumbers(LogLocator):
    """As many numbers of each decade as the axis has room for, however long it is."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the numbers from one value to another."""
        axis: Any = self.axis
        box, room = axis.axes.bbox, ROOM_OF_NUMBER[axis.axis_name]
        length = box.width if axis.axis_name == "x" else box.height
        decade = length / axis.axes.figure.dpi / np.log10(max(vmax / vmin, 1.01))
        gaps = {subs: np.diff(np.log10([*subs, 10])).min() for subs in NUMBERS}
        subs = next((subs for subs in NUMBERS if gaps[subs] * decade >= room), (1,))
        for each in (subs, (1,)):  # Matplotlib writes none if it leaves out whole decades
            self.set_params(subs=each)
            numbers = super().tick_values(vmin, vmax)
            if len(numbers):
                break
        return numbers

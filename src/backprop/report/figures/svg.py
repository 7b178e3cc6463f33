"""Figures as SVG: equal figures are equal files, with text that is as wide in any font."""

import io
import re
from functools import cache
from xml.sax.saxutils import escape, unescape

import matplotlib as mpl
import numpy as np
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from backprop.report.figures import labels, look

DOT = re.compile(r"(M([-.\d]+ [-.\d]+))L\2(?=M|$)")  # a line without a length
# What Matplotlib writes at each text: the font, which is written once, and a rotation by 0 degrees.
OF_EACH_TEXT = rf"(?<=[ \"])font-family: '{look.FONT}'(?:; )?| transform=\"rotate\(-?0 [^\"]*\""
NUMBER = re.compile(r"[-\u2212+.\d]*%?|\$.*\$")  # at an axis; \$ is a dollar of a name
REFERENCE = r"""(?<=[("']#)[^)"']+"""  # to an element of a picture
FALLBACKS = f"'{look.FONT}', Verdana, 'Bitstream Vera Sans', sans-serif"  # Verdana is about as wide


def to_bytes(figure: Figure, title: str = "") -> bytes:
    """Return a figure as SVG; equal figures have equal bytes.

    Parameters
    ----------
    figure : Figure
    title : str
        The heading of a figure that has none.
    """
    if not labels.heading_of(figure):
        labels.head(figure, title)
    return named_bytes(figure, _plain(labels.heading_of(figure)), _plain(_describe(figure)))


def named_bytes(figure: Figure, title: str, description: str) -> bytes:
    """Return a figure as SVG, whose title and description only other programs see."""
    look.lay_out(figure)
    figure.set_layout_engine("none")
    for ax in figure.axes:  # the last bits of the layout depend on the order of its work
        ax.set_position(np.round(ax.get_position(original=True).bounds, 6).tolist())
    figure.dpi = mpl.rcParams["figure.dpi"]  # the layout has left it at SVG's
    content = io.BytesIO()
    # Not `savefig`, which draws everything once more before it writes.
    FigureCanvasSVG(figure).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
    picture = re.sub("<text style=[^<>]*>[^<]*</text>", _keep_width, content.getvalue().decode())
    picture = re.sub(OF_EACH_TEXT, "", picture)
    picture = re.sub(r' (d|x|y)="([^"]*)"', _shorten, picture)
    start, end = re.split("(?<=<svg)", picture, maxsplit=1)
    tag, rest = end.split(">", 1)
    named = f' style="font-family: {FALLBACKS}" role="img" aria-labelledby="title description"'
    title, description = escape(title), escape(description)
    words = f'<title id="title">{title}</title>\n <desc id="description">{description}</desc>'
    return f"{start}{named}{tag}>\n {words}{rest}".encode()


def inline(picture: bytes, name: str) -> Markup:
    """Return a picture as an element of HTML, whose identifiers no other one has."""
    element = re.sub("^.*?(?=<svg)|<metadata>.*?</metadata>", "", picture.decode(), flags=re.DOTALL)
    element = element.replace('"title description"', f'"title-{name} description-{name}"', 1)
    used = {"title", "description", *re.findall(REFERENCE, element)}
    element = re.sub(
        ' id="([^"]*)"', lambda own: f' id="{own[1]}-{name}"' if own[1] in used else "", element
    )
    element = re.sub(REFERENCE, lambda own: f"{own[0]}-{name}", element)
    element = re.sub(r' (width|height)="[.\d]+pt"', "", element, count=2)
    return Markup(re.sub(r">\s+<", "><", element))  # its texts are escaped


def _plain(text: str) -> str:
    """Return a text of a figure without the marks that only Matplotlib reads, on one line."""
    return " ".join(text.replace(r"\$", "$").replace("-\n", "-").split())


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
    if all(NUMBER.fullmatch(text) for text in parts["Lines"]):
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
    # Between two bars, because the blanks before and after a word belong to its width.
    whole, bars = (look.width_of(each, float(size[1]), weight) for each in (f"|{words}|", "||"))
    length = f' textLength="{whole - bars:.2f}" lengthAdjust="spacingAndGlyphs">'
    return f"{tag}{length}{escape(words)}</text>"


def _shorten(attribute: re.Match[str]) -> str:
    """Write numbers of a picture to a hundredth of a point, and without needless blanks."""
    name, text = attribute.groups()
    text = re.sub(
        r"(?<!\d)\d+\.\d+", lambda each: f"{float(each[0]):.2f}".rstrip("0").rstrip("."), text
    )
    text = re.sub(r"(?<!\s)\s+(?=[A-Za-z])", "", re.sub(r"([A-Za-z])\s+", r"\1", text.strip()))
    return f' {name}="' + DOT.sub(r"\1h0", text) + '"'


@cache
def _letters(weight: str) -> frozenset[int]:
    """Return the characters that `FONT` has."""
    font = FontProperties(family=look.FONT, weight=weight)
    return frozenset(get_font(findfont(font)).get_charmap())

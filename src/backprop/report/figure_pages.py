"""The page of a figure: its picture in two widths, and in one line how to read it."""

import zlib
from base64 import b64encode

from backprop.report.figures.svg import inline
from backprop.report.rendering import rendered

TEMPLATE = "figure_pages.html.jinja"


def figure_page(title: str, reads: str, values: str, wide: bytes, narrow: bytes) -> str:
    """Return a page that shows the picture that has room.

    Parameters
    ----------
    title : str
        Its heading, which the picture has, too.
    reads : str
        How to read the picture.
    values : str
        What the picture shows, as CSV.
    wide, narrow : bytes
        The picture in both widths, from `backprop.report.figures.svg.to_bytes`.

    Returns
    -------
    str
        HTML.
    """
    pictures = {"wide": inline(wide, "wide"), "narrow": inline(narrow, "narrow")}
    packed = b64encode(zlib.compress(values.encode(), 9)).decode()  # a fourth of its size
    return rendered(TEMPLATE, title=title, reads=reads, packed=packed, pictures=pictures)

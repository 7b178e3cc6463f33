"""The page of a figure: its picture in two widths, and in one line how to read it."""

import re

from markupsafe import Markup

from backprop.report.rendering import rendered

TEMPLATE = "figure_pages.html.jinja"
REFERENCE = r"""(?<=[("']#)[^)"']+"""  # to an element of a picture


def figure_page(title: str, reads: str, wide: bytes, narrow: bytes) -> str:
    """Return a page that shows the picture that has room.

    Parameters
    ----------
    title : str
        Its heading, which the picture has, too.
    reads : str
        How to read the picture.
    wide, narrow : bytes
        The picture in both widths, from `backprop.report.figures.svg.to_bytes`.

    Returns
    -------
    str
        HTML.
    """
    pictures = {"wide": _inline(wide, "wide"), "narrow": _inline(narrow, "narrow")}
    return rendered(TEMPLATE, title=title, reads=reads, pictures=pictures)


def _inline(picture: bytes, name: str) -> Markup:
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

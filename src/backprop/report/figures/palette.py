"""The colours of what is no model and no class, each with one meaning.

The colours of the models are in `backprop.models.registry`, and of the classes in
`backprop.report.class_looks`.

Models have dark colours, for thin lines. Classes have light ones, for marks with a black edge. The
verdicts have the two ends of the palette BrBG by Cynthia Brewer, and greys. So no colour means two
things, and people with any kind of colour blindness tell the colours of one palette apart.
"""

from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.typing import ColorType

BLACK, INK, GREY = "#000000", "#222222", "#666666"
ROPE, ROPE_EDGE = "#e2e2e2", "#8c8c8c"  # the region of no practical difference
VERDICTS = {
    "better": "#01665E",
    "worse": "#8C510A",
    "slightly different": "#a8a8a8",
    "practically equal": ROPE,
    "undecided": "#ffffff",
}
SHARES = LinearSegmentedColormap.from_list("shares", ["#f0f0f0", BLACK])
"""From none to all of something, the same wherever a share is a colour."""


def tint(colour: str, depth: float) -> str:
    """Return a colour mixed with white; a depth of 1 is the colour itself."""
    red, green, blue = (depth * part + 1 - depth for part in to_rgb(colour))
    return str(to_hex((red, green, blue)))


def text_colour(background: Any) -> str:
    """Return black or white, what has more contrast: at least 4.58 on any colour."""
    return max(("black", "white"), key=lambda colour: contrast(colour, background))


def contrast(one: ColorType, other: ColorType) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    rgb = np.array([to_rgb(one), to_rgb(other)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    darker, lighter = np.sort(linear @ (0.2126, 0.7152, 0.0722))  # relative luminances
    return float((lighter + 0.05) / (darker + 0.05))

"""What Matplotlib draws of the texts of a figure: where, in which colour, and on what."""

from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg

LEAST_CONTRAST = 4.5  # WCAG 2.1, level AA
SMALLEST = 7  # points; the report shows a point as more than a pixel
DPI = 144
MARGIN = 1.0  # pixels of a text's frame that may touch something


class Drawn(NamedTuple):
    """A line of text: its size in points, its colour, and its frame in pixels.

    The frame is its origin, its axes, and its corners along them.
    """

    text: str
    size: float
    colour: tuple
    origin: np.ndarray
    axes: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def points(self):
        """Return points all over the frame, shape (m, 2)."""
        inner = self.low + MARGIN, np.maximum(self.high - MARGIN, self.low + MARGIN)
        counts = np.maximum((inner[1] - inner[0]).astype(int), 2)
        grid = np.meshgrid(*(np.linspace(a, b, n) for a, b, n in zip(*inner, counts, strict=True)))
        return self.origin + np.stack(grid, axis=-1).reshape(-1, 2) @ self.axes

    def box(self):
        """Return the lowest and the highest x and y of the frame, shape (2, 2)."""
        sides = np.stack([self.low, np.maximum(self.high, self.low + 2 * MARGIN)])
        corners = (
            self.origin + np.array([[x, y] for x in sides[:, 0] for y in sides[:, 1]]) @ self.axes
        )
        return np.stack([corners.min(axis=0), corners.max(axis=0)])

    def overlaps(self, other):
        """Return whether the frame of another text has a point in common with this one."""
        local = (other.points() - self.origin) @ self.axes.T
        inside = (local > self.low + MARGIN) & (local < self.high - MARGIN)
        return bool(inside.all(axis=1).any())


class _WithoutTexts(RendererAgg):
    """Draws everything but texts, which it notes."""

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        turn = np.deg2rad(angle)
        right, up = [np.cos(turn), -np.sin(turn)], [-np.sin(turn), -np.cos(turn)]
        if s.strip():
            low, high = np.array([0, -descent]), np.array([width, height - descent])
            origin, colour = np.array([x, y], dtype=float), gc.get_rgb()[:3]
            self.noted.append(
                Drawn(
                    s, prop.get_size_in_points(), colour, origin, np.array([right, up]), low, high
                )
            )


def drawn_texts(figure):
    """Return the lines of text of a figure, and its picture without them, shape (y, x, 3)."""
    figure.dpi = DPI  # and stays so: texts keep the renderer that drew them
    renderer = _WithoutTexts(*figure.bbox.size, DPI)
    renderer.noted = []
    with mpl.rc_context({"text.hinting": "none"}):  # as in SVG
        figure.draw(renderer)
    return renderer.noted, np.asarray(renderer.buffer_rgba())[..., :3] / 255


def near(texts):
    """Yield the pairs of texts whose boxes overlap, in both orders: few of all pairs."""
    boxes = np.array([text.box() for text in texts]).reshape(-1, 2, 2)
    apart = (boxes[:, np.newaxis, 0] > boxes[np.newaxis, :, 1]).any(axis=2)
    for one, other in zip(*np.nonzero(~(apart | apart.T)), strict=True):
        if one != other:
            yield texts[one], texts[other]


def luminance(rgb):
    """Return the relative luminance of colours, as WCAG 2.1 defines it."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((np.asarray(rgb) + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def lowest_contrast(drawn, picture):
    """Return the lowest contrast of a text with a pixel behind it."""
    x, y = drawn.points().round().astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < picture.shape[1]) & (y < picture.shape[0])
    behind, own = luminance(picture[y[inside], x[inside]]), luminance(np.array(drawn.colour))
    return ((np.maximum(behind, own) + 0.05) / (np.minimum(behind, own) + 0.05)).min()

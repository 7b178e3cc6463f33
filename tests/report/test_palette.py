"""Colours have one meaning, and people with any kind of colour blindness tell them apart.

Colour blindness is simulated by the matrices of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on
Visualization and Computer Graphics 15(6), 2009, for its full severity, on linear RGB. A distance
is that of CIELAB (1976): 2.3 is just noticeable.
"""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from backprop.models.registry import ESTIMATOR_COLOURS, MODELS
from backprop.report import class_looks
from backprop.report.figures import palette
from backprop.report.figures.pairs import COLOURS

VISIONS = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
       [0.0193339, 0.1191920, 0.9503041]]  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])
OF_MODELS = [model.colour for model in MODELS.values()]
OF_CLASSES = list(class_looks.CLASSES)
OF_VERDICTS = [COLOURS["better"], COLOURS["worse"]]
GREYS = [
    palette.VERDICTS[each] for each in ("slightly different", "practically equal", "undecided")
]
APART, BESIDE = 20, 9  # distances: of colours alone, and beside markers or words


def lab(colour, vision="normal"):
    """Return a colour as somebody sees it, in CIELAB."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    x, y, z = np.cbrt(np.maximum(np.array(XYZ) @ seen / WHITE, 1e-9))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(pairs, vision="normal"):
    """Return the smallest distance of two colours, and which they are."""
    return min((np.linalg.norm(lab(a, vision) - lab(b, vision)), a, b) for a, b in pairs)


def test_the_distance_of_colours_is_that_of_cielab():
    assert lab("#ffffff") == pytest.approx([100, 0, 0], abs=0.02)
    assert lab("#ff0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # Lindbloom


@pytest.mark.parametrize("vision", VISIONS)
def test_the_colours_of_a_palette_are_told_apart(vision):
    for colours in (OF_MODELS, OF_CLASSES[:3]):
        assert nearest(itertools.combinations(colours, 2), vision)[0] > APART
    for colours in ([*OF_MODELS, *ESTIMATOR_COLOURS], OF_CLASSES, GREYS, OF_VERDICTS):
        assert nearest(itertools.combinations(colours, 2), vision)[0] > BESIDE


def test_no_colour_has_two_meanings():
    models = [*OF_MODELS, *ESTIMATOR_COLOURS]
    for one, other in itertools.combinations((models, OF_CLASSES, [*OF_VERDICTS, *GREYS]), 2):
        assert nearest(itertools.product(one, other))[0] > BESIDE


def test_models_have_dark_colours_for_lines_and_classes_have_light_ones_for_marks_with_an_edge():
    for colour in (*OF_MODELS, *ESTIMATOR_COLOURS):
        assert palette.contrast(colour, "white") >= 3  # WCAG 2.1, for graphics
    assert palette.contrast(palette.ROPE_EDGE, "white") >= 3
    for colour in class_looks.CLASSES:
        assert palette.contrast(colour, "black") >= 3

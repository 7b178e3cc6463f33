"""The pictures of docs/gallery: each is shown once, and all are small."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

GALLERY = Path(__file__).parents[2] / "docs/gallery"
PICTURES = sorted(GALLERY.glob("*.png"))
MOST_BYTES = 1_500_000  # in all


def test_the_page_of_the_gallery_shows_each_picture_once():
    page = (GALLERY / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert sorted(shown) == [file.name for file in PICTURES]
    assert shown


def test_the_pictures_of_the_gallery_are_small():
    assert sum(file.stat().st_size for file in PICTURES) < MOST_BYTES


@pytest.mark.parametrize("file", PICTURES, ids=lambda file: file.stem)
def test_a_picture_of_the_gallery_shows_something_within_its_frame(file):
    pixels = np.asarray(Image.open(file).convert("L"))
    assert pixels.shape[1] >= 800
    assert (pixels < 128).mean() > 0.005  # dark text and lines
    if not file.stem.endswith("-report"):
        edges = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
        assert all((edge > 240).all() for edge in edges)

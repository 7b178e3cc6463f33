"""The pictures of docs/gallery: each is shown once, and all are small."""

import re
from pathlib import Path

GALLERY = Path(__file__).parents[2] / "docs/gallery"
PICTURES = sorted(GALLERY.glob("*.png"))
MOST_BYTES = 1_500_000  # in all


def test_the_page_of_the_gallery_shows_each_picture_once():
    page = (GALLERY / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert sorted(shown) == [file.name for file in PICTURES]
    assert shown

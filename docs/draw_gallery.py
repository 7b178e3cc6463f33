"""Draw the gallery: landing pages, and three figures of four tables, as small PNG files.

It takes the results of ``make run`` and of ``config/gallery.yaml``, and needs Chromium; `make
gallery` runs all. A change of a figure is then seen in a diff.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs/gallery"
RUNS = {"ex4": ROOT / "results", "small": ROOT / "gallery/results"}
TABLES = {"ex4": "ex4", "iris": "small", "xor": "small", "breast_cancer": "small"}  # by run
FIGURES = ("models-accuracy", "decision_boundaries", "roc")
PAGE = (1400, 900)  # pixels
COLOURS = 64  # of a picture


def photograph(file: Path, size: tuple[int, int], picture: Path) -> None:
    """Write what a browser shows of a file, in few colours."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.png"
        command = [
            "chromium", "--headless", "--no-sandbox", "--hide-scrollbars",
            "--virtual-time-budget=10000", f"--window-size={size[0]},{size[1]}",
            f"--screenshot={photo}", file.resolve().as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        few = Image.open(photo).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(picture, optimize=True)


def size_of(figure: Path) -> tuple[int, int]:
    """Return the width and the height of a figure in pixels."""
    tag = figure.read_text(encoding="utf-8").split("<svg", 1)[1].split(">", 1)[0]
    width, height = (
        round(float(points) * 96 / 72)
        for points in re.findall(r'(?:width|height)="([.\d]+)pt"', tag)
    )
    return width, height


def main(runs: dict[str, Path]) -> None:
    """Write all pictures from the results of the runs."""
    GALLERY.mkdir(exist_ok=True)
    for run, results in runs.items():
        photograph(results / "report.html", PAGE, GALLERY / f"{run}-report.png")
    for table, run in TABLES.items():
        for name in FIGURES:
            figure = runs[run] / table / "plots" / f"{name}.svg"
            photograph(figure, size_of(figure), GALLERY / f"{table}-{name}.png")


if __name__ == "__main__":
    main(dict(zip(RUNS, map(Path, sys.argv[1:]), strict=True)) if sys.argv[1:] else RUNS)

"""Draw the gallery: landing pages, the networks that learn, and figures, as small PNG files.

It takes the results of ``backprop run`` and of ``config/gallery.yaml``, and needs Chromium; `make
gallery` runs all. A change of a figure is then seen in a diff.
"""

import io
import re
import shutil
import time
from pathlib import Path

from PIL import Image
from selenium import webdriver

ROOT = Path(__file__).parents[1]
GALLERY = ROOT / "docs/gallery"
DEFAULT, SMALL = ROOT / "results", ROOT / "gallery/results"  # of config.yaml and of gallery.yaml
TABLES = {"ex4": DEFAULT, "iris": SMALL, "xor": SMALL, "breast_cancer": SMALL}
REPORTS = {"ex4": DEFAULT, "iris": SMALL}  # the small runs have one on all three tables
LIVE = "ex4"  # whose networks train again
TITLES = {
    "ex4": "ex4: 80 students, two exams",
    "iris": "iris: 150 flowers, three classes",
    "xor": "xor: four clusters that no line separates",
    "breast_cancer": "breast cancer: 569 patients, 30 features",
}
FIGURES = {
    "models": "all models compared",
    "decision_boundaries": "the data and what each model predicts",
    "roc": "ROC curves",
}
PAGE_START = """# Gallery

<!-- build: report -->

What the report looks like. `make gallery` draws these pictures again after a change of a figure,
so that the change is seen in a diff. All but the pictures of ex4 are from small runs, see
[config/gallery.yaml](../../config/gallery.yaml)."""
SCREEN = (1400, 900)  # pixels
COLOURS = 160  # of a picture
PATIENCE = 2  # seconds, until a page is drawn


def photograph(browser: webdriver.Chrome, file: Path, size: tuple[int, int], picture: Path) -> None:
    """Write what a browser shows of a file in a window of a size inside, in few colours."""
    screen = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(file.resolve().as_uri())
    time.sleep(PATIENCE)
    photo = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
    few = photo.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def size_of(figure: Path) -> tuple[int, int]:
    """Return the width and the height of a figure in pixels."""
    tag = figure.read_text(encoding="utf-8").split("<svg", 1)[1].split(">", 1)[0]
    width, height = (
        round(float(points) * 96 / 72)
        for points in re.findall(r'(?:width|height)="([.\d]+)pt"', tag)
    )
    return width, height


def write_page() -> None:
    """Write the page of the gallery, with every picture that there is."""
    lines = [PAGE_START]
    for table, title in TITLES.items():
        pictures = {f"{table}-report": "the report", f"{table}-live": "the networks learn"}
        pictures |= {f"{table}-{name}": FIGURES[name] for name in FIGURES}
        shown = [
            f"![{title}: {what}]({name}.png)"
            for name, what in pictures.items()
            if (GALLERY / f"{name}.png").exists()
        ]
        if shown:
            lines += [f"## {title}", *shown]
    (GALLERY / "README.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def draw(browser: webdriver.Chrome) -> None:
    """Write all pictures."""
    for table, results in REPORTS.items():
        own = results / "report" / f"{table}.html"  # of several data sets, each has a report
        report = own if own.exists() else results / "report.html"
        photograph(browser, report, SCREEN, GALLERY / f"{table}-report.png")
    photograph(browser, TABLES[LIVE] / LIVE / "live.html", SCREEN, GALLERY / f"{LIVE}-live.png")
    for table, results in TABLES.items():
        for name in FIGURES:
            figure = results / table / "plots" / f"{name}.svg"
            photograph(browser, figure, size_of(figure), GALLERY / f"{table}-{name}.png")


if __name__ == "__main__":
    GALLERY.mkdir(exist_ok=True)
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    with webdriver.Chrome(options=options, service=service) as browser:
        draw(browser)
    write_page()

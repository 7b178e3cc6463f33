"""Draw the moving picture of the page on which networks train, from the last run: a GIF.

It takes the results of ``backprop run``, and needs Chromium; `make gallery` runs it.
"""

import io
import shutil
import time
from pathlib import Path

from PIL import Image
from selenium import webdriver

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "results/ex4/live.html"
PICTURE = ROOT / "docs/gallery/live.gif"
EPOCHS = [0, 1, 2, 3, 5, 8, 12, 20, 35, 60, 120, 250, 500]
SCREEN = (900, 1000)
COLOURS = 128
DURATION, LAST = 350, 2500  # milliseconds
SHOW = """
    const slider = document.querySelector(".slider input");
    slider.value = arguments[0];
    slider.dispatchEvent(new Event("input"));
"""
SHOWN = "return document.querySelector('.state').textContent.startsWith(`epoch ${arguments[0]} `)"
BOX = """
    const { left, top, right, bottom } = document.querySelector(".panel").getBoundingClientRect();
    return [left, top, right, bottom];
"""


def frames(browser: webdriver.Chrome) -> list[Image.Image]:
    """Return the drawings after each epoch."""
    box = [int(side) for side in browser.execute_script(BOX)]
    shown = []
    for epoch in EPOCHS:
        browser.execute_script(SHOW, epoch)
        while not browser.execute_script(SHOWN, epoch):
            time.sleep(0.05)
        photo = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        shown.append(photo.crop(box).quantize(COLOURS, kmeans=2))
    return shown


if __name__ == "__main__":
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", f"--window-size={SCREEN[0]},{SCREEN[1]}"):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    with webdriver.Chrome(options=options, service=service) as browser:
        browser.get(PAGE.as_uri())
        first, *others = frames(browser)
    durations = [DURATION] * len(others) + [LAST]
    first.save(PICTURE, save_all=True, append_images=others, duration=durations, loop=0)

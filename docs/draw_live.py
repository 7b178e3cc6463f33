"""Draw the moving picture of the page on which networks train, from the last run: a GIF.

The network is first trained to its end, so all four drawings are full from the first picture on.

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
SCREEN = (1200, 1000)
COLOURS = 64
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


def show(browser: webdriver.Chrome, epoch: int) -> None:
    """Show an epoch, and wait until it is drawn."""
    browser.execute_script(SHOW, epoch)
    while not browser.execute_script(SHOWN, epoch):
        time.sleep(0.05)


def frames(browser: webdriver.Chrome) -> list[Image.Image]:
    """Return the drawings after each epoch."""
    show(browser, EPOCHS[-1])
    box = [int(side) for side in browser.execute_script(BOX)]
    shown = []
    for epoch in EPOCHS:
        show(browser, epoch)
        photo = Image.open(io.BytesIO(browser.get_screenshot_as_png())).convert("RGB")
        shown.append(photo.crop(box).quantize(COLOURS, kmeans=2))
    return shown


if __name__ == "__main__":
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", f"--window-size={SCREEN[0]},{SCREEN[1]}"):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    with webdriver.Chrome(options=options, service=service) as browser:
        browser.get(f"{PAGE.as_uri()}#section=watch")
        first, *others = frames(browser)
    durations = [DURATION] * len(others) + [LAST]
    first.save(PICTURE, save_all=True, append_images=others, duration=durations, loop=0)

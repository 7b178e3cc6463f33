"""The finished report in a browser: `make test-report` makes it, and runs this."""

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results"
EYE = "nav a[iconname=eye]"
HOME = "nav li a"


@pytest.fixture(params=["html", "zip"])
def opened(request, browser, tmp_path):
    """Open the report in each of its forms."""
    page = RESULTS / "report.html"
    if request.param == "zip":
        with zipfile.ZipFile(RESULTS / "report.zip") as archive:
            archive.extractall(tmp_path)
        (page,) = tmp_path.glob("**/report.html")
    browser.get(page.as_uri())
    wait(browser, lambda: browser.find_elements(By.XPATH, "//nav//span[text()='Workflow']"))
    return browser


def wait(browser, condition):
    return WebDriverWait(browser, 20).until(lambda _: condition())


def categories(browser):
    spans = browser.find_elements(By.CSS_SELECTOR, "nav li a span")
    return [span.text for span in spans if span.text[:1].isdigit()]


def open_category(browser, name):
    if browser.find_elements(By.LINK_TEXT, "Results"):
        browser.find_element(By.CSS_SELECTOR, HOME).click()
    wait(browser, lambda: browser.find_elements(By.XPATH, f"//nav//span[text()='{name}']"))
    browser.find_element(By.XPATH, f"//nav//span[text()='{name}']").click()
    wait(browser, lambda: browser.find_elements(By.LINK_TEXT, "Results"))


def shown(browser, but=()):
    """Return the source of the picture or page beside the menu, once a new one is loaded."""
    for item in browser.find_elements(By.CSS_SELECTOR, "iframe, div.grow img"):
        source = item.get_attribute("src")
        if source in but:
            return None
        if item.tag_name == "img":
            complete = "return arguments[0].complete && arguments[0].naturalWidth > 0"
            loaded = browser.execute_script(complete, item)
        else:
            browser.switch_to.frame(item)
            loaded = browser.find_elements(By.CSS_SELECTOR, "h1, table")
            browser.switch_to.default_content()
        return loaded and source


def problems(browser):
    """Return the errors of the console, and the URLs that were requested from elsewhere."""
    entries = browser.get_log("browser")
    errors = [entry["message"] for entry in entries if entry["level"] == "SEVERE"]
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if not url.startswith(("file:", "data:", "blob:", "about:", "chrome:")):
                errors.append(url)
    return errors


def test_it_opens_on_the_question_and_the_answer(opened):
    title = opened.find_element(By.CSS_SELECTOR, ".prose h1")
    assert title.text == "Does a back-propagation network do better than logistic regression?"
    assert title.location["y"] >= 0, "the title is cut off"
    text = opened.find_element(By.CSS_SELECTOR, ".prose").text
    assert "Use " in text
    assert text.count("95% interval") > 2
    assert problems(opened) == []


def test_the_ways_to_one_network_agree():
    (file,) = RESULTS.glob("*/tables/parity.csv")
    table = pd.read_csv(file)
    assert len(table) > 10
    assert (table["state"] == "agrees").all()


def test_every_item_of_every_category_opens(opened):
    names = categories(opened)
    assert len(names) > 3
    items: set[str] = set()
    for name in names:
        open_category(opened, name)
        eyes = len(wait(opened, lambda: opened.find_elements(By.CSS_SELECTOR, EYE)))
        for place in range(eyes):
            opened.find_elements(By.CSS_SELECTOR, EYE)[place].click()
            items.add(wait(opened, lambda: shown(opened, but=items)))
            for picture in opened.find_elements(By.CSS_SELECTOR, "div.grow img"):
                assert picture.rect["y"] >= 0, f"{name}, item {place + 1} is cut off at the top"
    pictures = list(RESULTS.glob("*/plots/*.svg"))
    pages = list(RESULTS.glob("*/**/*.html"))
    assert len(items) == len(pictures) + len(pages)
    assert problems(opened) == []


@pytest.mark.parametrize("page", sorted(RESULTS.glob("*/tables/*.html")), ids=lambda p: p.stem)
def test_a_table_is_sorted_by_a_click_and_searched(browser, page):
    browser.get(page.as_uri())
    table = "table.dataTable tbody tr"
    rows = len(wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, table)))

    def column(place):
        cells = f"document.querySelectorAll('{table} td:nth-child({place})')"
        return browser.execute_script(f"return Array.from({cells}, cell => cell.textContent)")

    heads = [th.text for th in browser.find_elements(By.CSS_SELECTOR, "table.dataTable thead th")]
    paged = bool(browser.find_elements(By.CSS_SELECTOR, ".dt-paging"))
    varying = [n for n in range(1, len(heads) + 1) if len(set(column(n))) > 1]
    assert varying
    for place in varying[:3]:
        head = browser.find_elements(By.CSS_SELECTOR, "table.dataTable thead th")[place - 1]
        head.click()
        wait(browser, lambda head=head: head.get_attribute("aria-sort") == "ascending")
        up = column(place)
        head.click()
        wait(browser, lambda head=head: head.get_attribute("aria-sort") == "descending")
        down = column(place)
        assert up[0] != down[0] if paged else (sorted(up) == sorted(down) and up != down)
    browser.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("no such thing")
    wait(browser, lambda: len(column(2)) < rows or not column(2))
    assert problems(browser) == []

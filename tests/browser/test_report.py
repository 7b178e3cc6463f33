"""The finished report in a browser: `make test-report` runs this."""

import base64
import io
import json
import re
import zipfile
import zlib
from contextlib import contextmanager

import numpy as np
import pytest
import yaml
from full_config import typed
from PIL import Image
from project import ROOT
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from backprop.report import contents
from backprop.report.wording.columns import GROUPS

CONFIG = typed(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
TABLES = contents.pages(CONFIG, "ex4")
EYE = "nav a[iconname=eye]"
HOME = "nav li a"


@pytest.fixture(params=["html", "zip"])
def opened(request, results, browser, tmp_path):
    """Open the report in each of its forms."""
    page = results / "report.html"
    if request.param == "zip":
        with zipfile.ZipFile(results / "report.zip") as archive:
            archive.extractall(tmp_path)
        (page,) = tmp_path.glob("**/report.html")
    browser.set_window_size(1400, 900)
    browser.get(page.as_uri())
    wait(browser, lambda: browser.find_elements(By.XPATH, "//nav//span[text()='Workflow']"))
    return browser


def wait(browser, condition):
    """Ask until the condition holds, also while the page draws what it asks about."""
    patient = WebDriverWait(browser, 60, ignored_exceptions=[StaleElementReferenceException])
    return patient.until(lambda _: condition())


@contextmanager
def printing(browser):
    """Let the browser show what it prints."""
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def printed(browser):
    """Return the page as it is printed on A4."""
    options = {"paperWidth": 8.27, "paperHeight": 11.69}
    return base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", options)["data"])


def sheets(document):
    return len(re.findall(rb"/Type\s*/Page\b", document))


@contextmanager
def screen(browser, width, height=844, *, dark=False, mobile=False):
    """Give the browser a screen of another size and theme for a while."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
    theme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": theme})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


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
    """Return the source of the page beside the menu, once a new one is loaded."""
    for item in browser.find_elements(By.CSS_SELECTOR, "iframe"):
        source = item.get_attribute("src")
        if source in but:
            return None
        browser.switch_to.frame(item)
        loaded = browser.find_elements(By.CSS_SELECTOR, "h1, table")
        browser.switch_to.default_content()
        return loaded and source


def test_it_opens_on_the_question_and_the_answer(opened):
    title = opened.find_element(By.CSS_SELECTOR, ".prose h1")
    assert title.text == "Does a back-propagation network do better than logistic regression?"
    assert title.location["y"] >= 0, "the title is cut off"
    text = opened.find_element(By.CSS_SELECTOR, ".prose").text
    assert "Use " in text
    assert "95% interval" in text


def test_every_item_of_every_category_opens(opened, results):
    names = categories(opened)
    assert len(names) > 3
    items: set[str] = set()
    for name in names:
        open_category(opened, name)
        eyes = len(wait(opened, lambda: opened.find_elements(By.CSS_SELECTOR, EYE)))
        for place in range(eyes):
            opened.find_elements(By.CSS_SELECTOR, EYE)[place].click()
            items.add(wait(opened, lambda: shown(opened, but=items)))
    (left_out,) = (
        each["left_out"]
        for each in json.loads((results / "summary.json").read_text())["datasets"].values()
    )
    files = [*results.glob("*/**/*.html")]
    shown_files = [file for file in files if not {*file.stem.split("-")} & {*left_out}]
    assert len(items) == len(shown_files) < len(files)


@pytest.mark.parametrize("width", [920, 1280, 1500])
def test_the_menu_covers_nothing_and_nothing_is_cut_off_at_the_right(opened, width):
    opened.set_window_size(width, 900)
    nav = opened.find_element(By.CSS_SELECTOR, "nav")
    prose = opened.find_element(By.CSS_SELECTOR, ".prose")
    # The menu takes a moment to get its width, and moves the text meanwhile.
    wait(opened, lambda: nav.rect["x"] + nav.rect["width"] <= prose.rect["x"])
    moves = "return document.getAnimations().some(a => a.playState == 'running')"
    wait(opened, lambda: not opened.execute_script(moves))
    text = prose.rect
    plot = opened.find_element(By.CSS_SELECTOR, ".prose svg.wide").rect
    assert plot["width"] > 0, "it is hidden"
    assert text["x"] + text["width"] <= width
    assert text["x"] <= plot["x"] < plot["x"] + plot["width"] <= text["x"] + text["width"]
    scroll = "return document.documentElement.scrollWidth <= window.innerWidth"
    assert opened.execute_script(scroll)
    content = opened.find_element(By.CSS_SELECTOR, "div.overflow-auto")
    scroll = "return arguments[0].scrollWidth <= arguments[0].clientWidth"
    assert opened.execute_script(scroll, content)


@pytest.mark.parametrize(
    ("width", "drawn", "other"), [(390, "narrow", "wide"), (880, "wide", "narrow")]
)
def test_where_there_is_little_room_the_menu_is_above_the_text_which_has_the_whole_width(
    opened, width, drawn, other
):
    with screen(opened, width, mobile=True):
        nav = opened.find_element(By.CSS_SELECTOR, "nav")
        prose = opened.find_element(By.CSS_SELECTOR, ".prose")
        wait(opened, lambda: nav.rect["width"] == width)
        assert nav.rect["y"] + nav.rect["height"] <= prose.rect["y"] < 300
        assert prose.rect["width"] > min(width - 50, 700)
        assert opened.find_element(By.CSS_SELECTOR, f".prose svg.{drawn}").is_displayed()
        assert not opened.find_element(By.CSS_SELECTOR, f".prose svg.{other}").is_displayed()
        assert opened.execute_script("return document.documentElement.scrollWidth") == width


def right_edge(png):
    """Return the usual brightness near the right edge of a picture, from 0 to 255."""
    return np.median(np.asarray(Image.open(io.BytesIO(png)).convert("L"))[:, -3].astype(int))


def is_shadow(brightness, *, dark):
    return brightness > 100 if dark else brightness < 180


def is_paper(brightness, *, dark):
    return brightness < 40 if dark else brightness == 255


@pytest.mark.parametrize("dark", [False, True])
def test_a_shadow_at_the_right_edge_of_a_page_says_that_there_is_more(browser, results, dark):
    def edge(is_so):
        """Wait until the edge is so: a page takes a moment to show where it is scrolled to."""
        return wait(browser, lambda: is_so(right_edge(browser.get_screenshot_as_png()), dark=dark))

    browser.get(page_of(results, "configurations").as_uri())
    with screen(browser, 390, dark=dark, mobile=True):
        assert edge(is_shadow)
        browser.execute_script("window.scrollTo(document.documentElement.scrollWidth, 200)")
        assert edge(is_paper)
    with screen(browser, 1400, dark=dark, mobile=True):
        assert edge(is_paper), "there is no more"
        browser.get(page_of(results, "comparison").as_uri())
        assert edge(is_paper), "there is no more, and the page is shorter than the window"


def test_the_graph_of_the_rules_is_behind_the_menu_alone(opened):
    assert not opened.find_elements(By.CSS_SELECTOR, "div#rulegraph")
    opened.find_element(By.XPATH, "//nav//span[text()='Workflow']").click()
    graph = "div#rulegraph svg, div#rulegraph canvas"
    wait(opened, lambda: opened.find_elements(By.CSS_SELECTOR, graph))
    assert not opened.find_element(By.CSS_SELECTOR, ".prose").is_displayed()
    opened.find_element(By.CSS_SELECTOR, HOME).click()
    wait(opened, lambda: opened.find_element(By.CSS_SELECTOR, ".prose").is_displayed())


def figure_pages(results):
    return sorted(results.glob("ex4/plots/*.html"))


@pytest.mark.parametrize(("width", "name"), [(1120, "wide"), (640, "wide"), (374, "narrow")])
def test_a_figure_has_one_picture_that_fits_and_text_of_eight_points(browser, results, width, name):
    with screen(browser, width):
        for page in figure_pages(results):
            browser.get(page.as_uri())
            (picture,) = (
                each
                for each in browser.find_elements(By.CSS_SELECTOR, "figure > div")
                if each.is_displayed()
            )
            assert picture.get_attribute("class") == name
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width
            scale = (
                "const s = arguments[0].firstChild; return s.clientWidth / s.viewBox.baseVal.width"
            )
            assert 10 * browser.execute_script(scale, picture) >= 8 * 96 / 72 * 0.9, page.name
            assert browser.find_element(By.TAG_NAME, "figcaption").is_displayed()


def test_a_figure_is_printed_on_one_page_with_its_caption(browser, results):
    for page in figure_pages(results):
        browser.get(page.as_uri())
        assert sheets(printed(browser)) == 1, page.name


def test_pages_are_dark_if_the_reader_wants_them_to_be(browser, results):
    with screen(browser, 1400, dark=True):
        for page in (
            figure_pages(results)[0],
            page_of(results, "comparison"),
            results / "report.html",
        ):
            browser.get(page.as_uri())
            colour = browser.execute_script(
                "return getComputedStyle(document.body).backgroundColor"
            )
            assert max(map(int, re.findall(r"\d+", colour)[:3])) < 60, page.name


def test_the_landing_page_prints_without_the_menu(opened):
    with printing(opened):
        assert not opened.find_element(By.CSS_SELECTOR, "nav").is_displayed()
        content = opened.find_element(By.CSS_SELECTOR, "div.overflow-auto")
        whole = "return arguments[0].scrollHeight <= arguments[0].clientHeight"
        assert opened.execute_script(whole, content)
        folded = opened.find_elements(By.CSS_SELECTOR, ".prose details > :not(summary)")
        seen = "return arguments[0].checkVisibility()"
        assert folded
        assert all(opened.execute_script(seen, element) for element in folded)


def test_the_panel_of_an_item_has_a_digest_and_no_parameters(opened):
    results = opened.execute_script("return Object.values(results)")
    for each in results:
        assert re.fullmatch(r"job=[0-9a-f]{16}", each["job_properties"]["params"])


def test_what_is_neither_snakemakes_own_nor_the_live_page_is_at_most_1_5_megabytes(
    results,
):
    page = (results / "report.html").read_text(encoding="utf-8")
    parts = re.findall('(?s)<script id="(?:results|workflow-desc)">(.*?)</script>', page)
    assert len(parts) == 2
    (live,) = results.glob("*/live.html")  # it has a limit of its own
    assert sum(map(len, parts)) - 4 / 3 * live.stat().st_size < 1.5e6


def test_the_menu_leaves_the_room_to_the_item_and_shows_all_names(opened):
    opened.set_window_size(1000, 900)
    open_category(opened, "3 Networks")
    nav = opened.find_element(By.CSS_SELECTOR, "nav.transition-all")
    wait(opened, lambda: nav.rect["width"] == 320)
    fits = "return arguments[0].scrollWidth <= arguments[0].clientWidth"
    assert opened.execute_script(fits, nav)
    numbers = [
        row.find_element(By.CSS_SELECTOR, "td:nth-child(2)").text
        for row in opened.find_elements(By.CSS_SELECTOR, "nav tbody tr")
    ]
    assert numbers == [str(place) for place in range(1, len(numbers) + 1)]
    assert len(numbers) == 3
    assert not opened.find_elements(By.CSS_SELECTOR, "nav fieldset")
    opened.find_element(By.CSS_SELECTOR, "nav h1 a").click()
    wait(opened, lambda: nav.rect["width"] == 0)


def test_in_a_narrow_window_the_menu_is_above_the_item(opened):
    opened.set_window_size(800, 900)
    nav = opened.find_element(By.CSS_SELECTOR, "nav.transition-all")
    wait(opened, lambda: nav.rect["width"] > 700)
    item = opened.find_element(By.CSS_SELECTOR, "div.h-screen.overflow-auto:not(nav)")
    assert nav.rect["y"] + nav.rect["height"] <= item.rect["y"] + 1
    assert item.rect["width"] > 700


def page_of(results, name):
    """Return the page of a table."""
    return results / f"ex4/tables/{name}.html"


def open_table(browser, page):
    """Open the page of a table, the first one of several alone.

    Return the function that reads a column, and the heads.
    """
    browser.get(page.as_uri())
    others = "document.querySelectorAll('section + section').forEach(each => each.remove())"
    browser.execute_script(others)

    def column(head):
        """Return the texts below a head, a list for each group of rows."""
        cells = f":scope > tr:not(.group) > :nth-child({head.get_attribute('data-place')})"
        return browser.execute_script(
            "return Array.from(document.querySelectorAll('tbody'), body =>"
            f' Array.from(body.querySelectorAll("{cells}"), cell => cell.textContent))'
        )

    return column, browser.find_elements(By.CSS_SELECTOR, "thead [data-place]")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_sorted_by_a_click_and_searched(browser, results, name):
    column, heads = open_table(browser, page_of(results, name))
    rows = sum(map(len, column(heads[0]))) if heads else 0
    varying = [head for head in heads if head.is_displayed() and varies(column(head))]
    assert varying or rows < 2
    for head in varying[:3]:
        button = head.find_element(By.TAG_NAME, "button")
        button.click()
        assert head.get_attribute("aria-sort") == "ascending"
        up = column(head)
        button.click()
        assert head.get_attribute("aria-sort") == "descending"
        down = column(head)
        assert [sorted(group) for group in up] == [sorted(group) for group in down]
        assert up != down
    if not rows:
        return
    browser.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("no such thing")
    assert not [
        row for row in browser.find_elements(By.CSS_SELECTOR, "tbody tr")[:50] if row.is_displayed()
    ]
    noun = "row" if rows == 1 else "rows"
    assert browser.find_element(By.TAG_NAME, "output").text == f"0 of {rows:,} {noun}"


def varies(groups):
    """Return whether the cells of a group differ, besides the empty ones."""
    return any(len({cell for cell in cells if cell}) > 1 for cells in groups)


def test_numbers_with_a_unit_or_a_sign_are_sorted_as_numbers(browser, results):
    column, heads = open_table(browser, page_of(results, "configurations"))
    for text in ("estimate", "points"):
        head = next(head for head in heads if head.text == text)
        head.find_element(By.TAG_NAME, "button").click()
        (cells,) = column(head)
        numbers = [
            float(re.sub("[<>%+,]", "", cell).replace("\u2212", "-")) for cell in cells if cell
        ]
        assert numbers == sorted(numbers)
        assert len({*numbers}) > 3


@pytest.mark.parametrize("name", TABLES)
def test_a_table_shows_eight_columns_first_and_a_key_explains_each(browser, results, name):
    _, heads = open_table(browser, page_of(results, name))
    if not heads:  # nothing to warn of
        assert name == "warnings"
        return
    assert sum(head.is_displayed() for head in heads) <= 8
    assert [head.text for head in heads if not head.get_attribute("title")] == []
    explained = browser.find_elements(By.TAG_NAME, "dt")
    assert not any(name.is_displayed() for name in explained)
    browser.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert all(name.is_displayed() for name in explained)
    for button in browser.find_elements(By.CSS_SELECTOR, ".tools button"):
        button.send_keys(Keys.ENTER)
        assert all(head.is_displayed() for head in heads)
    names = {name.text for name in explained}
    spanners = {each.text for each in browser.find_elements(By.CSS_SELECTOR, "thead .spanner")}
    assert spanners - {*GROUPS.values()} <= names
    in_spanners = browser.find_elements(By.CSS_SELECTOR, "thead tr + tr th")
    assert {head.text for head in heads if head not in in_spanners} <= names


def test_a_head_is_above_its_cells(browser, results):
    for name in TABLES:
        _, heads = open_table(browser, page_of(results, name))
        for button in browser.find_elements(By.CSS_SELECTOR, ".tools button"):
            button.click()
        for head in heads:
            place, width = (int(head.get_attribute(a) or 1) for a in ("data-place", "colspan"))
            cells = [
                browser.find_elements(By.CSS_SELECTOR, f"tbody tr:not(.group) > :nth-child({n})")
                for n in range(place, place + width)
            ]
            if cells[0]:
                left, right = cells[0][0].rect, cells[-1][0].rect
                assert head.rect["x"] == pytest.approx(left["x"], abs=1), head.text
                end = right["x"] + right["width"]
                assert head.rect["x"] + head.rect["width"] == pytest.approx(end, abs=1), head.text


def test_a_printed_table_has_no_buttons_and_says_that_columns_are_hidden(browser, results):
    _, heads = open_table(browser, page_of(results, "configurations"))
    (part,) = browser.find_elements(By.CSS_SELECTOR, ".tools .part")
    button, save = browser.find_elements(By.CSS_SELECTOR, ".tools button")
    assert not part.is_displayed()
    with printing(browser):
        assert not button.is_displayed()
        assert not save.is_displayed()
        assert part.text == f"8 of {len(heads)} columns"
        browser.execute_script("arguments[0].click()", button)
        assert all(head.is_displayed() for head in heads)
        assert not part.is_displayed()


def test_the_heads_of_a_table_are_printed_on_each_page(browser, results):
    open_table(browser, page_of(results, "configurations"))
    red = "document.querySelectorAll('th button').forEach(each => each.style.color = '#ff0000')"
    browser.execute_script(red)
    document = printed(browser)
    parts = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL)
    with_heads = sum(b" 1 0 0 rg" in zlib.decompress(part) for part in parts)
    assert with_heads == sheets(document) > 0


def test_the_first_column_and_the_heads_stay_in_sight(browser, results):
    open_table(browser, page_of(results, "configurations"))
    browser.set_window_size(800, 500)
    browser.find_element(By.CSS_SELECTOR, ".tools button").click()
    browser.execute_script("window.scrollTo(600, 400)")
    first = browser.find_element(By.CSS_SELECTOR, "tbody tr:nth-child(20) > th")
    head = browser.find_element(By.TAG_NAME, "thead")
    position = "return arguments[0].getBoundingClientRect()"
    assert browser.execute_script(position, first)["left"] >= 0
    assert 0 <= browser.execute_script(position, head)["top"] <= 1

"""*Walk* and *One node*, in a browser: by the mouse, by the keyboard, with and without a worker."""

import re

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from test_live import click, reload, speak, text
from test_report import screen, wait

SAID = re.compile(r"From \((.*)\), 100 steps take the cost from (.*) to (.*): (\w+)\.")
NO_WORKER = "window.Worker = class { constructor() { throw new Error('forbidden'); } };"


def said(browser):
    """Return the start, the first cost, the last one and the regime of the walk that is shown."""
    wait(browser, lambda: SAID.fullmatch(text(browser, ".walk-said")))
    return SAID.fullmatch(text(browser, ".walk-said")).groups()


def choose(browser, label, option):
    """Choose an option of the section: the values of the reader have selects of the same names."""
    path = f"//div[@class='walk']//label[starts-with(., '{label}')]/select"
    Select(browser.find_element(By.XPATH, path)).select_by_visible_text(option)


def cells(browser):
    """Return the labels of the table once all its walks are calculated."""
    script = "return [...document.querySelectorAll('.regimes button')].map((each) => each.title)"
    wait(browser, lambda: "\N{HORIZONTAL ELLIPSIS}" not in "".join(browser.execute_script(script)))
    return browser.execute_script(script)


@pytest.fixture(params=["with a worker", "without"])
def walk(request, browser, results):
    """Open the section, in English."""
    browser.get((results / "ex4/live.html").as_uri() + "#lang=en")
    if request.param == "without":
        browser.execute_script(NO_WORKER)
    click(browser, "Walk")
    return browser


def test_a_start_is_moved_by_keys_and_dragged_and_the_walk_follows(walk):
    home = said(walk)
    assert home[0] == "0, 0"
    drawing = walk.find_element(By.CSS_SELECTOR, ".walk canvas")
    drawing.send_keys(Keys.RIGHT, Keys.RIGHT, Keys.UP)
    wait(walk, lambda: said(walk)[1] != home[1])
    across, up = map(float, said(walk)[0].split(", "))
    assert across == pytest.approx(2 * up, rel=0.02)
    assert walk.switch_to.active_element == drawing
    ActionChains(walk).move_to_element_with_offset(
        drawing, -60, 40
    ).click_and_hold().move_by_offset(30, 10).release().perform()
    wait(walk, lambda: float(said(walk)[0].split(", ")[1].replace("\N{MINUS SIGN}", "-")) < 0)
    click(walk, "Start of the study")
    wait(walk, lambda: said(walk) == home)


def test_a_cell_of_the_table_sets_rate_and_beta_and_ends_where_it_says(walk):
    said(walk)
    choose(walk, "Optimiser", "Adam")
    labels = cells(walk)
    assert len(labels) == 63
    assert len({re.search(r": (\w+),", label)[1] for label in labels}) >= 3
    for place in (3, 40):
        label = labels[place]
        walk.find_elements(By.CSS_SELECTOR, ".regimes button")[place].click()
        rate, beta, regime, cost = re.fullmatch(
            r"Rate η = (.*), β₁ = (.*): (\w+), the cost ends at (.*)", label
        ).groups()
        wait(walk, lambda cost=cost: said(walk)[2] == cost)
        assert said(walk)[3] == regime
        assert [each.text for each in walk.find_elements(By.CSS_SELECTOR, ".walk output")] == [
            rate, beta,
        ]  # fmt: skip
    walk.switch_to.active_element.send_keys(Keys.LEFT, Keys.UP)
    assert walk.switch_to.active_element.get_attribute("title") == labels[40 - 1 - 9]
    choose(walk, "Optimiser", "gradient descent")
    assert len(cells(walk)) == 9
    assert len(walk.find_elements(By.CSS_SELECTOR, ".walk output")) == 1


def test_two_weights_are_chosen_and_a_slider_is_moved_by_a_key(walk):
    before = said(walk)
    choose(walk, "Plane", "of two weights")
    choose(walk, "Up", "θ")
    wait(walk, lambda: said(walk)[0] != before[0])
    assert "Vertical: θ." in text(walk, ".walk figure")
    assert "All other weights are as after training" in text(walk, ".walk")
    shown = said(walk)
    walk.find_element(By.CSS_SELECTOR, ".walk [type=range]").send_keys(Keys.END)
    wait(walk, lambda: said(walk)[2] != shown[2])
    assert text(walk, ".walk output").split()[0] == "10000"
    speak(walk, "中文")
    wait(walk, lambda: "步使代价从" in text(walk, ".walk-said"))


def test_an_address_keeps_the_network_and_the_walk(browser, results):
    def fold():
        path = "//label[starts-with(., 'Fold')]/select"
        return Select(browser.find_element(By.XPATH, path))

    browser.get((results / "ex4/live.html").as_uri() + "#lang=en")
    click(browser, "Walk")
    fold().select_by_index(2)
    choose(browser, "Plane", "of two weights")
    choose(browser, "Optimiser", "Adam")
    home = said(browser)[0]
    browser.find_element(By.CSS_SELECTOR, ".walk canvas").send_keys(Keys.RIGHT)
    wait(browser, lambda: said(browser)[0] != home)
    start, plane = said(browser)[0], text(browser, ".walk figure .explained")
    assert "fit=0_2" in browser.current_url
    assert "walk=weights_" in browser.current_url
    reload(browser)
    assert said(browser)[0] == start
    assert text(browser, ".walk figure .explained") == plane
    fold().select_by_index(0)
    assert "walk=" not in browser.current_url
    assert "fit=" not in browser.current_url


def test_a_node_is_followed_forwards_and_backwards_by_keys(browser, results):
    browser.get((results / "ex4/live.html").as_uri() + "#section=node&lang=en")
    click(browser, "Next")
    assert text(browser, ".steps p").count("=") >= 4
    browser.switch_to.active_element.send_keys(*[Keys.RIGHT] * 12)
    assert text(browser, ".node-graph h2") == "12 of 12: gradients, backwards"
    shown = browser.find_elements(By.CSS_SELECTOR, ".steps .chain b")
    last = {each.text.removeprefix("= ") for each in shown}
    drawn = text(browser, ".box.now + text + .gradient").replace("∂E: ", "").split()
    assert len(drawn) == len(shown) == 10  # four inputs and weights, the rest, the threshold
    assert set(drawn) == last
    browser.switch_to.active_element.send_keys(Keys.LEFT)
    assert text(browser, ".node-graph h2").startswith("11 of 12")
    path = "//div[@class='node-graph']//label[starts-with(., 'Node')]/select"
    Select(browser.find_element(By.XPATH, path)).select_by_visible_text("b_2")
    assert text(browser, ".node-graph h2").startswith("1 of 12")
    assert "x1 = " in text(browser, ".node-graph svg")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (800, 900), (390, 844)])
def test_the_sections_are_no_wider_than_the_screen(browser, results, width, height):
    with screen(browser, width, height):
        for section in ("Walk", "One node"):
            browser.get((results / "ex4/live.html").as_uri() + "#lang=en")
            click(browser, section)
            wait(browser, lambda: text(browser, ".walk-said, .steps"))
            assert browser.execute_script("return document.documentElement.scrollWidth") <= width


def test_momentum_is_asked_about_and_answered_by_what_the_reader_trains(browser, results):
    browser.get((results / "ex4/live.html").as_uri() + "#step=9&lang=en")
    browser.find_elements(By.CSS_SELECTOR, "[name=prediction]")[1].click()
    path = "//label[starts-with(., 'Speed')]/select"
    Select(browser.find_element(By.XPATH, path)).select_by_visible_text("100")
    click(browser, "Show me")
    wait(browser, lambda: "u adds up gradients" in text(browser, ".found"))
    assert text(browser, ".found").startswith("As you expected. With momentum μ = 0.9 and η = 0.01")
    assert "momentum, η = 0.01" in text(browser, ".network-size")

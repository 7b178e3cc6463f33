"""The page that trains networks, in a browser: every control, in the report's frame and alone."""

import json
import os
import re

import numpy as np
import pandas as pd
import pytest
from lecture import EX4
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select
from test_report import EYE, open_category, printed, printing, screen, sheets, wait

from backprop.exercise import solve

COUNT_WORKERS = """
    window.seen = [0, 0, 0];
    const Own = Worker;
    window.Worker = class extends Own {
      constructor(url) {
        super(url);
        window.seen[0]++;
        this.addEventListener("error", () => window.seen[1]++);
        this.addEventListener("message", () => window.seen[2]++);
      }
    };
"""
TITLES = {"Watch the networks learn", "观察神经网络的学习"}


@pytest.fixture
def page(results):
    """The file of the page."""
    return results / "ex4/live.html"


def small_page(page, folder, splits, configurations, change=lambda known: None):
    """Write the page with its first splits and configurations; return its file and its study."""
    html = page.read_text(encoding="utf-8")
    before, study, after = re.split(r'(?<=id="study">)(.*?)(?=</script>)', html, maxsplit=1)
    known = json.loads(study)
    known["splits"] = known["splits"][:splits]
    for name in ("configurations", "names", "fits"):
        known[name] = known[name][:configurations]
    known["fits"] = [fits[:splits] for fits in known["fits"]]
    change(known)
    small = folder / "live.html"
    study = json.dumps(known).replace("<", "\\u003c")
    small.write_text(f"{before}{study}{after}", encoding="utf-8")
    return small, known


@pytest.fixture(params=["alone", "in the report"])
def live(request, results, page, browser):
    """Open the page, in English."""
    browser.set_window_size(1400, 1100)
    if request.param == "alone":
        browser.get(page.as_uri())
    else:
        browser.get((results / "report.html").as_uri())
        open_category(browser, "3 Networks")
        for place in range(len(wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, EYE)))):
            browser.switch_to.default_content()
            browser.find_elements(By.CSS_SELECTOR, EYE)[place].click()
            if wait(browser, lambda: title(browser)) in TITLES:
                break
    assert browser.find_element(By.CSS_SELECTOR, "h1").text in TITLES
    click(browser, "Watch")
    yield browser
    browser.switch_to.default_content()


def title(browser):
    """Go into the frame that is shown, if there is one, and return its heading."""
    browser.switch_to.default_content()
    if browser.find_elements(By.CSS_SELECTOR, "div.grow img"):
        return "a picture"
    frames = browser.find_elements(By.CSS_SELECTOR, "iframe")
    if not frames:
        return None
    browser.switch_to.frame(frames[0])
    headings = browser.find_elements(By.CSS_SELECTOR, "h1")
    return headings[0].text if headings else None


def click(browser, text):
    browser.find_element(By.XPATH, f"//button[text()='{text}']").click()


def speak(browser, language):
    Select(browser.find_element(By.CSS_SELECTOR, "header select")).select_by_visible_text(language)


def choose(browser, label, text):
    lists = browser.find_elements(By.XPATH, f"//label[starts-with(., '{label}')]/select")
    shown = next(each for each in lists if each.is_displayed())
    Select(shown).select_by_visible_text(text)


def text(browser, selector):
    return " ".join(e.text for e in browser.find_elements(By.CSS_SELECTOR, selector))


def numbers(place, selector):
    texts = [each.text for each in place.find_elements(By.CSS_SELECTOR, selector)]
    return [float(each.replace("\N{MINUS SIGN}", "-")) for each in texts]


def slide(browser, epoch):
    """Drag the slider to an epoch."""
    slider = browser.find_element(By.CSS_SELECTOR, ".slider input")
    script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))"
    browser.execute_script(script, slider, epoch)


def test_a_network_trains_back_and_forth_and_proves_that_it_is_the_same(live):
    click(live, "One epoch")
    wait(live, lambda: "epoch 1 of" in text(live, ".state"))
    choose(live, "Compare with", "50 hidden nodes")
    choose(live, "Speed", "100")
    chart = live.find_elements(By.CSS_SELECTOR, "canvas")[2]
    chart.click()
    wait(live, lambda: "You marked epoch" in text(live, ".proof"))
    click(live, "Play")
    wait(live, lambda: text(live, ".proof").count("Check passed: ") == 2)
    assert "half of the way" in text(live, ".proof")
    slide(live, 40)
    wait(live, lambda: text(live, ".state").count("epoch 40 of") == 2)
    slide(live, 437)  # of more than 400 epochs, not all are kept
    for epoch in (437, 438, 439):
        wait(live, lambda epoch=epoch: text(live, ".state").count(f"epoch {epoch} of") == 2)
        click(live, "One epoch")
    click(live, "Start again")
    assert text(live, ".state").count("epoch 0 of") == 2
    choose(live, "Speed", "1")
    click(live, "Play")
    click(live, "Pause")
    choose(live, "Repeat", "2")
    choose(live, "Fold", "3")
    choose(live, "Configuration", "ReLU")
    assert text(live, "h2") == "ReLU"


def test_an_epoch_is_marked_without_a_mouse(live):
    chart = live.find_elements(By.CSS_SELECTOR, "canvas")[2]
    chart.send_keys(Keys.RIGHT, Keys.RIGHT, Keys.SHIFT + Keys.LEFT)
    step = -(-int(chart.get_attribute("aria-valuemax")) // 100)
    assert f"You marked epoch {2 * step - 1}." in text(live, ".proof")
    click(live, "One epoch")
    wait(live, lambda: "epoch 1 of" in text(live, ".state"))
    live.find_element(By.XPATH, "//button[text()='Mark this epoch']").send_keys(Keys.ENTER)
    assert "You marked epoch 1." in text(live, ".proof")


def test_the_drawings_are_sharp_and_say_which_class_a_mark_is(live):
    sharp = """
        return [...document.querySelectorAll("canvas")].every(
          ({ width, clientWidth }) => width === Math.round(clientWidth * devicePixelRatio))
    """
    for width in (800, 1400):
        live.set_window_size(width, 1100)
        wait(live, lambda: live.execute_script(sharp))
    assert len(live.find_elements(By.CSS_SELECTOR, ".legend svg")) == 2
    assert "probability of" in text(live, ".legend")


def test_the_keys_of_tabs_go_from_one_to_another(live):
    tab = live.find_element(By.CSS_SELECTOR, "[role=tab]")
    for key, name in [(Keys.END, "Teach"), (Keys.RIGHT, "Try it"), (Keys.RIGHT, "Watch")]:
        tab.send_keys(key)
        tab = live.switch_to.active_element
        assert tab.text == name
    tab.send_keys(Keys.HOME)
    assert text(live, "[aria-selected=true]") == "Try it"


def test_fits_are_trained_again_until_the_reader_stops(live):
    click(live, "Prove it")
    live.find_element(By.XPATH, "//button[starts-with(text(), 'Train all')]").click()
    wait(live, lambda: live.find_element(By.CSS_SELECTOR, "progress").get_property("value") > 2)
    click(live, "Stop")
    # In one script: a worker's last answer may draw the table again between two questions.
    row = live.execute_script("return document.querySelector('tbody tr').innerText")
    assert re.match(r"the reference\s([1-9]\d*)\s\1\s", row)  # all that were trained are the same


def test_all_fits_of_a_small_study_are_proved(browser, page, tmp_path):
    """The page with five splits and three configurations, so that it takes seconds."""
    small, known = small_page(page, tmp_path, splits=5, configurations=3)
    browser.get(small.as_uri())
    click(browser, "Prove it")
    click(browser, "Train all 15 fits again")
    wait(browser, lambda: "All 15 fits" in text(browser, "[role=status]"))
    fits = pd.read_csv(page.parent / "tables" / "fits.csv")
    keys = {(split["repeat"] + 1, split["fold"] + 1) for split in known["splits"]}
    own = fits[[key in keys for key in zip(fits["repeat"], fits["fold"], strict=True)]]
    accuracy = own[own["model"] == "scratch"].groupby("configuration")["accuracy"].mean()
    rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
    for row, configuration in zip(rows, known["configurations"], strict=True):
        cells = [cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")]
        assert cells[1:3] == ["5", "5"]
        expected = 100 * accuracy[configuration["name"]]
        assert float(cells[5].removesuffix("%")) == pytest.approx(expected, abs=0.06)
    click(browser, "Watch")
    click(browser, "Prove it")
    assert "All 15 fits" in text(browser, "[role=status]")


def test_the_focus_stays_from_step_to_step_of_an_update(live):
    click(live, "One update")
    live.find_element(By.XPATH, "//button[text()='Next']").send_keys(Keys.ENTER)
    assert live.switch_to.active_element.text == "Next"
    for _ in range(6):  # at the last step, too
        live.switch_to.active_element.send_keys(Keys.RIGHT)
    assert "7 of 7" in text(live, "h2")
    live.switch_to.active_element.send_keys(Keys.LEFT)
    assert "6 of 7" in text(live, "h2")
    live.find_element(By.CSS_SELECTOR, ".update circle").send_keys(Keys.SPACE)
    assert live.switch_to.active_element.tag_name == "circle"
    assert live.execute_script("return window.scrollY") == 0
    live.switch_to.active_element.send_keys(Keys.LEFT)
    assert "5 of 7" in text(live, "h2")
    assert live.switch_to.active_element.tag_name == "circle"
    live.find_element(By.CSS_SELECTOR, ".update .scroll").send_keys(Keys.LEFT)  # in the table, too
    assert "4 of 7" in text(live, "h2")


def test_a_weight_is_dragged_and_all_follows(live):
    click(live, "One update")
    live.execute_script("document.querySelector('.update circle:last-of-type').onclick()")
    click(live, "Next")
    click(live, "Next")
    before = text(live, "tbody"), text(live, ".drags [role=status]")
    slider = live.find_element(By.CSS_SELECTOR, ".drags input")
    slider.send_keys(Keys.END)
    after = text(live, "tbody"), text(live, ".drags [role=status]")
    assert before[0] != after[0]
    assert "no longer numbers of the study" in after[1]
    assert live.switch_to.active_element == slider
    click(live, "Undo the dragging")
    assert (text(live, "tbody"), text(live, ".drags [role=status]")) == before


def test_a_rate_is_dragged_and_a_row_added_and_the_fit_is_trained_again(live):
    slide(live, 30)
    wait(live, lambda: "epoch 30 of" in text(live, ".state"))
    rate = live.find_element(By.CSS_SELECTOR, ".drag input")
    rate.send_keys(Keys.END)
    wait(live, lambda: "epoch 30 of" in text(live, ".state"))
    assert "η = 3.2" in text(live, ".panel h2")
    plane = live.find_elements(By.CSS_SELECTOR, "canvas")[0]
    choose(live, "A click adds", "0")
    plane.click()
    assert "1 row added" in text(live, ".panel h2")
    plane.send_keys(Keys.RIGHT, Keys.UP, Keys.ENTER)
    assert "2 rows added" in text(live, ".panel h2")
    wait(live, lambda: "epoch 30 of" in text(live, ".state"))
    click(live, "Start again")
    assert text(live, ".state").startswith("epoch 0 of")
    assert text(live, ".panel h2") == "the reference, η = 3.2, 2 rows added"
    choose(live, "Fold", "2")
    assert text(live, ".panel h2") == "the reference, 2 rows added"
    click(live, "Undo my changes")
    assert live.switch_to.active_element.text == "Play"
    assert text(live, ".panel h2") == "the reference"
    assert not live.find_elements(By.XPATH, "//button[text()='Undo my changes']")


def test_a_row_is_dragged_and_the_network_follows(live):
    slide(live, 60)
    wait(live, lambda: "epoch 60 of" in text(live, ".state"))
    plane = live.find_element(By.CSS_SELECTOR, "canvas.plane")
    line = "return arguments[0].toDataURL()"
    before = live.execute_script(line, plane), text(live, ".state")
    # Row 1 of ex4, an admitted student, is moved to where the others are.
    across, up = place_of(EX4.x, 0)
    x, y = (across - 0.5) * plane.size["width"], (0.5 - up) * plane.size["height"]
    mouse = ActionChains(live).move_to_element_with_offset(plane, round(x), round(y))
    mouse.click_and_hold().move_by_offset(-10, 10).perform()
    ActionChains(live).move_by_offset(-40, 40).release().perform()
    assert text(live, ".panel h2") == "the reference, 1 row moved"
    wait(live, lambda: "epoch 60 of" in text(live, ".state"))
    assert live.execute_script(line, plane) != before[0]
    click(live, "Undo my changes")
    assert text(live, ".panel h2") == "the reference"
    slide(live, 60)
    wait(live, lambda: text(live, ".state") == before[1])


def place_of(x, row):
    """Return where a row is in the picture, from 0 to 1, from the bottom left."""
    margin = 0.06 * (x.max(axis=0) - x.min(axis=0))
    return (x[row] - x.min(axis=0) + margin) / (x.max(axis=0) - x.min(axis=0) + 2 * margin)


def test_the_first_touch_of_the_data_trains_the_network(live):
    plane = live.find_element(By.CSS_SELECTOR, "canvas.plane")
    plane.send_keys(Keys.RIGHT, Keys.ENTER)
    wait(live, lambda: not text(live, ".state").startswith("epoch 0 of"))
    assert "1 row added" in text(live, ".panel h2")
    click(live, "Pause")
    plane.send_keys(Keys.RIGHT, Keys.SPACE, Keys.LEFT)  # takes hold of the row that was added
    assert "1 row added" in text(live, ".panel h2")
    assert "moved" not in text(live, ".panel h2")


def test_a_mistake_is_found_and_an_exercise_is_checked(live):
    click(live, "Mistakes")
    choose(live, "Mistake", "thresholds not updated")
    assert "A gradient check gives it away" in text(live, "[role=tabpanel]")
    assert len(live.find_elements(By.CSS_SELECTOR, ".wrong-node")) == 11
    click(live, "Train with this mistake")
    wait(live, lambda: "Not the same as the stored fit" in text(live, "[aria-live]"))
    assert "new θ" in text(live, "[aria-live]")
    click(live, "Train with each of them")
    wait(live, lambda: "5 of the 6 mistakes change the" in text(live, "[aria-live]"))
    lines = [row.text for row in live.find_elements(By.CSS_SELECTOR, "tbody tr")]
    assert [" finds it " in row for row in lines] == [False, True, True, True, False, False, False]
    choose(live, "Mistake", "scaling learned from the test rows too")
    assert "of the 6 mistakes" not in text(live, "[aria-live]")
    click(live, "Your exercise")
    live.find_element(By.CSS_SELECTOR, "input[inputmode=numeric]").send_keys("7")
    field = live.find_element(By.CSS_SELECTOR, ".blanks input")
    click(live, "Check")
    assert "Nothing is filled in yet" in text(live, "[role=status]")
    field.send_keys("abc")
    click(live, "Check")
    assert field.get_attribute("class") == "unread"
    field.clear()
    field.send_keys("123")
    click(live, "Check")
    assert field.get_attribute("class") == "wrong"
    assert "The first wrong step is \N{GREEK SMALL LETTER ALPHA}1." in text(live, "[role=status]")
    assert "see the hint" in text(live, ".mark-note")
    assert "0 of 28 are right" in text(live, "[role=status]")
    field.clear()
    field.send_keys(f"{dict(solve(7, EX4))['alpha_1']:.4g}")
    click(live, "Check")
    assert field.get_attribute("class") == "right"
    assert "1 of 28 are right" in text(live, "[role=status]")
    live.find_element(By.CSS_SELECTOR, ".blanks summary").click()
    assert "v1,1 x1" in text(live, ".blanks details")
    live.find_element(By.CSS_SELECTOR, "input[inputmode=numeric]").send_keys("a")
    assert "digits only" in text(live, "[role=status]")


def test_an_exercise_is_printed_on_one_sheet_with_its_number(browser, page):
    browser.get(page.as_uri())
    click(browser, "Your exercise")
    browser.find_element(By.CSS_SELECTOR, "input[inputmode=numeric]").send_keys("20231234")
    with printing(browser):
        assert "Exercise 20231234" in text(browser, "main")
        assert not browser.find_element(By.CSS_SELECTOR, "header").is_displayed()
        assert "python -m" not in text(browser, "main")
    assert sheets(printed(browser)) == 1


def test_own_values_are_marked_and_the_language_is_switched(live):
    live.find_element(By.CSS_SELECTOR, ".own summary").click()
    hidden = live.find_element(By.CSS_SELECTOR, ".own input")
    hidden.clear()
    hidden.send_keys("3x")
    click(live, "Use these values")
    assert "3-3, 3x3 or 3,3" in text(live, ".own [role=status]")
    assert hidden.get_attribute("aria-invalid") == "true"
    hidden.send_keys("3")
    click(live, "Use these values")
    assert text(live, "h2").startswith("3-3, sigmoid")
    speak(live, "中文")
    assert live.find_element(By.CSS_SELECTOR, "h1").text == "观察神经网络的学习"
    assert live.execute_script("return document.title") == "观察神经网络的学习"
    assert "20 个隐藏节点" in text(live, "option")
    speak(live, "English")
    for part in ("Mistakes", "Prove it", "Watch"):
        click(live, part)
        assert "not part of the study (3-3, sigmoid" in text(live, ".own-note")
    click(live, "Back to the study")
    assert text(live, "h2") == "the reference"
    assert text(live, ".own-note") == ""


def test_the_path_asks_shows_and_explains_and_is_taken_up_again(live):
    click(live, "Take the guided path")
    assert "Question 1 of 14" in text(live, ".path")
    click_in(live, ".path", "Next")
    live.find_element(By.XPATH, "//label[contains(., 'All weights')]/input").click()
    click(live, "Show me")
    wait(live, lambda: "numbers change" in text(live, ".found"))
    assert text(live, ".found").startswith("As you expected. 41 of 41 numbers change")
    assert text(live, "[aria-selected=true]") == "One update"
    for _ in range(3):
        click_in(live, ".path", "Next")
    choose(live, "Speed", "100")
    click(live, "Show me")
    wait(live, lambda: "With 50 nodes, the training cost had fallen" in text(live, ".found"))
    assert "by epoch 156; with 10 nodes by epoch 3" in text(live, ".found")
    click(live, "Leave the path")
    click(live, "Your exercise")
    speak(live, "中文")
    click(live, "从第 5 个问题继续")
    assert "第 5 个问题" in text(live, ".path")
    speak(live, "English")
    assert text(live, "[aria-selected=true]") == "Watch"


def test_the_last_question_is_judged_and_its_costs_have_scales_of_their_own(
    browser, page, tmp_path
):
    small, _ = small_page(page, tmp_path, splits=2, configurations=1)
    browser.get(f"{small.as_uri()}#step=14&lang=en")
    browser.find_element(By.CSS_SELECTOR, "[name=prediction]").click()
    assert "of different kinds (cross entropy, squared error)" in text(browser, ".unlike")
    choose(browser, "Speed", "100")
    click(browser, "Show me")
    wait(browser, lambda: "Mean accuracy over 2 splits" in text(browser, ".found"))
    assert re.match("As you expected|Not as you expected; it is: “", text(browser, ".found"))
    options = browser.find_elements(By.CSS_SELECTOR, "[name=prediction]")
    assert not any(option.is_enabled() for option in options)  # the solution was shown
    choose(browser, "Compare with", "nothing")
    assert text(browser, ".unlike") == ""


def test_a_step_of_the_path_has_an_address(browser, page):
    browser.get(f"{page.as_uri()}#step=13")
    assert "If thresholds are never updated" in text(browser, ".path h2")
    click_in(browser, ".path", "Next")
    assert browser.execute_script("return location.hash").startswith("#step=14")
    click(browser, "Leave the path")
    click(browser, "Mistakes")
    assert browser.execute_script("return location.hash") == "#lang=en&section=gallery"
    browser.get("about:blank")
    browser.get(f"{page.as_uri()}#section=update&lang=zh")
    assert text(browser, "[aria-selected=true]") == "一次更新"


def reload(browser):
    """Load the page again: in the report, its frame alone."""
    old = browser.find_element(By.CSS_SELECTOR, "main")
    browser.execute_script("location.reload()")
    wait(browser, lambda: staleness_of(old)(browser))
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, "main"))


def test_what_a_reader_did_survives_a_reload(live):
    click(live, "Your exercise")
    live.find_element(By.CSS_SELECTOR, "[inputmode=numeric]").send_keys("20231234")
    choose(live, "Optimiser", "Adam")
    live.find_elements(By.CSS_SELECTOR, ".blanks input")[2].send_keys("0.125", Keys.TAB)
    click(live, "Take the guided path")
    live.find_elements(By.CSS_SELECTOR, "[name=prediction]")[1].click()
    click_in(live, ".path", "Next")
    speak(live, "中文")
    reload(live)
    assert "第 2 个问题" in text(live, ".path")
    speak(live, "English")
    click_in(live, ".path", "Back")
    assert live.find_elements(By.CSS_SELECTOR, "[name=prediction]")[1].is_selected()
    click(live, "Your exercise")
    fields = live.find_elements(By.CSS_SELECTOR, ".blanks input")
    assert "Exercise 20231234" in text(live, "[role=tabpanel]")
    assert "Adam remembers" in text(live, "[role=tabpanel]")
    assert [each.get_attribute("value") for each in fields[:4]] == ["", "", "0.125", ""]


def test_a_tab_takes_along_what_a_reader_did(live):
    click(live, "Take the guided path")
    click_in(live, ".path", "Next")
    live.find_elements(By.CSS_SELECTOR, "[name=prediction]")[2].click()
    report, windows = live.current_window_handle, {*live.window_handles}
    click(live, "Open in a tab")
    live.switch_to.window(({*live.window_handles} - windows).pop())
    for _ in range(2):
        wait(live, lambda: "Question 2 of 14" in text(live, ".path"))
        assert live.find_elements(By.CSS_SELECTOR, "[name=prediction]")[2].is_selected()
        live.refresh()
    live.close()
    live.switch_to.window(report)


def test_an_answer_after_the_solution_is_not_praised_and_the_path_ends_with_a_summary(live):
    click(live, "Take the guided path")
    click_in(live, ".path", "Next")
    click(live, "Show me")
    wait(live, lambda: "numbers change" in text(live, ".found"))
    assert text(live, ".found").startswith(
        "41 of 41"
    )  # nothing was predicted, so nothing is judged
    reload(live)
    assert not any(e.is_enabled() for e in live.find_elements(By.CSS_SELECTOR, "[name=prediction]"))
    click_in(live, ".path", "Next")
    live.find_elements(By.CSS_SELECTOR, "[name=prediction]")[0].click()
    click(live, "Show me")
    wait(live, lambda: "Mostly it shrinks" in text(live, ".found"))
    assert text(live, ".found").startswith("Not as you expected; it is: “Back from the output, and")
    for _ in range(11):
        click_in(live, ".path", "Next")
    click_in(live, ".path", "Summary")
    lines = [each.text for each in live.find_elements(By.CSS_SELECTOR, ".path li")]
    assert "0 of 1 predictions were right, of 14 questions." in text(live, ".path")
    assert len(lines) == 14
    assert lines[0].endswith("You predicted nothing. The answer was not shown.")
    assert "Not as you expected; it is: “Back" in lines[2]
    assert "Mostly it shrinks" in lines[2]


def test_a_summary_is_printed_alone(browser, page):
    browser.get(f"{page.as_uri()}#step=15&lang=en&answers=2r.1w")
    with printing(browser):
        assert "1 of 2 predictions were right" in text(browser, ".path")
        hidden = browser.find_elements(By.CSS_SELECTOR, "header, [role=tabpanel], .path button")
        assert not any(each.is_displayed() for each in hidden)
    assert sheets(printed(browser)) == 1


def test_the_page_opens_with_a_network_that_trains_and_a_state_is_a_link(browser, page):
    browser.get(f"{page.as_uri()}#lang=en")
    wait(browser, lambda: epoch(browser) > 3)
    click(browser, "Pause")
    stopped = epoch(browser)
    choose(browser, "Hidden nodes", "4-4")
    choose(browser, "Optimiser", "momentum")
    choose(browser, "Data", "two spirals")
    browser.find_element(By.CSS_SELECTOR, ".drag input").send_keys(Keys.RIGHT)
    assert text(browser, ".network-size") == "2-4-4-1, sigmoid, momentum, η = 0.01"
    assert "try=spirals_0.35_4-4_sigmoid_0.01_momentum_1" in browser.current_url
    assert browser.switch_to.active_element.get_attribute("type") == "range"
    click(browser, "Pause")
    assert epoch(browser) != stopped or epoch(browser) < 500
    browser.refresh()
    assert text(browser, ".panel h2") == "two spirals"
    click(browser, "Pause")
    click(browser, "Other starting weights")
    assert "momentum_2" in browser.current_url
    click(browser, "Watch")
    click(browser, "Try it")
    assert text(browser, ".first .main") == "Play"  # it does not train while another tab is shown


def test_with_reduced_motion_the_first_network_waits(browser, page):
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(f"{page.as_uri()}#lang=en")
    assert text(browser, ".first .main") == "Play"
    assert epoch(browser) == 0
    browser.find_element(By.CSS_SELECTOR, ".first .main").send_keys(Keys.ENTER)
    assert text(browser, ".first .main") == "Pause"
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def epoch(browser):
    return int(re.search(r"epoch (\d+) of", text(browser, ".state"))[1])


PIXELS = """
    const [canvas, x, y] = arguments;
    const at = (shift) => {
      const place = [x * canvas.width + shift * devicePixelRatio, y * canvas.height];
      return [...canvas.getContext("2d").getImageData(...place, 1, 1).data].slice(0, 3);
    };
    return [at(0), at(15)];
"""


def test_each_of_three_classes_of_a_table_has_its_colour(live):
    """The rows of a class, the region around them and its mark in the legend have one colour."""
    corners = {"one": (0, 0), "three": (10, 0), "two": (5, 10)}
    rows = "\n".join(f"{x},{y},{name}" for name, (x, y) in corners.items() for _ in range(12))
    click(live, "Your table")
    field = live.find_element(By.CSS_SELECTOR, "textarea")
    live.execute_script("arguments[0].value = arguments[1]", field, f"x,y,kind\n{rows}")
    click(live, "Use this table")
    slide(live, 200)
    wait(live, lambda: "epoch 200 of" in text(live, ".state"))
    marks = live.find_elements(By.CSS_SELECTOR, ".legend polygon")
    legend = [bytes.fromhex(each.get_attribute("fill")[1:]) for each in marks]
    assert len(set(legend)) == 3
    plane = live.find_element(By.CSS_SELECTOR, "canvas.plane")
    for colour, (x, y) in zip(legend, corners.values(), strict=True):
        place = (0.1 + x / 10) / 1.2, 1 - (0.1 + y / 10) / 1.2
        mark, region = live.execute_script(PIXELS, plane, *place)
        assert bytes(mark) == colour
        # A region is a mixture of its colour and white.
        assert min(legend, key=lambda each: how_far(region, each)) == colour


def how_far(pixel, colour):
    """Return how far a pixel is from any mixture of a colour and white."""
    own, full = (255 - np.array([*each], dtype=float) for each in (pixel, colour))
    return np.linalg.norm(own - own @ full / (full @ full) * full)


def test_a_fit_that_differs_is_named_and_led_to(browser, page, tmp_path):
    """Two fits with a stored number changed, of one configuration and two splits."""

    def change(known):
        known["fits"][0][1]["epochs"] = 499

    small, _ = small_page(page, tmp_path, splits=2, configurations=1, change=change)
    browser.get(small.as_uri())
    click(browser, "Prove it")
    browser.execute_script(COUNT_WORKERS)
    click(browser, "Train all 2 fits again")
    wait(browser, lambda: "1 of 2 fits" in text(browser, "[role=status]"))
    workers, errors, messages = browser.execute_script("return window.seen")
    assert (workers, errors) == (2, 0) or (os.cpu_count() == 1 and workers == 0)
    assert messages == 2 * workers  # a fit, and the end of its split
    named = text(browser, ".different li")
    assert named.startswith("the reference, repeat 1, fold 2: 500 epochs, stored 499")
    click(browser, "Watch it")
    assert text(browser, "[aria-selected=true]") == "Watch"
    fold = Select(browser.find_element(By.XPATH, "//label[starts-with(., 'Fold')]/select"))
    assert fold.first_selected_option.text == "2"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_two_networks_and_their_costs_are_on_the_screen(browser, page, dark, width, height):
    with screen(browser, width, height, dark=dark):
        browser.get(f"{page.as_uri()}#section=watch")
        choose(browser, "Compare with", "tanh")
        slide(browser, 20)
        wait(browser, lambda: text(browser, ".state").count("epoch 20 of") == 2)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        ends = browser.execute_script(
            "return [...document.querySelectorAll('canvas')]"
            ".map((each) => each.getBoundingClientRect().bottom)"
        )
        assert len(ends) == 8
        assert width < 1000 or max(ends) <= height
        sizes = browser.execute_script(
            "return [...document.querySelectorAll('canvas')].map((each) => each.clientWidth)"
        )
        assert min(sizes) >= 280 or width > 600
        corner = "return [...document.querySelector('canvas:last-of-type').getContext('2d')"
        assert browser.execute_script(f"{corner}.getImageData(0, 0, 9, 9).data]")


def click_in(browser, selector, label):
    place = browser.find_element(By.CSS_SELECTOR, selector)
    place.find_element(By.XPATH, f".//button[text()='{label}']").click()

"""*Teach*, in a browser: a lesson, exercises with solutions, and the marks of a class."""

import csv
import io

import pytest
from lecture import EX4
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from test_live import click, page, reload, speak, text  # noqa: F401 (a fixture)
from test_report import printed, printing, screen, sheets, wait

from backprop.exercise import solve

HOSTILE = "<img src=x onerror=alert(1)>"
KEEP_SAVED = """
    const { createObjectURL } = URL;
    URL.createObjectURL = (file) => { window.saved = file; return createObjectURL(file); };
    HTMLAnchorElement.prototype.click = () => {};
"""
STEPS = 28


def steps(number, optimiser="sgd"):
    """Return the numbers of an exercise that are to be calculated, by symbol."""
    numbers = dict(solve(number, EX4, optimiser))
    symbols = list(numbers)
    return {symbol: numbers[symbol] for symbol in symbols[symbols.index("alpha_1") :]}


@pytest.fixture
def teach(browser, page):  # noqa: F811
    """Return a function that opens the section, in English, with what an address asks for."""

    def opened(address=""):
        browser.get("about:blank")
        browser.get(f"{page.as_uri()}#lang=en&section=teach{address}")
        return browser

    return opened


def choose_files(browser, *files):
    browser.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys("\n".join(map(str, files)))
    wait(browser, lambda: text(browser, ".teach > .marks"))


def saved(browser, label):
    """Return the cells of the file that a button saves."""
    browser.execute_script(KEEP_SAVED)
    click(browser, label)
    written = browser.execute_async_script("window.saved.text().then(arguments[0])")
    return list(csv.reader(io.StringIO(written)))


@pytest.fixture
def answers(tmp_path):
    """Write the answers of three students; return the file and the columns."""
    columns = list(steps(1))
    lines = []
    for name, number, wrong in [
        (HOSTILE, 1, {}),
        ("=1+1", 2, {"E": lambda value: 2 * value}),
        ("\N{CJK UNIFIED IDEOGRAPH-674E}", 20231234, {"E": lambda value: 2 * value}),
    ]:
        values = steps(number)
        typed = [digits(wrong.get(symbol, float)(values[symbol])) for symbol in columns]
        lines.append([name, str(number), *typed])
    file = tmp_path / "answers.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["name", "number", *columns], *lines])
    return file, columns


def digits(number):
    """Write a number with four digits, those that are 0 at its end, too."""
    return f"{number:.3e}"


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_solutions_are_those_of_the_library(teach, optimiser):
    browser = teach(f"&teach=solutions&numbers=7,20231234&by={optimiser}")
    values = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".worked b")]
    shown = [float(each.replace("\N{MINUS SIGN}", "-")) for each in values]
    expected = [value for number in (7, 20231234) for value in steps(number, optimiser).values()]
    # The library lists what an optimiser remembers in another order.
    assert sorted(shown) == pytest.approx(sorted(expected), rel=5e-4, abs=0)


def test_a_number_is_the_same_exercise_as_in_your_exercise(teach):
    browser = teach("&teach=exercises&numbers=20231234")
    task = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".teach section p")]
    click(browser, "Your exercise")
    browser.find_element(By.CSS_SELECTOR, "input[inputmode=numeric]").send_keys("20231234")
    own = [each.text for each in browser.find_elements(By.CSS_SELECTOR, "[role=tabpanel] div > p")]
    assert "Exercise 20231234" in task[1]
    assert [part for part in task[1:3] if part in own] == task[1:3]


def test_exercises_are_printed_each_on_a_page_or_together(teach):
    browser = teach("&teach=exercises&numbers=1-4")
    assert sheets(printed(browser)) == 4
    with printing(browser):
        assert not browser.find_element(By.CSS_SELECTOR, "input.numbers").is_displayed()
        assert text(browser, "main").startswith("Exercise 1\nName:")
    browser.find_element(By.CSS_SELECTOR, "[type=checkbox]").click()
    assert sheets(printed(browser)) == 2
    click(browser, "Solutions")
    assert sheets(printed(browser)) == 2


def test_numbers_that_cannot_be_used_are_refused(teach):
    browser = teach("&teach=exercises")
    field = browser.find_element(By.CSS_SELECTOR, "input.numbers")
    field.send_keys("1, a<b", Keys.ENTER)
    assert "Found \N{LEFT DOUBLE QUOTATION MARK}a<b" in text(browser, ".teach .bad")
    assert field.get_attribute("aria-invalid") == "true"
    assert not browser.find_elements(By.CSS_SELECTOR, ".teach section")
    field.clear()
    field.send_keys("5", Keys.ENTER)
    assert text(browser, ".teach h2") == "Exercise 5"
    reload(browser)
    assert text(browser, ".teach h2") == "Exercise 5"


def test_a_class_is_marked_from_a_file_and_its_marks_are_saved(teach, answers):
    file, columns = answers
    browser = teach("&teach=marks")
    choose_files(browser, file)
    said = text(browser, ".marks [role=status]")
    assert f"3 students: on average 27.3 of {STEPS} steps are right" in said
    assert "Most often wrong (2 of 3 students): E" in said
    assert "\N{VULGAR FRACTION ONE HALF} missing" in said
    rows = browser.find_elements(By.CSS_SELECTOR, ".marks tbody tr")
    assert rows[0].text.startswith(f"{HOSTILE} 1 28")
    assert not browser.find_elements(By.CSS_SELECTOR, ".marks img")
    assert sheets(printed(browser)) == 2  # the students, the steps
    cells = saved(browser, "Save the marks as CSV")
    assert cells[0][-STEPS:] == columns
    assert [row[:4] for row in cells[1:]] == [
        [HOSTILE, "1", "28", ""],
        ["'=1+1", "2", "27", "E"],
        ["\N{CJK UNIFIED IDEOGRAPH-674E}", "20231234", "27", "E"],
    ]
    assert cells[2][5 + columns.index("E")] == "wrong"
    speak(browser, "中文")
    assert "3 名学生" in text(browser, ".marks [role=status]")


def test_a_template_is_filled_in_and_marked(teach, tmp_path):
    browser = teach("&teach=marks&numbers=3,8")
    rows = saved(browser, "Save a template for these numbers")
    assert [row[:2] for row in rows] == [["name", "number"], ["", "3"], ["", "8"]]
    values = steps(8)
    rows[2] = ["B", "8", *(digits(values[symbol]) for symbol in rows[0][2:])]
    file = tmp_path / "filled.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    choose_files(browser, file)
    right = [row.text.split()[:3] for row in browser.find_elements(By.CSS_SELECTOR, ".marks tr")]
    assert ["B", "8", str(STEPS)] in right


def test_a_name_in_the_encoding_of_a_spreadsheet_is_read(teach, answers):
    file, _ = answers
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    browser = teach("&teach=marks")
    speak(browser, "中文")
    choose_files(browser, file)
    assert "\N{CJK UNIFIED IDEOGRAPH-674E} 20231234" in text(browser, ".marks tbody")


def test_faults_of_files_are_named_and_nothing_is_marked(teach, answers, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"name,number,E\nA,1,0.5\n\nB,{HOSTILE},1\nC,2\n", encoding="utf-8")
    browser = teach("&teach=marks")
    choose_files(browser, answers[0], wrong)
    faults = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".marks .bad li")]
    assert [fault.partition(":")[0] for fault in faults] == [
        "wrong.csv, line 4",
        "wrong.csv, line 5",
    ]
    assert HOSTILE in faults[0]
    assert "found 2 cells; use 3" in faults[1]
    assert not browser.find_elements(By.CSS_SELECTOR, ".marks table")


def test_a_lesson_leads_to_each_step_by_the_keyboard(teach):
    browser = teach()
    links = [each.text for each in browser.find_elements(By.CSS_SELECTOR, ".lesson a")]
    assert len(links) == 16
    for place, title in enumerate(links):
        browser.find_elements(By.CSS_SELECTOR, ".lesson a")[place].send_keys(Keys.ENTER)
        assert browser.switch_to.active_element.text == title
        click(browser, "Teach")
    with printing(browser):  # the last link was a question: the lesson is printed all the same
        assert text(browser, "main").startswith("Back-propagation in 45 minutes")


def test_a_view_is_chosen_by_the_keyboard_and_keeps_the_focus(teach):
    browser = teach()
    views = browser.find_elements(By.CSS_SELECTOR, ".teach [aria-pressed]")
    views[0].send_keys(Keys.TAB, Keys.SPACE)
    assert browser.switch_to.active_element == views[1]
    assert views[1].get_attribute("aria-pressed") == "true"
    assert text(browser, ".teach h2").startswith("Exercise 1")


@pytest.mark.parametrize("view", ["lesson", "exercises", "solutions", "marks"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_view_is_wider_than_a_phone(teach, answers, view, language):
    browser = teach(f"&teach={view}&lang={language}")
    if view == "marks":
        choose_files(browser, answers[0])
    with screen(browser, 390, mobile=True):
        assert browser.execute_script("return document.documentElement.scrollWidth") == 390

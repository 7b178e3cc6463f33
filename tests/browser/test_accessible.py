"""The pages can be used with a keyboard and a screen reader: axe-core finds no violation."""

import pytest
from axe_core_python.selenium import Axe
from selenium.webdriver.common.by import By
from test_report import TABLES, page_of, wait

from backprop.report.live.page import BUILT


def violations(browser):
    """Return the rules that the page violates, each with its first element.

    Of a long table, 30 rows are looked at: all have the same form, and axe reads each cell. The
    shadow of a page is hidden, as axe judges no contrast beside a pseudo-element with a background.
    """
    browser.execute_script(
        """
        document.querySelectorAll('tbody tr:nth-child(n + 31)').forEach(row => row.remove());
        const style = document.createElement('style');
        style.textContent = 'body::after, main::after { display: none }';
        document.head.append(style);
        """
    )
    browser.set_script_timeout(60)
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in Axe().run(browser)["violations"]]


@pytest.mark.parametrize("name", [*TABLES, "../provenance"])
def test_a_page_violates_no_rule_of_axe(browser, results, name):
    browser.get(page_of(results, name).resolve().as_uri())
    assert violations(browser) == []
    for button in browser.find_elements(By.CSS_SELECTOR, ".tools button, summary"):
        button.click()
    assert violations(browser) == []


def test_no_page_of_a_figure_violates_a_rule(browser, results):
    for page in sorted(results.glob("ex4/plots/*.html")):
        browser.get(page.as_uri())
        assert violations(browser) == [], page.name


@pytest.mark.parametrize("language", ["en", "fr", "es", "zh"])
def test_no_section_of_the_live_page_violates_a_rule(browser, results, language):
    browser.get((results / "ex4/live.html").as_uri() + f"#lang={language}")
    for place in range(len(browser.find_elements(By.CSS_SELECTOR, "[role=tab]"))):
        browser.find_elements(By.CSS_SELECTOR, "[role=tab]")[place].click()
        for field in browser.find_elements(By.CSS_SELECTOR, "[inputmode=numeric]"):
            field.send_keys("7")
        for summary in browser.find_elements(By.CSS_SELECTOR, "summary"):
            if summary.is_displayed():
                summary.click()
        assert violations(browser) == []


@pytest.mark.parametrize("view", ["exercises", "solutions", "marks"])
def test_no_view_for_teachers_violates_a_rule(browser, results, tmp_path, view):
    address = f"#lang=en&section=teach&teach={view}"
    browser.get((results / "ex4/live.html").as_uri() + address)
    for lines in ("A,x,1", "A,1,0.5\nB,2,") if view == "marks" else ():
        file = tmp_path / "answers.csv"
        file.write_text(f"name,number,E\n{lines}", encoding="utf-8")
        browser.find_element(By.CSS_SELECTOR, "[type=file]").send_keys(str(file))
        wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".marks :is(li, table)"))
        assert violations(browser) == []
    assert violations(browser) == []


@pytest.mark.parametrize("address", ["step=3", "step=9&answers=2r.1w.0n"])
def test_the_guided_path_violates_no_rule(browser, results, address):
    browser.get(f"{(results / 'ex4/live.html').as_uri()}#lang=en&{address}")
    assert violations(browser) == []


def test_a_page_without_a_study_trains_a_small_network_and_violates_no_rule(browser):
    browser.get(f"{BUILT.as_uri()}#lang=en")
    wait(browser, lambda: "epoch 0 " not in browser.find_element(By.CSS_SELECTOR, ".state").text)
    browser.find_element(By.XPATH, "//button[text()='Pause']").click()
    assert violations(browser) == []

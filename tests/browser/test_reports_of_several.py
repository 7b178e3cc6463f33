"""The index of several data sets, in a browser: its links lead to a report and back."""

import pytest
from project import SMALL, Project
from selenium.webdriver.common.by import By
from test_report import EYE, shown, wait


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """The index of three data sets, and of one with a fault."""
    entry = SMALL["datasets"]["ex4"]
    names = dict.fromkeys(("one", "two", "three"), entry)
    datasets = {**names, "lost": {"source": "lost.csv", "label": "y"}}
    project = Project(tmp_path_factory.mktemp("index") / "project", SMALL | {"datasets": datasets})
    project.keep_figures()
    project.run()
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    return project.results / "report.html"


@pytest.fixture
def opened(index, browser):
    browser.get(index.as_uri())
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".prose table"))
    return browser


def test_a_name_leads_to_its_report_and_that_leads_back(opened, index):
    rows = opened.find_elements(By.CSS_SELECTOR, ".prose tbody tr")
    assert [row.text.split()[0] for row in rows] == ["lost", "one", "two", "three"]
    assert "lost.csv: No such file" in rows[0].text
    assert rows[0].find_elements(By.CSS_SELECTOR, "a") == []
    opened.find_element(By.LINK_TEXT, "two").click()
    wait(opened, lambda: opened.current_url == (index.parent / "report/two.html").as_uri())
    wait(opened, lambda: opened.find_elements(By.XPATH, "//nav//span[text()='1 Result']"))
    opened.find_element(By.LINK_TEXT, "All data sets").click()
    wait(opened, lambda: opened.current_url == index.as_uri())


def test_the_menu_of_the_index_has_the_page_of_all_data_sets(opened):
    opened.find_element(By.XPATH, "//nav//span[text()='Results']").click()
    wait(opened, lambda: opened.find_elements(By.CSS_SELECTOR, EYE))[0].click()
    wait(opened, lambda: shown(opened))
    opened.switch_to.frame(opened.find_element(By.CSS_SELECTOR, "iframe"))
    assert opened.find_element(By.CSS_SELECTOR, "h1").text == "Across the data sets"
    opened.switch_to.default_content()

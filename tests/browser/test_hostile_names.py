"""A study whose names try to do harm: nothing of them runs, on any page of its report."""

import copy

import pytest
from hostile import NAMES, SCRIPT
from project import SMALL, Project
from selenium.webdriver.common.by import By
from test_report import EYE, HOME, categories, open_category, shown, wait

FEATURES, LABEL = NAMES[:-1], NAMES[-1]
CLASSES = [SCRIPT, "$\\input{x}$ {{ 7 * 7 }} | `x`_", "_<img src=x onerror='window.hacked = 1'>"]
CATEGORIES = ["<svg onload='window.hacked = 1'>", "=1+1", "${{x}}_^"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A project with hostile names of columns, classes and categories, and its report."""
    folder = tmp_path_factory.mktemp("hostile") / "project"
    config = copy.deepcopy(SMALL)
    config["datasets"] = {
        "mine": {"source": "data & `x`_ .csv", "features": FEATURES, "label": LABEL}
    }
    config["models"] = ["logistic", "softmax", "scratch", "tensorflow"]
    project = Project(folder, config)
    numbers = len(FEATURES) - 1  # the last feature has categories
    rows = [
        [
            *((row + 1) ** 2 * (n + 3) % 17 for n in range(numbers)),
            CATEGORIES[row % 5 % 3],
            CLASSES[row % 3],
        ]
        for row in range(30)
    ]
    lines = [
        ",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells)
        for cells in ([*FEATURES, LABEL], *rows)
    ]
    project.write("data & `x`_ .csv", "\n".join(lines) + "\n")
    project.run()
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    return project


def test_no_name_runs_as_code_when_the_report_is_made(hostile):
    assert not (hostile.folder / "hacked").exists()
    page = hostile.read("results/report.html")
    assert SCRIPT not in page
    assert "root:x:0" not in page  # of the file that a name includes


def test_no_name_runs_as_code_when_a_page_is_opened(hostile, browser):
    browser.get((hostile.folder / "results/report.html").as_uri())
    wait(browser, lambda: browser.find_elements(By.XPATH, "//nav//span[text()='Workflow']"))
    text = browser.find_element(By.CSS_SELECTOR, ".prose").get_attribute("textContent")
    text = " ".join(text.split())  # some of it is folded
    assert all(" ".join(name.split()) in text for name in [*FEATURES, LABEL, *CLASSES])
    items = set()
    for name in categories(browser):
        open_category(browser, name)
        eyes = len(wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, EYE)))
        for place in range(eyes):
            browser.find_elements(By.CSS_SELECTOR, EYE)[place].click()
            items.add(wait(browser, lambda: shown(browser, but=items)))
            assert browser.execute_script("return window.hacked") is None
            for frame in browser.find_elements(By.CSS_SELECTOR, "iframe"):
                browser.switch_to.frame(frame)
                assert browser.execute_script("return window.hacked") is None
                browser.switch_to.default_content()
    assert len(items) >= 19
    browser.find_element(By.CSS_SELECTOR, HOME).click()

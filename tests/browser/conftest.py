"""A browser for the tests, and the report of a study."""

import json
import os
import shutil
import tempfile

import pytest
import yaml
from project import ROOT, Project
from selenium import webdriver


@pytest.fixture(scope="session")
def results(tmp_path_factory, thorough):
    """The folder of the results of the default study, with its report in both forms.

    It has few repeats, so that it takes a minute, unless the tests are to be thorough.
    """
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    if not thorough:
        config["validation"] |= {"repeats": 3, "inner_repeats": 1}
        config["simulation"] = {"sets": 3}
    project = Project(tmp_path_factory.mktemp("report") / "project", config)
    project.run()
    for form in ("html", "zip"):
        project.run("--reporter", "backprop", "--report-backprop-path", f"results/report.{form}")
    return project.results


@pytest.fixture(scope="session")
def driver():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--window-size=1400,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    with tempfile.TemporaryDirectory() as folder:  # Chromium leaves files behind
        variables = {**os.environ, "TMPDIR": folder}
        service = webdriver.ChromeService(shutil.which("chromedriver"), env=variables)
        driver = webdriver.Chrome(options=options, service=service)
        yield driver
        driver.quit()


@pytest.fixture
def browser(driver):
    """A browser with a window of one size, and without the entries of earlier tests in its logs.

    A test fails if a page has an error, or requests anything from elsewhere.
    """
    driver.set_window_size(1400, 900)
    driver.get("about:blank")
    for log in ("browser", "performance"):
        driver.get_log(log)
    yield driver
    assert problems(driver) == []


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

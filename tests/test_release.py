"""A release is of one version: a tag that does not agree with all places of it is refused."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ["src/backprop/__init__.py", "CITATION.cff", "CHANGELOG.md", "docs/modules.md"]
VERSION = re.search(r'__version__ = "(.*)"', (ROOT / FILES[0]).read_text())[1]


@pytest.fixture
def repository(tmp_path):
    for file in [*FILES, ".ci/release.py"]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    changelog = tmp_path / "CHANGELOG.md"
    text = changelog.read_text()
    if "## Unreleased" in text:  # between two releases
        date = re.search(r'date-released: "(.*)"', (tmp_path / "CITATION.cff").read_text())[1]
        new = f"## {VERSION} - {date}"
        text = text.replace(new, "## 0.0.0").replace("## Unreleased", new)
        changelog.write_text(text)
    return tmp_path


def check(repository, tag):
    command = [sys.executable, ".ci/release.py", tag]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


def test_the_tag_of_this_version_is_released(repository):
    checked = check(repository, f"v{VERSION}")
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("tag", ["v9.9.9", VERSION, "", "release"])
def test_another_tag_is_refused(tag, repository):
    checked = check(repository, tag)
    assert checked.returncode == 1
    assert f"error: the tag: found {tag or 'none'}; use v{VERSION}" in checked.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("CITATION.cff", f"version: {VERSION}", "version: 0.1.9", "version in CITATION.cff"),
        ("CITATION.cff", "date-released", "date", "date-released in CITATION.cff: found none"),
        ("CHANGELOG.md", f"## {VERSION} - ", "## Unreleased ", "the first version in CHANGELOG"),
        ("docs/modules.md", f'tag="v{VERSION}"', 'tag="v0.1.9"', "the tag in docs/modules.md"),
    ],
)
def test_a_place_that_was_forgotten_is_named(file, old, new, says, repository):
    text = (repository / file).read_text()
    assert old in text
    (repository / file).write_text(text.replace(old, new))
    checked = check(repository, f"v{VERSION}")
    assert checked.returncode == 1
    assert says in checked.stderr

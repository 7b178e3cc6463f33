"""A release is of one version: a tag that does not agree with all places of it is refused."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ["src/backprop/__init__.py", "CITATION.cff", "CHANGELOG.md"]
VERSION = re.search(r'__version__ = "(.*)"', (ROOT / FILES[0]).read_text())[1]
RELEASED = VERSION.removesuffix(".dev0")


@pytest.fixture
def repository(tmp_path):
    """A copy of what a release reads, as it is when this version is released."""
    for file in [*FILES, ".ci/release.py"]:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    citation = (tmp_path / "CITATION.cff").read_text()
    date = re.search(r'date-released: "(.*)"', citation)[1]
    cited = re.search("^version: .*$", citation, re.MULTILINE)[0]
    replace(tmp_path / FILES[0], f'"{VERSION}"', f'"{RELEASED}"')
    replace(tmp_path / "CITATION.cff", cited, f"version: {RELEASED}")
    replace(tmp_path / "CHANGELOG.md", "## Unreleased", f"## {RELEASED} - {date}")
    return tmp_path


def replace(file, old, new):
    file.write_text(file.read_text().replace(old, new))


def check(repository, tag):
    command = [sys.executable, ".ci/release.py", tag]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


def test_the_tag_of_this_version_is_released(repository):
    checked = check(repository, f"v{RELEASED}")
    assert (checked.returncode, checked.stderr) == (0, "")
    section = (repository / "CHANGELOG.md").read_text().split("\n## ")[1]
    assert checked.stdout.strip() == section.partition("\n")[2].strip()
    assert checked.stdout.count("\n### ") > 1


@pytest.mark.parametrize("tag", ["v9.9.9", RELEASED, "", "release"])
def test_another_tag_is_refused(tag, repository):
    checked = check(repository, tag)
    assert checked.returncode == 1
    assert f"error: the tag: found {tag or 'none'}; use v{RELEASED}" in checked.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("CITATION.cff", f"version: {RELEASED}", "version: 0.1.9", "version in CITATION.cff"),
        ("CITATION.cff", "date-released", "date", "date-released in CITATION.cff: found none"),
        ("CHANGELOG.md", f"## {RELEASED} - ", "## Unreleased ", "the first version in CHANGELOG"),
        (FILES[0], f'"{RELEASED}"', f'"{RELEASED}.dev0"', "the tag: found"),
    ],
)
def test_a_place_that_was_forgotten_is_named(file, old, new, says, repository):
    text = (repository / file).read_text()
    assert old in text
    replace(repository / file, old, new)
    checked = check(repository, f"v{RELEASED}")
    assert checked.returncode == 1
    assert says in checked.stderr

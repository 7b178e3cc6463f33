"""Messages never control the terminal, and name the command that installs what is missing."""

import importlib.metadata
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from backprop.data.dataset import DataError
from backprop.errors import (
    BackpropError,
    command_for,
    first_faults,
    lacking,
    listed,
    needing,
    printable,
    shortened,
)

ROOT = Path(__file__).parents[1]
MORE = ", ... (%d in all)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a \x1b[2J b", r"a \x1b[2J b"),
        ("\x07\x00\x9b", r"\x07\x00\x9b"),
        ("over\r", r"over\r"),
        ("right to left \u202e", r"right to left \u202e"),
        ("a byte of a file name \udcff", r"a byte of a file name \udcff"),
        ("two\nlines", "two\nlines"),
        ("Größe → 5 %, 体重", "Größe → 5 %, 体重"),
    ],
)
def test_a_message_shows_control_characters_as_escape_sequences(text, shown):
    assert printable(text) == shown
    for kind in (BackpropError, DataError):
        assert str(kind(text)) == shown


def test_a_message_quotes_the_first_and_the_last_characters_of_a_long_text():
    assert shortened(200 * "a") == 200 * "a"
    assert shortened(101 * "a" + 100 * "b") == f"{98 * 'a'}...{98 * 'b'}"
    assert shortened(10**9) == "1000000000"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a", "b'"], "'a', \"b'\""),
        ([f"{n:05}" for n in range(21)], ", ".join(f"'{n:05}'" for n in range(20)) + MORE % 21),
        (3 * [100 * "a"], ", ".join(2 * [f"'{37 * 'a'}...{38 * 'a'}'"]) + MORE % 3),
    ],
)
def test_a_message_lists_the_first_names_and_how_many_there_are(names, text):
    assert listed(names) == text


def test_a_message_lists_twenty_faults_and_how_many_more_there_are():
    faults = [*map(str, range(2020))]
    assert first_faults(faults[:20]) == faults[:20]
    assert first_faults(faults) == [*faults[:20], "and 2,000 more"]


def test_the_line_installs_all_that_is_missing_into_the_environment_in_use(monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/elsewhere")
    every, missing = importlib.metadata.distributions, ("openpyxl", "scikit-learn")
    monkeypatch.setattr(
        importlib.metadata,
        "distributions",
        lambda name: [] if name in missing else every(name=name),
    )
    assert lacking() == ["scikit-learn>=1.8,<1.10"]
    line = [sys.executable, "-m", "pip", "install", "scikit-learn>=1.8,<1.10", "openpyxl>=3.1.5"]
    assert shlex.split(command_for("excel")) == line
    with (
        pytest.raises(
            ModuleNotFoundError, match=rf"^found no package no_such; .*\n{line[0]} -m pip "
        ),
        needing(),
    ):
        import no_such  # noqa: F401


def test_an_environment_of_make_gets_the_versions_of_the_lock(tmp_path, monkeypatch):
    (tmp_path / "place").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert command_for("excel").endswith(f" -m pip install -r {ROOT}/requirements/excel.txt")


# What stays if nothing of what this distribution needs is installed but the package of commands.
BLOCK = """
import importlib.metadata, sys
BLOCKED = {"numpy", "pandas", "pydantic", "sklearn", "yaml", "tensorflow", "jsonschema"}
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Block())
every = importlib.metadata.distributions
importlib.metadata.distributions = lambda **how: [d for d in every(**how) if d.name not in BLOCKED]
sys.prefix = "/elsewhere"
"""


@pytest.mark.parametrize(
    "code",
    [
        "from backprop.commands.command_line import main; main(['predict', 'new.csv'])",
        "from backprop.commands.command_line import main; main(['run'])",
        "from backprop import compare",
    ],
)
def test_without_the_packages_there_is_one_line_that_installs_them(code, tmp_path):
    command = [sys.executable, "-c", BLOCK + code]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    error, line = ended.stderr.splitlines()[-2:]
    assert re.search("^(error|ModuleNotFoundError): found no package ", error)
    start = [sys.executable, "-m", "pip", "install"]
    assert shlex.split(line)[:4] == start
    assert {"numpy", "pandas"} <= {re.split("[<>]", each)[0] for each in shlex.split(line)[4:]}
    assert ("Traceback" in ended.stderr) == ("main" not in code)

"""Messages never control the terminal, and name the command that installs what is missing."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from backprop import errors
from backprop.data.dataset import DataError
from backprop.errors import (
    BackpropError,
    command_for,
    first_faults,
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


def test_make_is_named_in_the_folder_of_its_makefile_only(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert command_for("excel") == "make .venv/excel"
    monkeypatch.chdir(tmp_path)
    assert shlex.split(command_for("excel")) == ["pip", "install", f"{ROOT}[excel]"]
    monkeypatch.setattr(errors, "ROOT", tmp_path)  # as an installed copy has it
    assert shlex.split(command_for("excel")) == ["pip", "install", "backprop-study[excel]"]


def test_a_missing_package_is_named_with_the_extra_that_has_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(ModuleNotFoundError, match=r"^found no package no_such; .*\[tensorflow\]"),
        needing("tensorflow"),
    ):
        import no_such  # noqa: F401


# What is installed with this distribution alone: without these packages.
BLOCK = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"pandas", "pydantic", "yaml", "tensorflow", "jsonschema"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Block())
"""


def run_without_extras(code, folder):
    command = [sys.executable, "-c", BLOCK + code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_predict_without_the_packages_of_the_workflow_ends_with_one_message(tmp_path):
    code = "import runpy; runpy.run_module('backprop.commands.predict', run_name='__main__')"
    ended = run_without_extras(code, tmp_path)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("error: found no package ")
    assert line.endswith(f"install it with `pip install '{ROOT}[workflow]'`")

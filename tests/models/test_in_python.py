import re

import matplotlib.pyplot as plt
import pytest
from processes import python
from project import ROOT

PAGE = ROOT / "docs/in-python.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def working_directory(tmp_path, monkeypatch):
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    monkeypatch.chdir(tmp_path)
    plt.switch_backend("agg")
    yield tmp_path
    plt.close("all")


def programs():
    """Return the Python blocks of the page."""
    return [
        block for kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if kind == "python"
    ]


def test_the_page_draws_its_pictures(working_directory):
    names, blocks = {}, programs()
    last = max(place for place, block in enumerate(blocks) if "matplotlib" in block)
    for block in blocks[: last + 1]:
        fewer_epochs = block.replace(
            "learning_rate_init=0.3", "learning_rate_init=0.3, max_iter=99"
        )
        exec(compile(fewer_epochs, PAGE, "exec"), names)
    assert (working_directory / "xor.png").stat().st_size > 5000
    assert (working_directory / "learning_curve.png").exists()


# Packages that NumPy and scikit-learn do not need cannot be imported after it.
WITHOUT = """
import sys
from importlib.metadata import distribution, packages_distributions
from packaging.requirements import Requirement
installed, todo = {"backprop-study"}, ["numpy", "scikit-learn"]
while todo:
    name = todo.pop()
    installed.add(name)
    needs = [Requirement(line) for line in distribution(name).requires or []]
    todo += {r.name for r in needs if not r.marker or r.marker.evaluate({"extra": ""})} - installed
packages = packages_distributions()
blocked = [name for name, owners in packages.items() if not installed & {*owners}]
assert {"matplotlib", "pandas", "scipy"} & {*blocked} == {"matplotlib", "pandas"}
for name in list(sys.modules):
    if name.split(".")[0] in blocked:
        del sys.modules[name]

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blocked())
"""


def test_examples_that_need_no_other_package_run_without_and_print_what_the_page_shows(
    working_directory,
):
    code = [block for block in programs() if "matplotlib" not in block]
    assert len(code) == 2
    run = python("-c", WITHOUT + "".join(code), check=False)
    assert run.stderr == ""
    shown = [block for kind, block in BLOCK.findall(PAGE.read_text()) if kind == "text"]
    assert len(shown) == 2
    assert run.stdout == "".join(shown)

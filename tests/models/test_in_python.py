import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from processes import python

from backprop.data.canonical_form import read_dataset
from backprop.models.networks import train_fits
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/in-python.md"
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def working_directory(tmp_path, monkeypatch):
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    monkeypatch.chdir(tmp_path)
    plt.switch_backend("agg")
    yield tmp_path
    plt.close("all")


def needs():
    """What each Python block of the page needs, and the block."""
    page = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^Needs: ([^\n]*)\n\n```python\n(.*?)^```", page, flags=re.M | re.S)


def test_the_page_draws_its_pictures(working_directory):
    names, blocks = {}, needs()
    last = max(place for place, (need, _) in enumerate(blocks) if "[plot]" in need)
    for _, block in blocks[: last + 1]:
        fewer_epochs = block.replace(
            "learning_rate_init=0.3", "learning_rate_init=0.3, max_iter=99"
        )
        exec(compile(fewer_epochs, PAGE, "exec"), names)
    assert (working_directory / "xor.png").stat().st_size > 5000
    assert (working_directory / "learning_curve.png").exists()


# Packages that `pip install .` does not install cannot be imported after it.
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
    assert len(needs()) == len(
        [kind for kind, _ in BLOCK.findall(PAGE.read_text()) if kind == "python"]
    )
    code = [block for need, block in needs() if "[plot]" not in need]
    assert len(code) == 3
    assert all("matplotlib" in block for need, block in needs() if "[plot]" in need)
    run = python("-c", WITHOUT + "".join(code), check=False)
    assert run.stderr == ""
    shown = [block for kind, block in BLOCK.findall(PAGE.read_text()) if kind == "text"]
    assert len(shown) == 3
    assert run.stdout == "".join(shown)


def test_the_page_shows_the_predictions_of_the_workflow():
    data = read_dataset(ROOT / "resources/ex4.csv")
    reference = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
    splits = splits_of(draw_folds(data.y, folds=5, repeats=10, seed=1))
    (fit,) = train_fits(stacked, [(reference, splits[7])], data, seed=1, epochs=500)
    assert (splits[7].repeat, splits[7].fold) == (1, 2)
    shown = BLOCK.findall(PAGE.read_text(encoding="utf-8"))[-1]
    assert shown == ("text", f"{fit.probabilities[:2].round(3)}\n")

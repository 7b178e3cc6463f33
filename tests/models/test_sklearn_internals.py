"""The private names of scikit-learn that the library uses are there, in the versions allowed.

If a test of a name fails, a new version of scikit-learn has no such name: see what replaces it, and
then set the bounds in pyproject.toml.
"""

import ast
import re
from importlib import import_module
from importlib.metadata import version

import pytest
from packaging.specifiers import SpecifierSet
from project import ROOT


def private_names(code):
    """Return the private names that code imports from scikit-learn, with their modules."""
    return {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(code if "sklearn" in code else ""))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sklearn")
        for alias in node.names
        if "._" in node.module or alias.name.startswith("_")
    }


USED = sorted(
    set().union(*(private_names(file.read_text()) for file in (ROOT / "src").rglob("*.py")))
)


@pytest.mark.parametrize(("module", "name"), USED)
def test_scikit_learn_still_has(module, name):
    message = f"scikit-learn {version('scikit-learn')}: no {module}.{name}"
    assert hasattr(import_module(module), name), message


def test_private_names_are_read():
    code = "from sklearn.utils._x import A\nfrom sklearn.utils import _b, c\nfrom other import _d"
    assert private_names(code) == {("sklearn.utils._x", "A"), ("sklearn.utils", "_b")}
    assert ("sklearn.utils.validation", "_check_sample_weight") in USED


def test_the_version_has_bounds_since_private_names_may_change_in_each():
    (bounds,) = re.findall(r'"scikit-learn([<>=][^"]*)"', (ROOT / "pyproject.toml").read_text())
    assert version("scikit-learn") in SpecifierSet(bounds)
    lock = (ROOT / "requirements/run.txt").read_text()
    newest = int(re.findall(r"^scikit-learn==1\.(\d+)", lock, re.MULTILINE)[0])
    assert f"1.{newest}.9" in SpecifierSet(bounds)
    assert f"1.{newest + 1}.0" not in SpecifierSet(bounds)

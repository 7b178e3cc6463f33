"""The names in the code: each means one thing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "src/backprop").rglob("*.py"))
FILES = [*MODULES, *sorted((ROOT / "workflow/scripts").glob("*.py"))]
ALL = [
    *FILES,
    *(file for room in ("benchmarks", "docs", "tests") for file in ROOT.glob(f"{room}/**/*.py")),
]
VAGUE_NAMES = {"found", "wanted", "told", "given", "some", "so_many", "stuff", "tmp"}


def bound(tree: ast.AST) -> Iterator[str]:
    """Yield every name that a module gives to a variable, a parameter, a function or a class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def imported_modules(tree: ast.AST) -> Iterator[str]:
    """Yield the names of our modules that a module imports as a whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("backprop"):
            folder = ROOT / "src" / Path(*node.module.split("."))
            for alias in node.names:
                if (folder / f"{alias.name}.py").exists() or (folder / alias.name).is_dir():
                    yield alias.asname or alias.name


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_name_means_two_things(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = set(bound(tree))
    assert file.stem not in names, "a module and something in it have one name"
    assert not names & set(imported_modules(tree)), "a variable hides a module"


@pytest.mark.parametrize("file", ALL, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_name_says_what_the_value_is(file):
    assert not set(bound(ast.parse(file.read_text(encoding="utf-8")))) & VAGUE_NAMES


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_function_fits_on_a_screen(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= 50, f"{node.name} has {lines} lines"

"""The names in the code: each means one thing."""

import ast
from collections.abc import Iterator
from pathlib import Path

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


def test_no_name_means_two_things():
    hiding = {}
    for file in FILES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        # A module and something in it have one name, or a variable hides a module.
        twice = set(bound(tree)) & {file.stem, *imported_modules(tree)}
        hiding |= {str(file.relative_to(ROOT)): sorted(twice)} if twice else {}
    assert hiding == {}


def test_a_name_says_what_the_value_is():
    vague = {}
    for file in ALL:
        names = set(bound(ast.parse(file.read_text(encoding="utf-8")))) & VAGUE_NAMES
        vague |= {str(file.relative_to(ROOT)): sorted(names)} if names else {}
    assert vague == {}


def test_a_function_fits_on_a_screen():
    long = []
    for file in MODULES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                long += [f"{file.name}: {node.name} has {lines} lines"] if lines > 50 else []
    assert long == []

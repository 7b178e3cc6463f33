"""Change the library in many small ways, and see which changes the unit tests notice.

A mutant is one change: ``<`` for ``<=``, ``-`` for ``+``, 1 for 0. The sample is random with a
fixed seed, so that two versions of the tests see the same mutants of one version of the library.
Each mutant is tried by the test files that import its module, nearest first, until a test fails.

Packages of others are imported once. Each mutant is a fork of that process, in which the mutated
module takes the place of the original; no file is changed.
"""

import argparse
import ast
import contextlib
import copy
import csv
import importlib.abc
import importlib.util
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, deque
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("network", "inference", "statistics", "models", "study")
TESTS = (*FOLDERS, "data", "report")  # no test that starts Snakemake
HELPERS = ("docs", "tests/report", "tests/runs", "tests/setup", "tests/statistics")
NEAR = 2  # imports between a test and a module, at most
# The processor time after which the tests of a mutant end, and that of one that hangs, in seconds.
BUDGET, LIMIT = 30, 60
OUT_OF_TIME = "out of time"
OPTIONS = [
    "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=no",
    f"--rootdir={ROOT}",
]  # fmt: skip
OTHERS = (
    "matplotlib.figure", "numpy", "pandas", "pyarrow.parquet", "scipy.stats",
    "sklearn.ensemble", "sklearn.model_selection", "sklearn.neural_network", "statsmodels.api",
)  # fmt: skip

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.MatMult: ast.MatMult,
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "argmin": "argmax", "argmax": "argmin",
    "minimum": "maximum", "maximum": "minimum", "nanmean": "mean", "floor": "ceil", "ceil": "floor",
}  # fmt: skip


class Mutant(NamedTuple):
    """A change of a module: the place of a node in its tree, and which change of that node."""

    module: str
    place: int
    change: int
    line: int
    words: str


def changes_of(node):
    """Return the nodes that may take the place of a node, each other than it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        return [replaced(node, ops=[COMPARISONS[type(node.ops[0])](), *node.ops[1:]])]
    if isinstance(node, ast.BinOp) and not isinstance(node.left, ast.Constant | ast.JoinedStr):
        other = OPERATORS.get(type(node.op), ast.MatMult)
        swapped = [] if other is ast.MatMult else [replaced(node, op=other())]
        return [*swapped, node.left]  # or without the second operand
    if isinstance(node, ast.BoolOp):
        other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        return [replaced(node, op=other), *node.values[:1]]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return [ast.Constant(not node.value)]
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return [ast.Constant(node.value + 1)]
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        return [replaced(node, attr=NAMES[node.attr])]
    if isinstance(node, ast.Name) and node.id in NAMES:
        return [replaced(node, id=NAMES[node.id])]
    if isinstance(node, ast.If | ast.While):
        return [replaced(node, test=ast.UnaryOp(ast.Not(), node.test))]
    return []


def replaced(node, **fields):
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def walk(node):
    """Yield the nodes that compute: not those of annotations and texts."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield node, name, child
                yield from walk(child)


def file_of(module):
    return ROOT / "src" / Path(*module.split(".")).with_suffix(".py")


def tree_of(module):
    return ast.parse(file_of(module).read_text(encoding="utf-8"))


def mutants_of(module):
    for place, (_, _, node) in enumerate(walk(tree_of(module))):
        for change, other in enumerate(changes_of(node)):
            words = f"{short(node)} -> {short(other)}"
            yield Mutant(module, place, change, node.lineno, words)


def short(node):
    text = ast.unparse(node).split("\n")[0]
    return text if len(text) <= 60 else f"{text[:57]}..."


def mutated(mutant):
    """Return the tree of a module with one change."""
    tree = tree_of(mutant.module)
    parent, name, node = list(walk(tree))[mutant.place]
    other = changes_of(node)[mutant.change]
    field = getattr(parent, name)
    if isinstance(field, list):
        field[field.index(node)] = other
    else:
        setattr(parent, name, other)
    return ast.fix_missing_locations(tree)


# Which tests a module has


@cache
def imports_of(file):
    """Return the files of ours that a file imports, or names in a text to import them later."""
    files = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Constant) and re.fullmatch(r"backprop(\.\w+)+", str(node.value)):
            names = [node.value]
        else:
            continue
        for name in names:
            path = (
                Path(*name.split("."), "__init__") if name == "backprop" else Path(*name.split("."))
            )
            path = path.with_suffix(".py")
            places = [ROOT / folder / path for folder in ("", "src", *HELPERS)]
            files |= {place for place in [*places, file.parent / path] if place.exists()}
    return files


def is_test_code(file):
    return file.is_relative_to(ROOT / "tests")


@cache
def distances(test):
    """Return how many imports each module is away from a test; helpers of tests count nothing."""
    steps = {test: 0}
    waiting = deque([test])
    while waiting:
        file = waiting.popleft()
        for other in imports_of(file):
            step = steps[file] + (not is_test_code(other))
            if step < steps.get(other, NEAR + 1):
                steps[other] = step
                waiting.append(other)
    return steps


def tests_of(module):
    """Return the test files that import a module, nearest first."""
    file = file_of(module)
    folders = [ROOT / "tests" / folder for folder in TESTS]
    near = []
    for test in sorted(test for folder in folders for test in folder.glob("test_*.py")):
        distance = distances(test).get(file)
        if distance is not None:
            other_folder = test.parent.name not in module.split(".")
            slow = "tensorflow" in test.read_text(encoding="utf-8").lower()
            name = file.stem not in test.stem
            near.append((name, distance, other_folder, slow, test.stat().st_size, test))
    return [test for *_, test in sorted(near)]


# Trying them


class MutatedModule(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the mutant in the place of its module."""

    def __init__(self, mutant):
        self.mutant = mutant

    def find_spec(self, name, path=None, target=None):
        if name == self.mutant.module and self.mutant.change >= 0:
            return importlib.util.spec_from_file_location(name, file_of(name), loader=self)
        return None

    def exec_module(self, module):
        code = compile(mutated(self.mutant), str(file_of(self.mutant.module)), "exec")
        exec(code, vars(module))


class Watch:
    """Notes the first failure, and ends the tests when the budget is spent."""

    def __init__(self):
        self.first_failure = ""

    def pytest_collectreport(self, report):
        """A module that cannot be imported is noticed, too."""
        self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.first_failure:
            self.first_failure = report.nodeid

    def pytest_runtest_teardown(self, item):
        if time.process_time() > BUDGET:
            item.session.shouldstop = "out of time"


def attempt(mutant, tests):
    """Run the tests in this process, which is only for this mutant; return which test fails."""
    sys.meta_path.insert(0, MutatedModule(mutant))
    watch = Watch()
    for test in tests:
        code = pytest.main([*OPTIONS, str(test)], plugins=[watch])
        if watch.first_failure:
            return watch.first_failure
        if time.process_time() > BUDGET:
            return OUT_OF_TIME
        if code:
            return f"pytest ends with {code}"
    return ""


def judge(mutant):
    """Return the mutant with the test that notices it, in a fork of this process."""
    tests = tests_of(mutant.module)
    with tempfile.TemporaryFile() as answer:
        process = os.fork()
        if not process:
            child(mutant, tests, answer)
        _, status = os.waitpid(process, 0)
        answer.seek(0)
        noticed_by = answer.read().decode()
    if os.WIFSIGNALED(status):
        noticed_by = f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return mutant, noticed_by


def child(mutant, tests, answer):
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 5))
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
        with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
            tempfile.tempdir = os.environ["TMPDIR"] = folder
            noticed_by = attempt(mutant, tests)
    os.write(answer.fileno(), noticed_by.encode())
    os._exit(0)


def sample(count, seed, folders):
    """Return a random sample of the mutants: of each seed, always the same."""
    modules = [
        ".".join(file.relative_to(ROOT / "src").with_suffix("").parts)
        for folder in folders
        for file in sorted((ROOT / "src/backprop" / folder).rglob("*.py"))
        if file.stem != "__init__"
    ]
    every = [mutant for module in modules for mutant in mutants_of(module)]
    return random.Random(seed).sample(every, min(count, len(every))), len(every)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--original", action="store_true", help="change nothing: all tests pass")
    parser.add_argument("results", type=Path, help="a CSV file; a run that was ended goes on")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT / folder) for folder in ("", "src", *HELPERS)]
    prepare()
    mutants, number = sample(options.count, options.seed, FOLDERS)
    if options.original:
        mutants = [mutant._replace(change=-1) for mutant in mutants]
    known = read(options.results) if options.results.exists() else {}
    tasks = [mutant for mutant in mutants if key(mutant) not in known]
    print(f"{len(mutants)} of {number} mutants, {len(tasks)} of them not yet tried", flush=True)
    with (
        multiprocessing.get_context("fork").Pool(options.processes, maxtasksperchild=20) as pool,
        options.results.open("a", newline="", encoding="utf-8") as file,
    ):
        table = csv.writer(file)
        if not known:
            table.writerow(["module", "line", "change", "noticed_by"])
        for mutant, noticed_by in pool.imap_unordered(judge, tasks):
            table.writerow([*key(mutant), noticed_by])
            file.flush()
    show(read(options.results))


def key(mutant):
    return mutant.module, str(mutant.line), mutant.words


def read(results):
    """Return which test noticed each mutant; an empty text for one that survives all."""
    with results.open(newline="", encoding="utf-8") as file:
        return {
            (row["module"], row["line"], row["change"]): row["noticed_by"]
            for row in csv.DictReader(file)
        }


def show(results):
    """Print a line for each folder, and for each mutant that survives."""
    counts = Counter(module.split(".")[1] for module, _, _ in results)
    left = {mutant: by for mutant, by in results.items() if by in ("", OUT_OF_TIME)}
    noticed = counts - Counter(module.split(".")[1] for module, _, _ in left)
    for folder in FOLDERS:
        print(f"{folder}: {noticed[folder]} of {counts[folder]} are noticed")
    for (module, line, words), noticed_by in left.items():
        print(f"{noticed_by or 'survives'}: {module}, line {line}: {words}")


def prepare():
    """Import what all mutants share: packages of others, pytest and its plugins."""
    for package in OTHERS:
        importlib.import_module(package)
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
        pytest.main([*OPTIONS, "--collect-only", str(ROOT / "tests/test_errors.py")])
    for name in [name for name in sys.modules if name.partition(".")[0] == "backprop"]:
        del sys.modules[name]


if __name__ == "__main__":
    main()

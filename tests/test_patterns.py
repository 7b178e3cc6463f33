"""No text from a file, a name, the config or a server makes a regular expression slow.

Each pattern of the code is tried on long texts that repeat what it has. One whose time grows with
the square of the length takes a second to minutes for one of them, and the others take hundredths.
"""

import ast
import functools
import importlib
import itertools
import re
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from backprop.workflow.config_check.reading import PLAIN

ROOT = Path(__file__).parents[1]
TIMES = 30_000
SECONDS = 0.2  # of processor time, so that a busy machine changes nothing

# Those that depend on values within a function, and what these may be.
LOCAL = {
    "f'(?s:.*/)?{pattern}'": [r"(?s:.*/)?a/(?P<dataset>[^/]+)/b/(?P<model>[^/]+)\.parquet"],
    r"f'\\b{symbol}\\b'": [r"\ba\b"],
    "PLAIN.get(kind, '(?!)')": list(PLAIN.values()),
}


@functools.cache
def patterns():
    """Return each pattern of the code and the schemas, and how it is applied."""
    every = set()
    for file in sorted((ROOT / "src").rglob("*.py")):
        name = ".".join(file.relative_to(ROOT / "src").with_suffix("").parts)
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text if "import re\n" in text else "")):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and ast.unparse(node.func.value) == "re" and node.func.attr != "escape":
                function = node.func.attr.replace(
                    "compile", "fullmatch"
                )  # of all that are compiled
                every |= {
                    (function, pattern) for pattern in values(name, ast.unparse(node.args[0]))
                }
    for file in (ROOT / "workflow/schemas").glob("*.schema.*"):
        every |= {("search", pattern) for pattern in of_schema(yaml.safe_load(file.read_text()))}
    return sorted(every)


def values(module, code):
    if code in LOCAL:
        return LOCAL[code]
    pattern = eval(code, vars(importlib.import_module(module)))
    return [pattern.decode("ascii") if isinstance(pattern, bytes) else pattern]


def of_schema(schema):
    if isinstance(schema, dict):
        own = [value for key, value in schema.items() if key == "pattern"]
        return [*own, *itertools.chain(*map(of_schema, schema.values()))]
    return []


def texts(pattern):
    """Return texts to repeat, and ends that do not match: of what is in the pattern."""
    characters = sorted({*re.sub(r"\\.|[a-zA-Z]", "", pattern), *"0ae_\\ \n"})
    words = re.findall(r"[<a-zA-Z =:-]{3,}", pattern)
    signs = re.sub(r"[()?*+|^$\\]", "", pattern)
    pairs = {first + second for first, second in itertools.pairwise(signs)}
    pairs |= {character + "0" for character in characters}
    return itertools.product([*characters, *words, *sorted(pairs)], ["", "x!\n"])


@contextmanager
def limited():
    """Let a pattern end that takes too long: `re` looks for signals while it searches."""

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def try_all(function, pattern):
    apply = getattr(re.compile(pattern), function)
    for text, end in texts(pattern):
        arguments = [text * TIMES + end]
        if function == "sub":
            arguments.insert(0, "")
        with limited():
            apply(*arguments)


@pytest.mark.parametrize(("function", "pattern"), patterns())
def test_no_pattern_takes_long_for_a_long_text(function, pattern):
    try_all(function, pattern)

"""The programs of `benchmarks` as modules, for tests that measure a small part of them."""

import importlib.util
import sys
from contextlib import contextmanager
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@contextmanager
def imported(program):
    """Import a program, such as ``coverage``, for as long as it is used."""
    name = f"benchmark_of_{program}"  # not that of another module
    try:
        yield _load(program, name)
    finally:
        del sys.modules[name]


def _load(program, name):
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{program}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

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
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{program}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[name]

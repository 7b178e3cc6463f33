"""Programs that a test starts to their end, and whose texts it reads."""

import os
import subprocess
import sys
from pathlib import Path

OF_LIBRARY = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def run(command, *, check=True, **options):
    """Run a program, with its output and its errors apart; unless it may, it must not fail."""
    return subprocess.run(command, capture_output=True, text=True, check=check, **options)


def python(*arguments, more=None, **options):
    """Run this Python, which finds the library, with more variables in the environment."""
    options = {"env": os.environ | OF_LIBRARY | (more or {})} | options
    return run([sys.executable, *arguments], **options)

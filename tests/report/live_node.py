"""The modules of the live page, in Node: they answer the questions of live_fits.mjs."""

import atexit
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

if shutil.which("node") is None:
    pytest.skip("Node is missing", allow_module_level=True)


@cache
def node():
    """Return the process that answers: its start takes as long as most answers together."""
    program = ["node", Path(__file__).with_name("live_fits.mjs")]
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(process.communicate)
    return process


def ask(question, **values):
    print(json.dumps({"question": question, **values}), file=node().stdin, flush=True)
    answered = json.loads(node().stdout.readline())
    assert "error" not in answered, answered["error"]
    return answered["answer"]

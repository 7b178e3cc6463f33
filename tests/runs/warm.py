"""Warm Pythons: processes in which the packages of others are imported before they begin.

Most of the time of a small run goes to imports, because Snakemake starts a Python for each job.
Here one server imports the packages once, and is forked for each process. The library under test is
not among them: each process imports it from its own project.

A process has its own directory, environment, arguments and output. Only what Python and the
packages read while they start is that of the server: the seed of hashes, the locale, the home, the
number of threads. Tests of these, of signals and of the start itself use new Pythons.
"""

import atexit
import functools
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import warm_client
import warm_server

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1"}  # as where we import TensorFlow


class Server:
    """A server for this process and what it starts. It ends with this process.

    Parameters
    ----------
    *packages : str
        What it imports besides `warm_server.PACKAGES`.
    **variables : str
        Of its environment, besides those of `clean_environment`.

    Attributes
    ----------
    python : str
        A program that takes the place of Python, and has the server run what it is asked to.
    """

    def __init__(self, *packages, **variables):
        folder = Path(tempfile.mkdtemp(prefix="warm-"))
        self.address = str(folder / "socket")
        client = folder / "python"
        self.python = str(client)
        command = [sys.executable, "-I", "-S", warm_client.__file__, self.address, sys.executable]
        client.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        client.chmod(0o700)
        program = (
            f"import sys; sys.path.insert(0, {str(Path(warm_server.__file__).parent)!r}); "
            "import warm_server; "
            f"warm_server.serve({self.address!r}, {str(client)!r}, {packages!r})()"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=folder,
            env={**clean_environment(), **warm_client.ONE_THREAD, **QUIET, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        atexit.register(self.end, folder)
        assert self.process.stdout.readline() == b"ready\n"

    def run(self, arguments, folder, environment, errors):
        """Run a program to its end; return its exit code, its output, and its errors.

        Parameters
        ----------
        arguments : list of str
            As for Python: ``-m`` or ``-P -m`` and a module, or a script, and its arguments.
        folder : Path
            Its working directory.
        environment : dict of str to str
        errors : int
            ``subprocess.STDOUT`` if they are to be in the output, each in its place.
        """
        with (
            open(os.devnull) as nothing,
            tempfile.TemporaryFile() as output,
            tempfile.TemporaryFile() as others,
        ):
            last = output if errors == subprocess.STDOUT else others
            descriptors = [file.fileno() for file in (nothing, output, last)]
            code = warm_client.ask(self.address, arguments, str(folder), environment, descriptors)
            output.seek(0)
            others.seek(0)
            return code, output.read().decode(), others.read().decode()

    def end(self, folder):
        """Let the server end, and remove its files."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        shutil.rmtree(folder)


@functools.cache
def server(*packages):
    """Return the server of this process that has some more packages; its first use starts it."""
    return Server(*packages)


def clean_environment():
    """Return the variables of this process, without those of Python and of the tests."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST"))}

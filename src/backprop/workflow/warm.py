"""A warm Python: it has imported what the scripts of a run need, and is forked for each.

Most of the time of a short job is the start of a Python, and its imports. The warm one imports
beside the first jobs, and takes what comes as it is. It runs no job that trains: Snakemake
measures these.
"""

import ast
import atexit
import os
import runpy
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from backprop.workflow import warm_client

SOCKET = "socket"
FEWEST = 4  # scripts that are worth a warm Python
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def warm_python(python: str, scripts: Sequence[Path]) -> str:
    """Start a warm Python, which ends with this process; return what a shell calls to use it.

    Parameters
    ----------
    python : str
        What a shell calls to use a new one, which takes the place of a warm one that is not there.
    scripts : sequence of Path
        What to run warm, and to import for.
    """
    if len(scripts) < FEWEST or not hasattr(os, "pidfd_open"):  # which only Linux has
        return python
    folder = tempfile.mkdtemp(prefix="backprop-")
    process = subprocess.Popen(
        [*shlex.split(python), "-P", "-m", __name__, folder, *map(str, scripts)],
        env=os.environ | ONE_THREAD,
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for who asked
    )
    atexit.register(process.stdin.close)  # type: ignore[union-attr]
    client = ["-I", "-S", warm_client.__file__, f"{folder}/{SOCKET}"]
    names = " ".join(each.name for each in scripts)
    return f"{python} {shlex.join([*client, names])}"


def serve(listener: socket.socket, scripts: Iterable[Path]) -> str | None:
    """Fork for each script that is asked for until the standard input ends.

    Returns
    -------
    str or None
        In each fork, its script. It has the directory, the environment and the files of who asked.
    """
    imports = [
        statement
        for script in scripts
        for statement in ast.parse(script.read_bytes()).body
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    while True:
        ready, _, _ = select.select([0, listener.fileno()], [], [], 0 if imports else None)
        if 0 in ready:
            return None
        if ready:
            connection, _ = listener.accept()
            if not os.fork():
                return _answer(connection)
            connection.close()
        else:
            with suppress(Exception):  # the script that needs it says what is wrong
                exec(compile(ast.Module([imports.pop(0)], []), __file__, "exec"), {})


def _answer(connection: socket.socket) -> str:
    """Return in a fork what it is to run; this process sends the fork's exit code and ends."""
    _, files, _, _ = socket.recv_fds(connection, 1, 3)
    with connection.makefile() as request:
        script, folder, environment = ast.literal_eval(request.readline())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if not (pid := os.fork()):
        connection.close()
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        return str(script)
    asks = connection.fileno()
    ready, _, _ = select.select([asks, os.pidfd_open(pid)], [], [])
    if asks in ready:  # it has ended
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):
        code = os.waitstatus_to_exitcode(status)
        connection.sendall(b"%d" % (code if code >= 0 else 128 - code))  # as shells have it
    os._exit(0)


def main(folder: str, *scripts: str) -> None:
    """Be the warm Python, and in each fork a script."""
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            listener.bind(f"{folder}/{SOCKET}")
            listener.listen(100)
            script = serve(listener, map(Path, scripts))
        except OSError:  # the path is too long
            script = None
    if script:
        runpy.run_path(script, run_name="__main__")
    else:
        rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])

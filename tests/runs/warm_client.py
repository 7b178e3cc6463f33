"""Ask the server of warm Pythons to run a program, in the place of Python: see `warm`.

It imports little, because each job of Snakemake begins with it.
"""

import array
import json
import os
import signal
import socket
import sys

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "GOTO_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
    ),
    "1",
)  # fmt: skip


def ask(address, arguments, folder, environment, descriptors):
    """Return the exit code of a program that the server runs: negative if a signal ended it.

    Parameters
    ----------
    address : str
        The socket of the server.
    arguments : list of str
        As for Python: ``-m`` and a module, or a script, and its arguments.
    folder : str
        Its working directory.
    environment : dict of str to str
    descriptors : list of int
        Its standard input, output and error.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        files = array.array("i", descriptors)
        connection.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
        request = json.dumps([arguments, folder, environment])
        connection.sendall(f"{request}\n".encode())
        with connection.makefile() as answer:
            return int(answer.readline())


def main(address, python, *arguments):
    """Be a Python: by the server if it can, otherwise by a new one."""
    is_program = arguments and (arguments[0] == "-m" or not arguments[0].startswith("-"))
    has_one_thread = all(os.environ.get(name, "1") == n for name, n in ONE_THREAD.items())
    if not (is_program and has_one_thread):
        os.execv(python, [python, *arguments])
    code = ask(address, arguments, os.getcwd(), dict(os.environ), [0, 1, 2])
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])

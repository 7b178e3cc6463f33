"""Ask the server of warm Pythons to run a program, in the place of Python: see `warm`.

It imports only what is built in, because each job of Snakemake begins with it: `json`, `signal`
and `socket` would double its time.
"""

import _signal
import _socket
import array
import os
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
        As for Python: ``-m`` or ``-P -m`` and a module, or a script, and its arguments.
    folder : str
        Its working directory.
    environment : dict of str to str
    descriptors : list of int
        Its standard input, output and error.
    """
    connection = _socket.socket(_socket.AF_UNIX)
    try:
        connection.connect(address)
        files = array.array("i", descriptors)
        connection.sendmsg([b"!"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
        request = ascii([list(arguments), folder, environment])
        connection.sendall(f"{request}\n".encode())
        answer = b""
        while not answer.endswith(b"\n"):
            received = connection.recv(100)
            if not received:
                raise ConnectionError("the server of warm Pythons has ended")
            answer += received
        return int(answer)
    finally:
        connection.close()


def main(address, python, *arguments):
    """Be a Python: by the server if it can, otherwise by a new one."""
    is_module = arguments[:1] == ("-m",) or arguments[:2] == ("-P", "-m")
    is_program = is_module or (arguments and not arguments[0].startswith("-"))
    has_one_thread = all(os.environ.get(name, "1") == n for name, n in ONE_THREAD.items())
    if not (is_program and has_one_thread):
        os.execv(python, [python, *arguments])
    code = ask(address, arguments, os.getcwd(), dict(os.environ), [0, 1, 2])
    if code < 0:
        _signal.signal(-code, _signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main(*sys.argv[1:])

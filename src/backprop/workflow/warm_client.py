"""Ask the warm Python to run a script, in the place of a new one: see `warm`.

Each job begins with it, so it imports little.
"""

import array
import os
import signal
import socket
import sys
from contextlib import suppress


def ask(address: str, script: str) -> int:
    """Return the exit code of a script that runs with what this process has.

    Raises
    ------
    OSError
        If nobody answers: the script has not begun.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as the script: its log has what it says
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        here = ascii((script, os.getcwd(), dict(os.environ))).encode()
        files = array.array("i", [0, 1, 2])
        connection.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
        connection.sendall(here + b"\n")
        return int(connection.recv(8) or 1)


def main(address: str, scripts: str, *arguments: str) -> None:
    """Run one of these scripts warm, and everything else by a new Python."""
    is_script = len(arguments) == 1
    if is_script and os.path.basename(arguments[0]).partition(".")[2] in scripts.split():
        with suppress(OSError):  # the warm one is not there: not yet, or no more
            sys.exit(ask(address, *arguments))
    os.execv(sys.executable, [sys.executable, *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])

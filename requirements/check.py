"""Refuse a Python or a folder that cannot have an environment. Any Python 3 can run this."""

import os
import sys

folder = os.getcwd()
if not (3, 11) <= sys.version_info < (3, 14):
    sys.exit(
        "error: Python 3.11 to 3.13 is needed, found {}.{}.{}; "
        "choose another one, such as PYTHON=python3.12".format(*sys.version_info)
    )
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError as error:
    sys.exit(
        "error: {} lacks the module {}, which makes environments; install it (on Debian and Ubuntu "
        "with `apt install python{}.{}-venv`), or choose another Python with PYTHON=".format(
            sys.executable, error.name, *sys.version_info
        )
    )
if os.pathsep in folder or any("\ud800" <= character <= "\udfff" for character in folder):
    sys.exit(
        "error: there can be no environment of Python in the folder " + ascii(folder) + "; "
        "rename it: its path may have all characters but colons, in UTF-8"
    )

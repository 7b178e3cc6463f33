"""Hand the URL of a data set, which may have secrets, to its job without a file that has it.

Snakemake writes the config into the file of each script, and that file stays after a kill. So the
config of Snakemake has the URL encrypted, and the key is in the environment of this run alone.
"""

import hashlib
import os
import secrets

KEY = "BACKPROP_KEY"  # the environment variable with the key, in hexadecimal


def new_key() -> None:
    """Draw a key for this run."""
    os.environ[KEY] = secrets.token_hex(32)


def hide(name: str, text: str) -> str:
    """Return a text as only the jobs of this run can read it. Each text needs another name."""
    return _changed(name, text.encode()).hex()


def reveal(name: str, digits: str) -> str:
    """Return the text that `hide` made unreadable."""
    return _changed(name, bytes.fromhex(digits)).decode()


def _changed(name: str, content: bytes) -> bytes:
    # SHAKE as a stream cipher. A key is used once for each name.
    stream = hashlib.shake_256(bytes.fromhex(os.environ[KEY]) + name.encode()).digest(len(content))
    return bytes(a ^ b for a, b in zip(content, stream, strict=True))

"""Hand the URL of a data set, which may have secrets, to its job without a file that has it.

Snakemake writes the config into the file of each script, and that file stays after a kill. So the
config of Snakemake has the URL encrypted, and the key is in the environment of this run alone.
"""

import hashlib
import os
import secrets

KEY = "BACKPROP_KEY"  # the environment variable with the key, in hexadecimal
BYTES = 16  # of the beginning of a hidden text


def draw_key() -> None:
    """Draw a key for this run, if it has none; several modules share it."""
    if not os.environ.get(KEY):
        os.environ[KEY] = secrets.token_hex(32)


def hide(text: str) -> str:
    """Return a text as only the jobs of this run can read it."""
    start = secrets.token_bytes(BYTES)  # two texts of one stream would show how they differ
    return (start + _changed(start, text.encode())).hex()


def reveal(digits: str) -> str:
    """Return the text that `hide` made unreadable."""
    content = bytes.fromhex(digits)
    return _changed(content[:BYTES], content[BYTES:]).decode()


def _changed(start: bytes, content: bytes) -> bytes:
    # SHAKE as a stream cipher.
    stream = hashlib.shake_256(bytes.fromhex(os.environ[KEY]) + start).digest(len(content))
    return bytes(a ^ b for a, b in zip(content, stream, strict=True))

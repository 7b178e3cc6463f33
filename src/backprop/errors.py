"""The error that is meant for the user."""


class BackpropError(Exception):
    """An error that the user can correct.

    Its message says where the error is (a key of the config, or a row of the data), which value is
    there, and what to use instead. The user sees it without a traceback.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def printable(message: str) -> str:
    r"""Return a message without characters that control the terminal, except line breaks.

    It may quote a name from a file or a server. Each such character becomes an escape sequence of
    Python, such as ``\x1b``.
    """
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in message)

"""The error that is meant for the user."""


class BackpropError(Exception):
    """An error that the user can correct.

    Its message says where the error is (a key of the config, or a row of the data), which value is
    there, and what is allowed. The user sees it without a traceback.
    """

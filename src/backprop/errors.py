"""The error that is meant for the user."""


class BackpropError(Exception):
    """An error that the user can correct.

    Its message says where the error is (a key of the config, or a row), what was found there and
    what is allowed. It is shown without a traceback.
    """

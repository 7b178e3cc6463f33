"""The one kind of error that is meant for the user."""


class BackpropError(Exception):
    """An error that the user can mend.

    Its message names the key or the row, what was found and what is allowed; it is shown without
    a traceback.
    """

"""Count the lines of Python that run: a measure of speed that does not depend on the load."""

import sys


def steps(function):
    """Return how many lines of Python a function runs, with its calls and its returns.

    A loop counts as often as it goes round. What is not written in Python is one step.
    """
    count = 0

    def trace(*_):
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return count

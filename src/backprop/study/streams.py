"""Random numbers that depend on their purpose, not on the order in which they are drawn."""

import hashlib

import numpy as np


def stream(seed: int, purpose: str, *key: int) -> np.random.Generator:
    """Return the random number generator of a purpose, such as the folds of one repeat.

    Parameters
    ----------
    seed : int
        The seed of the study, at least 0.
    purpose : str
        What the numbers are used for, such as ``"folds"``.
    *key : int
        Which stream of that purpose, such as a repeat and a fold, each in [0, 2**32).

    Returns
    -------
    numpy.random.Generator
        It depends on the arguments only, not on the machine or the order of work. It is
        independent of the generators of all other arguments.

    Raises
    ------
    ValueError
        If `seed` is negative.
    """
    # Not `hash`, which differs from one process to the next.
    number = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:4], "big")
    # Not one list [seed, number, *key]: NumPy pads a short list with zeros, so that ("folds",) and
    # ("folds", 0) would be one stream. A spawn key is not padded.
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number, *key)))

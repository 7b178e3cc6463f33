"""Random numbers that depend on what they are for, not on when they are drawn."""

import hashlib

import numpy as np


def stream(seed: int, purpose: str, *key: int) -> np.random.Generator:
    """Return the generator that belongs to a purpose, such as the folds of one repeat.

    Parameters
    ----------
    seed : int
        The seed of the whole study, at least 0.
    purpose : str
        What the numbers are for, such as ``"folds"``.
    *key : int
        Which one of that purpose, such as a repeat and a fold, each in [0, 2**32).

    Returns
    -------
    numpy.random.Generator
        The same for the same arguments, on every machine and in any order of work; independent of
        the generators of all other arguments.
    """
    # `hash` would differ from one process to the next.
    number = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:4], "big")
    # As a spawn key rather than one list [seed, number, *key]: a short list is padded with zeros,
    # and ("folds",) and ("folds", 0) would be one stream.
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number, *key)))

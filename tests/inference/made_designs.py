"""Simulated differences of repeated cross-validations."""

import math

import numpy as np
from benchmark_modules import corrected_moments
from hypothesis import settings
from hypothesis import strategies as st

from backprop.inference.tests import posterior_of

reproducible = settings(derandomize=True, deadline=None)


@st.composite
def designs(draw):
    """Draw the differences of a repeated k-fold cross-validation, and k."""
    folds, repeats = draw(st.integers(2, 10)), draw(st.integers(1, 5))
    difference = st.floats(-1, 1)
    size = folds * repeats
    return np.array(draw(st.lists(difference, min_size=size, max_size=size))), folds


def correlated(generator, mean, folds, repeats, size):
    """Draw differences of variance 1 and correlation 1/k, as the corrected test assumes."""
    rho = 1 / folds
    shared = generator.standard_normal((size, 1))
    own = generator.standard_normal((size, folds * repeats))
    return mean + math.sqrt(rho) * shared + math.sqrt(1 - rho) * own


def posterior(differences, folds, rope=0.01):
    """Return the posterior of the correlated t-test, which has the moments of the corrected one."""
    return posterior_of(*corrected_moments(differences, folds), rope=rope)

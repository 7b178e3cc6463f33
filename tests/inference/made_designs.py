"""Simulated differences of repeated cross-validations."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from backprop.inference.corrected import corrected_t_test
from backprop.inference.tests import posterior_of

reproducible = settings(derandomize=True)


@st.composite
def designs(draw):
    """Draw the differences of a repeated k-fold cross-validation, and k."""
    folds, repeats = draw(st.integers(2, 10)), draw(st.integers(1, 5))
    difference = st.floats(-1, 1)
    size = folds * repeats
    return np.array(draw(st.lists(difference, min_size=size, max_size=size))), folds


def posterior(differences, folds, rope=0.01):
    """Return the posterior of the correlated t-test, which has the moments of the corrected one."""
    return posterior_of(*corrected_t_test(differences, folds)[:3], rope=rope)

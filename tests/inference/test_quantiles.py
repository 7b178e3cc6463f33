"""The tails of the normal and of the t distribution, against those of SciPy."""

import itertools
import math

import pytest
from scipy import stats

from backprop.inference.intervals import normal_quantile, t_quantile, t_tail

TAILS = [1e-12, 0.001, 0.025, 0.05, 0.3, 0.5, 0.8, 0.999]
DEGREES = [0.5, 1, 2.7, 4, 49, 1e6, math.nan]
DISTANCES = [-math.inf, -40.0, -1.3, 0.0, 0.2, 2.01, 7.5, 300.0, math.inf, math.nan]


@pytest.mark.parametrize(
    ("own", "of_scipy", "values"),
    [
        (normal_quantile, stats.norm.isf, [TAILS]),
        (t_quantile, stats.t.isf, [TAILS, DEGREES]),
        (t_tail, stats.t.sf, [DISTANCES, DEGREES]),
    ],
)
def test_quantiles_and_tails_are_those_of_scipy_to_the_last_bit(own, of_scipy, values):
    for each in itertools.product(*values):
        assert own(*each) == pytest.approx(of_scipy(*each), rel=0, abs=0, nan_ok=True), each

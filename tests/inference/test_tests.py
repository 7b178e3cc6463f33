"""Tests of a model against a baseline: published values, properties and simulations."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_designs import designs, posterior, reproducible
from scipy import integrate, stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC
from statsmodels.stats.multitest import multipletests

from backprop.inference.corrected import corrected_t_test
from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.tests import (
    FINEST,
    FINEST_WEIGHTED,
    discordant,
    holm,
    level_of_each,
    mcnemar,
    minimum_detectable_difference,
    step_down,
    weighted_step_down,
)


@pytest.fixture(scope="module")
def moons():
    """Return the function that gives the ROC AUC of an rbf SVC minus that of a linear SVC."""
    features, label = make_moons(n_samples=100, noise=0.352, random_state=1)

    def differences(folds, repeats):
        splits = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=0)
        rbf, linear = (
            cross_val_score(
                SVC(kernel=kernel, random_state=0), features, label, cv=splits, scoring="roc_auc"
            )
            for kernel in ("rbf", "linear")
        )
        return rbf - linear

    return differences


@pytest.mark.parametrize(
    ("folds", "repeats", "mean", "t", "one_sided"),
    [(10, 10, 0.0100, 0.750313, 0.227423), (5, 4, 0.0080, 0.603745, 0.276577)],
)
def test_corrected_t_test_of_two_kernels_on_the_moons(moons, folds, repeats, mean, t, one_sided):
    comparison = corrected_t_test(moons(folds, repeats), folds)
    assert comparison.degrees_of_freedom == folds * repeats - 1
    assert comparison.mean == pytest.approx(mean, abs=5e-5)
    assert comparison.t == pytest.approx(t, abs=5e-7)
    assert comparison.p_value / 2 == pytest.approx(one_sided, abs=5e-7)


def test_posterior_of_two_kernels_on_the_moons(moons):
    result = posterior(moons(5, 4), 5, rope=0.01)
    assert result.worse == pytest.approx(0.09512, abs=5e-6)
    assert result.better == pytest.approx(1 - 0.55919, abs=5e-6)
    assert result.equal == pytest.approx(0.55919 - 0.09512, abs=1e-5)


def test_corrected_t_test_by_hand():
    # Two folds, two repeats; mean 2, variance 4/3: (1/4 + 1/1) 4/3 = 5/3.
    comparison = corrected_t_test([1, 1, 3, 3], 2)
    assert comparison.mean == 2
    assert comparison.standard_error == pytest.approx(math.sqrt(5 / 3), rel=1e-15)
    assert comparison.t == pytest.approx(2 / math.sqrt(5 / 3), rel=1e-15)
    margin = stats.t.ppf(0.975, 3) * comparison.standard_error
    assert comparison.upper - comparison.mean == pytest.approx(margin, rel=1e-12)


@reproducible
@given(designs(), st.floats(0, 0.5))
def test_posterior_sums_to_one(design, rope):
    assume(np.ptp(design[0].round(12)) > 0)
    result = posterior(*design, rope=rope)
    assert min(result.worse, result.equal, result.better) >= 0
    assert result.worse + result.equal + result.better == pytest.approx(1, abs=1e-12)


def test_without_a_rope_nothing_is_practically_equal():
    result = posterior([0.1, 0.2, -0.1, 0.0], 2, rope=0)
    assert result.equal == 0
    one_sided = corrected_t_test([0.1, 0.2, -0.1, 0.0], 2).p_value / 2
    assert result.worse == pytest.approx(one_sided, rel=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, -1 / 3])
def test_equal_differences_say_nothing_about_chance(value):
    differences = np.full(50, value)
    comparison = corrected_t_test(differences, 5)
    assert comparison.mean == pytest.approx(value, abs=1e-12)
    assert comparison.p_value == 1
    belief = posterior(differences, 5, rope=0.01)
    numbers = [comparison.t, comparison.standard_error, comparison.lower, comparison.upper]
    numbers += [belief.worse, belief.equal, belief.better]
    assert np.isnan(numbers).all()


def test_rounding_errors_are_not_a_difference():
    noise = 1e-16 * np.arange(1, 11)  # the same sign in every split: significant if not rounded
    assert corrected_t_test(noise, 5).p_value == 1
    assert math.isnan(corrected_t_test(0.1 + noise, 5).standard_error)


def test_holm_by_hand():
    # 3 x 0.01; 2 x 0.03; 1 x 0.04, but not below the one before it.
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06], rtol=1e-15)
    np.testing.assert_array_equal(holm([0.6, 0.7]), [1, 1])
    np.testing.assert_array_equal(holm([0.2]), [0.2])
    assert holm([]).size == 0


@pytest.mark.parametrize("tests", [1, 2, 3, 10, 300])
def test_holm_gives_the_numbers_of_statsmodels_bit_for_bit(tests):
    generator = np.random.default_rng(tests)
    for _ in range(10):
        p_values = generator.uniform(size=tests) ** generator.integers(1, 9)
        p_values[generator.uniform(size=tests) < 0.2] = generator.choice([0, 1, 1e-300, 0.05])
        expected = multipletests(p_values, method="holm")[1]
        assert holm(p_values).tobytes() == expected.tobytes()


def joint(correlation, tests=3, observations=400):
    """Return contributions of tests that all have this correlation with each other."""
    generator = np.random.default_rng(0)
    own, shared = generator.normal(size=(tests, observations)), generator.normal(size=observations)
    every = np.linalg.qr(np.vstack([shared, own]).T)[0].T  # orthonormal
    return math.sqrt(correlation) * every[0] + math.sqrt(1 - correlation) * every[1:]


def test_the_order_and_the_signs_of_tests_change_no_bit():
    generator = np.random.default_rng(4)
    contributions = generator.integers(-2, 3, (7, 40)) / 40  # many of them equal
    contributions[:, 0] = 0
    p = generator.uniform(0.02, 0.5, 7)
    p[3] = p[4]
    expected, level = step_down(p, contributions), level_of_each(contributions, 0.05)
    assert (np.unique(expected) < 1).sum() > 2
    for _ in range(20):
        order, signs = generator.permutation(7), generator.choice([-1, 1], (7, 1))
        moved = (signs * contributions)[order]
        assert step_down(p[order], moved).tobytes() == expected[order].tobytes()
        assert level_of_each(moved, 0.05) == level


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("tests", [2, 5])
def test_the_step_down_p_value_is_the_integral_of_the_normal_distribution(correlation, tests):
    """Given what all have in common, tests are independent: one integral is left."""
    contributions = joint(correlation, tests)
    root = math.sqrt(1 - correlation)

    def none_reaches(z, count):
        def density(x):
            ends = ((sign * z - math.sqrt(correlation) * x) / root for sign in (-1, 1))
            below, above = map(stats.norm.cdf, ends)
            return stats.norm.pdf(x) * (above - below) ** count

        return integrate.quad(density, -9, 9)[0]

    p = np.linspace(0.012, 0.9, tests)
    z = stats.norm.isf(p / 2)
    expected = np.maximum.accumulate([1 - none_reaches(z[i], tests - i) for i in range(tests)])
    np.testing.assert_allclose(step_down(p, contributions), expected, rtol=0.02)
    shuffled = np.random.default_rng(1).permutation(tests)
    np.testing.assert_allclose(
        step_down(p[shuffled], contributions[shuffled]), expected[shuffled], rtol=0.02
    )
    level = level_of_each(contributions, 0.05)
    assert 1 - none_reaches(stats.norm.isf(level / 2), tests) == pytest.approx(0.05, rel=0.02)


def test_of_tests_that_are_copies_each_has_its_own_p_value():
    copies = np.tile(joint(0.0, 2)[:1], (5, 1)) * [[1], [-1], [2], [1], [1]]
    p = np.full(5, 0.03)
    np.testing.assert_allclose(step_down(p, copies), p, rtol=0.01)
    assert level_of_each(copies, 0.05) == pytest.approx(0.05, rel=0.01)


def test_a_later_step_allows_for_the_tests_that_are_left_and_for_no_others():
    """By hand: the first test is independent of the other two, which are copies."""
    contributions = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, 1, -1]])
    adjusted = step_down([0.1, 0.2, 0.2], contributions)
    np.testing.assert_allclose(adjusted, [1 - 0.9**2, 0.2, 0.2], rtol=0.02)


@pytest.mark.parametrize("tests", [1, 2, 3, 6])
def test_a_step_down_p_value_is_between_the_raw_one_and_that_of_holm(tests):
    generator = np.random.default_rng(tests)
    p = generator.random(tests) ** 3
    contributions = generator.normal(size=(tests, 20)) + generator.normal(size=20)
    contributions[generator.random(tests) < 0.2] = 0  # a model that is the same
    adjusted, most = step_down(p, contributions), holm(p)
    assert (p <= adjusted).all()
    assert (adjusted <= most).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
    few = most <= FINEST
    assert adjusted[few].tolist() == most[few].tolist()
    counted = generator.random(tests) < 0.5
    of_interest = step_down(p, contributions, counted)
    assert (of_interest[~counted] == adjusted[~counted]).all()
    assert (of_interest[counted] == step_down(p[counted], contributions[counted])).all()


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_a_weighted_step_down_p_value_is_the_integral_of_the_normal_distribution(correlation):
    """Given what all have in common, tests are independent: one integral is left."""
    contributions, weights = joint(correlation, 4), np.array([0.5, 0.25, 0.5, 0.125])
    root = math.sqrt(1 - correlation)

    def any_reaches(ratio, own):
        def density(x):
            z = stats.norm.isf(ratio * own)
            return (
                stats.norm.pdf(x) * stats.norm.cdf((z - math.sqrt(correlation) * x) / root).prod()
            )

        return 1 - integrate.quad(density, -9, 9)[0]

    ratio = np.array([0.02, 0.05, 0.3, 0.9])
    steps = [any_reaches(each, weights[place:]) for place, each in enumerate(ratio)]
    expected, p = np.maximum.accumulate(steps), ratio * weights
    adjusted = weighted_step_down(p, weights, contributions)
    np.testing.assert_allclose(adjusted, expected, rtol=0.01, atol=5e-4)
    shuffled = np.random.default_rng(1).permutation(4)
    again = weighted_step_down(p[shuffled], weights[shuffled], contributions[shuffled])
    assert again.tolist() == adjusted[shuffled].tolist(), "the order does not matter"
    scaled = weighted_step_down(p, 7 * weights, contributions)
    np.testing.assert_allclose(scaled, adjusted, rtol=1e-9)


def test_of_weighted_tests_that_are_copies_each_has_its_own_p_value():
    copies = np.tile(joint(0.0, 2)[:1], (3, 1))
    adjusted = weighted_step_down([0.03, 0.03, 0.03], [0.5, 0.25, 0.25], copies)
    np.testing.assert_allclose(adjusted, 0.03, rtol=0.02)
    opposite = weighted_step_down([0.03, 0.97], [1, 1], copies[:2] * [[1], [-1]])
    np.testing.assert_allclose(opposite, [0.06, 0.97], rtol=0.02)  # one is reached, or the other


@pytest.mark.parametrize("tests", [0, 1, 2, 3, 6])
def test_a_weighted_step_down_p_value_is_between_the_raw_one_and_that_of_holm(tests):
    generator = np.random.default_rng(tests)
    p, weights = generator.random(tests) ** 5, generator.uniform(0.1, 1, tests)
    contributions = generator.normal(size=(tests, 20)) + generator.normal(size=20)
    adjusted, order = weighted_step_down(p, weights, contributions), np.argsort(p / weights)
    left = [weights[order[place:]].sum() for place in range(tests)]  # of the tests that are left
    most = np.minimum(np.maximum.accumulate((p / weights)[order] * left), 1)
    assert (p <= adjusted).all()
    assert (adjusted[order] <= most + 1e-12).all()
    assert (np.diff(adjusted[order]) >= 0).all()
    few = most < FINEST_WEIGHTED
    np.testing.assert_allclose(adjusted[order][few], most[few], rtol=1e-12)


@pytest.mark.parametrize(
    ("first_only", "second_only", "p_value", "tolerance"),
    [(0, 5, 0.0625, 0), (3, 9, 0.145996, 5e-7), (59, 121, 4.43445e-06, 5e-12), (0, 0, 1, 0)],
)
def test_mcnemar(first_only, second_only, p_value, tolerance):
    assert mcnemar(first_only, second_only) == pytest.approx(p_value, rel=0, abs=tolerance)
    assert mcnemar(second_only, first_only) == mcnemar(first_only, second_only)


def test_discordant_rows_are_those_that_only_one_has_right():
    first, second = np.array([1, 1, 1, 0, 0, 1], bool), np.array([1, 0, 0, 1, 0, 0], bool)
    assert discordant(first, second) == (3, 1)


@pytest.mark.parametrize("degrees_of_freedom", [1, 4, 49, 99])
def test_detectable_difference_is_detected_in_four_studies_of_five(degrees_of_freedom):
    difference = minimum_detectable_difference(1.0, degrees_of_freedom, significance=SIGNIFICANCE)
    critical = stats.t.ppf(0.975, degrees_of_freedom)
    assert stats.nct.sf(critical, degrees_of_freedom, difference) == pytest.approx(0.8, abs=1e-6)


def test_detectable_difference_of_a_large_sample_equals_the_normal_approximation():
    expected = 2 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    assert minimum_detectable_difference(2.0, 10**6, significance=SIGNIFICANCE) == pytest.approx(
        expected, rel=1e-5
    )


def test_without_variance_anything_is_detectable():
    assert minimum_detectable_difference(0.0, 9, significance=SIGNIFICANCE) == 0

"""Inference for one data set: published values, properties, simulations and words."""

import doctest
import math
from dataclasses import astuple, replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from backprop.inference import statistics
from backprop.inference.statistics import (
    Comparison,
    Posterior,
    Unit,
    bbc_cv,
    corrected_interval,
    corrected_t_test,
    holm,
    mcnemar,
    minimum_detectable_difference,
    outcome,
    posterior,
    verdict,
    wilson,
)

pytestmark = pytest.mark.filterwarnings("error")
reproducible = settings(derandomize=True, deadline=None)


@st.composite
def designs(draw):
    """Differences of a repeated k-fold cross-validation, and k."""
    folds, repeats = draw(st.integers(2, 10)), draw(st.integers(1, 5))
    difference = st.floats(-1, 1)
    size = folds * repeats
    return np.array(draw(st.lists(difference, min_size=size, max_size=size))), folds


def correlated(generator, mean, folds, repeats, size):
    """Differences of variance 1 and correlation 1/k, as the corrected test assumes them."""
    rho = 1 / folds
    shared = generator.standard_normal((size, 1))
    own = generator.standard_normal((size, folds * repeats))
    return mean + math.sqrt(rho) * shared + math.sqrt(1 - rho) * own


# The corrected t-test and the posterior -----------------------------------------------------------


@pytest.fixture(scope="module")
def moons():
    """SVC with an rbf kernel minus a linear one, in a given design of cross-validation."""
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
@given(designs())
def test_interval_agrees_with_the_p_value(design):
    differences, folds = design
    comparison = corrected_t_test(differences, folds)
    if 0 < comparison.p_value < 1:
        edge = corrected_interval(differences, folds, confidence=1 - comparison.p_value)
        nearest = min(abs(edge.lower), abs(edge.upper))
        assert nearest == pytest.approx(0, abs=1e-9 * comparison.standard_error)


@reproducible
@given(designs())
def test_swapping_the_models_mirrors_the_test(design):
    differences, folds = design
    comparison, swapped = (
        corrected_t_test(differences, folds),
        corrected_t_test(-differences, folds),
    )
    assert (swapped.mean, swapped.t, swapped.p_value) == (
        -comparison.mean,
        -comparison.t,
        comparison.p_value,
    )
    assert (swapped.lower, swapped.upper) == (-comparison.upper, -comparison.lower)


@reproducible
@given(designs(), st.floats(0, 0.5))
def test_swapping_the_models_mirrors_the_posterior(design, rope):
    differences, folds = design
    result, swapped = (posterior(d, folds, rope=rope) for d in (differences, -differences))
    assert swapped.worse == pytest.approx(result.better, abs=1e-12)
    assert swapped.better == pytest.approx(result.worse, abs=1e-12)
    assert swapped.equal == pytest.approx(result.equal, abs=1e-12)


@reproducible
@given(designs(), st.floats(0, 0.5))
def test_posterior_sums_to_one(design, rope):
    result = posterior(*design, rope=rope)
    assert min(result.worse, result.equal, result.better) >= 0
    assert result.worse + result.equal + result.better == pytest.approx(1, abs=1e-12)


def test_no_rope_no_equality():
    result = posterior([0.1, 0.2, -0.1, 0.0], 2, rope=0)
    assert result.equal == 0
    one_sided = corrected_t_test([0.1, 0.2, -0.1, 0.0], 2).p_value / 2
    assert result.worse == pytest.approx(one_sided, rel=1e-12)


@pytest.mark.parametrize(("folds", "repeats"), [(5, 1), (5, 10), (10, 10)])
def test_corrected_interval_covers_and_the_usual_one_does_not(folds, repeats):
    size, truth = 4000, 0.3
    corrected = usual = 0
    for scores in correlated(np.random.default_rng(0), truth, folds, repeats, size):
        lower, upper = corrected_interval(scores, folds)
        corrected += lower <= truth <= upper
        margin = (upper - lower) / 2 / math.sqrt(1 + repeats * folds / (folds - 1))
        usual += abs(scores.mean() - truth) <= margin
    assert corrected / size == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / size))
    assert usual / size < 0.9


@pytest.mark.parametrize("value", [0.0, 0.1, -1 / 3])
def test_differences_of_zero_variance_are_equality_or_tell_nothing(value):
    differences = np.full(50, value)
    comparison = corrected_t_test(differences, 5)
    belief = posterior(differences, 5, rope=0.01)
    assert comparison.mean == pytest.approx(value, abs=1e-12)
    assert (comparison.t, comparison.p_value) == (0, 1)
    margin = math.inf if value else 0
    assert comparison.standard_error == margin
    assert (comparison.lower, comparison.upper) == (-margin, margin)
    expected = (0.5, 0, 0.5) if value else (0, 1, 0)
    assert (belief.worse, belief.equal, belief.better) == expected
    assert corrected_interval(differences, 5) == (comparison.mean, comparison.mean)
    detectable = minimum_detectable_difference(comparison.standard_error, 49)
    assert detectable == margin


def test_rounding_is_no_difference():
    noise = 1e-16 * np.arange(1, 11)  # same sign in every split: hugely significant if believed
    assert corrected_t_test(noise, 5).p_value == 1
    assert corrected_t_test(0.1 + noise, 5).standard_error == math.inf


@pytest.mark.parametrize("function", [corrected_t_test, corrected_interval, posterior])
@pytest.mark.parametrize(
    ("differences", "folds", "message"),
    [
        ([0.1, math.nan], 2, "finite"),
        ([0.1, math.inf], 2, "finite"),
        ([0.1, 0.2, 0.3], 2, "2 folds in each repeat"),
        ([], 2, "2 folds in each repeat"),
        ([[0.1, 0.2], [0.3, 0.4]], 2, r"shape \(2, 2\)"),
        ([0.1, 0.2], 1, "folds must be at least 2"),
    ],
)
def test_differences_that_are_no_design_are_refused(function, differences, folds, message):
    with pytest.raises(ValueError, match=message):
        function(differences, folds)


@pytest.mark.parametrize("confidence", [0, 1, 95, math.nan])
def test_confidence_is_a_fraction(confidence):
    for call in (
        lambda: corrected_t_test([0.1, 0.2], 2, confidence=confidence),
        lambda: corrected_interval([0.1, 0.2], 2, confidence=confidence),
        lambda: wilson(1, 2, confidence=confidence),
        lambda: bbc_cv(np.eye(2), np.random.default_rng(0), confidence=confidence),
    ):
        with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
            call()


@pytest.mark.parametrize("rope", [-0.01, math.inf, math.nan])
def test_rope_is_a_width(rope):
    with pytest.raises(ValueError, match="rope must be at least 0"):
        posterior([0.1, 0.2], 2, rope=rope)


# Holm, McNemar, Wilson ----------------------------------------------------------------------------


def test_holm_by_hand():
    # 3 x 0.01; 2 x 0.03; 1 x 0.04, but not below the one before it.
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03]), [0.03, 0.06, 0.06], rtol=1e-15)
    np.testing.assert_array_equal(holm([0.6, 0.7]), [1, 1])
    np.testing.assert_array_equal(holm([0.2]), [0.2])
    assert holm([]).size == 0


@pytest.mark.parametrize("p_values", [[0.1, math.nan], [-0.1], [1.1]])
def test_holm_refuses_what_is_no_probability(p_values):
    with pytest.raises(ValueError, match=r"p-values must be in \[0, 1\]"):
        holm(p_values)


@pytest.mark.parametrize(
    ("first_only", "second_only", "p_value", "tolerance"),
    [(0, 5, 0.0625, 0), (3, 9, 0.145996, 5e-7), (59, 121, 4.43445e-06, 5e-12), (0, 0, 1, 0)],
)
def test_mcnemar(first_only, second_only, p_value, tolerance):
    assert mcnemar(first_only, second_only) == pytest.approx(p_value, rel=0, abs=tolerance)
    assert mcnemar(second_only, first_only) == mcnemar(first_only, second_only)


@pytest.mark.parametrize("counts", [(-1, 5), (5, -1), (-1, 1)])
def test_mcnemar_refuses_negative_counts(counts):
    with pytest.raises(ValueError, match="must be possible"):
        mcnemar(*counts)


def test_wilson_of_the_training_accuracy_on_ex4():
    assert wilson(65, 80) == pytest.approx((0.713417, 0.882947), abs=5e-7)


@reproducible
@given(st.integers(1, 500), st.data())
def test_wilson_ends_are_the_proportions_just_not_rejected(trials, data):
    successes = data.draw(st.integers(0, trials))
    lower, upper = wilson(successes, trials, confidence=0.9)
    assert 0 <= lower <= successes / trials <= upper <= 1
    for end in (lower, upper):
        variance = end * (1 - end) / trials
        squared_distance = (successes / trials - end) ** 2
        assert squared_distance == pytest.approx(stats.norm.ppf(0.95) ** 2 * variance, abs=1e-14)
    mirrored = wilson(trials - successes, trials, confidence=0.9)
    assert mirrored == pytest.approx((1 - upper, 1 - lower), abs=1e-12)


@pytest.mark.parametrize("counts", [(0, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_impossible_counts(counts):
    with pytest.raises(ValueError, match="must be possible"):
        wilson(*counts)


# Minimum detectable difference --------------------------------------------------------------------


@pytest.mark.parametrize("degrees_of_freedom", [1, 4, 49, 99])
@pytest.mark.parametrize("power", [0.5, 0.8, 0.95])
def test_detectable_difference_is_found_with_the_power_asked_for(degrees_of_freedom, power):
    difference = minimum_detectable_difference(1.0, degrees_of_freedom, power=power)
    critical = stats.t.ppf(0.975, degrees_of_freedom)
    assert stats.nct.sf(critical, degrees_of_freedom, difference) == pytest.approx(power, abs=1e-6)


def test_detectable_difference_of_a_large_sample_is_the_normal_one():
    expected = 2 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))
    assert minimum_detectable_difference(2.0, 10**6) == pytest.approx(expected, rel=1e-5)


def test_detectable_difference_by_simulation():
    folds, repeats, size = 5, 2, 4000
    standard_error = math.sqrt(1 / folds + (1 - 1 / folds) / (folds * repeats))
    truth = minimum_detectable_difference(standard_error, folds * repeats - 1)
    experiments = correlated(np.random.default_rng(0), truth, folds, repeats, size)
    found = sum(corrected_interval(differences, folds).lower > 0 for differences in experiments)
    assert found / size == pytest.approx(0.8, abs=3 * math.sqrt(0.8 * 0.2 / size))


def test_without_variance_anything_is_detectable():
    assert minimum_detectable_difference(0.0, 9) == 0


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        ((-1.0, 9), {}, "standard_error"),
        ((math.nan, 9), {}, "standard_error"),
        ((1.0, 0), {}, "degrees_of_freedom"),
        ((1.0, 9), {"significance": 0}, "significance"),
        ((1.0, 9), {"power": 0.02}, "power"),
        ((1.0, 9), {"power": 1}, "power"),
    ],
)
def test_impossible_power_is_refused(arguments, keywords, message):
    with pytest.raises(ValueError, match=message):
        minimum_detectable_difference(*arguments, **keywords)


# BBC-CV -------------------------------------------------------------------------------------------


def test_bbc_cv_is_what_a_plain_loop_computes():
    scores = np.random.default_rng(1).random((4, 12)).round(1)  # rounded, for ties
    result = bbc_cv(scores, np.random.default_rng(2), resamples=300)

    worths, choices = [], []
    for draws in np.random.default_rng(2).multinomial(12, [1 / 12] * 12, size=300):
        inside = [np.repeat(candidate, draws).mean().round(12) for candidate in scores]
        tied = [c for c in range(4) if inside[c] == max(inside)]
        worths.append(np.mean([scores[c, draws == 0].mean() for c in tied]))
        choices.append((result.best in tied) / len(tied))
    assert result.estimate == pytest.approx(np.mean(worths), rel=1e-12)
    assert result.lower == pytest.approx(np.quantile(worths, 0.025), rel=1e-12)
    assert result.upper == pytest.approx(np.quantile(worths, 0.975), rel=1e-12)
    assert result.stability == pytest.approx(np.mean(choices), rel=1e-12)
    assert result.best == scores.mean(axis=1).argmax()
    assert result.naive == pytest.approx(scores.mean(axis=1).max(), rel=1e-12)
    assert result.optimism == result.naive - result.estimate


def test_bbc_cv_of_one_candidate_is_plain_cross_validation_in_expectation():
    rows = 5
    every_sample = np.array(
        [np.bincount(drawn, minlength=rows) for drawn in product(range(rows), repeat=rows)]
    )
    exhaustive = SimpleNamespace(multinomial=lambda *_, **__: every_sample)
    scores = np.array([[0.9, 0.1, 0.7, 0.0, 1.0]])
    result = bbc_cv(scores, exhaustive)
    assert result.estimate == pytest.approx(scores.mean(), rel=1e-12)
    assert result.optimism == pytest.approx(0, abs=1e-12)
    assert result.stability == 1


def test_bbc_cv_sees_through_the_best_of_many_equals():
    truth, generator = 0.7, np.random.default_rng(0)
    results = [
        bbc_cv(generator.random((50, 80)) < truth, generator, resamples=200) for _ in range(200)
    ]
    estimates = np.array([result.estimate for result in results])
    error = estimates.std(ddof=1) / math.sqrt(len(estimates))
    assert estimates.mean() == pytest.approx(truth, abs=3 * error)
    assert error < 0.005
    assert np.mean([result.naive for result in results]) > truth + 0.08
    assert np.mean([result.optimism for result in results]) > 0.08


def test_bbc_cv_keeps_what_is_truly_better():
    generator = np.random.default_rng(0)
    scores = generator.random((20, 80)) < 0.5
    scores[7] = generator.random(80) < 0.95
    result = bbc_cv(scores, generator)
    assert result.best == 7
    assert result.stability > 0.99
    assert result.optimism == pytest.approx(0, abs=0.005)
    assert result.lower < result.estimate < result.upper


def test_bbc_cv_does_not_mind_the_order_or_copies_of_candidates():
    scores = (np.random.default_rng(0).random((6, 40)) < 0.7).astype(float)

    def estimate(scores):
        return bbc_cv(scores, np.random.default_rng(1)).estimate

    assert estimate(scores[::-1]) == pytest.approx(estimate(scores), rel=1e-12)
    assert estimate(np.repeat(scores, 3, axis=0)) == pytest.approx(estimate(scores), rel=1e-12)


def test_bbc_cv_drops_samples_that_leave_no_row_out():
    result = bbc_cv([[0.0, 1.0]], np.random.default_rng(0))
    assert result.estimate == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([[0.1, math.nan]], "finite"),
        ([[0.1, -math.inf]], "finite"),
        ([0.1, 0.2], "shape"),
        ([[0.1]], "shape"),
        (np.empty((0, 5)), "shape"),
    ],
)
def test_bbc_cv_refuses_what_is_no_score(scores, message):
    with pytest.raises(ValueError, match=message):
        bbc_cv(scores, np.random.default_rng(0))


def test_bbc_cv_needs_a_sample():
    with pytest.raises(ValueError, match="resamples"):
        bbc_cv(np.eye(2), np.random.default_rng(0), resamples=0)


# Words --------------------------------------------------------------------------------------------

UNCLEAR = Comparison(
    mean=0.003,
    standard_error=0.0219,
    degrees_of_freedom=49,
    t=0.137,
    p_value=0.891,
    lower=-0.041,
    upper=0.047,
    confidence=0.95,
)
BETTER = replace(UNCLEAR, mean=0.061, lower=0.0117, upper=0.1104, p_value=0.0161)
WORSE = replace(UNCLEAR, mean=-0.061, lower=-0.1104, upper=-0.0117, p_value=0.0161)
EQUAL = replace(UNCLEAR, mean=-0.0002, lower=-0.0052, upper=0.0048)


@pytest.mark.parametrize(
    ("comparison", "p_value", "probabilities", "expected", "sentence"),
    [
        (
            UNCLEAR,
            0.891,
            (0.278, 0.347, 0.375),
            "undecided",
            (
                "the network is indistinguishable from logistic regression: "
                "difference +0.3 points, 95% "
                "interval -4.1 to +4.7, adjusted p = 0.891; this design could detect 5.2 points"
            ),
        ),
        (
            BETTER,
            0.0322,
            (0.0, 0.02, 0.98),
            "better",
            (
                "the network is better than logistic regression: difference +6.1 points, "
                "95% interval +1.2 to +11.0, adjusted p = 0.0322; "
                "P(better by more than 1.0 points) = 0.98"
            ),
        ),
        (
            WORSE,
            0.00002,
            (0.9999, 0.0001, 0.0),
            "worse",
            (
                "the network is worse than logistic regression: difference -6.1 points, "
                "95% interval -11.0 to -1.2, adjusted p < 0.001; "
                "P(worse by more than 1.0 points) > 0.999"
            ),
        ),
        (
            EQUAL,
            1.0,
            (0.01, 0.98, 0.01),
            "practically equal",
            (
                "the network is practically equal to logistic regression: difference +0.0 points, "
                "95% interval -0.5 to +0.5, adjusted p > 0.999; "
                "P(within 1.0 points of each other) = 0.98"
            ),
        ),
        (  # the interval excludes zero, but not after adjustment: p says so
            BETTER,
            0.0644,
            (0.0, 0.06, 0.94),
            "undecided",
            (
                "the network is indistinguishable from logistic regression: "
                "difference +6.1 points, 95% "
                "interval +1.2 to +11.0, adjusted p = 0.0644; this design could detect 5.2 points"
            ),
        ),
    ],
)
def test_verdict(comparison, p_value, probabilities, expected, sentence):
    belief = Posterior(*probabilities, rope=0.01)
    assert outcome(comparison, p_value, belief) == expected
    said = verdict("the network", "logistic regression", comparison, p_value, belief, 0.052)
    assert said == sentence


def test_verdict_in_another_unit_and_confidence():
    comparison = replace(BETTER, confidence=0.9)
    belief = Posterior(0.0, 0.02, 0.98, rope=0.01)
    nats = Unit("nats", 1, 3)
    said = verdict("softmax", "logistic", comparison, 0.0161, belief, 0.052, unit=nats)
    assert said == (
        "softmax is better than logistic: difference +0.061 nats, 90% interval +0.012 to +0.110, "
        "adjusted p = 0.0161; P(better by more than 0.010 nats) = 0.98"
    )


@pytest.mark.parametrize(
    ("p_value", "equal", "expected"),
    [
        (0.0499, 0.9499, "better"),
        (0.05, 0.9499, "undecided"),
        (0.05, 0.95, "practically equal"),
        (0.0, 0.95, "practically equal"),  # significant, and too small to matter
    ],
)
def test_outcome_at_its_thresholds(p_value, equal, expected):
    assert outcome(BETTER, p_value, Posterior(0, equal, 1 - equal, rope=0.01)) == expected


@pytest.mark.parametrize(
    ("accuracies", "expected"),
    [
        ([0.90, 0.92, 0.88, 0.91, 0.89], "better"),
        ([0.70, 0.72, 0.68, 0.71, 0.69], "worse"),
        ([0.80, 0.801, 0.799, 0.80, 0.80], "practically equal"),
        ([0.80, 0.80, 0.80, 0.80, 0.80], "practically equal"),
        ([0.70, 0.95, 0.85, 0.65, 0.90], "undecided"),
    ],
)
def test_outcome_of_made_up_fits(accuracies, expected):
    differences = np.array(accuracies) - 0.80
    comparison = corrected_t_test(differences, 5)
    result = outcome(comparison, comparison.p_value, posterior(differences, 5))
    assert result == expected
    swapped = {"better": "worse", "worse": "better"}.get(expected, expected)
    mirrored = corrected_t_test(-differences, 5)
    assert outcome(mirrored, mirrored.p_value, posterior(-differences, 5)) == swapped


@pytest.mark.parametrize("p_value", [-0.1, 1.1, math.nan])
def test_outcome_refuses_what_is_no_probability(p_value):
    with pytest.raises(ValueError, match=r"p_value must be in \[0, 1\]"):
        outcome(BETTER, p_value, Posterior(0, 0.5, 0.5, rope=0.01))


def test_examples():
    assert doctest.testmod(statistics).failed == 0


def test_bbc_cv_in_many_parts_is_bbc_cv_in_one(monkeypatch):
    scores = np.random.default_rng(2).random((7, 30)) < 0.8
    whole = bbc_cv(scores, np.random.default_rng(1))
    monkeypatch.setattr(statistics, "AT_ONCE", 7 * 13)
    parts = bbc_cv(scores, np.random.default_rng(1))
    assert astuple(parts) == pytest.approx(astuple(whole), abs=1e-12)

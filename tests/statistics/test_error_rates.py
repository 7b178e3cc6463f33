"""How often the verdicts are wrong: the counts, the sentences, and known error rates."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from benchmark_modules import imported
from project import ROOT
from situations import unlike
from worded import with_verdicts

from backprop.data.dataset import Dataset
from backprop.models.simulation import Drawn, Learner, Number, Scored, SimulatedDesign
from backprop.statistics import error_rates
from backprop.statistics.error_rate_findings import too_low
from backprop.statistics.error_rates import measure_error_rates, simulate
from backprop.study.configurations import Configuration
from backprop.study.gaussians import Gaussians
from backprop.study.splits import Split

Y = np.tile([0, 1], 10)
SPLITS = [  # the same two folds twice: they do not show what fits learn from the rows of one
    Split(repeat, fold, np.arange(10) + 10 * (1 - fold), np.arange(10) + 10 * fold)
    for repeat in (0, 1)
    for fold in (0, 1)
]
SOURCE = Gaussians(Y, np.zeros((2, 1)), (np.ones((1, 1)),) * 2)
LOGISTIC = Learner(model="logistic", configuration=Configuration.of({}), seed=1, training={})
NETWORK = Configuration.of_network((3,), "sigmoid", "squared_error", 0.5, "uniform")
SCRATCH = Learner(model="scratch", configuration=NETWORK, seed=1, training={"epochs": 3})


DESIGN = SimulatedDesign(folds=2, repeats=2, metric="accuracy", rope=0.01)


def scored(accuracy, truth):
    """Return a data set with the accuracy of each split: its first rows are wrong."""
    stored = []
    for share, split in zip(accuracy, SPLITS, strict=False):
        y, wrong = Y[split.test], np.arange(10) >= round(10 * np.nan_to_num(share))
        stored.append(np.where(wrong, 0.9 - 0.8 * y, 0.1 + 0.8 * y))
    data = Dataset(("x",), "y", np.zeros((20, 1)), Y)
    drawn = Drawn(Number(0, 0), data, SPLITS, np.zeros((1, 1)), Y[:1])
    return Scored(drawn, np.array(accuracy), np.full(4, truth), stored)


def measure(monkeypatch, drawn, learners):
    """Measure error rates where each model has the given data sets, and weak ones are equal."""
    weak = scored([0.5, 0.6, 0.5, 0.6], 0.55)

    def score(learner, source, numbers, design, first_split=False):
        own = drawn[learner.model]
        every = [own[n.rows] if n.rows < len(own) else weak for n in numbers]
        pairs = zip(every, numbers, strict=True)
        return [replace(e, drawn=replace(e.drawn, number=n)) for e, n in pairs]

    monkeypatch.setattr(error_rates, "score_on_drawn", score)
    return measure_error_rates(SOURCE, learners, DESIGN)


def row_of(table, **values):
    for key, value in values.items():
        table = table[table[key].isna() if value is None else table[key] == value]
    (row,) = table.to_dict("records")
    return row


def test_coverage_counts_the_intervals_that_have_the_mean_truth(monkeypatch):
    # The repeats agree, so 1 + 1 / 2 is the inflation, and 20 rows count as 13.3. Wilson's interval
    # of 0.75 is then 0.482 to 0.906, and that of 0.25 ends at 0.518.
    good, low = [0.7, 0.8, 0.7, 0.8], [0.2, 0.3, 0.2, 0.3]
    drawn = {"logistic": [scored(good, 0.7), scored(good, 0.5), scored(low, 0.66)]}
    table = measure(monkeypatch, drawn, [(LOGISTIC, 3)])
    row = row_of(table, check="coverage")
    assert row["truth"] == pytest.approx(0.62)
    assert row["share"] == pytest.approx(2 / 3)
    assert (row["sets"], row["left_out"]) == (3, 0)


@pytest.mark.parametrize(
    ("missed", "sets", "too_low"), [(11, 100, False), (12, 100, True), (0, 150, False)]
)
def test_a_coverage_is_too_low_if_chance_gives_it_in_less_than_one_of_a_hundred(
    monkeypatch, missed, sets, too_low
):
    # Of 100 intervals, 11 or more miss with a probability of 0.011, 12 or more of 0.0043. Of 150,
    # all have the truth with a probability of 0.0005, but that is not too low.
    good, low = scored([0.7, 0.8, 0.7, 0.8], 0.7), scored([0.2, 0.3, 0.2, 0.3], 0.7)
    drawn = {"logistic": [low] * missed + [good] * (sets - missed)}
    row = row_of(measure(monkeypatch, drawn, [(LOGISTIC, sets)]), check="coverage")
    assert row["share"] == (sets - missed) / sets
    assert row["too_low"] is too_low


def test_a_false_alarm_is_a_pair_of_a_block_that_is_called_better_or_worse(monkeypatch):
    # In a block of three, the high one differs from both others, by 0.7: its variance is at most
    # 1.5 (20 / 19) 0.7 0.3 / 20 + 2 / 20^2 = 0.022, so t is 4 or more.
    low, high = scored([0.3] * 4, 0.6), scored([1.0] * 4, 0.6)
    other = scored([0.3, 0.2, 0.3, 0.4], 0.6)
    drawn = {"logistic": [low, high, other, low, other, low]}
    table = measure(monkeypatch, drawn, [(LOGISTIC, 6)])
    row = row_of(table, check="false_alarm", test="corrected")
    assert row["share"] == pytest.approx(2 / 6)
    assert row["sets"] == 6
    # Each block has a mean of 2/3 and 0: their standard error is 1/3.
    assert row["error"] == pytest.approx(1 / 3)


def test_power_is_measured_only_where_the_means_can_lower_the_accuracy_so_much(monkeypatch):
    # The share of the distance of the means decides nothing here: the accuracy never falls.
    drawn = {"logistic": [scored([0.7, 0.8, 0.7, 0.81], 0.7)] * 6}
    assert "power" not in set(measure(monkeypatch, drawn, [(LOGISTIC, 6)])["check"])


@pytest.mark.parametrize(
    ("accuracy", "shares"),
    [
        (lambda share: 0.5 + 0.4 * share, {0.02: 0.95, 0.05: 0.875, 0.1: 0.75}),
        # The classes stay apart until their means are equal.
        (lambda share: 1.0 if share else 0.5, {}),
        (lambda share: 0.5 + 0.4 * min(1, 2 * share), {0.02: 0.475, 0.05: 0.4375, 0.1: 0.375}),
    ],
)
def test_closer_means_lower_the_accuracy_by_as_much_as_is_said(monkeypatch, accuracy, shares):
    def score(learner, share, numbers, design, first_split):
        return [scored([0.5], accuracy(share))] * len(numbers)

    class Closer:
        closer = float

    monkeypatch.setattr(error_rates, "score_on_drawn", score)
    closer = error_rates._closer_means(LOGISTIC, Closer, 6, DESIGN)
    assert closer == pytest.approx(shares)


def test_a_data_set_on_which_a_fit_diverged_is_left_out(monkeypatch):
    bad = scored([0.7, np.nan, 0.7, 0.8], np.nan)
    good = scored([0.7, 0.8, 0.7, 0.8], 0.7)
    drawn = {"logistic": [good] * 4, "scratch": [bad, good, bad, good]}
    table = measure(monkeypatch, drawn, [(LOGISTIC, 4), (SCRATCH, 4)])
    own = row_of(table, check="coverage", model="scratch", other=None)
    assert (own["sets"], own["left_out"]) == (2, 2)
    assert row_of(table, check="coverage", model="scratch", other="logistic")["sets"] == 2
    assert not len(table[(table["check"] == "false_alarm") & (table["model"] == "scratch")])


def test_a_data_set_without_an_interval_does_not_count_as_one_that_misses_the_truth(monkeypatch):
    def without(judged, metric):
        interval = mean_score(judged, metric)
        return interval if judged.value > 0.5 else type(interval)(np.nan, np.nan, np.nan)

    mean_score = error_rates.mean_score
    monkeypatch.setattr(error_rates, "mean_score", without)
    good, bad = scored([0.7, 0.8, 0.7, 0.8], 0.7), scored([0.2, 0.3, 0.2, 0.3], 0.7)
    for drawn, sets in (([good, bad, good, bad], 2), ([bad] * 4, 0)):
        table = measure(monkeypatch, {"logistic": drawn}, [(LOGISTIC, 4)])
        row = row_of(table, check="coverage")
        assert (row["sets"], row["left_out"]) == (sets, 0)
        assert row["share"] == 1 if sets else np.isnan(row["share"])
        assert row["too_low"] is not True
        (first, *_) = with_verdicts("error_rates", table, {})["verdict"]
        assert "nan" not in first
    assert first == (
        "the accuracy of logistic regression has no interval on any simulated data set: on each, a "
        "few rows or groups decide it"
    )


def test_a_truth_at_an_end_of_the_interval_is_not_unlike_the_data():
    assert unlike({"logistic": 0.7, "scratch": 0.9}) is None


# Error rates that were found by a program that shares no code with ours; see the benchmark


@pytest.fixture(scope="module")
def benchmark():
    with imported("error_rates") as module:
        yield module


SETS = 40


def allowed(share):
    """Return three Monte-Carlo standard errors of a share, ours and that of 1,000 data sets."""
    return 3 * np.sqrt(share * (1 - share) * (1 / SETS + 1 / 1000))


def test_logistic_regression_on_the_exam_data_has_the_known_error_rates(benchmark):
    source = Gaussians.of(benchmark.ex4(ROOT))
    coverage = benchmark.coverage(benchmark.score(source, SETS))
    assert coverage == pytest.approx(0.960, abs=allowed(0.960))
    both = benchmark.exchangeable(source)
    one, other = (
        benchmark.score(view(both.y, both.means, both.factors), SETS)
        for view in (benchmark.OneInput, benchmark.OtherInput)
    )
    shares = benchmark.rejections(other, one)
    assert shares["corrected"] == pytest.approx(0.044, abs=allowed(0.044))
    assert shares["uncorrected"] == pytest.approx(0.57, abs=allowed(0.57))


def test_a_study_in_small_has_all_checks(benchmark):
    candidates = {"logistic": [Configuration.of({"l2": 0.0})], "scratch": [NETWORK]}
    settings = {"folds": 4, "repeats": 1, "rope": 0.01, "metric": "accuracy", "seed": 1, "sets": 6}
    table = simulate(benchmark.ex4(ROOT), candidates, **settings, training={"epochs": 3})
    assert list(zip(table["check"], table["model"], table["test"].fillna(""), strict=True)) == [
        ("coverage", "logistic", ""),
        ("coverage", "scratch", ""),
        ("coverage", "scratch", ""),
        ("false_alarm", "logistic", "corrected"),
        ("false_alarm", "logistic", "uncorrected"),
        ("false_alarm", "scratch", "corrected"),
        ("false_alarm", "scratch", "uncorrected"),
        *[("power", "logistic", "corrected")] * 3,
    ]
    assert table["share"].between(0, 1).all()
    assert (table["error"] > 0).all()


@pytest.mark.parametrize(("mean", "expected"), [
    # Right for Phi(share * 1) of the rows, with many rows to learn from. Phi(1) = 0.8413;
    # Phi(0.9187) = 0.8208, Phi(0.8129) = 0.7913, Phi(0.6467) = 0.7410.
    (1.0, {0.02: 0.9211, 0.05: 0.8164, 0.1: 0.6449}),
    (0.15, {0.02: None, 0.05: None}),  # right for 56%: 10 points are beyond guessing
])  # fmt: skip
def test_closer_means_lower_the_accuracy_by_what_is_asked_for(mean, expected):
    y = np.repeat([0, 1], 500)
    source = Gaussians(y, np.array([[-mean], [mean]]), (np.ones((1, 1)),) * 2)
    design = SimulatedDesign(folds=2, repeats=1, metric="accuracy", rope=0.01)
    learner = replace(LOGISTIC, configuration=Configuration.of({"l2": 0.0}))
    shares = error_rates._closer_means(learner, source, 40, design)
    assert list(shares) == list(expected)
    known = {size: share for size, share in expected.items() if share}
    assert {size: shares[size] for size in known} == pytest.approx(known, abs=0.03)


def test_intervals_of_scores_and_of_differences_are_counted_apart():
    row = partial(SimpleNamespace, check="coverage", too_low=True)
    rows = [row(model="a", other=None, share=0.8), row(model="b", other="logistic", share=0.7)]
    assert [(row.model, row.share) for row in too_low(rows)] == [("a", 0.8)]
    assert [(row.model, row.share) for row in too_low(rows, "logistic")] == [("b", 0.7)]


def test_a_share_of_0_is_uncertain_and_pairs_of_a_block_are_not_independent():
    """By hand: one hit and one miss more, of six, and the deviation of the means of blocks."""
    least = np.sqrt(1 / 8 * (7 / 8) / 6)
    assert error_rates._share(np.zeros((1, 6)))["error"] == pytest.approx(least)
    assert error_rates._share(np.zeros((2, 3)))["error"] == pytest.approx(least)
    assert error_rates._share(np.repeat([[1], [0]], 3, axis=1))["error"] == pytest.approx(0.5)


def test_the_power_takes_half_of_the_time_of_the_first_model():
    shares = error_rates._shares_of_time([4.0, 2.0, 2.0])
    assert shares == [(0, 0.25), (0.25, 0.25), (0.5, 0.25), (0.75, 0.25)]
    assert error_rates._shares_of_time([0.0]) == [(0, 0), (0, 0)]

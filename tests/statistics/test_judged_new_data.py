"""Models on new data: scores, promises and checks, computed in another way."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from backprop.data.dataset import Dataset
from backprop.inference.intervals import distance, wilson
from backprop.models.families import Predicted
from backprop.statistics.new_data import (
    _chi_square,
    _extreme,
    check_new_data,
    judge,
    shares_p_value,
    table_of_predictions,
)
from backprop.statistics.recommendation import Contender, Recommendation, rival_of
from backprop.statistics.tables import BY_METRIC, NEW_DATA, NEW_DATA_CHECKS, Interval

N = 300
RNG = np.random.default_rng(7)
Y = RNG.integers(0, 2, N)
LOGIT = 1.5 * (2 * Y - 1) + RNG.normal(0, 2, N)
P = {"logistic": 1 / (1 + np.exp(-LOGIT)), "forest": 1 / (1 + np.exp(-LOGIT - RNG.normal(0, 2, N)))}
FEATURES = RNG.normal(size=(N, 2))
CONTENDER = Contender(model="logistic", outcome=None, trouble={}, solution="found")
BASELINE = Recommendation(kind="baseline", model="logistic", baseline=CONTENDER, others=[])


def both(p):
    return np.column_stack([1 - p, p])


def dataset(y=Y, x=FEATURES, **values):
    return Dataset(("a", "b")[: x.shape[1]], "y", x, np.asarray(y), **values)


class Study:
    """The tables of a study, as `Results` has them."""

    metric, rope = "accuracy", 0.01

    def __init__(self, promised=(0.7, 0.6, 0.8), nested=()):
        rows = [{"model": m, "metric": k} for m in P for k in ("accuracy", "log_loss")]
        for row in rows:
            row |= dict(zip(("score", "score_lower", "score_upper"), promised, strict=True))
            if row["model"] != "logistic":
                row |= {"difference": -0.01, "difference_lower": -0.05, "difference_upper": 0.03}
        self._rows = {"metrics": BY_METRIC.rows(BY_METRIC.frame(rows)), "nested": list(nested)}

    def rows(self, name):
        return self._rows[name]


def predicted(p):
    return Predicted(p[..., np.newaxis], p.argmax(axis=1)[:, np.newaxis])


def judged(study=None, decision=BASELINE, predictions=P, new=None, **options):
    how = {"duplicates": "keep", "uses": (1, 0)} | options
    p = {name: predicted(both(own)) for name, own in predictions.items()}
    table = judge(new or dataset(), p, study or Study(), decision, **how)
    return {(row.model, row.metric): row for row in NEW_DATA.rows(table)}


def test_the_distance_of_independent_shares_is_newcombes():
    """His example, 56 of 70 and 48 of 80: 0.0524 to 0.3339 (1998, table II, method 10)."""
    one, other = (Interval(a / n, *wilson(a, n)) for a, n in ((56, 70), (48, 80)))
    assert distance(one, other) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    ours = confint_proportions_2indep(56, 70, 48, 80, method="newcomb")
    assert distance(one, other)[1:] == pytest.approx(ours, abs=1e-12)


@pytest.mark.parametrize(
    ("promised", "accuracy", "log_loss"),
    [((0.7, 0.6, 0.8), "kept", "better"), ((0.95, 0.94, 0.96), "worse", "better"),
     ((0.1, 0.05, 0.15), "better", "worse"), ((0.7, math.nan, math.nan), None, None)],
)  # fmt: skip
def test_a_promise_is_kept_unless_chance_does_not_explain_the_distance(
    promised, accuracy, log_loss
):
    rows = judged(Study(promised))
    assert rows["logistic", "accuracy"].promise == accuracy
    assert rows["logistic", "log_loss"].promise == log_loss
    assert rows["logistic", "roc_auc"].promised is None  # no such row in this study


def test_a_tuned_model_is_held_to_its_nested_score():
    class Row:
        model, score, difference = "forest", Interval(0.9, 0.8, 0.95), Interval(0.1, 0.0, 0.2)

    tuned = Recommendation(
        kind="tuned model", model="forest", tuned=True, baseline=CONTENDER, others=[]
    )
    rows = judged(Study(nested=[Row()]), tuned)
    assert rows["forest", "accuracy"].promised == Row.score
    assert rows["forest", "accuracy"].promised_difference == Row.difference
    assert rows["forest", "log_loss"].promised is None
    assert rows["logistic", "accuracy"].promised.value == 0.7


def test_rows_of_a_group_are_one_observation():
    groups = np.arange(N) // 10
    rows = judged(new=dataset(groups=groups))
    alone = judged()
    same = {"new": dataset(np.repeat(Y[:30], 10), np.zeros((N, 2)), groups=groups)}
    repeated = judged(predictions={"logistic": np.repeat(P["logistic"][:30], 10)}, **same)
    once = judged(
        predictions={"logistic": P["logistic"][:30]}, new=dataset(Y[:30], np.zeros((30, 2)))
    )
    width = [each["logistic", "log_loss"].score for each in (repeated, once)]
    assert width[0] == pytest.approx(width[1], rel=1e-9)
    assert rows["logistic", "accuracy"].score.value == alone["logistic", "accuracy"].score.value


def test_the_rival_is_the_baseline_or_else_the_best_of_the_others():
    class Row:
        def __init__(self, model, value, same_as=None):
            self.model, self.same_as = model, same_as
            self.score = None if value is None else Interval(value, 0, 1)

    rows = [Row("logistic", 0.9), Row("a", 0.5), Row("b", 0.7), Row("c", 0.8), Row("d", None),
            Row("e", 0.99, "logistic")]  # fmt: skip
    usable = {"logistic", "a", "b", "d", "e"}
    assert rival_of(BASELINE, rows, "accuracy", usable) == "b"
    assert rival_of(BASELINE, rows, "log_loss", usable) == "a"
    assert rival_of(BASELINE, rows[:1], "accuracy", usable) is None
    better = Recommendation(kind="better model", model="c", baseline=CONTENDER, others=[])
    assert rival_of(better, rows, "accuracy", usable) == "logistic"
    none = Recommendation(kind="no model", baseline=CONTENDER, others=[])
    assert rival_of(none, rows, "accuracy", usable) is None


# The checks


def warned(study, new, **options):
    table = check_new_data(study, new, **({"duplicates": "keep", "seed": 1} | options))
    return {(row.check, row.subject): row for row in NEW_DATA_CHECKS.rows(table) if row.warns}


def test_nothing_is_found_in_rows_of_the_same_kind():
    rng, alarms = np.random.default_rng(5), 0
    for _ in range(60):
        study, new = (dataset(rng.integers(0, 2, n), rng.normal(size=(n, 2))) for n in (100, 60))
        alarms += len(warned(study, new))
    assert alarms <= 12  # 2 x 5% of 60, and what chance adds to that


def test_rows_of_the_study_are_found_among_the_new_ones():
    study = dataset()
    new = dataset(np.r_[Y[:5], Y[5:20]], np.r_[FEATURES[:5], FEATURES[5:20] + 0.001])
    row = warned(study, new)["copies", None]
    assert (row.count, row.total, row.share, row.study_share) == (5, 20, 0.25, 0)
    assert row.p_value == pytest.approx(stats.binom.sf(4, 20, 1 / (N + 1)))
    flipped = dataset(1 - Y[:20], FEATURES[:20])  # the same features, of another class
    assert ("copies", None) not in warned(study, flipped)


def test_rows_that_are_equal_by_chance_are_no_copies():
    """Of eight distinct rows, each new one equals many of the study, as these equal each other."""
    rng = np.random.default_rng(4)
    study, new = (dataset(rng.integers(0, 2, n), rng.integers(0, 2, (n, 2))) for n in (200, 50))
    assert ("copies", None) not in warned(study, new)


def test_a_feature_in_another_unit_is_outside_and_one_outlier_is_not():
    new = dataset(Y, np.column_stack([FEATURES[:, 0] * 1000, np.r_[99, FEATURES[1:, 1]]]))
    rows = warned(dataset(), new)
    assert {key for key in rows if key[0] in ("above", "below")} == {("above", "a"), ("below", "a")}
    assert rows["above", "a"].limit == FEATURES[:, 0].max()
    assert rows["above", "a"].count == (new.x[:, 0] > FEATURES[:, 0].max()).sum()


def test_the_most_extreme_rows_are_new_ones_by_chance_as_often_as_all_orders_say():
    orders = [*itertools.combinations(range(7), 3)]  # the places of 3 new rows among 7
    for k in range(4):
        share = np.mean([{*range(7 - k, 7)} <= {*places} for places in orders])
        assert _extreme(k, 4, 3) == pytest.approx(share)


def test_probabilities_are_in_the_order_of_the_classes():
    new = dataset([1, 0], np.zeros((2, 1)), classes=("yes", "no"))
    table = table_of_predictions(new, {"logistic": predicted(np.array([[0.75, 0.25], [0.5, 0.5]]))})
    assert table.columns.tolist() == ["model", "row", "class", "predicted", "P(yes)", "P(no)"]
    assert table.to_numpy().tolist() == [
        ["logistic", 1, "no", "yes", 0.75, 0.25],
        ["logistic", 2, "yes", "yes", 0.5, 0.5],
    ]


def test_new_categories_are_named():
    codes, texts = np.array([0.0, 1, 2, 3, 4, 5] * 50), ("x", "y")
    study = dataset(x=np.column_stack([codes % 2, FEATURES[:, 1]]), categories={"a": texts})
    new = dataset(x=np.column_stack([codes, FEATURES[:, 1]]), categories={"a": (*texts, *"pqrs")})
    row = warned(study, new)["unknown_category", "a"]
    assert (row.count, row.which) == (200, "'p', 'q', 'r', 1 more")


def test_the_test_of_shares_agrees_with_the_chi_square_distribution():
    rows = np.arange(200)
    for counts in ([50, 50, 100], [60, 40, 100], [75, 45, 80]):
        study, new = np.repeat([0, 1, 2], [55, 45, 100]), np.repeat([0, 1, 2], counts)
        of_each = np.stack([np.bincount(study), np.bincount(new)])
        expected = stats.chi2_contingency(of_each, correction=False)
        assert _chi_square(of_each[1:], of_each.sum(axis=0)) == pytest.approx(expected.statistic)
        p = shares_p_value((study, new), (rows, rows), 3, seed=1)
        assert p == pytest.approx(expected.pvalue, abs=0.04)
    # Of 1,999 random divisions and the observed one, only this one has two samples so different.
    assert shares_p_value((np.zeros(200, int), np.ones(200, int)), (rows, rows), 2, 1) == 1 / 2000


def test_groups_of_one_class_raise_no_more_alarms_than_chance():
    """Rows of a group have one class: as rows, half of the samples seem to differ."""
    rng, by_group, by_row = np.random.default_rng(2), 0, 0
    own = np.repeat(np.arange(20), 10), np.repeat(np.arange(15), 10)
    for seed in range(60):
        y = tuple(np.repeat(rng.integers(0, 2, n), 10) for n in (20, 15))
        by_group += shares_p_value(y, own, 2, seed) < 0.05
        counts = [np.bincount(each, minlength=2) for each in y]
        by_row += stats.chi2_contingency(counts, correction=False).pvalue < 0.05
    assert by_group <= 8
    assert by_row >= 20

"""Whether a model has learned something: one criterion, adjusted, which holds on noise."""

import dataclasses

import numpy as np
import pytest
from in_memory import results_of
from made_advice import advice_on
from made_evidence import (
    config_of,
    dataset_of,
    evidence_of,
    find_warnings,
    predicting,
    tables_of,
)
from made_fits import GOOD, MORE, ROWS, Y, judged, study_with
from sklearn.model_selection import StratifiedKFold
from worded import context_of

from backprop.report.comparing import compare
from backprop.statistics.comparison import compare_by_each_metric
from backprop.statistics.grouping import mean_score
from backprop.statistics.guessing import compare_with_guess, score_guessing, shown
from backprop.statistics.recommendation import recommend
from backprop.statistics.review import as_table
from backprop.statistics.tables import AGAINST_GUESS
from backprop.study.configurations import Configuration
from backprop.study.metrics import OF_CLASSES
from backprop.study.scores import score_fits
from backprop.study.trained import ONLY_CLASSES

ESTIMATORS = {
    "knn": {
        "class": "sklearn.neighbors.KNeighborsClassifier",
        "reference": {"n_neighbors": 5},
        "vary": {"n_neighbors": [15, 31]},
    },
    "bayes": {"class": "sklearn.naive_bayes.GaussianNB"},
    "qda": {"class": "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis"},
}
NAMES = ["accuracy", "balanced_accuracy", "roc_auc", "log_loss"]
NOISE_TABLES = 40
FALSE_PAGES = 2  # 5% of these


def rng(*key):
    return np.random.default_rng([20, *key])


def table_of(evidence):
    return evidence.against_guess.set_index(["model", "metric"])


def test_worse_than_a_guess_is_adjusted_for_the_metrics_of_a_model():
    """By hand: of 0.012, 0.013, 0.03 and 0.03, Holm makes 0.048, 0.048, 0.06 and 0.06."""
    y = np.arange(80) % 2
    judgement = predicting(y, logistic=0.1 + 0.8 * (1 - y)).judgement  # against the truth
    opposite = dict(zip(NAMES, (0.012, 0.03, 0.013, 0.03), strict=True))
    table = compare_with_guess(judgement, {}, {name: 1 - p for name, p in opposite.items()})
    assert table["worse"].tolist() == [True, False, True, False]


def test_a_tuned_model_is_one_of_the_models():
    y = np.arange(80) % 2
    evidence = predicting(y, logistic=rng(3).random(80), softmax=rng(4).random(80))
    judgement = evidence.judgement
    softmax = judgement.headlines["softmax"]
    table = compare_with_guess(judgement, {"softmax": softmax})
    assert table["tuned"].tolist() == [False] * 8 + [True] * 4
    own = table[table["model"] == "softmax"].set_index(["tuned", "metric"])
    assert own.loc[True, "p_adjusted"].tolist() == own.loc[False, "p_adjusted"].tolist()
    # It is a copy of one of them: it makes no p-value larger.
    alone = evidence.against_guess["p_adjusted"]
    assert table["p_adjusted"][:8].tolist() == pytest.approx(alone.tolist(), rel=0.01, abs=5e-4)


def test_which_model_is_the_baseline_changes_neither_what_was_learned_nor_a_page_of_noise():
    """XOR of two features, which neighbours find and regressions do not, and noise."""
    pages = set()
    for number in range(12):
        generator = rng(11, number)
        y = generator.permutation(np.arange(60) % 2)
        margin = generator.normal(size=60) + (y - 0.5) * generator.choice([0.0, 1.5])
        p = {"regression": generator.random(60), "neighbours": 1 / (1 + np.exp(-margin))}
        splits = [*StratifiedKFold(5).split(y, y)]
        one, other = (compare(y, p, splits, baseline=name) for name in p)
        learned = one.table["learned"].sort_index()
        assert learned.equals(other.table["learned"].sort_index())
        assert one.sentence.startswith("Use none") == other.sentence.startswith("Use none")
        pages.add(one.sentence.split(":")[0])
    assert {"Use none yet", "Use neighbours"} <= pages


PAGES = 16


def said_by(evidence):
    """Return what is recommended, and what is said of each of the models that are on both pages."""
    tables = tables_of(evidence)
    decision = recommend(tables, evidence.candidates, metric="accuracy", rope=0.01)
    warned = as_table(find_warnings(evidence))
    own = {model: said_of(model, tables, warned) for model in ("logistic", "knn", "bayes")}
    return (decision.kind, decision.model), own


def said_of(model, tables, warned):
    """Return the verdicts on a model and its warnings."""
    learning = tables["against_guess"]
    verdicts = learning.loc[learning["model"] == model, ["metric", "p_adjusted", "better", "worse"]]
    own = warned.loc[warned["model"] == model, ["warning", "subject", "p_value", "better"]]
    return verdicts.to_numpy().tolist(), own.fillna("").to_numpy().tolist()


def test_a_constant_model_and_a_copy_change_no_verdict_on_others_and_no_recommendation():
    """On pages of models near the level, alone, and beside a constant model and a copy."""
    kinds = set()
    for number in range(PAGES):
        generator = rng(8, number)
        y = generator.permutation(np.arange(90) < (45, 60)[number % 2]).astype(int)
        signal = generator.normal(size=(3, 90)) + (y - 0.5) * generator.uniform(0, 1.6, (3, 1))
        own = dict(zip(("logistic", "knn", "bayes"), 1 / (1 + np.exp(-signal)), strict=True))
        alone = said_by(predicting(y, **own))
        constant = np.full(90, y.mean())
        assert said_by(predicting(y, **own, softmax=constant, qda=own["knn"])) == alone
        kinds.add(alone[0][0])
    assert {"no model", "another metric", "better model", "baseline"} <= kinds


def test_a_model_without_a_score_and_one_that_is_the_same_as_another_have_no_row():
    p = rng(4).random(80)
    table = predicting(
        np.arange(80) % 2, logistic=p, softmax=p, knn=np.full(80, np.nan)
    ).against_guess
    assert table["model"].unique().tolist() == ["logistic"]
    nothing = predicting(np.arange(80) % 2, logistic=np.full(80, np.nan)).against_guess
    assert nothing.empty
    assert shown(AGAINST_GUESS.rows(nothing)) == set()


def test_probabilities_that_are_too_sure_are_worse_than_the_class_shares():
    """80% right with certainty: a log loss of 2.8, and 0.69 of the shares."""
    y, wrong = np.arange(200) % 2, np.arange(200) % 10 < 2
    sure = np.where(y ^ wrong, 1 - 1e-6, 1e-6)
    modest = np.where(y ^ wrong, 0.8, 0.2)
    evidence = predicting(y, logistic=modest, knn=sure)
    rows = AGAINST_GUESS.rows(evidence.against_guess)
    assert shown(rows, ["accuracy"]) == {("logistic", False), ("knn", False)}
    assert shown(rows, ["log_loss"]) == {("logistic", False)}
    assert [(row.model, row.metric) for row in rows if row.worse] == [("knn", "log_loss")]
    (own,) = [each.facts for each in find_warnings(evidence) if each.check == "poor_probabilities"]
    assert (own.model, own.score, own.guess) == (
        "knn", pytest.approx(2.8, abs=0.05), pytest.approx(np.log(2)),
    )  # fmt: skip
    assert own.p_value < 0.001, "it is the p-value of being worse"
    assert own.cause == "too sure"


def test_the_page_and_the_tests_have_the_same_score_of_a_guess():
    """267 of 400 rows: a mean over folds may end in 0.66749999..., which is 66.7%, not 66.8%."""
    evidence = predicting((np.arange(400) < 133).astype(int), logistic=rng(3).random(400))
    scores = score_guessing(evidence.judgement)
    scores["accuracy"] -= 1e-16 * np.arange(len(scores))
    results = results_of({}, {"guessing": scores})
    assert results.guessing["accuracy"] == 0.6675
    assert table_of(evidence).loc[("logistic", "accuracy"), "guess"] == 0.6675


def test_the_page_says_the_share_of_the_rows_and_the_test_takes_the_mean_over_the_same_folds():
    """21 of 32 rows have the class 0: 5 and 4 of 7, 4 of 6, 4 of 6 and 4 of 6."""
    y = (np.arange(32) >= 21).astype(int)
    evidence = predicting(y, logistic=rng(3).random(32))
    row = table_of(evidence).loc[("logistic", "accuracy")]
    by_split = score_guessing(evidence.judgement)
    mean = by_split["accuracy"].mean()
    assert abs(mean - 21 / 32) > 1e-4
    assert row["guess"] == pytest.approx(21 / 32, abs=1e-11)
    assert results_of({}, {"guessing": by_split}).guessing["accuracy"] == row["guess"]
    assert row["difference"] == pytest.approx(row["score"] - mean, abs=1e-11)


def test_a_balanced_accuracy_has_an_interval_if_each_class_is_predicted_for_five_observations():
    y = np.arange(200) < 40

    def interval(named, groups=None):
        p = np.where(np.isin(np.arange(200), named), 0.8, 0.2) + rng(6).uniform(-0.1, 0.1, 200)
        evidence = predicting(y.astype(int), groups, logistic=p)
        (judged,) = evidence.judgement.headlines.values()
        assert np.isfinite(mean_score(judged, "accuracy").lower)
        return mean_score(judged, "balanced_accuracy").lower

    assert np.isnan(interval(np.arange(4)))
    assert np.isfinite(interval(np.arange(5)))
    pairs = np.arange(200) // 2
    assert np.isnan(interval(np.arange(8), pairs))
    assert np.isfinite(interval(np.arange(10), pairs))


def test_observations_for_which_a_class_is_predicted_are_the_mean_of_the_repeats():
    for counts, has_interval in (((4, 6, 4, 6), True), ((4, 6, 4, 5), False)):
        named = np.arange(ROWS) < np.array(counts)[:, np.newaxis]
        study = study_with({"logistic": {Configuration(): named == Y}})
        own = judged(study, {"logistic": [Configuration()]}).baseline
        assert np.isfinite(mean_score(own, "balanced_accuracy").lower) == has_interval


def test_an_area_of_a_half_has_an_interval_if_it_ranks_any_rows():
    """Of each fold, as many rows of a class are above all of the other class as are below."""
    for high, has_interval in ((0.9, True), (0.5, False)):
        _, fits = study_with({"logistic": {Configuration(): GOOD}})
        for p, rows in zip(fits["probabilities"], fits["rows"], strict=True):
            own = np.flatnonzero(Y[rows - 1])
            p[:] = 0.5
            p[own[:20]], p[own[20:40]] = high, 1 - high
        own = judged((score_fits(fits, Y), fits), {"logistic": [Configuration()]}).baseline
        area = mean_score(own, "roc_auc")
        assert area.value == 0.5
        assert np.isfinite(area.lower) == has_interval


def test_a_log_loss_that_depends_on_a_cut_off_is_not_better():
    y = np.arange(100) % 2
    p = np.where(y, 0.8, 0.2) + rng(9).uniform(-0.1, 0.1, 100)
    assert table_of(predicting(y, logistic=p)).loc[("logistic", "log_loss"), "better"]
    p[0] = 0.0  # rightly; but the next such row may be of the other class
    table = table_of(predicting(y, logistic=p))
    assert not table.loc[("logistic", "log_loss"), "better"]
    assert table.loc[("logistic", "accuracy"), "better"]


def test_a_log_loss_that_depends_on_a_cut_off_is_worse_only_if_it_is_infinite():
    """Then the test may use what the limit leaves, as more rows like these only add to it."""
    y = np.arange(200) % 2
    p = np.where(y ^ (np.arange(200) % 10 < 2), 1 - 1e-6, 1e-6)  # too sure: a log loss of 2.8
    assert table_of(predicting(y, logistic=p)).loc[("logistic", "log_loss"), "worse"]
    right = int(np.flatnonzero((p < 0.5) & (y == 0))[0])
    p[right] = 0.0
    cut = table_of(predicting(y, logistic=p)).loc[("logistic", "log_loss")]
    assert np.isnan(cut["difference_lower"])
    assert not cut["worse"]
    wrong = int(np.flatnonzero((p < 0.5) & (y == 1))[0])
    p[wrong] = 0.0
    evidence = predicting(y, logistic=p)
    assert table_of(evidence).loc[("logistic", "log_loss"), "worse"]
    (own,) = [each.facts for each in find_warnings(evidence) if each.check == "poor_probabilities"]
    assert own.p_value is None, "the p-value of the limited loss is no p-value of the loss"
    good = np.where(y, 0.9, 0.1)
    good[1:41:2] = 0.0  # 3.7 with the limit, and a guess has 0.69
    assert table_of(predicting(y, logistic=good)).loc[("logistic", "log_loss"), "worse"]
    good[5:] = np.where(y, 0.6, 0.4)[5:]  # 0.86 with the limit: two rows decide
    assert not table_of(predicting(y, logistic=good)).loc[("logistic", "log_loss"), "worse"]


def test_a_log_loss_that_is_worse_by_too_little_to_matter_is_not_worse():
    y = np.arange(4000) % 2
    p = np.where(y, 0.499, 0.501) + rng(7).uniform(-1e-3, 1e-3, 4000)
    row = table_of(predicting(y, logistic=p)).loc[("logistic", "log_loss")]
    assert row["difference"] == pytest.approx(-np.log(0.499) - np.log(2), rel=0.05)
    assert 1 - row["p_value"] < 1e-6
    assert not row["worse"]


# Noise


def test_on_noise_hardly_any_page_recommends_a_model_or_says_that_something_was_learned():
    decisions = []
    estimators = {**ESTIMATORS, "knn": {**ESTIMATORS["knn"], "vary": {}}}
    config = config_of(["logistic", *estimators], estimators=estimators)
    for number in range(NOISE_TABLES):
        generator = rng(5, number)
        y = generator.permutation(np.r_[0, 1, generator.integers(0, 2, 118)])
        dataset = dataset_of(generator.normal(size=(120, 4)), y)
        evidence = evidence_of(dataset, config, repeats=1)
        tables = {"comparison": evidence.comparison, "against_guess": evidence.against_guess}
        decisions.append(recommend(tables, evidence.candidates, metric="accuracy", rope=0.01))
    assert sum(each.model is not None for each in decisions) <= FALSE_PAGES
    assert sum(each.kind != "no model" for each in decisions) <= FALSE_PAGES


# Groups


@pytest.fixture(scope="module", params=range(3))
def patients(request):
    """24 patients of 10 rows each, whose features say who it is; the class of each is random."""
    generator = rng(6, request.param)
    groups = np.repeat(np.arange(24), 10)
    y = np.repeat(generator.permutation(np.arange(24) % 2), 10)
    x = generator.normal(size=(24, 3))[groups] + 0.5 * generator.normal(size=(240, 3))
    config = config_of(["logistic", "knn"], estimators=ESTIMATORS)
    dataset = dataclasses.replace(dataset_of(x, y), groups=groups)
    return evidence_of(dataset, config, groups=groups)


def test_groups_have_the_bar_of_the_commonest_class_and_no_model_is_recommended(patients):
    assert set(
        patients.against_guess.loc[patients.against_guess["metric"] == "accuracy", "guess"]
    ) == {0.5}
    tables = tables_of(patients)
    assert advice_on(tables, context_of(patients.candidates)).startswith(
        "Use no model yet: none is shown to be better than always predicting the commonest class, "
        "which has an accuracy of 50.0%, nor than a guess by another metric. The nearest is "
    )
    assert "no_better_than_guessing" in {each.check for each in find_warnings(patients)}


def test_a_model_of_which_only_classes_are_known_is_compared_by_what_counts_alone():
    _, fits = study_with({"logistic": {Configuration(): GOOD}, "rules": {Configuration(): MORE}})
    is_rule = fits["model"] == "rules"
    fits.loc[is_rule, "status"] = ONLY_CLASSES
    fits.loc[is_rule, "probabilities"] = fits.loc[is_rule, "probabilities"].map(np.round)
    candidates = {model: [Configuration()] for model in ("logistic", "rules")}
    judgement = judged((score_fits(fits, Y), fits), candidates)
    by_metric = compare_by_each_metric(judgement)
    learning = compare_with_guess(judgement, {})
    for table in (by_metric, learning):
        own = table[table["model"] == "rules"]
        assert set(own["metric"]) == set(OF_CLASSES) & set(table["metric"])
        assert own["p_value"].notna().all()
        assert len(table[table["model"] == "logistic"]) > len(own)

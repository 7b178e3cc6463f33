"""The advice is right on any data: it knows what all tables know, and claims no more."""

import itertools
import re
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from made_advice import (
    BASELINE,
    BETTER,
    DIVERGED,
    NESTED,
    NETWORKS,
    NONE,
    UNDECIDED,
    WORSE,
    accurate,
    advice_on,
    advise,
    all_learned,
    learning,
    losses,
)
from made_evidence import (
    config_of,
    dataset_of,
    evidence_of,
    evidence_with,
    find_warnings,
    predicting,
    tables_of,
)
from worded import context_of, with_verdicts

from backprop.inference.decisions import Outcome
from backprop.report.wording.no_model import REASONS
from backprop.report.wording.verdicts import SENTENCES as WORDED
from backprop.report.wording.warnings import SENTENCES, worded
from backprop.statistics.recommendation import FIRST, Kind, configuration_of, recommend
from backprop.statistics.review import WARNINGS
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS


def worded_advice(evidence):
    """Return the advice on tables as the report has them, and on the warnings."""
    tables = {
        name: with_verdicts(name, table, evidence.candidates) if name in WORDED else table
        for name, table in tables_of(evidence).items()
    }
    context = context_of(evidence.candidates, metric=evidence.metric)
    warnings = worded(find_warnings(evidence), context)
    return advice_on(tables, context, warnings=warnings)


def test_what_is_left_open_is_the_model_that_probably_gains_most_and_not_the_widest_interval():
    """A model at -11.4 points with a wide interval, and one at -1.4 with a narrower one."""
    wide = {**UNDECIDED, "model": "knn", "difference": -0.114, "difference_lower": -0.335,
            "difference_upper": 0.107}  # fmt: skip
    near = {**UNDECIDED, "difference": -0.014, "difference_lower": -0.12, "difference_upper": 0.092}
    for rows in ((wide, near), (near, wide)):
        text = advise(*rows)
        assert text.endswith("Open: the network may be better by up to 9.2 points.")
    assert "Open: knn may be better" in advise(wide)
    losses = {
        column.replace("accuracy", "log_loss"): value for column, value in UNDECIDED.items()
    } | {"difference": 0.01, "difference_lower": -0.05, "difference_upper": 0.07}
    candidates = {"logistic": [Configuration()], "scratch": NETWORKS, "knn": [Configuration()]}
    worse = {**losses, "model": "knn", "difference": 0.2, "difference_lower": -0.06}
    baseline = {**losses, "model": "logistic", "outcome": None, "difference": NONE}
    tables = {"comparison": pd.DataFrame([baseline, losses, worse | {"difference_upper": 0.46}])}
    text = advice_on(tables, context_of(candidates, metric="log_loss"))
    assert "Open: the network may be better by up to 0.05" in text


@pytest.mark.parametrize(
    ("scratch", "knn", "learned", "expected"),
    [
        ("undecided", "undecided", "logistic scratch knn", "scratch"),
        ("better", "better", "logistic scratch knn", "scratch"),
        ("undecided", "better", "logistic scratch knn", "knn"),
        ("worse", "better", "logistic scratch knn", "knn"),
        ("worse", "undecided", "logistic scratch knn", "logistic"),
        ("undecided", "undecided", "logistic knn", "logistic"),
        ("undecided", "undecided", "knn", "knn"),
        ("undecided", "better", "logistic scratch", "scratch"),
        ("worse", "worse", "scratch knn", None),
        ("undecided", "undecided", "", None),
    ],
)
def test_the_model_for_probabilities_is_the_same_unless_another_has_better_ones(
    scratch, knn, learned, expected
):
    """By accuracy, the network is the best."""
    metrics = pd.concat(
        [losses(0.45, scratch, scratch=0.4), losses(0.45, knn, knn=0.3)]
    ).drop_duplicates("model")
    tables = {
        "comparison": pd.DataFrame([BASELINE, BETTER, {**UNDECIDED, "model": "knn"}]),
        "metrics": metrics,
        "against_guess": learning(
            ("scratch", "accuracy"), *((model, "log_loss") for model in learned.split())
        ),
    }
    candidates = {model: [Configuration()] for model in ("logistic", "scratch", "knn")}
    decision = recommend(tables, candidates, metric="accuracy", rope=0.01)
    assert decision.model == "scratch"
    assert decision.probabilities.model == expected
    assert decision.one_answer == (expected == "scratch")


def test_a_tuned_model_is_for_probabilities_if_they_beat_a_guess_and_no_reference_has_better_ones():
    def answer(outcome="undecided", learned=(("scratch", "log_loss", True),)):
        tables = {
            "comparison": pd.DataFrame([BASELINE, UNDECIDED, {**UNDECIDED, "model": "knn"}]),
            "metrics": losses(0.45, outcome, knn=0.3),
            "nested": NESTED,
            "against_guess": learning(
                ("scratch", "accuracy", True), ("logistic", "log_loss"), ("knn", "log_loss"),
                *learned,
            ),
        }  # fmt: skip
        candidates = {"logistic": [Configuration()], "scratch": NETWORKS, "knn": [Configuration()]}
        own = recommend(tables, candidates, metric="accuracy", rope=0.01).probabilities
        return own.model, own.tuned

    assert answer() == ("scratch", True)
    assert answer("better") == ("knn", False)
    assert answer(learned=()) == ("logistic", False)


def test_a_log_loss_of_1e_16_is_no_better_than_one_of_1e_10():
    """Both models are sure, and right, of nearly all rows."""
    x = np.repeat([[-40.0], [40.0]], 40, axis=0) + np.linspace(0, 1, 80)[:, np.newaxis]
    tree = {"class": "sklearn.tree.DecisionTreeClassifier"}
    evidence = evidence_of(
        dataset_of(x, np.arange(80) >= 40),
        config_of(["logistic", "tree"], estimators={"tree": tree}),
    )
    tables = tables_of(evidence)
    metrics = tables["metrics"].set_index(["metric", "model"]).loc["log_loss"]
    assert metrics.loc["tree", "score"] == pytest.approx(2.2e-16, rel=0.01)  # as log_loss clips
    assert 1e-15 < metrics.loc["logistic", "score"] < METRICS["log_loss"].rope / 10
    assert metrics.loc["tree", "outcome"] == "undecided"  # it depends on the cut-off
    tables["comparison"] = tables["comparison"].assign(separated=0)
    decision = recommend(tables, evidence.candidates, metric="accuracy", rope=0.01)
    own = decision.probabilities
    assert (own.model, own.better, own.coarser, own.misleading) == ("logistic", None, None, None)


def test_an_advantage_of_a_model_by_a_loss_is_a_number_above_zero():
    """0.15 nats less, from 0.1 to 0.2; and by an area, which has no unit."""
    candidates = {"logistic": [Configuration()], "scratch": NETWORKS}

    def by(metric, **values):
        rows = [{**BASELINE, metric: 0.5}, {**BETTER, metric: 0.4, **values}]
        tables = {"comparison": pd.DataFrame(rows)}
        return advice_on(tables, context_of(candidates, metric=metric))

    loss = {"difference": -0.15, "difference_lower": -0.2, "difference_upper": -0.1}
    assert by("log_loss", **loss).endswith(
        "by 0.150 nats of log loss (95% interval +0.100 to +0.200)."
    )
    area = {"difference": 0.15, "difference_lower": 0.1, "difference_upper": 0.2}
    assert by("roc_auc", **area).endswith("by 0.150 of ROC AUC (95% interval +0.100 to +0.200).")


def test_a_better_model_that_is_too_sure_is_not_recommended_without_saying_so():
    """80% right with certainty, a log loss of 2.763, against 60% and the shares of the classes."""
    place = np.arange(300)
    y = place % 2
    sure = np.where(y ^ (place % 10 < 2), 1 - 1e-6, 1e-6)
    modest = np.where(y ^ (place % 10 > 5), 0.6, 0.4)
    text = worded_advice(predicting(y, logistic=modest, knn=sure))
    assert text.startswith(
        "To decide the class, use knn: it is better than logistic regression on these data, by "
        "20.0 points of accuracy (95% interval +"
    )
    assert text.endswith(
        "For probabilities, use no model: those of knn are worse than always "
        "predicting the shares of the classes (log loss 2.76 against 0.693)."
    )


NEXT = (
    "Next, collect more data, or features that tell the classes apart better: these data do not "
    "show that there is nothing to learn."
)


def test_by_a_metric_of_probabilities_a_guess_is_the_shares_of_the_classes():
    of_losses = {
        column.replace("accuracy", "log_loss"): value for column, value in UNDECIDED.items()
    }
    candidates = {"logistic": [Configuration()], "scratch": NETWORKS}
    tables = {
        "comparison": pd.DataFrame([{**of_losses, "model": "logistic"}, of_losses]),
        "against_guess": learning(metric="log_loss"),
    }
    assert advice_on(tables, context_of(candidates, metric="log_loss")) == (
        "Use no model yet: none is shown to be better than always predicting the shares of the "
        f"classes, which has a log loss of 0.690, nor than a guess by another metric. {NEXT}"
    )


def test_the_nearest_to_a_guess_is_by_any_metric_unless_one_is_better_by_another():
    """By accuracy 15.5%, by ROC AUC 4.1%: the page is as near as the smaller says."""
    table = learning().assign(p_adjusted=0.9)
    logistic = table["model"] == "logistic"
    table.loc[logistic & (table["metric"] == "accuracy"), "p_adjusted"] = 0.155
    table.loc[logistic & (table["metric"] == "roc_auc"), "p_adjusted"] = 0.041
    text = advise(UNDECIDED, against_guess=table)
    assert (
        "The nearest is logistic regression, by ROC AUC: by luck alone, some model would do as "
        "well by some metric in 4.1% of such studies; only below 0.75% would count."
    ) in text
    table["better"] |= logistic & (table["metric"] == "roc_auc")
    text = advise(UNDECIDED, against_guess=table)
    assert "The nearest is logistic regression: by luck alone" in text
    assert "15.5%" in text


@pytest.mark.parametrize("rare_right", [19, 20, 21])
def test_a_row_more_or_less_than_a_guess_has_right_changes_no_advice(rare_right):
    """A model finds about 20 of 30 rows of a rare class, and takes 20 others for it."""
    y = np.arange(300) < 30
    chosen = np.isin(np.arange(300), [*range(rare_right), *range(30, 50)])
    text = worded_advice(predicting(y, logistic=np.where(chosen, 0.5001, 0.4999)))
    text = re.sub(r" The nearest is logistic regression: by luck .* would count\.", "", text)
    assert text == (
        "Do not choose by accuracy: no model is shown to be better by it than always predicting "
        "the commonest class, which has an accuracy of 90.0%. Logistic regression is better in "
        "balanced accuracy and ROC AUC. So it has learned something. If one of these is what "
        "matters to you, plan the next study with it, on new students (metric: balanced_accuracy "
        "or metric: roc_auc, under comparison in the config): chosen after a look at these "
        "results, it may owe its verdict to luck."
    )


SIMILAR = [{**UNDECIDED, "outcome": o} for o in ("slightly different", "practically equal")]
WORSE_KNN, OTHER = {**WORSE, "model": "knn"}, {**UNDECIDED, "model": "softmax"}


@pytest.mark.parametrize(
    ("rows", "learned", "advice"),
    [
        ([BETTER], ["logistic"], "Use the network: it is better than logistic regression"),
        *(([row], ["scratch"], "Use the network with care: ") for row in (UNDECIDED, *SIMILAR)),
        # What is better than a model that is better than a guess is so, too: also over two steps.
        ([WORSE], ["scratch"], "Use logistic regression: "),
        ([BETTER, WORSE_KNN], ["knn"], "Use the network: it is better than logistic regression"),
        ([OTHER, WORSE_KNN], ["knn", "softmax"], "Use logistic regression: "),
        ([BETTER, {**UNDECIDED, "model": "knn"}], ["knn"], "Use knn with care: "),
    ],
)
def test_what_beats_a_model_that_beats_a_guess_is_better_than_a_guess(rows, learned, advice):
    assert advise(*rows, against_guess=accurate(*learned)).startswith(advice)


def test_each_recommended_model_is_better_than_a_guess_or_than_one_that_is():
    """In each combination of two outcomes and of the models that are better than a guess.

    Or it is better than the baseline, which is better than one.
    """
    models, candidates = ("logistic", "scratch", "knn"), dict.fromkeys(("scratch", "knn"), NETWORKS)
    candidates["logistic"] = [Configuration()]
    kinds = set()
    for outcomes in itertools.product(get_args(Outcome), ("worse", "undecided")):
        rows = [
            {**UNDECIDED, "model": model, "outcome": outcome, "difference": place - 0.06}
            for place, model, outcome in zip((0.12, 0.0), models[1:], outcomes, strict=True)
        ]
        beaten = {
            (m, "logistic") for m, o in zip(models[1:], outcomes, strict=True) if o == "better"
        }
        beaten |= {
            ("logistic", m) for m, o in zip(models[1:], outcomes, strict=True) if o == "worse"
        }
        for count in range(4):
            for shown in itertools.combinations(models, count):
                tables = {
                    "comparison": pd.DataFrame([BASELINE, *rows]),
                    "against_guess": accurate(*shown),
                }
                decision = recommend(tables, candidates, metric="accuracy", rope=0.01)
                kinds.add(decision.kind)
                if decision.model is not None:
                    beats = {other for model, other in beaten if model == decision.model}
                    beats |= {other for model, other in beaten if model in beats}
                    assert {decision.model, *beats} & {*shown}, (outcomes, shown, decision.kind)
                if decision.kind == "baseline":
                    assert "better" not in outcomes, (outcomes, shown)
    assert kinds >= {"no model", "better model", "with care", "baseline"}


# Warnings that come first


def test_every_warning_that_comes_first_is_a_warning_with_a_sentence():
    assert set(FIRST) <= set(WARNINGS)
    assert set(FIRST) <= set(SENTENCES)


# Tuning


def test_a_tuned_model_must_be_more_accurate_than_the_best_untuned_one_by_more_than_the_rope():
    # Whatever the differences from the baseline, of which the fewer splits may be harder.
    for difference in (0.05, 0.09):
        for gain, name in ((-0.01, ""), (0.009, ""), (0.011, ", tuned")):
            nested = NESTED.assign(
                difference=difference, untuned_accuracy=NESTED["accuracy"] - gain
            )
            text = advise(BETTER, nested=nested)
            assert text.startswith(f"Use the network{name}: ")
    best = {**BETTER, "model": "knn", "accuracy": 0.871}
    assert advise(BETTER, best, nested=NESTED).startswith("Use knn: ")
    best = {**BETTER, "model": "knn", "accuracy": 0.869}
    assert advise(BETTER, best, nested=NESTED).startswith("Use the network, tuned: ")
    best = {**BETTER, "model": "knn", "accuracy": 0.9}
    assert advise(BETTER, best, nested=NESTED).startswith("Use knn: ")
    slightly = NESTED.assign(outcome="slightly different")
    assert advise(UNDECIDED, nested=slightly).startswith("Use logistic regression: ")


@pytest.mark.parametrize(
    ("comparison", "nested", "best", "expected"),
    [
        ([BASELINE, UNDECIDED], None, NETWORKS[1].name, Configuration.of({"l2": 0.0})),
        ([BASELINE, BETTER], None, NETWORKS[1].name, NETWORKS[0]),
        ([BASELINE, UNDECIDED], NESTED, NETWORKS[1].name, NETWORKS[1]),
        ([BASELINE, UNDECIDED], NESTED, NETWORKS[0].name, NETWORKS[0]),
        ([BASELINE, {**UNDECIDED, "model": "knn"}], NESTED, NETWORKS[1].name, NETWORKS[1]),
    ],
)
def test_the_configuration_to_use_is_the_reference_or_the_best_of_a_tuned_model(
    comparison, nested, best, expected
):
    candidates = {
        "logistic": [Configuration.of({"l2": 0.0})], "scratch": NETWORKS, "knn": [Configuration()]
    }  # fmt: skip
    tables = {
        "comparison": pd.DataFrame(comparison),
        "tuning": pd.DataFrame({"model": ["scratch"], "best": [best]}),
    }
    if nested is not None:
        tables["nested"] = nested
    tables["against_guess"] = all_learned(tables, "accuracy")
    decision = recommend(tables, candidates, metric="accuracy", rope=0.01)
    assert configuration_of(decision, candidates) == expected


def test_there_is_no_configuration_without_a_recommended_model():
    candidates = {"logistic": [Configuration()], "scratch": NETWORKS}
    tables = {"comparison": pd.DataFrame([{**BASELINE, "accuracy": NONE, "diverged": 1}, DIVERGED])}
    decision = recommend(tables, candidates, metric="accuracy", rope=0.01)
    assert decision.kind == "no score"
    assert configuration_of(decision, candidates) is None


# The other values of the baseline


def with_values(**right):
    """Return the evidence on three values of logistic regression, and others: rows right of 200."""
    y, place = np.arange(200) % 2, np.random.default_rng(41).permutation(200)
    p = {name: np.where((place < count) == y, 0.9, 0.1) for name, count in right.items()}
    decays = {"l2=0.1": "reference", "l2=0.01": "smaller", "l2=1.0": "larger"}
    of_logistic = {name: p.pop(own) for name, own in decays.items()}
    candidates = {"logistic": [Configuration.of({"l2": decay}) for decay in (0.1, 0.01, 1.0)]}
    candidates |= {model: [Configuration()] for model in p}
    dataset = dataset_of(np.random.default_rng(42).normal(size=(200, 2)), y)
    return evidence_with(dataset, {"logistic": of_logistic, **p}, candidates)


def test_the_advice_names_the_value_of_the_opponent_that_would_change_it():
    evidence = with_values(reference=140, smaller=168, larger=150, knn=170)
    row = evidence.comparison.set_index("model").loc["knn"]
    assert (row["outcome"], row["matched_by"]) == ("better", "l2=0.01")
    assert row["matched_accuracy"] == pytest.approx(0.84)
    # One that is better than each value needs no such sentence: than the best one with p = 0.042,
    # which is not adjusted for a model that is not shown to be better than a guess.
    for others in ({}, {"qda": 112}):
        evidence = with_values(reference=104, smaller=124, larger=104, knn=130, **others)
        assert evidence.comparison.set_index("model").loc["knn", "outcome"] == "better"
        assert "matched_by" not in evidence.comparison


def test_every_kind_without_a_model_has_a_reason_in_a_few_words():
    with_model = {
        "tuned model", "better model", "with care", "rival", "nothing to choose", "baseline"
    }  # fmt: skip
    assert REASONS.keys() - {"beside"} == set(get_args(Kind)) - with_model

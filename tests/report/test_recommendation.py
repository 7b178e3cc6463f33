"""The advice is right on any data: it knows what all tables know, and claims no more."""

import dataclasses
import math

import pandas as pd
import pytest
from worded import context_of

from backprop.models.registry import add_estimators
from backprop.report.wording.recommendation import advice
from backprop.study.configurations import Configuration, Settings

NETWORK = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
NETWORKS = [NETWORK, dataclasses.replace(NETWORK, hidden=(5,))]
NONE = float("nan")
BASELINE = {
    "model": "logistic", "outcome": None, "accuracy": 0.8, "accuracy_lower": 0.7,
    "accuracy_upper": 0.9, "difference": NONE, "difference_lower": NONE, "difference_upper": NONE,
    "log_loss": 0.45, "log_loss_difference": NONE, "log_loss_p": NONE, "same_as": None,
    "same_within": NONE, "diverged": 0, "unlearned": 0, "separated": 0, "not_converged": 0,
}  # fmt: skip
UNDECIDED = {
    **BASELINE, "model": "scratch", "outcome": "undecided", "accuracy": 0.79, "difference": -0.006,
    "difference_lower": -0.054, "difference_upper": 0.042, "log_loss_difference": 0.01,
    "log_loss_p": 0.7,
}  # fmt: skip
BETTER = {
    **UNDECIDED, "outcome": "better", "accuracy": 0.86, "difference": 0.06,
    "difference_lower": 0.012, "difference_upper": 0.11,
}  # fmt: skip
WORSE = {
    **UNDECIDED, "outcome": "worse", "accuracy": 0.7, "difference": -0.1, "difference_lower": -0.15,
    "difference_upper": -0.05,
}  # fmt: skip
DIVERGED = {
    **dict.fromkeys(BASELINE, NONE), "model": "scratch", "diverged": 20, "unlearned": 0,
    "separated": 0, "not_converged": 0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def classifiers():
    """Make knn a model."""
    add_estimators({"knn": {"class": "sklearn.neighbors.KNeighborsClassifier"}})
    yield
    add_estimators({})


def advise(*rows, baseline=BASELINE, rope=0.01, regressions=1, networks=2, l2=0.0, **tables):
    """Return the advice on a comparison with these rows, after 5 folds x 4 repeats."""
    candidates = {
        "logistic": [Settings.of({"l2": l2 + 0.1 * n}) for n in range(regressions)],
        "scratch": NETWORKS[:networks], "tensorflow": NETWORKS[:networks],
        "softmax": [Settings()], "knn": [Settings()],
    }  # fmt: skip
    comparison = pd.DataFrame([baseline, *rows])
    return advice({"comparison": comparison, **tables}, context_of(candidates, rope=rope))


def test_a_better_model_is_recommended_with_its_gain():
    assert advise(BETTER) == (
        "Use the hand-written network: it is better than logistic regression on these data, by 6.0 "
        "points of accuracy (95% interval +1.2 to +11.0)."
    )


def test_a_model_that_is_better_than_an_unsolved_baseline_is_recommended_with_a_caveat():
    separated, stopped = {**BASELINE, "separated": 18}, {**BASELINE, "not_converged": 2}
    for tables in ({}, {"nested": NESTED}):
        assert advise(BETTER, baseline=separated, **tables).endswith(
            ". But of logistic regression, 18 of 20 fits can separate classes, so no finite "
            "solution exists: give it a weight decay, and compare again."
        )
        assert advise(BETTER, baseline=stopped, **tables).endswith(
            ". But of logistic regression, 2 of 20 fits stopped before they converged."
        )
        assert "But" not in advise(BETTER, **tables)
    itself = advise(UNDECIDED, baseline=separated, nested=NESTED.assign(model="logistic"))
    assert itself.startswith("Use logistic regression, tuned: ")
    assert "compare again" not in itself


def test_two_implementations_of_a_network_are_recommended_as_one():
    second = {**BETTER, "model": "tensorflow", "same_as": "scratch", "same_within": 4e-15}
    assert advise(BETTER, second).startswith("Use the network: it is better than")
    assert "too" not in advise(BETTER, second)


def test_the_most_accurate_of_several_better_models_is_recommended():
    knn = {**BETTER, "model": "knn", "accuracy": 0.88, "difference": 0.08}
    text = advise(BETTER, knn)
    assert text.startswith("Use knn: it is better")
    assert text.endswith(
        "The hand-written network is better than logistic regression, too; these data do not show "
        "that knn is better than it."
    )


@pytest.mark.parametrize(
    ("outcomes", "rest"),
    [
        ({}, "these data do not show that knn is better than any of them"),
        ({"scratch": "practically equal"}, "these data do not show that knn is better than any"),
        ({"scratch": "worse"}, "knn is better only than the hand-written network"),
        (
            {"scratch": "worse", "softmax": "worse"},
            "knn is better than the hand-written network and softmax regression",
        ),
    ],
)
@pytest.mark.parametrize("reversed_", [False, True])
def test_it_is_said_whether_the_best_of_several_beats_the_others(outcomes, rest, reversed_):
    rows = [
        {**BETTER, "model": model, "accuracy": accuracy}
        for model, accuracy in (("knn", 0.9), ("scratch", 0.88), ("softmax", 0.86))
    ]
    turned = {"worse": "better"}
    pairs = [
        {"model": "knn", "other": model, "outcome": turned.get(outcome, outcome)}
        if reversed_
        else {"model": model, "other": "knn", "outcome": outcome}
        for model, outcome in outcomes.items()
    ]
    columns = ["model", "other", "outcome"]
    text = advise(*rows, pairs=pd.DataFrame(pairs, columns=columns))
    assert f"softmax regression are better than logistic regression, too; {rest}" in text


def test_a_gain_within_the_rope_is_no_reason_to_use_a_model():
    gain = {**BETTER, "difference": 0.019, "difference_lower": 0.008, "difference_upper": 0.03}
    assert advise(gain, rope=0.02) == (
        "Use logistic regression: the largest advantage of another model is 1.9 points of accuracy "
        "(95% interval +0.8 to +3.0), and up to 2.0 points are of no practical interest, and it is "
        "the simplest, with nothing to tune."
    )
    # Nothing to tune is no advantage if no other model is tuned.
    assert advise(gain, rope=0.02, networks=1).endswith(", and it is the simplest.")
    assert advise(gain, rope=0.01).startswith("Use the hand-written network")


def test_what_the_data_leave_open_is_the_interval_and_not_the_power_of_the_design():
    assert advise({**UNDECIDED, "detectable": 0.08}) == (
        "Use logistic regression: no other model is shown to be better, and it is the simplest, "
        "with nothing to tune. These data leave open whether the hand-written network is better "
        "than logistic regression by up to 4.2 points."
    )
    assert "leave open" not in advise(WORSE)
    assert "leave open" not in advise({**UNDECIDED, "difference_upper": 0.009})
    assert "leave open" not in advise({**UNDECIDED, "model": "softmax", "separated": 20})


def test_a_baseline_with_several_configurations_has_something_to_tune():
    assert "nothing to tune" not in advise(UNDECIDED, regressions=2)


def test_a_baseline_with_a_weight_decay_has_something_to_tune():
    text = advise(UNDECIDED, l2=0.01)
    assert "and it is the simplest. These data leave open" in text
    assert "nothing to tune" not in text


def test_a_classifier_of_scikit_learn_may_be_simpler_than_logistic_regression():
    text = advise({**WORSE, "model": "knn"})
    assert text == "Use logistic regression: no other model is shown to be better."


def test_one_model_has_nothing_to_be_compared_with():
    assert advise() == ("There is nothing to choose between: only logistic regression was tried.")
    softmax = {**BASELINE, "model": "softmax", "same_as": "logistic", "same_within": 0.0}
    assert advise(softmax).endswith(
        ": softmax regression is the same model as logistic regression on these data."
    )
    both = advise(softmax, {**softmax, "model": "knn"})
    assert ": softmax regression and knn are the same model as logistic regression on" in both


def test_fits_of_logistic_regression_without_a_solution_rule_it_out_if_a_rival_has_none_such():
    baseline = {**BASELINE, "log_loss": 1.66, "separated": 18}
    network = {
        **UNDECIDED, "log_loss": 0.08, "log_loss_difference": -1.58, "log_loss_p": 0.004,
    }  # fmt: skip
    text = advise(network, baseline=baseline)
    assert text.startswith(
        "Use the hand-written network: by accuracy it is not shown to differ from logistic "
        "regression, but its probabilities are better (log loss 0.08 against 1.66 of logistic "
        "regression), and of logistic regression, 18 of 20 fits can separate classes"
    )
    assert "simplest" not in text
    assert "leave open" not in text
    tables = {"guessing": GUESSING, "warnings": guesses(knn=False)}
    text = advise({**network, "log_loss": 1.4}, baseline=baseline, **tables)
    assert text.startswith("Give logistic regression a weight decay: ")
    text = advise({**network, "unlearned": 3}, baseline=baseline)
    assert text.startswith("Give logistic regression a weight decay: 18 of 20 fits can separate")


def test_logistic_regression_that_stopped_early_is_not_the_simplest_with_nothing_to_tune():
    text = advise(UNDECIDED, baseline={**BASELINE, "not_converged": 2})
    assert text.startswith("Use logistic regression with care: no other model is shown to be")
    assert "2 of 20 fits stopped before they converged" in text
    assert "simplest" not in text


def test_better_probabilities_of_another_model_are_named():
    network = {**UNDECIDED, "log_loss": 0.3, "log_loss_difference": -0.15, "log_loss_p": 0.01}
    text = advise(network)
    assert text.startswith("Use logistic regression: ")
    assert "But the hand-written network has better probabilities: log loss 0.3 against" in text
    assert "probabilities" not in advise({**network, "log_loss_p": 0.06})
    # They must be better than the class shares, too.
    tables = {"guessing": GUESSING, "warnings": guesses(knn=False)}
    assert "probabilities" in advise({**network, "log_loss": 0.68}, **tables)
    assert "probabilities" not in advise({**network, "log_loss": 0.7}, **tables)
    assert "probabilities" not in advise({**network, **WORSE, "log_loss_p": 0.9})


def test_worse_probabilities_of_a_better_model_are_named():
    text = advise({**BETTER, "log_loss": 0.6, "log_loss_difference": 0.15, "log_loss_p": 0.01})
    assert text.startswith("Use the hand-written network: ")
    assert "But its probabilities are worse: log loss 0.6 against 0.45" in text


def test_unlearned_fits_of_either_side_are_named():
    words = "Of the hand-written network, 3 of 20 fits had not learned to"
    assert words in advise({**UNDECIDED, "unlearned": 3})
    assert words in advise({**BETTER, "unlearned": 3})


def test_models_that_diverged_are_no_rivals():
    text = advise(DIVERGED)
    assert text.startswith(
        "Use logistic regression: no other model could be compared with it in its reference "
        "configuration, and "
    )
    assert " compared with it, and it is" in advise(DIVERGED, networks=1)
    assert text.endswith("Of the hand-written network, 20 of 20 fits diverged.")


def test_a_baseline_without_a_score_leaves_nothing_to_recommend():
    baseline = {**DIVERGED, "model": "logistic", "diverged": 2}
    other = {**BASELINE, "model": "scratch"}
    text = advise(other, baseline=baseline)
    assert text == (
        "No model can be recommended: of logistic regression, with which the others are compared, "
        "2 of 20 fits diverged."
    )
    assert advise(DIVERGED, baseline=baseline) == text


GUESSING = pd.DataFrame({"accuracy": [0.7, 0.74], "log_loss": [0.68, 0.7]})


def guesses(**learned):
    """Return the warnings that models are like guesses, and whether each learned something."""
    return pd.DataFrame(
        [
            {"warning": "no_better_than_guessing", "model": model, "subject": metric,
             "better": better and metric == "balanced_accuracy"}
            for model, better in learned.items()
            for metric in ("accuracy", "balanced_accuracy")
        ]
    )  # fmt: skip


def test_models_that_are_no_better_than_guessing_are_not_recommended():
    text = advise(UNDECIDED, guessing=GUESSING, warnings=guesses(logistic=False, scratch=False))
    assert text == (
        "Use no model yet: none is shown to be better than always predicting the commonest "
        "class, which has "
        "an accuracy of 72.0%."
    )
    only = guesses(logistic=False)
    text = advise(BETTER, guessing=GUESSING, warnings=only)
    assert text.startswith("Use the hand-written network")


def test_a_tuned_model_may_be_better_than_guessing():
    tables = {"guessing": GUESSING, "warnings": guesses(logistic=False, scratch=False)}
    below, above = (NESTED.assign(accuracy_lower=lower) for lower in (0.71, 0.73))
    assert advise(UNDECIDED, nested=below, **tables).startswith("Use no model yet: none is shown")
    assert advise(UNDECIDED, nested=above, **tables).startswith("Use the hand-written network, tun")
    assert advise(UNDECIDED, nested=above.assign(outcome="undecided"), **tables) == (
        "Use no model as it is: none is shown to be better than always predicting the commonest "
        "class, which "
        "has an accuracy of 72.0%. Tuned, the hand-written network may be."
    )
    assert advise(BETTER, nested=below, **tables).startswith("Use no model yet")


def test_a_better_model_that_is_like_a_guess_is_no_reason_to_say_that_its_advantage_is_small():
    text = advise(BETTER, guessing=GUESSING, warnings=guesses(scratch=False))
    assert text == (
        "Use logistic regression: the hand-written network is better than logistic regression, but "
        "not shown to be better than always predicting the commonest class."
    )


@pytest.mark.parametrize("row", [UNDECIDED, {**UNDECIDED, "outcome": "better", "difference": 0.01}])
def test_a_baseline_that_is_like_a_guess_is_not_recommended(row):
    tables = {"guessing": GUESSING, "warnings": guesses(logistic=False)}
    relation = "not shown to differ from" if row is UNDECIDED else "better than"
    assert advise(row, **tables) == (
        "Use the hand-written network with care: it is shown to be better than always "
        "predicting the commonest class, and logistic regression is not shown to "
        "be more accurate than that. By "
        f"accuracy, the hand-written network is {relation} logistic regression."
    )


def test_a_model_that_is_like_a_guess_is_not_recommended_although_it_beats_the_baseline():
    tables = {"guessing": GUESSING, "warnings": guesses(logistic=False, scratch=False)}
    text = advise(BETTER, {**UNDECIDED, "model": "knn"}, **tables)
    assert text.startswith("Use knn with care: ")


def test_models_that_learned_something_are_judged_by_balanced_accuracy():
    text = advise(UNDECIDED, guessing=GUESSING, warnings=guesses(logistic=True, scratch=False))
    assert text == (
        "Do not choose by accuracy: no model is shown to be more accurate than always "
        "predicting the commonest class, which has 72.0%. Logistic regression is better in "
        "balanced accuracy, so it has learned something: compare models by that."
    )
    text = advise(UNDECIDED, guessing=GUESSING, warnings=guesses(logistic=True, scratch=True))
    assert "Logistic regression and the hand-written network are better in balanced" in text
    warnings = guesses(logistic=True).replace("balanced_accuracy", "roc_auc")
    text = advise(
        UNDECIDED, guessing=GUESSING, warnings=pd.concat([warnings, guesses(scratch=True)])
    )
    assert "are better in ROC AUC or balanced accuracy, so they have learned something" in text


TUNING = pd.DataFrame(
    {"model": ["scratch"], "tuned_accuracy": [0.976], "tuned_accuracy_lower": [0.96],
     "logistic_accuracy": [0.943]}
)  # fmt: skip


def test_the_tuned_accuracy_is_named_but_not_compared_as_if_it_were_one_thing():
    text = advise(UNDECIDED, tuning=TUNING)
    assert text.endswith(
        "Tuning may be worth it: the hand-written network, tuned, has an accuracy of 97.6% after a "
        "correction for the choice, and logistic regression, as it is, 94.3%; no test compares the "
        "two."
    )
    for change in ({"tuned_accuracy_lower": 0.94}, {"tuned_accuracy": 0.95}):
        assert "Tuning" not in advise(UNDECIDED, tuning=TUNING.assign(**change))


def test_tuning_is_worth_it_against_the_model_that_is_recommended_as_it_is():
    baseline = {**BASELINE, "separated": 20, "log_loss": 1.73}
    finer = {**UNDECIDED, "log_loss": 0.1, "log_loss_difference": -1.6, "log_loss_p": 0.01}
    text = advise({**finer, "accuracy": 0.95}, baseline=baseline, tuning=TUNING)
    assert text.startswith("Use the hand-written network: by accuracy it is not shown to differ")
    assert "tuned, has an accuracy of 97.6% after a correction for the choice, and the hand" in text
    assert text.endswith("and the hand-written network, as it is, 95.0%; no test compares the two.")
    assert "Tuning" not in advise({**finer, "accuracy": 0.97}, baseline=baseline, tuning=TUNING)


NESTED = pd.DataFrame(
    {"model": ["scratch"], "accuracy": [0.88], "accuracy_lower": [0.8], "outcome": ["better"],
     "difference": [0.07], "difference_lower": [0.02], "difference_upper": [0.12],
     "untuned_accuracy": [0.86], "same_as": [None]}
)  # fmt: skip


def test_a_tuned_model_that_is_better_by_nested_cross_validation_is_recommended():
    expected = (
        "Use the hand-written network, tuned: by nested cross-validation it is better than "
        "logistic regression on these data, by 7.0 points of accuracy (95% interval +2.0 to "
        "+12.0). Sentences without the word tuned are about its reference configuration."
    )
    assert advise(UNDECIDED, nested=NESTED, tuning=TUNING) == expected
    of_baseline = advise(UNDECIDED, nested=NESTED.assign(model="logistic"))
    assert "better than logistic regression, untuned, on these data" in of_baseline
    follower = NESTED.assign(model="tensorflow", same_as="scratch", accuracy=0.99)
    assert advise(UNDECIDED, nested=pd.concat([NESTED, follower])) == expected
    undecided = NESTED.assign(outcome="undecided")
    assert "tuned" not in advise(UNDECIDED, nested=undecided).lower()


def test_a_tuned_model_must_be_more_accurate_than_the_best_untuned_one_by_more_than_the_rope():
    # Whatever the differences from the baseline, of which the fewer splits may be harder.
    for difference in (0.05, 0.09):
        for gain, name in ((-0.01, ""), (0.009, ""), (0.011, ", tuned")):
            nested = NESTED.assign(
                difference=difference, untuned_accuracy=NESTED["accuracy"] - gain
            )
            text = advise(BETTER, nested=nested)
            assert text.startswith(f"Use the hand-written network{name}: ")
    best = {**BETTER, "model": "knn", "accuracy": 0.871}
    assert advise(BETTER, best, nested=NESTED).startswith("Use knn: ")
    best = {**BETTER, "model": "knn", "accuracy": 0.869}
    assert advise(BETTER, best, nested=NESTED).startswith("Use the hand-written network, tuned: ")
    best = {**BETTER, "model": "knn", "accuracy": 0.9}
    assert advise(BETTER, best, nested=NESTED).startswith("Use knn: ")
    assert advise(UNDECIDED, nested=NESTED, rope=0.08).startswith("Use logistic regression: ")


@pytest.mark.parametrize("other", [UNDECIDED, BETTER, WORSE, DIVERGED])
@pytest.mark.parametrize("state", ["none", "separated", "not_converged", "unlearned"])
def test_the_advice_never_shows_a_number_that_is_none(other, state):
    for baseline in (BASELINE, {**BASELINE, "separated": 20, "not_converged": 0}):
        changed = {**other, state: 4}
        for text in (
            advise(changed, baseline=baseline),
            advise(changed, {**changed, "model": "knn"}),
        ):
            assert "nan" not in text
            assert "inf" not in text
            assert "-0.0" not in text
            assert "best of 1" not in text
    assert math.isnan(NONE)

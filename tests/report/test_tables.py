"""What the tables say, of fits that are made up so that we know what they must say."""

import base64
import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from backprop.report import pages, summary, tables
from backprop.study.configurations import Configuration

ROWS, FOLDS, REPEATS = 402, 5, 4  # folds of 81 and of 80 rows
Y = np.arange(ROWS) % 2
REFERENCE = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")

rng = np.random.default_rng(1)
GOOD = rng.random((REPEATS, ROWS)) < 0.8  # which rows logistic regression has right
MORE = GOOD | (rng.random((REPEATS, ROWS)) < 0.5)
LESS = GOOD & (rng.random((REPEATS, ROWS)) < 0.9)
OTHER = rng.random((REPEATS, ROWS)) < 0.8
NEVER = None  # diverged


def varied(**values):
    return dataclasses.replace(REFERENCE, **values)


def fits_of(model, configuration, right):
    """Make the fits of a configuration that has these rows right in each repeat."""
    rows = []
    for repeat in range(REPEATS):
        for fold in range(FOLDS):
            tested = np.arange(fold, ROWS, FOLDS)
            p = np.full(tested.size, np.nan)
            if right is not NEVER:
                p = np.where(right[repeat, tested], Y[tested], 1 - Y[tested]) * 0.8 + 0.1
            rows.append(
                {
                    "model": model,
                    "configuration": configuration and configuration.name,
                    "hidden": None, "activation": None, "cost": None, "learning_rate": None,
                    "initialisation": None,
                    **(dataclasses.asdict(configuration) if configuration else {}),
                    "repeat": repeat + 1, "fold": fold + 1, "epochs": 1,
                    "status": "diverged" if right is NEVER else "epochs",
                    "rows": tested + 1, "probabilities": p,
                }
            )  # fmt: skip
    return rows


def made(candidates, tensorflow=None):
    """Return the scores and the fits of logistic regression, and of configurations of scratch.

    And of the reference by TensorFlow, if it has any row right.
    """
    rows = fits_of("logistic", None, GOOD)
    if tensorflow is not None:
        rows += fits_of("tensorflow", REFERENCE, tensorflow)
    for configuration, right in candidates.items():
        rows += fits_of("scratch", configuration, right)
    fits = pd.DataFrame(rows)
    return tables.scores(fits, Y), fits


def compared(right):
    scored, fits = made({REFERENCE: right})
    return tables.comparison(scored, fits, [REFERENCE], Y, folds=FOLDS, rope=0.01)


def points(right, than=GOOD):
    return 100 * (right.mean() - than.mean())


@pytest.mark.parametrize(
    ("right", "outcome", "says"),
    [
        (MORE, "better", "is better than"),
        (LESS, "worse", "is worse than"),
        (GOOD, "practically equal", "is practically equal to"),
        (OTHER, "undecided", "is indistinguishable from"),
    ],
    ids=["better", "worse", "practically equal", "undecided"],
)
def test_the_verdict_is_that_of_the_numbers_beside_it(right, outcome, says):
    table = compared(right)
    row = table.set_index("model").loc["scratch"]
    assert row["outcome"] == outcome
    start = f"the hand-written network {says} logistic regression: difference {points(right):+.1f}"
    assert row["verdict"].startswith(start)
    interval = f"{100 * row['difference_lower']:+.1f} to {100 * row['difference_upper']:+.1f}"
    assert f"95% interval {interval}, adjusted p" in row["verdict"]
    use = "the hand-written network" if outcome == "better" else "logistic regression"
    assert summary.advice(table).startswith(f"Use {use}: ")
    if outcome == "better":
        assert f"by {points(right):.1f} points of accuracy" in summary.advice(table)
    missed = f"An advantage of less than {100 * row['detectable']:.1f} points could"
    assert (missed in summary.advice(table)) == (outcome == "undecided")


def test_what_a_design_can_detect_allows_for_all_models_that_are_compared():
    for tensorflow, models in ((None, 1), (LESS, 2)):
        scored, fits = made({REFERENCE: OTHER}, tensorflow)
        table = tables.comparison(scored, fits, [REFERENCE], Y, folds=FOLDS, rope=0.01)
        row = table.set_index("model").loc["scratch"]
        error = row["difference"] / row["t"]
        critical = stats.t.isf(0.025 / models, FOLDS * REPEATS - 1)
        power = stats.nct.sf(critical, FOLDS * REPEATS - 1, row["detectable"] / error)
        assert power == pytest.approx(0.8)


def test_a_difference_that_is_the_same_on_every_split_decides_nothing():
    scored, fits = made({REFERENCE: GOOD})
    scored.loc[scored["model"] == "scratch", "accuracy"] += 0.0125
    table = tables.comparison(scored, fits, [REFERENCE], Y, folds=FOLDS, rope=0.01)
    row = table.set_index("model").loc["scratch"]
    assert row["outcome"] == "undecided"
    assert row["verdict"] == (
        "the hand-written network is indistinguishable from logistic regression: difference "
        "+1.2 points on every split, so that nothing is known of its spread"
    )
    assert "An advantage of any size could have gone unnoticed." in summary.advice(table)
    assert "difference" in pages.table_page(table, "Comparison", "verdict")


def test_a_network_that_diverged_is_not_compared():
    table = compared(NEVER)
    row = table.set_index("model").loc["scratch"]
    assert row["verdict"] == (
        "the hand-written network cannot be compared with logistic regression: "
        "20 of 20 fits diverged"
    )
    assert row[["accuracy", "difference", "p_value", "outcome"]].isna().all()
    assert summary.advice(table).startswith("Use logistic regression")


CANDIDATES = {
    REFERENCE: GOOD,
    varied(hidden=(5,)): GOOD,
    varied(hidden=(5, 5)): OTHER,
    varied(activation="relu"): NEVER,
    varied(learning_rate=0.3): MORE,
    varied(learning_rate=1.0): LESS,
    varied(learning_rate=0.3, hidden=(5,)): MORE,
}


@pytest.fixture(scope="module")
def scored_and_fits():
    return made(CANDIDATES)


@pytest.fixture(scope="module")
def effects(scored_and_fits):
    return tables.effects(scored_and_fits[0], list(CANDIDATES), folds=FOLDS, rope=0.01)


def test_each_hyperparameter_has_a_verdict(effects):
    verdicts = effects["verdict"].dropna().tolist()

    def size(value, said):
        row = effects[effects["value"] == value].iloc[0]
        numbers = 100 * row[["difference", "difference_lower", "difference_upper"]]
        return "{:+.1f} points ({}; 95% interval {:+.1f} to {:+.1f})".format(
            numbers.iloc[0], said, *numbers.iloc[1:]
        )

    assert verdicts == [
        "the hand-written network, hidden layers: 5 practically equal to 10; the data cannot tell "
        f"5x5 from 10; the largest difference is {size('5x5', '5x5')}",
        "the hand-written network, activation: ReLU cannot be compared, as fits diverged",
        "the hand-written network, learning rate: 0.3 better than 0.1, by up to "
        f"{size(0.3, '0.3')}; 1 worse than 0.1, by up to {size(1.0, '1')}",
    ]
    assert size(0.3, "0.3").startswith(f"{points(MORE):+.1f} points")
    assert size(1.0, "1").startswith(f"{points(LESS):+.1f} points")


def test_the_verdict_on_a_hyperparameter_counts_dead_fits(scored_and_fits):
    scored = scored_and_fits[0].copy()
    some = scored.index[scored["configuration"] == varied(learning_rate=1.0).name][:3]
    scored.loc[some, "status"] = "dead"
    table = tables.effects(scored, list(CANDIDATES), folds=FOLDS, rope=0.01)
    assert (
        table["verdict"].dropna().iloc[-1].endswith("; 3 of 20 fits with learning rate 1 are dead")
    )
    assert table["dead"].sum() == 3


def test_the_verdict_on_a_hyperparameter_claims_nothing_of_a_constant_difference(scored_and_fits):
    scored = scored_and_fits[0].copy()
    some = scored["configuration"] == varied(learning_rate=1.0).name
    reference = scored["configuration"] == REFERENCE.name
    scored.loc[some, "accuracy"] = scored.loc[reference, "accuracy"].to_numpy() - 0.125
    table = tables.effects(scored, list(CANDIDATES), folds=FOLDS, rope=0.01)
    says = "the data cannot tell 1 from 0.1; the largest difference is -12.5 points (1; the same on"
    assert says in table["verdict"].dropna().iloc[-1]


def test_effects_are_those_of_one_hyperparameter_alone(effects):
    assert effects["configuration"].nunique() == len(effects) == len(CANDIDATES) - 2


def test_what_tuning_is_worth_leaves_out_what_diverged(scored_and_fits):
    (row,) = tables.tuning(*scored_and_fits, list(CANDIDATES), Y, seed=1).to_dict("records")
    assert (row["candidates"], row["left_out"]) == (7, 1)
    assert row["best"] == varied(learning_rate=0.3).name
    assert row["plain_accuracy"] == pytest.approx(MORE.mean())
    assert row["optimism"] == pytest.approx(row["plain_accuracy"] - row["tuned_accuracy"])
    assert row["verdict"].startswith(
        "the hand-written network: the best of 6 configurations (learning rate 0.3; 2 share the "
        f"first place) scores {MORE.mean():.1%} and is worth {row['tuned_accuracy']:.1%}"
    )
    assert row["verdict"].endswith(
        f"against {GOOD.mean():.1%} of logistic regression, which needs no tuning"
    )


def test_a_network_that_always_diverges_is_said_to():
    scored_and_fits = made({REFERENCE: NEVER, varied(hidden=(5,)): NEVER})
    table = tables.tuning(*scored_and_fits, [REFERENCE, varied(hidden=(5,))], Y, seed=1)
    says = "no configuration is left, as fits of each diverged"
    assert table["verdict"].tolist() == [f"the hand-written network: {says}"]
    assert says in pages.table_page(table, "Tuning", "verdict")


def test_a_page_leads_with_the_sentences_that_there_are(effects):
    page = pages.table_page(effects, "Effects", "verdict")
    before, _, after = page.partition("</ul>")
    assert before.count("<li>") == 3
    assert "<li>The hand-written network, activation: ReLU cannot be compared" in before
    assert "cannot be compared" not in after


def test_a_page_that_is_too_large_for_a_frame_is_cut_and_says_so():
    table = pd.DataFrame({"number": np.arange(100_000.0), "text": "x" * 40})
    page = pages.table_page(table, "Large")
    assert len(base64.b64encode(page.encode())) < 2 * 2**20
    (shown,) = re.findall(r"<p>The first ([\d,]+) of 100,000 rows; the CSV file has", page)
    rows = int(shown.replace(",", ""))
    assert f'[\\"{float(rows - 1):.4g}\\", {rows - 1}.0]' in page
    assert f", {rows}.0]" not in page
    assert page.count("x" * 40) >= rows > 1000


def test_a_page_that_is_small_enough_has_every_row():
    page = pages.table_page(pd.DataFrame({"number": np.arange(1500)}), "Small")
    assert "The first" not in page
    assert "[1499]" in page

"""The differences are zero on every split, and the models are not the same: no certainty."""

import numpy as np
import pandas as pd
import pytest
from lecture import EX4
from made_advice import advice_on
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from worded import context_of, with_verdicts

from backprop.files import canonical_json
from backprop.models import baselines, logistic, networks
from backprop.network import stacked
from backprop.statistics.comparison import compare_models, summarise_configurations
from backprop.statistics.grouping import Judgement
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.scores import score_fits, with_columns
from backprop.study.splits import splits_of

NETWORK = Configuration.of_network((10,), "sigmoid", "squared_error", 0.03, "uniform")
FOLDS = 5


def table_of_fits(trained):
    """Return fits by model as a table: (configuration, split, status, probabilities) of each."""
    return pd.DataFrame(
        [
            {
                "model": model, "configuration": configuration.name, "epochs": 1,
                "hyperparameters": canonical_json(configuration.values()),
                "repeat": split.repeat + 1, "fold": split.fold + 1, "rows": split.test + 1,
                "status": status, "probabilities": np.asarray(p).ravel(),
            }
            for model, every in trained.items()
            for configuration, split, status, p in every
        ]
    )  # fmt: skip


@pytest.mark.parametrize("seed", [5, 16])  # where both have the same accuracies
def test_one_repeat_of_equal_accuracies_is_bounded_by_the_rows(seed):
    every_split = splits_of(draw_folds(EX4.y, folds=FOLDS, repeats=1, seed=seed))
    pairs = {
        "logistic": [(Configuration(), split) for split in every_split],
        "scratch": [(NETWORK, split) for split in every_split],
    }
    fitted = {
        "logistic": baselines.train_fits(logistic, pairs["logistic"], EX4),
        "scratch": networks.train_fits(stacked, pairs["scratch"], EX4, seed=seed, epochs=500),
    }
    fits = table_of_fits(
        {
            model: [
                (*pair, fit.status, fit.probabilities)
                for pair, fit in zip(pairs[model], fitted[model], strict=True)
            ]
            for model in pairs
        }
    )
    scores = with_columns(score_fits(fits, EX4.y))
    accuracy = {model: own["accuracy"].to_numpy() for model, own in scores.groupby("model")}
    assert (accuracy["scratch"] == accuracy["logistic"]).all()
    candidates = {"logistic": [Configuration()], "scratch": [NETWORK]}
    table = compare_models(Judgement(scores, fits, EX4.y, metric="accuracy"), candidates, rope=0.01)
    row = with_verdicts("comparison", table, candidates).set_index("model").loc["scratch"]
    assert (row["outcome"], row["basis"]) == ("undecided", "rows")
    # Bonett and Price, if no row is discordant: two more of 80 rows, one for each model.
    least = stats.t.isf(0.025, 79) * np.sqrt(2) / 80
    assert row["difference_lower"] <= -least + 1e-12
    assert row["difference_upper"] >= least - 1e-12
    assert "practically equal" not in row["verdict"]
    assert "0.999;" not in row["verdict"]


def test_ten_separable_rows_prove_neither_perfection_nor_equality():
    generator = np.random.default_rng(5)
    y = np.arange(10) % 2
    x = np.where(y, 4, -4)[:, np.newaxis] + generator.normal(scale=0.5, size=(10, 2))
    candidates = {"logistic": [Configuration()], "knn": [Configuration()]}
    models = {"logistic": LogisticRegression(C=1e6), "knn": KNeighborsClassifier(3)}
    every_split = splits_of(draw_folds(y, folds=FOLDS, repeats=10, seed=1))
    fits = table_of_fits(
        {
            name: [
                (
                    Configuration(), split, "converged",
                    model.fit(x[split.train], y[split.train]).predict_proba(x[split.test])[:, 1],
                )
                for split in every_split
            ]
            for name, model in models.items()
        }
    )  # fmt: skip
    scores = with_columns(score_fits(fits, y))
    assert (scores["accuracy"] == 1).all()
    table = compare_models(Judgement(scores, fits, y, metric="accuracy"), candidates, rope=0.01)
    shown = with_verdicts("comparison", table, candidates)
    advised = advice_on({"comparison": shown}, context_of(candidates))
    summaries = summarise_configurations(
        Judgement(scores, fits, y, metric="accuracy"), candidates, rope=0.01
    )
    for row in (*table.to_dict("records"), *summaries.to_dict("records")):
        ends = (row["accuracy_lower"], row["accuracy_upper"])
        # Wilson's of all of 10 rows, fewer by what training adds: 1 + 1 / 8.
        size = 10 / 1.125
        assert ends == pytest.approx((size / (size + 1.959964**2), 1))
    row = shown.set_index("model").loc["knn"]
    assert (row["outcome"], row["basis"], row["p_value"]) == ("undecided", "rows", 1)
    assert pd.isna(row["same_as"])
    margin = f"{100 * stats.t.isf(0.025, 9) * np.sqrt(2) / 10:.1f}"  # two more of 10 rows
    assert f"95% interval −{margin} to +{margin}" in row["verdict"]
    assert f"whether knn is better than logistic regression by up to {margin} points" in advised
    for metric in ("log_loss", "brier_score", "roc_auc", "balanced_accuracy"):
        own = summaries.set_index("model").loc["knn"]
        assert own[metric] == pytest.approx(0 if metric in ("log_loss", "brier_score") else 1)
        ends = own[f"{metric}_lower"], own[f"{metric}_upper"]
        if metric == "log_loss":
            assert np.isnan(ends).all()  # it has no highest value
        else:
            assert ends[1] - ends[0] > 0.3

"""The differences are zero on every split, and the models are not the same: no certainty."""

import numpy as np
import pandas as pd
import pytest
from made_advice import advice_on
from made_evidence import config_of, dataset_of, evidence_of, predicting
from scipy import stats
from worded import context_of, with_verdicts

from backprop.statistics.comparison import compare_judged, summarise_configurations
from backprop.study.metrics import METRICS


def test_ten_separable_rows_prove_neither_perfection_nor_equality():
    generator = np.random.default_rng(5)
    y = np.arange(10) % 2
    x = np.where(y, 4, -4)[:, np.newaxis] + generator.normal(scale=0.5, size=(10, 2))
    knn = {"class": "sklearn.neighbors.KNeighborsClassifier", "reference": {"n_neighbors": 3}}
    config = config_of(
        ["logistic", "knn"],
        estimators={"knn": knn},
        baselines={"logistic": {"reference": {"l2": 1e-3}}},
    )
    evidence = evidence_of(dataset_of(x, y), config, repeats=10)
    assert (evidence.judgement.scores["accuracy"] == 1).all()
    table, candidates = evidence.comparison, evidence.candidates
    shown = with_verdicts("comparison", table, candidates)
    advised = advice_on({"comparison": shown}, context_of(candidates))
    summaries = summarise_configurations(evidence.judgement)
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
    assert f"Open: knn may be better by up to {margin} points" in advised
    for metric in ("log_loss", "brier_score", "roc_auc", "balanced_accuracy"):
        own = summaries.set_index("model").loc["knn"]
        assert own[metric] == pytest.approx(0 if metric in ("log_loss", "brier_score") else 1)
        ends = own[f"{metric}_lower"], own[f"{metric}_upper"]
        if metric == "log_loss":
            assert np.isnan(ends).all()  # it has no highest value
        else:
            assert ends[1] - ends[0] > 0.3


@pytest.mark.parametrize("metric", METRICS)
def test_models_that_differ_by_rounding_are_equal_for_certain(metric):
    y, p = np.arange(60) % 2, np.random.default_rng(4).uniform(0.1, 0.9, 60)
    models = predicting(y, logistic=p, softmax=p * (1 + 2.0**-52)).judgement.headlines
    difference = compare_judged(models["softmax"], models["logistic"], metric)
    assert difference[:5] == (0, 0, 0, 1, "identical")

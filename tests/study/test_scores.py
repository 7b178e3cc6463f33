import dataclasses

import numpy as np
import pandas as pd
import pytest
from steps import steps

from backprop.study.configurations import Configuration
from backprop.study.fits import read_fits, update_fits
from backprop.study.metrics import METRICS
from backprop.study.scores import (
    COLUMNS,
    fit_times,
    hyperparameter_columns,
    score_files,
    score_fits,
    with_columns,
)
from backprop.study.splits import splits_of
from backprop.study.trained import Trained

DEEP = Configuration.of_network((10, 5), "sigmoid", "squared_error", 0.1, "uniform")
FLAT = DEEP.changed(hidden=(3,))
Y = np.array([1, 0, 1, 0, 1, 0, 1, 1, 0])
SPLITS = splits_of(np.array([[0, 0, 1, 1, 2, 2, 0, 1, 2], [2, 1, 0, 0, 1, 2, 1, 0, 2]]))


def train(pairs):
    """Yield random predictions, the same on the same split; the first fit of a network diverges."""
    for number, (configuration, split) in enumerate(pairs):
        generator = np.random.default_rng([split.repeat, split.fold])
        p = generator.random(split.test.size).round(1)
        if configuration.is_network and number == 0:
            p[0] = np.nan
        yield Trained(status="epochs", epochs=3, probabilities=p, seconds=0.5)


@pytest.fixture
def paths(tmp_path):
    paths = [tmp_path / "logistic.parquet", tmp_path / "scratch.parquet"]
    for path, configurations in zip(paths, ([Configuration()], [DEEP, FLAT]), strict=True):
        update_fits(
            path, path.stem, configurations, SPLITS, "basis", lambda pairs: enumerate(train(pairs))
        )
    return paths


def test_the_table_has_a_row_for_each_fit_in_their_order(paths):
    table = with_columns(score_fits(read_fits(paths), Y))
    hyperparameters = ["hidden", "activation", "cost", "learning_rate", "initialisation"]
    assert hyperparameter_columns(table) == hyperparameters
    assert list(table.columns) == [
        "model", *hyperparameters, "repeat", "fold", "status", "epochs", *METRICS, "configuration",
    ]  # fmt: skip
    assert table["model"].tolist() == ["logistic"] * 6 + ["scratch"] * 12
    assert table["repeat"].tolist() == [1, 1, 1, 2, 2, 2] * 3
    assert table["fold"].tolist() == [1, 2, 3] * 6
    assert table["hidden"].tolist()[6:] == ["10x5"] * 6 + ["3"] * 6
    assert table.loc[:5, ["hidden", "activation", "learning_rate"]].isna().all(axis=None)
    names = ["default"] * 6 + [DEEP.name] * 6 + [FLAT.name] * 6
    assert table["configuration"].tolist() == names


def test_each_fit_is_scored_on_its_own_test_rows_whatever_their_order(paths):
    fits = read_fits(paths).sample(frac=1, random_state=0, ignore_index=True)
    table = score_fits(fits, Y)
    for place, (rows, p) in enumerate(zip(fits["rows"], fits["probabilities"], strict=True)):
        for name, metric in METRICS.items():
            every = np.stack([1 - p, p], axis=1)
            if metric.of_classes:  # the first class, at a tie
                every = np.eye(2)[every.argmax(axis=1)]
            (expected,) = metric.score(Y[rows - 1], every[..., np.newaxis])
            if np.isnan(p).any():
                expected = np.nan
            np.testing.assert_equal(table[name][place], expected)


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_fit_that_diverged_has_no_score_and_changes_no_other_score(paths, broken):
    fits = read_fits(paths)
    before = score_fits(fits, Y)
    fits["probabilities"] = [p.copy() for p in fits["probabilities"]]
    fits["probabilities"][8][1] = broken
    after = score_fits(fits, Y)
    assert before.loc[6, list(METRICS)].isna().all()  # it had diverged before
    assert after.loc[8, list(METRICS)].isna().all()
    pd.testing.assert_frame_equal(after.drop(index=8), before.drop(index=8), check_exact=True)


def test_a_test_fold_of_one_class_has_all_scores_but_roc_auc(paths):
    table = score_fits(read_fits(paths[:1]), np.ones(9, dtype=np.int64))
    assert table["roc_auc"].isna().all()
    assert np.isfinite(table[[name for name in METRICS if name != "roc_auc"]]).all(axis=None)


def test_files_have_the_same_scores_one_at_a_time_and_together(paths):
    scores, times = score_files(paths, Y)
    fits = read_fits(paths, columns=COLUMNS)
    for table, expected in ((scores, with_columns(score_fits(fits, Y))), (times, fit_times(fits))):
        written = [frame.to_csv(index=False) for frame in (table, expected)]
        assert written[0] == written[1]
        assert table.index.tolist() == list(range(18))


def test_the_reason_of_a_status_is_in_the_table_if_any_fit_has_one(paths):
    assert "reason" not in score_files(paths, Y)[0]

    def failed(pairs):
        for place, fit in enumerate(train(pairs)):
            yield place, dataclasses.replace(fit, status="failed", reason=f"reason {place}")

    update_fits(paths[1], "scratch", [DEEP], SPLITS, "another basis", failed)
    scores, _ = score_files(paths, Y)
    assert scores["reason"].isna().tolist() == [True] * 6 + [False] * 6
    assert scores["reason"].tolist()[6:] == [f"reason {place}" for place in range(6)]


def test_times_are_in_a_separate_table(paths):
    times = fit_times(read_fits(paths))
    assert list(times.columns) == ["model", "configuration", "repeat", "fold", "seconds"]
    assert (times["seconds"] == 0.5).all()
    assert "seconds" not in score_fits(read_fits(paths), Y)


def test_the_steps_to_score_a_grid_grow_as_its_fits():
    splits, rows = 50, 16
    generator = np.random.default_rng(0)
    y = generator.integers(0, 2, 80)
    test_rows = [np.sort(generator.permutation(80)[:rows]) + 1 for _ in range(splits)]

    def taken(configurations):
        count = configurations * splits
        fits = pd.DataFrame(dict.fromkeys(COLUMNS), index=range(count))
        fits["rows"] = test_rows * configurations
        fits["probabilities"] = list(generator.random((count, rows)))
        return steps(lambda: scored.append(score_fits(fits, y)))

    scored = []
    taken(1)  # which imports what is needed
    few, many = taken(10), taken(20)
    assert many - few < 100 * 10 * splits
    assert np.isfinite(scored[-1]["log_loss"]).all()

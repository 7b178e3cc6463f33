import dataclasses
import logging
import os

import numpy as np
import pyarrow.parquet as pq
import pytest

from backprop.study import fits
from backprop.study.configurations import Configuration
from backprop.study.fits import SCHEMA, Trained, update
from backprop.study.splits import Split

REFERENCE = Configuration((10, 5), "sigmoid", "squared_error", 0.1, "uniform")
FAST, SLOW = (dataclasses.replace(REFERENCE, learning_rate=rate) for rate in (1.0, 0.01))
SPLITS = [
    Split(repeat, fold, np.flatnonzero(np.arange(6) % 3 != fold), np.arange(fold, 6, 3))
    for repeat in range(2)
    for fold in range(3)
]


class Trainer:
    """Trains nothing, notes what it was asked for and gives each fit a number of its own."""

    def __init__(self, start=0.0):
        self.asked, self.number = [], start

    def __call__(self, missing):
        self.asked.append(list(missing))
        return [self.fit(split) for _, split in missing]

    def fit(self, split):
        self.number += 1
        curve = np.array([self.number, self.number / 3])
        return Trained(
            "epochs", 7, np.full(split.test.size, self.number), np.array([1, 7]), curve, curve / 2,
            np.array([self.number, np.pi]), 0.25,
        )  # fmt: skip


def bring(path, configurations=(REFERENCE, FAST), splits=SPLITS, **options):
    """Update a file and return what was asked to be trained."""
    trainer = Trainer(options.pop("start", 0.0))
    update(path, **{"model": "scratch", "basis": "b", **options}, configurations=configurations,
           splits=splits, train=trainer)  # fmt: skip
    return [pair for asked in trainer.asked for pair in asked]


def numbers(path):
    """Return {(learning rate, repeat, fold): the number its training gave}, in the file's order."""
    frame = fits.read([path])
    keys = zip(frame["learning_rate"], frame["repeat"], frame["fold"], strict=True)
    return dict(zip(keys, (p[0] for p in frame["parameters"]), strict=True))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "h10.parquet"


def test_a_new_file_holds_every_configuration_on_every_split_in_order(path):
    asked = bring(path)
    assert asked == [(c, s) for c in (REFERENCE, FAST) for s in SPLITS]
    expected = [(c.learning_rate, s.repeat + 1, s.fold + 1) for c, s in asked]
    assert list(numbers(path)) == expected
    assert list(numbers(path).values()) == list(range(1, 13))


def test_a_row_reads_back_as_it_was_written(path):
    bring(path, splits=SPLITS[4:5])
    frame = fits.read([path])
    assert list(frame.columns) == SCHEMA.names
    row = frame.iloc[0]
    plain = {key: value for key, value in row.items() if np.isscalar(value)}
    fingerprint = plain.pop("fingerprint")
    assert plain == {
        "model": "scratch",
        "configuration": "h10x5-sigmoid-squared_error-lr0.1-uniform",
        "activation": "sigmoid",
        "cost": "squared_error",
        "learning_rate": 0.1,
        "initialisation": "uniform",
        "repeat": 2,
        "fold": 2,
        "status": "epochs",
        "epochs": 7,
        "seconds": 0.25,
    }
    assert len(fingerprint) == 64
    lists = {key: list(value) for key, value in row.items() if not np.isscalar(value)}
    assert lists == {
        "hidden": [10, 5],
        "rows": [2, 5],
        "probabilities": [1.0, 1.0],
        "curve_epochs": [1, 7],
        "train_cost": [1.0, 1 / 3],
        "test_cost": [0.5, 1 / 6],
        "parameters": [1.0, np.pi],
    }


def test_what_is_there_is_not_trained_again_and_the_table_stays_the_same(path):
    bring(path)
    before = pq.read_table(path)
    assert bring(path, start=100) == []
    assert pq.read_table(path).equals(before)


def test_a_file_that_a_later_job_has_written_is_left_alone(path, caplog):
    class Overtaken(Trainer):
        def __call__(self, missing):
            assert len(bring(path, [SLOW], start=100)) == len(SPLITS)  # begins now, ends first
            self.later = path.read_bytes()
            return super().__call__(missing)

    trainer = Overtaken()
    update(path, "scratch", [FAST], SPLITS, "b", trainer)
    assert path.read_bytes() == trainer.later
    assert f"{path} is of a later job" in caplog.text


def test_a_file_that_an_earlier_job_has_written_in_the_meantime_is_replaced(path, monkeypatch):
    class Outliving(Trainer):
        def __call__(self, missing):
            with monkeypatch.context() as patch:
                patch.setattr(fits.time, "time_ns", lambda: 1)
                bring(path, [SLOW], start=100)
            return super().__call__(missing)

    update(path, "scratch", [FAST], SPLITS, "b", Outliving())
    assert {rate for rate, *_ in numbers(path)} == {FAST.learning_rate}


def test_a_file_from_a_clock_that_was_ahead_is_brought_up_to_date(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(fits.time, "time_ns", lambda: 2**62)
        bring(path)
    assert bring(path, [SLOW]) == [(SLOW, s) for s in SPLITS]
    assert {rate for rate, *_ in numbers(path)} == {SLOW.learning_rate}


def test_only_what_is_missing_is_trained_and_what_is_not_wanted_is_dropped(path):
    bring(path)
    kept = numbers(path)
    asked = bring(path, [SLOW, REFERENCE], start=100)
    assert asked == [(SLOW, s) for s in SPLITS]
    found = numbers(path)
    assert [rate for rate, *_ in found] == [0.01] * 6 + [0.1] * 6
    assert list(found.values())[:6] == [101, 102, 103, 104, 105, 106]
    assert {key: value for key, value in kept.items() if key[0] == 0.1}.items() <= found.items()
    assert not any(rate == 1.0 for rate, *_ in found)


def test_more_repeats_train_only_the_new_splits(path):
    bring(path, splits=SPLITS[:3])
    asked = bring(path, splits=SPLITS, start=100)
    assert asked == [(c, s) for c in (REFERENCE, FAST) for s in SPLITS[3:]]
    assert list(numbers(path).values()) == [1, 2, 3, 101, 102, 103, 4, 5, 6, 104, 105, 106]


def test_the_order_is_that_of_the_wanted_whatever_was_there_before(path, tmp_path):
    bring(path, [FAST], SPLITS[::2])
    bring(path, [SLOW, FAST], SPLITS[::-1])
    bring(path)
    bring(tmp_path / "at once")
    assert list(numbers(path)) == list(numbers(tmp_path / "at once"))


ROWS = SPLITS[0].train, SPLITS[0].test


@pytest.mark.parametrize(
    ("options", "configuration", "split"),
    [
        ({"basis": "other"}, REFERENCE, SPLITS[0]),
        ({"model": "tensorflow"}, REFERENCE, SPLITS[0]),
        ({}, dataclasses.replace(REFERENCE, hidden=(5, 10)), SPLITS[0]),
        ({}, dataclasses.replace(REFERENCE, activation="tanh"), SPLITS[0]),
        ({}, dataclasses.replace(REFERENCE, cost="cross_entropy"), SPLITS[0]),
        ({}, dataclasses.replace(REFERENCE, learning_rate=0.1 + 1e-16), SPLITS[0]),
        ({}, dataclasses.replace(REFERENCE, initialisation="glorot"), SPLITS[0]),
        ({}, None, SPLITS[0]),
        ({}, REFERENCE, Split(1, 0, *ROWS)),
        ({}, REFERENCE, Split(0, 1, *ROWS)),
        ({}, REFERENCE, Split(0, 0, ROWS[0][1:], ROWS[1])),
        ({}, REFERENCE, Split(0, 0, ROWS[0], ROWS[1][1:])),
    ],
)
def test_a_fit_is_trained_again_when_anything_it_depends_on_changes(
    path, options, configuration, split
):
    bring(path, [REFERENCE], SPLITS[:1])
    assert bring(path, [REFERENCE], [Split(0, 0, *ROWS)]) == []
    assert bring(path, [configuration], [split], **options) == [(configuration, split)]
    assert len(fits.read([path])) == 1


def test_a_baseline_has_no_hyperparameters(path):
    bring(path, [None], model="logistic")
    frame = fits.read([path])
    assert len(frame) == len(SPLITS)
    for column in ("configuration", "hidden", "activation", "cost", "initialisation"):
        assert frame[column].isna().all()
    assert bring(path, [None], model="logistic") == []


@pytest.mark.parametrize("damage", ["cut", "text", "empty"])
def test_a_damaged_file_counts_as_none_and_says_so(path, caplog, damage):
    bring(path)
    whole = path.read_bytes()
    path.write_bytes(
        {"cut": whole[: len(whole) // 2], "text": b"not a table", "empty": b""}[damage]
    )
    with caplog.at_level(logging.WARNING):
        asked = bring(path, start=100)
    assert len(asked) == 12
    assert "h10.parquet cannot be read" in caplog.text
    assert list(numbers(path).values()) == list(range(101, 113))


def test_training_that_fails_leaves_the_old_file(path):
    bring(path)
    before = path.read_bytes()

    def fail(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(path, "scratch", [SLOW], SPLITS, "b", fail)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_a_write_that_fails_leaves_the_old_file(path, monkeypatch):
    bring(path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="disk full"):
            bring(path, [SLOW])
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_the_log_says_how_many_are_kept_dropped_and_trained(path, caplog):
    bring(path)
    with caplog.at_level(logging.INFO):
        bring(path, [SLOW, REFERENCE], SPLITS[:4])
    assert "8 fits wanted: 4 kept, 8 dropped, 4 to train (1 configurations)" in caplog.text


def test_several_files_read_as_one_table(tmp_path):
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet", "c.parquet")]
    bring(paths[0], [REFERENCE])
    bring(paths[1], [None], model="logistic", start=100)
    bring(paths[2], [FAST], SPLITS[:2], model="tensorflow", start=200)
    frame = fits.read(paths)
    assert frame["model"].tolist() == ["scratch"] * 6 + ["logistic"] * 6 + ["tensorflow"] * 2
    firsts = [parameters[0] for parameters in frame["parameters"]]
    assert firsts == [*range(1, 7), *range(101, 107), 201, 202]
    assert frame.index.tolist() == list(range(14))
    assert pq.read_schema(paths[1]).equals(SCHEMA)


def test_a_fit_without_an_answer_reads_back_as_one(path):
    trainer = Trainer()
    broken = dataclasses.replace(trainer.fit(SPLITS[0]), probabilities=np.array([np.nan, np.nan]))
    update(path, "scratch", [REFERENCE], SPLITS[:1], "b", lambda _: [broken])
    assert np.isnan(fits.read([path])["probabilities"][0]).all()

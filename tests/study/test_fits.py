import dataclasses
import json
import logging
import os
import signal
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from backprop.study import fits
from backprop.study.configurations import Configuration
from backprop.study.fits import (
    LARGE,
    SCHEMA,
    predictions,
    read_fits,
    remove_parts,
    update_fits,
)
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.study.workers import side_by_side

REFERENCE = Configuration.of_network((10, 5), "sigmoid", "squared_error", 0.1, "uniform")
FAST, SLOW = (REFERENCE.changed(learning_rate=rate) for rate in (1.0, 0.01))
SPLITS = [
    Split(repeat, fold, np.flatnonzero(np.arange(6) % 3 != fold), np.arange(fold, 6, 3))
    for repeat in range(2)
    for fold in range(3)
]


class Trainer:
    """Trains nothing: records the requested fits, and numbers them, by configuration and split."""

    def __init__(self, start=0.0):
        self.asked, self.number = [], start

    def __call__(self, missing):
        configurations = list(dict.fromkeys(settings for settings, _ in missing))
        places = sorted(range(len(missing)), key=lambda n: configurations.index(missing[n][0]))
        self.asked.append([missing[n] for n in places])
        return [(n, self.fit(missing[n][1])) for n in places]

    def fit(self, split):
        self.number += 1
        curve = np.array([self.number, self.number / 3])
        return Trained(
            status="epochs",
            reason="the reason",
            epochs=7,
            probabilities=np.full(split.test.size, self.number),
            curve_epochs=np.array([1, 7]),
            train_cost=curve,
            test_cost=curve / 2,
            parameters=np.array([self.number, np.pi]),
            seconds=0.25,
        )


def update(path, configurations=(REFERENCE, FAST), splits=SPLITS, **options):
    """Update a file and return the fits that were trained."""
    trainer = Trainer(options.pop("start", 0.0))
    options = {"model": "scratch", "basis": "b", **options}
    update_fits(path, configurations=configurations, splits=splits, train=trainer, **options)
    return [pair for asked in trainer.asked for pair in asked]


def numbers(path):
    """Return {(learning rate, repeat, fold): number of the fit}, in the order of the file."""
    frame = read_fits([path])
    rates = [json.loads(text)["learning_rate"] for text in frame["hyperparameters"]]
    keys = zip(rates, frame["repeat"], frame["fold"], strict=True)
    return dict(zip(keys, (p[0] for p in frame["parameters"]), strict=True))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "h10.parquet"


def test_a_row_reads_back_as_it_was_written(path):
    update(path, splits=SPLITS[4:5])
    frame = read_fits([path])
    assert list(frame.columns) == [name for name in SCHEMA.names if name != "inner"]
    row = frame.iloc[0]
    plain = {key: value for key, value in row.items() if np.isscalar(value)}
    fingerprint, checksum = plain.pop("fingerprint"), plain.pop("checksum")
    steps = [plain.pop(name) for name in ("step_ratio", "step_epoch", "start_cost")]
    assert np.isnan(steps).all()  # nothing was compared
    assert plain == {
        "model": "scratch",
        "configuration": "h10x5-sigmoid-squared_error-lr0.1-uniform",
        "hyperparameters": '{"activation":"sigmoid","batch_size":1,"beta_1":0.9,"beta_2":0.999,'
        '"cost":"squared_error","epsilon":1e-08,"hidden":[10,5],"initialisation":"uniform",'
        '"l2":0.0,"learning_rate":0.1,"momentum":0.9,"optimiser":"sgd"}',
        "repeat": 2,
        "fold": 2,
        "status": "epochs",
        "reason": "the reason",
        "epochs": 7,
        "seconds": 0.25,
    }
    assert len(fingerprint) == len(checksum) == 64
    assert row.pop("predicted") is None  # the probabilities say it
    lists = {key: list(value) for key, value in row.items() if not np.isscalar(value)}
    assert lists == {
        "rows": [2, 5], "probabilities": [1.0, 1.0], "curve_epochs": [1, 7],
        "train_cost": [1.0, 1 / 3], "test_cost": [0.5, 1 / 6], "parameters": [1.0, np.pi],
    }  # fmt: skip


def test_a_second_update_trains_nothing_and_does_not_change_the_table(path):
    update(path)
    before = pq.read_table(path)
    assert update(path, start=100) == []
    assert pq.read_table(path).equals(before)


def test_a_file_that_a_later_job_has_written_is_not_replaced(path, caplog):
    class Overtaken(Trainer):
        def __call__(self, missing):
            assert len(update(path, [SLOW], start=100)) == len(SPLITS)  # begins now, ends first
            self.later = path.read_bytes()
            return super().__call__(missing)

    trainer = Overtaken()
    update_fits(path, "scratch", [FAST], SPLITS, "b", trainer)
    assert path.read_bytes() == trainer.later
    assert f"{path} was written by a later job" in caplog.text


def test_a_file_that_an_earlier_job_has_written_in_the_meantime_is_replaced(path, monkeypatch):
    class Outliving(Trainer):
        def __call__(self, missing):
            with monkeypatch.context() as patch:
                patch.setattr(fits.time, "time_ns", lambda: 1)
                update(path, [SLOW], start=100)
            return super().__call__(missing)

    update_fits(path, "scratch", [FAST], SPLITS, "b", Outliving())
    assert {rate for rate, *_ in numbers(path)} == {FAST.learning_rate}


def test_a_file_from_a_clock_that_was_ahead_is_updated(path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(fits.time, "time_ns", lambda: 2**62)
        update(path)
    assert update(path, [SLOW]) == [(SLOW, s) for s in SPLITS]
    assert {rate for rate, *_ in numbers(path)} == {SLOW.learning_rate}


def test_missing_fits_are_trained_and_fits_that_the_config_does_not_ask_for_are_dropped(path):
    update(path)
    before = numbers(path)
    asked = update(path, [SLOW, REFERENCE], start=100)
    assert asked == [(SLOW, s) for s in SPLITS]
    after = numbers(path)
    assert [rate for rate, *_ in after] == [0.01] * 6 + [0.1] * 6
    assert list(after.values())[:6] == [101, 102, 103, 104, 105, 106]
    assert {key: value for key, value in before.items() if key[0] == 0.1}.items() <= after.items()


ROWS = SPLITS[0].train, SPLITS[0].test


@pytest.mark.parametrize(
    ("options", "configuration", "split"),
    [
        ({"basis": "other"}, REFERENCE, SPLITS[0]),
        ({"model": "tensorflow"}, REFERENCE, SPLITS[0]),
        ({}, REFERENCE.changed(hidden=(5, 10)), SPLITS[0]),
        ({}, REFERENCE.changed(activation="tanh"), SPLITS[0]),
        ({}, REFERENCE.changed(cost="cross_entropy"), SPLITS[0]),
        ({}, REFERENCE.changed(learning_rate=0.1 + 1e-16), SPLITS[0]),
        ({}, REFERENCE.changed(initialisation="glorot"), SPLITS[0]),
        ({}, Configuration(), SPLITS[0]),
        ({}, REFERENCE, Split(1, 0, *ROWS)),
        ({}, REFERENCE, Split(0, 1, *ROWS)),
        ({}, REFERENCE, Split(0, 0, ROWS[0][1:], ROWS[1])),
        ({}, REFERENCE, Split(0, 0, ROWS[0], ROWS[1][1:])),
    ],
)
def test_a_fit_is_trained_again_when_anything_it_depends_on_changes(
    path, options, configuration, split
):
    update(path, [REFERENCE], SPLITS[:1])
    assert update(path, [REFERENCE], [Split(0, 0, *ROWS)]) == []
    assert update(path, [configuration], [split], **options) == [(configuration, split)]
    assert len(read_fits([path])) == 1


def test_settings_without_values_are_the_defaults(path):
    update(path, [Configuration()], model="logistic")
    frame = read_fits([path])
    assert len(frame) == len(SPLITS)
    assert set(frame["configuration"]) == {"default"}
    assert set(frame["hyperparameters"]) == {"{}"}
    assert update(path, [Configuration()], model="logistic") == []


def spoil(path, case):
    """Damage a file, or write another table in its place."""
    whole = path.read_bytes()
    if case == "other columns":
        pq.write_table(pq.read_table(path).drop_columns("seconds"), path)
    elif case == "no number":
        replace_in_first_row(path, "probabilities", [1.0, None])
    else:
        path.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize("case", ["cut", "no number", "other columns"])
def test_a_damaged_file_is_replaced_with_a_warning(path, caplog, case):
    update(path)
    spoil(path, case)
    with caplog.at_level(logging.WARNING):
        asked = update(path, start=100)
    assert len(asked) == 12
    assert "h10.parquet cannot be read" in caplog.text
    assert list(numbers(path).values()) == list(range(101, 113))


def test_a_flipped_bit_anywhere_stops_nothing_and_costs_no_more_than_the_fits(path):
    update(path)
    whole = path.read_bytes()
    sound = numbers(path)
    footer = int.from_bytes(whole[-8:-4], "little") + 8
    for place in range(len(whole) - footer, len(whole), 41):  # its bits in turn
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        update(path)
        assert list(numbers(path)) == list(sound)


@pytest.mark.parametrize("began", [b"1\xff", b"1:2", b"", b"-", b"9" * 5000])
def test_a_damaged_time_in_a_file_of_fits_stops_nothing(path, began):
    update(path)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata({b"began": began}), path)
    assert update(path) == []


def replace_in_first_row(path, column, value):
    """Write a file again with one cell changed, and everything else as it was."""
    table = pq.read_table(path)
    cells = table[column].to_pylist()
    cells[0] = value
    place = SCHEMA.get_field_index(column)
    pq.write_table(table.set_column(place, SCHEMA.field(place), [cells]), path)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("probabilities", [1.0, np.nan]), ("probabilities", [1.0]), ("rows", [1, 5]),
        ("status", "diverged"), ("epochs", 8), ("parameters", None), ("seconds", 0.5),
        ("checksum", None),
    ],
)  # fmt: skip
def test_a_row_that_was_changed_is_trained_again_and_no_other(path, caplog, column, value):
    update(path)
    before = pq.read_table(path)
    replace_in_first_row(path, column, value)
    assert update(path) == [(REFERENCE, SPLITS[0])]
    assert pq.read_table(path).equals(before)
    assert str(path) in caplog.text


def test_rows_of_another_file_are_not_used_and_missing_rows_are_trained(path, tmp_path):
    update(path)
    before = pq.read_table(path)
    update(tmp_path / "other.parquet", [Configuration()], model="logistic")
    pq.write_table(pa.concat_tables([pq.read_table(tmp_path / "other.parquet"), before[5:]]), path)
    assert update(path) == [(REFERENCE, split) for split in SPLITS[:5]]
    assert pq.read_table(path).equals(before)


def test_failed_training_keeps_the_old_file(path):
    update(path)
    before = path.read_bytes()

    def fail(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_fits(path, "scratch", [SLOW], SPLITS, "b", fail)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


class Dying(Trainer):
    """Gives fits one by one, and ends before the last."""

    def __call__(self, missing):
        self.asked.append(missing)
        yield from enumerate(self.fit(split) for _, split in missing[:-1])
        raise KeyboardInterrupt


def always_keep(monkeypatch):
    """Write a part after each fit, however fast it is."""
    for name in ("PART_SECONDS", "PART_SHARE"):
        monkeypatch.setattr(fits, name, 0.0)


def test_fits_of_a_training_that_ended_early_are_not_trained_again(path, monkeypatch):
    always_keep(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        update_fits(path, "scratch", [SLOW], SPLITS, "b", Dying())
    assert not path.exists()
    with pytest.raises(KeyboardInterrupt):  # it goes on, and ends early again
        update_fits(path, "scratch", [SLOW, FAST], SPLITS, "b", Dying(start=100))
    assert update(path, [SLOW, FAST], start=200) == [(FAST, SPLITS[-1])]
    assert list(numbers(path).values()) == [1, 2, 3, 4, 5, 106, 101, 102, 103, 104, 105, 201]
    path.unlink()  # as Snakemake does if the job fails after it
    assert update(path, [SLOW, FAST]) == []
    remove_parts([path])
    assert os.listdir(path.parent) == [path.name]


def test_a_process_that_is_killed_loses_no_fit_but_those_in_work(path, monkeypatch):
    always_keep(monkeypatch)

    def train(missing):
        def work(place):
            if place == 4:
                time.sleep(0.5)
                os.kill(os.getpid(), signal.SIGKILL)
            return [(place, Trainer(place).fit(missing[place][1]))]

        return (fit for _, fit in side_by_side(range(len(missing)), work, 2))

    with pytest.raises(ChildProcessError):
        update_fits(path, "scratch", [SLOW], SPLITS, "b", train)
    assert update(path, [SLOW]) == [(SLOW, SPLITS[4])]  # 5, by the other process, had ended


def test_an_earlier_job_leaves_the_parts_of_a_later_one_that_still_runs(path, monkeypatch):
    always_keep(monkeypatch)
    with pytest.raises(KeyboardInterrupt):  # a job that was killed
        update_fits(path, "scratch", [REFERENCE], SPLITS, "b", Dying())

    class Outliving(Trainer):
        def __call__(self, missing):
            with pytest.raises(KeyboardInterrupt):  # as far as a later job is, which still runs
                update_fits(path, "scratch", [SLOW], SPLITS, "b", Dying(start=100))
            return super().__call__(missing)

    update_fits(path, "scratch", [FAST], SPLITS, "b", Outliving())
    remove_parts([path])
    assert len(list(path.with_suffix(".parts").iterdir())) == len(SPLITS) - 1
    assert update(path, [SLOW], start=200) == [(SLOW, SPLITS[-1])]
    assert list(numbers(path).values()) == [101, 102, 103, 104, 105, 201]
    remove_parts([path])
    assert os.listdir(path.parent) == [path.name]


def test_a_part_that_is_damaged_is_trained_again(path, monkeypatch):
    always_keep(monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        update_fits(path, "scratch", [SLOW], SPLITS, "b", Dying())
    part, *_ = path.with_suffix(".parts").iterdir()
    part.write_bytes(part.read_bytes()[:-9])
    assert len(update(path, [SLOW])) == 2


def test_several_files_read_as_one_table(tmp_path):
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet", "c.parquet")]
    update(paths[0], [REFERENCE])
    update(paths[1], [Configuration()], model="logistic", start=100)
    update(paths[2], [FAST], SPLITS[:2], model="tensorflow", start=200)
    frame = read_fits(paths)
    assert frame["model"].tolist() == ["scratch"] * 6 + ["logistic"] * 6 + ["tensorflow"] * 2
    firsts = [parameters[0] for parameters in frame["parameters"]]
    assert firsts == [*range(1, 7), *range(101, 107), 201, 202]
    assert frame.index.tolist() == list(range(14))
    assert pq.read_schema(paths[1]).equals(SCHEMA)


def test_a_fit_that_diverged_reads_back_with_its_missing_probabilities(path):
    trainer = Trainer()
    broken = dataclasses.replace(trainer.fit(SPLITS[0]), probabilities=np.array([np.nan, np.nan]))
    update_fits(path, "scratch", [REFERENCE], SPLITS[:1], "b", lambda _: [(0, broken)])
    assert np.isnan(read_fits([path])["probabilities"][0]).all()


def test_only_the_requested_columns_are_read(path):
    update(path)
    everything = read_fits([path])
    columns = [name for name in SCHEMA.names if name not in {*LARGE, "inner"}]
    frame = read_fits([path], columns=columns[::-1])
    assert list(frame.columns) == columns
    assert frame.equals(everything[columns])
    # Rows can be chosen by the configuration without reading that column.
    frame = read_fits([path], columns={"fold"}, configurations=[FAST.name])
    assert frame.to_dict("list") == {"fold": [1, 2, 3] * 2}


@pytest.mark.parametrize(
    ("configurations", "models"),
    [
        (None, ["logistic", "scratch", "scratch"]),
        (["default"], ["logistic"]),
        ([REFERENCE.name, "default"], ["logistic", "scratch"]),
        ([FAST.name], ["scratch"]),
        ([SLOW.name], []),
        ([], []),
    ],
)
def test_only_the_requested_configurations_are_read(tmp_path, configurations, models):
    paths = [tmp_path / "logistic.parquet", tmp_path / "h10.parquet"]
    update(paths[0], [Configuration()], model="logistic")
    update(paths[1])
    frame = read_fits(paths, configurations=configurations)
    assert list(frame.columns) == [name for name in SCHEMA.names if name != "inner"]
    assert frame["model"].tolist() == [model for model in models for _ in SPLITS]
    if configurations is not None:
        assert set(frame["configuration"]) <= set(configurations)


def test_predictions_are_a_row_for_each_repeat(path):
    update(path, [REFERENCE])
    fits_of_one = read_fits([path]).sample(frac=1, random_state=1)
    assert predictions(fits_of_one, 6, 2)[..., 1].tolist() == [
        [1, 2, 3, 1, 2, 3],
        [4, 5, 6, 4, 5, 6],
    ]


def test_many_updates_give_the_same_file_as_one(path, tmp_path):
    def content(path):
        return pq.read_table(path).drop_columns("seconds").replace_schema_metadata()

    generator = np.random.default_rng(0)
    everything = [REFERENCE, FAST, SLOW, SLOW.changed(initialisation="glorot")]

    def fit(pair):
        number = everything.index(pair[0]) * 100 + pair[1].repeat * 10 + pair[1].fold
        return Trainer(number).fit(pair[1])

    for _ in range(20):
        configurations = [everything[n] for n in generator.permutation(4)[: generator.integers(5)]]
        splits = [SPLITS[n] for n in generator.permutation(6)[: generator.integers(7)]]
        for target in (path, tmp_path / "at once"):
            update_fits(
                target,
                "scratch",
                configurations,
                splits,
                "b",
                lambda pairs: enumerate(map(fit, pairs)),
            )
        assert content(path).equals(content(tmp_path / "at once"))
        (tmp_path / "at once").unlink()


# Fits of inner splits

INNER = [
    dataclasses.replace(
        split, train=split.train[part::2], test=split.train[1 - part :: 2], inner=part
    )
    for split in SPLITS[:3]
    for part in range(2)
]


def test_inner_fits_are_read_only_if_they_are_asked_for(path):
    update(path, splits=SPLITS)
    outer_alone = read_fits([path])
    update(path, splits=SPLITS + INNER, start=100)
    assert read_fits([path]).equals(outer_alone)
    frame = read_fits([path], inner=True)
    keys = [(s.repeat + 1, s.fold + 1, s.inner + 1) for s in INNER]
    columns = zip(frame["repeat"], frame["fold"], frame["inner"], strict=True)
    assert list(columns) == keys * 2
    assert frame["rows"].iloc[1].tolist() == (INNER[1].test + 1).tolist()
    assert len(read_fits([path], inner=True, configurations=[FAST.name])) == len(INNER)


def test_other_inner_splits_leave_the_outer_fits_as_they_are(path):
    update(path, splits=SPLITS + INNER)
    before = read_fits([path])
    others = [dataclasses.replace(split, inner=split.inner + 1) for split in INNER]
    asked = update(path, splits=SPLITS + others, start=100)
    assert [split for _, split in asked] == others * 2
    assert read_fits([path]).equals(before)
    assert update(path, splits=SPLITS, start=200) == []
    assert read_fits([path]).equals(before)
    assert read_fits([path], inner=True).empty


def test_inner_fits_are_in_a_part_of_the_file_that_other_readers_skip(path):
    update(path, splits=SPLITS + INNER)
    with pq.ParquetFile(path) as file:
        parts = [file.read_row_group(g, ["inner"])["inner"] for g in range(file.num_row_groups)]
    assert [part.null_count for part in parts] == [2 * len(SPLITS), 0]
    whole, before = path.read_bytes(), (read_fits([path]), read_fits([path], inner=True))
    for skipped in (False, True):
        part = pq.read_metadata(path).row_group(int(skipped)).column(SCHEMA.get_field_index("rows"))
        damaged = bytearray(whole)
        damaged[part.data_page_offset + part.total_compressed_size // 2] ^= 1
        path.write_bytes(damaged)
        assert read_fits([path], inner=not skipped).equals(before[not skipped])
        with pytest.raises(OSError, match="CRC"):
            read_fits([path], inner=skipped)
        path.write_bytes(whole)
    # A file that another program wrote as one part is read right, too.
    pq.write_table(pq.read_table(path), path)
    after = read_fits([path]), read_fits([path], inner=True)
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))

"""The network is checked by `plain` in every run: in its first epochs, and after its last."""

from functools import partial

import numpy as np
import pytest
from lecture import EX4, IRIS

from backprop.models.networks import train_fits
from backprop.network import plain, stacked
from backprop.statistics import by_plain
from backprop.statistics.by_plain import compare_files
from backprop.statistics.parity import compare_implementations
from backprop.study.configurations import Configuration
from backprop.study.fits import update_fits
from backprop.study.splits import Split

ROWS = np.arange(80)
# In an order of its own, the last one has the fewest rows.
SPLITS = [
    Split(0, 0, ROWS[::2], ROWS[1::2]),
    Split(0, 1, ROWS[1::2], ROWS[::2]),
    Split(0, 2, ROWS[::4], ROWS[1::4]),
]
LECTURE = Configuration.of_network((4,), "sigmoid", "squared_error", 0.3, "uniform")
EPOCHS = 12


def files_of(folder, *configurations, dataset=EX4, seed=1):
    """Train configurations of one shape, as jobs do, and return their file in a list."""
    file = folder / "scratch" / f"{configurations[0].shape.name}.parquet"
    file.parent.mkdir(exist_ok=True)
    train = partial(train_fits, stacked, dataset=dataset, seed=seed, epochs=EPOCHS)
    update_fits(
        file, "scratch", configurations, SPLITS, "basis", lambda pairs: enumerate(train(pairs))
    )
    return [file]


def judged(files, dataset=EX4):
    table = compare_implementations(compare_files(files, dataset, SPLITS, seed=1))
    return table.set_index("configuration")


def wrong(monkeypatch, is_wrong=lambda layers: True):
    """Make the rate of the hand-written network wrong by a millionth, in some states."""
    right = stacked.train_epoch

    def train_epoch(layers, x, y, eta, method):
        return right(layers, x, y, eta * (1 + 1e-6 * is_wrong(layers)), method)

    monkeypatch.setattr(stacked, "train_epoch", train_epoch)


@pytest.fixture
def trained_rows(monkeypatch):
    """Return the numbers of rows of each epoch, or window, that `plain` trains."""
    numbers, own = [], plain.train_network

    def train_network(layers, x, *others):
        numbers.append(len(x))
        return own(layers, x, *others)

    monkeypatch.setattr(plain, "train_network", train_network)
    return numbers


def test_each_configuration_is_compared_in_two_epochs_and_one_more_on_the_smallest_split(
    tmp_path, trained_rows
):
    table = judged(files_of(tmp_path, LECTURE, LECTURE.changed(learning_rate=0.1)))
    assert table["state"].tolist() == ["agrees", "agrees"]
    assert table["fits"].tolist() == [3, 3]
    assert table["plain_steps"].between(0, 1, inclusive="neither").all()
    assert trained_rows == [20] * 2 * (2 + 1)


def test_after_the_last_epoch_an_optimiser_has_made_all_updates(tmp_path, monkeypatch):
    updates, own = [], plain.train_network

    def train_network(layers, x, y, eta, method):
        updates.append(int(method.memory.updates))
        return own(layers, x, y, eta, method)

    monkeypatch.setattr(plain, "train_network", train_network)
    judged(files_of(tmp_path, LECTURE.changed(optimiser="adam", batch_size=8)))
    # 20 rows are 3 batches; of a fit that is alone there are two.
    assert updates == [0, 0, 3, 3, 3 * EPOCHS, 3 * EPOCHS]


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize(("dataset", "batch_size"), [(EX4, 1), (IRIS, 8)])
def test_a_sound_network_agrees_and_a_wrong_one_is_found_from_epoch_1_on(
    dataset, batch_size, optimiser, tmp_path, monkeypatch
):
    files = files_of(
        tmp_path,
        LECTURE.changed(optimiser=optimiser, learning_rate=0.05, batch_size=batch_size),
        dataset=dataset,
    )
    assert judged(files, dataset)["state"].tolist() == ["agrees"]
    wrong(monkeypatch)
    row = judged(files, dataset).iloc[0]
    assert (row["state"], row["plain_wrong_from"]) == ("differs", 1)
    assert row["plain_steps"] > 1_000


@pytest.mark.parametrize(("is_late", "epoch"), [(False, 1), (True, EPOCHS + 1)])
def test_what_is_wrong_only_where_training_begins_or_ends_is_found_there(
    is_late, epoch, tmp_path, monkeypatch
):
    sizes = []
    files = files_of(tmp_path, LECTURE)
    wrong(monkeypatch, lambda layers: sizes.append(np.abs(layers[-1][0]).max()) or False)
    judged(files)
    *first, last = sizes
    assert last > max(first) + 0.02
    wrong(
        monkeypatch,
        lambda layers: (np.abs(layers[-1][0]).max() > max(first) + 0.01) == is_late,
    )
    row = judged(files).iloc[0]
    assert (row["state"], row["plain_wrong_from"]) == ("differs", epoch)
    assert row["plain_steps"] > 1


def test_fits_that_start_elsewhere_differ(tmp_path):
    row = judged(files_of(tmp_path, LECTURE, seed=2)).iloc[0]
    assert (row["state"], row["plain_wrong_from"]) == ("differs", 1)


def test_a_network_that_diverges_is_not_suspected(tmp_path):
    diverging = LECTURE.changed(activation="relu", learning_rate=1e120, cost="cross_entropy")
    row = judged(files_of(tmp_path, diverging)).iloc[0]
    assert (row["state"], row["diverged"]) == ("agrees", 3)


def test_of_a_large_table_some_rows_are_trained_and_mistakes_are_found(
    tmp_path, monkeypatch, trained_rows
):
    monkeypatch.setattr(by_plain, "ROWS", 6)
    files = files_of(tmp_path, LECTURE)
    assert judged(files)["state"].tolist() == ["agrees"]
    assert trained_rows == [5] * 2 * 3  # each fourth; of a fit that is alone there are two
    wrong(monkeypatch)
    assert judged(files)["state"].tolist() == ["differs"]

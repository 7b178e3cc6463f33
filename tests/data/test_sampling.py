"""A sample of the rows: by the seed, with the shares of the classes and whole groups."""

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from backprop.data import file_columns
from backprop.data.canonical_form import digest_of_data
from backprop.data.dataset import DataError
from backprop.data.sampling import sample_rows
from backprop.data.sources import obtain

Y = np.repeat([0, 1, 2], [600, 300, 100])
GROUPS = np.random.default_rng(1).permutation(np.repeat(np.arange(200), 5))


def test_a_sample_has_the_shares_of_the_classes_and_depends_on_the_seed():
    drawn = sample_rows(Y, None, 101, seed=1)
    assert np.bincount(Y[drawn]).tolist() == [61, 30, 10]  # 60.6, 30.3 and 10.1
    assert (np.diff(drawn) > 0).all()
    np.testing.assert_array_equal(drawn, sample_rows(Y, None, 101, seed=1))
    assert set(drawn) != set(sample_rows(Y, None, 101, seed=2))


def test_each_row_of_a_class_is_as_likely_as_another():
    times = np.zeros(1000)
    for seed in range(400):
        times[sample_rows(Y, None, 250, seed=seed)] += 1
    expected, deviation = 100, np.sqrt(400 * 0.25 * 0.75)
    assert abs(times - expected).max() < 4.5 * deviation
    for c in range(3):
        assert times[c == Y].mean() == expected


@pytest.mark.parametrize("number", [1000, 1001, 10**9])
def test_a_sample_of_no_fewer_rows_is_the_whole_table(number):
    np.testing.assert_array_equal(sample_rows(Y, None, number, seed=1), np.arange(1000))
    np.testing.assert_array_equal(sample_rows(Y, GROUPS, number, seed=1), np.arange(1000))


def test_groups_are_drawn_as_wholes_by_their_commonest_class():
    y = GROUPS % 10 // 7  # in 3 of 10 groups
    y[GROUPS == 0] = [0, 1, 1, 0, 0]
    drawn = sample_rows(y, GROUPS, 203, seed=1)
    rows = np.bincount(GROUPS[drawn], minlength=200)
    assert set(rows) == {0, 5}
    of_groups = np.unique(GROUPS[drawn])
    assert [(of_groups % 10 < 7).sum(), (of_groups % 10 >= 7).sum()] == [28, 12]


def csv_of(rows):
    cells = (f"{-n},{n % 7},{n // 4},{'uv'[n % 3 == 0]},{999 - n}" for n in range(rows))
    return "\n".join(["a,b,g,y,t", *cells]).encode()


def parquet_of(rows, path):
    numbers = np.arange(rows)
    columns = {"a": -numbers, "b": numbers % 7, "g": numbers // 4}
    columns |= {"y": np.where(numbers % 3 == 0, "v", "u"), "t": 999 - numbers}
    pyarrow.parquet.write_table(pyarrow.table(columns), path, row_group_size=40)


@pytest.mark.parametrize("options", [{}, {"groups": "g"}, {"order": "t"}])
def test_every_way_to_read_draws_the_same_rows(tmp_path, monkeypatch, options):
    (tmp_path / "csv").write_bytes(csv_of(300))
    parquet_of(300, tmp_path / "parquet")
    whole = obtain("t", label="y", file=tmp_path / "csv", **options)
    monkeypatch.setattr(file_columns, "BLOCK_BYTES", 100)
    monkeypatch.setattr(file_columns, "ROWS_OF_A_BLOCK", 7)
    digests = set()
    for name, size in (("csv", 10**9), ("csv", 0), ("parquet", 0)):
        monkeypatch.setattr(file_columns, "LARGE_BYTES", size)
        drawn = obtain("t", label="y", file=tmp_path / name, rows=91, seed=3, **options)
        digests.add(digest_of_data(drawn))
    assert len(digests) == 1
    rows = -drawn.x[:, 0].astype(int)
    np.testing.assert_array_equal(drawn.x, whole.x[rows])
    np.testing.assert_array_equal(np.sort(rows), rows)
    np.testing.assert_array_equal(drawn.y, whole.y[rows])
    share = "the shares of the classes" + (" and whole groups" if "groups" in options else "")
    remark = f"{len(rows)} of 300 rows are used, drawn by the seed with {share}"
    assert drawn.remarks == (f"{remark}; the report numbers them from 1",)
    if "groups" in options:
        assert (np.bincount(drawn.groups) == 4).all()
    if "order" in options:
        np.testing.assert_array_equal(np.argsort(drawn.order), np.argsort(whole.order[rows]))


def test_a_whole_table_is_the_same_data_with_the_key_or_without(tmp_path):
    (tmp_path / "csv").write_bytes(csv_of(300))
    one, other = (obtain("t", label="y", file=tmp_path / "csv", rows=n) for n in (None, 300))
    assert digest_of_data(one) == digest_of_data(other)
    assert other.remarks == ()


def test_rows_without_a_class_are_left_out_first(tmp_path):
    (tmp_path / "csv").write_bytes(csv_of(300) + b"\n1,2,3,,4" * 200)
    data = obtain("t", label="y", file=tmp_path / "csv", rows=90, without_class="drop")
    assert np.bincount(data.y).tolist() == [60, 30]
    assert data.remarks[1].startswith("90 of 300 rows are used")


def test_a_column_that_counts_the_rows_is_found_in_a_sample_too(tmp_path):
    lines = (f"{n},{n % 7},{'uv'[n % 3 == 0]}" for n in range(300))
    (tmp_path / "csv").write_text("\n".join(["n,b,y", *lines]))
    with pytest.raises(DataError, match=r"column 'n': found .*, the numbers of the rows"):
        obtain("t", label="y", file=tmp_path / "csv", rows=90)

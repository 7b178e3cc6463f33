from pathlib import Path

import numpy as np
import pytest

from backprop.data.dataset import DataError, Dataset, canonical, read_dataset

EX4 = Path(__file__).parents[2] / "resources" / "ex4.csv"


def test_the_last_column_is_the_class(tmp_path):
    (tmp_path / "data.csv").write_text("a,b,c\n1,2,0\n3,4.5,1\n")
    dataset = read_dataset(tmp_path / "data.csv")
    assert (dataset.features, dataset.label) == (("a", "b"), "c")
    assert dataset.x.tolist() == [[1, 2], [3, 4.5]]
    assert dataset.y.tolist() == [0, 1]


def test_the_bundled_file_is_in_canonical_form():
    assert canonical(read_dataset(EX4)) == EX4.read_bytes()


def test_the_canonical_form_is_read_back_exactly(tmp_path):
    x = np.array([[0.1, 1e-300], [1 / 3, -1e300], [2**-1074, 0.0]])
    before = Dataset(("a,b", 'c"é'), "label", x, np.array([0, 1, 1]))
    path = tmp_path / "data.csv"
    path.write_bytes(canonical(before))
    after = read_dataset(path)
    assert (after.features, after.label) == (before.features, before.label)
    np.testing.assert_array_equal(after.x, before.x)
    np.testing.assert_array_equal(after.y, before.y)


def test_a_file_that_cannot_be_used_is_named_in_the_message(tmp_path):
    (tmp_path / "data.csv").write_text("a,b\n1,0\n2,2\n")
    with pytest.raises(DataError, match=r"data.csv: row 2 \(line 3\), column 'b': found 2"):
        read_dataset(tmp_path / "data.csv")
    with pytest.raises(DataError, match=r"none.csv: No such file or directory"):
        read_dataset(tmp_path / "none.csv")

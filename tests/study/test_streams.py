import numpy as np
import pytest
from processes import python
from scipy import stats

from backprop.study.streams import stream


def test_a_stream_does_not_depend_on_earlier_draws():
    alone = stream(1, "weights", 3, 2).random(5)
    stream(1, "order", 3, 2).random(100)
    stream(1, "weights", 0, 0).random(100)
    np.testing.assert_array_equal(stream(1, "weights", 3, 2).random(5), alone)


def test_streams_differ_in_every_argument():
    arguments = [
        (0, "folds"), (0, "folds", 0), (0, "folds", 0, 0), (0, "folds", 1), (0, "folds", 0, 1),
        (0, "folds", 1, 0), (0, "weights", 0), (1, "folds", 0), (2**32, "folds", 0),
    ]  # fmt: skip
    draws = {stream(*each).integers(2**63) for each in arguments}
    assert len(draws) == len(arguments)
    assert stream(0, "folds", 1).integers(2**63) == stream(0, "folds", 1).integers(2**63)


def test_neighbouring_streams_are_uncorrelated():
    draws = np.array([stream(1, "weights", 0, fold).random(2000) for fold in range(5)])
    for row in range(4):
        assert stats.pearsonr(draws[row], draws[row + 1]).pvalue > 0.001


def test_a_stream_is_the_same_in_every_process():
    program = (
        "from backprop.study.streams import stream; print(stream(7, 'order', 1, 2).integers(2**63))"
    )
    expected = str(stream(7, "order", 1, 2).integers(2**63))
    for hash_seed in ("1", "2"):
        ran = python("-c", program, more={"PYTHONHASHSEED": hash_seed})
        assert ran.stdout.strip() == expected


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="negative"):
        stream(-1, "folds")

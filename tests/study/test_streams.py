import pytest

from backprop.study.streams import stream


def test_streams_differ_in_every_argument():
    arguments = [
        (0, "folds"), (0, "folds", 0), (0, "folds", 0, 0), (0, "folds", 1), (0, "folds", 0, 1),
        (0, "folds", 1, 0), (0, "weights", 0), (1, "folds", 0), (2**32, "folds", 0),
    ]  # fmt: skip
    draws = {stream(*each).integers(2**63) for each in arguments}
    assert len(draws) == len(arguments)
    assert stream(0, "folds", 1).integers(2**63) == stream(0, "folds", 1).integers(2**63)


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="negative"):
        stream(-1, "folds")

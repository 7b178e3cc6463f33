"""Which models are the same."""

from typing import NamedTuple

import numpy as np

from backprop.statistics.equal_models import same_models


class Predicting(NamedTuple):
    """The predictions of a model."""

    scored: bool
    probabilities: np.ndarray


ROWS = np.linspace(0.1, 0.9, 20).reshape(1, 10, 2)
SOUND, DIVERGED = Predicting(True, ROWS), Predicting(False, np.full_like(ROWS, np.nan))


def test_implementations_are_one_network_if_only_one_of_them_has_a_score():
    other = Predicting(True, ROWS / 2)
    for one, two in ((SOUND, DIVERGED), (DIVERGED, SOUND)):
        judged = {"logistic": other, "scratch": one, "tensorflow": two}
        assert same_models(judged) == {"tensorflow": ("scratch", 1.0)}


def test_implementations_with_other_predictions_are_one_network_and_other_models_are_not():
    apart = Predicting(True, ROWS + 0.05)
    networks = same_models({"scratch": SOUND, "tensorflow": apart})
    assert networks["tensorflow"][0] == "scratch"
    assert abs(networks["tensorflow"][1] - 0.05) < 1e-12
    assert same_models({"scratch": SOUND, "knn": apart}) == {}


def test_other_models_are_the_same_only_if_both_have_a_score():
    assert same_models({"knn": SOUND, "svm": SOUND}) == {"svm": ("knn", 0.0)}
    assert same_models({"knn": DIVERGED, "svm": DIVERGED}) == {}
    assert same_models({"knn": SOUND, "svm": DIVERGED}) == {}

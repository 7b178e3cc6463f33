"""Classifiers without faults are remembered with what they follow from."""

import pytest
from project import SMALL

from backprop.errors import BackpropError
from backprop.workflow.config_check import checks
from backprop.workflow.config_check.checks import check_config

pytestmark = pytest.mark.usefixtures("in_a_folder")

KNN = {"class": "sklearn.neighbors.KNeighborsClassifier", "reference": {"n_neighbors": 15}}


def test_a_classifier_that_passed_is_tried_again_after_an_edit_or_with_another_version(monkeypatch):
    checks.remember_tried([KNN])
    assert checks.untried({"own": KNN}) == {}
    edited = {"own": {**KNN, "reference": {"n_neighbors": 15.0}}}
    assert checks.untried(edited) == edited
    monkeypatch.setattr(checks, "version", lambda name: "0.1")
    assert checks.untried({"own": KNN})


def test_a_refusal_is_not_remembered():
    own = {"class": "sklearn.naive_bayes.MultinomialNB"}
    for _ in range(2):
        with pytest.raises(BackpropError, match=r"MultinomialNB refuses {}: Negative"):
            check_config(SMALL | {"models": ["logistic", "own"], "estimators": {"own": own}})

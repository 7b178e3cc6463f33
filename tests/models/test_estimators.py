"""Classifiers of scikit-learn are trained like the other models, and never stop a run."""

import logging
from types import SimpleNamespace

import numpy as np
import pytest
from lecture import EX4
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import Perceptron
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from backprop.data.dataset import Dataset
from backprop.models import estimators
from backprop.models.estimators import train_fits
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import Split, splits_of

SPLITS = splits_of(draw_folds(EX4.y, folds=4, repeats=1, seed=1))
KNN = "sklearn.neighbors.KNeighborsClassifier"
FOREST = "sklearn.ensemble.RandomForestClassifier"

line = np.array([0.0, 1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 13.0, 1.4, 11.6])
THREE = Dataset(
    ("a",), "c", line[:, np.newaxis], np.array([0, 0, 0, 1, 1, 2, 2, 2, 0, 2]), ("p", "q", "r")
)
LAST_TWO = Split(0, 0, np.arange(8), np.array([8, 9]))


def train(classifier, values, dataset=EX4, splits=SPLITS[:1], seed=1):
    fits = [(Configuration.of(values), s) for s in splits]
    return list(train_fits(classifier, fits, dataset, seed=seed))


def scaled(dataset, split):
    scaler = StandardScaler().fit(dataset.x[split.train])
    return scaler.transform(dataset.x[split.train]), scaler.transform(dataset.x[split.test])


def test_the_probability_of_the_nearest_neighbours_is_their_share_by_hand():
    # Row 9, at 1.4: nearest are 1, 2 and 0 (all of class p). Row 10, at 11.6: 12, 11 (r), 13 (r).
    (three,) = train(KNN, {"n_neighbors": 3}, THREE, [LAST_TWO])
    np.testing.assert_allclose(three.probabilities, [[1, 0, 0], [0, 0, 1]])
    # Of five: at 1.4 also 3 (q) and 10 (q); at 11.6 also 10 (q) and 3 (q).
    (five,) = train(KNN, {"n_neighbors": 5}, THREE, [LAST_TWO])
    np.testing.assert_allclose(five.probabilities, [[0.6, 0.4, 0], [0, 0.4, 0.6]])
    assert (five.status, five.epochs) == ("converged", 0)
    assert five.parameters.size == five.curve_epochs.size == 0


def test_random_numbers_derive_from_the_seed_and_the_split_alone():
    values = {"n_estimators": 3}
    together = train(FOREST, values, splits=SPLITS)
    (alone,) = train(FOREST, values, splits=SPLITS[2:3])
    np.testing.assert_array_equal(alone.probabilities, together[2].probabilities)
    (other,) = train(FOREST, values, splits=SPLITS[2:3], seed=2)
    assert (other.probabilities != alone.probabilities).any()
    x, tested = scaled(EX4, SPLITS[2])
    state = estimators.fit(
        FOREST, Configuration.of(values), SPLITS[2], np.zeros_like(EX4.x), EX4.y, 1
    ).random_state
    forest = RandomForestClassifier(n_estimators=3, random_state=state)
    forest.fit(x, EX4.y[SPLITS[2].train])
    np.testing.assert_allclose(alone.probabilities, forest.predict_proba(tested)[:, 1])


@pytest.mark.parametrize(
    ("name", "own", "dataset", "split", "folds"),
    [
        ("sklearn.svm.SVC", SVC, EX4, SPLITS[0], 5),
        ("sklearn.linear_model.Perceptron", Perceptron, EX4, SPLITS[0], 5),
        ("sklearn.svm.SVC", SVC, THREE, LAST_TWO, 2),  # of one class, it has two training rows
    ],
)
def test_a_decision_function_is_calibrated_within_the_training_rows(
    name, own, dataset, split, folds
):
    (fit,) = train(name, {}, dataset, [split])
    x, tested = scaled(dataset, split)
    fitted = estimators.fit(name, Configuration(), split, np.zeros_like(dataset.x), dataset.y, 1)
    state = fitted.get_params()["cv"].random_state
    expected = CalibratedClassifierCV(
        own(random_state=state),
        cv=StratifiedKFold(folds, shuffle=True, random_state=state),
        ensemble=False,
    ).fit(x, dataset.y[split.train])
    p = expected.predict_proba(tested)
    np.testing.assert_allclose(fit.probabilities, p if dataset is THREE else p[:, 1], rtol=1e-9)
    (calibrated,) = expected.calibrated_classifiers_
    assert fit.epochs == np.max(calibrated.estimator.n_iter_)


def test_the_steps_of_several_calibrated_classifiers_are_the_most_of_one():
    (fit,) = train("sklearn.calibration.CalibratedClassifierCV", {})
    x, _ = scaled(EX4, SPLITS[0])
    expected = CalibratedClassifierCV().fit(x, EX4.y[SPLITS[0].train])
    steps = [each.estimator.n_iter_ for each in expected.calibrated_classifiers_]
    assert min(steps) < fit.epochs == max(steps)


def test_probabilities_are_finite_and_end_at_0_and_1_whatever_rounding_does():
    fitted = SimpleNamespace(
        classes_=np.array([0, 1]), predict_proba=np.array, predict=lambda rows: [0, 1]
    )
    p, classes = estimators.predict(fitted, [[1 + 1e-15, -1e-15], [0.5, 0.5]], 2)
    assert (p.tolist(), classes.tolist()) == ([[1, 0], [0.5, 0.5]], [0, 1])
    with pytest.raises(ValueError, match="not a finite number"):
        estimators.predict(fitted, [[np.nan, 0.5], [0.5, 0.5]], 2)


def test_a_fit_that_scikit_learn_refuses_is_failed_and_the_others_are_trained(caplog):
    caplog.set_level(logging.WARNING)
    fits = train(KNN, {"n_neighbors": 500}, splits=SPLITS[:1]) + train(KNN, {"n_neighbors": 5})
    assert [(fit.status, fit.epochs) for fit in fits] == [("failed", 0), ("converged", 0)]
    assert [bool(fit.reason) for fit in fits] == [True, False]
    assert fits[0].reason.startswith("Expected n_neighbors <= n_samples_fit, but n_neighbors = 500")
    assert np.isnan(fits[0].probabilities).all()
    (record,) = caplog.records
    assert record.getMessage().startswith(
        "sklearn.neighbors.KNeighborsClassifier, n_neighbors=500, repeat 1, fold 1 failed: Expected"
    )


def test_a_fit_that_warns_that_it_stopped_did_not_converge():
    values = {"hidden_layer_sizes": [2], "max_iter": 3}
    (fit,) = train("sklearn.neural_network.MLPClassifier", values)
    assert (fit.status, fit.epochs) == ("not_converged", 3)
    assert np.isfinite(fit.probabilities).all()


def test_a_classifier_may_say_that_it_took_no_steps():
    (fit,) = train("sklearn.linear_model.RidgeClassifier", {})  # its n_iter_ is None
    assert (fit.status, fit.epochs) == ("converged", 0)
    assert np.isfinite(fit.probabilities).all()


def test_a_class_without_training_rows_has_probability_0():
    rows = np.flatnonzero(THREE.y != 1)
    split = Split(0, 0, rows[:-1], rows[-1:])
    (fit,) = train("sklearn.naive_bayes.GaussianNB", {}, THREE, [split])
    assert fit.probabilities[0, 1] == 0
    assert fit.probabilities.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("two\n  lines", "two lines"),
        ("<object at 0x7f0a1b2c> is in the way", "<object> is in the way"),
        ("red \x1b[31m", r"red \x1b[31m"),
        ("", "ValueError"),
        ("word " * 100, "word " * 31 + "..."),
    ],
)
def test_the_reason_of_a_failed_fit_is_short_and_the_same_in_every_run(
    message, reason, monkeypatch
):
    def fail(*_, **__):
        raise ValueError(message)

    monkeypatch.setattr(estimators, "fit", fail)
    (fit,) = train_fits("sklearn.svm.SVC", [(Configuration(), SPLITS[0])], EX4, seed=1)
    assert (fit.status, fit.reason) == ("failed", reason)

import pytest
from sklearn.dummy import DummyClassifier

from backprop.workflow.config_check.classifiers import MOST, allowed_classes, trial

NAMES = {
    "sklearn.neighbors.KNeighborsClassifier",
    "sklearn.ensemble.RandomForestClassifier",
    "sklearn.linear_model.LogisticRegression",
}


def test_every_classifier_that_is_allowed_can_be_trained_or_says_why_not():
    allowed = allowed_classes()
    assert len(allowed) > 25
    assert set(allowed) >= NAMES
    assert "sklearn.multiclass.OneVsRestClassifier" not in allowed  # needs an estimator
    for name in ("sklearn.svm.SVC", "sklearn.dummy.DummyClassifier", "sklearn.svm.LinearSVC"):
        assert not trial(allowed[name], {})
    # They need counts, and standardised inputs are negative, too.
    assert "Negative" in trial(allowed["sklearn.naive_bayes.MultinomialNB"], {})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sklearn.discriminant_analysis.LinearDiscriminantAnalysis", {"n_components": 2}),
        ("sklearn.naive_bayes.GaussianNB", {"priors": [0.5, 0.3, 0.2]}),
        ("sklearn.naive_bayes.GaussianNB", {"priors": [0.5, 0.5]}),
    ],
)
def test_values_that_need_a_number_of_classes_are_allowed(name, values):
    assert not trial(allowed_classes()[name], values)


def test_a_trial_is_short_and_silent():
    seen = []

    class Recorder(DummyClassifier):
        def __init__(self, trees=1, verbose=0, share=0.5, max_iter=-1):
            seen.append((trees, verbose, share, max_iter))

        def fit(self, x, y):
            return self

    assert not trial(Recorder, {"trees": 10**9, "verbose": 1, "share": 1e9})
    assert seen == [(MOST, 0, 1e9, 1)]

"""The classes of a classifier are those of its own `predict`, which scores and tests count."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from backprop.data.dataset import Dataset
from backprop.models.families import ESTIMATOR
from backprop.statistics.grouping import Judgement
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row, fits_of
from backprop.study.scores import score_fits
from backprop.study.splits import splits_of

ROWS = 120
DRAWS = np.random.default_rng(3)
Y = np.arange(ROWS) % 2
X = DRAWS.normal(size=(ROWS, 2)) + 0.8 * Y[:, np.newaxis]
ASSIGNED = draw_folds(Y, folds=5, repeats=2, seed=1)


class Shy(LogisticRegression):
    """A classifier that names the second class only from a probability of 0.7 on."""

    def predict(self, x):
        return self.classes_[(self.predict_proba(x)[:, 1] >= 0.7).astype(int)]


CLASSIFIERS = {
    "neighbours": (KNeighborsClassifier, {"n_neighbors": 4}),
    "shy": (Shy, {}),
    "svc": (SVC, {"probability": True}),
    "without probabilities": (LinearSVC, {"C": 0.1}),
}


def judged(kind, values, y):
    """Return the scores of a classifier, and how it is judged, by the fits that a job stores."""
    dataset = Dataset(("a", "b"), "y", X, y, ("first", "second"))
    pairs = [(Configuration.of(values), split) for split in splits_of(ASSIGNED)]
    fits = ESTIMATOR.train(f"{kind.__module__}.{kind.__name__}", pairs, dataset, seed=1)
    rows = [as_row("own", *pair, fit, "") for pair, fit in zip(pairs, fits, strict=True)]
    table = pd.DataFrame(rows)
    scores = score_fits(table, y)
    every = Judgement(
        scores, table, y, {"own": [Configuration.of(values)]}, metric="accuracy", rope=0.01
    )
    return scores, every.headlines["own"]


@pytest.mark.filterwarnings("ignore:.*probability:FutureWarning")
@pytest.mark.parametrize("y", [Y, 1 - Y], ids=["one order", "the other"])
@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy"])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_score_is_that_of_scikit_learn_on_the_same_folds(name, metric, y):
    kind, values = CLASSIFIERS[name]
    scores, own = judged(kind, values, y)
    folds = [(split.train, split.test) for split in splits_of(ASSIGNED)]
    pipeline = make_pipeline(StandardScaler(), kind(**values))
    expected = cross_val_score(pipeline, X, y, cv=folds, scoring=metric)
    assert scores[metric].tolist() == pytest.approx(expected, abs=1e-12)
    assert own.by(metric).value == pytest.approx(expected.mean(), abs=1e-12)


def test_what_rows_contribute_and_the_right_rows_follow_from_the_classes_too():
    kind, values = CLASSIFIERS["shy"]
    _, own = judged(kind, values, Y)
    assert not np.array_equal(own.probabilities.argmax(axis=2), own.votes.argmax(axis=2))
    assert own.right.mean() == pytest.approx(own.value)
    wrong = own.right < 1
    assert (own.by("accuracy").contributions[wrong] < 0).all()
    assert (own.by("accuracy").contributions[~wrong] > 0).all()


def test_probabilities_from_elsewhere_with_ties_do_not_depend_on_the_order_of_the_classes():
    p = DRAWS.integers(0, 5, (2, ROWS)) / 4
    tests = [[split.test for split in splits_of(ASSIGNED)[5 * r : 5 * r + 5]] for r in (0, 1)]
    both = np.stack([1 - p, p], axis=-1)
    one, other = (
        score_fits(fits_of("own", each, tests), y)["accuracy"].tolist()
        for each, y in ((both, Y), (both[..., ::-1], 1 - Y))
    )
    assert one == other
    half = ((p > 0.5) == Y) / 2 + ((p >= 0.5) == Y) / 2
    assert np.mean(one) == pytest.approx(half.mean())

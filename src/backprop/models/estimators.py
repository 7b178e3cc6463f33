"""Train fits of the classifiers of scikit-learn that config.yaml names.

Their inputs are encoded and standardised as for all models. A probability comes from
``predict_proba``. A class without it has a ``decision_function``, which is calibrated: a sigmoid is
fitted to its values for rows that it was not trained on, by stratified cross-validation within the
training rows of the split (Platt, 1999; `sklearn.calibration.CalibratedClassifierCV`). The class is
what ``predict`` of the classifier itself says, which need not be the most probable one.
"""

import logging
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import StratifiedKFold

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.errors import printable
from backprop.study.configurations import Configuration
from backprop.study.metrics import predicted_classes
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.study.trained import Trained, train_in_turn
from backprop.typing import Array, Integers

log = logging.getLogger(__name__)

LONGEST = 160  # characters of the reason of a failed fit
CALIBRATION_FOLDS = 5  # of the calibration, or fewer for a class with fewer rows


def train_fits(
    classifier: str, fits: Sequence[tuple[Configuration, Split]], dataset: Dataset, *, seed: int
) -> Iterator[Trained]:
    """Fit a classifier in each configuration and on each split.

    Parameters
    ----------
    classifier : str
        The name of its class, such as ``sklearn.svm.SVC``.
    fits : sequence of (Configuration, Split)
    dataset : Dataset
        Each fit encodes it by the training rows of its split.
    seed : int
        The seed of the study. The random numbers of a fit depend on it and on the split.

    Yields
    ------
    Trained
        In the order of `fits`, each as soon as it is trained; without learning curves and
        parameters. Fits on one split that follow each other share its inputs. A fit that
        scikit-learn refuses is ``failed``: it has no predictions, but a reason.
    """
    splits = {split.key: split for _, split in fits}

    @lru_cache(maxsize=1)
    def inputs_of(key: tuple[int, ...]) -> Array:
        return Encoder.of(dataset, splits[key].train).apply(dataset.x)

    def train(settings: Configuration, split: Split) -> Trained:
        return _train_fit(classifier, settings, split, inputs_of(split.key), dataset, seed)

    return train_in_turn(fits, train)


def fit(
    classifier: str, settings: Configuration, split: Split, x: Array, y: Integers, seed: int
) -> object:
    """Return a classifier with ``predict_proba``, fitted to the training rows of a split.

    Parameters
    ----------
    classifier, settings, seed
        As in `train_fits`.
    split : Split
    x : array, shape (n, d)
        All rows, encoded.
    y : array, shape (n,)
    """
    module, _, name = classifier.rpartition(".")
    estimator = getattr(import_module(module), name)(**settings.values())
    state = int(stream(seed, "estimator", *split.key).integers(2**31))
    if "random_state" in estimator.get_params(deep=False):
        estimator.set_params(random_state=state)
    seen = y[split.train]
    if not hasattr(estimator, "predict_proba"):
        folds = min(CALIBRATION_FOLDS, int(np.unique(seen, return_counts=True)[1].min()))
        inner = StratifiedKFold(folds, shuffle=True, random_state=state)
        estimator = CalibratedClassifierCV(estimator, cv=inner, ensemble=False)
    return estimator.fit(x[split.train], seen)


def predict(fitted: Any, x: Array, classes: int) -> tuple[Array, Integers]:
    """Return the probabilities of all classes, shape (n, C), and the classes that are predicted.

    Parameters
    ----------
    fitted : object
        What `fit` returned.
    x : array, shape (n, d)
    classes : int
        Their number C.

    Raises
    ------
    ValueError
        If one is not a finite number.
    """
    p = np.zeros((len(x), classes))
    p[:, fitted.classes_] = fitted.predict_proba(x)
    if not np.isfinite(p).all():
        raise ValueError("a predicted probability is not a finite number")
    own = fitted
    if isinstance(fitted, CalibratedClassifierCV) and not fitted.ensemble:
        (part,) = fitted.calibrated_classifiers_
        own = part.estimator
    return np.clip(p, 0.0, 1.0), np.asarray(own.predict(x), dtype=np.int64)


def _train_fit(
    classifier: str, settings: Configuration, split: Split, x: Array, dataset: Dataset, seed: int
) -> Trained:
    classes = len(dataset.classes)
    status, epochs, p = "converged", 0, np.full((len(split.test), classes), np.nan)
    reason, predicted = None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            fitted = fit(classifier, settings, split, x, dataset.y, seed)
            p, own = predict(fitted, x[split.test], classes)
            predicted = None if np.array_equal(own, predicted_classes(p)) else own
            epochs = _steps(fitted)
        except MemoryError:
            raise  # a job of a cluster is then run again, with more memory
        except Exception as error:  # a class may raise anything
            # On one line, and without addresses, which differ from run to run.
            said = re.sub(r" at 0x[0-9a-f]+", "", printable(str(error))) or type(error).__name__
            status, reason = "failed", textwrap.shorten(said, LONGEST, placeholder=" ...")
            place = (classifier, settings.name, split.named)
            log.warning("%s, %s, %s failed: %s", *place, error)
    messages = dict.fromkeys(str(each.message) for each in caught)
    for message in messages:
        log.info("%s", message)
    if status == "converged" and any(issubclass(c.category, ConvergenceWarning) for c in caught):
        status = "not_converged"
    return Trained(
        status=status,
        epochs=epochs,
        probabilities=p[:, 1] if classes == 2 else p,
        predicted=predicted,
        reason=reason,
    )


def _steps(fitted: object) -> int:
    """Return the number of steps that a fitted classifier says it took; 0 if it does not say."""
    parts: Iterator[object] = iter([fitted])
    if isinstance(fitted, CalibratedClassifierCV):
        parts = (each.estimator for each in fitted.calibrated_classifiers_)
    # None: a solver without steps, as `RidgeClassifier` has one.
    steps = [getattr(part, "n_iter_", None) for part in parts]
    return max((int(np.max(each)) for each in steps if each is not None), default=0)

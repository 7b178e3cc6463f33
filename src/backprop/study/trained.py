"""The result of training one fit, the same for all models, and the training of one by one."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.typing import Array, Integers

log = logging.getLogger(__name__)

ONLY_CLASSES = "only_classes"
"""The status of a fit of which only the predicted classes are known, and no probabilities."""


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The result of training one fit.

    Attributes
    ----------
    status : str
        Of a network: ``epochs``, ``no_progress``, ``unlearned`` or ``diverged``, see
        `backprop.network.training.Result`. Of a regression: ``converged``,
        ``separated``, ``quasi_separated`` or ``not_converged``, see
        `backprop.models.baselines.Fitted`. Of another: ``converged``, ``not_converged`` or
        ``failed``; of a model that was trained elsewhere, ``converged`` or `ONLY_CLASSES`.
    epochs : int
        The number of epochs, or of Newton steps.
    probabilities : array, shape (test rows,) or (test rows, C)
        The out-of-fold predictions, in [0, 1]: P(y = 1) if there are two classes, else the
        probability of each of the C classes. NaN if the fit diverged. With `ONLY_CLASSES`, 1 for
        the class that is predicted.
    predicted : int array, shape (test rows,), optional
        The classes that are predicted, from 0, if not all are the most probable ones, the first of
        equally probable ones; -1 where equally probable classes share a row.
    curve_epochs, train_cost, test_cost : arrays, shape (points,)
        The learning curves up to the last epoch, see `backprop.network.training.LearningCurves`.
        Empty for any model but a network, and for an inner split.
    parameters : array, shape (P,)
        The final parameters, flat; empty for an inner split. Of a network: see
        `backprop.network.parameters.flatten`. Of a regression: see `fit` in its module.
    seconds : float
        Of a network: the wall time of the stack that trained the fit, divided by its number of
        fits. Of another model: the wall time of the fit, and of its predictions.
    reason : str, optional
        Of a failed fit: its error, in short. Of a quasi-separated one: the inputs whose
        coefficients have no finite value.
    step_ratio, step_epoch, start_cost : float, int, float, optional
        Of a network that was compared with the hand-written one in each epoch: the largest
        difference as a share of what rounding explains, the first epoch in which it was above 1 (0
        if there is none), and the cost of the hand-written one in epoch 1; see
        `backprop.network.lockstep.Lockstep`.
    """

    status: str
    epochs: int
    probabilities: Array
    predicted: Integers | None = None
    curve_epochs: Integers = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    train_cost: Array = field(default_factory=lambda: np.empty(0))
    test_cost: Array = field(default_factory=lambda: np.empty(0))
    parameters: Array = field(default_factory=lambda: np.empty(0))
    seconds: float = 0.0
    reason: str | None = None
    step_ratio: float | None = None
    step_epoch: int | None = None
    start_cost: float | None = None


def train_in_turn(
    fits: Sequence[tuple[Configuration, Split]],
    train_fit: Callable[[Configuration, Split], Trained],
) -> Iterator[Trained]:
    """Train each fit by ``train_fit(settings, split)``, and log how many are done; time them."""
    for number, (settings, split) in enumerate(fits):
        log.info("fit %d of %d", number + 1, len(fits), extra={"done": number / len(fits)})
        started = time.perf_counter()
        fit = train_fit(settings, split)
        yield replace(fit, seconds=time.perf_counter() - started)

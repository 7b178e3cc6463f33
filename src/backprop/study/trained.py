"""What training gives for one fit, whatever the model."""

from dataclasses import dataclass

from backprop.typing import Array, Integers


@dataclass(frozen=True)
class Trained:
    """What training gave for one fit.

    Attributes
    ----------
    status : str
        Of a network: ``epochs`` or ``no_progress`` (the stop condition that was met), ``dead`` (it
        predicts the same for every row) or ``diverged`` (a parameter, or a cost of its learning
        curves, is not a finite number); see `backprop.network.training.Result`.
        Of a baseline: ``converged`` or ``not_converged``.
    epochs : int
        The number of epochs, or of Newton steps.
    probabilities : array, shape (test rows,)
        Out-of-fold predictions of P(y = 1), in [0, 1]; NaN if the fit diverged.
    curve_epochs, train_cost, test_cost : arrays, shape (points,)
        Learning curves: the mean cost of a training sample from just before its update in that
        epoch, and of a test sample after that epoch. Empty for a baseline.
    parameters : array, shape (P,)
        The final parameters, flat. Of a network: layer by layer, the weights before the thresholds,
        each in C order. Of a baseline: see `fit` in its module.
    seconds : float
        The wall time of the stack that the fit was trained in, divided by its number of fits.
    """

    status: str
    epochs: int
    probabilities: Array
    curve_epochs: Integers
    train_cost: Array
    test_cost: Array
    parameters: Array
    seconds: float

"""The networks of the workflow as classifiers for scikit-learn."""

import warnings
from importlib import import_module
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, InvalidParameterError, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import train_fits
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS, probabilities
from backprop.network.parameters import stack_layers, unflatten
from backprop.network.training import Network
from backprop.study.configurations import Configuration
from backprop.study.metrics import predicted_classes
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.typing import Array, Integers


class BackpropClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # has no types
    """A back-propagation network for two or more classes.

    It is the network of the workflow, which is written by hand in NumPy. The parameters have the
    names that scikit-learn's `MLPClassifier` gives them, where it has them. Their values have the
    names of `config.yaml`, and the defaults are its reference: the lecture's network.

    The network standardises the features by the rows that it is fitted on, as the workflow does.
    A `StandardScaler` before it changes nothing but rounding errors.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int, default=(10,)
        The number of nodes of each hidden layer, first to last, each at least 1. In `config.yaml`:
        `hidden`.
    activation : {"sigmoid", "tanh", "relu"}, default="sigmoid"
        The function of the hidden layers. In `config.yaml`: `activation`. `MLPClassifier` calls
        the sigmoid "logistic".
    loss : {"squared_error", "cross_entropy"}, default="squared_error"
        What training makes small. With more than two classes, cross entropy goes with a softmax.
        In `config.yaml`: `cost`.
    learning_rate_init : float, default=0.1
        The learning rate, above 0. It stays the same. In `config.yaml`: `learning_rate`.
    initialisation : {"uniform", "glorot"}, default="uniform"
        How the starting weights are drawn: "uniform" from U(0, 1), as in the lecture. In
        `config.yaml`: `initialisation`.
    batch_size : int, default=1
        The number of rows of an update, at least 1. The lecture updates after each row. In
        `config.yaml`: `batch_size`.
    alpha : float, default=0.0
        The weight decay, at least 0. The recorded costs do not include it. `MLPClassifier` divides
        its `alpha` by the number of rows of an update; here it is used as it is. In `config.yaml`:
        `l2`.
    max_iter : int, default=500
        The largest number of epochs, at least 1. In `config.yaml`: `epochs`.
    n_iter_no_change : int, optional
        Training ends after `n_iter_no_change` epochs in which the cost has not fallen by more than
        `tol`. At least 1; by default training never ends early. In `config.yaml`: `patience`.
    tol : float, default=1e-6
        At least 0, in units of the cost. In `config.yaml`: `tolerance`.
    random_state : int, RandomState instance, None or tuple (seed, repeat, fold), default=None
        Where the starting weights and the order of the rows come from. A tuple gives those of the
        workflow's fit with this seed on this split; repeat and fold are counted from 0. An int is
        a seed, with repeat 0 and fold 0. In `config.yaml`: `seed`.

    Attributes
    ----------
    classes_ : array, shape (C,)
        The classes, sorted. With two classes, the output of the network is for the second.
    coefs_, intercepts_ : lists of arrays, shapes (inputs, outputs) and (outputs,)
        The weights and the thresholds of each layer, first hidden layer to output layer. They are
        for standardised features.
    n_iter_ : int
        The number of epochs.
    curve_epochs_ : int array, shape (points,)
        The epochs in the learning curve, counted from 1: up to 100, evenly spaced.
    loss_curve_ : array, shape (points,)
        The mean cost of a row in each of these epochs, just before its update.
    status_ : {"epochs", "no_progress", "unlearned"}
        Why training ended; "unlearned" if the network then predicts one class for all rows that it
        was fitted on.
    n_features_in_ : int
        The number of features.
    feature_names_in_ : array of str, shape (n_features_in_,)
        The names of the features, if they have names.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import cross_val_score
    >>> from backprop import BackpropClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> network = BackpropClassifier(loss="cross_entropy", max_iter=50, random_state=1)
    >>> bool(cross_val_score(network, X, y).mean() > 0.9)
    True
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = {
        "hidden_layer_sizes": ["array-like"],
        "activation": [StrOptions(set(ACTIVATIONS))],
        "loss": [StrOptions(set(COSTS))],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "initialisation": [StrOptions(set(INITIALISATIONS))],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left"), None],
        "tol": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state", tuple],
    }

    _module = "backprop.network.stacked"  # TensorFlow is imported only where it is used

    def __init__(
        self,
        hidden_layer_sizes: ArrayLike = (10,),
        *,
        activation: str = "sigmoid",
        loss: str = "squared_error",
        learning_rate_init: float = 0.1,
        initialisation: str = "uniform",
        batch_size: int = 1,
        alpha: float = 0.0,
        max_iter: int = 500,
        n_iter_no_change: int | None = None,
        tol: float = 1e-6,
        random_state: int | np.random.RandomState | tuple[int, int, int] | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.loss = loss
        self.learning_rate_init = learning_rate_init
        self.initialisation = initialisation
        self.batch_size = batch_size
        self.alpha = alpha
        self.max_iter = max_iter
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> "BackpropClassifier":
        """Train the network.

        Parameters
        ----------
        X : array-like, shape (n, d)
            The features: finite numbers.
        y : array-like, shape (n,)
            The classes: numbers or text.

        Returns
        -------
        BackpropClassifier
            This one.

        Raises
        ------
        ValueError
            If a parameter or the data cannot be used, or the training diverges.

        Warns
        -----
        ConvergenceWarning
            If the network has not learned, see `status_`.
        """
        self._validate_params()
        hidden, key = self._check_hidden(), self._check_key()
        # The sums over rows depend on the memory layout, in their last digits.
        rows, labels = validate_data(self, X, y, dtype=np.float64, order="C")
        check_classification_targets(labels)
        names, classes = np.unique(labels, return_inverse=True)
        if len(names) < 2:
            raise ValueError(f"Found one class, {labels[0]}. At least two classes are needed.")
        encoder, fit = self._train(rows, classes, hidden, key)
        if fit.status == "diverged":
            raise ValueError(
                f"The training diverged with learning_rate_init={self.learning_rate_init!r}: a "
                "weight or a cost grew without limit. A smaller learning rate may help."
            )
        if fit.status == "unlearned":
            warnings.warn(
                f"The network has not learned by epoch {fit.epochs}: it predicts one class for all "
                "rows. A larger max_iter, fewer or smaller hidden layers, or "
                "initialisation='glorot' may help.",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.classes_, self._encoder = names, encoder
        layers = unflatten(fit.parameters.copy(), rows.shape[1], hidden)
        self.coefs_ = [weights for weights, _ in layers]
        self.intercepts_ = [thresholds for _, thresholds in layers]
        self.status_, self.n_iter_ = fit.status, fit.epochs
        self.curve_epochs_, self.loss_curve_ = fit.curve_epochs, fit.train_cost
        return self

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probability of each class, shape (n, C), for features X, shape (n, d)."""
        check_is_fitted(self)
        rows = self._encoder.apply(validate_data(self, X, dtype=np.float64, order="C", reset=False))
        layers = stack_layers([list(zip(self.coefs_, self.intercepts_, strict=True))] * 2)
        with np.errstate(over="ignore"):
            z = self._network().predict(layers, np.stack([rows, rows], axis=-1), self.activation)
            p = probabilities(z, self.loss)[..., 0]
        return np.column_stack([1.0 - p, p]) if p.shape[1] == 1 else p

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable class, shape (n,), for features X, shape (n, d)."""
        p = self.predict_proba(X)  # refuses a network that is not fitted
        return self.classes_[predicted_classes(p)]

    def _network(self) -> Network:
        return import_module(self._module)

    def _train(
        self, x: Array, y: Integers, hidden: list[int], key: tuple[int, int, int]
    ) -> tuple[Encoder, Trained]:
        """Train as the workflow does, on all rows; return how they were encoded, and the fit."""
        names = tuple(f"x{column}" for column in range(x.shape[1]))
        classes = tuple(str(number) for number in range(int(y.max()) + 1))
        dataset, (seed, repeat, fold) = Dataset(names, "y", x, y, classes), key
        every_row = np.arange(len(y))
        # There has to be a row to test on; nothing that is returned here depends on it.
        split = Split(repeat, fold, train=every_row, test=every_row[:1])
        configuration = Configuration(
            tuple(hidden),
            self.activation,
            self.loss,
            float(self.learning_rate_init),
            self.initialisation,
            int(self.batch_size),
            float(self.alpha),
        )
        (fit,) = train_fits(
            self._network(),
            [(configuration, split)],
            dataset,
            seed=seed,
            epochs=self.max_iter,
            patience=self.n_iter_no_change,
            tolerance=self.tol,
        )
        return Encoder.of(dataset, every_row), fit

    def _check_hidden(self) -> list[int]:
        """Return the nodes of the hidden layers, or refuse them."""
        # It was checked as "array-like".
        hidden: list[Any] = list(self.hidden_layer_sizes)  # type: ignore[arg-type]
        if hidden and all(isinstance(nodes, int | np.integer) and nodes >= 1 for nodes in hidden):
            return [int(nodes) for nodes in hidden]
        raise InvalidParameterError(
            f"The 'hidden_layer_sizes' parameter of {type(self).__name__} must be a sequence of "
            f"one or more ints, each at least 1. Got {self.hidden_layer_sizes!r} instead."
        )

    def _check_key(self) -> tuple[int, int, int]:
        """Return the seed, the repeat and the fold that the random numbers depend on."""
        key = self.random_state
        if isinstance(key, int | np.integer):
            return int(key), 0, 0
        if not isinstance(key, tuple):
            return int(check_random_state(key).randint(2**31 - 1)), 0, 0
        if len(key) == 3 and all(isinstance(k, int | np.integer) and k >= 0 for k in key):
            return key
        raise InvalidParameterError(
            f"The 'random_state' parameter of {type(self).__name__}, if it is a tuple, must be "
            f"(seed, repeat, fold): three ints from 0 on. Got {key!r} instead."
        )


class TensorFlowClassifier(BackpropClassifier):
    """The same network in TensorFlow, which computes the gradients automatically.

    It needs the package `tensorflow`. Its numbers are those of `BackpropClassifier`, but for
    rounding errors; it has the same parameters and attributes.
    """

    _module = "backprop.network.autodiff"

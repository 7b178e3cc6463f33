"""The network of the workflow as a classifier for scikit-learn."""

import warnings
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace
from numbers import Integral, Real
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, compute_sample_weight
from sklearn.utils._param_validation import Interval, InvalidParameterError, Options, StrOptions
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from backprop.data.scaling import Scaling
from backprop.models.single_fit import Rows, Run, class_probabilities
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import Layer, copy_layers, draw_layers, output_nodes
from backprop.network.single import predict
from backprop.network.training import StopCondition
from backprop.study.configurations import CONSTANTS
from backprop.study.metrics import predicted_classes
from backprop.study.streams import stream
from backprop.typing import Array

AUTO_BATCH = 200  # the largest batch of batch_size="auto", as scikit-learn has it
AUTO_PATIENCE = 10  # the epochs that early stopping waits for, as scikit-learn has it
OTHER_NAMES = {"logistic": "sigmoid"}  # of activations, in scikit-learn
FIRST = (0, 0)  # the repeat and the fold whose random numbers a network has


@dataclass(eq=False, repr=False)
class BackpropClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # has no types
    """A back-propagation network for two or more classes.

    It is the network of the workflow, which is written by hand in NumPy. The parameters have the
    names that scikit-learn's `MLPClassifier` gives them, where it has them. Their values have the
    names of `config.yaml`, and the defaults are its reference: the lecture's network.

    The network standardises the features by the rows that it is fitted on, as the workflow does.
    A `StandardScaler` before it changes nothing but rounding errors.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(10,)
        The number of nodes of each hidden layer, first to last, each at least 1. An int is one
        layer. An empty sequence is none: regression, by gradient descent. In `config.yaml`:
        `hidden`.
    activation : {"sigmoid", "logistic", "tanh", "relu"}, default="sigmoid"
        The function of the hidden layers. In `config.yaml`: `activation`. "logistic" is what
        `MLPClassifier` calls the sigmoid.
    loss : {"squared_error", "cross_entropy"}, default="squared_error"
        What training makes small. With more than two classes, cross entropy goes with a softmax.
        In `config.yaml`: `cost`.
    learning_rate_init : float, default=0.1
        The learning rate, above 0. It stays the same. In `config.yaml`: `learning_rate`.
    initialisation : {"uniform", "glorot"}, default="uniform"
        How the starting weights are drawn: "uniform" from U(0, 1), as in the lecture. In
        `config.yaml`: `initialisation`.
    batch_size : int or "auto", default=1
        The number of rows of an update, at least 1. The lecture updates after each row. "auto" is
        200, or all rows if there are fewer. In `config.yaml`: `batch_size`.
    alpha : float, default=0.0
        The weight decay, at least 0. The recorded costs do not include it. `MLPClassifier` divides
        its `alpha` by the number of rows of an update; here it is used as it is. In `config.yaml`:
        `l2`.
    solver : {"sgd", "momentum", "adam"}, default="sgd"
        How a step follows from gradients: gradient descent as in the lecture, with momentum, or
        Adam. In `config.yaml`: `optimiser`. `MLPClassifier` has momentum in its "sgd".
    momentum : float, default=0.9
        How much of the last step "momentum" keeps, in [0, 1). In `config.yaml`: `momentum`.
    beta_1, beta_2 : float, default=0.9 and 0.999
        How much Adam keeps of its means of the gradients and of their squares, in [0, 1). In
        `config.yaml` they have these names.
    epsilon : float, default=1e-8
        What Adam adds to a root, above 0. In `config.yaml`: `epsilon`.
    max_iter : int, default=500
        The largest number of epochs, at least 1. In `config.yaml`: `epochs`.
    n_iter_no_change : int or inf, optional
        Training ends after `n_iter_no_change` epochs in which the cost has not fallen by more than
        `tol`. At least 1; by default training never ends early, or after 10 epochs with
        `early_stopping`. In `config.yaml`: `patience`.
    tol : float, default=1e-6
        At least 0, in units of the cost, or of the accuracy with `early_stopping`. In
        `config.yaml`: `tolerance`.
    random_state : int, RandomState instance or None, default=None
        Where the starting weights and the order of the rows come from. An int gives both as in
        the workflow's fit with this seed on the first fold of the first repeat. In `config.yaml`:
        `seed`.
    class_weight : dict, "balanced" or None, default=None
        The weights of the classes; "balanced" gives all classes the same weight in total. They
        multiply the weights of the rows.
    early_stopping : bool, default=False
        Whether to hold out rows, drawn at random, a share of each class. Then their accuracy, not
        the cost, decides when training ends, and the best epoch leaves its weights.
    validation_fraction : float, default=0.1
        The share of the rows that `early_stopping` holds out, between 0 and 1.

    Attributes
    ----------
    classes_ : array, shape (C,)
        The classes, sorted. With two classes, the output of the network is for the second.
    coefs_, intercepts_ : lists of arrays, shapes (inputs, outputs) and (outputs,)
        The weights and the thresholds of each layer, first hidden layer to output layer. They are
        for standardised features.
    n_iter_ : int
        The number of epochs of the last call of `fit` or `partial_fit`.
    loss_curve_ : list of float
        The mean cost of a row in each epoch, just before its update. Calls of `partial_fit` go on
        with it.
    loss_ : float
        The last of them.
    validation_scores_ : list of float or None
        With `early_stopping`, the accuracy for the rows held out, after each epoch.
    status_ : {"epochs", "no_progress", "unlearned"}
        Why training ended; "unlearned" if the network then predicts one class for all rows that it
        was fitted on.
    n_features_in_ : int
        The number of features.
    feature_names_in_ : array of str, shape (features,)
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

    _parameter_constraints: ClassVar[dict[str, object]] = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions({*ACTIVATIONS, *OTHER_NAMES})],
        "loss": [StrOptions(set(COSTS))],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "initialisation": [StrOptions(set(INITIALISATIONS))],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "solver": [StrOptions(set(OPTIMISERS))],
        "momentum": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "n_iter_no_change": [
            Interval(Integral, 1, None, closed="left"), Options(Real, {np.inf}), None,
        ],
        "tol": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state"],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
    }  # fmt: skip

    hidden_layer_sizes: int | ArrayLike = (10,)
    _: KW_ONLY
    activation: str = "sigmoid"
    loss: str = "squared_error"
    learning_rate_init: float = 0.1
    initialisation: str = "uniform"
    batch_size: int | str = 1
    alpha: float = 0.0
    solver: str = "sgd"
    momentum: float = CONSTANTS["momentum"]
    beta_1: float = CONSTANTS["beta_1"]
    beta_2: float = CONSTANTS["beta_2"]
    epsilon: float = CONSTANTS["epsilon"]
    max_iter: int = 500
    n_iter_no_change: int | None = None
    tol: float = 1e-6
    random_state: int | np.random.RandomState | None = None
    class_weight: dict[object, float] | str | None = None
    early_stopping: bool = False
    validation_fraction: float = 0.1

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> "BackpropClassifier":
        """Train the network.

        Parameters
        ----------
        X : array-like, shape (n, d)
            The features: finite numbers.
        y : array-like, shape (n,)
            The classes: numbers or text.
        sample_weight : array-like, shape (n,), optional
            The weights of the rows, at least 0; by default 1. Only their ratios count. A row takes
            its step times its weight, and counts as often in the mean and the standard deviation
            of a feature. A row of weight 0 is left out.

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
        rows, names = self._rows(X, y, sample_weight)
        if np.ptp(rows.y, axis=0).max() == 0:
            raise ValueError(
                f"Found one class, {names[rows.classes()[0]]}. At least two classes are needed."
            )
        if rows.weights is not None:
            equal = np.ptp(rows.weights) == 0
            rows = rows._replace(weights=None if equal else rows.weights / rows.weights.mean())
        self._train(rows, names, self.max_iter)
        if self.status_ == "unlearned":
            warnings.warn(
                f"The network has not learned by epoch {self.n_iter_}: it predicts one class for "
                "all rows. A larger max_iter, fewer or smaller hidden layers, or "
                "initialisation='glorot' may help.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> "BackpropClassifier":
        """Train the network for one epoch more; the first call starts it.

        The features are standardised by the rows of the first call: give it enough of them. The
        layers, the solver and its constants also stay as in the first call. k calls with the same
        rows have the result of `fit` with `max_iter=k`.

        Parameters
        ----------
        X, y
            As in `fit`.
        classes : array-like, shape (C,)
            All classes, in the first call; the other calls need not have it.
        sample_weight : array-like, shape (n,), optional
            As in `fit`, but an ordinary row has the weight 1: other calls have other rows.

        Returns
        -------
        BackpropClassifier
            This one.

        Raises
        ------
        ValueError
            As `fit`; also with `early_stopping`, or `class_weight="balanced"`.
        """
        self._validate_params()
        if self.early_stopping:
            raise ValueError("partial_fit does not support early_stopping=True.")
        if self.class_weight == "balanced":
            raise ValueError(
                "partial_fit does not support class_weight='balanced': it needs all rows. "
                "A dict of weights is possible."
            )
        goes_on = hasattr(self, "coefs_")
        _check_partial_fit_first_call(self, classes)
        rows, names = self._rows(X, y, sample_weight, self.classes_, reset=not goes_on)
        self._train(rows, names, 1, goes_on=goes_on)
        return self

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probability of each class, shape (n, C), for features X, shape (n, d)."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        return self._probabilities(self._layers(), self._state.scaling.apply(x))

    def predict_log_proba(self, X: ArrayLike) -> Array:
        """Return the logarithm of `predict_proba`, shape (n, C); minus infinity for 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: ArrayLike) -> NDArray[np.generic]:
        """Return the most probable class, shape (n,), for features X, shape (n, d)."""
        p = self.predict_proba(X)  # refuses a network that is not fitted
        return self.classes_[predicted_classes(p)]

    def _rows(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None,
        names: NDArray[np.generic] | None = None,
        *,
        reset: bool = True,
    ) -> tuple[Rows, NDArray[np.generic]]:
        """Return the rows that have a weight, not standardised, and the names of the classes."""
        # The sums over rows depend on the memory layout, in their last digits.
        x, labels = validate_data(self, X, y, dtype=np.float64, order="C", reset=reset)
        check_classification_targets(labels)
        names = np.unique(labels) if names is None else names
        if not np.isin(labels, names).all():
            raise ValueError(f"`y` has {np.setdiff1d(labels, names)}, `classes` has {names}.")
        outputs = output_nodes(len(names))
        classes = np.searchsorted(names, labels)
        targets = classes[:, np.newaxis] == (np.arange(outputs) if outputs > 1 else 1)
        rows = Rows(x, targets.astype(np.float64))
        if sample_weight is None and self.class_weight is None:
            return rows, names
        weights = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
        if self.class_weight == "balanced":
            with np.errstate(invalid="ignore"):  # of a class without weight
                weights = weights / np.bincount(classes, weights)[classes]
        else:
            weights = weights * compute_sample_weight(self.class_weight, labels)
        kept = np.flatnonzero(weights > 0)
        if not kept.size:
            raise ValueError("all rows have weight 0; use a non-zero weight for some of them")
        return rows._replace(weights=weights).take(kept), names

    def _train(
        self, rows: Rows, names: NDArray[np.generic], epochs: int, *, goes_on: bool = False
    ) -> None:
        """Train from the start, or go on; keep what training leaves, unless it diverges."""
        held_out = None
        if goes_on:
            layers, state = copy_layers(self._layers()), self._state
        else:
            seed = self._seed()
            if self.early_stopping:
                rows, held_out = _hold_out(rows, self.validation_fraction, seed)
            layers, state = self._start(rows, seed)
        scaling, generator, memory = state
        rows = rows._replace(x=scaling.apply(rows.x))
        held_out = held_out and held_out._replace(x=scaling.apply(held_out.x))
        scores: list[float] = []
        best = layers

        def watch(_: int, cost: float) -> float:
            """Return what has to fall for training to go on."""
            nonlocal best
            if held_out is None:
                return cost
            scores.append(self._accuracy(layers, held_out))
            if scores[-1] > max(scores[:-1], default=-1.0):
                best = copy_layers(layers)
            return -scores[-1]

        size = AUTO_BATCH if self.batch_size == "auto" else int(self.batch_size)
        method = Method(
            self._activation(), self.loss, min(size, len(rows.x)), float(self.alpha), memory
        )
        patience = self.n_iter_no_change or (AUTO_PATIENCE if self.early_stopping else None)
        stop = StopCondition(1, epochs=epochs, patience=patience, tolerance=self.tol)
        run = Run(layers, rows, method, stop)
        costs = run.train(generator, float(self.learning_rate_init), watch)
        status = run._replace(layers=best).status(costs)
        if status == "diverged":
            raise ValueError(
                f"The training diverged with learning_rate_init={self.learning_rate_init!r}: a "
                "weight or a cost grew without limit. A smaller learning rate may help."
            )
        self.classes_, self.status_ = names, status
        self.coefs_, self.intercepts_ = (list(arrays) for arrays in zip(*best, strict=True))
        self._state: _State = state
        self.loss_curve_: list[float] = [*self.loss_curve_, *costs] if goes_on else costs
        self.n_iter_, self.loss_ = len(costs), costs[-1]
        self.validation_scores_ = scores if self.early_stopping else None

    def _start(self, rows: Rows, seed: int) -> tuple[list[Layer], "_State"]:
        (_, d), (_, outputs) = rows.x.shape, rows.y.shape
        weights = stream(seed, "weights", *FIRST)
        layers = draw_layers(weights, d, self._hidden(), self.initialisation, outputs)
        constants = Constants(self.momentum, self.beta_1, self.beta_2, self.epsilon)
        memory = Memory.of(self.solver, layers, constants)
        return layers, _State(_scaling_of(rows), stream(seed, "order", *FIRST), memory)

    def _layers(self) -> list[Layer]:
        return list(zip(self.coefs_, self.intercepts_, strict=True))

    def _activation(self) -> str:
        return OTHER_NAMES.get(self.activation, self.activation)

    def _probabilities(self, layers: Sequence[Layer], x: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            return class_probabilities(predict(layers, x, self._activation()), self.loss)

    def _accuracy(self, layers: Sequence[Layer], rows: Rows) -> float:
        predicted = predicted_classes(self._probabilities(layers, rows.x))
        return float(np.average(predicted == rows.classes(), weights=rows.weights))

    def _hidden(self) -> list[int]:
        """Return the nodes of the hidden layers, or refuse them."""
        sizes = self.hidden_layer_sizes
        # A list was checked as "array-like".
        hidden: list[Any] = [sizes] if isinstance(sizes, Integral) else list(sizes)  # type: ignore[arg-type]
        if all(isinstance(nodes, int | np.integer) and nodes >= 1 for nodes in hidden):
            return [int(nodes) for nodes in hidden]
        raise InvalidParameterError(
            "The 'hidden_layer_sizes' parameter of BackpropClassifier must be an int or a "
            f"sequence of ints, each at least 1. Got {sizes!r} instead."
        )

    def _seed(self) -> int:
        if isinstance(self.random_state, Integral):
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))


class _State(NamedTuple):
    """What training goes on with besides the layers."""

    scaling: Scaling
    generator: np.random.Generator
    memory: Memory | None


def _hold_out(rows: Rows, share: float, seed: int) -> tuple[Rows, Rows]:
    """Divide rows into those to train on and those for validation, class by class."""
    kept, held_out = train_test_split(
        np.arange(len(rows.x)),
        test_size=share,
        random_state=int(stream(seed, "validation", *FIRST).integers(2**31)),
        stratify=rows.classes(),
    )
    return rows.take(np.sort(kept)), rows.take(np.sort(held_out))


def _scaling_of(rows: Rows) -> Scaling:
    """Learn how to standardise features; a row counts as often as its weight says."""
    scaling = Scaling.of(rows.x)
    if rows.weights is None:
        return scaling
    x = np.ldexp(rows.x, -scaling.exponent)  # no sum overflows
    varies = np.ptp(x, axis=0) > 0
    share = rows.weights / rows.weights.sum()
    mean = np.where(varies, share @ x, scaling.mean)
    deviation = np.sqrt(share @ (x - mean) ** 2)
    return replace(scaling, mean=mean, scale=np.where(varies, deviation, 1.0))

"""The networks of the workflow as classifiers for scikit-learn."""

import copy
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from numbers import Integral, Real
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, compute_sample_weight
from sklearn.utils._param_validation import Interval, InvalidParameterError, Options, StrOptions
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from backprop.data.scaling import Scaling
from backprop.errors import needing
from backprop.models.single_fit import BLOCK_FLOATS, Rows, Run, Single, class_probabilities
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import Layer, copy_layers, draw_layers, map_layers, output_nodes
from backprop.network.single import Alone, OfStack
from backprop.network.training import LearningCurves, StopCondition
from backprop.study.configurations import CONSTANTS
from backprop.study.metrics import predicted_classes
from backprop.study.streams import stream
from backprop.typing import Array, Integers

AUTO_BATCH = 200  # the largest batch of batch_size="auto", as scikit-learn has it
AUTO_PATIENCE = 10  # the epochs that early stopping waits for, as scikit-learn has it
OTHER_NAMES = {"logistic": "sigmoid"}  # of activations, in scikit-learn
FARTHEST_32 = 1e18  # standard deviations from the mean; the square is still a float32


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
    random_state : int, RandomState instance, None or tuple (seed, repeat, fold), default=None
        Where the starting weights and the order of the rows come from. A tuple is for the
        workflow's fit with this seed on this split; repeat and fold are counted from 0. An int is
        a seed, with repeat 0 and fold 0. In `config.yaml`: `seed`.
    class_weight : dict, "balanced" or None, default=None
        The weights of the classes; "balanced" gives all classes the same weight in total. They
        multiply the weights of the rows.
    early_stopping : bool, default=False
        Whether to hold out rows, drawn at random, a share of each class. Then their accuracy, not
        the cost, decides when training ends, and the best epoch leaves its weights.
    validation_fraction : float, default=0.1
        The share of the rows that `early_stopping` holds out, between 0 and 1.
    warm_start : bool, default=False
        Whether `fit` goes on where it ended, if it was called before, with the same classes. The
        features are then standardised as before.
    verbose : bool or int, default=False
        Whether to print the cost of each epoch, and with `early_stopping` the accuracy.

    Attributes
    ----------
    classes_ : array, shape (C,)
        The classes, sorted. With two classes, the output of the network is for the second.
    coefs_, intercepts_ : lists of arrays, shapes (inputs, outputs) and (outputs,)
        The weights and the thresholds of each layer, first hidden layer to output layer. They are
        for standardised features.
    n_iter_ : int
        The number of epochs of the last call of `fit` or `partial_fit`.
    curve_epochs_ : int array, shape (points,)
        The epochs in the learning curve, counted from 1: up to 100 of each call, denser
        at its beginning.
    loss_curve_ : array, shape (points,)
        The mean cost of a row in each of these epochs, just before its update.
    loss_ : float
        The cost of the last epoch.
    best_loss_ : float or None
        The lowest cost of an epoch of the last call; None with `early_stopping`.
    validation_scores_ : list of float or None
        With `early_stopping`, the accuracy for the rows held out, after each epoch.
    best_validation_score_ : float or None
        The highest of them.
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
            Interval(Integral, 1, None, closed="left"),
            Options(Real, {np.inf}),
            None,
        ],
        "tol": [Interval(Real, 0, None, closed="left")],
        "random_state": ["random_state", tuple],
        "class_weight": [dict, StrOptions({"balanced"}), None],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "warm_start": ["boolean"],
        "verbose": ["verbose"],
    }

    _dtypes: ClassVar[object] = (np.float64, np.float32)
    # What `fit` leaves, for the call that goes on.
    coefs_: list[Array]
    intercepts_: list[Array]
    curve_epochs_: Integers
    loss_curve_: Array
    validation_scores_: list[float] | None
    _scaling: Scaling
    _generator: np.random.Generator
    _memory: Memory | None
    _key: tuple[int, int, int]
    _epochs: int

    def __init__(
        self,
        hidden_layer_sizes: int | ArrayLike = (10,),
        *,
        activation: str = "sigmoid",
        loss: str = "squared_error",
        learning_rate_init: float = 0.1,
        initialisation: str = "uniform",
        batch_size: int | str = 1,
        alpha: float = 0.0,
        solver: str = "sgd",
        momentum: float = CONSTANTS["momentum"],
        beta_1: float = CONSTANTS["beta_1"],
        beta_2: float = CONSTANTS["beta_2"],
        epsilon: float = CONSTANTS["epsilon"],
        max_iter: int = 500,
        n_iter_no_change: float | None = None,
        tol: float = 1e-6,
        random_state: int | np.random.RandomState | tuple[int, int, int] | None = None,
        class_weight: dict[object, float] | str | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        warm_start: bool = False,
        verbose: bool | int = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.loss = loss
        self.learning_rate_init = learning_rate_init
        self.initialisation = initialisation
        self.batch_size = batch_size
        self.alpha = alpha
        self.solver = solver
        self.momentum = momentum
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.max_iter = max_iter
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.random_state = random_state
        self.class_weight = class_weight
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.verbose = verbose

    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> "BackpropClassifier":
        """Train the network.

        Parameters
        ----------
        X : array-like or sparse matrix, shape (n, d)
            The features: finite numbers. In float32, training is in float32. A sparse matrix is
            made dense: standardised features are not sparse.
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
        fitted = self.warm_start and hasattr(self, "coefs_")
        features, labels = self._check_data(X, y, reset=not fitted)
        names = np.unique(labels)
        if fitted and not np.array_equal(names, self.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous "
                f"call to fit. Previously got {self.classes_}, `y` has {names}"
            )
        table = self._weighted(features, labels, sample_weight)
        if (table.labels == table.labels[0]).all():
            raise ValueError(
                f"Found one class, {table.labels[0]}. At least two classes are needed."
            )
        if table.weights is not None:
            equal = np.ptp(table.weights) == 0
            table = table._replace(weights=None if equal else table.weights / table.weights.mean())
        self._train(table, names, goes_on=fitted, epochs=self.max_iter)
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

        The features are standardised by the rows of the first call: give it enough of them. k calls
        with the same rows have the result of `fit` with `max_iter=k`.

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
        fitted = hasattr(self, "coefs_")
        features, labels = self._check_data(X, y, reset=not fitted)
        _check_partial_fit_first_call(self, classes)
        names = self.classes_
        if not np.isin(labels, names).all():
            raise ValueError(f"`y` has {np.setdiff1d(labels, names)}, `classes` has {names}.")
        if len(names) < 2:
            raise ValueError(f"Found one class, {names[0]}. At least two classes are needed.")
        table = self._weighted(features, labels, sample_weight)
        self._train(table, names, goes_on=fitted, epochs=1)
        return self

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probability of each class, shape (n, C), for features X, shape (n, d)."""
        check_is_fitted(self)
        x = validate_data(self, X, accept_sparse="csr", dtype=self._dtypes, order="C", reset=False)
        layers = self._layers()
        return self._probabilities(layers, _encoded(self._scaling, _dense(x), layers[0][0].dtype))

    def predict_log_proba(self, X: ArrayLike) -> Array:
        """Return the logarithm of `predict_proba`, shape (n, C); minus infinity for 0."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def predict(self, X: ArrayLike) -> NDArray[np.generic]:
        """Return the most probable class, shape (n,), for features X, shape (n, d)."""
        p = self.predict_proba(X)  # refuses a network that is not fitted
        return self.classes_[predicted_classes(p)]

    def __sklearn_tags__(self) -> object:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def _network(self) -> Single:
        return Alone()

    def _check_data(
        self, X: ArrayLike, y: ArrayLike, *, reset: bool
    ) -> tuple[Array, NDArray[np.generic]]:
        # The sums over rows depend on the memory layout, in their last digits.
        options = {"accept_sparse": "csr", "dtype": self._dtypes, "order": "C", "reset": reset}
        x, labels = validate_data(self, X, y, **options)
        check_classification_targets(labels)
        return _dense(x), labels

    def _weighted(
        self, x: Array, labels: NDArray[np.generic], sample_weight: ArrayLike | None
    ) -> "_Table":
        """Return the rows that have a weight, with their weights, or without if all have none."""
        if sample_weight is None and self.class_weight is None:
            return _Table(x, labels)
        weights = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
        if self.class_weight != "balanced":
            weights = weights * compute_sample_weight(self.class_weight, labels)
        kept = weights > 0
        if not kept.any():
            raise ValueError("all rows have weight 0; use a non-zero weight for some of them")
        x, labels, weights = x[kept], labels[kept], weights[kept]
        if self.class_weight == "balanced":
            _, classes = np.unique(labels, return_inverse=True)
            weights = weights / np.bincount(classes, weights)[classes]
        return _Table(x, labels, weights)

    def _train(
        self, table: "_Table", names: NDArray[np.generic], *, goes_on: bool, epochs: int
    ) -> None:
        """Train from the start, or go on; keep what training leaves, unless it diverges."""
        hidden = self._check_hidden()
        key = self._key if goes_on else self._check_key()
        validation = None
        if self.early_stopping:
            table, validation = self._hold_out(table, key)
        scaling = self._scaling if goes_on else _scaling_of(table)
        rows = table.encoded(scaling, names)
        layers, generator = self._start(rows, hidden, key, goes_on)
        network = self._network()
        score = None
        if validation is not None:
            score = partial(self._accuracy, layers, validation.encoded(scaling, names))
        observer = _Observer(bool(self.verbose), layers, score)
        stop, memory = self._stop_condition(epochs), self._start_memory(layers, goes_on)
        method, rate = self._method(len(rows.x), memory), float(self.learning_rate_init)
        run = Run(network, layers, rows, method, stop)
        costs = run.train(generator, rate, observer)
        layers = observer.best or layers
        status = run._replace(layers=layers).status(costs)
        if status == "diverged":
            raise ValueError(
                f"The training diverged with learning_rate_init={self.learning_rate_init!r}: a "
                "weight or a cost grew without limit. A smaller learning rate may help."
            )
        self.classes_, self.status_ = names, status
        self.coefs_, self.intercepts_ = (list(arrays) for arrays in zip(*layers, strict=True))
        self._scaling, self._generator, self._key = scaling, generator, key
        self._memory = memory
        self._keep_curves(costs, observer.scores, stop, goes_on)

    def _start(
        self, rows: Rows, hidden: list[int], key: tuple[int, int, int], goes_on: bool
    ) -> tuple[list[Layer], np.random.Generator]:
        """Return the parameters to start from, and what draws the orders of the rows."""
        if not goes_on:
            (_, d), (_, outputs) = rows.x.shape, rows.y.shape
            seed, *split = key
            weights = stream(seed, "weights", *split)
            layers = draw_layers(weights, d, hidden, self.initialisation, outputs)
            drawn = map_layers(lambda array: array.astype(rows.x.dtype, copy=False), layers)
            return drawn, stream(seed, "order", *split)
        if [len(thresholds) for thresholds in self.intercepts_[:-1]] != hidden:
            raise ValueError(
                f"hidden_layer_sizes={self.hidden_layer_sizes!r} is not the network's so "
                "far, with which training would go on."
            )
        return copy_layers(self._layers()), copy.deepcopy(self._generator)

    def _start_memory(self, layers: list[Layer], goes_on: bool) -> Memory | None:
        """Return what the optimiser remembers; nothing yet if it is another one than before."""
        constants = Constants(self.momentum, self.beta_1, self.beta_2, self.epsilon)
        memory = Memory.of(self.solver, layers, constants)
        if memory and goes_on and self._memory and self._memory.optimiser == self.solver:
            return replace(self._memory.copy(), constants=memory.constants)
        return memory

    def _layers(self) -> list[Layer]:
        return list(zip(self.coefs_, self.intercepts_, strict=True))

    def _method(self, rows: int, memory: Memory | None) -> Method:
        size = AUTO_BATCH if self.batch_size == "auto" else int(self.batch_size)
        return Method(self._activation(), self.loss, min(size, rows), float(self.alpha), memory)

    def _activation(self) -> str:
        return OTHER_NAMES.get(self.activation, self.activation)

    def _stop_condition(self, epochs: int) -> StopCondition:
        patience = self.n_iter_no_change
        if patience is None and self.early_stopping:
            patience = AUTO_PATIENCE
        patience = None if patience in (None, np.inf) else int(patience)
        return StopCondition(1, epochs=epochs, patience=patience, tolerance=self.tol)

    def _hold_out(self, table: "_Table", key: tuple[int, int, int]) -> tuple["_Table", "_Table"]:
        """Divide rows into those to train on and those for validation, class by class."""
        seed, *split = key
        rows, held_out = train_test_split(
            np.arange(len(table.x)),
            test_size=self.validation_fraction,
            random_state=int(stream(seed, "validation", *split).integers(2**31)),
            stratify=table.labels,
        )
        if len(held_out) < 2:
            raise ValueError(
                "The validation set is too small. Increase 'validation_fraction' or the size of "
                "your dataset."
            )
        return table.take(np.sort(rows)), table.take(np.sort(held_out))

    def _probabilities(self, layers: list[Layer], x: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            return class_probabilities(
                self._network().predict(layers, x, self._activation()), self.loss
            )

    def _accuracy(self, layers: list[Layer], rows: Rows) -> float:
        p = self._probabilities(layers, rows.x)
        classes = rows.y.argmax(axis=1) if rows.y.shape[1] > 1 else rows.y[:, 0]
        return float(np.average(predicted_classes(p) == classes, weights=rows.weights))

    def _keep_curves(
        self, costs: list[float], scores: list[float], stop: StopCondition, goes_on: bool
    ) -> None:
        epochs = LearningCurves(1, stop.epochs).epochs
        epochs = epochs[epochs <= len(costs)]
        curve = np.array(costs)[epochs - 1]
        if goes_on:
            curve = np.concatenate([self.loss_curve_, curve])
            scores = (self.validation_scores_ or []) + scores
            epochs = np.concatenate([self.curve_epochs_, self._epochs + epochs])
        else:
            self._epochs = 0
        self._epochs += len(costs)
        self.n_iter_, self.loss_ = len(costs), costs[-1]
        self.curve_epochs_, self.loss_curve_ = epochs, curve
        stopped = self.early_stopping
        self.best_loss_ = None if stopped else min(costs)
        self.validation_scores_ = scores if stopped else None
        self.best_validation_score_ = max(scores) if stopped else None

    def _check_hidden(self) -> list[int]:
        """Return the nodes of the hidden layers, or refuse them."""
        if isinstance(self.hidden_layer_sizes, Integral):
            return [int(self.hidden_layer_sizes)]
        # It was checked as "array-like".
        hidden: list[Any] = list(self.hidden_layer_sizes)  # type: ignore[arg-type]
        if all(isinstance(nodes, int | np.integer) and nodes >= 1 for nodes in hidden):
            return [int(nodes) for nodes in hidden]
        raise InvalidParameterError(
            f"The 'hidden_layer_sizes' parameter of {type(self).__name__} must be an int or a "
            f"sequence of ints, each at least 1. Got {self.hidden_layer_sizes!r} instead."
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

    It needs the package `tensorflow`. It has the numbers of `BackpropClassifier`, but for
    rounding errors; it has the same parameters and attributes. It computes in float64.
    """

    _dtypes = np.float64

    def _network(self) -> Single:
        # It is imported only where it is used.
        with needing("tensorflow"):
            return OfStack(import_module("backprop.network.autodiff"))


class _Table(NamedTuple):
    """Rows as they are fitted: features, shape (n, d), labels and weights, shape (n,)."""

    x: Array
    labels: NDArray[np.generic]
    weights: Array | None = None

    def take(self, rows: Integers) -> "_Table":
        """Return some of the rows."""
        weights = None if self.weights is None else self.weights[rows]
        return _Table(self.x[rows], self.labels[rows], weights)

    def encoded(self, scaling: Scaling, names: NDArray[np.generic]) -> Rows:
        """Return the rows as the inputs and the targets of a network for classes of some names."""
        outputs = output_nodes(len(names))
        classes = np.searchsorted(names, self.labels)[:, np.newaxis]
        y = classes == (np.arange(outputs) if outputs > 1 else 1)
        x = _encoded(scaling, self.x, self.x.dtype)
        return Rows(x, y.astype(x.dtype), self.weights)


class _Observer:
    """Prints the progress after each epoch; returns to the stop condition what has to fall.

    That is the cost, or minus the validation score of the layers, if there is one.

    Attributes
    ----------
    scores : list of float
        The validation scores.
    best : list of (weights, thresholds) or None
        The layers at the highest of them.
    """

    def __init__(
        self, verbose: bool, layers: list[Layer], score: Callable[[], float] | None
    ) -> None:
        self._verbose, self._layers, self._score = verbose, layers, score
        self.scores: list[float] = []
        self.best: list[Layer] | None = None

    def __call__(self, epoch: int, cost: float) -> float:
        if self._verbose:
            print(f"Iteration {epoch}, loss = {cost:.8f}")
        if self._score is None:
            return cost
        self.scores.append(self._score())
        if self._verbose:
            print(f"Validation score: {self.scores[-1]:f}")
        if self.scores[-1] > max(self.scores[:-1], default=-1.0):
            self.best = copy_layers(self._layers)
        return -self.scores[-1]


def _dense(x: Any) -> Array:
    return x.toarray() if issparse(x) else x


def _scaling_of(table: _Table) -> Scaling:
    """Learn how to standardise features; a row counts as often as its weight says."""
    x = table.x.astype(np.float64, copy=False)
    scaling = Scaling.of(x)
    if table.weights is None:
        return scaling
    x = np.ldexp(x, -scaling.exponent)  # no sum overflows
    share = table.weights / table.weights.sum()
    varies = (x != x[0]).any(axis=0)
    mean = np.where(varies, share @ x, scaling.mean)
    deviation = np.sqrt(share @ (x - mean) ** 2)
    return replace(scaling, mean=mean, scale=np.where(varies, deviation, 1.0))


def _encoded(scaling: Scaling, x: Array, dtype: Any) -> Array:
    """Standardise features in float64; return them in the precision of a network."""
    encoded = np.empty(x.shape, dtype)
    size = max(1, BLOCK_FLOATS // x.shape[1])
    for start in range(0, len(x), size):
        scaled = scaling.apply(x[start : start + size].astype(np.float64, copy=False))
        if dtype == np.float32:
            scaled = np.clip(scaled, -FARTHEST_32, FARTHEST_32)
        encoded[start : start + size] = scaled
    return encoded

"""scikit-learn's own tests of its networks, with our classifier in place of its `MLPClassifier`.

The tests are read from the installed scikit-learn. Those that do not apply are in the list below:
they are not collected, and each has to fail, so one that passes, or is gone, has to leave the list.
"""

import importlib.util
import itertools
from inspect import signature

import pytest
import sklearn.neural_network
from sklearn.neural_network import MLPClassifier

from backprop import BackpropClassifier

REGRESSION = "there is no network for regression"
PRIVATE = "it reads private attributes of scikit-learn's networks"
IDENTITY = "there is no identity activation: layers of it are one layer"
ONE_SOLVER = "there is no solver lbfgs, and the learning rate stays the same"
ONE_CLASS_A_ROW = "a row has one class"
NO_LIMIT = "training for max_iter epochs is no failure, so nothing warns of it"
NO_SECOND_WAY = "partial_fit goes on, arrays are dense and float64, and loss_curve_ has the costs"
DO_NOT_APPLY = {
    "test_lbfgs_regression": REGRESSION,
    "test_lbfgs_regression_maxfun": REGRESSION,
    "test_multioutput_regression": REGRESSION,
    "test_partial_fit_regression": REGRESSION,
    "test_nonfinite_params": REGRESSION,
    "test_shuffle": REGRESSION,
    "test_mlp_regressor_dtypes_casting": REGRESSION,
    "test_mlp_loading_from_joblib_partial_fit": REGRESSION,
    "test_mlp_diverging_loss": REGRESSION,
    "test_mlp_sample_weight_with_early_stopping": REGRESSION,
    "test_mlp_vs_poisson_glm_equivalent": REGRESSION,
    "test_minimum_input_sample_size": REGRESSION,
    "test_fit": PRIVATE,
    "test_gradient": PRIVATE,
    "test_n_iter_no_change": PRIVATE,
    "test_n_iter_no_change_inf": PRIVATE,
    "test_lbfgs_classification": IDENTITY,
    "test_lbfgs_classification_maxfun": ONE_SOLVER,
    "test_learning_rate_warmstart": ONE_SOLVER,
    "test_adaptive_learning_rate": ONE_SOLVER,
    "test_partial_fit_errors": ONE_SOLVER,
    "test_multilabel_classification": ONE_CLASS_A_ROW,
    "test_predict_proba_multilabel": ONE_CLASS_A_ROW,
    "test_mlp_warm_start_no_convergence": NO_LIMIT,
    "test_preserve_feature_names": "its rows are of one class, which is refused",
    "test_warm_start": NO_SECOND_WAY,
    "test_sparse_matrices": NO_SECOND_WAY,
    "test_mlp_param_dtypes": NO_SECOND_WAY,
    "test_verbose_sgd": NO_SECOND_WAY,
    "test_early_stopping": "the best validation score is no attribute",
    "test_early_stopping_stratified": "the message names a class as the user does, not as True",
}


def adapter(
    hidden_layer_sizes=(100,),
    activation="relu",
    *,
    alpha=1e-4,
    batch_size="auto",
    learning_rate_init=0.3,
    max_iter=200,
    tol=1e-4,
    n_iter_no_change=10,
    **others,
):
    """Return our classifier for the parameters of `MLPClassifier`.

    Whatever the solver is, it is gradient descent without momentum, which needs another default of
    the learning rate.
    """
    assert {*others} <= {*signature(MLPClassifier).parameters}
    solvers = {"solver", "momentum", "beta_1", "beta_2", "epsilon"}
    ours = {*signature(BackpropClassifier).parameters} - solvers
    return BackpropClassifier(
        hidden_layer_sizes,
        activation=activation,
        loss="cross_entropy",
        initialisation="glorot",
        alpha=alpha / 200,  # scikit-learn divides it by the rows of an update
        batch_size=batch_size,
        learning_rate_init=learning_rate_init,
        max_iter=max_iter,
        tol=tol,
        n_iter_no_change=n_iter_no_change,
        **{name: value for name, value in others.items() if name in ours},
    )


def their_tests():
    """Return the tests of scikit-learn by name, with our classifier, and without a regressor."""
    spec = importlib.util.find_spec("sklearn.neural_network.tests.test_mlp")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sklearn.neural_network, "MLPClassifier", adapter)
        patch.setattr(sklearn.neural_network, "MLPRegressor", None)
        spec.loader.exec_module(module)
    return {name: test for name, test in vars(module).items() if name.startswith("test_")}


def without_the_regressor(test):
    """Return the marks of a test, with the parameters that are not the regressor."""
    marks = []
    for mark in getattr(test, "pytestmark", []):
        if mark.name == "parametrize":
            names, values = mark.args
            kept = [value for value in values if value is not None]
            mark = pytest.mark.parametrize(names, kept, **mark.kwargs).mark
        marks.append(mark)
    return marks


# A hundred epochs on the digits, in calls of one epoch each: test_estimator.py compares the bits.
SLOW = {"test_partial_fit_classification"}
THEIRS = their_tests()
for _name, _test in THEIRS.items():
    _test.pytestmark = without_the_regressor(_test)
    if _name in SLOW:
        _test.pytestmark.append(pytest.mark.thorough.mark)
    if _name not in DO_NOT_APPLY:
        globals()[_name] = _test


@pytest.fixture
def global_random_seed():
    return 42


def arguments_of(test, request):
    """Yield the parameters of each of the tests that pytest would make of one, and its fixtures."""
    choices = []
    for mark in test.pytestmark:
        if mark.name == "parametrize":
            names, values = mark.args
            names = [name.strip() for name in names.split(",")] if isinstance(names, str) else names
            rows = values if len(names) > 1 else [[value] for value in values]
            choices.append([dict(zip(names, row, strict=True)) for row in rows])
    for chosen in itertools.product(*choices):
        arguments = {name: value for each in chosen for name, value in each.items()}
        fixtures = {*signature(test).parameters} - {*arguments}
        yield arguments | {name: request.getfixturevalue(name) for name in fixtures}


@pytest.mark.filterwarnings("ignore")  # as some of them say
def test_every_test_that_does_not_apply_is_one_of_scikit_learn_and_fails(request):
    assert {*DO_NOT_APPLY} <= {*THEIRS}
    for name in DO_NOT_APPLY:
        with pytest.raises((Exception, pytest.fail.Exception)):
            [THEIRS[name](**arguments) for arguments in arguments_of(THEIRS[name], request)]

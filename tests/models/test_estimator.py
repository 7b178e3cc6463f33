import numpy as np
import pandas as pd
import pytest
from lecture import EX4
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from backprop import BackpropClassifier
from backprop.data.dataset import Dataset
from backprop.models.networks import train_fits
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

X, y = load_iris(return_X_y=True)
IRIS = Dataset(("a", "b", "c", "d"), "species", X, y, ("0", "1", "2"))
FAST = {
    "loss": "cross_entropy", "learning_rate_init": 0.3, "initialisation": "glorot", "max_iter": 30,
}  # fmt: skip
FEW_EPOCHS = {**FAST, "max_iter": 10}
ESTIMATORS = [
    BackpropClassifier(**FEW_EPOCHS),
    BackpropClassifier(
        (4, 3), activation="tanh", batch_size=4, alpha=1e-4, n_iter_no_change=5, **FEW_EPOCHS
    ),
    BackpropClassifier(
        (), activation="logistic", batch_size="auto", class_weight="balanced", **FAST
    ),
    BackpropClassifier(10, early_stopping=True, validation_fraction=0.3, **FEW_EPOCHS),
]
# A row of weight 2 takes one step of twice the length, not two steps.
STEPS = {"check_sample_weight_equivalence_on_dense_data"}
# Early stopping and balanced classes need all rows, so partial_fit refuses them.
OF_ALL_ROWS = {
    "check_fit_score_takes_y",
    "check_n_features_in_after_fitting",
    "check_estimators_partial_fit_n_features",
}


def checks_that_do_not_apply(estimator):
    steps = STEPS if estimator.batch_size != "auto" else set()  # then all rows share a step
    needs_all_rows = estimator.early_stopping or estimator.class_weight == "balanced"
    return steps | (OF_ALL_ROWS if needs_all_rows else set())


def name_of(check):
    return getattr(check, "func", check).__name__


def checks(*, applying):
    """Return the checks of scikit-learn that apply to each estimator, or those that do not."""
    return [
        pytest.param(
            each,
            check,
            id=f"{place}-{name_of(check)}",
            # The second has all that it has, but for batches of a row: the fourth has them.
            marks=() if place else pytest.mark.thorough,
        )
        for place, estimator in enumerate(ESTIMATORS)
        for each, check in estimator_checks_generator(estimator)
        if (name_of(check) not in checks_that_do_not_apply(estimator)) == applying
    ]


def run_check(estimator, check, monkeypatch):
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # else scikit-learn skips a check
    check(estimator)


@pytest.mark.parametrize(("estimator", "check"), checks(applying=True))
@pytest.mark.filterwarnings("ignore:The network has not learned")  # a class may weigh nearly all
def test_scikit_learn_accepts_it(estimator, check, monkeypatch):
    run_check(estimator, check, monkeypatch)


@pytest.mark.filterwarnings("ignore:The network has not learned")
def test_what_does_not_apply_is_a_check_of_scikit_learn_and_fails(monkeypatch):
    others = checks(applying=False)
    assert len(others) == sum(len(checks_that_do_not_apply(each)) for each in ESTIMATORS)
    for estimator, check in (each.values for each in others):
        with pytest.raises((AssertionError, ValueError)):
            run_check(estimator, check, monkeypatch)


# The network of the workflow

PARAMETERS = {
    "hidden": "hidden_layer_sizes",
    "activation": "activation",
    "cost": "loss",
    "learning_rate": "learning_rate_init",
    "initialisation": "initialisation",
    "batch_size": "batch_size",
    "l2": "alpha",
    "epochs": "max_iter",
    "patience": "n_iter_no_change",
    "tolerance": "tol",
    "optimiser": "solver",
    "momentum": "momentum",
    "beta_1": "beta_1",
    "beta_2": "beta_2",
    "epsilon": "epsilon",
}  # by key of config.yaml


def parameters_of(values):
    return {PARAMETERS[key]: value for key, value in values.items()}


OF_WORKFLOW = [
    Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform"),
    Configuration.of_network((4, 3), "tanh", "cross_entropy", 0.03, "glorot", 7, 0.01),
    Configuration.of_network(
        (20,), "tanh", "cross_entropy", 0.03, "glorot", 8, optimiser="momentum", momentum=0.5
    ),
    Configuration.of_network(
        (4, 3),
        "tanh",
        "cross_entropy",
        0.03,
        "glorot",
        7,
        0.01,
        "adam",
        beta_1=0.5,
        beta_2=0.9,
        epsilon=0.1,
    ),
]


@pytest.mark.parametrize("patience", [None, 2])
@pytest.mark.parametrize("dataset", [EX4, IRIS])
@pytest.mark.parametrize("configuration", OF_WORKFLOW)
def test_it_gives_the_bits_of_the_workflow(configuration, dataset, patience):
    split = splits_of(draw_folds(dataset.y, folds=5, repeats=1, seed=7))[0]
    # A curve has at most 100 points; one fit of the slowest shape need not reach them.
    epochs = 40 if configuration.batch_size == 1 and patience is None else 130
    options = {"epochs": epochs, "patience": patience, "tolerance": 1e-3}
    (fit,) = train_fits(stacked, [(configuration, split)], dataset, seed=7, **options)
    network = BackpropClassifier(
        **parameters_of(configuration.values() | options), random_state=7
    ).fit(dataset.x[split.train], dataset.y[split.train])
    p = network.predict_proba(dataset.x[split.test])
    p = p[:, 1] if p.shape[1] == 2 else p
    assert p.tobytes() == fit.probabilities.tobytes()
    layers = zip(network.coefs_, network.intercepts_, strict=True)
    parameters = np.concatenate([array.ravel() for layer in layers for array in layer])
    assert parameters.tobytes() == fit.parameters.tobytes()
    assert [network.loss_curve_[epoch - 1] for epoch in fit.curve_epochs] == [*fit.train_cost]
    assert (network.n_iter_, network.status_) == (fit.epochs, fit.status)
    assert patience is None or fit.epochs < 130


def test_the_defaults_are_the_reference_of_the_lecture():
    reference = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
    parameters = BackpropClassifier().get_params()
    assert parameters_of(reference.values()).items() <= parameters.items()
    assert (reference.batch_size, reference.l2) == (1, 0)


# Random numbers


def fit(random_state=1, X=EX4.x, y=EX4.y, **parameters):
    # Enough to predict both classes: one that has not learned warns.
    fast = {"max_iter": 3, "batch_size": 8, "initialisation": "glorot", "learning_rate_init": 1.0}
    parameters = {**fast, **parameters}
    return BackpropClassifier(random_state=random_state, **parameters).fit(X, y)


@pytest.mark.filterwarnings("ignore:The network has not learned")  # None may draw such weights
def test_the_same_random_state_gives_the_same_bits_and_another_gives_others():
    same = [fit(5), fit(np.int64(5))]
    assert len({network.predict_proba(EX4.x).tobytes() for network in same}) == 1
    other = [fit(5), fit(6), fit(None), fit(None)]
    assert len({network.predict_proba(EX4.x).tobytes() for network in other}) == len(other)


def test_a_generator_gives_the_same_bits_from_the_same_state_and_then_others():
    one, other = np.random.RandomState(4), np.random.RandomState(4)
    first, second = fit(one).coefs_[0], fit(one).coefs_[0]
    np.testing.assert_array_equal(first, fit(other).coefs_[0])
    assert (first != second).all()


# Data


def test_a_data_frame_gives_the_bits_of_its_array_and_text_labels_those_of_numbers():
    frame = pd.DataFrame(EX4.x, columns=EX4.features)
    labels = pd.Series(EX4.y).map({0: "refused", 1: "taken"})
    network = fit(X=frame, y=labels)
    assert network.feature_names_in_.tolist() == ["exam_1", "exam_2"]
    assert network.classes_.tolist() == ["refused", "taken"]
    assert network.n_features_in_ == 2
    assert network.predict_proba(frame).tobytes() == fit().predict_proba(EX4.x).tobytes()
    expected = np.where(fit().predict(EX4.x) == 1, "taken", "refused")
    assert network.predict(frame).tolist() == expected.tolist()


def test_the_memory_layout_of_the_features_changes_no_bit():
    X = np.random.default_rng(0).normal(size=(200, 3))
    y = X[:, 0] > 0
    by_column, by_row = np.asfortranarray(X), np.ascontiguousarray(X)
    networks = [fit(X=array, y=y) for array in (by_column, by_row)]
    assert networks[0].predict_proba(X).tobytes() == networks[1].predict_proba(X).tobytes()


def test_of_two_equally_probable_classes_the_first_is_predicted():
    network = fit()
    network.coefs_[-1][...] = network.intercepts_[-1][...] = 0
    assert (network.predict_proba(EX4.x) == 0.5).all()
    assert (network.predict(EX4.x) == 0).all()


def test_one_class_is_refused():
    with pytest.raises(ValueError, match=r"Found one class, yes. At least two classes"):
        fit(y=["yes"] * len(EX4.y))


# Weights


def test_equal_weights_change_no_bit_and_only_ratios_count():
    expected = fit().predict_proba(EX4.x).tobytes()
    for weights in (np.ones(80), np.full(80, 0.1)):
        network = BackpropClassifier(**fit().get_params()).fit(EX4.x, EX4.y, weights)
        assert network.predict_proba(EX4.x).tobytes() == expected
    weights = np.random.default_rng(0).uniform(0.5, 2, 80)
    one, other, unweighted = (
        BackpropClassifier(**fit().get_params()).fit(EX4.x, EX4.y, w)
        for w in (weights, weights * 1024, None)
    )
    assert one.predict_proba(EX4.x).tobytes() == other.predict_proba(EX4.x).tobytes()
    assert (one.predict_proba(EX4.x) != unweighted.predict_proba(EX4.x)).any()


def test_a_row_of_weight_0_is_left_out():
    weights = np.arange(80) % 3 > 0
    network = BackpropClassifier(**fit().get_params()).fit(EX4.x, EX4.y, weights.astype(float))
    without = fit(X=EX4.x[weights], y=EX4.y[weights])
    assert network.predict_proba(EX4.x).tobytes() == without.predict_proba(EX4.x).tobytes()


def test_a_weight_is_a_number_of_copies_if_all_rows_share_a_step():
    copies = np.random.default_rng(0).integers(0, 4, len(y))
    options = {**FAST, "hidden_layer_sizes": (5,), "random_state": 1, "batch_size": 1000}
    network = BackpropClassifier(**options).fit(X, y, copies.astype(float))
    other = BackpropClassifier(**options).fit(X.repeat(copies, axis=0), y.repeat(copies))
    np.testing.assert_allclose(network.predict_proba(X), other.predict_proba(X), rtol=1e-9)
    np.testing.assert_allclose(network.loss_curve_, other.loss_curve_, rtol=1e-9)


def test_weights_of_classes_are_those_of_their_rows():
    few = X[:120], y[:120]
    by_class = {0: 1.0, 1: 1.0, 2: 2.5}
    network = BackpropClassifier(class_weight="balanced", random_state=1, **FAST).fit(*few)
    others = (
        BackpropClassifier(class_weight=by_class, random_state=1, **FAST).fit(*few),
        BackpropClassifier(random_state=1, **FAST).fit(*few, np.where(few[1] == 2, 2.5, 1.0)),
    )
    for other in others:
        np.testing.assert_allclose(network.predict_proba(X), other.predict_proba(X), rtol=1e-9)


def test_rows_that_all_have_weight_0_are_refused():
    with pytest.raises(ValueError, match="non-zero"):
        BackpropClassifier().fit(EX4.x, EX4.y, np.zeros(80))
    with pytest.raises(ValueError, match="all rows have weight 0; use a non-zero weight"):
        BackpropClassifier(class_weight={0: 0, 1: 0}).fit(EX4.x, EX4.y)


# Training that goes on


@pytest.mark.parametrize("solver", ["sgd", "momentum", "adam"])
def test_epochs_in_several_calls_have_the_bits_of_epochs_in_one(solver):
    """The optimiser remembers from call to call."""
    options = {"solver": solver, "batch_size": 7, "alpha": 0.01, "random_state": 3}
    options = {**FAST, **options, "learning_rate_init": 0.01}
    once = BackpropClassifier(**{**options, "max_iter": 6}).fit(X, y)
    network = BackpropClassifier(**options)
    for _ in range(6):
        network.partial_fit(X, y, classes=[0, 1, 2])
    assert network.predict_proba(X).tobytes() == once.predict_proba(X).tobytes()
    assert network.loss_curve_ == once.loss_curve_
    assert (len(network.loss_curve_), network.n_iter_) == (6, 1)


def test_partial_fit_keeps_the_scale_and_the_classes_of_its_first_call():
    network = BackpropClassifier(random_state=1, **FAST)
    network.partial_fit(X[:100], y[:100], classes=[0, 1, 2])
    before = network.predict_proba(X)
    network.set_params(learning_rate_init=1e-300).partial_fit(X[100:] * 1e3, y[100:])
    np.testing.assert_array_equal(network.predict_proba(X), before)
    assert before.shape == (150, 3)
    with pytest.raises(ValueError, match=r"`y` has \[7\], `classes` has \[0 1 2\]"):
        network.partial_fit(X, np.full(150, 7))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"early_stopping": True}, "early_stopping"),
        ({"class_weight": "balanced"}, "needs all rows"),
    ],
)
def test_partial_fit_refuses_what_needs_all_rows(parameters, message):
    with pytest.raises(ValueError, match=message):
        BackpropClassifier(**parameters).partial_fit(EX4.x, EX4.y, classes=[0, 1])


# Early stopping


def test_early_stopping_keeps_the_weights_of_the_best_epoch():
    options = {**FAST, "batch_size": 10, "max_iter": 200, "random_state": 1}
    network = BackpropClassifier(early_stopping=True, validation_fraction=0.2, **options).fit(X, y)
    scores = network.validation_scores_
    best = int(np.argmax(scores)) + 1
    assert network.n_iter_ == len(scores) == best + 10 < 200
    assert all((30 * score) % 1 in (0, pytest.approx(1), pytest.approx(0)) for score in scores)
    to_best = network.set_params(max_iter=best).fit(X, y).predict_proba(X)
    again = network.set_params(max_iter=200).fit(X, y).predict_proba(X)
    assert to_best.tobytes() == again.tobytes()


# Other input and output


def test_the_logarithm_of_a_probability_of_0_is_minus_infinity():
    network = fit()
    np.testing.assert_array_equal(
        network.predict_log_proba(EX4.x), np.log(network.predict_proba(EX4.x))
    )
    network.intercepts_[-1][...] = 1e4
    assert (network.predict_log_proba(EX4.x)[:, 0] == -np.inf).all()


def test_the_last_cost_is_that_of_the_curve():
    network = fit(max_iter=5, batch_size=1)
    assert (network.loss_, network.n_iter_) == (network.loss_curve_[-1], len(network.loss_curve_))


def test_the_names_and_sizes_of_scikit_learn_mean_the_same():
    one = fit(
        max_iter=30,
        hidden_layer_sizes=5,
        activation="logistic",
        batch_size="auto",
        n_iter_no_change=np.inf,
    )
    other = fit(hidden_layer_sizes=(5,), activation="sigmoid", batch_size=80, max_iter=30)
    assert one.predict_proba(EX4.x).tobytes() == other.predict_proba(EX4.x).tobytes()


def test_without_hidden_layers_it_is_logistic_regression():
    X, y = load_breast_cancer(return_X_y=True)
    X, penalty = StandardScaler().fit_transform(X), 0.01
    network = BackpropClassifier(
        (), loss="cross_entropy", learning_rate_init=1.0, batch_size=1000, alpha=penalty,
        max_iter=3000, initialisation="glorot", random_state=1,
    ).fit(X, y)  # fmt: skip
    regression = LogisticRegression(C=1 / (penalty * len(y)), tol=1e-10).fit(X, y)
    np.testing.assert_allclose(network.coefs_[0][:, 0], regression.coef_[0], atol=1e-5)
    np.testing.assert_allclose(network.intercepts_[0], regression.intercept_, atol=1e-5)


# With the rest of scikit-learn


def test_the_parameters_have_the_names_of_scikit_learn_where_it_has_them():
    parameters, others = BackpropClassifier().get_params(), MLPClassifier().get_params()
    of_workflow = {*PARAMETERS.values(), "random_state"}
    assert set(parameters) - set(others) == {"loss", "initialisation", "class_weight"}
    assert set(parameters) - of_workflow == {
        "class_weight", "early_stopping", "validation_fraction",
    }  # fmt: skip


def test_a_scaler_before_it_changes_rounding_errors_only():
    X = EX4.x * [1e-6, 1e3]
    scaled = make_pipeline(StandardScaler(), BackpropClassifier(random_state=1, **FAST))
    alone = BackpropClassifier(random_state=1, **FAST).fit(X, EX4.y).predict_proba(X)
    np.testing.assert_allclose(scaled.fit(X, EX4.y).predict_proba(X), alone, rtol=1e-9)
    assert np.ptp(alone) > 0.5


# What is refused


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hidden_layer_sizes": 0}, r"'hidden_layer_sizes' .* range \[1, inf\). Got 0"),
        ({"hidden_layer_sizes": (5, 0)}, r"'hidden_layer_sizes' .* each at least 1. Got \(5, 0\)"),
        ({"hidden_layer_sizes": (2.5,)}, r"'hidden_layer_sizes' .* each at least 1. Got \(2.5,\)"),
        ({"hidden_layer_sizes": [[3]]}, r"'hidden_layer_sizes' .* each at least 1. Got \[\[3\]\]"),
        (
            {"hidden_layer_sizes": [[3], [3, 3]]},
            r"'hidden_layer_sizes' .* each at least 1. Got \[\[3\], \[3, 3\]\]",
        ),
        ({"activation": "sigmoidd"}, "'activation' .* 'sigmoidd'"),
        ({"learning_rate_init": 0}, r"'learning_rate_init' .* range \(0.0, inf\). Got 0"),
        ({"batch_size": "all"}, "'batch_size' .* Got 'all'"),
        ({"tol": float("nan")}, "'tol' .* Got nan"),
    ],
)
def test_a_bad_parameter_is_refused_by_its_name_and_value(parameters, message):
    with pytest.raises(ValueError, match=message):
        fit(**{"random_state": 1, **parameters})


def test_a_training_that_diverges_is_an_error():
    with pytest.raises(ValueError, match=r"diverged with learning_rate_init=1e\+120"):
        fit(activation="relu", loss="cross_entropy", learning_rate_init=1e120, max_iter=30)
    with pytest.raises(ValueError, match="diverged"):  # of weights alone: each cost is below 1/2
        fit(loss="squared_error", learning_rate_init=1e18, max_iter=1)


def test_a_fit_that_fails_leaves_the_one_before():
    network = fit()
    expected = network.predict_proba(EX4.x).tobytes()
    network.set_params(
        activation="relu", loss="cross_entropy", learning_rate_init=1e120, max_iter=30
    )
    with pytest.raises(ValueError, match="diverged"):
        network.fit(EX4.x + 1e3, EX4.y)
    with pytest.raises(ValueError, match="diverged"):
        network.partial_fit(EX4.x, EX4.y)
    network.set_params(activation="sigmoid", loss="squared_error")
    assert network.predict_proba(EX4.x).tobytes() == expected


def test_a_network_that_has_not_learned_is_a_warning():
    with pytest.warns(ConvergenceWarning, match="has not learned by epoch 20"):
        network = fit(
            hidden_layer_sizes=(100,), initialisation="uniform", learning_rate_init=0.1,
            max_iter=20, batch_size=1,
        )  # fmt: skip
    assert network.status_ == "unlearned"
    assert len(set(network.predict(EX4.x))) == 1

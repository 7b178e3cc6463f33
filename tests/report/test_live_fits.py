"""The networks and random numbers of the live page, in Node, against those of Python."""

import base64
import dataclasses
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from lecture import EX4, IRIS
from live_study import REFERENCE, changed, study

from backprop.data.encoding import Encoder
from backprop.exercise import solve
from backprop.inference.corrected import corrected_t_test
from backprop.network import plain
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS, OUTPUTS, cost_of
from backprop.network.optimisers import OPTIMISERS, Method
from backprop.network.parameters import draw_layers
from backprop.report.plane import Plane
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.study.streams import stream

if shutil.which("node") is None:
    pytest.skip("Node is missing", allow_module_level=True)

ROUNDING = 1e-11  # of weights of about 1 after a few hundred updates
NOT_WORTH = (
    "make each line's formula in one_step.js worth its value: here is what they are worth. It is "
    "NaN if a formula needs more than the signs and functions of formula.js"
)


@cache
def node():
    """Return the process that answers: its start takes as long as most answers together."""
    program = ["node", Path(__file__).with_name("live_fits.mjs")]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module", autouse=True)
def _end_of_node():
    yield
    with node() as process:
        process.stdin.close()


def ask(question, **values):
    print(json.dumps({"question": question, **values}), file=node().stdin, flush=True)
    answered = json.loads(node().stdout.readline())
    assert "error" not in answered, answered["error"]
    return answered["answer"]


def assert_same(dataset, *configurations, status=("epochs", "unlearned"), **options):
    """Train a study here and in Node; assert that every fit is the same."""
    splits, known = study(dataset, *configurations, **options)
    answer = ask("fits", exported=known)
    assert len(answer) == len(configurations)
    for of_configuration in answer:
        for fit, split in zip(of_configuration, splits, strict=True):
            assert fit["same"], fit
            assert fit["status"] in status
            apply = Encoder.of(dataset, split.train).apply
            expected = np.concatenate([apply(dataset.x[r]) for r in (split.train, split.test)])
            inputs = np.frombuffer(base64.b64decode(fit["inputs"]), "<f8")
            np.testing.assert_array_equal(inputs, expected.ravel())
            if fit["status"] != "diverged":
                assert max(fit["weights"], fit["probabilities"]) < ROUNDING
    return answer


# Random numbers


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**53 + 1, 2**100 + 7, 2**150 + 2**33])
@pytest.mark.parametrize(("purpose", "key"), [("weights", (0, 0)), ("order", (9, 4))])
def test_random_numbers_are_those_of_numpy_to_the_last_bit(seed, purpose, key):
    generator = stream(seed, purpose, *key)
    drawn = ask("draws", seed=str(seed), purpose=purpose, key=key, orders=40, rows=77, numbers=50)
    assert drawn["orders"] == [generator.permutation(77).tolist() for _ in range(40)]
    assert drawn["numbers"] == generator.random(50).tolist()


@pytest.mark.parametrize("rows", [1, 2, 3, 64, 65, 70_000])
def test_orders_of_any_number_of_rows_are_those_of_numpy(rows):
    generator = stream(3, "order", 0, 0)
    drawn = ask("draws", seed="3", purpose="order", key=[0, 0], orders=2, rows=rows, numbers=0)
    assert drawn["orders"] == [generator.permutation(rows).tolist() for _ in range(2)]


# One entry more


@pytest.mark.parametrize(
    ("entries", "table"),
    [
        ("activations", ACTIVATIONS), ("outputs", OUTPUTS), ("costs", COSTS),
        ("initialisations", INITIALISATIONS), ("optimisers", OPTIMISERS),
    ],
)  # fmt: skip
def test_each_entry_of_the_network_is_an_entry_of_the_page(entries, table):
    missing = table.keys() - set(ask("entries")[entries])
    assert not missing, f"add {sorted(missing)} to {entries.upper()} in page/src/network.js"


def test_formulas_are_those_of_the_network():
    costs = [each for c in COSTS.values() for each in (c, c.several) if each]
    assert ask("formulas") == {
        "activations": [[each.formula, each.derivative_formula] for each in ACTIVATIONS.values()],
        "outputs": [each.formula for each in OUTPUTS.values()],
        "slots": [list(each.slots) for each in OPTIMISERS.values()],
        "costs": [[each.formula, each.error_formula] for each in costs],
    }


def test_activations_are_those_of_the_network_up_to_exp_and_their_derivatives_to_the_last_bit():
    draws = np.random.default_rng(1).uniform(-40, 40, 20_000)
    sums = np.concatenate([[0.0, -0.0, 1e-300, 20.0, -20.0, 700.0, -700.0], draws])
    outputs = {name: each.value(np, sums) for name, each in ACTIVATIONS.items()}
    asked = ask(
        "activations", sums=sums.tolist(), outputs={n: o.tolist() for n, o in outputs.items()}
    )
    for (name, expected), (values, derivatives) in zip(outputs.items(), asked, strict=True):
        # The two have an exp of their own, each to one unit in the last place.
        errors = np.abs(np.array(values) - expected) / np.spacing(np.abs(expected))
        assert errors.max() <= (0 if name == "relu" else 4), name
        assert (errors == 0).mean() > 0.8, name
        slopes = ACTIVATIONS[name].derivative(sums, expected)
        if name in ("sigmoid", "tanh", "relu"):  # they need no exp
            np.testing.assert_array_equal(derivatives, slopes, err_msg=name)
        else:
            np.testing.assert_allclose(derivatives, slopes, rtol=1e-14, atol=1e-15, err_msg=name)


# Fits


BATCHES = (1, (3,)), (5, (4, 3))
SAME = {
    "each activation with each cost": (
        EX4, [changed(activation=a, cost=c) for a in ACTIVATIONS for c in COSTS], {"repeats": 2},
    ),
    "two hidden layers": (EX4, [changed(hidden=(4, 3), activation=a) for a in ACTIVATIONS], {}),
    "each initialisation": (EX4, [changed(initialisation=each) for each in INITIALISATIONS], {}),
    "batches and weight decay": (
        EX4,
        [
            changed(batch_size=7), changed(batch_size=1000), changed(l2=0.01),
            changed(batch_size=8, l2=0.1, cost="cross_entropy", hidden=(4, 4)),
        ],
        {},
    ),
    "three classes": (
        IRIS,
        [changed(cost=c, batch_size=n, hidden=own) for c in COSTS for n, own in BATCHES],
        {},
    ),
    "a seed above 32 bits": (EX4, [REFERENCE], {"seed": 2**64 + 12345}),
    "a diverged fit": (
        EX4, [Configuration.of_network((6, 6, 6), "relu", "cross_entropy", 1e120, "glorot")],
        {"status": ("diverged",), "epochs": 20},
    ),
    "a fit that has not learned": (
        EX4, [changed(learning_rate=1e-9)], {"status": ("unlearned",), "epochs": 3},
    ),
    "each optimiser, in batches, with constants of its own": (
        EX4,
        [
            changed(optimiser="momentum", learning_rate=0.02),
            changed(optimiser="momentum", momentum=0.5, batch_size=7, l2=0.01),
            changed(optimiser="adam", learning_rate=0.01),
            changed(optimiser="adam", beta_1=0.5, beta_2=0.9, epsilon=1e-3, hidden=(4, 3)),
            changed(
                optimiser="adam", batch_size=7, l2=0.1, activation="tanh", cost="cross_entropy"
            ),
        ],
        {"epochs": 20},  # and there is padding in the stack of Python
    ),
    "a fit that ends early": (
        EX4, [changed(learning_rate=1.0)],
        {"epochs": 60, "patience": 2, "tolerance": 0.001, "status": ("no_progress",)},
    ),
    # Curves decide the status at the epochs of the study.
    **{
        f"a fit of {epochs} epochs": (EX4, [changed(hidden=(2,))], {"epochs": epochs, "folds": 2})
        for epochs in (1, 2, 150, 250)
    },
}  # fmt: skip


@pytest.mark.parametrize("what", SAME)
def test_fits_are_the_same(what):
    dataset, configurations, options = SAME[what]
    assert_same(dataset, *configurations, **options)


def test_imputed_and_encoded_inputs_are_the_same():
    generator = np.random.default_rng(5)
    x = np.column_stack([EX4.x, generator.integers(0, 3, len(EX4.y))])
    x[generator.random(x.shape) < 0.2] = np.nan
    x[3, 2] = 3.0  # a category of one row: in some splits, no training row has it
    x[7, 0] = 1e200
    dataset = dataclasses.replace(
        EX4, features=("one", "two", "kind"), x=x, categories={"kind": ("a", "b", "c", "<d>")}
    )
    assert_same(dataset, REFERENCE)


def test_inputs_of_the_same_name_are_kept_apart():
    x = np.column_stack([EX4.x, np.arange(80) % 3, np.arange(80) % 2])
    x[::4, 0] = np.nan
    features = ("b", "b missing", "kind", "kind=k")
    dataset = dataclasses.replace(EX4, features=features, x=x, categories={"kind": ("a", "k", "l")})
    names = Encoder.of(dataset, np.arange(80)).names
    assert [names.count(each) for each in ("b missing", "kind=k")] == [2, 2]
    assert_same(dataset, REFERENCE)


def test_missing_numbers_of_test_rows_alone_are_the_same():
    splits = splits_of(draw_folds(EX4.y, folds=3, repeats=1, seed=1))
    x = EX4.x.copy()
    x[splits[0].test[0], 1] = np.nan
    assert_same(dataclasses.replace(EX4, x=x), REFERENCE)


def test_fits_that_are_trained_on_earlier_rows_alone_are_the_same():
    order = np.random.default_rng(5).permutation(80)
    splits, known = study(dataset := dataclasses.replace(EX4, order=order), REFERENCE)
    assert [len(each["train"]) for each in known["splits"][:2]] == [20, 40]
    assert "train" not in known["splits"][2]  # it has all other rows
    assert known["splits"][0]["train"] == splits[0].train.tolist()
    assert_same(dataset, REFERENCE)


def test_another_weight_or_status_is_not_the_same():
    _, known = study(EX4, REFERENCE)
    (fits,) = ask("fits", exported=known)
    assert all(fit["same"] for fit in fits)
    first, second, third = known["fits"][0]
    set_numbers(first, 4, 1e-9)
    second["status"] = "no_progress"
    third["epochs"] = 3
    (fits,) = ask("fits", exported=known)
    assert [fit["same"] for fit in fits] == [False, False, False]
    assert [fit["differs"] for fit in fits] == [["weights"], ["status"], ["epochs"]]
    assert fits[0]["weights"] == pytest.approx(1e-9, rel=1e-3)


# Chaos


def set_numbers(fit, place, change):
    """Change a stored number of a fit."""
    numbers = np.frombuffer(base64.b64decode(fit["numbers"]), "<f8").copy()
    numbers[place] += change
    fit["numbers"] = base64.b64encode(numbers.tobytes()).decode()


CHAOTIC = Configuration.of_network((8,), "tanh", "cross_entropy", 1.0, "glorot")


@pytest.mark.parametrize("place", [0, -1])
def test_a_difference_of_chaotic_training_is_not_judged_and_another_is_a_mistake(place):
    _, known = study(EX4, REFERENCE, CHAOTIC, epochs=60, chaotic_until=12)
    known["chaotic"][0] = None
    calm, chaotic = ask("verdicts", exported=known)
    assert (calm["same"], calm["open"]) == (True, None)
    assert chaotic["same"] is False
    assert (chaotic["open"]["until"], chaotic["open"]["epoch"]) == (12, 6)
    assert 0 <= chaotic["open"]["difference"] < 1e-12
    assert chaotic["status"] == "epochs"
    set_numbers(known["fits"][0][0], place, 1e-9)
    calm, _ = ask("verdicts", exported=known)
    assert (calm["same"], calm["open"]) == (False, None)


def test_chaotic_training_that_begins_otherwise_is_a_mistake():
    _, known = study(EX4, CHAOTIC, epochs=60, chaotic_until=12)
    known["chaotic"][0]["costs"][0] += 1e-9
    (verdict,) = ask("verdicts", exported=known)
    assert verdict["open"] is None
    assert "beginning" in verdict["differs"]
    known["chaotic"][0]["costs"][0] = None  # none is stored
    (verdict,) = ask("verdicts", exported=known)
    assert verdict["open"] == {"until": 12, "epoch": 6, "difference": None}


def test_without_a_comparison_of_implementations_each_difference_counts():
    _, known = study(EX4, REFERENCE, CHAOTIC, epochs=60)
    assert [each["open"] for each in ask("verdicts", exported=known)] == [None, None]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(1, 1), ("NaN", "NaN"), ("Infinity", "Infinity")], 0),
        ([(1, 1.5), (0, 0.25)], 0.5 / 1.5),
        ([(1000, 1001)], 1 / 1001),
        ([(1, "NaN"), (0, 1), (0, 2)], float("nan")),
        ([(0, 1), ("NaN", 1), (0, 1)], float("nan")),
    ],
)
def test_the_largest_difference_is_relative_and_keeps_that_a_number_is_missing(pairs, expected):
    assert float(ask("difference", pairs=pairs)) == pytest.approx(expected, nan_ok=True)


def test_the_row_of_a_configuration_sums_its_fits_up():
    fit = {
        "same": True, "open": None, "status": "epochs", "weights": 2e-15, "probabilities": 0,
    }  # fmt: skip
    chaotic = {**fit, "same": False, "open": {"until": 12}, "probabilities": 1e-7}
    wrong = {**fit, "same": False, "status": "unlearned"}
    diverged = {**fit, "status": "diverged", "weights": None}
    accuracies = (0.5, 1.0, 0.75, 0)
    added = [
        {**verdict, "accuracies": [accuracy, 0]}
        for verdict, accuracy in zip((fit, chaotic, wrong, diverged), accuracies, strict=True)
    ]
    *numbers, remarks = ask("tally", added=added)
    assert numbers == ["the reference", "4", "2", "1e-7", "2e-15", "75.0%"]
    assert all(each in remarks for each in ("1 chaotic", "1 have not learned", "1 diverged"))


def test_configurations_that_the_page_cannot_train_are_left_out():
    _, known = study(EX4, *(changed(hidden=(nodes,)) for nodes in (1, 2, 3, 4, 5)))
    known["names"] = ["", "2", "3", "4", "5"]
    known["configurations"][0]["activation"] = "toString"
    known["configurations"][1]["cost"] = "hinge"
    known["configurations"][3]["initialisation"] = "he"
    known["configurations"][4]["optimiser"] = "rmsprop"
    answer = ask("left", exported=known)
    assert answer["lost"] == [known["configurations"][k]["name"] for k in (0, 1, 3, 4)]
    assert answer["exported"]["configurations"] == [known["configurations"][2]]
    assert answer["exported"]["names"] == ["3"]
    assert answer["exported"]["fits"] == [known["fits"][2]]


# What is shown of a training


@pytest.mark.parametrize(
    ("hidden", "optimiser", "epochs", "most"),
    [((3,), "sgd", 1100, 400), ((150, 150), "sgd", 45, 43), ((3,), "adam", 900, 400)],
)
def test_each_epoch_is_shown_however_long_the_training_is(hidden, optimiser, epochs, most):
    own = changed(hidden=hidden, initialisation="glorot", optimiser=optimiser)
    _, known = study(EX4, own, folds=2)
    known["stop"]["epochs"] = epochs
    forth = list(range(epochs + 1))
    answer = ask("moments", exported=known, epochs=[*forth, *forth[::-7], epochs + 5])
    assert answer["wrong"] == [], NOT_WORTH
    assert answer["kept"] <= most
    assert answer["last"] == epochs


def test_a_fit_that_ends_early_keeps_its_last_moment():
    _, known = study(
        EX4, changed(learning_rate=1.0), epochs=3000, patience=415, tolerance=0.001, folds=2
    )
    last = known["fits"][0][0]["epochs"]
    assert 400 < last < 3000
    answer = ask("moments", exported=known, epochs=[last - 1, last, last + 1])
    assert (answer["wrong"], answer["last"]) == ([], last)


@pytest.mark.parametrize(
    ("costs", "epoch"),
    [
        ([4, 3.5, 3, 1, 0], 4), ([4, 2, 4, 0], 2), ([4, "NaN", 1, "Infinity"], 3), ([1, 2, 3], 1),
        ([5], 1), ([], None), (["NaN"], None),
    ],
)  # fmt: skip
def test_halfway_is_the_first_epoch_nearer_to_the_lowest_cost(costs, epoch):
    assert ask("halfway", costs=costs) == epoch


def test_how_strongly_a_layer_learns_is_a_mean_over_nodes_and_samples():
    steps = [
        {"sums": [[0, 1], [0]], "outputs": [[9], [0.5, 0.5], [1]], "layerErrors": [[1, -3], [2]]},
        {"sums": [[0, 1], [0]], "outputs": [[9], [0.2, 1], [0.1]], "layerErrors": [[0, 0], [-4]]},
    ]
    hidden, output = (0.25 + 0.25 + 0.16 + 0) / 4, (0 + 0.09) / 2
    for cost, slopes in (("squared_error", [hidden, output]), ("cross_entropy", [hidden])):
        answer = ask("strengths", steps=steps, activation="sigmoid", cost=cost)
        assert answer["strengths"] == [1, 3]
        assert answer["slopes"] == pytest.approx(slopes)  # an error without the output's slope
    answer = ask("strengths", steps=[], activation="sigmoid", cost="squared_error")
    assert answer == {"strengths": [], "slopes": []}


# One update


def update_of(layers, x, y, configuration):
    """Return the arguments of an update of a batch."""
    layers = [{"weights": np.array(w).tolist(), "thresholds": [*map(float, t)]} for w, t in layers]
    x, y = (np.array(each).tolist() for each in (x, y))
    return {"layers": layers, "x": x, "y": y, "configuration": configuration.values()}


def assert_update(configuration, outputs, batch, sample):
    """Compare every number of an update with `plain`."""
    generator = np.random.default_rng(3)
    layers = draw_layers(generator, 3, configuration.hidden, "glorot", outputs)
    x = generator.normal(size=(batch, 3))
    several = np.eye(outputs)[generator.integers(0, outputs, batch)] if outputs > 1 else None
    y = np.ones((batch, 1)) if several is None else several
    update = update_of(layers, x, y, configuration)
    lines = ask("update", **update, sample=sample)
    activation, cost = configuration.activation, cost_of(configuration.cost, outputs)
    sums, nodes = plain.forward(layers, x[sample], activation, cost.output)
    errors = plain.errors(layers, sums, nodes, y[sample], activation, configuration.cost)
    new = [(w.copy(), t.copy()) for w, t in layers]
    eta = np.full(batch, configuration.learning_rate / batch)
    plain.train_network(
        new, x, y, eta, Method(activation, configuration.cost, batch, configuration.l2)
    )
    parts = {
        "given": [x[sample], y[sample], *(p for layer in layers for p in layer)],
        "forward": [
            *(
                values
                for a, (_, t), b in zip(sums, layers, nodes[1:], strict=True)
                for values in (a - t, b)
            ),
            cost.value(np, sums[-1], y[sample]),
            *([[cost.value(np, sums[-1], y[sample]).sum()]] if outputs > 1 else []),
        ],
        "error": errors[::-1],
        "gradient": [
            p
            for below, error in zip(nodes[-2::-1], errors[::-1], strict=True)
            for p in (np.outer(below, error), error)
        ],
        "update": [p for layer in new[::-1] for p in layer],
    }
    for part, expected in parts.items():
        values = [line["value"] for line in lines if line["part"] == part]
        flat = np.concatenate([np.ravel(each) for each in expected])
        np.testing.assert_allclose(values, flat, rtol=1e-11, atol=1e-14, err_msg=part)
    symbols = [line["symbol"] for line in lines]
    assert len(set(symbols)) == len(symbols)
    return lines


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(("outputs", "hidden"), [(1, (3,)), (3, (2,)), (3, (2, 2))])
def test_each_number_of_an_update_is_that_of_the_lecture(activation, cost, outputs, hidden):
    configuration = changed(hidden=hidden, activation=activation, cost=cost)
    assert_update(configuration, outputs, batch=1, sample=0)


@pytest.mark.parametrize("outputs", [1, 3])
def test_an_update_of_a_batch_with_decay_in_two_layers_is_that_of_the_lecture(outputs):
    configuration = changed(hidden=(4, 2), batch_size=5, l2=0.1)
    lines = assert_update(configuration, outputs, batch=5, sample=3)
    formulas = {line["symbol"]: line["formula"] for line in lines}
    assert formulas["new v(1)_1,2"] == "v(1)_1,2 - 0.1 (mean of dE/dv(1)_1,2 + 0.1 v(1)_1,2)"
    assert formulas["new gamma(2)_1"] == "gamma(2)_1 - 0.1 mean of dE/dgamma(2)_1"


# Formulas, the chain rule, and gradients without them


def some_update(configuration, outputs, batch=1):
    """Return the arguments of an update with three inputs."""
    generator = np.random.default_rng(7)
    layers = draw_layers(generator, 3, configuration.hidden, "glorot", outputs)
    y = np.eye(outputs)[[0] * batch] if outputs > 1 else np.ones((batch, 1))
    return update_of(layers, generator.normal(size=(batch, 3)), y, configuration)


def test_a_formula_is_worth_what_arithmetic_says():
    formulas = {
        "1 - 2 - 3": -4, "2 3 + 4·5": 26, "1/2 (3 - 1)^2": 2, "-(2 + 3) 2": -10, "12 / 3 / 2": 2,
        "max(-1, 0) + [2 > 1]": 1, "w_1,2 - 0.5 dE/dw_1,2": -1, "error(2)_1 v(2)_1,2": 12,
        "1 / (1 + exp(-(w_1,2 - 1)))": 0.5, "(-0.02721)·1e-3": -2.721e-5, "2 +": None, "(2": None,
        "2 ? 3": None,
    }  # fmt: skip
    values = {"w_1,2": 1, "dE/dw_1,2": 4, "error(2)_1": 3, "v(2)_1,2": 4}
    for worth, expected in zip(
        ask("formula", formulas=[*formulas], values=values), formulas.values(), strict=True
    ):
        assert worth == (expected if expected is None else pytest.approx(expected, rel=1e-12))


@pytest.mark.parametrize("hidden", [(2,), (3, 2)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("outputs", [1, 3])
def test_what_is_shown_is_worth_its_value(hidden, activation, cost, outputs):
    """The formula, and the formula with the numbers that are shown: to the digits of the value."""
    configuration = changed(hidden=hidden, activation=activation, cost=cost, l2=0.1)
    answer = ask("worth", **some_update(configuration, outputs), sample=0)
    assert answer["wrong"] == [], NOT_WORTH
    assert answer["lines"] > 35


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize(("outputs", "batch"), [(1, 1), (3, 2)])
@pytest.mark.parametrize("updates", [0, 3])
def test_a_step_of_each_optimiser_adds_up(optimiser, outputs, batch, updates):
    configuration = changed(hidden=(2,), optimiser=optimiser, l2=0.1, learning_rate=0.05)
    update = some_update(configuration, outputs, batch)
    answer = ask("worth", **update, sample=0, updates=updates)
    assert answer["wrong"] == [], NOT_WORTH
    inputs = (3, 2)
    parameters = sum((a + 1) * b for a, b in zip(inputs, (2, outputs), strict=True))
    lines = ask("update", **update, sample=0, updates=updates)
    slots = len(OPTIMISERS[optimiser].slots)
    remembered = [line for line in lines if line["part"] == "memory"]
    assert len(remembered) == slots * parameters
    assert all(bool(line["value"]) == bool(updates) for line in remembered)
    steps = [line for line in lines if line["part"] == "update"]
    assert len(steps) == (1 + slots) * parameters + (optimiser == "adam")


@pytest.mark.parametrize("hidden", [(2,), (3, 2)])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_chain_rule_and_finite_differences_give_the_gradient(hidden, cost, outputs):
    update = some_update(changed(hidden=hidden, activation="tanh", cost=cost), outputs)
    answer = ask("chain", **{**update, "x": update["x"][0], "y": update["y"][0]})
    inputs = (3, *hidden)
    assert len(answer) == sum((a + 1) * b for a, b in zip(inputs, (*hidden, outputs), strict=True))
    for each in answer:
        assert each["product"] == pytest.approx(each["gradient"], rel=1e-12, abs=1e-18)
        assert each["shown"] == pytest.approx(each["gradient"], rel=1e-3)
        assert each["ofError"] == pytest.approx(each["error"], rel=1e-12, abs=1e-18)
        assert each["found"] == pytest.approx(each["gradient"], abs=1e-9)


@pytest.mark.parametrize("batch_size", [1, 8])
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_gradient_check_finds_wrong_gradients_and_no_wrong_rows(batch_size, optimiser):
    own = changed(batch_size=batch_size, l2=0.01, optimiser=optimiser)
    _, known = study(EX4, own, epochs=2)
    suspects = ask("checks", exported=known)
    wrong = {name for name, suspect in suspects.items() if suspect}
    assert wrong == {"updated_weights", "no_slope", "no_thresholds"} | (
        {"sum"} if batch_size > 1 else set()
    )
    assert suspects["no_thresholds"]["own"] == 0
    assert suspects["no_thresholds"]["place"]["from"] is None


# Mistakes


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_each_mistake_but_none_is_found_where_it_first_shows(optimiser):
    _, known = study(EX4, changed(batch_size=8, hidden=(3,), optimiser=optimiser), epochs=6)
    answer = ask("mistakes", exported=known)
    assert [name for name, each in answer.items() if each["same"]] == ["none"]
    first = {name: each["first"] for name, each in answer.items()}
    assert first.pop("none") is None
    place = {name: (each["epoch"], each["update"]) for name, each in first.items()}
    assert place.pop("same_order") == (2, 1)
    assert set(place.values()) == {(1, 1)}
    quantities = {name: each["quantity"] for name, each in first.items()}
    assert quantities["all_rows"] == quantities["same_order"] == "x_1"
    assert quantities["no_slope"] == quantities["updated_weights"] == "error_1"
    assert quantities["no_thresholds"] == "new theta"
    assert quantities["sum"] == "new w_1"
    assert quantities.get("no_correction") == ("new w_1" if optimiser == "adam" else None)


# Words


def test_each_language_has_the_same_texts():
    (first, *others) = ask("words").values()
    assert all(other == first for other in others)


# The exercise, and values of the reader


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("dataset", [EX4, IRIS])
@pytest.mark.parametrize("number", [0, 20231234, 2**70 + 3])
def test_the_exercise_of_the_page_has_the_solution_of_the_teacher(dataset, number, optimiser):
    _, known = study(dataset, REFERENCE)
    exercise = ask("exercise", exported=known, number=str(number), optimiser=optimiser)
    shown = {line["symbol"]: line["value"] for line in exercise["lines"]}
    solution = dict(solve(number, dataset, optimiser))
    assert solution.pop("row") == exercise["row"] + 1
    assert exercise["inputs"] == 2
    assert shown == pytest.approx(solution, rel=1e-12)


def test_an_answer_is_right_to_four_digits():
    pairs = [(0.1235, 0.12345678), (0.1234, 0.12345678), (0.1232, 0.12345678), (-12.35, -12.3449)]
    pairs += [(12.35, -12.3449), (0, 0), (1e-9, 0), (1.234e-7, 1.2341e-7), (1.3e-7, 1.2341e-7)]
    expected = [True, True, False, True, False, True, False, True, False]
    assert ask("answers", pairs=pairs) == expected


def marks_of(typed):
    """Return the marks of exercise 7 of ex4, by symbol."""
    _, known = study(EX4, REFERENCE, epochs=1)
    lines = ask("exercise", exported=known, number="7")["lines"]
    blanks = [line for line in lines if line["part"] != "given"]
    values = {line["symbol"]: line["value"] for line in lines}
    answers = typed(values)
    texts = [str(answers.get(line["symbol"], "")) for line in blanks]
    marks = ask("marks", exported=known, number="7", typed=texts)
    return {line["symbol"]: mark for line, mark in zip(blanks, marks, strict=True)}


def sigma(z):
    return 1 / (1 + np.exp(-z))


def test_what_follows_from_a_mistake_is_right_and_the_first_mistake_has_a_name():
    def typed(v):
        b_1 = sigma(v["alpha_1"])  # without the threshold
        beta = v["w_1"] * b_1 + v["w_2"] * v["b_2"]
        yhat = sigma(beta + v["theta"])
        return {
            "alpha_1": f"{v['alpha_1']:.4g}", "b_1": f"{b_1:.4g}", "beta": f"{beta:.4g}",
            "yhat": f"{yhat:.4g}", "E": "abc", "error": "", "error_2": "9",
        }  # fmt: skip

    marks = marks_of(typed)
    assert marks["alpha_1"]["state"] == "right"
    assert marks["b_1"] == {"state": "wrong", "slip": "no_threshold"}
    assert {marks[name]["state"] for name in ("beta", "yhat")} == {"follows"}
    assert marks["E"]["state"] == "unread"
    assert marks["error"]["state"] == "empty"
    assert marks["error_2"] == {"state": "wrong", "slip": None}


def rounded(number):
    return float(f"{number:.4g}")


def test_what_follows_from_rounded_numbers_is_right():
    """All numbers to four digits, and each calculated from those: E is off in its third digit."""

    def typed(v):
        v = dict(v)
        for h in "12":
            v[f"alpha_{h}"] = rounded(v[f"v_1,{h}"] * v["x_1"] + v[f"v_2,{h}"] * v["x_2"])
            v[f"b_{h}"] = rounded(sigma(v[f"alpha_{h}"] + v[f"gamma_{h}"]))
        v["beta"] = rounded(v["w_1"] * v["b_1"] + v["w_2"] * v["b_2"])
        v["yhat"] = rounded(sigma(v["beta"] + v["theta"]))
        off = v["yhat"] - v["y"]
        v["E"] = rounded(off**2 / 2)
        v["error"] = rounded(off * v["yhat"] * (1 - v["yhat"]))
        return {name: f"{each:#.4g}" for name, each in v.items()}

    marks = marks_of(typed)
    states = [marks[name]["state"] for name in ("alpha_1", "b_2", "beta", "yhat", "E", "error")]
    assert set(states) <= {"right", "follows"}
    assert "follows" in states  # the exact E differs by more than a unit of its last digit


def test_rounding_excuses_no_mistake():
    def typed(v):
        return {**{name: rounded(each) for name, each in v.items()}, "E": 1.02 * v["E"]}

    assert marks_of(typed)["E"]["state"] == "wrong"


def test_too_few_digits_are_marked_even_if_the_next_ones_are_0():
    states = ask("states", pairs=[["0.8", 0.80004], ["0.8000", 0.80004], ["0", 0]])
    assert states == ["few_digits", "right", "right"]


def test_too_few_digits_are_right_and_a_wrong_last_digit_is_not():
    marks = marks_of(lambda v: {"b_1": f"{v['b_1']:.2f}", "b_2": f"{v['b_2'] + 0.01:.2f}"})
    assert marks["b_1"]["state"] == "few_digits"
    assert marks["b_2"]["state"] == "wrong"


SLIPS = {
    "no_threshold": ("yhat", lambda v: sigma(v["beta"])),
    "threshold_too_early": ("alpha_2", lambda v: v["alpha_2"] + v["gamma_2"]),
    "no_sigma": ("b_1", lambda v: v["alpha_1"] + v["gamma_1"]),
    "sign_in_sigma": ("b_1", lambda v: sigma(-v["alpha_1"] - v["gamma_1"])),
    "no_half": ("E", lambda v: 2 * v["E"]),
    "no_square": ("E", lambda v: (v["yhat"] - v["y"]) / 2),
    "no_slope": ("error_1", lambda v: v["error"] * v["w_1"]),
    "half_slope": ("error", lambda v: (v["yhat"] - v["y"]) * v["yhat"]),
    "indices": ("alpha_1", lambda v: v["v_1,1"] * v["x_1"] + v["v_1,2"] * v["x_2"]),
    "no_input": ("dE/dw_1", lambda v: v["error"]),
    "new_weights": (
        "error_2",
        lambda v: v["b_2"] * (1 - v["b_2"]) * v["error"] * (v["w_2"] - 0.5 * v["error"] * v["b_2"]),
    ),
    "no_rate": ("new w_1", lambda v: v["w_1"] - v["dE/dw_1"]),
    "plus": ("new theta", lambda v: v["theta"] + 0.5 * v["dE/dtheta"]),
    "sign": ("error", lambda v: -v["error"]),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_is_recognised(slip):
    symbol, wrong = SLIPS[slip]
    marks = marks_of(lambda v: {symbol: f"{wrong(v):.4g}"})
    assert marks[symbol] == {"state": "wrong", "slip": slip}


def test_there_is_a_test_of_each_slip():
    assert ask("slips") == [*SLIPS]


def test_a_number_has_digits_only():
    typed = ["0", "7", "9" * 40, "9" * 41, "", "7a", "-7", "7.5", "7 8"]
    assert ask("numbers", typed=typed) == [True, True, True] + [False] * 6


OWN = {
    "hidden": "4, 3", "activation": "tanh", "cost": "cross_entropy", "rate": "1e-2", "batch": "8",
    "l2": "0", "initialisation": "glorot", "optimiser": "adam", "seed": str(2**64),
}  # fmt: skip


def test_values_of_the_reader_are_a_configuration_and_a_seed():
    own = ask("own", typed=OWN)
    assert own.pop("seed") == str(2**64)
    expected = Configuration.of_network(
        (4, 3), "tanh", "cross_entropy", 0.01, "glorot", 8, optimiser="adam"
    )
    assert Configuration.of_network(**own) == expected


def test_a_comma_is_a_decimal_sign():
    assert ask("own", typed={**OWN, "rate": "0,5"})["learning_rate"] == 0.5


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hidden", ""), ("hidden", "0"), ("hidden", "4,"), ("hidden", "-3"), ("hidden", "999,20"),
        ("hidden", "1,1,1,1,1,1"), ("rate", "0"), ("rate", "-1"), ("rate", "x"), ("rate", "1e400"),
        ("l2", "1e400"), ("rate", "1,000,5"), ("hidden", "500,500"), ("batch", "0"),
        ("batch", "1.5"), ("l2", "-1"), ("seed", "-1"), ("seed", "1.0"),
        ("activation", "toString"), ("cost", "none"), ("optimiser", "Adam"),
    ],
)  # fmt: skip
def test_values_of_the_reader_that_cannot_be_used_are_refused(name, text):
    assert ask("own", typed={**OWN, name: text}) == {"wrong": [name]}


@pytest.mark.parametrize("text", ["3-2", "3x2", "3,2", "3 2", "3, 2", " 3 - 2 ", "3;2"])
def test_layers_are_typed_in_many_ways(text):
    assert ask("own", typed={**OWN, "hidden": text})["hidden"] == [3, 2]


# A table of the reader, and the path


def csv_of(x, y, names=("a", "b")):
    head = ",".join((*(f"x{k}" for k in range(x.shape[1])), "class"))
    rows = (",".join((*map(repr, row.tolist()), names[c])) for row, c in zip(x, y, strict=True))
    return "\n".join((head, *rows))


def test_a_table_of_the_reader_is_read_as_spreadsheets_write_it():
    rows = "\r\n".join(f'"1,{k}";" say ""{k}""";;{"yes" if k % 3 else "no"}' for k in range(12))
    answer = ask("table", text=f"\ufeffsize;note;empty;class\r\n{rows}\r\n")
    table = answer["table"]
    assert table["left"] == ["note"]
    assert (table["label"], table["classes"]) == ("class", ["no", "yes"])
    assert [each["name"] for each in table["columns"]] == ["size", "empty"]
    assert table["columns"][0]["values"][:3] == [1.0, 1.1, 1.2]
    assert table["columns"][1]["values"] == [None] * 12
    assert table["y"][:4] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a,b", "empty"),
        ("a,b\n1,x\n2", "ragged"),
        ("a,b\n" + "1,x\n2,y\n" * 4, "rows"),
        ("a,b\n" + "1,x\n" * 20, "classes"),
        ("a,b\n" + "u,x\nv,y\n" * 20, "columns"),
        (",".join("abcdefghijkl") + "\n" + (",".join("1" * 11) + ",x\n") * 20, "classes"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(text, problem):
    assert ask("table", text=text)["problem"] == problem


@pytest.mark.parametrize("dataset", [EX4, IRIS])
def test_a_table_of_the_reader_becomes_a_study(dataset):
    _, known = study(dataset, changed(learning_rate=0.3), epochs=60)
    known["configurations"] = known["configurations"][:1]
    text = csv_of(dataset.x, dataset.y, ("a", "b", "c"))
    answer = ask("ownStudy", exported=known, text=text, split=2)
    tests = [row for split in answer["splits"] for row in split["test"]]
    assert sorted(tests) == [*range(len(dataset.y))]
    train = [row for row in range(len(dataset.y)) if row not in answer["splits"][2]["test"]]
    rows = dataset.x[train]
    expected = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    np.testing.assert_allclose(answer["samples"]["train"], expected, atol=1e-12)
    assert answer["accuracy"] > 0.6
    if dataset is EX4:
        np.testing.assert_array_equal(answer["points"], dataset.x)
        return
    plane = Plane.of(dataset)
    np.testing.assert_allclose(answer["shares"], plane.shares, rtol=1e-9)
    np.testing.assert_allclose(np.abs(answer["points"]), np.abs(plane.points), atol=1e-6)
    signs = np.sign(np.sum(np.multiply(answer["points"], plane.points), axis=0))
    places = plane.points[:3]
    origin, *axes = map(np.array, answer["splits"][2]["plane"])
    own = [origin + (signs * place) @ np.array(axes) for place in places]
    np.testing.assert_allclose(own, plane.inputs(places, np.array(train)), atol=1e-6)


def test_the_flow_of_errors_is_judged_by_the_numbers_that_are_shown():
    cases = [
        ([0.00782, 1.9e-5, 1.1e-6, 1.2e-6], 2, [[1.1e-6, 1.2e-6]]),
        ([0.00782, 1.9e-5, 1.151e-6, 1.249e-6], 2, []),  # both are shown as 1.2e-6
        ([0.5, 0.1, 0.01], 2, []),
        ([0.01, 0.008, 0.5], 0, [[0.01, 0.008]]),
        ([0.5, 0.3, 0.9], 1, []),
    ]
    judged = ask("directions", sizes=[sizes for sizes, *_ in cases])
    assert [(each["right"], each["against"]) for each in judged] == [
        (right, against) for _, right, against in cases
    ]


def test_the_best_line_is_the_best_of_all_directions():
    """Beside a search over many directions, along each of which every threshold is tried."""
    table = ask("xor")
    x = np.column_stack([column["values"] for column in table["columns"]])
    y = np.array(table["y"])
    angles = np.linspace(0, np.pi, 2000, endpoint=False)
    best = 0
    for along in np.column_stack([np.cos(angles), np.sin(angles)]):
        hits = np.cumsum(np.where(y[np.argsort(x @ along)] == 1, 1, -1))
        above = np.concatenate([[0], hits]) + (y == 0).sum()  # class 1 is below the threshold
        best = max(best, above.max(), len(y) - above.min())
    assert ask("line") == best
    assert 30 <= best < 40


@pytest.mark.parametrize("count", [2, 3, 5, 10, 50])
def test_the_interval_of_splits_is_that_of_the_report(count):
    differences = np.random.default_rng(count).normal(0.01, 0.05, count)
    folds = 2 if count == 2 else 5 if count > 3 else 3
    expected = corrected_t_test(differences, folds)
    interval = ask("interval", differences=differences.tolist(), folds=folds)
    assert interval == pytest.approx([expected.lower, expected.upper], rel=1e-9)


def test_differences_that_are_all_the_same_have_no_interval():
    assert ask("interval", differences=[0.1, 0.1, 0.1], folds=3) is None


@pytest.mark.parametrize("dataset", [EX4, IRIS])
def test_each_question_of_the_path_has_an_answer(dataset):
    configurations = [REFERENCE, changed(hidden=(9,)), changed(learning_rate=1.0)]
    _, known = study(dataset, *configurations, epochs=120)
    facts_of = ask("path", exported=known)
    assert [*facts_of] == ["xor", "sample", "flow", "deep", "wide", "rate", "mistake", "line"]
    for name, facts in facts_of.items():
        for sentence in facts["sentences"]:
            assert not re.search("undefined|NaN|null|object", sentence), (name, sentence)
    assert (facts_of["xor"]["right"], facts_of["xor"]["hidden"]) == (2, 40)
    assert facts_of["xor"]["line"] <= facts_of["xor"]["best"] < 40
    assert facts_of["sample"]["right"] == 2
    sizes = facts_of["flow"]["sizes"]
    assert len(sizes) == 4
    assert len(set(facts_of["flow"]["sentences"])) == 2
    assert facts_of["wide"]["nodes"] == [9, 3]
    assert facts_of["rate"]["rates"] == [1.0, 0.1]
    assert facts_of["mistake"]["suspect"]["own"] == 0
    assert facts_of["line"]["splits"] == 3
    assert facts_of["line"]["progress"] == [[0, 3], [1, 3], [2, 3]]
    interval = facts_of["line"]["interval"] or [0, 0]
    expected = 0 if interval[0] > 0 else 1 if interval[1] < 0 else 2
    assert facts_of["line"]["right"] == expected
    assert facts_of["line"]["network"] == pytest.approx(
        np.mean([fit["accuracies"][1] for fit in ask("fits", exported=known)[0]])
    )

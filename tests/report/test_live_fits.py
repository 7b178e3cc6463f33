"""The networks and random numbers of the live page, in Node, against those of Python."""

import base64
import dataclasses

import numpy as np
import pytest
import sklearn.feature_selection
from lecture import EX4, IRIS
from live_node import ask
from live_study import REFERENCE, changed, study

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.exercise import solve
from backprop.inference.corrected import corrected_t_test
from backprop.models.registry import MODELS
from backprop.network import plain
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS, OUTPUTS
from backprop.network.optimisers import OPTIMISERS, Method
from backprop.network.parameters import draw_layers
from backprop.report.class_looks import class_colour, class_marker
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.study.streams import stream

ROUNDING = 1e-11  # of weights of about 1 after a few hundred updates


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


def test_a_page_without_a_study_has_the_looks_of_the_report():
    two = [[look(c) for c in (0, 1)] for look in (class_colour, class_marker)]
    assert ask("looks") == [*two, MODELS["scratch"].colour]


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
        assert errors.max() <= (0 if name == "relu" else 4), (
            f"{name} loses digits, as exp(a) - 1 does near 0, where expm1(a) does not"
        )
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


# One update


@pytest.mark.parametrize("outputs", [1, 3])
def test_an_update_of_a_batch_with_decay_in_two_layers_is_that_of_the_lecture(outputs):
    """In the page's own tests, formulas are worth what is shown, and gradients are differences."""
    configuration, generator = (
        changed(hidden=(4, 2), batch_size=5, l2=0.1),
        np.random.default_rng(3),
    )
    layers = draw_layers(generator, 3, configuration.hidden, "glorot", outputs)
    x, y = generator.normal(size=(5, 3)), np.eye(outputs)[generator.integers(0, outputs, 5)]
    before = [{"weights": w.tolist(), "thresholds": t.tolist()} for w, t in layers]
    batch = {"layers": before, "x": x.tolist(), "y": y.tolist(), "sample": 3}
    lines = ask("update", configuration=configuration.values(), **batch)
    method = Method(configuration.activation, configuration.cost, 5, configuration.l2)
    plain.train_network(layers, x, y, np.full(5, configuration.learning_rate / 5), method)
    values = [line["value"] for line in lines if line["part"] == "update"]
    expected = np.concatenate([p.ravel() for layer in layers[::-1] for p in layer])
    np.testing.assert_allclose(values, expected, rtol=1e-11, atol=1e-14)
    formulas = {line["symbol"]: line["formula"] for line in lines}
    assert len(formulas) == len(lines)
    assert formulas["new v(1)_1,2"] == "v(1)_1,2 - 0.1 (mean of dE/dv(1)_1,2 + 0.1 v(1)_1,2)"
    assert formulas["new gamma(2)_1"] == "gamma(2)_1 - 0.1 mean of dE/dgamma(2)_1"


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


# The exercise


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


# A table of the reader, and the path


def csv_of(x, y, names=("a", "b")):
    head = ",".join((*(f"x{k}" for k in range(x.shape[1])), "class"))
    rows = (",".join((*map(repr, row.tolist()), names[c])) for row, c in zip(x, y, strict=True))
    return "\n".join((head, *rows))


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
    assert {key: answer[key] for key in ("axes", "elsewhere", "points")} \
        == {key: known[key] for key in ("axes", "elsewhere", "points")}  # fmt: skip


# The plane


def made(x, **changes):
    y = (LENGTH + NOISE > 0).astype(np.int64)
    names = tuple(f"feature_{number}" for number in range(x.shape[1]))
    return Dataset(names, "late", x, y, **changes)


LENGTH, NOISE, OTHER = np.random.default_rng(0).normal(size=(3, 60))
KIND = np.arange(60) % 3
PLANES = {
    "two numbers": EX4,
    "one number": made(LENGTH[:, np.newaxis]),
    "four numbers": IRIS,
    "gaps": made(np.where(np.arange(60) % 3, LENGTH, np.nan)[:, np.newaxis]),
    "a category": made(KIND[:, np.newaxis] * 1.0, categories={"feature_0": ("a", "b", "c")}),
    "two categories": made(
        np.column_stack(
            [(LENGTH > 0) + (OTHER > 1), KIND, np.where(np.arange(60) % 4, OTHER, np.nan)]
        ),
        categories={"feature_0": ("a", "b", "c"), "feature_1": ("u", "v", "w")},
    ),
}


@pytest.mark.parametrize("name", PLANES)
def test_the_axes_are_the_inputs_by_which_the_classes_differ_most(name):
    dataset = PLANES[name]
    _, known = study(dataset, REFERENCE)
    everywhere = Encoder.of(dataset, np.arange(len(dataset.y)))
    clearness, _ = sklearn.feature_selection.f_classif(everywhere.apply(dataset.x), dataset.y)
    names = [known["columns"][column]["name"] for column in known["axes"]]
    assert {*names} == {everywhere.names[place] for place in np.argsort(-clearness)[:2]}
    assert names[0] == everywhere.names[0] or len(clearness) > 2
    for axis, column in enumerate(known["axes"]):
        values = np.array(known["columns"][column]["values"], dtype=float)
        values = np.where(np.isnan(values), known["elsewhere"][column], values)
        points = np.array(known["points"])[:, axis]
        if "=" in names[axis] or "missing" in names[axis]:
            assert len({*points}) == len(points)
            np.testing.assert_array_equal(points.round(), values)
        else:
            np.testing.assert_array_equal(points, values)


@pytest.mark.parametrize("name", PLANES)
def test_a_place_has_the_inputs_of_a_row_that_is_typical_but_for_the_axes(name):
    dataset = PLANES[name]
    splits, known = study(dataset, REFERENCE)
    typical = np.nanmedian(dataset.x, axis=0, keepdims=True)
    for place, feature in enumerate(dataset.features):
        if feature in dataset.categories:
            typical[0, place] = np.bincount(dataset.x[:, place].astype(int)).argmax()
    places, axes = known["points"][:5], known["axes"]
    for number, split in enumerate(splits):
        own = known["splits"][number]
        answer = np.array(ask("inputsAt", exported=known, split=number, places=places))
        expected = np.repeat(Encoder.of(dataset, split.train).apply(typical), 5, axis=0)
        for i, column in enumerate(own["columns"]):
            if column in axes:
                values = np.array(places)[:, axes.index(column)]
                expected[:, i] = (values - own["mean"][i]) / own["scale"][i]
        np.testing.assert_allclose(answer, expected, atol=1e-12)


@pytest.mark.parametrize("count", [2, 3, 5, 10, 50])
def test_the_interval_of_splits_is_that_of_the_report(count):
    differences = np.random.default_rng(count).normal(0.01, 0.05, count)
    folds = 2 if count == 2 else 5 if count > 3 else 3
    expected = corrected_t_test(differences, folds)
    interval = ask("interval", differences=differences.tolist(), folds=folds)
    assert interval == pytest.approx([expected.lower, expected.upper], rel=1e-9)

"""The table of the first update has the lecture's numbers, by hand and by autodiff."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
from lecture import EX4, IRIS

from backprop.network import autodiff
from backprop.network.functions import ACTIVATIONS
from backprop.statistics.one_step import follow_first_update
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.study.streams import stream

SPLIT = splits_of(draw_folds(EX4.y, folds=5, repeats=1, seed=1))[0]
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
DEEP = Configuration.of_network((4, 3), "tanh", "cross_entropy", 0.1, "glorot")
RELU = Configuration.of_network((5,), "relu", "squared_error", 0.03, "glorot")

IRIS_SPLIT = splits_of(draw_folds(IRIS.y, folds=5, repeats=1, seed=1))[0]
SOFTMAX = RELU.changed(activation="tanh", cost="cross_entropy")


def formulas(configuration, dataset=EX4, split=SPLIT):
    table = follow_first_update(configuration, dataset, split, 1)
    return table.set_index("symbol")["formula"].to_dict()


def test_the_numbers_are_those_of_the_formulas_of_the_lecture():
    table = follow_first_update(REFERENCE, EX4, SPLIT, 1)
    shown_values = table.set_index("symbol")["value"]
    order = stream(1, "order", 0, 0).permutation(SPLIT.train.size)
    row = SPLIT.train[order[0]]
    shown = EX4.x[SPLIT.train]
    x = (EX4.x[row] - shown.mean(axis=0)) / shown.std(axis=0)
    assert [shown_values["x_1"], shown_values["x_2"]] == pytest.approx(x, rel=1e-15)
    assert shown_values["y"] == EX4.y[row]

    def sigma(a):
        return 1 / (1 + math.exp(-a))

    nodes, inputs, eta = range(1, 11), (1, 2), 0.1
    v = {(i, h): shown_values[f"v_{i},{h}"] for i in inputs for h in nodes}
    gamma = {h: shown_values[f"gamma_{h}"] for h in nodes}
    w, theta = {h: shown_values[f"w_{h}"] for h in nodes}, shown_values["theta"]
    alpha = {h: sum(v[i, h] * x[i - 1] for i in inputs) for h in nodes}
    b = {h: sigma(alpha[h] + gamma[h]) for h in nodes}
    beta = sum(w[h] * b[h] for h in nodes)
    yhat = sigma(beta + theta)
    error = (yhat - EX4.y[row]) * yhat * (1 - yhat)
    error_h = {h: error * w[h] * b[h] * (1 - b[h]) for h in nodes}

    expected = {"beta": beta, "yhat": yhat, "E": (yhat - EX4.y[row]) ** 2 / 2, "error": error}
    expected |= {"dE/dtheta": error, "new theta": theta - eta * error}
    for h in nodes:
        expected |= {f"alpha_{h}": alpha[h], f"b_{h}": b[h], f"error_{h}": error_h[h]}
        expected |= {f"dE/dw_{h}": error * b[h], f"new w_{h}": w[h] - eta * error * b[h]}
        expected |= {f"dE/dgamma_{h}": error_h[h], f"new gamma_{h}": gamma[h] - eta * error_h[h]}
        for i in inputs:
            gradient = error_h[h] * x[i - 1]
            expected |= {f"dE/dv_{i},{h}": gradient, f"new v_{i},{h}": v[i, h] - eta * gradient}
    computed = table[table["part"] != "given"].set_index("symbol")["value"]
    assert computed.index.is_unique
    assert computed.to_dict() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("configuration", [REFERENCE, DEEP, RELU, SOFTMAX], ids=lambda c: c.name)
@pytest.mark.parametrize(("dataset", "split"), [(EX4, SPLIT), (IRIS, IRIS_SPLIT)])
def test_the_numbers_by_hand_are_those_of_automatic_differentiation(configuration, dataset, split):
    table = follow_first_update(configuration, dataset, split, 1, autodiff.step)
    computed = table[table["part"] != "given"]
    assert (computed["difference"] < 1e-14).all()
    outputs = 1 if dataset is EX4 else 3
    sizes = (len(dataset.features), *configuration.hidden, outputs)
    parameters = sum((below + 1) * above for below, above in itertools.pairwise(sizes))
    assert (table["part"] == "gradient").sum() == parameters
    assert (table["part"] == "update").sum() == parameters


def test_weight_decay_moves_the_weights_and_not_the_thresholds():
    decayed = REFERENCE.changed(l2=0.5)
    table = follow_first_update(decayed, EX4, SPLIT, 1, autodiff.step).set_index("symbol")
    without = follow_first_update(REFERENCE, EX4, SPLIT, 1).set_index("symbol")["value"]
    for symbol, decay in (("w_3", 0.5), ("v_2,7", 0.5), ("gamma_4", 0.0), ("theta", 0.0)):
        expected = without[f"new {symbol}"] - 0.1 * decay * without[symbol]
        assert table["value"][f"new {symbol}"] == pytest.approx(expected, rel=1e-14)
    assert (table["difference"].dropna() < 1e-14).all()
    assert table["formula"]["new w_3"] == "w_h - 0.1 (dE/dw_h + 0.5 w_h)"
    assert table["formula"]["new theta"] == "theta - 0.1 dE/dtheta"


@pytest.mark.parametrize("dataset", [EX4, IRIS], ids=["one output", "three outputs"])
@pytest.mark.parametrize("optimiser", ["momentum", "adam"])
def test_the_first_step_of_an_optimiser_is_shown_with_what_it_remembers(optimiser, dataset):
    configuration = SOFTMAX.changed(optimiser=optimiser, l2=0.1, epsilon=0.01)
    split = SPLIT if dataset is EX4 else IRIS_SPLIT
    table = follow_first_update(configuration, dataset, split, 1, autodiff.step)
    assert (table["difference"].dropna() < 1e-14).all()
    value = table.set_index("symbol")["value"]
    weight = "w_3" if dataset is EX4 else "w_3,2"
    for symbol, decay in ((weight, 0.1), ("v_2,4", 0.1), ("gamma_5", 0.0)):
        g = value[f"dE/d{symbol}"] + decay * value[symbol]
        if optimiser == "momentum":
            assert value[f"u({symbol})"] == 0
            assert value[f"new u({symbol})"] == pytest.approx(g, rel=1e-14)
            expected = value[symbol] - 0.03 * g
        else:
            assert (value[f"m({symbol})"], value[f"s({symbol})"]) == (0, 0)
            assert value[f"new m({symbol})"] == pytest.approx(0.1 * g, rel=1e-14)
            assert value[f"new s({symbol})"] == pytest.approx(0.001 * g**2, rel=1e-14)
            assert value["eta(1)"] == pytest.approx(0.03 * math.sqrt(0.001) / 0.1, rel=1e-12)
            size = math.sqrt(0.001) * abs(g) + 0.01
            expected = value[symbol] - value["eta(1)"] * 0.1 * g / size
        assert value[f"new {symbol}"] == pytest.approx(expected, rel=1e-13)
    formula = formulas(configuration, dataset, split)[f"new {weight}"]
    own = "w_h" if dataset is EX4 else "w_hj"
    assert (
        formula
        == {
            "momentum": f"{own} - 0.03 new u({own})",
            "adam": f"{own} - eta(1) new m({own}) / (sqrt(new s({own})) + 0.01)",
        }[optimiser]
    )


def test_symbols_have_their_layer_in_brackets_if_there_are_several_hidden_layers():
    assert {"alpha_1", "gamma_1", "v_2,1", "w_1", "error_1"} <= formulas(REFERENCE).keys()
    deep = formulas(DEEP)
    assert {"alpha(1)_1", "b(2)_3", "v(1)_2,4", "v(2)_4,3", "new gamma(2)_1", "w_3"} <= deep.keys()
    assert deep["alpha(2)_1"] == "sum of v(2)_ih b(1)_h"
    assert deep["dE/dv(1)_1,1"] == "error(1)_h x_i"


def test_formulas_are_those_of_the_activation_and_the_cost():
    reference, deep = formulas(REFERENCE), formulas(DEEP)
    assert reference["b_1"] == "1 / (1 + exp(-a)), a = alpha_h + gamma_h"
    assert reference["E"] == "1/2 (yhat - y)^2"
    assert reference["error"] == "(yhat - y) yhat (1 - yhat)"
    assert reference["error_1"] == "b (1 - b) sum of error w_h, b = b_h"
    assert deep["b(1)_1"] == "tanh(a), a = alpha(1)_h + gamma(1)_h"
    assert deep["yhat"] == "1 / (1 + exp(-a)), a = beta + theta"
    assert deep["error"] == "yhat - y"
    assert deep["error(1)_1"] == "(1 - b^2) sum of error(2)_h v(2)_ih, b = b(1)_h"


@pytest.mark.parametrize(
    ("derivative_formula", "meanings"),
    [
        ("(b + (1 - b) / (1 + exp(-a)))", ", a = alpha_h + gamma_h, b = b_h"),
        ("[a > 0]", ", a = alpha_h + gamma_h"),
        ("1", ""),
    ],
    ids=["sum and output", "sum", "neither"],
)
def test_a_derivative_may_use_the_sum_as_well_as_the_output(
    derivative_formula, meanings, monkeypatch
):
    changed = ACTIVATIONS["relu"]._replace(derivative_formula=derivative_formula)
    monkeypatch.setitem(ACTIVATIONS, "relu", changed)
    error_formula = formulas(RELU)["error_1"]
    assert error_formula == f"{derivative_formula} sum of error w_h{meanings}"


# Several outputs


def test_formulas_of_several_outputs_have_their_index():
    squared, softmax = (formulas(c, IRIS, IRIS_SPLIT) for c in (REFERENCE, SOFTMAX))
    assert squared["y_1"] == "1 for its class, else 0"
    assert squared["beta_2"] == "sum of w_hj b_h"
    assert squared["yhat_3"] == "1 / (1 + exp(-a)), a = beta_j + theta_j"
    assert squared["E_1"] == "1/2 (yhat_j - y_j)^2"
    assert squared["E"] == softmax["E"] == "sum of E_j"
    assert squared["error_1"] == "b (1 - b) sum of error(out)_j w_hj, b = b_h"
    assert squared["dE/dw_1,2"] == "error(out)_j b_h"
    assert squared["new theta_3"] == "theta_j - 0.1 dE/dtheta_j"
    assert softmax["yhat_1"] == "exp(a) / sum of exp(a), a = beta_j + theta_j"
    assert softmax["E_1"] == "-y_j log(yhat_j)"


def test_encoded_inputs_have_their_names():
    codes = np.arange(150) % 3
    mixed = dataclasses.replace(
        IRIS, features=("length", "island"), x=np.column_stack([IRIS.x[:, 0], codes]),
        categories={"island": ("Biscoe", "Dream", "Torgersen")},
    )  # fmt: skip
    table = follow_first_update(REFERENCE, mixed, IRIS_SPLIT, 1)
    row = IRIS_SPLIT.train[stream(1, "order", 0, 0).permutation(120)[0]]
    shown = table.set_index("symbol")
    names = ["length", "island=Dream", "island=Torgersen"]
    inputs = [f"x_{number}" for number in (1, 2, 3)]
    expected = [f"{name} of row {row + 1}, standardised" for name in names]
    assert shown.loc[inputs, "formula"].tolist() == expected
    is_dream = codes[IRIS_SPLIT.train] == 1
    z = ((codes[row] == 1) - is_dream.mean()) / is_dream.std()
    assert shown.loc["x_2", "value"] == pytest.approx(z, rel=1e-12)

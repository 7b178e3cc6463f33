"""What the report's checks say: that they agree when they must, and tell when they do not."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from backprop.data import dataset as data
from backprop.errors import BackpropError
from backprop.models import networks as training
from backprop.network import plain as plain_network
from backprop.network import stacked as network
from backprop.report import known_answers
from backprop.report.one_step import one_step
from backprop.study import folds
from backprop.study.configurations import Configuration
from backprop.study.splits import splits_of
from backprop.study.streams import stream

ROOT = Path(__file__).parents[2]
EX4 = data.read(ROOT / "resources/ex4.csv")
SPLITS = splits_of(folds.split(EX4.y, folds=5, repeats=1, seed=1))
REFERENCE = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
DEEP = Configuration((4, 3), "tanh", "cross_entropy", 0.1, "glorot")  # at 0.3 it is chaotic
RELU = Configuration((5,), "relu", "squared_error", 0.03, "glorot")

# The plain network


@pytest.mark.parametrize("configuration", [REFERENCE, DEEP, RELU], ids=lambda c: c.name)
def test_the_plain_loop_trains_the_same_network(configuration):
    wanted = [(configuration, split) for split in SPLITS[:2]]
    stack, plain = (
        training.train(module, configuration.shape, wanted, EX4.x, EX4.y, seed=1, epochs=30)
        for module in (network, plain_network)
    )
    for one, other in zip(stack, plain, strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=1e-10)
        np.testing.assert_allclose(one.parameters, other.parameters, rtol=0, atol=1e-10)


# One step


def test_one_step_has_the_lecture_s_numbers():
    table = one_step(REFERENCE, EX4, SPLITS[0], 1)
    given = table.set_index("symbol")["value"]
    order = stream(1, "order", 0, 0).permutation(SPLITS[0].train.size)
    row = SPLITS[0].train[order[0]]
    shown = EX4.x[SPLITS[0].train]
    x = (EX4.x[row] - shown.mean(axis=0)) / shown.std(axis=0)
    assert [given["x_1"], given["x_2"]] == pytest.approx(x, rel=1e-15)
    assert given["y"] == EX4.y[row]

    def sigma(a):
        return 1 / (1 + math.exp(-a))

    nodes, inputs, eta = range(1, 11), (1, 2), 0.1
    v = {(i, h): given[f"v_{i},{h}"] for i in inputs for h in nodes}
    gamma = {h: given[f"gamma_{h}"] for h in nodes}
    w, theta = {h: given[f"w_{h}"] for h in nodes}, given["theta"]
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


@pytest.mark.parametrize("configuration", [REFERENCE, DEEP, RELU], ids=lambda c: c.name)
def test_one_step_by_hand_is_that_of_automatic_differentiation(configuration):
    table = one_step(configuration, EX4, SPLITS[0], 1)
    computed = table[table["part"] != "given"]
    assert (computed["difference"] < 1e-14).all()
    sizes = (2, *configuration.hidden, 1)
    parameters = sum((below + 1) * above for below, above in itertools.pairwise(sizes))
    assert (table["part"] == "gradient").sum() == parameters
    assert (table["part"] == "update").sum() == parameters


# Known answers

KNOWN = yaml.safe_load((ROOT / "resources/ex4-known-answers.yaml").read_text())


def test_the_quantities_of_the_schema_are_those_of_the_library():
    schema = yaml.safe_load((ROOT / "workflow/schemas/known_answers.schema.yaml").read_text())
    answer = schema["properties"]["answers"]["items"]["properties"]
    assert answer["quantity"]["enum"] == list(known_answers.QUANTITIES)


def test_the_known_answers_of_ex4_are_found():
    table = known_answers.compare(EX4, KNOWN)
    assert {answer["quantity"] for answer in KNOWN["answers"]} == set(known_answers.QUANTITIES)
    assert len(table) == sum(len(answer["expected"]) for answer in KNOWN["answers"])
    assert table["agrees"].all()
    known_answers.refuse_mismatch(table)


@pytest.mark.parametrize("place", range(len(KNOWN["answers"])))
def test_a_known_answer_that_is_missed_is_refused(place):
    answer = KNOWN["answers"][place]
    wrong = answer["expected"][-1] + max(2 * answer["tolerance"], 1e-7)
    changed = {**answer, "expected": [*answer["expected"][:-1], wrong]}
    table = known_answers.compare(EX4, {"answers": [changed]})
    assert table["agrees"].tolist() == [True] * (len(table) - 1) + [False]
    with pytest.raises(BackpropError, match="the results differ from the known answers") as caught:
        known_answers.refuse_mismatch(table)
    assert f"known is {wrong!r}" in str(caught.value)

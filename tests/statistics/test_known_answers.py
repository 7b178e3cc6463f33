"""Logistic regression gives the known results, and a result that differs is refused."""

import dataclasses

import numpy as np
import pytest
import yaml
from lecture import EX4, ROOT

from backprop.errors import BackpropError
from backprop.statistics.known_answers import QUANTITIES, compare, refuse_mismatch

KNOWN = yaml.safe_load((ROOT / "resources/ex4-known-answers.yaml").read_text())


def test_the_quantities_of_the_schema_are_those_of_the_library():
    schema = yaml.safe_load((ROOT / "workflow/schemas/known_answers.schema.yaml").read_text())
    answer = schema["properties"]["answers"]["items"]["properties"]
    assert answer["quantity"]["enum"] == list(QUANTITIES)


def test_the_computed_results_for_ex4_agree_with_the_known_answers():
    table = compare(EX4, KNOWN)
    assert {answer["quantity"] for answer in KNOWN["answers"]} == set(QUANTITIES)
    assert len(table) == sum(len(answer["expected"]) for answer in KNOWN["answers"])
    assert table["agrees"].all()
    refuse_mismatch(table)


@pytest.mark.parametrize("place", range(len(KNOWN["answers"])))
def test_a_result_that_differs_from_its_known_answer_is_refused(place):
    answer = KNOWN["answers"][place]
    wrong = answer["expected"][-1] + max(2 * answer["tolerance"], 1e-7)
    changed = {**answer, "expected": [*answer["expected"][:-1], wrong]}
    table = compare(EX4, {"answers": [changed]})
    assert table["agrees"].tolist() == [True] * (len(table) - 1) + [False]
    with pytest.raises(BackpropError, match="the results differ from the known answers") as caught:
        refuse_mismatch(table)
    (line,) = str(caught.value).splitlines()[1:]
    assert line.startswith(f"  {table['quantity'].iloc[-1]}: computed ")
    assert f"known {wrong!r} " in line
    assert line.endswith(f"(allowed difference {answer['tolerance']:g})")


@pytest.mark.parametrize("sign", [-1, 1], ids=["below", "above"])
def test_a_difference_as_large_as_the_tolerance_still_agrees(sign):
    answer = {"quantity": "correct", "tolerance": 2, "source": "a test"}
    table = compare(EX4, {"answers": [{**answer, "expected": [65 + 2 * sign]}]})
    assert table["difference"].tolist() == [-2 * sign]
    assert table["agrees"].all()
    assert not compare(EX4, {"answers": [{**answer, "expected": [65 + 3 * sign]}]})["agrees"].any()


def test_the_label_of_a_value_says_which_one_it_is():
    labels = compare(EX4, KNOWN)["quantity"].tolist()
    assert labels[:4] == ["theta 0", "theta 1", "theta 2", "cost J after 0 Newton steps"]
    assert "probability of class 0 at [20, 80]" in labels
    assert labels[-1] == "rows classified correctly"


def test_the_label_of_a_single_cost_says_after_how_many_steps():
    answer = {"quantity": "cost", "expected": [0.69], "tolerance": 0.01, "source": "a test"}
    assert compare(EX4, {"answers": [answer]})["quantity"].tolist() == [
        "cost J after 0 Newton steps"
    ]


@pytest.mark.parametrize("exponent", [-1000, -40, 20, 530])
def test_the_unit_of_the_features_does_not_matter(exponent):
    dataset = dataclasses.replace(EX4, x=np.ldexp(EX4.x, exponent))
    for answer in KNOWN["answers"]:
        at = {"at": np.ldexp(answer["at"], exponent).tolist()} if "at" in answer else {}
        computed = compare(dataset, {"answers": [{**answer, **at}]})["computed"].to_numpy()
        if answer["quantity"] == "theta":
            computed = np.ldexp(computed, [0, exponent, exponent])
        np.testing.assert_allclose(computed, answer["expected"], atol=answer["tolerance"])


def test_a_parameter_that_is_no_float64_agrees_with_nothing():
    dataset = dataclasses.replace(EX4, x=np.ldexp(EX4.x, -1040))
    answer = {"quantity": "theta", "expected": [0, 0, 0], "tolerance": 1e300, "source": "a test"}
    assert compare(dataset, {"answers": [answer]})["agrees"].tolist() == [True, False, False]

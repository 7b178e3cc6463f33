from backprop.models.registry import (
    BASELINE,
    are_one_model,
    headline,
    implementations,
    is_network,
    network_models,
    tuned_groups,
)
from backprop.study.configurations import Configuration

REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
OTHER = Configuration.of_network((5,), "tanh", "cross_entropy", 1.0, "glorot")


def test_networks_are_listed_in_the_order_of_the_models():
    assert network_models(["tensorflow", "logistic", "scratch"]) == ["tensorflow", "scratch"]
    assert not is_network(BASELINE)


def test_the_networks_are_implementations_of_one_model_and_no_others_are():
    assert are_one_model("tensorflow", "scratch")
    assert not are_one_model("logistic", "softmax")
    assert not are_one_model("scratch", "logistic")
    groups = implementations(["logistic", "tensorflow", "softmax", "knn", "scratch"])
    assert groups == [("logistic",), ("tensorflow", "scratch"), ("softmax",), ("knn",)]


def test_a_group_that_is_tuned_has_several_configurations_and_the_networks_come_first():
    neighbours = [Configuration.of({"n_neighbors": n}) for n in (5, 15)]
    networks = [REFERENCE, OTHER]
    candidates = {
        "logistic": [Configuration()], "knn": neighbours, "scratch": networks,
        "tensorflow": networks,
    }  # fmt: skip
    groups = tuned_groups(candidates)
    assert list(groups.items()) == [(("scratch", "tensorflow"), networks), (("knn",), neighbours)]


def test_the_headline_of_a_model_is_its_reference():
    candidates = {"scratch": [REFERENCE, OTHER], "logistic": [Configuration.of({"l2": 0.0})]}
    assert headline("scratch", candidates) == REFERENCE.name
    assert headline("logistic", candidates) == "default"
    penalised = {"logistic": [Configuration.of({"l2": 0.01}), Configuration.of({"l2": 0.0})]}
    assert headline("logistic", penalised) == "l2=0.01"

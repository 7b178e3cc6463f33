import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from backprop.models.registry import BASELINE, MODELS, headline, is_network, network_models
from backprop.study.configurations import Configuration, Settings

REFERENCE = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
OTHER = Configuration((5,), "tanh", "cross_entropy", 1.0, "glorot")


@pytest.mark.parametrize("model", MODELS)
def test_the_module_of_a_model_has_the_functions_of_its_family(model):
    module = import_module(MODELS[model].module)
    names = {"network": ("train_epoch", "predict"), "baseline": ("fit", "predict")}
    for name in names[MODELS[model].family]:
        assert callable(getattr(module, name))


def test_networks_are_listed_in_the_order_of_the_models():
    assert network_models(["tensorflow", "logistic", "scratch"]) == ["tensorflow", "scratch"]
    assert not is_network(BASELINE)


def test_the_headline_of_a_model_is_its_reference():
    candidates = {"scratch": [REFERENCE, OTHER], "logistic": [Settings.of({"l2": 0.0})]}
    assert headline("scratch", candidates) == REFERENCE.name
    assert headline("logistic", candidates) is None
    penalised = {"logistic": [Settings.of({"l2": 0.01}), Settings.of({"l2": 0.0})]}
    assert headline("logistic", penalised) == "l2=0.01"


def test_the_registry_imports_no_code_of_a_model():
    program = "import sys; import backprop.models.registry; print(*sys.modules, sep='\\n')"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(ran.stdout.splitlines())
    assert "backprop.models.registry" in imported
    assert not imported & {model.module for model in MODELS.values()}
    assert not imported & {"tensorflow", "sklearn", "scipy", "pandas", "pyarrow"}

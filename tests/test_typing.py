"""Type checkers and editors see the estimators that are imported when they are first used."""

import sys

import pytest
from mypy import api

import backprop
from backprop.models import estimator

CODE = """
from backprop import BackpropClassifier

BackpropClassifier((5,), learning_rate_init=0.1)
BackpropClassifier(max_iter="10")
"""

ONLY_OURS = """
[mypy]
follow_imports = skip
[mypy-backprop,backprop.models.*]
follow_imports = silent
"""


def test_a_parameter_of_another_type_is_an_error_of_the_type_checker(tmp_path):
    file, config = tmp_path / "used.py", tmp_path / "mypy.ini"
    file.write_text(CODE)
    config.write_text(ONLY_OURS)
    options = ["--cache-dir", str(tmp_path), "--ignore-missing-imports"]
    options += ["--config-file", str(config)]
    output, errors, _ = api.run([*options, "--python-executable", sys.executable, str(file)])
    messages = [
        line.partition("used.py:")[2] for line in output.splitlines() if ": error: " in line
    ]
    assert [line.partition(":")[0] for line in messages] == ["5"], output + errors
    assert 'Argument "max_iter" to "BackpropClassifier" has incompatible type "str"' in messages[0]


def test_completion_shows_what_users_import():
    assert dir(backprop) == sorted([*backprop.__all__, "__version__"])
    assert {*backprop.HOMES} == {*backprop.__all__}
    assert backprop.BackpropClassifier is estimator.BackpropClassifier


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Clasifier'"):
        backprop.Clasifier  # noqa: B018

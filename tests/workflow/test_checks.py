import copy
import json
import math
import re

import pytest
import yaml
from jsonschema import Draft202012Validator
from project import ROOT
from steps import steps

from backprop.errors import BackpropError
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.config_check.config_schema import read_schema

SCHEMA = read_schema()
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
MISSING = object()

HIDDEN = (
    "a list, with at least 1 item, with at most 20 items "
    "(the number of nodes of each hidden layer, first to last)"
)
NODES = "a whole number, at least 1, at most 100000"
RATE = "a number, more than 0 (the learning rate, eta)"
ACTIVATION = f"one of {', '.join(ACTIVATIONS)} (the activation function of the hidden layers)"
MODELS = "one of logistic, softmax, scratch, tensorflow"
SEED = "a whole number, at least 0, at most 4294967295 (the seed of all random numbers)"
EPOCHS = (
    "a whole number, at least 1, at most 1000000 "
    "(the maximum number of passes over the training samples)"
)

# The key that is changed, its value, and the line that must say so.
BAD = [
    ("seed", "1", f'seed: found "1"; use {SEED}'),
    ("seed", b"1", f"use {SEED}"),
    ("seed", None, f"seed: found nothing; use {SEED}"),
    ("seed", MISSING, "seed: missing; it is the seed of all random numbers"),
    ("datasets", {}, "datasets: found {}; use a mapping of keys to values, with at least 1 key"),
    ("learning", {"shares": [0.5, 0.5]}, "learning.shares"),
    ("learning", {"shares": [1]}, "learning.shares: found [1]; name a share below 1, too"),
    ("comparison.costs", {"missed": -1, "false_alarm": 1}, "costs.missed: found -1; use a number"),
    ("comparison.costs", {"missed": 0, "false_alarm": 1}, "found 0; use a number, more than 0"),
    ("comparison.costs", {"mised": 1, "false_alarm": 1},
     "costs.mised: unknown key (did you mean missed?); use one of missed, false_alarm"),
    ("comparison.costs", {"missed": 5}, "costs.false_alarm: found nothing; use a number, more"),
    ("comparison.costs", {"missed": {"a": 5}, "false_alarm": 1},
     'costs.missed: found {"a": 5}; use a number, more than 0'),
    ("comparison.costs", {"a": {"b": 5}, "missed": 5, "false_alarm": 1}, "costs.a: unknown key"),
    ("comparison.costs", {"a": {"b": -5}},
     "comparison.costs.a.b: found -5; use a number, at least 0 (the cost of a row that is decided"),
    ("comparison.costs", {"a": {"b": float("inf")}}, "costs.a.b: found inf; use a finite number"),
    ("comparison.costs", {"a": {"a": 2}},
     "comparison.costs.a.a: found 2, the cost of a right decision; leave it out, as it is 0"),
    ("comparison.costs", {0: {"b": 5}},
     "comparison.costs: found 0; use a text (the name of a class, a number in quotes)"),
    ("comparison", {"threshold": 1}, "comparison.threshold: found 1; use a number"),
    ("datasets", {"a/b": CONFIG["datasets"]["ex4"]}, 'datasets: found "a/b"; use a text'),
    *(
        (
            "datasets",
            {name: CONFIG["datasets"]["ex4"]},
            "a text, of at most 100 characters, of letters from A to Z, digits, _ and -, with a "
            "letter or digit first, other than candidates, logs, records, report (the name of a "
            "data set, and of its folder)",
        )
        for name in ("candidates", "logs", "records", "report")
    ),
    ("datasets", dict.fromkeys(["ex4", "Ex4"], CONFIG["datasets"]["ex4"]),
     "datasets: found ex4 and Ex4, which differ only in case; use names that differ in"),
    ("datasets.ex4.source", MISSING, "datasets.ex4.source: missing; it is where the data come"),
    ("datasets.ex4.features", ["a", "a"],
     'datasets.ex4.features: "a" is in the list more than once; use each value once'),
    *(
        (
            "datasets.ex4.row",
            noun,
            f"datasets.ex4.row: found {json.dumps(noun)}; use a text, of at most 40 "
            "characters, of alphanumeric characters",
        )
        for noun in ("", "<b>", "row\n", "a" * 41)
    ),
    ("datasets.ex4.positive", ["a"], 'found ["a"]; use a text or a number or true or false'),
    ("datasets.ex4.missing_values", [False], "item 1: found false; use a text or a number, not em"),
    ("datasets.ex4.lable", "admitted",
     "datasets.ex4.lable: unknown key (did you mean label?); use one of source, features, label"),
    ("validation", MISSING, "validation: missing; it is repeated stratified k-fold"),
    ("validation.inner_folds", 1,
     "validation.inner_folds: found 1; use a whole number or null, at least 2 (the number "
     "of folds of each training set"),
    ("training.epochs", 1000.0, f"training.epochs: found 1000.0; use {EPOCHS}"),
    ("training.epochs", "1e3",
     f'training.epochs: found "1e3" (YAML reads it as text: write 1000); use {EPOCHS}'),
    ("training.epochs", "0800",
     f'training.epochs: found "0800" (YAML reads it as text: write 800); use {EPOCHS}'),
    ("datasets.ex4.sha256", "a" * 64 + "\n", "datasets.ex4.sha256: found"),
    ("training.tolerance", math.inf, "training.tolerance: found inf; use a finite number"),
    ("training.tolerance", "1e-6",
     'training.tolerance: found "1e-6" (YAML reads it as text: write 1.0e-6); use a number'),
    ("models", ["scratch", "softmax"],
     'models: ["scratch", "softmax"] lacks `logistic`, which the others are compared with'),
    ("models", ["logistic", "scratch", "scratch"],
     'models: "scratch" is in the list more than once; use each value once'),
    ("models", ["logistic", "tensorflw"],
     f'models, item 2: found "tensorflw" (did you mean tensorflow?); use {MODELS}'),
    ("reference.hidden", 10, f"reference.hidden: found 10; use {HIDDEN}"),
    ("reference.hidden", [5, 0], f"reference.hidden, item 2: found 0; use {NODES}"),
    ("reference.activation", "sigmiod",
     f'reference.activation: found "sigmiod" (did you mean sigmoid?); use {ACTIVATION}'),
    ("reference.learning_rate", 10**400, "0; use a finite number"),
    ("reference.learning_rate", "1.5E3",
     f'reference.learning_rate: found "1.5E3" (YAML reads it as text: write 1.5e+3); use {RATE}'),
    ("reference.momentum", 1.0, "reference.momentum: found 1.0; use a number, at least 0, less"),
    ("vary.beta_1", [0.5],
     "vary.beta_1: has no effect, as no configuration with these values has the optimiser adam; "
     "use reference.optimiser: adam"),
    ("also", [{"optimiser": "adam", "momentum": 0.5}],
     "also, item 1.momentum: has no effect; name optimiser: momentum with it"),
    ("vary.hidden", [[2], [5, -1]], f"vary.hidden, item 2, item 2: found -1; use {NODES}"),
    ("vary.hidden", [[2], [2]], "vary.hidden: [2] is in the list more than once; use each"),
    ("vary.learning_rate", [1, 1.0], "vary.learning_rate: 1.0 is in the list more than once"),
    ("vary.learning_rate", ["1e5"],
     'vary.learning_rate, item 1: found "1e5" (YAML reads it as text: write 1.0e+5); use '),
    ("sead", 1, "sead: unknown key (did you mean seed?); use one of seed, datasets, validation,"),
    (5, 1, "5: unknown key; use one of seed, datasets, validation, training, models,"),
]  # fmt: skip
JARGON = (
    r"is not of type|does not match|is a required|Additional prop|Traceback|\$|None|valid under"
)


def changed(key, value, config=CONFIG):
    config = copy.deepcopy(config)
    *parents, last = key.split(".") if isinstance(key, str) else [key]
    section = config
    for parent in parents:
        section = section.setdefault(parent, {})
    if value is MISSING:
        del section[last]
    else:
        section[last] = value
    return config


def refusal(config):
    with pytest.raises(BackpropError) as refused:
        check_config(config)
    return str(refused.value)


def test_config_yaml_is_valid():
    check_config(CONFIG)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("training.patience", 5), ("training.tolerance", 0), ("reference.learning_rate", 1),
        ("reference.hidden", [1, 1, 1]), ("vary", {}), ("vary.hidden", MISSING), ("search", "grid"),
        ("models", ["logistic"]), ("datasets.ex4.sha256", MISSING),
        ("comparison.costs", {"missed": 5, "false_alarm": 0.5}),
        ("comparison.costs", {"missed": {"false_alarm": 0}, "no such class": {"0": 5}}),
        ("datasets.other-2_a", CONFIG["datasets"]["ex4"]),
    ],
)  # fmt: skip
def test_an_allowed_value_passes(key, value):
    check_config(changed(key, value))


@pytest.mark.parametrize(("key", "value", "line"), BAD)
def test_a_bad_value_is_refused_with_its_key_and_what_is_allowed(key, value, line):
    first, *lines = refusal(changed(key, value)).splitlines()
    assert first == "config.yaml is not valid:"
    assert any(line in each for each in lines), lines
    assert all(each.startswith("  ") for each in lines)
    assert len(lines) == len(set(lines))
    # There is no other complaint, and none in the words of the validator.
    assert all(each.strip().startswith(str(key)) for each in lines), lines
    assert not re.search(JARGON, "".join(lines).replace("]*$", ""))


def test_two_lists_of_the_features_are_refused():
    config = copy.deepcopy(CONFIG)
    entry = {"source": "walk.csv", "label": "y", "features": ["a"], "exclude": ["b"]}
    config["datasets"] = {"walk": entry}
    says = "datasets.walk.exclude: found together with `features`; use one of the two"
    assert refusal(config) == f"config.yaml is not valid:\n  {says}"
    entry["exclude"] = []
    check_config(config)


@pytest.mark.parametrize(
    ("entry", "repeats", "says"),
    [
        ({"groups": "g"}, 1, "found together with `groups`; use one of the two"),
        ({"duplicates": "together"}, 1,
         "found together with `duplicates: together`, but equal rows may be far apart in the "
         "order; use duplicates: keep"),
        ({}, 10, "found together with 10 repeats; blocks in an order are the same in each repeat; "
         "use validation.repeats: 1"),
    ],
)  # fmt: skip
def test_what_blocks_in_an_order_do_not_allow_is_refused(entry, repeats, says):
    config = copy.deepcopy(CONFIG)
    config["datasets"] = {"walk": {"source": "walk.csv", "label": "y", "order": "t", **entry}}
    config["validation"]["repeats"] = repeats
    assert refusal(config) == f"config.yaml is not valid:\n  datasets.walk.order: {says}"
    del config["datasets"]["walk"]["order"]
    check_config(config)


def test_a_gap_needs_an_order():
    config = changed("validation.gap", 3)
    says = "found 3 without an order of rows; use `order` of a data set, or leave `gap` out"
    assert refusal(config) == f"config.yaml is not valid:\n  validation.gap: {says}"
    config["datasets"] = {"walk": {"source": "walk.csv", "label": "y", "order": "t"}}
    config["validation"]["repeats"] = 1
    assert check_config(config).validation.gap == 3


def test_a_first_look_at_blocks_in_an_order_has_one_repeat():
    config = copy.deepcopy(CONFIG) | {"first_look": True}
    assert check_config(config).validation.repeats == 10
    config["datasets"] = {"walk": {"source": "walk.csv", "label": "y", "order": "t"}}
    assert check_config(config).validation.repeats == 1
    assert config["validation"]["repeats"] == 10


def test_a_file_that_is_not_a_mapping_is_refused():
    for config in (None, [], "text"):
        assert "the file: found" in refusal(config)


def test_every_fault_has_its_line():
    config = changed("validation", {})
    config["seed"] = -1
    config["vary"]["cost"] = ["mse", "mae"]
    lines = [line.strip().split(":")[0] for line in refusal(config).splitlines()[1:]]
    assert lines == [
        "seed", "validation.folds", "validation.repeats", "vary.cost, item 1", "vary.cost, item 2",
    ]  # fmt: skip


def of_many_faults(faults):
    config = changed("datasets.ex4.features", [1, "a"] * faults)
    config["vary"] |= {"activation": [f"none{n}" for n in range(faults)]}
    config["training"] |= {f"key{n}\n": n for n in range(faults)}
    return config | {"k" * 100_000: 1}


def test_the_steps_to_a_message_grow_as_the_faults():
    few, many = (steps(lambda n=n: refusal(of_many_faults(n))) for n in (400, 800))
    assert many < 2.1 * few


def test_a_message_is_short_however_many_faults_there_are():
    lines = refusal(of_many_faults(1_000)).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "  and 2,982 more"
    assert max(map(len, lines)) < 1100


@pytest.mark.parametrize(
    ("key", "table"),
    [("activation", ACTIVATIONS), ("cost", COSTS), ("initialisation", INITIALISATIONS)],
)
def test_the_tables_of_the_library_decide_what_is_allowed(key, table, monkeypatch):
    for name in table:
        check_config(changed(f"reference.{key}", name))
    assert "one of " + ", ".join(table) in refusal(changed(f"reference.{key}", "softsign"))
    monkeypatch.setitem(table, "softsign", None)
    check_config(changed(f"reference.{key}", "softsign"))


def keys_of(schema, path=""):
    """Yield (path, schema, required) for every key that a schema knows."""
    known = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        known["ex4"] = schema["additionalProperties"]
    for key, of_key in known.items():
        where = f"{path}.{key}" if path else key
        yield where, of_key, key in schema.get("required", [])
        yield from keys_of(of_key, where)


@pytest.mark.parametrize("value", [None, True, -1, 10**11, 1.5, "a\n", ["", ""], {"": 1}])
def test_each_key_refuses_each_value_that_its_entry_does_not_allow(value):
    forbidding = [
        where
        for where, schema, _ in keys_of(SCHEMA)
        if not Draft202012Validator(schema).is_valid(value)
    ]
    assert len(forbidding) > 30
    for depth in range(3):
        every = [where for where in forbidding if where.count(".") == depth]
        for few in batched(every, 6):  # a message has at most 20 lines
            config = CONFIG
            for where in few:
                config = changed(where, value, config)
            said = refusal(config)
            assert [where for where in few if f"\n  {where}" not in said] == [], said
            assert not re.search(JARGON, said.replace("]*$", "")), said


def batched(values, size):
    return [values[n : n + size] for n in range(0, len(values), size)]


def paths_of(config, path=""):
    for key, value in config.items():
        where = f"{path}.{key}" if path else key
        yield where
        if isinstance(value, dict):
            yield from paths_of(value, where)


def test_the_schema_and_config_yaml_have_the_same_keys():
    known = {where for where, *_ in keys_of(SCHEMA)}
    comments = (ROOT / "config.yaml").read_text(encoding="utf-8")
    in_comments = set(re.findall("^ *# +([a-z_0-9]+):", comments, re.MULTILINE))
    for where in known - set(paths_of(CONFIG)):
        if where.startswith("datasets.") and where.endswith(".ex4"):  # the name of a column
            continue
        last = where.replace(".ex4", "").split(".")[-1]  # of a name of the user, its section
        assert {where.split(".")[0], last} & in_comments, (
            f"explain {where} in a comment of config.yaml"
        )
    assert set(paths_of(CONFIG)) <= known
    of_data = {where for where in known if where.startswith("datasets.ex4.")}
    assert {where.split(".")[2] for where in of_data} <= in_comments


def test_these_keys_and_no_others_have_to_be_in_a_config():
    assert [where for where, _, required in keys_of(SCHEMA) if required] == [
        "seed", "datasets", "datasets.ex4.source",
        "validation", "validation.folds", "validation.repeats",
        "training", "training.epochs", "training.patience", "training.tolerance",
        "models", "estimators.ex4.class",
        "reference", "reference.hidden", "reference.activation", "reference.cost",
        "reference.learning_rate", "reference.initialisation",
        "vary", "comparison", "comparison.rope", "search",
    ]  # fmt: skip


def test_every_key_of_the_schema_is_described_and_every_section_refuses_unknown_keys():
    for where, schema, _ in keys_of(SCHEMA):
        assert schema["description"].strip(), where
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is not True, where
            assert "additionalProperties" in schema, where


def test_every_key_of_config_yaml_has_a_comment_above_it():
    lines = (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(r"\w+:", line):
            assert lines[number - 1].startswith("#"), line

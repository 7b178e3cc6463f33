import json

import numpy as np
import pandas as pd
import pytest
from edits import put_in_json
from lecture import EX4, ROOT

from backprop.data.canonical_form import canonical, columns_of
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.errors import BackpropError
from backprop.files import canonical_json, digest
from backprop.models.chosen import Recipe, read_model, write_model
from backprop.models.families import ESTIMATOR, NETWORK, REGRESSION, PredictingFits
from backprop.study.splits import Split

NAN = np.nan
TRAINING = {"epochs": 20, "patience": None}
NETWORK_VALUES = {
    "hidden": [3], "activation": "tanh", "cost": "cross_entropy", "learning_rate": 0.1,
    "initialisation": "uniform", "batch_size": 4, "l2": 0.01,
}  # fmt: skip
FORESTS = "sklearn.ensemble.RandomForestClassifier"
MODELS = {
    "scratch": (NETWORK, "backprop.network.stacked", NETWORK_VALUES),
    "logistic": (REGRESSION, "backprop.models.logistic", {"l2": 0.1}),
    "softmax": (REGRESSION, "backprop.models.softmax", {"l2": 0.1}),
    "forest": (ESTIMATOR, FORESTS, {"n_estimators": 5, "max_depth": 2}),
    "ridge": (ESTIMATOR, "sklearn.linear_model.RidgeClassifier", {"alpha": 2.0}),
}


def mixed(classes=3, gaps=True):
    """Return 60 rows of numbers, categories and missing values, and as many classes."""
    generator = np.random.default_rng(4)
    y = np.arange(60) % classes
    x = np.column_stack(
        [
            generator.normal(y, 1),
            generator.integers(3, size=60),
            generator.normal(size=60) * 1e6,
            np.arange(60) % 2,
        ]
    )
    if gaps:
        x[:12, 0] = x[5:9, 1] = x[3, 2] = NAN
    names = tuple(f"class {number}" for number in range(classes))
    texts = {"colour": ("=red", "green", "blue"), "wild": ("False", "True")}
    return Dataset(("length", "colour", "mass", "wild"), "kind", x, y, names, texts)


def recipe(name, **changes):
    family, implementation, values = MODELS[name]
    configuration = family.read({**values, **changes})
    return Recipe(
        model=name,
        family=family,
        implementation=implementation,
        configuration=configuration,
        seed=7,
        training=TRAINING if family is NETWORK else {},
    )


def store(folder, dataset, fitted, reason=None):
    """Write a data set, the candidates and a model as a run does; return the model's file."""
    data, file = folder / "results/mine/data", folder / "results/mine/model/model.json"
    for each in (data, file.parent, folder / "results/candidates"):
        each.mkdir(parents=True, exist_ok=True)
    (data / "dataset.csv").write_bytes(canonical(dataset))
    (data / "columns.json").write_text(json.dumps(columns_of(dataset)))
    candidates = [[name, [values]] for name, (_, _, values) in MODELS.items()]
    candidates[1][1].append({"l2": 0.3})
    candidates.append(["other", "scratch"])
    (folder / "results/candidates.json").write_text(canonical_json(candidates))
    models = {name: {"family": f.name, "implementation": i} for name, (f, i, _) in MODELS.items()}
    models["other"] = models["scratch"]
    write_model(
        file,
        fitted,
        recommendation={"kind": "baseline", "reason": reason},
        study={
            "seed": 7,
            "training": TRAINING,
            "missing_values": ["k.A.", -9],
            "layout": {},
            "models": models,
        },
        data={each.name: digest(each) for each in data.iterdir()},
    )
    return file


def in_memory(of, dataset, x):
    """Return the probabilities and the classes without a file: by the fit on all rows."""
    split = Split(0, 0, np.arange(len(dataset.y)), np.arange(1))
    (trained,) = of.family.train(
        of.implementation, [(of.configuration, split)], dataset, seed=7, training=of.training
    )
    inputs = Encoder.of(dataset, split.train).apply(x)
    predicting = PredictingFits(
        of.implementation, of.configuration, [split], [trained.parameters], [inputs], dataset, 7
    )
    p, classes = of.family.predict(predicting)
    return p[..., 0], [dataset.classes[place] for place in classes[:, 0]]


def table_of(dataset, x):
    """Return rows as a data frame of texts and numbers, its columns in another order."""
    columns = {}
    for place, name in list(enumerate(dataset.features))[::-1]:
        texts = dataset.categories.get(name)
        columns[name] = [
            None if np.isnan(cell) else texts[int(cell)] if texts else cell for cell in x[:, place]
        ]
    return pd.DataFrame(columns)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("name", MODELS)
def test_a_file_predicts_the_same_to_the_last_bit_as_the_model_in_memory(
    tmp_path, name, classes, gaps
):
    dataset = mixed(classes, gaps)
    x = dataset.x[::-1].copy()
    x[4, 0] *= 1.3
    file = store(tmp_path, dataset, recipe(name).fit(dataset))
    fitted = read_model(file)
    p = fitted.predict_proba(table_of(dataset, x))
    expected, classes_named = in_memory(recipe(name), dataset, x)
    np.testing.assert_array_equal(p, expected)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    assert p.shape == (60, classes)
    assert fitted.doubts == ()
    assert fitted.predict(table_of(dataset, x)) == classes_named


@pytest.mark.parametrize("name", ["scratch", "logistic"])
def test_a_file_of_numbers_alone_predicts_the_same_too(tmp_path, name):
    file = store(tmp_path, EX4, recipe(name).fit(EX4))
    p = read_model(file).predict_proba(ROOT / "resources/ex4.csv")
    np.testing.assert_array_equal(p, in_memory(recipe(name), EX4, EX4.x)[0])


def test_a_file_of_numbers_needs_no_data_and_an_estimator_does(tmp_path):
    dataset = mixed()
    rows = table_of(dataset, dataset.x)
    for name in ("scratch", "forest"):
        file = store(tmp_path / name, dataset, recipe(name).fit(dataset))
        with_data = read_model(file).predict_proba(rows)
        alone = tmp_path / f"{name} alone/a/b/model.json"
        alone.parent.mkdir(parents=True)
        alone.write_bytes(file.read_bytes())
        if name == "scratch":
            np.testing.assert_array_equal(read_model(alone).predict_proba(rows), with_data)
        else:
            with pytest.raises(BackpropError, match=r"dataset\.csv.*No such file"):
                read_model(alone)


@pytest.mark.parametrize("name", ["logistic", "forest"])
def test_other_data_beside_a_file_are_refused(tmp_path, name):
    dataset = mixed()
    file = store(tmp_path, dataset, recipe(name).fit(dataset))
    table = tmp_path / "results/mine/data/dataset.csv"
    text = table.read_text()
    table.write_text(text.replace("class 0", "class 1", 1))
    with pytest.raises(BackpropError, match="made from other data than those in"):
        read_model(file)
    with pytest.raises(BackpropError, match="made from other data than those in"):
        read_model(file, "softmax")


def test_other_versions_and_a_fit_in_doubt_are_named(tmp_path):
    x = np.array([[0.0], [1], [2], [3]])
    separated = Dataset(("a",), "y", x, np.array([0, 0, 1, 1]))
    file = store(tmp_path, separated, recipe("logistic", l2=0.0).fit(separated))
    put_in_json(file, "versions.scikit-learn", "0.1")
    first, second = read_model(file).doubts
    assert "separates its classes" in first
    assert second.startswith("it was made with scikit-learn 0.1, and ")


def test_without_a_recommendation_the_reason_and_the_models_are_named(tmp_path):
    file = store(tmp_path, EX4, None, reason="none is better than a guess")
    with pytest.raises(BackpropError) as caught:
        read_model(file)
    assert "none is better than a guess" in str(caught.value)
    assert "name it: scratch or logistic or softmax or forest" in str(caught.value)
    p = read_model(file, "logistic").predict_proba(ROOT / "resources/ex4.csv")
    np.testing.assert_array_equal(p, in_memory(recipe("logistic"), EX4, EX4.x)[0])


def test_another_model_and_configuration_of_the_study_can_be_named(tmp_path):
    file = store(tmp_path, EX4, recipe("softmax").fit(EX4))
    tuned = read_model(file, "logistic", "l2=0.3")
    expected, _ = in_memory(recipe("logistic", l2=0.3), EX4, EX4.x)
    np.testing.assert_array_equal(tuned.predict_proba(ROOT / "resources/ex4.csv"), expected)
    shared = read_model(file, "other").recipe.configuration
    assert shared == read_model(file, "scratch").recipe.configuration
    with pytest.raises(BackpropError, match=r"no model 'logistics'; use one .* mean logistic"):
        read_model(file, "logistics")
    with pytest.raises(BackpropError, match=r"no configuration of logistic 'l2=0\.4'; use one of"):
        read_model(file, "logistic", "l2=0.4")
    with pytest.raises(BackpropError, match="name its model, too"):
        read_model(file, configuration="l2=0.3")


def test_costs_of_the_study_decide_the_class_of_new_rows_and_no_probability(tmp_path):
    file = store(tmp_path, EX4, recipe("logistic").fit(EX4))
    new, plain = ROOT / "resources/ex4.csv", read_model(file)
    put_in_json(file, ["study", "costs"], {"missed": 4, "false_alarm": 1})  # a threshold of 0.2
    for fitted in (read_model(file), read_model(file, "logistic")):
        p = fitted.predict_proba(new)
        np.testing.assert_array_equal(p, plain.predict_proba(new))
        assert fitted.predict(new) == ["1" if own >= 0.2 else "0" for own in p[:, 1]]
        assert fitted.predict(new) != plain.predict(new)


def test_costs_of_several_classes_decide_the_class_of_new_rows(tmp_path):
    dataset = mixed(gaps=False)
    file = store(tmp_path, dataset, recipe("softmax").fit(dataset))
    put_in_json(file, ["study", "costs"], {"class 2": {"class 0": 9}})
    row = {"length": [0.3], "colour": ["=red"], "mass": [0], "wild": ["True"]}
    for fitted in (read_model(file), read_model(file, "logistic")):
        ((p0, p1, p2),) = fitted.predict_proba(row)
        costs = p1 + 9 * p2, p0 + p2, p0 + p1
        assert p0 == max(p0, p1, p2)
        assert fitted.predict(row) == [f"class {np.argmin(costs)}"] != ["class 0"]
    put_in_json(file, ["study", "costs"], {"class 3": {"class 0": 9}})
    for model in (None, "logistic"):
        with pytest.raises(BackpropError, match="found the class 'class 3'; use 'class 0'"):
            read_model(file, model)
    for costs in ([4, 1], {"class 0": {"class 1": "x"}}):
        put_in_json(file, ["study", "costs"], costs)
        with pytest.raises(BackpropError, match="not a model of this version"):
            read_model(file, "logistic")


def test_marks_of_missing_values_count_in_new_rows(tmp_path):
    dataset = mixed()
    file = store(tmp_path, dataset, recipe("logistic").fit(dataset))
    marked = {"length": ["k.A.", "-9.0"], "colour": ["k.A.", "-9"], "mass": [1, 2], "wild": [0, 0]}
    plain = {**marked, "length": [None, None], "colour": [None, None]}
    for fitted in (read_model(file), read_model(file, "scratch")):
        np.testing.assert_array_equal(fitted.predict_proba(marked), fitted.predict_proba(plain))


def test_a_fit_that_diverges_or_fails_is_refused():
    with pytest.raises(BackpropError, match="to all rows diverged"):
        recipe("scratch", learning_rate=1e300, activation="relu").fit(EX4)
    with pytest.raises(BackpropError, match=r"to all rows failed: .*n_estimators"):
        recipe("forest", n_estimators=-1).fit(EX4)


EDITS = [
    ("format", 2),
    ("model", []),
    ("model.parameters", [1.0]),
    ("model.parameters", ["x"] * 16),
    ("model.parameters", {}),
    ("model.configuration.hidden", [10**9]),
    ("model.configuration.hidden", None),
    ("model.configuration.activation", "eval"),
    ("model.classes", ["a", "b", "c"]),
    ("model.columns", []),
    (("model", "columns", 0, "fill"), "x"),
    (("model", "columns", 0, "lowest"), 10**400),
    (("model", "columns", 0, "categories"), [1]),
    (("model", "columns", 0, "categories"), ["x"]),
    (("model", "inputs", 0, "column"), 7),
    (("model", "inputs", 0, "kind"), "import os"),
    ("model.scaling.mean", [0.0]),
    ("model.scaling.exponent", [0.5, 0.5]),
    ("model.name", "nobody"),
    ("study.models.scratch.implementation", "os"),
    ("study.models.scratch.family", "pickle"),
    ("study.models", None),
    ("study.seed", "x"),
    ("study.missing_values", [[]]),
    ("recommendation", None),
    ("data", {}),
    ("versions", 5),
]
"""What can be wrong in a file: keys to a value, and the value."""


@pytest.mark.parametrize(("keys", "value"), EDITS)
def test_a_file_that_is_wrong_is_refused_in_one_message(tmp_path, keys, value):
    file = store(tmp_path, EX4, recipe("scratch").fit(EX4))
    put_in_json(file, keys, value)
    with pytest.raises(BackpropError, match="not a model of this version"):
        read_model(file)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_network_whose_outputs_overflow_is_refused(tmp_path):
    """Of three infinite outputs, the softmax is not a number."""
    file = store(tmp_path, mixed(), recipe("scratch").fit(mixed()))
    number = len(json.loads(file.read_text())["model"]["parameters"])
    put_in_json(file, "model.parameters", [1e308] * number)
    with pytest.raises(BackpropError, match="no probability of each class"):
        read_model(file)


@pytest.mark.parametrize("implementation", ["os.system", "sklearn.utils.Bunch", "sklearn.no.Such"])
def test_a_file_imports_nothing_but_models(tmp_path, implementation):
    file = store(tmp_path, EX4, recipe("forest").fit(EX4))
    file.write_text(file.read_text().replace(FORESTS, implementation))
    with pytest.raises(BackpropError, match="not a model of this version"):
        read_model(file)


@pytest.mark.parametrize(
    "content", ["", "[]", "5", "[" * 100_000, '{"format": NaN}', "{}", "null", "\udc80", "\x1b"]
)
def test_a_file_that_is_no_model_is_refused_in_one_message(tmp_path, content):
    file = tmp_path / "a/b/model.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(BackpropError, match="not a model of this version"):
        read_model(file)

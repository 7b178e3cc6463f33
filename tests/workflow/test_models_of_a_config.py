"""What a config may say about models: classifiers of scikit-learn, weight decay, batches."""

import copy
import json
import sys

import pytest
from declared import Declared
from full_config import typed
from project import ROOT, SMALL

from backprop.errors import BackpropError
from backprop.files import canonical_json
from backprop.models.candidate_lists import read_candidates
from backprop.models.registry import (
    ESTIMATOR_COLOURS,
    ESTIMATOR_MARKERS,
    MODELS,
    added_models,
    looks_of,
)
from backprop.workflow.config_check import classifiers
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.plan.plan import Plan

KNN = {
    "class": "sklearn.neighbors.KNeighborsClassifier",
    "reference": {"n_neighbors": 15},
    "vary": {"n_neighbors": [1, 5]},
}


def config(models=("logistic", "knn"), **sections):
    return copy.deepcopy(SMALL) | {"models": list(models)} | sections


def knn(**changes):
    return config(estimators={"knn": {**KNN, **changes}})


def refusal(content):
    with pytest.raises(BackpropError) as caught:
        check_config(content)
    header, *lines = str(caught.value).splitlines()
    assert header == "config.yaml is not valid:"
    return [line.strip() for line in lines]


def test_a_classifier_of_scikit_learn_is_accepted():
    check_config(knn())
    check_config(config(estimators={"knn": {"class": KNN["class"]}}))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("sklearn.neighbors.KNeighbourClassifier", "sklearn.neighbors.KNeighborsClassifier"),
        ("KNeighborsClassifier", "sklearn.neighbors.KNeighborsClassifier"),
        ("sklearn.svm.SCV", "sklearn.svm.SVC"),
    ],
)
def test_a_typo_in_a_class_gets_the_nearest_name(name, hint):
    (line,) = refusal(knn(**{"class": name}))
    assert line.startswith(f'estimators.knn.class: found "{name}" (did you mean {hint}?); use ')


@pytest.mark.parametrize(
    "name",
    [
        "os.system", "subprocess.Popen", "sklearn.os.system", "sklearn.utils.all_estimators",
        "sklearn.linear_model.LinearRegression", "sklearn.ensemble.VotingClassifier",
        "sklearn.svm.SVC()", "sklearn.svm.SVC\n", "backprop.models.registry.Model",
        "__import__('os').system('touch hacked')", "",
    ],
)  # fmt: skip
def test_nothing_but_a_classifier_of_scikit_learn_is_imported(in_a_folder, name, tmp_path):
    classifiers.allowed_classes()  # which imports scikit-learn, and all that this imports
    before = set(sys.modules)
    (line,) = refusal(knn(**{"class": name}))
    assert line.startswith("estimators.knn.class: found")
    assert "use a classifier of scikit-learn" in line
    assert not [m for m in set(sys.modules) - before if not m.startswith("sklearn")]
    assert not list(tmp_path.iterdir())


def test_every_value_is_checked_by_its_class_and_each_fault_has_a_line():
    entry = {"reference": {"n_neighbors": "many", "p": 2}, "vary": {"n_neighbors": [1, 0]}}
    lines = refusal(knn(**entry))
    expected = "an int in the range [1, inf) or None"
    assert lines == [
        f'estimators.knn.reference.n_neighbors: found "many"; use {expected}',
        f"estimators.knn.vary.n_neighbors, item 2: found 0; use {expected}",
    ]


SVC, NEIGHBOURS = "sklearn.svm.SVC", KNN["class"]
TEXT = "YAML reads it as text: write"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            {"class": NEIGHBOURS, "reference": {"n_neighbours": 15}},
            ".reference.n_neighbours: unknown "
            "key (did you mean n_neighbors?); use one of n_neighbors, weights",
        ),
        (
            {"class": NEIGHBOURS, "vary": {"n_neighbors": [1, 5]}},
            ".reference.n_neighbors: missing; it "
            "is the value that those in `vary` replace (scikit-learn's default is 5)",
        ),
        (
            {"class": SVC, "reference": {"C": "1e-3"}},
            f'.reference.C: found "1e-3" ({TEXT} 1.0e-3); use ',
        ),
        (
            {"class": SVC, "reference": {"max_iter": "1e3"}},
            f'.reference.max_iter: found "1e3" ({TEXT} 1000); use ',
        ),
        (
            {"class": SVC, "reference": {"class_weight": "None"}},
            f'.reference.class_weight: found "None" ({TEXT} null); use ',
        ),
        (
            {"class": SVC, "reference": {"kernel": "linaer"}},
            ".reference.kernel: found \"linaer\" (did you mean linear?); use a str among 'linear', "
            "'poly', 'precomputed', 'rbf', 'sigmoid' or a callable",
        ),
        (
            {
                "class": "sklearn.tree.DecisionTreeClassifier",
                "reference": {"max_features": 1},
                "vary": {"max_features": [1.0, "sqrt"]},
            },
            ".vary.max_features, item 1: found 1.0, which "
            "counts as the 1 of `reference`; use another value",
        ),
        (
            {"class": "sklearn.svm.LinearSVC", "reference": {"penalty": "l1", "loss": "hinge"}},
            ": sklearn.svm.LinearSVC refuses",
        ),
        (
            {"class": "sklearn.ensemble.RandomForestClassifier", "reference": {"random_state": 1}},
            ".reference.random_state: leave it out: it derives from `seed`",
        ),
        (
            {"class": "sklearn.ensemble.RandomForestClassifier", "reference": {"n_jobs": 1}},
            ".reference.n_jobs: leave it out: a fit has one core",
        ),
    ],
)
def test_a_value_that_cannot_be_used_gets_a_remedy(entry, says):
    (line,) = refusal(config(("logistic", "own"), estimators={"own": entry}))
    assert line.startswith(f"estimators.own{says}")


@pytest.mark.parametrize(
    "name", ["xgboost.XGBClassifier", "sklearn.multiclass.OneVsRestClassifier"]
)
def test_a_class_that_is_only_called_a_classifier_too_is_not_proposed(name):
    (line,) = refusal(knn(**{"class": name}))
    assert "did you mean" not in line


def test_names_that_differ_only_in_case_are_refused_as_they_name_files():
    own = {"Scratch": {"class": "sklearn.naive_bayes.GaussianNB"}}
    (line,) = refusal(config(("logistic", "scratch", "Scratch"), estimators=own))
    assert line.startswith("models: found scratch and Scratch, which differ only in case; use ")


def test_the_check_of_a_config_does_not_write_to_the_terminal(capfd):
    reference = {"hidden_layer_sizes": [2], "max_iter": 2, "verbose": True}
    entry = {"class": "sklearn.neural_network.MLPClassifier", "reference": reference}
    check_config(config(("logistic", "mlp"), estimators={"mlp": entry}))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "name",
    [*sorted(MODELS), "", "a b", "../knn", "a/b", "a|b", ".*", "{dataset}", "<b>", "é", "x" * 31],
)
def test_a_name_is_a_file_name_and_is_not_taken(name):
    lines = refusal(config(("logistic",), estimators={name: {"class": "sklearn.svm.SVC"}}))
    assert any(line.startswith("estimators: found") for line in lines)


@pytest.mark.parametrize(
    ("section", "entry"), [("estimators", {"svm": {"class": "sklearn.svm.SVC"}}),
                           ("baselines", {"softmax": {"reference": {"l2": 0.1}}})]
)  # fmt: skip
def test_an_entry_for_a_model_that_is_not_used_is_refused(section, entry):
    (line,) = refusal(config(("logistic",), **{section: entry}))
    name = next(iter(entry))
    assert line == f"{section}.{name}: not in `models`; add it there, or remove it here"


@pytest.mark.parametrize("value", [{"a": 1}, [[1]], "a\u202eb", "x" * 101])
def test_a_value_is_a_number_a_text_or_a_list_of_these(value):
    (line,) = refusal(knn(reference={"n_neighbors": value}))
    assert line.startswith("estimators.knn.reference.n_neighbors")


def test_a_model_has_one_colour_though_a_job_reads_the_sections_sorted():
    names = ("knn", "forest", "elsewhere", "boosting")
    own = config(
        ("logistic", *names),
        estimators=dict.fromkeys(("knn", "forest", "boosting"), KNN),
        predictions={"elsewhere": "p.csv"},
    )
    as_read = json.loads(canonical_json(own))
    assert [*as_read["estimators"]] != [*own["estimators"]]
    for each in (own, as_read):
        assert tuple(added_models(typed(each))) == names


def test_the_look_of_a_model_belongs_to_its_name_and_no_other_model_has_it():
    """CRC-32 of "123456789" is 0xCBF43926 = 3421780262, which ends in 2: the third colour."""
    assert looks_of(["123456789"])["123456789"] == (ESTIMATOR_COLOURS[2], ESTIMATOR_MARKERS[2])
    names = [f"model_{number}" for number in range(35)]
    looks = looks_of(names)
    assert looks == looks_of(reversed(names))
    assert len({*looks.values()}) == len(names)
    first = looks_of(names[:10])
    assert {colour for colour, _ in first.values()} == {*ESTIMATOR_COLOURS}


def test_a_job_gets_every_configuration_in_the_order_of_the_models():
    models = ("scratch", "knn", "tensorflow", "logistic")
    content = config(models, estimators={"knn": KNN}, vary={"hidden": [[2], [4, 4]]})
    plan = Plan(content, ROOT)
    declared = Declared(plan)
    candidates = read_candidates(declared.values("candidates", which="all")["candidates"])
    assert list(candidates) == list(models)
    assert candidates == plan.design.candidates
    assert [c.hidden for c in candidates["tensorflow"]] == [(3,), (2,), (4, 4)]
    assert [c.name for c in candidates["knn"]] == [f"n_neighbors={n}" for n in (15, 1, 5)]

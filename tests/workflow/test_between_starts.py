"""Large tables, and classifiers without faults, are remembered with what they follow from."""

import numpy as np
import pytest
from project import SMALL

from backprop.commands.first_config import ROOT
from backprop.data.dataset import Dataset
from backprop.errors import BackpropError
from backprop.workflow.config_check import checks
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.plan import datasets
from backprop.workflow.plan.plan import Plan
from backprop.workflow.records import between_starts
from backprop.workflow.records.between_starts import recall_dataset, remember_dataset

DATA = Dataset(
    features=("a", "é"),
    label="y",
    x=np.array([[0.1, 0.0], [np.nan, 1.0]]),
    y=np.array([0, 1]),
    classes=("u", "v"),
    categories={"é": ("p", "q")},
    order=np.array([1, 0]),
    remarks=("one",),
)


pytestmark = pytest.mark.usefixtures("in_a_folder")


def test_a_data_set_is_recalled_as_it_was_and_only_by_its_key():
    remember_dataset("d", "key", DATA)
    data = recall_dataset("d", "key")
    assert vars(data).keys() == vars(DATA).keys()
    for name, value in vars(DATA).items():
        np.testing.assert_array_equal(getattr(data, name), value)
    assert (data.features, data.categories) == (DATA.features, DATA.categories)
    assert recall_dataset("d", "another") is None
    assert recall_dataset("e", "key") is None


@pytest.mark.parametrize("place", [0, 200, -1])
def test_a_damaged_file_is_not_used(tmp_path, place):
    remember_dataset("d", "key", DATA)
    (file,) = (tmp_path / between_starts.FOLDER / "tables").iterdir()
    content = bytearray(file.read_bytes())
    content[place] ^= 0xFF
    file.write_bytes(content if place >= 0 else content[: len(content) // 2])
    assert recall_dataset("d", "key") is None


def test_a_start_reads_a_large_table_again_only_if_something_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "LARGE_BYTES", 10)
    reads = []
    obtain = datasets.obtain
    monkeypatch.setattr(
        datasets, "obtain", lambda *a, **options: reads.append(1) or obtain(*a, **options)
    )
    entry = {"source": "t.csv", "label": "y"}
    rows = [f"{n % 7},{n % 5},{n % 2}" for n in range(60)]

    def start(**keys):
        config = SMALL | {"datasets": {"t": entry | keys}}
        (tmp_path / "t.csv").write_text("\n".join(["a,b,y", *rows, ""]))
        return Plan(config, ROOT).datasets.data("t").x.tolist()

    first = start()
    assert start() == first
    assert len(reads) == 1
    start(exclude=["b"])
    assert len(reads) == 2
    rows[0] = "9,9,1"
    assert start()[0] == [9.0, 9.0]
    assert len(reads) == 3


# Classifiers

KNN = {"class": "sklearn.neighbors.KNeighborsClassifier", "reference": {"n_neighbors": 15}}


def test_a_classifier_that_passed_is_tried_again_after_an_edit_or_with_another_version(monkeypatch):
    checks.remember_tried([KNN])
    assert checks.untried({"own": KNN}) == {}
    edited = {"own": {**KNN, "reference": {"n_neighbors": 15.0}}}
    assert checks.untried(edited) == edited
    monkeypatch.setattr(checks, "version", lambda name: "0.1")
    assert checks.untried({"own": KNN})


def test_a_refusal_is_not_remembered():
    own = {"class": "sklearn.naive_bayes.MultinomialNB"}
    for _ in range(2):
        with pytest.raises(BackpropError, match=r"MultinomialNB refuses {}: Negative"):
            check_config(SMALL | {"models": ["logistic", "own"], "estimators": {"own": own}})

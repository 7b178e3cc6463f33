"""The live page is one file, below the limit, and keeps what there is room for."""

import base64
import dataclasses
import json
import re
from types import SimpleNamespace

import jsonschema
import numpy as np
import pandas as pd
import pytest
from lecture import EX4, IRIS, ROOT
from live_study import REFERENCE, changed, study

from backprop.report.live import page
from backprop.report.live.page import live_page
from backprop.report.live.study_data import bytes_of_numbers
from backprop.study.cross_validation import draw_folds

TRAINING = {"epochs": 4, "patience": None}


class Results(SimpleNamespace):
    """The part of results that the page reads; the fits of its configurations are trained here."""

    def __init__(self, dataset, *configurations):
        splits, self.known = study(dataset, *configurations)
        super().__init__(
            dataset=dataset,
            splits={(s.repeat + 1, s.fold + 1): s for s in splits},
            folds=draw_folds(dataset.y, folds=3, repeats=1, seed=1),
            candidates={"logistic": [], "scratch": [*configurations]},
            seed=1,
        )
        self.configurations = configurations
        self.read, self.tables, self.curves = [], {}, [([], [])] * len(splits)

    def __contains__(self, table):
        return table in self.tables

    def fits(self, columns, *, configurations):
        self.read.append((configurations, columns))
        rows = []
        for c, fits in zip(self.configurations, self.known["fits"], strict=True):
            for fit, split, curve in zip(fits, self.splits.values(), self.curves, strict=True):
                numbers = np.frombuffer(base64.b64decode(fit["numbers"]), "<f8")
                cut = len(numbers) - len(split.test)
                row = {
                    "configuration": c.name, "repeat": split.repeat + 1, "fold": split.fold + 1,
                    "status": fit["status"], "epochs": fit["epochs"], "parameters": numbers[:cut],
                    "probabilities": numbers[cut:], "curve_epochs": curve[0],
                    "train_cost": curve[1],
                }  # fmt: skip
                if c.name in configurations:
                    rows.append({name: row[name] for name in columns})
        return pd.DataFrame(rows)


SCHEMA = json.loads((ROOT / "page/study.schema.json").read_text(encoding="utf-8"))


def known_of(html):
    """Return what a page knows, which is as its schema declares."""
    (text,) = re.findall(r'id="study">(.*?)</script>', html, flags=re.DOTALL)
    known = json.loads(text)
    jsonschema.validate(known, SCHEMA)
    return known


@pytest.fixture(scope="module")
def results():
    return Results(EX4, REFERENCE, changed(hidden=(2,)))


def test_a_page_has_all_configurations_and_their_fits(results):
    known = known_of(live_page(results, TRAINING, "ex4"))
    assert known["fits"] == results.known["fits"]
    assert known["names"] == ["", "2 hidden nodes"]
    assert known["size"] == {"rows": 80, "inputs": 2, "configurations": 2, "kept": 2}
    assert known["seed"] == "1"
    assert known["chaotic"] == [None, None]


def test_a_table_of_the_reader_has_looks_for_all_its_classes(results):
    source = (ROOT / "page/src/own_table.js").read_text(encoding="utf-8")
    most = int(re.search(r"MOST_OWN_CLASSES = (\d+)", source)[1])
    known = known_of(live_page(results, TRAINING, "ex4"))
    for looks in ("colours", "markers"):
        assert len(set(known[looks])) == len(known[looks]) >= most


def test_a_page_keeps_what_there_is_room_for_to_the_byte(monkeypatch, results):
    def kept_in(most):
        monkeypatch.setattr(page, "MOST_BYTES", most)
        html = live_page(results, TRAINING, "ex4")
        return known_of(html)["size"]["kept"], len(html.encode())

    kept, every = kept_in(page.MOST_BYTES)
    assert kept == 2
    assert kept_in(every) == (2, every)
    kept, reference = kept_in(every - 1)
    assert kept == 1
    assert kept_in(reference) == (1, reference)
    kept, none = kept_in(reference - 1)
    assert kept == 0
    assert none < reference


def test_numbers_that_are_too_large_are_not_read(monkeypatch, results):
    monkeypatch.setattr(page, "MOST_BYTES", 1000)
    before = len(results.read)
    assert known_of(live_page(results, TRAINING, "ex4"))["configurations"] == []
    assert not any("parameters" in columns for _, columns in results.read[before:])


@pytest.mark.parametrize("dataset", [EX4, IRIS])
def test_the_bytes_of_numbers_are_known_before_they_are_read(dataset):
    configurations = [REFERENCE, changed(hidden=(20, 5)), changed(hidden=(1,))]
    _, known = study(dataset, *configurations)
    size = sum(len(fit["numbers"]) for fits in known["fits"] for fit in fits)
    assert bytes_of_numbers(configurations, known["splits"], len(dataset.classes)) == size


def test_a_text_of_the_data_ends_no_script():
    hostile = '</script><script>alert("x")</script><!--'
    dataset = dataclasses.replace(
        EX4, features=(hostile, "b"), classes=("a", hostile), label=hostile
    )
    html = live_page(Results(dataset, REFERENCE), TRAINING, "ex4")
    assert html.count("</script>") == 2
    assert hostile not in html
    assert known_of(html)["columns"][0]["name"] == hostile


def test_a_network_whose_numbers_are_not_finite_is_written():
    diverging = changed(activation="relu", learning_rate=1e120, cost="cross_entropy")
    known = known_of(live_page(Results(EX4, diverging), TRAINING, "ex4"))
    assert {fit["status"] for fit in known["fits"][0]} == {"diverged"}


@pytest.mark.parametrize(
    ("until", "epoch", "costs"),
    [(12, 5, [0.5, 0.25, None]), (9, 1, [4, 2, None]), (1, 0, [None] * 3)],
)
def test_a_page_knows_how_chaotic_training_begins(until, epoch, costs):
    results = Results(EX4, REFERENCE, changed(learning_rate=0.3))
    names = [each.name for each in results.configurations]
    results.tables["parity"] = pd.DataFrame(
        {"configuration": names, "state": ["agrees", "chaotic"], "epochs": [500, until]}
    )
    results.curves = [
        ([1, 5, 7], [4, 0.5, 1]),
        ([1, 5, 7], [2, 0.25, 1]),
        ([1, 5], [np.nan, np.inf]),
    ]
    known = known_of(live_page(results, {"epochs": 4}, "ex4"))
    assert known["chaotic"] == [None, {"until": until, "epoch": epoch, "costs": costs}]

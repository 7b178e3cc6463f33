"""The warnings: each is given in a study that deserves it, and rarely in a clean one."""

import collections
import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from full_config import typed
from in_memory import results_of
from made_advice import advice_on
from made_evidence import (
    config_of,
    dataset_of,
    evidence_of,
    evidence_with,
    find_warnings,
    tables_of,
)
from one_table import table_page
from project import ROOT
from worded import context_of, sentences_on

from backprop.models.candidate_lists import configurations_of
from backprop.report.wording.warnings import SENTENCES, STATES_IN_WORDS
from backprop.statistics.checks import check
from backprop.statistics.checks.check import Evidence
from backprop.statistics.grouping import STATES
from backprop.statistics.review import WARNINGS, Warned, as_table, read_warnings, write_warnings
from backprop.statistics.tables import WARNED, Interval
from backprop.study.cross_validation import draw_folds

KNN = {
    "class": "sklearn.neighbors.KNeighborsClassifier",
    "reference": {"n_neighbors": 15},
    "vary": {"n_neighbors": [5, 31]},
}
BAYES = {"class": "sklearn.naive_bayes.GaussianNB"}
CLEAN_STUDIES = 60
FALSE_ALARMS = 2  # of these, for each warning: 5% pass with 42%, 10% with 5%


def rng(*key):
    return np.random.default_rng([13, *key])


def normal(generator, sizes, shift, features=2, decimals=2):
    """Return classes of normal rows, each `shift` from the one before in every feature."""
    y = np.repeat(np.arange(len(sizes)), sizes)
    x = generator.normal(size=(len(y), features)) + shift * y[:, np.newaxis]
    return x.round(decimals), y


def findings_of(key, study):
    """Return what a check finds in a study."""
    return [*WARNINGS[key].look(study.all_of_it)]


def warnings_of(evidence, key):
    """Return the rows of a warning."""
    return rows_of(key, evidence.all_of_it)


def data_warnings(key, dataset, *, folds=5, groups=None):
    """Return the rows of a warning that looks at the data alone: no model is trained."""
    assigned = draw_folds(dataset.y, folds=folds, repeats=2, seed=1, groups=groups)
    observations = np.arange(len(dataset.y)) if groups is None else groups
    results = results_of({}, {}, dataset=dataset, folds=assigned)
    return rows_of(key, Evidence(results, SimpleNamespace(observations=observations)))


def rows_of(key, evidence):
    return WARNED.frame([each.row() for each in WARNINGS[key].look(evidence)]).to_dict("records")


@pytest.fixture(scope="module")
def plain():
    """A study of logistic regression in which nothing is wrong."""
    return evidence_of(dataset_of(*normal(rng(1), (60, 60), 1.3)), config_of())


def test_every_warning_has_a_sentence_and_every_state_of_fits_words():
    assert set(WARNINGS) == set(SENTENCES)
    assert set(STATES) <= set(STATES_IN_WORDS)


def test_every_warning_has_a_row_in_the_page_about_them():
    page = (ROOT / "docs" / "warnings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)
    assert sorted(rows) == sorted(WARNINGS), "a row for each in docs/warnings.md"
    assert rows == [*WARNINGS], "in the order of the report"


def test_a_clean_study_has_no_warning_and_a_page_that_says_so(plain, tmp_path):
    assert find_warnings(plain) == []
    assert "<p>None.</p>" in table_page(as_table([]), "Warnings", digits=4)


def test_warnings_are_read_as_they_were_written(tmp_path):
    """Among their facts are intervals, a loss without one, and facts that are not known."""
    shared = {"model": "knn", "metric": "log_loss", "score": 0.9, "guess": 0.7, "better": True}
    facts = [
        WARNINGS["poor_probabilities"](**shared, difference=0.2, p_value=None),
        WARNINGS["no_better_than_guessing"](
            **shared, difference=Interval(0.2, -0.1, 0.5), p_value=0.3
        ),
        WARNINGS["small_class"](name="1", rows=3, folds=5),
    ]
    warnings = [Warned(each.key, each, f"see {each.key}") for each in facts]
    write_warnings(tmp_path / "warnings.json", warnings)
    read = read_warnings(tmp_path / "warnings.json")
    assert read == warnings
    assert [type(each.facts) for each in read] == [type(each) for each in facts]
    assert isinstance(read[1].facts.difference, Interval)


def test_only_trouble_is_left_if_every_fit_diverged():
    config = config_of(["logistic", "scratch"])
    config["vary"] = {"learning_rate": [0.3, 1.0]}
    candidates, nothing = configurations_of(typed(config)), np.full(80, np.nan)
    none = {model: {each.name: nothing for each in own} for model, own in candidates.items()}
    dataset = dataset_of(*normal(rng(19), (40, 40), 1.0))
    study = evidence_with(dataset, none, candidates, status="diverged")
    assert {each.check for each in find_warnings(study)} == {"troubled_fits"}


def test_thirty_features_with_categories_and_missing_values_are_no_warning():
    x, y = normal(rng(20), (50, 50, 50), 0.4, features=30)
    x[rng(21).random(x.shape) < 0.05] = np.nan
    x[:, 0] = rng(22).integers(0, 3, 150)
    dataset = dataset_of(
        x, y, features=[f"f{place}" for place in range(30)], categories={"f0": ("r", "s", "t")}
    )
    rows = find_warnings(
        evidence_of(dataset, config_of(baselines={"logistic": {"reference": {"l2": 0.1}}}))
    )
    assert len(rows) == 0


# The data


def test_a_feature_that_gives_the_class_away_is_named():
    x, y = normal(rng(2), (60, 60), 1.0)
    leak = np.where(y == 1, 7.0, 3.0)
    leak[5] = 7.0  # one of 120 rows is wrong
    dataset = dataset_of(np.column_stack([x, leak]), y, features=["a", "b", "paid on"])
    findings = findings_of("giveaway_feature", evidence_of(dataset, config_of()))
    assert [(each.feature, each.right, each.rows) for each in findings] == [("paid on", 119, 120)]


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_a_giveaway_may_be_in_the_middle_missing_or_of_any_size(scale):
    x, y = normal(rng(3), (40, 60), 1.0)
    middle = np.where(y == 1, rng(4).normal(size=100), rng(5).choice([-9.0, 9.0], 100)) * scale
    missing = np.where(y == 1, rng(6).normal(size=100), np.nan)
    table = np.column_stack([x, middle, missing])
    rows = data_warnings("giveaway_feature", dataset_of(table, y))
    assert [row["subject"] for row in rows] == ["c", "d"]


def test_noise_gives_nothing_away_although_each_row_has_copies_in_other_folds():
    x, y = normal(rng(12), (15, 15), 1.0)
    copies = dataset_of(np.repeat(x, 8, axis=0), np.repeat(y, 8))
    assert data_warnings("copied_rows", copies)
    assert data_warnings("giveaway_feature", copies) == []
    leaking = np.column_stack([x, 9.0 * y])
    copies = dataset_of(np.repeat(leaking, 8, axis=0), np.repeat(y, 8))
    rows = data_warnings("giveaway_feature", copies)
    assert [row["subject"] for row in rows] == ["c"]


def test_a_category_may_give_the_class_away():
    _, y = normal(rng(7), (40, 40, 40), 1.0)
    codes = 4 * rng(8).integers(0, 5, 120) + y  # five categories for each class
    dataset = dataset_of(
        np.column_stack([codes, rng(9).normal(size=120)]), y,
        categories={"a": tuple(f"clerk {number}" for number in range(20))},
    )  # fmt: skip
    rows = data_warnings("giveaway_feature", dataset)
    assert [row["subject"] for row in rows] == ["a"]


def test_a_feature_that_only_knows_the_commonest_class_gives_nothing_away():
    x, y = normal(rng(10), (4, 196), 0.0)
    assert data_warnings("giveaway_feature", dataset_of(x, y), folds=2) == []


def test_a_good_feature_or_a_perfect_one_of_few_rows_is_no_giveaway():
    x, y = normal(rng(11), (60, 60), 3.0)  # each feature alone has about 93% right
    few = dataset_of([[place, place % 3] for place in range(10)], np.arange(10) >= 5)
    for dataset in (dataset_of(x, y), few):
        assert data_warnings("giveaway_feature", dataset) == []


def named_together(columns, y, **others):
    """Return the features that give the class away together, beside two of noise."""
    noise = rng(60).normal(size=(len(y), 2))
    dataset = dataset_of(np.column_stack([noise, *columns]), y)
    rows = data_warnings("giveaway_feature", dataset, **others)
    assert all((row["count"], row["value"]) == (len(y), len(rows)) for row in rows)
    return "".join(row["subject"] for row in rows)


def test_features_that_give_the_class_away_only_together_are_named():
    y = np.repeat([0, 1, 2, 3], [60, 40, 30, 50])
    dummies = [(y == c).astype(float) for c in range(4)]
    constant, other = np.ones(180), rng(61).integers(0, 3, 180)
    missing = np.where(y == 3, np.nan, 5.0)
    assert named_together([*dummies, constant, other], y) == "cdef"  # the last says nothing new
    assert named_together([other, *dummies[:3]], y) == "def"
    assert named_together([y // 2, other, y % 2], y) == "ce"  # in two digits
    assert named_together([*dummies[:2], missing], y) == "cde"
    assert named_together([y % 2, other], y) == ""


def test_what_gives_the_class_away_with_a_feature_that_nearly_does_alone_is_named_too():
    """As "dead" and "relapsed" with the class "dead or relapsed"."""
    dead, relapsed = (
        np.repeat([1, 0, 1, 0], [40, 3, 40, 54]),
        np.repeat([1, 1, 0, 0], [20, 23, 40, 54]),
    )
    y = np.maximum(dead, relapsed)
    noise = rng(64).normal(size=(137, 2))
    rows = data_warnings(
        "giveaway_feature", dataset_of(np.column_stack([noise, dead, relapsed]), y)
    )
    assert [(row["subject"], row["count"]) for row in rows] == [("c", 134), ("c", 137), ("d", 137)]
    rows = data_warnings("giveaway_feature", dataset_of(np.column_stack([noise, y, relapsed]), y))
    assert [row["subject"] for row in rows] == ["c"]  # the other one adds nothing


def test_the_rows_that_a_feature_leaves_to_another_one_may_share_a_fold_in_a_repeat():
    dead = np.repeat([1, 0], [70, 67])
    relapsed = np.isin(np.arange(137), [*range(30), 70, 71]).astype(int)
    x = np.column_stack([rng(65).normal(size=137), dead, relapsed])
    dataset, folds = dataset_of(x, np.maximum(dead, relapsed)), np.tile(np.arange(137) % 5, (2, 1))
    folds[0, 70:72] = 0
    for count, named in ((2, "bbc"), (1, "b")):
        results = results_of({}, {}, dataset=dataset, folds=folds[:count])
        evidence = Evidence(results, SimpleNamespace(observations=np.arange(137)))
        rows = rows_of("giveaway_feature", evidence)
        assert "".join(row["subject"] for row in rows) == named


def test_dummies_of_what_rows_belong_to_give_the_class_away_unless_it_is_the_group():
    """24 clinics of 8 rows, each with patients of one class: a column for each clinic."""
    clinic = np.repeat(np.arange(24), 8)
    y, dummies = clinic % 2, (clinic == np.arange(24)[:, np.newaxis]).astype(float)
    age = rng(62).integers(20, 80, len(y)) // 10
    assert named_together([*dummies[:20], age], y) == ""  # four clinics have no column
    assert len(named_together([*dummies, age], y)) == 24
    assert named_together([*dummies, age], y, groups=clinic) == ""


def test_easy_classes_are_not_given_away_together():
    y = np.repeat([0, 1, 2], 50)
    generator = rng(63)
    first = (y == 0).astype(float)  # one class is easy, as in the irises
    likely = (generator.random((5, 150)) < np.where(y == 1, 0.95, 0.05)).astype(float)
    assert named_together([first, *likely], y) == ""
    wrong = [(y == c).astype(float) for c in range(3)]
    wrong[1][5] = 1.0 - wrong[1][5]
    wrong[0][5] = 1.0 - wrong[0][5]
    assert named_together(wrong, y) == ""  # one row of 150
    line = generator.normal(size=(2, 150)).round(2)  # a line between continuous features
    assert named_together([*line], (line[0] > line[1]).astype(int)) == ""
    few = np.repeat([0, 1, 2], 10)
    assert named_together([few == 0, few == 1], few) == ""  # 30 rows
    assert named_together([np.arange(150)], y * 0 + np.arange(150) % 2) == ""  # an id


def test_rows_with_copies_in_other_folds_are_counted(plain):
    x, y = plain.dataset.x.copy(), plain.dataset.y
    x[10:15], x[70:75] = x[0:5], x[60:65]  # of the same class: ten pairs
    folds = np.zeros((1, 120), dtype=int)
    folds[0, 10:15], folds[0, 70:72] = 1, 1  # seven of them apart
    study = dataclasses.replace(plain, dataset=dataset_of(x, y), folds=folds)
    assert [finding.copied for finding in findings_of("copied_rows", study)] == [14]
    study = dataclasses.replace(plain, dataset=dataset_of(x, y))
    rows = warnings_of(study, "copied_rows")
    apart = sum(
        (plain.folds[:, place] != plain.folds[:, place + 10]).any()
        for place in (*range(5), *range(60, 65))
    )
    assert [(row["count"], row["total"]) for row in rows] == [(2 * apart, 120)]


def test_few_copies_copies_in_one_fold_and_copies_by_chance_are_no_warning(plain):
    x, y = plain.dataset.x.copy(), plain.dataset.y
    x[10:12] = x[0:2]  # 4 of 120 rows
    few = dataclasses.replace(plain, dataset=dataset_of(x, y))
    x = x.copy()
    x[10:50] = x[0]
    together = dataclasses.replace(plain, dataset=dataset_of(x, y), folds=np.zeros((2, 120), int))
    yes_or_no = rng(12).integers(0, 2, (120, 3))  # so few values make equal rows
    chance = dataclasses.replace(plain, dataset=dataset_of(yes_or_no, y))
    for study in (few, together, chance):
        assert findings_of("copied_rows", study) == []


def test_rows_are_equal_by_chance_if_features_follow_from_a_category_and_copies_are_not(plain):
    """As a judge has a court and a language, and a nation a rate of success."""
    y, generator = plain.dataset.y, rng(14)
    judge, nation = generator.integers(0, 6, 120), generator.integers(0, 8, 120)
    of_nation, of_judge = generator.normal(size=8)[nation], (judge % 3)
    spelled = np.column_stack([judge, nation, of_nation, of_judge, judge % 2, nation % 4])
    by_chance = dataclasses.replace(plain, dataset=dataset_of(spelled, y))
    assert findings_of("copied_rows", by_chance) == []
    measured = np.column_stack([spelled, generator.normal(size=120)])
    for x, copied in ((measured, False), (np.tile(measured[::12], (12, 1)), True)):
        study = dataclasses.replace(plain, dataset=dataset_of(x, np.tile(y[::12], 12)))
        assert bool(findings_of("copied_rows", study)) == copied


def test_copies_are_more_than_ten_times_the_pairs_that_chance_explains(plain, monkeypatch):
    x = plain.dataset.x.copy()
    x[10:15] = x[0:5]  # five pairs
    evidence = dataclasses.replace(plain, dataset=dataset_of(x, plain.dataset.y)).all_of_it
    for by_chance, has_copies in ((0.5, False), (0.499, True)):
        monkeypatch.setattr(check, "_chance_pairs", lambda *_, number=by_chance, **__: number)
        assert Evidence(evidence.results, evidence.judgement).has_copies == has_copies


def test_the_equal_rows_of_one_class_are_copies_and_those_of_two_are_not(plain):
    x, y = plain.dataset.x.copy(), plain.dataset.y
    x[60:80] = x[0:20]  # of the other class
    study = dataclasses.replace(plain, dataset=dataset_of(x, y))
    assert findings_of("copied_rows", study) == []


def walk(number):
    """Return 200 rows of two random walks, and classes of a third."""
    walks = rng(24, number).normal(size=(200, 3)).cumsum(axis=0).round(2)
    return walks[:, :2], (walks[:, 2] > np.median(walks[:, 2])).astype(int)


def test_neighbouring_rows_that_are_alike_are_a_warning_with_what_to_do(plain):
    x, y = walk(0)
    study = dataclasses.replace(plain, dataset=dataset_of(x, y), folds=np.arange(200)[None] % 5)
    rows = warnings_of(study, "alike_neighbours")
    assert [row["subject"] in ("a", "b") for row in rows] == [True]
    assert 0.5 < rows[0]["value"] < 1
    order = rng(25).permutation(200)
    for dataset in (
        dataset_of(x[order], y[order]),
        dataset_of(x, y, groups=np.arange(200) // 10),
        dataset_of(x, y, order=np.arange(200)),  # intervals then count blocks of neighbours
    ):
        assert findings_of("alike_neighbours", dataclasses.replace(study, dataset=dataset)) == []


def test_alike_neighbours_are_said_with_what_names_their_groups_if_an_id_is_found(plain):
    """Two centres of 20 patients of 5 rows each; without the id, nothing is named."""
    patient, generator = np.repeat(np.arange(40), 5), rng(57)
    centre, of_patient = patient // 20, generator.normal(size=40)[patient]
    age, y = generator.integers(20, 80, 40)[patient], (of_patient > 0).astype(int)
    noise = of_patient + generator.normal(size=200)
    features = {"centre": centre, "id": patient % 20, "age": age, "noise": noise}

    def named(**changes):
        own = {**features, **changes}
        dataset = dataset_of(np.column_stack([*own.values()]), y, [*own])
        study = dataclasses.replace(plain, dataset=dataset, folds=np.arange(200)[None] % 5)
        return [finding.groups for finding in findings_of("alike_neighbours", study)]

    assert named() == ["'centre', 'id'"]
    assert named(id=patient) == ["'id'"]
    assert named(id=generator.normal(size=200)) == [None]


def test_alike_neighbours_are_said_with_an_id_that_the_config_leaves_out(plain):
    """A first config leaves out what is an id by its name: no check of the features finds it."""
    x, y = walk(0)
    for ids, named in ((dict.fromkeys(("id", "other"), y), "'id'"), ({}, None)):
        dataset = dataclasses.replace(dataset_of(x, y), unused_ids=ids)
        study = dataclasses.replace(plain, dataset=dataset, folds=np.arange(200)[None] % 5)
        (finding,) = findings_of("alike_neighbours", study)
        assert (finding.groups, finding.by_class) == (named, False)


def test_neighbours_in_a_table_that_is_sorted_by_the_class_are_not_alike_in_class(plain):
    """83 sets of a case and two controls, the cases first, all three in the order of schooling."""
    generator = rng(58)
    schooling = np.sort(generator.choice(3, 83, p=[0.1, 0.5, 0.4]))
    x = np.column_stack([np.tile(schooling, 3), generator.integers(0, 3, 249)])
    dataset = dataset_of(x, np.arange(249) < 83, ["schooling", "abortions"])
    dataset = dataclasses.replace(dataset, unused_ids={"stratum": np.arange(249) % 83})
    study = dataclasses.replace(plain, dataset=dataset, folds=np.arange(249)[None] % 5)
    (finding,) = findings_of("alike_neighbours", study)
    assert (finding.feature, finding.by_class) == ("schooling", True)
    assert finding.groups == "'stratum'"


def test_a_feature_that_gives_the_class_away_because_it_names_groups_is_a_group():
    """40 patients of 4 rows, sorted by class: an id below 20 says which, and so does each age."""
    patient = np.repeat(np.arange(40), 4)
    age = rng(51).integers(20, 80, 40)[patient]
    x = np.column_stack([patient, age, rng(52).normal(size=160)])
    dataset = dataset_of(x, patient >= 20, ["patient", "age", "c"])
    rows = {row["subject"]: row["reason"] for row in data_warnings("giveaway_feature", dataset)}
    assert rows["patient"] == "age"
    score = np.repeat(np.arange(20), 8)  # one that repeats, and no other with it
    x = np.column_stack([score, score // 5, rng(53).normal(size=160)])
    dataset = dataset_of(x, score >= 10, ["score", "grade", "c"])
    rows = {row["subject"]: row["reason"] for row in data_warnings("giveaway_feature", dataset)}
    assert pd.isna(rows["score"])


def test_a_feature_that_names_groups_without_the_class_is_named():
    """40 patients of 4 rows, of which each has both classes; a site of many is no group."""
    patient, generator = np.repeat(np.arange(40), 4), rng(54)
    age, site = generator.integers(20, 80, 40)[patient], generator.integers(0, 9, 160)
    y, noise = np.tile([0, 1], 80), generator.normal(size=160)
    names = ["patient", "age", "site", "noise"]
    dataset = dataset_of(np.column_stack([patient, age, site, noise]), y, names)
    (row,) = data_warnings("grouping_feature", dataset)
    assert (row["subject"], row["count"], row["total"]) == ("patient", 40, 160)
    assert row["reason"] == "age"
    grouped = dataclasses.replace(dataset, groups=patient)
    as_category = {"patient": tuple(f"p{place}" for place in range(40))}
    named = dataclasses.replace(dataset, categories=as_category)
    by_class = dataclasses.replace(dataset, y=np.repeat([0, 1], 80))  # a giveaway
    for other in (grouped, named, by_class):
        assert data_warnings("grouping_feature", other) == []


def test_groups_that_seem_to_be_several_each_are_named():
    """Two centres of 20 patients of 4 rows; the ids of both are from 0 to 19."""
    patient = np.repeat(np.arange(40), 4)
    centre, age = patient // 20, rng(55).integers(20, 80, 40)[patient]
    x = np.column_stack([centre, age, rng(56).normal(size=160)])
    dataset = dataset_of(x, np.tile([0, 1], 80), ["centre", "age", "noise"])
    (row,) = data_warnings("mixed_groups", dataclasses.replace(dataset, groups=patient % 20))
    assert (row["subject"], row["count"], row["total"]) == ("age", 20, 40)
    assert row["reason"] == "centre"
    for groups in (None, patient):
        assert data_warnings("mixed_groups", dataclasses.replace(dataset, groups=groups)) == []


def test_copies_beside_each_other_are_copies_and_no_likeness_of_neighbours(plain):
    x, y = normal(rng(26), (50, 50), 1.0)
    order = rng(27).permutation(100)
    twice = dataset_of(np.repeat(x[order], 2, axis=0), np.repeat(y[order], 2))
    study = dataclasses.replace(plain, dataset=twice, folds=np.arange(200)[None] % 5)
    assert findings_of("copied_rows", study) != []
    assert findings_of("alike_neighbours", study) == []


def test_a_class_with_a_handful_of_rows_is_named(plain):
    x, y = normal(rng(13), (50, 9, 50, 6), 2.0)
    dataset = dataset_of(x, y, classes=["well", "mild", "ill", "dead"])
    study = dataclasses.replace(plain, dataset=dataset, folds=np.arange(115)[np.newaxis] % 5)
    rows = warnings_of(study, "small_class")
    found_of_class = [(row["subject"], row["count"], row["total"]) for row in rows]
    assert found_of_class == [("dead", 6, 5), ("mild", 9, 5)]


def test_ten_rows_of_a_class_are_enough_for_five_folds_but_not_for_six(plain):
    dataset = dataset_of(*normal(rng(14), (10, 50), 1.0))
    five = dataclasses.replace(plain, dataset=dataset, folds=np.arange(60)[np.newaxis] % 5)
    assert findings_of("small_class", five) == []
    six = dataclasses.replace(five, folds=np.arange(60)[np.newaxis] % 6)
    assert [finding.rows for finding in findings_of("small_class", six)] == [10]


def test_values_in_fewer_than_ten_rows_are_named():
    x, y = normal(rng(33), (60, 60), 1.3)
    colours = np.repeat([0.0, 1.0, 2.0, 3.0, np.nan], [90, 10, 9, 8, 3])
    ones = np.arange(120) == 70
    dataset = dataset_of(
        np.column_stack([x, colours, ones, 1 - ones, np.arange(120) < 110]), y,
        features=["a", "b", "colour", "one", "none", "ten"],
        categories={"colour": ("red", "green", "blue", "grey")},
    )  # fmt: skip
    rows = data_warnings("rare_value", dataset)
    assert [(row["subject"], row["count"], row["total"]) for row in rows] == [
        ("colour=blue", 9, 120), ("colour=grey", 8, 120), ("one", 1, 120), ("none", 1, 120)
    ]  # fmt: skip


def test_a_number_whose_spread_three_rows_decide_is_named_but_not_one_of_five():
    x, y = normal(rng(34), (60, 60), 1.3)
    far = np.column_stack([x[:, :1]] * 2)
    far[[5, 70, 100], 0] += [1e9, -1e9, 1e9]
    far[[5, 6, 70, 100, 101], 1] += [1e9, -1e9, 1e9, 1e9, 1e9]
    codes = np.repeat([0.0, 1.0, 90.0], [118, 1, 1])
    ones, mostly = np.arange(120) == 70, np.repeat([0.0, 1.0, 5.0], [100, 18, 2])
    names = ["a", "b", "far", "five", "code", "one", "mostly"]
    dataset = dataset_of(
        np.column_stack([x, far, codes, ones, mostly]), y, features=names,
        categories={"code": tuple(map(str, range(91)))},
    )  # fmt: skip
    (row,) = data_warnings("heavy_tails", dataset)
    assert (row["subject"], row["total"], row["positive"]) == ("far", 120, False)
    far = np.exp(np.append(np.linspace(0, 1, 117), [30, 31, 32]))
    above = dataset_of(np.column_stack([far, x[:, 0]]), y)
    assert [row["positive"] for row in data_warnings("heavy_tails", above)] == [True]
    assert row["value"] == pytest.approx(3, rel=1e-6)


def with_limits(generator, sizes, chances):
    """Return a data set with columns whose values are at a limit with chances by class."""
    x, y = normal(generator, sizes, 1.3)
    names = [f"c{place}" for place in range(len(chances))]
    below = [(generator.random(len(y)) < np.array(own)[y]).astype(float) for own in chances]
    return dataset_of(
        np.column_stack([x, *below]), y, features=["a", "b", *(f"{name} limit" for name in names)],
        categories={f"{name} limit": ("within", "below") for name in names},
        cells={name: {"limits": int(own.sum())} for name, own in zip(names, below, strict=True)},
    )  # fmt: skip


def test_a_class_that_depends_on_limits_is_named_and_columns_alike_in_all_classes_are_not():
    dataset = with_limits(rng(36), (60, 60), [(0.05, 0.6), (0.3, 0.3)])
    (row,) = data_warnings("telling_limit", dataset)
    at_limit = dataset.x[:, 2] == 1
    assert (row["subject"], row["count"], row["total"]) == ("c0", at_limit.sum(), 120)
    assert row["reason"] == "1"
    plain = dataclasses.replace(dataset, cells={})
    assert data_warnings("telling_limit", plain) == []
    # Of each group, one row counts: here are four.
    groups = np.repeat(np.arange(4), 30)
    assert data_warnings("telling_limit", dataset, folds=2, groups=groups) == []


def test_limits_that_say_nothing_of_the_class_are_rarely_named():
    alarms = 0
    for number in range(100):
        dataset = with_limits(rng(37, number), (30, 20), [(0.2, 0.2), (0.1, 0.1)])
        alarms += bool(data_warnings("telling_limit", dataset))
    assert alarms <= 5


# The models


def with_column(evidence, table, model, **values):
    """Return evidence with other values in the row of a model in one of its tables."""
    changed = getattr(evidence, table).astype(object)
    for column, value in values.items():
        changed.loc[changed["model"] == model, column] = value
    return dataclasses.replace(evidence, **{table: changed})


@pytest.mark.parametrize("state", STATES)
def test_fits_in_trouble_are_counted(state, plain):
    clean = with_column(plain, "comparison", "logistic", **{state: 0})
    assert findings_of("troubled_fits", clean) == []
    troubled = with_column(plain, "comparison", "logistic", **{state: 3})
    rows = warnings_of(troubled, "troubled_fits")
    assert [(row["subject"], row["count"], row["total"]) for row in rows] == [(state, 3, 10)]


@pytest.mark.parametrize(("metric", "states"), [("accuracy", 2), ("roc_auc", 1), ("log_loss", 1)])
def test_that_fits_predict_one_class_is_a_warning_only_if_classes_count(metric, states):
    evidence = evidence_of(dataset_of(*normal(rng(1), (60, 60), 1.3)), config_of(), metric=metric)
    troubled = with_column(evidence, "comparison", "logistic", unlearned=3, not_converged=3)
    states_warned_of = [each.state for each in findings_of("troubled_fits", troubled)]
    assert states_warned_of == ["unlearned", "not_converged"][-states:]


def test_one_row_with_its_own_input_is_a_warning_that_names_it_and_nothing_else_changes(plain):
    x = np.column_stack([plain.dataset.x, np.arange(120) == 70])  # 1 in one row
    features = ["a", "b", "rare"]
    evidence = evidence_of(dataset_of(x, plain.dataset.y, features), config_of())
    # The row is in the training rows of four of five folds, in two repeats.
    assert evidence.comparison["quasi_separated"].tolist() == [8]
    assert evidence.comparison["separated"].tolist() == [0]
    (row,) = warnings_of(evidence, "troubled_fits")
    assert (row["subject"], row["reason"], row["share"]) == ("quasi_separated", "'rare'", 1)
    advised = advice_on(tables_of(evidence), context_of(evidence.candidates))
    assert "weight decay" not in advised
    assert advised.startswith("There is nothing to choose between")


@pytest.mark.parametrize("missing", [1, 5])
def test_a_few_missing_values_change_no_status_and_no_warning(missing, plain):
    x = plain.dataset.x.copy()
    x[70 : 70 + missing, 0] = np.nan
    config = config_of(["logistic", "softmax", "bayes"], estimators={"bayes": BAYES})
    whole = evidence_of(plain.dataset, config)
    evidence = evidence_of(dataset_of(x, plain.dataset.y), config)
    assert set(evidence.judgement.scores["status"]) == {"converged"}
    assert [w.check for w in find_warnings(evidence)] == [w.check for w in find_warnings(whole)]
    judged, before = (each.judgement.headlines for each in (evidence, whole))
    for model in ("logistic", "softmax", "bayes"):  # no more than the rows that changed, and a few
        change = judged[model].values - before[model].values
        assert abs(change).max() <= 3 / 24


def test_the_reason_that_failed_fits_gave_is_in_the_warning_and_in_the_comparison():
    x, y = normal(rng(31), (6, 6), 1.0)
    config = config_of(["logistic", "knn"], estimators={"knn": KNN})
    evidence = evidence_of(dataset_of(x, y), config, folds=3)
    (row,) = (r for r in warnings_of(evidence, "troubled_fits") if r["model"] == "knn")
    assert (row["subject"], row["count"], row["share"]) == ("failed", 6, 1)
    assert row["reason"] == (
        "Expected n_neighbors <= n_samples_fit, but n_neighbors = 15, n_samples_fit = 8, "
        "n_samples = 4"  # as scikit-learn says
    )
    reasons = evidence.comparison.set_index("model")["reason"]
    assert reasons["knn"] == row["reason"]


def test_a_model_that_is_another_one_has_no_warning_of_its_own(plain):
    same = with_column(plain, "comparison", "logistic", same_as="softmax", not_converged=3)
    assert findings_of("troubled_fits", same) == []


def test_chaotic_training_of_a_headline_is_named(plain):
    for chaotic, models in ((False, []), (True, ["scratch"])):
        comparison = plain.comparison.assign(model="scratch", chaotic=chaotic)
        study = dataclasses.replace(plain, comparison=comparison)
        findings = findings_of("chaotic_training", study)
        assert [each.model for each in findings] == models


@pytest.mark.parametrize(("wrong", "worse"), [(5, False), (32, True)])
def test_a_model_that_is_shown_to_be_worse_than_a_guess_is_called_worse(wrong, worse):
    """Of 200 rows, 60 are of the rare class; it finds 20 of these, and `wrong` others."""
    y = np.arange(200) < 60
    chosen = np.isin(np.arange(200), [*range(20), *range(60, 80 + wrong)])
    p = np.where(chosen, 0.5001, 0.4999)
    evidence = evidence_with(dataset_of(rng(26).normal(size=(200, 2)), y), {"logistic": p})
    own = findings_of("no_better_than_guessing", evidence)[0]
    assert own.difference.value == pytest.approx(-wrong / 200)
    assert own.worse == worse
    (text,) = sentences_on([Warned("no_better_than_guessing", own)], {})
    assert ("logistic regression is worse than always predicting" in text) == worse


@pytest.mark.parametrize("rare_right", [19, 20, 21])  # by a row
def test_a_model_that_knows_a_rare_class_is_better_by_balanced_accuracy(rare_right):
    """It finds 20 of 30 rows, and 20 others: an accuracy of 90%, as that of a guess."""
    y = np.arange(300) < 30
    chosen = np.isin(np.arange(300), [*range(rare_right), *range(30, 50)])
    p = np.where(chosen, 0.5001, 0.4999)
    evidence = evidence_with(dataset_of(rng(26).normal(size=(300, 2)), y), {"logistic": p})
    rows = warnings_of(evidence, "no_better_than_guessing")
    assert rows[0]["difference"] == pytest.approx((rare_right - 20) / 300)
    assert rows[1]["difference"] == pytest.approx((rare_right / 30 + 250 / 270) / 2 - 0.5)
    better = [row["subject"] for row in rows if row["better"]]
    assert better == ["balanced_accuracy", "roc_auc"]


def test_only_the_metrics_by_which_a_model_is_better_are_named_of_it():
    """The forecast of one knows the class, and so does the ranking of the other."""
    y = np.arange(300) < 30
    predicted = np.isin(np.arange(300), [*range(20), *range(30, 50)])
    ranked = 0.1 + 0.2 * y + 0.1 * rng(40).random(300)  # below one half
    evidence = evidence_with(
        dataset_of(rng(26).normal(size=(300, 2)), y),
        {"logistic": np.where(predicted, 0.5001, 0.4999), "softmax": ranked},
    )
    rows = warnings_of(evidence, "no_better_than_guessing")
    assert [(row["model"], row["subject"]) for row in rows if row["better"]] == [
        ("logistic", "balanced_accuracy"), ("logistic", "roc_auc"), ("softmax", "roc_auc"),
        ("softmax", "log_loss"),
    ]  # fmt: skip


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
def test_a_model_that_is_better_than_a_guess_once_it_is_tuned_says_so_and_by_what(metric):
    noise = dataset_of(*normal(rng(15), (40, 40), 0.0))
    evidence = evidence_of(noise, config_of(["logistic", "knn"], estimators={"knn": KNN})).all_of_it
    rows = evidence.results.tables["against_guess"]
    tuned = rows[(rows["model"] == "knn") & (rows["metric"] == metric)].assign(tuned=True)
    for better, remedies in [(False, set()), (True, {("knn", metric, "tuned")})]:
        judged = pd.concat([rows, tuned.assign(better=better)])
        evidence.results.tables["against_guess"] = judged
        findings = WARNINGS["no_better_than_guessing"].look(evidence)
        assert {each.model for each in findings} == {"logistic", "knn"}
        named = {(each.model, each.metric, each.remedy) for each in findings if each.remedy}
        assert named == remedies


def test_a_ranking_that_no_threshold_of_one_half_shows_is_learned_and_enough_by_that_metric():
    x, y = normal(rng(16), (276, 24), 0.0)
    x[y == 1, 0] += 1.0
    dataset = dataset_of(x, y)
    rows = warnings_of(evidence_of(dataset, config_of()), "no_better_than_guessing")
    better = {row["subject"]: row["better"] for row in rows}
    assert better["roc_auc"]
    assert not better["accuracy"]
    assert not better["balanced_accuracy"]
    evidence = evidence_of(dataset, config_of(), metric="roc_auc")
    assert evidence.against_guess["metric"].tolist() == ["roc_auc", "balanced_accuracy", "log_loss"]
    assert findings_of("no_better_than_guessing", evidence) == []


def test_twenty_rows_that_are_all_right_are_better_than_a_guess():
    x = np.array([[place, -place] for place in (*range(10), *range(30, 40))])
    evidence = evidence_of(dataset_of(x, np.arange(20) >= 10), config_of())
    assert evidence.comparison["accuracy"].tolist() == [1.0]
    assert findings_of("no_better_than_guessing", evidence) == []


def two_winners(rows, rope=None, **changes):
    """Return the evidence on two models, of which each is the better one by some metrics.

    Logistic regression has 90% of the rows right, and is as sure of the others. Softmax regression
    ranks all rows right, and half of class 1 is just below 1/2.
    """
    place = np.arange(rows)
    y = place % 2
    sure = np.where(y ^ (place % 20 < 2), 1 - 1e-6, 1e-6)
    ranking = np.where(y == 0, 0.4, np.where(place % 4 == 1, 0.55, 0.45))
    dataset = dataset_of(rng(27).normal(size=(rows, 2)), y)
    return evidence_with(dataset, {"logistic": sure, "softmax": ranking, **changes}, rope=rope)


def test_metrics_that_disagree_about_the_winner_are_named():
    rows = warnings_of(two_winners(600), "disagreeing_metrics")
    assert {(row["model"], row["other"]) for row in rows} == {("logistic", "softmax")}
    assert [row["subject"] for row in rows] == ["log_loss", "roc_auc"]
    of_softmax = -(np.log(0.6) / 2 + np.log(0.55) / 4 + np.log(0.45) / 4)
    assert rows[0]["difference"] == pytest.approx(of_softmax + 0.1 * np.log(1e-6), abs=1e-4)


def test_metrics_that_agree_or_differ_by_noise_or_hardly_are_no_warning():
    place = np.arange(600)
    same = np.where(place % 2, 0.8, 0.2)  # better by each metric
    for study in (
        two_winners(40),
        two_winners(100),  # p = 0.026, before it is adjusted for the metrics
        two_winners(600, logistic=same),
        two_winners(600, rope=0.16),  # the accuracies differ by 15 points
    ):
        assert findings_of("disagreeing_metrics", study) == []


# Tuning


def tuned(vary, reference):
    """Return a study of a ring around a cluster, with k-nearest neighbours tuned."""
    generator = rng(16)
    y = np.arange(200) % 2
    angle, radius = generator.random(200) * 2 * np.pi, 1.0 + 2.0 * y
    x = radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    x = (x + generator.normal(scale=0.3, size=x.shape)).round(3)
    knn = {**KNN, "reference": {"n_neighbors": reference}, "vary": {"n_neighbors": vary}}
    config = config_of(["logistic", "knn"], estimators={"knn": knn})
    return evidence_of(dataset_of(x, y), config)


def test_a_best_value_at_the_edge_that_beats_the_next_one_is_a_warning():
    evidence = tuned([30, 100], 150)  # fewer neighbours are better: 30 is the smallest
    own, other = (
        evidence.judgement.of("knn", f"n_neighbors={number}").scores["accuracy"].mean()
        for number in (30, 100)
    )
    (row,) = warnings_of(evidence, "edge_value")
    assert (row["subject"], row["value"], row["neighbour"]) == ("n_neighbors", 30, 100)
    assert row["difference"] == pytest.approx(own - other)
    assert 0 < row["difference_lower"] < row["difference"] < row["difference_upper"]


def test_the_better_of_two_values_is_at_the_edge_of_its_list():
    (row,) = warnings_of(tuned([30], 100), "edge_value")
    assert (row["value"], row["neighbour"]) == (30, 100)


@pytest.mark.parametrize(
    ("vary", "reference"),
    [
        ([5, 9], 13),  # the edge is not shown to be better than the next
        ([100], 99),  # of two values, the edge is not shown to be better than the other
        ([1, 100], 150),  # there is nothing below 1
    ],
)
def test_a_best_value_within_at_a_limit_or_better_by_noise_is_no_warning(vary, reference):
    assert findings_of("edge_value", tuned(vary, reference)) == []


def test_hidden_layers_are_ordered_by_the_nodes_of_a_single_one():
    config = config_of(["logistic", "scratch"])
    config["vary"] = {"hidden": [[2], [5], [5, 5]], "activation": ["tanh"]}
    candidates, y = configurations_of(typed(config)), np.arange(200) % 2
    shares = {"h3": 0.5, "h2": 0.6, "h5": 0.8, "h5x5": 0.9}  # of the rows that are right
    networks = {
        each.name: np.where((rng(28).permutation(200) < 200 * share) == y, 0.9, 0.1)
        for each in candidates["scratch"]
        for share in [shares.get(each.name.split("-")[0], 0.5) * ("tanh" not in each.name)]
    }
    evidence = evidence_with(
        dataset_of(rng(29).normal(size=(200, 2)), y),
        {"logistic": {"default": rng(30).random(200)}, "scratch": networks},
        candidates,
    )
    tuning = evidence.tuning.assign(best="h5-sigmoid-cross_entropy-lr0.1-glorot")
    study = dataclasses.replace(evidence, tuning=tuning)
    rows = warnings_of(study, "edge_value")
    assert [(row["subject"], row["value"], row["neighbour"]) for row in rows] == [("hidden", 5, 3)]


CHOICE = {
    "model": "scratch", "candidates": 420, "left_out": 20, "plain_accuracy": 0.836,
    "logistic_accuracy": 0.794, "best": None,
}  # fmt: skip
BY_NESTED = {"model": "scratch", "accuracy": 0.78, "difference": -0.009, "stability": 0.12,
             "chosen": "h5", "fits": 25}  # fmt: skip


def choices_of(plain, fixed=0.0, nested=BY_NESTED, **changed):
    """Return what is found in a study of a network with one row of tuning."""
    comparison = plain.comparison.assign(model="scratch", difference=fixed)
    study = dataclasses.replace(
        plain, tuning=pd.DataFrame([CHOICE | changed]), comparison=comparison
    )
    evidence = study.all_of_it
    if nested:
        evidence.results.tables["nested"] = pd.DataFrame([nested])
    return [*WARNINGS["unstable_choice"].look(evidence)]


def test_a_choice_is_unstable_if_the_model_looks_better_only_by_it(plain):
    for fixed in (-0.03, 0.0, 0.008):
        (row,) = choices_of(plain, fixed)
        assert (row.difference, row.stability, row.configurations) == (-0.009, 0.12, 400)
        assert (row.chosen, row.training_sets) == ("h5", 25)
        assert row.apparent == pytest.approx(0.042)


@pytest.mark.parametrize(
    "changed",
    [
        {"nested": BY_NESTED | {"stability": 0.6}},  # most training sets choose the same
        {"nested": BY_NESTED | {"difference": 0.009}},  # it is better
        {"nested": None},  # nothing says what the choice is worth
        {"plain_accuracy": 0.8},  # it does not look better
        {"left_out": 420, "plain_accuracy": np.nan},
        {"fixed": 0.012},  # the reference looks better without a choice
    ],
)
def test_another_choice_is_no_warning(changed, plain):
    assert choices_of(plain, **changed) == []


# False alarms


def clean(number):
    """Return a data set in which nothing is wrong: classes of 30 rows or more, which overlap."""
    generator = rng(100, number)
    features, classes = int(generator.integers(2, 6)), int(generator.integers(2, 4))
    sizes = generator.integers(30, 61, classes)
    shift = generator.uniform(1.5, 2.2) / features**0.5
    x, y = normal(generator, sizes, shift, features, decimals=1)
    return dataset_of(x, y)


def test_a_warning_is_rarely_a_false_alarm():
    config = config_of(["logistic", "knn"], estimators={"knn": KNN}, baselines={})
    counts = collections.Counter()
    for number in range(CLEAN_STUDIES):
        evidence = evidence_of(clean(number), config).all_of_it
        counts.update(key for key, look in WARNINGS.items() if [*look.look(evidence)])
    assert all(count <= FALSE_ALARMS for count in counts.values()), counts

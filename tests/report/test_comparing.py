"""`backprop.compare`: predictions of any origin."""

import dataclasses
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from processes import python
from project import ROOT
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import (
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier

from backprop import compare, compare_across

PAGE = ROOT / "docs/compare.md"
N = 120
Y = np.arange(N) % 2
SPLITS = [*RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=1).split(Y, Y)]


def probabilities(strength, seed, y=Y, repeats=2):
    """Return P(y = 1) of a classifier that knows something of y; it differs between repeats."""
    generator = np.random.default_rng(seed)
    sums = strength * (2 * y - 1) + generator.normal(size=len(y))
    return 1 / (1 + np.exp(-sums - 0.1 * generator.normal(size=(repeats, len(y)))))


GOOD, FAIR, NOISE = probabilities(2.0, 1), probabilities(0.6, 2), probabilities(0.0, 3)


def equal(one, other):
    """Assert that two tables are the same, to the last bit."""
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.fixture(scope="module")
def comparison():
    return compare(Y, {"good": GOOD, "fair": FAIR, "noise": NOISE}, SPLITS, baseline="fair")


def test_the_baseline_is_first_and_the_others_keep_their_order(comparison):
    assert [*comparison.table.index] == ["fair", "good", "noise"]
    assert [*comparison.verdicts] == ["good", "noise"]


def test_a_score_is_the_mean_over_the_test_folds(comparison):
    for name, p in (("good", GOOD), ("fair", FAIR), ("noise", NOISE)):
        scores = [
            accuracy_score(Y[test], p[number // 4, test] >= 0.5)
            for number, (_, test) in enumerate(SPLITS)
        ]
        assert comparison.table.loc[name, "accuracy"] == pytest.approx(np.mean(scores), abs=1e-14)


def test_a_clear_difference_is_found_and_recommended(comparison):
    assert comparison.table.loc["good", "outcome"] == "better"
    assert comparison.table["learned"].to_dict() == {"fair": True, "good": True, "noise": False}
    assert str(comparison) == comparison.sentence
    assert comparison.sentence.startswith("Use good: it is better than fair: difference +")
    row = comparison.table.loc["good"]
    assert 0 < row["difference_lower"] < row["difference"] < row["difference_upper"]
    assert row["difference"] == row["accuracy"] - comparison.table.loc["fair", "accuracy"]


def test_noise_is_not_recommended():
    y = np.random.default_rng(4).permutation(Y)
    splits = [*RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=1).split(y, y)]
    noise = {"logistic": NOISE, "other": probabilities(0.0, 5)}
    compared = compare(y, noise, splits)
    assert compared.sentence == (
        "Use none yet: none is shown to be better than always predicting the commonest class, "
        f"which has an accuracy of {0.5:.1%}."
    )


def test_what_is_not_better_leaves_the_baseline_and_says_what_is_open():
    compared = compare(Y, {"logistic": FAIR, "other": probabilities(0.65, 8)}, SPLITS)
    assert compared.table.loc["other", "outcome"] == "undecided"
    assert re.fullmatch(
        r"Use logistic: other is not shown to be better. These data leave open whether other is "
        r"better by up to \d+\.\d points.",
        compared.sentence,
    )


def as_parts(p):
    return [p[number // 4][test] for number, (_, test) in enumerate(SPLITS)]


@pytest.mark.parametrize(
    "form",
    [
        lambda p: np.stack([1 - p, p], axis=-1),
        as_parts,
        lambda p: as_parts(np.stack([1 - p, p], axis=-1)),
        lambda p: p.tolist(),
    ],
)
def test_each_form_of_the_same_probabilities_gives_the_same(form, comparison):
    others = {"good": form(GOOD), "fair": FAIR, "noise": form(NOISE)}
    compared = compare(Y.tolist(), others, iter(SPLITS), baseline="fair")
    equal(compared.table, comparison.table)
    assert compared.sentence == comparison.sentence


def test_names_are_only_names(comparison):
    """Not even those of the models of this project, of which two are one network."""
    names = {"good": "scratch", "fair": "tensorflow", "noise": "logistic"}
    predictions = {names["noise"]: NOISE, names["good"]: GOOD, names["fair"]: FAIR}
    compared = compare(Y, predictions, SPLITS, baseline="tensorflow")
    renamed = comparison.table.rename(index=names)
    equal(compared.table.loc[renamed.index], renamed)


def test_predicted_classes_are_compared_as_certain_probabilities():
    y = np.array(["no", "yes"])[Y]
    labels = np.array(["no", "yes"])[(GOOD >= 0.5).astype(int)]
    with_labels = compare(y, {"logistic": FAIR, "rule": labels}, SPLITS)
    certain = compare(y, {"logistic": FAIR, "rule": (GOOD >= 0.5).astype(float)}, SPLITS)
    equal(with_labels.table, certain.table)


@pytest.mark.parametrize("metric", ["accuracy", "balanced_accuracy"])
def test_the_names_of_classes_change_nothing_not_even_at_ties(metric):
    p = {"logistic": FAIR.round(1), "other": GOOD.round(1), "sure": (GOOD > 0.5).astype(float)}
    assert (p["other"] == 0.5).any()
    swapped = {name: 1 - each for name, each in p.items()}
    one, other = (
        compare(y, each, SPLITS, metric=metric).table for y, each in ((Y, p), (1 - Y, swapped))
    )
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_of_ties_the_classes_that_neighbours_name_give_the_score_of_scikit_learn():
    x = np.random.default_rng(5).normal(size=(N, 2)) + 0.5 * Y[:, np.newaxis]
    neighbours = KNeighborsClassifier(n_neighbors=4)
    scores = cross_val_score(neighbours, x, Y, cv=SPLITS)
    named = [neighbours.fit(x[a], Y[a]).predict(x[b]) for a, b in SPLITS]
    compared = compare(Y, {"logistic": FAIR, "neighbours": named}, SPLITS)
    assert compared.table.loc["neighbours", "accuracy"] == pytest.approx(scores.mean(), abs=1e-12)


def test_of_three_classes_all_probabilities_are_needed_and_used():
    y = np.arange(150) % 3
    generator = np.random.default_rng(7)
    p = {
        name: np.exp(strength * np.eye(3)[y] + generator.normal(size=(150, 3)))
        for name, strength in (("logistic", 1.0), ("other", 3.0))
    }
    p = {name: each / each.sum(axis=1, keepdims=True) for name, each in p.items()}
    splits = [*RepeatedStratifiedKFold(n_splits=3, n_repeats=1, random_state=2).split(y, y)]
    compared = compare(y, p, splits, metric="log_loss")
    expected = np.mean([log_loss(y[test], p["other"][test]) for _, test in splits])
    assert compared.table.loc["other", "log_loss"] == pytest.approx(expected, abs=1e-14)
    assert compared.table.loc["other", "outcome"] == "better"  # a lower one is better
    assert compared.table.loc["other", "difference"] < 0


def test_rows_of_a_group_are_one_observation():
    """A group of copies counts as one row: intervals are as wide as without the copies."""
    rows, groups = np.repeat(np.arange(N), 3), np.repeat(np.arange(N), 3)
    y = Y[rows]
    splits = [*StratifiedGroupKFold(4).split(y, y, groups)]
    p = {"logistic": FAIR[0, rows], "good": GOOD[0, rows]}
    grouped, ungrouped = compare(y, p, splits, groups=groups), compare(y, p, splits)
    once = [(None, np.unique(rows[test])) for _, test in splits]
    alone = compare(Y, {"logistic": FAIR[0], "good": GOOD[0]}, once)

    def width(compared):
        row = compared.table.loc["good"]
        return row["difference_upper"] - row["difference_lower"]

    assert width(grouped) == pytest.approx(width(alone), rel=0.02)
    assert width(ungrouped) < 0.7 * width(alone)


def test_a_copy_of_a_classifier_changes_no_verdict_on_others(comparison):
    predictions = {"good": GOOD, "fair": FAIR, "noise": NOISE, "copy": GOOD}
    compared = compare(Y, predictions, SPLITS, baseline="fair")
    same = compared.table.loc[["fair", "good", "noise"]]
    equal(same, comparison.table)


def test_a_plot_has_a_line_for_each_difference(comparison):
    figure, ax = plt.subplots()
    assert comparison.plot(ax) is ax
    plt.close(figure)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["good", "noise"]
    bars = [bar.get_segments()[0][:, 0] for bar in ax.collections]
    ends = 100 * comparison.table.loc[labels, ["difference_lower", "difference_upper"]].to_numpy()
    np.testing.assert_allclose(bars, ends)


TWO = {"logistic": FAIR, "other": GOOD}
LONG = [(None, np.arange(N + 1))]
REFUSED = {
    "y: found one class, 0": {"y": np.zeros(N)},
    "y: found the shape (2, 60)": {"y": Y.reshape(2, 60)},
    "y: found no value in row 3": {"y": np.where(np.arange(N) == 3, np.nan, Y)},
    "predictions: use a mapping": {"predictions": {"logistic": FAIR}},
    "baseline: found 'best'; use one of 'logistic', 'other'": {"baseline": "best"},
    "metric: found 'none'; use one of accuracy, balanced_accuracy": {"metric": "none"},
    "rope: found -1": {"rope": -1},
    "splits: repeat 1 tests row 1 0 times; use": {"splits": SPLITS[:-1]},
    "splits: repeat 0 tests row 0 0 times; use": {"splits": [SPLITS[0], SPLITS[0]]},
    "splits: repeat 0 tests row 120 1 times; use splits that test each of the rows 0 to 119": {
        "splits": LONG
    },
    "splits: found 5 in place 0": {"splits": [5]},
    "splits: found 1 folds in the repeats": {"splits": [(None, np.arange(N))]},
    "groups: found 119 rows": {"groups": np.arange(119)},
    "are in several folds of a repeat": {"groups": np.arange(N) // 60},
}
# What one of the models predicts.
OF_OTHER = {
    "found the shape (2, 119)": GOOD[:, 1:],
    "found parts of other lengths": [np.zeros(3)] * 8,
    "found 3 probabilities in a row": np.full((2, N, 3), 1 / 3),
    "found [-1.0, 2.0] in row 0": np.full((2, N), 2.0),
    "found [nan, nan] in row 0": np.full((2, N), np.nan),
    "found predicted classes; log_loss needs": np.tile(Y, (2, 1)),
    "found the class 2, which y has not": np.tile(Y + 1, (2, 1)),
}
for _says, _other in OF_OTHER.items():
    _options = {"metric": "log_loss"} if "log_loss" in _says else {}
    _predictions = {"predictions": TWO | {"other": _other}}
    REFUSED[f"predictions['other']: {_says}"] = _predictions | _options


@pytest.mark.parametrize("message", REFUSED)
def test_what_does_not_fit_is_refused_with_its_place(message):
    right = {"y": Y, "predictions": TWO, "splits": SPLITS}
    with pytest.raises(ValueError, match=re.escape(message)):
        compare(**right | REFUSED[message])


def test_the_page_prints_what_it_shows_without_snakemake_and_tensorflow(tmp_path):
    blocks = re.findall(
        r"^```(python|text)\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S
    )
    code = "".join(block for kind, block in blocks if kind == "python")
    absent = "\nimport sys\nassert not {'snakemake', 'tensorflow'} & {*sys.modules}\n"
    run = python("-c", code + absent, more={"MPLBACKEND": "agg"}, cwd=tmp_path, check=False)
    assert run.stderr == ""
    assert run.stdout == "".join(block for kind, block in blocks if kind == "text")
    assert (tmp_path / "differences.png").stat().st_size > 5000


# Several data sets


def on_data_set(seed, **options):
    """Compare two classifiers with a baseline on a data set of their own."""
    made = {name: probabilities(own, 10 * seed + place) for place, (name, own) in enumerate(
        {"good": 1.5 + seed / 10, "fair": 0.6, "noise": 0.0}.items()
    )}  # fmt: skip
    return compare(Y, made, SPLITS, **{"baseline": "fair", **options})


def test_several_data_sets_are_compared_by_their_differences():
    every = {f"set {seed}": on_data_set(seed) for seed in range(4)}
    across = compare_across(every)
    assert [*across.table["model"]] == ["good", "noise"]
    assert [*across.data_sets["dataset"]] == [name for name in every for _ in range(2)]
    own = across.data_sets[across.data_sets["model"] == "good"]
    each = [compared.table.loc["good", "difference"] for compared in every.values()]
    np.testing.assert_array_equal(own["difference"], each)
    good = across.table.set_index("model").loc["good"]
    assert min(each) < good["difference"] < max(each)
    assert good["outcome"] == "better"
    assert good["next_lower"] < good["difference_lower"]
    assert across.verdicts["good"].startswith("On 4 data sets, good is better than fair on average")
    assert str(across).splitlines() == [*across.verdicts.values()]
    # A further classifier changes no number of the others.
    two = {
        name: dataclasses.replace(each, data=dataclasses.replace(
            each.data, comparison=[r for r in each.data.comparison if r.model != "noise"]))
        for name, each in every.items()
    }  # fmt: skip
    equal(compare_across(two).table, across.table[:1])


def test_data_sets_that_cannot_be_taken_together_are_refused():
    every = {f"set {seed}": on_data_set(seed) for seed in range(3)}
    with pytest.raises(ValueError, match="found 2; use 3 data sets or more"):
        compare_across(dict([*every.items()][:2]))
    other = {**every, "set 2": on_data_set(2, metric="log_loss")}
    with pytest.raises(ValueError, match="found several metrics, ropes or baselines: accuracy, "):
        compare_across(other)

"""The sentences of the report: they say what the numbers beside them say."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from made_fits import (
    CANDIDATES,
    GOOD,
    NEVER,
    REFERENCE,
    agreement_of,
    by_model,
    judged,
    make_study,
    varied,
)
from one_table import table_page
from worded import with_verdicts

from backprop.report.wording.names import named_value, sentence_case
from backprop.report.wording.verdicts import SENTENCES, for_page
from backprop.statistics.comparison import compare_by_each_metric, compare_models
from backprop.statistics.effects import compare_values
from backprop.statistics.tables import TABLES
from backprop.statistics.tuning import find_best
from backprop.study.metrics import METRICS

# Words


def test_a_number_is_named_by_its_hyperparameter():
    assert named_value("hidden", (1,)) == "1 hidden node"
    assert named_value("hidden", "wide") == "hidden layers wide"  # a parameter of a classifier
    assert named_value("learning_rate", 0.3) == "learning rate 0.3"


@pytest.fixture(scope="module")
def study():
    return make_study(CANDIDATES)


def test_nothing_is_compared_with_a_reference_without_a_score():
    candidates = {
        REFERENCE: NEVER,
        varied(learning_rate=0.3): GOOD,
        varied(learning_rate=1.0): NEVER,
    }
    scores, fits = make_study(candidates)
    scores.loc[scores["configuration"] == varied(learning_rate=0.3).name, "status"] = "unlearned"
    table = compare_values(judged((scores, fits), by_model(candidates)))
    assert table["accuracy"].tolist() == pytest.approx([GOOD.mean(), np.nan], abs=1e-3, nan_ok=True)


# From file to file


COMPARED = {
    "comparison": compare_models, "metrics": compare_by_each_metric,
}  # fmt: skip


def statistics_of(name, scores, fits):
    """Return a table of statistics of the made-up candidates."""
    if name in COMPARED:
        return COMPARED[name](judged((scores, fits), by_model(CANDIDATES)))
    if name == "tuning":
        return find_best(judged((scores, fits), by_model(CANDIDATES)))
    scratch = fits[fits["model"] == "scratch"]
    plain = scratch[scratch["configuration"] == REFERENCE.name][:1]
    copies = [scratch, scratch.assign(model="tensorflow"), plain.assign(model="plain")]
    return agreement_of(pd.concat(copies))


def read_back(table):
    """Write a table as CSV, and read it with every bit of its numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer versions of pandas always do
        text = io.StringIO(table.to_csv(index=False))
        return pd.read_csv(text, float_precision="round_trip")


def keep(scores):
    """Keep the scores as they are."""


def never_train_the_reference(scores):
    """Make all fits of the reference of a network diverge."""
    failed = scores["configuration"] == REFERENCE.name
    scores.loc[failed, [*METRICS]] = np.nan
    scores.loc[failed, "status"] = "diverged"


@pytest.mark.parametrize("name", ["comparison", "metrics", "tuning", "parity"])
@pytest.mark.parametrize("change", [keep, never_train_the_reference])
def test_sentences_are_the_same_from_a_file_and_begin_the_page_of_their_table(name, change, study):
    scores = study[0].copy()
    change(scores)
    table = statistics_of(name, scores, study[1])
    before = table.copy()
    direct = with_verdicts(name, table, by_model(CANDIDATES))
    pd.testing.assert_frame_equal(table, before)
    from_file = with_verdicts(name, read_back(table), by_model(CANDIDATES))
    assert from_file.to_csv(index=False) == direct.to_csv(index=False)
    shown, sentences = for_page(name, direct)
    assert sentences == [*direct["verdict"].dropna()] != []
    above, _, below = table_page(shown, "Title", sentences, digits=4).partition("</ul>")
    assert above.count("<li>") == len(sentences)
    for sentence in sentences:
        start = sentence.partition(":")[0]
        assert f"<li>{sentence_case(start)}" in above
        assert start not in below


def test_the_tables_with_sentences_are_those_of_the_report():
    with_sentences = {name for name, table in TABLES.items() if table.has_sentences}
    assert {*SENTENCES, "warnings"} == with_sentences

"""Every table of results is as its declaration says."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_evidence import dataset_of, evidence_with, find_warnings
from made_fits import CANDIDATES, MORE, agreement_of, by_model, judged, make_study

from backprop.files import write_table
from backprop.report.contents import TABLES as SHOWN
from backprop.report.wording.columns import heads
from backprop.report.wording.verdicts import SENTENCES
from backprop.statistics import tables
from backprop.statistics.by_class import score_classes
from backprop.statistics.calibrated_models import judge_calibration
from backprop.statistics.comparison import (
    compare_by_each_metric,
    compare_models,
    compare_pairs,
    summarise_configurations,
)
from backprop.statistics.effects import compare_values
from backprop.statistics.guessing import compare_with_guess, score_guessing
from backprop.statistics.hard_rows import count_wrong
from backprop.statistics.review import as_table
from backprop.statistics.tables import Interval, Table
from backprop.statistics.tuning import find_best
from backprop.study.metrics import METRICS
from backprop.study.scores import hyperparameter_columns


@pytest.fixture(scope="module")
def made():
    """Tables as jobs compute them, by name; the network trains chaotically in no configuration."""
    scores, fits = make_study(CANDIDATES, tensorflow=MORE)
    candidates = by_model(CANDIDATES)
    candidates["tensorflow"] = candidates["tensorflow"][:1]
    judgement = judged((scores, fits), candidates)
    signal = np.linspace(0.05, 0.95, 60)
    dataset = dataset_of(np.arange(60.0)[:, np.newaxis] % 7, np.arange(60) % 2)
    return {
        "fits": scores,
        "comparison": compare_models(judgement),
        "metrics": compare_by_each_metric(judgement),
        "by_class": score_classes(judgement),
        **judge_calibration(judgement),
        "pairs": compare_pairs(judgement),
        "configurations": summarise_configurations(judgement),
        "effects": compare_values(judgement),
        "tuning": find_best(judgement),
        "guessing": score_guessing(judgement),
        "against_guess": compare_with_guess(judgement, {}),
        "hard_rows": count_wrong(judgement),
        "parity": agreement_of(fits),
        "warnings": as_table(find_warnings(evidence_with(dataset, {"logistic": signal}))),
    }


def test_every_table_of_the_report_is_declared():
    assert {*SHOWN, "guessing", "against_guess", "hard_rows"} <= set(tables.TABLES)


def test_a_job_writes_the_declared_columns_and_no_other(made):
    for name, table in made.items():
        hyperparameters = hyperparameter_columns(made["fits"])
        columns = tables.TABLES[name].columns("accuracy", hyperparameters)
        unwritten = {n for n, field in columns.items() if field.column.worded or field.optional}
        assert set(columns) - unwritten <= set(table.columns) <= set(columns), name
        if name != "fits":  # `backprop.study.scores` has an order of its own
            assert list(table.columns) == [each for each in columns if each in table], name


def test_the_rows_of_a_table_have_the_declared_types(made, tmp_path):
    for name, table in made.items():
        file = tmp_path / f"{name}.csv"
        write_table(file, table)
        declared = tables.TABLES[name]
        rows = declared.rows(declared.read(file), "accuracy")
        assert len(rows) == len(table), name
        for field in declared.fields:
            values = [getattr(row, field.name) for row in rows]
            if field.is_several:
                values = [each for value in values for each in value.values()]
            present = [value for value in values if value is not None]
            if field.kind is not Any:
                assert {type(value) for value in present} <= {field.kind}, (name, field.name)
            else:
                assert not any(isinstance(value, float) and np.isnan(value) for value in present)


def test_a_missing_value_is_none_and_an_interval_has_three_columns(made):
    logistic, scratch, *_ = tables.COMPARISON.rows(made["comparison"], "accuracy")
    row = made["comparison"].set_index("model").loc["scratch"]
    assert logistic.difference is None
    assert logistic.p_adjusted is None
    assert scratch.difference == Interval(
        row["difference"], row["difference_lower"], row["difference_upper"]
    )
    assert scratch.chaotic is False  # a column that may be absent
    assert scratch.failed == 0


def test_a_row_of_configurations_has_its_hyperparameters_and_the_other_metrics(made):
    table = made["configurations"]
    row = tables.CONFIGURATIONS.rows(table, "accuracy")[1]
    assert row.hyperparameters["learning_rate"] == table["learning_rate"][1]
    assert set(row.hyperparameters) == set(hyperparameter_columns(made["fits"]))
    assert set(row.others) == set(METRICS) - {"accuracy"}
    assert row.others["log_loss"].lower == table["log_loss_lower"][1]


def test_a_text_stays_a_text_even_if_all_are_numbers(tmp_path):
    row = {"check": "classes", "subject": "1", "count": 3, "total": 5, "warns": False}
    write_table(tmp_path / "table.csv", tables.NEW_DATA_CHECKS.frame([row]))
    (read,) = tables.NEW_DATA_CHECKS.rows(tables.NEW_DATA_CHECKS.read(tmp_path / "table.csv"))
    assert (read.subject, read.count, read.which) == ("1", 3, None)


@pytest.mark.parametrize("metric", METRICS)
def test_readers_get_no_hidden_column_and_every_sentence(metric):
    for name in SENTENCES:
        declared = tables.TABLES[name]
        every = [*declared.columns(metric)]
        shown = declared.shown(pd.DataFrame(columns=every), metric)
        assert "verdict" in shown
        hidden = {n for n, field in declared.columns(metric).items() if field.column.hidden}
        assert list(shown.columns) == [each for each in every if each not in hidden]


@pytest.mark.parametrize("metric", METRICS)
def test_the_first_columns_of_a_page_are_shown_to_readers_and_explained(metric):
    for name in SHOWN:
        declared = tables.TABLES[name]
        explained = {head.column: head.help for head in heads(name, metric)}
        for column in declared.first(metric):
            assert not declared.columns(metric)[column].column.hidden
            assert explained[column]


def test_a_column_is_added_by_one_field():
    class More(tables.Pair):
        surprise: tables.Number

    table = Table(More).frame([{"model": "a", "other": "b", "surprise": 2.0}])
    assert list(table.columns) == [*tables.PAIRS.columns(), "surprise"]
    assert Table(More).rows(table)[0].surprise == 2.0

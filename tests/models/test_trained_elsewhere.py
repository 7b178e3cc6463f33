"""Files with the predictions of models that were trained elsewhere."""

import dataclasses
import hashlib
import re

import numpy as np
import pandas as pd
import pytest

from backprop.data.canonical_form import canonical
from backprop.data.dataset import Dataset
from backprop.errors import BackpropError
from backprop.models import predictions_file
from backprop.models.families import ELSEWHERE
from backprop.models.predictions_file import companion, read_predictions, train_fits
from backprop.study.configurations import Configuration
from backprop.study.fits import as_row
from backprop.study.scores import score_fits
from backprop.study.splits import splits_of

DATA = Dataset(
    x=np.arange(4.0)[:, np.newaxis],
    y=np.array([0, 1, 0, 1]),
    features=("a",),
    label="class",
    classes=("no", "yes, sir"),
)
SPLITS = splits_of(np.array([[0, 0, 1, 1], [1, 0, 0, 1]]))
LINES = [
    'row,repeat,fold,no,"yes, sir"', "1,1,1,0.9,0.1", "2,1,1,0.8,0.2", "3,1,2,0.7,0.3",
    "4,1,2,0.6,0.4", "1,2,2,0.5,0.5", "2,2,1,0.4,0.6", "3,2,1,0.3,0.7", "4,2,2,0.2,0.8",
]  # fmt: skip


@pytest.fixture
def write(in_a_folder, tmp_path):

    def write(lines):
        (tmp_path / "rules.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / "rules.csv"

    return write


def read(path):
    return [fit.probabilities for fit in read_predictions(path, DATA, SPLITS, "log_loss")]


@pytest.mark.parametrize("order", [1, -1])
def test_the_probabilities_of_a_split_are_in_the_order_of_its_rows(write, order):
    read_ones = read(write([LINES[0], "", *LINES[1:][::order]]))
    assert [each.tolist() for each in read_ones] == [
        [0.1, 0.2], [0.3, 0.4], [0.6, 0.7], [0.5, 0.8],
    ]  # fmt: skip
    fit = read_predictions(write(LINES), DATA, SPLITS, "log_loss")[0]
    assert fit.status == "converged"
    assert fit.probabilities.tolist() == [0.1, 0.2]
    assert (fit.seconds, fit.epochs, fit.parameters.size) == (0, 0, 0)


def test_columns_may_be_in_any_order(write):
    turned = ['"yes, sir",fold,no,repeat,row', "0.1,1,0.9,1,1"]
    turned += [
        ",".join([p, fold, q, repeat, row])
        for row, repeat, fold, q, p in (line.split(",") for line in LINES[2:])
    ]
    assert np.array_equal(read(write(turned)), read(write(LINES)))


def test_cells_may_be_between_semicolons_as_in_other_tables(write):
    lines = ['row;repeat;fold;no;"yes, sir"', *(line.replace(",", ";") for line in LINES[1:])]
    assert np.array_equal(read(write(lines)), read(write(LINES)))


@pytest.mark.parametrize(
    ("line", "by", "message"),
    [
        (5, None, "found no line for row 1 of repeat 2, which is in fold 2; `backprop folds`"),
        (2, "2,1,2,0.8,0.2", "line 3: row 2 of repeat 1 is in fold 1, and not in 2: other folds"),
        (2, "1,1,1,0.8,0.2", "line 3: found row 1 of repeat 1 twice"),
        (2, "5,1,1,0.8,0.2", "line 3: found row 5 of repeat 1; use rows 1 to 4, repeats 1 to 2"),
        (2, "2,3,1,0.8,0.2", "line 3: found row 2 of repeat 3; use rows 1 to 4, repeats 1 to 2"),
        (2, "2,1,1,0.8,0.3", "line 3: the probabilities have the sum 1.1; use 1"),
        (2, "2,1,1,1.2,-0.2", "line 3: no: found '1.2'; use a probability from 0 to 1"),
        (2, "2,1,1,nan,0.2", "line 3: no: found 'nan'"),
        (2, '2,1,1,"0,8","0,2"', "line 3: no: found '0,8'; use a probability from 0 to 1, with a"),
        (2, "2,1,1,0.8", "row 2 (line 3): found 4 cells; use 5, one for each of"),
        (2, "two,1,1,0.8,0.2", "line 3: row: found 'two'; use a number from 1"),
        (
            0,
            "row,repeat,fold,no,yes",
            "line 1: yes, sir is missing; 'yes' is no class; use the col",
        ),
        (0, "row,repeat,fold,no,no", "line 1: yes, sir is missing; 'no' is there twice"),
        (0, "row,repeat,fold,no,\x1b[31m", "'\\x1b[31m' is no class"),
        (0, "# sha256: 00\n" + LINES[0], "line 1: found predictions of another data set, 00; use"),
    ],
)
def test_a_file_of_other_rows_folds_or_classes_is_refused(write, line, by, message):
    lines = [*LINES[:line], *([] if by is None else [by]), *LINES[line + 1 :]]
    with pytest.raises(BackpropError) as caught:
        read(write(lines))
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(write(lines)))


def test_a_digest_may_say_of_which_data_predictions_are(write):
    digest = hashlib.sha256(canonical(DATA)).hexdigest()
    for first in (f"# sha256: {digest}", f"\ufeff# sha256: {digest.upper()},,,,"):
        assert len(read(write([first, *LINES]))) == 4


def test_a_digest_may_be_in_a_file_beside_the_predictions(write):
    path, digest = write(LINES), hashlib.sha256(canonical(DATA)).hexdigest()
    companion(path).write_text(f"{digest.upper()}  dataset.csv\n")
    assert len(read(path)) == 4
    for other in (f"{'0' * 64}  dataset.csv\n", "", "\x00\n"):
        companion(path).write_text(other)
        with pytest.raises(
            BackpropError, match=r"rules\.csv\.sha256, line 1: found predictions of"
        ):
            read(path)


CLASSES = [
    "row,repeat,fold,predicted", "1,1,1,no", '2,1,1,"yes, sir"', '3,1,2,"yes, sir"', "4,1,2,no",
    "1,2,2,no", "2,2,1,no", "3,2,1,no", "4,2,2,no",
]  # fmt: skip


def test_predicted_classes_alone_are_scores_that_only_count(write):
    own = read_predictions(write(CLASSES), DATA, SPLITS, "accuracy")
    assert {fit.status for fit in own} == {"only_classes"}
    assert [fit.probabilities.tolist() for fit in own] == [
        [0, 1], [1, 0], [0, 0], [0, 0],
    ]  # fmt: skip
    rows = [
        as_row("rules", Configuration(), s, fit, "") for s, fit in zip(SPLITS, own, strict=False)
    ]
    scores = score_fits(pd.DataFrame(rows), DATA.y)
    assert scores["accuracy"].tolist() == [1, 0, 0.5, 0.5]
    assert scores["balanced_accuracy"].notna().all()
    assert scores[["log_loss", "brier_score", "roc_auc"]].isna().all(axis=None)


def test_equally_probable_classes_share_a_row_unless_the_file_names_the_class(write):
    own = read_predictions(write(LINES), DATA, SPLITS, "accuracy")
    assert [fit.predicted is None for fit in own] == [True, True, True, False]
    assert own[3].predicted.tolist() == [-1, 1]
    named = [f"{LINES[0]},predicted", *(f"{line},no" for line in LINES[1:])]
    own = read_predictions(write(named), DATA, SPLITS, "log_loss")
    assert [fit.predicted.tolist() for fit in own] == [[0, 0]] * 4
    assert own[0].probabilities.tolist() == [0.1, 0.2]


@pytest.mark.parametrize(
    ("line", "metric", "message"),
    [
        (
            "2,1,1,maybe",
            "accuracy",
            "line 3: predicted: found 'maybe'; use one of 'no', 'yes, sir'",
        ),
        ("2,1,1,", "accuracy", "line 3: predicted: found ''; use one of"),
        (CLASSES[2], "roc_auc", "line 1: found predicted alone, without probabilities, which roc_"),
    ],
)
def test_classes_that_are_none_or_do_not_do_are_refused(write, line, metric, message):
    path = write([*CLASSES[:2], line, *CLASSES[3:]])
    with pytest.raises(BackpropError, match=re.escape(message)):
        read_predictions(path, DATA, SPLITS, metric)


def test_a_class_may_be_called_predicted(write):
    data = dataclasses.replace(DATA, classes=("no", "predicted"))
    lines = [line.replace('"yes, sir"', "predicted") for line in LINES]
    own = read_predictions(write(lines), data, SPLITS, "log_loss")
    assert own[0].status == "converged"
    assert own[0].probabilities.tolist() == [0.1, 0.2]


def test_what_is_not_a_text_is_refused(write):
    path = write(LINES)
    path.write_bytes(b"row,repeat,fold,no,\xff\n")
    with pytest.raises(BackpropError, match=r"rules\.csv: line 1: found the byte 0xff"):
        read(path)
    with pytest.raises(BackpropError, match="not a file"):
        read(path.parent)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(write, monkeypatch):
    path = write(LINES)
    monkeypatch.setattr(predictions_file, "MAX_BYTES", 100)
    with pytest.raises(BackpropError, match="found more than 100 bytes; use a smaller"):
        read(path)


def test_nothing_can_be_trained_here():
    with pytest.raises(BackpropError, match="the model was trained elsewhere"):
        train_fits("", [], DATA)
    with pytest.raises(BackpropError, match="the model was trained elsewhere"):
        ELSEWHERE.train("", [], DATA)

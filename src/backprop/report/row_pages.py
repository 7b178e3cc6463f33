"""The page of every row of the data, and its CSV file."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from backprop.files import read_table
from backprop.report.pages import Section, page_of
from backprop.report.wording.columns import Head
from backprop.report.wording.names import model_label, sentence_case
from backprop.statistics.every_row import CLASS, ID, PROBABILITY, ROW, VALUE, WRONG, WRONG_BY

MOST_VALUES = 500  # features on the page, whose heads need room; the CSV file has all
FIRST_VALUES = 4  # that are shown before a click
DIGITS = 15  # of a value: as many as each float64 has

OF_MODELS = {
    PROBABILITY: (
        "Probability of its class",
        "The probability of the row's own class, by fits that were not trained on the row: the "
        "mean over the repeats",
    ),
    WRONG_BY: ("Wrong", "The share of the repeats in which the row is predicted wrongly"),
}


def page_of_rows(table: pd.DataFrame, title: str, names: Mapping[str, str], row: str) -> str:
    """Return the page of `rows_with_predictions`; of many rows or features, the first ones.

    Parameters
    ----------
    table : DataFrame
    title : str
    names : mapping of str to str
        The names of the columns of the class and the ids.
    row : str
        What a row of the data is.
    """
    values = [name for name in map(str, table) if name.startswith(VALUE)]
    shown = table.drop(columns=values[MOST_VALUES:])
    sentences = ["the rows that models get wrong most often are the first"]
    if len(values) > MOST_VALUES:
        cut = f"the first {MOST_VALUES:,} of {len(values):,} features"
        sentences.append(f"{cut}; the CSV file has them all")
    first = {name for name in shown if name not in values[FIRST_VALUES:]}
    heads = [_head(name, shown[name], names, row)._asdict() for name in map(str, shown)]
    columns = [{**each, "is_first": each["column"] in first} for each in heads]
    return page_of(title, [Section(shown, "", sentences, digits=DIGITS, columns=columns)])


def as_file(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the table with the names of its columns in a CSV file.

    Features, the class and the ids have the names of the user. A name that an earlier column has
    gets an underscore.
    """
    own: list[str] = []
    for column in map(str, table):
        name = names.get(column) or column.removeprefix(VALUE)
        while name in own:
            name += "_"
        own.append(name)
    return table.set_axis(own, axis=1)


def read_ids(file: Path) -> list[str]:
    """Return the names of the rows, in the order of the data, from the file that has them."""
    table = read_table(file, dtype=str)
    return table.iloc[table["row"].astype(int).argsort(), 1].tolist()


def _head(column: str, values: pd.Series, names: Mapping[str, str], row: str) -> Head:
    own = {
        ROW: Head(column, sentence_case(row), help="Its number in the data", unit="count"),
        WRONG: Head(
            column, "Wrong by all", help="The share of all predictions of the row that are "
            "wrong, of all models and repeats", unit="share",
        ),
        CLASS: Head(column, names[CLASS], help="Its class", unit="text"),
        ID: Head(column, names.get(ID) or "", help="What it is called", unit="text"),
    }  # fmt: skip
    if column in own:
        return own[column]
    for prefix, (spanner, words) in OF_MODELS.items():
        if column.startswith(prefix):
            unit = "probability" if prefix == PROBABILITY else "share"
            model = model_label(column.removeprefix(prefix))
            return Head(column, model, spanner, words, unit)
    unit = "number" if pd.api.types.is_numeric_dtype(values) else "text"
    return Head(column, column.removeprefix(VALUE), unit=unit)

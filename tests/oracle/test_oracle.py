"""Each number of each table is computed again, by a program that docs/formulas.md is enough for."""

import math

import numpy as np
import pandas as pd
import pytest
from oracle import Study
from project import Project
from studies import STUDIES

# The columns that say what a row is about.
KEYS = {
    "against_guess": ["model", "tuned", "metric"],
    "by_class": ["model", "class"],
    "calibration": ["model"],
    "calibration_curves": ["model", "point"],
    "comparison": ["model"],
    "configurations": ["model", "configuration"],
    "decision_curve": ["model", "threshold"],
    "decisions": ["model"],
    "effects": ["model", "configuration"],
    "fits": ["model", "configuration", "repeat", "fold"],
    "guessing": ["repeat", "fold"],
    "hard_rows": ["row"],
    "importance": ["model", "features"],
    "metrics": ["model", "metric"],
    "nested": ["model"],
    "nested_pairs": ["model", "other"],
    "new_data": ["model", "metric"],
    "new_data_checks": ["check", "subject"],
    "pairs": ["model", "other"],
    "rows_needed": ["model", "size"],
    "training_sizes": ["model", "share"],
    "tuning": ["model"],
}

# What the oracle does not compute, and why.
TABLES_LEFT_OUT = {
    "parity": "another program trains the networks again",
    "one_step": "a step of the network is tested in tests/network",
    "timings": "seconds are measured",
    "warnings": "its numbers are those of other tables, or of checks of the data",
}
COLUMNS_LEFT_OUT = {
    "chaotic": "what the comparison of the implementations shows",
    "verdict": "sentences",
    "varied": "the names of hyperparameters",
    "hyperparameter": "a name",
    "value": "a setting, as a text; `configuration` has it, too",
    "which": "the names of categories",
    "lacking": "a reason, which has no number",
}


@pytest.fixture(scope="module", params=STUDIES)
def study(request, tmp_path_factory):
    """The folder of results of a study, and the oracle of its tables."""
    make, predict, more = STUDIES[request.param]
    draws = np.random.default_rng(1)
    config, files = make(draws)
    project = Project(tmp_path_factory.mktemp(request.param) / "project", config)
    project.keep_figures()
    for name, lines in files.items():
        project.write(name, "\n".join([*lines, ""]))
    results = project.results / "study"
    if predict:
        own = [model for model in config["models"] if model not in config["predictions"]]
        project.configure({**config, "models": own, "predictions": {}})
        project.run("results/study/data/folds.csv")
        folds, data = (pd.read_csv(results / f"data/{name}.csv") for name in ("folds", "dataset"))
        rows = data.loc[folds["row"] - 1].reset_index(drop=True)
        for name, columns in predict(rows, folds, draws).items():
            folds.assign(**columns).to_csv(project.folder / f"{name}.csv", index=False)
        project.configure(config)
    project.run(*(f"results/study/tables/{name}.csv" for name in ("comparison", *more)))
    return results, Study(results, config)


def is_missing(value):
    return value is None or value != value


# Neighbouring thresholds decide nearly alike, so rounding moves the level of the band.
TOLERANCES = {"decision_curve": 1e-5}


def agree(written, computed, tolerance=1e-10):
    """Return whether two cells agree."""
    if is_missing(written) or is_missing(computed):
        return is_missing(written) and is_missing(computed)
    if isinstance(written, str):
        return written == str(computed)
    return math.isclose(written, float(computed), rel_tol=tolerance, abs_tol=tolerance)


def key_of(row, columns):
    """Return the key of a row, whose numbers may be integers or not."""
    values = [row.get(column) for column in columns]
    texts = [None if is_missing(value) else str(value) for value in values]
    return tuple(text and text.removesuffix(".0") for text in texts)


def test_each_number_of_each_table_follows_from_the_fits_by_the_documented_formulas(study):
    results, oracle = study
    files = [*results.glob("statistics/*.csv"), *results.glob("tables/*.csv")]
    assert {file.stem for file in files} <= KEYS.keys() | TABLES_LEFT_OUT.keys()
    wrong = []
    for file in files:
        if file.stem in TABLES_LEFT_OUT:
            continue
        written = pd.read_csv(file, dtype={"subject": "str"})
        tolerance = TOLERANCES.get(file.stem, 1e-10)
        columns, rows = KEYS[file.stem], [*getattr(oracle, file.stem)()]
        known = {column for row in rows for column in row} | COLUMNS_LEFT_OUT.keys()
        by_key = {key_of(row, columns): row for row in rows}
        assert {*written.columns} <= known or written.empty, file
        cells = {key_of(row, columns): row for row in written.to_dict("records")}
        assert cells.keys() == by_key.keys(), file
        wrong += [
            (file.stem, *key, column, value, by_key[key].get(column))
            for key, row in cells.items()
            for column, value in row.items()
            if column not in COLUMNS_LEFT_OUT
            and not agree(value, by_key[key].get(column), tolerance)
        ]
    assert not wrong

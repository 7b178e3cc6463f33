"""Made-up fits, whose right and wrong predictions are known."""

import numpy as np
import pandas as pd
from in_memory import study_of

from backprop.files import canonical_json, write_table
from backprop.models.candidate_lists import candidates_as_text
from backprop.statistics.comparison import compare_models, summarise_configurations
from backprop.statistics.grouping import Judgement
from backprop.statistics.guessing import score_guessing
from backprop.statistics.parity import compare_fits, compare_implementations
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration
from backprop.study.scores import score_fits, with_columns

ROWS, FOLDS, REPEATS = 402, 5, 4  # folds of 81 and of 80 rows
Y = np.arange(ROWS) % 2
REFERENCE = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")

rng = np.random.default_rng(1)
GOOD = rng.random((REPEATS, ROWS)) < 0.8  # which rows logistic regression has right
MORE = GOOD | (rng.random((REPEATS, ROWS)) < 0.5)
LESS = GOOD & (rng.random((REPEATS, ROWS)) < 0.9)
OTHER = rng.random((REPEATS, ROWS)) < 0.8
NEVER = None  # diverged


def varied(**values):
    """Return a configuration that differs from the reference in these values."""
    return REFERENCE.changed(**values)


CANDIDATES = {
    REFERENCE: GOOD,
    varied(hidden=(5,)): GOOD,
    varied(hidden=(5, 5)): OTHER,
    varied(activation="relu"): NEVER,
    varied(learning_rate=0.3): MORE,
    varied(learning_rate=1.0): LESS,
    varied(learning_rate=0.3, hidden=(5,)): MORE,
}


def mean_of_folds(right):
    """Return the accuracy of a configuration: the mean over the test folds, of unequal sizes."""
    return np.mean([right[:, fold::FOLDS].mean() for fold in range(FOLDS)])


def fits_of(model, configuration, right):
    """Make the fits of a configuration that has these rows right in each repeat."""
    rows = []
    for repeat in range(REPEATS):
        for fold in range(FOLDS):
            tested = np.arange(fold, ROWS, FOLDS)
            p = np.full(tested.size, np.nan)
            if right is not NEVER:
                p = np.where(right[repeat, tested], Y[tested], 1 - Y[tested]) * 0.8 + 0.1
            rows.append(
                {
                    "model": model,
                    "configuration": configuration.name,
                    "hyperparameters": canonical_json(configuration.values()),
                    "repeat": repeat + 1, "fold": fold + 1, "epochs": 1,
                    "status": "diverged" if right is NEVER else "epochs",
                    "rows": tested + 1, "probabilities": p,
                    "curve_epochs": np.array([1]), "train_cost": np.array([0.5]),
                    "test_cost": np.array([0.5]),
                }
            )  # fmt: skip
    return rows


def study_with(every):
    """Make the scores and the fits of models: the rows that each of their configurations has right.

    Parameters
    ----------
    every : dict of str to (dict of Configuration to array)
    """
    fits = pd.DataFrame(
        row
        for model, own in every.items()
        for configuration, right in own.items()
        for row in fits_of(model, configuration, right)
    )
    return with_columns(score_fits(fits, Y)), fits


def make_study(candidates, tensorflow=None, softmax=None):
    """Make the scores and the fits of logistic regression and of configurations of scratch.

    And of softmax regression, and of the reference by TensorFlow, if they have any row right.
    """
    every = {"logistic": {Configuration(): GOOD}}
    every |= {} if softmax is None else {"softmax": {Configuration(): softmax}}
    every |= {"scratch": candidates}
    every |= {} if tensorflow is None else {"tensorflow": {REFERENCE: tensorflow}}
    return study_with(every)


def write_study(folder, scores, fits, candidates, metric="accuracy", rope=0.01):
    """Write the tables of scores and fits to a folder; return the study that figures draw."""
    judgement = judged((scores, fits), candidates, metric, rope)
    written = {
        "scores": scores,
        "comparison": compare_models(judgement),
        "configurations": summarise_configurations(judgement),
        "guessing": score_guessing(judgement),
    }
    for name, table in written.items():
        write_table(folder / f"{name}.csv", table)
    files = {name: str(folder / f"{name}.csv") for name in written}
    files["candidates"] = write_candidates(folder / "candidates.json", candidates)
    return study_of(Results(files, {"rope": rope, "metric": metric}))


def write_candidates(file, candidates):
    """Write the configurations of models to a file; return its name."""
    file.write_text(candidates_as_text(candidates))
    return str(file)


def by_model(configurations):
    """Return the configurations of both regressions, and these of both networks."""
    networks = list(configurations)
    regression = [Configuration()]
    return {
        "logistic": regression, "softmax": regression, "scratch": networks, "tensorflow": networks,
    }  # fmt: skip


def judged(study, candidates, metric="accuracy", rope=0.01, **options):
    """Judge the scores and the fits of a study, with these candidates, by a metric."""
    return Judgement(*study, Y, candidates, metric=metric, rope=rope, **options)


def models_of(study, configurations=(REFERENCE,)):
    """Compare the models of a study, of whose networks some configurations are candidates."""
    return compare_models(judged(study, by_model(configurations))).set_index("model")


def agreement_of(fits):
    """Compare the implementations of the network, each of whose steps agrees."""
    steps = {"step_ratio": 0.1, "step_epoch": 0, "start_cost": fits["train_cost"].str[0]}
    fits = fits.assign(**steps)
    is_plain = fits["model"] == "plain"
    return compare_implementations(compare_fits(fits[~is_plain], fits[is_plain]))

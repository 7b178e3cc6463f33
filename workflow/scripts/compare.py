"""Compute the statistics of the configurations and the models of a data set."""

from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.files import read_table, write_table
from backprop.models.registry import read_candidates
from backprop.report import tables
from backprop.study.fits import read_fits
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    y = read_dataset(*map(Path, snakemake.input.data)).y
    scores = read_table(Path(snakemake.input.scores))
    fits = read_fits([Path(file) for file in snakemake.input.fits], columns=tables.COLUMNS)
    candidates = read_candidates(parameters["candidates"])
    folds, rope, seed = (parameters[key] for key in ("folds", "rope", "seed"))
    statistics = {
        "configurations": tables.summarise_configurations(scores, candidates, folds),
        "comparison": tables.compare_models(scores, fits, candidates, y, folds=folds, rope=rope),
        "tuning": tables.estimate_tuning(scores, fits, candidates, y, seed=seed),
        "effects": tables.compare_values(scores, candidates, folds=folds, rope=rope),
        "guessing": tables.score_guessing(fits, candidates, y),
    }
    for name, table in statistics.items():
        write_table(Path(snakemake.output[name]), table)

"""Draw the folds of the cross-validation."""

from pathlib import Path

from backprop.data import dataset as data
from backprop.study import folds
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    y = data.read(Path(snakemake.input.data)).y
    assigned = folds.split(y, folds=wanted["folds"], repeats=wanted["repeats"], seed=wanted["seed"])
    folds.write(Path(snakemake.output[0]), assigned)

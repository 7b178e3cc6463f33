"""Draw the folds of the cross-validation."""

from pathlib import Path

from backprop import data, folds
from backprop.jobs import job

with job(snakemake) as wanted:
    y = data.read(Path(snakemake.input.data)).y
    assigned = folds.split(y, folds=wanted["folds"], repeats=wanted["repeats"], seed=wanted["seed"])
    folds.write(Path(snakemake.output[0]), assigned)

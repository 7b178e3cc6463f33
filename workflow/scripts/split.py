"""Draw the folds of the cross-validation."""

from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.study.cross_validation import draw_folds, write_folds
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    y = read_dataset(*map(Path, snakemake.input.data)).y
    options = {key: parameters[key] for key in ("folds", "repeats", "seed")}
    write_folds(Path(snakemake.output[0]), draw_folds(y, **options))

"""Read the predictions of a model that was trained elsewhere."""

import logging
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.models.predictions_file import read_predictions
from backprop.study.configurations import Configuration
from backprop.study.fits import update_fits
from backprop.study.splits import read_splits
from backprop.workflow.jobs import basis, job

with job(snakemake) as parameters:
    logging.getLogger("backprop.study.fits").setLevel(logging.WARNING)  # nothing is trained
    splits = read_splits(Path(snakemake.input.folds))
    dataset = read_dataset(*map(Path, snakemake.input.data))
    fits = read_predictions(Path(*parameters["files"]), dataset, splits, parameters["metric"])
    of_split = dict(zip([split.key for split in splits], fits, strict=True))
    update_fits(
        Path(snakemake.output[0]),
        snakemake.wildcards.model,
        [Configuration()],
        splits,
        basis(parameters, snakemake.input.data),
        lambda missing: enumerate(of_split[split.key] for _, split in missing),
    )

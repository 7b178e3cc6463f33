"""Fit a classifier of scikit-learn on every split."""

from functools import partial
from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.models.estimators import train_fits
from backprop.study.configurations import Settings
from backprop.study.fits import update_fits
from backprop.study.splits import read_splits
from backprop.workflow.jobs import basis, job

with job(snakemake) as parameters:
    update_fits(
        Path(snakemake.output[0]),
        snakemake.wildcards.model,
        [Settings.of(values) for values in parameters["configurations"]],
        read_splits(Path(snakemake.input.folds), map(Path, snakemake.input.inner)),
        basis(parameters, snakemake.input.data),
        partial(
            train_fits,
            parameters["computes"]["classifier"],
            dataset=read_dataset(*map(Path, snakemake.input.data)),
            seed=parameters["seed"],
        ),
    )

"""Train a model, or the configurations of one shape of it."""

from functools import partial
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.models.families import FAMILIES
from backprop.study.fits import update_fits
from backprop.study.splits import read_splits
from backprop.workflow.jobs import basis, job

with job(snakemake) as parameters:
    family = FAMILIES[parameters["family"]]
    splits = read_splits(Path(snakemake.input.folds), map(Path, snakemake.input.inner))
    update_fits(
        Path(snakemake.output[0]),
        snakemake.wildcards.model,
        list(map(family.read, parameters["configurations"])),
        splits,
        basis(parameters, snakemake.input.data),
        partial(
            family.train,
            parameters["implementation"],
            dataset=read_dataset(*map(Path, snakemake.input.data)),
            **parameters["needs"],
        ),
    )

"""Train a model, or a network in the configurations of a few shapes."""

import logging
from functools import partial
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.models.families import FAMILIES
from backprop.study.fits import remove_parts, update_fits
from backprop.study.splits import read_splits
from backprop.workflow.jobs import basis, job

log = logging.getLogger(__name__)

with job(snakemake) as parameters:
    family, files = FAMILIES[parameters["family"]], list(map(Path, snakemake.output))
    splits = read_splits(Path(snakemake.input.folds), map(Path, snakemake.input.inner))
    train_missing = partial(
        family.train_each,
        parameters["implementation"],
        processes=snakemake.threads,
        dataset=read_dataset(*map(Path, snakemake.input.data)),
        **parameters["needs"],
    )
    for n, configurations in enumerate(parameters["configurations"]):
        share = {"done": n / len(files), "share": 1 / len(files)}
        log.info("file %d of %d", n + 1, len(files), extra=share)
        update_fits(
            files[n],
            snakemake.wildcards.model,
            list(map(family.read, configurations)),
            splits,
            basis(parameters, snakemake.input.data),
            train_missing,
        )
    remove_parts(files)

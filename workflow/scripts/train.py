"""Train a model, or a network in the configurations of a few shapes."""

import logging
from functools import partial
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.models.families import FAMILIES
from backprop.study.fits import remove_parts, update_fits
from backprop.study.splits import read_splits
from backprop.study.workers import side_by_side
from backprop.workflow.jobs import basis, job

log = logging.getLogger(__name__)

with job(snakemake) as parameters:
    family, files = FAMILIES[parameters["family"]], list(map(Path, snakemake.output))
    at_once = min(snakemake.threads, len(files))
    splits = read_splits(Path(snakemake.input.folds), map(Path, snakemake.input.inner))
    train_missing = partial(
        family.train_each,
        parameters["implementation"],
        dataset=read_dataset(*map(Path, snakemake.input.data)),
        processes=snakemake.threads // at_once,
        **parameters["needs"],
    )

    def train_file(number: int) -> list[int]:
        """Update a file of fits, and return its number as the one result."""
        update_fits(
            files[number],
            snakemake.wildcards.model,
            list(map(family.read, parameters["configurations"][number])),
            splits,
            basis(parameters, snakemake.input.data),
            train_missing,
        )
        return [number]

    ends = side_by_side(range(len(files)), train_file, at_once)
    for n in range(len(files)):
        # In turn, each says how much of itself is done.
        share = {"share": 1 / len(files)} if at_once == 1 else {}
        log.info("file %d of %d", n + 1, len(files), extra={"done": n / len(files), **share})
        next(ends)
    remove_parts(files)

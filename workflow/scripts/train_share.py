"""Train the reference of a model on a share of each training set."""

from functools import partial
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.data.groups import groups_of
from backprop.models.families import FAMILIES
from backprop.study.fits import remove_parts, update_fits
from backprop.study.splits import read_splits
from backprop.study.subsets import training_subsets
from backprop.workflow.jobs import basis, job

with job(snakemake) as parameters:
    family, (configurations,) = FAMILIES[parameters["family"]], parameters["configurations"]
    dataset = read_dataset(*map(Path, snakemake.input.data))
    update_fits(
        Path(snakemake.output[0]),
        snakemake.wildcards.model,
        list(map(family.read, configurations)),
        training_subsets(
            read_splits(Path(snakemake.input.folds)),
            dataset.y,
            parameters["share"],
            seed=parameters["seed"],
            groups=groups_of(dataset, parameters["duplicates"]),
            classes=dataset.classes,
        ),
        basis(parameters, snakemake.input.data),
        partial(
            family.train_each,
            parameters["implementation"],
            processes=snakemake.threads,
            dataset=dataset,
            **parameters["needs"],
        ),
    )
    remove_parts([Path(snakemake.output[0])])

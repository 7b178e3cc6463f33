"""Train the reference of a model without each group of features."""

from functools import partial
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.data.feature_groups import as_parameters, left_out_of
from backprop.models.families import FAMILIES
from backprop.models.without_features import leaving_out, train_without
from backprop.study.fits import remove_parts, update_fits
from backprop.study.splits import read_splits
from backprop.workflow.jobs import basis, job

with job(snakemake) as parameters:
    family, file = FAMILIES[parameters["family"]], Path(snakemake.output[0])
    dataset = read_dataset(*map(Path, snakemake.input.data))
    groups, _ = left_out_of(dataset, **as_parameters(parameters))
    reference = family.read(parameters["reference"])
    update_fits(
        file,
        snakemake.wildcards.model,
        [*leaving_out(reference, groups).values()],
        read_splits(Path(snakemake.input.folds)),
        basis(parameters, snakemake.input.data),
        partial(
            train_without,
            family,
            parameters["implementation"],
            reference,
            dataset=dataset,
            processes=snakemake.threads,
            **parameters["needs"],
        ),
    )
    remove_parts([file])

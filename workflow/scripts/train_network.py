"""Train the networks of one shape."""

from functools import partial
from importlib import import_module
from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.models.networks import train_fits
from backprop.study.configurations import Configuration
from backprop.study.fits import update_fits
from backprop.study.splits import read_splits
from backprop.workflow.jobs import basis, job

with job(snakemake) as parameters:
    # Imported here, so that what TensorFlow prints goes into the log.
    network = import_module(parameters["module"])
    splits = read_splits(Path(snakemake.input.folds), map(Path, snakemake.input.inner))
    update_fits(
        Path(snakemake.output[0]),
        snakemake.wildcards.model,
        [Configuration.of(values) for values in parameters["configurations"]],
        splits[: parameters["splits"]],
        basis(parameters, snakemake.input.data),
        partial(
            train_fits,
            network,
            dataset=read_dataset(*map(Path, snakemake.input.data)),
            seed=parameters["seed"],
            **parameters["training"],
        ),
    )

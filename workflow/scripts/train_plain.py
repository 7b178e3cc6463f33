"""Train every configuration in a plain loop."""

from pathlib import Path

from backprop.models import networks as training
from backprop.network import plain as plain_network
from backprop.workflow.jobs import basis, job

with job(snakemake) as wanted:
    files = snakemake.input
    training.update_fits(
        Path(snakemake.output[0]),
        "plain",
        plain_network,
        wanted,
        data_file=Path(files.data),
        folds_file=Path(files.folds),
        basis=basis(wanted, files.data, files.code),
    )

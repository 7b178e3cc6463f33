"""Fit softmax regression on every split."""

from pathlib import Path

from backprop.models import baselines
from backprop.workflow.jobs import basis, job

with job(snakemake) as wanted:
    files = snakemake.input
    baselines.update_fits(
        Path(snakemake.output[0]),
        "softmax",
        data_file=Path(files.data),
        folds_file=Path(files.folds),
        basis=basis(wanted, files.data, files.code),
    )

"""Compare the implementations of the network."""

from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.files import write_table
from backprop.statistics.by_plain import compare_files
from backprop.statistics.parity import compare_implementations
from backprop.study.splits import read_splits
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    compared = compare_files(
        map(Path, snakemake.input.fits),
        read_dataset(*map(Path, snakemake.input.data)),
        read_splits(Path(snakemake.input.folds)),
        seed=parameters["seed"],
    )
    write_table(Path(snakemake.output[0]), compare_implementations(compared))

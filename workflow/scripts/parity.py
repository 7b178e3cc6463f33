"""Compare the implementations of the network."""

from pathlib import Path

from backprop.files import read_table, write_table
from backprop.statistics.parity import (
    compare_files,
    compare_implementations,
    refuse_unexplained,
)
from backprop.workflow.jobs import job

with job(snakemake):
    compared, _ = compare_files(map(Path, snakemake.input.fits))
    table = compare_implementations(compared, read_table(Path(snakemake.input.twins)))
    refuse_unexplained(table)
    write_table(Path(snakemake.output[0]), table)

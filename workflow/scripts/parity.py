"""Compare the implementations of the network."""

from pathlib import Path

from backprop.files import write_table
from backprop.statistics.parity import compare_files, compare_implementations
from backprop.workflow.jobs import job

with job(snakemake):
    compared = compare_files(map(Path, snakemake.input))
    write_table(Path(snakemake.output[0]), compare_implementations(compared))

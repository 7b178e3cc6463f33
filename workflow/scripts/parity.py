"""Compare the implementations of the network."""

from pathlib import Path

from backprop.files import write_table
from backprop.report.statistics.grouping import COLUMNS
from backprop.report.statistics.parity import compare_implementations
from backprop.study.fits import read_fits
from backprop.workflow.jobs import job

with job(snakemake):
    files = [Path(file) for file in (*snakemake.input.fits, *snakemake.input.checks)]
    table = compare_implementations(read_fits(files, columns=COLUMNS))
    write_table(Path(snakemake.output[0]), table)

"""Gather all fits of a data set: their metrics, and what they took."""

from pathlib import Path

from backprop.data import dataset as data
from backprop.files import write_table
from backprop.report import tables
from backprop.study import fits
from backprop.workflow.jobs import job

with job(snakemake):
    y = data.read(Path(snakemake.input.data)).y
    found = fits.read([Path(file) for file in snakemake.input.fits], predictions_only=True)
    write_table(Path(snakemake.output.fits), tables.scores(found, y))
    write_table(Path(snakemake.output.timings), tables.timings(found))

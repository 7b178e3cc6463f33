"""Score the fits of a data set, and list the time that each took."""

from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.files import write_table
from backprop.study.scores import score_files
from backprop.workflow.jobs import job

with job(snakemake):
    y = read_dataset(*map(Path, snakemake.input.data)).y
    scores, timings = score_files([Path(file) for file in snakemake.input.fits], y)
    write_table(Path(snakemake.output.fits), scores)
    write_table(Path(snakemake.output.timings), timings)

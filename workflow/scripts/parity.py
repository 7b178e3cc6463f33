"""Compare the hand-written, the TensorFlow and the plain networks."""

from pathlib import Path

from backprop.files import write_table
from backprop.report import tables
from backprop.study import fits
from backprop.workflow.jobs import job

with job(snakemake):
    found = fits.read(
        [Path(file) for file in [*snakemake.input.fits, snakemake.input.plain]],
        predictions_only=True,
    )
    write_table(Path(snakemake.output[0]), tables.parity(found))

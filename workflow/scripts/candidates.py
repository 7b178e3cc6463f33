"""Write the configurations of the models, for the jobs that read results."""

from pathlib import Path

from backprop.files import write_atomically
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    write_atomically(Path(snakemake.output[0]), parameters["candidates"].encode())

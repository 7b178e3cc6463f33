"""Write the configurations of the models, for the jobs that read results."""

from pathlib import Path

from backprop.files import canonical_json, write_atomically
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    content = canonical_json(parameters["candidates"])
    write_atomically(Path(snakemake.output[0]), content.encode())

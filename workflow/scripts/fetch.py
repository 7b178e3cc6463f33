"""Obtain a data set."""

from pathlib import Path

from backprop.data.canonical_form import digest_of_data
from backprop.data.sources import contents_of
from backprop.errors import BackpropError
from backprop.files import write_atomically
from backprop.workflow.jobs import EDITED, job
from backprop.workflow.obtaining import obtain_for, source_of

with job(snakemake) as parameters:
    dataset = obtain_for(snakemake, [*snakemake.input, *parameters["files"]])
    if parameters.get("data") not in (None, digest_of_data(dataset)):
        raise BackpropError(EDITED)
    for output, content in contents_of(dataset, source_of(snakemake)).items():
        write_atomically(Path(snakemake.output[output]), content)

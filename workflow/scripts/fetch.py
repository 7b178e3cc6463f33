"""Obtain a data set."""

import os
from pathlib import Path

from backprop.data.canonical_form import digest_of_data
from backprop.data.sources import contents_of, obtain, options_of
from backprop.errors import BackpropError
from backprop.files import write_atomically
from backprop.workflow.jobs import EDITED, job

with job(snakemake) as parameters:
    name = snakemake.wildcards.dataset
    entry = snakemake.config["datasets"][name]
    source = os.environ[entry["source"]]
    file = next(map(Path, [*snakemake.input, *parameters["files"]]), None)
    options = options_of(entry, snakemake.config["seed"])
    dataset = obtain(source, file=file, **options)
    if parameters.get("data") not in (None, digest_of_data(dataset)):
        raise BackpropError(EDITED)
    for output, content in contents_of(dataset, source).items():
        write_atomically(Path(snakemake.output[output]), content)

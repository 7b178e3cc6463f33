"""Obtain a data set."""

import json
from pathlib import Path

from backprop.data.canonical_form import canonical, columns_of, digest_of_data
from backprop.data.sources import obtain, options_of, provenance
from backprop.errors import BackpropError
from backprop.files import write_atomically
from backprop.workflow.hidden import reveal
from backprop.workflow.jobs import EDITED, job

with job(snakemake) as parameters:
    name = snakemake.wildcards.dataset
    entry = snakemake.config["datasets"][name]
    source = reveal(entry["source"])
    file = Path(snakemake.input[0]) if snakemake.input else None
    dataset = obtain(source, file=file, **parameters.get("options", options_of(entry)))
    if parameters.get("data") not in (None, digest_of_data(dataset)):
        raise BackpropError(EDITED)
    write_atomically(Path(snakemake.output.table), canonical(dataset))
    descriptions = {"columns": columns_of(dataset), "provenance": provenance(dataset, source)}
    for output, description in descriptions.items():
        text = f"{json.dumps(description, indent=2)}\n"
        write_atomically(Path(snakemake.output[output]), text.encode())

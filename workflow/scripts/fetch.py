"""Obtain a data set."""

import json
from pathlib import Path

from backprop.data.dataset import canonical, columns_of
from backprop.data.sources import obtain, provenance
from backprop.files import write_atomically
from backprop.workflow.hidden import reveal
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    name = snakemake.wildcards.dataset
    source = reveal(snakemake.config["datasets"][name]["source"])
    dataset = obtain(
        source,
        file=Path(snakemake.input[0]) if snakemake.input else None,
        **parameters["options"],
    )
    write_atomically(Path(snakemake.output.table), canonical(dataset))
    descriptions = {"columns": columns_of(dataset), "provenance": provenance(dataset, source)}
    for output, description in descriptions.items():
        text = f"{json.dumps(description, indent=2)}\n"
        write_atomically(Path(snakemake.output[output]), text.encode())

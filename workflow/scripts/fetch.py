"""Obtain a data set."""

import json
from pathlib import Path

from backprop.data.dataset import canonical
from backprop.data.sources import obtain, provenance
from backprop.files import write_atomically
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    source = snakemake.config["datasets"][snakemake.wildcards.dataset]["source"]
    dataset = obtain(
        source,
        features=parameters["features"],
        label=parameters["label"],
        sha256=parameters["sha256"],
        file=Path(snakemake.input[0]) if snakemake.input else None,
    )
    description = json.dumps(provenance(dataset, source), indent=2)
    write_atomically(Path(snakemake.output.table), canonical(dataset))
    write_atomically(Path(snakemake.output.provenance), f"{description}\n".encode())

"""Obtain a data set."""

import json
from pathlib import Path

from backprop.data import dataset as data
from backprop.data import sources
from backprop.files import write_atomically
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    source = wanted["source"]
    dataset = sources.obtain(
        source,
        features=wanted["features"],
        label=wanted["label"],
        sha256=wanted["sha256"],
        file=Path(snakemake.input.source[0]) if snakemake.input.source else None,
    )
    description = json.dumps(sources.provenance(dataset, source), indent=2)
    write_atomically(Path(snakemake.output.table), data.canonical(dataset))
    write_atomically(Path(snakemake.output.provenance), f"{description}\n".encode())

"""Write the landing page of the report."""

import json
from pathlib import Path

import pandas as pd

from backprop.files import write_atomically
from backprop.report.summary import render
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    config = wanted["config"]
    studies = {}
    for dataset in config["datasets"]:
        folder = Path("results", dataset)
        tables = {}
        for name in ("comparison", "tuning"):
            tables[name] = pd.read_csv(folder / f"tables/{name}.csv")
        provenance = json.loads((folder / "data/provenance.json").read_text())
        studies[dataset] = {"provenance": provenance, **tables}
    page = render(Path(snakemake.input.template), config, studies)
    write_atomically(Path(snakemake.output[0]), page.encode())

"""Write the landing page of the report."""

import json
from pathlib import Path

from backprop.files import read_table, write_atomically
from backprop.models.registry import read_candidates
from backprop.report.summary import render
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    studies = {}
    for file in snakemake.input.provenance:  # results/{dataset}/data/provenance.json
        dataset = Path(file).parts[1]
        by_name = {
            path.stem: read_table(path)
            for path in map(Path, snakemake.input.tables)
            if path.parts[1] == dataset
        }
        studies[dataset] = {
            "provenance": json.loads(Path(file).read_text(encoding="utf-8")),
            "guessing": by_name.pop("guessing"),
            "hard_rows": by_name.pop("hard_rows"),
            "tables": by_name,
            "links": parameters["links"][dataset],
        }
    candidates = read_candidates(parameters["candidates"])
    page = render(Path(snakemake.input.template), parameters["config"], candidates, studies)
    write_atomically(Path(snakemake.output[0]), page.encode())

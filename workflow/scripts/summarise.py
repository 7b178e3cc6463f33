"""Write the landing page of the report."""

import json
from itertools import zip_longest
from pathlib import Path

import pandas as pd

from backprop.files import read_table, write_atomically
from backprop.models.registry import read_candidates
from backprop.report.summary import render
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files = snakemake.input
    without_networks = pd.DataFrame({"model": [], "verdict": []})
    studies = {  # by the data set, as results/{dataset}/data/provenance.json names it
        Path(provenance).parts[1]: {
            "provenance": json.loads(Path(provenance).read_text(encoding="utf-8")),
            "comparison": read_table(Path(comparison)),
            "guessing": read_table(Path(guessing))["accuracy"].mean(),
            "tuning": read_table(Path(tuning)) if tuning else without_networks,
        }
        for provenance, comparison, guessing, tuning in zip_longest(
            files.provenance,
            files.comparison,
            files.guessing,
            files.tuning,
        )
    }
    candidates = read_candidates(parameters["candidates"])
    page = render(Path(files.template), parameters["config"], candidates, studies)
    write_atomically(Path(snakemake.output[0]), page.encode())

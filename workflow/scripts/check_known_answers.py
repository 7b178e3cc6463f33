"""Check the logistic regression of a data set against known results."""

from pathlib import Path

import yaml

from backprop.data.canonical_form import read_dataset
from backprop.files import write_table
from backprop.statistics import known_answers
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    known = yaml.safe_load(Path(*parameters["files"]).read_text(encoding="utf-8"))
    table = known_answers.compare(read_dataset(*map(Path, snakemake.input.data)), known)
    known_answers.refuse_mismatch(table)
    write_table(Path(snakemake.output[0]), table)

"""Write the landing page of a study of several data sets, which leads to the report on each."""

import json
from pathlib import Path

from backprop.files import canonical_json, write_atomically
from backprop.report.index import render_index, together
from backprop.report.wording.across import verdicts_across
from backprop.statistics.tables import ACROSS
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files = [*map(Path, snakemake.input.studies)]
    studies = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    rows = [row for file in snakemake.input.across for row in ACROSS.rows(ACROSS.read(Path(file)))]
    across = verdicts_across(rows, parameters["metric"]) if rows else []
    study = together(studies, across, parameters["without_result"])
    page = render_index(Path(*parameters["files"]), study)
    write_atomically(Path(snakemake.output.page), page.encode())
    write_atomically(Path(snakemake.output.json), canonical_json(study).encode())

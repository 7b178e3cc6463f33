"""Record how the tables of a data set were made: from which data, and by which code."""

import json
from pathlib import Path

from backprop.files import write_atomically
from backprop.report.pages import table_page
from backprop.report.provenance import as_table, config_of, describe
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    record = describe(
        parameters,
        data=Path(snakemake.input.data),
        tables=[Path(file) for file in snakemake.input.tables],
    )
    text = f"{json.dumps(record, indent=2, ensure_ascii=False)}\n"
    page = table_page(as_table(record), listing=config_of(record), **parameters["look"])
    write_atomically(Path(snakemake.output.record), text.encode())
    write_atomically(Path(snakemake.output.page), page.encode())

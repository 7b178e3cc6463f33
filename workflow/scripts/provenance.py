"""Record what the tables of a data set were made of, and by what."""

import json
from pathlib import Path

from backprop.files import write_atomically
from backprop.report import pages, provenance
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    files = snakemake.input
    record = provenance.describe(
        wanted,
        data=Path(files.data),
        code=[Path(file) for file in files.makers],
        tables=[Path(file) for file in files.tables],
    )
    text = f"{json.dumps(record, indent=2, ensure_ascii=False)}\n"
    page = pages.table_page(provenance.as_table(record), "Provenance of the tables")
    write_atomically(Path(snakemake.output.record), text.encode())
    write_atomically(Path(snakemake.output.page), page.encode())

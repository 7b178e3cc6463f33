"""Record how the tables of a data set were made: from which data, and by which code."""

import json
from pathlib import Path

from backprop.files import read_table, write_atomically
from backprop.report.pages import Section, page_of
from backprop.report.provenance import (
    READ,
    TIMES,
    as_table,
    config_of,
    describe,
    how_read,
    times_of_models,
)
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    record = describe(
        parameters,
        data=Path(snakemake.input.data),
        tables=[Path(file) for file in snakemake.input.tables],
    )
    text = f"{json.dumps(record, indent=2, ensure_ascii=False)}\n"
    columns, described = (
        json.loads(Path(file).read_text(encoding="utf-8"))
        for file in (snakemake.input.columns, snakemake.input.described)
    )
    sections = [
        Section(how_read(described, columns.get("cells", {})), *READ),
        Section(as_table(record), **parameters["look"]),
        Section(times_of_models(read_table(Path(snakemake.input.timings))), *TIMES, digits=3),
    ]
    page = page_of(parameters["title"], sections, config_of(record))
    write_atomically(Path(snakemake.output.record), text.encode())
    write_atomically(Path(snakemake.output.page), page.encode())

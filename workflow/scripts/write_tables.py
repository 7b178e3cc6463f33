"""Add the sentences to the tables of a data set, and write the tables as pages."""

from pathlib import Path

from backprop.files import read_table, write_atomically, write_table
from backprop.models.registry import read_candidates
from backprop.report.pages import table_page
from backprop.report.wording.rows import Context
from backprop.report.wording.verdicts import add_verdicts
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    context = Context.of(read_candidates(parameters["candidates"]), **parameters["context"])
    csv_files = iter(snakemake.output.tables)
    for shown, page in zip(parameters["tables"], snakemake.output.pages, strict=True):
        table = read_table(Path(snakemake.input[shown["name"]]))
        if shown["sentences"]:
            table = add_verdicts(shown["name"], table, context)
            write_table(Path(next(csv_files)), table)
        sentences = "verdict" if shown["sentences"] else None
        look = {key: shown[key] for key in ("digits", "name", "first")}
        look["metric"] = context.metric
        html = table_page(table, shown["title"], sentences, **look)
        write_atomically(Path(page), html.encode())

"""Add the sentences to the tables of a data set, and write the tables as pages."""

from pathlib import Path

from backprop.files import write_atomically, write_table
from backprop.report.pages import table_page
from backprop.report.wording.rows import Context
from backprop.report.wording.verdicts import SENTENCES, add_verdicts, for_page
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters["context"])
    context = Context.of(results.candidates, **parameters["context"])
    csv_files = iter(snakemake.output.tables)
    for (name, look), page in zip(parameters["tables"], snakemake.output.pages, strict=True):
        table = results.tables[name]
        if name in SENTENCES:
            table = add_verdicts(name, table, context)
            write_table(Path(next(csv_files)), table)
        table, sentences = for_page(name, table, context)
        text = table_page(table, sentences=sentences, context=context, **look)
        write_atomically(Path(page), text.encode())

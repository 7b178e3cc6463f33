"""Write every row of a data set, with what the models predict for it, as a page and as CSV."""

from pathlib import Path

from backprop.files import write_atomically, write_table
from backprop.report.row_pages import as_file, page_of_rows
from backprop.statistics.every_row import rows_with_predictions
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters["settings"])
    table, label = rows_with_predictions(results), results.dataset.label
    write_table(Path(snakemake.output.table), as_file(table, label))
    page = page_of_rows(table, parameters["title"], label, results.row)
    write_atomically(Path(snakemake.output.page), page.encode())

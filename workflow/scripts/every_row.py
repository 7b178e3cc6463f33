"""Write every row of a data set, with what the models predict for it, as a page and as CSV."""

from pathlib import Path

from backprop.files import write_atomically, write_table
from backprop.report.row_pages import as_file, page_of_rows
from backprop.statistics.every_row import CLASS, ID, rows_with_predictions
from backprop.statistics.results import Results
from backprop.workflow.jobs import job
from backprop.workflow.obtaining import obtain_for

with job(snakemake) as parameters:
    files, named = dict(snakemake.input.items()), parameters["names"] or {}
    results = Results(files, parameters["settings"])
    names = {CLASS: results.dataset.label, ID: named.get("id")}
    source = [*snakemake.input.table, *parameters["files"]]
    ids = obtain_for(snakemake, source).ids if named else ()
    table = rows_with_predictions(results, ids)
    write_table(Path(snakemake.output.table), as_file(table, names))
    page = page_of_rows(table, parameters["title"], names, results.row)
    write_atomically(Path(snakemake.output.page), page.encode())

"""Write the page that trains the fits of the networks again."""

from pathlib import Path

from backprop.files import write_atomically
from backprop.report.live.page import live_page
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files = {name: file for name, file in snakemake.input.items() if file}
    results = Results(files, parameters)
    name = snakemake.wildcards.dataset
    page = live_page(results, parameters["training"], name)
    write_atomically(Path(snakemake.output[0]), page.encode())

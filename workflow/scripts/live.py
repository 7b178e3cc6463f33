"""Write the page that trains the fits of the networks again."""

from pathlib import Path

from backprop.files import write_atomically
from backprop.report.live.page import live_page
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters)
    name = snakemake.wildcards.dataset
    page = live_page(results, parameters["training"], parameters["title"], name)
    write_atomically(Path(snakemake.output[0]), page.encode())

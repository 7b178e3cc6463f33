"""Write a table as a page that can be sorted and searched."""

from pathlib import Path

import pandas as pd

from backprop.files import write_atomically
from backprop.report import pages
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    table = pd.read_csv(snakemake.input.table)
    page = pages.table_page(table, wanted["title"], wanted["lead"], wanted["digits"])
    write_atomically(Path(snakemake.output[0]), page.encode())

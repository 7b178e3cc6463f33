"""Compare the models with the baseline over all data sets, and write the page of it."""

import json
from pathlib import Path

from backprop.files import write_atomically, write_table
from backprop.report.across import page_across
from backprop.statistics.across import DataSet, compare_across
from backprop.statistics.tables import COMPARISON
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    metric, rope = parameters["metric"], parameters["rope"]
    data_sets = {}
    files = zip(snakemake.input.comparison, snakemake.input.provenance, strict=True)
    for name, (comparison, provenance) in zip(parameters["names"], files, strict=True):
        origin = json.loads(Path(provenance).read_text(encoding="utf-8"))
        counts = [*origin["classes"].values()]
        data_sets[name] = DataSet(
            COMPARISON.rows(COMPARISON.read(Path(comparison)), metric),
            rows=origin["rows"],
            features=len(origin["features"]),
            classes=len(counts),
            largest=max(counts) / sum(counts),
        )
    tables = compare_across(data_sets, metric, rope)
    for file, table in zip(snakemake.output.tables, tables, strict=True):
        write_table(Path(file), table)
    page = page_across(parameters["title"], tables, parameters["looks"], metric, rope)
    write_atomically(Path(snakemake.output.page), page.encode())

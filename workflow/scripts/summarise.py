"""Write the landing page of the report, and the page to hand in."""

import json
from pathlib import Path

from backprop.files import read_table, write_atomically
from backprop.models.registry import read_candidates
from backprop.report.figures.one_page import write_pages
from backprop.report.figures.study import Study
from backprop.report.inputs import OWN_STATISTICS, Setting, Source
from backprop.report.summary import one_pages, question, render
from backprop.workflow.jobs import job

LISTS = (Source.DATA, Source.FITS, Source.HEADLINE_FITS)

with job(snakemake) as parameters:
    files = snakemake.input

    def of(dataset, name):
        """Return the files of an input that are in results/{dataset}."""
        return [file for file in files[name] if Path(file).parts[1] == dataset]

    studies, drawn = {}, {}
    for dataset, settings in parameters["settings"].items():
        tables = {Path(file).stem: read_table(Path(file)) for file in of(dataset, "tables")}
        (provenance,) = of(dataset, "provenance")
        studies[dataset] = {
            "provenance": json.loads(Path(provenance).read_text(encoding="utf-8")),
            **{name: tables.pop(name) for name in OWN_STATISTICS},
            "tables": tables,
            "links": parameters["links"][dataset],
        }
        sources = {
            source: of(dataset, source.name) for source in Source if hasattr(files, source.name)
        }
        drawn[dataset] = Study(
            {source: each if source in LISTS else each[0] for source, each in sources.items()},
            {Setting[name]: value for name, value in settings.items()},
        )
    candidates = read_candidates(parameters["candidates"])
    study = parameters["config"], candidates, studies
    page = render(Path(files.template), *study)
    pages = one_pages(*study)
    pdf = write_pages(
        [(pages[name], drawn[name]) for name in studies], question(parameters["config"])
    )
    write_atomically(Path(snakemake.output.page), page.encode())
    write_atomically(Path(snakemake.output.pdf), pdf)

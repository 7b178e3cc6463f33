"""Write the landing page of the report on a data set, and the page to hand in."""

import json
from pathlib import Path

from backprop.config import Config
from backprop.files import canonical_json, write_atomically
from backprop.report.figures.one_page import write_pages
from backprop.report.summary import Reported, findings, first_page, one_page, question, render
from backprop.statistics.recommendation import read_recommendation
from backprop.statistics.results import Results
from backprop.statistics.review import read_warnings
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files, config = dict(snakemake.input.items()), Config.model_validate(parameters["config"])
    ((name, entry),) = config.datasets.items()
    tables = {Path(file).stem: file for file in files.pop("tables")}
    provenance, recommendation = files.pop("provenance"), files.pop("recommendation")
    drawn = [*map(Path, files.pop("pictures"))]  # in pixels, and as SVG; a first look has none
    settings = {**vars(config.comparison), "row": entry.row}
    warnings = read_warnings(Path(tables.pop("warnings")))
    study = Reported(
        Results({**files, **tables}, settings),
        read_recommendation(Path(recommendation)),
        warnings,
        json.loads(Path(provenance).read_text(encoding="utf-8")),
        parameters["seen_first"],
        drawn[1].read_bytes() if drawn else b"",
    )
    first = first_page(study, name, config)
    page = render(
        Path(*parameters["files"]), config, name, first, of_several=parameters["of_several"]
    )
    handed_in = [(one_page(name, first, config), drawn[0] if drawn else None)]
    pdf = write_pages(handed_in, question(config))
    write_atomically(Path(snakemake.output.page), page.encode())
    write_atomically(Path(snakemake.output.pdf), pdf)
    ended = canonical_json(findings(config, name, first)).encode()
    write_atomically(Path(snakemake.output.json), ended)

"""Write the landing page of the report, and the page to hand in."""

import json
from pathlib import Path

from backprop.config import Config
from backprop.files import canonical_json, write_atomically
from backprop.report.figures.one_page import write_pages
from backprop.report.summary import Reported, findings, first_pages, one_page, question, render
from backprop.report.wording.across import verdicts_across
from backprop.statistics.recommendation import read_recommendation
from backprop.statistics.results import Results
from backprop.statistics.review import read_warnings
from backprop.statistics.tables import ACROSS
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files, config = dict(snakemake.input.items()), Config.model_validate(parameters["config"])
    results = Path(snakemake.output.page).parent
    candidates, template = files.pop("candidates"), Path(*parameters["files"])
    rows = [row for file in files.pop("across") for row in ACROSS.rows(ACROSS.read(Path(file)))]
    across = verdicts_across(rows, config.comparison.metric) if rows else []

    studies, pictures = {}, {}
    for dataset, entry in config.datasets.items():
        own = {
            name: [file for file in every if results / dataset in Path(file).parents]
            for name, every in files.items()
        }
        tables = {Path(file).stem: file for file in own.pop("tables")}
        (provenance,), (recommendation,) = own.pop("provenance"), own.pop("recommendation")
        drawn = [*map(Path, own.pop("pictures"))]  # in pixels, and as SVG; a first look has none
        pictures[dataset] = drawn[0] if drawn else None
        warnings = read_warnings(Path(tables.pop("warnings")))
        settings = {**vars(config.comparison), "row": entry.row}
        studies[dataset] = Reported(
            Results({**own, **tables, "candidates": candidates}, settings),
            read_recommendation(Path(recommendation)),
            warnings,
            json.loads(Path(provenance).read_text(encoding="utf-8")),
            parameters["seen_first"][dataset],
            drawn[1].read_bytes() if drawn else b"",
        )
    pages = first_pages(config, studies)
    page = render(template, config, pages, across)
    handed_in = [(one_page(name, each, config), pictures[name]) for name, each in pages.items()]
    pdf = write_pages(handed_in, question(config))
    write_atomically(Path(snakemake.output.page), page.encode())
    write_atomically(Path(snakemake.output.pdf), pdf)
    ended = canonical_json(findings(config, pages, across)).encode()
    write_atomically(Path(snakemake.output.json), ended)

"""Draw the pictures of a figure, in two widths, and write the pages that show them."""

from importlib import import_module
from pathlib import Path

from backprop.files import write_atomically
from backprop.report.figure_pages import figure_page
from backprop.report.figures import look, svg
from backprop.report.figures.study import Study
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    figure = import_module(f"backprop.report.figures.{parameters['figure']}")
    study = Study(Results(dict(snakemake.input.items()), parameters["settings"]))
    output = snakemake.output
    for (variant, title), picture, page in zip(
        parameters["variants"], output.pictures, output.pages, strict=True
    ):
        drawn = []
        for inches in (look.WIDE, look.NARROW):
            with look.drawing(inches):
                drawn.append(svg.to_bytes(figure.draw(study, variant), title))
        write_atomically(Path(picture), drawn[0])
        text = figure_page(title, parameters["reads"], *drawn)
        write_atomically(Path(page), text.encode())

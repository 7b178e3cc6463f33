"""Draw the pictures of all figures of a data set in two widths, and write the pages around them."""

from importlib import import_module
from pathlib import Path

from backprop.files import write_atomically
from backprop.models.registry import with_estimators
from backprop.report.figure_pages import figure_page
from backprop.report.figures import look, svg
from backprop.report.figures.drawn_values import values_of
from backprop.report.figures.study import Study
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    registry = with_estimators(dict(parameters.get("estimators", ())))
    study = Study(Results(dict(snakemake.input.items()), parameters["settings"]), registry)
    pictures, pages = iter(snakemake.output.pictures), iter(snakemake.output.pages)
    in_pixels = dict.fromkeys(snakemake.output.in_pixels)
    for name, reads, variants in parameters["figures"]:
        figure = import_module(f"backprop.report.figures.{name}")
        for variant, title in variants:
            file, drawn = Path(next(pictures)), []
            for inches in (look.WIDE, look.NARROW):
                with look.drawing(inches):
                    picture = figure.draw(study, variant)
                    drawn.append(svg.to_bytes(picture, title))
                    if inches == look.WIDE:
                        values = values_of(picture)
                    if inches == look.WIDE and str(file.with_suffix(".png")) in in_pixels:
                        write_atomically(file.with_suffix(".png"), look.in_pixels(picture))
            write_atomically(file, drawn[0])
            write_atomically(Path(next(pages)), figure_page(title, reads, values, *drawn).encode())

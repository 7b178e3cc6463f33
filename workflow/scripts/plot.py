"""Draw the pictures of all figures of a data set."""

from importlib import import_module
from pathlib import Path

from backprop.files import write_atomically
from backprop.report.figures import look, svg
from backprop.report.figures.study import Study
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    study = Study(Results(dict(snakemake.input.items()), parameters["settings"]))
    files, in_pixels = iter(snakemake.output.pictures), dict.fromkeys(snakemake.output.in_pixels)
    for name, variants in parameters["figures"]:
        figure = import_module(f"backprop.report.figures.{name}")
        for variant, title in variants:
            file = Path(next(files))
            with look.drawing():
                drawn = figure.draw(study, variant)
                write_atomically(file, svg.to_bytes(drawn, title))
                if str(file.with_suffix(".png")) in in_pixels:
                    write_atomically(file.with_suffix(".png"), look.in_pixels(drawn))

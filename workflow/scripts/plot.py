"""Draw the pictures of a figure."""

from importlib import import_module
from pathlib import Path

from backprop.files import write_atomically
from backprop.report.figures import look, svg
from backprop.report.figures.study import Study
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    figure = import_module(f"backprop.report.figures.{parameters['figure']}")
    study = Study(Results(dict(snakemake.input.items()), parameters["settings"]))
    for (variant, title), file in zip(parameters["variants"], snakemake.output, strict=True):
        with look.drawing():
            picture = svg.to_bytes(figure.draw(study, variant), title)
        write_atomically(Path(file), picture)

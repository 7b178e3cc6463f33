"""Draw a figure of the report."""

import importlib
from pathlib import Path

from backprop.files import write_atomically
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    figure = importlib.import_module(f"backprop.report.figures.{wanted['figure']}")
    study = Study(dict(snakemake.input.items()), wanted)
    with style.look():
        picture = style.svg(figure.draw(study, snakemake.wildcards.get("variant", "")))
    write_atomically(Path(snakemake.output[0]), picture)

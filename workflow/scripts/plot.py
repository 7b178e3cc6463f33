"""Draw a figure of the report."""

import importlib
from pathlib import Path

from backprop.files import write_atomically
from backprop.jobs import job
from backprop.plots import style
from backprop.plots.study import Study

with job(snakemake) as wanted:
    figure = importlib.import_module(f"backprop.plots.{wanted['figure']}")
    study = Study(dict(snakemake.input.items()), wanted)
    with style.look():
        picture = style.svg(figure.draw(study, snakemake.wildcards.get("variant", "")))
    write_atomically(Path(snakemake.output[0]), picture)

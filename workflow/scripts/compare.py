"""Compare the configurations and the models of a data set."""

from pathlib import Path

import pandas as pd

from backprop.data import dataset as data
from backprop.files import write_table
from backprop.report import tables
from backprop.study import fits
from backprop.study.configurations import Configuration
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    y = data.read(Path(snakemake.input.data)).y
    scored = pd.read_csv(snakemake.input.scores)
    found = fits.read([Path(file) for file in snakemake.input.fits], predictions_only=True)
    candidates = [Configuration.of(values) for values in wanted["configurations"]]
    options = {"folds": wanted["folds"], "rope": wanted["rope"]}
    made = {
        "configurations": tables.configurations(scored, candidates, wanted["folds"]),
        "comparison": tables.comparison(scored, found, candidates, y, **options),
        "tuning": tables.tuning(scored, found, candidates, y, seed=wanted["seed"]),
        "effects": tables.effects(scored, candidates, **options),
    }
    for name, table in made.items():
        write_table(Path(snakemake.output[name]), table)

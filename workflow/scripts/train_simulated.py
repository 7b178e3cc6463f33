"""Measure on simulated data sets how often the verdicts are wrong."""

from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.files import write_table
from backprop.models.candidate_lists import read_candidates
from backprop.statistics.error_rates import simulate
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    keys = ("folds", "repeats", "rope", "metric", "seed", "sets", "training")
    table = simulate(
        read_dataset(*map(Path, snakemake.input.data)),
        read_candidates(parameters["candidates"]),
        **{key: parameters[key] for key in keys},
    )
    write_table(Path(snakemake.output[0]), table)

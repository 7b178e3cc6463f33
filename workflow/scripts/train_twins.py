"""Train twins of the hand-written networks from which another implementation differs."""

from functools import partial
from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.files import write_table
from backprop.models.twins import train_twins
from backprop.statistics.parity import compare_files, explain
from backprop.study.splits import read_folds, splits_of
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    compared, differing = compare_files(map(Path, snakemake.input.fits))
    train = partial(
        train_twins,
        splits=splits_of(read_folds(Path(snakemake.input.folds))),
        dataset=read_dataset(*map(Path, snakemake.input.data)),
        seed=parameters["seed"],
        **parameters["training"],
    )
    write_table(Path(snakemake.output[0]), explain(compared, differing, train))

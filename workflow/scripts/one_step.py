"""Follow one step of back-propagation, number by number."""

from pathlib import Path

from backprop.data import dataset as data
from backprop.files import write_table
from backprop.study import splits
from backprop.study.configurations import Configuration
from backprop.workflow.jobs import job

with job(snakemake) as wanted:
    from backprop.report.one_step import one_step  # only now, for TensorFlow talks into the log

    first = splits.splits_of(splits.read(Path(snakemake.input.folds)))[0]
    table = one_step(
        Configuration.of(*wanted["configuration"]),
        data.read(Path(snakemake.input.data)),
        first,
        wanted["seed"],
    )
    write_table(Path(snakemake.output[0]), table)

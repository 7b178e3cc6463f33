"""Follow one step of back-propagation, number by number."""

from pathlib import Path

from backprop.data.dataset import read_dataset
from backprop.files import write_table
from backprop.study.configurations import Configuration
from backprop.study.splits import read_folds, splits_of
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    # Imported here, so that what TensorFlow prints goes into the log.
    from backprop.statistics.one_step import follow_first_update

    table = follow_first_update(
        Configuration.of(parameters["configuration"]),
        read_dataset(*map(Path, snakemake.input.data)),
        splits_of(read_folds(Path(snakemake.input.folds)))[0],
        parameters["seed"],
    )
    write_table(Path(snakemake.output[0]), table)

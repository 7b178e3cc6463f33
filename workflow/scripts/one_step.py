"""Follow one step of back-propagation, number by number."""

from importlib import import_module
from pathlib import Path

from backprop.data.canonical_form import read_dataset
from backprop.files import write_table
from backprop.statistics.one_step import follow_first_update
from backprop.study.configurations import Configuration
from backprop.study.splits import read_folds, splits_of
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    autodiff = parameters["autodiff"]
    table = follow_first_update(
        Configuration.of_network(**parameters["configuration"]),
        read_dataset(*map(Path, snakemake.input.data)),
        splits_of(read_folds(Path(snakemake.input.folds)))[0],
        parameters["seed"],
        import_module(autodiff).step if autodiff else None,
    )
    write_table(Path(snakemake.output[0]), table)

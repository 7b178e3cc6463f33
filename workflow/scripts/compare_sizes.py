"""Compare the models by their number of training rows, and say how many rows it would take."""

from pathlib import Path

from backprop.files import write_table
from backprop.statistics.results import Results
from backprop.statistics.training_sizes import (
    compare_by_size,
    count_rows_needed,
    judge_sizes,
)
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters)
    sizes = judge_sizes(results, parameters["models"], map(Path, snakemake.input.shares))
    needed = count_rows_needed(sizes, seed=results.seed)
    write_table(Path(snakemake.output.training_sizes), compare_by_size(sizes, results.metric))
    write_table(Path(snakemake.output.rows_needed), needed)

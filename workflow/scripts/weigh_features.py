"""Compute what each feature is worth to each model."""

from pathlib import Path

from backprop.data.feature_groups import as_parameters, left_out_of
from backprop.files import write_table
from backprop.statistics.importance import compare_without, judge_without
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters)
    groups, count = left_out_of(results.dataset, **as_parameters(parameters))
    files = {Path(file).stem: Path(file) for file in snakemake.input.without}
    worth = compare_without(judge_without(results, files), groups, count, parameters["most"])
    write_table(Path(snakemake.output.importance), worth)

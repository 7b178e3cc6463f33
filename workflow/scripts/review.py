"""Find the warnings that a careful reviewer would give on a data set."""

from pathlib import Path

from backprop.files import write_table
from backprop.statistics.grouping import Judgement
from backprop.statistics.results import Results
from backprop.statistics.review import find_warnings
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters)
    write_table(Path(snakemake.output[0]), find_warnings(results, Judgement.of_results(results)))

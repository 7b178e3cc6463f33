"""Find what a careful reviewer would warn of on a data set, and decide which model to use."""

from pathlib import Path

from backprop.files import write_table
from backprop.statistics.grouping import Judgement
from backprop.statistics.recommendation import recommend, write_recommendation
from backprop.statistics.results import Results
from backprop.statistics.review import find_warnings
from backprop.statistics.tables import ADVISING
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files, output = dict(snakemake.input.items()), snakemake.output
    results = Results(files, parameters)
    write_table(Path(output.warnings), find_warnings(results, Judgement.of_results(results)))
    results = Results({**files, "warnings": output.warnings}, parameters)
    decision = recommend(
        results.present(ADVISING), results.candidates, metric=results.metric, rope=results.rope
    )
    write_recommendation(Path(output.recommendation), decision)

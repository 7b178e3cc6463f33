"""Run Snakemake in this process; where it prints its graph, print what would be trained, too.

So one start shows both.
"""

import json
import sys
from pathlib import Path

from snakemake import cli
from snakemake.workflow import Workflow

printdag = Workflow.printdag


def print_both(workflow):
    """Print the graph, and the number of fits that all jobs would train, to the errors."""
    printdag(workflow)
    plan, jobs = workflow.globals["plan"], workflow.globals["this_run"].session.jobs_to_run
    fetched = {job.wildcards.dataset for job in jobs if job.rule.name == "fetch"}
    trains = [job for job in jobs if job.params.get("fits") is not None]
    number = sum(
        job.params.fits if job.wildcards.dataset in fetched else missing_fits(job, plan)
        for job in trains
    )
    print(f"to train: {number} fits", file=sys.stderr)


def missing_fits(job, plan):
    """Return how many fits a job would train: those that its file has not."""
    from backprop.study.fits import _fingerprints, _present
    from backprop.workflow.jobs import basis

    output, parameters = Path(job.output[0]), json.loads(job.params.job)
    if not output.exists():
        return job.params.fits
    name, model = job.wildcards.dataset, job.wildcards.model
    read = plan.design.registry[model].family.read
    configurations = list(map(read, parameters["configurations"]))
    duplicates = plan.config.datasets[name].duplicates
    all_splits = plan.design.division.splits(plan.datasets.data(name), duplicates)
    if "share" in parameters:
        splits = all_splits.on(parameters["share"])
    else:
        splits = all_splits.outer + all_splits.inner * bool(job.input.get("inner"))
    present = set(_present(output)["fingerprint"].to_pylist())
    expected = _fingerprints(basis(parameters, job.input.data), model, configurations, splits)
    return sum(fingerprint not in present for fingerprint in expected)


if __name__ == "__main__":
    Workflow.printdag = print_both
    cli.main(sys.argv[1:])

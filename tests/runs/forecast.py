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
    """Return how many fits a job would train: those that its files have not."""
    from backprop.study.fits import _fingerprints, _present
    from backprop.workflow.jobs import basis

    parameters = json.loads(job.params.job)
    name, model = job.wildcards.dataset, job.wildcards.model
    read = plan.design.registry[model].family.read
    duplicates = plan.config.datasets[name].duplicates
    all_splits = plan.design.division.splits(plan.datasets.data(name), duplicates)
    if "share" in parameters:
        splits = all_splits.on(parameters["share"])
    else:
        splits = all_splits.outer + all_splits.inner * bool(job.input.get("inner"))
    own_basis, missing = basis(parameters, job.input.data), 0
    for output, values in zip(job.output, parameters["configurations"], strict=True):
        present = set(_present(Path(output))["fingerprint"].to_pylist())
        expected = _fingerprints(own_basis, model, list(map(read, values)), splits)
        missing += sum(fingerprint not in present for fingerprint in expected)
    return missing


if __name__ == "__main__":
    Workflow.printdag = print_both
    cli.main(sys.argv[1:])

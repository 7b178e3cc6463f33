"""Run Snakemake in this process; where it prints its graph, print what would be trained, too.

So one start shows both. An estimate counts what is kept only if it is long: here each one is.
"""

import sys

from snakemake import cli
from snakemake.workflow import Workflow

printdag = Workflow.printdag


def print_both(workflow):
    """Print the graph, and the estimate of all trainings but simulated ones to the errors."""
    printdag(workflow)
    names = workflow.globals
    names["estimate"].SHOWN_SECONDS = 0
    jobs = [job for job in names["session"].jobs_to_run if job.rule.name != "train_simulated"]
    print(names["estimate"].forecast(jobs, names["plan"], 1), file=sys.stderr)


if __name__ == "__main__":
    Workflow.printdag = print_both
    cli.main(sys.argv[1:])

"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

import atexit
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.19")

# Use the library beside this file, not an installed one. Write no bytecode: on a full disk, Python
# would leave half a file.
sys.path.insert(0, f"{workflow.basedir}/src")
sys.dont_write_bytecode = True

from backprop.workflow import (
    closing,
    estimate,
    housekeeping,
    paths,
    snakemake_internals,
    start,
)

snakemake_internals.quote_python()
session = snakemake_internals.Session(workflow)
start.check_folder(workflow.basedir)
start.check_space()
sources = start.read_sources(session.config_settings)


configfile: "config.yaml"


report: f"{Path.cwd()}/{paths.SUMMARY}"


plan = start.make_plan(config, sources, workflow.basedir)
watch = housekeeping.Watch(plan, session) if session.is_main else None


wildcard_constraints:
    dataset=plan.datasets.pattern,


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        plan.outputs.results(),
    message:
        "All results are there"


if session.is_main:
    snakemake_internals.improve_executors()
    session.shorten_errors()
    start.name_sources(sources, plan)
    start.name_doubts(plan)


end = closing.Closing(session)


onstart:
    start.check_folder(workflow.basedir, on_cluster=session.submits_jobs)
    housekeeping.bring_back(plan)
    estimate.announce(session, plan)


# A dry run calls no handler, and has its graph of jobs only later.
atexit.register(lambda: session.is_dry_run and estimate.announce(session, plan))


onsuccess:
    housekeeping.remove_outdated(plan)
    end.announce()


# On a cluster only training is worth a job; everything else takes seconds. This is here and not in
# the profiles, because every profile needs it and the names of some rules are computed.
session.run_here(lambda rule: not rule.startswith("train"))

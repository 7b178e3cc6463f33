"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

import atexit
import shlex
import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.19")

# Use the library beside this file, not an installed one. Write no bytecode: on a full disk, Python
# would leave half a file.
sys.path.insert(0, f"{workflow.basedir}/src")
sys.dont_write_bytecode = True

# Snakemake writes the path of Python into the shell commands of jobs as it is. A space would end it.
sys.executable = shlex.quote(sys.executable)

from backprop.workflow import cluster, estimate, housekeeping, paths, start
from backprop.workflow.snakemake_internals import Session

start.check_folder(workflow.basedir)
start.check_space()
sources = start.read_sources(workflow.config_settings)


configfile: "config.yaml"


report: f"{Path.cwd()}/{paths.SUMMARY}"


plan = start.make_plan(config, sources, workflow.basedir)
session = Session(workflow)
watch = housekeeping.Watch(plan, session) if workflow.is_main_process else None


wildcard_constraints:
    dataset=plan.dataset_pattern,


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/compare.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        plan.results(),


if workflow.is_main_process:
    cluster.improve_executors()
    session.shorten_errors()
    start.name_sources(sources, plan)
    start.name_doubts(plan)


onstart:
    start.check_folder(workflow.basedir, on_cluster=workflow.non_local_exec)
    housekeeping.bring_back(plan)
    estimate.announce(workflow, plan)


# A dry run calls no handler, and has its graph of jobs only later.
atexit.register(lambda: workflow.dryrun and estimate.announce(workflow, plan))


onsuccess:
    housekeeping.remove_outdated(plan)


# On a cluster only training is worth a job; everything else takes seconds. This is here and not in
# the profiles, because every profile needs it and the names of some rules are computed.
workflow.localrules(
    *(r.name for r in workflow.rules if not r.name.startswith("train_"))
)

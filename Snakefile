"""Compare back-propagation networks with logistic and softmax regression by cross-validation."""

import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.19")

# Use the library beside this file, not an installed one. Write no bytecode: on a full disk, Python
# would leave half a file.
sys.path.insert(0, f"{workflow.basedir}/src")
sys.dont_write_bytecode = True

from backprop.workflow import cluster, housekeeping, paths, start

start.check_files(workflow.overwrite_configfiles or ["config.yaml"])


configfile: "config.yaml"


report: f"{Path.cwd()}/{paths.SUMMARY}"


plan = start.make_plan(config, workflow.basedir)

if workflow.is_main_process:
    cluster.improve_executors()
    housekeeping.set_aside_damaged(plan)


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


onsuccess:
    housekeeping.remove_outdated(plan)


# On a cluster only training is worth a job; everything else takes seconds. This is here and not in
# the profiles, because every profile needs it and the names of some rules are computed.
workflow.localrules(
    *(r.name for r in workflow.rules if not r.name.startswith("train_"))
)
